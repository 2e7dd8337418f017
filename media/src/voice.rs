//! Voice notes as WhatsApp has them: one channel of Opus in an Ogg file (RFC 6716, RFC 7845), recorded by ourselves.

use std::time::Duration;

use opus_pure::{Application, MAX_PACKET_BYTES, OggOpusWriter, OpusEncoder, OpusHead};

use crate::audio::{RATE, Resampler};

/// Voice notes longer than this are shown with an icon for downloading instead of one for playing (WhatsApp Cloud API,
/// "Audio messages"), in bytes.
pub const PLAY_ICON_BYTES: u64 = 512 * 1024;

/// What voice notes are recorded with, in bits per second: speech is clear, and nearly three minutes stay within
/// [`PLAY_ICON_BYTES`].
pub const BITRATE: u32 = 24_000;

/// Samples of a packet: 20 ms.
const FRAME: usize = 960;
/// How many bytes of packets a page of the Ogg file has before its end, and how many it has of its own (RFC 3533, section 6).
const PAGE: (u64, u64) = (4096, 27);

/// The encoder refuses; not seen so far.
#[derive(Debug, thiserror::Error)]
#[error("the recording can't be encoded ({0})")]
pub struct VoiceError(#[from] opus_pure::Error);

/// How much can surely be recorded so that the file stays within `bytes`, at `bitrate` bits per second. Speech with its pauses
/// may take a third less.
pub fn length_within(bytes: u64, bitrate: u32) -> Duration {
    // The encoder keeps to its bitrate within a twenty-fifth, even in noise. A packet has a byte in the page's table.
    let packet = u64::from(bitrate) * FRAME as u64 / u64::from(RATE) / 8 * 26 / 25 + 1;
    let packets = bytes * PAGE.0 / (PAGE.0 + PAGE.1) / packet;
    Duration::from_millis(packets * FRAME as u64 * 1000 / u64::from(RATE))
}

/// Makes a voice note while it is being recorded.
pub struct VoiceEncoder {
    encoder: OpusEncoder,
    file: OggOpusWriter<Vec<u8>>,
    pre_skip: u64,
    /// What is too short for a packet yet.
    pending: Vec<f32>,
    packet: Vec<u8>,
    /// How many samples there were, and how many went into packets.
    taken_in: u64,
    encoded: u64,
}

impl VoiceEncoder {
    /// Begins a voice note; `bitrate` in bits per second, from 6,000 to 510,000 (RFC 6716, section 2.1.1).
    pub fn new(bitrate: u32) -> Result<Self, VoiceError> {
        let mut encoder = OpusEncoder::new(RATE.cast_signed(), 1, Application::Voip)?;
        encoder.bitrate_bps = bitrate.clamp(6_000, 510_000).cast_signed();
        let head = OpusHead::for_encoder(&encoder, RATE);
        let pre_skip = u64::from(head.pre_skip);
        Ok(Self {
            encoder,
            file: OggOpusWriter::new(Vec::new(), head)?,
            pre_skip,
            pending: Vec::new(),
            packet: vec![0; MAX_PACKET_BYTES],
            taken_in: 0,
            encoded: 0,
        })
    }

    /// Takes samples of one channel at 48 kHz, from -1 to 1; [`VoiceInput`] makes them of whatever a microphone gives.
    pub fn push(&mut self, samples: &[f32]) -> Result<(), VoiceError> {
        self.taken_in += samples.len() as u64;
        self.pending.extend(
            samples.iter().map(|sample| if sample.is_finite() { sample.clamp(-1.0, 1.0) } else { 0.0 }),
        );
        while self.pending.len() >= FRAME {
            let length = self.encode()?;
            self.file.write_packet(&self.packet[..length])?;
        }
        Ok(())
    }

    /// How long the recording is so far.
    pub fn duration(&self) -> Duration {
        Duration::from_millis(self.taken_in * 1000 / u64::from(RATE))
    }

    /// How long the file is so far, in bytes; the last second may be missing.
    pub fn bytes(&self) -> usize {
        self.file.get_ref().map_or(0, Vec::len)
    }

    /// Ends the voice note; the whole file.
    pub fn finish(mut self) -> Result<Vec<u8>, VoiceError> {
        // The encoder is `pre_skip` samples behind: so much silence pushes the last sound out. What is encoded beyond the end
        // is cut off by the last packet's time (RFC 7845, section 4.4).
        let end = self.taken_in + self.pre_skip;
        while self.encoded < end {
            self.pending.resize(self.pending.len().max(FRAME), 0.0);
            let length = self.encode()?;
            let beyond = self.encoded.saturating_sub(end).min(FRAME as u64);
            let heard = u32::try_from(FRAME as u64 - beyond).unwrap_or_default();
            self.file.write_packet_with_duration(&self.packet[..length], heard)?;
        }
        Ok(self.file.finish()?)
    }

    /// Makes a packet of the first pending samples, and says how many bytes it has.
    fn encode(&mut self) -> Result<usize, VoiceError> {
        let length = self.encoder.encode(&self.pending[..FRAME], FRAME, &mut self.packet)?;
        self.pending.drain(..FRAME);
        self.encoded += FRAME as u64;
        Ok(length)
    }
}

/// Turns what a microphone gives into what [`VoiceEncoder`] takes: one channel at 48 kHz.
pub struct VoiceInput {
    channels: u16,
    resampler: Resampler,
}

impl VoiceInput {
    /// For a microphone with so many samples per second and channel, and so many channels; neither is 0.
    pub fn new(rate: u32, channels: u16) -> Self {
        Self { channels: channels.max(1), resampler: Resampler::new(rate.max(1), RATE, 1) }
    }

    /// Takes whole frames, interleaved, and appends to `out` what can be told already.
    pub fn push(&mut self, samples: &[f32], out: &mut Vec<f32>) {
        let share = 1.0 / f32::from(self.channels);
        let frames = samples.chunks_exact(usize::from(self.channels));
        let mixed: Vec<f32> = frames.map(|frame| frame.iter().sum::<f32>() * share).collect();
        self.resampler.push(&mixed, out);
    }

    /// Appends the rest to `out`.
    pub fn finish(mut self, out: &mut Vec<f32>) {
        self.resampler.finish(out);
    }
}
