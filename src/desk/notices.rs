//! Lines shown to the agent until read: what happened and what to do.

/// How grave a notice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gravity {
    /// Good to know.
    Info,
    /// Something did not work.
    Problem,
}

/// A line shown to the agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// For dismissing it.
    pub number: u64,
    /// How grave.
    pub gravity: Gravity,
    /// The sentence.
    pub text: String,
}
