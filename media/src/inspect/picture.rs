//! How a picture is made, by its headers: WhatsApp takes still ones in 8-bit red, green and blue.

use std::io::{self, Read, Seek};

use super::PictureForm;
use crate::{
    kind::FileType,
    sniff::{Ends, read_at},
};

/// How many segments or blocks are looked at before giving up.
const AT_MOST: usize = 4096;

/// How a picture of this type is made.
pub(super) fn form(
    file: &mut (impl Read + Seek),
    file_type: FileType,
    ends: &Ends,
) -> io::Result<PictureForm> {
    Ok(match file_type {
        FileType::Png => png(&ends.head),
        FileType::Jpeg => jpeg(file)?,
        FileType::Webp if ends.head.get(12..16) == Some(b"VP8X") => {
            // The second bit of the flags, see "WebP Container Specification".
            let animated = ends.head.get(20).is_some_and(|flags| flags & 0b10 != 0);
            if animated { PictureForm::Animated } else { PictureForm::Plain }
        }
        FileType::Gif => gif(file, &ends.head)?,
        _ => PictureForm::Plain,
    })
}

/// By the bit depth and colour type of its header (PNG, 11.2.2), and by whether it has a chunk for animation before its
/// picture.
fn png(head: &[u8]) -> PictureForm {
    let data = head.windows(4).position(|chunk| chunk == b"IDAT").unwrap_or(head.len());
    let animated = head.get(..data).unwrap_or_default().windows(4).any(|chunk| chunk == b"acTL");
    match (head.get(24), head.get(25)) {
        _ if animated => PictureForm::Animated,
        (Some(8), Some(2 | 6)) | (None, _) | (_, None) => PictureForm::Plain,
        _ => PictureForm::OddColours,
    }
}

/// By the bit depth and the number of components of its frame (ITU T.81, B.2.2).
fn jpeg(file: &mut (impl Read + Seek)) -> io::Result<PictureForm> {
    let mut at = 2;
    for _ in 0..AT_MOST {
        let header = read_at(file, at, 10)?;
        let &[0xff, marker, high, low, ref rest @ ..] = header.as_slice() else { break };
        if marker == 0xff {
            at += 1;
            continue;
        }
        if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
            let plain = matches!(rest, [8, _, _, _, _, 1 | 3]);
            return Ok(if plain { PictureForm::Plain } else { PictureForm::OddColours });
        }
        at += 2 + u64::from(u16::from_be_bytes([high, low]));
    }
    Ok(PictureForm::Plain)
}

/// By whether there is a second picture in it (`GIF89a`, 20 to 26).
fn gif(file: &mut (impl Read + Seek), head: &[u8]) -> io::Result<PictureForm> {
    let table = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3_u64 << ((flags & 0b111) + 1) };
    let mut at = 13 + head.get(10).map_or(0, |flags| table(*flags));
    let mut pictures = 0;
    for _ in 0..AT_MOST {
        let header = read_at(file, at, 10)?;
        at = match header.as_slice() {
            [0x21, _label, ..] => after_blocks(file, at + 2)?,
            [0x2c, .., flags] if header.len() == 10 => {
                pictures += 1;
                if pictures > 1 {
                    return Ok(PictureForm::Animated);
                }
                after_blocks(file, at + 10 + table(*flags) + 1)?
            }
            _ => break,
        };
    }
    Ok(PictureForm::Plain)
}

/// Where the blocks end that begin here, each with its length before it.
fn after_blocks(file: &mut (impl Read + Seek), start: u64) -> io::Result<u64> {
    const BLOCKS: usize = 1_000_000;
    let mut at = start;
    for _ in 0..BLOCKS {
        match read_at(file, at, 1)?.first() {
            None => break,
            Some(0) => return Ok(at + 1),
            Some(len) => at += 1 + u64::from(*len),
        }
    }
    Ok(at)
}
