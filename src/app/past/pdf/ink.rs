//! Glyphs on a page, and the letters that they stand for: what a reader finds, copies and hears.

use std::{borrow::Cow, mem};

use pdf_writer::{Content, Name, Str, TextStr, types::TextRenderingMode};

use super::{
    fonts::{Fonts, Holder, Shown},
    paper::Colour,
};
use crate::ui::text::print::{PrintedRow, Run};

/// Glyphs are put right where they would stand further away from their places than this, in points.
const SLACK: f32 = 0.005;

/// Writes a row of a text; its left edge and its baseline are there.
pub(super) fn write(
    content: &mut Content,
    fonts: &mut Fonts,
    (row, text): (&PrintedRow, &str),
    at: [f32; 2],
    colour: Colour,
) {
    let [red, green, blue] = colour;
    content.begin_text().set_fill_rgb(red, green, blue);
    for run in &row.runs {
        let is_bold = run.stroke > 0.0;
        if is_bold {
            content.set_text_rendering_mode(TextRenderingMode::FillStroke);
            content.set_line_width(run.stroke).set_stroke_rgb(red, green, blue);
        }
        write_run(content, fonts, (run, text), at);
        if is_bold {
            content.set_text_rendering_mode(TextRenderingMode::Fill);
        }
    }
    content.end_text();
}

fn write_run(content: &mut Content, fonts: &mut Fonts, (run, text): (&Run, &str), at: [f32; 2]) {
    let source = fonts.hold(&run.font);
    let mut pen = Pen { content, run, at, begun: None, written: Vec::new() };
    for letters in &run.letters {
        let said = kept(text.get(letters.text.clone()).unwrap_or_default());
        if said.is_empty() {
            continue;
        }
        let glyphs = &run.glyphs[letters.glyphs.clone()];
        let is_told = matches!(glyphs, [one] if fonts.means(source, one.id, &said));
        if !is_told {
            pen.flush();
            let mut marked = pen.content.begin_marked_content_with_properties(Name(b"Span"));
            marked.properties().actual_text(TextStr(&said));
        }
        for glyph in glyphs {
            pen.show(fonts.show(source, glyph.id), [glyph.x, -glyph.y]);
        }
        if !is_told {
            pen.flush();
            pen.content.end_marked_content();
        }
    }
    pen.flush();
}

/// The letters without what only says how others are ordered; a control character is nothing but room.
fn kept(text: &str) -> Cow<'_, str> {
    let is_order =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if !text.chars().any(|c| c.is_control() || is_order(c)) {
        return Cow::Borrowed(text);
    }
    let kept = text.chars().filter(|c| !is_order(*c));
    Cow::Owned(kept.map(|c| if c.is_control() { ' ' } else { c }).collect())
}

/// Glyphs that are written together.
struct Begun {
    holder: Holder,
    /// Where the first one stands.
    from: [f32; 2],
    /// Where the next one would stand.
    next: f32,
}

/// What is written at a time: codes, or by how much the next one is moved to the left, in thousandths of the size.
enum Written {
    Codes(Vec<u8>),
    Back(f32),
}

struct Pen<'a> {
    content: &'a mut Content,
    run: &'a Run,
    /// Where the row is.
    at: [f32; 2],
    begun: Option<Begun>,
    written: Vec<Written>,
}

impl Pen<'_> {
    fn show(&mut self, shown: Shown, [x, y]: [f32; 2]) {
        let goes_on = |begun: &Begun| begun.holder == shown.holder && (begun.from[1] - y).abs() < SLACK;
        if !self.begun.as_ref().is_some_and(goes_on) {
            self.flush();
        }
        let size = self.run.size;
        let begun = self.begun.get_or_insert(Begun { holder: shown.holder, from: [x, y], next: x });
        if (begun.next - x).abs() > SLACK {
            self.written.push(Written::Back((begun.next - x) * 1000.0 / size));
        }
        begun.next = x + shown.width * size / 1000.0;
        let [high, low] = shown.code.to_be_bytes();
        let code: &[u8] = if matches!(shown.holder, Holder::Font(_)) { &[high, low] } else { &[low] };
        match self.written.last_mut() {
            Some(Written::Codes(codes)) => codes.extend(code),
            _ => self.written.push(Written::Codes(code.to_vec())),
        }
    }

    fn flush(&mut self) {
        let Some(begun) = self.begun.take() else { return };
        let lean = self.run.slant.to_radians().tan();
        let [x, y] = [self.at[0] + begun.from[0], self.at[1] + begun.from[1]];
        self.content.set_font(Name(begun.holder.name().as_bytes()), self.run.size);
        self.content.set_text_matrix([1.0, 0.0, lean, 1.0, x, y]);
        let mut shown = self.content.show_positioned();
        let mut items = shown.items();
        for written in mem::take(&mut self.written) {
            match written {
                Written::Codes(codes) => items.show(Str(&codes)),
                Written::Back(amount) => items.adjust(amount),
            };
        }
    }
}
