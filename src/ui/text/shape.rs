//! From words to parley layouts: a layout a paragraph, because each paragraph has a direction of its own (UAX #9, P2 and
//! P3) which parley takes from the first strong letter of what it is given.

use std::ops::Range;

use fontique::GenericFamily;
use parley::{
    Alignment, AlignmentOptions, Cluster, FontFamily, FontStyle, FontWeight, Layout, LayoutContext,
    LineHeight, OverflowWrap, PositionedLayoutItem, StyleProperty,
};
use unicode_segmentation::UnicodeSegmentation as _;

use super::{
    emoji,
    faces::{Faces, SEMIBOLD},
    isolate,
    words::{Look, Span, Style, Weight, Words, Wrap},
};

/// What is shown for what was cut.
const ELLIPSIS: char = '…';

/// In which of the colours a letter is painted; the colours themselves are known only then.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Tint {
    #[default]
    Text,
    Muted,
    Link,
    Filled,
    Blank,
}

/// A paragraph, laid out in physical pixels.
pub(super) struct Paragraph {
    /// Where it is in the text, in bytes, without the break that ends it.
    pub(super) range: Range<usize>,
    /// From where on, within it, its text was cut; the layout goes on with the ellipsis.
    pub(super) cut: Option<usize>,
    pub(super) layout: Layout<Tint>,
    /// From the galley's top, in pixels.
    pub(super) top: f32,
    /// By how much the layout stands to the right of the galley's left edge, in pixels.
    pub(super) shift: f32,
}

/// Where a text is laid out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Room {
    pub(super) wrap: Wrap,
    /// Physical pixels to a point.
    pub(super) scale: f32,
    /// Paragraphs stand at the edges of the room, not of the widest row.
    pub(super) fills: bool,
}

/// What shaping needs: the fonts, and parley's memory.
pub(super) struct Shaper {
    pub(super) faces: Faces,
    pub(super) layouts: LayoutContext<Tint>,
}

/// One paragraph to shape.
#[derive(Clone, Copy)]
struct Piece<'a> {
    /// As it is shaped.
    text: &'a str,
    /// Where it begins in the whole text.
    start: usize,
    spans: &'a [Span],
    style: Style,
    /// Physical pixels to a point.
    scale: f32,
    /// In pixels.
    max_width: f32,
}

impl Shaper {
    /// Lays the words out and says how wide the widest row is, in pixels.
    pub(super) fn paragraphs(&mut self, words: &Words<'_>, room: Room) -> (Vec<Paragraph>, f32) {
        let Room { wrap, scale, fills } = room;
        let mut paragraphs: Vec<Paragraph> = Vec::new();
        let (mut top, mut rows) = (0.0, 0);
        let max_width = (wrap.max_width.max(1.0) * scale).min(f32::MAX);
        for range in pieces(words.text, wrap) {
            let whole = words.text.get(range.clone()).unwrap_or_default();
            let rows_left = wrap.max_rows.map(|most| most.saturating_sub(rows).max(1));
            let visible = within(whole, words.style, wrap);
            let shown = isolate::shown(visible);
            let piece = Piece {
                text: &shown,
                start: range.start,
                spans: words.spans,
                style: words.style,
                scale,
                max_width,
            };
            let mut layout = self.layout(piece, &shown);
            let more = visible.len() < whole.len() || range.end < words.text.len();
            let cut = rows_left
                .filter(|left| layout.len() > *left || (layout.len() == *left && more))
                .map(|left| self.cut(piece, &mut layout, left));
            rows += layout.len();
            let height = layout.height();
            paragraphs.push(Paragraph { range, cut, layout, top, shift: 0.0 });
            top += height;
            if cut.is_some() || rows_left == Some(0) {
                break;
            }
        }
        let width = align(&mut paragraphs, max_width, fills);
        (paragraphs, width)
    }

