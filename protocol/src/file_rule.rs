//! Which files an administrator lets go to contacts, beside what WhatsApp itself takes.
//!
//! The gateway holds every file to these rules; desktops are told of them so that an agent reads what stands in a file's way
//! when it is attached, and not once it has been uploaded.

use serde::{Deserialize, Serialize};

/// `GET` → [`FileRules`]. A desktop asks whenever the gateway answers again: rules change only while it is away.
pub const FILE_RULES: &str = "/v1/file-rules";

/// What holds for files to contacts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FileRules {
    /// The first rule about a type counts; what none is about may be sent.
    pub outgoing: Vec<FileRule>,
}

/// What holds for files of some types.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FileRule {
    /// Which types: `application/pdf`, `image/*`, or `*` for all.
    pub types: Vec<String>,
    /// Whether they may go at all.
    pub allow: bool,
    /// How large one may be, in bytes.
    pub max_bytes: u64,
}

/// What a rule has against a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Objection {
    /// Files of its type don't go.
    Type,
    /// It is too large.
    Size {
        /// How large it may be.
        max_bytes: u64,
    },
}

impl FileRule {
    fn is_about(&self, mime: &str) -> bool {
        self.types.iter().any(|pattern| match pattern.strip_suffix('*') {
            Some("") => true,
            Some(family) => mime.starts_with(family),
            None => mime == pattern,
        })
    }
}

/// What rules have against a file of this type and size.
#[must_use]
pub fn objection(rules: &[FileRule], mime: &str, size_bytes: u64) -> Option<Objection> {
    let rule = rules.iter().find(|rule| rule.is_about(mime))?;
    let max_bytes = rule.max_bytes;
    match rule.allow {
        false => Some(Objection::Type),
        true if size_bytes > max_bytes => Some(Objection::Size { max_bytes }),
        true => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(types: &[&str], allow: bool, max_bytes: u64) -> FileRule {
        FileRule { types: types.iter().map(|it| (*it).to_owned()).collect(), allow, max_bytes }
    }

    #[test]
    fn the_first_rule_about_a_type_counts() {
        let rules = [
            rule(&["image/gif"], false, 9),
            rule(&["image/*", "application/pdf"], true, 2),
            rule(&["*"], false, 9),
        ];
        let says = |mime, size| objection(&rules, mime, size);
        assert_eq!(says("image/gif", 1), Some(Objection::Type));
        assert_eq!(says("image/png", 2), None);
        assert_eq!(says("application/pdf", 3), Some(Objection::Size { max_bytes: 2 }));
        assert_eq!(says("application/pdfx", 1), Some(Objection::Type));
        assert_eq!(objection(&rules[..2], "audio/ogg", u64::MAX), None, "none is about it");
    }
}
