//! Steps in the life of interactions. This is the one place where phase and owner are written, and it takes nothing but a
//! [`Step`] of the machine ([`crate::life`]): the step is kept in the same change.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, SqliteConnection};
use waxwing_protocol::{
    agent::Colleague,
    history::{LifeReason, LifeStep},
    id::{AgentId, InteractionId},
    interaction::{Interaction, Phase, Stored},
    workbin::Place,
};

use super::{Change, StoreError, codec, interactions, lying};
use crate::life::{Session, Standing, Step};

/// Takes a step with an interaction and keeps whatever else was changed in it. How it comes to lie in a workbin is said with it.
pub async fn take(
    change: &mut Change,
    interaction: &mut Interaction,
    (step, stored): (&Step, Option<Stored>),
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let before = interaction.owner;
    let was_in = std::mem::replace(&mut interaction.phase, step.phase().clone());
    interaction.owner = step.owner();
    interaction.stored = put_away(interaction.stored.take(), (&was_in, step), stored);
    if interaction.owner != before {
        interaction.assigned_at = interaction.owner.map(|_owner| now);
    }
    session(change, interaction, step.session(), now).await?;
    let opened_from = match step.owner() {
        Some(owner) if before == Some(owner) => opened_from(change.db(), interaction.id).await?,
        _ => step.opened_from(),
    };
    let holder = step.owner().filter(|_owner| matches!(step.phase(), Phase::Open | Phase::Ended));
    interactions::write(change.db(), interaction).await?;
    sqlx::query(
        "UPDATE interactions SET phase = $2, is_open = $3, owner_id = $4, assigned_at = $5, stored = $6, opened_from = $7,
             last_agent_id = COALESCE($8, last_agent_id), unread = CASE WHEN $8 IS NULL THEN unread ELSE 0 END,
             kept_for = NULL, kept_until = NULL
         WHERE id = $1",
    )
    .bind(interaction.id.to_string())
    .bind(codec::to_json(&interaction.phase)?)
    .bind(interaction.phase != Phase::Done)
    .bind(interaction.owner.map(|owner| owner.to_string()))
    .bind(interaction.assigned_at.map(|at| at.timestamp_millis()))
    .bind(interaction.stored.as_ref().map(codec::to_json).transpose()?)
    .bind(opened_from.as_ref().map(codec::to_json).transpose()?)
    .bind(holder.map(|agent| agent.to_string()))
    .execute(change.db())
    .await?;
    note(change, interaction, step, now).await?;
    lying::put(change, interaction.id, Standing::of(interaction).place(), now).await
}

/// How it lies in a workbin, or lay there last: what was said then is for whoever opens it, and may be wanted again.
fn put_away(
    before: Option<Stored>,
    (was_in, step): (&Phase, &Step),
    stored: Option<Stored>,
) -> Option<Stored> {
    if !matches!(step.phase(), Phase::InWorkbin { .. }) {
        return before;
    }
    let Some(before) = before else { return stored };
    match step.why() {
        // It lies there as it did.
        LifeReason::PutBack | LifeReason::Undone | LifeReason::AgentEnded | LifeReason::WentQuiet => {
            Some(before)
        }
        LifeReason::LoggedOff | LifeReason::Assigned => {
            stored.map(|stored| Stored { comment: before.comment, remind_at: before.remind_at, ..stored })
        }
        // From workbin to workbin it says what it said, unless something else is said.
        _ if matches!(was_in, Phase::InWorkbin { .. }) => {
            stored.map(|stored| Stored { comment: stored.comment.or(before.comment), ..stored })
        }
        _ => stored,
    }
}

async fn note(
    change: &mut Change,
    interaction: &Interaction,
    step: &Step,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO life_steps (interaction_id, at, phase, owner_id, by_id, why) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(interaction.id.to_string())
    .bind(now.timestamp_millis())
    .bind(codec::to_json(step.phase())?)
    .bind(step.owner().map(|agent| agent.to_string()))
    .bind(step.by().map(|agent| agent.to_string()))
    .bind(codec::to_json(&step.why())?)
    .execute(change.db())
    .await?;
    Ok(())
}

/// Ends the session, or lets it go on after all.
async fn session(
    change: &mut Change,
    interaction: &mut Interaction,
    session: Session,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let ended_at = match (session, interaction.ended_at) {
        (Session::Over, None) => Some(now),
        (Session::Running, Some(_)) => None,
        _ => return Ok(()),
    };
    sqlx::query("UPDATE sessions SET ended_at = $2 WHERE id = $1")
        .bind(interaction.session.to_string())
        .bind(ended_at.map(|at| at.timestamp_millis()))
        .execute(change.db())
        .await?;
    interaction.ended_at = ended_at;
    Ok(())
}

/// From where an interaction's owner took it.
pub async fn opened_from(db: &mut SqliteConnection, id: InteractionId) -> Result<Option<Place>, StoreError> {
    let text: Option<String> = sqlx::query_scalar("SELECT opened_from FROM interactions WHERE id = $1")
        .bind(id.to_string())
        .fetch_one(db)
        .await?;
    text.map(|text| codec::from_json(&text, "interactions.opened_from")).transpose()
}

