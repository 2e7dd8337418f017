//! The pages of the gallery: what lies on each desk, and what is done at it before the picture is taken.

use super::{
    desk::{Table, Thread},
    stage::{Album, Booth, Gesture, Shelf},
};
use crate::desk::Desk;

mod around;
mod attached;
mod bodies;
mod directory;
mod emoji;
mod files;
mod history;
mod notification;
mod responses;
mod scripts;
mod shorthand;
mod sound;
mod strip;
mod text;
mod windows;
mod workbins;
mod wrap_up;

/// One page.
pub(super) struct Page {
    /// What it is called by.
    pub(super) name: &'static str,
    /// Width and height of the window, in points at a zoom of 1.
    pub(super) size: [f32; 2],
    /// How much larger than usual everything is.
    pub(super) zoom: f32,
    pub(super) desk: Desk,
    pub(super) album: Album,
    pub(super) shelf: Shelf,
    pub(super) booth: Booth,
    /// What somebody does before the picture is taken.
    pub(super) gestures: Vec<Gesture>,
}

impl Page {
    fn new(name: &'static str, size: [f32; 2], desk: Desk) -> Self {
        Self {
            name,
            size,
            zoom: 1.0,
            desk,
            album: Album::default(),
            shelf: Shelf::default(),
            booth: Booth::default(),
            gestures: Vec::new(),
        }
    }

    fn with(mut self, gestures: impl Into<Vec<Gesture>>) -> Self {
        self.gestures = gestures.into();
        self
    }

    fn zoomed(mut self, zoom: f32) -> Self {
        self.zoom = zoom;
        self
    }
}

/// A page of one conversation.
fn conversation(name: &'static str, size: [f32; 2], thread: Thread) -> Page {
    Page::new(name, size, Table::with(vec![thread]).laid())
}

/// All pages.
pub(super) fn all() -> Vec<Page> {
    [
        text::pages(),
        bodies::pages(),
        files::pages(),
        strip::pages(),
        sound::pages(),
        attached::pages(),
        around::pages(),
        windows::pages(),
        notification::pages(),
        responses::pages(),
        workbins::pages(),
        emoji::pages(),
        shorthand::pages(),
        scripts::pages(),
        directory::pages(),
        history::pages(),
        wrap_up::pages(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
