//! How far a message of ours has got, and why it may have failed.
//!
//! Statuses of WhatsApp come in any order, some never come (*read* may come without *delivered*), each may come several
//! times. So a [`Delivery`] is a place on a line, and [`Delivery::advance`] is the join on that line: the order in which
//! the statuses arrive makes no difference to where it ends.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Why a message did not get through, in words for the agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeliveryFailure {
    /// WhatsApp's error code (Cloud API error codes), or none if the failure is ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<u32>,
    /// A sentence that says what went wrong.
    pub reason: String,
    /// A sentence that says what the agent can do.
    pub advice: String,
    /// Whether *Try again* can help.
    pub can_retry: bool,
}

/// How far a message of ours has got. The order of the variants is the order of the line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "delivery", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Delivery {
    /// Kept on the desktop, not yet taken in by the gateway.
    Queued,
    /// Taken in by the gateway: it will leave, whatever happens to the desktop.
    Accepted,
    /// Left for WhatsApp, whose answer got lost: it may have arrived. Never sent again by itself.
    Uncertain,
    /// WhatsApp has it.
    Sent,
    /// WhatsApp said no, or it could not be sent. A later sign that it arrived after all wins.
    Failed(DeliveryFailure),
    /// On the contact's device.
    Delivered,
    /// Seen by the contact.
    Read,
    /// Listened to (voice notes).
    Played,
    /// A state of a newer gateway.
    #[serde(other)]
    Unknown,
}

impl Delivery {
    /// The place on the line.
    #[must_use]
    pub const fn rank(&self) -> u8 {
        match self {
            Self::Unknown => 0,
            Self::Queued => 1,
            Self::Accepted => 2,
            Self::Uncertain => 3,
            Self::Sent => 4,
            Self::Failed(_) => 5,
            Self::Delivered => 6,
            Self::Read => 7,
            Self::Played => 8,
        }
    }

    /// Moves on to `next` if that lies further along, and says whether it moved.
    pub fn advance(&mut self, next: Self) -> bool {
        let moves = next.rank() > self.rank();
        if moves {
            *self = next;
        }
        moves
    }

    /// Whether nothing more is to be expected unless somebody acts.
    #[must_use]
    pub const fn is_failed(&self) -> bool {
        matches!(self, Self::Failed(_))
    }
}

/// A step that a message of ours reached, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reached {
    /// Which step.
    pub step: Step,
    /// WhatsApp's timestamp where a status said so, else the gateway's clock.
    pub at: DateTime<Utc>,
}

/// The steps whose time is told. The order of the variants is the order of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Step {
    /// Taken in by the gateway.
    Accepted,
    /// WhatsApp has it.
    Sent,
    /// WhatsApp said no, or it could not be sent.
    Failed,
    /// On the contact's device.
    Delivered,
    /// Seen by the contact.
    Read,
    /// Listened to (voice notes).
    Played,
    /// A step of a newer gateway.
    #[serde(other)]
    Unknown,
}

impl Step {
    /// The step at which a message that got so far has arrived; none where no time is told.
    #[must_use]
    pub const fn of(delivery: &Delivery) -> Option<Self> {
        match delivery {
            Delivery::Unknown | Delivery::Queued | Delivery::Uncertain => None,
            Delivery::Accepted => Some(Self::Accepted),
            Delivery::Sent => Some(Self::Sent),
            Delivery::Failed(_) => Some(Self::Failed),
            Delivery::Delivered => Some(Self::Delivered),
            Delivery::Read => Some(Self::Read),
            Delivery::Played => Some(Self::Played),
        }
    }
}

/// Where the sending of one message stands: which attempt, how far, since when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeliveryState {
    /// Counts *Try again*, from 1.
    pub attempt: u32,
    /// How far this attempt has got.
    #[serde(flatten)]
    pub delivery: Delivery,
    /// When it got there: WhatsApp's timestamp where a status said so, else the gateway's clock.
    pub at: DateTime<Utc>,
    /// Every step of this attempt that was heard of, each once, in the order of the line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reached: Vec<Reached>,
}

impl DeliveryState {
    /// An attempt that has just got to `delivery`.
    #[must_use]
    pub fn new(attempt: u32, delivery: Delivery, at: DateTime<Utc>) -> Self {
        let reached = Step::of(&delivery).map(|step| Reached { step, at }).into_iter().collect();
        Self { attempt, delivery, at, reached }
    }

