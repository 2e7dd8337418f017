//! Text for paper: laid out like that on the screen, but away from the window and at once with all fonts of the system.
//!
//! What comes of it is plain: glyphs of fonts in places, and which letters they stand for. Whoever writes a page draws
//! them; [`Font`] tells what that takes.

use std::{collections::HashSet, ops::Range};

use parley::{LayoutContext, Line};

use super::{
    faces::Faces,
    finder::Search,
    raster::EMBOLDEN,
    shape::{self, Paragraph, Room, Shaper, Tint},
    words::{Words, Wrap},
};

mod font;

pub use font::{Font, Metrics, Picture, Step, table};

/// Lays texts out for paper.
pub struct Press {
    shaper: Shaper,
    /// [`None`]: the fonts in memory are all there is.
    search: Option<Search>,
    /// The letters for which a font was looked for.
    asked: HashSet<char>,
}

/// A row of a text. Positions are points, counted from its left edge and its baseline, to the right and down.
#[derive(Debug, Clone)]
pub struct PrintedRow {
    /// From its top to that of the next one.
    pub height: f32,
    /// From its top to where its letters stand.
    pub baseline: f32,
    /// From left to right.
    pub runs: Vec<Run>,
}

/// Glyphs of one font in a row.
#[derive(Debug, Clone)]
pub struct Run {
    /// Which font.
    pub font: Font,
    /// In points.
    pub size: f32,
    /// How thick a line goes round each glyph, so that it looks bold; in points.
    pub stroke: f32,
    /// By how many degrees the letters lean.
    pub slant: f32,
    /// From left to right.
    pub glyphs: Vec<Glyph>,
    /// What they stand for, from left to right.
    pub letters: Vec<Letters>,
}

/// A glyph in its place.
#[derive(Debug, Clone, Copy)]
pub struct Glyph {
    /// Its number in the font.
    pub id: u32,
    /// From the row's left edge.
    pub x: f32,
    /// Below the row's baseline.
    pub y: f32,
}

/// Glyphs that can't be told apart in what they stand for.
#[derive(Debug, Clone)]
pub struct Letters {
    /// In bytes of the text that was laid out.
    pub text: Range<usize>,
    /// Of the run's.
    pub glyphs: Range<usize>,
}

impl Press {
    /// With the fonts of this system, which waits for the disk now and whenever letters come that were not there before.
    #[must_use]
    pub fn open() -> Self {
        Self { search: Some(Search::open()), ..Self::shipped() }
    }

    /// With the shipped fonts alone: the same everywhere.
    #[must_use]
    pub fn shipped() -> Self {
        let shaper = Shaper { faces: Faces::shipped(), layouts: LayoutContext::new() };
        Self { shaper, search: None, asked: HashSet::new() }
    }

    /// The same with a font for what the others lack.
    #[cfg(test)]
    pub(crate) fn with_font(mut self, file: Vec<u8>) -> Self {
        self.shaper.faces.add_file(file);
        self
    }

    /// Lays a text out in rows of that width, in points. Paragraphs that run from right to left end at the right edge.
    pub fn rows(&mut self, words: &Words<'_>, width: f32) -> Vec<PrintedRow> {
        let room = Room { wrap: Wrap::at(width), scale: 1.0, fills: true };
        let (mut paragraphs, _width) = self.shaper.paragraphs(words, room);
        if self.has_found_more(words.text, &paragraphs) {
            (paragraphs, _) = self.shaper.paragraphs(words, room);
        }
        paragraphs.iter().flat_map(|it| it.layout.lines().map(|line| row(it, &line))).collect()
    }

    /// Looks for what no font in memory has.
    fn has_found_more(&mut self, text: &str, paragraphs: &[Paragraph]) -> bool {
        let Some(search) = &mut self.search else { return false };
        let lacking = shape::lacking(text, paragraphs);
        let new: String = lacking.chars().filter(|letter| self.asked.insert(*letter)).collect();
        let faces = if new.is_empty() { Vec::new() } else { search.faces(&new) };
        for face in &faces {
            self.shaper.faces.add(face);
        }
        !faces.is_empty()
    }
}

