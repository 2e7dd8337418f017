//! What the house wants of an interaction's end: which dispositions there are, which facts are known by name, and how values
//! are checked.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use waxwing_protocol::{
    message::MAX_TEXT_BYTES,
    wrap_up::{Disposition, Field, FieldKind, MAX_VALUE_BYTES, Rules},
};

/// The most dispositions, and the most fields of either kind.
const MAX_ENTRIES: usize = 500;
/// The longest code, key or name, in characters.
const MAX_NAME: usize = 100;

/// Everything that an operator sets about the end of an interaction.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WrapUpRules {
    /// What may come of an interaction: those above before those below.
    pub dispositions: Vec<Disposition>,
    /// Whether one must be given before *Done*.
    pub required: bool,
    /// What facts of an interaction are called, and of which type they are.
    pub case_fields: Vec<Field>,
    /// The same of what is known of contacts.
    pub contact_fields: Vec<Field>,
    /// What the contact reads when an agent ends the session; empty for nothing.
    pub farewell: String,
}

impl WrapUpRules {
    /// Says which of them makes no sense, and why.
    pub fn check(&self) -> Result<(), String> {
        let mut codes = BTreeSet::new();
        for one in &self.dispositions {
            named(&one.code, &one.name).map_err(|cause| format!("dispositions: {cause}"))?;
            if let Some(parent) = one.parent.as_deref().filter(|parent| !codes.contains(parent)) {
                return Err(format!("dispositions: {parent} does not stand before {}", one.code));
            }
            if !codes.insert(one.code.as_str()) {
                return Err(format!("dispositions: there are two of the code {}", one.code));
            }
        }
        for (name, fields) in [("case_fields", &self.case_fields), ("contact_fields", &self.contact_fields)] {
            fields_make_sense(fields).map_err(|cause| format!("{name}: {cause}"))?;
        }
        if self.dispositions.len() > MAX_ENTRIES {
            return Err(format!("dispositions: there are more than {MAX_ENTRIES}"));
        }
        if self.required && self.dispositions.is_empty() {
            return Err("required: there is no disposition that could be given".to_owned());
        }
        if self.farewell.len() > MAX_TEXT_BYTES {
            return Err(format!("farewell is longer than {MAX_TEXT_BYTES} bytes"));
        }
        Ok(())
    }

    /// As desktops are told.
    #[must_use]
    pub fn told(&self) -> Rules {
        Rules {
            dispositions: self.dispositions.clone(),
            disposition_required: self.required,
            case_fields: self.case_fields.clone(),
            contact_fields: self.contact_fields.clone(),
            farewell: self.farewell().map(str::to_owned),
        }
    }

    /// What the contact reads when an agent ends the session.
    #[must_use]
    pub fn farewell(&self) -> Option<&str> {
        Some(self.farewell.as_str()).filter(|words| !words.trim().is_empty())
    }

    /// Whether an interaction can be given this code: it is there, and none stands under it.
    #[must_use]
    pub fn is_leaf(&self, code: &str) -> bool {
        let is_above = |one: &Disposition| one.parent.as_deref() == Some(code);
        self.dispositions.iter().any(|one| one.code == code) && !self.dispositions.iter().any(is_above)
    }
}

fn named(key: &str, name: &str) -> Result<(), String> {
    let fine = |text: &str| !text.is_empty() && text.trim() == text && text.chars().count() <= MAX_NAME;
    if fine(key) && fine(name) {
        Ok(())
    } else {
        Err(format!("`{key}` and its name must have 1 to {MAX_NAME} characters and no blanks around them"))
    }
}

fn fields_make_sense(fields: &[Field]) -> Result<(), String> {
    let mut keys = BTreeSet::new();
    for field in fields {
        named(&field.key, &field.name)?;
        if !keys.insert(field.key.as_str()) {
            return Err(format!("there are two of the key {}", field.key));
        }
        match &field.kind {
            FieldKind::Unknown => return Err(format!("{} is of no type that there is", field.key)),
            FieldKind::Choice { choices } if choices.is_empty() => {
                return Err(format!("{} has nothing to choose from", field.key));
            }
            _ => {}
        }
    }
    if fields.len() > MAX_ENTRIES { Err(format!("there are more than {MAX_ENTRIES}")) } else { Ok(()) }
}

