//! The connection to the gateway, and who is signed in.

use chrono::{DateTime, Utc};
use waxwing_protocol::agent::{Agent, StatusSince};

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
