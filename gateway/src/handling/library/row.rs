//! A response as it stands in a file: without what the gateway knows by itself, with names in the place of ids where people are
//! to read and write them.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use waxwing_protocol::{
    id::{AttachmentId, ResponseId},
    message::MediaKind,
    response::{Prefilled, ResponseContent, ResponseFile},
};

/// A response of a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    /// What it is called by; without one it is known by its category, name and language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<ResponseId>,
    /// Where it stands, as a path of names.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) category: String,
    pub(super) name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) shortcut: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) language: Option<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) body: String,
    #[serde(default = "yes")]
    pub(super) active: bool,
    #[serde(default, deserialize_with = "maybe_moment", skip_serializing_if = "Option::is_none")]
    pub(super) starts_at: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "maybe_moment", skip_serializing_if = "Option::is_none")]
    pub(super) expires_at: Option<DateTime<Utc>>,
    /// Whose own it is: what they sign in with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) owner: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) files: Vec<RowFile>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) notification: Option<Prefilled>,
}

/// A file of it, which the gateway has already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RowFile {
    pub(super) attachment: AttachmentId,
    pub(super) kind: MediaKind,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) file_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) caption: Option<String>,
}

/// A row of a file, or why it can't be read.
#[derive(Debug)]
pub(super) struct Numbered {
    /// In a CSV its line, elsewhere the how-manieth it is.
    pub(super) number: u32,
    /// Its name, as far as it has one.
    pub(super) name: String,
    pub(super) row: Result<Box<Row>, String>,
}

const fn yes() -> bool {
    true
}

fn maybe_moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| moment(&text)).transpose().map_err(serde::de::Error::custom)
}

/// A moment, or a day, which begins at midnight UTC.
pub(super) fn moment(text: &str) -> Result<DateTime<Utc>, String> {
    let text = text.trim();
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Ok(moment.to_utc());
    }
    let minute = || NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").ok();
    let day = || Some(NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_time(NaiveTime::MIN));
    let found = minute().or_else(day).map(|moment| moment.and_utc());
    found.ok_or_else(|| "A date has to be of the form 2026-12-31 or 2026-12-31T18:00:00Z.".to_owned())
}

impl Row {
    /// A response as it is written into a file.
    pub(super) fn of(
        id: ResponseId,
        content: &ResponseContent,
        (category, owner): (String, Option<String>),
    ) -> Self {
        let files = content.files.iter().map(|file| RowFile {
            attachment: file.attachment,
            kind: file.kind,
            file_name: file.file_name.clone(),
            caption: file.caption.clone(),
        });
        Self {
            id: Some(id),
            category,
            name: content.name.clone(),
            shortcut: content.shortcut.clone(),
            language: content.language.clone(),
            body: content.body.clone(),
            active: content.active,
            starts_at: content.starts_at,
            expires_at: content.expires_at,
            owner,
            files: files.collect(),
            notification: content.notification.clone(),
        }
    }

    /// What it says, without where it stands and whose it is.
    pub(super) fn into_content(self) -> ResponseContent {
        let files = self.files.into_iter().map(|file| ResponseFile {
            attachment: file.attachment,
            kind: file.kind,
            file_name: file.file_name,
            size_bytes: 0,
            caption: file.caption,
            about: None,
        });
        ResponseContent {
            category: None,
            name: self.name,
            shortcut: self.shortcut.map(|shortcut| shortcut.trim_start_matches('/').to_owned()),
            language: self.language,
            body: self.body,
            files: files.collect(),
            notification: self.notification,
            active: self.active,
            starts_at: self.starts_at,
            expires_at: self.expires_at,
            owner: None,
        }
    }
}
