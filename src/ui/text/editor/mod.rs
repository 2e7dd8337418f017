//! A field to write in, of many rows or of one: the caret goes through mixed text as it is seen, undo is kept with the text.
//!
//! [`EditorState`] is what is written and belongs to the caller; [`Editor`] shows it for a frame. `keys` says what events
//! do, `undo` how steps are grouped, `access` what a screen reader hears. Enter puts a line break in where there are many
//! rows: the caller takes the keys that mean something else out of the input before.

use std::{ops::Range, sync::Arc};

use egui::{
    Color32, CursorIcon, Event, Id, PointerButton, Pos2, Rect, Response, ScrollArea, Sense, Shape, Stroke,
    Ui, WidgetInfo, output::IMEOutput, pos2, text_selection::visuals::paint_text_cursor, vec2,
};

use super::{
    Galley, layout, layout_field, layout_line,
    words::{Direction, Ink, Look, Span, Style, Words, Wrap},
};

mod access;
mod keys;
mod state;
mod undo;

pub use state::EditorState;
use state::Place;

/// How much room the caret takes behind the last letter of a row, in points.
const CARET: f32 = 2.0;

/// A field showing an [`EditorState`]. It has no frame of its own.
#[must_use = "call show"]
pub struct Editor<'a> {
    state: &'a mut EditorState,
    id: Id,
    style: Style,
    ink: Ink,
    label: &'a str,
    hint: &'a str,
    min_rows: usize,
    max_height: f32,
    rows: Rows,
    misspelled: &'a [Range<usize>],
    blanks: (&'a [Range<usize>], Color32),
}

/// How many rows a field can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rows {
    One,
    Many,
}

/// What became of a field in this frame.
pub struct EditorOutput {
    /// `changed` tells that the text did.
    pub response: Response,
    /// The text as it is painted.
    pub galley: Arc<Galley>,
    /// Where the galley's corner is; above the field, when it is scrolled.
    pub at: Pos2,
    /// Where the caret is, on the screen.
    pub caret: Rect,
}

impl<'a> Editor<'a> {
    /// A field of that id, which must not change from frame to frame.
    pub fn new(state: &'a mut EditorState, id: Id, style: Style, ink: Ink) -> Self {
        Self {
            state,
            id,
            style,
            ink,
            label: "",
            hint: "",
            min_rows: 1,
            max_height: f32::INFINITY,
            rows: Rows::Many,
            misspelled: &[],
            blanks: (&[], Color32::TRANSPARENT),
        }
    }

    /// What a screen reader calls it.
    pub fn label(self, label: &'a str) -> Self {
        Self { label, ..self }
    }

    /// What stands in it while it is empty.
    pub fn hint(self, hint: &'a str) -> Self {
        Self { hint, ..self }
    }

    /// How many rows high it is at least.
    pub fn min_rows(self, min_rows: usize) -> Self {
        Self { min_rows, ..self }
    }

    /// From which height on it scrolls, in points.
    pub fn max_height(self, max_height: f32) -> Self {
        Self { max_height, ..self }
    }

    /// Keeps it in one row, which moves sideways where it is longer than the field is wide. Line breaks are spaces there.
    pub fn one_row(self) -> Self {
        Self { rows: Rows::One, ..self }
    }

    /// Parts to underline as misspelled.
    pub fn misspelled(self, misspelled: &'a [Range<usize>]) -> Self {
        Self { misspelled, ..self }
    }

    /// Parts to show on a ground of their own: they are to be filled in.
    pub fn blanks(self, blanks: &'a [Range<usize>], ground: Color32) -> Self {
        Self { blanks: (blanks, ground), ..self }
    }

    /// Shows it, as wide as there is room, and lets the agent write.
    pub fn show(mut self, ui: &mut Ui) -> EditorOutput {
        if self.rows == Rows::One {
            return self.field(ui);
        }
        let area = ScrollArea::vertical().id_salt(self.id).max_height(self.max_height);
        area.show(ui, |ui| self.field(ui)).inner
    }

    fn field(&mut self, ui: &mut Ui) -> EditorOutput {
        let (ctx, width) = (ui.ctx().clone(), ui.available_width());
        let (style, rows) = (self.style, self.rows);
        let lay_out = |state: &EditorState| {
            let composed = state.composing().map(|range| Span { range, look: Look::Underline });
            let words = Words { text: state.text(), spans: composed.as_slice(), style };
            match rows {
                Rows::One => layout_line(&ctx, &words, width),
                Rows::Many => layout_field(&ctx, &words, width),
            }
        };
        let before = (self.state.text().to_owned(), self.state.place);
        let has_focus = ui.memory(|memory| memory.has_focus(self.id));
        let mut changed = false;
        if has_focus {
            ui.memory_mut(|memory| memory.set_focus_lock_filter(self.id, keys::FILTER));
            changed = keys::apply(ui, (self.id, rows), self.state, &mut { lay_out });
        }
        let galley = lay_out(self.state);
        #[expect(clippy::cast_precision_loss, reason = "a few rows")]
        let least = style.line_height * self.min_rows as f32;
        let height = if rows == Rows::One { least } else { galley.size().y.max(least) };
        let (_auto_id, rect) = ui.allocate_space(vec2(width, height));
        let mut response = ui.interact(rect, self.id, Sense::click_and_drag());
        changed |= self.pointer(ui, &response, &galley, rect.min - vec2(self.state.beyond, 0.0));
        // What was pasted with the middle button is laid out only now.
        let galley = lay_out(self.state);
        let caret = galley.caret_rect(self.state.place.caret, 0.0);
        self.state.beyond = match rows {
            Rows::One => self.beyond(ui, &galley, caret.left(), width),
            Rows::Many => 0.0,
        };
        let at = rect.min - vec2(self.state.beyond, 0.0);
        let caret = caret.translate(at.to_vec2());
        if changed {
            response.mark_changed();
        }
        if changed || self.state.place != before.1 {
            ui.scroll_to_rect(caret, None);
        }
        self.paint(ui, rect, &galley, (at, caret));
        let enabled = ui.is_enabled();
        response.widget_info(|| {
            let mut info = WidgetInfo::text_edit(enabled, &before.0, self.state.text(), self.hint);
            info.label = Some(self.label.to_owned());
            info
        });
        access::describe(ui, (self.id, rows), self.state, &galley, at.to_vec2());
        EditorOutput { response, galley, at, caret }
    }

