//! Pictures made anew from pixels alone: nothing that a file says beside them gets through.

use std::{fs::File, io::Cursor};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use image::{
    DynamicImage, GenericImageView as _, ImageEncoder as _,
    codecs::{jpeg::JpegEncoder, png::PngEncoder},
};

use super::{Converted, Fit, bytes, shrink, still};
use crate::child::Trouble;

/// How good a preview is, from 1 to 100.
const PREVIEW_QUALITY: u8 = 80;
/// How good a picture is that is sent, from 1 to 100.
const SENT_QUALITY: u8 = 90;
/// The longest side of a picture that is made anew to be sent, in pixels: more than any phone shows.
const SENT_SIDE: u32 = 4096;
/// How many thousandths of its sides a picture keeps when it has to be made smaller, one try after the other.
const STEPS: [u32; 7] = [1000, 750, 500, 350, 250, 150, 75];
/// The longest side of what a thumb hash is made from: the most it takes.
const HASHED_SIDE: u32 = 100;

/// Whether something shines through anywhere.
fn is_transparent(image: &DynamicImage) -> bool {
    image.color().has_alpha() && image.pixels().any(|(_x, _y, pixel)| pixel.0[3] < u8::MAX)
}

/// As JPEG or, where something shines through, as PNG.
fn encode(image: DynamicImage, quality: u8) -> Result<Converted, Trouble> {
    let mut bytes = Cursor::new(Vec::new());
    let (mime, done) = if is_transparent(&image) {
        let rgba = image.into_rgba8();
        let (width, height) = rgba.dimensions();
        (
            "image/png",
            PngEncoder::new(&mut bytes).write_image(&rgba, width, height, image::ColorType::Rgba8.into()),
        )
    } else {
        ("image/jpeg", JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(&image.into_rgb8()))
    };
    done.map_err(|_error| Trouble::Damaged)?;
    Ok(Converted { mime: mime.to_owned(), bytes: bytes.into_inner() })
}

/// A preview of what was made as small as [`PREVIEW`](super::PREVIEW).
pub(crate) fn preview(image: &DynamicImage) -> Result<Vec<u8>, Trouble> {
    Ok(encode(image.clone(), PREVIEW_QUALITY)?.bytes)
}

/// What it looks like from afar, in base64.
pub(crate) fn thumb_hash(image: &DynamicImage) -> String {
    let fit = Fit { side: HASHED_SIDE, bytes: u32::MAX };
    let small = shrink(image.clone(), fit.of([image.width(), image.height()], 1)).into_rgba8();
    let [width, height] = [small.width(), small.height()].map(|side| usize::try_from(side).unwrap_or(0));
    STANDARD.encode(thumbhash::rgba_to_thumb_hash(width, height, &small))
}

/// Makes a picture that may be sent: at most so many bytes.
pub(crate) fn convert(file: &File, max_bytes: u32) -> Result<Converted, Trouble> {
    let whole = Fit { side: SENT_SIDE, bytes: u32::MAX };
    let image = still(&bytes(file)?, whole)?.image;
    let size = [image.width(), image.height()];
    for step in STEPS {
        let small = shrink(image.clone(), size.map(|side| (side * step / 1000).max(1)));
        let made = encode(small, SENT_QUALITY)?;
        if u32::try_from(made.bytes.len()).is_ok_and(|length| length <= max_bytes) {
            return Ok(made);
        }
    }
    Err(Trouble::TooLarge)
}
