//! What the recorder's thread waits for: sound, and what is wished of it, which overtakes sound.

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

/// How many samples may wait to be encoded: ten seconds of the best microphones. What comes then is lost.
const MOST_SAMPLES: usize = 10 * 2 * 192_000;

/// Samples of a microphone.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// Samples per second and channel.
    pub rate: u32,
    /// How many channels take turns.
    pub channels: u16,
    /// Whole frames, each sample from -1 to 1.
    pub samples: Vec<f32>,
}

/// What is wished of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    Pause,
    Resume,
    Finish,
    Discard,
}

/// What comes next.
#[derive(Debug)]
pub(super) enum Note {
    Sound(Block),
    /// The microphone went away: why.
    Gone(String),
    Wish(Wish),
}

/// Where a microphone puts what it hears.
#[derive(Debug, Default)]
pub struct Inbox {
    state: Mutex<State>,
    came: Condvar,
}

#[derive(Debug, Default)]
struct State {
    wishes: VecDeque<Wish>,
    gone: Option<String>,
    sound: VecDeque<Block>,
    samples: usize,
}

impl Inbox {
    /// Takes what was heard. Never waits.
    pub fn hear(&self, block: Block) {
        let mut state = self.lock();
        if state.samples + block.samples.len() <= MOST_SAMPLES {
            state.samples += block.samples.len();
            state.sound.push_back(block);
        }
        drop(state);
        self.came.notify_one();
    }

    /// Nothing more will be heard; why.
    pub fn gone(&self, why: String) {
        self.lock().gone = Some(why);
        self.came.notify_one();
    }

    pub(super) fn wish(&self, wish: Wish) {
        self.lock().wishes.push_back(wish);
        self.came.notify_one();
    }

    /// Waits for what comes next.
    pub(super) fn next(&self) -> Note {
        let mut state = self.lock();
        loop {
            if let Some(wish) = state.wishes.pop_front() {
                return Note::Wish(wish);
            }
            if let Some(block) = state.pop() {
                return Note::Sound(block);
            }
            if let Some(why) = state.gone.take() {
                return Note::Gone(why);
            }
            state = self.came.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// What was heard and not taken yet.
    pub(super) fn left(&self) -> Option<Block> {
        self.lock().pop()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn pop(&mut self) -> Option<Block> {
        let block = self.sound.pop_front()?;
        self.samples -= block.samples.len();
        Some(block)
    }
}
