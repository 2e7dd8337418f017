//! The server between WhatsApp and the Waxwing desktops.
//!
//! * [`store`]: what is kept, in SQLite; [`feed`] wakes whoever waits for a change of it.
//! * [`clock`] and [`random`]: the two places where time and chance come in.

pub mod auth;
pub mod cli;
pub mod clock;
pub mod config;
pub mod embedded;
pub mod feed;
pub mod handling;
pub mod outbox;
pub mod random;
pub mod server;
pub mod simulator;
pub mod store;
pub mod whatsapp;
