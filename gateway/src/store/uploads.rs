//! Files on their way from desktops as they are kept: how far each has come, until it is sent or goes.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, SqliteConnection};
use waxwing_protocol::{
    attachment::About,
    id::{AgentId, AttachmentId, ClientRef, InteractionId},
    message::MediaKind,
    upload::UploadState,
};

use super::{StoreError, attachments::Looked, codec};

/// A file on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coming {
    /// What it is called by.
    pub id: AttachmentId,
    /// Whose it is.
    pub agent: AgentId,
    /// To whom it is to go; none if it is for the library or wherever else its agent likes.
    pub interaction: Option<InteractionId>,
    /// The desktop's own name for it.
    pub client_ref: ClientRef,
    /// What it is to be sent as.
    pub kind: MediaKind,
    /// What it is called.
    pub file_name: String,
    /// How long it is.
    pub size_bytes: u64,
    /// SHA-256 of it, as the desktop announced it.
    pub sha256: String,
    /// What it is called where files are kept.
    pub file: String,
    /// How far it is.
    pub standing: Standing,
}

/// How far a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// As desktops are told.
    Told(UploadState),
    /// It is part of a message or of the library; what it is.
    Sent(Box<About>),
    /// It is not wanted any more.
    Erased,
}

#[derive(FromRow)]
struct Row {
    id: String,
    agent_id: String,
    interaction_id: Option<String>,
    client_ref: String,
    kind: String,
    file_name: String,
    size_bytes: i64,
    sha256: String,
    file: String,
    state: String,
    next_piece: u32,
    about: Option<String>,
    reason: Option<String>,
}

impl Row {
    fn into_coming(self) -> Result<Coming, StoreError> {
        let about = || {
            let about = self.about.as_deref().ok_or(StoreError::Unreadable { what: "uploads.about" })?;
            codec::from_json(about, "uploads.about").map(Box::new)
        };
        let standing = match self.state.as_str() {
            "receiving" => Standing::Told(UploadState::Receiving { next_piece: self.next_piece }),
            "ready" => Standing::Told(UploadState::Ready { about: about()? }),
            "refused" => {
                Standing::Told(UploadState::Refused { reason: self.reason.clone().unwrap_or_default() })
            }
            "sent" => Standing::Sent(about()?),
            "erased" => Standing::Erased,
            _ => return Err(StoreError::Unreadable { what: "uploads.state" }),
        };
        Ok(Coming {
            id: codec::id(&self.id, "uploads.id")?,
            agent: codec::id(&self.agent_id, "uploads.agent_id")?,
            interaction: self
                .interaction_id
                .map(|id| codec::id(&id, "uploads.interaction_id"))
                .transpose()?,
            client_ref: codec::id(&self.client_ref, "uploads.client_ref")?,
            kind: codec::from_json(&self.kind, "uploads.kind")?,
            file_name: self.file_name,
            size_bytes: u64::try_from(self.size_bytes).unwrap_or(0),
            sha256: self.sha256,
            file: self.file,
            standing,
        })
    }
}

/// Keeps that a file is about to come.
pub async fn add(db: &mut SqliteConnection, coming: &Coming, now: DateTime<Utc>) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO uploads
             (id, agent_id, interaction_id, client_ref, kind, file_name, size_bytes, sha256, file, state, begun_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'receiving', $10)",
    )
    .bind(coming.id.to_string())
    .bind(coming.agent.to_string())
    .bind(coming.interaction.map(|interaction| interaction.to_string()))
    .bind(coming.client_ref.to_string())
    .bind(codec::to_json(&coming.kind)?)
    .bind(&coming.file_name)
    .bind(i64::try_from(coming.size_bytes).unwrap_or(i64::MAX))
    .bind(&coming.sha256)
    .bind(&coming.file)
    .bind(now.timestamp_millis())
    .execute(db)
    .await?;
    Ok(())
}

/// One file on its way.
pub async fn get(db: &mut SqliteConnection, id: AttachmentId) -> Result<Option<Coming>, StoreError> {
    let row: Option<Row> =
        sqlx::query_as("SELECT * FROM uploads WHERE id = $1").bind(id.to_string()).fetch_optional(db).await?;
    row.map(Row::into_coming).transpose()
}

/// The file that a desktop calls by this name.
pub async fn called(db: &mut SqliteConnection, client_ref: ClientRef) -> Result<Option<Coming>, StoreError> {
    let row: Option<Row> = sqlx::query_as("SELECT * FROM uploads WHERE client_ref = $1")
        .bind(client_ref.to_string())
        .fetch_optional(db)
        .await?;
    row.map(Row::into_coming).transpose()
}

/// Notes that a piece is there, if it is the one that was wanted; says whether it was.
pub async fn advance(db: &mut SqliteConnection, id: AttachmentId, piece: u32) -> Result<bool, StoreError> {
    let advanced = sqlx::query(
        "UPDATE uploads SET next_piece = next_piece + 1 WHERE id = $1 AND state = 'receiving' AND next_piece = $2",
    )
    .bind(id.to_string())
    .bind(piece)
    .execute(db)
    .await?;
    Ok(advanced.rows_affected() == 1)
}

