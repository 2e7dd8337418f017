//! A journal in memory, which keeps what the entries say: of each transcript one part without gaps.

use std::collections::BTreeMap;

use waxwing_protocol::api::TranscriptPage;

use super::{
    super::{
        effect::{Load, Part},
        outbox::{Outgoing, OutgoingState},
        transcript::{Order, order},
    },
    *,
};

/// What is kept of one transcript.
#[derive(Default, Clone)]
struct Kept {
    messages: BTreeMap<Order, Message>,
    older: bool,
}

/// A journal in memory.
#[derive(Default, Clone)]
pub(super) struct Memory {
    kept: Restored,
    transcripts: BTreeMap<InteractionId, Kept>,
    interactions: BTreeMap<InteractionId, Interaction>,
}

impl Kept {
    fn holds(&self, id: MessageId) -> bool {
        self.messages.values().any(|message| message.id == id)
    }

    fn put(&mut self, message: &Message) {
        self.messages.insert(order(message), message.clone());
    }

    fn join(&mut self, part: Part, page: &TranscriptPage) {
        let anchored = match part {
            Part::Before(id) | Part::After(id) => self.holds(id),
            Part::Newest | Part::Around(_) | Part::At(_) => self.messages.is_empty() && !page.newer,
        };
        if !anchored && !page.messages.iter().any(|message| self.holds(message.id)) {
            return;
        }
        let first = self.messages.keys().next().copied();
        if page.messages.first().is_none_or(|page| first.is_none_or(|first| order(page) <= first)) {
            self.older = page.older;
        }
        for message in &page.messages {
            self.messages.entry(order(message)).or_insert_with(|| message.clone());
        }
    }
}

impl Memory {
    pub(super) fn keep(&mut self, effects: &[Effect]) {
        for entry in entries(effects) {
            self.keep_entry(entry.clone());
        }
    }

    fn keep_entry(&mut self, entry: Entry) {
        let kept = &mut self.kept;
        match entry {
            Entry::Account(agent) => kept.account = Some((*agent, status())),
            Entry::Status(status) => kept.account.iter_mut().for_each(|account| account.1 = status.clone()),
            Entry::Alerts(alerts) => kept.alerts = alerts,
            Entry::Active(active) => kept.active = active,
            Entry::Interaction(interaction) => {
                self.interactions.insert(interaction.id, *interaction);
            }
            Entry::InteractionGone(id) => {
                self.interactions.remove(&id);
                self.transcripts.remove(&id);
                kept.unread.retain(|(held, _)| *held != id);
            }
            Entry::Message(..)
            | Entry::Changed(_)
            | Entry::Delivery { .. }
            | Entry::Newest { .. }
            | Entry::Page { .. } => self.keep_said(entry),
            Entry::Cursor(cursor) => kept.cursor = Some(cursor),
            Entry::Outgoing(id, outgoing) => {
                let known = kept.outgoing.iter_mut().find(|(_, held)| held.client_ref == outgoing.client_ref);
                match known {
                    Some((_, held)) => *held = outgoing,
                    None => kept.outgoing.push((id, outgoing)),
                }
            }
            Entry::OutgoingGone(gone) => kept.outgoing.retain(|(_, held)| held.client_ref != gone),
            Entry::Draft(id, draft) => {
                kept.drafts.retain(|(held, _)| *held != id);
                if !draft.is_nothing() {
                    kept.drafts.push((id, *draft));
                }
            }
            Entry::Strip(id, strip) => {
                kept.strips.retain(|(held, _)| *held != id);
                if !strip.is_empty() {
                    kept.strips.push((id, strip));
                }
            }
            Entry::Unread(id, unread) => {
                kept.unread.retain(|(held, _)| *held != id);
                kept.unread.push((id, unread));
            }
            Entry::LibraryNews(newest) => kept.library_news = newest,
            Entry::Library(page) => kept.library = Some(page),
            Entry::Begun(begun) => kept.begun = begun,
            Entry::Rules(rules) => kept.rules = Some(rules),
            Entry::WrapUp(id, wrap_up) => {
                kept.wrap_ups.retain(|(held, _)| *held != id);
                if !wrap_up.is_nothing() {
                    kept.wrap_ups.push((id, *wrap_up));
                }
            }
            Entry::ForgetContacts => {
                let Restored { account, drafts, outgoing, strips, begun, wrap_ups, .. } =
                    std::mem::take(kept);
                *kept =
                    Restored { account, drafts, outgoing, strips, begun, wrap_ups, ..Restored::default() };
                self.transcripts.clear();
            }
            Entry::Wipe => *self = Self::default(),
        }
    }

