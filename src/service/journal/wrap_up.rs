//! What is not settled of the ends of interactions: a row for each, and none where nothing is left to settle.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;
use waxwing_protocol::{id::InteractionId, workbin::Place};

use super::tables::{json, parse, parse_id, run};
use crate::desk::wrap_up::{KeptNote, KeptWrapUp};

#[derive(Serialize, Deserialize)]
struct Body {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<Note>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    opened_from: Option<Place>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    done_until: Option<DateTime<Utc>>,
}

#[derive(Serialize, Deserialize)]
struct Note {
    text: String,
    based_on: u64,
}

/// Keeps what is left to settle of an interaction.
pub(super) async fn keep(
    to: &mut SqliteConnection,
    id: InteractionId,
    kept: &KeptWrapUp,
) -> Result<(), sqlx::Error> {
    if kept.is_nothing() {
        return run(sqlx::query("DELETE FROM wrap_up WHERE interaction = $1").bind(id.to_string()), to).await;
    }
    let note = kept.note.clone().map(|note| Note { text: note.text, based_on: note.based_on });
    let body = Body { note, opened_from: kept.opened_from, done_until: kept.done_until };
    let sql = "INSERT INTO wrap_up (interaction, body) VALUES ($1, $2)
               ON CONFLICT (interaction) DO UPDATE SET body = excluded.body";
    run(sqlx::query(sql).bind(id.to_string()).bind(json(&body)?), to).await
}

/// All that is left to settle.
pub(super) async fn read(
    from: &mut SqliteConnection,
) -> Result<Vec<(InteractionId, KeptWrapUp)>, sqlx::Error> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT interaction, body FROM wrap_up ORDER BY interaction").fetch_all(from).await?;
    rows.iter()
        .map(|(id, body)| {
            let Body { note, opened_from, done_until } = parse(body)?;
            // Only words that the gateway does not have are kept.
            let note = note.map(|Note { text, based_on }| KeptNote { text, based_on, unsynced: true });
            Ok((parse_id(id)?, KeptWrapUp { note, opened_from, done_until }))
        })
        .collect()
}
