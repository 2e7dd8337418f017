//! MP4 and 3GP: what is said about the film is blotted out where it stands, so that nothing else moves.

use crate::video::boxes::spans;

/// Boxes that say something about the film: user data, metadata, XMP and the like (ISO/IEC 14496-12, 8.10 and 8.11).
const TELLING: [&[u8; 4]; 3] = [b"udta", b"meta", b"uuid"];
/// Boxes in which those are looked for.
const HOLDING: [&[u8; 4]; 4] = [b"moov", b"trak", b"mdia", b"moof"];

/// None if there is no film in it.
pub(super) fn strip(mut bytes: Vec<u8>) -> Option<Vec<u8>> {
    let all = 0..bytes.len();
    let is_film = spans(&bytes, all.clone()).iter().any(|span| span.name == *b"moov");
    blot(&mut bytes, all);
    is_film.then_some(bytes)
}

fn blot(bytes: &mut [u8], within: std::ops::Range<usize>) {
    for span in spans(bytes, within) {
        if TELLING.contains(&&span.name) {
            bytes[span.named..span.named + 4].copy_from_slice(b"free");
            bytes[span.content].fill(0);
        } else if HOLDING.contains(&&span.name) {
            blot(bytes, span.content);
        } else if matches!(&span.name, b"mvhd" | b"tkhd" | b"mdhd") {
            forget_times(&mut bytes[span.content]);
        }
    }
}

/// When it was made and changed stands at the beginning of each header, after version and flags (8.2.2, 8.3.2, 8.4.2).
fn forget_times(header: &mut [u8]) {
    let length = if header.first() == Some(&1) { 16 } else { 8 };
    if let Some(times) = header.get_mut(4..4 + length) {
        times.fill(0);
    }
}
