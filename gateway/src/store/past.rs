//! Interactions of any phase, by the page, the newest first.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};
use waxwing_protocol::{
    history::HistoryState,
    id::{AgentId, BusinessNumberId, ContactId, InteractionId, MessageId},
    message::Author,
};

use super::{StoreError, codec};

/// How many interactions are gone through for a page, if next to none of them are wanted.
const SCANNED: i64 = 50_000;
/// By how many interactions the order of their numbers may differ from that of their times: clocks are set back, too.
const MARGIN: i64 = 1_000;
/// How many messages of an interaction are looked through for words.
const LOOKED_THROUGH: i64 = 5_000;

/// Which interactions are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// With this contact.
    pub contact: Option<ContactId>,
    /// With one of these contacts; empty is with nobody.
    pub contacts: Option<Vec<ContactId>>,
    /// Handled by this agent.
    pub agent: Option<AgentId>,
    /// On this number.
    pub number: Option<BusinessNumberId>,
    /// In this state.
    pub state: Option<HistoryState>,
    /// Begun at or after this moment.
    pub from: Option<DateTime<Utc>>,
    /// Begun before this moment.
    pub to: Option<DateTime<Utc>>,
    /// Of which this came.
    pub disposition: Option<String>,
    /// With a fact of this key, and perhaps of this value.
    pub case: Option<(String, Option<String>)>,
}

/// An interaction by its place in the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Which.
    pub id: InteractionId,
    /// Its number.
    pub number: i64,
}

/// The number of an interaction.
pub async fn number_of(db: &mut SqliteConnection, id: InteractionId) -> Result<Option<i64>, StoreError> {
    let sql = "SELECT number FROM interactions WHERE id = $1";
    Ok(sqlx::query_scalar(sql).bind(id.to_string()).fetch_optional(db).await?)
}

/// The number behind that of every interaction that was begun before a moment.
pub async fn behind(db: &mut SqliteConnection, before: Option<DateTime<Utc>>) -> Result<i64, StoreError> {
    let newest: Option<i64> = match before {
        None => sqlx::query_scalar("SELECT MAX(number) FROM interactions").fetch_one(db).await?,
        Some(at) => {
            let last: Option<i64> = sqlx::query_scalar(
                "SELECT number FROM interactions WHERE created_at < $1 ORDER BY created_at DESC, number DESC LIMIT 1",
            )
            .bind(at.timestamp_millis())
            .fetch_optional(db)
            .await?;
            last.map(|last| last + MARGIN)
        }
    };
    Ok(newest.unwrap_or(0) + 1)
}

/// The newest interactions before that of a number, at most `limit`, and the number up to which was looked; none if that was to
/// the end.
pub async fn walk(
    db: &mut SqliteConnection,
    filter: &Filter,
    before: i64,
    limit: i64,
) -> Result<(Vec<Found>, Option<i64>), StoreError> {
    let floor = (before - SCANNED).max(0);
    let is_of_contacts = filter.contact.is_some() || filter.contacts.is_some();
    let mut query = QueryBuilder::new("SELECT i.id, i.number FROM ");
    match (&filter.contacts, filter.agent) {
        // The order keeps the database from going through all interactions by their numbers.
        (Some(contacts), _) => query
            .push("json_each(")
            .push_bind(codec::ids(contacts.iter().copied()))
            .push(") c CROSS JOIN interactions i ON i.contact_id = c.value WHERE i.number < ")
            .push_bind(before),
        (None, _) if is_of_contacts => query.push("interactions i WHERE i.number < ").push_bind(before),
        (None, Some(agent)) => query
            .push("interaction_agents a CROSS JOIN interactions i ON i.id = a.interaction_id WHERE a.agent_id = ")
            .push_bind(agent.to_string())
            .push(" AND a.number < ")
            .push_bind(before),
        (None, None) => query
            .push("interactions i WHERE i.number < ")
            .push_bind(before)
            .push(" AND i.number >= ")
            .push_bind(floor),
    };
    hold(&mut query, filter);
    let by = if !is_of_contacts && filter.agent.is_some() { "a.number" } else { "i.number" };
    query.push(format!(" ORDER BY {by} DESC LIMIT ")).push_bind(limit);
    let found = read(&query.build_query_as().fetch_all(db).await?)?;
    let is_cut = !is_of_contacts && filter.agent.is_none() && floor > 0;
    let full = i64::try_from(found.len()).unwrap_or(i64::MAX) >= limit;
    Ok((found, (is_cut && !full).then_some(floor)))
}

/// Those of some interactions that are wanted, the newest first.
pub async fn among(
    db: &mut SqliteConnection,
    filter: &Filter,
    numbers: &[i64],
) -> Result<Vec<Found>, StoreError> {
    let mut query = QueryBuilder::new("SELECT i.id, i.number FROM interactions i WHERE i.number IN (");
    let mut list = query.separated(", ");
    for number in numbers {
        list.push_bind(*number);
    }
    query.push(")");
    hold(&mut query, filter);
    query.push(" ORDER BY i.number DESC");
    read(&query.build_query_as().fetch_all(db).await?)
}

