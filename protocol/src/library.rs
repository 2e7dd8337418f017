//! How the library of standard responses and the templates come to a desktop, and how both are looked after.
//!
//! Everything in the library carries the number of its last change; the numbers rise over the whole library. A desktop holds
//! everything up to a number and asks for what came after ([`LIBRARY`]); [`Event::LibraryChanged`](crate::event::Event) says
//! that there is something. So ten thousand responses come once, and a change costs one small call.
//!
//! Everybody may look after their own responses; those of the house, and the categories, whoever leads a team. What is asked
//! twice is done once: ids are drawn by the desktop.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    id::{CategoryId, ResponseId, TemplateId},
    response::{Category, ResponseContent, StandardResponse},
    template::Template,
};

/// `GET`, query [`LibraryQuery`] → [`LibraryPage`].
pub const LIBRARY: &str = "/v1/library";
/// `GET` → [`Usage`]; for whoever leads a team.
pub const USAGE: &str = "/v1/library/usage";
/// `PUT`: [`Favourites`] → 204.
pub const FAVOURITES: &str = "/v1/library/favourites";
/// `POST`, query [`ImportQuery`], body: the text of the file → [`ImportReport`]; for whoever leads a team. Up to
/// [`MAX_IMPORT_BYTES`].
pub const IMPORT: &str = "/v1/library/import";
/// `GET`, query [`ExportQuery`] → the text of a file.
pub const EXPORT: &str = "/v1/library/export";
/// `POST`: [`BeginUpload`](crate::upload::BeginUpload) → [`Upload`](crate::upload::Upload): a file for a response or for the
/// header of a notification; its pieces go where those of other files go.
pub const LIBRARY_UPLOADS: &str = "/v1/library/uploads";
/// `POST`, no body: ask WhatsApp for the templates now → 202; the answer comes as a change of the library.
pub const REFRESH_TEMPLATES: &str = "/v1/templates/refresh";

/// The longest file that is imported, in bytes.
pub const MAX_IMPORT_BYTES: usize = 16 * 1024 * 1024;
/// The most things that a page of the library holds.
pub const MAX_LIBRARY_PAGE: u32 = 1000;

/// `PUT`: [`PutCategory`] → [`Category`]. `DELETE` → 204; what stands in it moves up to where it stood.
#[must_use]
pub fn category(category: CategoryId) -> String {
    format!("/v1/library/categories/{category}")
}

/// `PUT`: [`PutResponse`] → [`StandardResponse`]. `DELETE` → 204.
#[must_use]
pub fn response(response: ResponseId) -> String {
    format!("/v1/library/responses/{response}")
}

/// `GET` → [`Versions`].
#[must_use]
pub fn versions(response: ResponseId) -> String {
    format!("/v1/library/responses/{response}/versions")
}

/// How far the library is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LibraryQuery {
    /// Everything up to this change is held; 0 for nothing.
    #[serde(default)]
    pub after: u64,
    /// Which library that was, from the last page; another one (a restored database) is told from its beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<u32>,
}

/// What came after.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LibraryPage {
    /// Which library this is.
    pub epoch: u32,
    /// Whether it begins at the beginning: what is held and not told again is gone.
    pub whole: bool,
    /// Categories that are new or have changed, in the order of their names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<Category>,
    /// Categories that are gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories_removed: Vec<CategoryId>,
    /// Responses that are new or have changed, also those that are not offered just now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub responses: Vec<StandardResponse>,
    /// Responses that are gone, or no longer this agent's to see.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub responses_removed: Vec<ResponseId>,
    /// Templates that are new or have changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub templates: Vec<Template>,
    /// Templates that are gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub templates_removed: Vec<TemplateId>,
    /// This agent's favourites, all of them, in their order.
    #[serde(default)]
    pub favourites: Vec<ResponseId>,
    /// What this agent used last, newest first; at most 20.
    #[serde(default)]
    pub recent: Vec<ResponseId>,
    /// Everything up to this change is held now.
    pub next: u64,
    /// Whether there is more.
    pub more: bool,
}

/// A category as it is to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PutCategory {
    /// Where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<CategoryId>,
    /// What it is called.
    pub name: String,
}

/// A response as it is to be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PutResponse {
    /// The version that was on screen while it was changed; 0 for a new one. If somebody else has changed it since, it is a
    /// [`Conflict`](crate::problem::ProblemCode::Conflict).
    pub based_on: u32,
    /// What it is to be.
    #[serde(flatten)]
    pub content: ResponseContent,
}

/// What a response was.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Versions {
    /// Newest first, with that of now.
    pub versions: Vec<StandardResponse>,
}

/// An agent's favourites.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Favourites {
    /// In their order.
    pub responses: Vec<ResponseId>,
}

/// How often responses were used.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Usage {
    /// Those that ever were, most used first.
    pub responses: Vec<ResponseUsage>,
}

/// How often a response was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResponseUsage {
    /// Which.
    pub response: ResponseId,
    /// In how many messages, by all agents.
    pub uses: u64,
    /// By how many agents.
    pub agents: u32,
    /// When last, by the gateway's clock.
    pub last_used_at: DateTime<Utc>,
}

/// The form of a file with responses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum LibraryForm {
    /// Comma-separated values (RFC 4180), UTF-8, with a line of names: opens in a spreadsheet.
    Csv,
    /// JSON: everything.
    Json,
    /// TOML, as in `config/responses.toml`: to be written by hand.
    Toml,
}

/// What is to be exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExportQuery {
    /// In which form.
    pub form: LibraryForm,
}

/// What is to be imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportQuery {
    /// In which form it is.
    pub form: LibraryForm,
    /// Whether to say what would happen, and do nothing.
    #[serde(default)]
    pub dry_run: bool,
    /// Whether to import the good rows though others are rejected. Without it one bad row means that nothing is imported.
    #[serde(default)]
    pub skip_rejected: bool,
}

/// What became of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ImportReport {
    /// Whether it was done.
    pub done: bool,
    /// How many responses are new.
    pub added: u32,
    /// How many were there and have changed.
    pub changed: u32,
    /// How many were there already as they are.
    pub unchanged: u32,
    /// What was not taken, in the order of the file.
    pub rejected: Vec<RejectedRow>,
}

/// A response of a file that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RejectedRow {
    /// Which: in a CSV its line, elsewhere the how-manieth it is, both from 1; 0 for the file itself.
    pub row: u32,
    /// Its name, as far as it has one.
    pub name: String,
    /// Why, in a sentence.
    pub reason: String,
}
