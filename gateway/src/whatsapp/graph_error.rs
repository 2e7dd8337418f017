//! What a refusal of WhatsApp means: what the outbox does about it, and what the agent reads.
//!
//! Source: the Cloud API's list of error codes. A refusal is judged by its code alone, never by the HTTP status, which
//! differs between Meta's own pages. A code that is not in the table fails the message and shows Meta's own words.

mod rules;

use std::time::Duration;

use serde_json::Value;
use waxwing_protocol::delivery::DeliveryFailure;

use self::rules::rule_of;

/// A Graph API error as it came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GraphError {
    /// Meta's code; 0 if there was none.
    pub code: u32,
    /// Meta's subcode, old but still sent.
    pub subcode: Option<u32>,
    /// `error_data.details`, else `message`; may be empty.
    pub details: String,
    /// Whether Meta itself says that it will pass.
    pub is_transient: bool,
    /// What Meta's support asks for.
    pub trace: Option<String>,
    /// How long Meta asks to wait (`Retry-After`, `X-Business-Use-Case-Usage`).
    pub wait: Option<Duration>,
}

impl GraphError {
    /// Reads the body of an answer; none if it holds no Graph error.
    #[must_use]
    pub fn read(body: &[u8]) -> Option<Self> {
        let body: Value = serde_json::from_slice(body).ok()?;
        let error = body.get("error")?.as_object()?;
        let number = |key: &str| error.get(key).and_then(Value::as_u64).and_then(|n| u32::try_from(n).ok());
        let data = error.get("error_data");
        let details = data
            .and_then(|data| data.get("details"))
            .or(data)
            .and_then(Value::as_str)
            .or_else(|| error.get("message").and_then(Value::as_str))
            .unwrap_or_default();
        Some(Self {
            code: number("code").unwrap_or(0),
            subcode: number("error_subcode"),
            details: details.to_owned(),
            is_transient: error.get("is_transient").and_then(Value::as_bool).unwrap_or(false),
            trace: error.get("fbtrace_id").and_then(Value::as_str).map(str::to_owned),
            wait: None,
        })
    }
}

/// What kind of refusal it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// The whole number, account or app is sending too fast.
    RateLimit,
    /// Too many messages to this one contact.
    PairLimit,
    /// Meta's side is not well just now.
    Transient,
    /// Token, permission, registration, payment, restriction: nothing leaves this number until somebody acts.
    NumberStopped,
    /// This message won't be delivered.
    Refused,
}

/// What to do about a message that could not be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Behaviour {
    /// Try again after a jittered exponential pause.
    BackOff {
        /// Whether everything of the number pauses, not this message alone.
        whole_number: bool,
        /// Meta's own idea of the pause, if it has one.
        at_least: Option<Duration>,
    },
    /// Try again, but leave this recipient alone for 4^X seconds (Cloud API, pair rate limit).
    HoldRecipient {
        /// Meta's own idea of the pause, if it has one.
        at_least: Option<Duration>,
    },
    /// Send nothing more from this number, and say so.
    StopNumber {
        /// What is wrong and what to do, for everybody to read.
        alert: String,
    },
    /// Give up on this message.
    Fail(DeliveryFailure),
    /// It may have arrived: wait for a status, never send again by itself.
    Uncertain,
}

/// The subcode that, with code 100, says that the object of the call does not exist or may not be used.
const NO_SUCH_OBJECT: u32 = 33;

/// What kind of refusal a code is; none if the code is not in the list.
#[must_use]
pub fn class_of(code: u32) -> Option<Class> {
    rule_of(code).map(|rule| rule.class)
}

