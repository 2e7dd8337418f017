//! What the desk makes of what is wanted, and of how the calls ended.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    event::Departure,
    history::NewChat,
    id::InteractionId,
    interaction::Interaction,
    problem::ProblemCode,
    wrap_up::{PutDisposition, Rules},
};

use super::{
    super::{
        Desk,
        courier::Courier,
        effect::{Call, Entry},
        input::CallError,
        inquiries::Inquiry,
        notices::Gravity,
        phones,
        turn::Turn,
    },
    Deed, KeptWrapUp, Progress, Undo, WrapUp, WrapUpCall, WrapUpDone, WrappingUp, note, undo,
};

impl Desk {
    /// How ending, putting aside and taking up stand.
    #[must_use]
    pub const fn wrap_up(&self) -> &WrappingUp {
        &self.wrap_up
    }

    /// The agent wants something.
    pub(in crate::desk) fn wrap(&mut self, wanted: WrapUp, turn: &mut Turn) {
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
    pub(in crate::desk) fn wrapped(&mut self, done: WrapUpDone, turn: &mut Turn) {
        match done {
            WrapUpDone::Rules(result) => {
                if let Some(rules) = self.inquired(Inquiry::WrapUpRules, result, turn) {
                    turn.journal(Entry::Rules(rules.clone()));
                    self.wrap_up.rules = Arc::new(*rules);
                }
            }
            WrapUpDone::Taken(id, result) => self.step_taken(id, result, turn),
            WrapUpDone::Undone(id, result) => self.done_undone(id, result, turn),
            WrapUpDone::Accepted(id, result) => self.offer_accepted(id, result, turn),
            WrapUpDone::Rejected(id, result) => self.offer_rejected(id, result, turn),
            WrapUpDone::Note(id, result) => self.note_put(id, result, turn),
            WrapUpDone::Facts(id, put, result) => self.facts_put(id, &put, result, turn),
            WrapUpDone::Disposition(id, result) => self.disposition_put(id, result, turn),
        }
    }

    /// Lays out what was kept.
    pub(in crate::desk) fn restore_wrap_up(
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
                self.wrap_up
                    .undos
                    .insert(id, Undo { title: None, waits: false, until, is_under_way: false, act: None });
            }
        }
    }

    /// At the end of each step: notes follow what is known of their interactions, what is due is told, what waited for that
    /// goes on.
    pub(in crate::desk) fn look_after_wrap_up(&mut self, turn: &mut Turn) {
        self.end_undos(turn);
        self.stop_warnings();
        self.follow_notes(turn);
        if self.is_signed_in() {
            self.tell_notes(turn);
            self.go_on_with_steps(turn);
        }
    }

    /// Writes down what is to be kept of an interaction.
    pub(in crate::desk) fn keep_wrap_up(&self, id: InteractionId, turn: &mut Turn) {
        turn.journal(Entry::WrapUp(id, Box::new(self.wrap_up.kept(id))));
    }

    /// An interaction has left this desk.
    pub(in crate::desk) fn wrap_up_left(&mut self, gone: &Interaction, why: Departure, turn: &mut Turn) {
        let (id, title) = (gone.id, phones::title(&gone.contact));
        let closing = self.wrap_up.closings.remove(&id);
        self.wrap_up.facts.retain(|(held, _), _| *held != id);
        self.wrap_up.dispositions.remove(&id);
        self.wrap_up.asked.remove(&id);
        self.wrap_up.warned.remove(&id);
        let was_kept = !self.wrap_up.kept(id).is_nothing();
        self.wrap_up.opened_from.remove(&id);
        self.wrap_up.notes.retain(|held, keeper| *held != id || keeper.kept.unsynced);
        let ours = closing.filter(|closing| closing.deed == Deed::Done && closing.was_called());
        let is_undoable = why == Departure::Done && ours.is_some();
        if let Some(closing) = ours.filter(|_| is_undoable) {
            let until = closing.called_at.unwrap_or(turn.now) + undo::UNDO;
            let (title, waits) = (Some(title.clone()), gone.pending_since.is_some());
            self.wrap_up.undos.insert(id, Undo { title, waits, until, is_under_way: false, act: None });
        }
        if was_kept || is_undoable {
            self.keep_wrap_up(id, turn);
        }
        if why == Departure::Lapsed {
            let text = format!("{title} was offered to you; the time to accept is over.");
            self.notices.add(Gravity::Info, text);
        }
    }

    /// An interaction has come to this desk, or was told anew.
    pub(in crate::desk) fn wrap_up_came(&mut self, id: InteractionId, turn: &mut Turn) {
        if self.wrap_up.undos.remove(&id).is_some() {
            self.keep_wrap_up(id, turn);
        }
        if self.wrap_up.coming.remove(&id) {
            self.bring_to_front(id, turn);
        }
    }

    /// Puts an interaction in front of the agent, now or as soon as the feed brings it.
    pub(in crate::desk) fn bring_to_front(&mut self, id: InteractionId, turn: &mut Turn) {
        if self.conversations.contains_key(&id) {
            self.wrap_up.fronts += 1;
            self.activate(Some(id), turn);
        } else {
            self.wrap_up.coming.insert(id);
        }
    }

    /// The answer to a call says what an interaction is now: it leaves the desk if it is not ours any more.
    pub(super) fn take_picture(&mut self, interaction: Interaction, why: Departure, turn: &mut Turn) {
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
        self.begin_chat(NewChat { contact, number, after: Some(id) }, turn);
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
    pub(super) fn title_of(&self, id: InteractionId) -> String {
        let held = self.conversation(id).map(|held| phones::title(&held.interaction().contact));
        held.unwrap_or_else(|| "the contact".to_owned())
    }
}

/// Whether the gateway says that there is nothing of that any more.
pub(super) fn is_gone(error: &CallError) -> bool {
    matches!(error, CallError::Refused(problem) if problem.code == ProblemCode::NotFound)
}

/// Whether the call may have been taken in all the same.
pub(super) const fn is_unheard(error: &CallError) -> bool {
    matches!(error, CallError::Unreachable(_))
}

/// Whether nothing more is to be told.
pub(super) fn rests(courier: Courier) -> bool {
    courier == Courier::Resting
}
