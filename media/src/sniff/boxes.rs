//! MP4 and its relatives (ISO/IEC 14496-12): a file of nested boxes.

use std::io::{self, Read, Seek};

use super::read_at;
use crate::kind::FileType;

/// How many boxes are looked at on one level.
const AT_MOST: usize = 1024;

/// A box: its type, and where its content lies.
struct Part {
    kind: [u8; 4],
    start: u64,
    end: u64,
}

/// What a file is that begins with an `ftyp` box.
pub(super) fn mp4(file: &mut (impl Read + Seek), head: &[u8], len: u64) -> io::Result<FileType> {
    let brand = head.get(8..12).unwrap_or_default();
    let family = match brand {
        [b'3', b'g', ..] => FileType::ThreeGpp,
        b"M4A " | b"M4B " | b"M4P " => FileType::M4a,
        b"qt  " | b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"mif1" | b"msf1" | b"avif" | b"avis"
        | b"crx " | b"jp2 " => return Ok(FileType::Unknown),
        _ if is_mp4(head) => FileType::Mp4,
        _ => return Ok(FileType::Unknown),
    };
    let tracks = tracks(file, len)?;
    Ok(match family {
        FileType::ThreeGpp => FileType::ThreeGpp,
        _ if tracks.contains(b"vide") => FileType::Mp4,
        _ if tracks.contains(b"soun") => FileType::M4a,
        // What is cut off before its tracks are told is what it says it is.
        family => family,
    })
}

/// Whether the brands say that MP4 players play it.
fn is_mp4(head: &[u8]) -> bool {
    let size = head.first_chunk().map_or(0, |size| u32::from_be_bytes(*size) as usize);
    let major = head.get(8..12).into_iter();
    let compatible = head.get(16..size.min(256)).unwrap_or_default().chunks_exact(4);
    major.chain(compatible).any(|brand| match brand {
        b"avc1" | b"mp41" | b"mp42" | b"mp71" | b"M4V " | b"M4VH" | b"M4VP" | b"MSNV" | b"dash" => true,
        [b'i', b's', b'o', last] => last.is_ascii_alphanumeric(),
        _ => false,
    })
}

/// What the tracks are for.
fn tracks(file: &mut (impl Read + Seek), len: u64) -> io::Result<Vec<[u8; 4]>> {
    let mut handlers = Vec::new();
    for movie in parts(file, 0, len, *b"moov")?.into_iter().take(1) {
        for track in parts(file, movie.start, movie.end, *b"trak")? {
            for media in parts(file, track.start, track.end, *b"mdia")?.into_iter().take(1) {
                for handler in parts(file, media.start, media.end, *b"hdlr")?.into_iter().take(1) {
                    if let Some(kind) = read_at(file, handler.start + 8, 4)?.first_chunk() {
                        handlers.push(*kind);
                    }
                }
            }
        }
    }
    Ok(handlers)
}

/// The boxes of this type between two places.
fn parts(file: &mut (impl Read + Seek), start: u64, end: u64, wanted: [u8; 4]) -> io::Result<Vec<Part>> {
    let mut found = Vec::new();
    let mut at = start;
    for _ in 0..AT_MOST {
        let Some(part) = part(&read_at(file, at, 16)?, at, end) else { break };
        at = part.end;
        if part.kind == wanted {
            found.push(part);
        }
    }
    Ok(found)
}

/// The box whose header this is; none at the end and where it makes no sense.
fn part(header: &[u8], at: u64, end: u64) -> Option<Part> {
    let short = u64::from(u32::from_be_bytes(*header.first_chunk()?));
    let kind = *header.get(4..)?.first_chunk()?;
    let (size, header_len) = match short {
        0 => (end.checked_sub(at)?, 8),
        1 => (u64::from_be_bytes(*header.get(8..)?.first_chunk()?), 16),
        short => (short, 8),
    };
    let start = at.checked_add(header_len)?;
    let part_end = at.checked_add(size)?.min(end);
    (at < end && start <= part_end).then_some(Part { kind, start, end: part_end })
}
