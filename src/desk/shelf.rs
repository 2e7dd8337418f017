//! What the agent wrote in conversations that are not here (any more): nothing written is lost because the gateway took an
//! interaction away.
//!
//! A draft waits here until the interaction comes back or is done. Messages on their way are still sent, for the gateway
//! decides whether it takes them; words that it refuses are shown in a notice, so that the agent can copy them.

use waxwing_protocol::{event::Departure, id::InteractionId};

use super::{
    Desk,
    conversation::Conversation,
    draft::DraftKeeper,
    effect::{Call, Entry},
    file::StripFile,
    notices::Gravity,
    outbox::{Outbox, Outgoing},
    phones,
    turn::Turn,
};

/// What was written in one conversation.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Shelved {
    /// Who it was written to, if that is still known.
    pub(super) title: Option<String>,
    pub(super) draft: DraftKeeper,
    pub(super) outbox: Outbox,
    pub(super) strip: Vec<StripFile>,
}

impl Desk {
    /// Puts away what was written in a conversation that is not here any more.
    pub(super) fn shelve(&mut self, conversation: Conversation, why: Departure, turn: &mut Turn) {
        let id = conversation.interaction.id;
        let (draft, strip) = (conversation.draft, conversation.strip);
        for file in conversation.form_files {
            turn.call(Call::DropFile(file.file.client_ref));
        }
        let title = Some(phones::title(&conversation.interaction.contact));
        self.shelf.insert(id, Shelved { title, draft, outbox: conversation.outbox, strip });
        if why == Departure::Done && !self.wrap_up().can_undo(id) {
            self.drop_written(id, turn);
        }
        self.tidy_shelf(id, turn);
    }

    /// What was written in an interaction that is done is not wanted any more; what is on its way still leaves.
    pub(super) fn drop_written(&mut self, id: InteractionId, turn: &mut Turn) {
        let Some(shelved) = self.shelf.get_mut(&id) else { return };
        if !shelved.draft.kept.is_nothing() {
            shelved.draft = DraftKeeper::default();
            turn.journal(Entry::Draft(id, Box::default()));
        }
        let strip = std::mem::take(&mut shelved.strip);
        if !strip.is_empty() {
            turn.journal(Entry::Strip(id, Vec::new()));
            for file in strip {
                turn.call(Call::DropFile(file.client_ref));
            }
        }
        self.tidy_shelf(id, turn);
    }

    /// Tells of what was refused, and forgets the place if nothing is left on it.
    pub(super) fn tidy_shelf(&mut self, id: InteractionId, turn: &mut Turn) {
        let Some(shelved) = self.shelf.get_mut(&id) else { return };
        let refused = shelved.outbox.take_refused();
        let title = shelved.title.clone();
        if shelved.outbox.is_empty() && shelved.draft.kept.is_nothing() && shelved.strip.is_empty() {
            self.shelf.remove(&id);
        }
        for outgoing in refused {
            turn.outgoing_gone(&outgoing);
            self.tell_unsent(title.as_deref(), &outgoing);
        }
    }

    fn tell_unsent(&mut self, title: Option<&str>, outgoing: &Outgoing) {
        let title = title.unwrap_or("a contact");
        let what = match (outgoing.file_name(), outgoing.notification()) {
            (Some(name), _) => format!("the file {name}"),
            (None, Some(notification)) => format!("the notification {}", notification.shown.name),
            (None, None) => format!("“{}”", outgoing.text()),
        };
        let text = format!("Not sent to {title}, as the conversation is no longer yours: {what}");
        self.notices.add(Gravity::Problem, text);
    }
}
