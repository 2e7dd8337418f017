//! What is looked for: words, how they are to be found, favourites alone, a language; and what may be done besides.

use std::collections::BTreeSet;

use egui::{
    Align, Button, CornerRadius, EventFilter, Frame, Id, Layout, Margin, Popup, Rect, RichText, Role, Sense,
    Stroke, Ui, UiBuilder, WidgetInfo, vec2,
};
use waxwing_protocol::id::InteractionId;

use super::{
    super::{
        Action, View, ViewState, icon, languages,
        text::{Ink, Style, editor::Editor},
        theme,
        widgets::button,
    },
    list::{Order, primary},
};
use crate::desk::{
    conversation::Conversation,
    input::Command,
    library::{manage::Manage, search::Matching},
};

/// How high the field is, and how wide the cross that clears it, in points.
const LINE: f32 = 20.0;
const CROSS: f32 = 24.0;

/// The field of the words.
pub(super) fn field(interaction: InteractionId) -> Id {
    Id::unique(("responses field", interaction))
}

/// Draws it.
pub(super) fn show(
    ui: &mut Ui,
    view: View<'_>,
    conversation: &Conversation,
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    let id = field(conversation.interaction().id);
    let has_focus = ui.memory(|memory| memory.has_focus(id));
    let edge = if has_focus { view.theme.accent } else { view.theme.line };
    let frame = Frame::new()
        .fill(view.theme.surface)
        .stroke(Stroke::new(if has_focus { 1.5 } else { 1.0 }, edge))
        .corner_radius(theme::CARD_RADIUS)
        .inner_margin(Margin::symmetric(12, 5));
    frame.show(ui, |ui| {
        let (line, _) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), Sense::hover());
        let is_empty = state.responses.search.text().is_empty();
        let room = Rect::from_min_max(line.min, line.max - vec2(if is_empty { 0.0 } else { CROSS }, 0.0));
        let mut field = ui.new_child(UiBuilder::new().max_rect(room).layout(Layout::top_down(Align::Min)));
        Editor::new(&mut state.responses.search, id, Style::new(14.0), Ink::of(view.theme))
            .label("Search responses")
            .hint("Search responses")
            .one_row()
            .show(&mut field);
        if has_focus {
            // Escape clears the words and leads back to the message; egui would only take the focus away.
            let keys =
                EventFilter { horizontal_arrows: true, vertical_arrows: true, escape: true, tab: false };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(id, keys));
        }
        if !is_empty {
            let at = Rect::from_min_max(line.max - vec2(CROSS, LINE), line.max);
            let cross = Button::new(icon::text(icon::X, 14.0).color(view.theme.muted)).frame(false);
            let layout = Layout::centered_and_justified(egui::Direction::TopDown);
            let response = ui.new_child(UiBuilder::new().max_rect(at).layout(layout)).add(cross);
            response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Clear the search"));
            if response.on_hover_text("Clear the search (Esc)").clicked() {
                state.responses.search.take();
                ui.memory_mut(|memory| memory.request_focus(id));
            }
        }
    });
    ui.add_space(2.0);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        matching(ui, view, &mut state.responses.matching);
        let favourites = state.responses.favourites_only;
        if chip(ui, view, "Favourites ★", favourites).clicked() {
            state.responses.favourites_only = !favourites;
        }
        language(ui, view, &mut state.responses.language);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            more(ui, view, conversation, state, actions);
        });
    });
}

fn matching(ui: &mut Ui, view: View<'_>, matching: &mut Matching) {
    const ALL: [(Matching, &str); 3] =
        [(Matching::AllWords, "All words"), (Matching::AnyWord, "Any word"), (Matching::Exact, "Exact")];
    let name = ALL.iter().find(|(held, _)| held == matching).map_or("All words", |(_, name)| name);
    let chip = chip(ui, view, &format!("{name} ⌄"), true);
    Popup::menu(&chip).show(|ui| {
        for (choice, name) in ALL {
            ui.selectable_value(matching, choice, name);
        }
    });
}

fn language(ui: &mut Ui, view: View<'_>, language: &mut Option<String>) {
    let name = language.as_deref().map_or_else(|| "Language".to_owned(), languages::name);
    let chip = chip(ui, view, &format!("{name} ⌄"), language.is_some());
    Popup::menu(&chip).show(|ui| {
        ui.selectable_value(language, None, "Any language");
        let tags = view.desk.library().responses().filter_map(|held| held.content.language.as_deref());
        for tag in tags.map(primary).collect::<BTreeSet<_>>() {
            ui.selectable_value(language, Some(tag.to_owned()), languages::name(tag));
        }
    });
}

fn chip(ui: &mut Ui, view: View<'_>, name: &str, is_on: bool) -> egui::Response {
    let (front, ground) = if is_on {
        (view.theme.accent, view.theme.accent_soft)
    } else {
        (view.theme.text, view.theme.sunken)
    };
    let words = RichText::new(name).size(12.0).family(theme::medium()).color(front);
    ui.spacing_mut().button_padding = vec2(9.0, 4.0);
    let button = Button::selectable(is_on, words).fill(ground).stroke(Stroke::NONE);
    ui.add(button.corner_radius(CornerRadius::same(9)).min_size(vec2(0.0, 26.0)))
}

/// What may be done besides, by whom it may.
fn more(
    ui: &mut Ui,
    view: View<'_>,
    conversation: &Conversation,
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    let button = button::icon(ui, view.theme, icon::ELLIPSIS, "More with responses");
    Popup::menu(&button).show(|ui| {
        ui.set_min_width(190.0);
        super::care::menu(ui, (view, conversation), state, actions);
        let order = &mut state.responses.order;
        let before = *order;
        ui.separator();
        ui.selectable_value(order, Order::Library, "By category");
        if view.leads() {
            ui.selectable_value(order, Order::MostUsed, "Most used first");
            ui.selectable_value(order, Order::NeverUsed, "Never used");
        }
        ui.selectable_value(order, Order::NotOffered, "Not offered just now");
        if *order != before && matches!(order, Order::MostUsed | Order::NeverUsed) {
            actions.push(Action::Command(Command::Manage(Manage::CountUses)));
        }
    });
}
