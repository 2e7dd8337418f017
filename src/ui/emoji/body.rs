//! Within the picker: the tabs, the emoji in view, and what the one is called that Enter picks or the pointer is over.

use egui::{
    Align, Align2, CornerRadius, FontId, Id, Rect, Response, RichText, Role, ScrollArea, Sense, Ui,
    WidgetInfo, pos2, scroll_area::ScrollBarVisibility, style::ScrollAnimation, vec2,
};
use waxwing_protocol::id::InteractionId;

use super::{
    super::{
        View,
        text::{Ink, Label, Style},
        theme,
    },
    grid::{CELL, Row, TITLE, Title},
    picker::{Done, WIDTH, underline},
    state::{EmojiState, Open, Showing},
};

/// How high what scrolls is at most, in points.
const HEIGHT: f32 = 6.0 * CELL + TITLE;
/// How high the tabs and the line at the foot are, in points.
const TABS: f32 = 32.0;
const FOOT: f32 = 34.0;
/// From whatever font.
const TITLE_SIZE: f32 = 11.0;

pub(super) fn show(ui: &mut Ui, view: View<'_>, open: &mut Open, state: &mut EmojiState, done: &mut Done) {
    let goal = tabs(ui, view, open, state);
    let pointed = cells(ui, view, open, (state, goal), done);
    foot(ui, view, (open, pointed), state);
}

/// What a screen reader knows a cell by.
pub(super) fn cell_id(interaction: InteractionId, cell: usize) -> Id {
    Id::unique(("emoji cell", interaction, cell))
}

/// The tabs; gives where the one begins that was clicked.
fn tabs(ui: &mut Ui, view: View<'_>, open: &Open, state: &mut EmojiState) -> Option<f32> {
    let titles: Vec<(f32, Title)> = open.grid.titles().collect();
    let here = titles.iter().rposition(|(top, _)| *top <= open.scrolled + 1.0).unwrap_or_default();
    let (row, _) = ui.allocate_exact_size(vec2(WIDTH, TABS), Sense::hover());
    #[expect(clippy::cast_precision_loss, reason = "a few tabs")]
    let width = (WIDTH / titles.len().max(1) as f32).min(CELL);
    let mut goal = None;
    for (number, (top, title)) in titles.into_iter().enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "a few tabs")]
        let left = row.left() + number as f32 * width;
        let rect = Rect::from_min_size(pos2(left, row.top()), vec2(width, TABS));
        let id = ui.scope_id().with(("emoji tab", number));
        let response = ui.interact(rect, id, Sense::CLICK);
        if response.hovered() {
            ui.painter().rect_filled(rect, CornerRadius::same(theme::BUTTON_RADIUS), view.theme.sunken);
        }
        state.sheet.paint(ui, view.theme, title.sign(), rect);
        if number == here {
            underline(ui, view, rect);
        }
        response.widget_info(|| WidgetInfo::selected(Role::Tab, true, number == here, title.words()));
        if response.on_hover_text(title.words()).clicked() {
            goal = Some(top);
        }
    }
    goal
}

/// The emoji; gives the one that the pointer is over.
fn cells(
    ui: &mut Ui,
    view: View<'_>,
    open: &mut Open,
    (state, goal): (&mut EmojiState, Option<f32>),
    done: &mut Done,
) -> Option<usize> {
    let mut pointed = None;
    let area = ScrollArea::vertical()
        .id_salt(("emoji", open.interaction))
        .max_height(HEIGHT)
        .min_scrolled_height(HEIGHT)
        .auto_shrink(false)
        .scroll_bar_visibility(ScrollBarVisibility::VisibleWhenNeeded);
    let output = area.show_viewport(ui, |ui, seen| {
        ui.set_min_size(vec2(WIDTH, open.grid.height()));
        let corner = ui.min_rect().min;
        for (top, row) in open.grid.between(seen.top(), seen.bottom()) {
            let at = corner + vec2(0.0, *top);
            match row {
                Row::Title(title) => heading(ui, view, *title, Rect::from_min_size(at, vec2(WIDTH, TITLE))),
                Row::Cells(range) => {
                    for cell in range.clone() {
                        #[expect(clippy::cast_precision_loss, reason = "a few cells")]
                        let left = at.x + (cell - range.start) as f32 * CELL;
                        let rect = Rect::from_min_size(pos2(left, at.y), vec2(CELL, CELL));
                        let response = one(ui, view, (open, cell), rect, state);
                        if response.hovered() {
                            pointed = Some(cell);
                        }
                        if response.clicked() {
                            done.picked = Some(cell);
                            done.stays = ui.input(|input| input.modifiers.shift);
                        }
                        if (response.secondary_clicked() || response.long_touched()) && open.has_tones(cell) {
                            done.tones = Some(cell);
                        }
                    }
                }
            }
        }
        let span =
            |top: f32, bottom: f32| Rect::from_min_max(corner + vec2(0.0, top), corner + vec2(WIDTH, bottom));
        if let Some(top) = goal {
            let rect = span(top, top + HEIGHT.min(open.grid.height() - top));
            ui.scroll_to_rect_animation(rect, Some(Align::TOP), ScrollAnimation::none());
        }
        if let (true, Some(row)) = (std::mem::take(&mut open.follow), open.grid.top_of(open.at)) {
            ui.scroll_to_rect_animation(span(row.start, row.end), None, ScrollAnimation::none());
        }
    });
    open.scrolled = output.state.clamped_offset().y;
    if open.grid.cells().is_empty() {
        let at = Align2::CENTER_CENTER.pos_in_rect(&output.inner_rect);
        let font = FontId::proportional(13.0);
        ui.painter().text(at, Align2::CENTER_CENTER, "No emoji is called that", font, view.theme.muted);
    }
    pointed
}

