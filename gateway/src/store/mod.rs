//! What the gateway keeps: SQLite, one writer at a time, any number of readers.
//!
//! * A write is a [`Change`]: a transaction that also carries the events it causes. [`Change::commit`] returns when the
//!   commit is on disk (WAL, `synchronous=FULL`), and only then wakes whoever waits. A change that is dropped never was.
//! * A read uses [`Store::reader`] and sees the last commit.
//!
//! The SQL keeps to what SQLite and PostgreSQL have in common (`$1`, `ON CONFLICT`, `RETURNING`), one file a subject.

pub mod accounts;
pub mod agents;
pub mod attachments;
pub mod attributes;
mod backup;
pub mod categories;
mod codec;
pub mod contacts;
pub mod details;
pub mod directory;
pub mod drafts;
pub mod due;
pub mod events;
pub mod handled;
pub mod held;
pub mod interactions;
pub mod library;
pub mod library_files;
pub mod life;
mod looked;
pub mod lying;
pub mod merges;
pub mod messages;
pub mod numbers;
pub mod outbox;
pub mod pages;
pub mod past;
pub mod reactions;
mod readable;
pub mod reads;
pub mod response_uses;
pub mod responses;
pub mod said;
pub mod search;
pub mod sending;
pub mod settings;
pub mod statuses;
pub mod template_lists;
pub mod templates;
pub mod tokens;
pub mod uploads;
pub mod webhooks;
pub mod whatsapp_files;
pub mod words;
pub mod workbins;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use chrono::{DateTime, Utc};
use sqlx::{
    Sqlite, SqliteConnection, SqlitePool, Transaction,
    migrate::MigrateError,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::sync::Notify;
use waxwing_protocol::{event::Event, id::AgentId};

pub use self::backup::backup;
use crate::{feed::Feed, random};

/// Where to read or write: of a [`Change`], or of a [`Read`].
pub type Db = SqliteConnection;

/// How long a write waits for another process (a backup, a second command) to let go of the database.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// What can go wrong with the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder or the file can't be made, read or written.
    #[error("the database {path} can't be opened: {cause}")]
    Open {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        cause: String,
    },
    /// A newer gateway has written this database.
    #[error(
        "the database {path} was written by a newer waxwing-gateway (its migration {version} is unknown here): use that version or a backup"
    )]
    Newer {
        /// Which file.
        path: PathBuf,
        /// The migration that is not known here.
        version: i64,
    },
    /// The database refused or failed.
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    /// What is stored can't be read as what it should be.
    #[error("the database holds an unreadable {what}")]
    Unreadable {
        /// Which column of what.
        what: &'static str,
    },
}

/// The gateway's store. Clones share the connections.
#[derive(Clone, Debug)]
pub struct Store {
    writer: SqlitePool,
    reader: SqlitePool,
    epoch: u32,
    feed: Feed,
    bells: Arc<[Notify; 5]>,
}

/// A worker that waits for something to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bell {
    /// There may be something to send.
    Outbox,
    /// There is something read of which WhatsApp has to be told.
    Reads,
    /// There are files to fetch, or to remove.
    Media,
    /// Templates are to be asked for.
    Templates,
    /// Something falls due earlier than was known.
    Timers,
}

impl Store {
    /// Opens the database at `path`, making it and bringing it up to date as needed.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let refused = |cause: &dyn std::fmt::Display| StoreError::Open {
            path: path.to_owned(),
            cause: cause.to_string(),
        };
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            tokio::fs::create_dir_all(folder).await.map_err(|error| refused(&error))?;
        }
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .pragma("secure_delete", "ON");
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options.clone())
            .await
            .map_err(|error| refused(&error))?;
        sqlx::migrate!("migrations/sqlite").run(&writer).await.map_err(|error| match error {
            MigrateError::VersionMissing(version) => StoreError::Newer { path: path.to_owned(), version },
            other => refused(&other),
        })?;
        let epoch = Self::epoch_of(&writer).await?;
        let reader = SqlitePoolOptions::new()
            .max_connections(8)
            .connect_with(options.read_only(true).create_if_missing(false))
            .await
            .map_err(|error| refused(&error))?;
        Ok(Self { writer, reader, epoch, feed: Feed::default(), bells: Arc::default() })
    }

    async fn epoch_of(writer: &SqlitePool) -> Result<u32, StoreError> {
        sqlx::query("INSERT INTO installation (one, epoch) VALUES (1, $1) ON CONFLICT (one) DO NOTHING")
            .bind(i64::from(u32::from_be_bytes(random::bytes())))
            .execute(writer)
            .await?;
        let epoch: i64 = sqlx::query_scalar("SELECT epoch FROM installation").fetch_one(writer).await?;
        u32::try_from(epoch).map_err(|_too_large| StoreError::Unreadable { what: "epoch" })
    }

    /// Which database this is, for cursors.
    #[must_use]
    pub const fn epoch(&self) -> u32 {
        self.epoch
    }

    /// Where to read: any number at once, each query sees the last commit.
    #[must_use]
    pub const fn reader(&self) -> &SqlitePool {
        &self.reader
    }

    /// Who waits for changes.
    #[must_use]
    pub const fn feed(&self) -> &Feed {
        &self.feed
    }

    /// Rings when that worker may have something to do.
    #[must_use]
    pub fn bell(&self, bell: Bell) -> &Notify {
        &self.bells[bell as usize]
    }

    /// Begins a change; waits while another one is under way.
    pub async fn begin(&self) -> Result<Change, StoreError> {
        let tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        Ok(Change {
            tx,
            store: self.clone(),
            wake: BTreeSet::new(),
            ring: BTreeSet::new(),
            workbins: Workbins::AsTheyWere,
        })
    }

    /// Begins to read: everything read through the same [`Read`] is of the same moment.
    pub async fn read(&self) -> Result<Read, StoreError> {
        Ok(Read { tx: self.reader.begin().await? })
    }

    /// Writes something that changes nothing, to see that writing works.
    pub async fn prove_writable(&self) -> Result<(), StoreError> {
        let mut change = self.begin().await?;
        sqlx::query("UPDATE installation SET epoch = epoch").execute(change.db()).await?;
        change.commit().await
    }

    /// Closes all connections, so that the files are left tidy.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }
}