fn row(paragraph: &Paragraph, line: &Line<'_, Tint>) -> PrintedRow {
    let metrics = line.metrics();
    let mut left = paragraph.shift + metrics.inline_min_coord + metrics.offset;
    let mut runs = Vec::new();
    for held in line.runs() {
        runs.push(run(&held, paragraph.range.start, left));
        left += held.advance();
    }
    let baseline = metrics.baseline - metrics.block_min_coord;
    PrintedRow { height: metrics.block_max_coord - metrics.block_min_coord, baseline, runs }
}

fn run(run: &parley::Run<'_, Tint>, start: usize, mut left: f32) -> Run {
    // What belongs together: the first letter has the glyphs, those that follow it have none.
    let mut together: Vec<(Range<usize>, Vec<parley::Glyph>)> = Vec::new();
    for cluster in run.clusters() {
        let text = cluster.text_range();
        match together.last_mut() {
            Some((before, _glyphs)) if cluster.is_ligature_continuation() => before.end = text.end,
            _ => together.push((text, cluster.glyphs().collect())),
        }
    }
    if run.is_rtl() {
        together.reverse();
    }
    let (mut glyphs, mut letters) = (Vec::new(), Vec::with_capacity(together.len()));
    for (text, held) in together {
        let first = glyphs.len();
        for glyph in held {
            glyphs.push(Glyph { id: glyph.id, x: left + glyph.x, y: glyph.y });
            left += glyph.advance;
        }
        letters.push(Letters { text: start + text.start..start + text.end, glyphs: first..glyphs.len() });
    }
    let synthesis = run.synthesis();
    let stroke = if synthesis.embolden() { run.font_size() * EMBOLDEN } else { 0.0 };
    let slant = synthesis.skew().unwrap_or_default();
    Run { font: Font::of(run), size: run.font_size(), stroke, slant, glyphs, letters }
}

#[cfg(test)]
mod tests {
    use super::{super::words::Style, *};

    fn rows(text: &str, width: f32) -> Vec<PrintedRow> {
        Press::shipped().rows(&Words::plain(text, Style::new(10.0)), width)
    }

    /// What the rows say, from left to right.
    fn said(text: &str, rows: &[PrintedRow]) -> String {
        let letters = rows.iter().flat_map(|row| row.runs.iter().flat_map(|run| &run.letters));
        letters.map(|letters| &text[letters.text.clone()]).collect()
    }

    #[test]
    fn each_letter_is_said_once_whatever_is_drawn_for_it() {
        for text in ["one two\nthree", "Zażółć gęślą e\u{301}", "👨‍👩‍👧‍👦 and 🇩🇪", "no font: 漢字"]
        {
            let rows = rows(text, 400.0);
            assert_eq!(said(text, &rows), text.replace('\n', ""), "{text}");
        }
        assert_eq!(said("אב", &rows("אב", 400.0)), "בא", "as they stand on paper");
    }

    #[test]
    fn rows_are_as_wide_as_they_may_be_and_stand_at_their_edge() {
        let words = "word ".repeat(40);
        let broken = rows(&words, 100.0);
        assert!(broken.len() > 5 && broken.iter().all(|row| row.height > 10.0 && row.baseline > 5.0));
        let right = |row: &PrintedRow| {
            let glyphs = row.runs.iter().flat_map(|run| &run.glyphs);
            glyphs.map(|glyph| glyph.x).fold(0.0, f32::max)
        };
        assert!(broken.iter().all(|row| right(row) <= 100.0));
        let hebrew = rows("אב", 100.0);
        assert!(right(&hebrew[0]) > 80.0, "it begins at the right");
    }
}
