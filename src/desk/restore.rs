//! What the journal kept from the last time.

use waxwing_protocol::{
    event::{Cursor, InteractionSnapshot},
    id::InteractionId,
};

use super::outbox::Outgoing;

/// What was kept. All of it belongs to one account on one gateway.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Restored {
    /// Whether a token was found: if so the desk starts polling at once.
    pub has_token: bool,
    /// The place up to which the interactions below are complete.
    pub cursor: Option<Cursor>,
    /// Interactions with their transcripts, as of the cursor.
    pub interactions: Vec<InteractionSnapshot>,
    /// What stood in the composers.
    pub drafts: Vec<(InteractionId, String)>,
    /// What had not reached the gateway, in order.
    pub outgoing: Vec<(InteractionId, Outgoing)>,
    /// How many messages of each interaction the agent had not seen.
    pub unread: Vec<(InteractionId, usize)>,
}
