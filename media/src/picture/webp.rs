//! WebP files, still and animated (RFC 9649).
//!
//! Animations are taken apart and put together here, each frame opened as a still file of its own: `image-webp` 0.2 clears
//! the wrong part behind a frame without transparency, and believes a header that says nothing is transparent.

use std::io::Cursor;

use image::{DynamicImage, RgbImage, RgbaImage, imageops, metadata::Orientation};
use image_webp::{DecodingError, WebPDecoder};

use super::{
    Fit, Frame, HASTY, MAX_ALLOC, Picture, Still, USUAL, check_animation, check_size, one_frame, shrink,
    upright,
};
use crate::child::Trouble;

pub(super) fn decode(bytes: &[u8], fit: Fit) -> Result<Picture, Trouble> {
    match read(bytes)? {
        Content::Still => Ok(one_frame(alone(bytes, fit)?.image)),
        Content::Moving { canvas, frames } => animation(canvas, &frames, fit),
    }
}

pub(super) fn still(bytes: &[u8], fit: Fit) -> Result<Still, Trouble> {
    match read(bytes)? {
        Content::Still => alone(bytes, fit),
        Content::Moving { canvas, frames } => {
            let first = frames.first().ok_or(Trouble::Damaged)?;
            let mut painted = RgbaImage::new(canvas[0], canvas[1]);
            first.paint(&mut painted, &first.open(canvas)?);
            Ok(upright(painted.into(), Orientation::NoTransforms, fit))
        }
    }
}

/// What a file holds.
enum Content<'a> {
    Still,
    Moving { canvas: [u32; 2], frames: Vec<Part<'a>> },
}

fn read(bytes: &[u8]) -> Result<Content<'_>, Trouble> {
    let said = number(bytes, 4..8).and_then(|length| usize::try_from(length).ok()?.checked_add(8));
    let whole = said.and_then(|length| bytes.get(12..length)).ok_or(Trouble::Damaged)?;
    let Some((b"VP8X", [flags, _, _, _, size @ ..])) = chunks(whole).next() else {
        return Ok(Content::Still);
    };
    if flags & 0x02 == 0 {
        return Ok(Content::Still);
    }
    let canvas = sides(size)?;
    let all = chunks(whole).filter(|(name, _)| *name == b"ANMF");
    let frames: Vec<_> = all.map(|(_, content)| Part::read(content)).collect::<Result<_, _>>()?;
    check_animation(canvas, u32::try_from(frames.len()).unwrap_or(u32::MAX))?;
    Ok(Content::Moving { canvas, frames })
}

fn alone(bytes: &[u8], fit: Fit) -> Result<Still, Trouble> {
    let mut decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(|error| trouble(&error))?;
    // Without metadata that can be read, it stands as it is.
    let exif = decoder.exif_metadata().ok().flatten();
    let orientation = exif.and_then(|exif| Orientation::from_exif_chunk(&exif));
    Ok(upright(open(bytes, None)?, orientation.unwrap_or(Orientation::NoTransforms), fit))
}

fn animation(canvas: [u32; 2], frames: &[Part<'_>], fit: Fit) -> Result<Picture, Trouble> {
    let size = fit.of(canvas, u32::try_from(frames.len()).unwrap_or(u32::MAX));
    let mut painted = RgbaImage::new(canvas[0], canvas[1]);
    let mut shown = Vec::with_capacity(frames.len());
    for frame in frames {
        let image = frame.open(canvas)?;
        frame.paint(&mut painted, &image);
        let small = shrink(painted.clone().into(), size).into_rgba8();
        let millis = if frame.millis <= HASTY { USUAL } else { frame.millis };
        shown.push(Frame { rgba: small.into_raw(), millis });
        if frame.clears {
            let nothing = RgbaImage::new(image.width(), image.height());
            imageops::replace(&mut painted, &nothing, frame.at[0].into(), frame.at[1].into());
        }
    }
    if shown.is_empty() { Err(Trouble::Damaged) } else { Ok(Picture { size, frames: shown }) }
}

/// One frame of an animation: a part of the picture, over what is there.
struct Part<'a> {
    at: [u32; 2],
    size: [u32; 2],
    millis: u32,
    /// What is below shines through.
    blends: bool,
    /// Leaves nothing where it stood.
    clears: bool,
    /// The chunks of its image.
    image: &'a [u8],
}

impl<'a> Part<'a> {
    /// Reads an ANMF chunk (RFC 9649, 2.7.1.1).
    fn read(content: &'a [u8]) -> Result<Self, Trouble> {
        let three = |from: usize| number(content, from..from + 3).ok_or(Trouble::Damaged);
        let (flags, image) = content.get(15..).and_then(<[u8]>::split_first).ok_or(Trouble::Damaged)?;
        Ok(Self {
            at: [three(0)? * 2, three(3)? * 2],
            size: [three(6)? + 1, three(9)? + 1],
            millis: three(12)?,
            blends: flags & 0x02 == 0,
            clears: flags & 0x01 != 0,
            image,
        })
    }

