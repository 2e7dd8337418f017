//! One track of a film: what it is made of and where its key frames stand.

use image::metadata::Orientation;

use super::{
    boxes::{at, boxes, duration_ms, first, u32_at},
    turned,
};

/// How the content of a track is coded.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Codec {
    H264 {
        /// What its decoder wants to know first, with start codes.
        parameters: Vec<u8>,
        /// How many bytes stand before each part of a frame and say how long it is.
        length_bytes: usize,
    },
    Aac,
    Other,
}

/// Where a frame stands in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sample {
    pub(super) start: u64,
    pub(super) length: u32,
}

#[derive(Debug)]
pub(super) struct Track {
    pub(super) is_picture: bool,
    pub(super) is_sound: bool,
    pub(super) codec: Codec,
    pub(super) duration_ms: Option<u64>,
    /// Width and height as they are decoded.
    pub(super) coded_size: [u16; 2],
    /// Width and height as they are shown, before it is turned.
    size: [u32; 2],
    pub(super) orientation: Orientation,
    table: Table,
}

/// The table of its samples (ISO/IEC 14496-12, 8.5 to 8.7), as it stands in the file: entries without the header of the box.
#[derive(Debug, Default)]
struct Table {
    /// Numbers of the samples that can be decoded alone; none if all can.
    keys: Option<Vec<u8>>,
    /// The length of each sample, or of all.
    lengths: Vec<u8>,
    /// Runs of chunks with equally many samples.
    runs: Vec<u8>,
    /// Where each chunk begins.
    chunks: Vec<u8>,
    /// Whether those are of 64 bits.
    long: bool,
}

impl Track {
    /// Reads a track; none if it makes no sense.
    pub(super) fn read(trak: &[u8]) -> Option<Self> {
        let header = first(trak, *b"tkhd")?;
        // Version 1 has three numbers of twice the length.
        let from = if *header.first()? == 0 { 40 } else { 52 };
        let signed = |at: usize| u32_at(header, from + at).map(|number| i64::from(number.cast_signed()));
        let matrix = [signed(0)?, signed(4)?, signed(12)?, signed(16)?];
        let side = |at: usize| u32_at(header, from + at).map(|fixed| fixed >> 16);
        let mdia = first(trak, *b"mdia")?;
        let handler = first(mdia, *b"hdlr")?.get(8..12)?;
        let stbl = at(mdia, &[*b"minf", *b"stbl"])?;
        let (entry_name, entry) = boxes(first(stbl, *b"stsd")?.get(8..)?).next()?;
        let coded = |at: usize| entry.get(at..)?.first_chunk().copied().map(u16::from_be_bytes);
        let coded_size = [coded(24).unwrap_or(0), coded(26).unwrap_or(0)];
        let size = [side(36)?, side(40)?];
        Some(Self {
            is_picture: handler == b"vide",
            is_sound: handler == b"soun",
            codec: codec(entry_name, entry).unwrap_or(Codec::Other),
            duration_ms: first(mdia, *b"mdhd").and_then(duration_ms),
            coded_size,
            size: if size.contains(&0) { coded_size.map(u32::from) } else { size },
            orientation: turned(matrix),
            table: Table::read(stbl),
        })
    }

    pub(super) fn shown_size(&self) -> [u32; 2] {
        let [width, height] = self.size;
        match self.orientation {
            Orientation::Rotate90 | Orientation::Rotate270 => [height, width],
            _ => [width, height],
        }
    }

    /// The first frames that can be decoded alone, at most so many.
    pub(super) fn key_frames(&self, most: usize) -> impl Iterator<Item = Sample> {
        (0..most).map_while(|nth| self.table.key(nth)).filter_map(|number| self.table.sample(number))
    }
}

fn codec(name: [u8; 4], entry: &[u8]) -> Option<Codec> {
    match &name {
        // 78 bytes about pictures stand before the boxes of an entry, 28 about sound (12.1.3 and 12.2.3).
        b"avc1" | b"avc3" => h264(first(entry.get(78..)?, *b"avcC")?),
        // What kind of MPEG-4 sound, or of MPEG sound at all, is told by one byte (14496-1, 7.2.6.6): 0x40 is AAC.
        b"mp4a" => is_aac(first(entry.get(28..)?, *b"esds")?).then_some(Codec::Aac),
        _ => None,
    }
}

