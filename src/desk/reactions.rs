//! Emoji that the agent puts on messages: shown at once, as under way, until the gateway says what stands.
//!
//! One call per message at a time; what is wanted when it ends goes next. A refusal or no answer takes the emoji back and
//! is told: a reaction that shows up minutes later, on its own, would be worse than none.

use std::sync::Arc;

use waxwing_protocol::{
    agent::Agent,
    delivery::Delivery,
    id::{InteractionId, MessageId},
    message::{Author, Message, Reaction},
};

use super::{
    Desk,
    conversation::Source,
    effect::{Call, Entry},
    input::CallError,
    link::Account,
    turn::Turn,
};

/// An emoji on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reacting {
    /// As it is shown; none takes ours off.
    wanted: Option<Reaction>,
    /// What the call under way asks for.
    asked: Option<String>,
}

impl Reacting {
    fn emoji(&self) -> Option<String> {
        self.wanted.as_ref().map(|reaction| reaction.emoji.clone())
    }

    /// The message as it will be. A business has one reaction on a message, whichever agent put it there (Cloud API,
    /// reaction messages).
    pub(super) fn on(&self, message: &Message) -> Message {
        let mut message = message.clone();
        message.reactions.retain(|reaction| !matches!(reaction.author, Author::Agent { .. }));
        message.reactions.extend(self.wanted.clone());
        message
    }
}

impl Desk {
    /// Puts an emoji on a message, or takes ours off.
    pub(super) fn react(
        &mut self,
        id: InteractionId,
        message: MessageId,
        emoji: Option<String>,
        turn: &mut Turn,
    ) {
        let Account::SignedIn { agent, .. } = &self.account else { return };
        let wanted = emoji.clone().map(|emoji| reaction_of(agent, emoji));
        let Some(conversation) = self.edit(id, turn) else { return };
        if let Some(under_way) = conversation.reacting.get_mut(&message) {
            under_way.wanted = wanted;
            return;
        }
        conversation.reacting.insert(message, Reacting { wanted, asked: emoji.clone() });
        turn.call(Call::React { interaction: id, message, emoji });
    }

    /// The gateway has taken an emoji in, or not.
    pub(super) fn reacted(
        &mut self,
        id: InteractionId,
        message: MessageId,
        result: Result<Box<Message>, CallError>,
        turn: &mut Turn,
    ) {
        let under_way = self.edit(id, turn).and_then(|held| held.reacting.remove(&message));
        let Some(mut reacting) = under_way else { return };
        match result {
            Ok(told) => self.take_reactions(id, *told, reacting.asked.as_deref(), turn),
            Err(error) => {
                self.tell("The reaction could not be set", &error, turn);
                return;
            }
        }
        let emoji = reacting.emoji();
        if emoji != reacting.asked
            && let Some(conversation) = self.edit(id, turn)
        {
            reacting.asked.clone_from(&emoji);
            conversation.reacting.insert(message, reacting);
            turn.call(Call::React { interaction: id, message, emoji });
        }
    }

    /// Takes over the reactions of an answer, unless the feed has told of ours already.
    fn take_reactions(&mut self, id: InteractionId, told: Message, asked: Option<&str>, turn: &mut Turn) {
        let Some(held) = self.conversation(id).and_then(|held| held.message(told.id)).cloned() else {
            return;
        };
        let ours = held.reactions.iter().find(|reaction| matches!(reaction.author, Author::Agent { .. }));
        if ours.map(|reaction| reaction.emoji.as_str()) == asked {
            return;
        }
        let mut message = Arc::unwrap_or_clone(held);
        message.reactions = told.reactions;
        if let Some((message, _)) =
            self.edit(id, turn).and_then(|held| held.take_in(message, Source::Changed))
        {
            turn.journal(Entry::Changed(message));
        }
    }
}

fn reaction_of(agent: &Agent, emoji: String) -> Reaction {
    let author = Author::Agent { agent: agent.id, name: agent.display_name.clone() };
    Reaction { author, emoji, sending: Some(Delivery::Queued) }
}
