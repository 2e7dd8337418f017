//! Tables as spreadsheets have them (CSV): how they are read, and cells that no spreadsheet takes for anything but text.
//!
//! A spreadsheet takes a cell that begins with `=` and its like for a formula, and a formula can send a colleague's data
//! anywhere. So such a cell is written with an apostrophe before it, which reading takes off again; a cell that begins with an
//! apostrophe of its own gets another one.

use csv::{ErrorKind, ReaderBuilder, StringRecord};

/// What spreadsheets put before a text to say that it is UTF-8.
pub(super) const BYTE_ORDER_MARK: char = '\u{feff}';

/// What begins a formula, or what a spreadsheet makes of it.
const fn is_dangerous(first: char) -> bool {
    matches!(first, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠')
}

/// A cell that no spreadsheet takes for a formula.
pub(super) fn disarmed(cell: &str) -> String {
    match cell.chars().next() {
        Some(first) if is_dangerous(first) || first == '\'' => format!("'{cell}"),
        _ => cell.to_owned(),
    }
}

/// The same as it was.
pub(super) fn bare(cell: &str) -> &str {
    let inside = cell.strip_prefix('\'');
    let is_disarmed = |inside: &&str| inside.starts_with(|first| is_dangerous(first) || first == '\'');
    inside.filter(is_disarmed).unwrap_or(cell)
}

/// Reads a table: what its columns are by its first line, then each line that is not empty, with its number from 1. Says why it
/// can't be read, in a sentence.
pub(super) fn read<Columns, Row>(
    text: &str,
    columns: impl FnOnce(&StringRecord) -> Result<Columns, String>,
    row: impl Fn(&Columns, u32, &StringRecord) -> Row,
) -> Result<Vec<Row>, String> {
    let mut reader = ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes());
    let mut records = reader.records();
    let Some(header) = records.next() else { return Err("This file is empty.".to_owned()) };
    let columns = columns(&header.map_err(|error| unread(&error))?)?;
    let (mut rows, mut lines) = (Vec::new(), Lines::of(text));
    for record in records {
        let record = record.map_err(|error| unread(&error))?;
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        rows.push(row(&columns, lines.of_record(&record), &record));
    }
    Ok(rows)
}

fn unread(error: &csv::Error) -> String {
    match error.kind() {
        ErrorKind::Utf8 { .. } => "This file is not in UTF-8. Save it as UTF-8 and try again.".to_owned(),
        _ => format!("This can't be read as CSV: {error}."),
    }
}

/// In which lines of a text its records stand; they are asked for in their order.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: u32,
}

impl<'a> Lines<'a> {
    const fn of(text: &'a str) -> Self {
        Self { text, at: 0, line: 1 }
    }

    /// The line in which a record stands, from 1.
    fn of_record(&mut self, record: &StringRecord) -> u32 {
        let at = record.position().map_or(0, csv::Position::byte);
        // What ended the record before may not have been read to its end.
        let at = usize::try_from(at).unwrap_or(usize::MAX).min(self.text.len());
        let rest = self.text.get(at..).unwrap_or_default();
        let at = at + (rest.len() - rest.trim_start_matches(['\r', '\n']).len());
        let passed = self.text.get(self.at..at).unwrap_or_default().matches('\n').count();
        self.line = self.line.saturating_add(u32::try_from(passed).unwrap_or(u32::MAX));
        self.at = at.max(self.at);
        self.line
    }
}

/// By what the cells of a table are parted: where a comma stands in numbers, spreadsheets part them by semicolons.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    if first.contains(';') && !first.contains(',') { b';' } else { b',' }
}