    /// Shortens a layout to so many rows, the last of them full; says where the text was cut.
    fn cut(&mut self, piece: Piece<'_>, layout: &mut Layout<Tint>, rows: usize) -> usize {
        let last = layout.get(rows - 1).map_or(0, |row| row.text_range().start);
        let mut end = last + self.fitting(piece, last);
        let mut drop = 0;
        loop {
            let kept = piece.text.get(..end).unwrap_or_default();
            let graphemes = kept.grapheme_indices(true).rev().skip(drop);
            let kept =
                graphemes.map(|(at, grapheme)| &kept[..at + grapheme.len()]).next().unwrap_or_default();
            let kept = kept.trim_end();
            end = kept.len();
            let mut text = String::with_capacity(end + ELLIPSIS.len_utf8());
            text.push_str(kept);
            text.push(ELLIPSIS);
            *layout = self.layout(piece, &text);
            if layout.len() <= rows || end == 0 {
                return end;
            }
            // A letter may be narrower than the ellipsis; nearly always one or two letters do.
            drop = drop * 2 + 1;
        }
    }

    /// How many bytes of the text from there on stand in one row with an ellipsis behind them, wherever it could be broken.
    fn fitting(&mut self, piece: Piece<'_>, from: usize) -> usize {
        let text = piece.text.get(from..).unwrap_or_default();
        let text =
            within(text, piece.style, Wrap { max_width: piece.max_width / piece.scale, max_rows: Some(1) });
        let unbroken = Piece { text, start: piece.start + from, max_width: f32::INFINITY, ..piece };
        let ellipsis =
            self.shape(unbroken, ELLIPSIS.encode_utf8(&mut [0; 4]), piece.style.line_height).width();
        let layout = self.shape(unbroken, text, piece.style.line_height);
        let (mut room, mut end) = (piece.max_width - ellipsis, 0);
        let mut next = Cluster::from_byte_index(&layout, 0);
        while let Some(letter) = next {
            room -= letter.advance();
            if room < 0.0 {
                break;
            }
            end = letter.text_range().end;
            next = letter.next_logical();
        }
        end
    }

    /// Shapes a paragraph and breaks it into rows. A script that needs more height than the style gives gets it.
    fn layout(&mut self, piece: Piece<'_>, text: &str) -> Layout<Tint> {
        let layout = self.shape(piece, text, piece.style.line_height);
        let tallest = layout
            .lines()
            .flat_map(|line| line.runs())
            .map(|run| run.font_metrics().ascent + run.font_metrics().descent)
            .fold(0.0, f32::max);
        if tallest > piece.style.line_height * piece.scale + 1.0 {
            return self.shape(piece, text, tallest / piece.scale);
        }
        layout
    }

    fn shape(&mut self, piece: Piece<'_>, text: &str, line_height: f32) -> Layout<Tint> {
        let mut builder = self.layouts.ranged_builder(&mut self.faces.context, text, piece.scale, true);
        builder.push_default(StyleProperty::FontFamily(FontFamily::from(GenericFamily::SansSerif)));
        builder.push_default(StyleProperty::FontSize(piece.style.size));
        builder.push_default(StyleProperty::LineHeight(LineHeight::Absolute(line_height)));
        builder.push_default(StyleProperty::FontWeight(weight(piece.style.weight)));
        builder.push_default(StyleProperty::OverflowWrap(OverflowWrap::Anywhere));
        for span in piece.spans {
            let range = clamp(text, piece.start, &span.range);
            if let Some(property) = property(span.look).filter(|_| !range.is_empty()) {
                builder.push(property, range);
            }
        }
        for range in emoji::ranges(text) {
            let family = StyleProperty::FontFamily(FontFamily::from(GenericFamily::Emoji));
            builder.push(family, range.clone());
            builder.push(StyleProperty::FontWeight(FontWeight::NORMAL), range.clone());
            builder.push(StyleProperty::FontStyle(FontStyle::Normal), range);
        }
        let mut layout = builder.build(text);
        layout.break_all_lines(Some(piece.max_width).filter(|width| width.is_finite()));
        layout.align(Alignment::Start, AlignmentOptions::default());
        layout
    }
}

