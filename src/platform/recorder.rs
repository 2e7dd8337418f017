//! Records a voice note: what the microphone hears is encoded while it comes, so that an hour of it takes no more memory than
//! its file.
//!
//! The microphone is open only while it listens: pausing lets it go, and the system's own sign says so. Microphone and
//! encoder have a thread each; what comes faster than it is encoded waits.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use waxwing_media::voice::{BITRATE, PLAY_ICON_BYTES, VoiceEncoder, VoiceError, VoiceInput, length_within};

mod inbox;
mod microphone;
#[cfg(test)]
mod tests;

pub use inbox::{Block, Inbox};
use inbox::{Note, Wish};
pub use microphone::{AnyMicrophone, Microphone, SystemMicrophone};

/// Where recording ends by itself, in bytes: WhatsApp takes sound of up to 16 MB (WhatsApp Cloud API, "Media"), and a second
/// more may have been heard already.
const MOST_BYTES: usize = 16 * 1024 * 1024 - 64 * 1024;
/// What is shown as silence, in decibels below the loudest.
const QUIET_DB: f32 = 60.0;

/// Called when a recording stands otherwise by itself.
pub type Waker = Arc<dyn Fn() + Send + Sync>;

/// How a recording stands.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Standing {
    /// Nothing is recorded.
    #[default]
    Off,
    /// The microphone can't be used; the words follow "no microphone: ".
    Failed(Arc<str>),
    /// It is being recorded.
    On {
        /// How long it is so far.
        length: Duration,
        /// How loud it is now, 0 to 1.
        level: f32,
        /// Whether it stands still.
        paused: bool,
        /// Why it stands still, if nobody asked for that.
        trouble: Option<Arc<str>>,
    },
}

/// Records one voice note at a time.
pub struct Recorder<M> {
    microphone: Arc<M>,
    waker: Waker,
    most_bytes: usize,
    current: Option<Arc<Session>>,
}

/// One recording, shared with its thread.
struct Session {
    inbox: Arc<Inbox>,
    told: Mutex<Told>,
}

#[derive(Default)]
struct Told {
    standing: Standing,
    finished: Option<Vec<u8>>,
}

impl<M> std::fmt::Debug for Recorder<M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recorder").finish_non_exhaustive()
    }
}

impl<M: Microphone> Recorder<M> {
    /// Records nothing yet.
    pub fn new(microphone: M, waker: Waker) -> Self {
        Self { microphone: Arc::new(microphone), waker, most_bytes: MOST_BYTES, current: None }
    }

    /// Records with another microphone from the next time on.
    pub fn listen_through(&mut self, microphone: M) {
        self.microphone = Arc::new(microphone);
    }

    /// How long a voice note can become before WhatsApp shows it as a file to be downloaded.
    #[must_use]
    pub fn most() -> Duration {
        length_within(PLAY_ICON_BYTES, BITRATE)
    }

    /// Begins; what was recorded before and not finished is forgotten.
    pub fn start(&mut self) {
        self.discard();
        let standing = Standing::On { length: Duration::ZERO, level: 0.0, paused: false, trouble: None };
        let told = Mutex::new(Told { standing, finished: None });
        let session = Arc::new(Session { inbox: Arc::default(), told });
        self.current = Some(Arc::clone(&session));
        let (microphone, waker) = (Arc::clone(&self.microphone), Arc::clone(&self.waker));
        let most_bytes = self.most_bytes;
        let work = {
            let session = Arc::clone(&session);
            move || {
                if let Err(error) = session.record(&*microphone, most_bytes, &waker) {
                    session.tell(Standing::Failed(error.to_string().into()));
                }
                waker();
            }
        };
        if let Err(error) = std::thread::Builder::new().name("recorder".to_owned()).spawn(work) {
            session.tell(Standing::Failed(error.to_string().into()));
        }
    }

    /// Stands still; the microphone is let go.
    pub fn pause(&self) {
        self.wish(Wish::Pause);
    }

    /// Goes on.
    pub fn resume(&self) {
        self.wish(Wish::Resume);
    }

    /// Ends it: [`Recorder::finished`] has it soon, unless nothing was heard.
    pub fn finish(&self) {
        self.wish(Wish::Finish);
    }

    /// Forgets it.
    pub fn discard(&mut self) {
        self.wish(Wish::Discard);
        self.current = None;
    }

    /// How it stands.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.current.as_ref().map_or(Standing::Off, |session| session.told().standing.clone())
    }

    /// The voice note, once: a whole Ogg file with Opus.
    pub fn finished(&mut self) -> Option<Vec<u8>> {
        let finished = self.current.as_ref()?.told().finished.take()?;
        self.current = None;
        Some(finished)
    }

    fn wish(&self, wish: Wish) {
        if let Some(session) = &self.current {
            session.inbox.wish(wish);
        }
    }
}