    fn open(&self, canvas: [u32; 2]) -> Result<RgbaImage, Trouble> {
        let fits = (0..2).all(|side| self.at[side] + self.size[side] <= canvas[side]);
        if !fits {
            return Err(Trouble::Damaged);
        }
        Ok(open(&self.alone(), Some(self.size))?.into_rgba8())
    }

    /// A file with nothing but this image.
    fn alone(&self) -> Vec<u8> {
        let mut body = b"WEBP".to_vec();
        if self.image.starts_with(b"ALPH") {
            body.extend(b"VP8X\x0a\0\0\0\x10\0\0\0");
            for side in self.size {
                body.extend(&(side - 1).to_le_bytes()[..3]);
            }
        }
        body.extend(self.image);
        let length = u32::try_from(body.len()).unwrap_or(u32::MAX).to_le_bytes();
        [b"RIFF".as_slice(), &length, &body].concat()
    }

    fn paint(&self, canvas: &mut RgbaImage, image: &RgbaImage) {
        let at = self.at.map(i64::from);
        if self.blends {
            imageops::overlay(canvas, image, at[0], at[1]);
        } else {
            imageops::replace(canvas, image, at[0], at[1]);
        }
    }
}

/// Opens a file that does not move, if it is of the size it should be.
fn open(file: &[u8], size: Option<[u32; 2]>) -> Result<DynamicImage, Trouble> {
    let mut decoder = WebPDecoder::new(Cursor::new(file)).map_err(|error| trouble(&error))?;
    decoder.set_memory_limit(usize::try_from(MAX_ALLOC).unwrap_or(usize::MAX));
    let (width, height) = decoder.dimensions();
    check_size([width, height])?;
    check_bitstreams(file.get(12..).unwrap_or_default(), [width, height])?;
    if decoder.is_animated() || size.is_some_and(|size| size != [width, height]) {
        return Err(Trouble::Damaged);
    }
    let mut pixels = vec![0; decoder.output_buffer_size().ok_or(Trouble::TooLarge)?];
    decoder.read_image(&mut pixels).map_err(|error| trouble(&error))?;
    let image = if decoder.has_alpha() {
        RgbaImage::from_raw(width, height, pixels).map(DynamicImage::from)
    } else {
        RgbImage::from_raw(width, height, pixels).map(DynamicImage::from)
    };
    image.ok_or(Trouble::Damaged)
}

fn trouble(error: &DecodingError) -> Trouble {
    match error {
        DecodingError::ImageTooLarge | DecodingError::MemoryLimitExceeded => Trouble::TooLarge,
        _ => Trouble::Damaged,
    }
}

/// Refuses a lossy bitstream that is larger than the picture it belongs to: the decoder makes room for it before it
/// compares the two.
fn check_bitstreams(file: &[u8], canvas: [u32; 2]) -> Result<(), Trouble> {
    for (name, content) in chunks(file) {
        match name {
            b"VP8 " => {
                // RFC 6386, 9.1: three bytes of frame tag, three of start code, then two sides of 14 bits.
                let side = |from: usize| number(content, from..from + 2).map_or(0, |side| side & 0x3fff);
                if side(6) > canvas[0] || side(8) > canvas[1] {
                    return Err(Trouble::Damaged);
                }
            }
            // Even in a file that says it does not move, the decoder looks into the first one.
            b"ANMF" => check_bitstreams(content.get(16..).unwrap_or_default(), canvas)?,
            _ => {}
        }
    }
    Ok(())
}

/// Names and contents, the last one as far as it goes.
fn chunks(mut left: &[u8]) -> impl Iterator<Item = (&[u8; 4], &[u8])> {
    std::iter::from_fn(move || {
        let (name, after) = left.split_first_chunk()?;
        let length = usize::try_from(number(after, 0..4)?).unwrap_or(usize::MAX);
        let after = &after[4..];
        left = after.get(length.saturating_add(length % 2)..).unwrap_or_default();
        Some((name, &after[..length.min(after.len())]))
    })
}

/// Width and height, each written as three bytes less one.
fn sides(bytes: &[u8]) -> Result<[u32; 2], Trouble> {
    let three = |from: usize| number(bytes, from..from + 3).ok_or(Trouble::Damaged);
    Ok([three(0)? + 1, three(3)? + 1])
}

/// A number of up to four bytes, the lowest first.
fn number(bytes: &[u8], at: std::ops::Range<usize>) -> Option<u32> {
    let low_first = bytes.get(at)?.iter().rev();
    Some(low_first.fold(0, |number, byte| number << 8 | u32::from(*byte)))
}
