//! The journal's tables: each entry as a change of them, and all of them as what was kept.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sqlx::{Connection, SqliteConnection};
use waxwing_protocol::{
    delivery::DeliveryFailure,
    draft::Written,
    event::InteractionSnapshot,
    id::{ClientRef, InteractionId, MessageId, ResponseId},
    interaction::Interaction,
    message::Quote,
};

use super::{
    library, pages, transcript,
    unsent::{self, KeptContent},
    workbins, wrap_up,
};
use crate::desk::{
    draft::{DraftText, KeptDraft},
    effect::Entry,
    outbox::{Outgoing, OutgoingState},
    restore::Restored,
    used::Used,
};
use crate::service::{AtLogOff, seal::Seal};

/// An outgoing message on disk: what was in flight is not known to be after a restart.
#[derive(Serialize, Deserialize)]
struct Kept {
    client_ref: ClientRef,
    #[serde(flatten)]
    content: KeptContent,
    quote: Option<MessageId>,
    written_at: DateTime<Utc>,
    refused: Option<DeliveryFailure>,
    /// The beginning of what it answers; none from a version that kept only its id.
    #[serde(default)]
    excerpt: Option<Quote>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    responses: Vec<ResponseId>,
}

impl From<&Outgoing> for Kept {
    fn from(outgoing: &Outgoing) -> Self {
        let Outgoing { client_ref, content, quote: excerpt, written_at, state, responses } = outgoing.clone();
        let content = unsent::split(content);
        let quote = excerpt.as_ref().and_then(|quote| quote.message);
        let refused = match state {
            OutgoingState::Refused(failure) => Some(failure),
            OutgoingState::Waiting { .. }
            | OutgoingState::Uploading { .. }
            | OutgoingState::InFlight { .. } => None,
        };
        Self { client_ref, content, quote, written_at, refused, excerpt, responses }
    }
}

impl From<Kept> for Outgoing {
    fn from(kept: Kept) -> Self {
        let Kept { client_ref, content, quote, written_at, refused, excerpt, responses } = kept;
        let bare = |id| Quote { message: Some(id), excerpt: String::new(), by_contact: false };
        let quote = excerpt.or_else(|| quote.map(bare));
        let waiting = OutgoingState::Waiting { tries: 0, next_at: written_at };
        let state = refused.map_or(waiting, OutgoingState::Refused);
        Self { client_ref, content: unsent::join(content), quote, written_at, state, responses }
    }
}

/// A draft on disk.
#[derive(Serialize, Deserialize)]
struct DraftBody {
    text: String,
    #[serde(default)]
    quote: Option<MessageId>,
    at: DateTime<Utc>,
    #[serde(default)]
    revision: u64,
    #[serde(default)]
    unsynced: bool,
    #[serde(default)]
    aside: Vec<Written>,
    #[serde(default)]
    settled: Vec<DateTime<Utc>>,
    /// Prepared replies that were inserted, each with what was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    used: Vec<(ResponseId, String)>,
}

impl From<KeptDraft> for DraftBody {
    fn from(kept: KeptDraft) -> Self {
        let KeptDraft { draft: DraftText { text, quote }, at, revision, unsynced, aside, settled, used } =
            kept;
        let used = used.into_iter().map(|used| (used.response, used.words)).collect();
        Self { text, quote, at, revision, unsynced, aside, settled, used }
    }
}

impl From<DraftBody> for KeptDraft {
    fn from(body: DraftBody) -> Self {
        let DraftBody { text, quote, at, revision, unsynced, aside, settled, used } = body;
        let used = used.into_iter().map(|(response, words)| Used { response, words }).collect();
        Self { draft: DraftText { text, quote }, at, revision, unsynced, aside, settled, used }
    }
}

/// With what workbins are sealed, and what becomes of them when the agent logs off.
#[derive(Clone, Copy)]
pub(super) struct Sealed<'a> {
    pub(super) seal: &'a Seal,
    pub(super) at_log_off: AtLogOff,
}

