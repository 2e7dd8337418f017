//! The note on an interaction: kept here at once and in the journal, told to the gateway at each pause.
//!
//! **All goes well.** The agent pauses → kept, `unsynced` → told, with the revision that was on screen → the gateway has it.
//! What somebody else writes meanwhile is taken over as long as nothing of ours waits.
//!
//! **If not.** Both have written: nothing is sent, both texts are shown, and the agent says which words stand ([`Settle`]). No
//! answer: told again, for ever. Killed: what was not told is told after the restart. Taken away from us: it is told all the
//! same, and words that are refused are shown in a notice.

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    id::InteractionId,
    interaction::{Interaction, Note},
    problem::ProblemCode,
    wrap_up::PutNote,
};

use super::{
    super::{Desk, courier::Courier, effect::Call, input::CallError, notices::Gravity, turn::Turn},
    WrapUpCall, rests,
};

/// A note as the journal keeps it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeptNote {
    /// The words; empty for none.
    pub text: String,
    /// The gateway's revision that they are based on; 0 for none.
    pub based_on: u64,
    /// Whether the gateway has still to be told.
    pub unsynced: bool,
}

/// Which words stand where two people have written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settle {
    /// Ours.
    Mine,
    /// The other's.
    Theirs,
    /// Theirs, and ours below.
    Both,
}

/// A note as it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoteView<'a> {
    /// The words.
    pub text: &'a str,
    /// Counts changes that did not come from the field; compare for inequality.
    pub seq: u64,
    /// How it stands.
    pub state: NoteState<'a>,
}

/// How a note stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteState<'a> {
    /// The gateway has it.
    Kept,
    /// It is being told.
    Leaving,
    /// Somebody else has written, too; what they wrote, if that is known already.
    Overtaken(Option<&'a Note>),
    /// The gateway does not take it; a sentence says why.
    Refused(&'a str),
}

/// A note and how the telling of it stands.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::desk) struct NoteKeeper {
    pub(super) kept: KeptNote,
    pub(super) courier: Courier,
    seq: u64,
    /// What the gateway was last told.
    told: Option<PutNote>,
    standing: Standing,
}

/// Whether it may be told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
enum Standing {
    #[default]
    Fine,
    /// Somebody else has written; what, comes with the feed.
    Overtaken(Option<Note>),
    Refused(String),
}

impl NoteKeeper {
    /// What was kept from the last time.
    pub(super) fn restored(kept: KeptNote, now: DateTime<Utc>) -> Self {
        let mut keeper = Self { kept, ..Self::default() };
        if keeper.kept.unsynced {
            keeper.courier.want(now);
        }
        keeper
    }

    pub(super) const fn is_overtaken(&self) -> bool {
        matches!(self.standing, Standing::Overtaken(_))
    }

    /// What stands in the field now. Says whether it is news.
    fn write(&mut self, text: String, now: DateTime<Utc>) -> bool {
        if self.kept.text == text {
            return false;
        }
        (self.kept.text, self.kept.unsynced) = (text, true);
        if matches!(self.standing, Standing::Refused(_)) {
            self.standing = Standing::Fine;
        }
        if !self.is_overtaken() {
            self.courier.want(now);
        }
        true
    }

    /// The call that tells the gateway, if it is to go now.
    fn start(&mut self) -> Option<PutNote> {
        if !self.kept.unsynced || self.is_overtaken() {
            self.courier.rest();
            return None;
        }
        if !self.courier.start() {
            return None;
        }
        let put = PutNote { text: self.kept.text.clone(), based_on: self.kept.based_on };
        self.told = Some(put.clone());
        Some(put)
    }

    /// What the interaction says. Says whether that changed anything.
    fn follow(&mut self, note: Option<&Note>) -> bool {
        let (text, revision) = note.map_or(("", 0), |note| (note.text.as_str(), note.revision));
        let is_taken_away = note.is_none() && self.kept.based_on > 0 && !self.kept.unsynced;
        if revision <= self.kept.based_on && !is_taken_away {
            return false;
        }
        let is_told = self.told.as_ref().is_some_and(|told| told.text == text);
        if is_told || self.kept.text == text {
            self.kept.based_on = revision;
            self.kept.unsynced = self.kept.text != text;
            self.standing = Standing::Fine;
        } else if self.kept.unsynced {
            let theirs = Standing::Overtaken(note.cloned());
            let is_news = self.standing != theirs;
            self.standing = theirs;
            return is_news;
        } else {
            (self.kept.text, self.kept.based_on) = (text.to_owned(), revision);
            self.seq += 1;
        }
        true
    }

    /// The gateway took what it was told.
    fn answered(&mut self, note: Option<&Note>, now: DateTime<Utc>) {
        self.courier.rest();
        self.follow(note);
        if let Some(told) = self.told.take()
            && !self.is_overtaken()
        {
            self.kept.based_on = note.map_or(0, |note| note.revision).max(self.kept.based_on);
            if note.is_none() && told.text.is_empty() {
                self.kept.based_on = 0;
            }
            self.kept.unsynced = self.kept.text != told.text;
            if self.kept.unsynced {
                self.courier.want(now);
            }
        }
    }

