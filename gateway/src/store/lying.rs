//! What lies in workbins and queues, by the number of its last change: the feed from which desktops keep their own picture.
//!
//! An interaction has one row from when it first lies somewhere; the row moves up with every change. What has left every place
//! keeps its row for some days, so that whoever held it hears that it went; whoever was away for longer is told everything anew.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{FromRow, SqliteConnection};
use waxwing_protocol::{
    agent::Colleague,
    id::{ContactId, InteractionId},
    message::Author,
    workbin::{LastMessage, MAX_LINE_CHARS, Place},
};

use super::{Change, StoreError, codec};

/// For how long it is told that something went.
const KEPT_FOR: TimeDelta = TimeDelta::days(3);

/// How a place is written.
fn text_of(place: Place) -> String {
    match place {
        Place::Workbin { workbin } => workbin.to_string(),
        Place::Queue { number } => number.to_string(),
    }
}

/// Reads a place.
fn place_of(text: &str) -> Result<Place, StoreError> {
    if let Ok(workbin) = text.parse() {
        return Ok(Place::Workbin { workbin });
    }
    Ok(Place::Queue { number: codec::id(text, "lying.place")? })
}

/// A row of the feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lying {
    /// The number of its last change.
    pub change: u64,
    /// What.
    pub interaction: InteractionId,
    /// Where it lies now.
    pub place: Option<Place>,
    /// Where it lay before.
    pub lain: Vec<Place>,
}

/// The number of the newest change.
pub async fn newest(db: &mut SqliteConnection) -> Result<u64, StoreError> {
    let number: i64 = sqlx::query_scalar("SELECT workbins_change FROM installation").fetch_one(db).await?;
    u64::try_from(number).map_err(|_negative| StoreError::Unreadable { what: "installation.workbins_change" })
}

/// Up to which change it is no longer known what went.
pub async fn floor(db: &mut SqliteConnection) -> Result<u64, StoreError> {
    let number: i64 = sqlx::query_scalar("SELECT workbins_floor FROM installation").fetch_one(db).await?;
    u64::try_from(number).map_err(|_negative| StoreError::Unreadable { what: "installation.workbins_floor" })
}

async fn next(change: &mut Change) -> Result<i64, StoreError> {
    change.wake_workbins();
    Ok(sqlx::query_scalar(
        "UPDATE installation SET workbins_change = workbins_change + 1 RETURNING workbins_change",
    )
    .fetch_one(change.db())
    .await?)
}

/// Has everybody look who holds a picture of the places: these themselves have changed.
pub async fn announce(change: &mut Change) -> Result<(), StoreError> {
    next(change).await.map(drop)
}

/// Notes where an interaction lies now, if anywhere.
pub async fn put(
    change: &mut Change,
    id: InteractionId,
    place: Option<Place>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let known: Option<(Option<String>, String)> =
        sqlx::query_as("SELECT place, lain FROM lying WHERE interaction_id = $1")
            .bind(id.to_string())
            .fetch_optional(change.db())
            .await?;
    let place = place.map(text_of);
    let lain = match known {
        None | Some((None, _)) if place.is_none() => return Ok(()),
        None => String::new(),
        Some((before, lain)) => match before {
            Some(before) if place.as_ref() != Some(&before) && !lain.split(' ').any(|one| one == before) => {
                format!("{lain} {before}").trim_start().to_owned()
            }
            _ => lain,
        },
    };
    let number = next(change).await?;
    sqlx::query(
        "INSERT INTO lying (change, interaction_id, place, lain, changed_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (interaction_id) DO UPDATE
         SET change = excluded.change, place = excluded.place, lain = excluded.lain, changed_at = excluded.changed_at",
    )
    .bind(number)
    .bind(id.to_string())
    .bind(place)
    .bind(lain)
    .bind(now.timestamp_millis())
    .execute(change.db())
    .await?;
    Ok(())
}

/// Notes that an interaction has changed where it lies, if it lies anywhere.
pub async fn touch(change: &mut Change, id: InteractionId) -> Result<(), StoreError> {
    let lies: Option<i64> =
        sqlx::query_scalar("SELECT change FROM lying WHERE interaction_id = $1 AND place IS NOT NULL")
            .bind(id.to_string())
            .fetch_optional(change.db())
            .await?;
    let Some(at) = lies else { return Ok(()) };
    let number = next(change).await?;
    sqlx::query("UPDATE lying SET change = $2 WHERE change = $1")
        .bind(at)
        .bind(number)
        .execute(change.db())
        .await?;
    Ok(())
}

/// The same for whatever of a contact's lies anywhere.
pub async fn touch_of(change: &mut Change, contact: ContactId) -> Result<(), StoreError> {
    let lying: Vec<String> = sqlx::query_scalar(
        "SELECT l.interaction_id FROM interactions i JOIN lying l ON l.interaction_id = i.id
         WHERE i.contact_id = $1 AND i.is_open = 1 AND l.place IS NOT NULL",
    )
    .bind(contact.to_string())
    .fetch_all(change.db())
    .await?;
    for id in lying {
        touch(change, codec::id(&id, "lying.interaction_id")?).await?;
    }
    Ok(())
}

/// Reads on from a change, at most so many rows.
pub async fn after(db: &mut SqliteConnection, change: u64, limit: u32) -> Result<Vec<Lying>, StoreError> {
    let rows: Vec<(i64, String, Option<String>, String)> = sqlx::query_as(
        "SELECT change, interaction_id, place, lain FROM lying WHERE change > $1 ORDER BY change LIMIT $2",
    )
    .bind(i64::try_from(change).unwrap_or(i64::MAX))
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.into_iter().map(read).collect()
}

