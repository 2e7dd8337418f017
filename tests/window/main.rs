//! The real window: the real programs as processes of their own on a virtual display with a window manager, used with a
//! keyboard and a mouse, looked at, and written to from outside.
//!
//! Pictures of each step go to `window-test/` in the target folder. What has to be installed for it comes from
//! `scripts/system-packages.sh window`, which `make test` calls.

#![cfg(target_os = "linux")]

mod answering;
mod display;
mod files_received;
mod files_sent;
mod inside;
mod library;
mod notifying;
mod outside;
mod own_window;
mod past;
mod picture;
mod process;
mod scene;
mod trouble;
mod wait;
mod workbins;
