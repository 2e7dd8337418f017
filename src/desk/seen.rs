//! What the contact is to see of the agent: how far they have read, and that they are writing.

use chrono::{DateTime, TimeDelta, Utc};
use waxwing_protocol::{
    id::{InteractionId, MessageId},
    interaction::Phase,
};

use super::{
    Desk,
    courier::Courier,
    effect::Call,
    input::CallError,
    link::Link,
    transcript::{Order, order},
    turn::Turn,
};

/// How long the contact sees that somebody is writing is up to 25 seconds (Cloud API, typing indicators): so it is told
/// again before that is over, and no more often.
const TYPING_EVERY: TimeDelta = TimeDelta::seconds(20);

/// How far a conversation has been read, and what was told of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Seen {
    /// The newest message of the contact that was really seen.
    up_to: Option<Order>,
    /// What the call under way tells.
    told: Option<Order>,
    pub(super) courier: Courier,
    /// When it was last told that the agent is writing.
    typing_at: Option<DateTime<Utc>>,
}

impl Seen {
    /// The call that tells how far, if it is to go now.
    pub(super) fn start(&mut self) -> Option<MessageId> {
        if !self.courier.start() {
            return None;
        }
        self.told = self.up_to;
        self.up_to.map(|(.., message)| message)
    }
}

impl Desk {
    /// Everything up to this message was visible in a focused window. Goes only forward.
    pub(super) fn see(&mut self, id: InteractionId, up_to: MessageId, turn: &mut Turn) {
        let (wanted, now) = (self.settings.mark_read, turn.now);
        let Some(conversation) = self.edit(id, turn) else { return };
        let transcript = &mut conversation.transcript;
        if transcript.newest.as_ref().is_some_and(|newest| newest.id == up_to) {
            transcript.reading = false;
        }
        let Some(place) = transcript.get(up_to).map(|message| order(message)) else { return };
        let mut seen = transcript.messages().rev().skip_while(|message| order(message) > place);
        let newest = seen.find(|message| message.is_by_contact()).map(|message| order(message));
        if wanted && newest > conversation.seen.up_to {
            conversation.seen.up_to = newest;
            conversation.seen.courier.want(now);
        }
    }

    /// The gateway was told how far, or not.
    pub(super) fn marked_read(&mut self, id: InteractionId, result: &Result<(), CallError>, turn: &mut Turn) {
        let (now, seed) = (turn.now, self.seed);
        if let Some(conversation) = self.edit(id, turn) {
            let seen = &mut conversation.seen;
            match result {
                Ok(()) => {
                    seen.courier.rest();
                    if seen.up_to > seen.told {
                        seen.courier.want(now);
                    }
                }
                Err(error) => {
                    seen.courier.fail(error, now, seed);
                }
            }
        }
        self.doubt_result(result.as_ref().err(), turn);
    }

    /// The agent is writing.
    pub(super) fn typing(&mut self, id: InteractionId, turn: &mut Turn) {
        let (now, online) = (turn.now, self.link == Link::Online && self.is_signed_in());
        if !self.settings.typing || !online {
            return;
        }
        let Some(conversation) = self.edit(id, turn) else { return };
        let is_due = conversation.seen.typing_at.is_none_or(|at| now - at >= TYPING_EVERY);
        if is_due && conversation.interaction.phase == Phase::Open {
            conversation.seen.typing_at = Some(now);
            turn.call(Call::Typing(id));
        }
    }
}
