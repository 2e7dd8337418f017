//! How work on an interaction ends, is put aside and is taken up: what the agent wants of that, the calls that come of it, and
//! how they stand.
//!
//! **Why so.** An interaction leaves the desk only when the gateway has said so, and nothing that was written may be left
//! behind: a step ([`Deed`]) waits until messages and note have left (`closing`). *Done* can be taken back for ten seconds,
//! and for so long its draft and files are kept (`undo`). Notes are told as drafts are, and two people's words are never
//! mixed up (`note`). Facts, dispositions and offers are single calls, and saying one twice harms nothing.
//!
//! **If not all goes well.** No answer: the agent is told and may say it again; what the gateway did after all comes with the
//! feed. A refusal is told in words. The session ends: what was under way is given up, notes wait for the next sign-in.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    event::Departure,
    history::{ChatBegun, NewChat},
    id::InteractionId,
    interaction::Interaction,
    problem::ProblemCode,
    workbin::{MoveToWorkbin, Place, Places},
    wrap_up::{PutCaseData, PutDisposition, PutNote, Rules},
};

use super::{
    Desk, courier::Courier, effect::Call, effect::Entry, input::CallError, notices::Gravity, turn::Turn,
};

mod closing;
pub mod facts;
pub mod note;
mod offer;
mod undo;

pub use closing::{Closing, Deed, Progress};
pub use facts::Keeping;
pub use note::{KeptNote, NoteView, Settle};
pub use undo::Undo;

/// What the agent wants.
#[derive(Debug, Clone, PartialEq)]
pub enum WrapUp {
    /// Take a step, once what was written has left.
    Take(InteractionId, Deed),
    /// A step that still waits is not to be taken after all.
    Stay(InteractionId),
    /// *Done* was not meant.
    Undo(InteractionId),
    /// The line that offers to take *Done* back is not wanted any more.
    ForgetUndo(InteractionId),
    /// Begin a new session after one that has ended.
    NewSession(InteractionId),
    /// Take what is offered.
    Accept(InteractionId),
    /// Let go of what is offered.
    Reject(InteractionId),
    /// What stands in the note; said on every pause in typing.
    Note {
        /// Of which interaction.
        interaction: InteractionId,
        /// All of it; empty for none.
        text: String,
    },
    /// What is to become of a note that somebody else has changed, too.
    Settle {
        /// Of which interaction.
        interaction: InteractionId,
        /// Which words stand.
        with: Settle,
    },
    /// Change facts that are attached to an interaction.
    Facts {
        /// Which interaction.
        interaction: InteractionId,
        /// What is to be changed.
        put: PutCaseData,
    },
    /// Why a fact could not be kept has been read.
    ForgetFact {
        /// Of which interaction.
        interaction: InteractionId,
        /// The fact's key.
        key: String,
    },
    /// Say what came of an interaction.
    Disposition {
        /// Of which.
        interaction: InteractionId,
        /// The code of a disposition; none takes it back.
        code: Option<String>,
    },
}

/// A call that comes of it.
#[derive(Debug, Clone, PartialEq)]
pub enum WrapUpCall {
    /// What does the house want of an interaction's end?
    Rules,
    /// Where may interactions be put?
    Places,
    /// *End*.
    End(InteractionId),
    /// *Move to workbin*.
    Move(InteractionId, MoveToWorkbin),
    /// *Put back*.
    PutBack(InteractionId),
    /// *Done* was not meant.
    Undo(InteractionId),
    /// Take what is offered.
    Accept(InteractionId),
    /// Let go of what is offered.
    Reject(InteractionId),
    /// Begin a chat, after the interaction that is shown just now.
    NewChat(NewChat),
    /// A note as it is to be.
    Note(InteractionId, PutNote),
    /// Facts as they are to be.
    Facts(InteractionId, PutCaseData),
    /// What came of an interaction.
    Disposition(InteractionId, PutDisposition),
}

/// How such a call ended; most say what the interaction is now.
#[derive(Debug, Clone, PartialEq)]
pub enum WrapUpDone {
    /// Asking for the rules.
    Rules(Result<Box<Rules>, CallError>),
    /// Asking for places.
    Places(Result<Box<Places>, CallError>),
    /// *End*, *Move to workbin* or *Put back*.
    Taken(InteractionId, Result<Box<Interaction>, CallError>),
    /// Taking *Done* back.
    Undone(InteractionId, Result<Box<Interaction>, CallError>),
    /// Taking what is offered.
    Accepted(InteractionId, Result<Box<Interaction>, CallError>),
    /// Letting go of what is offered.
    Rejected(InteractionId, Result<(), CallError>),
    /// Beginning a chat, after the interaction that is named.
    Begun(Option<InteractionId>, Result<Box<ChatBegun>, CallError>),
    /// Keeping a note.
    Note(InteractionId, Result<Box<Interaction>, CallError>),
    /// Keeping facts.
    Facts(InteractionId, PutCaseData, Result<Box<Interaction>, CallError>),
    /// Keeping a disposition.
    Disposition(InteractionId, Result<Box<Interaction>, CallError>),
}

