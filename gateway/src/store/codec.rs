//! How ids, times and JSON columns are written and read.

use std::{fmt::Display, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Serialize, de::DeserializeOwned};

use super::StoreError;

/// Reads an id column.
pub(super) fn id<T: FromStr>(text: &str, what: &'static str) -> Result<T, StoreError> {
    text.parse().map_err(|_invalid| StoreError::Unreadable { what })
}

/// Ids as `json_each` takes them.
pub(super) fn ids<T: Display>(ids: impl IntoIterator<Item = T>) -> String {
    ids.into_iter().map(|id| id.to_string()).collect::<serde_json::Value>().to_string()
}

/// Reads a time column.
pub(super) fn time(millis: i64, what: &'static str) -> Result<DateTime<Utc>, StoreError> {
    DateTime::from_timestamp_millis(millis).ok_or(StoreError::Unreadable { what })
}

/// Reads a time column that may be empty.
pub(super) fn maybe_time(
    millis: Option<i64>,
    what: &'static str,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    millis.map(|millis| time(millis, what)).transpose()
}

/// Reads a JSON column.
pub(super) fn from_json<T: DeserializeOwned>(text: &str, what: &'static str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|_invalid| StoreError::Unreadable { what })
}

/// Writes a JSON column.
pub(super) fn to_json<T: Serialize + ?Sized>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_unwritable| StoreError::Unreadable { what: "value to be stored" })
}
