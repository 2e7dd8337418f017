//! Which files an agent may have: those of messages, what they have uploaded, and those of the library.

use sqlx::SqliteConnection;
use waxwing_protocol::{
    id::{AgentId, AttachmentId, InteractionId},
    message::MediaKind,
};

use super::{StoreError, codec, looked::Looked};

/// A file that an agent may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readable {
    /// What it is called where files are kept.
    pub file: String,
    /// How long it is.
    pub size_bytes: u64,
    /// What is known of it, if somebody has looked into it.
    pub looked: Option<Looked>,
    /// What it came as, or was uploaded as.
    pub kind: MediaKind,
    /// Where it is from.
    pub origin: Origin,
    /// What it was called, if it was uploaded.
    pub file_name: Option<String>,
}

/// Where a file is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It belongs to a message.
    Message,
    /// It is an upload of theirs that waits to be sent: in one interaction, or wherever they like.
    Upload(Option<InteractionId>),
    /// It belongs to the library.
    Library,
}

#[derive(sqlx::FromRow)]
struct Row {
    file: String,
    size_bytes: i64,
    about: Option<String>,
    seen: Option<String>,
    kind: String,
    origin: String,
    interaction_id: Option<String>,
    file_name: Option<String>,
}

impl Row {
    fn into_readable(self) -> Result<Readable, StoreError> {
        let interaction =
            self.interaction_id.map(|id| codec::id(&id, "uploads.interaction_id")).transpose()?;
        Ok(Readable {
            file: self.file,
            size_bytes: u64::try_from(self.size_bytes).unwrap_or(0),
            looked: self.about.map(|about| Looked::read(&about, self.seen.as_deref())).transpose()?,
            kind: codec::from_json(&self.kind, "kind")?,
            origin: match self.origin.as_str() {
                "message" => Origin::Message,
                "upload" => Origin::Upload(interaction),
                _ => Origin::Library,
            },
            file_name: self.file_name,
        })
    }
}

/// A file that can be had, for an agent: one of any message, as what was said may be read by everybody who works here; or one that
/// they have uploaded and not sent yet; or one of a response, of now or of before, that they can see.
pub async fn readable(
    db: &mut SqliteConnection,
    id: AttachmentId,
    agent: AgentId,
) -> Result<Option<Readable>, StoreError> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT a.file, a.size_bytes, a.about, a.seen, a.kind,
                'message' AS origin, NULL AS interaction_id, NULL AS file_name
         FROM attachments a
         WHERE a.id = $1 AND a.state = 'ready'
         UNION ALL
         SELECT u.file, u.size_bytes, u.about, u.seen, u.kind, 'upload', u.interaction_id, u.file_name FROM uploads u
         WHERE u.id = $1 AND u.state = 'ready' AND u.agent_id = $2 AND (u.interaction_id IS NULL OR EXISTS (
             SELECT 1 FROM interactions i WHERE i.id = u.interaction_id AND i.owner_id = $2 AND i.is_open = 1))
         UNION ALL
         SELECT l.file, l.size_bytes, l.about, l.seen, l.kind, 'library', NULL, l.file_name FROM library_files l
         WHERE l.id = $1 AND l.state = 'ready' AND EXISTS (
             SELECT 1 FROM response_files n JOIN responses r ON r.id = n.response_id
             WHERE n.file_id = l.id AND r.deleted = 0 AND (r.owner_id IS NULL OR r.owner_id = $2))",
    )
    .bind(id.to_string())
    .bind(agent.to_string())
    .fetch_optional(db)
    .await?;
    row.map(Row::into_readable).transpose()
}
