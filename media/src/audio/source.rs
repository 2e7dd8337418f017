//! A sound being decoded: its container's packets, one after the other, as samples at its own rate.

use std::fs::File;
use std::io;

use opus_pure::{MAX_PACKET_SAMPLES, OpusDecoder};
use symphonia::core::codecs::audio::well_known::{
    CODEC_ID_AAC, CODEC_ID_MP3, CODEC_ID_OPUS, CODEC_ID_VORBIS,
};
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error as SymphoniaError;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, SeekMode, SeekTo, Track, TrackType};
use symphonia::core::io::{MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::Packet;
use symphonia::core::units::{TimeBase, Timestamp};

use super::{AudioError, Codec, RATE};

/// The rates that are played, in samples per second. A file that claims another is damaged.
const RATES: std::ops::RangeInclusive<u32> = 4_000..=96_000;
/// How much is decoded before the place that is wanted, in milliseconds, so that the decoder has found its feet. RFC 7845,
/// section 4.6, wants at least 80 for Opus, and its voices want more; the other kinds want less.
const PREROLL_MS: u64 = 200;

/// Samples that follow each other.
pub(super) struct Block<'a> {
    /// Which frame of the sound the first one is.
    pub(super) at: u64,
    /// Interleaved, whole frames, from -1 to 1.
    pub(super) samples: &'a [f32],
}

/// A sound that is being decoded.
pub(super) struct Sound {
    file: File,
    reader: Box<dyn FormatReader>,
    decoder: Decoder,
    track: Track,
    codec: Codec,
    time_base: TimeBase,
    /// The time of the first frame that is heard, in the track's own units.
    origin: i64,
    rate: u32,
    file_channels: usize,
    /// The frames that were decoded last, and which the first of them is.
    decoded: Vec<f32>,
    at: u64,
    /// Whether nobody has had them yet.
    fresh: bool,
}

impl Sound {
    /// Finds the first track with sound in `file`, and decodes its first packet.
    pub(super) fn open(file: File) -> Result<Self, AudioError> {
        let reader = probe(&file)?;
        let track = reader.default_track(TrackType::Audio).ok_or_else(|| silent(reader.tracks()))?.clone();
        let params =
            track.codec_params.as_ref().and_then(|params| params.audio()).ok_or(AudioError::NoSound)?;
        let (codec, decoder) = Decoder::new(params)?;
        let time_base = track.time_base.or_else(|| params.sample_rate.and_then(TimeBase::try_from_recip));
        let time_base = time_base.ok_or(AudioError::Damaged)?;
        let origin = track.start_ts.get().max(0).saturating_add(decoder.pre_skip());
        let mut sound = Self {
            file,
            reader,
            decoder,
            track,
            codec,
            time_base,
            origin,
            rate: 0,
            file_channels: 0,
            decoded: Vec::new(),
            at: 0,
            fresh: false,
        };
        sound.fresh = sound.decode_next()?;
        if sound.fresh { Ok(sound) } else { Err(AudioError::Damaged) }
    }

    pub(super) fn codec(&self) -> Codec {
        self.codec
    }

    /// Frames per second.
    pub(super) fn rate(&self) -> u32 {
        self.rate
    }

    /// How many channels [`read`](Self::read) gives: 1 or 2.
    pub(super) fn channels(&self) -> usize {
        if self.file_channels == 2 { 2 } else { 1 }
    }

    /// How many the file has.
    pub(super) fn file_channels(&self) -> usize {
        self.file_channels
    }

    /// How long the file says it lasts.
    pub(super) fn declared_ms(&self) -> Option<u64> {
        let duration = self.track.duration.or(self.track.num_frames.map(Into::into))?;
        let heard = Timestamp::new(i64::try_from(duration.get()).ok()?.checked_sub(self.decoder.pre_skip())?);
        u64::try_from(self.time_base.calc_time(heard)?.as_millis()).ok()
    }

    /// How long the rest lasts by its packets, where the file doesn't say.
    pub(super) fn count_ms(&mut self) -> Result<u64, AudioError> {
        let mut frames = self.at + (self.decoded.len() / self.channels()) as u64;
        while let Some(packet) = self.next_packet()? {
            frames += self.frames(i64::try_from(packet.dur.get()).unwrap_or(i64::MAX));
        }
        Ok(frames * 1000 / u64::from(self.rate))
    }