/// Why a value can't be kept under a key, in a sentence; fields that are not configured take any text.
pub fn objection(fields: &[Field], key: &str, value: &str) -> Option<String> {
    if key.trim().is_empty() || key.chars().count() > MAX_NAME {
        return Some(format!("A fact is called by 1 to {MAX_NAME} characters."));
    }
    if value.len() > MAX_VALUE_BYTES {
        return Some(format!("The value of {key} is longer than {MAX_VALUE_BYTES} bytes."));
    }
    let field = fields.iter().find(|field| field.key == key)?;
    let wanted = match &field.kind {
        FieldKind::Number if !is_number(value) => "a number such as 8 or 7.50",
        FieldKind::Date if NaiveDate::parse_from_str(value, "%Y-%m-%d").is_err() => {
            "a day such as 2026-11-28"
        }
        FieldKind::YesNo if !matches!(value, "yes" | "no") => "yes or no",
        FieldKind::Choice { choices } if !choices.iter().any(|one| one == value) => {
            return Some(format!("{} is one of: {}.", field.name, choices.join(", ")));
        }
        FieldKind::Link if !is_link(value) => "a web address that begins with https:// or http://",
        FieldKind::Unknown => return Some(format!("{} can't be changed here.", field.name)),
        _ => return None,
    };
    Some(format!("{} is {wanted}.", field.name))
}

fn is_number(value: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let bare = value.strip_prefix('-').unwrap_or(value);
    match bare.split_once('.') {
        Some((whole, part)) => digits(whole) && digits(part),
        None => digits(bare),
    }
}

fn is_link(value: &str) -> bool {
    let address = reqwest::Url::parse(value);
    address.is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https") && url.has_host() && url.username().is_empty()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> WrapUpRules {
        toml::from_str(text).expect("reads")
    }

    #[test]
    fn a_disposition_under_which_others_stand_is_no_leaf() {
        let rules = read(
            r#"dispositions = [{ code = "sale", name = "Sale" }, { code = "sold", name = "Sold", parent = "sale" }]"#,
        );
        assert_eq!(rules.check(), Ok(()));
        assert!(rules.is_leaf("sold") && !rules.is_leaf("sale") && !rules.is_leaf("other"));
    }

    #[test]
    fn rules_that_make_no_sense_are_told() {
        for (text, told) in [
            (r#"dispositions = [{ code = "a", name = "A", parent = "b" }]"#, "b does not stand before a"),
            (
                r#"dispositions = [{ code = "a", name = "A" }, { code = "a", name = "B" }]"#,
                "two of the code a",
            ),
            (r#"dispositions = [{ code = "", name = "A" }]"#, "1 to 100"),
            ("required = true", "no disposition"),
            (
                r#"case_fields = [{ key = "a", name = "A", type = "text" }, { key = "a", name = "B", type = "text" }]"#,
                "key a",
            ),
            (r#"case_fields = [{ key = "a", name = "A", type = "colour" }]"#, "no type"),
            (
                r#"contact_fields = [{ key = "a", name = "A", type = "choice", choices = [] }]"#,
                "nothing to choose",
            ),
        ] {
            let cause = read(text).check().expect_err(text);
            assert!(cause.contains(told), "{cause}");
        }
    }

    #[test]
    fn values_are_of_their_type() {
        let field = |kind: FieldKind| [Field { key: "key".to_owned(), name: "Name".to_owned(), kind }];
        let choice = || FieldKind::Choice { choices: vec!["Gold".to_owned()] };
        for (kind, fine, wrong) in [
            (FieldKind::Number, &["8", "-7.50"][..], &["", ".5", "8.", "1e3", "8,5"][..]),
            (FieldKind::Date, &["2026-11-28"], &["28.11.2026", "2026-02-30"]),
            (FieldKind::YesNo, &["yes", "no"], &["Yes", ""]),
            (choice(), &["Gold"], &["gold"]),
            (
                FieldKind::Link,
                &["https://example.org/a?b"],
                &["example.org", "javascript:x", "https://a:b@c"],
            ),
            (FieldKind::Text, &["", "anything"], &[]),
        ] {
            for value in fine {
                assert_eq!(objection(&field(kind.clone()), "key", value), None, "{kind:?} {value}");
            }
            for value in wrong {
                assert!(objection(&field(kind.clone()), "key", value).is_some(), "{kind:?} {value}");
            }
        }
        assert!(objection(&[], "", "x").is_some());
        assert!(objection(&[], "x", &"x".repeat(1_025)).is_some());
        assert_eq!(objection(&[], "x", "anything"), None);
    }
}
