//! GIF files, still and animated (version 89a).

use std::io::Cursor;

use image::{AnimationDecoder as _, ImageDecoder as _, codecs::gif::GifDecoder, metadata::Orientation};

use super::{
    Fit, Frame, HASTY, MAX_FRAMES, Picture, Still, USUAL, check_animation, check_size, limits, shrink,
    trouble, upright,
};
use crate::child::Trouble;

pub(super) fn decode(bytes: &[u8], fit: Fit) -> Result<Picture, Trouble> {
    let decoder = begin(bytes)?;
    let canvas = decoder.dimensions().into();
    let count = count(bytes).ok_or(Trouble::Damaged)?;
    check_animation(canvas, count)?;
    let size = fit.of(canvas, count);
    let mut frames = Vec::new();
    for frame in decoder.into_frames().take(usize::try_from(count).unwrap_or(usize::MAX)) {
        let frame = frame.map_err(|error| trouble(&error))?;
        let (numerator, denominator) = frame.delay().numer_denom_ms();
        let millis = numerator.checked_div(denominator).unwrap_or(0);
        let rgba = shrink(frame.into_buffer().into(), size).into_rgba8().into_raw();
        frames.push(Frame { rgba, millis: if millis <= HASTY { USUAL } else { millis } });
    }
    if frames.is_empty() { Err(Trouble::Damaged) } else { Ok(Picture { size, frames }) }
}

pub(super) fn still(bytes: &[u8], fit: Fit) -> Result<Still, Trouble> {
    let first =
        begin(bytes)?.into_frames().next().ok_or(Trouble::Damaged)?.map_err(|error| trouble(&error))?;
    Ok(upright(first.into_buffer().into(), Orientation::NoTransforms, fit))
}

fn begin(bytes: &[u8]) -> Result<GifDecoder<Cursor<&[u8]>>, Trouble> {
    let mut decoder = GifDecoder::new(Cursor::new(bytes)).map_err(|error| trouble(&error))?;
    check_size(decoder.dimensions().into())?;
    decoder.set_limits(limits()).map_err(|error| trouble(&error))?;
    Ok(decoder)
}

/// How many frames there are, at most one more than are allowed; a file that is cut has those that begin in it. None if it
/// makes no sense.
fn count(bytes: &[u8]) -> Option<u32> {
    let table = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 0x07) + 1) };
    let mut at = 13 + table(*bytes.get(10)?);
    let mut frames = 0;
    while frames <= MAX_FRAMES {
        match bytes.get(at) {
            Some(0x21) => at = after_blocks(bytes, at + 2),
            Some(0x2c) => {
                frames += 1;
                let Some(flags) = bytes.get(at + 9) else { break };
                at = after_blocks(bytes, at + 11 + table(*flags));
            }
            Some(0x3b) | None => break,
            Some(_) => return None,
        }
    }
    Some(frames)
}

/// Where the row of blocks ends that begins there, each with its length before it.
fn after_blocks(bytes: &[u8], mut at: usize) -> usize {
    while let Some(length) = bytes.get(at).filter(|length| **length > 0) {
        at += 1 + usize::from(*length);
    }
    at + 1
}
