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
    id::InteractionId,
    interaction::Interaction,
    workbin::{MoveToWorkbin, Place},
    wrap_up::{PutCaseData, PutDisposition, PutNote, Rules},
};

use super::input::CallError;

mod closing;
mod desk;
pub mod facts;
pub mod note;
mod offer;
mod undo;

use desk::{is_gone, is_unheard, rests};

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
    /// *End*, *Move to workbin* or *Put back*.
    Taken(InteractionId, Result<Box<Interaction>, CallError>),
    /// Taking *Done* back.
    Undone(InteractionId, Result<Box<Interaction>, CallError>),
    /// Taking what is offered.
    Accepted(InteractionId, Result<Box<Interaction>, CallError>),
    /// Letting go of what is offered.
    Rejected(InteractionId, Result<(), CallError>),
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
    closings: BTreeMap<InteractionId, Closing>,
    undos: BTreeMap<InteractionId, Undo>,
    notes: BTreeMap<InteractionId, note::NoteKeeper>,
    facts: BTreeMap<(InteractionId, String), Keeping>,
    dispositions: BTreeMap<InteractionId, Option<String>>,
    /// Whoever opens one from a place notes it here, and calls `keep_wrap_up`.
    pub(super) opened_from: BTreeMap<InteractionId, Place>,
    /// Offers that are being answered, and ended interactions after which a chat is being begun.
    asked: BTreeSet<InteractionId>,
    /// What is not sent in interactions of which the agent wanted *Done*: words, and how many files.
    warned: BTreeMap<InteractionId, (String, usize)>,
    /// Interactions that come to the front as soon as the feed brings them.
    coming: BTreeSet<InteractionId>,
    /// Counts interactions that came to the front by themselves.
    fronts: u64,
}

impl WrappingUp {
    /// What the house wants of an interaction's end.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
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

    /// Whether *Done* was held up because something is not sent: said once more it goes on.
    #[must_use]
    pub fn warns_of_unsent(&self, interaction: InteractionId) -> bool {
        self.warned.contains_key(&interaction)
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

    /// Counts the interactions that came to the front because the agent had asked for that: taken up, begun, taken back.
    #[must_use]
    pub const fn fronts(&self) -> u64 {
        self.fronts
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
