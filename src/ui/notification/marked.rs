//! A text of a template with what stands in place of its marks: laid out as WhatsApp formats it, each filled-in value and each
//! gap told apart from the words that stand fast.

use std::{ops::Range, sync::Arc};

use egui::{Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use waxwing_protocol::template::{Part, parts};

use super::super::{
    View,
    text::{
        self, Direction, Galley, Ink, Look, Span, Style, Words, Wrap,
        markup::{self, BlockKind},
    },
};

/// Between paragraphs of their own kind, in points.
const GAP: f32 = 3.0;
/// How many rows are shown at most: more than WhatsApp's longest text takes, and so few that no value, however long, holds up
/// a frame.
const ROWS: usize = 400;
/// How far lists and quotes stand in, in points.
const INDENT: f32 = 16.0;

/// What stands in place of a mark.
pub(super) enum Place {
    /// What somebody filled in.
    Filled(String),
    /// Nothing yet; this is shown.
    Blank(String),
}

/// A part of a text that is laid out by itself.
#[derive(Debug)]
struct Block {
    kind: BlockKind,
    text: String,
    spans: Vec<Span>,
}

/// A text with what stands in place of its marks.
#[derive(Debug)]
pub(super) struct Marked(Vec<Block>);

impl Marked {
    /// A text in which WhatsApp's formatting counts.
    pub(super) fn formatted(text: &str, place: &dyn Fn(&str) -> Place) -> Self {
        let (written, places) = put_in(text, place);
        let block = |block: markup::Block| {
            let mut spans: Vec<_> = block
                .spans
                .iter()
                .map(|span| Span { range: span.range.clone(), look: look_of(span.mark) })
                .collect();
            for (range, look) in &places {
                if range.start < block.source.end && block.source.start < range.end {
                    let shown = block.shown_of(range.start)..block.shown_of(range.end);
                    spans.extend(both(shown, *look));
                }
            }
            Block { kind: block.kind, text: block.text, spans }
        };
        Self(markup::parse(&written).blocks.into_iter().map(block).collect())
    }

    /// A text in which it does not.
    pub(super) fn plain(text: &str, place: &dyn Fn(&str) -> Place) -> Self {
        let (text, places) = put_in(text, place);
        let spans = places.into_iter().flat_map(|(range, look)| both(range, look)).collect();
        Self(vec![Block { kind: BlockKind::Paragraph, text, spans }])
    }

    /// Draws it as wide as there is room.
    pub(super) fn show(&self, ui: &mut Ui, view: View<'_>, style: Style) {
        let width = ui.available_width();
        let laid: Vec<_> = self.0.iter().map(|block| (block, block.lay_out(ui, style, width))).collect();
        let height: f32 = laid.iter().map(|(_, galley)| galley.size().y + GAP).sum::<f32>() - GAP;
        let (rect, response) = ui.allocate_exact_size(vec2(width, height.max(0.0)), Sense::hover());
        let told: Vec<&str> = self.0.iter().map(|block| block.text.as_str()).collect();
        let told = told.join("\n");
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &told));
        let mut top = rect.top();
        for (block, galley) in laid {
            block.paint(ui, view, &galley, Rect::from_min_size(pos2(rect.left(), top), vec2(width, 0.0)));
            top += galley.size().y + GAP;
        }
    }
}

impl Block {
    const fn indent(&self) -> f32 {
        match self.kind {
            BlockKind::Paragraph => 0.0,
            BlockKind::Quote | BlockKind::Code | BlockKind::Bullet | BlockKind::Numbered(_) => INDENT,
        }
    }

    fn lay_out(&self, ui: &Ui, style: Style, width: f32) -> Arc<Galley> {
        let words = Words { text: &self.text, spans: &self.spans, style };
        text::layout(ui.ctx(), &words, Wrap::rows((width - self.indent()).max(20.0), ROWS))
    }

    fn paint(&self, ui: &Ui, view: View<'_>, galley: &Galley, rect: Rect) {
        let theme = view.theme;
        let runs_left = galley.direction() == Direction::RightToLeft;
        let left = if runs_left {
            rect.right() - self.indent() - galley.size().x
        } else {
            rect.left() + self.indent()
        };
        let at = pos2(left, rect.top());
        galley.paint(ui.painter(), at, &Ink::of(theme));
        let marker = match self.kind {
            BlockKind::Bullet => "•".to_owned(),
            BlockKind::Numbered(number) => format!("{number}."),
            BlockKind::Quote => "│".to_owned(),
            BlockKind::Paragraph | BlockKind::Code => return,
        };
        let marker =
            text::layout(ui.ctx(), &Words::plain(&marker, galley_style(galley)), Wrap::one_row(INDENT));
        let left = if runs_left { rect.right() - marker.size().x } else { rect.left() };
        marker.paint(ui.painter(), pos2(left, rect.top()), &Ink::of(theme).with_text(theme.muted));
    }
}

/// The size of the letters of a galley, from its rows.
fn galley_style(galley: &Galley) -> Style {
    let height = galley.rows().first().map_or(20.0, |row| row.rect.height());
    Style::new((height * 0.7).round())
}

const fn look_of(mark: markup::Mark) -> Look {
    match mark {
        markup::Mark::Bold => Look::Bold,
        markup::Mark::Italic => Look::Italic,
        markup::Mark::Strike => Look::Strike,
        markup::Mark::Code => Look::Code,
    }
}

/// What a place looks like: in its colour, and heavier.
fn both(range: Range<usize>, look: Look) -> [Span; 2] {
    [Span { range: range.clone(), look }, Span { range, look: Look::Bold }]
}

/// Puts everything in its place; says where that is.
fn put_in(text: &str, place: &dyn Fn(&str) -> Place) -> (String, Vec<(Range<usize>, Look)>) {
    let (mut written, mut places) = (String::new(), Vec::new());
    for part in parts(text) {
        let (words, look) = match part {
            Part::Text(words) => {
                written.push_str(words);
                continue;
            }
            Part::Mark(mark) => match place(mark) {
                Place::Filled(words) => (words, Look::Filled),
                Place::Blank(name) => (format!("[{name}]"), Look::Blank),
            },
        };
        let start = written.len();
        written.push_str(&words);
        places.push((start..written.len(), look));
    }
    (written, places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_in_and_what_is_missing_are_told_apart_within_the_formatting() {
        let place = |mark: &str| match mark {
            "1" => Place::Filled("Masha".to_owned()),
            other => Place::Blank(other.to_owned()),
        };
        let Marked(blocks) = Marked::formatted("*Hello {{1}}*,\non {{day}}.", &place);
        let all: Vec<_> = blocks
            .iter()
            .flat_map(|block| {
                let looks = [Look::Filled, Look::Blank];
                let marks = block.spans.iter().filter(move |span| looks.contains(&span.look));
                marks.map(|span| (&block.text[span.range.clone()], span.look)).collect::<Vec<_>>()
            })
            .collect();
        assert_eq!(all, [("Masha", Look::Filled), ("[day]", Look::Blank)]);
        assert!(!blocks.iter().any(|block| block.text.contains('*')), "the marks of WhatsApp are not shown");
    }

    #[test]
    fn a_header_is_not_formatted() {
        let Marked(blocks) = Marked::plain("*{{1}}*", &|_mark| Place::Filled("a".to_owned()));
        assert_eq!(blocks[0].text, "*a*");
    }
}