/// The row of an interaction, if it has ever lain anywhere that is remembered.
pub async fn of(db: &mut SqliteConnection, id: InteractionId) -> Result<Option<Lying>, StoreError> {
    let row: Option<(i64, String, Option<String>, String)> =
        sqlx::query_as("SELECT change, interaction_id, place, lain FROM lying WHERE interaction_id = $1")
            .bind(id.to_string())
            .fetch_optional(db)
            .await?;
    row.map(read).transpose()
}

fn read((change, id, place, lain): (i64, String, Option<String>, String)) -> Result<Lying, StoreError> {
    Ok(Lying {
        change: u64::try_from(change).map_err(|_negative| StoreError::Unreadable { what: "lying.change" })?,
        interaction: codec::id(&id, "lying.interaction_id")?,
        place: place.as_deref().map(place_of).transpose()?,
        lain: lain.split_whitespace().map(place_of).collect::<Result<_, _>>()?,
    })
}

/// How much lies in a place.
pub async fn count(db: &mut SqliteConnection, place: Place) -> Result<u32, StoreError> {
    let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM lying WHERE place = $1")
        .bind(text_of(place))
        .fetch_one(db)
        .await?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// What a line about an interaction tells beside the interaction itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beside {
    /// What was said last.
    pub last: Option<LastMessage>,
    /// How many messages of the contact came since an agent last had it open.
    pub unread: u32,
    /// Who had it last.
    pub last_agent: Option<Colleague>,
}

#[derive(FromRow)]
struct BesideRow {
    id: String,
    unread: i64,
    agent_id: Option<String>,
    display_name: Option<String>,
    author: Option<String>,
    fallback: Option<String>,
    sent_at: Option<i64>,
}

impl BesideRow {
    fn read(self) -> Result<(InteractionId, Beside), StoreError> {
        let last = match (self.author, self.fallback, self.sent_at) {
            (Some(author), Some(fallback), Some(sent_at)) => Some(LastMessage {
                line: line_of(&fallback),
                by_contact: codec::from_json::<Author>(&author, "messages.author")? == Author::Contact,
                at: codec::time(sent_at, "messages.sent_at")?,
            }),
            _ => None,
        };
        let last_agent = match (self.agent_id, self.display_name) {
            (Some(id), Some(display_name)) => {
                Some(Colleague { id: codec::id(&id, "agents.id")?, display_name })
            }
            _ => None,
        };
        let unread = u32::try_from(self.unread).unwrap_or(0);
        Ok((codec::id(&self.id, "interactions.id")?, Beside { last, unread, last_agent }))
    }
}

/// What lines about interactions tell beside them.
pub async fn beside(
    db: &mut SqliteConnection,
    ids: impl IntoIterator<Item = InteractionId>,
) -> Result<BTreeMap<InteractionId, Beside>, StoreError> {
    let rows: Vec<BesideRow> = sqlx::query_as(
        "SELECT i.id, i.unread, a.id AS agent_id, a.display_name, m.author, m.fallback, m.sent_at
         FROM interactions i
         LEFT JOIN agents a ON a.id = i.last_agent_id
         LEFT JOIN messages m ON m.id = (
             SELECT n.id FROM messages n WHERE n.interaction_id = i.id
             ORDER BY n.sent_at DESC, n.stored_at DESC, n.id DESC LIMIT 1)
         WHERE i.id IN (SELECT value FROM json_each($1))",
    )
    .bind(codec::ids(ids))
    .fetch_all(db)
    .await?;
    rows.into_iter().map(BesideRow::read).collect()
}

/// The beginning of a text as one line.
fn line_of(text: &str) -> String {
    let words = text.split_whitespace().flat_map(|word| [" ", word]).skip(1);
    words.flat_map(str::chars).take(MAX_LINE_CHARS).collect()
}

/// How often what went long ago was forgotten: whoever is being told everything need not begin anew for what was forgotten before.
pub async fn prunes(db: &mut SqliteConnection) -> Result<u16, StoreError> {
    let count: i64 = sqlx::query_scalar("SELECT workbins_prunes FROM installation").fetch_one(db).await?;
    Ok(u16::try_from(count % 65_536).unwrap_or(0))
}

/// Forgets what went long ago, once a day.
pub async fn prune(db: &mut SqliteConnection, now: DateTime<Utc>) -> Result<(), StoreError> {
    let gone = "SELECT MAX(change) FROM lying WHERE place IS NULL AND changed_at < $1";
    let last = async |db: &mut SqliteConnection, before: DateTime<Utc>| {
        sqlx::query_scalar::<_, Option<i64>>(gone).bind(before.timestamp_millis()).fetch_one(db).await
    };
    if last(db, now - KEPT_FOR - TimeDelta::days(1)).await?.is_none() {
        return Ok(());
    }
    let floor = last(db, now - KEPT_FOR).await?;
    sqlx::query("DELETE FROM lying WHERE place IS NULL AND changed_at < $1")
        .bind((now - KEPT_FOR).timestamp_millis())
        .execute(&mut *db)
        .await?;
    sqlx::query(
        "UPDATE installation SET workbins_floor = MAX(workbins_floor, $1), workbins_prunes = workbins_prunes + 1",
    )
    .bind(floor)
    .execute(db)
    .await?;
    Ok(())
}