/// What an agent reads about a message that failed with `code`: what happened, and what to do.
///
/// `details` are Meta's own words; they are shown where ours say less.
#[must_use]
pub fn failure_of(code: Option<u32>, details: &str) -> DeliveryFailure {
    let rule = code.and_then(rule_of);
    let details = details.trim();
    let mut reason = rule.map_or("WhatsApp did not deliver the message.", |rule| rule.reason).to_owned();
    if !details.is_empty() && rule.is_none_or(|rule| rule.quote_details) {
        reason = format!("{reason} WhatsApp says: {details}");
    }
    DeliveryFailure {
        code,
        reason,
        advice: rule.map_or("Try again, or tell your administrator.", |rule| rule.advice).to_owned(),
        can_retry: rule.is_none_or(|rule| rule.can_retry),
    }
}

/// What everybody reads if a code says that the whole number can't send.
#[must_use]
pub fn alert_of(code: Option<u32>) -> Option<String> {
    code.and_then(rule_of)
        .filter(|rule| rule.class == Class::NumberStopped)
        .map(|rule| format!("{} {}", rule.reason, rule.advice))
}

/// What the outbox does about a refusal of a message.
#[must_use]
pub fn behaviour_of(error: &GraphError) -> Behaviour {
    if (error.code, error.subcode) == (100, Some(NO_SUCH_OBJECT)) {
        let alert = "WhatsApp does not know this number's phone number id, or the token may not use it. \
                     An administrator has to check both.";
        return Behaviour::StopNumber { alert: alert.to_owned() };
    }
    let Some(rule) = rule_of(error.code) else {
        return if error.is_transient {
            Behaviour::BackOff { whole_number: false, at_least: error.wait }
        } else {
            Behaviour::Fail(failure_of(Some(error.code), &error.details))
        };
    };
    match rule.class {
        Class::RateLimit => Behaviour::BackOff { whole_number: true, at_least: error.wait },
        Class::Transient => Behaviour::BackOff { whole_number: false, at_least: error.wait },
        Class::PairLimit => Behaviour::HoldRecipient { at_least: error.wait },
        Class::NumberStopped => Behaviour::StopNumber { alert: format!("{} {}", rule.reason, rule.advice) },
        Class::Refused => Behaviour::Fail(failure_of(Some(error.code), &error.details)),
    }
}

#[cfg(test)]
mod tests {
    use super::{rules::RULES, *};

    /// Every code of the Cloud API's list, with the class it must have and whether *Try again* can help.
    const TABLE: &[(Class, bool, &[u32])] = &[
        (
            Class::NumberStopped,
            true,
            &[
                0, 190, 3, 10, 200, 250, 299, 131_005, 33, 368, 131_031, 131_042, 131_044, 134_011, 131_045,
                131_037, 133_000, 133_006, 133_010, 133_015, 133_016,
            ],
        ),
        (Class::RateLimit, true, &[4, 80_007, 130_429]),
        (Class::PairLimit, true, &[131_056]),
        (Class::Transient, true, &[1, 2, 131_000, 131_016, 133_004, 131_057, 2_494_100]),
        (Class::Refused, true, &[131_048, 131_064, 132_069, 134_101]),
        (
            Class::Refused,
            false,
            &[
                130_497, 131_049, 131_050, 130_472, 131_047, 131_026, 130_403, 131_030, 131_021, 131_062,
                131_063, 137_000, 100, 131_008, 131_009, 135_000, 131_051, 131_052, 131_053, 131_055,
                131_059, 132_000, 132_001, 132_005, 132_007, 132_008, 132_012, 132_018, 132_015, 132_016,
                132_068, 134_100, 134_102, 139_100, 139_103, 147_001, 147_005,
            ],
        ),
    ];

    #[test]
    fn every_listed_code_has_its_class_and_its_sentences() {
        for &(class, can_retry, codes) in TABLE {
            for &code in codes {
                assert_eq!(class_of(code), Some(class), "{code}");
                let failure = failure_of(Some(code), "");
                assert_eq!((failure.code, failure.can_retry), (Some(code), can_retry), "{code}");
                for sentence in [&failure.reason, &failure.advice] {
                    assert!(sentence.ends_with('.') && sentence.len() > 10, "{code}: {sentence}");
                }
            }
        }
    }

