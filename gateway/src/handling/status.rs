//! Agents come, go and pause. Whoever becomes ready is offered what waits; what whoever leaves had before them goes into their
//! workbin, and whoever waits for an answer there is taken up at once.

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    agent::{AgentStatus, StatusSince},
    event::Event,
    id::AgentId,
    problem::ProblemCode,
};

use super::{Refusal, routing};
use crate::{
    auth::{AuthLimits, TokenHash},
    store::{Bell, Change, StoreError, agents, tokens},
};

/// Why somebody is not ready who let an offer lapse.
const DID_NOT_ANSWER: &str = "Did not answer";

/// Takes a status that an agent asks for.
pub async fn set(
    change: &mut Change,
    agent: AgentId,
    status: &AgentStatus,
    now: DateTime<Utc>,
) -> Result<StatusSince, Refusal> {
    if matches!(status, AgentStatus::SignedOut | AgentStatus::Unknown) {
        return Err(Refusal::new(ProblemCode::BadRequest, "This is not a status that can be taken."));
    }
    let taken = take(change, agent, status.clone(), now).await?;
    if status.is_ready() {
        routing::offer_queued(change, now).await?;
    }
    Ok(taken)
}

/// Notes that an agent has signed in: not ready until they say so, or as they are if another desktop of theirs is at work.
pub async fn sign_in(
    change: &mut Change,
    agent: AgentId,
    now: DateTime<Utc>,
) -> Result<StatusSince, StoreError> {
    change.ring(Bell::Timers);
    match agents::get(change.db(), agent).await? {
        Some(record) if record.status.status != AgentStatus::SignedOut => Ok(record.status),
        _ => take(change, agent, AgentStatus::NotReady { reason: None }, now).await,
    }
}

/// Notes that one of an agent's desktops was heard of. Whoever counted as gone is back.
pub async fn seen(
    change: &mut Change,
    agent: AgentId,
    token: &TokenHash,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    tokens::touch(change.db(), token, now).await?;
    sign_in(change, agent, now).await.map(drop)
}

/// Whoever does not answer an offer is given nothing more until they say that they are there.
pub(super) async fn did_not_answer(
    change: &mut Change,
    agent: AgentId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let reason = Some(DID_NOT_ANSWER.to_owned());
    take(change, agent, AgentStatus::NotReady { reason }, now).await.map(drop)
}

/// Gives a token back. With their last one, the agent has left.
pub async fn sign_out(
    change: &mut Change,
    agent: AgentId,
    token: &TokenHash,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    tokens::revoke(change.db(), token).await?;
    change.wake(agent);
    if tokens::any_of(change.db(), agent).await? { Ok(()) } else { leave(change, agent, now).await }
}

/// Signs out whoever has no valid token left: a desktop that is gone must not be given work.
pub async fn sign_out_ended(
    change: &mut Change,
    limits: AuthLimits,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    for agent in tokens::forget_ended(change.db(), limits, now).await? {
        leave(change, agent, now).await?;
    }
    Ok(())
}

/// Takes away an agent's right to sign in, every token they hold and what is before them. None if nobody has that
/// user name.
pub async fn disable(
    change: &mut Change,
    user_name: &str,
    now: DateTime<Utc>,
) -> Result<Option<AgentId>, StoreError> {
    let Some(agent) = agents::disable_agent(change, user_name).await? else { return Ok(None) };
    leave(change, agent, now).await?;
    Ok(Some(agent))
}

/// Nothing stays with somebody who is gone.
pub(super) async fn leave(change: &mut Change, agent: AgentId, now: DateTime<Utc>) -> Result<(), StoreError> {
    take(change, agent, AgentStatus::SignedOut, now).await?;
    routing::log_off(change, agent, now).await
}

async fn take(
    change: &mut Change,
    agent: AgentId,
    status: AgentStatus,
    now: DateTime<Utc>,
) -> Result<StatusSince, StoreError> {
    let Some(record) = agents::get(change.db(), agent).await? else {
        return Err(StoreError::Unreadable { what: "agent that a token points to" });
    };
    if record.status.status == status {
        return Ok(record.status);
    }
    let status = StatusSince { status, since: now };
    agents::set_status(change.db(), agent, &status).await?;
    change.emit(agent, &Event::StatusChanged { status: status.clone() }, now).await?;
    Ok(status)
}
