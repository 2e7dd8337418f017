//! Files that are two things at once: whoever reads them next may see the other one.
//!
//! Programs look for their own format at different places: archives from the end, PDF within the first kilobyte, browsers
//! wherever they like. Only the ends of a file are searched; what stands elsewhere is not found by those programs either.

use std::io::{self, Read, Seek};

use crate::{
    kind::{FileType, Standing},
    sniff::{Ends, read_at},
};

/// Within how many bytes PDF viewers look for their signature (PDF 1.7, implementation note 13).
const PDF_HEAD: usize = 1024;

/// What a file of this type is as well.
pub(super) fn also(
    file: &mut (impl Read + Seek),
    file_type: FileType,
    ends: &Ends,
) -> io::Result<Option<FileType>> {
    let text = matches!(file_type, FileType::Text | FileType::Csv);
    if file_type == FileType::Unknown || file_type.standing() == Standing::Dangerous {
        return Ok(None);
    }
    let near = ends.head.get(..PDF_HEAD).unwrap_or(&ends.head);
    if file_type != FileType::Pdf && holds(near, b"%PDF-") {
        return Ok(Some(FileType::Pdf));
    }
    if text {
        return Ok(None);
    }
    if ends_like_zip(file, ends)? {
        return Ok(Some(FileType::Zip));
    }
    if file_type.standing() != Standing::Openable {
        return Ok(None);
    }
    if read_at(file, 0x8001, 5)? == b"CD001" {
        return Ok(Some(FileType::DiskImage));
    }
    // A document may well hold a page's source as its text; nobody would find it there.
    let whole = !matches!(file_type, FileType::Pdf | FileType::OtherDocument);
    let searched: &[&[u8]] = if whole { &[&ends.head, &ends.tail] } else { &[near] };
    Ok(searched.iter().find_map(|bytes| signature(bytes)).or_else(|| gif_script(file_type, &ends.head)))
}

/// What has its signature among these bytes.
fn signature(bytes: &[u8]) -> Option<FileType> {
    const SIGNATURES: [(&[u8], FileType); 9] = [
        (b"<html", FileType::WebPage),
        (b"<script", FileType::WebPage),
        (b"<!doctype html", FileType::WebPage),
        (b"<hta:application", FileType::WebPage),
        (b"<?php", FileType::Script),
        (b"this program cannot be run in dos mode", FileType::Program),
        (b"this program must be run under win32", FileType::Program),
        (b"rar!\x1a\x07", FileType::Archive),
        (b"7z\xbc\xaf\x27\x1c", FileType::Archive),
    ];
    let lower = bytes.to_ascii_lowercase();
    let tar = bytes.get(257..).is_some_and(|rest| rest.starts_with(b"ustar"));
    let found = SIGNATURES.iter().find(|(signature, _type)| holds(&lower, signature));
    found.map(|(_signature, file_type)| *file_type).or(tar.then_some(FileType::Archive))
}

/// A picture whose width begins a comment of JavaScript.
fn gif_script(file_type: FileType, head: &[u8]) -> Option<FileType> {
    (file_type == FileType::Gif && head.get(6..8) == Some(b"/*")).then_some(FileType::Script)
}

/// Whether programs that read ZIP files from their end would take this for one: an end record with a directory before it.
fn ends_like_zip(file: &mut (impl Read + Seek), ends: &Ends) -> io::Result<bool> {
    let start = ends.len - ends.tail.len() as u64;
    for (at, record) in end_records(&ends.tail) {
        let size = record[12..16].first_chunk().map_or(0, |size| u64::from(u32::from_le_bytes(*size)));
        let directory = (start + at as u64).checked_sub(size);
        if let Some(directory) = directory
            && read_at(file, directory, 4)? == b"PK\x01\x02"
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a ZIP file ends exactly where this file does. A document may hold one as a part of it, but not there.
pub(super) fn ends_with_zip(ends: &Ends) -> bool {
    end_records(&ends.tail).any(|(at, record)| {
        let comment = record[20..22].first_chunk().map_or(0, |len| usize::from(u16::from_le_bytes(*len)));
        at + record.len() + comment == ends.tail.len()
    })
}

/// The end records of ZIP files, and where they stand (APPNOTE 4.3.16).
fn end_records(tail: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    tail.windows(22).enumerate().filter(|(_at, record)| record.starts_with(b"PK\x05\x06"))
}

/// Whether these bytes hold those.
pub(super) fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    let Some((first, rest)) = wanted.split_first() else { return true };
    let mut bytes = bytes;
    while let Some(at) = bytes.iter().position(|byte| byte == first) {
        bytes = &bytes[at + 1..];
        if bytes.starts_with(rest) {
            return true;
        }
    }
    false
}
