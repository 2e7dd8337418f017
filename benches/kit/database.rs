//! Looks into a gateway's database from outside, to see what became of what was sent.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};
use waxwing_protocol::{delivery::Delivery, event::Event, id::MessageId};

/// An open database.
pub(crate) struct Database(SqlitePool);

/// A message of ours and how far it has got: its words, or those under its file.
pub(crate) struct OfOurs {
    pub(crate) text: String,
    pub(crate) wamid: Option<String>,
    pub(crate) delivery: Delivery,
}

/// A file of a contact's.
pub(crate) struct OfContact {
    pub(crate) name: String,
    pub(crate) file: String,
    pub(crate) state: String,
    pub(crate) reason: String,
}

impl Database {
    pub(crate) async fn open(path: &Path) -> Self {
        let options = SqliteConnectOptions::new().filename(path).busy_timeout(super::wait::PATIENCE);
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await;
        Self(pool.expect("the database can be opened"))
    }

    /// Whether SQLite finds every page and index in order.
    pub(crate) async fn is_sound(&self) -> bool {
        let told: String =
            sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&self.0).await.expect("reads");
        told == "ok"
    }

    /// How often each text is stored as a message.
    pub(crate) async fn texts(&self) -> BTreeMap<String, usize> {
        let texts: Vec<String> =
            sqlx::query_scalar("SELECT fallback FROM messages").fetch_all(&self.0).await.expect("reads");
        let mut counts = BTreeMap::new();
        for text in texts {
            *counts.entry(text).or_default() += 1;
        }
        counts
    }

    /// The message with this id of WhatsApp's.
    pub(crate) async fn message(&self, wamid: &str) -> Option<MessageId> {
        let id: Option<String> = sqlx::query_scalar("SELECT id FROM messages WHERE wamid = $1")
            .bind(wamid)
            .fetch_optional(&self.0)
            .await
            .expect("reads");
        id.map(|id| id.parse().expect("is an id"))
    }

    /// Every message of ours.
    pub(crate) async fn ours(&self) -> Vec<OfOurs> {
        let sql = "SELECT COALESCE(json_extract(body, '$.caption'), fallback), wamid, delivery FROM messages
                   WHERE delivery IS NOT NULL";
        let rows: Vec<(String, Option<String>, String)> =
            sqlx::query_as(sql).fetch_all(&self.0).await.expect("reads");
        let read = |(text, wamid, delivery): (String, _, String)| {
            let delivery = serde_json::from_str(&delivery).expect("is a delivery");
            OfOurs { text, wamid, delivery }
        };
        rows.into_iter().map(read).collect()
    }

    /// How many there are of something.
    pub(crate) async fn count(&self, what: &str) -> i64 {
        let sql = match what {
            "in_flight" => "SELECT COUNT(*) FROM outbox WHERE state = 'in_flight'",
            "outbox" => "SELECT COUNT(*) FROM outbox",
            "statuses" => "SELECT COUNT(*) FROM statuses",
            "receiving" => "SELECT COUNT(*) FROM uploads WHERE state = 'receiving'",
            "fetching" => "SELECT COUNT(*) FROM attachments WHERE state = 'fetching'",
            "sessions" => "SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL",
            other => panic!("{other} is not counted"),
        };
        sqlx::query_scalar(sql).fetch_one(&self.0).await.expect("reads")
    }

    /// What the files of messages are called where files are kept.
    pub(crate) async fn files(&self) -> BTreeSet<String> {
        let sql = "SELECT file FROM attachments";
        let files: Vec<String> = sqlx::query_scalar(sql).fetch_all(&self.0).await.expect("reads");
        files.into_iter().collect()
    }

    /// Every file of a contact's: the name it came with, what it is called where files are kept, how getting it stands, and why
    /// it can't be had.
    pub(crate) async fn contacts_files(&self) -> Vec<OfContact> {
        let sql = "SELECT json_extract(body, '$.file_name'), file, state,
                          COALESCE(json_extract(body, '$.attachment.reason'), '')
                   FROM attachments JOIN messages ON messages.id = message_id WHERE media_id IS NOT NULL";
        let rows: Vec<(String, String, String, String)> =
            sqlx::query_as(sql).fetch_all(&self.0).await.expect("reads");
        rows.into_iter().map(|(name, file, state, reason)| OfContact { name, file, state, reason }).collect()
    }

    /// Every event of the feeds, in order.
    pub(crate) async fn events(&self) -> Vec<Event> {
        let payloads: Vec<String> =
            sqlx::query_scalar("SELECT payload FROM events ORDER BY agent_id, number")
                .fetch_all(&self.0)
                .await
                .expect("reads");
        payloads.iter().map(|payload| serde_json::from_str(payload).expect("is an event")).collect()
    }

    /// Damages what is stored, to see whether it is noticed.
    pub(crate) async fn damage(&self, sql: &'static str) {
        sqlx::raw_sql(sql).execute(&self.0).await.expect("can be damaged");
    }

    pub(crate) async fn close(self) {
        self.0.close().await;
    }
}
