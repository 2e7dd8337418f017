//! Files of messages, as the gateway keeps them: WhatsApp forgets its own copy after days, so ours is the one that lasts.

use serde::{Deserialize, Serialize};

use crate::id::AttachmentId;

/// How getting our own copy of a file stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum AttachmentState {
    /// The gateway is getting it from WhatsApp.
    Fetching,
    /// It can be had from the gateway.
    Ready {
        /// How long it is.
        size_bytes: u64,
    },
    /// It can't be had.
    Failed {
        /// A sentence that says why, and what to do.
        reason: String,
    },
    /// A state of a newer gateway.
    #[serde(other)]
    Unknown,
}

/// A file that the gateway keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attachment {
    /// What it is called by.
    pub id: AttachmentId,
    /// How getting it stands.
    #[serde(flatten)]
    pub state: AttachmentState,
}
