//! The journal's tables: each entry as a change of them, and all of them as what was kept.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sqlx::{Connection, SqliteConnection};
use waxwing_protocol::{
    delivery::DeliveryFailure,
    event::InteractionSnapshot,
    id::{ClientRef, InteractionId, MessageId},
};

use crate::desk::{
    effect::Entry,
    outbox::{Outgoing, OutgoingState},
    restore::Restored,
};

/// An outgoing message on disk: what was in flight is not known to be after a restart.
#[derive(Serialize, Deserialize)]
struct Kept {
    client_ref: ClientRef,
    text: String,
    quote: Option<MessageId>,
    written_at: DateTime<Utc>,
    refused: Option<DeliveryFailure>,
}

impl From<&Outgoing> for Kept {
    fn from(outgoing: &Outgoing) -> Self {
        let Outgoing { client_ref, text, quote, written_at, state } = outgoing.clone();
        let refused = match state {
            OutgoingState::Refused(failure) => Some(failure),
            OutgoingState::Waiting { .. } | OutgoingState::InFlight { .. } => None,
        };
        Self { client_ref, text, quote, written_at, refused }
    }
}

impl From<Kept> for Outgoing {
    fn from(kept: Kept) -> Self {
        let Kept { client_ref, text, quote, written_at, refused } = kept;
        let waiting = OutgoingState::Waiting { tries: 0, next_at: written_at };
        Self { client_ref, text, quote, written_at, state: refused.map_or(waiting, OutgoingState::Refused) }
    }
}

/// Writes entries, all or none; they are on disk when this returns.
pub(super) async fn write(connection: &mut SqliteConnection, entries: &[Entry]) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin().await?;
    for entry in entries {
        write_entry(&mut transaction, entry).await?;
    }
    transaction.commit().await?;
    if entries.iter().any(|entry| matches!(entry, Entry::ForgetContacts | Entry::Wipe)) {
        // What was forgotten is not to stay in the write-ahead log either.
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(connection).await?;
    }
    Ok(())
}

async fn write_entry(to: &mut SqliteConnection, entry: &Entry) -> Result<(), sqlx::Error> {
    match entry {
        Entry::Account(agent) => write_fact(to, "account", agent).await,
        Entry::Status(status) => write_fact(to, "status", status).await,
        Entry::Alerts(alerts) => write_fact(to, "alerts", alerts).await,
        Entry::Active(active) => write_fact(to, "active", active).await,
        Entry::Cursor(cursor) => write_fact(to, "cursor", cursor).await,
        Entry::Interaction(interaction) => {
            let sql = "INSERT INTO interaction (id, body) VALUES ($1, $2)
                       ON CONFLICT (id) DO UPDATE SET body = excluded.body";
            run(sqlx::query(sql).bind(interaction.id.to_string()).bind(json(interaction)?), to).await
        }
        Entry::InteractionGone(id) => {
            for sql in [
                "DELETE FROM interaction WHERE id = $1",
                "DELETE FROM message WHERE interaction = $1",
                "DELETE FROM unread WHERE interaction = $1",
            ] {
                run(sqlx::query(sql).bind(id.to_string()), to).await?;
            }
            Ok(())
        }
        Entry::Message(message) => {
            let sql = "INSERT INTO message (id, interaction, body) VALUES ($1, $2, $3)
                       ON CONFLICT (id) DO UPDATE SET body = excluded.body";
            let ids = sqlx::query(sql).bind(message.id.to_string()).bind(message.interaction.to_string());
            run(ids.bind(json(message)?), to).await
        }
        Entry::Outgoing(id, outgoing) => {
            let sql = "INSERT INTO outgoing (client_ref, interaction, body) VALUES ($1, $2, $3)
                       ON CONFLICT (client_ref) DO UPDATE SET body = excluded.body";
            let ids = sqlx::query(sql).bind(outgoing.client_ref.to_string()).bind(id.to_string());
            run(ids.bind(json(&Kept::from(outgoing))?), to).await
        }
        Entry::OutgoingGone(client_ref) => {
            run(sqlx::query("DELETE FROM outgoing WHERE client_ref = $1").bind(client_ref.to_string()), to)
                .await
        }
        Entry::Draft(id, text) => write_draft(to, *id, text).await,
        Entry::Unread(id, unread) => {
            let sql = "INSERT INTO unread (interaction, messages) VALUES ($1, $2)
                       ON CONFLICT (interaction) DO UPDATE SET messages = excluded.messages";
            let unread = i64::try_from(*unread).unwrap_or(i64::MAX);
            run(sqlx::query(sql).bind(id.to_string()).bind(unread), to).await
        }
        Entry::ForgetContacts => forget(to, &OF_CONTACTS).await,
        Entry::Wipe => {
            forget(to, &OF_CONTACTS).await?;
            forget(to, &OF_THE_AGENT).await
        }
    }
}

type Query<'q> = sqlx::query::Query<'q, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>;

async fn run(query: Query<'_>, on: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    query.execute(on).await.map(drop)
}

async fn write_fact(
    to: &mut SqliteConnection,
    name: &str,
    value: &(impl Serialize + Sync),
) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO fact (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    run(sqlx::query(sql).bind(name.to_owned()).bind(json(value)?), to).await
}