    #[test]
    fn what_stops_a_notification_is_said_in_words_that_lead_on() {
        for (code, reason, advice) in [
            (131_047, "only a notification", "Send a notification"),
            (131_049, "marketing messages", "24 hours"),
            (131_050, "want no marketing messages", "utility"),
            (132_000, "other values", "Edit"),
            (132_001, "not approved", "another notification"),
            (132_005, "too long", "less"),
            (132_012, "other values", "Edit"),
            (132_015, "paused", "another notification"),
            (132_016, "for good", "another notification"),
            (132_018, "a value", "line breaks"),
        ] {
            let failure = failure_of(Some(code), "");
            assert!(failure.reason.contains(reason) && failure.advice.contains(advice), "{failure:?}");
            assert!(!failure.can_retry, "{code}: the same would fail the same way");
        }
    }

    #[test]
    fn no_code_stands_in_two_rules() {
        let ranges: Vec<(u32, u32)> = RULES.iter().flat_map(|rule| rule.codes).copied().collect();
        for (at, &(first, last)) in ranges.iter().enumerate() {
            assert!(first <= last);
            for &(other_first, other_last) in &ranges[at + 1..] {
                assert!(last < other_first || other_last < first, "{first} and {other_first}");
            }
        }
    }

    #[test]
    fn each_class_has_its_behaviour() {
        let behaviour = |code| behaviour_of(&GraphError { code, ..GraphError::default() });
        assert_eq!(behaviour(130_429), Behaviour::BackOff { whole_number: true, at_least: None });
        assert_eq!(behaviour(131_000), Behaviour::BackOff { whole_number: false, at_least: None });
        assert_eq!(behaviour(131_056), Behaviour::HoldRecipient { at_least: None });
        assert!(matches!(behaviour(190), Behaviour::StopNumber { alert } if alert.contains("token")));
        assert!(matches!(behaviour(131_047), Behaviour::Fail(failure) if !failure.can_retry));
    }

    #[test]
    fn an_unknown_code_shows_metas_words_unless_meta_says_it_passes() {
        let mut error =
            GraphError { code: 999_999, details: "Odd thing".to_owned(), ..GraphError::default() };
        let Behaviour::Fail(failure) = behaviour_of(&error) else { panic!("fails") };
        assert!(failure.reason.ends_with("WhatsApp says: Odd thing") && failure.can_retry);
        error.is_transient = true;
        assert_eq!(behaviour_of(&error), Behaviour::BackOff { whole_number: false, at_least: None });
    }

    #[test]
    fn a_phone_number_id_that_does_not_exist_stops_the_number() {
        let error = GraphError { code: 100, subcode: Some(33), ..GraphError::default() };
        assert!(matches!(behaviour_of(&error), Behaviour::StopNumber { .. }));
    }

    #[test]
    fn an_error_is_read_with_its_details_wherever_they_stand() {
        let read = |body: &str| GraphError::read(body.as_bytes());
        let full = read(
            r#"{"error":{"message":"(#130429) Rate limit hit","type":"OAuthException","code":130429,"error_subcode":2494055,"error_data":{"messaging_product":"whatsapp","details":"slow down"},"fbtrace_id":"Az8"}}"#,
        )
        .expect("an error");
        assert_eq!((full.code, full.subcode, full.details.as_str()), (130_429, Some(2_494_055), "slow down"));
        assert_eq!(full.trace.as_deref(), Some("Az8"));
        assert_eq!(read(r#"{"error":{"code":1,"error_data":"plain"}}"#).expect("an error").details, "plain");
        assert_eq!(read(r#"{"error":{"code":1,"message":"m"}}"#).expect("an error").details, "m");
        assert_eq!(read("<html>"), None);
        assert_eq!(read(r#"{"messages":[]}"#), None);
    }
}
