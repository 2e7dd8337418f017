//! What agents make of the library: their favourites, and how often they use what.
//!
//! Both are of one agent alone, so only their desktops hear of it; the number of the change rises all the same, or a desktop
//! that holds everything would see no reason to ask.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    id::{AgentId, ResponseId},
    library::{Favourites, Usage},
};

use super::{Refusal, only_for_leads, unacceptable};
use crate::store::{Change, Read, StoreError, library, response_uses};

/// How many favourites an agent has at most.
const FAVOURITES_AT_MOST: usize = 500;
/// How many responses of one message are counted at most.
const COUNTED_AT_MOST: usize = 50;

/// Keeps an agent's favourites. What is not theirs to see is passed over.
pub async fn set_favourites(
    change: &mut Change,
    agent: AgentId,
    wanted: &Favourites,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    if wanted.responses.len() > FAVOURITES_AT_MOST {
        return Err(unacceptable("There can be 500 favourites."));
    }
    let before = response_uses::favourites(change.db(), agent).await?;
    if before == wanted.responses {
        return Ok(());
    }
    response_uses::set_favourites(change.db(), agent, &wanted.responses).await?;
    Ok(tell(change, agent, now).await?)
}

/// Counts the responses that went into a message, each once. What is not the agent's to see is passed over.
pub async fn count(
    change: &mut Change,
    agent: AgentId,
    used: &[ResponseId],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let used: BTreeSet<_> = used.iter().take(COUNTED_AT_MOST).collect();
    let mut counted = false;
    for response in used {
        counted |= response_uses::count(change.db(), agent, *response, now).await?;
    }
    if counted { tell(change, agent, now).await } else { Ok(()) }
}

async fn tell(change: &mut Change, agent: AgentId, now: DateTime<Utc>) -> Result<(), StoreError> {
    library::next_revision(change).await?;
    library::announce_to(change, agent, now).await
}

/// How often responses were used; for whoever leads a team.
pub async fn usage(read: &mut Read, agent: AgentId) -> Result<Usage, Refusal> {
    only_for_leads(read, agent).await?;
    Ok(Usage { responses: response_uses::usage(read.db(), agent).await? })
}
