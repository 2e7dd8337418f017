//! One open interaction: what was said, what is on its way, what stands in the composer.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    delivery::DeliveryState,
    id::{AgentId, MessageId},
    interaction::{Interaction, Phase},
    message::{Author, Message},
};

pub use super::rows::{Row, RowKey, RowKind};
use super::{
    LocalDay,
    outbox::{Outbox, Outgoing},
    pending::PendingResponse,
    rows,
};

/// One open interaction.
#[derive(Debug, Clone, PartialEq)]
pub struct Conversation {
    pub(super) interaction: Interaction,
    pub(super) messages: Vec<Arc<Message>>,
    pub(super) outbox: Outbox,
    pub(super) unread: usize,
    pub(super) first_unseen: Option<MessageId>,
    pub(super) draft: String,
    rows: Vec<Row>,
}

/// Where a message as it is told comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// The feed, whose pictures come in order.
    Feed,
    /// The answer to a call, which may be older than what the feed has told already.
    Reply,
}

impl Conversation {
    pub(super) const fn new(interaction: Interaction, draft: String, outbox: Outbox) -> Self {
        Self {
            interaction,
            messages: Vec::new(),
            outbox,
            unread: 0,
            first_unseen: None,
            draft,
            rows: Vec::new(),
        }
    }

    /// The interaction itself.
    #[must_use]
    pub const fn interaction(&self) -> &Interaction {
        &self.interaction
    }

    /// The transcript, oldest first, made anew only when something changed.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// How many messages of the contact the agent has not seen.
    #[must_use]
    pub const fn unread(&self) -> usize {
        self.unread
    }

    /// What was kept of the composer's text.
    #[must_use]
    pub fn draft(&self) -> &str {
        &self.draft
    }

    /// The newest message that the gateway has.
    #[must_use]
    pub fn last_message(&self) -> Option<&Message> {
        self.messages.last().map(AsRef::as_ref)
    }

    /// The newest message that the gateway does not have yet.
    #[must_use]
    pub fn last_outgoing(&self) -> Option<&Outgoing> {
        self.outbox.last()
    }

    /// The refused message that holds up the ones behind it.
    #[must_use]
    pub fn blocked_by(&self) -> Option<&Outgoing> {
        self.outbox.blocked_by()
    }

    /// Whether the contact waits for an answer.
    #[must_use]
    pub fn pending(&self) -> PendingResponse {
        match (self.interaction.pending_since, self.outbox.head()) {
            (None, _) => PendingResponse::None,
            (Some(since), Some(head)) if !head.is_refused() => {
                PendingResponse::Answering { since, client_ref: head.client_ref }
            }
            (Some(since), _) => PendingResponse::Waiting { since },
        }
    }

    /// Whether it stands in the interaction bar of this agent.
    pub(super) fn is_in_bar_of(&self, agent: Option<AgentId>) -> bool {
        let in_hand = matches!(self.interaction.phase, Phase::Open | Phase::Ended);
        in_hand && agent.is_some() && self.interaction.owner == agent
    }

    /// When something was last said, newest first when sorted; ties by id.
    pub(super) fn by_newest(&self) -> impl Ord {
        let said = self.last_message().map(|message| message.sent_at);
        let written = self.last_outgoing().map(|outgoing| outgoing.written_at);
        (Reverse(said.max(written).unwrap_or(self.interaction.created_at)), self.interaction.id)
    }

    /// Whether anything of ours stands after the contact's last words.
    pub(super) fn is_answered(&self) -> bool {
        self.interaction.pending_since.is_none()
            && self.last_message().is_none_or(|message| !message.is_by_contact())
    }

    /// Takes over a newer picture of the interaction. Says whether it was newer.
    pub(super) fn renew(&mut self, interaction: Interaction) -> bool {
        let newer = interaction.revision > self.interaction.revision;
        if newer {
            self.interaction = interaction;
        }
        newer
    }

