//! WhatsApp's side of the wire: proving that a webhook is theirs and reading it.
//!
//! Nothing here knows of the store or of the desktops' calls.

pub mod graph_error;
pub mod signature;
pub mod webhook;