/// Writes entries, all or none; they are on disk when this returns.
pub(super) async fn write(
    connection: &mut SqliteConnection,
    sealed: Sealed<'_>,
    entries: &[Entry],
) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin().await?;
    for entry in entries {
        let forgets = match entry {
            Entry::ForgetContacts => sealed.at_log_off == AtLogOff::Forget,
            Entry::Wipe => true,
            _ => false,
        };
        if forgets {
            workbins::forget(&mut transaction).await?;
        }
        if !workbins::keep(&mut transaction, sealed.seal, entry).await? {
            write_entry(&mut transaction, entry).await?;
        }
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
            for sql in ["DELETE FROM interaction WHERE id = $1", "DELETE FROM unread WHERE interaction = $1"]
            {
                run(sqlx::query(sql).bind(id.to_string()), to).await?;
            }
            transcript::forget(to, *id).await
        }
        Entry::Message(id, message) => transcript::keep(to, *id, message).await,
        Entry::Changed(message) => transcript::change(to, message).await,
        Entry::Delivery { message, state } => transcript::advance(to, *message, state).await,
        Entry::Newest { interaction, messages, older } => {
            transcript::renew(to, *interaction, messages, *older).await
        }
        Entry::Page { interaction, part, page } => transcript::join(to, *interaction, *part, page).await,
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
        Entry::Strip(id, strip) => unsent::write_strip(to, *id, strip).await,
        Entry::Draft(id, draft) => write_draft(to, *id, draft).await,
        Entry::Unread(id, unread) => {
            let sql = "INSERT INTO unread (interaction, messages) VALUES ($1, $2)
                       ON CONFLICT (interaction) DO UPDATE SET messages = excluded.messages";
            let unread = i64::try_from(*unread).unwrap_or(i64::MAX);
            run(sqlx::query(sql).bind(id.to_string()).bind(unread), to).await
        }
        Entry::LibraryNews(newest) => write_fact(to, LIBRARY_NEWS, newest).await,
        Entry::Library(page) => library::keep(to, page).await,
        // These are kept sealed.
        Entry::Workbins(_)
        | Entry::WorkbinsAsOf(_)
        | Entry::KeptTranscript { .. }
        | Entry::TranscriptsLetGo(_) => Ok(()),
        Entry::Begun(begun) => write_fact(to, BEGUN, begun).await,
        Entry::Rules(rules) => write_fact(to, RULES, rules).await,
        Entry::WrapUp(id, kept) => wrap_up::keep(to, *id, kept).await,
        Entry::ForgetContacts => forget(to, &OF_CONTACTS).await,
        Entry::Wipe => {
            forget(to, &OF_CONTACTS).await?;
            forget(to, &OF_THE_AGENT).await
        }
    }
}

type Query<'q> = sqlx::query::Query<'q, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>;

pub(super) async fn run(query: Query<'_>, on: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    query.execute(on).await.map(drop)
}

pub(super) async fn write_fact(
    to: &mut SqliteConnection,
    name: &str,
    value: &(impl Serialize + Sync),
) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO fact (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    run(sqlx::query(sql).bind(name.to_owned()).bind(json(value)?), to).await
}

async fn write_draft(
    to: &mut SqliteConnection,
    id: InteractionId,
    draft: &KeptDraft,
) -> Result<(), sqlx::Error> {
    if draft.is_nothing() {
        return run(sqlx::query("DELETE FROM draft WHERE interaction = $1").bind(id.to_string()), to).await;
    }
    let sql = "INSERT INTO draft (interaction, body) VALUES ($1, $2)
               ON CONFLICT (interaction) DO UPDATE SET body = excluded.body";
    let body = json(&DraftBody::from(draft.clone()))?;
    run(sqlx::query(sql).bind(id.to_string()).bind(body), to).await
}

/// The fact that says which change of the library is the newest.
const LIBRARY_NEWS: &str = "library_news";

/// The fact that says what was written of a response and not saved.
const BEGUN: &str = "begun";
/// The fact that says what the house wants of an interaction's end.
const RULES: &str = "wrap_up_rules";

const OF_CONTACTS: [&str; 7] = [
    "DELETE FROM fact WHERE name NOT IN ('account', 'status', 'begun')",
    "DELETE FROM interaction",
    "DELETE FROM library",
    "DELETE FROM message",
    "DELETE FROM transcript",
    "DELETE FROM session",
    "DELETE FROM unread",
];
const OF_THE_AGENT: [&str; 5] = [
    "DELETE FROM fact",
    "DELETE FROM outgoing",
    "DELETE FROM draft",
    "DELETE FROM strip",
    "DELETE FROM wrap_up",
];