    /// What comes next; nothing at the end. What can't be decoded is left out.
    pub(super) fn read(&mut self) -> Result<Option<Block<'_>>, AudioError> {
        let found = std::mem::take(&mut self.fresh) || self.decode_next()?;
        Ok(found.then_some(Block { at: self.at, samples: &self.decoded }))
    }

    /// Goes to somewhere before `frame`, so that what is read from there on is right from `frame` on.
    pub(super) fn seek(&mut self, frame: u64) -> Result<(), AudioError> {
        let preroll = u64::from(self.rate) * PREROLL_MS / 1000;
        let Some(from) = frame.checked_sub(preroll).filter(|from| *from > 0) else { return Ok(()) };
        let units = u128::from(from) * u128::from(self.time_base.denom.get())
            / u128::from(self.time_base.numer.get())
            / u128::from(self.rate);
        let ts = i64::try_from(units).unwrap_or(i64::MAX).saturating_add(self.origin);
        let to = SeekTo::Timestamp { ts: Timestamp::new(ts), track_id: self.track.id };
        self.fresh = false;
        if self.reader.seek(SeekMode::Accurate, to).is_err() {
            // A file whose index is no help is played from its beginning; what comes before `frame` isn't heard.
            self.reader = probe(&self.file)?;
        }
        self.decoder.reset()
    }

    /// Decodes until there are samples. False at the end.
    fn decode_next(&mut self) -> Result<bool, AudioError> {
        while let Some(packet) = self.next_packet()? {
            let Some((rate, channels)) = self.decoder.decode(&packet, &mut self.decoded) else { continue };
            if channels == 0 || !RATES.contains(&rate) || self.decoded.len() < channels {
                continue;
            }
            if self.rate == 0 {
                (self.rate, self.file_channels) = (rate, channels);
            }
            // Another rate or more channels in the middle are another sound, strung to the end of the first.
            if (rate, channels) != (self.rate, self.file_channels) {
                return Ok(false);
            }
            if channels > 2 {
                self.decoded = self.decoded.chunks_exact(channels).map(mean).collect();
            }
            for sample in &mut self.decoded {
                *sample = if sample.is_finite() { sample.clamp(-1.0, 1.0) } else { 0.0 };
            }
            if self.place(&packet) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Finds out when what was decoded is heard, and drops what comes before the beginning. False if nothing is left.
    fn place(&mut self, packet: &Packet) -> bool {
        let trimmed = i64::try_from(packet.trim_start.get()).unwrap_or(i64::MAX);
        let since = packet.pts.get().saturating_add(trimmed).saturating_sub(self.origin);
        self.at = self.frames(since);
        let early = usize::try_from(self.frames(since.saturating_neg())).unwrap_or(usize::MAX);
        let early = early.saturating_mul(self.channels()).min(self.decoded.len());
        self.decoded.drain(..early);
        !self.decoded.is_empty()
    }

    /// How many frames last as long as so many units of the track's time; none for less than 0.
    fn frames(&self, units: i64) -> u64 {
        let units = u128::try_from(units).unwrap_or(0);
        let frames = units * u128::from(self.rate) * u128::from(self.time_base.numer.get());
        u64::try_from(frames / u128::from(self.time_base.denom.get())).unwrap_or(u64::MAX)
    }

    /// The next packet of the track; nothing at the end, and where the file is cut off or broken.
    fn next_packet(&mut self) -> Result<Option<Packet>, AudioError> {
        loop {
            match self.reader.next_packet() {
                Ok(Some(packet)) if packet.track_id == self.track.id => return Ok(Some(packet)),
                Ok(Some(_)) => {}
                Err(SymphoniaError::IoError(error)) if error.kind() != io::ErrorKind::UnexpectedEof => {
                    return Err(AudioError::Read(error));
                }
                Ok(None) | Err(_) => return Ok(None),
            }
        }
    }
}

/// Finds out what kind of file it is, by its bytes alone.
fn probe(file: &File) -> Result<Box<dyn FormatReader>, AudioError> {
    let file = file.try_clone().map_err(AudioError::Read)?;
    let mut stream = MediaSourceStream::new(Box::new(file), MediaSourceStreamOptions::default());
    io::Seek::rewind(&mut stream).map_err(AudioError::Read)?;
    let (formats, meta) = (FormatOptions::default(), MetadataOptions::default());
    symphonia::default::get_probe().probe(&Hint::new(), stream, formats, meta).map_err(|error| match error {
        SymphoniaError::IoError(error) if error.kind() != io::ErrorKind::UnexpectedEof => {
            AudioError::Read(error)
        }
        SymphoniaError::Unsupported(_) | SymphoniaError::IoError(_) => AudioError::NoSound,
        _ => AudioError::Damaged,
    })
}

/// Why a file without a track that could be decoded is silent.
fn silent(tracks: &[Track]) -> AudioError {
    if tracks.iter().any(|track| track.codec_params.is_none()) {
        AudioError::NoDecoder("this kind of sound")
    } else {
        AudioError::NoSound
    }
}

#[expect(clippy::cast_precision_loss, reason = "no sound has 2^23 channels")]
fn mean(frame: &[f32]) -> f32 {
    frame.iter().sum::<f32>() / frame.len() as f32
}

enum Decoder {
    Symphonia(Box<dyn AudioDecoder>),
    Opus { decoder: Box<OpusDecoder>, pre_skip: u16, packet: Vec<f32> },
}

impl Decoder {
    fn new(params: &AudioCodecParameters) -> Result<(Codec, Self), AudioError> {
        let codec = match params.codec {
            CODEC_ID_OPUS => return Ok((Codec::Opus, Self::opus(params)?)),
            CODEC_ID_AAC => Codec::Aac,
            CODEC_ID_MP3 => Codec::Mp3,
            CODEC_ID_VORBIS => Codec::Vorbis,
            _ => return Err(AudioError::NoDecoder("this kind of sound")),
        };
        let options = AudioDecoderOptions::default();
        let decoder = symphonia::default::get_codecs().make_audio_decoder(params, &options);
        match decoder {
            Ok(decoder) => Ok((codec, Self::Symphonia(decoder))),
            Err(SymphoniaError::Unsupported(_)) => Err(AudioError::NoDecoder("this profile of it")),
            Err(_) => Err(AudioError::Damaged),
        }
    }

    /// Reads the identification header of Ogg Opus (RFC 7845, section 5.1).
    fn opus(params: &AudioCodecParameters) -> Result<Self, AudioError> {
        let head = params.extra_data.as_deref().unwrap_or_default();
        let [_, _, _, _, _, _, _, _, _version, channels, skip0, skip1, _, _, _, _, gain0, gain1, family, ..] =
            *head
        else {
            return Err(AudioError::Damaged);
        };
        if !(1..=2).contains(&channels) || family > 1 {
            return Err(AudioError::NoDecoder("surround sound in Opus"));
        }
        let mut decoder = OpusDecoder::new(RATE.cast_signed(), usize::from(channels))
            .map_err(|_reason| AudioError::Damaged)?;
        decoder.gain_q8 = i32::from(i16::from_le_bytes([gain0, gain1]));
        let packet = vec![0.0; MAX_PACKET_SAMPLES * usize::from(channels)];
        Ok(Self::Opus { decoder: Box::new(decoder), pre_skip: u16::from_le_bytes([skip0, skip1]), packet })
    }

    /// How many of the first frames are not to be heard. The readers of other kinds see to that themselves.
    fn pre_skip(&self) -> i64 {
        match self {
            Self::Opus { pre_skip, .. } => i64::from(*pre_skip),
            Self::Symphonia(_) => 0,
        }
    }

    /// Fills `out` with interleaved samples, and says their rate and number of channels; nothing if it can't be decoded.
    fn decode(&mut self, packet: &Packet, out: &mut Vec<f32>) -> Option<(u32, usize)> {
        out.clear();
        match self {
            Self::Symphonia(decoder) => {
                let decoded = decoder.decode(packet).ok()?;
                decoded.copy_to_vec_interleaved(out);
                Some((decoded.spec().rate(), decoded.spec().channels().count()))
            }
            Self::Opus { decoder, packet: samples, .. } if !packet.data.is_empty() => {
                let frames = decoder.decode(&packet.data, MAX_PACKET_SAMPLES, samples).ok()?;
                let channels = decoder.channels();
                let heard =
                    frames.saturating_sub(usize::try_from(packet.trim_end.get()).unwrap_or(usize::MAX));
                out.extend_from_slice(&samples[..heard * channels]);
                Some((RATE, channels))
            }
            // To the decoder it would mean that a packet was lost.
            Self::Opus { .. } => None,
        }
    }

    /// Forgets what was decoded before, for going on somewhere else.
    fn reset(&mut self) -> Result<(), AudioError> {
        match self {
            Self::Symphonia(decoder) => decoder.reset(),
            Self::Opus { decoder, .. } => decoder.reset_state().map_err(|_reason| AudioError::Damaged)?,
        }
        Ok(())
    }
}
