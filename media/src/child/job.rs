//! What the child can be asked to do, and how it does it.

use std::{
    fs::File,
    io::{self, Seek as _, Write},
    process::ExitCode,
    time::Duration,
};

use serde::{Deserialize, Serialize};

use super::{
    Trouble,
    limits::{self, Allowance},
    wire,
};
use crate::{
    audio::{self, AudioError, Speed},
    describe, inspect,
    picture::{self, Fit},
    strip,
};

/// One thing to be done with one file: the argument that follows `decode`, as JSON.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Job {
    /// What is it, and what does it look like?
    Describe {
        /// Whether it may be sound, all of which is decoded to be drawn.
        sound: bool,
    },
    /// Its pixels.
    Picture(Fit),
    /// Another picture of it, to be sent.
    Convert { max_bytes: u32 },
    /// The same without what it says of place and time.
    Strip { max_bytes: u32 },
    /// Its sound.
    Play {
        from_ms: u64,
        #[serde(with = "WrittenSpeed")]
        speed: Speed,
    },
}

/// More than those that are open already and the few that reading sound takes.
const SOUND_DESCRIPTORS: u64 = 16;

/// What stands before the pixels.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct PictureHead {
    /// Width and height.
    pub(super) size: [u32; 2],
    /// How long each frame stands.
    pub(super) millis: Vec<u32>,
}

/// What stands before the sound.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SoundHead {
    pub(super) rate: u32,
    pub(super) channels: u16,
    pub(super) duration_ms: u64,
}

/// The child's side of the work: does the job with the file that is the standard input, and answers on the standard output.
/// Before that it gives up all that it doesn't need, so it belongs at the very beginning of `main`, before any thread.
#[must_use]
pub fn serve(job: &str) -> ExitCode {
    let Ok(job) = serde_json::from_str::<Job>(job) else { return ExitCode::FAILURE };
    let Ok(file) = input() else { return ExitCode::FAILURE };
    if limits::confine(job.allowance()).is_err() {
        return ExitCode::FAILURE;
    }
    match job.run(file, &mut io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_nobody_reads) => ExitCode::FAILURE,
    }
}

#[cfg(unix)]
fn input() -> io::Result<File> {
    use std::os::fd::AsFd as _;

    io::stdin().as_fd().try_clone_to_owned().map(File::from)
}

#[cfg(windows)]
fn input() -> io::Result<File> {
    use std::os::windows::io::AsHandle as _;

    io::stdin().as_handle().try_clone_to_owned().map(File::from)
}

impl Job {
    /// What it may take of the system.
    fn allowance(&self) -> Allowance {
        let (processor_seconds, descriptors) = match self {
            Self::Describe { sound: false } => (3, 0),
            // Thousands of pixels a side take longer than a preview.
            Self::Picture(_) => (6, 0),
            Self::Convert { .. } | Self::Strip { .. } => (15, 0),
            // An hour or two of speech.
            Self::Describe { sound: true } => (30, SOUND_DESCRIPTORS),
            // Spread over hours of listening.
            Self::Play { .. } => (120, SOUND_DESCRIPTORS),
        };
        Allowance { processor_seconds, descriptors }
    }

    /// How long it may take by the clock until the answer is there, of sound until it begins: longer, for the processor may
    /// be busy.
    pub(super) const fn wall_clock(&self) -> Duration {
        match self {
            Self::Describe { sound: false } | Self::Picture(_) | Self::Play { .. } => Duration::from_secs(10),
            Self::Describe { sound: true } | Self::Convert { .. } | Self::Strip { .. } => {
                Duration::from_secs(30)
            }
        }
    }

    /// Does it. An error means that the answer could not be written.
    pub(super) fn run(self, mut file: File, out: &mut dyn Write) -> io::Result<()> {
        file.rewind()?;
        match self {
            Self::Describe { .. } => {
                let found = inspect::look(&mut file)?;
                wire::write(out, &Ok(&found), b"")?;
                file.rewind()?;
                describe::see(file, found.file_type, &mut |seen, preview| {
                    wire::write(out, &Ok(seen), preview)
                })
            }
            Self::Picture(fit) => match picture::open(&file, fit) {
                Ok(picture) => {
                    let millis = picture.frames.iter().map(|frame| frame.millis).collect();
                    let rgba: Vec<&[u8]> = picture.frames.iter().map(|frame| frame.rgba.as_slice()).collect();
                    wire::write(out, &Ok(PictureHead { size: picture.size, millis }), &rgba.concat())
                }
                Err(trouble) => wire::write::<PictureHead>(out, &Err(trouble), b""),
            },
            Self::Convert { max_bytes } => {
                let done = picture::convert(&file, max_bytes);
                let (said, bytes) = apart(done.map(|converted| (converted.mime, converted.bytes)));
                wire::write(out, &said, &bytes)
            }
            Self::Strip { max_bytes } => {
                let (said, bytes) = apart(strip::strip(&file, max_bytes).map(|bytes| ((), bytes)));
                wire::write(out, &said, &bytes)
            }
            Self::Play { from_ms, speed } => play(file, from_ms, speed, out),
        }
    }
}

fn apart<T>(done: Result<(T, Vec<u8>), Trouble>) -> (Result<T, Trouble>, Vec<u8>) {
    match done {
        Ok((said, bytes)) => (Ok(said), bytes),
        Err(trouble) => (Err(trouble), Vec::new()),
    }
}

fn play(file: File, from_ms: u64, speed: Speed, out: &mut dyn Write) -> io::Result<()> {
    let head = match file.try_clone().map_err(AudioError::Read).and_then(audio::head) {
        Ok(head) => head,
        Err(error) => return wire::write::<SoundHead>(out, &Err(trouble(&error)), b""),
    };
    let channels = u16::try_from(head.channels).unwrap_or(u16::MAX);
    wire::write(out, &Ok(SoundHead { rate: head.rate, channels, duration_ms: head.duration_ms }), b"")?;
    match audio::play(file, from_ms, speed, out) {
        Err(AudioError::Output(error)) => Err(error),
        // What could be decoded was heard; the head has been sent, so there is no place for a word about the rest.
        Ok(()) | Err(_) => out.flush(),
    }
}

fn trouble(error: &AudioError) -> Trouble {
    match error {
        AudioError::NoSound | AudioError::NoDecoder(_) => Trouble::NotSound,
        AudioError::Damaged | AudioError::Read(_) | AudioError::Output(_) => Trouble::Damaged,
    }
}

/// [`Speed`], as it is written.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Speed", rename_all = "snake_case")]
enum WrittenSpeed {
    X1,
    X1_5,
    X2,
}
