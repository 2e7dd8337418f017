//! Plays chimes on a thread of its own. Without a sound device it is silent, says so once in the log, and leaves the
//! sound system alone until the agent tries a sound by hand: each failed opening would fill the log with ALSA's own lines.
//!
//! The device is opened for each chime and let go after it, so that nothing runs while it is quiet.

use std::{
    borrow::Cow,
    fs::File,
    io::{Cursor, Read as _},
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, SyncSender, sync_channel},
};

use rodio::{Decoder, DeviceSinkBuilder, Player};

/// The most of a sound file that is read, in bytes: a minute of CD quality.
const LARGEST_FILE: u64 = 10 * 1024 * 1024;
/// How often a sound is repeated at most.
const MOST_REPEATS: u32 = 10;

/// Where a sound comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Compiled in.
    Shipped(&'static [u8]),
    /// A WAV file of the agent's.
    File(PathBuf),
}

/// A sound to play.
#[derive(Debug, Clone, PartialEq)]
pub struct Sound {
    /// Where it comes from.
    pub source: Source,
    /// How loud; 0.0 to 1.0.
    pub volume: f32,
    /// How often in a row; at least 1.
    pub repeat: u32,
    /// Whether to try even if it did not work before: the agent asked for it just now.
    pub insist: bool,
}

/// Plays sounds, one after the other.
#[derive(Debug)]
pub struct SoundPlayer {
    queue: Option<SyncSender<Sound>>,
}

impl SoundPlayer {
    /// Starts the thread that plays.
    #[must_use]
    pub fn start() -> Self {
        let (queue, sounds) = sync_channel(2);
        let thread = std::thread::Builder::new().name("sound".to_owned()).spawn(move || play_all(&sounds));
        match thread {
            Ok(_runs_until_the_queue_closes) => Self { queue: Some(queue) },
            Err(error) => {
                tracing::warn!(%error, "no thread for sounds: staying silent");
                Self { queue: None }
            }
        }
    }

    /// Plays a sound soon. While two are waiting already, a further one is left out: a burst chimes once.
    pub fn play(&self, sound: Sound) {
        if let Some(queue) = &self.queue
            && queue.try_send(sound).is_err()
        {
            tracing::debug!("a chime was left out");
        }
    }
}

fn play_all(sounds: &Receiver<Sound>) {
    let mut works = true;
    while let Ok(sound) = sounds.recv() {
        if !works && !sound.insist {
            continue;
        }
        let played = play_one(&sound);
        works = played.is_ok();
        if let Err(why) = played {
            tracing::info!(%why, "sounds can't be played: staying silent");
        }
    }
}

fn play_one(sound: &Sound) -> Result<(), String> {
    let bytes = match &sound.source {
        Source::Shipped(bytes) => Cow::Borrowed(*bytes),
        Source::File(path) => Cow::Owned(read(path).map_err(|error| format!("{}: {error}", path.display()))?),
    };
    let mut device = DeviceSinkBuilder::open_default_sink().map_err(|error| error.to_string())?;
    device.log_on_drop(false);
    let player = Player::connect_new(device.mixer());
    player.set_volume(sound.volume.clamp(0.0, 1.0));
    for _ in 0..sound.repeat.clamp(1, MOST_REPEATS) {
        player.append(Decoder::new_wav(Cursor::new(bytes.clone())).map_err(|error| error.to_string())?);
    }
    player.sleep_until_end();
    Ok(())
}

fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST_FILE).read_to_end(&mut bytes)?;
    Ok(bytes)
}
