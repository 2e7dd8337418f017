//! Compound files (MS-CFB): office documents of before 2007, encrypted ones of any age, installers, messages.
//!
//! What is looked for is what `oletools` looks for: projects of Visual Basic, macro sheets of Excel 4, packaged files, DDE
//! and encryption, each by its storage or record (MS-OVBA, MS-XLS, MS-DOC, MS-PPT, MS-OFFCRYPTO).

use std::io::{Read, Seek, SeekFrom};

use cfb::CompoundFile;

use super::{ActiveContent, Flaw, Found, polyglot::holds};
use crate::kind::FileType;

/// How many streams and storages are looked at.
const MOST_ENTRIES: usize = 10_000;
/// How much of one stream is read, in bytes.
const STREAM: u64 = 32 * 1024 * 1024;

/// Looks into a compound file.
pub(super) fn look(file: &mut (impl Read + Seek)) -> Found {
    let mut found = Found::new(FileType::OtherDocument);
    let Ok(mut compound) = CompoundFile::open(file) else {
        found.flaw = Some(Flaw::Damaged);
        return found;
    };
    let entries = compound.walk().take(MOST_ENTRIES + 1);
    let paths: Vec<String> = entries.map(|entry| entry.path().to_string_lossy().to_lowercase()).collect();
    if paths.len() > MOST_ENTRIES {
        found.flaw = Some(Flaw::TooMuch);
        return found;
    }
    let has = |path: &str| paths.iter().any(|it| it == path);
    let mains = [
        (has("/worddocument"), FileType::Doc),
        (has("/workbook") || has("/book"), FileType::Xls),
        (has("/powerpoint document"), FileType::Ppt),
        (has("/encryptedpackage"), FileType::EncryptedOffice),
        (is_installer(&compound), FileType::Program),
    ];
    let mut mains = mains.iter().filter(|(is, _type)| *is).map(|(_is, file_type)| *file_type);
    if let Some(main) = mains.next() {
        found.file_type = main;
    }
    if mains.next().is_some() {
        found.flaw = Some(Flaw::Damaged);
    }
    for name in paths.iter().flat_map(|path| path.split('/')) {
        match name {
            "macros" | "vba" | "_vba_project" | "_vba_project_cur" => found.mark(ActiveContent::Macros),
            "\u{1}ole10native" | "package" => found.mark(ActiveContent::EmbeddedFiles),
            _ => {}
        }
    }
    match found.file_type {
        FileType::Doc => word(&mut compound, &mut found),
        FileType::Xls => excel(&mut compound, &mut found),
        FileType::Ppt => powerpoint(&mut compound, &mut found),
        FileType::EncryptedOffice => found.encrypted = true,
        _ => {}
    }
    found
}

/// Whether its class is that of an installer, a patch or a transform of one.
fn is_installer<F>(compound: &CompoundFile<F>) -> bool {
    let class = compound.root_entry().clsid().to_string();
    let number =
        class.strip_prefix("000c108").and_then(|rest| rest.strip_suffix("-0000-0000-c000-000000000046"));
    matches!(number, Some("2" | "4" | "6"))
}

/// A document's flags, fields and pages.
fn word<F: Read + Seek>(compound: &mut CompoundFile<F>, found: &mut Found) {
    let text = stream(compound, "/WordDocument");
    // FibBase, at byte 10: fEncrypted is its ninth bit (MS-DOC, 2.5.2).
    found.encrypted |= word_at(&text, 10).is_some_and(|flags| flags & 0x0100 != 0);
    if has_dde_field(&text) {
        found.mark(ActiveContent::Commands);
    }
    found.pages = property(&stream(compound, "/\u{5}SummaryInformation"), 0x0e);
}

/// Whether a field begins with DDE: the character 0x13, spaces, the word, in bytes or in UTF-16.
fn has_dde_field(text: &[u8]) -> bool {
    text.iter().enumerate().filter(|(_at, byte)| **byte == 0x13).any(|(at, _byte)| {
        let field = text.get(at + 1..).unwrap_or_default();
        let field = field.get(..64).unwrap_or(field);
        let letters: Vec<u8> = field
            .iter()
            .filter(|byte| !matches!(byte, 0 | b' ' | b'"'))
            .map(u8::to_ascii_lowercase)
            .collect();
        letters.starts_with(b"dde")
    })
}

