//! Drafts as they are kept: an agent's, in an interaction, each text with the sign-in that wrote it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;
use waxwing_protocol::{
    draft::{Draft, Written},
    id::{AgentId, InteractionId},
};

use super::{StoreError, codec};

/// Words and the sign-in that wrote them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptText {
    /// The words.
    pub written: Written,
    /// Which sign-in of the agent's wrote them; two machines may have the same name.
    pub writer: String,
    /// The revision that came of it: of their writing or, once they were overtaken, of their being set aside.
    pub revision: u64,
}

/// A draft with what decides between machines.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptDraft {
    /// Rises with every change.
    pub revision: u64,
    /// What stands.
    pub stands: KeptText,
    /// What was overtaken, newest first.
    pub aside: Vec<KeptText>,
}

impl KeptDraft {
    /// As desktops see it.
    #[must_use]
    pub fn draft(&self) -> Draft {
        Draft {
            revision: self.revision,
            written: self.stands.written.clone(),
            aside: self.aside.iter().map(|kept| kept.written.clone()).collect(),
        }
    }
}

/// What an agent was writing in an interaction.
pub async fn get(
    db: &mut SqliteConnection,
    agent: AgentId,
    interaction: InteractionId,
) -> Result<Option<KeptDraft>, StoreError> {
    let draft: Option<String> =
        sqlx::query_scalar("SELECT draft FROM drafts WHERE agent_id = $1 AND interaction_id = $2")
            .bind(agent.to_string())
            .bind(interaction.to_string())
            .fetch_optional(db)
            .await?;
    draft.map(|draft| codec::from_json(&draft, "drafts.draft")).transpose()
}

/// The same as desktops see it.
pub async fn shown(
    db: &mut SqliteConnection,
    agent: AgentId,
    interaction: InteractionId,
) -> Result<Option<Draft>, StoreError> {
    Ok(get(db, agent, interaction).await?.map(|kept| kept.draft()))
}

/// Keeps what an agent is writing in an interaction.
pub async fn put(
    db: &mut SqliteConnection,
    agent: AgentId,
    interaction: InteractionId,
    draft: &KeptDraft,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO drafts (agent_id, interaction_id, draft) VALUES ($1, $2, $3)
         ON CONFLICT (agent_id, interaction_id) DO UPDATE SET draft = excluded.draft",
    )
    .bind(agent.to_string())
    .bind(interaction.to_string())
    .bind(codec::to_json(draft)?)
    .execute(db)
    .await?;
    Ok(())
}

/// Takes out what anybody was writing in an interaction.
pub async fn take(
    db: &mut SqliteConnection,
    interaction: InteractionId,
) -> Result<Vec<(AgentId, KeptDraft)>, StoreError> {
    let mut rows: Vec<(String, String)> =
        sqlx::query_as("DELETE FROM drafts WHERE interaction_id = $1 RETURNING agent_id, draft")
            .bind(interaction.to_string())
            .fetch_all(db)
            .await?;
    rows.sort();
    rows.into_iter()
        .map(|(agent, draft)| {
            Ok((codec::id(&agent, "drafts.agent_id")?, codec::from_json(&draft, "drafts.draft")?))
        })
        .collect()
}

/// Interactions that are done and still have drafts, by when they were closed.
pub async fn closed(db: &mut SqliteConnection) -> Result<Vec<(DateTime<Utc>, InteractionId)>, StoreError> {
    let rows: Vec<(i64, String)> = sqlx::query_as(
        "SELECT (SELECT MAX(s.at) FROM life_steps s WHERE s.interaction_id = i.id), i.id
         FROM interactions i WHERE i.is_open = 0 AND i.id IN (SELECT interaction_id FROM drafts) ORDER BY 1, 2",
    )
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|(at, id)| Ok((codec::time(at, "life_steps.at")?, codec::id(&id, "drafts.interaction_id")?)))
        .collect()
}
