//! What stands in a composer: kept here at once, then at the gateway, so that it follows the agent from machine to machine.
//!
//! **Why so.** Two machines may both have changed the words. Who decides which stand must know both, so the gateway does:
//! each telling names the revision it is based on, the answer says what stands and what was set aside. A desk that has
//! words to tell passes over what it hears of other machines until that answer; one that has none takes over what it hears.
//!
//! **All goes well.** The composer pauses → kept, in the journal, `unsynced` → told → the answer is the same words: done.
//!
//! **If not.** No answer: told again, for ever; the newest words win. Words of another machine came in between: the newer
//! ones stand, the others are in [`KeptDraft::aside`]. Killed: what was not told is told after the restart.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use waxwing_protocol::{
    api::PutDraft,
    draft::{Draft, Written},
    id::{InteractionId, MessageId},
    problem::ProblemCode,
};

use super::{
    Desk, courier::Courier, effect::Entry, input::CallError, notices::Gravity, turn::Turn, used::Used,
};

/// What stands in a composer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DraftText {
    /// The words; empty for none.
    pub text: String,
    /// The message they answer.
    pub quote: Option<MessageId>,
}

/// Who changed a draft last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DraftOrigin {
    /// The composer itself.
    #[default]
    Here,
    /// Another machine: the composer takes the words over if nothing was typed into it since.
    Elsewhere,
    /// The agent took up words that were set aside: the composer takes them over.
    TakenUp,
}

/// The last change of a draft that did not come from the composer. Compare for inequality: a change that the composer did
/// not take over is withdrawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DraftSeq {
    /// Counts such changes.
    pub number: u64,
    /// Where it came from.
    pub origin: DraftOrigin,
}

/// A draft as the journal keeps it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeptDraft {
    /// What stands in the composer.
    pub draft: DraftText,
    /// When it was last changed.
    pub at: DateTime<Utc>,
    /// The gateway's revision that it is based on; 0 for none.
    pub revision: u64,
    /// Whether the gateway has still to be told.
    pub unsynced: bool,
    /// Words of other machines that were overtaken, newest first.
    pub aside: Vec<Written>,
    /// Words set aside that were taken up or dropped, by their `at`, of which the gateway has still to be told.
    pub settled: Vec<DateTime<Utc>>,
    /// The prepared replies that were inserted; of this machine alone.
    pub used: Vec<Used>,
}

impl KeptDraft {
    /// Whether there is nothing to keep.
    #[must_use]
    pub const fn is_nothing(&self) -> bool {
        self.draft.text.is_empty() && self.draft.quote.is_none() && !self.unsynced && self.aside.is_empty()
    }

    fn words_are(&self, written: &Written) -> bool {
        self.draft.text == written.text && self.draft.quote == written.quote
    }
}

/// A draft and how the telling of it stands.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct DraftKeeper {
    pub(super) kept: KeptDraft,
    pub(super) seq: DraftSeq,
    pub(super) courier: Courier,
    /// The revisions before the last changes that the composer has not shown yet to have taken over.
    bases: Vec<u64>,
    /// What was taken up, with what had come before and was not on screen either, until the composer has taken it over.
    taken: Option<Written>,
    /// What the gateway was last told.
    told: Option<PutDraft>,
    /// What was passed over because there is something to tell; the answer may be older than it.
    passed_over: Option<Draft>,
}

impl DraftKeeper {
    /// What was kept from the last time.
    pub(super) fn restored(kept: KeptDraft, now: DateTime<Utc>) -> Self {
        let mut keeper = Self { kept, ..Self::default() };
        if keeper.kept.unsynced {
            keeper.courier.want(now);
        }
        keeper
    }

    /// What stands in the composer now, which has taken changes over up to number `seq`. Says whether it is news.
    pub(super) fn keep(&mut self, mut draft: DraftText, seq: u64, now: DateTime<Utc>) -> bool {
        if seq == self.seq.number {
            self.taken = None;
            self.bases.clear();
        } else if let Some(taken) = &self.taken {
            draft = joined(draft, taken);
            self.count(DraftOrigin::TakenUp);
        } else {
            // These words were typed over older ones: the gateway is to set aside what it has.
            let missed = usize::try_from(self.seq.number.saturating_sub(seq)).unwrap_or(usize::MAX);
            let base = self.bases.len().checked_sub(missed).and_then(|place| self.bases.get(place));
            self.go_back_to(base.copied());
            self.seq.number = seq;
        }
        let is_news = draft != self.kept.draft;
        if is_news {
            self.change(draft, now);
        }
        is_news
    }

    /// A change that the composer is to take over.
    fn count(&mut self, origin: DraftOrigin) {
        self.seq = DraftSeq { number: self.seq.number + 1, origin };
        self.bases.push(self.kept.revision);
    }

