//! JPEG (ITU-T T.81, annex B): all application segments and comments go, but those that change what is seen.

use super::{exif_of, orientation_of};

const START_OF_SCAN: u8 = 0xda;
const END: u8 = 0xd9;

/// None if it makes no sense up to its first scan; one that ends early is taken as far as it goes.
pub(super) fn strip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = bytes.get(..2)?.to_vec();
    let mut rest = &bytes[2..];
    // Right after the start, as EXIF wants it.
    if let Some(exif) = exif_of(orientation(bytes)) {
        let length = u16::try_from(2 + 6 + exif.len()).ok()?.to_be_bytes();
        out.extend([&[0xff, 0xe1], length.as_slice(), b"Exif\0\0", &exif].concat());
    }
    let mut scans = 0;
    while let Some((marker, content, after)) = segment(rest) {
        rest = after;
        if marker == END {
            break;
        }
        if is_kept(marker, content) {
            let length = u16::try_from(content.len() + 2).ok()?.to_be_bytes();
            out.extend([&[0xff, marker], length.as_slice(), content].concat());
        }
        if marker == START_OF_SCAN {
            scans += 1;
            let (scan, after) = rest.split_at(scan_length(rest));
            out.extend(scan);
            rest = after;
        }
    }
    // What stands behind the end are often further pictures, with metadata of their own.
    out.extend([0xff, END]);
    (scans > 0).then_some(out)
}

/// Marker, content without its length, and what follows.
fn segment(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    // Before a marker any number of 0xff may stand.
    let filled = bytes.iter().take_while(|byte| **byte == 0xff).count();
    let (marker, after) = bytes.get(filled..)?.split_first()?;
    if filled == 0 {
        return None;
    }
    if *marker == END {
        return Some((END, &[], after));
    }
    let length = usize::from(u16::from_be_bytes(*after.first_chunk()?));
    let (content, after) = after.split_at_checked(length)?;
    Some((*marker, content.get(2..)?, after))
}

/// How far the coded data go: up to the next marker that is none of their own.
fn scan_length(bytes: &[u8]) -> usize {
    let is_next = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0xd0..=0xd7 | 0xff);
    bytes.windows(2).position(is_next).unwrap_or(bytes.len())
}

/// JFIF, colour profiles and Adobe's note on colours stay; tables and frames are no metadata at all.
fn is_kept(marker: u8, content: &[u8]) -> bool {
    match marker {
        0xe0 => content.starts_with(b"JFIF\0"),
        0xe2 => content.starts_with(b"ICC_PROFILE\0"),
        0xee => content.starts_with(b"Adobe"),
        0xe0..=0xef | 0xfe => false,
        _ => true,
    }
}

fn orientation(bytes: &[u8]) -> image::metadata::Orientation {
    let mut rest = &bytes[2..];
    while let Some((marker, content, after)) = segment(rest) {
        if let (0xe1, Some(exif)) = (marker, content.strip_prefix(b"Exif\0\0")) {
            return orientation_of(exif);
        }
        if matches!(marker, START_OF_SCAN | END) {
            break;
        }
        rest = after;
    }
    image::metadata::Orientation::NoTransforms
}
