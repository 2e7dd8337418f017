//! The desktop outside the window.

pub mod sound;
