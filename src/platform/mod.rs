//! The desktop outside the window.

pub mod locale;
pub mod open;
pub mod player;
pub mod recorder;
pub mod sound;
pub mod spelling;
