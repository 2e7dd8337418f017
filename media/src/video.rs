//! Films: how long, how large, with which sound, and what they begin with. MP4 and 3GP files (ISO/IEC 14496-12).
//!
//! Only the index of a film is read, and of its content one key frame.

use std::{
    fs::File,
    io::{Read as _, Seek as _, SeekFrom},
};

use image::{DynamicImage, RgbImage, metadata::Orientation};
use openh264::{decoder::Decoder, formats::YUVSource as _};

use crate::{
    child::Trouble,
    picture::{PREVIEW, Still, upright},
};

pub(crate) mod boxes;
#[cfg(test)]
mod tests;
mod track;

use boxes::{boxes, first, number};
use track::{Codec, Sample, Track};

/// The longest index that is read, in bytes: that of hours.
const MAX_INDEX: u64 = 32 * 1024 * 1024;
/// The longest key frame that is decoded, in bytes.
const MAX_KEY_FRAME: u32 = 8 * 1024 * 1024;
/// How many key frames are tried until one can be shown.
const MAX_TRIES: usize = 4;
/// The longest side of a film that is decoded, in pixels: 4K.
const MAX_SIDE: usize = 4096;

/// What the index of a film says.
#[derive(Debug)]
pub(crate) struct Film {
    duration_ms: Option<u64>,
    tracks: Vec<Track>,
    /// Whether the index stands before the content, so that a film can begin before all of it is there.
    index_first: bool,
}

impl Film {
    /// Reads the index of a film.
    pub(crate) fn read(mut file: &File) -> Result<Self, Trouble> {
        let top = boxes::top_level(file)?;
        let index = top.iter().position(|at| at.name == *b"moov").ok_or(Trouble::Damaged)?;
        let content = top.iter().position(|at| at.name == *b"mdat");
        if top[index].length > MAX_INDEX {
            return Err(Trouble::TooLarge);
        }
        file.seek(SeekFrom::Start(top[index].start)).map_err(|_error| Trouble::Damaged)?;
        let mut moov = Vec::new();
        file.take(top[index].length).read_to_end(&mut moov).map_err(|_error| Trouble::Damaged)?;
        let tracks =
            boxes(&moov).filter(|(name, _)| name == b"trak").filter_map(|(_, trak)| Track::read(trak));
        let tracks: Vec<_> = tracks.collect();
        let header = first(&moov, *b"mvhd").and_then(boxes::duration_ms);
        let longest = tracks.iter().filter_map(|track| track.duration_ms).max();
        Ok(Self {
            duration_ms: header.or(longest),
            tracks,
            index_first: content.is_none_or(|content| index < content),
        })
    }

    /// How long it lasts, in milliseconds; none where it doesn't say.
    pub(crate) const fn duration_ms(&self) -> Option<u64> {
        self.duration_ms
    }

    fn pictures(&self) -> Option<&Track> {
        self.tracks.iter().find(|track| track.is_picture)
    }

    fn sounds(&self) -> impl Iterator<Item = &Track> {
        self.tracks.iter().filter(|track| track.is_sound)
    }

    /// Width and height in pixels, as it is shown.
    pub(crate) fn size(&self) -> Option<[u32; 2]> {
        self.pictures().map(Track::shown_size).filter(|size| size.iter().all(|side| *side > 0))
    }

    /// Whether there is something to hear.
    pub(crate) fn has_sound(&self) -> bool {
        self.sounds().next().is_some()
    }

    /// Whether WhatsApp takes it: H.264 with AAC or without sound, at most one track of it, the index before the content
    /// (Cloud API, supported media types).
    pub(crate) fn is_as_whatsapp_takes_it(&self) -> bool {
        let pictures = self.pictures().is_some_and(|track| matches!(track.codec, Codec::H264 { .. }));
        let sounds = self.sounds().count() <= 1 && self.sounds().all(|track| track.codec == Codec::Aac);
        pictures && sounds && self.index_first
    }

    /// The first frame that can be decoded alone, upright.
    pub(crate) fn poster(&self, file: &File) -> Result<Still, Trouble> {
        let track = self.pictures().ok_or(Trouble::NotAPicture)?;
        let Codec::H264 { parameters, length_bytes } = &track.codec else { return Err(Trouble::NotAPicture) };
        if track.coded_size.iter().any(|side| usize::from(*side) > MAX_SIDE) {
            return Err(Trouble::TooLarge);
        }
        let samples = track.key_frames(MAX_TRIES);
        let decoded = samples.filter_map(|sample| {
            let frame = packet(file, sample, *length_bytes)?;
            decode(&[parameters.as_slice(), &frame].concat())
        });
        let image = decoded.into_iter().next().ok_or(Trouble::Damaged)?;
        let mut still = upright(image, track.orientation, PREVIEW);
        still.size = self.size().unwrap_or(still.size);
        Ok(still)
    }
}

/// One frame with start codes instead of lengths before its parts (ISO/IEC 14496-10, annex B).
fn packet(mut file: &File, sample: Sample, length_bytes: usize) -> Option<Vec<u8>> {
    if sample.length > MAX_KEY_FRAME {
        return None;
    }
    file.seek(SeekFrom::Start(sample.start)).ok()?;
    let mut bytes = Vec::new();
    file.take(sample.length.into()).read_to_end(&mut bytes).ok()?;
    let (mut rest, mut parts) = (bytes.as_slice(), Vec::new());
    while let Some((length, after)) = rest.split_at_checked(length_bytes) {
        let length = usize::try_from(number(length)).unwrap_or(usize::MAX);
        let (part, after) = after.split_at(length.min(after.len()));
        parts.extend([0, 0, 0, 1]);
        parts.extend(part);
        rest = after;
    }
    Some(parts)
}

fn decode(packet: &[u8]) -> Option<DynamicImage> {
    let mut decoder = Decoder::new().ok()?;
    let picture = decoder.decode(packet).ok()??;
    let (width, height) = picture.dimensions();
    if width.max(height) > MAX_SIDE {
        return None;
    }
    let mut rgb = vec![0; width * height * 3];
    picture.write_rgb8(&mut rgb);
    Some(RgbImage::from_raw(u32::try_from(width).ok()?, u32::try_from(height).ok()?, rgb)?.into())
}

/// How a film is turned, by the matrix of its track (ISO/IEC 14496-12, 8.3.2): what it says beyond quarter turns and
/// mirrors is not looked at.
fn turned(matrix: [i64; 4]) -> Orientation {
    match matrix.map(i64::signum) {
        [0, 1, -1, 0] => Orientation::Rotate90,
        [-1, 0, 0, -1] => Orientation::Rotate180,
        [0, -1, 1, 0] => Orientation::Rotate270,
        [-1, 0, 0, 1] => Orientation::FlipHorizontal,
        [1, 0, 0, -1] => Orientation::FlipVertical,
        _ => Orientation::NoTransforms,
    }
}
