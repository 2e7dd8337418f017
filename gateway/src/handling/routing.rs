//! Who gets an interaction: a ready agent with room, the contact's last agent first, then whoever has the fewest, then
//! whoever has waited longest for one. If there is nobody, it waits in the queue, the longest waiting first.

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    event::{Departure, Event},
    id::AgentId,
    interaction::{Interaction, Phase},
};

use super::tell_owner;
use crate::store::{Change, StoreError, agents, contacts, drafts, interactions, pages};

/// Gives an interaction to whoever should have it, or puts it into the queue. Keeps whatever else was changed in it.
pub async fn route(
    change: &mut Change,
    interaction: &mut Interaction,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let preferred = contacts::last_agent(change.db(), interaction.contact.id).await?;
    match agents::next_free(change.db(), preferred).await? {
        Some(agent) => assign(change, interaction, agent, now).await,
        None => queue(change, interaction, now).await,
    }
}

/// Gives away what waits in the queue for as long as there is somebody with room.
pub async fn offer_queued(change: &mut Change, now: DateTime<Utc>) -> Result<(), StoreError> {
    while let Some(id) = interactions::first_queued(change.db()).await? {
        let mut interaction = interactions::known(change.db(), id).await?;
        let preferred = contacts::last_agent(change.db(), interaction.contact.id).await?;
        let Some(agent) = agents::next_free(change.db(), preferred).await? else { break };
        assign(change, &mut interaction, agent, now).await?;
    }
    Ok(())
}

async fn assign(
    change: &mut Change,
    interaction: &mut Interaction,
    agent: AgentId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    leave_owner(change, interaction, now).await?;
    interaction.owner = Some(agent);
    interaction.phase = Phase::Open;
    interaction.assigned_at = Some(now);
    interactions::save(change.db(), interaction).await?;
    contacts::note_agent(change.db(), interaction.contact.id, agent).await?;
    agents::note_assigned(change.db(), agent, now).await?;
    let (transcript, older) = pages::recent(change.db(), interaction).await?;
    let added = Event::InteractionAdded {
        interaction: Box::new(interaction.clone()),
        transcript,
        older,
        draft: drafts::shown(change.db(), agent, interaction.id).await?.map(Box::new),
    };
    change.emit(agent, &added, now).await
}

async fn queue(
    change: &mut Change,
    interaction: &mut Interaction,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    leave_owner(change, interaction, now).await?;
    interaction.owner = None;
    interaction.phase = Phase::Queued;
    interaction.assigned_at = None;
    interactions::save(change.db(), interaction).await
}

async fn leave_owner(
    change: &mut Change,
    interaction: &Interaction,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let removed = Event::InteractionRemoved { interaction: interaction.id, why: Departure::Reassigned };
    tell_owner(change, interaction, &removed, now).await
}
