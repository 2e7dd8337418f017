//! What agents have read, and that they are writing, for the contact to see.
//!
//! How far a conversation was read is kept and never goes back; WhatsApp is told in the background, of the newest message
//! alone, since that marks everything before it (Cloud API, mark messages as read).

use chrono::{DateTime, TimeDelta, Utc};
use waxwing_protocol::{
    id::{AgentId, BusinessNumberId, InteractionId, MessageId},
    problem::ProblemCode,
};

use super::{Refusal, outbound, reacting::is_whatsapps};
use crate::store::{Bell, Change, Read, StoreError, interactions, messages, reads};

/// How old a message may be that WhatsApp is told was read (Cloud API, mark messages as read).
pub const READ_WITHIN: TimeDelta = TimeDelta::days(30);

/// Notes that an agent has seen everything up to a message of the contact's.
pub async fn mark(
    change: &mut Change,
    agent: AgentId,
    (interaction, up_to): (InteractionId, MessageId),
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let interaction = outbound::owned(change, agent, interaction).await?;
    let Some(message) = outbound::said_with(change, &interaction, up_to).await? else {
        return Err(Refusal::new(ProblemCode::NotFound, "There is no such message in this conversation."));
    };
    if !message.is_by_contact() {
        return Err(Refusal::new(ProblemCode::BadRequest, "Only what the contact wrote can be read by you."));
    }
    Ok(advance(change, interaction.id, up_to, now).await?)
}

/// Notes how far an interaction was read, if that is further than before.
async fn advance(
    change: &mut Change,
    interaction: InteractionId,
    up_to: MessageId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Some(message) = messages::get(change.db(), up_to).await? else { return Ok(()) };
    if let Some(before) = reads::up_to(change.db(), interaction).await?
        && let Some(before) = messages::get(change.db(), before).await?
        && before.order() >= message.order()
    {
        return Ok(());
    }
    let wamid = messages::wamid(change.db(), up_to).await?;
    let can_be_told = wamid.is_some_and(|wamid| is_whatsapps(&wamid)) && now - message.sent_at <= READ_WITHIN;
    reads::put(change.db(), interaction, (up_to, !can_be_told), now).await?;
    if can_be_told {
        change.ring(Bell::Reads);
    }
    Ok(())
}

/// Takes along how far an interaction was read to the one that goes on in its place.
pub(super) async fn join(
    change: &mut Change,
    goes: InteractionId,
    stays: InteractionId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    match reads::up_to(change.db(), goes).await? {
        Some(up_to) => advance(change, stays, up_to, now).await,
        None => Ok(()),
    }
}

/// A message of a contact's to which it can be attached that an agent is writing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachable {
    /// On which of our numbers.
    pub number: BusinessNumberId,
    /// What WhatsApp calls the message.
    pub wamid: String,
}

/// The contact's newest message, for them to be shown that this agent is writing; none if there is nothing to attach it to or
/// nothing may be sent.
pub async fn attachable(
    read: &mut Read,
    agent: AgentId,
    id: InteractionId,
    now: DateTime<Utc>,
) -> Result<Option<Attachable>, Refusal> {
    let found = interactions::get(read.db(), id).await.map_err(Refusal::Store)?;
    let interaction = outbound::theirs(found, agent)?;
    if interaction.window.left(now).is_none() {
        return Ok(None);
    }
    let newest = messages::newest_of_contact(read.db(), id).await?;
    Ok(newest
        .filter(|(wamid, sent_at)| is_whatsapps(wamid) && now - *sent_at <= READ_WITHIN)
        .map(|(wamid, _)| Attachable { number: interaction.business_number.id, wamid }))
}

#[cfg(test)]
mod tests;
