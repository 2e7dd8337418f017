//! What is written in a field: the text, the caret, what is selected, and the way back. The caller owns it, one for each
//! thing that can be written.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation as _;

use super::{
    super::galley::Caret,
    undo::{Change, History, Snapshot},
};

/// A text being written.
#[derive(Debug, Clone, Default)]
pub struct EditorState {
    text: String,
    pub(super) place: Place,
    /// What an input method is composing: part of the text already, but not decided.
    composing: Option<Range<usize>>,
    /// Where the caret wants to be in other rows, in points.
    pub(super) goal: Option<f32>,
    /// How much of its only row is beyond the left edge of its field, in points.
    pub(super) beyond: f32,
    /// When something was last done, in egui's seconds: the caret is steady for a while after it.
    pub(super) touched_at: f64,
    history: History,
}

/// Where the caret is, and from where it selects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Place {
    pub(super) caret: Caret,
    /// The other end of what is selected; the caret's own offset if nothing is.
    pub(super) anchor: usize,
}

impl EditorState {
    /// A text, the caret at its end.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut state = Self { text: text.to_owned(), ..Self::default() };
        state.set_caret(state.text.len());
        state
    }

    /// What is written, with what is being composed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where the caret is, in bytes.
    #[must_use]
    pub fn caret(&self) -> usize {
        self.place.caret.offset
    }

    /// What is selected; empty at the caret if nothing is.
    #[must_use]
    pub fn selection(&self) -> Range<usize> {
        let (caret, anchor) = (self.place.caret.offset, self.place.anchor);
        caret.min(anchor)..caret.max(anchor)
    }

    /// The selected text.
    #[must_use]
    pub fn selected(&self) -> &str {
        self.text.get(self.selection()).unwrap_or_default()
    }

    /// Whether an input method is at work.
    #[must_use]
    pub fn is_composing(&self) -> bool {
        self.composing.is_some()
    }

    /// Selects a part, the caret at its end; offsets inside a letter are moved before it.
    pub fn select(&mut self, range: Range<usize>) {
        let at = |offset: usize| self.text.floor_char_boundary(offset.min(self.text.len()));
        let (anchor, offset) = (at(range.start), at(range.end));
        self.move_to(Place { caret: Caret { offset, upstream: offset > anchor }, anchor });
    }

    /// Takes another text, as a step that can be undone; the caret goes to its end.
    pub fn set_text(&mut self, text: &str) {
        if self.text != text {
            self.replace(Change::Other, 0..self.text.len(), text);
        }
    }

    /// Takes the text out and forgets what was before: it has been sent.
    pub fn take(&mut self) -> String {
        std::mem::take(self).text
    }

    /// Puts words in the place of what is selected, or at the caret.
    pub fn insert(&mut self, words: &str) {
        self.replace(Change::Other, self.selection(), words);
    }

    /// Puts a mark (`*`, `_`, `~`, a backtick …) around what is selected, or takes it away if it is there; with nothing
    /// selected the caret is put between two. White space at the ends stays outside, where WhatsApp wants it.
    pub fn wrap(&mut self, mark: &str) {
        let mut range = self.selection();
        let selected = self.selected();
        let (left, right) =
            (selected.len() - selected.trim_start().len(), selected.len() - selected.trim_end().len());
        if left < selected.len() {
            range = range.start + left..range.end - right;
        }
        let inner = self.text.get(range.clone()).unwrap_or_default();
        let stripped = inner.strip_prefix(mark).and_then(|rest| rest.strip_suffix(mark)).map(str::to_owned);
        let around = self.text[..range.start].ends_with(mark) && self.text[range.end..].starts_with(mark);
        let (from, words, shift) = match stripped {
            Some(bare) => (range.clone(), bare, 0),
            None if around => (range.start - mark.len()..range.end + mark.len(), inner.to_owned(), 0),
            None => (range.clone(), format!("{mark}{inner}{mark}"), mark.len()),
        };
        let start = from.start + shift;
        let end = from.start + words.len() - shift;
        self.replace(Change::Other, from, &words);
        self.select(start..end);
    }

    /// Steps back; says whether there was something to undo.
    pub fn undo(&mut self) -> bool {
        let step = self.history.undo(self.snapshot());
        self.restore(step)
    }

    /// Whether nothing stands here, and nothing did.
    #[must_use]
    pub fn is_untouched(&self) -> bool {
        self.text.is_empty() && self.history.is_empty()
    }

    /// Steps forth again; says whether there was something undone.
    pub fn redo(&mut self) -> bool {
        let step = self.history.redo(self.snapshot());
        self.restore(step)
    }

    pub(super) fn composing(&self) -> Option<Range<usize>> {
        self.composing.clone()
    }

    /// Moves the caret.
    pub(super) fn move_to(&mut self, place: Place) {
        self.place = place;
        self.goal = None;
        self.history.pause();
    }

    /// Something is typed.
    pub(super) fn type_in(&mut self, words: &str) {
        let blank = |c: char| c.is_whitespace();
        let begins_word = self.text[..self.selection().start].ends_with(blank) && !words.starts_with(blank);
        let one = words.graphemes(true).nth(1).is_none();
        let change =
            if one && self.selection().is_empty() { Change::Letter { begins_word } } else { Change::Other };
        self.replace(change, self.selection(), words);
    }

    /// Takes out what is selected, or the grapheme before or after the caret.
    pub(super) fn delete(&mut self, forwards: bool) {
        let selection = self.selection();
        let (before, after) = self.text.split_at(selection.end);
        let range = match (selection.is_empty(), forwards) {
            (false, _) => selection,
            (true, true) => selection.start..selection.end + after.graphemes(true).next().map_or(0, str::len),
            (true, false) => {
                selection.start - before.graphemes(true).next_back().map_or(0, str::len)..selection.end
            }
        };
        self.delete_range(range, Change::Deletion);
    }

    pub(super) fn delete_range(&mut self, range: Range<usize>, change: Change) {
        if !range.is_empty() {
            self.replace(change, range, "");
        }
    }

    /// An input method shows what it has so far; nothing ends it.
    pub(super) fn compose(&mut self, words: &str, active: Option<Range<usize>>) {
        let range = match self.composing.take() {
            Some(range) => range,
            None if words.is_empty() => return,
            None => {
                let now = self.snapshot();
                self.history.before(Change::Other, || now);
                self.selection()
            }
        };
        let start = range.start;
        self.text.replace_range(range, words);
        self.composing = (!words.is_empty()).then(|| start..start + words.len());
        let byte = |chars: usize| words.char_indices().nth(chars).map_or(words.len(), |(at, _letter)| at);
        let end = active.map_or(words.len(), |active| byte(active.end));
        self.set_caret(start + end);
    }

    /// An input method has decided.
    pub(super) fn commit(&mut self, words: &str) {
        match self.composing.take() {
            Some(range) => {
                let end = range.start + words.len();
                self.text.replace_range(range, words);
                self.set_caret(end);
            }
            None if words.is_empty() => {}
            None => self.type_in(words),
        }
    }

    /// An input method takes letters away around the caret.
    pub(super) fn delete_around(&mut self, before: usize, after: usize) {
        let Range { start, end } = self.selection();
        let from = self.text[..start].char_indices().rev().take(before).last().map_or(start, |(at, _)| at);
        let to = self.text[end..].char_indices().nth(after).map_or(self.text.len(), |(at, _)| end + at);
        let keep = self.selected().to_owned();
        self.replace(Change::Other, from..to, &keep);
    }

    fn replace(&mut self, change: Change, range: Range<usize>, words: &str) {
        self.composing = None;
        let now = (&self.text, self.place);
        self.history.before(change, || Snapshot { text: now.0.clone(), place: now.1 });
        let end = range.start + words.len();
        self.text.replace_range(range, words);
        self.set_caret(end);
    }

    fn set_caret(&mut self, offset: usize) {
        // After a letter that was typed the caret belongs to it, except where a row begins.
        let upstream = offset > 0 && !self.text[..offset].ends_with('\n');
        self.place = Place { caret: Caret { offset, upstream }, anchor: offset };
        self.goal = None;
    }

    fn snapshot(&self) -> Snapshot {
        Snapshot { text: self.text.clone(), place: self.place }
    }

    fn restore(&mut self, step: Option<Snapshot>) -> bool {
        let Some(step) = step else { return false };
        self.composing = None;
        self.goal = None;
        self.text = step.text;
        self.place = step.place;
        true
    }
}
