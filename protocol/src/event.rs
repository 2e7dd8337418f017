//! What the gateway says happened to one agent's work: a feed without gaps, read a page at a time.
//!
//! Each agent has a feed of their own, numbered 1, 2, 3 … in the order in which the gateway committed it. A desktop that
//! holds everything up to a [`Cursor`] asks for what comes after; a number that does not follow is a gap and means asking
//! again. A cursor the gateway can't serve (too old, or of another database) is answered with a [`Snapshot`].

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    agent::{Agent, StatusSince},
    contact::Contact,
    delivery::DeliveryState,
    draft::Draft,
    id::{BusinessNumberId, InteractionId, MessageId},
    interaction::Interaction,
    message::Message,
};

/// A place in one agent's feed: which feed, and the number of the last event held.
///
/// On the wire `epoch.number`. The epoch changes when the database is another one (restored, set up anew).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Cursor {
    /// Which database the number belongs to.
    pub epoch: u32,
    /// The last event held; 0 before the first.
    pub number: u64,
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Cursor {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        String::schema()
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Cursor {}

impl Cursor {
    /// Whether `next` is the event that follows this place.
    #[must_use]
    pub const fn is_followed_by(self, next: Self) -> bool {
        self.epoch == next.epoch && next.number == self.number + 1
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}.{}", self.epoch, self.number)
    }
}

/// A text that is not a cursor.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor")]
pub struct InvalidCursor;

impl FromStr for Cursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, InvalidCursor> {
        let (epoch, number) = text.split_once('.').ok_or(InvalidCursor)?;
        let plain = |part: &str| part.bytes().all(|b| b.is_ascii_alphanumeric());
        if !plain(epoch) || !plain(number) {
            return Err(InvalidCursor);
        }
        Ok(Self {
            epoch: u32::from_str_radix(epoch, 16).map_err(|_invalid| InvalidCursor)?,
            number: number.parse().map_err(|_invalid| InvalidCursor)?,
        })
    }
}

impl From<Cursor> for String {
    fn from(cursor: Cursor) -> Self {
        cursor.to_string()
    }
}

impl TryFrom<String> for Cursor {
    type Error = InvalidCursor;

    fn try_from(text: String) -> Result<Self, InvalidCursor> {
        text.parse()
    }
}

/// A condition that stops a business number from sending, for everybody to see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NumberAlert {
    /// Which of our numbers.
    pub number: BusinessNumberId,
    /// As people write it.
    pub display_number: String,
    /// What is wrong and what to do, in a sentence or two.
    pub text: String,
    /// Since when, by the gateway's clock.
    pub since: DateTime<Utc>,
}

/// Why an interaction is no longer this agent's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Departure {
    /// Closed for good.
    Done,
    /// Given to somebody else, or back to the queue.
    Reassigned,
    /// Put into a workbin.
    ToWorkbin,
    /// Offered for as long as it may be, and not taken.
    Lapsed,
    /// A reason of a newer gateway.
    #[serde(other)]
    Unknown,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Event {
    /// An interaction came to this agent, with what was said in it so far.
    InteractionAdded {
        /// The interaction.
        interaction: Box<Interaction>,
        /// The newest part of its transcript, oldest first.
        transcript: Vec<Message>,
        /// Whether there is something older, in this session or in an earlier one of the contact's with the same number.
        #[serde(default)]
        older: bool,
        /// What this agent was writing in it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        draft: Option<Box<Draft>>,
    },
    /// An interaction of this agent's changed: phase, pending response, window, contact, case data.
    InteractionChanged {
        /// As it is now.
        interaction: Box<Interaction>,
    },
    /// An interaction is no longer this agent's.
    InteractionRemoved {
        /// Which.
        interaction: InteractionId,
        /// Why.
        why: Departure,
    },
    /// Something was said.
    MessageAdded {
        /// What.
        message: Box<Message>,
    },
    /// A message changed: edited, taken back, reacted to.
    MessageChanged {
        /// As it is now.
        message: Box<Message>,
    },
    /// A message of ours got further, or failed.
    DeliveryChanged {
        /// The work it belongs to.
        interaction: InteractionId,
        /// Which message.
        message: MessageId,
        /// How far.
        state: DeliveryState,
    },
    /// A contact's names changed.
    ContactChanged {
        /// As they are now.
        contact: Box<Contact>,
    },
    /// What this agent is writing changed, on whichever machine.
    DraftChanged {
        /// Where.
        interaction: InteractionId,
        /// As it is now.
        draft: Box<Draft>,
    },
    /// This agent's status changed, here or elsewhere.
    StatusChanged {
        /// As it is now.
        #[serde(flatten)]
        status: StatusSince,
    },
    /// Something in the library of responses and templates changed: ask for it ([`library`](crate::library)).
    LibraryChanged {
        /// The number of the newest change.
        revision: u64,
    },
    /// A business number can't send.
    NumberAlertRaised {
        /// What is wrong.
        alert: NumberAlert,
    },
    /// A business number can send again.
    NumberAlertCleared {
        /// Which of our numbers.
        number: BusinessNumberId,
    },
    /// Something that this desktop does not know yet; passed over.
    #[serde(other)]
    Unknown,
}

