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
    effect::Entry,
    notices::Gravity,
    outbox::{Outbox, Outgoing},
    turn::Turn,
};

/// What was written in one conversation.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Shelved {
    /// Who it was written to, if that is still known.
    pub(super) title: Option<String>,
    pub(super) draft: DraftKeeper,
    pub(super) outbox: Outbox,
}

impl Desk {
    /// Puts away what was written in a conversation that is not here any more.
    pub(super) fn shelve(&mut self, conversation: Conversation, why: Departure, turn: &mut Turn) {
        let id = conversation.interaction.id;
        let mut draft = conversation.draft;
        if why == Departure::Done && !draft.kept.is_nothing() {
            draft = DraftKeeper::default();
            turn.journal(Entry::Draft(id, Box::default()));
        }
        let title = Some(conversation.interaction.contact.title());
        self.shelf.insert(id, Shelved { title, draft, outbox: conversation.outbox });
        self.tidy_shelf(id, turn);
    }

    /// Tells of what was refused, and forgets the place if nothing is left on it.
    pub(super) fn tidy_shelf(&mut self, id: InteractionId, turn: &mut Turn) {
        let Some(shelved) = self.shelf.get_mut(&id) else { return };
        let refused = shelved.outbox.take_refused();
        let title = shelved.title.clone();
        if shelved.outbox.is_empty() && shelved.draft.kept.is_nothing() {
            self.shelf.remove(&id);
        }
        for outgoing in refused {
            turn.journal(Entry::OutgoingGone(outgoing.client_ref));
            self.tell_unsent(title.as_deref(), &outgoing);
        }
    }

    fn tell_unsent(&mut self, title: Option<&str>, outgoing: &Outgoing) {
        let title = title.unwrap_or("a contact");
        let text =
            format!("Not sent to {title}, as the conversation is no longer yours: “{}”", outgoing.text);
        self.notices.add(Gravity::Problem, text);
    }
}