    /// Takes over `next` if it belongs to a later attempt, or lies further along in the same one, and learns of steps that it
    /// did not know. Says whether anything was news.
    pub fn advance(&mut self, next: &Self) -> bool {
        if next.attempt != self.attempt {
            let moves = next.attempt > self.attempt;
            if moves {
                self.clone_from(next);
            }
            return moves;
        }
        let learns = self.learn(&next.reached);
        let moves = next.delivery.rank() > self.delivery.rank();
        if moves {
            self.delivery.clone_from(&next.delivery);
            self.at = next.at;
        }
        learns || moves
    }

    /// Adds steps that were not known; the earliest time of a step stands.
    fn learn(&mut self, reached: &[Reached]) -> bool {
        let mut learnt = false;
        for news in reached {
            match self.reached.binary_search_by_key(&news.step, |known| known.step) {
                Ok(place) if news.at < self.reached[place].at => self.reached[place] = *news,
                Ok(_) => continue,
                Err(place) => self.reached.insert(place, *news),
            }
            learnt = true;
        }
        learnt
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_delivery() -> impl Strategy<Value = Delivery> {
        let failed = Delivery::Failed(DeliveryFailure {
            code: Some(131_026),
            reason: "no".to_owned(),
            advice: "call".to_owned(),
            can_retry: false,
        });
        prop::sample::select(vec![
            Delivery::Queued,
            Delivery::Accepted,
            Delivery::Uncertain,
            Delivery::Sent,
            failed,
            Delivery::Delivered,
            Delivery::Read,
            Delivery::Played,
        ])
    }

    proptest! {
        #[test]
        fn the_order_of_arrival_makes_no_difference(statuses in prop::collection::vec(any_delivery(), 0..12), seed in any::<u64>()) {
            let join = |list: &[Delivery]| {
                let mut at = Delivery::Queued;
                for next in list {
                    at.advance(next.clone());
                }
                at
            };
            let mut shuffled = statuses.clone();
            let length = shuffled.len().max(1);
            for i in 0..shuffled.len() {
                shuffled.swap(i, (usize::try_from(seed % 1_000_003).unwrap_or(0) * (i + 7)) % length);
            }
            let repeated: Vec<Delivery> = shuffled.iter().chain(statuses.iter()).cloned().collect();
            prop_assert_eq!(join(&statuses), join(&shuffled));
            prop_assert_eq!(join(&statuses), join(&repeated));
        }

        #[test]
        fn it_never_goes_back(statuses in prop::collection::vec(any_delivery(), 0..12)) {
            let mut at = Delivery::Queued;
            for next in statuses {
                let before = at.rank();
                let moved = at.advance(next);
                prop_assert_eq!(moved, at.rank() > before);
                prop_assert!(at.rank() >= before);
            }
        }
    }

    #[test]
    fn read_without_delivered_is_fine_and_delivered_after_read_changes_nothing() {
        let mut at = Delivery::Sent;
        assert!(at.advance(Delivery::Read));
        assert!(!at.advance(Delivery::Delivered));
        assert_eq!(at, Delivery::Read);
    }

    #[test]
    fn a_new_attempt_starts_over_and_an_old_one_has_no_say() {
        let state = |attempt, delivery| DeliveryState::new(attempt, delivery, DateTime::UNIX_EPOCH);
        let mut at = state(1, Delivery::Sent);
        assert!(at.advance(&state(2, Delivery::Accepted)));
        assert!(!at.advance(&state(1, Delivery::Read)));
        assert_eq!(at, state(2, Delivery::Accepted));
    }

    #[test]
    fn a_step_that_is_heard_of_late_is_told_all_the_same() {
        let at = |seconds| DateTime::UNIX_EPOCH + chrono::TimeDelta::seconds(seconds);
        let mut state = DeliveryState::new(1, Delivery::Read, at(9));
        assert!(state.advance(&DeliveryState::new(1, Delivery::Delivered, at(5))));
        assert!(!state.advance(&DeliveryState::new(1, Delivery::Delivered, at(7))));
        assert_eq!((&state.delivery, state.at), (&Delivery::Read, at(9)));
        let steps: Vec<_> = state.reached.iter().map(|reached| (reached.step, reached.at)).collect();
        assert_eq!(steps, [(Step::Delivered, at(5)), (Step::Read, at(9))]);
    }
}
