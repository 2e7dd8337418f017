//! Workbins on disk: everything sealed, a row for each thing. It is a copy of the gateway's: what does not open is thrown away
//! and asked for from its beginning.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sqlx::SqliteConnection;
use waxwing_protocol::{
    api::TranscriptPage,
    id::InteractionId,
    workbin::{Changes, Places, WorkbinItem},
};

use super::tables::{json, parse_id, run};
use crate::{
    desk::{effect::Entry, workbins::sync::KeptWorkbins},
    service::seal::Seal,
};

const HELD: &str = "held";
const AS_OF: &str = "as_of";
const ITEM: &str = "item";
const TRANSCRIPT: &str = "transcript";

/// Up to where it is held, and where things lie.
#[derive(Serialize, Deserialize)]
struct Held {
    view: u64,
    next: u64,
    places: Option<Places>,
}

/// A transcript, and when it was so.
#[derive(Serialize, Deserialize)]
struct KeptTranscript {
    as_of: DateTime<Utc>,
    page: TranscriptPage,
}

/// Keeps what an entry says of workbins; says whether it says anything of them.
pub(super) async fn keep(to: &mut SqliteConnection, seal: &Seal, entry: &Entry) -> Result<bool, sqlx::Error> {
    match entry {
        Entry::Workbins(page) => keep_page(to, seal, page).await?,
        Entry::WorkbinsAsOf(as_of) => put(to, (AS_OF, ""), *as_of, Vec::new()).await?,
        Entry::KeptTranscript { interaction, up_to, as_of, page } => {
            let kept = KeptTranscript { as_of: *as_of, page: page.as_ref().clone() };
            let id = interaction.to_string();
            let body = close(seal, (TRANSCRIPT, &id), &kept)?;
            put(to, (TRANSCRIPT, &id), *up_to, body).await?;
        }
        Entry::TranscriptsLetGo(ids) => {
            for id in ids {
                let_go(to, TRANSCRIPT, *id).await?;
            }
        }
        _ => return Ok(false),
    }
    Ok(true)
}

async fn keep_page(to: &mut SqliteConnection, seal: &Seal, page: &Changes) -> Result<(), sqlx::Error> {
    if page.whole {
        forget(to).await?;
    }
    for item in &page.items {
        let id = item.interaction.id.to_string();
        put(to, (ITEM, &id), DateTime::UNIX_EPOCH, close(seal, (ITEM, &id), item)?).await?;
    }
    for gone in &page.gone {
        let_go(to, ITEM, *gone).await?;
        let_go(to, TRANSCRIPT, *gone).await?;
    }
    let places = match &page.places {
        Some(places) => Some(places.clone()),
        None => read_held(to, seal).await?.and_then(|held| held.places),
    };
    let held = Held { view: page.view, next: page.next, places };
    put(to, (HELD, ""), DateTime::UNIX_EPOCH, close(seal, (HELD, ""), &held)?).await
}

/// Forgets all of it.
pub(super) async fn forget(on: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    run(sqlx::query("DELETE FROM sealed"), on).await
}

async fn put(
    to: &mut SqliteConnection,
    (kind, id): (&'static str, &str),
    at: DateTime<Utc>,
    body: Vec<u8>,
) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO sealed (kind, id, at, body) VALUES ($1, $2, $3, $4)
               ON CONFLICT (kind, id) DO UPDATE SET at = excluded.at, body = excluded.body";
    run(sqlx::query(sql).bind(kind).bind(id.to_owned()).bind(at.timestamp_micros()).bind(body), to).await
}

async fn let_go(on: &mut SqliteConnection, kind: &'static str, id: InteractionId) -> Result<(), sqlx::Error> {
    run(sqlx::query("DELETE FROM sealed WHERE kind = $1 AND id = $2").bind(kind).bind(id.to_string()), on)
        .await
}

fn close(
    seal: &Seal,
    (kind, id): (&'static str, &str),
    value: &impl Serialize,
) -> Result<Vec<u8>, sqlx::Error> {
    let plain = json(value)?;
    seal.close(&place(kind, id), plain.as_bytes()).map_err(|error| sqlx::Error::Encode(error.into()))
}

fn open<T: DeserializeOwned>(seal: &Seal, (kind, id): (&str, &str), sealed: &[u8]) -> Option<T> {
    serde_json::from_slice(&seal.open(&place(kind, id), sealed)?).ok()
}

fn place(kind: &str, id: &str) -> String {
    format!("{kind} {id}")
}

async fn read_held(from: &mut SqliteConnection, seal: &Seal) -> Result<Option<Held>, sqlx::Error> {
    let body: Option<Vec<u8>> =
        sqlx::query_scalar("SELECT body FROM sealed WHERE kind = 'held'").fetch_optional(from).await?;
    Ok(body.and_then(|body| open(seal, (HELD, ""), &body)))
}

/// All that is kept; none if nothing is, or not all of it opens: then it is thrown away.
pub(super) async fn read(
    from: &mut SqliteConnection,
    seal: &Seal,
) -> Result<Option<KeptWorkbins>, sqlx::Error> {
    let kept = match read_held(from, seal).await? {
        Some(held) => read_all(from, seal, held).await?,
        None => None,
    };
    if kept.is_none() {
        forget(from).await?;
    }
    Ok(kept)
}

async fn read_all(
    from: &mut SqliteConnection,
    seal: &Seal,
    held: Held,
) -> Result<Option<KeptWorkbins>, sqlx::Error> {
    let rows: Vec<(String, Vec<u8>)> =
        sqlx::query_as("SELECT id, body FROM sealed WHERE kind = 'item'").fetch_all(&mut *from).await?;
    let items: Option<Vec<WorkbinItem>> =
        rows.iter().map(|(id, body)| open(seal, (ITEM, id), body)).collect();
    let Some(items) = items else { return Ok(None) };
    let as_of: Option<i64> =
        sqlx::query_scalar("SELECT at FROM sealed WHERE kind = 'as_of'").fetch_optional(&mut *from).await?;
    let transcripts: Vec<(String, i64)> =
        sqlx::query_as("SELECT id, at FROM sealed WHERE kind = 'transcript'").fetch_all(from).await?;
    let transcripts = transcripts
        .iter()
        .map(|(id, at)| Ok((parse_id(id)?, DateTime::from_timestamp_micros(*at).unwrap_or_default())))
        .collect::<Result<_, sqlx::Error>>()?;
    let Held { view, next, places } = held;
    let changes = Changes { view, whole: true, places, items, gone: Vec::new(), next, more: false };
    Ok(Some(KeptWorkbins { changes, as_of: as_of.and_then(DateTime::from_timestamp_micros), transcripts }))
}

/// A transcript that is kept, and when it was so.
pub(super) async fn transcript(
    from: &mut SqliteConnection,
    seal: &Seal,
    interaction: InteractionId,
) -> Result<Option<(TranscriptPage, DateTime<Utc>)>, sqlx::Error> {
    let id = interaction.to_string();
    let body: Option<Vec<u8>> = sqlx::query_scalar("SELECT body FROM sealed WHERE kind = $1 AND id = $2")
        .bind(TRANSCRIPT)
        .bind(id.clone())
        .fetch_optional(from)
        .await?;
    let kept: Option<KeptTranscript> = body.and_then(|body| open(seal, (TRANSCRIPT, &id), &body));
    Ok(kept.map(|KeptTranscript { as_of, page }| (page, as_of)))
}
