//! What a refusal looks like on the wire: a code to act upon and a sentence to show.

use serde::{Deserialize, Serialize};

/// What went wrong. Programs match on this, people read [`Problem::detail`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ProblemCode {
    /// The request is not of the form this call takes.
    BadRequest,
    /// The user name or the password is wrong, or the account is disabled.
    WrongCredentials,
    /// No token, or one that is unknown, expired or revoked: sign in.
    SignedOut,
    /// Too many attempts: wait [`Problem::retry_after_seconds`].
    TooManyAttempts,
    /// There is no such thing, or it is not this agent's to see.
    NotFound,
    /// It is there for others to do: for whoever leads a team.
    NotAllowed,
    /// The thing has moved on; the desktop's picture of it is old.
    Conflict,
    /// What came of the interaction must be said first.
    DispositionMissing,
    /// The workbin is full.
    Full,
    /// The text is empty, too long, or holds what WhatsApp does not take.
    UnacceptableBody,
    /// The reply window is closed: only a notification may be sent.
    WindowClosed,
    /// The request is larger than this call takes.
    TooLarge,
    /// The gateway can't do it just now: try again.
    Unavailable,
    /// The gateway met a fault of its own.
    Internal,
    /// A code of a newer gateway.
    #[serde(other)]
    Unknown,
}

impl ProblemCode {
    /// Whether the same request may succeed later without anybody doing anything.
    #[must_use]
    pub const fn is_passing(self) -> bool {
        matches!(self, Self::TooManyAttempts | Self::Unavailable | Self::Internal)
    }
}

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{detail}")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// What went wrong.
    pub code: ProblemCode,
    /// A sentence for people, without customer data.
    pub detail: String,
    /// When trying again makes sense.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_seconds: Option<u32>,
}

impl Problem {
    /// A refusal without a time to wait.
    #[must_use]
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), retry_after_seconds: None }
    }
}
