//! Sound: Ogg by its first packets, ADTS and MPEG by frames that follow one another.

use std::io::{self, Read, Seek};

use super::read_at;
use crate::kind::FileType;

/// Where the number of channels stands in a file that begins with an Opus header (RFC 7845, 5.1), after one page header
/// with a single segment (RFC 3533, 6).
const OPUS_CHANNELS: usize = 28 + 9;

/// What sound this is, if any.
pub(super) fn sniff(file: &mut (impl Read + Seek), head: &[u8], len: u64) -> io::Result<Option<FileType>> {
    if head.starts_with(b"OggS") {
        return Ok(Some(ogg(head)));
    }
    let start = after_id3(head);
    let looked_at = read_at(file, start, 4096)?;
    // Behind its tags a file may have padding; a file without tags begins with a frame.
    let last = if start == 0 { 0 } else { looked_at.len().saturating_sub(1) };
    for offset in 0..=last {
        let Some(bytes) = looked_at.get(offset..) else { break };
        let Some((file_type, frame)) = frame(bytes) else { continue };
        let next = start + offset as u64 + frame;
        let follows =
            next == len || self::frame(&read_at(file, next, 8)?).is_some_and(|it| it.0 == file_type);
        if follows {
            return Ok(Some(file_type));
        }
    }
    Ok(None)
}

/// How many channels an Opus file has.
pub(crate) fn opus_channels(head: &[u8]) -> Option<u8> {
    head.get(OPUS_CHANNELS).copied()
}

/// A file with one stream of a codec that we know; anything else is not known.
fn ogg(head: &[u8]) -> FileType {
    let Some(&segments) = head.get(26) else { return FileType::Unknown };
    let table = head.get(27..27 + usize::from(segments)).unwrap_or_default();
    let packet = 27 + usize::from(segments);
    let next = packet + table.iter().copied().map(usize::from).sum::<usize>();
    // A second stream begins on the second page, flagged as the first of its own.
    let second = head.get(next..).is_some_and(|page| page.starts_with(b"OggS") && page.get(5) == Some(&2));
    let packet = head.get(packet..).unwrap_or_default();
    if second {
        FileType::Unknown
    } else if packet.starts_with(b"OpusHead") && segments == 1 {
        FileType::OggOpus
    } else if packet.starts_with(b"\x01vorbis") {
        FileType::OggVorbis
    } else {
        FileType::Unknown
    }
}

/// Where the sound begins behind `ID3v2` tags: a header of ten bytes with a length of four times seven bits.
fn after_id3(head: &[u8]) -> u64 {
    match head {
        [b'I', b'D', b'3', _major, _revision, _flags, a, b, c, d, ..] => {
            10 + [a, b, c, d].iter().fold(0, |sum, seven| (sum << 7) | u64::from(**seven & 0x7f))
        }
        _ => 0,
    }
}

/// What frame begins here and how long it is, in bytes.
fn frame(bytes: &[u8]) -> Option<(FileType, u64)> {
    let adts = adts(bytes).map(|len| (FileType::Aac, len));
    adts.or_else(|| mpeg(bytes).map(|len| (FileType::Mp3, len)))
}

/// A frame of ADTS (ISO/IEC 13818-7, 6.2).
fn adts(bytes: &[u8]) -> Option<u64> {
    let &[0xff, second, third, fourth, fifth, sixth, ..] = bytes else { return None };
    let len = (u64::from(fourth & 0b11) << 11) | (u64::from(fifth) << 3) | u64::from(sixth >> 5);
    let known_rate = (third >> 2) & 0b1111 < 13;
    (second & 0xf6 == 0xf0 && known_rate && len > 7).then_some(len)
}

/// A frame of layer III (ISO/IEC 11172-3, 2.4.2.3; 13818-3 for the lower rates).
fn mpeg(bytes: &[u8]) -> Option<u64> {
    const KBITS_1: [u64; 14] = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    const KBITS_2: [u64; 14] = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    const HERTZ: [u64; 3] = [44_100, 48_000, 32_000];
    let &[0xff, second, third, ..] = bytes else { return None };
    if second & 0b1110_0110 != 0b1110_0010 {
        return None;
    }
    let (slower, kbits, coefficient) = match (second >> 3) & 0b11 {
        0b11 => (1, KBITS_1, 144),
        0b10 => (2, KBITS_2, 72),
        0b00 => (4, KBITS_2, 72),
        _ => return None,
    };
    let kbits = kbits.get(usize::from(third >> 4).checked_sub(1)?)?;
    let hertz = HERTZ.get(usize::from((third >> 2) & 0b11))? / slower;
    Some(coefficient * kbits * 1000 / hertz + u64::from((third >> 1) & 1))
}
