//! How much may be sent: the documented limits of a number and of a pair of number and contact.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// The limits. The defaults are the Cloud API's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Messages a second from one number (80).
    pub per_second: u32,
    /// Messages to one contact in a burst (45).
    pub pair_burst: u32,
    /// The pause between messages to one contact, over time (6 s).
    pub pair_every: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { per_second: 80, pair_burst: 45, pair_every: Duration::from_secs(6) }
    }
}

/// A count that lets `burst` through at once and one more for every `every` that passes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Meter {
    /// When everything taken so far will be paid for.
    paid_at: Option<DateTime<Utc>>,
}

impl Meter {
    pub(super) const fn new() -> Self {
        Self { paid_at: None }
    }

    /// Takes one more at `now`, or says that it is too much.
    pub(super) fn take(&mut self, burst: u32, every: Duration, now: DateTime<Utc>) -> bool {
        let every = TimeDelta::from_std(every).unwrap_or(TimeDelta::zero());
        let paid_at = self.paid_at.unwrap_or(now).max(now) + every;
        let fits = paid_at - now <= every * i32::try_from(burst).unwrap_or(i32::MAX);
        if fits {
            self.paid_at = Some(paid_at);
        }
        fits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_goes_through_and_then_one_for_each_pause() {
        let mut meter = Meter::default();
        let start = DateTime::UNIX_EPOCH;
        let mut take = |seconds| meter.take(3, Duration::from_secs(6), start + TimeDelta::seconds(seconds));
        assert_eq!([take(0), take(0), take(0), take(0)], [true, true, true, false]);
        assert_eq!([take(5), take(6), take(6), take(12)], [false, true, false, true]);
    }
}
