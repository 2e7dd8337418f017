//! Sessions and interactions as they are kept. An interaction is read whole, changed, and saved whole with a higher revision;
//! there is one writer at a time, so nothing is lost between.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use sqlx::{FromRow, SqliteConnection};
use waxwing_protocol::{
    contact::{BusinessNumber, Contact},
    id::{AgentId, BusinessNumberId, ContactId, InteractionId, SessionId},
    interaction::{Interaction, Origin, Phase, ServiceWindow},
    message::Author,
};

use super::{Change, StoreError, codec, contacts, handled, lying};
use crate::random;

#[derive(FromRow)]
struct Row {
    id: String,
    session_id: String,
    contact_id: String,
    business_number_id: String,
    display_number: String,
    number_name: String,
    origin: String,
    phase: String,
    owner_id: Option<String>,
    created_at: i64,
    assigned_at: Option<i64>,
    pending_since: Option<i64>,
    last_inbound_at: Option<i64>,
    window_refused_up_to: Option<i64>,
    case_data: String,
    stored: Option<String>,
    ended_at: Option<i64>,
    note: Option<String>,
    disposition: Option<String>,
    revision: i64,
}

impl Row {
    fn into_interaction(self, contact: Contact) -> Result<Interaction, StoreError> {
        Ok(Interaction {
            id: codec::id(&self.id, "interactions.id")?,
            session: codec::id(&self.session_id, "interactions.session_id")?,
            contact,
            business_number: BusinessNumber {
                id: codec::id(&self.business_number_id, "interactions.business_number_id")?,
                display_number: self.display_number,
                name: self.number_name,
            },
            origin: codec::from_json(&self.origin, "interactions.origin")?,
            phase: codec::from_json(&self.phase, "interactions.phase")?,
            owner: self.owner_id.map(|id| codec::id(&id, "interactions.owner_id")).transpose()?,
            created_at: codec::time(self.created_at, "interactions.created_at")?,
            assigned_at: codec::maybe_time(self.assigned_at, "interactions.assigned_at")?,
            pending_since: codec::maybe_time(self.pending_since, "interactions.pending_since")?,
            window: window(self.last_inbound_at, self.window_refused_up_to)?,
            case_data: codec::from_json(&self.case_data, "interactions.case_data")?,
            stored: self.stored.map(|text| codec::from_json(&text, "interactions.stored")).transpose()?,
            ended_at: codec::maybe_time(self.ended_at, "sessions.ended_at")?,
            note: self.note.map(|text| codec::from_json(&text, "interactions.note")).transpose()?,
            disposition: self.disposition,
            revision: u64::try_from(self.revision).unwrap_or(0),
        })
    }
}

/// One interaction.
pub async fn get(db: &mut SqliteConnection, id: InteractionId) -> Result<Option<Interaction>, StoreError> {
    Ok(each(db, [id]).await?.remove(&id))
}

const EACH: &str = "SELECT i.id, i.session_id, i.contact_id, i.business_number_id, n.display_number,
        n.name AS number_name, i.origin, i.phase, i.owner_id, i.created_at, i.assigned_at, i.pending_since,
        i.last_inbound_at, i.window_refused_up_to, i.case_data, i.stored, s.ended_at, i.note, i.disposition, i.revision
    FROM interactions i JOIN business_numbers n ON n.id = i.business_number_id
    JOIN sessions s ON s.id = i.session_id WHERE i.id IN (SELECT value FROM json_each($1))";

/// Interactions: as many questions as for one.
pub async fn each(
    db: &mut SqliteConnection,
    ids: impl IntoIterator<Item = InteractionId>,
) -> Result<BTreeMap<InteractionId, Interaction>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(EACH).bind(codec::ids(ids)).fetch_all(&mut *db).await?;
    let whose = |row: &Row| codec::id(&row.contact_id, "interactions.contact_id");
    let ids = rows.iter().map(whose).collect::<Result<BTreeSet<ContactId>, _>>()?;
    let contacts = contacts::each(db, ids).await?;
    rows.into_iter()
        .map(|row| {
            let contact = contacts.get(&whose(&row)?).cloned();
            let contact = contact.ok_or(StoreError::Unreadable { what: "contact of an interaction" })?;
            let interaction = row.into_interaction(contact)?;
            Ok((interaction.id, interaction))
        })
        .collect()
}