async fn forget(on: &mut SqliteConnection, deletions: &[&'static str]) -> Result<(), sqlx::Error> {
    for sql in deletions {
        run(sqlx::query(*sql), on).await?;
    }
    Ok(())
}

/// Everything that was kept.
pub(super) async fn read(from: &mut SqliteConnection) -> Result<Restored, sqlx::Error> {
    let (mut interactions, mut sessions) = (Vec::new(), Vec::new());
    let bodies: Vec<String> =
        sqlx::query_scalar("SELECT body FROM interaction ORDER BY id").fetch_all(&mut *from).await?;
    for body in bodies {
        let interaction: Interaction = parse(&body)?;
        let (transcript, older) = pages::newest(from, interaction.id).await?;
        let marks = transcript::sessions(from, interaction.id, &transcript).await?;
        if !marks.is_empty() {
            sessions.push((interaction.id, marks));
        }
        interactions.push(InteractionSnapshot { interaction, transcript, older, draft: None });
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
        sessions,
        drafts: read_drafts(from).await?,
        outgoing: read_outgoing(from).await?,
        strips: unsent::read_strips(from).await?,
        unread,
        alerts: read_fact(from, "alerts").await?.unwrap_or_default(),
        library: library::read(from).await?,
        library_news: read_fact(from, LIBRARY_NEWS).await?.unwrap_or_default(),
        begun: read_fact(from, BEGUN).await?.flatten(),
        rules: read_fact(from, RULES).await?.map(Box::new),
        wrap_ups: wrap_up::read(from).await?,
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
        strips: unsent::read_strips(from).await.unwrap_or_default(),
        begun: read_fact(from, BEGUN).await.ok().flatten().flatten(),
        wrap_ups: wrap_up::read(from).await.unwrap_or_default(),
        ..Restored::default()
    }
}

/// The entries that make a journal hold what was salvaged.
pub(super) fn entries_of(salvaged: &Restored) -> Vec<Entry> {
    let account = salvaged
        .account
        .iter()
        .flat_map(|(agent, status)| [Entry::Account(Box::new(agent.clone())), Entry::Status(status.clone())]);
    let drafts = salvaged.drafts.iter().map(|(id, draft)| Entry::Draft(*id, Box::new(draft.clone())));
    let outgoing = salvaged.outgoing.iter().map(|(id, outgoing)| Entry::Outgoing(*id, outgoing.clone()));
    let strips = salvaged.strips.iter().map(|(id, strip)| Entry::Strip(*id, strip.clone()));
    let begun = salvaged.begun.iter().map(|begun| Entry::Begun(Some(begun.clone())));
    let wrap_ups = salvaged.wrap_ups.iter().map(|(id, kept)| Entry::WrapUp(*id, Box::new(kept.clone())));
    account.chain(drafts).chain(outgoing).chain(strips).chain(begun).chain(wrap_ups).collect()
}

async fn read_drafts(from: &mut SqliteConnection) -> Result<Vec<(InteractionId, KeptDraft)>, sqlx::Error> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT interaction, body FROM draft ORDER BY interaction").fetch_all(from).await?;
    rows.iter().map(|(id, body)| Ok((parse_id(id)?, parse::<DraftBody>(body)?.into()))).collect()
}

async fn read_outgoing(from: &mut SqliteConnection) -> Result<Vec<(InteractionId, Outgoing)>, sqlx::Error> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT interaction, body FROM outgoing ORDER BY place").fetch_all(from).await?;
    rows.iter().map(|(id, body)| Ok((parse_id(id)?, parse::<Kept>(body)?.into()))).collect()
}

pub(super) async fn read_fact<T: DeserializeOwned>(
    from: &mut SqliteConnection,
    name: &str,
) -> Result<Option<T>, sqlx::Error> {
    let sql = "SELECT value FROM fact WHERE name = $1";
    let value: Option<String> = sqlx::query_scalar(sql).bind(name.to_owned()).fetch_optional(from).await?;
    value.as_deref().map(parse).transpose()
}

pub(super) fn json(value: &impl Serialize) -> Result<String, sqlx::Error> {
    serde_json::to_string(value).map_err(|error| sqlx::Error::Encode(error.into()))
}

pub(super) fn parse<T: DeserializeOwned>(text: &str) -> Result<T, sqlx::Error> {
    serde_json::from_str(text).map_err(|error| sqlx::Error::Decode(error.into()))
}

pub(super) fn parse_id(text: &str) -> Result<InteractionId, sqlx::Error> {
    text.parse().map_err(|error: waxwing_protocol::id::InvalidId| sqlx::Error::Decode(error.into()))
}
