//! A session as one agent handles it: what it is, where it stands, what is attached to it.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    agent::Colleague,
    contact::{BusinessNumber, Contact},
    id::{AgentId, InteractionId, SessionId, WorkbinId},
};

/// The media type id of every interaction here.
pub const MEDIA_TYPE: &str = "whatsappsession";

/// Where an interaction came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Origin {
    /// The contact wrote first.
    Inbound,
    /// An agent began it.
    Outbound,
    /// An origin of a newer gateway.
    #[serde(other)]
    Unknown,
}

/// Where an interaction stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "phase", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Phase {
    /// Waits for an agent to become available.
    Queued,
    /// Held out to an agent, who takes it or lets it go; the owner is whoever it is offered to.
    Offered {
        /// When it goes on to somebody else, by the gateway's clock.
        until: DateTime<Utc>,
    },
    /// In an agent's hands.
    Open,
    /// The session is over, the interaction not yet done.
    Ended,
    /// Put away to be handled later; the session lives on, and nobody owns it.
    InWorkbin {
        /// Where.
        workbin: WorkbinId,
    },
    /// Closed for good.
    Done,
    /// A phase of a newer gateway; shown, not acted upon.
    #[serde(other)]
    Unknown,
}

/// A fact attached to an interaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CaseDatum {
    /// What it is called, such as `Order`.
    pub key: String,
    /// What it is.
    pub value: String,
}

/// How an interaction came to lie in its workbin, or in the last one that it lay in: what was said then is for whoever opens it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stored {
    /// Since when, by the gateway's clock.
    pub since: DateTime<Utc>,
    /// Whose it was before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Colleague>,
    /// What they said when they put it away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// When somebody is to look at it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remind_at: Option<DateTime<Utc>>,
}

/// What an agent noted about an interaction, for whoever opens it next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Note {
    /// The words; up to [`MAX_NOTE_BYTES`](crate::wrap_up::MAX_NOTE_BYTES).
    pub text: String,
    /// Rises with every change; see [`PutNote`](crate::wrap_up::PutNote).
    pub revision: u64,
    /// Who changed it last.
    pub by: String,
    /// When, by the gateway's clock.
    pub at: DateTime<Utc>,
}

/// The time in which WhatsApp lets a business write freely: 24 hours from the contact's last message, by WhatsApp's own
/// timestamp of that message (WhatsApp Cloud API, customer service window).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ServiceWindow {
    /// WhatsApp's timestamp of the contact's last message; none if they never wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_inbound_at: Option<DateTime<Utc>>,
}

impl ServiceWindow {
    /// How long the window stays open after a message of the contact.
    pub const LENGTH: TimeDelta = TimeDelta::hours(24);

    /// When the window closes or closed; none if it never was open.
    #[must_use]
    pub fn closes_at(self) -> Option<DateTime<Utc>> {
        self.last_inbound_at.map(|at| at + Self::LENGTH)
    }

    /// How much is left of it at `now`; none if it is closed.
    #[must_use]
    pub fn left(self, now: DateTime<Utc>) -> Option<TimeDelta> {
        self.closes_at().map(|at| at - now).filter(|left| *left > TimeDelta::zero())
    }
}

/// One piece of work, from the contact's first message to *Done*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Interaction {
    /// What it is called by.
    pub id: InteractionId,
    /// The exchange it belongs to.
    pub session: SessionId,
    /// The customer.
    pub contact: Contact,
    /// Which of our numbers they wrote to.
    pub business_number: BusinessNumber,
    /// Where it came from.
    pub origin: Origin,
    /// Where it stands.
    #[serde(flatten)]
    pub phase: Phase,
    /// Whose it is; none while it is queued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<AgentId>,
    /// When the contact's first message was stored, by the gateway's clock.
    pub created_at: DateTime<Utc>,
    /// When its owner got it, by the gateway's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assigned_at: Option<DateTime<Utc>>,
    /// When the first message that nobody has answered was stored, by the gateway's clock; none if all is answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending_since: Option<DateTime<Utc>>,
    /// In which time the contact may be written to freely.
    #[serde(default)]
    pub window: ServiceWindow,
    /// Facts attached to it, in the order in which they are shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub case_data: Vec<CaseDatum>,
    /// How it came to lie in a workbin; none while it lies in none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stored: Option<Stored>,
    /// When its session ended, by the gateway's clock; none while that goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<DateTime<Utc>>,
    /// What was noted about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
    /// What came of it: the code of a [`Disposition`](crate::wrap_up::Disposition).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disposition: Option<String>,
    /// Rises with every change, so that an older picture never replaces a newer one.
    pub revision: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_closes_a_day_after_the_last_message() {
        let at = DateTime::UNIX_EPOCH;
        let window = ServiceWindow { last_inbound_at: Some(at) };
        assert_eq!(window.left(at), Some(TimeDelta::hours(24)));
        assert_eq!(window.left(at + TimeDelta::hours(23)), Some(TimeDelta::hours(1)));
        assert_eq!(window.left(at + TimeDelta::hours(24)), None);
        assert_eq!(ServiceWindow::default().left(at), None);
    }
}
