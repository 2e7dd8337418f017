//! The pending response: somebody waits, since when, and how badly.

use chrono::{DateTime, TimeDelta, Utc};
use waxwing_protocol::id::ClientRef;

/// When a pending response turns late, and when overdue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thresholds {
    /// After so long it is late (yellow).
    pub late_after: TimeDelta,
    /// After so long it is overdue (red, flashing).
    pub overdue_after: TimeDelta,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { late_after: TimeDelta::seconds(30), overdue_after: TimeDelta::seconds(50) }
    }
}

/// How badly the contact waits: computed, never stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PendingStage {
    /// Not long yet.
    Fresh,
    /// Past the first threshold.
    Late,
    /// Past the second.
    Overdue,
}

/// Whether the contact waits for an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PendingResponse {
    /// All is answered.
    #[default]
    None,
    /// Nobody has answered yet.
    Waiting {
        /// When the first unanswered message was stored, by the gateway's clock.
        since: DateTime<Utc>,
    },
    /// An answer is on its way to the gateway: the indicator is out, but comes back with its old start if that fails.
    Answering {
        /// The old start.
        since: DateTime<Utc>,
        /// The answer.
        client_ref: ClientRef,
    },
}

impl PendingResponse {
    /// Since when the contact waits, if the indicator is on.
    #[must_use]
    pub const fn waiting_since(self) -> Option<DateTime<Utc>> {
        match self {
            Self::Waiting { since } => Some(since),
            Self::None | Self::Answering { .. } => None,
        }
    }

    /// How long the contact has waited and how bad that is; none while the indicator is off.
    #[must_use]
    pub fn at(self, now: DateTime<Utc>, thresholds: Thresholds) -> Option<(TimeDelta, PendingStage)> {
        let waited = (now - self.waiting_since()?).max(TimeDelta::zero());
        let stage = if waited >= thresholds.overdue_after {
            PendingStage::Overdue
        } else if waited >= thresholds.late_after {
            PendingStage::Late
        } else {
            PendingStage::Fresh
        };
        Some((waited, stage))
    }
}
