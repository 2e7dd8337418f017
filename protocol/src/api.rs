//! Each call a desktop makes: where it goes, what it carries, what comes back.
//!
//! All bodies are JSON. All calls but [`SIGN_IN`] and [`HEALTH`] carry `Authorization: Bearer …`. A refusal is a
//! [`Problem`](crate::problem::Problem) with a status of 400 or above.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    agent::{Agent, AgentStatus, StatusSince},
    event::Cursor,
    id::{ClientRef, InteractionId, MessageId},
    interaction::Interaction,
    message::Message,
};

/// The number of this protocol. A desktop works with a gateway of the same number.
pub const PROTOCOL: u32 = 1;

/// `POST`: [`SignIn`] → [`SignedIn`].
pub const SIGN_IN: &str = "/v1/sign-in";
/// `POST`, no body: gives the token back → 204.
pub const SIGN_OUT: &str = "/v1/sign-out";
/// `GET`, query [`PollQuery`] → [`EventPage`](crate::event::EventPage). Waits until there is something or the time is over.
pub const EVENTS: &str = "/v1/events";
/// `PUT`: [`SetStatus`] → [`StatusSince`].
pub const STATUS: &str = "/v1/status";
/// `GET` → [`Health`]; says nothing but that the process lives.
pub const HEALTH: &str = "/v1/health";
/// `GET` → [`Health`], or 503 if the store can't be written.
pub const READINESS: &str = "/v1/ready";

/// `POST`: [`SendMessage`] → 202 [`SendAccepted`]. The same client reference is taken in once, however often it comes.
#[must_use]
pub fn messages(interaction: InteractionId) -> String {
    format!("/v1/interactions/{interaction}/messages")
}

/// `POST`, no body: *Try again* for a failed message → 202 [`SendAccepted`].
#[must_use]
pub fn retry(interaction: InteractionId, message: MessageId) -> String {
    format!("/v1/interactions/{interaction}/messages/{message}/retry")
}

/// `POST`, no body: *Done* → 204.
#[must_use]
pub fn done(interaction: InteractionId) -> String {
    format!("/v1/interactions/{interaction}/done")
}

/// The call that signs in.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignIn {
    /// Who.
    pub user_name: String,
    /// The password, as typed.
    pub password: String,
    /// What to call this desktop in the list of sign-ins, such as the computer's name.
    #[serde(default)]
    pub device: String,
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignIn").field("user_name", &self.user_name).finish_non_exhaustive()
    }
}

/// What signing in gives.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedIn {
    /// The bearer token: opaque, to be kept secret.
    pub token: String,
    /// When it ends at the latest.
    pub expires_at: DateTime<Utc>,
    /// Who signed in.
    pub agent: Agent,
    /// Their status.
    pub status: StatusSince,
    /// The gateway's clock.
    pub now: DateTime<Utc>,
    /// The gateway's [`PROTOCOL`].
    pub protocol: u32,
}

impl std::fmt::Debug for SignedIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignedIn").field("agent", &self.agent).finish_non_exhaustive()
    }
}

/// How to poll.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PollQuery {
    /// The place up to which everything is held; none asks for a snapshot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Cursor>,
    /// How many seconds to wait for something to happen; the gateway caps it.
    #[serde(default)]
    pub wait_seconds: u32,
}

/// A status to take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetStatus {
    /// Which.
    #[serde(flatten)]
    pub status: AgentStatus,
}

/// What an agent wants said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum OutgoingBody {
    /// Words: 1 to [`MAX_TEXT_BYTES`](crate::message::MAX_TEXT_BYTES) bytes, not white space alone.
    Text {
        /// The words.
        text: String,
    },
}

/// A message to send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SendMessage {
    /// The desktop's own name for it; the same for every repetition of this call.
    pub client_ref: ClientRef,
    /// What it says.
    pub body: OutgoingBody,
    /// What it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<MessageId>,
}

/// The gateway has the message, on disk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SendAccepted {
    /// As stored.
    pub message: Message,
    /// The interaction right after the message was taken in: the pending response is answered.
    pub interaction: Interaction,
}

/// A sign of life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Health {
    /// The gateway's version.
    pub version: String,
    /// The gateway's [`PROTOCOL`].
    pub protocol: u32,
    /// The gateway's clock.
    pub now: DateTime<Utc>,
}
