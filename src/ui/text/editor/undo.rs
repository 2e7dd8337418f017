//! What was written before: a step back undoes a word, a deletion or a paste, as people think of it.

use super::state::Place;

/// Steps beyond this are forgotten.
const STEPS: usize = 200;
/// So much text is remembered in all, in bytes, and always one step.
const BYTES: usize = 1 << 20;

/// A text as it was, with its caret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Snapshot {
    pub(super) text: String,
    pub(super) place: Place,
}

/// What kind of change is about to happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// A letter is typed; the flag tells the beginning of a word.
    Letter { begins_word: bool },
    /// A letter is deleted.
    Deletion,
    /// Everything else, each a step of its own.
    Other,
}

/// The steps back and forth.
#[derive(Debug, Clone, Default)]
pub(super) struct History {
    back: Vec<Snapshot>,
    forth: Vec<Snapshot>,
    /// The last change, if nothing came between.
    running: Option<Change>,
}

impl History {
    /// Whether there is no step to go.
    pub(super) const fn is_empty(&self) -> bool {
        self.back.is_empty() && self.forth.is_empty()
    }

    /// To be called before each change, with the text as it is.
    pub(super) fn before(&mut self, change: Change, now: impl FnOnce() -> Snapshot) {
        let goes_on = match (self.running, change) {
            (Some(Change::Letter { .. }), Change::Letter { begins_word }) => !begins_word,
            (Some(Change::Deletion), Change::Deletion) => true,
            _ => false,
        };
        if !goes_on {
            self.back.push(now());
            let mut bytes: usize = self.back.iter().map(|step| step.text.len()).sum();
            while self.back.len() > STEPS || (bytes > BYTES && self.back.len() > 1) {
                bytes -= self.back.remove(0).text.len();
            }
        }
        self.forth.clear();
        self.running = Some(change);
    }

    /// The caret was moved: what is typed next is a step of its own.
    pub(super) fn pause(&mut self) {
        self.running = None;
    }

    /// Steps back; gives what was.
    pub(super) fn undo(&mut self, now: Snapshot) -> Option<Snapshot> {
        let before = self.back.pop()?;
        self.forth.push(now);
        self.running = None;
        Some(before)
    }

    /// Steps forth again.
    pub(super) fn redo(&mut self, now: Snapshot) -> Option<Snapshot> {
        let after = self.forth.pop()?;
        self.back.push(now);
        self.running = None;
        Some(after)
    }
}
