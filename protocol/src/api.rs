//! Each call a desktop makes: where it goes, what it carries, what comes back.
//!
//! All bodies are JSON. All calls but [`SIGN_IN`] and [`HEALTH`] carry `Authorization: Bearer …`. A refusal is a
//! [`Problem`](crate::problem::Problem) with a status of 400 or above.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    agent::{Agent, AgentStatus, StatusSince},
    draft::Written,
    event::Cursor,
    id::{AttachmentId, ClientRef, InteractionId, MessageId, ResponseId, SessionId, TemplateId},
    interaction::{Interaction, Origin},
    message::{MediaKind, Message},
    slot::SlotValues,
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

/// `POST`, no body: *Done* → 204. Ends the session if it goes on. Where a disposition must be given and is missing, it is a
/// [`DispositionMissing`](crate::problem::ProblemCode::DispositionMissing).
#[must_use]
pub fn done(interaction: InteractionId) -> String {
    format!("/v1/interactions/{interaction}/done")
}

/// `GET`, query [`TranscriptQuery`] → [`TranscriptPage`]: what was said with this contact on this number, in this session
/// and in earlier ones.
#[must_use]
pub fn transcript(interaction: InteractionId) -> String {
    format!("/v1/interactions/{interaction}/transcript")
}

/// `GET`, query [`SearchQuery`] → [`SearchHits`]: where something was said with this contact on this number.
#[must_use]
pub fn search(interaction: InteractionId) -> String {
    format!("/v1/interactions/{interaction}/search")
}

/// `PUT`: [`React`] → 202 [`Message`], as it is now.
#[must_use]
pub fn reaction(interaction: InteractionId, message: MessageId) -> String {
    format!("/v1/interactions/{interaction}/messages/{message}/reaction")
}

/// `POST`, no body: try again to get the file of a contact's message that could not be had → 202 [`Message`], as it is now.
#[must_use]
pub fn fetch_again(interaction: InteractionId, message: MessageId) -> String {
    format!("/v1/interactions/{interaction}/messages/{message}/attachment")
}

/// `PUT`: [`MarkRead`] → 204. WhatsApp is told in the background.
#[must_use]
pub fn read(interaction: InteractionId) -> String {
    format!("/v1/interactions/{interaction}/read")
}

/// `POST`, no body: the agent is writing → 204. The contact sees it for up to 25 seconds or until something is sent; to
/// WhatsApp it also marks everything as read (Cloud API, typing indicators).
#[must_use]
pub fn typing(interaction: InteractionId) -> String {
    format!("/v1/interactions/{interaction}/typing")
}

/// `PUT`: [`PutDraft`] → [`Draft`](crate::draft::Draft), as it is now.
#[must_use]
pub fn draft(interaction: InteractionId) -> String {
    format!("/v1/interactions/{interaction}/draft")
}

/// `POST`: [`AddCard`] → [`Contact`](crate::contact::Contact), as it is now. What is there already is not added again.
#[must_use]
pub fn contact_details(interaction: InteractionId) -> String {
    format!("/v1/interactions/{interaction}/contact/details")
}

/// `GET` → the bytes of a file that is ready, as `application/octet-stream`; a `Range` of bytes may be asked for (RFC 9110, 14).
#[must_use]
pub fn attachment(attachment: AttachmentId) -> String {
    format!("/v1/attachments/{attachment}")
}

/// `GET` → a small picture of a file that has one, as JPEG or PNG: at most [`PREVIEW_SIDE`] pixels on its longest side.
#[must_use]
pub fn attachment_preview(attachment: AttachmentId) -> String {
    format!("/v1/attachments/{attachment}/preview")
}