    /// Keeps what an entry tells of messages.
    fn keep_said(&mut self, entry: Entry) {
        match entry {
            Entry::Message(id, message) => {
                self.change(&message);
                let kept = self.transcripts.entry(id).or_default();
                let first = kept.messages.keys().next().copied();
                if !kept.older || first.is_none_or(|first| order(&message) >= first) {
                    kept.put(&message);
                }
            }
            Entry::Changed(message) => self.change(&message),
            Entry::Delivery { message, state } => {
                for held in self.transcripts.values_mut().flat_map(|kept| kept.messages.values_mut()) {
                    if held.id == message
                        && let Some(delivery) = &mut held.delivery
                    {
                        delivery.advance(&state);
                    }
                }
            }
            Entry::Newest { interaction, messages, older } => {
                let mut kept = Kept { messages: BTreeMap::new(), older };
                for message in &messages {
                    self.change(message);
                    kept.put(message);
                }
                self.transcripts.insert(interaction, kept);
            }
            Entry::Page { interaction, part, page } => {
                self.transcripts.entry(interaction).or_default().join(part, &page);
            }
            _ => unreachable!(),
        }
    }

    fn change(&mut self, message: &Message) {
        for kept in self.transcripts.values_mut().filter(|kept| kept.holds(message.id)) {
            kept.put(message);
        }
    }

    pub(super) fn outgoing(&self) -> impl Iterator<Item = &Outgoing> {
        self.kept.outgoing.iter().map(|(_, outgoing)| outgoing)
    }

    /// What is kept of a transcript, and whether there is more at the gateway.
    pub(super) fn transcript(&self, id: InteractionId) -> (Vec<Message>, bool) {
        let kept = self.transcripts.get(&id).cloned().unwrap_or_default();
        (kept.messages.into_values().collect(), kept.older)
    }

    /// A part of a transcript, if it is kept here.
    pub(super) fn read(&self, load: &Load) -> Option<TranscriptPage> {
        let (messages, older) = self.transcript(load.interaction);
        let page = page_of(&messages, load)?;
        let reaches_back = !page.older && older;
        let lacks = match load.part {
            Part::Before(_) | Part::Newest => page.messages.is_empty(),
            Part::At(at) => messages.first().is_none_or(|first| first.sent_at >= at),
            Part::After(_) | Part::Around(_) => false,
        };
        (!reaches_back || !lacks).then_some(TranscriptPage { older: page.older || older, ..page })
    }

    /// What a restart finds; what was in flight is not known to be.
    pub(super) fn restored(&self) -> Restored {
        let newest = |id: InteractionId| {
            let (mut messages, older) = self.transcript(id);
            let rest = messages.len().saturating_sub(100);
            messages.drain(..rest);
            (messages, older || rest > 0)
        };
        let placed = |held: &Interaction| {
            let (transcript, older) = newest(held.id);
            InteractionSnapshot { older, ..self::held(held.clone(), transcript) }
        };
        let interactions = self.interactions.values().map(placed).collect();
        let restored = Restored { has_token: true, interactions, ..self.kept.clone() };
        assert!(self.outgoing().all(|held| !matches!(held.state, OutgoingState::InFlight { .. })));
        restored
    }
}

/// The part of a whole transcript that a load asks for; none if it does not hold what it is told from.
pub(crate) fn page_of(all: &[Message], load: &Load) -> Option<TranscriptPage> {
    let limit = usize::try_from(load.limit).unwrap();
    let place = |id: MessageId| all.iter().position(|message| message.id == id);
    let (start, end) = match load.part {
        Part::Newest => (all.len().saturating_sub(limit), all.len()),
        Part::Before(id) => {
            let place = place(id)?;
            let session = |message: &Message| message.session;
            let mut start = place.saturating_sub(limit);
            if let Some(sessions) = load.sessions {
                let mut known = vec![session(&all[place])];
                for at in (start..place).rev() {
                    if !known.contains(&session(&all[at])) {
                        known.push(session(&all[at]));
                    }
                    if known.len() > usize::try_from(sessions).unwrap() + 1 {
                        start = at + 1;
                        break;
                    }
                }
            }
            (start, place)
        }
        Part::After(id) => {
            let place = place(id)? + 1;
            (place, (place + limit).min(all.len()))
        }
        Part::Around(id) => around(place(id)?, limit, all.len()),
        Part::At(at) => around(all.partition_point(|message| message.sent_at < at), limit, all.len()),
    };
    let messages = all[start..end].to_vec();
    Some(TranscriptPage { messages, sessions: Vec::new(), older: start > 0, newer: end < all.len() })
}

fn around(place: usize, limit: usize, length: usize) -> (usize, usize) {
    (place.saturating_sub(limit / 2), (place + limit / 2).min(length))
}