/// One interaction that must be there, because a key points to it.
pub async fn known(db: &mut SqliteConnection, id: InteractionId) -> Result<Interaction, StoreError> {
    get(db, id).await?.ok_or(StoreError::Unreadable { what: "interaction that something points to" })
}

/// A window that WhatsApp has refused closed no later than the contact's last message, whatever its timestamp says.
fn window(last_inbound: Option<i64>, refused_up_to: Option<i64>) -> Result<ServiceWindow, StoreError> {
    let last = codec::maybe_time(last_inbound, "interactions.last_inbound_at")?;
    let refused = refused_up_to.is_some() && refused_up_to >= last_inbound;
    let last_inbound_at = if refused { last.map(|at| at - ServiceWindow::LENGTH) } else { last };
    Ok(ServiceWindow { last_inbound_at })
}

/// Notes that the contact wrote at `at`, and gives what window that leaves.
pub async fn heard(
    db: &mut SqliteConnection,
    interaction: &mut Interaction,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (last, refused): (Option<i64>, Option<i64>) = sqlx::query_as(
        "UPDATE interactions SET last_inbound_at =
             CASE WHEN last_inbound_at > $2 THEN last_inbound_at ELSE $2 END
         WHERE id = $1 RETURNING last_inbound_at, window_refused_up_to",
    )
    .bind(interaction.id.to_string())
    .bind(at.timestamp_millis())
    .fetch_one(db)
    .await?;
    interaction.window = window(last, refused)?;
    Ok(())
}

/// Notes that WhatsApp refused at `at` to let anything but a notification through; false if that is no news, or the contact
/// has written since.
pub async fn refuse_window(
    db: &mut SqliteConnection,
    interaction: &mut Interaction,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let row: Option<(Option<i64>, Option<i64>)> = sqlx::query_as(
        "UPDATE interactions SET window_refused_up_to = last_inbound_at
         WHERE id = $1 AND last_inbound_at <= $2
             AND (window_refused_up_to IS NULL OR window_refused_up_to < last_inbound_at)
         RETURNING last_inbound_at, window_refused_up_to",
    )
    .bind(interaction.id.to_string())
    .bind(at.timestamp_millis())
    .fetch_optional(db)
    .await?;
    let Some((last, refused)) = row else { return Ok(false) };
    interaction.window = window(last, refused)?;
    Ok(true)
}

/// Keeps what may have changed, under the next revision. The window has changes of its own ([`heard`], [`refuse_window`]),
/// and so have phase and owner ([`super::life`]).
pub async fn save(change: &mut Change, interaction: &mut Interaction) -> Result<(), StoreError> {
    write(change.db(), interaction).await?;
    lying::touch(change, interaction.id).await
}

/// The same, without telling whoever sees where it lies.
pub(super) async fn write(
    db: &mut SqliteConnection,
    interaction: &mut Interaction,
) -> Result<(), StoreError> {
    interaction.revision += 1;
    sqlx::query(
        "UPDATE interactions SET pending_since = $2, case_data = $3, note = $4, disposition = $5, revision = $6
         WHERE id = $1",
    )
    .bind(interaction.id.to_string())
    .bind(interaction.pending_since.map(|at| at.timestamp_millis()))
    .bind(codec::to_json(&interaction.case_data)?)
    .bind(interaction.note.as_ref().map(codec::to_json).transpose()?)
    .bind(&interaction.disposition)
    .bind(i64::try_from(interaction.revision).unwrap_or(i64::MAX))
    .execute(&mut *db)
    .await?;
    handled::note(db, interaction).await
}

