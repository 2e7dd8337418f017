//! Files on their way out, without what they say of place, time, camera and author. Nothing is decoded: every pixel and every
//! sound stays as it is.

use std::{
    fs::File,
    io::{Read as _, Seek as _},
};

use image::metadata::Orientation;

use crate::child::Trouble;

mod film;
mod jpeg;
mod png;
#[cfg(test)]
mod tests;
mod webp;

/// The same file without its metadata, if it has at most so many bytes.
pub(crate) fn strip(mut file: &File, max_bytes: u32) -> Result<Vec<u8>, Trouble> {
    let damaged = |_error: std::io::Error| Trouble::Damaged;
    let mut bytes = Vec::new();
    file.rewind().map_err(damaged)?;
    let read = file.take(u64::from(max_bytes) + 1).read_to_end(&mut bytes).map_err(damaged)?;
    if u32::try_from(read).is_ok_and(|read| read <= max_bytes) {
        stripped(bytes)
    } else {
        Err(Trouble::TooLarge)
    }
}

fn stripped(bytes: Vec<u8>) -> Result<Vec<u8>, Trouble> {
    let done = match bytes.as_slice() {
        [0xff, 0xd8, 0xff, ..] => jpeg::strip(&bytes),
        [0x89, b'P', b'N', b'G', ..] => png::strip(&bytes),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => webp::strip(&bytes),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => film::strip(bytes),
        _ => return Err(Trouble::NotAPicture),
    };
    done.ok_or(Trouble::Damaged)
}

/// EXIF that says nothing but how a picture is turned (TIFF 6.0, section 2; EXIF 2.3, 4.6.4); none where it stands upright.
fn exif_of(orientation: Orientation) -> Option<Vec<u8>> {
    if orientation == Orientation::NoTransforms {
        return None;
    }
    // Little-endian; one entry, at byte 8: tag 0x0112, one 16-bit number; no further directory.
    let mut exif = b"II\x2a\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    exif.extend([orientation.to_exif(), 0, 0, 0, 0, 0, 0, 0]);
    Some(exif)
}

/// What EXIF says of how a picture is turned.
fn orientation_of(exif: &[u8]) -> Orientation {
    Orientation::from_exif_chunk(exif).unwrap_or(Orientation::NoTransforms)
}
