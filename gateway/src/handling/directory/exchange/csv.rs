//! Comma-separated values, RFC 4180: a line for each contact. Of details, each stands on a line of its cell, its kind before it and
//! whose it is, where that is somebody else, behind it after a tab. Attributes have a column each, called `attribute:` and their key.

use std::collections::BTreeSet;

use csv::{StringRecord, Terminator, WriterBuilder};
use waxwing_protocol::contact::{ContactAttribute, ContactDetail, DetailKind};

use super::{KINDS, Numbered, Row};
use crate::handling::cells::{self, BYTE_ORDER_MARK, bare, disarmed};

/// The columns, in the order in which they are written; those of attributes follow.
const COLUMNS: [&str; 6] = ["id", "phone", "name", "user name", "details", "note"];
/// What other programs call them, in small letters.
const ALSO_CALLED: [(&str, &str); 14] = [
    ("phone number", "phone"),
    ("telephone", "phone"),
    ("mobile", "phone"),
    ("full name", "name"),
    ("user_name", "user name"),
    ("username", "user name"),
    ("notes", "note"),
    ("e-mail", "email"),
    ("mail", "email"),
    ("e-mail address", "email"),
    ("email address", "email"),
    ("website", "url"),
    ("organization", "company"),
    ("organisation", "company"),
];
/// What begins the name of an attribute's column.
const ATTRIBUTE: &str = "attribute:";

pub(super) fn write(rows: &[Row]) -> Result<String, csv::Error> {
    let keys: BTreeSet<&str> =
        rows.iter().flat_map(|row| row.attributes.iter().map(|one| one.key.as_str())).collect();
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    let header =
        COLUMNS.map(str::to_owned).into_iter().chain(keys.iter().map(|key| format!("{ATTRIBUTE}{key}")));
    writer.write_record(header)?;
    for row in rows {
        let own = [
            row.id.map(|id| id.to_string()).unwrap_or_default(),
            row.phone.clone().unwrap_or_default(),
            row.name.clone().unwrap_or_default(),
            row.user_name.clone().unwrap_or_default(),
            row.details.iter().flatten().map(line_of).collect::<Vec<_>>().join("\n"),
            row.note.clone().unwrap_or_default(),
        ];
        let known = keys.iter().map(|key| {
            let attribute = row.attributes.iter().find(|one| one.key == *key);
            attribute.map(|one| one.value.clone()).unwrap_or_default()
        });
        writer.write_record(own.into_iter().chain(known).map(|cell| disarmed(&cell)))?;
    }
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(format!("{BYTE_ORDER_MARK}{}", String::from_utf8_lossy(&bytes)))
}

fn line_of(detail: &ContactDetail) -> String {
    let kind = KINDS.iter().find(|(_, kind)| *kind == detail.kind).map_or("unknown", |(word, _)| word);
    match &detail.name {
        Some(name) => format!("{kind}: {}\t{name}", detail.value),
        None => format!("{kind}: {}", detail.value),
    }
}

/// What a column holds.
enum Column {
    Own(&'static str),
    Detail(DetailKind),
    Attribute(String),
}

pub(super) fn read(text: &str) -> Result<Vec<Numbered>, String> {
    cells::read(text, columns, |columns, number, record| {
        let row = row(columns, record);
        let name = row.as_ref().ok().and_then(|row| row.name.clone()).unwrap_or_default();
        Numbered { number, name, row }
    })
}

fn columns(header: &StringRecord) -> Result<Vec<Column>, String> {
    let (mut columns, mut seen) = (Vec::new(), BTreeSet::new());
    for cell in header {
        let name = bare(cell).trim();
        let small = name.to_lowercase();
        let small = match ALSO_CALLED.iter().find(|(other, _)| *other == small) {
            Some((_, ours)) => (*ours).to_owned(),
            None => small,
        };
        if !seen.insert(small.clone()) {
            return Err(format!("The column “{}” is there twice.", short(name)));
        }
        columns.push(if let Some(own) = COLUMNS.into_iter().find(|own| *own == small) {
            Column::Own(own)
        } else if let Some((_, kind)) = KINDS.iter().skip(1).find(|(word, _)| *word == small) {
            Column::Detail(*kind)
        } else if small.starts_with(ATTRIBUTE) {
            Column::Attribute(name[ATTRIBUTE.len()..].trim().to_owned())
        } else {
            return Err(format!(
                "There is no column “{}”. The first line has to name columns of these: id, phone, name, user name, details, note, \
                 email, address, url, company, and attribute: with the name of one.",
                short(name),
            ));
        });
    }
    let has_key = |column: &Column| matches!(column, Column::Own("id" | "phone"));
    if columns.iter().any(has_key) { Ok(columns) } else { Err("There is no column “phone”.".to_owned()) }
}

fn short(name: &str) -> String {
    name.chars().take(60).collect()
}

fn row(columns: &[Column], record: &StringRecord) -> Result<Row, String> {
    if record.iter().skip(columns.len()).any(|cell| !cell.is_empty()) {
        return Err("It has more cells than there are columns.".to_owned());
    }
    let mut row = Row::default();
    for (column, cell) in columns.iter().zip(record.iter().chain(std::iter::repeat("")).map(bare)) {
        match column {
            Column::Own("id") if cell.trim().is_empty() => {}
            Column::Own("id") => {
                row.id = Some(cell.trim().parse().map_err(|_none| "Its id is none.".to_owned())?);
            }
            Column::Own("phone") => row.phone = Some(cell.to_owned()),
            Column::Own("name") => row.name = Some(cell.to_owned()),
            Column::Own("user name") => {
                row.user_name = Some(cell.to_owned()).filter(|name| !name.trim().is_empty());
            }
            Column::Own("note") => row.note = Some(cell.replace("\r\n", "\n")),
            Column::Own(_) => {
                let lines = cell.split(['\r', '\n']).filter(|line| !line.trim().is_empty());
                let details = lines.map(detail).collect::<Result<Vec<_>, _>>()?;
                row.details.get_or_insert_default().splice(0..0, details);
            }
            Column::Detail(kind) => {
                let details = row.details.get_or_insert_default();
                if !cell.trim().is_empty() {
                    details.push(ContactDetail { kind: *kind, value: cell.to_owned(), name: None });
                }
            }
            Column::Attribute(key) => {
                row.attributes.push(ContactAttribute { key: key.clone(), value: cell.to_owned() });
            }
        }
    }
    Ok(row)
}

fn detail(line: &str) -> Result<ContactDetail, String> {
    let (word, rest) = line.split_once(':').unwrap_or(("", line));
    let kind = KINDS.iter().find(|(known, _)| *known == word.trim().to_lowercase());
    let Some((_, kind)) = kind else {
        return Err("Each line of its details has to begin with phone:, email:, address:, url: or company:."
            .to_owned());
    };
    let (value, name) = match rest.split_once('\t') {
        Some((value, name)) => (value, Some(name.to_owned())),
        None => (rest, None),
    };
    Ok(ContactDetail { kind: *kind, value: value.trim().to_owned(), name })
}