/// A workbook's records: each an id and a length of two bytes, then so many bytes (MS-XLS, 2.1.4).
fn excel<F: Read + Seek>(compound: &mut CompoundFile<F>, found: &mut Found) {
    const FILEPASS: u16 = 0x002f;
    const BOUNDSHEET: u16 = 0x0085;
    const SUPBOOK: u16 = 0x01ae;
    let name = if compound.exists("/Workbook") { "/Workbook" } else { "/Book" };
    let book = stream(compound, name);
    let (mut rest, mut sheets) = (book.as_slice(), 0);
    while let (Some(id), Some(len)) = (word_at(rest, 0), word_at(rest, 2)) {
        let Some((record, after)) = rest[4..].split_at_checked(usize::from(len)) else { break };
        rest = after;
        match (id, record) {
            (FILEPASS, _) => found.encrypted = true,
            (BOUNDSHEET, [_, _, _, _, _, 1, ..]) => found.mark(ActiveContent::Macros),
            (BOUNDSHEET, [_, _, _, _, _, 0, ..]) => sheets += 1,
            // A link to a program has the bar between its parts stored as 3, and no mark of a path before them.
            (SUPBOOK, [_, _, _, _, _, 3..=255, path @ ..]) if path.contains(&3) => {
                found.mark(ActiveContent::Commands);
            }
            _ => {}
        }
    }
    found.pages = (sheets > 0).then_some(sheets);
}

/// A presentation's encryption, macros, objects and slides.
fn powerpoint<F: Read + Seek>(compound: &mut CompoundFile<F>, found: &mut Found) {
    // CurrentUserAtom.headerToken (MS-PPT, 2.3.2).
    found.encrypted |= holds(&stream(compound, "/Current User"), &0xf3d1_c4df_u32.to_le_bytes());
    // VBAInfoAtom (MS-PPT, 2.4.11): its header, a reference, and whether there are macros.
    let atom = [0x02, 0x00, 0x00, 0x04, 0x0c, 0x00, 0x00, 0x00];
    let document = stream(compound, "/PowerPoint Document");
    if document.windows(16).any(|window| window.starts_with(&atom) && window[12..] != [0; 4]) {
        found.mark(ActiveContent::Macros);
    }
    objects(&document, found);
    found.pages = property(&stream(compound, "/\u{5}DocumentSummaryInformation"), 0x07);
}

/// What of other programs a presentation holds: its objects stand in its records, and not in storages of their own. A record is
/// a version and an instance, a type and a length, then its bytes; of version 15, these are records too (MS-PPT, 2.3.1).
fn objects(document: &[u8], found: &mut Found) {
    const HEADER: usize = 8;
    const CONTAINER: u16 = 0x000f;
    // MS-PPT, 2.13.24.
    const EMBEDDED: u16 = 0x0fcc;
    const LINK: u16 = 0x0fce;
    const CONTROL: u16 = 0x0fee;
    let mut rest = document;
    while let (Some(version), Some(kind), Some(len)) =
        (word_at(rest, 0), word_at(rest, 2), double_at(rest, 4))
    {
        match kind {
            EMBEDDED | CONTROL => found.mark(ActiveContent::EmbeddedFiles),
            LINK => found.mark(ActiveContent::RemoteParts),
            _ => {}
        }
        let goes_in = version & CONTAINER == CONTAINER;
        let len = if goes_in { 0 } else { usize::try_from(len).unwrap_or(usize::MAX) };
        let Some(after) = rest.get(HEADER..).and_then(|rest| rest.get(len..)) else { break };
        rest = after;
    }
}

/// A stream's bytes as far as they can be read; none where there is no such stream.
fn stream<F: Read + Seek>(compound: &mut CompoundFile<F>, path: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Ok(mut stream) = compound.open_stream(path) {
        let read =
            stream.seek(SeekFrom::Start(0)).and_then(|_start| stream.take(STREAM).read_to_end(&mut bytes));
        if read.is_err() {
            bytes.clear();
        }
    }
    bytes
}

/// A whole number of a property set's first section (MS-OLEPS, 2.21).
fn property(set: &[u8], wanted: u32) -> Option<u32> {
    const WHOLE_NUMBER: u32 = 3;
    const MOST_PROPERTIES: u32 = 256;
    let section = set.get(usize::try_from(double_at(set, 44)?).ok()?..)?;
    let count = double_at(section, 4)?.min(MOST_PROPERTIES) as usize;
    let entry = (0..count).map(|index| 8 + index * 8).find(|at| double_at(section, *at) == Some(wanted))?;
    let value = usize::try_from(double_at(section, entry + 4)?).ok()?;
    let number = double_at(section, value.checked_add(4)?)?;
    (double_at(section, value)? == WHOLE_NUMBER && number > 0).then_some(number)
}

fn word_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|word| u16::from_le_bytes(*word))
}

fn double_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|double| u32::from_le_bytes(*double))
}