/// Who had an interaction last.
pub async fn last_agent(db: &mut SqliteConnection, id: InteractionId) -> Result<Option<AgentId>, StoreError> {
    let agent: Option<String> = sqlx::query_scalar("SELECT last_agent_id FROM interactions WHERE id = $1")
        .bind(id.to_string())
        .fetch_one(db)
        .await?;
    agent.map(|agent| codec::id(&agent, "interactions.last_agent_id")).transpose()
}

/// Keeps an interaction in the queue for an agent until then; afterwards it is anybody's.
pub async fn keep_for(
    change: &mut Change,
    id: InteractionId,
    (agent, until): (AgentId, DateTime<Utc>),
) -> Result<(), StoreError> {
    sqlx::query("UPDATE interactions SET kept_for = $2, kept_until = $3 WHERE id = $1")
        .bind(id.to_string())
        .bind(agent.to_string())
        .bind(until.timestamp_millis())
        .execute(change.db())
        .await?;
    change.ring(super::Bell::Timers);
    Ok(())
}

/// What the queue keeps for an agent is anybody's from now on.
pub async fn release(db: &mut SqliteConnection, agent: AgentId) -> Result<(), StoreError> {
    sqlx::query("UPDATE interactions SET kept_for = NULL, kept_until = NULL WHERE kept_until IS NOT NULL AND kept_for = $1")
        .bind(agent.to_string())
        .execute(db)
        .await?;
    Ok(())
}

#[derive(FromRow)]
struct Row {
    at: i64,
    phase: String,
    owner_id: Option<String>,
    owner_name: Option<String>,
    by_id: Option<String>,
    by_name: Option<String>,
    why: String,
}

/// Where an interaction stood at some time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passed {
    /// In which phase.
    pub phase: Phase,
    /// What is told of it.
    pub step: LifeStep,
}

impl Row {
    fn into_passed(self) -> Result<Passed, StoreError> {
        let colleague = |id: Option<String>, name: Option<String>| {
            id.zip(name)
                .map(|(id, display_name)| {
                    Ok::<_, StoreError>(Colleague {
                        id: codec::id(&id, "life_steps.owner_id")?,
                        display_name,
                    })
                })
                .transpose()
        };
        let (owner, by) = (colleague(self.owner_id, self.owner_name)?, colleague(self.by_id, self.by_name)?);
        let at = codec::time(self.at, "life_steps.at")?;
        let phase: Phase = codec::from_json(&self.phase, "life_steps.phase")?;
        let step = LifeStep {
            at,
            phase: word_of(&phase).to_owned(),
            owner,
            by,
            why: codec::from_json(&self.why, "life_steps.why")?,
        };
        Ok(Passed { phase, step })
    }
}

/// The wire's word for a phase.
const fn word_of(phase: &Phase) -> &'static str {
    match phase {
        Phase::Queued => "queued",
        Phase::Offered { .. } => "offered",
        Phase::Open => "open",
        Phase::Ended => "ended",
        Phase::InWorkbin { .. } => "in_workbin",
        Phase::Done => "done",
        Phase::Unknown => "unknown",
    }
}

/// The newest steps of an interaction's life, the last one first; all of them without a limit.
async fn newest(
    db: &mut SqliteConnection,
    id: InteractionId,
    limit: Option<u32>,
) -> Result<Vec<Passed>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT s.at, s.phase, s.owner_id, o.display_name AS owner_name, s.by_id, b.display_name AS by_name, s.why
         FROM life_steps s LEFT JOIN agents o ON o.id = s.owner_id LEFT JOIN agents b ON b.id = s.by_id
         WHERE s.interaction_id = $1 ORDER BY s.number DESC LIMIT $2",
    )
    .bind(id.to_string())
    .bind(limit.map_or(-1, i64::from))
    .fetch_all(db)
    .await?;
    rows.into_iter().map(Row::into_passed).collect()
}

/// Every step of an interaction's life, oldest first.
pub async fn steps(db: &mut SqliteConnection, id: InteractionId) -> Result<Vec<LifeStep>, StoreError> {
    Ok(newest(db, id, None).await?.into_iter().rev().map(|passed| passed.step).collect())
}

/// The last step of an interaction's life, and the one before it.
pub async fn last_two(
    db: &mut SqliteConnection,
    id: InteractionId,
) -> Result<(Option<Passed>, Option<Passed>), StoreError> {
    let mut steps = newest(db, id, Some(2)).await?.into_iter();
    Ok((steps.next(), steps.next()))
}

/// Whether an interaction was ever offered to an agent.
pub async fn was_offered(
    db: &mut SqliteConnection,
    id: InteractionId,
    agent: AgentId,
) -> Result<bool, StoreError> {
    let steps: Vec<String> =
        sqlx::query_scalar("SELECT phase FROM life_steps WHERE interaction_id = $1 AND owner_id = $2")
            .bind(id.to_string())
            .bind(agent.to_string())
            .fetch_all(db)
            .await?;
    for step in steps {
        if matches!(codec::from_json(&step, "life_steps.phase")?, Phase::Offered { .. }) {
            return Ok(true);
        }
    }
    Ok(false)
}
