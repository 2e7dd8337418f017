//! Facts attached to an interaction: what a value must be, and how keeping one stands.

use chrono::NaiveDate;
use waxwing_protocol::{
    id::InteractionId,
    interaction::Interaction,
    wrap_up::{Field, FieldKind, MAX_CASE_DATA, MAX_VALUE_BYTES, PutCaseData},
};

use super::{
    super::{Desk, effect::Call, input::CallError, turn::Turn},
    WrapUpCall,
};

/// How keeping a fact stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keeping {
    /// It is under way.
    UnderWay,
    /// It is not kept; a sentence says why. To try again harms nothing.
    Failed(String),
}

/// The field of a key, if the house has named it.
#[must_use]
pub fn field<'a>(fields: &'a [Field], key: &str) -> Option<&'a Field> {
    fields.iter().find(|field| field.key == key)
}

/// The field that somebody means who typed its name or its key, in whatever case.
fn meant<'a>(fields: &'a [Field], typed: &str) -> Option<&'a Field> {
    let typed = typed.trim().to_lowercase();
    let is = |text: &str| text.to_lowercase() == typed;
    fields.iter().find(|field| is(&field.name)).or_else(|| fields.iter().find(|field| is(&field.key)))
}

/// The key of that field; what is typed itself, if the house has not named it.
#[must_use]
pub fn key_meant(fields: &[Field], typed: &str) -> String {
    meant(fields, typed).map_or(typed.trim(), |field| field.key.as_str()).to_owned()
}

/// What a fact is called.
#[must_use]
pub fn name<'a>(fields: &'a [Field], key: &'a str) -> &'a str {
    field(fields, key).map_or(key, |field| field.name.as_str())
}

/// Why a value can't be one of this kind, in a sentence; none if it can.
#[must_use]
pub fn wrong(kind: &FieldKind, value: &str) -> Option<String> {
    if value.len() > MAX_VALUE_BYTES {
        return Some(format!("Too long: {MAX_VALUE_BYTES} bytes fit."));
    }
    let is_right = match kind {
        FieldKind::Text | FieldKind::Unknown => true,
        FieldKind::Number => is_number(value),
        FieldKind::Date => value.len() == 10 && NaiveDate::parse_from_str(value, "%Y-%m-%d").is_ok(),
        FieldKind::YesNo => ["yes", "no"].contains(&value),
        FieldKind::Choice { choices } => choices.iter().any(|choice| choice == value),
        FieldKind::Link => value.starts_with("https://") || value.starts_with("http://"),
    };
    let why = match kind {
        FieldKind::Text | FieldKind::Unknown => "",
        FieldKind::Number => "Write a number, such as 12 or 9.50.",
        FieldKind::Date => "Write the day as 2026-11-28.",
        FieldKind::YesNo => "Choose yes or no.",
        FieldKind::Choice { .. } => "Choose one of those offered.",
        FieldKind::Link => "Write a web address that begins with https://.",
    };
    (!is_right).then(|| why.to_owned())
}

/// Digits with an optional sign and decimal point.
fn is_number(value: &str) -> bool {
    let digits = value.strip_prefix(['-', '+']).unwrap_or(value);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    all_digits(whole) && all_digits(part)
}

impl Desk {
    /// Changes facts.
    pub(super) fn put_facts(&mut self, id: InteractionId, put: PutCaseData, turn: &mut Turn) {
        let Some(held) = self.conversation(id) else { return };
        let data = &held.interaction().case_data;
        let is_new = |key: &str| data.iter().all(|datum| datum.key != key);
        let new = put.put.iter().filter(|datum| is_new(&datum.key)).count();
        let is_full = new > 0 && data.len() + new > MAX_CASE_DATA;
        for key in keys(&put) {
            let keeping = if is_full {
                Keeping::Failed(format!("An interaction has room for {MAX_CASE_DATA} facts."))
            } else {
                Keeping::UnderWay
            };
            self.wrap_up.facts.insert((id, key.to_owned()), keeping);
        }
        if !is_full {
            turn.call(Call::WrapUp(WrapUpCall::Facts(id, put)));
        }
    }

    /// They are kept, or not.
    pub(super) fn facts_put(
        &mut self,
        id: InteractionId,
        put: &PutCaseData,
        result: Result<Box<Interaction>, CallError>,
        turn: &mut Turn,
    ) {
        let why = result.as_ref().err().map(ToString::to_string);
        for key in keys(put) {
            let place = (id, key.to_owned());
            match &why {
                Some(why) if self.wrap_up.facts.contains_key(&place) => {
                    self.wrap_up.facts.insert(place, Keeping::Failed(why.clone()));
                }
                _ => {
                    self.wrap_up.facts.remove(&place);
                }
            }
        }
        match result {
            Ok(interaction) => self.renew(*interaction, turn),
            Err(error) => self.doubt_result(Some(&error), turn),
        }
    }
}

fn keys(put: &PutCaseData) -> impl Iterator<Item = &str> {
    put.put.iter().map(|datum| datum.key.as_str()).chain(put.remove.iter().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_of_its_fields_kind() {
        let choice = FieldKind::Choice { choices: vec!["Gold".to_owned()] };
        for (kind, good, bad) in [
            (FieldKind::Text, "anything", "x".repeat(MAX_VALUE_BYTES + 1)),
            (FieldKind::Number, "-9.50", "9,50".to_owned()),
            (FieldKind::Number, "12", "1e3".to_owned()),
            (FieldKind::Date, "2026-11-28", "2026-11-31".to_owned()),
            (FieldKind::Date, "2026-01-02", "2026-1-2".to_owned()),
            (FieldKind::YesNo, "no", "maybe".to_owned()),
            (choice, "Gold", "gold".to_owned()),
            (FieldKind::Link, "https://shop.example/o/1", "javascript:alert(1)".to_owned()),
        ] {
            assert_eq!(wrong(&kind, good), None, "{kind:?}");
            assert!(wrong(&kind, &bad).is_some(), "{kind:?}");
        }
    }
}
