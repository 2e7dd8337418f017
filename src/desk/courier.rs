//! Telling the gateway something of which only the newest state counts, such as a draft: one call at a time, tried again
//! for as long as there is no answer.

use chrono::{DateTime, Utc};

use super::{input::CallError, outbox};

/// How the telling stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Courier {
    /// There is nothing to tell.
    #[default]
    Resting,
    /// Goes at this moment.
    Due { at: DateTime<Utc>, tries: u32 },
    /// The call is under way.
    UnderWay { tries: u32 },
}

impl Courier {
    /// There is something to tell. What is under way or waits for its next try stays so.
    pub(super) const fn want(&mut self, now: DateTime<Utc>) {
        if matches!(self, Self::Resting) {
            *self = Self::Due { at: now, tries: 0 };
        }
    }

    /// When the call may go; none if there is nothing to tell, or it is under way.
    pub(super) const fn due_at(self) -> Option<DateTime<Utc>> {
        match self {
            Self::Due { at, .. } => Some(at),
            Self::Resting | Self::UnderWay { .. } => None,
        }
    }

    /// The call goes, if it waits.
    pub(super) const fn start(&mut self) -> bool {
        let Self::Due { tries, .. } = *self else { return false };
        *self = Self::UnderWay { tries };
        true
    }

    /// The call was answered, or there is nothing to tell any more.
    pub(super) const fn rest(&mut self) {
        *self = Self::Resting;
    }

    /// The call came to nothing. Says whether it will be tried again.
    pub(super) fn fail(&mut self, error: &CallError, now: DateTime<Utc>, seed: u64) -> bool {
        let Self::UnderWay { tries } = *self else { return true };
        let tries = tries.saturating_add(1);
        let pause = outbox::pause(error, tries, seed);
        *self = pause.map_or(Self::Resting, |pause| Self::Due { at: now + pause, tries });
        pause.is_some()
    }

    /// What is under way is so no more.
    pub(super) const fn recall(&mut self, now: DateTime<Utc>) {
        if let Self::UnderWay { tries } = *self {
            *self = Self::Due { at: now, tries };
        }
    }

    /// What waits for its next try goes now.
    pub(super) fn hurry(&mut self, now: DateTime<Utc>) {
        if let Self::Due { at, .. } = self {
            *at = (*at).min(now);
        }
    }
}
