//! The spelling as the drawing may ask for it.

use std::{cell::RefCell, ops::Range};

use crate::{
    config::Window,
    platform::{locale, spelling::Speller},
    ui::Spelling,
};

/// What is misspelled, by the dictionaries of this system.
#[derive(Debug)]
pub(super) struct Checked(RefCell<Speller>);

impl Checked {
    /// Begins to check in the languages the agent chose, else in those of the system.
    pub(super) fn start(ctx: &egui::Context, window: &Window) -> Self {
        let languages = window.spelling.clone().unwrap_or_else(locale::languages);
        let ctx = ctx.clone();
        Self(RefCell::new(Speller::start(&languages, move || ctx.request_repaint())))
    }
}

impl Spelling for Checked {
    fn misspelled(&self, text: &str) -> Vec<Range<usize>> {
        self.0.borrow_mut().check(text).map_or_else(Vec::new, <[_]>::to_vec)
    }

    fn suggestions(&self, word: &str) -> Option<Vec<String>> {
        self.0.borrow_mut().suggest(word).map(<[_]>::to_vec)
    }
}