    /// What comes next was written on top of this revision, whatever is told of newer ones until it is answered.
    fn go_back_to(&mut self, base: Option<u64>) {
        self.kept.revision = base.unwrap_or(self.kept.revision);
        self.told = None;
        self.bases.clear();
    }

    /// These words were sent: the composer is empty. Says whether it was not before. What came in from elsewhere and is not
    /// among these words stays, for it may never have been on screen.
    pub(super) fn sent(&mut self, text: &str, now: DateTime<Utc>) -> bool {
        let is_shown = self.bases.is_empty() && self.taken.is_none();
        if !is_shown && !text.contains(self.kept.draft.text.trim()) {
            self.count(self.seq.origin);
            return false;
        }
        self.bases.clear();
        self.taken = None;
        let is_news = self.kept.draft != DraftText::default() || !self.kept.used.is_empty();
        self.kept.used.clear();
        if self.kept.draft != DraftText::default() {
            self.change(DraftText::default(), now);
        }
        is_news
    }

    /// Puts words that were set aside back into the composer, after what stands there. Says whether there were any.
    pub(super) fn take_up(&mut self, at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        let Some(written) = self.settle(at, now) else { return false };
        let unseen = match self.taken.take() {
            Some(before) => Some(DraftText { text: before.text, quote: before.quote }),
            // What came from elsewhere may never have been on screen, either.
            None => (!self.bases.is_empty()).then(|| self.kept.draft.clone()),
        };
        let draft = joined(self.kept.draft.clone(), &written);
        self.change(draft, now);
        self.taken = Some(match unseen.map(|unseen| joined(unseen, &written)) {
            Some(DraftText { text, quote }) => Written { text, quote, ..written },
            None => written,
        });
        self.count(DraftOrigin::TakenUp);
        true
    }

    /// Gives up words that were set aside. Says whether there were any.
    pub(super) fn give_up(&mut self, at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        self.settle(at, now).is_some()
    }

    fn settle(&mut self, at: DateTime<Utc>, now: DateTime<Utc>) -> Option<Written> {
        let place = self.kept.aside.iter().position(|written| written.at == at)?;
        let written = self.kept.aside.remove(place);
        self.kept.settled.push(at);
        self.kept.unsynced = true;
        self.courier.want(now);
        Some(written)
    }

    fn change(&mut self, draft: DraftText, now: DateTime<Utc>) {
        self.kept.draft = draft;
        // Each writing of a machine is later than the one before; as precise as the gateway keeps it.
        self.kept.at = now.trunc_subsecs(3).max(self.kept.at + TimeDelta::milliseconds(1));
        self.kept.unsynced = true;
        self.courier.want(now);
    }

    /// The call that tells the gateway, if it is to go now.
    pub(super) fn start(&mut self) -> Option<PutDraft> {
        if !self.kept.unsynced {
            self.courier.rest();
            return None;
        }
        if !self.courier.start() {
            return None;
        }
        let KeptDraft { draft, at, revision, settled, .. } = self.kept.clone();
        let written = Written { text: draft.text, quote: draft.quote, at, device: String::new() };
        let put = PutDraft { written, based_on: revision, settled };
        self.told = Some(put.clone());
        Some(put)
    }

    /// The gateway says what stands, to whichever machine's telling. Says whether that changed anything here.
    pub(super) fn hear(&mut self, draft: Draft, same_feed: bool, now: DateTime<Utc>) -> bool {
        if !same_feed {
            // The numbers are of another database: what stands here is told anew, and the gateway sets aside what it has.
            self.kept.revision = 0;
            self.tell_again(now);
        }
        if draft.revision <= self.kept.revision {
            return false;
        }
        let is_told = self.told.as_ref().is_some_and(|told| same(&told.written, &draft.written));
        if !self.kept.unsynced {
            self.take_over(draft);
        } else if is_told || self.kept.words_are(&draft.written) {
            self.agree(draft);
        } else {
            self.passed_over = Some(draft);
            return false;
        }
        true
    }

    /// The gateway has no draft, and will be told of ours if there is one. Says whether that changed anything.
    pub(super) fn hear_none(&mut self, now: DateTime<Utc>) -> bool {
        if self.kept.revision == 0 {
            return false;
        }
        self.kept.revision = 0;
        self.tell_again(now);
        true
    }

    /// What stands here is told anew, for the gateway does not have it.
    fn tell_again(&mut self, now: DateTime<Utc>) {
        if self.kept.draft != DraftText::default() {
            self.kept.unsynced = true;
        }
        if self.kept.unsynced {
            self.courier.want(now);
        }
    }

