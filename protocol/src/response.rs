//! The standard response library: prepared replies in a tree of categories, shared by the house or an agent's own.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    attachment::About,
    id::{AgentId, AttachmentId, CategoryId, ResponseId},
    message::{MAX_CAPTION_CHARS, MAX_TEXT_BYTES, MediaKind},
    slot::SlotValues,
};

/// The longest name of a response or a category, in characters.
pub const MAX_NAME_CHARS: usize = 200;
/// The longest shortcut, in characters.
pub const MAX_SHORTCUT_CHARS: usize = 32;
/// The most files of a response.
pub const MAX_RESPONSE_FILES: usize = 10;

/// A shelf of the library.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Category {
    /// What it is called by.
    pub id: CategoryId,
    /// The category it stands in; none at the top.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<CategoryId>,
    /// What people call it.
    pub name: String,
}

/// A file of a response, which the gateway has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResponseFile {
    /// What it is called by.
    pub attachment: AttachmentId,
    /// What it is sent as.
    pub kind: MediaKind,
    /// What it is called, with its extension.
    pub file_name: String,
    /// How long it is.
    pub size_bytes: u64,
    /// Text under it; may hold field codes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// What it really is; filled in by the gateway.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<Box<About>>,
}

/// A notification that a response carries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Prefilled {
    /// What WhatsApp calls its template, together with the language.
    pub name: String,
    /// WhatsApp's code of its language.
    pub language: String,
    /// What is filled in beforehand; words may hold field codes.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, crate::slot::SlotValue>))]
    pub values: SlotValues,
}

/// What a prepared reply is, without who changed it when.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResponseContent {
    /// Where it stands; none beside the categories at the top.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<CategoryId>,
    /// What people call it.
    pub name: String,
    /// What brings it into the composer after a slash; without the slash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shortcut: Option<String>,
    /// The language it is in, as a BCP 47 tag such as `pt-BR`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The words, with [field codes and blanks](crate::field_code); may be empty where there is a file or a notification.
    #[serde(default)]
    pub body: String,
    /// Its files, in the order in which they are sent, behind the words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<ResponseFile>,
    /// The notification it carries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notification: Option<Prefilled>,
    /// Whether it is offered at all.
    pub active: bool,
    /// From when it is offered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<DateTime<Utc>>,
    /// Until when it is offered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<DateTime<Utc>>,
    /// Whose own it is; none if it is everybody's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<AgentId>,
}

/// A prepared reply.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StandardResponse {
    /// What it is called by.
    pub id: ResponseId,
    /// What it is.
    #[serde(flatten)]
    pub content: ResponseContent,
    /// Counts its changes, from 1.
    pub version: u32,
    /// When it was changed, by the gateway's clock.
    pub changed_at: DateTime<Utc>,
    /// Who changed it: their name then.
    pub changed_by: String,
}

impl ResponseContent {
    /// Whether it is offered at `now`.
    #[must_use]
    pub fn is_offered(&self, now: DateTime<Utc>) -> bool {
        self.active
            && self.starts_at.is_none_or(|from| from <= now)
            && self.expires_at.is_none_or(|until| now < until)
    }

