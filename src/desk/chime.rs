//! What the agent hears, and the settings the desk goes by.

use super::pending::Thresholds;

/// A sound to play.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chime {
    /// An interaction came to this agent.
    NewInteraction,
    /// A contact wrote in an interaction the agent already has.
    NewMessage,
}

/// The latest chime; a higher number means there was another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChimeSeq {
    /// Counts chimes.
    pub number: u64,
    /// Which sound.
    pub chime: Chime,
}

/// What the desk goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// When a pending response turns late and overdue.
    pub thresholds: Thresholds,
    /// Whether the contact is to see how far the agent has read.
    pub mark_read: bool,
    /// Whether the contact is to see that the agent is writing. To WhatsApp that also marks everything as read (Cloud API,
    /// typing indicators).
    pub typing: bool,
    /// How many earlier sessions *See older messages…* brings.
    pub sessions_per_click: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { thresholds: Thresholds::default(), mark_read: true, typing: true, sessions_per_click: 1 }
    }
}
