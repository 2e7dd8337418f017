//! Blocks of words on pages: what fits stays together, what is long goes on on the next page.

use std::rc::Rc;

use pdf_writer::Content;

use super::{fonts::Fonts, ink, packed};
use crate::ui::text::{
    Style, Words,
    print::{Press, PrintedRow},
};

/// A colour: red, green, blue.
pub(super) type Colour = [f32; 3];

/// Of what people wrote.
pub(super) const INK: Colour = [0.106, 0.122, 0.165];
/// Of what stands around it.
pub(super) const GREY: Colour = [0.357, 0.388, 0.459];
/// Behind what we wrote.
pub(super) const OURS: Colour = [0.925, 0.929, 0.988];
/// Of lines.
const LINE: Colour = [0.80, 0.82, 0.86];

/// Free at the edges of a page.
const MARGIN: f32 = 48.0;
/// Between a block's edge and its words.
const PAD: f32 = 7.0;
/// Between two blocks of a conversation.
const GAP: f32 = 7.0;
/// A block up to this height is not taken apart.
const WHOLE: f32 = 160.0;
/// Of what is taken apart, so many rows stand together at the beginning.
const FIRST: usize = 3;
/// How much room a heading wants behind it.
const BEHIND_HEADING: f32 = 60.0;
/// How wide the names of pairs are.
const NAMES: f32 = 150.0;

/// Where people have paper of letter size, by the CLDR (`supplementalData`, `paperSize`).
const LETTER: [&str; 14] =
    ["BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"];

/// How large the paper is, in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Size {
    pub(super) width: f32,
    pub(super) height: f32,
}

impl Size {
    /// What people have who write this language there.
    pub(super) fn of(language: &str) -> Self {
        let region = language.split('-').skip(1).find(|part| part.len() == 2);
        if region.is_some_and(|region| LETTER.contains(&region)) {
            Self { width: 612.0, height: 792.0 }
        } else {
            Self { width: 595.28, height: 841.89 }
        }
    }

    fn inner(self) -> f32 {
        self.width - 2.0 * MARGIN
    }
}

/// A page as it is written, packed.
pub(super) struct Page {
    /// What is between its margins.
    pub(super) inside: Vec<u8>,
    /// What is in them.
    pub(super) margin: Vec<u8>,
}

/// Words that stand together.
pub(super) struct Block {
    /// From the margin.
    left: f32,
    width: f32,
    pad: f32,
    gap: f32,
    ground: Ground,
    lines: Vec<Line>,
}

/// What is behind a block.
#[derive(Clone, Copy)]
enum Ground {
    Nothing,
    Filled(Colour),
    /// A line at its left edge.
    Edge,
}

/// Rows that stand side by side.
struct Line {
    parts: Vec<Part>,
    /// Whether it is quoted.
    has_bar: bool,
}

struct Part {
    row: PrintedRow,
    text: Rc<str>,
    left: f32,
    colour: Colour,
}

impl Line {
    fn height(&self) -> f32 {
        self.parts.iter().map(|part| part.row.height).fold(0.0, f32::max)
    }

    fn baseline(&self) -> f32 {
        self.parts.iter().map(|part| part.row.baseline).fold(0.0, f32::max)
    }
}

impl Block {
    /// Over the whole width, close to its neighbours.
    pub(super) fn wide(size: Size) -> Self {
        Self {
            left: 0.0,
            width: size.inner(),
            pad: 0.0,
            gap: 3.0,
            ground: Ground::Nothing,
            lines: Vec::new(),
        }
    }

    /// From there, so wide, in parts of the whole width; with a ground or a line at its edge.
    pub(super) fn aside(size: Size, (from, width): (f32, f32), ground: Option<Colour>) -> Self {
        let ground = ground.map_or(Ground::Edge, Ground::Filled);
        let (left, width) = (from * size.inner(), width * size.inner());
        Self { left, width, pad: PAD, gap: GAP, ground, lines: Vec::new() }
    }

    /// Adds words so far from the left edge.
    pub(super) fn add(&mut self, press: &mut Press, words: &str, look: (Style, Colour), left: f32) {
        let lines = rows(press, words, look, (left, self.width - 2.0 * self.pad - left));
        self.lines.extend(lines.into_iter().map(|part| Line { parts: vec![part], has_bar: false }));
    }

    /// Adds words that are quoted.
    pub(super) fn quote(&mut self, press: &mut Press, words: &str, look: (Style, Colour)) {
        let before = self.lines.len();
        self.add(press, words, look, 9.0);
        for line in &mut self.lines[before..] {
            line.has_bar = true;
        }
    }

    /// Adds a name and beside it what belongs to it.
    pub(super) fn pair(&mut self, press: &mut Press, name: &str, value: &str) {
        let style = Style::new(9.5);
        let mut names = rows(press, name, (style, GREY), (0.0, NAMES - 10.0)).into_iter();
        let mut values = rows(press, value, (style, INK), (NAMES, self.width - NAMES)).into_iter();
        loop {
            let parts: Vec<Part> = names.next().into_iter().chain(values.next()).collect();
            if parts.is_empty() {
                return;
            }
            self.lines.push(Line { parts, has_bar: false });
        }
    }
}

