//! What a refusal of WhatsApp means: what the outbox does about it, and what the agent reads.
//!
//! Source: the Cloud API's list of error codes. A refusal is judged by its code alone, never by the HTTP status, which
//! differs between Meta's own pages. A code that is not in [`RULES`] fails the message and shows Meta's own words.

use std::time::Duration;

use serde_json::Value;
use waxwing_protocol::delivery::DeliveryFailure;

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

/// What is known about some codes.
struct Rule {
    /// First and last code of each range.
    codes: &'static [(u32, u32)],
    class: Class,
    reason: &'static str,
    advice: &'static str,
    can_retry: bool,
    /// Whether Meta's own words say more than ours.
    quote_details: bool,
}

const fn rule(
    codes: &'static [(u32, u32)],
    class: Class,
    reason: &'static str,
    advice: &'static str,
) -> Rule {
    Rule { codes, class, reason, advice, can_retry: false, quote_details: false }
}

const fn stopped(codes: &'static [(u32, u32)], reason: &'static str, advice: &'static str) -> Rule {
    Rule { can_retry: true, ..rule(codes, Class::NumberStopped, reason, advice) }
}

const fn refused(codes: &'static [(u32, u32)], reason: &'static str, advice: &'static str) -> Rule {
    rule(codes, Class::Refused, reason, advice)
}

const fn passing(
    codes: &'static [(u32, u32)],
    class: Class,
    reason: &'static str,
    advice: &'static str,
) -> Rule {
    Rule { can_retry: true, ..rule(codes, class, reason, advice) }
}

const fn later(codes: &'static [(u32, u32)], reason: &'static str, advice: &'static str) -> Rule {
    Rule { can_retry: true, ..refused(codes, reason, advice) }
}

const fn faulty(codes: &'static [(u32, u32)], reason: &'static str, advice: &'static str) -> Rule {
    Rule { quote_details: true, ..refused(codes, reason, advice) }
}

const TRY_LATER: &str = "Try again in a few minutes.";
const TELL_ADMINISTRATOR: &str = "Tell your administrator.";

