//! Everybody who ever wrote, or was written to: looked for, looked at, changed, made one.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    contact::{BusinessNumber, Contact, ContactAttribute, ContactDetail},
    id::{ContactId, MergeId},
};

/// `GET`, query [`DirectoryQuery`] → [`DirectoryPage`]. `POST`: [`NewContact`] → [`Contact`].
pub const CONTACTS: &str = "/v1/contacts";
/// `PUT`: [`FavouriteContacts`] → 204.
pub const FAVOURITE_CONTACTS: &str = "/v1/contacts/favourites";
/// `POST`, query [`ContactsForm`], body: the text of the file →
/// [`ImportReport`](crate::library::ImportReport); for whoever leads a team.
pub const IMPORT_CONTACTS: &str = "/v1/contacts/import";
/// `GET`, query [`ContactsForm`] → the text of a file; for whoever leads a team.
pub const EXPORT_CONTACTS: &str = "/v1/contacts/export";
/// `POST`: [`Merge`] → [`Merged`].
pub const MERGES: &str = "/v1/contacts/merges";
/// `GET` → [`Numbers`]: from which of our numbers a chat can be begun.
pub const NUMBERS: &str = "/v1/numbers";

/// The most contacts that a page holds.
pub const MAX_DIRECTORY_PAGE: u32 = 200;
/// The longest note on a contact, in UTF-8 bytes.
pub const MAX_CONTACT_NOTE_BYTES: usize = 4096;

/// `GET` → [`ContactRecord`]. `PUT`: [`PutContact`] → [`Contact`].
#[must_use]
pub fn contact(contact: ContactId) -> String {
    format!("/v1/contacts/{contact}")
}

/// `PUT`: [`Block`] → [`Contact`].
#[must_use]
pub fn block(contact: ContactId) -> String {
    format!("/v1/contacts/{contact}/block")
}

/// `DELETE`: makes two of what was made one → 204, as long as nothing stands in the way.
#[must_use]
pub fn merge(merge: MergeId) -> String {
    format!("/v1/contacts/merges/{merge}")
}

/// Which contacts are wanted; everything that is given must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DirectoryQuery {
    /// Words as typed: each must begin a word of a name, user name, e-mail address, attribute or further particular, or stand
    /// in a phone number, in whatever notation that is typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// The name holds these words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A phone number holds these digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// An e-mail address begins so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// They have an attribute of this key …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribute_key: Option<String>,
    /// … and this value; without it, of any value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribute_value: Option<String>,
    /// Which of all.
    #[serde(default)]
    pub shelf: Shelf,
    /// How many to pass over.
    #[serde(default)]
    pub offset: u32,
    /// How many, 1 to [`MAX_DIRECTORY_PAGE`].
    pub limit: u32,
}

/// Which of all contacts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Shelf {
    /// All of them; by name where no words are given, else the best first.
    #[default]
    All,
    /// Those this agent had to do with, the last first.
    Recent,
    /// This agent's favourites, in their order.
    Favourites,
    /// Those who are blocked.
    Blocked,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DirectoryPage {
    /// In the order that was asked for.
    pub entries: Vec<DirectoryEntry>,
    /// Whether there are more.
    pub more: bool,
}

/// A contact as a line of the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DirectoryEntry {
    /// Who.
    pub contact: Contact,
    /// When they were last in touch, either way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_at: Option<DateTime<Utc>>,
    /// Whether they are a favourite of this agent's.
    #[serde(default)]
    pub favourite: bool,
}

/// A contact with all that is known of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContactRecord {
    /// Who.
    pub contact: Contact,
    /// Every name by which WhatsApp called them before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former: Vec<String>,
    /// What was made one with them and can be taken apart again, newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merges: Vec<MergeInfo>,
    /// Whether they are a favourite of this agent's.
    #[serde(default)]
    pub favourite: bool,
}

/// What was made one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MergeInfo {
    /// What it is called by.
    pub id: MergeId,
    /// What the other one was called.
    pub name: String,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: String,
}

/// What agents may say of a contact.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContactContent {
    /// What to call them; none for what they call themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Further ways to reach them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<ContactDetail>,
    /// What is known of them; each key once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<ContactAttribute>,
    /// A note, up to [`MAX_CONTACT_NOTE_BYTES`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A contact as it is to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PutContact {
    /// [`Contact::revision`] of what was on screen while it was changed. If somebody else has changed it since, it is a
    /// [`Conflict`](crate::problem::ProblemCode::Conflict).
    pub based_on: u64,
    /// What it is to be.
    #[serde(flatten)]
    pub content: ContactContent,
}

/// A contact who has not written yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewContact {
    /// Their number on WhatsApp, with the country code, in whatever notation. Somebody who has it already is a
    /// [`Conflict`](crate::problem::ProblemCode::Conflict).
    pub phone: String,
    /// What is known of them.
    #[serde(flatten)]
    pub content: ContactContent,
}

/// Whether what somebody writes reaches an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Block {
    /// It does not.
    pub blocked: bool,
}

/// Two contacts are to be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Merge {
    /// Whose names and particulars go over to the other.
    pub from: ContactId,
    /// Who stays.
    pub into: ContactId,
}

/// Two contacts are one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Merged {
    /// What undoes it.
    pub id: MergeId,
    /// Who stayed, as they are now.
    pub contact: Contact,
}

/// This agent's favourites.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FavouriteContacts {
    /// In their order.
    pub contacts: Vec<ContactId>,
}

/// The form of a file with contacts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContactsForm {
    /// Which.
    pub form: ContactsFormat,
    /// Whether to say what would happen, and do nothing; for an import.
    #[serde(default)]
    pub dry_run: bool,
}

/// Which form a file with contacts has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ContactsFormat {
    /// Comma-separated values (RFC 4180), UTF-8, with a line of names.
    Csv,
    /// vCard 4.0 (RFC 6350); 3.0 is read, too.
    Vcard,
}

/// From which of our numbers a chat can be begun.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Numbers {
    /// By name.
    pub numbers: Vec<BusinessNumber>,
}
