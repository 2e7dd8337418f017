//! The desktop outside the window.

pub mod locale;
pub mod open;
pub mod sound;
pub mod spelling;
