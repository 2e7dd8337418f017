//! Our WhatsApp numbers: what they are called, what they speak to WhatsApp with, and what stops them.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, Row as _, SqliteConnection, sqlite::SqliteRow};
use waxwing_protocol::{
    contact::BusinessNumber,
    event::{Event, NumberAlert},
    id::BusinessNumberId,
};

use super::{Change, StoreError, agents, codec, template_lists};
use crate::random;

/// What an administrator says about a number.
#[derive(Clone)]
pub struct NumberSettings {
    /// What the house calls it.
    pub name: String,
    /// As people write it.
    pub display_number: String,
    /// WhatsApp's id of the number.
    pub phone_number_id: String,
    /// WhatsApp's id of the account that it belongs to.
    pub account_id: String,
    /// The bearer token for the Graph API.
    pub token: String,
    /// With which Meta signs webhooks.
    pub app_secret: String,
    /// With which Meta asks for the webhook address to be confirmed.
    pub verify_token: String,
}

/// A number as it is stored.
#[derive(Clone)]
pub struct StoredNumber {
    /// What it is called by.
    pub id: BusinessNumberId,
    /// What the administrator said.
    pub settings: NumberSettings,
    /// Why it can't send, and since when.
    pub alert: Option<(String, DateTime<Utc>)>,
    /// Whether a status brought the alert, see [`AlertSource::Status`].
    pub alert_by_status: bool,
}

/// What shows that a number can't send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlertSource {
    /// WhatsApp refused a call. The next call that it answers with a success ends the alert.
    Answer,
    /// A message was taken and then failed by a status, as for an unpaid bill: WhatsApp goes on taking messages, so only a
    /// status that a message has got through ends the alert.
    Status,
}

impl FromRow<'_, SqliteRow> for StoredNumber {
    fn from_row(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        let id: String = row.try_get("id")?;
        let alert: Option<String> = row.try_get("alert")?;
        let since: Option<i64> = row.try_get("alert_since")?;
        Ok(Self {
            id: id.parse().map_err(|error: waxwing_protocol::id::InvalidId| sqlx::Error::ColumnDecode {
                index: "id".to_owned(),
                source: error.into(),
            })?,
            settings: NumberSettings {
                name: row.try_get("name")?,
                display_number: row.try_get("display_number")?,
                phone_number_id: row.try_get("phone_number_id")?,
                account_id: row.try_get("account_id")?,
                token: row.try_get("token")?,
                app_secret: row.try_get("app_secret")?,
                verify_token: row.try_get("verify_token")?,
            },
            alert: alert.map(|text| {
                (text, since.and_then(DateTime::from_timestamp_millis).unwrap_or(DateTime::UNIX_EPOCH))
            }),
            alert_by_status: row.try_get("alert_by_status")?,
        })
    }
}

/// All numbers, by name.
pub async fn list(db: &mut SqliteConnection) -> Result<Vec<StoredNumber>, StoreError> {
    Ok(sqlx::query_as("SELECT * FROM business_numbers ORDER BY name, id").fetch_all(db).await?)
}

/// All numbers as desktops need to know them, by name.
pub async fn all(db: &mut SqliteConnection) -> Result<Vec<BusinessNumber>, StoreError> {
    let rows: Vec<(String, String, String)> =
        sqlx::query_as("SELECT id, display_number, name FROM business_numbers ORDER BY name, id")
            .fetch_all(db)
            .await?;
    rows.into_iter()
        .map(|(id, display_number, name)| {
            Ok(BusinessNumber { id: codec::id(&id, "business_numbers.id")?, display_number, name })
        })
        .collect()
}

/// Adds a number, or changes the one with the same phone number id. The app secret of before stays valid for webhooks
/// that were signed before the change. Says what the number is called by, and whether it is new.
pub async fn add_number(
    change: &mut Change,
    settings: &NumberSettings,
    now: DateTime<Utc>,
) -> Result<(BusinessNumberId, bool), StoreError> {
    let fresh = BusinessNumberId::new(now, random::bytes()).to_string();
    let id: String = sqlx::query_scalar(
        "INSERT INTO business_numbers
            (id, name, display_number, phone_number_id, account_id, token, app_secret, verify_token)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (phone_number_id) DO UPDATE SET
            name = excluded.name, display_number = excluded.display_number, account_id = excluded.account_id,
            token = excluded.token, verify_token = excluded.verify_token,
            app_secret_before = CASE WHEN app_secret = excluded.app_secret THEN app_secret_before
                                     ELSE app_secret END,
            app_secret = excluded.app_secret
         RETURNING id",
    )
    .bind(&fresh)
    .bind(&settings.name)
    .bind(&settings.display_number)
    .bind(&settings.phone_number_id)
    .bind(&settings.account_id)
    .bind(&settings.token)
    .bind(&settings.app_secret)
    .bind(&settings.verify_token)
    .fetch_one(change.db())
    .await?;
    template_lists::want(change.db(), &settings.account_id, now).await?;
    let is_new = id == fresh;
    Ok((id.parse().map_err(|_damaged| StoreError::Unreadable { what: "number id" })?, is_new))
}

/// Notes that a number can't send and tells everybody who is signed in. The same alert twice is told once. An alert that an
/// answer raised stands before one of a status.
pub async fn raise_alert(
    change: &mut Change,
    number: BusinessNumberId,
    (text, source): (&str, AlertSource),
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let by_status = source == AlertSource::Status;
    let raised: Option<(String, i64)> = sqlx::query_as(
        "UPDATE business_numbers
         SET alert = $2, alert_since = COALESCE(alert_since, $3), alert_by_status = $4
         WHERE id = $1 AND (alert IS NULL OR (alert <> $2 AND (alert_by_status = 1 OR $4 = 0)))
         RETURNING display_number, alert_since",
    )
    .bind(number.to_string())
    .bind(text)
    .bind(now.timestamp_millis())
    .bind(by_status)
    .fetch_optional(change.db())
    .await?;
    let Some((display_number, since)) = raised else { return Ok(()) };
    let since = DateTime::from_timestamp_millis(since).unwrap_or(now);
    let alert = NumberAlert { number, display_number, text: text.to_owned(), since };
    agents::tell_everybody(change, &Event::NumberAlertRaised { alert }, now).await
}

/// Notes at `at` that a number can send again, as far as `source` shows it, and tells everybody who is signed in. Says
/// whether there was an alert of that kind from before.
pub async fn clear_alert(
    change: &mut Change,
    number: BusinessNumberId,
    (source, at): (AlertSource, DateTime<Utc>),
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let cleared = sqlx::query(
        "UPDATE business_numbers SET alert = NULL, alert_since = NULL, alert_by_status = 0
         WHERE id = $1 AND alert IS NOT NULL AND alert_by_status = $2 AND alert_since <= $3",
    )
    .bind(number.to_string())
    .bind(source == AlertSource::Status)
    .bind(at.timestamp_millis())
    .execute(change.db())
    .await?;
    if cleared.rows_affected() == 0 {
        return Ok(false);
    }
    agents::tell_everybody(change, &Event::NumberAlertCleared { number }, now).await?;
    Ok(true)
}
