//! Small things that several panels draw.

use egui::{Frame, Id, Margin, Rect, Response, RichText, Stroke, StrokeKind, Ui};

use super::{View, theme};

pub(super) mod anchor;
pub(super) mod avatar;
pub(super) mod button;
pub(super) mod count_badge;
pub(super) mod field;
pub(super) mod list_foot;
pub(super) mod pending_badge;
pub(super) mod picture;
pub(super) mod tick_box;

/// The frame of a question in front of all.
pub(super) fn dialog(style: &egui::Style) -> Frame {
    Frame::popup(style).inner_margin(Margin::same(16))
}

/// The frame of a field for words, with the colour of the one that has the keys.
pub(super) fn field(ui: &mut Ui, view: View<'_>, id: Id, add: impl FnOnce(&mut Ui)) {
    let has_focus = ui.memory(|memory| memory.has_focus(id));
    let edge = if has_focus { view.theme.accent } else { view.theme.line };
    Frame::new()
        .fill(view.theme.surface)
        .stroke(Stroke::new(1.0, edge))
        .corner_radius(theme::BUTTON_RADIUS)
        .inner_margin(Margin::symmetric(10, 6))
        .show(ui, add);
}

/// The ring around whatever has the keys, within its edge; its corners are so round.
pub(super) fn focus_ring(ui: &Ui, view: View<'_>, response: &Response, (rect, radius): (Rect, u8)) {
    if response.has_focus() {
        let stroke = Stroke::new(1.5, view.theme.accent);
        ui.painter().rect_stroke(rect, radius, stroke, StrokeKind::Inside);
    }
}

/// What a part of a panel is called, above it.
pub(super) fn heading(ui: &mut Ui, view: View<'_>, name: &str) {
    ui.add_space(8.0);
    let words = RichText::new(name.to_uppercase()).size(11.0).family(theme::semibold());
    ui.label(words.color(view.theme.faint));
    ui.add_space(2.0);
}
