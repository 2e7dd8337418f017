//! Who handled an interaction.

use std::collections::BTreeMap;

use sqlx::SqliteConnection;
use waxwing_protocol::{
    agent::Colleague,
    id::InteractionId,
    interaction::{Interaction, Phase},
};

use super::{StoreError, codec};

/// Notes that an interaction is in its owner's hands, if it is.
pub(super) async fn note(db: &mut SqliteConnection, interaction: &Interaction) -> Result<(), StoreError> {
    let (Some(owner), Phase::Open | Phase::Ended) = (interaction.owner, &interaction.phase) else {
        return Ok(());
    };
    let at = interaction.assigned_at.unwrap_or(interaction.created_at);
    sqlx::query(
        "INSERT INTO interaction_agents (interaction_id, agent_id, number, last_at)
         SELECT id, $2, number, $3 FROM interactions WHERE id = $1
         ON CONFLICT (interaction_id, agent_id) DO UPDATE SET last_at = excluded.last_at
             WHERE interaction_agents.last_at < excluded.last_at",
    )
    .bind(interaction.id.to_string())
    .bind(owner.to_string())
    .bind(at.timestamp_millis())
    .execute(db)
    .await?;
    Ok(())
}

/// Who handled each of some interactions, the last one first.
pub async fn by(
    db: &mut SqliteConnection,
    interactions: impl IntoIterator<Item = InteractionId>,
) -> Result<BTreeMap<InteractionId, Vec<Colleague>>, StoreError> {
    let rows: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT h.interaction_id, a.id, a.display_name
         FROM interaction_agents h JOIN agents a ON a.id = h.agent_id
         WHERE h.interaction_id IN (SELECT value FROM json_each($1))
         ORDER BY h.interaction_id, h.last_at DESC, a.id",
    )
    .bind(codec::ids(interactions))
    .fetch_all(db)
    .await?;
    let mut by = BTreeMap::<_, Vec<_>>::new();
    for (interaction, id, display_name) in rows {
        let agent = Colleague { id: codec::id(&id, "agents.id")?, display_name };
        by.entry(codec::id(&interaction, "interaction_agents.interaction_id")?).or_default().push(agent);
    }
    Ok(by)
}
