//! The table of error codes: one entry for codes that mean the same and are answered alike.
//!
//! Source: the Cloud API's list of error codes.

use super::Class;

/// What is known about some codes.
pub(super) struct Rule {
    /// First and last code of each range.
    pub(super) codes: &'static [(u32, u32)],
    pub(super) class: Class,
    pub(super) reason: &'static str,
    pub(super) advice: &'static str,
    pub(super) can_retry: bool,
    /// Whether Meta's own words say more than ours.
    pub(super) quote_details: bool,
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
pub(super) const RULES: &[Rule] = &[
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
        "More than 24 hours have passed since the contact last wrote, so WhatsApp takes only a notification now.",
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
        "WhatsApp did not deliver the notification: the contact has had as many marketing messages lately, from all \
         businesses together, as WhatsApp lets through. It costs nothing.",
        "Send no marketing notification to this contact for at least 24 hours; one of the category utility may go.",
    ),
    refused(
        &[(131_050, 131_050)],
        "The contact has told WhatsApp that they want no marketing messages from this business. It costs nothing.",
        "Send this contact no marketing notifications; those of the category utility may go.",
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
        &[(132_000, 132_000), (132_012, 132_012)],
        "The notification was changed in WhatsApp Manager: it wants other values than were filled in.",
        "Edit it: its present form has been asked for.",
    ),
    refused(
        &[(132_001, 132_001)],
        "The notification does not exist in this language any more, or is not approved.",
        "Choose another notification.",
    ),
    faulty(
        &[(132_005, 132_005)],
        "The notification is too long with what was filled in.",
        "Edit it, and fill in less.",
    ),
    faulty(
        &[(132_007, 132_007)],
        "The notification is against WhatsApp's rules for characters and formatting.",
        "Choose another notification, and tell your administrator.",
    ),
    faulty(
        &[(132_008, 132_008), (132_018, 132_018)],
        "WhatsApp did not accept a value that was filled into the notification.",
        "Edit it: no line breaks, tabs or more than four spaces in a row.",
    ),
    refused(
        &[(132_015, 132_015)],
        "WhatsApp has paused this notification for some hours, because contacts blocked or reported it.",
        "Choose another notification.",
    ),
    refused(
        &[(132_016, 132_016)],
        "WhatsApp has disabled this notification for good, because contacts blocked or reported it.",
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

/// The rule for a code, if it is in the table.
pub(super) fn rule_of(code: u32) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.codes.iter().any(|&(first, last)| (first..=last).contains(&code)))
}
