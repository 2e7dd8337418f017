//! What survives a restart: one SQLite file per gateway, written before anything that it is needed for is done.
//!
//! The entries of a step are one transaction, on disk (WAL, `synchronous = FULL`) when [`Journal::commit`] returns. Where
//! that fails (a full disk, a folder that can't be written) nothing is forgotten: the entries wait in memory and go with
//! the next ones. A damaged file is moved aside, never deleted, after what the agent wrote has been taken out of it.
//!
//! At a start everything but the transcripts is gone through for damage: they are a copy of the gateway's, and with a million
//! messages that takes seconds. Whoever meets damage in them leaves a mark, and the next start goes through all.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use sqlx::{
    ConnectOptions, Connection, SqliteConnection,
    migrate::{MigrateError, Migrator},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteLockingMode, SqliteSynchronous},
};

use waxwing_protocol::api::TranscriptPage;

use super::{ServiceError, files};
use crate::desk::{
    effect::{Entry, Load},
    restore::Restored,
};

mod library;
mod pages;
mod tables;
#[cfg(test)]
mod tests;
mod transcript;
mod unsent;
mod wrap_up;

static MIGRATIONS: Migrator = sqlx::migrate!("src/service/migrations");

/// How long another Waxwing that is just closing may hold the file.
const BUSY_LIMIT: Duration = Duration::from_secs(2);

/// What a file's mark of doubt is called behind its own name.
const DOUBT: &str = ".doubtful";

/// Any damage outside the transcripts.
const CHECK: &str =
    "SELECT told.quick_check FROM sqlite_schema AS kept, pragma_quick_check(kept.name) AS told
    WHERE kept.type = 'table' AND kept.name <> 'message' AND told.quick_check <> 'ok' LIMIT 1";
/// Any damage at all.
const CHECK_ALL: &str = "SELECT quick_check FROM pragma_quick_check(1) WHERE quick_check <> 'ok' LIMIT 1";

/// What survives a restart.
#[derive(Debug)]
pub(super) struct Journal {
    connection: SqliteConnection,
    /// What could not be written yet.
    unwritten: Vec<Entry>,
    /// The mark to be left where damage is met; none in memory.
    doubt: Option<PathBuf>,
}

/// A journal, what was in it, and what the agent has to know about it.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) journal: Journal,
    pub(super) restored: Restored,
    pub(super) trouble: Option<String>,
}

/// Why a journal can't be used.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error("it is damaged")]
    Damaged,
    #[error("a newer version wrote it")]
    Newer,
    #[error("another Waxwing is using it")]
    InUse,
    #[error("{0}")]
    Unwritable(String),
}

impl Journal {
    /// Opens the journal of a gateway.
    pub(super) async fn open(folder: &Path, gateway: &str) -> Result<Opened, ServiceError> {
        let path = folder.join(format!("{}.journal", files::name_of(gateway)));
        match open_file(folder, &path).await {
            Ok((connection, restored)) => Ok(Opened::new(connection, restored, None).at(&path)),
            Err(Fault::Newer) => Err(ServiceError::JournalNewer(path)),
            Err(Fault::InUse) => Err(ServiceError::JournalInUse(path)),
            Err(Fault::Unwritable(why)) => open_in_memory(&why).await,
            Err(Fault::Damaged) => start_over(folder, &path).await,
        }
    }

    /// Writes entries down, together with those that could not be written before. Says why it could not.
    pub(super) async fn commit(&mut self, entries: Vec<Entry>) -> Result<(), String> {
        self.unwritten.extend(entries);
        if self.unwritten.is_empty() {
            return Ok(());
        }
        match tables::write(&mut self.connection, &self.unwritten).await {
            Ok(()) => {
                self.unwritten.clear();
                Ok(())
            }
            Err(error) => {
                tracing::error!(%error, "the journal can't be written");
                let fault = Fault::from(error);
                self.doubt(&fault);
                Err(format!(
                    "What you write can't be kept on this computer ({fault}): free some space, and don't close Waxwing \
                     before your messages are sent."
                ))
            }
        }
    }

    /// A part of a transcript, if it is kept here. A journal that can't be read keeps nothing.
    pub(super) async fn read(&mut self, load: &Load) -> Option<TranscriptPage> {
        pages::read(&mut self.connection, load).await.unwrap_or_else(|error| {
            tracing::error!(%error, "the journal can't be read");
            self.doubt(&Fault::from(error));
            None
        })
    }

    /// Leaves a mark if the file is damaged, so that all of it is gone through at the next start.
    fn doubt(&self, fault: &Fault) {
        if let (Fault::Damaged, Some(doubt)) = (fault, &self.doubt)
            && let Err(error) = files::private_file(doubt)
        {
            tracing::warn!(%error, "that the journal is damaged can't be marked");
        }
    }

    /// Closes the file; everything is in it already.
    pub(super) async fn close(self) {
        if let Err(error) = self.connection.close().await {
            tracing::warn!(%error, "the journal was not closed well");
        }
    }
}

