//! How sessions go: who waits for whom, and for how long.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use waxwing_protocol::message::MAX_TEXT_BYTES;

/// The longest time that can be set, in seconds.
const DAY: u32 = 86_400;
/// The shortest time after which a desktop may count as gone: one that waits in a poll is heard of every other minute.
const AWAY_AT_LEAST: u32 = 120;
/// The longest silence that can be set, in minutes: the reply window is closed after a day.
const MOST_MINUTES: u32 = 1_440;

/// Everything that an operator sets about sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SessionRules {
    /// How long a contact who writes again waits for their last agent before anybody gets them.
    pub resume_wait_seconds: u32,
    /// How long an interaction is offered to an agent; 0 gives it to them at once.
    pub offer_seconds: u32,
    /// After which silence a desktop counts as gone.
    pub away_seconds: u32,
    /// After how many minutes of silence a contact is reminded; 0 for never.
    pub remind_after_minutes: u32,
    /// In which words.
    pub remind_text: String,
    /// After how many minutes of silence a session ends; 0 for never.
    pub end_after_minutes: u32,
    /// How many interactions may lie in an agent's own workbin; 0 for as many as come.
    pub personal_limit: u32,
    /// After how many hours they are shown as too old there; 0 for never.
    pub personal_stale_after_hours: u32,
}

impl Default for SessionRules {
    fn default() -> Self {
        Self {
            resume_wait_seconds: 60,
            offer_seconds: 0,
            away_seconds: 300,
            remind_after_minutes: 0,
            remind_text: String::new(),
            end_after_minutes: 0,
            personal_limit: 0,
            personal_stale_after_hours: 0,
        }
    }
}

impl SessionRules {
    /// Says which of them makes no sense, and why.
    pub fn check(&self) -> Result<(), String> {
        let ranges = [
            ("resume_wait_seconds", self.resume_wait_seconds, 0, DAY),
            ("offer_seconds", self.offer_seconds, 0, DAY),
            ("away_seconds", self.away_seconds, AWAY_AT_LEAST, DAY),
            ("remind_after_minutes", self.remind_after_minutes, 0, MOST_MINUTES),
            ("end_after_minutes", self.end_after_minutes, 0, 60 * MOST_MINUTES),
        ];
        for (key, value, least, most) in ranges {
            if !(least..=most).contains(&value) {
                return Err(format!("{key} {value} is not between {least} and {most}"));
            }
        }
        if self.remind_after_minutes > 0 && self.remind_text.trim().is_empty() {
            return Err("remind_text is empty: say what the contact is to read".to_owned());
        }
        if self.remind_text.len() > MAX_TEXT_BYTES {
            return Err(format!("remind_text is longer than {MAX_TEXT_BYTES} bytes"));
        }
        if self.end_after_minutes > 0 && self.end_after_minutes <= self.remind_after_minutes {
            return Err("end_after_minutes is not longer than remind_after_minutes".to_owned());
        }
        Ok(())
    }

    /// Whether anything happens when nobody says anything.
    #[must_use]
    pub const fn minds_silence(&self) -> bool {
        self.remind_after_minutes > 0 || self.end_after_minutes > 0
    }

    /// How long a contact waits for their last agent.
    #[must_use]
    pub fn resume_wait(&self) -> TimeDelta {
        TimeDelta::seconds(self.resume_wait_seconds.into())
    }

    /// How long an interaction is offered; none if it is given at once.
    #[must_use]
    pub fn offer(&self) -> Option<TimeDelta> {
        (self.offer_seconds > 0).then(|| TimeDelta::seconds(self.offer_seconds.into()))
    }

    /// After which silence a desktop counts as gone.
    #[must_use]
    pub fn away(&self) -> TimeDelta {
        TimeDelta::seconds(self.away_seconds.into())
    }

    /// After which silence a contact is reminded, if ever.
    #[must_use]
    pub fn remind(&self) -> Option<TimeDelta> {
        (self.remind_after_minutes > 0).then(|| TimeDelta::minutes(self.remind_after_minutes.into()))
    }

    /// After which silence a session ends, if ever.
    #[must_use]
    pub fn end(&self) -> Option<TimeDelta> {
        (self.end_after_minutes > 0).then(|| TimeDelta::minutes(self.end_after_minutes.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_no_sense_is_told_by_name() {
        let fine = SessionRules::default();
        assert_eq!(fine.check(), Ok(()));
        let reminding = SessionRules { remind_after_minutes: 10, ..fine.clone() };
        for (rules, told) in [
            (SessionRules { away_seconds: 5, ..fine.clone() }, "away_seconds"),
            (SessionRules { offer_seconds: 86_401, ..fine.clone() }, "offer_seconds"),
            (reminding.clone(), "remind_text"),
            (SessionRules { remind_text: "x".repeat(5_000), ..fine }, "remind_text"),
            (
                SessionRules { remind_text: "still there?".to_owned(), end_after_minutes: 10, ..reminding },
                "end_after_minutes",
            ),
        ] {
            assert!(rules.check().expect_err(told).starts_with(told));
        }
    }
}
