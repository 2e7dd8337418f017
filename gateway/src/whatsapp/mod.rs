//! WhatsApp's side of the wire: what is sent there and what its refusals mean; proving that a webhook is theirs and
//! reading it.
//!
//! Nothing here knows of the store or of the desktops' calls.

pub mod cloud_api;
pub mod graph_error;
pub mod hosts;
pub mod media;
pub mod signature;
pub mod templates;
pub mod webhook;