/// Notes that something was said: the silence begins anew. What the contact says while nobody has it open is unread.
pub async fn said(
    db: &mut SqliteConnection,
    id: InteractionId,
    (at, unread): (DateTime<Utc>, u32),
) -> Result<(), StoreError> {
    sqlx::query("UPDATE interactions SET said_at = $2, reminded = 0, unread = unread + $3 WHERE id = $1")
        .bind(id.to_string())
        .bind(at.timestamp_millis())
        .bind(unread)
        .execute(db)
        .await?;
    Ok(())
}

/// When the contact's first message was stored that nothing of ours answers; none if all is answered.
pub async fn unanswered_since(
    db: &mut SqliteConnection,
    id: InteractionId,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let at: Option<i64> = sqlx::query_scalar(
        "SELECT MIN(stored_at) FROM messages WHERE interaction_id = $1 AND author = $2 AND stored_at > COALESCE((
             SELECT MAX(stored_at) FROM messages WHERE interaction_id = $1 AND attempt IS NOT NULL AND failed = 0), 0)",
    )
    .bind(id.to_string())
    .bind(codec::to_json(&Author::Contact)?)
    .fetch_one(db)
    .await?;
    codec::maybe_time(at, "messages.stored_at")
}

/// The open interaction of a contact on a number.
pub async fn open_with(
    db: &mut SqliteConnection,
    contact: ContactId,
    number: BusinessNumberId,
) -> Result<Option<InteractionId>, StoreError> {
    let id: Option<String> = sqlx::query_scalar(
        "SELECT i.id FROM interactions i JOIN sessions s ON s.id = i.session_id
         WHERE s.contact_id = $1 AND s.business_number_id = $2 AND s.ended_at IS NULL AND i.is_open = 1",
    )
    .bind(contact.to_string())
    .bind(number.to_string())
    .fetch_optional(db)
    .await?;
    id.map(|id| codec::id(&id, "interactions.id")).transpose()
}

/// The newest interaction of a contact on a number, whatever became of it.
pub async fn last_with(
    db: &mut SqliteConnection,
    contact: ContactId,
    number: BusinessNumberId,
) -> Result<Option<InteractionId>, StoreError> {
    let id: Option<String> = sqlx::query_scalar(
        "SELECT id FROM interactions WHERE contact_id = $1 AND business_number_id = $2 ORDER BY number DESC LIMIT 1",
    )
    .bind(contact.to_string())
    .bind(number.to_string())
    .fetch_optional(db)
    .await?;
    id.map(|id| codec::id(&id, "interactions.id")).transpose()
}

/// Opens a session and its interaction, with nothing said yet: it has still to take the first step of its life.
pub async fn open(
    db: &mut SqliteConnection,
    (contact, number): (ContactId, BusinessNumberId),
    origin: Origin,
    now: DateTime<Utc>,
) -> Result<InteractionId, StoreError> {
    let session = SessionId::new(now, random::bytes());
    let id = InteractionId::new(now, random::bytes());
    sqlx::query(
        "INSERT INTO sessions (id, contact_id, business_number_id, started_at) VALUES ($1, $2, $3, $4)",
    )
    .bind(session.to_string())
    .bind(contact.to_string())
    .bind(number.to_string())
    .bind(now.timestamp_millis())
    .execute(&mut *db)
    .await?;
    sqlx::query(
        "INSERT INTO interactions
             (id, session_id, contact_id, business_number_id, origin, phase, is_open, created_at, last_inbound_at,
              window_refused_up_to, number)
         SELECT $1, $2, $3, $4, $5, $6, 1, $7, MAX(last_inbound_at), MAX(window_refused_up_to),
              (SELECT COALESCE(MAX(number), 0) + 1 FROM interactions)
         FROM interactions WHERE contact_id = $3 AND business_number_id = $4",
    )
    .bind(id.to_string())
    .bind(session.to_string())
    .bind(contact.to_string())
    .bind(number.to_string())
    .bind(codec::to_json(&origin)?)
    .bind(codec::to_json(&Phase::Queued)?)
    .bind(now.timestamp_millis())
    .execute(db)
    .await?;
    Ok(id)
}

