//! Copies a database, also while the gateway runs.

use std::path::Path;

use chrono::{DateTime, Utc};
use sqlx::{ConnectOptions as _, Connection as _, sqlite::SqliteConnectOptions};

use super::{BUSY_TIMEOUT, StoreError};
use crate::random;

/// Copies the database `from` to the new file `to`, which must not exist, and gives the copy an epoch of its own: a
/// gateway that is started from the copy sends every desktop a fresh picture instead of events that it has not got.
///
/// What has still to leave counts as having left in the copy: by the time the copy is used it will have, and nothing leaves
/// twice by itself. Its agents are told that it may have arrived.
///
/// The original is not changed, not even brought up to date.
pub async fn backup(from: &Path, to: &Path, now: DateTime<Utc>) -> Result<(), StoreError> {
    let refused = |path: &Path, cause: &dyn std::fmt::Display| StoreError::Open {
        path: path.to_owned(),
        cause: cause.to_string(),
    };
    if to.exists() {
        return Err(refused(to, &"there is such a file already; it is not overwritten"));
    }
    let mut partial = to.as_os_str().to_owned();
    partial.push(".partial");
    let partial = Path::new(&partial);
    let target = partial.to_str().ok_or_else(|| refused(to, &"the name is not Unicode"))?;
    let options = SqliteConnectOptions::new().busy_timeout(BUSY_TIMEOUT);

    let mut original = options
        .clone()
        .filename(from)
        .create_if_missing(false)
        .connect()
        .await
        .map_err(|error| refused(from, &error))?;
    let copied = sqlx::query("VACUUM INTO $1").bind(target).execute(&mut original).await;
    original.close().await?;
    copied.map_err(|error| refused(partial, &error))?;

    let mut copy = options.filename(partial).connect().await?;
    sqlx::query("UPDATE installation SET epoch = $1")
        .bind(i64::from(u32::from_be_bytes(random::bytes())))
        .execute(&mut copy)
        .await?;
    sqlx::query("UPDATE outbox SET state = 'in_flight', left_at = COALESCE(left_at, $1)")
        .bind(now.timestamp_millis())
        .execute(&mut copy)
        .await?;
    copy.close().await?;
    tokio::fs::rename(partial, to).await.map_err(|error| refused(to, &error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[tokio::test]
    async fn a_copy_has_its_own_epoch_and_overwrites_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let (from, to) = (folder.path().join("waxwing.db"), folder.path().join("copy.db"));
        let store = Store::open(&from).await.expect("opens");
        let now = DateTime::UNIX_EPOCH;
        backup(&from, &to, now).await.expect("copies while the store is open");
        assert!(matches!(backup(&from, &to, now).await, Err(StoreError::Open { .. })));
        let copy = Store::open(&to).await.expect("opens");
        assert_ne!(copy.epoch(), store.epoch());
        assert!(matches!(
            backup(&folder.path().join("none"), &folder.path().join("other"), now).await,
            Err(StoreError::Open { .. })
        ));
    }
}
