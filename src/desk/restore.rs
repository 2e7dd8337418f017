//! What the journal kept from the last time.

use waxwing_protocol::{
    agent::{Agent, StatusSince},
    api::{SessionMark, TranscriptPage},
    event::{Cursor, InteractionSnapshot, NumberAlert},
    id::InteractionId,
    library::LibraryPage,
    wrap_up::Rules,
};

use super::{
    Desk,
    conversation::Conversation,
    draft::{DraftKeeper, KeptDraft},
    file::StripFile,
    library::manage::Begun,
    link::Account,
    outbox::{Outbox, Outgoing, OutgoingState},
    turn::Turn,
    wrap_up::KeptWrapUp,
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
    /// Interactions with the newest part of their transcripts, as of the cursor.
    pub interactions: Vec<InteractionSnapshot>,
    /// The sessions that are known, by the conversation in which they are shown.
    pub sessions: Vec<(InteractionId, Vec<SessionMark>)>,
    /// What stood in the composers.
    pub drafts: Vec<(InteractionId, KeptDraft)>,
    /// What had not reached the gateway, in order.
    pub outgoing: Vec<(InteractionId, Outgoing)>,
    /// The files above the composers, in order.
    pub strips: Vec<(InteractionId, Vec<StripFile>)>,
    /// How many messages of each interaction the agent had not seen.
    pub unread: Vec<(InteractionId, usize)>,
    /// What stopped our numbers.
    pub alerts: Vec<NumberAlert>,
    /// The library, whole, as far as it was held.
    pub library: Option<Box<LibraryPage>>,
    /// The newest change of the library that the gateway told of; 0 if it never told of one.
    pub library_news: u64,
    /// What was written of a response and not saved.
    pub begun: Option<Begun>,
    /// What the house wants of an interaction's end.
    pub rules: Option<Box<Rules>>,
    /// What was not settled of interactions' ends.
    pub wrap_ups: Vec<(InteractionId, KeptWrapUp)>,
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
        self.restore_library(restored.library, restored.library_news);
        self.restore_begun(restored.begun);
        self.restore_wrap_up(restored.rules, restored.wrap_ups, turn.now);
        for InteractionSnapshot { interaction, transcript, older, .. } in restored.interactions {
            let id = interaction.id;
            let mut conversation = Conversation::new(interaction, DraftKeeper::default(), Outbox::default());
            let page = TranscriptPage { messages: transcript, sessions: Vec::new(), older, newer: false };
            conversation.transcript.show(page);
            turn.touched.insert(id);
            self.conversations.insert(id, conversation.into());
        }
        for (id, sessions) in restored.sessions {
            if let Some(conversation) = self.edit(id, turn) {
                conversation.transcript.mark(sessions);
            }
        }
        for (id, strip) in restored.strips {
            match self.edit(id, turn) {
                Some(conversation) => conversation.strip = strip,
                None => self.shelf.entry(id).or_default().strip = strip,
            }
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
        drafts: Vec<(InteractionId, KeptDraft)>,
        outgoing: Vec<(InteractionId, Outgoing)>,
        turn: &mut Turn,
    ) {
        for (id, draft) in drafts {
            let draft = DraftKeeper::restored(draft, turn.now);
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
