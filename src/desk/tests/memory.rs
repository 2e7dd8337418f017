//! A journal in memory, which keeps what the entries say.

use std::collections::BTreeMap;

use super::{
    super::outbox::{Outgoing, OutgoingState},
    *,
};

/// A journal in memory.
#[derive(Default)]
pub(super) struct Memory {
    kept: Restored,
    messages: BTreeMap<MessageId, Message>,
    interactions: BTreeMap<InteractionId, Interaction>,
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
                self.messages.retain(|_, message| message.interaction != id);
                kept.unread.retain(|(held, _)| *held != id);
            }
            Entry::Message(message) => {
                self.messages.insert(message.id, *message);
            }
            Entry::Cursor(cursor) => kept.cursor = Some(cursor),
            Entry::Outgoing(id, outgoing) => {
                let known = kept.outgoing.iter_mut().find(|(_, held)| held.client_ref == outgoing.client_ref);
                match known {
                    Some((_, held)) => *held = outgoing,
                    None => kept.outgoing.push((id, outgoing)),
                }
            }
            Entry::OutgoingGone(gone) => kept.outgoing.retain(|(_, held)| held.client_ref != gone),
            Entry::Draft(id, text) => {
                kept.drafts.retain(|(held, _)| *held != id);
                if !text.is_empty() {
                    kept.drafts.push((id, text));
                }
            }
            Entry::Unread(id, unread) => {
                kept.unread.retain(|(held, _)| *held != id);
                kept.unread.push((id, unread));
            }
            Entry::ForgetContacts => {
                let Restored { account, drafts, outgoing, .. } = std::mem::take(kept);
                *kept = Restored { account, drafts, outgoing, ..Restored::default() };
                self.messages.clear();
            }
            Entry::Wipe => *self = Self::default(),
        }
    }

    pub(super) fn outgoing(&self) -> impl Iterator<Item = &Outgoing> {
        self.kept.outgoing.iter().map(|(_, outgoing)| outgoing)
    }

    /// What a restart finds; what was in flight is not known to be.
    pub(super) fn restored(&self) -> Restored {
        let transcript = |id: InteractionId| {
            self.messages.values().filter(|message| message.interaction == id).cloned().collect()
        };
        let interactions =
            self.interactions.values().map(|held| self::held(held.clone(), transcript(held.id))).collect();
        let restored = Restored { has_token: true, interactions, ..self.kept.clone() };
        assert!(self.outgoing().all(|held| !matches!(held.state, OutgoingState::InFlight { .. })));
        restored
    }
}
