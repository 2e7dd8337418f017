//! A gateway in memory: takes each client reference in once, numbers its events without gaps.

use std::collections::BTreeMap;

use waxwing_protocol::{api::SendMessage, event::Departure, id::WorkbinId};

use super::*;

/// A gateway in memory, with one agent.
pub(super) struct Gateway {
    pub(super) interactions: BTreeMap<InteractionId, Interaction>,
    pub(super) transcripts: BTreeMap<InteractionId, Vec<Message>>,
    events: Vec<Event>,
    last_message: u32,
}

impl Gateway {
    pub(super) fn new(interactions: u32) -> Self {
        let ids = 0..interactions;
        Self {
            interactions: ids.clone().map(|number| (int(number), interaction(number))).collect(),
            transcripts: ids.map(|number| (int(number), Vec::new())).collect(),
            events: Vec::new(),
            last_message: 0,
        }
    }

    fn is_ours(&self, id: InteractionId) -> bool {
        self.interactions[&id].owner == Some(agent().id)
    }

    fn change(&mut self, id: InteractionId, change: impl FnOnce(&mut Interaction)) {
        let interaction = self.interactions.get_mut(&id).unwrap();
        change(interaction);
        interaction.revision += 1;
        let event = changed(interaction.clone());
        if self.is_ours(id) {
            self.events.push(event);
        }
    }

    fn add(&mut self, message: Message) {
        self.transcripts.get_mut(&message.interaction).unwrap().push(message.clone());
        if self.is_ours(message.interaction) {
            self.events.push(added(message));
        }
    }

    fn next_message(&mut self) -> u32 {
        self.last_message += 1;
        self.last_message
    }

    pub(super) fn contact_writes(&mut self, id: InteractionId, now: DateTime<Utc>) {
        let number = self.next_message();
        self.add(Message { sent_at: now, stored_at: now, ..said(number, id, 0) });
        self.change(id, |interaction| interaction.pending_since = interaction.pending_since.or(Some(now)));
    }

    /// Takes a message of the agent's in, once.
    pub(super) fn take_in(
        &mut self,
        id: InteractionId,
        message: &SendMessage,
        now: DateTime<Utc>,
    ) -> Result<Box<SendAccepted>, CallError> {
        if !self.is_ours(id) {
            return Err(refused(ProblemCode::NotFound));
        }
        let known = |held: &&Message| held.client_ref == Some(message.client_ref);
        if !self.transcripts[&id].iter().any(|held| known(&held)) {
            let number = self.next_message();
            let template = answered(number, id, 0, 0);
            let client_ref = Some(message.client_ref);
            self.add(Message { sent_at: now, stored_at: now, client_ref, ..template });
            self.change(id, |interaction| interaction.pending_since = None);
        }
        let message = self.transcripts[&id].iter().find(known).unwrap().clone();
        Ok(Box::new(SendAccepted { message, interaction: self.interactions[&id].clone() }))
    }

    /// A message of ours gets further, if `delivery` lies further.
    pub(super) fn deliver(
        &mut self,
        id: InteractionId,
        which: usize,
        delivery: Delivery,
        now: DateTime<Utc>,
    ) {
        let ours = self.transcripts.get_mut(&id).unwrap().iter_mut().filter(|held| held.delivery.is_some());
        let Some(message) = ours.into_iter().nth(which) else { return };
        let state = DeliveryState::new(1, delivery, now);
        let message_id = message.id;
        message.delivery.as_mut().unwrap().advance(&state);
        if self.is_ours(id) {
            self.events.push(Event::DeliveryChanged { interaction: id, message: message_id, state });
        }
    }

    pub(super) fn take_away(&mut self, id: InteractionId) {
        if self.is_ours(id) {
            let why = Departure::Reassigned;
            self.events.push(Event::InteractionRemoved { interaction: id, why });
            let interaction = self.interactions.get_mut(&id).unwrap();
            interaction.owner = None;
            interaction.revision += 1;
        }
    }

    /// Puts an interaction into a workbin, however often that is said.
    pub(super) fn put_aside(&mut self, id: InteractionId) -> Box<Interaction> {
        if self.is_ours(id) {
            self.events.push(Event::InteractionRemoved { interaction: id, why: Departure::ToWorkbin });
            let interaction = self.interactions.get_mut(&id).unwrap();
            let workbin = WorkbinId::from_uuid(uuid(8, 0));
            (interaction.owner, interaction.phase) = (None, Phase::InWorkbin { workbin });
            interaction.revision += 1;
        }
        Box::new(self.interactions[&id].clone())
    }

    pub(super) fn give_back(&mut self, id: InteractionId) {
        if !self.is_ours(id) {
            let interaction = self.interactions.get_mut(&id).unwrap();
            (interaction.owner, interaction.phase) = (Some(agent().id), Phase::Open);
            interaction.revision += 1;
            let interaction = Box::new(interaction.clone());
            let transcript = self.transcripts[&id].clone();
            self.events.push(Event::InteractionAdded { interaction, transcript, older: false, draft: None });
        }
    }

    pub(super) fn number(&self) -> u64 {
        u64::try_from(self.events.len()).unwrap()
    }

    /// At most `length` events after `after`; everything where there is no place to start from.
    pub(super) fn page(&self, after: Option<Cursor>, length: usize) -> EventPage {
        let Some(after) = after else {
            let ours = self.interactions.values().filter(|held| self.is_ours(held.id));
            let placed = ours.map(|held| super::held(held.clone(), self.transcripts[&held.id].clone()));
            return snapshot(placed.collect(), self.number());
        };
        let start = usize::try_from(after.number).unwrap();
        let end = (start + length).min(self.events.len());
        let numbered = (after.number + 1..).zip(self.events[start..end].iter().cloned());
        let events = numbered.map(|(number, event)| FeedEvent { cursor: cursor(number), event }).collect();
        let next = cursor(u64::try_from(end).unwrap());
        EventPage::Events { events, next, more: end < self.events.len(), workbins: 0, now: at(0) }
    }

    /// The messages of the agent in one conversation, in the order in which they were taken in.
    pub(super) fn ours(&self, id: InteractionId) -> Vec<ClientRef> {
        self.transcripts[&id].iter().filter_map(|message| message.client_ref).collect()
    }
}
