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
}
