//! The forms in which responses stand in a file.
//!
//! What is read may be anything: a file that is not of its form is refused with a sentence that says where, a row that is none
//! by itself.

mod csv;
#[cfg(test)]
mod tests;

use serde::Serialize;
use serde_json::Value;
use waxwing_protocol::library::LibraryForm;

use super::row::{Numbered, Row};
use crate::handling::cells::BYTE_ORDER_MARK;

/// The rows of a file, or why it is not of its form.
pub(super) fn read(form: LibraryForm, file: &[u8]) -> Result<Vec<Numbered>, String> {
    let text = std::str::from_utf8(file)
        .map_err(|_not_utf8| "This file is not in UTF-8. Save it as UTF-8 and try again.".to_owned())?;
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    match form {
        LibraryForm::Csv => csv::read(text),
        LibraryForm::Json => {
            let value = serde_json::from_str(text).map_err(|error| format!("This is not JSON: {error}."))?;
            of_list(value)
        }
        LibraryForm::Toml => {
            let table: toml::Table = toml::from_str(text).map_err(|error| {
                let line = error.span().map_or(1, |span| 1 + text[..span.start].matches('\n').count());
                format!("This is not TOML: line {line}: {}.", error.message())
            })?;
            of_list(as_json(toml::Value::Table(table)))
        }
    }
}

/// The text of a file.
pub(super) fn write(form: LibraryForm, rows: &[Row]) -> Result<String, String> {
    #[derive(Serialize)]
    struct Responses<'a> {
        responses: &'a [Row],
    }
    let responses = Responses { responses: rows };
    match form {
        LibraryForm::Csv => csv::write(rows).map_err(|error| error.to_string()),
        LibraryForm::Json => {
            let text = serde_json::to_string_pretty(&responses).map_err(|error| error.to_string())?;
            Ok(text + "\n")
        }
        LibraryForm::Toml => toml::to_string_pretty(&responses).map_err(|error| error.to_string()),
    }
}

/// The rows of `responses`.
fn of_list(value: Value) -> Result<Vec<Numbered>, String> {
    let list = match value {
        Value::Object(mut object) => object.remove("responses"),
        list => Some(list),
    };
    let Some(Value::Array(list)) = list else {
        return Err("There is no list called “responses” in this file.".to_owned());
    };
    let rows = (1..).zip(list).map(|(number, value)| {
        let name = value.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        let row = serde_json::from_value(value).map(Box::new);
        Numbered { number, name, row: row.map_err(|error| format!("It can't be read: {error}.")) }
    });
    Ok(rows.collect())
}

/// TOML has dates of its own; here they are texts.
fn as_json(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(is) => is.into(),
        toml::Value::Datetime(moment) => Value::String(moment.to_string()),
        toml::Value::Array(values) => values.into_iter().map(as_json).collect(),
        toml::Value::Table(table) => table.into_iter().map(|(key, value)| (key, as_json(value))).collect(),
    }
}