/// An event and its place in the feed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FeedEvent {
    /// Its place.
    pub cursor: Cursor,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
}

/// One interaction with the newest part of its transcript.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InteractionSnapshot {
    /// The interaction.
    pub interaction: Interaction,
    /// The newest part of its transcript, oldest first.
    pub transcript: Vec<Message>,
    /// Whether there is something older, in this session or in an earlier one of the contact's with the same number.
    #[serde(default)]
    pub older: bool,
    /// What this agent was writing in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<Draft>,
}

/// Everything that lies before an agent at one moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Snapshot {
    /// The agent.
    pub agent: Agent,
    /// Their status.
    pub status: StatusSince,
    /// Their interactions, oldest first.
    pub interactions: Vec<InteractionSnapshot>,
    /// What stops our numbers.
    pub alerts: Vec<NumberAlert>,
    /// The number of the newest change of the [`library`](crate::library); 0 from a gateway that has none.
    #[serde(default)]
    pub library: u64,
    /// The number of the newest change in the [`workbins`](crate::workbin); 0 from a gateway that has none.
    #[serde(default)]
    pub workbins: u64,
}

/// The answer to a poll.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum EventPage {
    /// What came after the cursor; empty if nothing did while the poll waited.
    Events {
        /// In order, without gaps.
        events: Vec<FeedEvent>,
        /// The place to ask from next.
        next: Cursor,
        /// Whether there is more already.
        more: bool,
        /// The number of the newest change in the [`workbins`](crate::workbin); 0 from a gateway that has none.
        #[serde(default)]
        workbins: u64,
        /// The gateway's clock.
        now: DateTime<Utc>,
    },
    /// The cursor can't be served: forget what you hold and start from this.
    Snapshot {
        /// Everything.
        snapshot: Box<Snapshot>,
        /// The place to ask from next.
        next: Cursor,
        /// The gateway's clock.
        now: DateTime<Utc>,
    },
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_cursor_reads_back_as_itself(epoch: u32, number: u64) {
            let cursor = Cursor { epoch, number };
            prop_assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }

        #[test]
        fn no_text_panics(text: String) {
            if let Ok(cursor) = text.parse::<Cursor>() {
                prop_assert_eq!(cursor.to_string().parse(), Ok(cursor));
            }
        }
    }

    #[test]
    fn only_the_very_next_event_of_the_same_feed_follows() {
        let at = Cursor { epoch: 7, number: 41 };
        assert!(at.is_followed_by(Cursor { epoch: 7, number: 42 }));
        assert!(!at.is_followed_by(Cursor { epoch: 7, number: 43 }));
        assert!(!at.is_followed_by(Cursor { epoch: 7, number: 41 }));
        assert!(!at.is_followed_by(Cursor { epoch: 8, number: 42 }));
    }
}
