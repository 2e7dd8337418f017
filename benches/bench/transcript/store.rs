//! A desktop's journal that holds a long conversation. Filling one takes a while, so it is kept for the next run, as long as
//! neither the tables nor the words change.

use std::{
    fs,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    path::{Path, PathBuf},
};

use serde::Serialize;
use sqlx::{
    ConnectOptions as _, Connection as _, SqliteConnection,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use waxwing_protocol::{event::Cursor, interaction::Interaction, message::Message};

use super::said;

static MIGRATIONS: Migrator = sqlx::migrate!("src/service/migrations");

/// The place up to which the journal is complete.
pub(super) const CURSOR: Cursor = Cursor { epoch: 1, number: 0 };
/// How many messages are written at a time.
const BATCH: i64 = 2000;
/// What the files of kept journals begin with.
const NAME: &str = "transcript-";

/// A message as it is stored: everything that leads to it, and itself.
type Stored = (String, i64, i64, String, String);

/// What is said in a conversation, by the distance to its newest message.
pub(super) type Said = fn(i64) -> Message;

/// A journal in which the long conversation has so many messages, of which the gateway holds no more. What is said has a
/// name.
pub(super) async fn journal((name, said): (&str, Said), count: i64) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let key = format!("{NAME}{:016x}-", key());
    for file in fs::read_dir(folder).expect("can be read").flatten() {
        let name = file.file_name().to_string_lossy().into_owned();
        if name.starts_with(NAME) && !name.starts_with(&key) {
            fs::remove_file(file.path()).expect("can be removed");
        }
    }
    let path = folder.join(format!("{key}{name}-{count}.journal"));
    if !path.exists() {
        let unfinished = folder.join(format!("{key}{name}-{count}.unfinished"));
        fs::remove_file(&unfinished).ok();
        fill(&unfinished, count, said).await.expect("the journal can be written");
        fs::rename(&unfinished, &path).expect("can be renamed");
    }
    path
}

/// Changes with the tables and with what is written into them.
fn key() -> u64 {
    let mut hasher = DefaultHasher::new();
    for migration in MIGRATIONS.iter() {
        migration.checksum.hash(&mut hasher);
    }
    for said in [said::message, said::with_pictures] {
        (0..500).map(said).for_each(|message| json(&message).hash(&mut hasher));
    }
    (json(&said::mark(1)), json(&said::long())).hash(&mut hasher);
    hasher.finish()
}

async fn fill(path: &Path, count: i64, said: Said) -> Result<(), sqlx::Error> {
    let mut journal = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Off)
        .synchronous(SqliteSynchronous::Off)
        .connect()
        .await?;
    MIGRATIONS.run(&mut journal).await?;
    sqlx::query("BEGIN").execute(&mut journal).await?;
    let facts = [
        ("account", json(&said::agent())),
        ("status", json(&said::status())),
        ("cursor", json(&CURSOR)),
        ("active", json(&said::empty().id)),
    ];
    for (name, value) in facts {
        let fact = sqlx::query("INSERT INTO fact (name, value) VALUES ($1, $2)").bind(name).bind(value);
        fact.execute(&mut journal).await?;
    }
    for interaction in [said::long(), said::empty()] {
        begin(&mut journal, &interaction).await?;
    }
    let mut oldest = count;
    while oldest > 0 {
        let newest = (oldest - BATCH).max(0);
        write(&mut journal, (newest..oldest).rev().map(said)).await?;
        oldest = newest;
    }
    for back in 1..=(count - 1) / said::SESSION {
        let mark = said::mark(back);
        let row = sqlx::query("INSERT INTO session (conversation, id, body) VALUES ($1, $2, $3)");
        let row = row.bind(said::long().id.to_string()).bind(mark.session.to_string()).bind(json(&mark));
        row.execute(&mut journal).await?;
    }
    sqlx::query("COMMIT").execute(&mut journal).await?;
    journal.close().await
}

async fn begin(journal: &mut SqliteConnection, interaction: &Interaction) -> Result<(), sqlx::Error> {
    let id = interaction.id.to_string();
    let row = sqlx::query("INSERT INTO interaction (id, body) VALUES ($1, $2)").bind(id.clone());
    row.bind(json(interaction)).execute(&mut *journal).await?;
    let row = sqlx::query("INSERT INTO transcript (conversation, older) VALUES ($1, 0)").bind(id);
    row.execute(journal).await.map(drop)
}

/// Writes messages, oldest first.
async fn write(
    journal: &mut SqliteConnection,
    messages: impl Iterator<Item = Message>,
) -> Result<(), sqlx::Error> {
    let stored: Vec<Stored> = messages.map(|message| stored(&message)).collect();
    let sql = "INSERT INTO message (conversation, session, sent_at, stored_at, id, body)
               SELECT $1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each($2)";
    let rows = sqlx::query(sql).bind(said::long().id.to_string()).bind(json(&stored));
    rows.execute(journal).await.map(drop)
}

fn stored(message: &Message) -> Stored {
    let nanos = |at: chrono::DateTime<chrono::Utc>| at.timestamp_nanos_opt().expect("is in this century");
    let (sent_at, stored_at) = (nanos(message.sent_at), nanos(message.stored_at));
    (message.session.to_string(), sent_at, stored_at, message.id.to_string(), json(message))
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("can be written")
}
