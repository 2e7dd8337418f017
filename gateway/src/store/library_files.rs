//! The files of the library as they are kept: for as long as a version of a response needs them.

use sqlx::SqliteConnection;
use waxwing_protocol::{
    id::{AttachmentId, ResponseId},
    message::MediaKind,
};

use super::{StoreError, attachments::Looked, codec};

/// A file of the library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LibraryFile {
    /// What it is called by.
    pub id: AttachmentId,
    /// What it is called where files are kept.
    pub file: String,
    /// What it was uploaded as.
    pub kind: MediaKind,
    /// What it is called.
    pub file_name: String,
    /// How long it is.
    pub size_bytes: u64,
    /// What is known of it.
    pub looked: Looked,
}

/// Keeps a file.
pub async fn add(db: &mut SqliteConnection, file: &LibraryFile) -> Result<(), StoreError> {
    let (about, seen) = file.looked.columns()?;
    sqlx::query(
        "INSERT INTO library_files (id, file, kind, file_name, size_bytes, state, about, seen)
         VALUES ($1, $2, $3, $4, $5, 'ready', $6, $7)",
    )
    .bind(file.id.to_string())
    .bind(&file.file)
    .bind(codec::to_json(&file.kind)?)
    .bind(&file.file_name)
    .bind(i64::try_from(file.size_bytes).unwrap_or(i64::MAX))
    .bind(about)
    .bind(seen)
    .execute(db)
    .await?;
    Ok(())
}

/// Notes that a version of a response needs a file.
pub async fn need(
    db: &mut SqliteConnection,
    (response, version): (ResponseId, u32),
    file: AttachmentId,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO response_files (response_id, version, file_id) VALUES ($1, $2, $3)
         ON CONFLICT (response_id, version, file_id) DO NOTHING",
    )
    .bind(response.to_string())
    .bind(version)
    .bind(file.to_string())
    .execute(db)
    .await?;
    Ok(())
}

/// Marks files that no response needs any more as to be removed; says whether there were any.
pub async fn erase_unneeded(db: &mut SqliteConnection) -> Result<bool, StoreError> {
    let erased = sqlx::query(
        "UPDATE library_files SET state = 'erased'
         WHERE state = 'ready' AND NOT EXISTS (SELECT 1 FROM response_files n WHERE n.file_id = library_files.id)",
    )
    .execute(db)
    .await?;
    Ok(erased.rows_affected() > 0)
}

/// One file, whoever may see it.
pub async fn get(db: &mut SqliteConnection, id: AttachmentId) -> Result<Option<LibraryFile>, StoreError> {
    let row: Option<(String, String, String, i64, String, Option<String>)> = sqlx::query_as(
        "SELECT file, kind, file_name, size_bytes, about, seen FROM library_files WHERE id = $1 AND state = 'ready'",
    )
    .bind(id.to_string())
    .fetch_optional(db)
    .await?;
    row.map(|(file, kind, file_name, size_bytes, about, seen)| {
        Ok(LibraryFile {
            id,
            file,
            kind: codec::from_json(&kind, "library_files.kind")?,
            file_name,
            size_bytes: u64::try_from(size_bytes).unwrap_or(0),
            looked: Looked::read(&about, seen.as_deref())?,
        })
    })
    .transpose()
}
