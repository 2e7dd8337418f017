//! What an agent is writing and has not sent: it follows them from machine to machine.
//!
//! Each writing of it names the revision it is based on. If another machine has written in between, the newer words stand
//! and the others are set aside, for the agent to take up or to drop: nothing that was typed is thrown away.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::id::MessageId;

/// How many drafts are set aside at most; the oldest goes first.
pub const MAX_ASIDE: usize = 5;

/// The longest draft that is kept, in UTF-8 bytes: some sixteen messages.
pub const MAX_DRAFT_BYTES: usize = 64 * 1024;

/// Words that were typed on some machine.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Written {
    /// The words; empty for none.
    pub text: String,
    /// The message they answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<MessageId>,
    /// When they were last changed, by the gateway's clock as the desktop knows it.
    pub at: DateTime<Utc>,
    /// What the machine is called.
    #[serde(default)]
    pub device: String,
}

/// What stands in the composer of one interaction, for one agent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Draft {
    /// Rises with every change.
    pub revision: u64,
    /// The words that stand.
    #[serde(flatten)]
    pub written: Written,
    /// Words of other machines that were overtaken, newest first; at most [`MAX_ASIDE`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aside: Vec<Written>,
}
