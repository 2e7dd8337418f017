//! What each event of the feed does to the desk.

use std::sync::Arc;

use waxwing_protocol::{
    contact::Contact,
    delivery::DeliveryState,
    event::{Departure, Event, InteractionSnapshot, NumberAlert},
    id::{InteractionId, MessageId},
    interaction::Interaction,
    message::{Author, Message},
};

use super::{
    Desk, chime::Chime, conversation::Source, effect::Entry, link::Account, notices::Gravity, phones,
    turn::Turn, watching::is_news,
};

impl Desk {
    /// An event of the feed.
    pub(super) fn happen(&mut self, event: Event, turn: &mut Turn) {
        if is_news(&event) {
            self.hear_of_lists();
        }
        match event {
            Event::InteractionAdded { interaction, transcript, older, draft } => {
                let (interaction, draft) = (*interaction, draft.map(|draft| *draft));
                self.add_interaction(InteractionSnapshot { interaction, transcript, older, draft }, turn);
            }
            Event::InteractionChanged { interaction } => self.renew(*interaction, turn),
            Event::InteractionRemoved { interaction, why } => self.remove(interaction, why, turn),
            Event::MessageAdded { message } => self.take_in(*message, Source::Added, turn),
            Event::MessageChanged { message } => {
                self.adopt(&message, turn);
                self.take_in(*message, Source::Changed, turn);
            }
            Event::DeliveryChanged { message, state, .. } => self.advance(message, state, turn),
            Event::ContactChanged { contact } => self.hear_of_contact(&contact, turn),
            Event::StatusChanged { status } => {
                if let Account::SignedIn { status: held, .. } = &mut self.account {
                    held.clone_from(&status);
                    turn.journal(Entry::Status(status));
                }
            }
            Event::NumberAlertRaised { alert } => self.raise(alert, turn),
            Event::NumberAlertCleared { number } => {
                self.alerts.retain(|alert| alert.number != number);
                turn.journal(Entry::Alerts(self.alerts.clone()));
            }
            Event::DraftChanged { interaction, draft } => self.hear_draft(interaction, *draft, turn),
            Event::LibraryChanged { revision } => self.hear_of_library(revision, turn),
            Event::Unknown => {}
        }
    }

    /// An interaction as it is now, unless what is held is newer.
    pub(super) fn renew(&mut self, interaction: Interaction, turn: &mut Turn) {
        let entry = Entry::Interaction(Box::new(interaction.clone()));
        if self.edit(interaction.id, turn).is_some_and(|held| held.renew(interaction)) {
            turn.journal(entry);
        }
    }

    /// An interaction is no longer this agent's.
    pub(super) fn remove(&mut self, id: InteractionId, why: Departure, turn: &mut Turn) {
        let Some(gone) = self.conversations.remove(&id) else { return };
        turn.journal(Entry::InteractionGone(id));
        if why == Departure::Reassigned {
            let text = format!(
                "The conversation with {} was given to somebody else.",
                phones::title(&gone.interaction.contact)
            );
            self.notices.add(Gravity::Info, text);
        }
        self.wrap_up_left(&gone.interaction, why, turn);
        self.shelve(Arc::unwrap_or_clone(gone), why, turn);
        self.let_go_of_missing_active(turn);
    }

    /// A message as it is now, new or known.
    pub(super) fn take_in(&mut self, message: Message, source: Source, turn: &mut Turn) {
        let id = message.interaction;
        let (us, attended) = (self.agent, self.is_attended(id));
        let Some(conversation) = self.edit(id, turn) else { return };
        let echoed = message.client_ref.and_then(|client_ref| conversation.outbox.take(client_ref));
        let news = conversation.take_in(message, source);
        if let Some(outgoing) = &echoed {
            turn.outgoing_gone(outgoing);
        }
        let Some((message, is_new)) = news else { return };
        turn.journal(Entry::Message(id, Arc::clone(&message)));
        let answered_elsewhere =
            echoed.is_none() && matches!(message.author, Author::Agent { agent, .. } if Some(agent) == us);
        if is_new && message.is_by_contact() && !attended {
            conversation.miss(message.id);
            turn.journal(Entry::Unread(id, conversation.unread));
            turn.chimes.entry(id).or_insert(Chime::NewMessage);
        } else if is_new && answered_elsewhere && conversation.unread > 0 {
            conversation.unread = 0;
            conversation.first_unseen = None;
            turn.journal(Entry::Unread(id, 0));
        }
    }

    /// A message changed that may stand in other conversations than its own, as part of an earlier session.
    fn adopt(&mut self, message: &Message, turn: &mut Turn) {
        let message = Arc::new(message.clone());
        for id in self.holders(message.id, Some(message.interaction)) {
            if let Some(conversation) = self.edit(id, turn) {
                conversation.adopt(&message);
            }
        }
        turn.journal(Entry::Changed(message));
    }

    /// A message of ours got further, in whichever conversations it stands.
    fn advance(&mut self, message: MessageId, state: DeliveryState, turn: &mut Turn) {
        for id in self.holders(message, None) {
            if let Some(conversation) = self.edit(id, turn) {
                conversation.advance(message, &state);
            }
        }
        turn.journal(Entry::Delivery { message, state });
    }

    /// The conversations, but one, that hold a message or may be about to.
    fn holders(&self, message: MessageId, but: Option<InteractionId>) -> Vec<InteractionId> {
        let others = self.conversations.iter().filter(|(id, _)| Some(**id) != but);
        others.filter(|(_, held)| held.may_hold(message)).map(|(id, _)| *id).collect()
    }

    /// A contact's names changed.
    pub(super) fn rename(&mut self, contact: &Contact, turn: &mut Turn) {
        let theirs: Vec<_> = self
            .conversations
            .values()
            .filter(|held| held.interaction.contact.id == contact.id && held.interaction.contact != *contact)
            .map(|held| held.interaction.id)
            .collect();
        for id in theirs {
            if let Some(conversation) = self.edit(id, turn) {
                conversation.interaction.contact = contact.clone();
                let entry = Entry::Interaction(Box::new(conversation.interaction.clone()));
                turn.journal(entry);
            }
        }
    }

    fn raise(&mut self, alert: NumberAlert, turn: &mut Turn) {
        self.alerts.retain(|held| held.number != alert.number);
        self.alerts.push(alert);
        self.alerts.sort_by_key(|alert| (alert.since, alert.number));
        turn.journal(Entry::Alerts(self.alerts.clone()));
    }
}