fn heading(ui: &Ui, view: View<'_>, title: Title, rect: Rect) {
    let font = FontId::new(TITLE_SIZE, theme::semibold());
    let at = pos2(rect.left() + 2.0, rect.center().y);
    ui.painter().text(at, Align2::LEFT_CENTER, title.words().to_uppercase(), font, view.theme.faint);
}

fn one(
    ui: &Ui,
    view: View<'_>,
    (open, cell): (&Open, usize),
    rect: Rect,
    state: &mut EmojiState,
) -> Response {
    let response = ui.interact(rect, cell_id(open.interaction, cell), Sense::CLICK);
    let is_chosen = cell == open.at;
    if is_chosen || response.hovered() {
        let ground = if is_chosen { view.theme.accent_soft } else { view.theme.sunken };
        let round = CornerRadius::same(theme::BUTTON_RADIUS);
        ui.painter().rect_filled(rect.shrink(1.0), round, ground);
    }
    if let Some(held) = open.grid.cells().get(cell) {
        state.sheet.paint(ui, view.theme, held.emoji.as_str(), rect);
    }
    let name = name(open, cell, state);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_chosen, &name));
    let code = code(open, cell, state);
    response.on_hover_ui(|ui| {
        let text = if code.is_empty() { name } else { format!("{name}  {code}") };
        ui.add(Label::new(&text, Style::new(13.0), Ink::of(view.theme)));
    })
}

/// What a cell is called: in the agent's language, if its words were read.
fn name(open: &Open, cell: usize, state: &EmojiState) -> String {
    let Some(cell) = open.grid.cells().get(cell) else { return String::new() };
    let in_words = state.known_index().filter(|_| open.showing == Showing::All);
    let name = in_words.map(|index| index.name(cell.entry).to_owned());
    name.filter(|name| !name.is_empty()).unwrap_or_else(|| cell.emoji.name().to_owned())
}

fn code(open: &Open, cell: usize, state: &EmojiState) -> String {
    let entry = open.grid.cells().get(cell).and_then(|cell| state.catalogue.entries().get(cell.entry));
    entry.map(|entry| format!(":{}:", entry.shortcode)).unwrap_or_default()
}

/// What the emoji is called that the pointer is over, or that Enter picks.
fn foot(ui: &mut Ui, view: View<'_>, (open, pointed): (&Open, Option<usize>), state: &mut EmojiState) {
    let cell = pointed.unwrap_or(open.at);
    ui.allocate_ui(vec2(WIDTH, FOOT), |ui| {
        ui.set_min_height(FOOT);
        ui.horizontal_centered(|ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            let Some(held) = open.grid.cells().get(cell) else { return };
            let (rect, _) = ui.allocate_exact_size(vec2(30.0, FOOT), Sense::hover());
            state.sheet.paint(ui, view.theme, held.emoji.as_str(), rect);
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                let name = name(open, cell, state);
                ui.add(Label::new(&name, Style::new(13.0).medium(), Ink::of(view.theme)).one_row());
                let mut hint = code(open, cell, state);
                if open.has_tones(cell) {
                    hint.push_str("   right-click: skin tones");
                }
                ui.label(RichText::new(hint).size(11.0).color(view.theme.muted));
            });
        });
    });
}
