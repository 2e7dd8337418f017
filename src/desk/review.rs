//! An interaction that is not the agent's, to be read: out of a workbin, a queue or the history.
//!
//! **All goes well.** It is opened → what is not known of it is asked for → the newest part of its transcript comes, or the end
//! of its session if that is over → more comes by the same loads as everywhere. Nothing of it goes into the journal.
//!
//! **If not.** No answer: why is told where the transcript would be, and it is tried again at a click. It becomes the agent's
//! own: then the conversation itself is shown, as it goes on. It ceases to be that: it is read again from its end.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    api::TranscriptPage,
    history::{InteractionRecord, LifeStep},
    id::{InteractionId, MessageId},
    interaction::Interaction,
};

use super::{
    Desk,
    conversation::Conversation,
    draft::DraftKeeper,
    effect::{Call, Load, Part},
    input::CallError,
    outbox::Outbox,
    transcript::Edge,
    turn::Turn,
};

/// How many messages are asked for at first.
pub(super) const FIRST: u32 = 100;

/// What is read.
#[derive(Debug, Clone)]
pub(super) struct Review {
    pub(super) interaction: InteractionId,
    /// As far as it is known; none while the interaction itself is asked for, or it is the agent's own.
    pub(super) held: Option<Arc<Conversation>>,
    /// The first part, while it is on its way.
    first: Option<Load>,
    steps: Arc<[LifeStep]>,
    /// Of when what is shown is, where the gateway could not be asked.
    pub(super) as_of: Option<DateTime<Utc>>,
    /// Why the interaction could not be had.
    trouble: Option<String>,
    /// Where the agent wanted to go before there was anything.
    goal: Option<MessageId>,
    /// Whether it is being asked for.
    asked: bool,
    /// Whether what happened to it is being asked for: nobody tells that of what lies in a workbin, or is the agent's own.
    life_asked: bool,
}

impl Review {
    fn of(interaction: InteractionId) -> Self {
        Self {
            interaction,
            held: None,
            first: None,
            steps: Arc::new([]),
            as_of: None,
            trouble: None,
            goal: None,
            asked: false,
            life_asked: false,
        }
    }
}

/// How it stands with what is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReviewState<'a> {
    /// Which interaction it is.
    pub interaction: InteractionId,
    /// What happened to it, oldest first; empty as long as nobody asked the gateway.
    pub steps: &'a [LifeStep],
    /// Of when the transcript is, where the gateway could not be asked since.
    pub as_of: Option<DateTime<Utc>>,
    /// Why the interaction could not be had, for people.
    pub trouble: Option<&'a str>,
}

impl Desk {
    /// The interaction that is read, as far as it is known.
    #[must_use]
    pub fn review(&self) -> Option<&Conversation> {
        let review = self.review.as_ref()?;
        self.conversation(review.interaction).or(review.held.as_deref())
    }

