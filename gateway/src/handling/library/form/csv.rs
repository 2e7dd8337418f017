//! Comma-separated values, RFC 4180, as spreadsheets write and read them.

use csv::{StringRecord, Terminator, WriterBuilder};
use serde::de::DeserializeOwned;

use super::super::row::{Numbered, Row, moment};
use crate::handling::cells::{self, BYTE_ORDER_MARK, bare, disarmed};

/// The columns, in the order in which they are written.
const COLUMNS: [&str; 12] = [
    "id",
    "category",
    "name",
    "shortcut",
    "language",
    "body",
    "active",
    "starts_at",
    "expires_at",
    "owner",
    "files",
    "notification",
];

pub(super) fn write(rows: &[Row]) -> Result<String, csv::Error> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for row in rows {
        let time = |at: Option<chrono::DateTime<chrono::Utc>>| at.map(|at| as_text(&at)).unwrap_or_default();
        let cells = [
            row.id.map(|id| id.to_string()).unwrap_or_default(),
            row.category.clone(),
            row.name.clone(),
            row.shortcut.clone().unwrap_or_default(),
            row.language.clone().unwrap_or_default(),
            row.body.clone(),
            row.active.to_string(),
            time(row.starts_at),
            time(row.expires_at),
            row.owner.clone().unwrap_or_default(),
            if row.files.is_empty() { String::new() } else { as_json(&row.files) },
            row.notification.as_ref().map(as_json).unwrap_or_default(),
        ];
        writer.write_record(cells.iter().map(|cell| disarmed(cell)))?;
    }
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(format!("{BYTE_ORDER_MARK}{}", String::from_utf8_lossy(&bytes)))
}

fn as_json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// A moment as JSON and TOML have it.
fn as_text(at: &chrono::DateTime<chrono::Utc>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
}

pub(super) fn read(text: &str) -> Result<Vec<Numbered>, String> {
    cells::read(text, columns, |columns, number, record| {
        let cells = Cells { columns, record };
        Numbered { number, name: cells.get("name").to_owned(), row: cells.row().map(Box::new) }
    })
}

/// Which column each cell belongs to.
fn columns(header: &StringRecord) -> Result<Vec<&'static str>, String> {
    let mut columns = Vec::new();
    for cell in header {
        let name = bare(cell).trim().to_lowercase();
        let Some(column) = COLUMNS.into_iter().find(|column| *column == name) else {
            let name: String = name.chars().take(60).collect();
            let known = COLUMNS.join(", ");
            return Err(format!(
                "There is no column “{name}”. The first line has to name columns of these: {known}."
            ));
        };
        if columns.contains(&column) {
            return Err(format!("The column “{column}” is there twice."));
        }
        columns.push(column);
    }
    if columns.contains(&"name") { Ok(columns) } else { Err("There is no column “name”.".to_owned()) }
}

struct Cells<'a> {
    columns: &'a [&'static str],
    record: &'a StringRecord,
}

impl Cells<'_> {
    fn get(&self, column: &str) -> &str {
        let place = self.columns.iter().position(|known| *known == column);
        place.and_then(|place| self.record.get(place)).map(bare).unwrap_or_default()
    }

    fn maybe(&self, column: &str) -> Option<String> {
        Some(self.get(column)).filter(|cell| !cell.is_empty()).map(str::to_owned)
    }

    fn parsed<T>(&self, column: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Option<T>, String> {
        let cell = self.get(column).trim();
        if cell.is_empty() {
            return Ok(None);
        }
        parse(cell).map(Some).ok_or_else(|| format!("What stands in the column “{column}” can't be read."))
    }

    fn json<T: DeserializeOwned>(&self, column: &str) -> Result<Option<T>, String> {
        match self.get(column).trim() {
            "" => Ok(None),
            cell => serde_json::from_str(cell)
                .map(Some)
                .map_err(|error| format!("The column “{column}”: {error}.")),
        }
    }

    fn row(&self) -> Result<Row, String> {
        if self.record.iter().skip(self.columns.len()).any(|cell| !cell.is_empty()) {
            return Err("It has more cells than there are columns.".to_owned());
        }
        let yes_or_no = |cell: &str| match cell.to_lowercase().as_str() {
            "true" | "yes" | "1" => Some(true),
            "false" | "no" | "0" => Some(false),
            _ => None,
        };
        let time = |column| self.maybe(column).map(|cell| moment(&cell)).transpose();
        Ok(Row {
            id: self.parsed("id", |cell| cell.parse().ok())?,
            category: self.get("category").to_owned(),
            name: self.get("name").to_owned(),
            shortcut: self.maybe("shortcut"),
            language: self.maybe("language"),
            body: self.get("body").to_owned(),
            active: self.parsed("active", yes_or_no)?.unwrap_or(true),
            starts_at: time("starts_at")?,
            expires_at: time("expires_at")?,
            owner: self.maybe("owner"),
            files: self.json("files")?.unwrap_or_default(),
            notification: self.json("notification")?,
        })
    }
}
