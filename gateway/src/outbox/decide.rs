//! What becomes of a message after a try: the rules of the outbox, without store, network or clock.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use waxwing_protocol::delivery::DeliveryFailure;

use crate::{
    store::sending::Kind,
    whatsapp::{
        cloud_api::{SendFailure, Wamid},
        graph_error::{Behaviour, failure_of},
    },
};

/// The longest pause between two tries.
const LONGEST_BACK_OFF: Duration = Duration::from_mins(1);
/// The longest time a recipient is left alone (4^4 seconds).
const LONGEST_HOLD: Duration = Duration::from_secs(256);
/// After so many tries with a pause of [`LONGEST_BACK_OFF`] each, about an hour, a message is given up.
const MOST_BACK_OFFS: u32 = 60;
/// After so many holds, about half an hour, a message is given up.
const MOST_HOLDS: u32 = 11;

/// What happens next to a message that was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// WhatsApp has it.
    Sent(Wamid),
    /// It is tried again.
    TryAgain {
        /// When, at the earliest.
        at: DateTime<Utc>,
        /// Whether everything else of the number waits until then, too.
        whole_number: bool,
    },
    /// It waits until the number can send again.
    Held {
        /// What is wrong with the number and what to do.
        alert: String,
    },
    /// It is given up.
    Failed(DeliveryFailure),
    /// It may have arrived: it waits for a status.
    Uncertain,
    /// WhatsApp does not have the file of the message any more: it is uploaded once more.
    UploadAgain,
    /// It has not left and need not: a newer reaction has taken its place.
    OutOfDate,
}

/// Decides what happens after the try number `tries` (from 1) ended in `outcome`.
///
/// `jitter` is a number drawn evenly from all of `u16`; it spreads the pauses between half and all of their length.
#[must_use]
pub fn decide(tries: u32, outcome: Result<Wamid, SendFailure>, now: DateTime<Utc>, jitter: u16) -> Next {
    let failure = match outcome {
        Ok(wamid) => return Next::Sent(wamid),
        Err(failure) => failure,
    };
    match failure.behaviour() {
        Behaviour::BackOff { .. } if tries >= MOST_BACK_OFFS => Next::Failed(given_up(&failure)),
        Behaviour::HoldRecipient { .. } if tries >= MOST_HOLDS => Next::Failed(given_up(&failure)),
        Behaviour::BackOff { whole_number, at_least } => {
            let pause = jittered(power(2, tries).min(LONGEST_BACK_OFF), jitter);
            Next::TryAgain { at: later(now, pause.max(at_least.unwrap_or_default())), whole_number }
        }
        Behaviour::HoldRecipient { at_least } => {
            let pause = power(4, tries).min(LONGEST_HOLD).max(at_least.unwrap_or_default());
            Next::TryAgain { at: later(now, pause), whole_number: false }
        }
        Behaviour::StopNumber { alert } => Next::Held { alert },
        Behaviour::Fail(failure) => Next::Failed(failure),
        Behaviour::Uncertain => Next::Uncertain,
    }
}

/// What an agent reads when no status came for what left and whose answer got lost.
#[must_use]
pub fn unconfirmed(kind: Kind) -> DeliveryFailure {
    let (reason, advice) = match kind {
        Kind::Message => (
            "WhatsApp has not confirmed this message; it may have arrived all the same.",
            "Ask the contact before sending it again: it could arrive twice.",
        ),
        Kind::Reaction => (
            "WhatsApp has not confirmed this reaction; it may have arrived all the same.",
            "Put it on again if it matters: the contact sees it once.",
        ),
    };
    DeliveryFailure { code: None, reason: reason.to_owned(), advice: advice.to_owned(), can_retry: true }
}

/// What an agent reads about a message of a kind that can't be sent from here.
#[must_use]
pub fn unsendable() -> DeliveryFailure {
    DeliveryFailure {
        code: None,
        reason: "The gateway can't send a message of this kind.".to_owned(),
        advice: "Send it as text.".to_owned(),
        can_retry: false,
    }
}

/// What an agent reads about a message to a contact whose phone number has got another owner, and of whom no user id is known.
#[must_use]
pub fn nameless() -> DeliveryFailure {
    DeliveryFailure {
        code: None,
        reason: "The contact's phone number belongs to somebody else now, and no other way to them is known."
            .to_owned(),
        advice: "Reach the contact another way.".to_owned(),
        can_retry: false,
    }
}

fn given_up(failure: &SendFailure) -> DeliveryFailure {
    match failure {
        SendFailure::Refused(error) => failure_of(Some(error.code), &error.details),
        SendFailure::NotArrived { .. } | SendFailure::Ambiguous { .. } => DeliveryFailure {
            code: None,
            reason: "WhatsApp could not be reached for an hour; the message was not sent.".to_owned(),
            advice: "Try again; tell your administrator if it goes on.".to_owned(),
            can_retry: true,
        },
    }
}