fn read(rows: &[(String, i64)]) -> Result<Vec<Found>, StoreError> {
    rows.iter()
        .map(|(id, number)| Ok(Found { id: codec::id(id, "interactions.id")?, number: *number }))
        .collect()
}

/// What must hold of an interaction.
fn hold(query: &mut QueryBuilder<Sqlite>, filter: &Filter) {
    if let Some(contact) = filter.contact {
        query.push(" AND i.contact_id = ").push_bind(contact.to_string());
    }
    if let Some(contacts) = &filter.contacts {
        query
            .push(" AND i.contact_id IN (SELECT value FROM json_each(")
            .push_bind(codec::ids(contacts.iter().copied()))
            .push("))");
    }
    if let Some(agent) = filter.agent {
        query
            .push(" AND EXISTS (SELECT 1 FROM interaction_agents h WHERE h.interaction_id = i.id AND h.agent_id = ")
            .push_bind(agent.to_string())
            .push(")");
    }
    if let Some(number) = filter.number {
        query.push(" AND i.business_number_id = ").push_bind(number.to_string());
    }
    match filter.state {
        Some(HistoryState::Live) => {
            query.push(" AND i.is_open = 1 AND json_extract(i.phase, '$.phase') <> 'ended'")
        }
        Some(HistoryState::Ended) => {
            query.push(" AND i.is_open = 1 AND json_extract(i.phase, '$.phase') = 'ended'")
        }
        Some(HistoryState::Done) => query.push(" AND i.is_open = 0"),
        None => query,
    };
    if let Some(from) = filter.from {
        query.push(" AND i.created_at >= ").push_bind(from.timestamp_millis());
    }
    if let Some(to) = filter.to {
        query.push(" AND i.created_at < ").push_bind(to.timestamp_millis());
    }
    if let Some(disposition) = &filter.disposition {
        query.push(" AND i.disposition = ").push_bind(disposition.clone());
    }
    if let Some((key, value)) = &filter.case {
        query
            .push(
                " AND EXISTS (SELECT 1 FROM json_each(i.case_data) d WHERE json_extract(d.value, '$.key') = ",
            )
            .push_bind(key.clone())
            .push(" COLLATE NOCASE");
        if let Some(value) = value {
            query
                .push(" AND json_extract(d.value, '$.value') = ")
                .push_bind(value.clone())
                .push(" COLLATE NOCASE");
        }
        query.push(")");
    }
}

/// How an interaction began.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Beginning {
    /// How many messages were exchanged in it.
    pub messages: u32,
    /// What was said first.
    pub first: Option<String>,
}

/// How each of some interactions began.
pub async fn beginnings(
    db: &mut SqliteConnection,
    ids: impl IntoIterator<Item = InteractionId>,
) -> Result<BTreeMap<InteractionId, Beginning>, StoreError> {
    let rows: Vec<(String, u32, Option<String>)> = sqlx::query_as(
        "SELECT i.value,
             (SELECT COUNT(*) FROM messages WHERE interaction_id = i.value AND author <> $2),
             (SELECT fallback FROM messages WHERE interaction_id = i.value AND author <> $2
              ORDER BY sent_at, stored_at, id LIMIT 1)
         FROM json_each($1) i",
    )
    .bind(codec::ids(ids))
    .bind(codec::to_json(&Author::System)?)
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|(id, messages, first)| Ok((codec::id(&id, "interactions.id")?, Beginning { messages, first })))
        .collect()
}

/// A message as far as words are looked for in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoken {
    /// Which.
    pub id: MessageId,
    /// When it was sent.
    pub at: DateTime<Utc>,
    /// What it says.
    pub text: String,
    /// The same, folded; empty if it was taken back.
    pub folded: String,
}

/// What was said in an interaction, newest first: the newest of it, if it is much.
pub async fn spoken(db: &mut SqliteConnection, id: InteractionId) -> Result<Vec<Spoken>, StoreError> {
    let rows: Vec<(String, i64, String, Option<String>)> = sqlx::query_as(
        "SELECT id, sent_at, fallback, folded FROM messages WHERE interaction_id = $1
         ORDER BY sent_at DESC, stored_at DESC, id DESC LIMIT $2",
    )
    .bind(id.to_string())
    .bind(LOOKED_THROUGH)
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|(id, at, text, folded)| {
            let (id, at) = (codec::id(&id, "messages.id")?, codec::time(at, "messages.sent_at")?);
            Ok(Spoken { id, at, text, folded: folded.unwrap_or_default() })
        })
        .collect()
}