/// Every code of the Cloud API's list that sending or a status can bring.
const RULES: &[Rule] = &[
    // The number can't send.
    stopped(
        &[(0, 0), (190, 190)],
        "The access token of this number is no longer valid.",
        "An administrator has to add a new token.",
    ),
    stopped(
        &[(3, 3), (10, 10), (200, 299), (131_005, 131_005)],
        "The access token of this number lacks a permission.",
        "An administrator has to grant whatsapp_business_messaging and add the token again.",
    ),
    stopped(
        &[(33, 33)],
        "WhatsApp no longer knows this number.",
        "An administrator has to check the number in WhatsApp Manager.",
    ),
    stopped(
        &[(368, 368), (131_031, 131_031)],
        "WhatsApp has restricted or locked this account.",
        "An administrator has to look at the account in WhatsApp Manager.",
    ),
    stopped(
        &[(131_042, 131_042), (131_044, 131_044), (134_011, 134_011)],
        "WhatsApp stopped this number over a payment or terms problem.",
        "An administrator has to check payment and terms in WhatsApp Manager.",
    ),
    stopped(
        &[
            (131_037, 131_037),
            (131_045, 131_045),
            (133_000, 133_000),
            (133_006, 133_006),
            (133_010, 133_010),
            (133_015, 133_016),
        ],
        "This number is not registered with WhatsApp, or its name is not approved.",
        "An administrator has to register the number in WhatsApp Manager.",
    ),
    // It passes.
    passing(
        &[(4, 4), (80_007, 80_007), (130_429, 130_429)],
        Class::RateLimit,
        "Too many messages left at once.",
        TRY_LATER,
    ),
    passing(
        &[(131_056, 131_056)],
        Class::PairLimit,
        "Too many messages went to this contact in a short time.",
        TRY_LATER,
    ),
    passing(
        &[
            (1, 2),
            (131_000, 131_000),
            (131_016, 131_016),
            (131_057, 131_057),
            (133_004, 133_004),
            (2_494_100, 2_494_100),
        ],
        Class::Transient,
        "WhatsApp had a fault of its own.",
        TRY_LATER,
    ),
    // This message, this contact.
    refused(
        &[(131_047, 131_047)],
        "More than 24 hours have passed since the contact last wrote.",
        "Send a notification; anything may be sent again once the contact answers.",
    ),
    refused(
        &[(131_026, 131_026)],
        "The message can't be delivered: the number may not be on WhatsApp, or the contact's app is too old.",
        "Reach the contact another way.",
    ),
    refused(
        &[(130_403, 130_403)],
        "This contact has been blocked from this number.",
        "Unblock the contact in WhatsApp Manager first.",
    ),
    refused(
        &[(130_497, 130_497)],
        "This business may not write to contacts in that country.",
        "Reach the contact another way.",
    ),
    refused(
        &[(130_472, 130_472)],
        "WhatsApp did not deliver the message because the contact takes part in an experiment of WhatsApp's.",
        "Wait until the contact writes, or reach them another way.",
    ),
    refused(
        &[(131_049, 131_049)],
        "WhatsApp did not deliver the message because the contact has had many marketing messages.",
        "Wait at least 24 hours before another notification.",
    ),
    refused(
        &[(131_050, 131_050)],
        "The contact does not want marketing messages.",
        "Don't send marketing notifications to this contact.",
    ),
    refused(
        &[(131_021, 131_021)],
        "The recipient is this business number itself.",
        "Choose another contact.",
    ),
    refused(
        &[(131_030, 131_030)],
        "The recipient is not in the list of allowed test numbers.",
        TELL_ADMINISTRATOR,
    ),
    refused(
        &[(131_062, 131_062)],
        "This message needs the contact's phone number, which is not known.",
        "Ask the contact for their phone number.",
    ),
    refused(
        &[(131_063, 131_063), (134_100, 134_100), (134_102, 134_102)],
        "Marketing notifications can't be sent from this number this way.",
        TELL_ADMINISTRATOR,
    ),
    refused(
        &[(137_000, 137_000)],
        "The contact's identity has changed.",
        "Make sure that you are talking to the right person before writing on.",
    ),
    later(
        &[(131_048, 131_048)],
        "WhatsApp limits this number because its messages were reported as spam.",
        "Tell your administrator; trying again helps only once WhatsApp lifts the limit.",
    ),
    later(
        &[(131_064, 131_064)],
        "WhatsApp limits notifications of this business for now.",
        "Tell your administrator; try again in some hours.",
    ),
    // Media.
    refused(
        &[(131_052, 131_052)],
        "WhatsApp could not fetch the contact's file.",
        "Ask the contact to send it again, smaller than 100 MB.",
    ),
    faulty(&[(131_053, 131_053)], "WhatsApp rejected the file.", "Send it in another format."),
    // Notifications.
    faulty(
        &[(132_000, 132_000), (132_005, 132_005), (132_007, 132_008), (132_012, 132_012), (132_018, 132_018)],
        "WhatsApp did not accept what was filled into the notification.",
        "Check the parameters and send it anew.",
    ),
    refused(
        &[(132_001, 132_001)],
        "The notification does not exist in this language, or is not approved.",
        "Choose another notification.",
    ),
    refused(
        &[(132_015, 132_016)],
        "WhatsApp has paused or disabled this notification.",
        "Choose another notification.",
    ),
    refused(&[(132_068, 132_068)], "WhatsApp has blocked the form in this message.", TELL_ADMINISTRATOR),
    later(
        &[(132_069, 132_069)],
        "WhatsApp lets only a few messages with this form through for now.",
        "Try again in an hour.",
    ),
    later(
        &[(134_101, 134_101)],
        "WhatsApp is still preparing this notification.",
        "Try again in ten minutes.",
    ),
    // Faults of ours.
    faulty(
        &[
            (100, 100),
            (131_008, 131_009),
            (131_051, 131_051),
            (131_055, 131_055),
            (131_059, 131_059),
            (135_000, 135_000),
            (139_100, 139_103),
            (147_001, 147_005),
        ],
        "WhatsApp did not understand the message.",
        TELL_ADMINISTRATOR,
    ),
];

/// The subcode that, with code 100, says that the object of the call does not exist or may not be used.
const NO_SUCH_OBJECT: u32 = 33;

fn rule_of(code: u32) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.codes.iter().any(|&(first, last)| (first..=last).contains(&code)))
}

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
    use super::*;

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
