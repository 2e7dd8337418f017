//! Makes a picture of a file that a stranger sent: header first, everything within limits, small enough to keep.

use std::io::Cursor;

use chrono::TimeDelta;
use image::{
    DynamicImage, ImageDecoder as _, ImageError, ImageFormat, ImageReader, Limits, RgbaImage,
    imageops::FilterType, metadata::Orientation,
};

use crate::desk::picture::{Frame, Picture};

#[cfg(test)]
mod tests;
mod webp;

/// The longest side of a picture that is opened, in pixels.
const MAX_SIDE: u32 = 8192;
/// The most pixels of a picture that is opened.
const MAX_PIXELS: u64 = 40_000_000;
/// The most memory for one picture while it is opened, in bytes.
const MAX_ALLOC: u64 = 256 * 1024 * 1024;
/// The most frames of a picture that is opened.
const MAX_FRAMES: u32 = 200;
/// The most pixels of all frames together: a sticker of 512 × 512 pixels may have all its frames.
const MAX_ANIMATED_PIXELS: u64 = 2 * MAX_PIXELS;

/// The longest side of a picture as it is shown, in pixels.
const SHOWN_SIDE: u32 = 320;
/// The most memory for a picture as it is shown, in bytes; one of many frames is made smaller.
const SHOWN_BYTES: u32 = 12 * 1024 * 1024;

/// Why a file can't be shown, to follow "can't be shown: ".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unreadable {
    /// It is something else.
    #[error("its file is not a picture of a kind that Waxwing knows")]
    NotAPicture,
    /// It ends early or makes no sense.
    #[error("its file is damaged")]
    Damaged,
    /// It would take too much memory or time.
    #[error("it has too many pixels")]
    TooLarge,
    /// It would take too much memory or time.
    #[error("it has more than {MAX_FRAMES} frames")]
    TooManyFrames,
}

/// Opens a WebP, PNG or JPEG file. Takes its time: not for a thread that somebody waits for.
pub(super) fn decode(bytes: &[u8]) -> Result<Picture, Unreadable> {
    match image::guess_format(bytes) {
        Ok(ImageFormat::WebP) => webp::decode(bytes),
        Ok(format @ (ImageFormat::Png | ImageFormat::Jpeg)) => still(bytes, format),
        _ => Err(Unreadable::NotAPicture),
    }
}

fn still(bytes: &[u8], format: ImageFormat) -> Result<Picture, Unreadable> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(MAX_SIDE), Some(MAX_SIDE));
    limits.max_alloc = Some(MAX_ALLOC);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| unreadable(&error))?;
    let (width, height) = decoder.dimensions();
    check_size([width, height])?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let image = DynamicImage::from_decoder(decoder).map_err(|error| unreadable(&error))?;
    let mut image = shrink(image, shown_size([width, height], 1));
    image.apply_orientation(orientation);
    let size = [image.width(), image.height()];
    let frame = Frame { rgba: image.into_rgba8().into_raw().into(), shown_for: TimeDelta::seconds(1) };
    Picture::new(size, vec![frame]).ok_or(Unreadable::Damaged)
}

fn unreadable(error: &ImageError) -> Unreadable {
    match error {
        ImageError::Limits(_) => Unreadable::TooLarge,
        _ => Unreadable::Damaged,
    }
}

fn check_size([width, height]: [u32; 2]) -> Result<(), Unreadable> {
    let good = width.max(height) <= MAX_SIDE && u64::from(width) * u64::from(height) <= MAX_PIXELS;
    if good { Ok(()) } else { Err(Unreadable::TooLarge) }
}

/// How large a picture of that size and so many frames is kept.
fn shown_size(size: [u32; 2], frames: u32) -> [u32; 2] {
    let side = SHOWN_SIDE.min((SHOWN_BYTES / 4 / frames.max(1)).isqrt());
    let longest = size[0].max(size[1]);
    if longest <= side {
        return size;
    }
    // Both factors are at most 8,192.
    size.map(|length| (length * side / longest).max(1))
}

/// Makes an image smaller. Colours count as much as they can be seen, or the edges would take the colour of what is
/// transparent.
fn shrink(image: DynamicImage, [width, height]: [u32; 2]) -> DynamicImage {
    if [image.width(), image.height()] == [width, height] {
        return image;
    }
    if !image.color().has_alpha() {
        return image.resize_exact(width, height, FilterType::Triangle);
    }
    let mut seen = image.into_rgba8();
    each_colour(&mut seen, |colour, alpha| (colour * alpha + 127) / 255);
    let mut small = DynamicImage::from(seen).resize_exact(width, height, FilterType::Triangle).into_rgba8();
    each_colour(&mut small, |colour, alpha| (colour * 255 + alpha / 2).checked_div(alpha).unwrap_or(0));
    small.into()
}

fn each_colour(image: &mut RgbaImage, change: impl Fn(u32, u32) -> u32) {
    for pixel in image.chunks_exact_mut(4) {
        let (colours, alpha) = pixel.split_at_mut(3);
        let alpha = u32::from(alpha[0]);
        if alpha < 255 {
            for colour in colours {
                *colour = u8::try_from(change(u32::from(*colour), alpha)).unwrap_or(u8::MAX);
            }
        }
    }
}
