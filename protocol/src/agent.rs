//! Who answers customers, and whether they can be given work just now.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::id::AgentId;

/// What somebody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Role {
    /// Answers customers.
    Agent,
    /// Looks after agents, and may answer too.
    TeamLead,
    /// A role of a newer gateway.
    #[serde(other)]
    Unknown,
}

/// Somebody who works here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Agent {
    /// What they are called by in calls and logs.
    pub id: AgentId,
    /// What they sign in with.
    pub user_name: String,
    /// What colleagues read; never sent to a customer by itself.
    pub display_name: String,
    /// What they may do.
    pub role: Role,
    /// How many interactions they are given at most at once.
    pub capacity: u32,
    /// The team they belong to, by its name; none for nobody's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
}

/// Somebody who works here, as others need to know them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Colleague {
    /// What they are called by in calls and logs.
    pub id: AgentId,
    /// What colleagues read.
    pub display_name: String,
}

/// Whether an agent can be given work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum AgentStatus {
    /// Takes new interactions.
    Ready,
    /// Takes no new interactions.
    NotReady {
        /// Why, in the agent's own or configured words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Finishes the work that follows an interaction; takes no new ones.
    AfterCallWork,
    /// Takes nothing and wants not to be disturbed.
    DoNotDisturb,
    /// Not at work.
    SignedOut,
    /// A status of a newer gateway; takes no new interactions.
    #[serde(other)]
    Unknown,
}

impl AgentStatus {
    /// Whether new interactions may be given to an agent of this status.
    #[must_use]
    pub const fn is_ready(&self) -> bool {
        matches!(self, Self::Ready)
    }
}

/// A status and the gateway's time at which it began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StatusSince {
    /// The status.
    #[serde(flatten)]
    pub status: AgentStatus,
    /// When it began, by the gateway's clock.
    pub since: DateTime<Utc>,
}