/// What the journal keeps of an interaction's end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeptWrapUp {
    /// A note that the gateway does not have yet.
    pub note: Option<KeptNote>,
    /// The place it was opened from.
    pub opened_from: Option<Place>,
    /// It is done, and what was written in it is kept until then: that may be taken back.
    pub done_until: Option<DateTime<Utc>>,
}

impl KeptWrapUp {
    /// Whether there is nothing to keep.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// How all of this stands.
#[derive(Debug, Clone, Default)]
pub struct WrappingUp {
    pub(super) rules: Arc<Rules>,
    places: Arc<Places>,
    closings: BTreeMap<InteractionId, Closing>,
    undos: BTreeMap<InteractionId, Undo>,
    notes: BTreeMap<InteractionId, note::NoteKeeper>,
    facts: BTreeMap<(InteractionId, String), Keeping>,
    dispositions: BTreeMap<InteractionId, Option<String>>,
    opened_from: BTreeMap<InteractionId, Place>,
    /// Offers that are being answered, and ended interactions after which a chat is being begun.
    asked: BTreeSet<InteractionId>,
    /// Interactions that come to the front as soon as the feed brings them.
    coming: BTreeSet<InteractionId>,
}

impl WrappingUp {
    /// What the house wants of an interaction's end.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Where interactions may be put.
    #[must_use]
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// The step that an interaction is about to take.
    #[must_use]
    pub fn closing(&self, interaction: InteractionId) -> Option<&Closing> {
        self.closings.get(&interaction)
    }

    /// What was just done and can be taken back, the last first.
    #[must_use]
    pub fn undos(&self) -> Vec<(InteractionId, &Undo)> {
        let mut undos: Vec<_> = self.undos.iter().map(|(id, undo)| (*id, undo)).collect();
        undos.sort_by_key(|(id, undo)| std::cmp::Reverse((undo.until, *id)));
        undos
    }

    /// Whether an interaction was just done, and that can be taken back.
    pub(super) fn can_undo(&self, interaction: InteractionId) -> bool {
        self.undos.contains_key(&interaction)
    }

    /// How keeping a fact stands; none if it is kept, or nobody changed it.
    #[must_use]
    pub fn fact(&self, interaction: InteractionId, key: &str) -> Option<&Keeping> {
        self.facts.get(&(interaction, key.to_owned()))
    }

    /// The disposition that is being kept just now; the inner none takes one back.
    #[must_use]
    pub fn disposition(&self, interaction: InteractionId) -> Option<&Option<String>> {
        self.dispositions.get(&interaction)
    }

    /// The place from which an interaction was opened.
    #[must_use]
    pub fn opened_from(&self, interaction: InteractionId) -> Option<Place> {
        self.opened_from.get(&interaction).copied()
    }

    /// Whether an offer is being answered, or a chat is being begun after this interaction.
    #[must_use]
    pub fn is_asked(&self, interaction: InteractionId) -> bool {
        self.asked.contains(&interaction)
    }

    /// What the journal is to keep of an interaction.
    fn kept(&self, id: InteractionId) -> KeptWrapUp {
        let note = self.notes.get(&id).filter(|keeper| keeper.kept.unsynced);
        KeptWrapUp {
            note: note.map(|keeper| keeper.kept.clone()),
            opened_from: self.opened_from(id),
            done_until: self.undos.get(&id).map(|undo| undo.until),
        }
    }

    /// When something is due.
    pub(super) fn due_at(&self) -> Option<DateTime<Utc>> {
        let notes = self.notes.values().filter_map(|keeper| keeper.courier.due_at());
        notes.chain(self.undos.values().map(|undo| undo.until)).min()
    }

    /// What waits for its next try goes now.
    pub(super) fn hurry(&mut self, now: DateTime<Utc>) {
        self.notes.values_mut().for_each(|keeper| keeper.courier.hurry(now));
    }

    /// What is under way will not be answered.
    pub(super) fn recall(&mut self, now: DateTime<Utc>) {
        self.notes.values_mut().for_each(|keeper| keeper.courier.recall(now));
        self.closings.clear();
        self.facts.clear();
        self.dispositions.clear();
        self.asked.clear();
    }

    /// What is left at a log-off: the agent's own words.
    pub(super) fn of_the_agent(&mut self) -> Self {
        let mut notes = std::mem::take(&mut self.notes);
        notes.retain(|_, keeper| keeper.kept.unsynced);
        Self { notes, ..Self::default() }
    }
}

impl Desk {
    /// How ending, putting aside and taking up stand.
    #[must_use]
    pub const fn wrap_up(&self) -> &WrappingUp {
        &self.wrap_up
    }

