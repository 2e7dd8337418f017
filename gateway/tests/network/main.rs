//! The whole gateway against the WhatsApp network in a box, over HTTP, on free ports.
//!
//! Nothing here sleeps: every wait is for an event of the feed or a request at the network, with a time-out.

mod bench;
mod commands;
mod conversation;
mod desktop;
mod faults;
mod files;
mod journeys;
mod library;
mod logs;
mod network;
mod notifications;
mod notifications_files;
mod uploads;
mod workbins;
