//! A step by which an interaction leaves the agent, or its session ends: it waits for what was written, then for the gateway.
//!
//! **All goes well.** Wanted → [`Progress::Waiting`] until messages and note have left → the call is [`Progress::UnderWay`] →
//! the answer or the feed says that it happened, whichever is first.
//!
//! **If not.** A message was refused, or somebody else has changed the note: the step is given up, and the agent reads why.
//! A disposition is missing: it is asked for, and *Done* goes on by itself. No answer: [`Progress::Unheard`]; the agent may
//! say it again, and if it happened after all the feed tells.

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    event::Departure,
    id::InteractionId,
    interaction::{Interaction, Phase},
    problem::ProblemCode,
    workbin::MoveToWorkbin,
};

use super::{
    super::{Desk, effect::Call, input::CallError, notices::Gravity, phones, turn::Turn},
    WrapUpCall, is_unheard, rests,
};

/// A step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// The session ends; the interaction stays for the work after it.
    End,
    /// The work is closed.
    Done,
    /// The interaction is put away, and its session lives on.
    Move(MoveToWorkbin),
    /// The same, to where it was opened from.
    PutBack,
}

impl Deed {
    /// What could not be done, as the beginning of a sentence.
    const fn failed(&self) -> &'static str {
        match self {
            Self::End => "The session could not be ended",
            Self::Done => "The conversation could not be marked done",
            Self::Move(_) => "The conversation could not be moved to the workbin",
            Self::PutBack => "The conversation could not be put back",
        }
    }
}

/// How far a step has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Waits for messages or the note to leave.
    Waiting,
    /// Waits for the agent to say what came of the interaction.
    WantsDisposition,
    /// The gateway is asked.
    UnderWay,
    /// There was no answer: it may have happened.
    Unheard,
}

/// A step that is about to be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// Which.
    pub deed: Deed,
    /// How far it has got.
    pub progress: Progress,
    /// When the gateway was first asked.
    pub(super) called_at: Option<DateTime<Utc>>,
}

impl Closing {
    /// Whether nothing else can be wanted meanwhile.
    #[must_use]
    pub const fn is_under_way(&self) -> bool {
        matches!(self.progress, Progress::UnderWay)
    }

    pub(super) const fn was_called(&self) -> bool {
        self.called_at.is_some()
    }
}

/// What holds a step up.
enum Holdup {
    /// A message that the gateway did not take, or a note that somebody else has changed: the agent has to decide.
    Decision(String),
    /// Something that leaves by itself.
    Passing,
}

impl Desk {
    /// The agent wants a step.
    pub(in crate::desk) fn take_step(&mut self, id: InteractionId, deed: Deed, turn: &mut Turn) {
        let is_under_way = self.wrap_up.closings.get(&id).is_some_and(Closing::is_under_way);
        if is_under_way || deed == Deed::Done && self.warns_of_unsent(id) {
            return;
        }
        let Some(held) = self.conversation(id) else { return };
        let interaction = held.interaction();
        if deed == Deed::End && interaction.phase != Phase::Open {
            return;
        }
        let before = self.wrap_up.closings.get(&id);
        let is_said = interaction.disposition.is_some() || self.wrap_up.dispositions.contains_key(&id);
        let wants = deed == Deed::Done && self.wrap_up.rules.disposition_required && !is_said;
        let progress = if wants { Progress::WantsDisposition } else { Progress::Waiting };
        // Said again after a lost answer: it may have happened at the first time.
        let called_at = before.filter(|before| before.deed == deed).and_then(|before| before.called_at);
        self.wrap_up.closings.insert(id, Closing { deed, progress, called_at });
        if progress == Progress::Waiting {
            self.go_on_with_step(id, turn);
        }
    }

    /// Whether *Done* would leave words or files behind that the agent has not been told of: then they are, where they write.
    fn warns_of_unsent(&mut self, id: InteractionId) -> bool {
        let unsent = self.left_unsent(id);
        if unsent == <(String, usize)>::default() || self.wrap_up.warned.get(&id) == Some(&unsent) {
            return false;
        }
        self.wrap_up.warned.insert(id, unsent);
        true
    }

    /// The words that stand in a composer, and how many files above it.
    fn left_unsent(&self, id: InteractionId) -> (String, usize) {
        let held = self.conversation(id);
        held.map(|held| (held.draft.kept.draft.text.trim().to_owned(), held.strip.len())).unwrap_or_default()
    }

