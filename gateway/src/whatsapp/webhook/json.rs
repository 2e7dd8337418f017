//! Small questions to JSON that may be of any form: each answers none where the form is another one.

use chrono::{DateTime, Utc};
use serde_json::Value;

/// Reads JSON as leniently as can be: stray bytes and halves of surrogate pairs become U+FFFD instead of spoiling the whole.
pub(in crate::whatsapp) fn read(bytes: &[u8]) -> Option<Value> {
    serde_json::from_slice(bytes)
        .ok()
        .or_else(|| serde_json::from_str(&mend_surrogates(&String::from_utf8_lossy(bytes))).ok())
}

/// Replaces each `\uD800`…`\uDFFF` escape that has no partner.
fn mend_surrogates(text: &str) -> String {
    let mut mended = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        mended.push_str(&rest[..at]);
        rest = &rest[at..];
        let taken = match (surrogate(rest), rest.get(6..).and_then(surrogate)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (Some(_), _) => {
                mended.push('\u{FFFD}');
                rest = &rest[6..];
                continue;
            }
            (None, _) => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
        };
        mended.push_str(&rest[..taken]);
        rest = &rest[taken..];
    }
    mended.push_str(rest);
    mended
}

fn surrogate(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u16::from_str_radix(digits, 16).ok().filter(|unit| (0xD800..=0xDFFF).contains(unit))
}

/// The elements of a list; none if it is no list.
pub(in crate::whatsapp) fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// An object that is there and not null.
pub(in crate::whatsapp) fn object<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    value.get(key).filter(|found| found.is_object())
}

/// A text that is there and not empty; a number counts as its digits.
pub(in crate::whatsapp) fn text(value: &Value, key: &str) -> Option<String> {
    match value.get(key)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A number, also if it is written as a text. Never infinite.
pub(in crate::whatsapp) fn number(value: &Value, key: &str) -> Option<f64> {
    match value.get(key)? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
    .filter(|number| number.is_finite())
}

/// A whole number, also if it is written as a text.
pub(in crate::whatsapp) fn whole(value: &Value, key: &str) -> Option<i64> {
    match value.get(key)? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// Whether something is said to be so.
pub(in crate::whatsapp) fn flag(value: &Value, key: &str) -> bool {
    value.get(key).and_then(Value::as_bool).unwrap_or(false)
}

/// WhatsApp's seconds since 1970, as text or number, up to the year 9999.
pub(in crate::whatsapp) fn time(value: &Value, key: &str) -> Option<DateTime<Utc>> {
    whole(value, key)
        .filter(|seconds| (0..=253_402_300_799).contains(seconds))
        .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
}

/// A phone number as digits alone.
pub(in crate::whatsapp) fn phone(value: &Value, key: &str) -> Option<String> {
    let digits: String = text(value, key)?.chars().filter(char::is_ascii_digit).collect();
    (!digits.is_empty()).then_some(digits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn half_a_surrogate_pair_spoils_only_itself() {
        let read = read(
            br#"{"a":"x\ud83dy","b":"\udc4b","c":"\ud83d\udc4b","d":"\\ud83d","e":"\ud83d\ud83d\udc4b"}"#,
        );
        assert_eq!(
            read,
            Some(json!({"a": "x\u{FFFD}y", "b": "\u{FFFD}", "c": "👋", "d": "\\ud83d", "e": "\u{FFFD}👋"}))
        );
    }

    #[test]
    fn stray_bytes_spoil_only_themselves() {
        assert_eq!(read(b"{\"a\":\"x\xFFy\"}"), Some(json!({"a": "x\u{FFFD}y"})));
        assert_eq!(read(b"{\"a\":"), None);
    }

    #[test]
    fn seconds_are_read_from_texts_and_numbers() {
        for given in [json!({"t": "1749416383"}), json!({"t": 1_749_416_383})] {
            assert_eq!(time(&given, "t").map(|at| at.timestamp()), Some(1_749_416_383));
        }
        for given in
            [json!({"t": "soon"}), json!({"t": -1}), json!({"t": i64::MAX}), json!({"t": null}), json!({})]
        {
            assert_eq!(time(&given, "t"), None);
        }
    }

    proptest! {
        #[test]
        fn mending_never_panics(text: String, parts in prop::collection::vec(prop::sample::select(vec!["\\", "\\u", "d83d", "\\ud83d", "\\udc4b", "é", "x"]), 0..12)) {
            mend_surrogates(&text);
            mend_surrogates(&parts.concat());
        }
    }
}
