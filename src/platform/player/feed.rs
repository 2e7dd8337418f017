//! What lies between the decoder and the loudspeaker: half a second of samples, and how far it is.

use std::{
    collections::VecDeque,
    num::NonZero,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use waxwing_media::{
    audio::Speed,
    child::{Stopper, Trouble},
};

use super::PlayTrouble;

/// Samples per second and channel that are believed of a decoder.
const RATES: std::ops::RangeInclusive<u32> = 8_000..=192_000;
/// Channels that are believed of a decoder.
const CHANNELS: std::ops::RangeInclusive<u16> = 1..=2;
/// A loudspeaker that takes nothing for so long is gone: some systems don't say so.
const PATIENCE: Duration = Duration::from_secs(5);

/// How far a playing is.
#[derive(Debug, Clone)]
pub struct Heard {
    /// How far into the file, in the file's own time.
    pub position: Duration,
    /// What goes on.
    pub stage: Stage,
}

/// What goes on with a playing.
#[derive(Debug, Clone)]
pub enum Stage {
    /// The decoder and the loudspeaker are being started.
    Starting,
    /// It is heard.
    Sounding,
    /// All of it was heard.
    Ended,
    /// It is not heard, or no more.
    Failed(Arc<PlayTrouble>),
}

/// What a loudspeaker gets when it asks for samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// Samples.
    Samples,
    /// There are none yet: silence until there are.
    NotYet,
    /// There will be no more. Whoever takes them says [`Feed::all_heard`] once the last one was heard.
    End,
}

/// The samples on their way to the loudspeaker.
#[derive(Debug)]
pub struct Feed {
    from: Duration,
    speed: Speed,
    state: Mutex<State>,
    /// Told when there is room, and at the end.
    moved: Condvar,
}

#[derive(Debug)]
struct State {
    samples: VecDeque<f32>,
    rate: u32,
    channels: u16,
    taken: u64,
    /// Whether the decoder has given all.
    complete: bool,
    /// Nobody wants any more of it.
    stopped: bool,
    stage: Stage,
    stopper: Option<Stopper>,
}

impl Feed {
    pub(super) fn new(from: Duration, speed: Speed) -> Self {
        let state = State {
            samples: VecDeque::new(),
            rate: 1,
            channels: 1,
            taken: 0,
            complete: false,
            stopped: false,
            stage: Stage::Starting,
            stopper: None,
        };
        Self { from, speed, state: Mutex::new(state), moved: Condvar::new() }
    }

    pub(super) const fn from(&self) -> Duration {
        self.from
    }

    pub(super) const fn speed(&self) -> Speed {
        self.speed
    }

    /// Samples per second and channel.
    pub fn rate(&self) -> NonZero<u32> {
        NonZero::new(self.lock().rate).unwrap_or(NonZero::<u32>::MIN)
    }

    /// How many channels take turns.
    pub fn channels(&self) -> NonZero<u16> {
        NonZero::new(self.lock().channels).unwrap_or(NonZero::<u16>::MIN)
    }

    /// Appends the next samples to `to`, at most so many. Never waits.
    pub fn take(&self, to: &mut Vec<f32>, most: usize) -> Taken {
        let mut state = self.lock();
        if state.stopped {
            return Taken::End;
        }
        if state.samples.is_empty() {
            return if state.complete { Taken::End } else { Taken::NotYet };
        }
        let block = most.min(state.samples.len());
        to.extend(state.samples.drain(..block));
        state.taken += u64::try_from(block).unwrap_or_default();
        state.stage = Stage::Sounding;
        drop(state);
        self.moved.notify_all();
        Taken::Samples
    }

    /// Everything that was taken has been heard.
    pub fn all_heard(&self) {
        let mut state = self.lock();
        if state.complete && matches!(state.stage, Stage::Starting | Stage::Sounding) {
            state.stage = Stage::Ended;
        }
        drop(state);
        self.moved.notify_all();
    }

    /// It can't go on.
    pub fn fail(&self, trouble: PlayTrouble) {
        let mut state = self.lock();
        if !matches!(state.stage, Stage::Ended | Stage::Failed(_)) {
            state.stage = Stage::Failed(Arc::new(trouble));
        }
        drop(state);
        self.stop();
    }

    /// Nobody wants any more of it.
    pub(super) fn stop(&self) {
        let stopper = {
            let mut state = self.lock();
            state.stopped = true;
            state.stopper.take()
        };
        self.moved.notify_all();
        if let Some(stopper) = stopper {
            stopper.stop();
        }
    }

    pub(super) fn heard(&self) -> Heard {
        let state = self.lock();
        let per_second = u64::from(state.rate) * u64::from(state.channels);
        let (times, parts) = match self.speed {
            Speed::X1 => (1, 1),
            Speed::X1_5 => (3, 2),
            Speed::X2 => (2, 1),
        };
        let played = Duration::from_micros(state.taken * times * 1_000_000 / (parts * per_second));
        Heard { position: self.from + played, stage: state.stage.clone() }
    }

    /// What the samples are and what stops them; says whether somebody still wants them.
    pub(super) fn begin(&self, rate: u32, channels: u16, stopper: Stopper) -> bool {
        if !RATES.contains(&rate) || !CHANNELS.contains(&channels) {
            self.fail(PlayTrouble::Decoder(Trouble::Broken));
        }
        let mut state = self.lock();
        (state.rate, state.channels) = (rate.max(1), channels.max(1));
        state.stopper = Some(stopper);
        !state.stopped
    }

    /// Adds samples as soon as there is room; says whether somebody still wants them.
    pub(super) fn push(&self, samples: impl Iterator<Item = f32>) -> bool {
        let mut state = self.wait(|state| state.samples.len() < state.frames(state.rate / 2));
        state.samples.extend(samples);
        !state.stopped
    }

    /// There are no more; waits until they were heard.
    pub(super) fn end(&self) {
        self.lock().complete = true;
        drop(self.wait(|state| matches!(state.stage, Stage::Ended)));
    }

    /// Waits for that, or until nobody wants any more.
    fn wait(&self, until: impl Fn(&State) -> bool) -> MutexGuard<'_, State> {
        let mut state = self.lock();
        while !until(&state) && !state.stopped {
            let before = state.taken;
            let (again, waited) =
                self.moved.wait_timeout(state, PATIENCE).unwrap_or_else(PoisonError::into_inner);
            state = again;
            if waited.timed_out() && state.taken == before && !until(&state) && !state.stopped {
                drop(state);
                self.fail(PlayTrouble::LoudspeakerGone("it takes no sound".to_owned()));
                state = self.lock();
            }
        }
        state
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// How many samples all channels together have in so many of one.
    fn frames(&self, of_one: u32) -> usize {
        usize::try_from(of_one).unwrap_or_default() * usize::from(self.channels)
    }
}