    fn settle(&mut self, with: Settle, now: DateTime<Utc>) -> bool {
        let Standing::Overtaken(Some(theirs)) = self.standing.clone() else { return false };
        self.standing = Standing::Fine;
        self.kept.based_on = theirs.revision;
        match with {
            Settle::Mine => {}
            Settle::Theirs => self.kept.text = theirs.text,
            Settle::Both => self.kept.text = format!("{}\n{}", theirs.text, self.kept.text),
        }
        self.seq += 1;
        self.kept.unsynced = with != Settle::Theirs;
        if self.kept.unsynced {
            self.courier.want(now);
        }
        true
    }

    fn view(&self) -> NoteView<'_> {
        let state = match &self.standing {
            Standing::Overtaken(theirs) => NoteState::Overtaken(theirs.as_ref()),
            Standing::Refused(why) => NoteState::Refused(why),
            Standing::Fine if self.kept.unsynced => NoteState::Leaving,
            Standing::Fine => NoteState::Kept,
        };
        NoteView { text: &self.kept.text, seq: self.seq, state }
    }
}

impl Desk {
    /// The note on an interaction.
    #[must_use]
    pub fn note(&self, id: InteractionId) -> NoteView<'_> {
        let empty = NoteView { text: "", seq: 0, state: NoteState::Kept };
        self.wrap_up.notes.get(&id).map_or(empty, NoteKeeper::view)
    }

    /// What stands in the field of a note; kept also where the interaction is not here any more.
    pub(super) fn write_note(&mut self, id: InteractionId, text: String, turn: &mut Turn) {
        let is_known = self.conversations.contains_key(&id) || self.wrap_up.notes.contains_key(&id);
        if (is_known || !text.is_empty()) && self.wrap_up.notes.entry(id).or_default().write(text, turn.now) {
            self.keep_wrap_up(id, turn);
        }
    }

    /// The agent says which words stand.
    pub(super) fn settle_note(&mut self, id: InteractionId, with: Settle, turn: &mut Turn) {
        if self.wrap_up.notes.get_mut(&id).is_some_and(|keeper| keeper.settle(with, turn.now)) {
            self.keep_wrap_up(id, turn);
        }
    }

    /// Notes follow what the step brought of their interactions.
    pub(super) fn follow_notes(&mut self, turn: &mut Turn) {
        for id in turn.touched.clone() {
            let Some(held) = self.conversations.get(&id) else { continue };
            let note = held.interaction.note.as_ref();
            if note.is_none() && !self.wrap_up.notes.contains_key(&id) {
                continue;
            }
            let keeper = self.wrap_up.notes.entry(id).or_default();
            let was_unsynced = keeper.kept.unsynced;
            if keeper.follow(note) && (was_unsynced || keeper.kept.unsynced) {
                self.keep_wrap_up(id, turn);
            }
        }
    }

    /// Tells what is due.
    pub(super) fn tell_notes(&mut self, turn: &mut Turn) {
        for (id, keeper) in &mut self.wrap_up.notes {
            let is_due = keeper.courier.due_at().is_some_and(|at| at <= turn.now);
            if let Some(put) = is_due.then(|| keeper.start()).flatten() {
                turn.call(Call::WrapUp(WrapUpCall::Note(*id, put)));
            }
        }
    }

    /// The gateway was told, or not.
    pub(super) fn note_put(
        &mut self,
        id: InteractionId,
        result: Result<Box<Interaction>, CallError>,
        turn: &mut Turn,
    ) {
        let (now, seed) = (turn.now, self.seed);
        let is_here = self.conversations.contains_key(&id);
        let Some(keeper) = self.wrap_up.notes.get_mut(&id) else { return };
        let error = match result {
            Ok(interaction) => {
                keeper.answered(interaction.note.as_ref(), now);
                if !is_here && !keeper.kept.unsynced {
                    self.wrap_up.notes.remove(&id);
                }
                self.renew(*interaction, turn);
                return self.keep_wrap_up(id, turn);
            }
            Err(error) => error,
        };
        keeper.courier.fail(&error, now, seed);
        if rests(keeper.courier) {
            keeper.told = None;
            match &error {
                CallError::Refused(problem) if problem.code == ProblemCode::Conflict && is_here => {
                    if !keeper.is_overtaken() {
                        keeper.standing = Standing::Overtaken(None);
                        turn.touched.insert(id);
                    }
                }
                _ if is_here => keeper.standing = Standing::Refused(error.to_string()),
                _ => {
                    let text = format!("A note of yours was not kept ({error}): “{}”", keeper.kept.text);
                    self.wrap_up.notes.remove(&id);
                    self.notices.add(Gravity::Problem, text);
                    self.keep_wrap_up(id, turn);
                }
            }
        }
        self.doubt_result(Some(&error), turn);
    }
}
