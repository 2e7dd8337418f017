//! Who gets an interaction: a ready agent with room, the contact's last agent first, then whoever has the fewest, then
//! whoever has waited longest for one. If there is nobody, it waits in the queue, the longest waiting first.
//!
//! What a contact takes up again by writing is kept for the agent who had it last, for a set time and for as long as they are at
//! work: the contact is known there.

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    history::LifeReason,
    id::{AgentId, InteractionId},
    interaction::{Interaction, Phase},
};

use super::moving::{self, target};
use crate::{
    life::{Command, Target},
    store::{
        Change, StoreError,
        agents::{self, Wanted},
        contacts, interactions, life as steps, settings, workbins,
    },
};

/// Has an interaction that has just been begun by the contact go to whoever should have it.
pub async fn begin(
    change: &mut Change,
    interaction: &mut Interaction,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let preferred = contacts::last_agent(change.db(), interaction.contact.id).await?;
    let to = find(change, Wanted { preferred, except: None }, now).await?;
    moving::go(change, interaction, &Command::Begin { to, by: None }, now).await
}

/// The contact has written in an interaction that lies in a workbin: it leaves by itself.
pub async fn resume(
    change: &mut Change,
    interaction: &mut Interaction,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let last = steps::last_agent(change.db(), interaction.id).await?;
    let rules = settings::sessions(change.db()).await?;
    let why = LifeReason::ContactResumed;
    if let Some(last) = last {
        let waits = !rules.resume_wait().is_zero() && is_at_work(change, last).await?;
        if waits && !agents::is_free(change.db(), last).await? {
            moving::go(change, interaction, &Command::Route { to: Target::Queue, why }, now).await?;
            let until = now + rules.resume_wait();
            return steps::keep_for(change, interaction.id, (last, until)).await;
        }
    }
    let to = find(change, Wanted { preferred: last, except: None }, now).await?;
    moving::go(change, interaction, &Command::Route { to, why }, now).await
}

/// Gives away what waits in the queue for as long as there is somebody with room; what is kept for somebody, to them alone.
pub async fn offer_queued(change: &mut Change, now: DateTime<Utc>) -> Result<(), StoreError> {
    let offer = settings::sessions(change.db()).await?.offer();
    for (id, agent) in interactions::kept(change.db(), now).await? {
        if agents::is_free(change.db(), agent).await? {
            give_queued(change, (id, target(agent, offer, now)), now).await?;
        }
    }
    while let Some(id) = interactions::first_queued(change.db(), now).await? {
        let interaction = interactions::known(change.db(), id).await?;
        let preferred = match steps::last_agent(change.db(), id).await? {
            Some(last) => Some(last),
            None => contacts::last_agent(change.db(), interaction.contact.id).await?,
        };
        let wanted = Wanted { preferred, except: None };
        let Some(agent) = agents::next_free(change.db(), wanted).await? else { break };
        give_queued(change, (id, target(agent, offer, now)), now).await?;
    }
    Ok(())
}

async fn give_queued(
    change: &mut Change,
    (id, to): (InteractionId, Target),
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut interaction = interactions::known(change.db(), id).await?;
    moving::go(change, &mut interaction, &Command::Route { to, why: LifeReason::Routed }, now).await
}

/// What was offered goes on to somebody else.
pub(super) async fn next(
    change: &mut Change,
    (interaction, not): (&Interaction, AgentId),
    now: DateTime<Utc>,
) -> Result<Target, StoreError> {
    let preferred = contacts::last_agent(change.db(), interaction.contact.id).await?;
    find(change, Wanted { preferred, except: Some(not) }, now).await
}

/// Nobody may sit before work of theirs that is gone: what an agent holds goes into their workbin, what was offered to them goes
/// on, and whoever waits for an answer is taken up at once as if they had just written.
pub async fn log_off(change: &mut Change, agent: AgentId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut waiting = Vec::new();
    for id in interactions::owned_by(change.db(), agent).await? {
        let mut interaction = interactions::known(change.db(), id).await?;
        if matches!(interaction.phase, Phase::Offered { .. }) {
            let to = next(change, (&interaction, agent), now).await?;
            let command = Command::Route { to, why: LifeReason::LoggedOff };
            moving::go(change, &mut interaction, &command, now).await?;
            continue;
        }
        let command = Command::LogOff { workbin: workbins::own(agent) };
        moving::go(change, &mut interaction, &command, now).await?;
        if let (Some(since), None) = (interaction.pending_since, interaction.ended_at) {
            waiting.push((since, id));
        }
    }
    waiting.sort_unstable();
    for (_, id) in waiting {
        let mut interaction = interactions::known(change.db(), id).await?;
        resume(change, &mut interaction, now).await?;
    }
    // Nobody waits for somebody who has left.
    steps::release(change.db(), agent).await?;
    offer_queued(change, now).await
}

async fn find(change: &mut Change, wanted: Wanted, now: DateTime<Utc>) -> Result<Target, StoreError> {
    let Some(agent) = agents::next_free(change.db(), wanted).await? else { return Ok(Target::Queue) };
    let offer = settings::sessions(change.db()).await?.offer();
    Ok(target(agent, offer, now))
}

/// Whether somebody sits there who can answer a customer.
pub(super) async fn is_at_work(change: &mut Change, agent: AgentId) -> Result<bool, StoreError> {
    Ok(agents::get(change.db(), agent).await?.is_some_and(|record| record.is_at_work()))
}