impl<M> Drop for Recorder<M> {
    fn drop(&mut self) {
        if let Some(session) = &self.current {
            session.inbox.wish(Wish::Discard);
        }
    }
}

impl Session {
    /// Listens and encodes until it is finished or given up.
    fn record<M: Microphone>(
        &self,
        microphone: &M,
        most_bytes: usize,
        waker: &Waker,
    ) -> Result<(), VoiceError> {
        let mut voice =
            Voice { encoder: VoiceEncoder::new(BITRATE)?, input: None, level: 0.0, ready: Vec::new() };
        let mut open = match microphone.open(Arc::clone(&self.inbox)) {
            Ok(open) => Some(open),
            Err(why) => {
                self.tell(Standing::Failed(why.into()));
                return Ok(());
            }
        };
        loop {
            match self.inbox.next() {
                Note::Sound(block) => voice.hear(&block)?,
                Note::Gone(why) => {
                    open = None;
                    self.tell(voice.paused(Some(why.into())));
                    waker();
                    continue;
                }
                Note::Wish(Wish::Pause) => open = None,
                Note::Wish(Wish::Resume) if open.is_none() => {
                    match microphone.open(Arc::clone(&self.inbox)) {
                        Ok(opened) => open = Some(opened),
                        Err(why) => {
                            self.tell(voice.paused(Some(why.into())));
                            waker();
                            continue;
                        }
                    }
                }
                Note::Wish(Wish::Resume) => {}
                Note::Wish(Wish::Finish) => break,
                Note::Wish(Wish::Discard) => return Ok(()),
            }
            if open.is_some() {
                self.tell(voice.listening());
            } else {
                self.tell(voice.paused(None));
            }
            if voice.encoder.bytes() >= most_bytes {
                break;
            }
        }
        drop(open);
        let finished = voice.finish(&self.inbox)?;
        let mut told = self.told();
        told.standing = Standing::Off;
        told.finished = finished;
        Ok(())
    }

    fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, standing: Standing) {
        self.told().standing = standing;
    }
}

/// What was heard so far.
struct Voice {
    encoder: VoiceEncoder,
    /// For the microphone that is open, with what it gives; the next one may give something else.
    input: Option<((u32, u16), VoiceInput)>,
    level: f32,
    ready: Vec<f32>,
}

impl Voice {
    fn hear(&mut self, block: &Block) -> Result<(), VoiceError> {
        let format = (block.rate, block.channels);
        if self.input.as_ref().is_none_or(|(known, _)| *known != format) {
            self.let_go()?;
            self.input = Some((format, VoiceInput::new(block.rate, block.channels)));
        }
        if let Some((_, input)) = &mut self.input {
            input.push(&block.samples, &mut self.ready);
        }
        self.level = level(&block.samples);
        self.encode()
    }

    /// Takes in what the last microphone's samples leave.
    fn let_go(&mut self) -> Result<(), VoiceError> {
        if let Some((_, input)) = self.input.take() {
            input.finish(&mut self.ready);
        }
        self.encode()
    }

    fn encode(&mut self) -> Result<(), VoiceError> {
        self.encoder.push(&self.ready)?;
        self.ready.clear();
        Ok(())
    }

    fn listening(&self) -> Standing {
        let (length, level) = (self.encoder.duration(), self.level);
        Standing::On { length, level, paused: false, trouble: None }
    }

    fn paused(&self, trouble: Option<Arc<str>>) -> Standing {
        Standing::On { length: self.encoder.duration(), level: 0.0, paused: true, trouble }
    }

    /// The whole file, with what was heard and not encoded yet; none if nothing was heard.
    fn finish(mut self, inbox: &Inbox) -> Result<Option<Vec<u8>>, VoiceError> {
        while let Some(block) = inbox.left() {
            self.hear(&block)?;
        }
        self.let_go()?;
        if self.encoder.duration().is_zero() {
            return Ok(None);
        }
        self.encoder.finish().map(Some)
    }
}

/// How loud samples are, from 0 for silence to 1 for as loud as it goes; decibels, as ears have it.
fn level(samples: &[f32]) -> f32 {
    let squares: f32 = samples.iter().map(|sample| sample * sample).sum();
    #[expect(clippy::cast_precision_loss, reason = "a few thousand samples")]
    let mean = squares / samples.len().max(1) as f32;
    // Twenty times the logarithm of the root is ten times that of the square; a sine has half of the loudest square.
    let decibels = 10.0 * (mean * 2.0).log10();
    if decibels.is_nan() { 0.0 } else { (1.0 + decibels / QUIET_DB).clamp(0.0, 1.0) }
}