/// An agent's open interactions, oldest first.
pub async fn owned_by(db: &mut SqliteConnection, agent: AgentId) -> Result<Vec<InteractionId>, StoreError> {
    let ids: Vec<String> = sqlx::query_scalar(
        "SELECT id FROM interactions WHERE owner_id = $1 AND is_open = 1 ORDER BY created_at, id",
    )
    .bind(agent.to_string())
    .fetch_all(db)
    .await?;
    ids.iter().map(|id| codec::id(id, "interactions.id")).collect()
}

/// A contact's open interactions, oldest first.
pub async fn open_of(
    db: &mut SqliteConnection,
    contact: ContactId,
) -> Result<Vec<InteractionId>, StoreError> {
    let ids: Vec<String> = sqlx::query_scalar(
        "SELECT id FROM interactions WHERE contact_id = $1 AND is_open = 1 ORDER BY created_at, id",
    )
    .bind(contact.to_string())
    .fetch_all(db)
    .await?;
    ids.iter().map(|id| codec::id(id, "interactions.id")).collect()
}

/// The queued interaction that has waited longest, of those that are anybody's by now.
pub async fn first_queued(
    db: &mut SqliteConnection,
    now: DateTime<Utc>,
) -> Result<Option<InteractionId>, StoreError> {
    let id: Option<String> =
        sqlx::query_scalar(FIRST_QUEUED).bind(now.timestamp_millis()).fetch_optional(db).await?;
    id.map(|id| codec::id(&id, "interactions.id")).transpose()
}

/// The phase stands in it as it is stored: there is an index of what is in the queue alone.
const FIRST_QUEUED: &str = r#"SELECT id FROM interactions
    WHERE phase = '{"phase":"queued"}' AND (kept_until IS NULL OR kept_until <= $1)
    ORDER BY COALESCE(pending_since, created_at), id LIMIT 1"#;

/// What the queue keeps for somebody still, the longest waiting first, and for whom.
pub async fn kept(
    db: &mut SqliteConnection,
    now: DateTime<Utc>,
) -> Result<Vec<(InteractionId, AgentId)>, StoreError> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT id, kept_for FROM interactions WHERE kept_until > $1 AND kept_for IS NOT NULL
         ORDER BY COALESCE(pending_since, created_at), id",
    )
    .bind(now.timestamp_millis())
    .fetch_all(db)
    .await?;
    rows.iter()
        .map(|(id, agent)| {
            Ok((codec::id(id, "interactions.id")?, codec::id(agent, "interactions.kept_for")?))
        })
        .collect()
}

/// How many interactions wait in the queue, and how many are in somebody's hands.
pub async fn counts(db: &mut SqliteConnection) -> Result<(i64, i64), StoreError> {
    Ok(sqlx::query_as(
        "SELECT COALESCE(SUM(CASE WHEN phase = $1 THEN 1 ELSE 0 END), 0),
                COALESCE(SUM(CASE WHEN owner_id IS NULL THEN 0 ELSE 1 END), 0)
         FROM interactions WHERE is_open = 1",
    )
    .bind(codec::to_json(&Phase::Queued)?)
    .fetch_one(db)
    .await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[tokio::test]
    async fn the_queue_is_read_in_its_order_whatever_else_has_no_owner() {
        assert_eq!(codec::to_json(&Phase::Queued).expect("is written"), r#"{"phase":"queued"}"#);
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&folder.path().join("waxwing.db")).await.expect("opens");
        let plan: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {FIRST_QUEUED}")))
                .bind(0)
                .fetch_all(store.reader())
                .await
                .expect("explains");
        let plan = format!("{plan:?}");
        assert!(plan.contains("interactions_waiting") && !plan.contains("TEMP B-TREE"), "{plan}");
    }
}
