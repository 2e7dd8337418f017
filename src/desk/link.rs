//! The connection to the gateway, and who is signed in.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    agent::{Agent, StatusSince},
    event::Departure,
};

use super::{
    Desk,
    conversation::Conversation,
    courier::Courier,
    effect::{Call, Entry},
    notices::Gravity,
    outbox::Outbox,
    turn::Turn,
};

/// Whether the gateway answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// The first try is under way.
    Connecting,
    /// The last poll was answered.
    Online,
    /// The gateway does not answer.
    Retrying {
        /// Since when, by the gateway's clock as far as we know it.
        since: DateTime<Utc>,
        /// How often we have tried in vain.
        attempt: u32,
        /// When the next try comes.
        next_at: DateTime<Utc>,
        /// What the last try met, for people.
        why: String,
    },
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Account {
    /// Nobody.
    SignedOut {
        /// What to tell the agent: a refusal, a session ended elsewhere.
        why: Option<String>,
    },
    /// A sign-in is under way.
    SigningIn,
    /// Somebody.
    SignedIn {
        /// Who.
        agent: Agent,
        /// Their status.
        status: StatusSince,
    },
    /// Somebody is logging off.
    SigningOut,
}

impl Desk {
    /// From here on everything on this desk belongs to `agent`; what was another's is forgotten.
    pub(super) fn become_agent(&mut self, agent: &Agent, turn: &mut Turn) {
        if self.agent.is_some_and(|former| former != agent.id) {
            let unsent = self.unsent();
            self.clear_away();
            turn.journal(Entry::Wipe);
            if unsent > 0 {
                let text = format!(
                    "Somebody else was signed in here before; {unsent} of their messages were not sent."
                );
                self.notices.add(Gravity::Problem, text);
            }
        }
        self.agent = Some(agent.id);
        turn.journal(Entry::Account(Box::new(agent.clone())));
    }

    /// Logs off: nothing of the contacts stays here. What the agent wrote and did not send waits for their next sign-in.
    pub(super) fn sign_out(&mut self, turn: &mut Turn) {
        if !matches!(self.account, Account::SignedIn { .. } | Account::SigningIn) {
            return;
        }
        let agent = self.agent;
        for conversation in std::mem::take(&mut self.conversations).into_values() {
            self.shelve(Arc::unwrap_or_clone(conversation), Departure::Reassigned, turn);
        }
        self.end_all_undos(turn);
        let wrap_up = self.wrap_up.of_the_agent();
        let (shelf, reworked) = (std::mem::take(&mut self.shelf), std::mem::take(&mut self.reworked));
        let begun = self.upkeep.begun().cloned();
        self.clear_away();
        self.restore_begun(begun);
        (self.agent, self.shelf, self.account) = (agent, shelf, Account::SigningOut);
        (self.reworked, self.wrap_up) = (reworked, wrap_up);
        self.recall(turn);
        turn.journal(Entry::ForgetContacts);
        turn.call(Call::SignOut);
    }

    /// The gateway does not take our token any more. What the agent wrote stays until they sign in again.
    pub(super) fn lose_session(&mut self, turn: &mut Turn) {
        if !matches!(self.account, Account::SignedIn { .. } | Account::SigningIn) {
            return;
        }
        let why = "Your session has ended. Sign in again: what you wrote is kept.".to_owned();
        self.account = Account::SignedOut { why: Some(why) };
        self.link = Link::Connecting;
        self.feed.rest();
        self.retrying.clear();
        self.recall(turn);
    }

    /// What waits for its next try goes now.
    pub(super) fn hurry(&mut self, turn: &mut Turn) {
        let now = turn.now;
        self.edit_what_leaves(turn, |outbox| outbox.hurry(now), |courier| courier.hurry(now));
        self.librarian.courier.hurry(now);
        self.warden.hurry(now);
        self.wrap_up.hurry(now);
        self.inquiries.hurry(now);
    }

    /// What is under way will not be answered: it is sent and told again, or given up.
    fn recall(&mut self, turn: &mut Turn) {
        let now = turn.now;
        self.edit_what_leaves(turn, |outbox| outbox.recall(now), |courier| courier.recall(now));
        self.librarian.courier.rest();
        self.warden.rest();
        self.wrap_up.recall(now);
        self.inquiries.give_up();
        self.give_up_loads(turn);
        self.give_up_upkeep();
        self.give_up_directory();
        self.give_up_past();
        let reacting = self.conversations.values().filter(|held| !held.reacting.is_empty());
        let reacting: Vec<_> = reacting.map(|held| held.interaction.id).collect();
        for id in reacting {
            if let Some(conversation) = self.edit(id, turn) {
                conversation.reacting.clear();
            }
        }
    }

    fn edit_what_leaves(
        &mut self,
        turn: &mut Turn,
        edit_outbox: impl Fn(&mut Outbox),
        edit_courier: impl Fn(&mut Courier),
    ) {
        let rests = |held: &Conversation| {
            held.outbox.is_empty() && held.couriers().iter().all(|courier| *courier == Courier::Resting)
        };
        let busy = self.conversations.values().filter(|held| !rests(held));
        let busy: Vec<_> = busy.map(|held| held.interaction.id).collect();
        for id in busy {
            if let Some(conversation) = self.edit(id, turn) {
                edit_outbox(&mut conversation.outbox);
                conversation.couriers_mut().into_iter().for_each(&edit_courier);
            }
        }
        for shelved in self.shelf.values_mut() {
            edit_outbox(&mut shelved.outbox);
            edit_courier(&mut shelved.draft.courier);
        }
    }

    fn clear_away(&mut self) {
        let (settings, local_day, seed) = (self.settings, self.local_day, self.seed);
        let fresh = Self::new(settings, local_day).with_seed(seed);
        let (focused, last_chime) = (self.focused, self.last_chime);
        let (own_windows, notices) =
            (std::mem::take(&mut self.own_windows), std::mem::take(&mut self.notices));
        *self = Self { focused, own_windows, notices, last_chime, ..fresh };
    }
}
