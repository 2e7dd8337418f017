//! Does what the machine of an interaction's life has decided: keeps the step, and tells whoever has it no longer and whoever
//! has it now.

use chrono::{DateTime, TimeDelta, Utc};
use waxwing_protocol::{
    agent::Colleague,
    event::{Departure, Event},
    history::LifeReason,
    id::AgentId,
    interaction::{Interaction, Phase, Stored},
    problem::ProblemCode,
};

use super::{Refusal, routing::is_at_work, tell_owner};
use crate::{
    life::{self, Command, Decided, Refused, Standing, Step, Target},
    store::{Bell, Change, StoreError, agents, contacts, drafts, life as steps, pages},
};

/// Does what the gateway itself wants, which nothing can be in the way of.
pub(super) async fn go(
    change: &mut Change,
    interaction: &mut Interaction,
    command: &Command,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    match life::decide(&Standing::of(interaction), command) {
        Ok(Decided::Step(step)) => {
            let stored = stored(change, interaction.owner, now).await?;
            take(change, interaction, (&step, stored), now).await
        }
        Ok(Decided::Already) => Ok(()),
        Err(refused) => {
            tracing::error!(interaction.id = %interaction.id, ?command, ?refused, "a step that can't be taken");
            Err(StoreError::Unreadable { what: "interaction that is where it can't be" })
        }
    }
}

/// Does what an agent wants, if nothing is in the way. Says whether anything was to be done.
pub(super) async fn ask(
    change: &mut Change,
    interaction: &mut Interaction,
    (command, stored): (&Command, Option<Stored>),
    now: DateTime<Utc>,
) -> Result<bool, Refusal> {
    match life::decide(&Standing::of(interaction), command) {
        Ok(Decided::Step(step)) => {
            let holder = step.owner().filter(|_owner| *step.phase() != Phase::Done);
            if let Some(agent) = holder
                && !is_at_work(change, agent).await?
            {
                // They have left while this was under way.
                return Err(Refusal::new(ProblemCode::SignedOut, "Sign in again."));
            }
            take(change, interaction, (&step, stored), now).await?;
            Ok(true)
        }
        Ok(Decided::Already) => Ok(false),
        Err(refused) => Err(refusal_of(change, refused).await?),
    }
}

/// How something comes to lie in a workbin that nobody says anything about.
pub(super) async fn stored(
    change: &mut Change,
    by: Option<AgentId>,
    now: DateTime<Utc>,
) -> Result<Option<Stored>, StoreError> {
    let by = match by {
        Some(agent) => colleague(change, agent).await?,
        None => None,
    };
    Ok(Some(Stored { since: now, by, comment: None, remind_at: None }))
}

/// An agent as others know them.
pub(super) async fn colleague(change: &mut Change, agent: AgentId) -> Result<Option<Colleague>, StoreError> {
    let record = agents::get(change.db(), agent).await?;
    Ok(record.map(|record| Colleague { id: agent, display_name: record.agent.display_name }))
}

/// Refuses what an agent wants if something is in the way; does nothing yet.
pub(super) async fn may(
    change: &mut Change,
    interaction: &Interaction,
    command: &Command,
) -> Result<(), Refusal> {
    match life::decide(&Standing::of(interaction), command) {
        Ok(_decided) => Ok(()),
        Err(refused) => Err(refusal_of(change, refused).await?),
    }
}

/// What is in the way, in words, with the name of whoever it is.
pub(super) async fn refusal_of(change: &mut Change, refused: Refused) -> Result<Refusal, StoreError> {
    let detail = match refused {
        Refused::HeldBy(agent) | Refused::OfferedTo(agent) => {
            let name = colleague(change, agent).await?.map(|one| one.display_name).unwrap_or_default();
            match refused {
                Refused::HeldBy(_) => format!("{name} has this interaction open."),
                _ => format!("This interaction is offered to {name} just now."),
            }
        }
        Refused::NotOffered => "This interaction is not offered to you any more.".to_owned(),
        Refused::Queued => "This interaction waits in the queue. Open it first.".to_owned(),
        Refused::Lies => "This interaction lies in a workbin. Open it first.".to_owned(),
        Refused::NotOpened => "This interaction was not opened from a workbin or queue.".to_owned(),
        Refused::Over => "The session of this interaction is over.".to_owned(),
        Refused::Done => "This interaction is done.".to_owned(),
        Refused::NotDone => "This interaction is not done.".to_owned(),
        Refused::Unknown => "This interaction is in a phase that this gateway does not know.".to_owned(),
    };
    Ok(Refusal::new(ProblemCode::Conflict, &detail))
}

/// Who has an interaction before them: once it is done, nobody.
fn holder(interaction: &Interaction) -> Option<AgentId> {
    interaction.owner.filter(|_owner| interaction.phase != Phase::Done)
}

async fn take(
    change: &mut Change,
    interaction: &mut Interaction,
    (step, stored): (&Step, Option<Stored>),
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let before = holder(interaction);
    steps::take(change, interaction, (step, stored), now).await?;
    let after = holder(interaction);
    if let Some(agent) = before
        && before != after
    {
        let gone = Event::InteractionRemoved { interaction: interaction.id, why: departure(step) };
        change.emit(agent, &gone, now).await?;
    }
    if let Phase::Offered { .. } | Phase::Done = interaction.phase {
        change.ring(Bell::Timers);
    }
    if let (Some(agent), Phase::Open) = (after, &interaction.phase) {
        contacts::note_agent(change.db(), interaction.contact.id, agent).await?;
    }
    match after {
        Some(_same) if before == after => {
            let changed = Event::InteractionChanged { interaction: Box::new(interaction.clone()) };
            tell_owner(change, interaction, &changed, now).await
        }
        Some(agent) => {
            agents::note_assigned(change.db(), agent, now).await?;
            give(change, (agent, interaction), now).await
        }
        None => Ok(()),
    }
}

/// Lays an interaction with its transcript before an agent, or lays it there anew.
pub(super) async fn give(
    change: &mut Change,
    (agent, interaction): (AgentId, &Interaction),
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (transcript, older) = pages::recent(change.db(), interaction).await?;
    let added = Event::InteractionAdded {
        interaction: Box::new(interaction.clone()),
        transcript,
        older,
        draft: drafts::shown(change.db(), agent, interaction.id).await?.map(Box::new),
    };
    change.emit(agent, &added, now).await
}

/// What whoever had it reads about where it went.
const fn departure(step: &Step) -> Departure {
    match (step.phase(), step.why()) {
        // It has become part of another one.
        (Phase::Done, _) if step.by().is_none() => Departure::Reassigned,
        (Phase::Done, _) => Departure::Done,
        (Phase::InWorkbin { .. }, _) => Departure::ToWorkbin,
        (_, LifeReason::Lapsed) => Departure::Lapsed,
        _ => Departure::Reassigned,
    }
}

/// Whom an interaction goes to: an agent, as the house gives work out.
pub(super) fn target(agent: AgentId, offer: Option<TimeDelta>, now: DateTime<Utc>) -> Target {
    match offer {
        Some(span) => Target::Offer { to: agent, until: now + span },
        None => Target::Give(agent),
    }
}

#[cfg(test)]
mod tests;
