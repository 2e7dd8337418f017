//! A text that has been laid out: where its letters are, what lies where, and where its rows end.
//!
//! Offsets are bytes of the logical text, positions are points from the galley's top left corner.

use std::ops::Range;

use egui::{Pos2, Rect, Vec2, mutex::Mutex, pos2, vec2};
use parley::{Affinity, Cluster, Cursor, Selection};

use super::{
    paint::Drawn,
    shape::{Paragraph, Room, Tint},
    words::{Direction, Look, Span, Style, Words},
};

/// A text that has been laid out; see [`layout`](super::layout).
pub struct Galley {
    pub(super) text: Box<str>,
    pub(super) spans: Box<[Span]>,
    pub(super) style: Style,
    pub(super) room: Room,
    /// Physical pixels to a point.
    pub(super) scale: f32,
    pub(super) paragraphs: Vec<Paragraph>,
    rows: Vec<Row>,
    size: Vec2,
    /// Some of its letters are in none of the fonts in memory.
    pub(super) lacking: bool,
    /// Those may be on their way, so they are left blank rather than drawn as boxes.
    pub(super) waiting: bool,
    pub(super) drawn: Mutex<Option<Drawn>>,
}

/// One row of a galley.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its part of the text, in bytes, without the line break.
    pub range: Range<usize>,
    /// Where it is: as wide as its letters (white space at its end left out), as high as rows are.
    pub rect: Rect,
    /// Where its letters stand, from the galley's top.
    pub baseline: f32,
    /// Its paragraph, and which line of it.
    pub(super) place: (usize, usize),
}

/// A place between two letters. Where a row is broken, or the direction turns, one offset is in two places; the caret
/// is at the letter before it or at the one after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Caret {
    /// In bytes of the text.
    pub offset: usize,
    /// It is at the letter before it.
    pub upstream: bool,
}

impl Galley {
    pub(super) fn new(words: &Words<'_>, room: Room, shaped: (Vec<Paragraph>, f32)) -> Self {
        let scale = room.scale;
        let (paragraphs, width) = shaped;
        let height = paragraphs.last().map_or(0.0, |last| last.top + last.layout.height());
        let rows = rows(&paragraphs, scale);
        Self {
            text: words.text.into(),
            spans: words.spans.into(),
            style: words.style,
            room,
            scale,
            paragraphs,
            rows,
            size: vec2(width, height) / scale,
            lacking: false,
            waiting: false,
            drawn: Mutex::new(None),
        }
    }

    pub(super) fn is_of(&self, words: &Words<'_>, room: Room) -> bool {
        *self.text == *words.text
            && *self.spans == *words.spans
            && self.style == words.style
            && self.room == room
    }

    /// The logical text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How much room it takes, in points: the widest row, and all rows.
    pub fn size(&self) -> Vec2 {
        self.size
    }

    /// Its rows, from the top.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// How wide the last row is, in points: whether a time fits beside it.
    pub fn last_row_width(&self) -> f32 {
        self.rows.last().map_or(0.0, |row| row.rect.width())
    }

    /// Whether it did not fit into its rows and was cut.
    pub fn is_cut(&self) -> bool {
        self.paragraphs.iter().any(|paragraph| paragraph.cut.is_some())
    }

    /// In which direction its first paragraph runs.
    pub fn direction(&self) -> Direction {
        match self.paragraphs.first() {
            Some(first) if first.layout.is_rtl() => Direction::RightToLeft,
            _ => Direction::LeftToRight,
        }
    }

    /// The offset that is nearest to a position.
    pub fn hit(&self, at: Pos2) -> usize {
        self.caret_at(at).offset
    }

    /// The place between letters that is nearest to a position.
    pub fn caret_at(&self, at: Pos2) -> Caret {
        let Some(index) = self.paragraph_at_height(at.y) else { return Caret::default() };
        let paragraph = &self.paragraphs[index];
        let (x, y) = self.local(paragraph, at);
        self.caret_of(index, Cursor::from_point(&paragraph.layout, x, y))
    }

