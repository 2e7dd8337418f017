//! The one place of the desktop that reads the time: the gateway's clock, as far as we know it.
//!
//! Every answer of the gateway that says what time it is sets the clock; between two of them it runs with the machine's
//! monotonic clock. So a wrong clock of this machine, or one that is set while we run, changes nothing.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::Instant;

/// Differences up to this are the way of the answer through the network, not a wrong clock.
const NEGLIGIBLE: TimeDelta = TimeDelta::milliseconds(500);

/// Up to this the clock stands still until the gateway has caught up, rather than going back.
const SMALL: TimeDelta = TimeDelta::seconds(10);

/// The gateway's clock.
#[derive(Debug, Clone)]
pub struct GatewayClock(Arc<Mutex<Anchor>>);

#[derive(Debug)]
struct Anchor {
    /// What the gateway's clock said …
    gateway: DateTime<Utc>,
    /// … at this moment.
    at: Instant,
    /// The latest time that was told to anybody.
    told: DateTime<Utc>,
}

impl GatewayClock {
    /// The machine's clock, until the gateway says what time it is.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the time")]
    pub fn new() -> Self {
        Self::starting_at(Utc::now())
    }

    fn starting_at(gateway: DateTime<Utc>) -> Self {
        Self(Arc::new(Mutex::new(Anchor { gateway, at: Instant::now(), told: gateway })))
    }

    /// What time it is at the gateway. Never goes back by a little.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        let mut anchor = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        anchor.told = anchor.told.max(anchor.runs());
        anchor.told
    }

    /// The gateway says what time it is.
    pub(super) fn set(&self, gateway: DateTime<Utc>) {
        let mut anchor = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let off = gateway - anchor.runs();
        if off.abs() <= NEGLIGIBLE {
            return;
        }
        anchor.gateway = gateway;
        anchor.at = Instant::now();
        if anchor.told - gateway > SMALL {
            anchor.told = gateway;
        }
    }

    /// How long it is until `deadline`.
    pub(super) fn until(&self, deadline: DateTime<Utc>) -> Duration {
        (deadline - self.now()).to_std().unwrap_or_default()
    }
}

impl Default for GatewayClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Anchor {
    fn runs(&self) -> DateTime<Utc> {
        let passed = TimeDelta::from_std(self.at.elapsed()).unwrap_or_default();
        self.gateway.checked_add_signed(passed).unwrap_or(self.gateway)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: DateTime<Utc> = DateTime::UNIX_EPOCH;

    #[tokio::test(start_paused = true)]
    async fn it_runs_with_the_monotonic_clock() {
        let clock = GatewayClock::starting_at(START);
        tokio::time::advance(Duration::from_secs(90)).await;
        assert_eq!(clock.now() - START, TimeDelta::seconds(90));
        assert_eq!(clock.until(START + TimeDelta::seconds(100)), Duration::from_secs(10));
        assert_eq!(clock.until(START), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_small_correction_never_turns_it_back() {
        let clock = GatewayClock::starting_at(START);
        tokio::time::advance(Duration::from_secs(90)).await;
        let before = clock.now();
        clock.set(before - TimeDelta::seconds(2));
        assert_eq!(clock.now(), before, "it stands still");
        tokio::time::advance(Duration::from_secs(3)).await;
        assert_eq!(clock.now(), before + TimeDelta::seconds(1), "and goes on when the gateway has caught up");
    }

    #[tokio::test(start_paused = true)]
    async fn a_wrong_machine_is_set_right() {
        for hours in [-24, 24] {
            let clock = GatewayClock::starting_at(START);
            let told = START + TimeDelta::hours(hours);
            assert_eq!(clock.now(), START);
            clock.set(told);
            assert_eq!(clock.now(), told);
        }
    }
}
