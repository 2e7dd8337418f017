//! Where interactions lie that nobody handles just now, and how that is told to desktops.
//!
//! A place is a workbin (personal, shared, a team's) or the queue of a business number. Everything that lies in one carries the
//! number of its last change; the numbers rise over all places. A desktop holds everything up to a number and asks for what
//! came after ([`CHANGES`]); a poll that names the newest number it heard of ends when there is a newer one
//! ([`PollQuery`](crate::api::PollQuery)). So fifty thousand items come once, are sorted and filtered where they are shown,
//! and can be read while the gateway is away.
//!
//! What an agent may see changes with their team and with the configuration: [`Changes::view`] is another one then, and
//! what is held is told from its beginning.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    agent::{AgentStatus, Colleague},
    id::{AgentId, BusinessNumberId, InteractionId, WorkbinId},
    interaction::Interaction,
};

/// `GET`, query [`ChangesQuery`] → [`Changes`].
pub const CHANGES: &str = "/v1/workbins/changes";
/// `GET` → [`Colleagues`]: to whom work can be given, and who worked here before.
pub const COLLEAGUES: &str = "/v1/colleagues";

/// The most items that a page of changes holds.
pub const MAX_CHANGES: u32 = 500;
/// The longest comment that goes with an interaction into a workbin, in characters.
pub const MAX_COMMENT_CHARS: usize = 500;
/// The longest line that is told of a last message, in characters.
pub const MAX_LINE_CHARS: usize = 160;

/// `POST`: [`MoveToWorkbin`] → [`Interaction`], as it is now. By its owner, or by whoever may take it from where it lies.
#[must_use]
pub fn to_workbin(interaction: InteractionId) -> String {
    format!("/v1/interactions/{interaction}/workbin")
}

/// `POST`, no body: take it from its workbin or queue → [`Interaction`], as it is now; the feed brings the transcript. If
/// somebody else was quicker, it is a [`Conflict`](crate::problem::ProblemCode::Conflict) that names them. Saying it twice is fine.
#[must_use]
pub fn open(interaction: InteractionId) -> String {
    format!("/v1/interactions/{interaction}/open")
}

/// `POST`, no body: put it back where it was opened from → [`Interaction`], as it is now.
#[must_use]
pub fn put_back(interaction: InteractionId) -> String {
    format!("/v1/interactions/{interaction}/put-back")
}

/// `POST`: [`Assign`] → [`Interaction`], as it is now; by its owner, or by whoever may take it from where it lies.
#[must_use]
pub fn assign(interaction: InteractionId) -> String {
    format!("/v1/interactions/{interaction}/assign")
}

/// `POST`, no body: take what is [offered](crate::interaction::Phase::Offered) → [`Interaction`], as it is now.
#[must_use]
pub fn accept(interaction: InteractionId) -> String {
    format!("/v1/interactions/{interaction}/accept")
}

/// `POST`, no body: let go of what is [offered](crate::interaction::Phase::Offered) → 204; it goes on to somebody else.
#[must_use]
pub fn reject(interaction: InteractionId) -> String {
    format!("/v1/interactions/{interaction}/reject")
}

/// Whose a workbin is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum WorkbinKind {
    /// One agent's own.
    Personal {
        /// Whose.
        owner: Colleague,
        /// Their team.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        team: Option<String>,
    },
    /// A team's.
    Team {
        /// Which, by its name.
        team: String,
    },
    /// Everybody's.
    Shared,
    /// A kind of a newer gateway.
    #[serde(other)]
    Unknown,
}

/// Where interactions lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "place", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Place {
    /// In a workbin.
    Workbin {
        /// Which.
        workbin: WorkbinId,
    },
    /// In the queue of a business number.
    Queue {
        /// Of which.
        number: BusinessNumberId,
    },
}

/// What somebody may do with what lies in a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Right {
    /// Put something there, without seeing what lies in it.
    Put,
    /// See it, too.
    See,
    /// And take it, move it, give it away, mark it done.
    Take,
}

/// A place as an agent sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlaceInfo {
    /// Which.
    #[serde(flatten)]
    pub place: Place,
    /// What it is called.
    pub name: String,
    /// Whose it is, if it is a workbin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whose: Option<WorkbinKind>,
    /// What this agent may do there.
    pub right: Right,
    /// How many interactions may lie there; none for as many as come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// After how many hours what lies there is shown as too old; none for never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stale_after_hours: Option<u32>,
}

/// The places an agent may see.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Places {
    /// Their own first, then shared ones, then teams', then queues; by name in each.
    pub places: Vec<PlaceInfo>,
    /// The workbin into which their interactions go at log-off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<WorkbinId>,
}

/// An interaction that lies in a place, as a line of a list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WorkbinItem {
    /// The interaction.
    pub interaction: Interaction,
    /// Where it lies.
    #[serde(flatten)]
    pub place: Place,
    /// What was said last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<LastMessage>,
    /// How many messages of the contact came since an agent last had it open.
    #[serde(default)]
    pub unread: u32,
    /// Who had it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_agent: Option<Colleague>,
}

/// What was said last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LastMessage {
    /// The beginning of it as plain text, at most [`MAX_LINE_CHARS`].
    pub line: String,
    /// Whether the contact said it.
    pub by_contact: bool,
    /// When.
    pub at: DateTime<Utc>,
}

/// How far what lies in the places is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangesQuery {
    /// Everything up to this change is held; 0 for nothing.
    #[serde(default)]
    pub after: u64,
    /// [`Changes::view`] of the last page; another one is told from its beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub view: Option<u64>,
}

/// What came after.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Changes {
    /// Of which database this is, and what of it this agent may see: changes when either does.
    pub view: u64,
    /// Whether it begins at the beginning: what is held and not told again is gone.
    pub whole: bool,
    /// The places, whenever this page is the first of a telling from the beginning, or they have changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub places: Option<Places>,
    /// What is new or has changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<WorkbinItem>,
    /// What lies in no place any more that this agent may see.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<InteractionId>,
    /// Everything up to this change is held now.
    pub next: u64,
    /// Whether there is more.
    pub more: bool,
}

/// An interaction is put away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MoveToWorkbin {
    /// Where to; none for the agent's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workbin: Option<WorkbinId>,
    /// What to say with it, up to [`MAX_COMMENT_CHARS`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// When somebody is to look at it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remind_at: Option<DateTime<Utc>>,
}

/// An interaction is given to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Assign {
    /// To whom. Whoever is not at work gets it into their own workbin.
    pub agent: AgentId,
}

/// Who works here, and who did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Colleagues {
    /// To whom work can be given, by name.
    pub colleagues: Vec<ColleagueState>,
    /// Who can't sign in any more, by name: what they handled is found by them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former: Vec<Colleague>,
}

/// A colleague and what they do just now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ColleagueState {
    /// Who.
    #[serde(flatten)]
    pub colleague: Colleague,
    /// Their team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// Their status.
    #[serde(flatten)]
    pub status: AgentStatus,
    /// How many interactions they have before them.
    pub open: u32,
}