/// The letters of these paragraphs that no font in memory has.
pub(super) fn lacking(text: &str, paragraphs: &[Paragraph]) -> String {
    let mut letters = String::new();
    for paragraph in paragraphs {
        for line in paragraph.layout.lines() {
            for item in line.items() {
                let PositionedLayoutItem::GlyphRun(run) = item else { continue };
                if run.glyphs().all(|glyph| glyph.id != 0) {
                    continue;
                }
                for cluster in run.run().clusters().filter(|cluster| cluster.glyphs().any(|g| g.id == 0)) {
                    let range = cluster.text_range();
                    let here = paragraph.range.start + range.start..paragraph.range.start + range.end;
                    let cluster = text.get(here).unwrap_or_default();
                    letters.extend(cluster.chars().filter(|c| !isolate::is_invisible(*c)));
                }
            }
        }
    }
    letters
}

fn weight(weight: Weight) -> FontWeight {
    match weight {
        Weight::Regular => FontWeight::NORMAL,
        Weight::Medium => FontWeight::MEDIUM,
        Weight::Semibold => SEMIBOLD,
    }
}

/// What a look changes in shaping; what it changes in painting alone is not parley's.
fn property(look: Look) -> Option<StyleProperty<'static, Tint>> {
    Some(match look {
        Look::Bold => StyleProperty::FontWeight(SEMIBOLD),
        Look::Italic => StyleProperty::FontStyle(FontStyle::Italic),
        Look::Code => StyleProperty::FontFamily(FontFamily::from(GenericFamily::Monospace)),
        Look::Link(_) => StyleProperty::Brush(Tint::Link),
        Look::Muted => StyleProperty::Brush(Tint::Muted),
        Look::Filled => StyleProperty::Brush(Tint::Filled),
        Look::Blank => StyleProperty::Brush(Tint::Blank),
        Look::Strike | Look::Underline | Look::Match => return None,
    })
}

/// The part of a span that lies in this paragraph, between letters.
fn clamp(text: &str, start: usize, span: &Range<usize>) -> Range<usize> {
    let at = |offset: usize| text.floor_char_boundary(offset.saturating_sub(start).min(text.len()));
    at(span.start)..at(span.end).max(at(span.start))
}

/// The paragraphs of a text; one row takes it as a single one.
fn pieces(text: &str, wrap: Wrap) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    if wrap.max_rows == Some(1) {
        pieces.push(0..text.len());
        return pieces;
    }
    let mut start = 0;
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        if !isolate::breaks_paragraph(letter) {
            continue;
        }
        pieces.push(start..at);
        if letter == '\r' {
            letters.next_if(|(_at, next)| *next == '\n');
        }
        start = letters.peek().map_or(text.len(), |(next, _letter)| *next);
    }
    pieces.push(start..text.len());
    pieces
}

/// As much of a paragraph as could be seen in these rows: what will be cut in any case is not shaped.
fn within(text: &str, style: Style, wrap: Wrap) -> &str {
    /// How narrow letters are on average at the least, in parts of their size.
    const NARROW: f32 = 0.1;
    /// More than this is never shaped, so that no text, however made, holds up a frame for long.
    const MOST: usize = 16 * 1024;
    let Some(rows) = wrap.max_rows else { return text };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a width in letters; saturates"
    )]
    let letters = (wrap.max_width.max(1.0) / (style.size * NARROW)) as usize;
    let bytes = letters.saturating_mul(rows).saturating_mul(4).saturating_add(64);
    &text[..text.floor_char_boundary(bytes.min(MOST).min(text.len()))]
}

/// Puts right-to-left paragraphs at the right edge of the widest row, or of the room; returns where that is.
fn align(paragraphs: &mut [Paragraph], max_width: f32, fills: bool) -> f32 {
    let widest = paragraphs.iter().map(|it| it.layout.width()).fold(0.0, f32::max).ceil();
    let width = if fills { max_width } else { widest };
    for paragraph in paragraphs {
        if paragraph.layout.is_rtl() {
            let room = if max_width < f32::MAX { max_width } else { paragraph.layout.width() };
            paragraph.shift = width - room;
        }
    }
    width
}
