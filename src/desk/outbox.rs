//! Messages that have not reached the gateway yet: in order, one in flight per conversation, kept in the journal.

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    delivery::DeliveryFailure,
    id::{ClientRef, MessageId},
};

/// Where a message that the gateway does not have yet stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutgoingState {
    /// Waits for its turn, or for the next try.
    Waiting {
        /// How often it was tried in vain.
        tries: u32,
        /// Not before.
        next_at: DateTime<Utc>,
    },
    /// The call is under way.
    InFlight {
        /// How often it was tried before.
        tries: u32,
    },
    /// The gateway refused it.
    Refused(DeliveryFailure),
}

/// A message that the gateway does not have yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Our own name for it.
    pub client_ref: ClientRef,
    /// The words.
    pub text: String,
    /// What it answers.
    pub quote: Option<MessageId>,
    /// When the agent pressed Enter.
    pub written_at: DateTime<Utc>,
    /// Where it stands.
    pub state: OutgoingState,
}