    /// What the agent was told of goes where something else stands there now, or nothing.
    pub(super) fn stop_warnings(&mut self) {
        let all = self.wrap_up.warned.iter();
        let over: Vec<_> =
            all.filter(|(id, told)| self.left_unsent(**id) != **told).map(|(id, _)| *id).collect();
        for id in over {
            self.wrap_up.warned.remove(&id);
        }
    }

    /// Steps that wait go on if they can.
    pub(super) fn go_on_with_steps(&mut self, turn: &mut Turn) {
        let waiting = |(id, closing): (&InteractionId, &Closing)| {
            (closing.progress == Progress::Waiting).then_some(*id)
        };
        let waiting: Vec<_> = self.wrap_up.closings.iter().filter_map(waiting).collect();
        for id in waiting {
            self.go_on_with_step(id, turn);
        }
    }

    fn go_on_with_step(&mut self, id: InteractionId, turn: &mut Turn) {
        if !self.conversations.contains_key(&id) {
            // It has gone by itself meanwhile.
            self.wrap_up.closings.remove(&id);
            return;
        }
        match self.holdup(id) {
            Some(Holdup::Passing) => {}
            Some(Holdup::Decision(why)) => {
                self.wrap_up.closings.remove(&id);
                self.notices.add(Gravity::Problem, why);
            }
            None => {
                let Some(closing) = self.wrap_up.closings.get_mut(&id) else { return };
                closing.progress = Progress::UnderWay;
                closing.called_at.get_or_insert(turn.now);
                turn.call(match closing.deed.clone() {
                    Deed::End => Call::WrapUp(WrapUpCall::End(id)),
                    Deed::Done => Call::MarkDone(id),
                    Deed::Move(wanted) => Call::WrapUp(WrapUpCall::Move(id, wanted)),
                    Deed::PutBack => Call::WrapUp(WrapUpCall::PutBack(id)),
                });
            }
        }
    }

    /// What has not left yet.
    fn holdup(&self, id: InteractionId) -> Option<Holdup> {
        let held = self.conversation(id)?;
        let title = phones::title(&held.interaction().contact);
        if held.blocked_by().is_some() {
            let what = match held.outbox.len() {
                1 => "a message that was not taken".to_owned(),
                many => format!("{many} messages that have not left"),
            };
            return Some(Holdup::Decision(format!("{title} has {what}: try again or remove it first.")));
        }
        if !held.outbox.is_empty() {
            return Some(Holdup::Passing);
        }
        let keeper = self.wrap_up.notes.get(&id).filter(|keeper| keeper.kept.unsynced)?;
        if keeper.is_overtaken() {
            let why = format!("Somebody else has changed the note on {title}: say first which words stand.");
            return Some(Holdup::Decision(why));
        }
        // One that the gateway does not want is said to be so beside it, and does not hold the agent up for ever.
        (!rests(keeper.courier)).then_some(Holdup::Passing)
    }

    /// *End*, *Move to workbin* or *Put back* was answered.
    pub(super) fn step_taken(
        &mut self,
        id: InteractionId,
        result: Result<Box<Interaction>, CallError>,
        turn: &mut Turn,
    ) {
        match result {
            Ok(interaction) => {
                self.wrap_up.closings.remove(&id);
                self.take_picture(*interaction, Departure::ToWorkbin, turn);
            }
            Err(error) => self.step_failed(id, &error, turn),
        }
    }

    /// *Done* was answered.
    pub(in crate::desk) fn marked_done(
        &mut self,
        id: InteractionId,
        result: Result<(), CallError>,
        turn: &mut Turn,
    ) {
        match result {
            Ok(()) => self.remove(id, Departure::Done, turn),
            Err(CallError::Refused(problem)) if problem.code == ProblemCode::DispositionMissing => {
                if let Some(closing) = self.wrap_up.closings.get_mut(&id) {
                    *closing =
                        Closing { deed: Deed::Done, progress: Progress::WantsDisposition, called_at: None };
                }
            }
            Err(error) => self.step_failed(id, &error, turn),
        }
    }

    fn step_failed(&mut self, id: InteractionId, error: &CallError, turn: &mut Turn) {
        let Some(closing) = self.wrap_up.closings.get_mut(&id) else {
            // It has left meanwhile: it happened.
            return self.doubt_result(Some(error), turn);
        };
        let what = format!("{} ({})", closing.deed.failed(), self.title_of(id));
        if is_unheard(error) {
            if let Some(closing) = self.wrap_up.closings.get_mut(&id) {
                closing.progress = Progress::Unheard;
            }
        } else {
            self.wrap_up.closings.remove(&id);
        }
        self.tell(&what, error, turn);
    }
}
