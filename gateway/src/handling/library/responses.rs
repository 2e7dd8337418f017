//! Prepared replies are written, changed and removed.
//!
//! A change names the version that was on screen, so nobody overwrites what they have not seen; the same change asked twice is
//! done once, since what is already as it is to be is left alone.

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    id::{AgentId, ResponseId},
    library::{PutResponse, Versions},
    problem::ProblemCode,
    response::{ResponseContent, StandardResponse},
};

use super::{
    Refusal, caller,
    files::{self, Needed},
    leads, not_allowed,
    tree::Tree,
    unacceptable,
};
use crate::store::{
    Bell, Change, Read, StoreError, library, library_files,
    responses::{self, Kept},
};

fn missing() -> Refusal {
    Refusal::new(ProblemCode::NotFound, "There is no such response.")
}

/// Writes a response, or changes it.
pub async fn put(
    change: &mut Change,
    agent: AgentId,
    (id, wanted): (ResponseId, &PutResponse),
    now: DateTime<Utc>,
) -> Result<StandardResponse, Refusal> {
    let caller = caller(change, agent).await?;
    let before = responses::get(change.db(), id).await?;
    let is_theirs = match &before {
        Some(before) => before.is_seen_by(agent),
        None => wanted.based_on == 0,
    };
    if !is_theirs {
        return Err(missing());
    }
    let mut content = tidy(wanted.content.clone());
    let was_shared = before.as_ref().is_some_and(|before| before.response.content.owner.is_none());
    if (content.owner.is_none() || was_shared) && !leads(&caller) {
        return Err(not_allowed());
    }
    if content.owner.is_some_and(|owner| owner != agent) {
        let whose = "A response can be everybody's or your own, not somebody else's.";
        return Err(Refusal::new(ProblemCode::NotAllowed, whose));
    }
    if before.as_ref().is_some_and(|before| before.deleted) {
        return Err(Refusal::new(ProblemCode::Conflict, "This response was removed meanwhile."));
    }
    content.check().map_err(|problem| unacceptable(&problem.to_string()))?;
    let needed = files::find(change, Some(agent), &mut content).await?;
    let version = match before {
        Some(Kept { response, .. }) if response.content == content => return Ok(response),
        Some(Kept { response, .. }) if response.version != wanted.based_on => {
            let by = format!("{} has changed this response meanwhile.", response.changed_by);
            return Err(Refusal::new(ProblemCode::Conflict, &by));
        }
        Some(Kept { response, .. }) => response.version,
        None => 0,
    };
    stands(change, id, &content).await?;
    let changed_by = caller.display_name;
    let response = StandardResponse {
        id,
        content,
        version: version + 1,
        changed_at: responses::kept_time(now),
        changed_by,
    };
    keep(change, &response, needed).await?;
    settle(change).await?;
    tell(change, response.content.owner.filter(|_owner| !was_shared), now).await?;
    Ok(response)
}

/// Without what makes no difference.
pub(super) fn tidy(mut content: ResponseContent) -> ResponseContent {
    content.name = content.name.trim().to_owned();
    content.shortcut = content.shortcut.filter(|shortcut| !shortcut.is_empty());
    content.language = content.language.filter(|language| !language.is_empty());
    content
}

/// Whether there is room for a response where it is to stand.
async fn stands(change: &mut Change, id: ResponseId, content: &ResponseContent) -> Result<(), Refusal> {
    if let Some(category) = content.category
        && Tree::load(change).await?.get(category).is_none()
    {
        return Err(unacceptable("The category of this response is not there any more. Choose another one."));
    }
    let Some(shortcut) = &content.shortcut else { return Ok(()) };
    match responses::with_shortcut(change.db(), shortcut, content.owner, id).await? {
        Some(name) => Err(unacceptable(&taken(shortcut, &name))),
        None => Ok(()),
    }
}

/// What is said of a shortcut that belongs to another response.
pub(super) fn taken(shortcut: &str, name: &str) -> String {
    format!("The shortcut /{shortcut} belongs to “{name}” already.")
}

/// Keeps a response as a change of its own.
pub(super) async fn keep(
    change: &mut Change,
    response: &StandardResponse,
    needed: Vec<Needed>,
) -> Result<(), StoreError> {
    let revision = library::next_revision(change).await?;
    responses::put(change.db(), response, revision).await?;
    files::keep(change, response, needed).await
}

/// Lets files go that nothing needs any more.
pub(super) async fn settle(change: &mut Change) -> Result<(), StoreError> {
    if library_files::erase_unneeded(change.db()).await? {
        change.ring(Bell::Media);
    }
    Ok(())
}

/// Tells the one agent whose own a response is and was, or everybody.
async fn tell(change: &mut Change, owner: Option<AgentId>, now: DateTime<Utc>) -> Result<(), StoreError> {
    match owner {
        Some(owner) => library::announce_to(change, owner, now).await,
        None => library::announce(change, now).await,
    }
}

/// Removes a response with all its versions. That it is gone already is fine.
pub async fn delete(
    change: &mut Change,
    agent: AgentId,
    id: ResponseId,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let caller = caller(change, agent).await?;
    let known = responses::get(change.db(), id).await?;
    let known = known.filter(|known| known.is_seen_by(agent)).ok_or_else(missing)?;
    let owner = known.response.content.owner;
    if owner.is_none() && !leads(&caller) {
        return Err(not_allowed());
    }
    if known.deleted {
        return Ok(());
    }
    let revision = library::next_revision(change).await?;
    responses::remove(change.db(), id, revision).await?;
    settle(change).await?;
    Ok(tell(change, owner, now).await?)
}

/// What a response was, newest first, with what it is now.
pub async fn versions(read: &mut Read, agent: AgentId, id: ResponseId) -> Result<Versions, Refusal> {
    let known = responses::get(read.db(), id).await?;
    let known = known.filter(|known| known.is_seen_by(agent) && !known.deleted).ok_or_else(missing)?;
    let mut versions = vec![known.response];
    versions.extend(responses::versions(read.db(), id).await?);
    Ok(Versions { versions })
}
