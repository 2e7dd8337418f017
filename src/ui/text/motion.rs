//! Moving through a galley as a caret does: through the letters as they are seen, over the edges of paragraphs, from row
//! to row.

use egui::pos2;
use parley::{Cluster, Cursor};

use super::{
    galley::{Caret, Galley},
    shape::Tint,
};

/// What parley's cursor can do within a paragraph.
type Step = fn(&Cursor, &parley::Layout<Tint>) -> Cursor;

impl Galley {
    /// One letter to the left on the screen.
    #[must_use]
    pub fn left(&self, caret: Caret) -> Caret {
        self.step(caret, Cursor::previous_visual, true)
    }

    /// One letter to the right on the screen.
    #[must_use]
    pub fn right(&self, caret: Caret) -> Caret {
        self.step(caret, Cursor::next_visual, false)
    }

    /// One word to the left on the screen.
    #[must_use]
    pub fn word_left(&self, caret: Caret) -> Caret {
        self.step(caret, previous_word, true)
    }

    /// One word to the right on the screen.
    #[must_use]
    pub fn word_right(&self, caret: Caret) -> Caret {
        self.step(caret, next_word, false)
    }

    /// Where the word before an offset begins, over white space and over a line break.
    #[must_use]
    pub fn word_before(&self, offset: usize) -> usize {
        self.logical(offset, Cursor::previous_logical_word, false)
    }

    /// Where the word after an offset begins, or where the paragraph ends.
    #[must_use]
    pub fn word_after(&self, offset: usize) -> usize {
        self.logical(offset, Cursor::next_logical_word, true)
    }

    /// So many rows down (up, if negative), at `x` points from the left; the ends of the text beyond the last one.
    #[must_use]
    pub fn rows_down(&self, caret: Caret, rows: isize, x: f32) -> Caret {
        let Some(row) = self.row_of(caret).checked_add_signed(rows) else { return Caret::default() };
        match self.rows().get(row) {
            Some(row) => self.caret_at(pos2(x, row.rect.center().y)),
            None => self.end(),
        }
    }

    /// The beginning of the caret's row, in the order of reading.
    #[must_use]
    pub fn row_start(&self, caret: Caret) -> Caret {
        let offset = self.rows().get(self.row_of(caret)).map_or(0, |row| row.range.start);
        Caret { offset, upstream: false }
    }

    /// The end of the caret's row, in the order of reading.
    #[must_use]
    pub fn row_end(&self, caret: Caret) -> Caret {
        let offset = self.rows().get(self.row_of(caret)).map_or(0, |row| row.range.end);
        Caret { offset, upstream: true }
    }

    /// The end of the text.
    #[must_use]
    pub fn end(&self) -> Caret {
        Caret { offset: self.text().len(), upstream: true }
    }

    /// A step that may leave the paragraph: leftwards out of a left-to-right one is to the one before.
    fn step(&self, caret: Caret, step: Step, leftwards: bool) -> Caret {
        let index = self.paragraph_of(caret.offset);
        let Some(paragraph) = self.paragraphs.get(index) else { return caret };
        let before = self.cursor(index, caret);
        let after = step(&before, &paragraph.layout);
        // Where the direction turns, a step can be one from place to place of the same offset.
        if after != before {
            return self.caret_of(index, after);
        }
        if leftwards ^ paragraph.layout.is_rtl() {
            let before = index.checked_sub(1).and_then(|index| self.paragraphs.get(index));
            before.map_or(caret, |before| Caret { offset: before.range.end, upstream: true })
        } else {
            let after = self.paragraphs.get(index + 1);
            after.map_or(caret, |after| Caret { offset: after.range.start, upstream: false })
        }
    }

    fn logical(&self, offset: usize, step: Step, forwards: bool) -> usize {
        let index = self.paragraph_of(offset);
        let Some(paragraph) = self.paragraphs.get(index) else { return offset };
        let before = self.cursor(index, Caret { offset, upstream: !forwards });
        let moved = self.caret_of(index, step(&before, &paragraph.layout)).offset;
        if moved != offset && (moved > offset) == forwards {
            return moved;
        }
        match (forwards, index.checked_sub(1)) {
            (true, _) if offset < paragraph.range.end => paragraph.range.end,
            (true, _) => self.paragraphs.get(index + 1).map_or(offset, |next| next.range.start),
            (false, Some(before)) if offset == paragraph.range.start => self.paragraphs[before].range.end,
            (false, _) => paragraph.range.start,
        }
    }
}

/// How many letters a word is stepped over at most. Where directions turn, parley's visual steps can lead round in a circle;
/// its own steps over words never come out of it.
const LONGEST_WORD: usize = 2_000;

/// To the right on the screen, until a word ends.
fn next_word(from: &Cursor, layout: &parley::Layout<Tint>) -> Cursor {
    over_word(from, layout, Cursor::next_visual, |left, right| {
        let ends = if left.is_rtl() { left } else { right };
        ends.is_word_boundary() && !left.is_space_or_nbsp()
    })
}

/// To the left on the screen, until a word begins.
fn previous_word(from: &Cursor, layout: &parley::Layout<Tint>) -> Cursor {
    over_word(from, layout, Cursor::previous_visual, |left, right| {
        let begins = right.is_word_boundary() && !right.is_space_or_nbsp();
        if left.is_rtl() { left.is_word_boundary() && (left.is_space_or_nbsp() || begins) } else { begins }
    })
}

/// Steps on until the letters to the left and right of the caret say that a word is over.
fn over_word(
    from: &Cursor,
    layout: &parley::Layout<Tint>,
    step: Step,
    is_over: fn(&Cluster<'_, Tint>, &Cluster<'_, Tint>) -> bool,
) -> Cursor {
    let mut at = *from;
    for _ in 0..LONGEST_WORD {
        let next = step(&at, layout);
        if next == at {
            break;
        }
        at = next;
        match at.visual_clusters(layout) {
            [Some(left), Some(right)] if !is_over(&left, &right) => {}
            _ => break,
        }
    }
    at
}
