//! Our reactions: an agent puts an emoji on a message of the conversation, or takes ours off.
//!
//! WhatsApp has one reaction of the business's on each message, whichever of us put it there, so a newer one replaces it. It
//! is no answer: a contact who waits goes on waiting, since what ends a pending response is text, a file or a notification.
//! What is not a template needs an open reply window (Cloud API, customer service window), and WhatsApp takes no reaction to
//! a message that is older than 30 days, was taken back, or never reached it (Cloud API, reaction messages).

use std::{collections::HashMap, sync::LazyLock};

use chrono::{DateTime, TimeDelta, Utc};
use waxwing_protocol::{
    delivery::{Delivery, DeliveryFailure},
    event::Event,
    id::{AgentId, InteractionId, MessageId},
    interaction::Interaction,
    message::{Author, Body, Message, Reaction},
    problem::ProblemCode,
};

use super::{Refusal, known_message, outbound, tell_reader};
use crate::store::{
    Bell, Change, StoreError, agents, interactions, messages,
    reactions::{self, KeptReaction},
    sending::{self, Attempt},
};

/// How old a message may be that is reacted to.
const TARGET_LIFE: TimeDelta = TimeDelta::days(30);

/// U+FE0F asks for the coloured form; programs differ on writing it.
const COLOURED: char = '\u{FE0F}';

/// Every emoji as Unicode writes it in full, by itself without U+FE0F.
static EMOJI: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let toned = |emoji: &'static emojis::Emoji| emoji.skin_tones().into_iter().flatten();
    let all = emojis::iter().flat_map(|emoji| std::iter::once(emoji).chain(toned(emoji)));
    all.map(|emoji| (bare(emoji.as_str()), emoji.as_str())).collect()
});

fn bare(emoji: &str) -> String {
    emoji.chars().filter(|c| *c != COLOURED).collect()
}

/// The one emoji that a text is, as Unicode writes it in full; none if it is anything else.
fn one_emoji(text: &str) -> Option<&'static str> {
    EMOJI.get(&bare(text)).copied()
}

/// Puts an emoji of the agent's on a message, or takes ours off. It will leave, whatever happens to their desktop. The same
/// again changes nothing, unless it failed.
pub async fn react(
    change: &mut Change,
    agent: AgentId,
    (interaction, message): (InteractionId, MessageId),
    emoji: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Message, Refusal> {
    let interaction = outbound::writable(change, agent, interaction, now).await?;
    let emoji = match emoji.map(one_emoji) {
        None => "",
        Some(Some(emoji)) => emoji,
        Some(None) => {
            return Err(Refusal::new(ProblemCode::UnacceptableBody, "A reaction is exactly one emoji."));
        }
    };
    let message = target(change, &interaction, message, now).await?;
    let before = reactions::ours(change.db(), message.id).await?;
    let stands = before.as_ref().map_or("", |kept| &kept.reaction.emoji);
    let failed =
        before.as_ref().and_then(|kept| kept.reaction.sending.as_ref()).is_some_and(Delivery::is_failed);
    if bare(stands) == bare(emoji) && !failed {
        return Ok(message);
    }
    let attempt = sending::next_reaction(change.db(), message.id).await?;
    let name = agents::get(change.db(), agent).await?.map(|record| record.agent.display_name);
    let kept = KeptReaction {
        taken_off: emoji.is_empty().then(|| stands.to_owned()),
        reaction: Reaction {
            author: Author::Agent { agent, name: name.unwrap_or_default() },
            emoji: emoji.to_owned(),
            sending: Some(Delivery::Accepted),
        },
        // A clock that was set back must not keep an agent from changing their mind.
        at: before.map_or(now, |kept| kept.at.max(now)),
        attempt: Some(attempt.number),
    };
    reactions::put(change.db(), message.id, kept).await?;
    sending::withdraw_waiting_reaction(change.db(), message.id).await?;
    sending::enqueue(change.db(), attempt, &interaction, now).await?;
    change.ring(Bell::Outbox);
    tracing::info!(interaction.id = %interaction.id, message.id = %message.id, "a reaction was taken in");
    Ok(tell(change, message.id, now).await?)
}

/// The message that is reacted to, if WhatsApp takes a reaction to it.
async fn target(
    change: &mut Change,
    interaction: &Interaction,
    id: MessageId,
    now: DateTime<Utc>,
) -> Result<Message, Refusal> {
    let refused = |why: &str| Err(Refusal::new(ProblemCode::Conflict, why));
    let Some(message) = outbound::said_with(change, interaction, id).await? else {
        return Err(Refusal::new(ProblemCode::NotFound, "There is no such message in this conversation."));
    };
    if message.body == Body::Deleted {
        return refused("This message was taken back; nobody can react to it any more.");
    }
    if now - message.sent_at > TARGET_LIFE {
        return refused("WhatsApp takes no reaction to a message that is older than 30 days.");
    }
    let failed = message.delivery.as_ref().is_some_and(|state| state.delivery.is_failed());
    let wamid = messages::wamid(change.db(), id).await?;
    if failed || matches!(message.author, Author::System) || !wamid.is_some_and(|id| is_whatsapps(&id)) {
        return refused("This message is not on WhatsApp, so there is nothing to react to.");
    }
    Ok(message)
}

/// Whether WhatsApp itself called a message so; the gateway makes a name up where WhatsApp gave none.
pub(super) fn is_whatsapps(wamid: &str) -> bool {
    !wamid.starts_with("sha256.")
}

/// Moves one of our attempts to react on to `delivery`, if that lies further along and nothing has replaced it.
pub(super) async fn advance(
    change: &mut Change,
    attempt: Attempt,
    delivery: Delivery,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let delivery = in_words(delivery);
    if reactions::advance(change.db(), attempt.message, attempt.number, delivery).await? {
        tell(change, attempt.message, now).await?;
    }
    Ok(())
}

/// WhatsApp's code for a parameter that is wrong says, of a reaction, that it takes none to this message (Cloud API, reaction
/// messages).
fn in_words(delivery: Delivery) -> Delivery {
    match delivery {
        Delivery::Failed(failure) if failure.code == Some(131_009) => Delivery::Failed(DeliveryFailure {
            reason: "WhatsApp took no reaction to this message: it may be too old, or taken back.".to_owned(),
            advice: "Write a reply to it instead.".to_owned(),
            ..failure
        }),
        other => other,
    }
}

async fn tell(change: &mut Change, id: MessageId, now: DateTime<Utc>) -> Result<Message, StoreError> {
    let message = known_message(change, id).await?;
    let interaction = interactions::known(change.db(), message.interaction).await?;
    let event = Event::MessageChanged { message: Box::new(message.clone()) };
    tell_reader(change, &interaction, &event, now).await?;
    Ok(message)
}

#[cfg(test)]
mod tests;
