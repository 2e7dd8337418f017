//! Spans of time as people read them; the time itself always comes from outside.

use chrono::{DateTime, TimeDelta, Utc};

/// `00:38`, or `1:02:03` from an hour on: how long something has lasted.
pub(super) fn clock(span: TimeDelta) -> String {
    let seconds = span.num_seconds().max(0);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours == 0 {
        format!("{minutes:02}:{seconds:02}")
    } else {
        format!("{hours}:{minutes:02}:{seconds:02}")
    }
}

/// `00:04:52`: how long an interaction or a status has lasted.
pub(super) fn long_clock(span: TimeDelta) -> String {
    let seconds = span.num_seconds().max(0);
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// `23 h 59 m`, `12 m`, or `40 s`: how much is left of something.
pub(super) fn left(span: TimeDelta) -> String {
    let seconds = span.num_seconds().max(0);
    match (seconds / 3600, seconds / 60 % 60) {
        (0, 0) => format!("{seconds} s"),
        (0, minutes) => format!("{minutes} m"),
        (hours, minutes) => format!("{hours} h {minutes} m"),
    }
}

/// `next try in 4 s`, or `trying now`.
pub(super) fn next_try(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    match (at - now).num_seconds() {
        ..=0 => "trying now".to_owned(),
        left => format!("next try in {left} s"),
    }
}

/// How many seconds are left until then, the one that has begun among them.
pub(super) fn seconds_left(until: DateTime<Utc>, now: DateTime<Utc>) -> i64 {
    ((until - now).num_milliseconds().max(0) + 999) / 1000
}

/// How long until a text that counts whole seconds since `since` changes.
pub(super) fn until_next_second(since: DateTime<Utc>, now: DateTime<Utc>) -> std::time::Duration {
    let into = (now - since).num_milliseconds().rem_euclid(1000);
    std::time::Duration::from_millis(u64::try_from(1000 - into).unwrap_or(1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_read_as_people_say_them() {
        assert_eq!(clock(TimeDelta::seconds(38)), "00:38");
        assert_eq!(clock(TimeDelta::seconds(3723)), "1:02:03");
        assert_eq!(clock(TimeDelta::seconds(-5)), "00:00");
        assert_eq!(long_clock(TimeDelta::seconds(292)), "00:04:52");
        assert_eq!(left(TimeDelta::seconds(86_399)), "23 h 59 m");
        assert_eq!(left(TimeDelta::seconds(720)), "12 m");
        assert_eq!(left(TimeDelta::seconds(40)), "40 s");
    }

    #[test]
    fn a_try_that_is_due_is_under_way() {
        let now = DateTime::UNIX_EPOCH;
        assert_eq!(next_try(now + TimeDelta::seconds(4), now), "next try in 4 s");
        assert_eq!(next_try(now, now), "trying now");
        assert_eq!(next_try(now - TimeDelta::seconds(9), now), "trying now");
    }

    #[test]
    fn the_next_frame_comes_when_the_text_changes() {
        let since = DateTime::UNIX_EPOCH;
        assert_eq!(until_next_second(since, since + TimeDelta::milliseconds(1250)).as_millis(), 750);
        assert_eq!(until_next_second(since, since).as_millis(), 1000);
        assert_eq!(seconds_left(since + TimeDelta::seconds(10), since), 10);
        assert_eq!(seconds_left(since + TimeDelta::milliseconds(9_001), since), 10);
        assert_eq!(seconds_left(since, since + TimeDelta::seconds(1)), 0);
    }
}
