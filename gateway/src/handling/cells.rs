//! Cells of a spreadsheet (CSV) that no spreadsheet takes for anything but text.
//!
//! A spreadsheet takes a cell that begins with `=` and its like for a formula, and a formula can send a colleague's data
//! anywhere. So such a cell is written with an apostrophe before it, which reading takes off again; a cell that begins with an
//! apostrophe of its own gets another one.

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

/// By what the cells of a table are parted: where a comma stands in numbers, spreadsheets part them by semicolons.
pub(super) fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    if first.contains(';') && !first.contains(',') { b';' } else { b',' }
}