    /// How much of the only row is beyond the field's left edge: the caret is in view; without the focus, where the text begins.
    fn beyond(&self, ui: &Ui, galley: &Galley, caret: f32, width: f32) -> f32 {
        let most = (galley.size().x + CARET - width).max(0.0);
        if ui.memory(|memory| memory.has_focus(self.id)) {
            return self.state.beyond.clamp((caret + CARET - width).max(0.0), caret.max(0.0)).min(most);
        }
        match galley.direction() {
            Direction::RightToLeft => most,
            Direction::LeftToRight => 0.0,
        }
    }

    /// Clicks, drags and the middle button; says whether the text changed.
    fn pointer(&mut self, ui: &Ui, response: &Response, galley: &Galley, at: Pos2) -> bool {
        if response.hovered() {
            ui.set_cursor_icon(CursorIcon::Text);
        }
        let Some(pointer) = response.interact_pointer_pos().or(response.hover_pos()) else { return false };
        let place = galley.caret_at((pointer - at).to_pos2());
        let before = self.state.place;
        let (pressed, shift) = ui.input(|input| (input.pointer.primary_pressed(), input.modifiers.shift));
        if response.double_clicked() {
            self.state.select(galley.word_under((pointer - at).to_pos2()));
        } else if response.triple_clicked() {
            self.state.select(galley.paragraph_range(place.offset));
        } else if pressed && response.hovered() {
            let anchor = if shift { before.anchor } else { place.offset };
            self.state.move_to(Place { caret: place, anchor });
            ui.memory_mut(|memory| memory.request_focus(self.id));
        } else if response.dragged_by(PointerButton::Primary) {
            self.state.move_to(Place { caret: place, anchor: before.anchor });
        }
        let pasted = ui.input(|input| {
            input.events.iter().find_map(|event| match event {
                Event::MiddleClickPaste { text, .. } if response.contains_pointer() => Some(text.clone()),
                _ => None,
            })
        });
        if let Some(words) = &pasted {
            self.state.move_to(Place { caret: place, anchor: place.offset });
            self.state.insert(&keys::lines(words, self.rows));
            ui.memory_mut(|memory| memory.request_focus(self.id));
        }
        if self.state.place != before {
            self.state.touched_at = ui.input(|input| input.time);
        }
        pasted.is_some()
    }

    fn paint(&self, ui: &mut Ui, rect: Rect, galley: &Galley, (at, caret): (Pos2, Rect)) {
        let painter = ui.painter_at(rect.expand2(vec2(2.0, 0.0)));
        let has_focus = ui.memory(|memory| memory.has_focus(self.id));
        let (blanks, ground) = self.blanks;
        for range in blanks {
            for part in galley.rects(range.clone()) {
                painter.rect_filled(part.translate(at.to_vec2()).expand2(vec2(1.0, 0.0)), 3.0, ground);
            }
        }
        if has_focus {
            galley.paint_selection(&painter, at, self.state.selection(), &self.ink);
        }
        galley.paint(&painter, at, &self.ink);
        if self.state.text().is_empty() {
            let words = Words::plain(self.hint, self.style);
            let hint = layout(ui.ctx(), &words, Wrap::rows(rect.width(), self.min_rows.max(1)));
            let indent = match hint.direction() {
                Direction::RightToLeft => (rect.width() - hint.size().x).max(0.0),
                Direction::LeftToRight => 0.0,
            };
            hint.paint(&painter, rect.min + vec2(indent, 0.0), &self.ink.with_text(self.ink.muted));
        }
        for range in self.misspelled {
            for word in galley.rects(range.clone()) {
                painter.add(wave(word.translate(at.to_vec2()), self.ink.misspelled));
            }
        }
        if has_focus && ui.input(|input| input.focused) {
            let since = ui.input(|input| input.time) - self.state.touched_at;
            paint_text_cursor(ui, &painter, caret, since);
        }
        if ui.memory(|memory| memory.owns_ime_events(self.id)) {
            let global = ui.ctx().layer_transform_to_global(ui.layer_id()).unwrap_or_default();
            let ime = IMEOutput {
                purpose: egui::IMEPurpose::Normal,
                rect: global * rect,
                cursor_rect: global * caret,
                should_interrupt_composition: false,
            };
            ui.output_mut(|output| output.ime = Some(ime));
        }
    }
}

/// A wavy line at the foot of a word.
fn wave(word: Rect, colour: Color32) -> Shape {
    /// From crest to trough, in points.
    const STEP: f32 = 2.0;
    let mut points = Vec::new();
    let (mut x, mut up) = (word.left(), false);
    while x <= word.right() {
        points.push(pos2(x, word.bottom() - if up { STEP + 1.0 } else { 1.0 }));
        (x, up) = (x + STEP, !up);
    }
    Shape::line(points, Stroke::new(1.0, colour))
}
