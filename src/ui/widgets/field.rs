//! A field of one line for words in any script, or of several.

use egui::{Frame, Id, Key, Margin, Modifiers, Stroke, StrokeKind, Ui};

use super::super::{
    View,
    text::{
        Ink, Style,
        editor::{Editor, EditorState},
    },
    theme,
};

/// A field: which, what it is called, what stands in it while it is empty.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field<'a> {
    /// Never the same as another's.
    pub(crate) id: Id,
    /// The screen reader's name for it.
    pub(crate) name: &'a str,
    /// What stands in it while it is empty.
    pub(crate) hint: &'a str,
}

impl Field<'_> {
    /// Draws it in one line, as wide as there is room; says whether Enter was pressed in it.
    pub(crate) fn line(self, ui: &mut Ui, view: View<'_>, state: &mut EditorState) -> bool {
        let has_focus = ui.memory(|memory| memory.has_focus(self.id));
        let entered = has_focus && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Enter));
        self.framed(ui, view, |ui| {
            self.editor(view, state).one_row().show(ui);
        });
        entered
    }

    /// Draws it in several lines.
    pub(crate) fn lines(self, ui: &mut Ui, view: View<'_>, state: &mut EditorState, rows: usize) {
        self.framed(ui, view, |ui| {
            self.editor(view, state).min_rows(rows).max_height(200.0).show(ui);
        });
    }

    fn editor<'a>(&'a self, view: View<'_>, state: &'a mut EditorState) -> Editor<'a> {
        Editor::new(state, self.id, Style::new(14.0), Ink::of(view.theme)).label(self.name).hint(self.hint)
    }

    /// In its frame, which is as large with the keys as without.
    fn framed(self, ui: &mut Ui, view: View<'_>, add: impl FnOnce(&mut Ui)) {
        let frame = Frame::new()
            .fill(view.theme.surface)
            .stroke(Stroke::new(1.0, view.theme.line))
            .corner_radius(theme::BUTTON_RADIUS)
            .inner_margin(Margin::symmetric(10, 5));
        let rect = frame.show(ui, add).response.rect;
        if ui.memory(|memory| memory.has_focus(self.id)) {
            let stroke = Stroke::new(1.5, view.theme.accent);
            ui.painter().rect_stroke(rect, theme::BUTTON_RADIUS, stroke, StrokeKind::Inside);
        }
    }
}
