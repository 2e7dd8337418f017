//! The Waxwing desktop, in four rooms.
//!
//! The [`desk`] thinks, the [`service`] acts, the [`ui`] shows, the [`platform`] reaches outside; only the
//! [`app`] introduces them to one another, and the [`gallery`] draws them where there is no window.

pub mod app;
pub mod config;
pub mod demo;
pub mod desk;
pub mod gallery;
pub mod platform;
pub mod service;
pub mod ui;