/// What an AVC configuration holds (ISO/IEC 14496-15, 5.3.3.1).
fn h264(configuration: &[u8]) -> Option<Codec> {
    let length_bytes = usize::from(configuration.get(4)? & 0x03) + 1;
    let (mut rest, mut parameters) = (configuration.get(5..)?, Vec::new());
    // First those of the sequence, then those of the pictures.
    for mask in [0x1f, 0xff] {
        let (count, after) = rest.split_first()?;
        rest = after;
        for _ in 0..count & mask {
            let (length, after) = rest.split_first_chunk()?;
            let (part, after) = after.split_at_checked(u16::from_be_bytes(*length).into())?;
            parameters.extend([0, 0, 0, 1]);
            parameters.extend(part);
            rest = after;
        }
    }
    Some(Codec::H264 { parameters, length_bytes })
}

/// Reads through the descriptors of MPEG-4 sound to the one that names its coding.
fn is_aac(esds: &[u8]) -> bool {
    let mut rest = esds.get(4..).unwrap_or_default();
    while let Some((tag, after)) = rest.split_first() {
        // A length of up to four bytes, seven bits each; what follows is read as far as it goes.
        let digits = after.iter().take(3).take_while(|byte| **byte & 0x80 != 0).count() + 1;
        let content = after.get(digits..).unwrap_or_default();
        rest = match tag {
            3 => content.get(3..).unwrap_or_default(),
            4 => return content.first() == Some(&0x40),
            _ => return false,
        };
    }
    false
}

impl Table {
    fn read(stbl: &[u8]) -> Self {
        let entries =
            |name: &[u8; 4], header: usize| first(stbl, *name).and_then(|content| content.get(header..));
        let owned = |bytes: Option<&[u8]>| bytes.unwrap_or_default().to_vec();
        let long = entries(b"stco", 8).is_none();
        Self {
            keys: entries(b"stss", 8).map(<[u8]>::to_vec),
            lengths: owned(entries(b"stsz", 4)),
            runs: owned(entries(b"stsc", 8)),
            chunks: owned(entries(b"stco", 8).or_else(|| entries(b"co64", 8))),
            long,
        }
    }

    /// The number of the nth sample that can be decoded alone; the first sample is number 1.
    fn key(&self, nth: usize) -> Option<u32> {
        match &self.keys {
            Some(keys) => u32_at(keys, nth.checked_mul(4)?),
            None => u32::try_from(nth + 1).ok(),
        }
    }

    fn length(&self, number: u32) -> Option<u32> {
        match u32_at(&self.lengths, 0)? {
            0 => u32_at(&self.lengths, usize::try_from(number).ok()?.checked_mul(4)?.checked_add(4)?),
            same => (number <= u32_at(&self.lengths, 4)?).then_some(same),
        }
    }

    fn chunk(&self, number: u32) -> Option<u64> {
        let nth = usize::try_from(number.checked_sub(1)?).ok()?;
        if self.long {
            self.chunks.get(nth.checked_mul(8)?..)?.first_chunk().copied().map(u64::from_be_bytes)
        } else {
            u32_at(&self.chunks, nth.checked_mul(4)?).map(u64::from)
        }
    }

    /// Where a sample stands.
    fn sample(&self, number: u32) -> Option<Sample> {
        // How many samples stand in the runs of chunks before.
        let mut before = 0;
        for (nth, run) in self.runs.chunks_exact(12).enumerate() {
            let (first_chunk, each) = (u32_at(run, 0)?, u32_at(run, 4)?);
            let next = self.runs.get((nth + 1) * 12..).and_then(|after| u32_at(after, 0)).unwrap_or(u32::MAX);
            let samples = u64::from(next.checked_sub(first_chunk)?) * u64::from(each);
            let within = u64::from(number.checked_sub(1)?) - before;
            if within < samples {
                let chunk = u32::try_from(within / u64::from(each)).ok()?.checked_add(first_chunk)?;
                let skipped = u32::try_from(within % u64::from(each)).ok()?;
                // Samples of one chunk stand one after the other.
                let lengths = (number - skipped..number).map(|number| self.length(number).map(u64::from));
                let start = self.chunk(chunk)?.checked_add(lengths.sum::<Option<u64>>()?)?;
                return Some(Sample { start, length: self.length(number)? });
            }
            before += samples;
        }
        None
    }
}
