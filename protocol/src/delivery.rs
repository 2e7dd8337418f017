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
}

impl DeliveryState {
    /// Takes over `next` if it belongs to a later attempt, or lies further along in the same one. Says whether it did.
    pub fn advance(&mut self, next: &Self) -> bool {
        let moves = (next.attempt, next.delivery.rank()) > (self.attempt, self.delivery.rank());
        if moves {
            self.clone_from(next);
        }
        moves
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
        let state = |attempt, delivery| DeliveryState { attempt, delivery, at: DateTime::UNIX_EPOCH };
        let mut at = state(1, Delivery::Sent);
        assert!(at.advance(&state(2, Delivery::Accepted)));
        assert!(!at.advance(&state(1, Delivery::Read)));
        assert_eq!(at, state(2, Delivery::Accepted));
    }
}
