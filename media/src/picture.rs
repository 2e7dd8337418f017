//! Pictures out of files that strangers sent: header first, everything within limits, small enough to keep.

use std::{
    fs::File,
    io::{Cursor, Read as _},
};

use image::{
    DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, RgbaImage,
    imageops::FilterType, metadata::Orientation,
};
use serde::{Deserialize, Serialize};

use crate::child::Trouble;

mod encode;
mod gif;
#[cfg(test)]
mod tests;
mod webp;

pub(crate) use encode::{convert, preview, thumb_hash};

/// The longest side of a picture that is opened, in pixels.
const MAX_SIDE: u32 = 8192;
/// The most pixels of a picture that is opened.
const MAX_PIXELS: u64 = 40_000_000;
/// The most memory for one picture while it is opened, in bytes.
const MAX_ALLOC: u64 = 256 * 1024 * 1024;
/// The most frames of a picture that is opened.
pub const MAX_FRAMES: u32 = 200;
/// The most pixels of all frames together: a sticker of 512 × 512 pixels may have all its frames.
const MAX_ANIMATED_PIXELS: u64 = 2 * MAX_PIXELS;
/// The longest file that is opened, in bytes: no file of WhatsApp's is longer.
const MAX_FILE: u64 = 100 * 1024 * 1024;

/// Frames of no more than this are meant to stand for [`USUAL`], as browsers have it; in milliseconds.
const HASTY: u32 = 10;
const USUAL: u32 = 100;

/// How large a picture is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fit {
    /// Its longest side, in pixels.
    pub side: u32,
    /// The most memory for all its frames, in bytes; one of many frames is made smaller.
    pub bytes: u32,
}

impl Fit {
    /// As a message shows it.
    pub const BUBBLE: Self = Self { side: 320, bytes: 12 * 1024 * 1024 };
    /// As large as one looks at it alone.
    pub const VIEWER: Self = Self { side: 4096, bytes: 64 * 1024 * 1024 };

    /// How large a picture of that size and so many frames is kept.
    fn of(self, size: [u32; 2], frames: u32) -> [u32; 2] {
        let side = self.side.min((self.bytes / 4 / frames.max(1)).isqrt());
        let longest = size[0].max(size[1]);
        if longest <= side {
            return size;
        }
        // Both factors are at most 8,192.
        size.map(|length| (length * side / longest).max(1))
    }
}

/// One frame of a picture.
#[derive(Clone, PartialEq, Eq)]
pub struct Frame {
    /// Red, green, blue and alpha of each pixel, row by row from the top: sRGB, not multiplied by alpha.
    pub rgba: Vec<u8>,
    /// How long it stands, in milliseconds and at least one; of no meaning where it is the only one.
    pub millis: u32,
}

impl std::fmt::Debug for Frame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Frame").field("millis", &self.millis).finish_non_exhaustive()
    }
}

/// A decoded picture: one frame or, where it moves, several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Width and height, in pixels.
    pub size: [u32; 2],
    /// All frames, of this size; there is at least one.
    pub frames: Vec<Frame>,
}

/// A picture made anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Converted {
    /// Its type: `image/jpeg` or `image/png`.
    pub mime: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// As large as a preview is.
pub(crate) const PREVIEW: Fit = Fit { side: waxwing_protocol::api::PREVIEW_SIDE, bytes: u32::MAX };

/// The first frame of a picture, upright.
pub(crate) struct Still {
    /// It, perhaps made smaller.
    pub(crate) image: DynamicImage,
    /// Width and height of the whole, in pixels.
    pub(crate) size: [u32; 2],
}

/// Opens a picture with all its frames.
pub(crate) fn open(file: &File, fit: Fit) -> Result<Picture, Trouble> {
    decode(&bytes(file)?, fit)
}

fn decode(bytes: &[u8], fit: Fit) -> Result<Picture, Trouble> {
    match image::guess_format(bytes) {
        Ok(ImageFormat::WebP) => webp::decode(bytes, fit),
        Ok(ImageFormat::Gif) => gif::decode(bytes, fit),
        _ => {
            let still = still(bytes, fit)?;
            Ok(one_frame(still.image))
        }
    }
}

/// Opens the first frame of a picture.
pub(crate) fn still(bytes: &[u8], fit: Fit) -> Result<Still, Trouble> {
    match image::guess_format(bytes) {
        Ok(ImageFormat::WebP) => webp::still(bytes, fit),
        Ok(ImageFormat::Gif) => gif::still(bytes, fit),
        Ok(format @ (ImageFormat::Png | ImageFormat::Jpeg)) => plain(bytes, format, fit),
        _ => Err(Trouble::NotAPicture),
    }
}

/// The whole file.
pub(crate) fn bytes(file: &File) -> Result<Vec<u8>, Trouble> {
    let mut bytes = Vec::new();
    let read = file.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(|_error| Trouble::Damaged)?;
    if u64::try_from(read).is_ok_and(|read| read <= MAX_FILE) { Ok(bytes) } else { Err(Trouble::TooLarge) }
}

fn plain(bytes: &[u8], format: ImageFormat, fit: Fit) -> Result<Still, Trouble> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits());
    let mut decoder = reader.into_decoder().map_err(|error| trouble(&error))?;
    let (width, height) = decoder.dimensions();
    check_size([width, height])?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let image = DynamicImage::from_decoder(decoder).map_err(|error| trouble(&error))?;
    Ok(upright(image, orientation, fit))
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(MAX_SIDE), Some(MAX_SIDE));
    limits.max_alloc = Some(MAX_ALLOC);
    limits
}

pub(crate) fn upright(image: DynamicImage, orientation: Orientation, fit: Fit) -> Still {
    let [width, height] = [image.width(), image.height()];
    let mut image = shrink(image, fit.of([width, height], 1));
    image.apply_orientation(orientation);
    let turned = matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    );
    Still { image, size: if turned { [height, width] } else { [width, height] } }
}

fn one_frame(image: DynamicImage) -> Picture {
    let size = [image.width(), image.height()];
    Picture { size, frames: vec![Frame { rgba: image.into_rgba8().into_raw(), millis: USUAL }] }
}

fn trouble(error: &ImageError) -> Trouble {
    match error {
        ImageError::Limits(_) => Trouble::TooLarge,
        _ => Trouble::Damaged,
    }
}

fn check_size([width, height]: [u32; 2]) -> Result<(), Trouble> {
    let good = width.max(height) <= MAX_SIDE && u64::from(width) * u64::from(height) <= MAX_PIXELS;
    if good { Ok(()) } else { Err(Trouble::TooLarge) }
}

fn check_animation(canvas: [u32; 2], frames: u32) -> Result<(), Trouble> {
    check_size(canvas)?;
    if frames > MAX_FRAMES {
        return Err(Trouble::TooManyFrames);
    }
    let pixels = u64::from(frames) * u64::from(canvas[0]) * u64::from(canvas[1]);
    if pixels > MAX_ANIMATED_PIXELS { Err(Trouble::TooLarge) } else { Ok(()) }
}

/// Makes an image smaller. Colours count as much as they can be seen, or the edges would take the colour of what is
/// transparent.
fn shrink(image: DynamicImage, [width, height]: [u32; 2]) -> DynamicImage {
    if [image.width(), image.height()] == [width, height] {
        return image;
    }
    if !image.color().has_alpha() {
        // A photo of many pixels is made smaller in the quick way first, and in the good way at last.
        let most = |side: u32| side.saturating_mul(2);
        let large = image.width() > 2 * most(width) && image.height() > 2 * most(height);
        let image = if large { image.thumbnail_exact(most(width), most(height)) } else { image };
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