fn rows(
    press: &mut Press,
    words: &str,
    (style, colour): (Style, Colour),
    (left, width): (f32, f32),
) -> Vec<Part> {
    let text: Rc<str> = Rc::from(words);
    let rows = press.rows(&Words::plain(words, style), width);
    rows.into_iter().map(|row| Part { row, text: Rc::clone(&text), left, colour }).collect()
}

/// Pages in the making.
pub(super) struct Flow<'a> {
    size: Size,
    press: &'a mut Press,
    fonts: Fonts,
    /// The pages that are full.
    full: Vec<Vec<u8>>,
    /// What is behind the words of this page.
    behind: Content,
    front: Content,
    /// From the top.
    y: f32,
}

impl<'a> Flow<'a> {
    pub(super) fn new(size: Size, press: &'a mut Press, fonts: Fonts) -> Self {
        let (behind, front) = (Content::new(), Content::new());
        Self { size, press, fonts, full: Vec::new(), behind, front, y: MARGIN }
    }

    pub(super) const fn size(&self) -> Size {
        self.size
    }

    pub(super) fn press(&mut self) -> &mut Press {
        self.press
    }

    /// A line across with words on it, at the bottom of no page.
    pub(super) fn heading(&mut self, words: &str) {
        let mut block = Block::wide(self.size);
        block.add(self.press, words, (Style::new(10.5).semibold(), INK), 0.0);
        block.gap = GAP;
        let height: f32 = block.lines.iter().map(Line::height).sum();
        self.y += if self.is_fresh() { 0.0 } else { 10.0 };
        if self.y + height + BEHIND_HEADING > self.bottom() {
            self.turn();
        }
        self.place(&block);
        let y = self.size.height - self.y + GAP - 2.0;
        rect(&mut self.behind, [MARGIN, y, self.size.inner(), 0.6], LINE);
    }

    /// Puts a block on this page, and on the next ones as far as it does not fit.
    pub(super) fn place(&mut self, block: &Block) {
        let height = |lines: &[Line]| lines.iter().map(Line::height).sum::<f32>() + 2.0 * block.pad;
        let room = self.bottom() - self.y;
        let (whole, first) = (height(&block.lines), height(&block.lines[..block.lines.len().min(FIRST)]));
        if !self.is_fresh() && (first > room || (whole > room && whole <= WHOLE)) {
            self.turn();
        }
        let mut top = self.y;
        self.y += block.pad;
        for line in &block.lines {
            if self.y + line.height() + block.pad > self.bottom() && self.y > top + block.pad {
                self.ground(block, (top, self.y + block.pad));
                self.turn();
                top = self.y;
                self.y += block.pad;
            }
            self.line(block, line);
        }
        self.ground(block, (top, self.y + block.pad));
        self.y += block.pad + block.gap;
    }

    /// The pages, with what stands on all of them in their margins.
    pub(super) fn finish(mut self, running: &str) -> (Vec<Page>, Fonts) {
        self.turn();
        let count = self.full.len();
        let full = std::mem::take(&mut self.full);
        let pages = full.into_iter().enumerate().map(|(number, inside)| {
            let mut margin = Content::new();
            if number > 0 {
                self.in_margin(&mut margin, running, self.size.height - MARGIN + 20.0);
            }
            let words = format!("Page {} of {count}", number + 1);
            self.in_margin(&mut margin, &words, MARGIN - 24.0);
            Page { inside, margin: packed(&margin.finish()) }
        });
        let pages = pages.collect();
        (pages, self.fonts)
    }

    fn in_margin(&mut self, content: &mut Content, words: &str, y: f32) {
        let rows = self.press.rows(&Words::plain(words, Style::new(8.0)), self.size.inner());
        for row in rows.iter().take(1) {
            ink::write(content, &mut self.fonts, (row, words), [MARGIN, y], GREY);
        }
    }

    fn line(&mut self, block: &Block, line: &Line) {
        let left = MARGIN + block.left + block.pad;
        let baseline = self.size.height - self.y - line.baseline();
        for part in &line.parts {
            let at = [left + part.left, baseline];
            ink::write(&mut self.front, &mut self.fonts, (&part.row, &part.text), at, part.colour);
        }
        if line.has_bar {
            let bottom = self.size.height - self.y - line.height();
            rect(&mut self.front, [left, bottom, 2.0, line.height()], LINE);
        }
        self.y += line.height();
    }

    fn ground(&mut self, block: &Block, (top, bottom): (f32, f32)) {
        let at = [MARGIN + block.left, self.size.height - bottom, block.width, bottom - top];
        match block.ground {
            Ground::Nothing => {}
            Ground::Filled(colour) => rect(&mut self.behind, at, colour),
            Ground::Edge => rect(&mut self.behind, [at[0], at[1], 1.5, at[3]], LINE),
        }
    }

    fn turn(&mut self) {
        let [behind, front] =
            [&mut self.behind, &mut self.front].map(|held| std::mem::replace(held, Content::new()).finish());
        let page = [&*behind, b"\n", &*front].concat();
        self.full.push(packed(&page));
        self.y = MARGIN;
    }

    fn is_fresh(&self) -> bool {
        self.y <= MARGIN
    }

    fn bottom(&self) -> f32 {
        self.size.height - MARGIN
    }
}

fn rect(content: &mut Content, [x, y, width, height]: [f32; 4], [red, green, blue]: Colour) {
    content.set_fill_rgb(red, green, blue).rect(x, y, width, height).fill_nonzero();
}
