//! Sound that is played and recorded: what the window is told of it, and what it may ask for.

use std::sync::Arc;

use chrono::TimeDelta;
use waxwing_protocol::id::{AttachmentId, ClientRef, InteractionId};

/// How fast a voice note is played; its pitch stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Speed {
    /// As it was recorded.
    #[default]
    Normal,
    /// One and a half times.
    OneAndAHalf,
    /// Twice.
    Double,
}

impl Speed {
    /// The next one, for a button that goes round.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Normal => Self::OneAndAHalf,
            Self::OneAndAHalf => Self::Double,
            Self::Double => Self::Normal,
        }
    }
}

/// What a sound is called by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SoundKey {
    /// The gateway keeps its file.
    Attachment(AttachmentId),
    /// It stands on the strip: our own, not sent yet.
    Ours(ClientRef),
}

/// The one sound that is played, or was stopped in the middle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Playing {
    /// Which.
    pub key: SoundKey,
    /// How far it is; not a matter of how fast.
    pub position: TimeDelta,
    /// What goes on with it.
    pub state: PlayState,
}

/// What goes on with a sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlayState {
    /// It is played as soon as its file is here.
    Coming,
    /// It is heard.
    Playing,
    /// It stands still.
    Paused,
}

/// What is asked of the player.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlayAsk {
    /// Play a sound, from where it was left; what was played before is left.
    Start {
        /// Which.
        key: SoundKey,
        /// Of which conversation.
        interaction: InteractionId,
        /// Whether the next voice note of the conversation follows.
        voice: bool,
    },
    /// Stand still.
    Pause,
    /// Go to this place of a sound; it is played if it was.
    Seek {
        /// Which.
        key: SoundKey,
        /// From its beginning.
        position: TimeDelta,
    },
    /// Play faster or slower, from now on.
    Speed(Speed),
}

/// How recording a voice note stands.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Recording {
    /// Nothing is recorded.
    #[default]
    Off,
    /// There is no microphone, or it can't be used.
    NoMicrophone {
        /// A sentence: why.
        why: Arc<str>,
    },
    /// It is being recorded.
    On {
        /// How long it is so far.
        length: TimeDelta,
        /// How loud it is now, 0 to 1.
        level: f32,
        /// Whether it stands still.
        paused: bool,
        /// How long it can become before WhatsApp shows it as a file to be downloaded.
        most: TimeDelta,
        /// Why it stands still, if nobody asked for that.
        trouble: Option<Arc<str>>,
    },
}

/// What is asked of the recorder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordAsk {
    /// Begin.
    Start,
    /// Stand still.
    Pause,
    /// Go on.
    Resume,
    /// End: what was recorded goes onto the strip, where it can be listened to, removed and sent.
    Finish,
    /// Forget it.
    Discard,
}
