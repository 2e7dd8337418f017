//! Sound: what is known of it, and its samples for playing. Decoded in a child process, for strangers made it.
//!
//! AAC (in ADTS, M4A and MP4), MP3 and Vorbis are decoded by symphonia, Opus by opus-pure, a port of the reference decoder.
//! Nobody decodes AMR: it is for the system's own player.

mod resample;
mod source;
mod stretch;
mod waveform;

use std::fs::File;
use std::io::{self, Read, Seek, Write};

pub(crate) use resample::Resampler;

use source::Sound;
use stretch::Stretch;
use waveform::Waveform;

/// Samples per second of everything that is played or recorded.
pub const RATE: u32 = 48_000;

/// More sound than this is not looked at, in hours: a waveform of it says nothing, and decoding it takes minutes.
const LONGEST_HOURS: u64 = 4;

/// Why a sound can't be played: words to follow "can't be played: ", without a full stop.
#[derive(Debug, thiserror::Error)]
pub enum AudioError {
    /// It is no sound, or of no kind that is known here.
    #[error("it holds no sound")]
    NoSound,
    /// It is sound of a kind that nobody here decodes; another program may.
    #[error("Waxwing has no decoder for {0}")]
    NoDecoder(&'static str),
    /// It looks like sound, but nothing of it can be decoded.
    #[error("the file is damaged")]
    Damaged,
    /// The file can't be read.
    #[error("the file can't be read ({0})")]
    Read(io::Error),
    /// Nobody takes the samples any more.
    #[error("nothing takes its sound ({0})")]
    Output(io::Error),
}

/// How sound is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codec {
    /// AAC, in whatever file.
    Aac,
    /// MP3.
    Mp3,
    /// Opus, in an Ogg file.
    Opus,
    /// Vorbis, in an Ogg file.
    Vorbis,
}

/// What is known of a sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoundAbout {
    /// How long it lasts, in milliseconds.
    pub duration_ms: u64,
    /// How loud it is over its length, [`WAVEFORM_BARS`](waxwing_protocol::attachment::WAVEFORM_BARS) steps; the loudest is
    /// 255, and all are 0 in silence.
    pub waveform: Vec<u8>,
    /// How it is encoded.
    pub codec: Codec,
    /// How many channels it has, from 1. WhatsApp takes Opus only with one.
    pub channels: usize,
}

/// What [`play`] is going to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PcmHead {
    /// Samples per second and channel: always [`RATE`].
    pub rate: u32,
    /// 1 or 2. More are mixed down to one.
    pub channels: usize,
    /// How long the whole sound lasts at its own speed, in milliseconds, as its file says.
    pub duration_ms: u64,
}

/// How fast sound is played. Voices keep their pitch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Speed {
    /// As it was recorded.
    #[default]
    X1,
    /// One and a half times as fast.
    X1_5,
    /// Twice as fast.
    X2,
}

impl Speed {
    /// How many halves of a second of sound are played in a second.
    fn halves(self) -> usize {
        match self {
            Self::X1 => 2,
            Self::X1_5 => 3,
            Self::X2 => 4,
        }
    }
}

/// Decodes all of `file` and says what is known of it.
///
/// What was cut off or is damaged in the middle is left out; an error means that nothing could be decoded. Of more than four
/// hours the length is what the file says, and the waveform that of the first four.
pub fn about(file: File) -> Result<SoundAbout, AudioError> {
    let mut sound = open(file)?;
    let longest = LONGEST_HOURS * 3600 * u64::from(sound.rate());
    let mut waveform = Waveform::new(sound.channels());
    while waveform.frames() < longest {
        let Some(block) = sound.read()? else { break };
        waveform.push(block.samples);
    }
    let duration_ms = if waveform.frames() < longest {
        waveform.frames() * 1000 / u64::from(sound.rate())
    } else {
        sound.declared_ms().unwrap_or(LONGEST_HOURS * 3_600_000)
    };
    Ok(SoundAbout {
        duration_ms,
        waveform: waveform.bars(),
        codec: sound.codec(),
        channels: sound.file_channels(),
    })
}

/// What [`play`] is going to write for this file, without decoding more than its beginning.
pub fn head(file: File) -> Result<PcmHead, AudioError> {
    let mut sound = open(file)?;
    let channels = sound.channels();
    let duration_ms = match sound.declared_ms() {
        Some(declared) => declared,
        None => sound.count_ms()?,
    };
    Ok(PcmHead { rate: RATE, channels, duration_ms })
}

/// Writes `file` from `from_ms` on as interleaved samples of 16 bits, little-endian, as [`head`] says. Nothing is written from
/// beyond its end. Memory stays flat however long it is.
pub fn play(file: File, from_ms: u64, speed: Speed, out: &mut dyn Write) -> Result<(), AudioError> {
    let mut sound = open(file)?;
    let first = from_ms.saturating_mul(u64::from(sound.rate())) / 1000;
    sound.seek(first)?;
    let channels = sound.channels();
    let mut output = Output {
        resampler: Resampler::new(sound.rate(), RATE, channels),
        stretch: (speed != Speed::X1).then(|| Stretch::new(speed.halves(), channels)),
        resampled: Vec::new(),
        ready: Vec::new(),
        bytes: Vec::new(),
        out,
    };
    while let Some(block) = sound.read()? {
        let early = usize::try_from(first.saturating_sub(block.at)).unwrap_or(usize::MAX);
        let wanted = block.samples.get(early.saturating_mul(channels)..).unwrap_or_default();
        output.push(wanted)?;
    }
    output.finish()
}

/// From samples of a decoder to bytes for the sound card: first to its rate, then to the wanted speed.
struct Output<'a> {
    resampler: Resampler,
    stretch: Option<Stretch>,
    resampled: Vec<f32>,
    ready: Vec<f32>,
    bytes: Vec<u8>,
    out: &'a mut dyn Write,
}

impl Output<'_> {
    fn push(&mut self, samples: &[f32]) -> Result<(), AudioError> {
        self.resampler.push(samples, &mut self.resampled);
        self.stretch();
        self.write()
    }

    fn finish(mut self) -> Result<(), AudioError> {
        self.resampler.finish(&mut self.resampled);
        self.stretch();
        if let Some(stretch) = &mut self.stretch {
            stretch.finish(&mut self.ready);
        }
        self.write()?;
        self.out.flush().map_err(AudioError::Output)
    }

    fn stretch(&mut self) {
        match &mut self.stretch {
            Some(stretch) => stretch.push(&self.resampled, &mut self.ready),
            None => self.ready.extend_from_slice(&self.resampled),
        }
        self.resampled.clear();
    }

    fn write(&mut self) -> Result<(), AudioError> {
        self.bytes.clear();
        self.bytes.extend(self.ready.drain(..).flat_map(|sample| to_i16(sample).to_le_bytes()));
        self.out.write_all(&self.bytes).map_err(AudioError::Output)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a cast from float to integer saturates")]
fn to_i16(sample: f32) -> i16 {
    (sample * 32767.0).round() as i16
}

/// Refuses what nobody decodes, by its first bytes, and opens the rest.
fn open(mut file: File) -> Result<Sound, AudioError> {
    let mut magic = Vec::new();
    file.rewind().map_err(AudioError::Read)?;
    (&file).take(5).read_to_end(&mut magic).map_err(AudioError::Read)?;
    // RFC 4867, section 5: both kinds of it begin like this.
    if magic.starts_with(b"#!AMR") {
        return Err(AudioError::NoDecoder("AMR"));
    }
    Sound::open(file)
}
