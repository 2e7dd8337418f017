//! A chat that an agent begins, or goes on with. A session that is under way is joined, never doubled: so a second click finds what
//! the first one began.

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    directory::Numbers,
    history::{ChatBegun, NewChat},
    id::{AgentId, InteractionId},
    interaction::{Interaction, Origin},
    problem::{Problem, ProblemCode},
    wrap_up::MAX_CASE_DATA,
};

use super::{Refusal, directory::unknown, moving, workbins};
use crate::{
    life::{Command, Target},
    store::{Change, Read, StoreError, contacts, interactions, numbers},
};

/// Begins a chat, or joins the one that is under way.
pub async fn begin(
    change: &mut Change,
    agent: AgentId,
    wanted: &NewChat,
    now: DateTime<Utc>,
) -> Result<ChatBegun, Refusal> {
    let contact = contacts::resolve(change.db(), wanted.contact).await?.ok_or_else(unknown)?;
    if !numbers::all(change.db()).await?.iter().any(|number| number.id == wanted.number) {
        return Err(Refusal::new(ProblemCode::NotFound, "There is no such business number."));
    }
    if contacts::is_blocked(change.db(), contact).await? {
        return Err(Refusal::new(ProblemCode::Conflict, "This contact is blocked. Unblock them first."));
    }
    if let Some(open) = interactions::open_with(change.db(), contact, wanted.number).await? {
        let interaction = join(change, agent, open, now).await?;
        return Ok(ChatBegun { interaction, joined: true });
    }
    let before = match wanted.after {
        Some(after) => Some(interactions::get(change.db(), after).await?.ok_or_else(no_interaction)?),
        None => None,
    };
    let id = interactions::open(change.db(), (contact, wanted.number), Origin::Outbound, now).await?;
    let mut interaction = interactions::known(change.db(), id).await?;
    interaction.case_data = before.map(|before| before.case_data).unwrap_or_default();
    interaction.case_data.truncate(MAX_CASE_DATA);
    let given = Command::Begin { to: Target::Give(agent), by: Some(agent) };
    moving::go(change, &mut interaction, &given, now).await?;
    tracing::info!(interaction.id = %id, "an agent has begun a chat");
    Ok(ChatBegun { interaction, joined: false })
}

fn no_interaction() -> Refusal {
    Refusal::new(ProblemCode::NotFound, "There is no such interaction.")
}

/// Takes what is under way from where it lies, if this agent may; whoever else has it, or had it, is named.
async fn join(
    change: &mut Change,
    agent: AgentId,
    id: InteractionId,
    now: DateTime<Utc>,
) -> Result<Interaction, Refusal> {
    let interaction = interactions::known(change.db(), id).await?;
    if let Some(owner) = interaction.owner.filter(|owner| *owner != agent) {
        let name = moving::colleague(change, owner).await?.map(|one| one.display_name).unwrap_or_default();
        let detail = format!("{name} has the conversation with this contact before them.");
        return Err(Refusal::new(ProblemCode::Conflict, &detail));
    }
    match workbins::open(change, agent, id, now).await {
        Err(Refusal::Problem(Problem { code: ProblemCode::NotFound | ProblemCode::NotAllowed, .. })) => {
            let by = interaction.stored.and_then(|stored| stored.by).map(|by| by.display_name);
            let by = by.unwrap_or_else(|| "A colleague".to_owned());
            let detail = format!(
                "{by} has put the conversation with this contact into a workbin from which you can't take it."
            );
            Err(Refusal::new(ProblemCode::Conflict, &detail))
        }
        opened => opened,
    }
}

/// From which of our numbers a chat can be begun.
pub async fn numbers(read: &mut Read) -> Result<Numbers, StoreError> {
    Ok(Numbers { numbers: numbers::all(read.db()).await? })
}

#[cfg(test)]
mod tests;
