//! The boxes that MP4 and 3GP files are made of: a length, a name, and bytes or boxes again (ISO/IEC 14496-12, 4.2).

use std::{
    fs::File,
    io::{Read as _, Seek as _, SeekFrom},
    ops::Range,
};

use crate::child::Trouble;

/// More boxes than this at the top of a film are not looked at; one in many fragments has some per second.
const MAX_TOP_LEVEL: usize = 10_000;

/// Where the content of a box stands in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) name: [u8; 4],
    /// The first byte after its header.
    pub(crate) start: u64,
    /// How many bytes there are.
    pub(crate) length: u64,
}

/// The outermost boxes of a file, in their order; the last one as far as the file goes.
pub(crate) fn top_level(mut file: &File) -> Result<Vec<Place>, Trouble> {
    let damaged = |_error: std::io::Error| Trouble::Damaged;
    let end = file.seek(SeekFrom::End(0)).map_err(damaged)?;
    let (mut at, mut found) = (0, Vec::new());
    while at < end && found.len() < MAX_TOP_LEVEL {
        file.seek(SeekFrom::Start(at)).map_err(damaged)?;
        let mut header = Vec::new();
        file.take(16).read_to_end(&mut header).map_err(damaged)?;
        let Some((name, before, length)) = header_of(&header) else { break };
        let whole = length.unwrap_or(end - at).min(end - at);
        found.push(Place { name, start: at + before, length: whole.saturating_sub(before) });
        at += whole;
    }
    Ok(found)
}

/// Name, length of the header, and length of the whole if it doesn't go on to the end.
fn header_of(bytes: &[u8]) -> Option<([u8; 4], u64, Option<u64>)> {
    let name = *bytes.get(4..)?.first_chunk()?;
    match number(bytes.get(..4)?) {
        0 => Some((name, 8, None)),
        1 => Some((name, 16, Some(number(bytes.get(8..16)?)).filter(|length| *length >= 16))),
        length => (length >= 8).then_some((name, 8, Some(length))),
    }
}

/// Where a box stands in the bytes it was found in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) name: [u8; 4],
    /// Where its name begins.
    pub(crate) named: usize,
    /// Its content.
    pub(crate) content: Range<usize>,
}

/// The boxes that stand within a part of these bytes, in their order; the last one as far as it goes.
pub(crate) fn spans(bytes: &[u8], within: Range<usize>) -> Vec<Span> {
    let (mut at, mut found) = (within.start, Vec::new());
    while let Some((name, before, length)) = bytes.get(at..within.end).and_then(header_of) {
        let left = within.end - at;
        let before = usize::try_from(before).unwrap_or(left).min(left);
        let length = length.map_or(left, |length| usize::try_from(length).unwrap_or(left).min(left));
        found.push(Span { name, named: at + 4, content: at + before..at + length });
        at += length;
    }
    found
}

/// Names and contents of the boxes in a box, the last one as far as it goes.
pub(crate) fn boxes(inside: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    spans(inside, 0..inside.len()).into_iter().map(|span| (span.name, &inside[span.content]))
}

/// The content of the first box of that name.
pub(crate) fn first(inside: &[u8], name: [u8; 4]) -> Option<&[u8]> {
    boxes(inside).find(|(called, _)| *called == name).map(|(_, content)| content)
}

/// The content of the box that is reached by those names.
pub(crate) fn at<'a>(inside: &'a [u8], names: &[[u8; 4]]) -> Option<&'a [u8]> {
    names.iter().try_fold(inside, |inside, name| first(inside, *name))
}

/// A number of up to eight bytes, the highest first.
pub(crate) fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// A number of 32 bits that stands there.
pub(crate) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// What a header of a film or of one of its tracks says of its length (8.2.2 and 8.4.2): both begin alike.
pub(crate) fn duration_ms(header: &[u8]) -> Option<u64> {
    let (scale, length) = match header.first()? {
        0 => (header.get(12..16)?, header.get(16..20)?),
        _ => (header.get(20..24)?, header.get(24..32)?),
    };
    // All bits set: it doesn't know.
    if length.iter().all(|byte| *byte == 0xff) {
        return None;
    }
    let millis = (u128::from(number(length)) * 1000).checked_div(number(scale).into())?;
    u64::try_from(millis).ok().filter(|millis| *millis > 0)
}