impl Opened {
    const fn new(connection: SqliteConnection, restored: Restored, trouble: Option<String>) -> Self {
        Self { journal: Journal { connection, unwritten: Vec::new(), doubt: None }, restored, trouble }
    }

    /// The same in a file.
    fn at(mut self, path: &Path) -> Self {
        self.journal.doubt = Some(with_ending(path, DOUBT));
        self
    }
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        let code = match &error {
            sqlx::Error::Database(error) => error.code().and_then(|code| code.parse::<u32>().ok()),
            sqlx::Error::Io(error) => return Self::Unwritable(error.to_string()),
            _ => None,
        };
        // SQLite's primary result codes are the low byte of the extended ones.
        match code.map(|code| code & 0xff) {
            Some(5 | 6) => Self::InUse,
            Some(3) => Self::Unwritable("it may not be written".to_owned()),
            Some(8) => Self::Unwritable("it is read-only".to_owned()),
            Some(10) => Self::Unwritable("the disk does not work".to_owned()),
            Some(13) => Self::Unwritable("the disk is full".to_owned()),
            Some(14) => Self::Unwritable("it can't be opened".to_owned()),
            _ => Self::Damaged,
        }
    }
}

impl From<MigrateError> for Fault {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::VersionMissing(_) | MigrateError::VersionTooNew(..) => Self::Newer,
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => Self::from(error),
            _ => Self::Damaged,
        }
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Unwritable(error.to_string())
    }
}

async fn open_file(folder: &Path, path: &Path) -> Result<(SqliteConnection, Restored), Fault> {
    files::private_folder(folder)?;
    files::private_file(path)?;
    let mut connection = connect(path).await?;
    let doubt = with_ending(path, DOUBT);
    let is_doubtful = doubt.exists();
    let check = if is_doubtful { CHECK_ALL } else { CHECK };
    let damage: Option<String> = sqlx::query_scalar(check).fetch_optional(&mut connection).await?;
    if damage.is_some() {
        return Err(Fault::Damaged);
    }
    if is_doubtful {
        fs::remove_file(&doubt)?;
    }
    MIGRATIONS.run(&mut connection).await?;
    let restored = tables::read(&mut connection).await?;
    Ok((connection, restored))
}

async fn connect(path: &Path) -> Result<SqliteConnection, sqlx::Error> {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .locking_mode(SqliteLockingMode::Exclusive)
        .busy_timeout(BUSY_LIMIT)
        .pragma("secure_delete", "on")
        .connect()
        .await
}

/// Nothing can be kept: works on in memory, and says so.
async fn open_in_memory(why: &str) -> Result<Opened, ServiceError> {
    let fail = |error: String| ServiceError::Journal(error);
    let mut connection = SqliteConnectOptions::new()
        .in_memory(true)
        .connect()
        .await
        .map_err(|error| fail(error.to_string()))?;
    MIGRATIONS.run(&mut connection).await.map_err(|error| fail(error.to_string()))?;
    let trouble = format!(
        "What you write can't be kept on this computer ({why}): it is lost when Waxwing closes before it is sent."
    );
    Ok(Opened::new(connection, Restored::default(), Some(trouble)))
}

/// Moves a damaged file aside and starts a new one with what could be read of the agent's own words.
async fn start_over(folder: &Path, path: &Path) -> Result<Opened, ServiceError> {
    let fail = |error: String| ServiceError::Journal(error);
    let salvaged = match connect(path).await {
        Ok(mut connection) => {
            let salvaged = tables::salvage(&mut connection).await;
            connection.close().await.ok();
            salvaged
        }
        Err(_) => Restored::default(),
    };
    let aside = move_aside(path).map_err(|error| fail(error.to_string()))?;
    let (connection, _) = open_file(folder, path).await.map_err(|fault| fail(fault.to_string()))?;
    let kept = salvaged.drafts.len() + salvaged.outgoing.len();
    let trouble = format!(
        "Waxwing's memory on this computer was damaged. {kept} drafts and unsent messages could be read; the damaged file \
         is {}.",
        aside.display()
    );
    let mut opened = Opened::new(connection, salvaged, Some(trouble)).at(path);
    opened.journal.commit(tables::entries_of(&opened.restored)).await.map_err(fail)?;
    Ok(opened)
}

/// Renames a database file and what belongs to it to the first name that is free.
fn move_aside(path: &Path) -> io::Result<PathBuf> {
    let names = (1_u32..).map(|number| with_ending(path, &format!(".damaged-{number}")));
    let mut free = names.filter(|name| !name.exists());
    let aside = free.next().ok_or_else(|| io::Error::other("no free name"))?;
    fs::rename(path, &aside)?;
    for ending in ["-wal", "-shm", DOUBT] {
        match fs::rename(with_ending(path, ending), with_ending(&aside, ending)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(aside)
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
