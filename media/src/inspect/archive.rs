//! ZIP files: archives, and the documents that are archives. Their directory is read, and the few parts that say what a
//! document is; nothing is unpacked to disk, and archives in archives stay closed.

use std::{
    collections::HashSet,
    io::{Read, Seek},
};

use zip::ZipArchive;

use super::{Flaw, Found, office, polyglot::holds};
use crate::{
    kind::{FileType, is_dangerous_extension},
    name::extension_of,
    sniff::Ends,
};

/// How many files may be in one.
const MOST_ENTRIES: usize = 10_000;
/// How many bytes all of them may be, unpacked.
const MOST_BYTES: u64 = 500 * 1024 * 1024;
/// How many bytes may become of one byte.
const MOST_RATIO: u64 = 100;

/// Looks into a ZIP file.
pub(super) fn look(file: &mut (impl Read + Seek), ends: &Ends) -> Found {
    let flawed = |flaw| Found { flaw: Some(flaw), ..Found::new(FileType::Zip) };
    if declared_entries(&ends.tail).is_some_and(|entries| entries > MOST_ENTRIES) {
        return flawed(Flaw::TooMuch);
    }
    let Ok(mut archive) = ZipArchive::new(file) else { return flawed(Flaw::Damaged) };
    match flaw(&mut archive) {
        Some(flaw) => flawed(flaw),
        None => contents(&mut archive),
    }
}

/// How many files the end record tells of, before any memory is spent on them.
fn declared_entries(tail: &[u8]) -> Option<usize> {
    let record = tail.windows(22).rfind(|record| record.starts_with(b"PK\x05\x06"))?;
    record[10..12].first_chunk().map(|entries| usize::from(u16::from_le_bytes(*entries)))
}

/// What is wrong with an archive, by its directory.
fn flaw<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Option<Flaw> {
    if archive.len() > MOST_ENTRIES {
        return Some(Flaw::TooMuch);
    }
    let (mut unpacked, mut packed, mut first) = (0_u64, 0_u64, u64::MAX);
    for index in 0..archive.len() {
        let Ok(entry) = archive.by_index_data(index) else { return Some(Flaw::Damaged) };
        unpacked = unpacked.saturating_add(entry.size());
        packed = packed.saturating_add(entry.compressed_size());
        first = first.min(entry.header_start());
    }
    if unpacked > MOST_BYTES || unpacked > packed.saturating_mul(MOST_RATIO) {
        return Some(Flaw::TooMuch);
    }
    // Something stands before the archive, or two parts go by one name: programs will disagree about what is in it.
    if archive.offset() != 0 || (first != 0 && !archive.is_empty()) || archive.has_duplicate_names() {
        return Some(Flaw::Damaged);
    }
    match archive.has_overlapping_entries() {
        Ok(false) => None,
        Ok(true) => Some(Flaw::TooMuch),
        Err(_unreadable) => Some(Flaw::Damaged),
    }
}

/// What a sound archive holds.
fn contents<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Found {
    let mut found = Found::new(FileType::Zip);
    let mut names = Vec::with_capacity(archive.len());
    for index in 0..archive.len() {
        let Ok(entry) = archive.by_index_data(index) else { continue };
        found.encrypted |= entry.encrypted();
        found.holds_programs |= entry.is_symlink();
        names.push(String::from_utf8_lossy(entry.name_raw()).replace('\\', "/").to_lowercase());
    }
    let distinct: HashSet<&str> = names.iter().map(String::as_str).collect();
    if distinct.contains("[content_types].xml") {
        if distinct.len() != names.len() {
            // Names of parts don't mind case (ECMA-376-2, 6.2.2.3).
            found.flaw = Some(Flaw::Damaged);
        }
        office::look(archive, &names, &mut found);
        return found;
    }
    let program =
        ["androidmanifest.xml", "classes.dex", "meta-inf/manifest.mf", "appxmanifest.xml", "__main__.py"];
    found.holds_programs |=
        names.iter().filter_map(|name| extension_of(name)).any(|it| is_dangerous_extension(&it));
    if program.iter().any(|name| distinct.contains(name)) {
        found.file_type = FileType::Program;
    } else if distinct.contains("mimetype") || distinct.contains("index/document.iwa") {
        found.file_type = FileType::OtherDocument;
    }
    found
}

/// The text of a part, of at most so many bytes; none where it can't be had or is no UTF-8 text.
pub(super) fn part<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    index: usize,
    at_most: u64,
) -> Option<String> {
    let entry = archive.by_index(index).ok()?;
    let mut bytes = Vec::new();
    entry.take(at_most + 1).read_to_end(&mut bytes).ok()?;
    if bytes.len() as u64 > at_most || holds(&bytes, b"<!DOCTYPE") {
        return None;
    }
    String::from_utf8(bytes).ok()
}