/// `base` to the power of (`tries` − 1), in seconds.
fn power(base: u64, tries: u32) -> Duration {
    Duration::from_secs(base.saturating_pow(tries.saturating_sub(1)))
}

fn jittered(pause: Duration, jitter: u16) -> Duration {
    pause.mul_f64(0.5 + 0.5 * f64::from(jitter) / f64::from(u16::MAX))
}

fn later(now: DateTime<Utc>, pause: Duration) -> DateTime<Utc> {
    now + TimeDelta::from_std(pause).unwrap_or(TimeDelta::days(1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::whatsapp::graph_error::GraphError;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn refused(code: u32) -> SendFailure {
        SendFailure::Refused(GraphError { code, ..GraphError::default() })
    }

    fn not_arrived() -> SendFailure {
        SendFailure::NotArrived { cause: "refused".to_owned() }
    }

    fn pause_after(tries: u32, failure: SendFailure, jitter: u16) -> i64 {
        match decide(tries, Err(failure), NOW, jitter) {
            Next::TryAgain { at, .. } => (at - NOW).num_seconds(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_whatsapp_took_is_sent() {
        let wamid = Wamid("wamid.1".to_owned());
        assert_eq!(decide(1, Ok(wamid.clone()), NOW, 0), Next::Sent(wamid));
    }

    #[test]
    fn back_offs_double_from_a_second_up_to_a_minute() {
        let pauses: Vec<i64> = (1..=8).map(|tries| pause_after(tries, not_arrived(), u16::MAX)).collect();
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(pause_after(4, not_arrived(), 0), 4);
    }

    #[test]
    fn a_recipient_is_left_alone_for_powers_of_four() {
        let pauses: Vec<i64> = (1..=6).map(|tries| pause_after(tries, refused(131_056), 0)).collect();
        assert_eq!(pauses, [1, 4, 16, 64, 256, 256]);
    }

    #[test]
    fn metas_own_idea_of_the_pause_counts_if_it_is_longer() {
        let failure = SendFailure::Refused(GraphError {
            code: 130_429,
            wait: Some(Duration::from_secs(90)),
            ..GraphError::default()
        });
        assert_eq!(pause_after(1, failure, 0), 90);
    }

    #[test]
    fn throughput_pauses_the_number_and_nothing_else_does() {
        for (code, expected) in [(130_429, true), (131_056, false), (131_000, false)] {
            let Next::TryAgain { whole_number, .. } = decide(1, Err(refused(code)), NOW, 0) else {
                panic!("tried again")
            };
            assert_eq!(whole_number, expected, "{code}");
        }
    }

    #[test]
    fn refusals_fail_or_hold_by_their_code() {
        assert!(matches!(decide(1, Err(refused(131_047)), NOW, 0), Next::Failed(f) if !f.can_retry));
        assert!(matches!(decide(1, Err(refused(190)), NOW, 0), Next::Held { .. }));
    }

    #[test]
    fn unconfirmed_messages_may_be_sent_again_by_a_person() {
        for kind in [Kind::Message, Kind::Reaction] {
            let failure = unconfirmed(kind);
            assert!(failure.can_retry && failure.reason.contains("may have arrived"));
        }
    }

    fn any_failure() -> impl Strategy<Value = SendFailure> {
        prop_oneof![
            Just(not_arrived()),
            Just(SendFailure::Ambiguous { cause: "cut".to_owned() }),
            (0..140_000_u32).prop_map(refused),
            prop::sample::select(vec![0, 4, 190, 100, 130_429, 131_056, 131_000, 131_047, 131_026])
                .prop_map(refused),
        ]
    }

    proptest! {
        #[test]
        fn what_may_have_arrived_is_never_tried_again(tries in 1..1000_u32, jitter: u16) {
            let lost = SendFailure::Ambiguous { cause: "cut".to_owned() };
            prop_assert_eq!(decide(tries, Err(lost), NOW, jitter), Next::Uncertain);
        }

        #[test]
        fn pauses_are_between_half_a_second_and_the_longest(tries in 1..1000_u32, jitter: u16, failure in any_failure()) {
            if let Next::TryAgain { at, .. } = decide(tries, Err(failure), NOW, jitter) {
                let pause = at - NOW;
                prop_assert!(pause >= TimeDelta::milliseconds(500), "{pause}");
                prop_assert!(pause <= TimeDelta::seconds(256), "{pause}");
            }
        }

        #[test]
        fn no_message_is_tried_for_ever(failure in any_failure(), jitter: u16) {
            let next = decide(MOST_BACK_OFFS, Err(failure), NOW, jitter);
            let again = matches!(next, Next::TryAgain { .. });
            prop_assert!(!again, "{next:?}");
        }
    }
}
