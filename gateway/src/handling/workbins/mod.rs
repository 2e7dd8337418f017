//! Interactions are put away, taken up again, given away. Who may do that says [`places`]; what desktops hear of it,
//! [`changes`]. Saying the same twice is always fine.

pub mod changes;
pub mod places;

use chrono::{DateTime, SubsecRound as _, Utc};
use waxwing_protocol::{
    agent::{Agent, Colleague},
    history::LifeReason,
    id::{AgentId, InteractionId, WorkbinId},
    interaction::{Interaction, Phase, Stored},
    problem::ProblemCode,
    workbin::{ColleagueState, Colleagues, MAX_COMMENT_CHARS, MoveToWorkbin, Place, Right, WorkbinKind},
};

use super::{
    Refusal,
    moving::{self, ask},
    outbound::not_theirs,
    routing,
};
use crate::{
    life::{Command, Standing},
    store::{
        Change, Db, Read, StoreError, agents, interactions, life as steps, lying, settings,
        workbins::{self as kept, Workbin, WorkbinState},
    },
};

/// Puts an interaction into a workbin: by its owner, or by whoever may take it from where it lies.
pub async fn to_workbin(
    change: &mut Change,
    agent: AgentId,
    (id, wanted): (InteractionId, &MoveToWorkbin),
    now: DateTime<Utc>,
) -> Result<Interaction, Refusal> {
    let workbin = wanted.workbin.unwrap_or_else(|| kept::own(agent));
    let comment = comment_of(wanted)?;
    let mut interaction = match handled(change, agent, id).await {
        Ok(interaction) => interaction,
        Err(refused) => {
            let lies = repeated(change, (agent, id), LifeReason::PutAway).await?;
            return lies.filter(|one| one.phase == Phase::InWorkbin { workbin }).ok_or(refused);
        }
    };
    let into = put_into(change, (agent, workbin), &interaction).await?;
    let stored = Stored {
        since: now,
        by: moving::colleague(change, agent).await?,
        comment,
        remind_at: wanted.remind_at.map(|at| at.trunc_subsecs(3)),
    };
    let command = Command::PutAway { by: agent, workbin: into.id };
    ask(change, &mut interaction, (&command, Some(stored)), now).await?;
    routing::offer_queued(change, now).await?;
    Ok(interaction)
}

fn comment_of(wanted: &MoveToWorkbin) -> Result<Option<String>, Refusal> {
    let comment = wanted.comment.as_deref().map(str::trim).filter(|comment| !comment.is_empty());
    if comment.is_some_and(|comment| comment.chars().count() > MAX_COMMENT_CHARS) {
        let long = format!("A comment may have {MAX_COMMENT_CHARS} characters.");
        return Err(Refusal::new(ProblemCode::UnacceptableBody, &long));
    }
    Ok(comment.map(str::to_owned))
}

/// A workbin into which an agent may put something, with room for it.
async fn put_into(
    change: &mut Change,
    (agent, id): (AgentId, WorkbinId),
    interaction: &Interaction,
) -> Result<Workbin, Refusal> {
    let workbin = kept::get(change.db(), id).await?;
    let Some(workbin) =
        workbin.filter(|workbin| workbin.state == WorkbinState::InUse || kept::own(agent) == workbin.id)
    else {
        return Err(Refusal::new(ProblemCode::NotFound, "There is no such workbin."));
    };
    let place = Place::Workbin { workbin: id };
    if Standing::of(interaction).place() == Some(place) {
        return Ok(workbin);
    }
    let limit = match workbin.kind {
        WorkbinKind::Personal { .. } => {
            let most = settings::sessions(change.db()).await?.personal_limit;
            (most > 0).then_some(most)
        }
        _ => workbin.limit,
    };
    if let Some(limit) = limit
        && lying::count(change.db(), place).await? >= limit
    {
        let full = format!("The workbin {} is full: {limit} interactions lie there.", workbin.name);
        return Err(Refusal::new(ProblemCode::Full, &full));
    }
    Ok(workbin)
}

