//! What is held out to the agent: they take it or let it go, and it lapses by itself.

use waxwing_protocol::{
    event::Departure,
    id::InteractionId,
    interaction::{Interaction, Phase},
};

use super::{
    super::{Desk, conversation::Conversation, effect::Call, input::CallError, turn::Turn},
    WrapUpCall, is_gone, is_unheard,
};

impl Desk {
    /// What is offered to this agent, what lapses first in front.
    #[must_use]
    pub fn offers(&self) -> Vec<&Conversation> {
        let until = |held: &Conversation| match held.interaction().phase {
            Phase::Offered { until } if held.interaction().owner == self.agent => Some(until),
            _ => None,
        };
        let mut offers: Vec<_> = self.conversations.values().map(AsRef::as_ref).collect();
        offers.retain(|held| until(held).is_some());
        offers.sort_by_key(|held| (until(held), held.interaction().id));
        offers
    }

    /// The agent takes it, or lets it go.
    pub(super) fn answer_offer(&mut self, id: InteractionId, call: WrapUpCall, turn: &mut Turn) {
        let is_offered = |held: &Conversation| matches!(held.interaction().phase, Phase::Offered { .. });
        if self.conversation(id).is_some_and(is_offered) && self.wrap_up.asked.insert(id) {
            turn.call(Call::WrapUp(call));
        }
    }

    /// The gateway says whether it is ours now.
    pub(super) fn offer_accepted(
        &mut self,
        id: InteractionId,
        result: Result<Box<Interaction>, CallError>,
        turn: &mut Turn,
    ) {
        self.wrap_up.asked.remove(&id);
        match result {
            Ok(interaction) => {
                self.take_picture(*interaction, Departure::Reassigned, turn);
                self.bring_to_front(id, turn);
            }
            Err(error) => self.offer_not_answered(id, &error, turn),
        }
    }

    /// The gateway gives it to somebody else.
    pub(super) fn offer_rejected(
        &mut self,
        id: InteractionId,
        result: Result<(), CallError>,
        turn: &mut Turn,
    ) {
        self.wrap_up.asked.remove(&id);
        match result {
            Ok(()) if self.offers().iter().any(|held| held.interaction().id == id) => {
                self.remove(id, Departure::Unknown, turn);
            }
            Ok(()) => {}
            Err(error) => self.offer_not_answered(id, &error, turn),
        }
    }

    fn offer_not_answered(&mut self, id: InteractionId, error: &CallError, turn: &mut Turn) {
        let title = self.title_of(id);
        let is_still_offered = self.offers().iter().any(|held| held.interaction().id == id);
        self.tell(&format!("{title} could not be answered for"), error, turn);
        if is_still_offered && (is_gone(error) || !is_unheard(error)) {
            self.remove(id, Departure::Unknown, turn);
        }
    }
}