    /// Whether it can stand in the library for itself; whether its shortcut is free and its category is there is for the
    /// gateway to know.
    pub fn check(&self) -> Result<(), ResponseProblem> {
        check_name(&self.name)?;
        if let Some(shortcut) = &self.shortcut {
            let is_shortcut = !shortcut.is_empty()
                && shortcut.chars().count() <= MAX_SHORTCUT_CHARS
                && shortcut.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
            if !is_shortcut {
                return Err(ResponseProblem::Shortcut);
            }
        }
        if let Some(language) = &self.language {
            let is_tag = language.len() <= 35
                && language.split('-').all(|part| {
                    (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
                });
            if !is_tag {
                return Err(ResponseProblem::Language);
            }
        }
        if self.body.len() > MAX_TEXT_BYTES {
            return Err(ResponseProblem::BodyTooLong);
        }
        if self.body.trim().is_empty() && self.files.is_empty() && self.notification.is_none() {
            return Err(ResponseProblem::Empty);
        }
        if self.files.len() > MAX_RESPONSE_FILES {
            return Err(ResponseProblem::TooManyFiles);
        }
        let is_long = |file: &ResponseFile| {
            file.caption.as_ref().is_some_and(|caption| caption.chars().count() > MAX_CAPTION_CHARS)
        };
        if self.files.iter().any(is_long) {
            return Err(ResponseProblem::CaptionTooLong);
        }
        if let (Some(from), Some(until)) = (self.starts_at, self.expires_at)
            && until <= from
        {
            return Err(ResponseProblem::NeverOffered);
        }
        Ok(())
    }
}

/// Whether something may be called so: 1 to [`MAX_NAME_CHARS`] characters in one line.
pub fn check_name(name: &str) -> Result<(), ResponseProblem> {
    let is_name = !name.trim().is_empty()
        && name.chars().count() <= MAX_NAME_CHARS
        && !name.chars().any(char::is_control);
    if is_name { Ok(()) } else { Err(ResponseProblem::Name) }
}

/// Why something can't stand in the library.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ResponseProblem {
    /// No name, or not one.
    #[error("The name has to be one line of 1 to 200 characters.")]
    Name,
    /// Not a shortcut.
    #[error("A shortcut is made of 1 to 32 letters, digits, hyphens, underscores and points.")]
    Shortcut,
    /// Not a language.
    #[error("The language has to be a tag such as en or pt-BR.")]
    Language,
    /// It would not fit into one message.
    #[error("The text is longer than the 4,096 bytes that WhatsApp takes.")]
    BodyTooLong,
    /// It says nothing.
    #[error("There is nothing in it: it needs a text, a file or a notification.")]
    Empty,
    /// Too many files.
    #[error("A response has at most 10 files.")]
    TooManyFiles,
    /// A caption is too long.
    #[error("A text under a file is longer than the 1,024 characters that WhatsApp takes.")]
    CaptionTooLong,
    /// It ends before it begins.
    #[error("It would expire before it starts.")]
    NeverOffered,
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn content() -> ResponseContent {
        ResponseContent {
            name: "Delivery today".to_owned(),
            body: "Thank you".to_owned(),
            active: true,
            ..ResponseContent::default()
        }
    }

    #[test]
    fn it_is_offered_from_its_start_to_its_end_while_it_is_active() {
        let now = DateTime::UNIX_EPOCH;
        let hour = TimeDelta::hours(1);
        assert!(content().is_offered(now));
        assert!(!ResponseContent { active: false, ..content() }.is_offered(now));
        let timed = ResponseContent { starts_at: Some(now), expires_at: Some(now + hour), ..content() };
        assert!(!timed.is_offered(now - hour));
        assert!(timed.is_offered(now));
        assert!(!timed.is_offered(now + hour));
    }

    #[test]
    fn what_can_not_stand_in_the_library_is_told() {
        assert_eq!(content().check(), Ok(()));
        let now = DateTime::UNIX_EPOCH;
        for (wrong, problem) in [
            (ResponseContent { name: " ".to_owned(), ..content() }, ResponseProblem::Name),
            (ResponseContent { name: "a\nb".to_owned(), ..content() }, ResponseProblem::Name),
            (ResponseContent { shortcut: Some("a b".to_owned()), ..content() }, ResponseProblem::Shortcut),
            (ResponseContent { language: Some("en_US".to_owned()), ..content() }, ResponseProblem::Language),
            (ResponseContent { body: "x".repeat(4097), ..content() }, ResponseProblem::BodyTooLong),
            (ResponseContent { body: " \n".to_owned(), ..content() }, ResponseProblem::Empty),
            (
                ResponseContent { starts_at: Some(now), expires_at: Some(now), ..content() },
                ResponseProblem::NeverOffered,
            ),
        ] {
            assert_eq!(wrong.check(), Err(problem));
        }
    }
}