/// Takes an interaction from its workbin or queue. Whoever is later reads who was quicker.
pub async fn open(
    change: &mut Change,
    agent: AgentId,
    id: InteractionId,
    now: DateTime<Utc>,
) -> Result<Interaction, Refusal> {
    let mut interaction = seen(change, agent, id).await?;
    let place = Standing::of(&interaction).place();
    if let Some(place) = place {
        may_take(change, agent, place).await?;
    }
    ask(change, &mut interaction, (&Command::TakeUp { by: agent }, None), now).await?;
    Ok(interaction)
}

/// Puts an opened interaction back to where it was.
pub async fn put_back(
    change: &mut Change,
    agent: AgentId,
    id: InteractionId,
    now: DateTime<Utc>,
) -> Result<Interaction, Refusal> {
    let Some(mut interaction) = interactions::get(change.db(), id).await? else { return Err(not_theirs()) };
    if interaction.owner != Some(agent) {
        return repeated(change, (agent, id), LifeReason::PutBack).await?.ok_or_else(not_theirs);
    }
    let to = steps::opened_from(change.db(), id).await?;
    let stored = moving::stored(change, Some(agent), now).await?;
    ask(change, &mut interaction, (&Command::PutBack { by: agent, to }, stored), now).await?;
    routing::offer_queued(change, now).await?;
    Ok(interaction)
}

/// Gives an interaction to somebody: at once if they are at work, else into their workbin.
pub async fn assign(
    change: &mut Change,
    agent: AgentId,
    (id, to): (InteractionId, AgentId),
    now: DateTime<Utc>,
) -> Result<Interaction, Refusal> {
    let mut interaction = match handled(change, agent, id).await {
        Ok(interaction) => interaction,
        Err(refused) => {
            let into = Phase::InWorkbin { workbin: kept::own(to) };
            let given = repeated(change, (agent, id), LifeReason::Assigned).await?;
            return given.filter(|one| one.owner == Some(to) || one.phase == into).ok_or(refused);
        }
    };
    let record = agents::get(change.db(), to).await?;
    let Some(record) = record.filter(|record| !record.disabled) else {
        return Err(Refusal::new(ProblemCode::NotFound, "There is no such colleague."));
    };
    if record.is_at_work() {
        ask(change, &mut interaction, (&Command::Assign { by: agent, to }, None), now).await?;
    } else {
        let workbin = put_into(change, (agent, kept::own(to)), &interaction).await?.id;
        let stored = moving::stored(change, Some(agent), now).await?;
        ask(change, &mut interaction, (&Command::AssignInto { by: agent, workbin }, stored), now).await?;
    }
    routing::offer_queued(change, now).await?;
    Ok(interaction)
}

/// Takes what is offered.
pub async fn accept(
    change: &mut Change,
    agent: AgentId,
    id: InteractionId,
    now: DateTime<Utc>,
) -> Result<Interaction, Refusal> {
    let Some(mut interaction) = interactions::get(change.db(), id).await? else { return Err(not_theirs()) };
    if interaction.owner != Some(agent) {
        let was_offered = steps::was_offered(change.db(), id, agent).await?;
        if !was_offered {
            return Err(not_theirs());
        }
    }
    ask(change, &mut interaction, (&Command::Accept { by: agent }, None), now).await?;
    Ok(interaction)
}

/// Lets go of what is offered; it goes on to somebody else.
pub async fn reject(
    change: &mut Change,
    agent: AgentId,
    id: InteractionId,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let Some(mut interaction) = interactions::get(change.db(), id).await? else { return Err(not_theirs()) };
    if interaction.owner != Some(agent) {
        let was_offered = steps::was_offered(change.db(), id, agent).await?;
        return if was_offered { Ok(()) } else { Err(not_theirs()) };
    }
    let to = routing::next(change, (&interaction, agent), now).await?;
    ask(change, &mut interaction, (&Command::Reject { by: agent, to }, None), now).await?;
    Ok(())
}