/// The longest side of a preview, in pixels: twice what a bubble shows.
pub const PREVIEW_SIDE: u32 = 640;

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
    /// The newest change of the [`workbins`](crate::workbin) that was heard of: a newer one ends the waiting. None if
    /// workbins are not looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workbins: Option<u64>,
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum OutgoingBody {
    /// Words: 1 to [`MAX_TEXT_BYTES`](crate::message::MAX_TEXT_BYTES) bytes, not white space alone.
    Text {
        /// The words.
        text: String,
    },
    /// A file: one that this agent [uploaded](crate::upload), or one of a message that they can see.
    Media {
        /// Which.
        attachment: AttachmentId,
        /// What it is sent as.
        kind: MediaKind,
        /// Text under it: at most [`MAX_CAPTION_CHARS`](crate::message::MAX_CAPTION_CHARS) characters; for pictures, films
        /// and documents.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        caption: Option<String>,
        /// What the contact sees as its name; for documents.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        file_name: Option<String>,
        /// Whether it is shown as a voice note.
        #[serde(default)]
        voice: bool,
    },
    /// A structured message; also while the reply window is closed.
    Notification {
        /// The template.
        template: TemplateId,
        /// What stands in its slots; see [`fill`](crate::notification::fill).
        #[serde(default)]
        #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, crate::slot::SlotValue>))]
        values: SlotValues,
    },
}

/// A message to send.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SendMessage {
    /// The desktop's own name for it; the same for every repetition of this call.
    pub client_ref: ClientRef,
    /// What it says.
    pub body: OutgoingBody,
    /// What it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<MessageId>,
    /// The standard responses that went into it; each is counted once as used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub responses: Vec<ResponseId>,
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

/// How many messages a page of a transcript holds at most.
pub const MAX_PAGE: u32 = 500;

/// Which part of a transcript is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum TranscriptPart {
    /// What was said just before a message.
    Before,
    /// What was said just after a message.
    After,
    /// A message and what stands around it.
    Around,
}

/// Which part of a transcript is wanted: relative to `message`, or to the moment `at`. With neither, *before* begins at the end
/// and *after* at the beginning; *around* nothing is an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TranscriptQuery {
    /// Where it lies from there.
    pub part: TranscriptPart,
    /// The message it is told from; it must belong to the same contact and number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<MessageId>,
    /// The moment it is told from, where no message is given: the first message at or after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// How many messages, 1 to [`MAX_PAGE`].
    pub limit: u32,
    /// How many sessions earlier than that of `message` may be gone into; none for as many as there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sessions: Option<u32>,
}

/// A session as a line in the transcript tells of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionMark {
    /// Which.
    pub session: SessionId,
    /// The interaction it was handled as.
    pub interaction: InteractionId,
    /// Whether the contact or an agent began it.
    pub origin: Origin,
    /// When it began, by the gateway's clock.
    pub started_at: DateTime<Utc>,
    /// When it ended; none while it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<DateTime<Utc>>,
    /// Who handled it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
}

/// A part of a transcript.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TranscriptPage {
    /// Oldest first, without gaps.
    pub messages: Vec<Message>,
    /// The sessions these belong to, oldest first.
    pub sessions: Vec<SessionMark>,
    /// Whether there is something older.
    pub older: bool,
    /// Whether there is something newer.
    pub newer: bool,
}

/// What to look for in a transcript.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SearchQuery {
    /// Words as typed: each must be there, somewhere in the message, in whatever case.
    pub words: String,
}

/// Where it was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SearchHits {
    /// The messages, newest first.
    pub messages: Vec<MessageId>,
    /// Whether there are more than were told.
    pub more: bool,
}

/// An emoji to put on a message, or to take off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct React {
    /// Exactly one emoji; none takes ours off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emoji: Option<String>,
}

/// How far an agent has read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MarkRead {
    /// The newest message of the contact that the agent has really seen.
    pub up_to: MessageId,
}

/// What stands in a composer now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PutDraft {
    /// The words.
    #[serde(flatten)]
    pub written: Written,
    /// The revision of the draft that was on screen while they were typed; 0 for none.
    pub based_on: u64,
    /// Words set aside that the agent has taken up or dropped, by their `at`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settled: Vec<DateTime<Utc>>,
}

/// A card of a message whose particulars are to be added to the contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AddCard {
    /// The message that holds the card.
    pub message: MessageId,
    /// Which of its cards, from 0.
    pub card: u32,
}
