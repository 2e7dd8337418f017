//! What to do about a file that could not be had: try again, and when, or give up, and why.

use chrono::{DateTime, TimeDelta, Utc};

use super::fetch::FetchFailure;
use crate::whatsapp::media::MediaFailure;

/// How long WhatsApp keeps a file that a webhook announced (Cloud API, media: 7 days).
pub(super) const KEPT_FOR: TimeDelta = TimeDelta::days(7);
/// The pauses between tries begin with the first and end with the last of these.
const FIRST_PAUSE: TimeDelta = TimeDelta::seconds(10);
const LAST_PAUSE: TimeDelta = TimeDelta::hours(1);
/// How often a file may arrive other than it was announced.
const DAMAGED_TRIES: u32 = 5;

/// What happens next to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Next {
    /// It is tried again.
    TryAgain {
        /// When.
        at: DateTime<Utc>,
        /// What the number's alert is to say.
        alert: Option<String>,
    },
    /// It can't be had.
    Failed {
        /// What the agent reads.
        reason: String,
    },
}

/// How a file stands that could not be had.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    /// How often it was tried, this time among them.
    pub(super) tries: u32,
    /// When it was announced.
    pub(super) announced_at: DateTime<Utc>,
    /// The time.
    pub(super) now: DateTime<Utc>,
    /// Any number, drawn; spreads the tries.
    pub(super) chance: u16,
}

/// Decides what happens next.
pub(super) fn decide(standing: Standing, failure: &FetchFailure) -> Next {
    let failed = |reason: &str| Next::Failed { reason: reason.to_owned() };
    let (at_least, alert) = match failure {
        FetchFailure::TooLarge { limit_bytes } => {
            let most = if *limit_bytes < 1_000_000 {
                format!("{} KB", limit_bytes / 1024)
            } else {
                format!("{} MB", limit_bytes / 1024 / 1024)
            };
            let reason =
                format!("This file is larger than the {most} that are taken. Ask for a smaller one.");
            return Next::Failed { reason };
        }
        FetchFailure::NotAllowed { reason } => return failed(reason),
        FetchFailure::Damaged if standing.tries >= DAMAGED_TRIES => {
            return failed(
                "This file did not arrive as WhatsApp announced it. Ask the contact to send it again.",
            );
        }
        FetchFailure::WhatsApp(MediaFailure::Gone) => {
            return failed("WhatsApp does not have this file any more. Ask the contact to send it again.");
        }
        FetchFailure::WhatsApp(MediaFailure::Elsewhere) => {
            return failed(
                "WhatsApp keeps this file at an address that is not allowed here. Tell your administrator.",
            );
        }
        FetchFailure::WhatsApp(MediaFailure::Token { alert }) => (None, Some(alert.clone())),
        FetchFailure::WhatsApp(MediaFailure::Passing { at_least, .. }) => (*at_least, None),
        FetchFailure::WhatsApp(MediaFailure::Stale)
        | FetchFailure::Damaged
        | FetchFailure::TimedOut
        | FetchFailure::NotKept(_) => (None, None),
    };
    let pause = pause(standing.tries, standing.chance);
    let at_least = at_least.and_then(|wait| TimeDelta::from_std(wait).ok()).unwrap_or_default();
    let at = standing.now + pause.max(at_least.min(KEPT_FOR));
    if at >= standing.announced_at + KEPT_FOR {
        return failed("This file could not be had from WhatsApp in time. Ask the contact to send it again.");
    }
    Next::TryAgain { at, alert }
}

/// The pause after so many tries, up to a quarter longer by chance.
fn pause(tries: u32, chance: u16) -> TimeDelta {
    let doubled = FIRST_PAUSE * 2_i32.pow(tries.saturating_sub(1).min(12));
    let pause = doubled.min(LAST_PAUSE);
    pause + pause / 4 * i32::from(chance) / i32::from(u16::MAX)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;

    fn standing(tries: u32) -> Standing {
        Standing { tries, announced_at: DateTime::UNIX_EPOCH, now: DateTime::UNIX_EPOCH, chance: 0 }
    }

    fn passing(at_least: Option<Duration>) -> FetchFailure {
        FetchFailure::WhatsApp(MediaFailure::Passing { cause: "cut".to_owned(), at_least })
    }

    #[test]
    fn pauses_double_and_what_meta_asks_for_counts() {
        let pause = |tries, at_least| match decide(standing(tries), &passing(at_least)) {
            Next::TryAgain { at, alert: None } => (at - DateTime::UNIX_EPOCH).num_seconds(),
            other => panic!("{other:?}"),
        };
        assert_eq!(
            [1, 2, 3, 9, 10, u32::MAX].map(|tries| pause(tries, None)),
            [10, 20, 40, 2_560, 3_600, 3_600]
        );
        assert_eq!(pause(1, Some(Duration::from_mins(30))), 1_800);
        assert_eq!(pause(10, Some(Duration::from_mins(30))), 3_600);
    }

    #[test]
    fn some_failures_are_for_good_and_each_has_its_sentence() {
        for failure in [
            FetchFailure::TooLarge { limit_bytes: 500 * 1024 },
            FetchFailure::TooLarge { limit_bytes: 16 * 1024 * 1024 },
            FetchFailure::NotAllowed { reason: "Films are not taken here. Ask for a picture.".to_owned() },
            FetchFailure::Damaged,
            FetchFailure::WhatsApp(MediaFailure::Gone),
            FetchFailure::WhatsApp(MediaFailure::Elsewhere),
        ] {
            let Next::Failed { reason } = decide(standing(5), &failure) else { panic!("{failure:?}") };
            assert!(reason.ends_with('.') && reason.len() > 30, "{reason}");
        }
        assert!(matches!(decide(standing(4), &FetchFailure::Damaged), Next::TryAgain { .. }));
    }

    proptest! {
        #[test]
        fn nothing_is_tried_after_whatsapp_has_forgotten_it(
            tries in 1_u32.., age in 0..700_000_i64, wait in prop::option::of(0..u64::MAX), chance: u16,
        ) {
            let now = DateTime::UNIX_EPOCH + TimeDelta::seconds(age);
            let standing = Standing { now, chance, ..standing(tries) };
            match decide(standing, &passing(wait.map(Duration::from_secs))) {
                Next::TryAgain { at, .. } => {
                    prop_assert!(at >= now + FIRST_PAUSE && at < DateTime::UNIX_EPOCH + KEPT_FOR);
                }
                Next::Failed { .. } => prop_assert!(wait.is_some() || now + LAST_PAUSE * 2 > DateTime::UNIX_EPOCH + KEPT_FOR),
            }
        }
    }
}
