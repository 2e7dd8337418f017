//! How an interaction comes to its end: *End* ends the session, *Done* closes the work; what came of it, what was noted, and
//! the facts attached to it.
//!
//! All of this is the owner's to change, and of whoever may take it from the place where it lies.

use serde::{Deserialize, Serialize};

use crate::{id::InteractionId, interaction::CaseDatum};

/// `GET` → [`Rules`].
pub const RULES: &str = "/v1/wrap-up";

/// The longest note, in UTF-8 bytes.
pub const MAX_NOTE_BYTES: usize = 4096;
/// The most facts that are attached to an interaction.
pub const MAX_CASE_DATA: usize = 100;
/// The longest value of a fact or an attribute, in UTF-8 bytes.
pub const MAX_VALUE_BYTES: usize = 1024;
/// For how long *Done* can be taken back, in seconds, by the gateway's clock.
pub const UNDO_SECONDS: u32 = 10;

/// `POST`, no body: the session ends, the interaction stays for the work after it → [`Interaction`](crate::interaction::Interaction),
/// as it is now. Saying it twice is fine.
#[must_use]
pub fn end(interaction: InteractionId) -> String {
    format!("/v1/interactions/{interaction}/end")
}

/// `POST`, no body: *Done* was not meant → [`Interaction`](crate::interaction::Interaction), as it was before; the feed brings
/// the transcript. For [`UNDO_SECONDS`], and for as long as no later session has begun.
#[must_use]
pub fn undo_done(interaction: InteractionId) -> String {
    format!("/v1/interactions/{interaction}/done/undo")
}

/// `PUT`: [`PutNote`] → [`Interaction`](crate::interaction::Interaction), as it is now.
#[must_use]
pub fn note(interaction: InteractionId) -> String {
    format!("/v1/interactions/{interaction}/note")
}

/// `PUT`: [`PutCaseData`] → [`Interaction`](crate::interaction::Interaction), as it is now.
#[must_use]
pub fn case_data(interaction: InteractionId) -> String {
    format!("/v1/interactions/{interaction}/case-data")
}

/// `PUT`: [`PutDisposition`] → [`Interaction`](crate::interaction::Interaction), as it is now.
#[must_use]
pub fn disposition(interaction: InteractionId) -> String {
    format!("/v1/interactions/{interaction}/disposition")
}

/// A note as it is to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PutNote {
    /// The words; empty for none.
    pub text: String,
    /// The revision of the note that was on screen while it was written; 0 for none. If somebody else has changed it since, it
    /// is a [`Conflict`](crate::problem::ProblemCode::Conflict).
    pub based_on: u64,
}

/// What is to be changed in the facts attached to an interaction; others stay as they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PutCaseData {
    /// To be added or changed, by their keys.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub put: Vec<CaseDatum>,
    /// To be taken away, by their keys.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remove: Vec<String>,
}

/// What came of an interaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PutDisposition {
    /// The code of a [`Disposition`]; none takes it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// What the house wants of an interaction's end.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rules {
    /// What may come of an interaction: in the order in which it is shown, those above before those below.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dispositions: Vec<Disposition>,
    /// Whether one must be given before *Done*.
    #[serde(default)]
    pub disposition_required: bool,
    /// What facts of an interaction are called, and of which type they are; others are shown by their key, as text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub case_fields: Vec<Field>,
    /// The same of what is known of contacts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contact_fields: Vec<Field>,
    /// What the contact reads when an agent ends the session; none for nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub farewell: Option<String>,
}

/// Something that may come of an interaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Disposition {
    /// What it is kept as.
    pub code: String,
    /// What people read.
    pub name: String,
    /// The code of the one under which it stands. One that others stand under can't be given itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
}

/// A fact as it is shown and checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Field {
    /// What it is kept as.
    pub key: String,
    /// What people read.
    pub name: String,
    /// What its values are.
    #[serde(flatten)]
    pub kind: FieldKind,
}

/// What the values of a field are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum FieldKind {
    /// Any text.
    Text,
    /// A number with an optional decimal point.
    Number,
    /// A day, as `2026-11-28`.
    Date,
    /// `yes` or `no`.
    YesNo,
    /// One of these.
    Choice {
        /// In the order in which they are shown.
        choices: Vec<String>,
    },
    /// A web address, http or https.
    Link,
    /// A type of a newer gateway; shown as text, not changed.
    #[serde(other)]
    Unknown,
}