    /// The agent wants something.
    pub(super) fn wrap(&mut self, wanted: WrapUp, turn: &mut Turn) {
        match wanted {
            WrapUp::Take(id, deed) => self.take_step(id, deed, turn),
            WrapUp::Stay(id) => {
                self.wrap_up.closings.remove(&id);
            }
            WrapUp::Undo(id) => self.undo_done(id, turn),
            WrapUp::ForgetUndo(id) => self.forget_undo(id, turn),
            WrapUp::NewSession(id) => self.begin_session_after(id, turn),
            WrapUp::Accept(id) => self.answer_offer(id, WrapUpCall::Accept(id), turn),
            WrapUp::Reject(id) => self.answer_offer(id, WrapUpCall::Reject(id), turn),
            WrapUp::Note { interaction, text } => self.write_note(interaction, text, turn),
            WrapUp::Settle { interaction, with } => self.settle_note(interaction, with, turn),
            WrapUp::Facts { interaction, put } => self.put_facts(interaction, put, turn),
            WrapUp::ForgetFact { interaction, key } => {
                self.wrap_up.facts.remove(&(interaction, key));
            }
            WrapUp::Disposition { interaction, code } => self.say_disposition(interaction, code, turn),
        }
    }

    /// A call ended.
    pub(super) fn wrapped(&mut self, done: WrapUpDone, turn: &mut Turn) {
        match done {
            WrapUpDone::Rules(result) => match result {
                Ok(rules) => {
                    turn.journal(Entry::Rules(rules.clone()));
                    self.wrap_up.rules = Arc::new(*rules);
                }
                Err(error) => self.doubt_result(Some(&error), turn),
            },
            WrapUpDone::Places(result) => match result {
                Ok(places) => self.wrap_up.places = Arc::new(*places),
                Err(error) => self.doubt_result(Some(&error), turn),
            },
            WrapUpDone::Taken(id, result) => self.step_taken(id, result, turn),
            WrapUpDone::Undone(id, result) => self.done_undone(id, result, turn),
            WrapUpDone::Accepted(id, result) => self.offer_accepted(id, result, turn),
            WrapUpDone::Rejected(id, result) => self.offer_rejected(id, result, turn),
            WrapUpDone::Begun(after, result) => self.chat_begun(after, result, turn),
            WrapUpDone::Note(id, result) => self.note_put(id, result, turn),
            WrapUpDone::Facts(id, put, result) => self.facts_put(id, &put, result, turn),
            WrapUpDone::Disposition(id, result) => self.disposition_put(id, result, turn),
        }
    }

    /// Asks for what a gateway that is there again may have changed.
    pub(super) fn look_for_rules(turn: &mut Turn) {
        turn.call(Call::WrapUp(WrapUpCall::Rules));
        turn.call(Call::WrapUp(WrapUpCall::Places));
    }

    /// Lays out what was kept.
    pub(super) fn restore_wrap_up(
        &mut self,
        rules: Option<Box<Rules>>,
        kept: Vec<(InteractionId, KeptWrapUp)>,
        now: DateTime<Utc>,
    ) {
        self.wrap_up.rules = rules.map_or_else(Arc::default, |rules| Arc::new(*rules));
        for (id, KeptWrapUp { note, opened_from, done_until }) in kept {
            if let Some(note) = note {
                self.wrap_up.notes.insert(id, note::NoteKeeper::restored(note, now));
            }
            if let Some(place) = opened_from {
                self.wrap_up.opened_from.insert(id, place);
            }
            if let Some(until) = done_until {
                self.wrap_up.undos.insert(id, Undo { title: None, until, is_under_way: false });
            }
        }
    }

    /// At the end of each step: notes follow what is known of their interactions, what is due is told, what waited for that
    /// goes on.
    pub(super) fn look_after_wrap_up(&mut self, turn: &mut Turn) {
        self.end_undos(turn);
        self.follow_notes(turn);
        if self.is_signed_in() {
            self.tell_notes(turn);
            self.go_on_with_steps(turn);
        }
    }

    /// Writes down what is to be kept of an interaction.
    fn keep_wrap_up(&self, id: InteractionId, turn: &mut Turn) {
        turn.journal(Entry::WrapUp(id, Box::new(self.wrap_up.kept(id))));
    }