    /// How it stands with the interaction that is read.
    #[must_use]
    pub fn review_state(&self) -> Option<ReviewState<'_>> {
        let review = self.review.as_ref()?;
        let Review { interaction, steps, as_of, trouble, .. } = review;
        let (interaction, as_of) = (*interaction, *as_of);
        Some(ReviewState { interaction, steps, as_of, trouble: trouble.as_deref() })
    }

    /// Something is to be read; asked for again if it could not be had.
    pub(super) fn open_review(&mut self, id: InteractionId) {
        let is_open =
            self.review.as_ref().is_some_and(|review| review.interaction == id && review.trouble.is_none());
        if !is_open {
            self.review = Some(Review::of(id));
        }
    }

    /// Nothing is to be read any more.
    pub(super) fn close_review(&mut self) {
        self.review = None;
    }

    /// Where the agent wants to go in what is read, before there is anything. Says whether it is so.
    pub(super) fn remember_goal(&mut self, id: InteractionId, message: MessageId) -> bool {
        let waits = |review: &&mut Review| review.interaction == id && review.held.is_none();
        let is_ours = self.conversations.contains_key(&id);
        let Some(review) = self.review.as_mut().filter(waits).filter(|_| !is_ours) else { return false };
        review.goal = Some(message);
        true
    }

    /// Asks for what is missing of what is read.
    pub(super) fn tend_review(&mut self, turn: &mut Turn) {
        let Some(id) = self.review.as_ref().map(|review| review.interaction) else { return };
        if self.conversations.contains_key(&id) {
            if let Some(review) = &mut self.review {
                let (steps, life_asked) = (Arc::clone(&review.steps), review.life_asked);
                *review = Review { steps, life_asked, ..Review::of(id) };
            }
            return;
        }
        let is_asked = self.review.as_ref().is_none_or(|review| review.asked || review.held.is_some());
        if is_asked || !self.is_signed_in() {
            return;
        }
        if let Some(review) = &mut self.review {
            review.asked = true;
        }
        let Some(lying) = self.workbins.item(id).cloned() else {
            turn.call(Call::Record(id));
            return;
        };
        self.read(lying.item.interaction.clone(), turn);
        if self.warden.keeper.holds(id) {
            turn.unseal(id);
        }
    }

    /// What happened to what is read is looked at.
    pub(super) fn ask_life(&mut self, turn: &mut Turn) {
        let is_signed_in = self.is_signed_in();
        let Some(review) = self.review.as_mut().filter(|review| is_signed_in && !review.life_asked) else {
            return;
        };
        review.life_asked = true;
        if !review.asked || review.held.is_some() {
            turn.call(Call::Record(review.interaction));
        }
    }

    /// The interaction that is read, or why it could not be had.
    pub(super) fn record_told(
        &mut self,
        id: InteractionId,
        result: Result<Box<InteractionRecord>, CallError>,
        turn: &mut Turn,
    ) {
        if let Err(error) = &result {
            self.doubt_result(Some(error), turn);
        }
        let waits = |review: &&mut Review| review.interaction == id;
        let is_ours = self.conversations.contains_key(&id);
        let Some(review) = self.review.as_mut().filter(waits) else { return };
        let is_known = is_ours || review.held.is_some();
        review.life_asked = false;
        match result {
            Ok(record) => {
                review.steps = record.steps.into();
                if !is_known {
                    self.read(record.interaction, turn);
                }
            }
            // Then it is only not known what happened to it; whoever looks again asks again.
            Err(_) if is_known => {}
            Err(error) => review.trouble = Some(error.to_string()),
        }
    }

    /// The interaction that is read is known: its transcript is asked for, unless it is there already.
    pub(super) fn read(&mut self, interaction: Interaction, turn: &mut Turn) {
        let Some(review) = self.review.as_mut().filter(|review| review.interaction == interaction.id) else {
            return;
        };
        turn.touched.insert(interaction.id);
        if let Some(held) = &mut review.held {
            Arc::make_mut(held).renew(interaction);
            return;
        }
        let part = match (review.goal, interaction.ended_at) {
            (Some(message), _) => Part::Around(message),
            (None, Some(ended_at)) => Part::At(ended_at),
            (None, None) => Part::Newest,
        };
        let id = interaction.id;
        let mut conversation = Conversation::new(interaction, DraftKeeper::default(), Outbox::default());
        let load = Load { interaction: id, part, limit: FIRST, sessions: None };
        conversation.begin(load.clone(), turn);
        conversation.transcript.older = Edge::Loading;
        (review.held, review.first) = (Some(conversation.into()), Some(load));
    }

    /// What is read has changed where it lies.
    pub(super) fn hear_of_read(&mut self, id: InteractionId, turn: &mut Turn) {
        let Some(lying) = self.workbins.item(id).cloned() else { return };
        self.renew_read(lying.item.interaction.clone(), turn);
        let newest = lying.item.last.as_ref().map(|last| last.at);
        let Some(review) = self.review.as_mut().filter(|review| review.first.is_none()) else { return };
        let Some(held) = &mut review.held else { return };
        let transcript = &mut Arc::make_mut(held).transcript;
        if transcript.is_at_newest() && transcript.last().map(|last| last.sent_at) < newest {
            transcript.newer = Edge::More;
        }
    }

    /// A newer picture of the interaction, if it is what is read.
    pub(super) fn renew_read(&mut self, interaction: Interaction, turn: &mut Turn) {
        let is_read = self
            .review
            .as_ref()
            .is_some_and(|review| review.interaction == interaction.id && review.held.is_some());
        if is_read {
            self.read(interaction, turn);
        }
    }

    /// What is read was kept from earlier: shown until the gateway has answered.
    pub(super) fn unsealed(
        &mut self,
        id: InteractionId,
        kept: Option<(TranscriptPage, DateTime<Utc>)>,
        turn: &mut Turn,
    ) {
        let waits = |review: &&mut Review| review.interaction == id && review.as_of.is_none();
        let Some(review) = self.review.as_mut().filter(waits) else { return };
        let (Some(held), Some((page, as_of))) = (&mut review.held, kept) else { return };
        let is_empty = held.transcript.oldest().is_none() && held.transcript.older != Edge::End;
        if is_empty {
            Arc::make_mut(held).transcript.show(page);
            review.as_of = Some(as_of);
            turn.touched.insert(id);
        }
    }

    /// The gateway answers again: what is shown from earlier is read anew.
    pub(super) fn refresh_review(&mut self, turn: &mut Turn) {
        let is_old = |review: &&mut Review| review.as_of.is_some() && review.first.is_none();
        let Some(review) = self.review.as_mut().filter(is_old) else { return };
        let Some(held) = &mut review.held else { return };
        let load = Load { interaction: review.interaction, part: Part::Newest, limit: FIRST, sessions: None };
        Arc::make_mut(held).begin(load.clone(), turn);
        review.first = Some(load);
    }

    /// The first part of what is read came, or did not. Says whether it was that.
    pub(super) fn review_loaded(
        &mut self,
        load: &Load,
        result: &Result<TranscriptPage, CallError>,
        turn: &mut Turn,
    ) -> bool {
        let is_first = |review: &&mut Review| review.first.as_ref() == Some(load);
        let Some(review) = self.review.as_mut().filter(is_first) else { return false };
        review.first = None;
        let Some(held) = &mut review.held else { return true };
        let conversation = Arc::make_mut(held);
        conversation.loads.settle();
        turn.touched.insert(load.interaction);
        match result {
            Ok(page) => {
                conversation.transcript.show(page.clone());
                review.as_of = None;
                let goal = match load.part {
                    Part::Around(message) => Some(message),
                    Part::At(_) => conversation.last_of_session(),
                    Part::Newest | Part::Before(_) | Part::After(_) => None,
                };
                if let Some(goal) = goal.filter(|_| !conversation.ends_with_session()) {
                    conversation.arrive(goal);
                }
            }
            Err(error) if conversation.transcript.oldest().is_none() => {
                conversation.transcript.older = Edge::Failed { why: error.to_string() };
            }
            Err(_) => {}
        }
        true
    }
}

impl Conversation {
    /// The last message of its own session that is held.
    fn last_of_session(&self) -> Option<MessageId> {
        let ours = |message: &&Arc<_>| self.is_of_session(message);
        self.transcript.messages().rev().find(ours).map(|message| message.id)
    }

    /// Whether the last message that is held is of its own session, and there is nothing behind it.
    fn ends_with_session(&self) -> bool {
        let ends = self.transcript.last().is_none_or(|last| self.is_of_session(last));
        ends && self.goal.is_none() && self.transcript.is_at_newest()
    }

    fn is_of_session(&self, message: &waxwing_protocol::message::Message) -> bool {
        message.session == self.interaction.session
    }
}
