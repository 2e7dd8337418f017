//! One open interaction: what was said, what is on its way, what stands in the composer.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    attachment::{Attachment, AttachmentState},
    delivery::DeliveryState,
    draft::Written,
    event::InteractionSnapshot,
    id::{AgentId, AttachmentId, MessageId},
    interaction::{Interaction, Phase},
    message::{Author, Body, Message},
};

use super::{
    LocalDay,
    courier::Courier,
    draft::DraftKeeper,
    file::StripFile,
    notification::FormFile,
    outbox::{Outbox, Outgoing},
    paging::Loads,
    pending::PendingResponse,
    reactions::Reacting,
    rows,
    seen::Seen,
    transcript::{Transcript, order},
};
pub use super::{
    draft::{DraftOrigin, DraftSeq, DraftText},
    rows::{Row, RowKey, RowKind},
    search::{Search, SearchState},
    transcript::{Edge, Goal, HELD},
};

/// One open interaction.
#[derive(Debug, Clone, PartialEq)]
pub struct Conversation {
    pub(super) interaction: Interaction,
    pub(super) transcript: Transcript,
    pub(super) loads: Loads,
    pub(super) goal: Option<Goal>,
    pub(super) search: Option<Search>,
    pub(super) reacting: BTreeMap<MessageId, Reacting>,
    pub(super) seen: Seen,
    pub(super) outbox: Outbox,
    pub(super) unread: usize,
    pub(super) first_unseen: Option<MessageId>,
    pub(super) draft: DraftKeeper,
    pub(super) strip: Vec<StripFile>,
    pub(super) form_files: Vec<FormFile>,
    rows: Arc<Vec<Row>>,
}

/// Where a message as it is told comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// The feed, whose pictures come in order: something was said.
    Added,
    /// The feed: something known has changed.
    Changed,
    /// The answer to a call, which may be older than what the feed has told already.
    Reply,
}

impl Conversation {
    pub(super) fn new(interaction: Interaction, draft: DraftKeeper, outbox: Outbox) -> Self {
        Self {
            interaction,
            transcript: Transcript::default(),
            loads: Loads::default(),
            goal: None,
            search: None,
            reacting: BTreeMap::new(),
            seen: Seen::default(),
            outbox,
            unread: 0,
            first_unseen: None,
            draft,
            strip: Vec::new(),
            form_files: Vec::new(),
            rows: Arc::default(),
        }
    }

    /// The interaction itself.
    #[must_use]
    pub const fn interaction(&self) -> &Interaction {
        &self.interaction
    }

    /// What is held of the transcript, oldest first, made anew only when something changed; at most [`HELD`] messages with
    /// the lines between them, and what is on its way if the newest message is held.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// What there is before the first row.
    #[must_use]
    pub const fn older(&self) -> &Edge {
        &self.transcript.older
    }

    /// What there is after the last row.
    #[must_use]
    pub const fn newer(&self) -> &Edge {
        &self.transcript.newer
    }

    /// Whether the oldest session that is held is held from its start: what is older then lies in earlier sessions, and
    /// comes only where `ShowOlder` may go into them.
    #[must_use]
    pub fn begins_session(&self) -> bool {
        self.transcript.begins_session()
    }

    /// How many messages came that are not held because the agent reads further up.
    #[must_use]
    pub const fn below(&self) -> usize {
        self.transcript.below
    }

    /// Where the agent wanted to go: the transcript goes there once for each number.
    #[must_use]
    pub const fn goal(&self) -> Option<Goal> {
        self.goal
    }

    /// What the agent is looking for.
    #[must_use]
    pub const fn search(&self) -> Option<&Search> {
        self.search.as_ref()
    }

    /// A message that is held.
    #[must_use]
    pub fn message(&self, id: MessageId) -> Option<&Arc<Message>> {
        self.transcript.get(id)
    }

