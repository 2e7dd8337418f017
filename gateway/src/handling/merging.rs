//! Two contacts turn out to be one, says an agent; and says later that they were not. What WhatsApp itself says of that is
//! [`identity`]'s business, and can't be taken back.
//!
//! Nothing is lost: names, sessions and what was said of both are one contact's from then on. While both have a conversation
//! under way on the same number, they can't be made one: two transcripts made one could not be taken apart again.

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    directory::{MAX_CONTACT_NOTE_BYTES, Merge, Merged},
    id::{AgentId, ContactId, MergeId},
    problem::ProblemCode,
};

use super::{Refusal, directory::unknown, identity};
use crate::{
    random,
    store::{
        Change, StoreError, agents, contacts, directory,
        merges::{self, Kept},
    },
};

/// Makes one contact of two.
pub async fn merge(
    change: &mut Change,
    agent: AgentId,
    wanted: Merge,
    now: DateTime<Utc>,
) -> Result<Merged, Refusal> {
    let gone = contacts::resolve(change.db(), wanted.from).await?.ok_or_else(unknown)?;
    let kept = contacts::resolve(change.db(), wanted.into).await?.ok_or_else(unknown)?;
    if gone == kept {
        return Err(Refusal::new(ProblemCode::Conflict, "These two are one contact already."));
    }
    let (from, into) = (contacts::get(change.db(), gone).await?, contacts::get(change.db(), kept).await?);
    if from.blocked != into.blocked {
        return Err(Refusal::new(
            ProblemCode::Conflict,
            "One of the two is blocked. Block or unblock one of them first.",
        ));
    }
    if merges::collide(change.db(), (kept, gone)).await? {
        return Err(Refusal::new(
            ProblemCode::Conflict,
            "Both have a conversation under way on the same number. End one of them first.",
        ));
    }
    let by =
        agents::get(change.db(), agent).await?.map(|record| record.agent.display_name).unwrap_or_default();
    let undo = merges::unite(change.db(), (kept, gone), MAX_CONTACT_NOTE_BYTES, now).await?;
    let id = MergeId::new(now, random::bytes());
    let merge = Kept { kept, gone, undo };
    merges::keep(change.db(), id, (&merge, &from.title()), (&by, now)).await?;
    tell(change, [gone, kept], now).await?;
    tracing::info!(merge.id = %id, contact.id = %kept, "two contacts were made one");
    Ok(Merged { id, contact: contacts::get(change.db(), kept).await? })
}

/// Makes two contacts again of what was made one. Saying it twice is no fault of anybody's, but then there is nothing to be done.
pub async fn undo(change: &mut Change, id: MergeId, now: DateTime<Utc>) -> Result<(), Refusal> {
    let Some(merge) = merges::get(change.db(), id).await? else {
        return Err(Refusal::new(ProblemCode::NotFound, "There is no such merge, or it was undone already."));
    };
    if contacts::resolve(change.db(), merge.gone).await? != Some(merge.kept)
        || contacts::is_part(change.db(), merge.kept).await?
    {
        return Err(Refusal::new(
            ProblemCode::Conflict,
            "This contact has become part of another one since. Take that apart first.",
        ));
    }
    merges::part(change.db(), &merge).await?;
    merges::forget(change.db(), id).await?;
    tell(change, [merge.gone, merge.kept], now).await?;
    tracing::info!(merge.id = %id, "two contacts that were made one are two again");
    Ok(())
}

/// Brings the directory up to date, and tells whoever has one of the two before them who that is now.
async fn tell(change: &mut Change, both: [ContactId; 2], now: DateTime<Utc>) -> Result<(), StoreError> {
    for contact in both {
        directory::refresh(change.db(), contact).await?;
        if contacts::is_part(change.db(), contact).await? {
            continue;
        }
        let known = contacts::get(change.db(), contact).await?;
        identity::tell_owners(change, known, now).await?;
        identity::give_anew(change, contact, now).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