    /// The number of the link at a position, if its letters are really there.
    pub fn link_at(&self, at: Pos2) -> Option<u32> {
        let paragraph = &self.paragraphs[self.paragraph_at_height(at.y)?];
        let (x, y) = self.local(paragraph, at);
        if at.y < 0.0 || at.y > self.size.y {
            return None;
        }
        let (cluster, _side) = Cluster::from_point_exact(&paragraph.layout, x, y)?;
        let offset = paragraph.range.start + cluster.text_range().start;
        self.spans.iter().find_map(|span| match span.look {
            Look::Link(number) if span.range.contains(&offset) => Some(number),
            _ => None,
        })
    }

    /// Where a part of the text is: a rectangle for each row, and for each turn of direction in it. An empty row that is
    /// inside gives a narrow one, so that a selection is seen to go through it.
    pub fn rects(&self, range: Range<usize>) -> Vec<Rect> {
        let mut rects = Vec::new();
        for (index, paragraph) in self.paragraphs.iter().enumerate() {
            let Range { start, end } = paragraph.range;
            if range.start > end || range.end < start || range.is_empty() {
                continue;
            }
            if start == end && range.start <= start && end < range.end {
                rects.push(self.caret_rect(Caret { offset: start, upstream: false }, self.style.size * 0.3));
                continue;
            }
            let from = self.cursor(index, Caret { offset: range.start.max(start), upstream: false });
            let to = self.cursor(index, Caret { offset: range.end.min(end), upstream: true });
            Selection::new(from, to).geometry_with(&paragraph.layout, |found, _row| {
                rects.push(self.placed(paragraph, &found));
            });
        }
        rects.retain(|rect| rect.width() > 0.0);
        rects
    }

    /// Where the caret is drawn, `width` points wide.
    pub fn caret_rect(&self, caret: Caret, width: f32) -> Rect {
        let index = self.paragraph_of(caret.offset);
        let Some(paragraph) = self.paragraphs.get(index) else {
            return Rect::from_min_size(Pos2::ZERO, vec2(width, self.style.line_height));
        };
        let found = self.cursor(index, caret).geometry(&paragraph.layout, width * self.scale);
        self.placed(paragraph, &found)
    }

    /// The word at an offset (UAX #29, with dictionaries where a script has no spaces); at its very end, what follows.
    pub fn word_at(&self, offset: usize) -> Range<usize> {
        let Some(paragraph) = self.paragraphs.get(self.paragraph_of(offset)) else { return 0..0 };
        let inside = offset.saturating_sub(paragraph.range.start).min(paragraph.range.len());
        let cluster = Cluster::from_byte_index(&paragraph.layout, inside)
            .or_else(|| Cluster::from_byte_index(&paragraph.layout, inside.checked_sub(1)?));
        word(paragraph, cluster)
    }

    /// The word at a position: what a double click selects.
    pub fn word_under(&self, at: Pos2) -> Range<usize> {
        let Some(index) = self.paragraph_at_height(at.y) else { return 0..0 };
        let paragraph = &self.paragraphs[index];
        let (x, y) = self.local(paragraph, at);
        word(paragraph, Cluster::from_point(&paragraph.layout, x, y).map(|(cluster, _side)| cluster))
    }

    /// The paragraph at an offset, without its line break: what a triple click selects.
    pub fn paragraph_range(&self, offset: usize) -> Range<usize> {
        self.paragraphs.get(self.paragraph_of(offset)).map_or(0..0, |paragraph| paragraph.range.clone())
    }

    /// The row that the caret is in.
    pub fn row_of(&self, caret: Caret) -> usize {
        let middle = self.caret_rect(caret, 0.0).center().y;
        self.rows
            .iter()
            .position(|row| middle < row.rect.bottom())
            .unwrap_or(self.rows.len().saturating_sub(1))
    }

    pub(super) fn is_right_to_left(&self, row: &Row) -> bool {
        self.paragraphs[row.place.0].layout.is_rtl()
    }

    /// The paragraph of an offset; that of a line break is the one before it.
    pub(super) fn paragraph_of(&self, offset: usize) -> usize {
        self.paragraphs.partition_point(|paragraph| paragraph.range.start <= offset).saturating_sub(1)
    }