    /// The next voice note that can be played after the message with this file; none if that isn't held.
    #[must_use]
    pub fn voice_note_after(&self, attachment: AttachmentId) -> Option<AttachmentId> {
        let media = self.transcript.held().iter().filter_map(|held| match &held.message.body {
            Body::Media(media) => Some((media, media.attachment.as_ref()?)),
            _ => None,
        });
        let mut after = media.skip_while(|(_, file)| file.id != attachment).skip(1);
        let is_ready = |file: &Attachment| matches!(file.state, AttachmentState::Ready { .. });
        after.find(|(media, file)| media.voice && is_ready(file)).map(|(_, file)| file.id)
    }

    /// How many messages of the contact the agent has not seen.
    #[must_use]
    pub const fn unread(&self) -> usize {
        self.unread
    }

    /// What was kept of the composer's text.
    #[must_use]
    pub const fn draft(&self) -> &DraftText {
        &self.draft.kept.draft
    }

    /// The last change of the draft that did not come from the composer.
    #[must_use]
    pub const fn draft_seq(&self) -> DraftSeq {
        self.draft.seq
    }

    /// The files that will be sent next, in order.
    #[must_use]
    pub fn strip(&self) -> &[StripFile] {
        &self.strip
    }

    /// The files chosen on this machine for the notification that is being filled in.
    #[must_use]
    pub fn form_files(&self) -> &[FormFile] {
        &self.form_files
    }

    /// Words of other machines that were overtaken, newest first.
    #[must_use]
    pub fn set_aside(&self) -> &[Written] {
        &self.draft.kept.aside
    }

    /// The newest message that the gateway has, held or not.
    #[must_use]
    pub fn last_message(&self) -> Option<&Message> {
        self.transcript.newest.as_deref()
    }

    /// The newest message that the gateway does not have yet.
    #[must_use]
    pub fn last_outgoing(&self) -> Option<&Outgoing> {
        self.outbox.last()
    }