async fn write_draft(to: &mut SqliteConnection, id: InteractionId, text: &str) -> Result<(), sqlx::Error> {
    if text.is_empty() {
        return run(sqlx::query("DELETE FROM draft WHERE interaction = $1").bind(id.to_string()), to).await;
    }
    let sql = "INSERT INTO draft (interaction, text) VALUES ($1, $2)
               ON CONFLICT (interaction) DO UPDATE SET text = excluded.text";
    run(sqlx::query(sql).bind(id.to_string()).bind(text.to_owned()), to).await
}

const OF_CONTACTS: [&str; 4] = [
    "DELETE FROM fact WHERE name NOT IN ('account', 'status')",
    "DELETE FROM interaction",
    "DELETE FROM message",
    "DELETE FROM unread",
];
const OF_THE_AGENT: [&str; 3] = ["DELETE FROM fact", "DELETE FROM outgoing", "DELETE FROM draft"];

async fn forget(on: &mut SqliteConnection, deletions: &[&'static str]) -> Result<(), sqlx::Error> {
    for sql in deletions {
        run(sqlx::query(*sql), on).await?;
    }
    Ok(())
}

/// Everything that was kept.
pub(super) async fn read(from: &mut SqliteConnection) -> Result<Restored, sqlx::Error> {
    let mut interactions = Vec::new();
    let bodies: Vec<String> =
        sqlx::query_scalar("SELECT body FROM interaction ORDER BY id").fetch_all(&mut *from).await?;
    for body in bodies {
        let interaction: waxwing_protocol::interaction::Interaction = parse(&body)?;
        let sql = "SELECT body FROM message WHERE interaction = $1 ORDER BY id";
        let bodies: Vec<String> =
            sqlx::query_scalar(sql).bind(interaction.id.to_string()).fetch_all(&mut *from).await?;
        let transcript = bodies.iter().map(|body| parse(body)).collect::<Result<_, _>>()?;
        interactions.push(InteractionSnapshot { interaction, transcript, older: false, draft: None });
    }
    let unread: Vec<(String, i64)> =
        sqlx::query_as("SELECT interaction, messages FROM unread ORDER BY interaction")
            .fetch_all(&mut *from)
            .await?;
    let unread = unread
        .iter()
        .map(|(id, unread)| Ok((parse_id(id)?, usize::try_from(*unread).unwrap_or(0))))
        .collect::<Result<_, sqlx::Error>>()?;
    let agent = read_fact(from, "account").await?;
    let status = read_fact(from, "status").await?;
    Ok(Restored {
        has_token: false,
        account: agent.zip(status),
        cursor: read_fact(from, "cursor").await?,
        interactions,
        drafts: read_drafts(from).await?,
        outgoing: read_outgoing(from).await?,
        unread,
        alerts: read_fact(from, "alerts").await?.unwrap_or_default(),
        active: read_fact(from, "active").await?.flatten(),
    })
}

/// What can still be read of the agent's own words, if it can be told whose they are.
pub(super) async fn salvage(from: &mut SqliteConnection) -> Restored {
    let agent = read_fact(from, "account").await.ok().flatten();
    let status = read_fact(from, "status").await.ok().flatten();
    let Some(account) = agent.zip(status) else { return Restored::default() };
    Restored {
        account: Some(account),
        drafts: read_drafts(from).await.unwrap_or_default(),
        outgoing: read_outgoing(from).await.unwrap_or_default(),
        ..Restored::default()
    }
}

/// The entries that make a journal hold what was salvaged.
pub(super) fn entries_of(salvaged: &Restored) -> Vec<Entry> {
    let account = salvaged
        .account
        .iter()
        .flat_map(|(agent, status)| [Entry::Account(Box::new(agent.clone())), Entry::Status(status.clone())]);
    let drafts = salvaged.drafts.iter().map(|(id, text)| Entry::Draft(*id, text.clone()));
    let outgoing = salvaged.outgoing.iter().map(|(id, outgoing)| Entry::Outgoing(*id, outgoing.clone()));
    account.chain(drafts).chain(outgoing).collect()
}

async fn read_drafts(from: &mut SqliteConnection) -> Result<Vec<(InteractionId, String)>, sqlx::Error> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT interaction, text FROM draft ORDER BY interaction").fetch_all(from).await?;
    rows.into_iter().map(|(id, text)| Ok((parse_id(&id)?, text))).collect()
}

async fn read_outgoing(from: &mut SqliteConnection) -> Result<Vec<(InteractionId, Outgoing)>, sqlx::Error> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT interaction, body FROM outgoing ORDER BY place").fetch_all(from).await?;
    rows.iter().map(|(id, body)| Ok((parse_id(id)?, parse::<Kept>(body)?.into()))).collect()
}

async fn read_fact<T: DeserializeOwned>(
    from: &mut SqliteConnection,
    name: &str,
) -> Result<Option<T>, sqlx::Error> {
    let sql = "SELECT value FROM fact WHERE name = $1";
    let value: Option<String> = sqlx::query_scalar(sql).bind(name.to_owned()).fetch_optional(from).await?;
    value.as_deref().map(parse).transpose()
}

fn json(value: &impl Serialize) -> Result<String, sqlx::Error> {
    serde_json::to_string(value).map_err(|error| sqlx::Error::Encode(error.into()))
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T, sqlx::Error> {
    serde_json::from_str(text).map_err(|error| sqlx::Error::Decode(error.into()))
}

fn parse_id(text: &str) -> Result<InteractionId, sqlx::Error> {
    text.parse().map_err(|error: waxwing_protocol::id::InvalidId| sqlx::Error::Decode(error.into()))
}
