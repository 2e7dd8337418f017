//! What happens by itself when its time has come: an offer lapses, a silence ends, a desktop that is gone counts as logged off,
//! what was kept for somebody is anybody's. Everything that is due is read from the store, so a restart forgets nothing.

use chrono::{DateTime, TimeDelta, Utc};
use waxwing_protocol::{
    id::InteractionId,
    interaction::{Interaction, Phase},
    message::Author,
    wrap_up::UNDO_SECONDS,
};

use super::{moving, outbound, routing, status};
use crate::{
    life::Command,
    store::{
        Change, Read, StoreError, agents, drafts,
        due::{self, Reminded},
        interactions, settings,
    },
};

/// How long what was being written is kept after *Done*: for as long as that can be undone, and a moment more.
fn kept_after_done() -> TimeDelta {
    TimeDelta::seconds(i64::from(UNDO_SECONDS) + 1)
}

/// When the next thing is due, or since when one is; none if nothing will be. Nobody was heard of before `awake_since`, when this
/// gateway began to listen.
pub async fn next(
    read: &mut Read,
    awake_since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let rules = settings::sessions(read.db()).await?;
    let offer = due::offers(read.db()).await?.first().map(|(until, _)| *until);
    let kept = due::next_kept(read.db()).await?;
    let heard_of = due::heard_of(read.db()).await?;
    let away = heard_of.first().map(|(at, _)| (*at).max(awake_since) + rules.away());
    let remind = match rules.remind() {
        Some(span) => due::quiet(read.db(), Some(Reminded::No)).await?.first().map(|(at, _)| *at + span),
        None => None,
    };
    let end = match rules.end() {
        Some(span) => due::quiet(read.db(), None).await?.first().map(|(at, _)| *at + span),
        None => None,
    };
    let left = due::left_behind(read.db()).await?.first().map(|_agent| now);
    let closed = drafts::closed(read.db()).await?.first().map(|(at, _)| *at + kept_after_done());
    Ok([offer, kept, away, remind, end, left, closed].into_iter().flatten().min())
}

/// Does everything that is due.
pub async fn run(
    change: &mut Change,
    awake_since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let rules = settings::sessions(change.db()).await?;
    for (until, id) in due::offers(change.db()).await? {
        if until <= now {
            lapse(change, id, now).await?;
        }
    }
    for (heard_at, agent) in due::heard_of(change.db()).await? {
        if heard_at.max(awake_since) + rules.away() <= now {
            tracing::info!(agent.id = %agent, "a desktop was not heard of for too long");
            status::leave(change, agent, now).await?;
        }
    }
    for agent in due::left_behind(change.db()).await? {
        routing::log_off(change, agent, now).await?;
    }
    if let Some(span) = rules.end() {
        for (said_at, id) in due::quiet(change.db(), None).await? {
            if said_at + span <= now {
                end(change, id, now).await?;
            }
        }
    }
    if let Some(span) = rules.remind() {
        for (said_at, id) in due::quiet(change.db(), Some(Reminded::No)).await? {
            if said_at + span <= now {
                remind(change, (id, &rules.remind_text), now).await?;
            }
        }
    }
    for (closed_at, id) in drafts::closed(change.db()).await? {
        if closed_at + kept_after_done() <= now {
            drafts::take(change.db(), id).await?;
        }
    }
    due::release_kept(change.db(), now).await?;
    routing::offer_queued(change, now).await
}

/// Whoever does not answer an offer is not there, whatever their status says.
async fn lapse(change: &mut Change, id: InteractionId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut interaction = interactions::known(change.db(), id).await?;
    let (Phase::Offered { .. }, Some(agent)) = (&interaction.phase, interaction.owner) else { return Ok(()) };
    status::did_not_answer(change, agent, now).await?;
    let to = routing::next(change, (&interaction, agent), now).await?;
    moving::go(change, &mut interaction, &Command::Lapse { to }, now).await
}

async fn end(change: &mut Change, id: InteractionId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut interaction = interactions::known(change.db(), id).await?;
    moving::go(change, &mut interaction, &Command::End { by: None }, now).await
}

/// Says the reminder in the name of whoever has the conversation, if it can be said still.
async fn remind(
    change: &mut Change,
    (id, words): (InteractionId, &str),
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    due::note_reminded(change.db(), id).await?;
    let mut interaction = interactions::known(change.db(), id).await?;
    say(change, &mut interaction, words, now).await
}

/// Says something that is configured in the name of an interaction's owner, if the reply window is open.
async fn say(
    change: &mut Change,
    interaction: &mut Interaction,
    words: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Some(owner) = interaction.owner else { return Ok(()) };
    if interaction.window.left(now).is_none() {
        return Ok(());
    }
    let name = agents::get(change.db(), owner).await?.map(|record| record.agent.display_name);
    let author = Author::Agent { agent: owner, name: name.unwrap_or_default() };
    outbound::put(change, (interaction, author), outbound::words(words), now).await.map(drop)
}

#[cfg(test)]
mod tests;