    /// How many messages the gateway does not have yet.
    #[must_use]
    pub fn unsent(&self) -> usize {
        self.outbox.len()
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
    pub(super) fn take_in(&mut self, message: Message, source: Source) -> Option<(Arc<Message>, bool)> {
        if let Some(held) = self.transcript.get(message.id) {
            if source == Source::Reply {
                let (id, state) = (held.id, message.delivery?);
                return self.advance(id, &state).map(|message| (message, false));
            }
            let before = Arc::clone(held);
            let message = self.transcript.furthest(message);
            // What is held of a page that was not kept is news all the same when the feed tells of it.
            if before == message && source != Source::Added {
                return None;
            }
            self.transcript.put(&message);
            self.loads.note(&message);
            return Some((message, false));
        }
        if source == Source::Reply && !self.transcript.is_at_newest() {
            // It may be known and newer in the journal; the feed will tell.
            return None;
        }
        let message = Arc::new(message);
        let is_held = self.arrive_message(&message);
        Some((message, is_held || source == Source::Added))
    }

    /// Takes in a message that is not held. Says whether it is now.
    fn arrive_message(&mut self, message: &Arc<Message>) -> bool {
        let is_held = self.transcript.put(message);
        if is_held {
            let keep_older = self.transcript.reading;
            let gone = self.transcript.trim(keep_older);
            if keep_older {
                self.transcript.below += gone;
            }
        } else {
            let is_below = self.transcript.last().is_some_and(|last| order(last) < order(message));
            self.transcript.below += usize::from(is_below);
        }
        self.loads.note(message);
        is_held
    }

    /// What tells the gateway of things of which only the newest state counts.
    pub(super) const fn couriers(&self) -> [Courier; 2] {
        [self.draft.courier, self.seen.courier]
    }

    /// The same, to change them.
    pub(super) const fn couriers_mut(&mut self) -> [&mut Courier; 2] {
        [&mut self.draft.courier, &mut self.seen.courier]
    }

    /// Whether a message is held, or may be in a page that is under way.
    pub(super) fn may_hold(&self, id: MessageId) -> bool {
        let is_newest = self.transcript.newest.as_ref().is_some_and(|newest| newest.id == id);
        is_newest || self.loads.is_any_under_way() || self.transcript.get(id).is_some()
    }

    /// Takes in a change of a message that belongs to another conversation, if it is held here.
    pub(super) fn adopt(&mut self, message: &Arc<Message>) {
        if self.transcript.get(message.id).is_some() {
            self.transcript.put(message);
        }
        self.loads.note(message);
    }

    /// A message of ours got further. Returns it if that is news and the message is held.
    pub(super) fn advance(&mut self, id: MessageId, state: &DeliveryState) -> Option<Arc<Message>> {
        self.loads.note_delivery(id, state);
        self.transcript.advance(id, state)
    }

    /// Takes a whole new picture, whose transcript is the newest part of it. Where `same_feed`, a newer picture that we hold
    /// stays, deliveries don't go back, and what is held and joins it stays. Returns the newest part as it is now.
    pub(super) fn replace(&mut self, placed: InteractionSnapshot, same_feed: bool) -> Vec<Arc<Message>> {
        let InteractionSnapshot { interaction, transcript, older, .. } = placed;
        if !same_feed {
            self.transcript = Transcript::default();
            (self.loads, self.goal) = (Loads::default(), None);
        } else if self.interaction.contact.id != interaction.contact.id {
            // Two were made one, or are two again: what was said in earlier sessions may be somebody else's.
            (self.loads, self.goal) = (Loads::default(), None);
            self.transcript.let_go_of_older();
        }
        let mut told: Vec<_> =
            transcript.into_iter().map(|message| self.transcript.furthest(message)).collect();
        let ours_is_newer = same_feed && self.interaction.revision > interaction.revision;
        if ours_is_newer {
            let last = told.last().map(|last| order(last));
            let newer = self.transcript.messages().filter(|message| Some(order(message)) > last);
            told.extend(newer.cloned());
        } else {
            self.interaction = interaction;
        }
        let known: BTreeSet<_> = self.transcript.messages().map(|message| message.id).collect();
        let before = self.transcript.newest.as_ref().map(|newest| order(newest));
        let was_at_newest = self.transcript.is_at_newest();
        self.transcript.renew(&told, older);
        for message in &told {
            self.loads.note(message);
        }
        let is_news = |message: &Message| {
            let is_later = was_at_newest || Some(order(message)) > before;
            is_later && !known.contains(&message.id)
        };
        if !self.transcript.is_at_newest() {
            self.transcript.below += told.iter().filter(|message| is_news(message)).count();
        }
        self.count_unseen(&told, is_news);
        told
    }

    /// Counts what the contact wrote since anybody of us wrote, as far as it `is_new`, on top of what was unread.
    fn count_unseen(&mut self, told: &[Arc<Message>], is_new: impl Fn(&Message) -> bool) {
        let newest: Vec<_> = if self.transcript.is_at_newest() {
            self.transcript.messages().cloned().collect()
        } else {
            told.to_vec()
        };
        let waiting: Vec<_> = newest
            .iter()
            .rev()
            .take_while(|message| !matches!(message.author, Author::Agent { .. }))
            .filter(|message| message.is_by_contact())
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
        let by_contact = self.transcript.messages().rev().filter(|message| message.is_by_contact());
        let unseen: Vec<_> = by_contact.take(unread).map(|message| message.id).collect();
        self.first_unseen = unseen.last().copied();
        self.unread = if self.transcript.older == Edge::End { unseen.len() } else { unread };
    }

    /// Makes the rows anew.
    pub(super) fn arrange(&mut self, local_day: LocalDay) {
        self.rows = Arc::new(rows::arrange(self, local_day));
    }

    /// When the session began: its first message, or the interaction if that is older.
    pub(super) fn began_at(&self) -> DateTime<Utc> {
        let ours = |message: &&Arc<Message>| message.interaction == self.interaction.id;
        let first = self.transcript.messages().find(ours).map(|message| message.sent_at);
        first.map_or(self.interaction.created_at, |first| first.min(self.interaction.created_at))
    }

    /// Whether anything that is held was said in this session.
    pub(super) fn has_spoken(&self) -> bool {
        self.transcript.messages().any(|message| message.interaction == self.interaction.id)
    }
}