/// To whom work can be given.
pub async fn colleagues(read: &mut Read) -> Result<Colleagues, StoreError> {
    let loads = agents::loads(read.db()).await?;
    let (former, here): (Vec<_>, Vec<_>) =
        agents::list_agents(read.db()).await?.into_iter().partition(|record| record.disabled);
    let colleague = |agent: Agent| Colleague { id: agent.id, display_name: agent.display_name };
    let mut colleagues: Vec<_> = here
        .into_iter()
        .map(|record| ColleagueState {
            open: loads.get(&record.agent.id).copied().unwrap_or(0),
            team: record.agent.team.clone(),
            status: record.status.status,
            colleague: colleague(record.agent),
        })
        .collect();
    let mut former: Vec<_> = former.into_iter().map(|record| colleague(record.agent)).collect();
    colleagues.sort_by_key(|one| one.colleague.display_name.to_lowercase());
    former.sort_by_key(|one| one.display_name.to_lowercase());
    Ok(Colleagues { colleagues, former })
}

/// An interaction that an agent may handle: their own, or one that they may take from where it lies.
pub(super) async fn handled(
    change: &mut Change,
    agent: AgentId,
    id: InteractionId,
) -> Result<Interaction, Refusal> {
    let interaction = seen(change, agent, id).await?;
    match Standing::of(&interaction).place() {
        Some(place) => may_take(change, agent, place).await.map(|()| interaction),
        None => Ok(interaction),
    }
}

async fn may_take(change: &mut Change, agent: AgentId, place: Place) -> Result<(), Refusal> {
    match right_of(change.db(), agent, place).await? {
        Some(Right::Take) => Ok(()),
        Some(Right::See) => {
            Err(Refusal::new(ProblemCode::NotAllowed, "You may look at what lies there, but not take it."))
        }
        _ => Err(not_theirs()),
    }
}

async fn right_of(db: &mut Db, agent: AgentId, place: Place) -> Result<Option<Right>, StoreError> {
    match agents::get(db, agent).await? {
        Some(record) => places::right_in(db, &record.agent, place).await,
        None => Ok(None),
    }
}

/// An interaction of which an agent may know: theirs, or one that lies, or lay until somebody took it, where they may see it.
async fn seen(change: &mut Change, agent: AgentId, id: InteractionId) -> Result<Interaction, Refusal> {
    let Some(interaction) = interactions::get(change.db(), id).await? else { return Err(not_theirs()) };
    if interaction.owner == Some(agent) || may_see(change.db(), agent, &interaction).await? {
        return Ok(interaction);
    }
    let lay = match lying::of(change.db(), id).await? {
        Some(lying) if lying.place.is_none() && interaction.phase != Phase::Done => lying.lain,
        _ => Vec::new(),
    };
    for place in lay {
        if right_of(change.db(), agent, place).await? >= Some(Right::See) {
            return Ok(interaction);
        }
    }
    Err(not_theirs())
}

/// Whether an agent may look at an interaction that is not theirs: it lies where they see it.
pub async fn may_see(db: &mut Db, agent: AgentId, interaction: &Interaction) -> Result<bool, StoreError> {
    match Standing::of(interaction).place() {
        Some(place) => Ok(right_of(db, agent, place).await? >= Some(Right::See)),
        None => Ok(false),
    }
}

/// Whether somebody may read what was said in an interaction: everybody who works here may, whoever has it before them, as they
/// may write to any contact themselves.
pub async fn may_read(db: &mut Db, agent: AgentId) -> Result<bool, StoreError> {
    Ok(agents::get(db, agent).await?.is_some_and(|record| !record.disabled))
}

/// What an agent has done just now and says again.
async fn repeated(
    change: &mut Change,
    (agent, id): (AgentId, InteractionId),
    why: LifeReason,
) -> Result<Option<Interaction>, StoreError> {
    let (last, _) = steps::last_two(change.db(), id).await?;
    let is_theirs = |passed: &steps::Passed| {
        passed.step.why == why && passed.step.by.as_ref().is_some_and(|by| by.id == agent)
    };
    if last.as_ref().is_some_and(is_theirs) { interactions::get(change.db(), id).await } else { Ok(None) }
}

#[cfg(test)]
mod tests;
