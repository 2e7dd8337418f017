//! What one step gathers on its way: entries, calls, conversations to arrange anew, chimes.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use waxwing_protocol::id::InteractionId;

use super::{
    chime::Chime,
    effect::{Call, Effect, Entry, Load},
    outbox::Outgoing,
};

/// What one step gathers.
pub(super) struct Turn {
    /// The gateway's time of this step.
    pub(super) now: DateTime<Utc>,
    /// Conversations whose rows must be made anew.
    pub(super) touched: BTreeSet<InteractionId>,
    /// What the agent may have to hear, by conversation.
    pub(super) chimes: BTreeMap<InteractionId, Chime>,
    entries: Vec<Entry>,
    calls: Vec<Call>,
    loads: Vec<Load>,
    unseals: Vec<InteractionId>,
}

impl Turn {
    pub(super) const fn new(now: DateTime<Utc>) -> Self {
        Self {
            now,
            touched: BTreeSet::new(),
            chimes: BTreeMap::new(),
            entries: Vec::new(),
            calls: Vec::new(),
            loads: Vec::new(),
            unseals: Vec::new(),
        }
    }

    pub(super) fn journal(&mut self, entry: Entry) {
        self.entries.push(entry);
    }

    pub(super) fn call(&mut self, call: Call) {
        self.calls.push(call);
    }

    /// A message of ours is at the gateway or was given up: it is not to be remembered, nor are the copies of its files.
    pub(super) fn outgoing_gone(&mut self, outgoing: &Outgoing) {
        self.journal(Entry::OutgoingGone(outgoing.client_ref));
        for copy in outgoing.copies() {
            self.call(Call::DropFile(copy));
        }
    }

    pub(super) fn load(&mut self, load: Load) {
        self.loads.push(load);
    }

    pub(super) fn unseal(&mut self, id: InteractionId) {
        self.unseals.push(id);
    }

    /// All of it, what is to be written down before what is to be done.
    pub(super) fn into_effects(self) -> Vec<Effect> {
        let entries = self.entries.into_iter().map(Effect::Journal);
        let calls = self.calls.into_iter().map(Effect::Call);
        let unseals = self.unseals.into_iter().map(Effect::Unseal);
        entries.chain(calls).chain(unseals).chain(self.loads.into_iter().map(Effect::Load)).collect()
    }
}
