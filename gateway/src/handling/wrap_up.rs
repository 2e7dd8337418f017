//! How an interaction comes to its end, and what is kept of it: by its owner, or by whoever may take it from where it lies.

use chrono::{DateTime, TimeDelta, Utc};
use waxwing_protocol::{
    history::LifeReason,
    id::{AgentId, InteractionId},
    interaction::{Interaction, Note, Phase},
    message::Author,
    problem::ProblemCode,
    wrap_up::{MAX_CASE_DATA, MAX_NOTE_BYTES, PutCaseData, PutNote, UNDO_SECONDS},
};

use super::{
    Refusal, moving,
    outbound::{self, not_theirs},
    routing, save, uploads, workbins,
};
use crate::{
    life::{Command, Refused, Session},
    rules::wrap_up::objection,
    store::{Change, StoreError, interactions, life as steps, settings},
};

/// Ends the session; the interaction stays for the work after it. Saying it twice is fine.
pub async fn end(
    change: &mut Change,
    agent: AgentId,
    id: InteractionId,
    now: DateTime<Utc>,
) -> Result<Interaction, Refusal> {
    let mut interaction = workbins::handled(change, agent, id).await?;
    moving::may(change, &interaction, &Command::End { by: Some(agent) }).await?;
    farewell(change, (&mut interaction, agent), now).await?;
    interaction.pending_since = None;
    let stored = interaction.stored.clone();
    moving::ask(change, &mut interaction, (&Command::End { by: Some(agent) }, stored), now).await?;
    Ok(interaction)
}

/// *Done*: the session ends if it goes on, the interaction is closed for good, and there is room for another one. Saying it
/// twice is fine.
pub async fn done(
    change: &mut Change,
    agent: AgentId,
    id: InteractionId,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let known = interactions::get(change.db(), id).await?;
    if known.is_some_and(|known| known.phase == Phase::Done) {
        return if closed_by(change, id).await? == Some(agent) { Ok(()) } else { Err(not_theirs()) };
    }
    let mut interaction = workbins::handled(change, agent, id).await?;
    moving::may(change, &interaction, &Command::Finish { by: Some(agent) }).await?;
    if settings::wrap_up(change.db()).await?.required && interaction.disposition.is_none() {
        let missing = "Say first what came of this interaction.";
        return Err(Refusal::new(ProblemCode::DispositionMissing, missing));
    }
    farewell(change, (&mut interaction, agent), now).await?;
    interaction.pending_since = None;
    moving::ask(change, &mut interaction, (&Command::Finish { by: Some(agent) }, None), now).await?;
    uploads::remove_of(change, interaction.id).await?;
    Ok(routing::offer_queued(change, now).await?)
}

async fn closed_by(change: &mut Change, id: InteractionId) -> Result<Option<AgentId>, StoreError> {
    let (last, _) = steps::last_two(change.db(), id).await?;
    Ok(last.and_then(|last| last.step.by).map(|by| by.id))
}

/// Says what the house says at the end, if a session ends here and the reply window is open.
async fn farewell(
    change: &mut Change,
    (interaction, agent): (&mut Interaction, AgentId),
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if interaction.ended_at.is_some() || interaction.window.left(now).is_none() {
        return Ok(());
    }
    let rules = settings::wrap_up(change.db()).await?;
    let Some(text) = rules.farewell() else { return Ok(()) };
    let name = moving::colleague(change, agent).await?.map(|one| one.display_name);
    let author = Author::Agent { agent, name: name.unwrap_or_default() };
    outbound::put(change, (interaction, author), outbound::words(text), now).await.map(drop)
}

/// *Done* was not meant: the interaction is again where it was.
pub async fn undo_done(
    change: &mut Change,
    agent: AgentId,
    id: InteractionId,
    now: DateTime<Utc>,
) -> Result<Interaction, Refusal> {
    let Some(mut interaction) = interactions::get(change.db(), id).await? else { return Err(not_theirs()) };
    let (Some(last), before) = steps::last_two(change.db(), id).await? else { return Err(not_theirs()) };
    if last.step.by.as_ref().is_none_or(|by| by.id != agent) {
        return Err(not_theirs());
    }
    if last.step.why == LifeReason::Undone {
        return Ok(interaction);
    }
    let is_late = now - last.step.at > TimeDelta::seconds(UNDO_SECONDS.into());
    let with = (interaction.contact.id, interaction.business_number.id);
    let goes_on = interaction.ended_at == Some(last.step.at);
    let has_later = goes_on && interactions::open_with(change.db(), with.0, with.1).await?.is_some();
    let Some(before) = before.filter(|_before| last.phase == Phase::Done && !is_late && !has_later) else {
        return Err(Refusal::new(ProblemCode::Conflict, "This can't be undone any more."));
    };
    let session = if goes_on { Session::Running } else { Session::Over };
    if goes_on {
        interaction.pending_since = interactions::unanswered_since(change.db(), id).await?;
    }
    let owner = before.step.owner.map(|owner| owner.id);
    let command = Command::Undo { by: agent, to: before.phase, owner, session };
    let stored = moving::stored(change, Some(agent), now).await?;
    moving::ask(change, &mut interaction, (&command, stored), now).await?;
    Ok(interaction)
}

