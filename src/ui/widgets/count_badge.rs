//! A count in white on the accent colour.

use std::sync::Arc;

use egui::{Align2, CornerRadius, FontId, Galley, Pos2, Rect, Response, Sense, Ui, Vec2, vec2};

use super::super::{View, theme};

/// Draws a count where the next widget goes.
pub(crate) fn show(ui: &mut Ui, view: View<'_>, count: usize) -> Response {
    let size = size_of(&galley(ui, view, count));
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    paint(ui, view, count, rect.center());
    response
}

/// Paints a count over what is there.
pub(crate) fn paint(ui: &Ui, view: View<'_>, count: usize, centre: Pos2) {
    let galley = galley(ui, view, count);
    let rect = Rect::from_center_size(centre, size_of(&galley));
    ui.painter().rect_filled(rect, CornerRadius::same(9), view.theme.accent);
    let at = Align2::CENTER_CENTER.align_size_within_rect(galley.size(), rect);
    ui.painter().galley(at.min, galley, view.theme.on_accent);
}

/// The digits; more than 99 are not told apart.
fn galley(ui: &Ui, view: View<'_>, count: usize) -> Arc<Galley> {
    let text = if count > 99 { "99+".to_owned() } else { count.to_string() };
    ui.painter().layout_no_wrap(text, FontId::new(11.0, theme::semibold()), view.theme.on_accent)
}

fn size_of(galley: &Galley) -> Vec2 {
    vec2((galley.size().x + 10.0).max(18.0), 18.0)
}
