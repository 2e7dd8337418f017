//! Sound that is played and recorded: what the window is told of it, and what it may ask for.

use std::sync::Arc;

use chrono::TimeDelta;
use waxwing_protocol::id::AttachmentId;

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

/// The one sound that is played, or was stopped in the middle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Playing {
    /// Which file's.
    pub attachment: AttachmentId,
    /// How far it is; not a matter of how fast.
    pub position: TimeDelta,
    /// Whether it stands still.
    pub paused: bool,
}

/// What is asked of the player.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlayAsk {
    /// Play a file, from where it was left; what was played before is left.
    Start {
        /// Which.
        attachment: AttachmentId,
        /// Whether the next voice note of the conversation follows.
        voice: bool,
    },
    /// Stand still.
    Pause,
    /// Go to this place of a file; it is played if it was.
    Seek {
        /// Which.
        attachment: AttachmentId,
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
