//! WhatsApp's side of the wire: what is sent there, what comes from there, and what its refusals mean.

pub mod cloud_api;
pub mod graph_error;
