//! Which files an administrator lets in and out, by type and direction, beside what WhatsApp itself takes; and what may be opened of
//! those that are not harmless as such.

use serde::{Deserialize, Serialize};
use waxwing_media::verdict::{Handling, Policy};
use waxwing_protocol::{
    file_rule::{FileRule, FileRules, Objection, objection},
    upload::FILE_BYTES_BELOW,
};

const MEGABYTE: u64 = 1024 * 1024;
/// The most that a rule can allow, in megabytes: WhatsApp's own limit.
const MOST_MB: u64 = FILE_BYTES_BELOW / MEGABYTE;

/// Which way a file goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From a contact.
    Incoming,
    /// To a contact.
    Outgoing,
}

/// What holds for files of some types.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Which types, separated by commas: `application/pdf`, `image/*`, or `*` for all.
    #[serde(rename = "type")]
    pub types: String,
    /// Whether they are taken.
    #[serde(default = "yes")]
    pub allow: bool,
    /// How large one may be, in megabytes: 1 to 100.
    #[serde(default = "most")]
    pub max_mb: u64,
}

const fn yes() -> bool {
    true
}

const fn most() -> u64 {
    MOST_MB
}

impl Rule {
    /// The rule as desktops are told.
    fn told(&self) -> FileRule {
        let types = self.types.split(',').map(|pattern| pattern.trim().to_owned()).collect();
        FileRule { types, allow: self.allow, max_bytes: self.max_mb * MEGABYTE }
    }

    fn check(&self) -> Result<(), String> {
        for pattern in self.types.split(',').map(str::trim) {
            if !is_pattern(pattern) {
                return Err(format!("`{pattern}` is not a type such as image/png, image/* or *"));
            }
        }
        if !(1..=MOST_MB).contains(&self.max_mb) {
            return Err(format!("max_mb {} is not between 1 and {MOST_MB}", self.max_mb));
        }
        Ok(())
    }
}

/// Whether this is a type, all types of a family, or all types (RFC 6838, 4.2, in small letters).
fn is_pattern(pattern: &str) -> bool {
    let is_name = |name: &str| {
        let plain =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"!#$&-^_.+".contains(&byte);
        !name.is_empty() && name.len() <= 127 && name.bytes().all(plain)
    };
    let halves = pattern.split_once('/');
    pattern == "*" || halves.is_some_and(|(family, name)| is_name(family) && (name == "*" || is_name(name)))
}

/// Everything that an administrator sets about files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// What is done with documents that have macros or other active content.
    pub macros: Handling,
    /// And with encrypted ones.
    pub encrypted: Handling,
    /// And with archives.
    pub archives: Handling,
    /// What holds for files of contacts: the first rule about a type counts; what none is about is taken.
    pub incoming: Vec<Rule>,
    /// What holds for files of ours, likewise.
    pub outgoing: Vec<Rule>,
}

impl Limits {
    /// What may be opened of what is not harmless as such.
    #[must_use]
    pub const fn policy(&self) -> Policy {
        Policy { macros: self.macros, encrypted: self.encrypted, archives: self.archives }
    }

    /// Says which rule makes no sense, and why.
    pub fn check(&self) -> Result<(), String> {
        for (name, rules) in [("incoming", &self.incoming), ("outgoing", &self.outgoing)] {
            for (number, rule) in (1..).zip(rules) {
                rule.check().map_err(|cause| format!("{name}, rule {number}: {cause}"))?;
            }
        }
        Ok(())
    }

    /// Whether a file of this type and size in bytes may go that way; if not, why, in a sentence.
    pub fn admit(&self, direction: Direction, mime: &str, size_bytes: u64) -> Result<(), String> {
        let (rules, taken) = match direction {
            Direction::Incoming => (&self.incoming, "taken"),
            Direction::Outgoing => (&self.outgoing, "sent"),
        };
        let rules: Vec<FileRule> = rules.iter().map(Rule::told).collect();
        match objection(&rules, mime, size_bytes) {
            None => Ok(()),
            Some(Objection::Type) => {
                Err(format!("Your administrator does not let files of this type be {taken} ({mime})."))
            }
            Some(Objection::Size { max_bytes }) => Err(format!(
                "Your administrator lets files of this type be {taken} up to {} MB; this one is larger.",
                max_bytes / MEGABYTE
            )),
        }
    }

    /// What desktops are told, so that agents read of it before they upload something in vain.
    #[must_use]
    pub fn told(&self) -> FileRules {
        FileRules { outgoing: self.outgoing.iter().map(Rule::told).collect() }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn limits(outgoing: &str) -> Limits {
        toml::from_str(&format!("outgoing = [{outgoing}]")).expect("reads")
    }

    #[test]
    fn the_first_rule_about_a_type_counts() {
        let limits = limits(
            r#"{ type = "image/gif", allow = false }, { type = "image/*, application/pdf", max_mb = 2 }, { type = "*", allow = false }"#,
        );
        assert_eq!(limits.check(), Ok(()));
        let admit = |mime, size| limits.admit(Direction::Outgoing, mime, size);
        assert!(admit("image/gif", 1).is_err_and(|reason| reason.contains("image/gif")));
        assert_eq!(admit("image/png", 2 * MEGABYTE), Ok(()));
        assert!(admit("application/pdf", 2 * MEGABYTE + 1).is_err_and(|reason| reason.contains("2 MB")));
        assert!(admit("application/pdfx", 1).is_err());
        assert!(admit("audio/ogg", 1).is_err());
        assert_eq!(limits.admit(Direction::Incoming, "audio/ogg", u64::MAX), Ok(()), "the other way");
    }

    #[test]
    fn rules_that_make_no_sense_are_told_by_number() {
        for (rule, told) in [
            (r#"{ type = "image" }"#, "`image`"),
            (r#"{ type = "" }"#, "``"),
            (r#"{ type = "image/*, " }"#, "``"),
            (r#"{ type = "Image/PNG" }"#, "`Image/PNG`"),
            (r#"{ type = "image/p*" }"#, "`image/p*`"),
            (r#"{ type = "*/*" }"#, "`*/*`"),
            (r#"{ type = "*", max_mb = 0 }"#, "between 1 and 100"),
            (r#"{ type = "*", max_mb = 101 }"#, "between 1 and 100"),
        ] {
            let limits = limits(&format!("{{ type = \"*\" }}, {rule}"));
            let cause = limits.check().expect_err(rule);
            assert!(cause.starts_with("outgoing, rule 2: ") && cause.contains(told), "{cause}");
        }
    }

    proptest! {
        #[test]
        fn no_type_panics_and_a_rule_for_all_is_about_it(mime: String, size: u64) {
            let none = limits(r#"{ type = "*", allow = false }"#);
            prop_assert!(none.admit(Direction::Outgoing, &mime, size).is_err());
        }
    }
}