    fn paragraph_at_height(&self, y: f32) -> Option<usize> {
        let below = self.paragraphs.partition_point(|paragraph| paragraph.top <= y * self.scale);
        (!self.paragraphs.is_empty()).then(|| below.saturating_sub(1))
    }

    /// A position as the paragraph's layout counts it.
    pub(super) fn local(&self, paragraph: &Paragraph, at: Pos2) -> (f32, f32) {
        (at.x * self.scale - paragraph.shift, at.y * self.scale - paragraph.top)
    }

    #[expect(clippy::cast_possible_truncation, reason = "parley widens its f32 for the box")]
    fn placed(&self, paragraph: &Paragraph, found: &parley::BoundingBox) -> Rect {
        let at = |x: f64, y: f64| {
            pos2((x as f32 + paragraph.shift) / self.scale, (y as f32 + paragraph.top) / self.scale)
        };
        Rect::from_min_max(at(found.x0, found.y0), at(found.x1, found.y1))
    }

    pub(super) fn cursor(&self, paragraph: usize, caret: Caret) -> Cursor {
        let paragraph = &self.paragraphs[paragraph];
        let inside = match (caret.offset.saturating_sub(paragraph.range.start), paragraph.cut) {
            // What was cut lies behind the ellipsis.
            (inside, Some(cut)) if inside > cut => paragraph.layout.text_len(),
            (inside, _) => inside.min(paragraph.range.len()),
        };
        let affinity = if caret.upstream { Affinity::Upstream } else { Affinity::Downstream };
        Cursor::from_byte_index(&paragraph.layout, inside, affinity)
    }

    pub(super) fn caret_of(&self, paragraph: usize, cursor: Cursor) -> Caret {
        let paragraph = &self.paragraphs[paragraph];
        let inside = match paragraph.cut {
            Some(cut) if cursor.index() > cut => paragraph.range.len(),
            _ => cursor.index().min(paragraph.range.len()),
        };
        Caret { offset: paragraph.range.start + inside, upstream: cursor.affinity() == Affinity::Upstream }
    }
}

fn word(paragraph: &Paragraph, cluster: Option<Cluster<'_, Tint>>) -> Range<usize> {
    let Some(mut first) = cluster else { return paragraph.range.clone() };
    while !first.is_word_boundary() {
        let Some(before) = first.previous_logical() else { break };
        first = before;
    }
    let length = paragraph.cut.unwrap_or(paragraph.range.len());
    let end = first.next_logical_word().map_or(length, |next| next.text_range().start);
    let at = |inside: usize| paragraph.range.start + inside.min(length);
    at(first.text_range().start)..at(end)
}

fn rows(paragraphs: &[Paragraph], scale: f32) -> Vec<Row> {
    let mut rows = Vec::new();
    for (index, paragraph) in paragraphs.iter().enumerate() {
        for (number, line) in paragraph.layout.lines().enumerate() {
            let metrics = line.metrics();
            let Range { start, end } = line.text_range();
            let limit = paragraph.cut.unwrap_or(paragraph.range.len());
            let left = paragraph.shift + metrics.inline_min_coord + metrics.offset;
            let hanging = if paragraph.layout.is_rtl() { metrics.hanging_advance } else { 0.0 };
            let (min_y, max_y) = (metrics.block_min_coord, metrics.block_max_coord);
            let min = pos2(left + hanging, paragraph.top + min_y);
            let width =
                if paragraph.range.is_empty() { 0.0 } else { metrics.advance - metrics.hanging_advance };
            rows.push(Row {
                range: paragraph.range.start + start.min(limit)..paragraph.range.start + end.min(limit),
                rect: Rect::from_min_size(min / scale, vec2(width, max_y - min_y) / scale),
                baseline: (paragraph.top + metrics.baseline) / scale,
                place: (index, number),
            });
        }
    }
    rows
}

impl std::fmt::Debug for Galley {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Galley")
            .field("rows", &self.rows.len())
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}
