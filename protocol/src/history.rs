//! How an interaction is found again: everything with one contact, everything an agent handled, everything that one may see;
//! and how a new chat is begun from there.
//!
//! An agent sees what they handled and what was said with any contact; whoever leads a team, what anybody handled.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    agent::Colleague,
    id::{AgentId, BusinessNumberId, ContactId, InteractionId, MessageId},
    interaction::Interaction,
};

/// `GET`, query [`HistoryQuery`] → [`HistoryPage`].
pub const HISTORY: &str = "/v1/history";
/// `POST`: [`NewChat`] → [`ChatBegun`]. The feed brings the transcript.
pub const CHATS: &str = "/v1/chats";

/// The most interactions that a page of the history holds.
pub const MAX_HISTORY_PAGE: u32 = 200;
/// The most contacts whose interactions are looked for by words for the contact.
pub const MAX_WHO: u32 = 1_000;
/// The most hits that are told of one interaction.
pub const MAX_HITS: usize = 3;

/// `GET` → [`InteractionRecord`]: an interaction of any phase, if this agent may see it. Its transcript may be read likewise.
#[must_use]
pub fn interaction(interaction: InteractionId) -> String {
    format!("/v1/interactions/{interaction}")
}

/// Which interactions are wanted; everything that is given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HistoryQuery {
    /// With this contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<ContactId>,
    /// With somebody who is found by these words: their name or number or what else the directory finds people by. Of those, the
    /// first [`MAX_WHO`] count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// Handled by this agent, among others perhaps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<AgentId>,
    /// On this number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<BusinessNumberId>,
    /// In this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<HistoryState>,
    /// Begun at or after this moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<DateTime<Utc>>,
    /// Begun before this moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<DateTime<Utc>>,
    /// Of which this came: the code of a disposition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disposition: Option<String>,
    /// With a fact of this key …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_key: Option<String>,
    /// … and this value; without it, of any value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_value: Option<String>,
    /// In which each of these words was said, in whatever case; the last one may be the beginning of a word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// Goes on behind this one: [`HistoryPage::next`] of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<InteractionId>,
    /// How many, 1 to [`MAX_HISTORY_PAGE`].
    pub limit: u32,
}

/// In which state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum HistoryState {
    /// In the queue, offered, open or in a workbin.
    Live,
    /// Ended, not done.
    Ended,
    /// Done.
    Done,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HistoryPage {
    /// Newest first.
    pub entries: Vec<HistoryEntry>,
    /// Where to go on; none if there is nothing more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<InteractionId>,
}

/// An interaction as a line of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HistoryEntry {
    /// The interaction.
    pub interaction: Interaction,
    /// Who handled it, the last one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agents: Vec<Colleague>,
    /// How many messages were exchanged.
    pub messages: u32,
    /// The beginning of what the contact or the agent said first, as plain text: what it is about, where nothing else says so.
    #[serde(default)]
    pub about: String,
    /// Where the words were found, newest first; at most [`MAX_HITS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hits: Vec<HistoryHit>,
}

/// Where words were found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HistoryHit {
    /// The message.
    pub message: MessageId,
    /// When it was sent.
    pub at: DateTime<Utc>,
    /// What stands around the words, as plain text.
    pub excerpt: String,
}

/// An interaction with all that happened to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InteractionRecord {
    /// As it is now.
    pub interaction: Interaction,
    /// Every step of its life, oldest first.
    pub steps: Vec<LifeStep>,
}

/// A step in the life of an interaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LifeStep {
    /// When, by the gateway's clock.
    pub at: DateTime<Utc>,
    /// Into which phase: the `phase` of [`Phase`](crate::interaction::Phase).
    pub phase: String,
    /// Whose it is then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Colleague>,
    /// Who did it; none if it happened by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Colleague>,
    /// Why.
    pub why: LifeReason,
}

/// Why an interaction went from one phase into another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum LifeReason {
    /// The contact wrote, and no session was under way.
    ContactWrote,
    /// The contact wrote while it lay in a workbin.
    ContactResumed,
    /// An agent began it.
    AgentBegan,
    /// It was its turn, and an agent had room.
    Routed,
    /// Nobody had room.
    NobodyFree,
    /// The agent took what was offered.
    Accepted,
    /// The agent did not want it.
    Rejected,
    /// The agent did not answer in time.
    Lapsed,
    /// An agent took it from where it lay.
    TakenUp,
    /// An agent put it away.
    PutAway,
    /// An agent put it back to where they had it from.
    PutBack,
    /// Somebody gave it to an agent.
    Assigned,
    /// The agent logged off, or their desktop was gone for too long.
    LoggedOff,
    /// An agent ended the session.
    AgentEnded,
    /// Nobody said anything for too long.
    WentQuiet,
    /// An agent closed the work.
    MarkedDone,
    /// That was not meant.
    Undone,
    /// A reason of a newer gateway.
    #[serde(other)]
    Unknown,
}

/// A chat that an agent begins, or goes on with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewChat {
    /// With whom.
    pub contact: ContactId,
    /// From which of our numbers.
    pub number: BusinessNumberId,
    /// The interaction it follows, whose facts it takes over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<InteractionId>,
}

/// A chat that was begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChatBegun {
    /// The interaction: a new one, or the one under way, now this agent's. If somebody else has that before them, it is a
    /// [`Conflict`](crate::problem::ProblemCode::Conflict) that names them.
    pub interaction: Interaction,
    /// Whether it was under way already.
    pub joined: bool,
}