    /// Takes a message in, or a change of one. Returns it if there was anything new about it, and whether it was not there
    /// before.
    pub(super) fn take_in(&mut self, mut message: Message, source: Source) -> Option<(Arc<Message>, bool)> {
        let Some(place) = self.messages.iter().position(|held| held.id == message.id) else {
            let message = Arc::new(message);
            self.insert(Arc::clone(&message));
            return Some((message, true));
        };
        let held = &self.messages[place];
        if source == Source::Reply {
            let state = message.delivery?;
            let id = held.id;
            return self.advance(id, &state).map(|message| (message, false));
        }
        keep_furthest(&mut message, held.delivery.as_ref());
        if **held == message {
            return None;
        }
        self.messages.remove(place);
        let message = Arc::new(message);
        self.insert(Arc::clone(&message));
        Some((message, false))
    }

    /// A message of ours got further. Returns it if that is news.
    pub(super) fn advance(&mut self, id: MessageId, state: &DeliveryState) -> Option<Arc<Message>> {
        let held = self.messages.iter_mut().find(|held| held.id == id)?;
        let mut delivery = held.delivery.clone();
        let moved = match &mut delivery {
            Some(delivery) => delivery.advance(state),
            None => false,
        };
        if !moved {
            return None;
        }
        Arc::make_mut(held).delivery = delivery;
        Some(Arc::clone(held))
    }

    /// Takes a whole new picture. Where `same_feed`, a newer picture that we hold stays, and deliveries don't go back.
    pub(super) fn replace(&mut self, interaction: Interaction, transcript: Vec<Message>, same_feed: bool) {
        let held: BTreeMap<_, _> =
            std::mem::take(&mut self.messages).into_iter().map(|held| (held.id, held)).collect();
        let ours_is_newer = same_feed && self.interaction.revision > interaction.revision;
        if !ours_is_newer {
            self.interaction = interaction;
        }
        for mut message in transcript {
            let before = held.get(&message.id).filter(|_| same_feed);
            keep_furthest(&mut message, before.and_then(|held| held.delivery.as_ref()));
            self.take_in(message, Source::Feed);
        }
        if ours_is_newer {
            let told: BTreeSet<_> = self.messages.iter().map(|message| message.id).collect();
            for message in held.values().filter(|message| !told.contains(&message.id)) {
                self.insert(Arc::clone(message));
            }
        }
        self.count_unseen(|message| !held.contains_key(&message.id));
    }

    /// Counts what the contact wrote since anybody of us wrote, as far as it `is_new`, on top of what was unread.
    fn count_unseen(&mut self, is_new: impl Fn(&Message) -> bool) {
        let waiting: Vec<_> = self
            .messages
            .iter()
            .rev()
            .take_while(|message| !matches!(message.author, Author::Agent { .. }))
            .filter(|message| message.is_by_contact())
            .cloned()
            .collect();
        let first_new = waiting.iter().rev().find(|message| is_new(message)).map(|message| message.id);
        let new = waiting.iter().filter(|message| is_new(message)).count();
        if self.unread == 0 && new > 0 {
            self.first_unseen = first_new;
        }
        self.unread = (self.unread + new).min(waiting.len());
    }

    /// The contact's message `id` came while the agent was looking elsewhere.
    pub(super) const fn miss(&mut self, id: MessageId) {
        if self.unread == 0 {
            self.first_unseen = Some(id);
        }
        self.unread += 1;
    }

    /// The last `unread` messages of the contact were not seen the last time.
    pub(super) fn restore_unread(&mut self, unread: usize) {
        let by_contact = self.messages.iter().rev().filter(|message| message.is_by_contact()).take(unread);
        let unseen: Vec<_> = by_contact.map(|message| message.id).collect();
        self.unread = unseen.len();
        self.first_unseen = unseen.last().copied();
    }

    /// Makes the rows anew.
    pub(super) fn arrange(&mut self, local_day: LocalDay) {
        self.rows = rows::arrange(self, local_day);
    }

    /// When the session began: the first message, or the interaction if that is older.
    pub(super) fn began_at(&self) -> DateTime<Utc> {
        let first = self.messages.first().map(|message| message.sent_at);
        first.map_or(self.interaction.created_at, |first| first.min(self.interaction.created_at))
    }

    fn insert(&mut self, message: Arc<Message>) {
        let place = self.messages.partition_point(|held| held.order() < message.order());
        self.messages.insert(place, message);
    }
}

/// Lets a message stand as far as it was known to have got.
fn keep_furthest(message: &mut Message, known: Option<&DeliveryState>) {
    if let (Some(delivery), Some(known)) = (&mut message.delivery, known) {
        delivery.advance(known);
    }
}
