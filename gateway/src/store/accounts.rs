//! What the webhook needs to know of our business numbers: which are ours, and the secrets that prove a body or a handshake.

use sqlx::SqliteConnection;
use waxwing_protocol::{event::NumberAlert, id::BusinessNumberId};

use super::{StoreError, codec};

/// Our own id of the number that WhatsApp calls `phone_number_id`.
pub async fn by_phone_number_id(
    db: &mut SqliteConnection,
    phone_number_id: &str,
) -> Result<Option<BusinessNumberId>, StoreError> {
    let id: Option<String> = sqlx::query_scalar("SELECT id FROM business_numbers WHERE phone_number_id = $1")
        .bind(phone_number_id)
        .fetch_optional(db)
        .await?;
    id.map(|id| codec::id(&id, "business_numbers.id")).transpose()
}

/// WhatsApp's id of the account that a number of ours belongs to.
pub async fn account_of(db: &mut SqliteConnection, number: BusinessNumberId) -> Result<String, StoreError> {
    let sql = "SELECT account_id FROM business_numbers WHERE id = $1";
    Ok(sqlx::query_scalar(sql).bind(number.to_string()).fetch_one(db).await?)
}

/// Every app secret that a webhook may be signed with.
pub async fn app_secrets(db: &mut SqliteConnection) -> Result<Vec<String>, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT app_secret FROM business_numbers
         UNION SELECT app_secret_before FROM business_numbers WHERE app_secret_before IS NOT NULL",
    )
    .fetch_all(db)
    .await?)
}

/// Every token that a handshake may bring.
pub async fn verify_tokens(db: &mut SqliteConnection) -> Result<Vec<String>, StoreError> {
    Ok(sqlx::query_scalar("SELECT DISTINCT verify_token FROM business_numbers").fetch_all(db).await?)
}

/// What stops our numbers.
pub async fn alerts(db: &mut SqliteConnection) -> Result<Vec<NumberAlert>, StoreError> {
    let rows: Vec<(String, String, String, i64)> = sqlx::query_as(
        "SELECT id, display_number, alert, COALESCE(alert_since, 0) FROM business_numbers
         WHERE alert IS NOT NULL ORDER BY id",
    )
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|(id, display_number, text, since)| {
            Ok(NumberAlert {
                number: codec::id(&id, "business_numbers.id")?,
                display_number,
                text,
                since: codec::time(since, "business_numbers.alert_since")?,
            })
        })
        .collect()
}

/// What the house calls its numbers, by name.
pub async fn names(db: &mut SqliteConnection) -> Result<Vec<(BusinessNumberId, String)>, StoreError> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT id, name FROM business_numbers ORDER BY name, id").fetch_all(db).await?;
    rows.into_iter().map(|(id, name)| Ok((codec::id(&id, "business_numbers.id")?, name))).collect()
}
