//! The time zone in which days and times are told.

use chrono::{DateTime, FixedOffset, Local, NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _, Utc};

/// The time zone in which days and times are told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Zone {
    /// That of this machine.
    #[default]
    System,
    /// UTC: the same everywhere, for pictures and tests.
    Utc,
}

impl Zone {
    /// The moment there.
    pub(super) fn local(self, at: DateTime<Utc>) -> DateTime<FixedOffset> {
        match self {
            Self::System => at.with_timezone(&Local).fixed_offset(),
            Self::Utc => at.fixed_offset(),
        }
    }

    /// The day of a moment there.
    pub(super) fn day(self, at: DateTime<Utc>) -> NaiveDate {
        self.local(at).date_naive()
    }

    /// When a day begins there.
    pub(super) fn begin_of(self, day: NaiveDate) -> DateTime<Utc> {
        self.moment(day.and_time(NaiveTime::MIN))
    }

    /// When the clocks there show this.
    pub(super) fn moment(self, shown: NaiveDateTime) -> DateTime<Utc> {
        let at = match self {
            Self::System => Local.from_local_datetime(&shown).earliest().map(|at| at.to_utc()),
            Self::Utc => None,
        };
        // It is UTC, or they never show it: they go forward over it.
        at.unwrap_or_else(|| shown.and_utc())
    }
}