/// An interaction whose facts this agent may change.
async fn open_to(change: &mut Change, agent: AgentId, id: InteractionId) -> Result<Interaction, Refusal> {
    let interaction = workbins::handled(change, agent, id).await?;
    let refused = match (&interaction.phase, interaction.owner) {
        (Phase::Done, _) => Refused::Done,
        (_, Some(owner)) if owner != agent => Refused::HeldBy(owner),
        _ => return Ok(interaction),
    };
    Err(moving::refusal_of(change, refused).await?)
}

/// Keeps what was noted, unless somebody else has changed it since.
pub async fn note(
    change: &mut Change,
    agent: AgentId,
    (id, wanted): (InteractionId, &PutNote),
    now: DateTime<Utc>,
) -> Result<Interaction, Refusal> {
    let mut interaction = open_to(change, agent, id).await?;
    if wanted.text.len() > MAX_NOTE_BYTES {
        let long = format!("A note may have {MAX_NOTE_BYTES} bytes.");
        return Err(Refusal::new(ProblemCode::UnacceptableBody, &long));
    }
    let held = interaction.note.as_ref();
    if held.map_or("", |note| &note.text) == wanted.text {
        return Ok(interaction);
    }
    if held.map_or(0, |note| note.revision) != wanted.based_on {
        let by = held.map_or_else(|| "Somebody".to_owned(), |note| note.by.clone());
        let detail = format!("{by} has changed this note meanwhile.");
        return Err(Refusal::new(ProblemCode::Conflict, &detail));
    }
    let by = moving::colleague(change, agent).await?.map(|one| one.display_name).unwrap_or_default();
    // Higher than that of any note before, also of one that was emptied.
    let revision = interaction.revision + 1;
    let text = wanted.text.clone();
    interaction.note = (!text.is_empty()).then_some(Note { text, revision, by, at: now });
    save(change, &mut interaction, now).await?;
    Ok(interaction)
}

/// Changes facts that are attached to an interaction.
pub async fn case_data(
    change: &mut Change,
    agent: AgentId,
    (id, wanted): (InteractionId, &PutCaseData),
    now: DateTime<Utc>,
) -> Result<Interaction, Refusal> {
    let mut interaction = open_to(change, agent, id).await?;
    let rules = settings::wrap_up(change.db()).await?;
    let before = interaction.case_data.clone();
    interaction.case_data.retain(|held| !wanted.remove.contains(&held.key));
    for datum in &wanted.put {
        if let Some(why) = objection(&rules.case_fields, &datum.key, &datum.value) {
            return Err(Refusal::new(ProblemCode::UnacceptableBody, &why));
        }
        let place = interaction.case_data.iter().position(|held| held.key == datum.key);
        interaction.case_data.retain({
            let mut nth = 0;
            move |held| {
                nth += 1;
                held.key != datum.key || Some(nth - 1) == place
            }
        });
        match place {
            Some(place) => interaction.case_data[place] = datum.clone(),
            None => interaction.case_data.push(datum.clone()),
        }
    }
    if interaction.case_data.len() > MAX_CASE_DATA {
        let many = format!("An interaction can have {MAX_CASE_DATA} facts.");
        return Err(Refusal::new(ProblemCode::UnacceptableBody, &many));
    }
    if interaction.case_data != before {
        save(change, &mut interaction, now).await?;
    }
    Ok(interaction)
}

/// Says what came of an interaction, or takes it back.
pub async fn disposition(
    change: &mut Change,
    agent: AgentId,
    (id, code): (InteractionId, Option<&str>),
    now: DateTime<Utc>,
) -> Result<Interaction, Refusal> {
    let mut interaction = open_to(change, agent, id).await?;
    let rules = settings::wrap_up(change.db()).await?;
    if code.is_some_and(|code| !rules.is_leaf(code)) {
        let none = "There is no such disposition, or it is only a heading for others.";
        return Err(Refusal::new(ProblemCode::UnacceptableBody, none));
    }
    if interaction.disposition.as_deref() != code {
        interaction.disposition = code.map(str::to_owned);
        save(change, &mut interaction, now).await?;
    }
    Ok(interaction)
}

#[cfg(test)]
mod tests;
