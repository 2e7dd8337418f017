//! The desktop outside the window.

pub mod clipboard;
mod device;
pub mod dialog;
pub mod locale;
pub mod open;
pub mod player;
pub mod recorder;
pub mod save;
pub mod sound;
pub mod spelling;
