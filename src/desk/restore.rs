//! What the journal kept from the last time.

use waxwing_protocol::{
    agent::{Agent, StatusSince},
    event::{Cursor, InteractionSnapshot, NumberAlert},
    id::InteractionId,
};

use super::{
    Desk,
    conversation::{Conversation, Source},
    link::Account,
    outbox::{Outbox, Outgoing, OutgoingState},
    turn::Turn,
};

/// What was kept. All of it belongs to one account on one gateway.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Restored {
    /// Whether a token was found: if so the desk starts polling at once.
    pub has_token: bool,
    /// Whose all of it is, and their last known status.
    pub account: Option<(Agent, StatusSince)>,
    /// The place up to which the interactions below are complete.
    pub cursor: Option<Cursor>,
    /// Interactions with their transcripts, as of the cursor.
    pub interactions: Vec<InteractionSnapshot>,
    /// What stood in the composers.
    pub drafts: Vec<(InteractionId, String)>,
    /// What had not reached the gateway, in order.
    pub outgoing: Vec<(InteractionId, Outgoing)>,
    /// How many messages of each interaction the agent had not seen.
    pub unread: Vec<(InteractionId, usize)>,
    /// What stopped our numbers.
    pub alerts: Vec<NumberAlert>,
    /// The conversation in front of the agent.
    pub active: Option<InteractionId>,
}

impl Desk {
    /// Lays out what was kept. With a token the desk goes on where it was; without one the agent signs in first.
    pub(super) fn restore(&mut self, restored: Restored, turn: &mut Turn) {
        self.agent = restored.account.as_ref().map(|(agent, _)| agent.id);
        self.feed.cursor = restored.cursor.filter(|_| restored.account.is_some());
        self.feed.epoch = restored.cursor.map(|cursor| cursor.epoch);
        self.alerts = restored.alerts;
        for InteractionSnapshot { interaction, transcript, .. } in restored.interactions {
            let id = interaction.id;
            let mut conversation = Conversation::new(interaction, String::new(), Outbox::default());
            for message in transcript {
                conversation.take_in(message, Source::Feed);
            }
            turn.touched.insert(id);
            self.conversations.insert(id, conversation.into());
        }
        self.restore_words(restored.drafts, restored.outgoing, turn);
        for (id, unread) in restored.unread {
            if let Some(conversation) = self.edit(id, turn) {
                conversation.restore_unread(unread);
            }
        }
        self.active = restored.active.filter(|id| self.conversations.contains_key(id));
        if restored.has_token {
            self.account = restored
                .account
                .map_or(Account::SigningIn, |(agent, status)| Account::SignedIn { agent, status });
            self.poll(false, turn);
        }
    }

    /// Puts back what was written: into its conversation, or on the shelf.
    fn restore_words(
        &mut self,
        drafts: Vec<(InteractionId, String)>,
        outgoing: Vec<(InteractionId, Outgoing)>,
        turn: &mut Turn,
    ) {
        for (id, draft) in drafts {
            match self.edit(id, turn) {
                Some(conversation) => conversation.draft = draft,
                None => self.shelf.entry(id).or_default().draft = draft,
            }
        }
        for (id, mut outgoing) in outgoing {
            if !outgoing.is_refused() {
                outgoing.state = OutgoingState::Waiting { tries: 0, next_at: turn.now };
            }
            match self.edit(id, turn) {
                Some(conversation) => conversation.outbox.push(outgoing),
                None => self.shelf.entry(id).or_default().outbox.push(outgoing),
            }
        }
        let shelved: Vec<_> = self.shelf.keys().copied().collect();
        for id in shelved {
            self.tidy_shelf(id, turn);
        }
    }
}