/// Notes what came of a file that was received: what it is, or why it can't be sent. False if it is not wanted any more.
pub async fn settle(
    db: &mut SqliteConnection,
    id: AttachmentId,
    outcome: &Result<Looked, String>,
) -> Result<bool, StoreError> {
    let looked = outcome.as_ref().ok().map(Looked::columns).transpose()?;
    let state = if looked.is_some() { "ready" } else { "refused" };
    let (about, seen) = looked.unzip();
    let settled = sqlx::query(
        "UPDATE uploads SET state = $2, about = $3, seen = $4, reason = $5 WHERE id = $1 AND state = 'receiving'",
    )
    .bind(id.to_string())
    .bind(state)
    .bind(about)
    .bind(seen.flatten())
    .bind(outcome.as_ref().err())
    .execute(db)
    .await?;
    Ok(settled.rows_affected() == 1)
}

/// Notes that a file has become part of a message or of the library.
pub async fn mark_sent(db: &mut SqliteConnection, id: AttachmentId) -> Result<(), StoreError> {
    sqlx::query("UPDATE uploads SET state = 'sent' WHERE id = $1 AND state = 'ready'")
        .bind(id.to_string())
        .execute(db)
        .await?;
    Ok(())
}

/// Marks a file as to be removed, unless it was sent.
pub async fn erase(db: &mut SqliteConnection, id: AttachmentId) -> Result<(), StoreError> {
    sqlx::query("UPDATE uploads SET state = 'erased', swept = 0 WHERE id = $1 AND state <> 'sent'")
        .bind(id.to_string())
        .execute(db)
        .await?;
    Ok(())
}

/// Marks the files of an interaction that were not sent as to be removed; says whether there were any.
pub async fn erase_of(db: &mut SqliteConnection, interaction: InteractionId) -> Result<bool, StoreError> {
    let erased = sqlx::query(
        "UPDATE uploads SET state = 'erased', swept = 0 WHERE interaction_id = $1 AND state NOT IN ('sent', 'erased')",
    )
    .bind(interaction.to_string())
    .execute(db)
    .await?;
    Ok(erased.rows_affected() > 0)
}

/// Moves what is on its way to one interaction to another.
pub async fn move_to(
    db: &mut SqliteConnection,
    from: InteractionId,
    to: InteractionId,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE uploads SET interaction_id = $2 WHERE interaction_id = $1")
        .bind(from.to_string())
        .bind(to.to_string())
        .execute(db)
        .await?;
    Ok(())
}

/// Marks what has begun before then and was not sent as to be removed, and forgets what was sent; says whether there is
/// something to be removed.
pub async fn expire(db: &mut SqliteConnection, before: DateTime<Utc>) -> Result<bool, StoreError> {
    let before = before.timestamp_millis();
    sqlx::query("DELETE FROM uploads WHERE begun_at < $1 AND state = 'sent' AND swept = 1")
        .bind(before)
        .execute(&mut *db)
        .await?;
    let erased = sqlx::query(
        "UPDATE uploads SET state = 'erased', swept = 0 WHERE begun_at < $1 AND state NOT IN ('sent', 'erased')",
    )
    .bind(before)
    .execute(db)
    .await?;
    Ok(erased.rows_affected() > 0)
}

/// Files whose pieces are to be removed.
pub async fn unswept(db: &mut SqliteConnection) -> Result<Vec<Coming>, StoreError> {
    let rows: Vec<Row> =
        sqlx::query_as("SELECT * FROM uploads WHERE state <> 'receiving' AND swept = 0 ORDER BY id")
            .fetch_all(db)
            .await?;
    rows.into_iter().map(Row::into_coming).collect()
}

/// Notes that the pieces of a file are gone; of one that was erased, nothing is left.
pub async fn swept(db: &mut SqliteConnection, coming: &Coming) -> Result<(), StoreError> {
    let sql = match coming.standing {
        Standing::Erased => "DELETE FROM uploads WHERE id = $1 AND state = 'erased'",
        Standing::Told(_) | Standing::Sent(_) => {
            "UPDATE uploads SET swept = 1 WHERE id = $1 AND state <> 'erased'"
        }
    };
    sqlx::query(sql).bind(coming.id.to_string()).execute(db).await?;
    Ok(())
}

/// How many files of an agent are on their way or wait to be sent.
pub async fn open_of(db: &mut SqliteConnection, agent: AgentId) -> Result<i64, StoreError> {
    let sql = "SELECT COUNT(*) FROM uploads WHERE agent_id = $1 AND state IN ('receiving', 'ready')";
    Ok(sqlx::query_scalar(sql).bind(agent.to_string()).fetch_one(db).await?)
}

/// How many files are on their way or wait to be sent.
pub async fn count(db: &mut SqliteConnection) -> Result<i64, StoreError> {
    let sql = "SELECT COUNT(*) FROM uploads WHERE state IN ('receiving', 'ready')";
    Ok(sqlx::query_scalar(sql).fetch_one(db).await?)
}
