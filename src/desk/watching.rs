//! The list that the agent looks at is renewed while it stays open.
//!
//! The feed tells of this agent's interactions and of workbins; of contacts and interactions of others nobody tells. So a list
//! is asked for anew a few seconds after anything was heard that may have changed it, and every half minute anyway; only while it
//! is on screen and the window has the focus. Where the reader is and what they chose stays.

use chrono::{DateTime, Utc};
use waxwing_protocol::event::Event;

use super::{Desk, past::PastList, turn::Turn};

/// A list that is on screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watched {
    /// The directory of contacts.
    Contacts,
    /// Past interactions.
    Past(PastList),
}

/// Whether it may change a list of contacts or of interactions.
pub(super) const fn is_news(event: &Event) -> bool {
    matches!(
        event,
        Event::InteractionAdded { .. }
            | Event::InteractionChanged { .. }
            | Event::InteractionRemoved { .. }
            | Event::ContactChanged { .. }
    )
}

impl Desk {
    /// Something was heard that may have changed any list.
    pub(super) fn hear_of_lists(&mut self) {
        self.directory.hear();
        self.past.hear();
    }

    /// The gateway is there again: what could not be had while it was away is asked for once more.
    pub(super) fn retry_lists(&mut self, turn: &mut Turn) {
        self.past.retry(turn.now);
        self.retry_directory(turn);
    }

    /// When the list that is looked at is renewed.
    pub(super) fn renew_at(&self) -> Option<DateTime<Utc>> {
        match self.watched.filter(|_| self.is_signed_in())? {
            Watched::Contacts => self.directory.list().renew_at(),
            Watched::Past(list) => self.past.list(list)?.renew_at(),
        }
    }

    /// Renews the list that is looked at, if it is time.
    pub(super) fn renew_if_due(&mut self, turn: &mut Turn) {
        if self.renew_at().is_none_or(|at| at > turn.now) {
            return;
        }
        match self.watched {
            Some(Watched::Contacts) => self.renew_contacts(turn),
            Some(Watched::Past(list)) => self.renew_past(list, turn),
            None => {}
        }
    }
}
