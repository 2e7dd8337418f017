//! The list: a line of headings, and below it the rows that are in view, whatever lies above and below them.

use egui::{
    Align2, CornerRadius, FontId, Modifiers, Rect, Role, ScrollArea, Sense, Stroke, Ui, WidgetInfo, pos2,
    vec2,
};

use super::{
    super::{Action, View, icon, list_keys, theme, widgets::focus_ring, workplace},
    WorkbinsState,
    cells::{self, Cells},
    columns::{Placed, TICK},
    head, heading,
};
use crate::desk::workbins::{deeds::Deed, list::Way, sync::Freshness};

/// How high the line of headings is, and each row, in points.
const HEADINGS: f32 = 36.0;
const ROW: f32 = 38.0;

/// Draws it in what is left of the room.
pub(super) fn show(ui: &mut Ui, view: View<'_>, state: &mut WorkbinsState, actions: &mut Vec<Action>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let width = ui.available_width();
    let placed = state.columns.placed(width);
    headings(ui, view, state, &placed);
    let total = state.shown.list().len();
    if total == 0 {
        state.shown.laid = 0;
        nothing(ui, view, state);
        return;
    }
    let mut area = ScrollArea::vertical().id_salt("workbin rows").auto_shrink(false);
    if let Some(offset) = offset(ui, state) {
        area = area.vertical_scroll_offset(offset);
    }
    let shown = area.show_rows(ui, ROW, total, |ui, range| {
        state.shown.laid = range.len();
        for number in range {
            row(ui, (view, &placed), state, number, actions);
        }
    });
    let seen = (shown.state.unclamped_offset().y, shown.inner_rect.height());
    ui.data_mut(|data| data.insert_temp(seen_id(), seen));
}

fn seen_id() -> egui::Id {
    egui::Id::unique("workbin rows seen")
}

/// How far down it is to be scrolled so that the row with the keys is in view; none if it is, or nobody asked.
fn offset(ui: &Ui, state: &mut WorkbinsState) -> Option<f32> {
    if !std::mem::take(&mut state.reveal) {
        return None;
    }
    let at = state.cursor.and_then(|id| state.shown.position(id))?;
    let (offset, height): (f32, f32) = ui.data(|data| data.get_temp(seen_id()))?;
    #[expect(clippy::cast_precision_loss, reason = "a few millions at most")]
    let top = at as f32 * ROW;
    if top < offset {
        return Some(top);
    }
    (top + ROW > offset + height).then_some(top + ROW - height)
}

/// The line of headings; a click sorts.
fn headings(ui: &mut Ui, view: View<'_>, state: &mut WorkbinsState, placed: &[Placed]) {
    let theme = view.theme;
    let (line, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEADINGS), Sense::hover());
    ui.painter().rect_filled(line, CornerRadius::ZERO, theme.bg);
    ui.painter().hline(line.x_range(), line.bottom() - 0.5, Stroke::new(1.0, theme.line));
    let all = !state.shown.list().is_empty() && state.chosen.len() == state.shown.list().len();
    let rect = Rect::from_min_size(line.min, vec2(TICK, HEADINGS));
    if cells::tick(ui, view, (rect, all), "Choose all") {
        if all {
            state.chosen.clear();
        } else {
            state.chosen = state.shown.list().iter().map(|lying| lying.id()).collect();
        }
    }
    for column in placed {
        let rect =
            Rect::from_min_size(pos2(line.left() + column.left, line.top()), vec2(column.width, HEADINGS));
        let order = state.columns.order();
        let is_by = order.column == column.column;
        let id = ui.scope_id().with(("heading", heading(column.column)));
        let response = ui.interact(rect, id, Sense::click());
        let colour = if is_by || response.hovered() { theme.text } else { theme.faint };
        let font = FontId::new(11.0, theme::semibold());
        let words = heading(column.column).to_uppercase();
        let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
        let painted =
            painter.text(pos2(rect.left() + 4.0, rect.center().y), Align2::LEFT_CENTER, words, font, colour);
        if is_by {
            let sign = if order.way == Way::Up { icon::CHEVRON_UP } else { icon::CHEVRON_DOWN };
            let at = pos2(painted.right() + 3.0, rect.center().y);
            painter.text(at, Align2::LEFT_CENTER, sign, icon::font(12.0), colour);
        }
        let told = format!("Sort by {}", heading(column.column).to_lowercase());
        response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_by, &told));
        if response.on_hover_text(&told).clicked() {
            state.columns.sort_by(column.column);
        }
    }
}

fn row(
    ui: &mut Ui,
    (view, placed): (View<'_>, &[Placed]),
    state: &mut WorkbinsState,
    number: usize,
    actions: &mut Vec<Action>,
) {
    let theme = view.theme;
    let Some(lying) = state.shown.list().get(number).cloned() else { return };
    let id = lying.id();
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    let response = ui.interact(rect, ui.scope_id().with(("row", id)), Sense::click());
    let is_chosen = state.chosen.contains(&id);
    let ground = match (is_chosen, response.hovered() || response.has_focus()) {
        (true, _) => theme.accent_soft,
        (false, true) => theme.sunken,
        (false, false) => theme.surface,
    };
    ui.painter().rect_filled(rect, CornerRadius::ZERO, ground);
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, theme.line));
    focus_ring(ui, view, &response, (rect, 0));
    if state.cursor == Some(id) && state.chosen.len() != 1 {
        let inside = rect.shrink(1.5);
        ui.painter().rect_stroke(inside, 4, Stroke::new(1.0, theme.accent), egui::StrokeKind::Inside);
    }
    let cells = Cells { view, lying: &lying, place: view.desk.workbins().place(lying.item.place) };
    let told = cells.told();
    response.widget_info(|| WidgetInfo::selected(Role::Row, true, is_chosen, &told));
    if response.double_clicked() {
        state.choose(id);
        if head::may_act(view, state).is_ok() {
            head::act(state, Deed::Open, actions);
        }
    } else if response.clicked() {
        state.click(id, ui.input(|input| input.modifiers));
        list_keys::give_to_list(ui);
    }
    for column in placed {
        let cell = Rect::from_min_size(pos2(rect.left() + column.left, rect.top()), vec2(column.width, ROW));
        cells.paint(ui, column.column, cell);
    }
    let tick = Rect::from_min_size(rect.min, vec2(TICK, ROW));
    if cells::tick(ui, view, (tick, is_chosen), &format!("Choose {}", lying.title)) {
        // A box is one more, or all up to it.
        let with = ui.input(|input| input.modifiers);
        state.click(id, with | Modifiers::COMMAND);
    }
}

/// There is nothing in it, and why.
fn nothing(ui: &mut Ui, view: View<'_>, state: &WorkbinsState) {
    let words = if !state.filter.trim().is_empty() {
        ("Nothing found", "No interaction here holds these words.")
    } else if view.desk.workbins_freshness() == Freshness::Coming && view.desk.workbins().is_empty() {
        ("Getting what lies here…", "It comes from the gateway.")
    } else {
        ("Nothing lies here", "What is put away to be handled later lies in a workbin.")
    };
    workplace::nothing(ui, view, icon::INBOX, words);
}
