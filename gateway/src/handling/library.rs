//! The library of prepared replies: who may change what in it, what each agent is told of it, how often it is used.
//!
//! Everybody may look after their own responses. Those of the house, and the categories, are for whoever leads a team. What is
//! another agent's own looks as if it were not there.
//!
//! * [`categories`], [`responses`]: what is changed; `files`: what responses carry; [`uses`]: favourites, and what is counted.
//! * [`sync`]: how a desktop comes to hold all that its agent may see.
//! * [`import`], [`export`]: the library as a file, in one of three forms; [`sample`]: what it begins with.

pub mod categories;
pub mod export;
mod files;
mod form;
pub mod import;
mod paths;
pub mod responses;
mod row;
pub mod sample;
pub mod sync;
mod tree;
pub mod uses;

use waxwing_protocol::{
    agent::{Agent, Role},
    id::AgentId,
    problem::ProblemCode,
};

use super::Refusal;
use crate::store::{Change, Read, StoreError, agents};

/// Whoever asks, who has a token and so is there.
async fn caller(change: &mut Change, agent: AgentId) -> Result<Agent, StoreError> {
    let record = agents::get(change.db(), agent).await?;
    Ok(record.ok_or(StoreError::Unreadable { what: "agent that a token points to" })?.agent)
}

/// Whoever asks, who has to lead a team.
async fn lead(change: &mut Change, agent: AgentId) -> Result<Agent, Refusal> {
    let caller = caller(change, agent).await?;
    if leads(&caller) { Ok(caller) } else { Err(not_allowed()) }
}

/// Refuses whoever leads no team.
pub async fn only_for_leads(read: &mut Read, agent: AgentId) -> Result<(), Refusal> {
    let record = agents::get(read.db(), agent).await?;
    if record.is_some_and(|record| leads(&record.agent)) { Ok(()) } else { Err(not_allowed()) }
}

fn leads(agent: &Agent) -> bool {
    agent.role == Role::TeamLead
}

fn not_allowed() -> Refusal {
    Refusal::new(ProblemCode::NotAllowed, "Only whoever leads a team may change what belongs to everybody.")
}

fn unacceptable(detail: &str) -> Refusal {
    Refusal::new(ProblemCode::UnacceptableBody, detail)
}

#[cfg(test)]
mod tests;
