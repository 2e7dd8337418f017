//! Plain text, and the programs, pages and shortcuts that are text as well.

use super::Ends;
use crate::kind::FileType;

/// What a file of text is; none where it is no text. Only its ends are looked at: a text editor is what opens it.
pub(super) fn sniff(ends: &Ends) -> Option<FileType> {
    if ends.len == 0 {
        return None;
    }
    let utf16 = ends.head.starts_with(b"\xff\xfe") || ends.head.starts_with(b"\xfe\xff");
    let text = if utf16 {
        from_utf16(&ends.head)?
    } else if is_text(&ends.head) && is_text(&ends.tail) {
        lossy(&ends.head)
    } else {
        return None;
    };
    Some(by_beginning(&text))
}

/// Whether these bytes hold no control characters but those of text: in UTF-8 and all older character sets of bytes.
pub(super) fn is_text(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| matches!(byte, b'\t' | b'\n' | b'\x0b' | b'\x0c' | b'\r' | b' '..=b'~' | 0x80..))
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)).into_owned()
}

/// Text with a byte order mark; none where it holds control characters.
fn from_utf16(bytes: &[u8]) -> Option<String> {
    let little = bytes.starts_with(b"\xff\xfe");
    let units = bytes.chunks_exact(2).skip(1).map(|pair| {
        let pair = [pair[0], pair[1]];
        if little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) }
    });
    let text: String =
        char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    let control = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\x0b' | '\x0c' | '\r' | '\u{85}');
    (!text.contains(control)).then_some(text)
}

/// What text is that begins like this.
fn by_beginning(text: &str) -> FileType {
    const SCRIPTS: [&str; 13] = [
        "#!",
        "<?php",
        "<?=",
        "<%",
        "<job",
        "<package",
        "<component",
        "<scriptlet",
        "@echo",
        "windows registry editor",
        "regedit4",
        "on error resume next",
        "[autorun]",
    ];
    const SHORTCUTS: [&str; 5] =
        ["[internetshortcut]", "[desktop entry]", "[shell]", "[.shellclassinfo]", "[{000214a0"];
    const OTHERS: [&str; 5] = ["{\\rtf", "%!ps", "id;p", "<workbook", "<w:worddocument"];
    const LOOKED_AT: usize = 4096;
    let beginning: String = text.trim_start().chars().take(LOOKED_AT).collect::<String>().to_lowercase();
    let starts = |marks: &[&str]| marks.iter().any(|mark| beginning.starts_with(mark));
    if starts(&SCRIPTS) {
        FileType::Script
    } else if starts(&SHORTCUTS) {
        FileType::Shortcut
    } else if beginning.starts_with("<svg") || beginning.starts_with("<!doctype svg") {
        FileType::Svg
    } else if beginning.starts_with("<?xml") {
        xml(&text.to_lowercase())
    } else if is_page(&beginning) || starts(&["mime-version:", "from: <saved by"]) {
        FileType::WebPage
    } else if starts(&OTHERS) {
        FileType::OtherDocument
    } else {
        FileType::Text
    }
}

fn xml(text: &str) -> FileType {
    if text.contains("<svg") || text.contains(":svg") {
        FileType::Svg
    } else if text.contains("<html") || text.contains("http://www.w3.org/1999/xhtml") {
        FileType::WebPage
    } else if text.contains("<scriptlet") || text.contains("<job") || text.contains("<component") {
        FileType::Script
    } else {
        FileType::OtherDocument
    }
}

/// Whether this is what browsers take for a page (WHATWG MIME Sniffing, 7.1).
fn is_page(beginning: &str) -> bool {
    const TAGS: [&str; 18] = [
        "<!doctype html",
        "<html",
        "<head",
        "<script",
        "<iframe",
        "<h1",
        "<div",
        "<font",
        "<table",
        "<a",
        "<style",
        "<title",
        "<b",
        "<body",
        "<br",
        "<p",
        "<meta",
        "<hta:application",
    ];
    let ends = |rest: &str| rest.starts_with(|c: char| c == '>' || c.is_whitespace());
    beginning.starts_with("<!--") || TAGS.iter().any(|tag| beginning.strip_prefix(tag).is_some_and(ends))
}