    /// An interaction has left this desk.
    pub(super) fn wrap_up_left(&mut self, id: InteractionId, title: &str, why: Departure, turn: &mut Turn) {
        let closing = self.wrap_up.closings.remove(&id);
        self.wrap_up.facts.retain(|(held, _), _| *held != id);
        self.wrap_up.dispositions.remove(&id);
        self.wrap_up.asked.remove(&id);
        let was_kept = !self.wrap_up.kept(id).is_nothing();
        self.wrap_up.opened_from.remove(&id);
        self.wrap_up.notes.retain(|held, keeper| *held != id || keeper.kept.unsynced);
        let ours = closing.filter(|closing| closing.deed == Deed::Done && closing.was_called());
        let is_undoable = why == Departure::Done && ours.is_some();
        if let Some(closing) = ours.filter(|_| is_undoable) {
            let until = closing.called_at.unwrap_or(turn.now) + undo::UNDO;
            self.wrap_up.undos.insert(id, Undo { title: Some(title.to_owned()), until, is_under_way: false });
        }
        if was_kept || is_undoable {
            self.keep_wrap_up(id, turn);
        }
        if why == Departure::Lapsed {
            let text = format!("{title} was offered to you and went on to somebody else.");
            self.notices.add(Gravity::Info, text);
        }
    }

    /// An interaction has come to this desk, or was told anew.
    pub(super) fn wrap_up_came(&mut self, id: InteractionId, turn: &mut Turn) {
        if self.wrap_up.undos.remove(&id).is_some() {
            self.keep_wrap_up(id, turn);
        }
        if self.wrap_up.coming.remove(&id) {
            self.bring_to_front(id, turn);
        }
    }

    /// Puts an interaction in front of the agent, now or as soon as the feed brings it.
    pub(super) fn bring_to_front(&mut self, id: InteractionId, turn: &mut Turn) {
        if self.conversations.contains_key(&id) {
            self.activate(Some(id), turn);
        } else {
            self.wrap_up.coming.insert(id);
        }
    }

    /// The answer to a call says what an interaction is now: it leaves the desk if it is not ours any more.
    fn take_picture(&mut self, interaction: Interaction, why: Departure, turn: &mut Turn) {
        let held = self.conversation(interaction.id).map(|held| held.interaction().revision);
        let Some(revision) = held else { return };
        if interaction.revision > revision && interaction.owner != self.agent {
            self.remove(interaction.id, why, turn);
        } else {
            self.renew(interaction, turn);
        }
    }

    /// Begins a new session with the contact of one that has ended.
    fn begin_session_after(&mut self, id: InteractionId, turn: &mut Turn) {
        let Some(held) = self.conversation(id) else { return };
        let interaction = held.interaction();
        let (contact, number) = (interaction.contact.id, interaction.business_number.id);
        if self.wrap_up.asked.insert(id) {
            turn.call(Call::WrapUp(WrapUpCall::NewChat(NewChat { contact, number, after: Some(id) })));
        }
    }

    fn chat_begun(
        &mut self,
        after: Option<InteractionId>,
        result: Result<Box<ChatBegun>, CallError>,
        turn: &mut Turn,
    ) {
        if let Some(after) = after {
            self.wrap_up.asked.remove(&after);
        }
        match result {
            Ok(begun) => self.bring_to_front(begun.interaction.id, turn),
            Err(error) => self.tell("No new session could be begun", &error, turn),
        }
    }

    /// What came of an interaction; *Done* goes on that waits for it.
    fn say_disposition(&mut self, id: InteractionId, code: Option<String>, turn: &mut Turn) {
        if self.conversations.contains_key(&id) && !self.wrap_up.dispositions.contains_key(&id) {
            self.wrap_up.dispositions.insert(id, code.clone());
            turn.call(Call::WrapUp(WrapUpCall::Disposition(id, PutDisposition { code })));
        }
    }

    fn disposition_put(
        &mut self,
        id: InteractionId,
        result: Result<Box<Interaction>, CallError>,
        turn: &mut Turn,
    ) {
        self.wrap_up.dispositions.remove(&id);
        match result {
            Ok(interaction) => {
                let is_said = interaction.disposition.is_some();
                self.renew(*interaction, turn);
                if let Some(closing) = self.wrap_up.closings.get_mut(&id)
                    && closing.progress == Progress::WantsDisposition
                    && is_said
                {
                    closing.progress = Progress::Waiting;
                }
            }
            Err(error) => self.tell("What came of it could not be kept", &error, turn),
        }
    }

    /// The name of whose conversation it is.
    fn title_of(&self, id: InteractionId) -> String {
        let held = self.conversation(id).map(|held| held.interaction().contact.title());
        held.unwrap_or_else(|| "the contact".to_owned())
    }
}

/// Whether the gateway says that there is nothing of that any more.
fn is_gone(error: &CallError) -> bool {
    matches!(error, CallError::Refused(problem) if problem.code == ProblemCode::NotFound)
}

/// Whether the call may have been taken in all the same.
const fn is_unheard(error: &CallError) -> bool {
    matches!(error, CallError::Unreachable(_))
}

/// Whether nothing more is to be told.
fn rests(courier: Courier) -> bool {
    courier == Courier::Resting
}
