//! What the operator has set, as the gateway was last started with it: every process that decides reads it here.

use sqlx::SqliteConnection;

use super::{Change, StoreError, codec};
use crate::rules::{SessionRules, WrapUpRules};

/// Keeps what was set.
pub async fn keep(
    change: &mut Change,
    sessions: &SessionRules,
    wrap_up: &WrapUpRules,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO settings (one, sessions, wrap_up) VALUES (1, $1, $2)
         ON CONFLICT (one) DO UPDATE SET sessions = excluded.sessions, wrap_up = excluded.wrap_up",
    )
    .bind(codec::to_json(sessions)?)
    .bind(codec::to_json(wrap_up)?)
    .execute(change.db())
    .await?;
    Ok(())
}

/// What was set about sessions.
pub async fn sessions(db: &mut SqliteConnection) -> Result<SessionRules, StoreError> {
    let text: Option<String> = sqlx::query_scalar("SELECT sessions FROM settings").fetch_optional(db).await?;
    text.map_or_else(|| Ok(SessionRules::default()), |text| codec::from_json(&text, "settings.sessions"))
}

/// What was set about the end of interactions.
pub async fn wrap_up(db: &mut SqliteConnection) -> Result<WrapUpRules, StoreError> {
    let text: Option<String> = sqlx::query_scalar("SELECT wrap_up FROM settings").fetch_optional(db).await?;
    text.map_or_else(|| Ok(WrapUpRules::default()), |text| codec::from_json(&text, "settings.wrap_up"))
}