/// A look at the store as it was at one moment, whatever is committed meanwhile.
#[derive(Debug)]
pub struct Read {
    tx: Transaction<'static, Sqlite>,
}

impl Read {
    /// Where to read.
    pub fn db(&mut self) -> &mut SqliteConnection {
        &mut self.tx
    }
}

/// A write under way. Nothing of it is true before [`Change::commit`].
#[derive(Debug)]
pub struct Change {
    tx: Transaction<'static, Sqlite>,
    store: Store,
    wake: BTreeSet<AgentId>,
    ring: BTreeSet<Bell>,
    workbins: Workbins,
}

/// What a change does to what lies in workbins and queues.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Workbins {
    AsTheyWere,
    Changed,
}

impl Change {
    /// Where to write.
    pub fn db(&mut self) -> &mut SqliteConnection {
        &mut self.tx
    }

    /// Puts an event into an agent's feed.
    pub async fn emit(
        &mut self,
        agent: AgentId,
        event: &Event,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let payload =
            serde_json::to_string(event).map_err(|_unwritable| StoreError::Unreadable { what: "event" })?;
        let number: i64 = sqlx::query_scalar(
            "UPDATE agents SET feed_number = feed_number + 1 WHERE id = $1 RETURNING feed_number",
        )
        .bind(agent.to_string())
        .fetch_one(self.db())
        .await?;
        sqlx::query("INSERT INTO events (agent_id, number, at, payload) VALUES ($1, $2, $3, $4)")
            .bind(agent.to_string())
            .bind(number)
            .bind(now.timestamp_millis())
            .bind(payload)
            .execute(self.db())
            .await?;
        self.wake.insert(agent);
        Ok(())
    }

    /// Wakes an agent's waiting polls after the commit, though no event was put into their feed.
    pub fn wake(&mut self, agent: AgentId) {
        self.wake.insert(agent);
    }

    /// Wakes everybody's waiting polls that look at workbins after the commit.
    pub fn wake_workbins(&mut self) {
        self.workbins = Workbins::Changed;
    }

    /// Marks a place in this change that can be gone back to.
    pub async fn mark(&mut self) -> Result<(), StoreError> {
        sqlx::query("SAVEPOINT mark").execute(self.db()).await?;
        Ok(())
    }

    /// Keeps what was done since the mark, as part of this change.
    pub async fn keep(&mut self) -> Result<(), StoreError> {
        sqlx::query("RELEASE SAVEPOINT mark").execute(self.db()).await?;
        Ok(())
    }

    /// Undoes what was done since the mark.
    pub async fn undo(&mut self) -> Result<(), StoreError> {
        sqlx::query("ROLLBACK TO SAVEPOINT mark").execute(self.db()).await?;
        self.keep().await
    }

    /// Lets that worker know, after the commit, that there may be something to do.
    pub fn ring(&mut self, bell: Bell) {
        self.ring.insert(bell);
    }

    /// Makes it true, on disk, and wakes whoever waits for it.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.tx.commit().await?;
        for agent in self.wake {
            self.store.feed.wake(agent);
        }
        if self.workbins == Workbins::Changed {
            self.store.feed.wake_workbins();
        }
        for bell in self.ring {
            self.store.bell(bell).notify_one();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
