//! Tables as text: programs that open them take cells that begin like formulas for formulas, and some of those start
//! programs (OWASP, "CSV Injection").

use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

use super::{ActiveContent, Found};

/// How much of a table is looked at, in bytes.
const AT_MOST: u64 = 32 * 1024 * 1024;
/// How much of a line is looked at, in bytes.
const LINE: u64 = 1024 * 1024;

/// Looks for cells that command other programs: `=cmd|' /C calc'!A0`.
pub(super) fn look(file: &mut (impl Read + Seek), found: &mut Found) -> io::Result<()> {
    file.seek(SeekFrom::Start(0))?;
    let mut reader = BufReader::new(file.take(AT_MOST));
    let mut line = Vec::new();
    while reader.by_ref().take(LINE).read_until(b'\n', &mut line)? > 0 {
        // In UTF-16 every other byte of such a cell is zero.
        line.retain(|byte| *byte != 0);
        if line.split(|byte| matches!(byte, b',' | b';' | b'\t' | b'\r' | b'\n')).any(is_command) {
            found.mark(ActiveContent::Commands);
            break;
        }
        line.clear();
    }
    Ok(())
}

/// Whether a cell is a formula with a link of DDE: an application, a bar, a topic, an exclamation mark.
fn is_command(cell: &[u8]) -> bool {
    let trimmed = cell.trim_ascii_start();
    let cell = trimmed.strip_prefix(b"\"").unwrap_or(trimmed).trim_ascii_start();
    let formula = matches!(cell.first(), Some(b'=' | b'+' | b'-' | b'@'));
    let bar = cell.iter().position(|byte| *byte == b'|');
    formula && bar.is_some_and(|bar| cell[bar..].contains(&b'!'))
}