    /// The gateway's answer to our telling.
    pub(super) fn answered(&mut self, draft: Draft, now: DateTime<Utc>) {
        self.courier.rest();
        if let Some(told) = self.told.take() {
            self.settle_answer(&told, draft);
        }
        if let Some(passed_over) = self.passed_over.take() {
            self.hear(passed_over, true, now);
        }
        if self.kept.unsynced {
            self.courier.want(now);
        }
    }

    fn settle_answer(&mut self, told: &PutDraft, draft: Draft) {
        self.kept.settled.retain(|at| !told.settled.contains(at));
        if draft.revision < self.kept.revision {
            return;
        }
        if same(&told.written, &draft.written) {
            self.agree(draft);
        } else if self.kept.words_are(&told.written) {
            self.take_over(draft);
        } else {
            self.set_aside(draft.aside);
        }
    }

    /// The gateway has words of ours, perhaps not the newest.
    fn agree(&mut self, draft: Draft) {
        self.kept.revision = draft.revision;
        self.set_aside(draft.aside);
        self.kept.unsynced = !self.kept.words_are(&draft.written) || !self.kept.settled.is_empty();
    }

    /// What the gateway has stands here, too.
    fn take_over(&mut self, draft: Draft) {
        let Draft { revision, written, aside } = draft;
        if !self.kept.words_are(&written) {
            self.count(DraftOrigin::Elsewhere);
            self.taken = None;
        }
        self.kept.draft = DraftText { text: written.text, quote: written.quote };
        (self.kept.at, self.kept.revision) = (written.at, revision);
        self.set_aside(aside);
        self.kept.unsynced = !self.kept.settled.is_empty();
    }

    fn set_aside(&mut self, aside: Vec<Written>) {
        self.kept.aside = aside;
        self.kept.aside.retain(|written| !self.kept.settled.contains(&written.at));
    }
}

impl Desk {
    /// What stands in a composer; kept also where the conversation is not here any more.
    pub(super) fn keep_draft(&mut self, id: InteractionId, draft: DraftText, seq: u64, turn: &mut Turn) {
        let now = turn.now;
        if self.conversations.contains_key(&id) {
            self.edit_draft(id, turn, |keeper| keeper.keep(draft, seq, now));
        } else if draft != DraftText::default() || self.shelf.contains_key(&id) {
            let keeper = &mut self.shelf.entry(id).or_default().draft;
            keeper.keep(draft, seq, now);
            turn.journal(Entry::Draft(id, Box::new(keeper.kept.clone())));
            self.tidy_shelf(id, turn);
        }
    }

    /// The feed tells what stands.
    pub(super) fn hear_draft(&mut self, id: InteractionId, draft: Draft, turn: &mut Turn) {
        let now = turn.now;
        self.edit_draft(id, turn, |keeper| keeper.hear(draft, true, now));
    }

    /// The gateway was told what stands, or not.
    pub(super) fn draft_put(
        &mut self,
        id: InteractionId,
        result: Result<Box<Draft>, CallError>,
        turn: &mut Turn,
    ) {
        let (now, seed) = (turn.now, self.seed);
        let error = match result {
            Ok(draft) => {
                return self.edit_draft(id, turn, |keeper| {
                    keeper.answered(*draft, now);
                    true
                });
            }
            Err(error) => error,
        };
        self.edit_draft(id, turn, |keeper| {
            keeper.courier.fail(&error, now, seed);
            false
        });
        if let CallError::Refused(problem) = &error
            && problem.code == ProblemCode::TooLarge
        {
            let text = "A draft is too long to follow you to other machines; it is kept on this one.";
            self.notices.add(Gravity::Info, text);
        }
        self.doubt_result(Some(&error), turn);
    }

    /// Changes a draft and writes it down if the change says that it is news.
    pub(super) fn edit_draft(
        &mut self,
        id: InteractionId,
        turn: &mut Turn,
        change: impl FnOnce(&mut DraftKeeper) -> bool,
    ) {
        if let Some(conversation) = self.edit(id, turn)
            && change(&mut conversation.draft)
        {
            turn.journal(Entry::Draft(id, Box::new(conversation.draft.kept.clone())));
        }
    }
}

fn same(one: &Written, other: &Written) -> bool {
    one.text == other.text && one.quote == other.quote
}

/// Words with others that were taken up, below them.
fn joined(draft: DraftText, taken: &Written) -> DraftText {
    let text = match (draft.text.is_empty(), taken.text.is_empty()) {
        (true, _) => taken.text.clone(),
        (false, true) => draft.text,
        (false, false) => format!("{}\n{}", draft.text, taken.text),
    };
    DraftText { text, quote: draft.quote.or(taken.quote) }
}
