//! Plays one sound at a time, decoded by a child process, for strangers made it.
//!
//! Each playing has a thread that opens the file, starts the decoder and the loudspeaker, and carries samples from one to the
//! other, no further ahead than [`Feed`] is long. Whoever pauses it stops it and begins again at the same place: nothing
//! runs and no device is open while nothing is heard.

use std::{
    fs::File,
    io::{self, Read},
    sync::Arc,
    time::Duration,
};

use waxwing_media::{
    audio::Speed,
    child::{Trouble, Workshop},
};

mod feed;
mod loudspeaker;
#[cfg(test)]
mod tests;

pub use feed::{Feed, Heard, Stage, Taken};
pub use loudspeaker::{Loudspeaker, SystemLoudspeaker};

/// How much is read from the decoder at a time, in bytes.
const READ_BYTES: usize = 8 * 1024;

/// Why a sound is not heard, or no more: a sentence.
#[derive(Debug, thiserror::Error)]
pub enum PlayTrouble {
    /// Its file can't be opened.
    #[error("Its file can't be read: {0}.")]
    File(io::Error),
    /// Its file can't be decoded.
    #[error("It can't be played: {0}.")]
    Decoder(Trouble),
    /// There is nothing to play it with.
    #[error("No loudspeaker can be used ({0}).")]
    NoLoudspeaker(String),
    /// What it was played with went away.
    #[error("The loudspeaker is gone ({0}). Play it again when it is back.")]
    LoudspeakerGone(String),
    /// The system gives no thread.
    #[error("It can't be played now: {0}.")]
    NoThread(io::Error),
}

/// Opens a file that is to be played.
pub type OpenFile = Box<dyn FnOnce() -> io::Result<File> + Send>;

/// Called when a playing has come to its end or can't go on.
pub type Waker = Arc<dyn Fn() + Send + Sync>;

/// Plays one sound at a time.
pub struct Player<L> {
    workshop: Workshop,
    loudspeaker: Arc<L>,
    waker: Waker,
    current: Option<Arc<Feed>>,
}

impl<L> std::fmt::Debug for Player<L> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Player").field("current", &self.current).finish_non_exhaustive()
    }
}

impl<L: Loudspeaker> Player<L> {
    /// Plays nothing yet.
    pub fn new(workshop: Workshop, loudspeaker: L, waker: Waker) -> Self {
        Self { workshop, loudspeaker: Arc::new(loudspeaker), waker, current: None }
    }

    /// Plays a file from a place on, in the time of the file itself; what was played before is stopped.
    pub fn play(&mut self, open: OpenFile, from: Duration, speed: Speed) {
        self.stop();
        let feed = Arc::new(Feed::new(from, speed));
        self.current = Some(Arc::clone(&feed));
        let (workshop, loudspeaker) = (self.workshop.clone(), Arc::clone(&self.loudspeaker));
        let waker = Arc::clone(&self.waker);
        let work = {
            let feed = Arc::clone(&feed);
            move || {
                if let Err(trouble) = carry(&workshop, &*loudspeaker, open, &feed) {
                    feed.fail(trouble);
                }
                waker();
            }
        };
        if let Err(error) = std::thread::Builder::new().name("player".to_owned()).spawn(work) {
            feed.fail(PlayTrouble::NoThread(error));
        }
    }

    /// Falls silent at once.
    pub fn stop(&mut self) {
        if let Some(feed) = self.current.take() {
            feed.stop();
        }
    }

    /// How far it is; none if nothing was asked for since it was stopped.
    pub fn heard(&self) -> Option<Heard> {
        self.current.as_ref().map(|feed| feed.heard())
    }
}

impl<L> Drop for Player<L> {
    fn drop(&mut self) {
        if let Some(feed) = &self.current {
            feed.stop();
        }
    }
}

/// Carries a file's samples to the loudspeaker until all of them were heard or nobody wants them any more.
fn carry<L: Loudspeaker>(
    workshop: &Workshop,
    loudspeaker: &L,
    open: OpenFile,
    feed: &Arc<Feed>,
) -> Result<(), PlayTrouble> {
    let file = open().map_err(PlayTrouble::File)?;
    let from = u64::try_from(feed.from().as_millis()).unwrap_or(u64::MAX);
    let mut samples = workshop.play(file, from, feed.speed()).map_err(PlayTrouble::Decoder)?;
    if !feed.begin(samples.rate, samples.channels, samples.stopper()) {
        return Ok(());
    }
    // It is let go when this returns.
    let _open = loudspeaker.open(Arc::clone(feed)).map_err(PlayTrouble::NoLoudspeaker)?;
    let (mut bytes, mut held) = (vec![0; READ_BYTES], 0);
    loop {
        let read = match samples.read(&mut bytes[held..]) {
            Ok(0) => break,
            Ok(read) => held + read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_broken) => break,
        };
        let (whole, _rest) = bytes[..read].as_chunks::<2>();
        if !feed.push(whole.iter().map(|sample| from_i16(*sample))) {
            return Ok(());
        }
        // Half a sample goes before the next ones.
        held = read % 2;
        bytes[0] = bytes[read - 1];
    }
    feed.end();
    Ok(())
}

/// A sample as loudspeakers take it, from one of 16 bits, low byte first.
fn from_i16(sample: [u8; 2]) -> f32 {
    f32::from(i16::from_le_bytes(sample)) / 32768.0
}
