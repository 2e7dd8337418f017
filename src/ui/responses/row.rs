//! One thing of the list in its place: what a click, a second click and the star do to it.

use std::fmt::Write as _;

use egui::{Align2, FontId, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};
use waxwing_protocol::{library::ResponseUsage, response::StandardResponse, template::Template};

use super::{
    super::{Action, View, ViewState, icon, notification, theme},
    card::{self, BETWEEN, Card, INSIDE},
    care,
    list::{Entry, Item, Spot},
    preview, search_box,
    shown::Shown,
};
use crate::desk::{
    conversation::Conversation,
    input::Command,
    library::manage::{Answer, Manage},
};

/// Where a thing of the list stands.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    pub(super) view: View<'a>,
    pub(super) conversation: &'a Conversation,
    /// With the room below it.
    pub(super) rect: Rect,
    /// Whether it is told how often it is used.
    pub(super) counts: bool,
}

/// Inserts something, or sends it: what Enter, Ctrl+Enter and a double click do.
pub(super) fn use_it(
    view: View<'_>,
    conversation: &Conversation,
    item: &Item,
    send: bool,
    (state, actions): (&mut ViewState, &mut Vec<Action>),
) {
    match item {
        Item::Response(entry) => match &entry.response.content.notification {
            Some(carried) if !send => {
                let of = Some(entry.response.id);
                notification::begin_from(state, (view, conversation), (carried, of), actions);
            }
            _ if send => state.send_response_now(view, conversation, &entry.response, actions),
            _ => state.insert_response(view, conversation, &entry.response, actions),
        },
        Item::Template(template) => notification::begin(state, conversation, template, actions),
        Item::Category { id, .. } => state.responses.turn(*id),
        Item::Heading(_) | Item::Note(_) => {}
    }
}

impl Row<'_> {
    /// Draws it.
    pub(super) fn show(
        self,
        ui: &mut Ui,
        item: &Item,
        is_selected: bool,
        (state, actions): (&mut ViewState, &mut Vec<Action>),
    ) {
        match item {
            Item::Heading(name) => self.heading(ui, name, None),
            Item::Category { path, count, folded, .. } => {
                self.category(ui, (item, path, *count, *folded), is_selected, (state, actions));
            }
            Item::Note(words) => {
                let words = egui::RichText::new(*words).size(13.0).color(self.view.theme.muted);
                ui.put(self.rect, egui::Label::new(words).wrap());
            }
            Item::Template(template) => self.template(ui, (item, template), is_selected, (state, actions)),
            Item::Response(entry) => self.response(ui, (item, entry), is_selected, (state, actions)),
        }
    }

    fn heading(self, ui: &Ui, name: &str, count: Option<usize>) {
        let theme = self.view.theme;
        let font = FontId::new(11.0, theme::semibold());
        let at = pos2(self.rect.left(), self.rect.top() + 15.0);
        let name = name.to_uppercase();
        ui.painter().text(at, Align2::LEFT_CENTER, name, font.clone(), theme.faint);
        if let Some(count) = count {
            let at = pos2(self.rect.right() - 4.0, at.y);
            ui.painter().text(at, Align2::RIGHT_CENTER, count.to_string(), font, theme.faint);
        }
    }

    fn category(
        self,
        ui: &mut Ui,
        (item, path, count, folded): (&Item, &str, usize, bool),
        is_selected: bool,
        (state, actions): (&mut ViewState, &mut Vec<Action>),
    ) {
        let Some(spot @ Spot::Category(id)) = item.spot() else { return };
        let theme = self.view.theme;
        let rect = self.rect.shrink2(vec2(0.0, 2.0));
        let response = ui.interact(rect, ui.scope_id().with(spot), Sense::click());
        let told = if folded { format!("{path}, {count}, folded") } else { format!("{path}, {count}") };
        response.widget_info(|| WidgetInfo::selected(Role::Button, true, !folded, &told));
        if is_selected || response.hovered() || response.has_focus() {
            let ground = if is_selected { theme.accent_soft } else { theme.sunken };
            ui.painter().rect_filled(rect.expand2(vec2(4.0, 0.0)), 6.0, ground);
        }
        let sign = if folded { icon::CHEVRON_RIGHT } else { icon::CHEVRON_DOWN };
        let at = pos2(self.rect.left() + 6.0, self.rect.top() + 14.0);
        ui.painter().text(at, Align2::CENTER_CENTER, sign, icon::font(13.0), theme.faint);
        let mut moved = self;
        moved.rect.min.x += 16.0;
        moved.heading(ui, path, Some(count));
        if response.clicked() {
            state.responses.selected = Some(spot);
            state.responses.turn(id);
            self.keep_keys(ui);
        }
        care::category_menu(&response, (self.view, id), state, actions);
    }

    fn template(
        self,
        ui: &mut Ui,
        (item, template): (&Item, &Template),
        is_selected: bool,
        (state, actions): (&mut ViewState, &mut Vec<Action>),
    ) {
        let rect = Rect::from_min_max(self.rect.min, self.rect.max - vec2(0.0, BETWEEN));
        let spot = item.spot();
        let response = ui.interact(rect, ui.scope_id().with(spot), Sense::click());
        let (standing, ..) = card::standing(self.view, Some(template));
        let told = format!("{}, notification, {standing}", template.name);
        response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_selected, &told));
        let hovered = response.hovered() || response.has_focus();
        card::ground(ui, self.view, rect, (is_selected, hovered));
        self.card(is_selected, None).template(ui, rect, template);
        let response = match template.why_not() {
            Some(why) => response.on_hover_text(why),
            None => response.on_hover_text("Opens it, to be filled in"),
        };
        if response.clicked() {
            state.responses.selected = spot;
            use_it(self.view, self.conversation, item, false, (state, actions));
        }
    }

    fn response(
        self,
        ui: &mut Ui,
        (item, entry): (&Item, &Entry),
        is_selected: bool,
        (state, actions): (&mut ViewState, &mut Vec<Action>),
    ) {
        let (view, spot) = (self.view, item.spot());
        let rect = Rect::from_min_max(self.rect.min, self.rect.max - vec2(0.0, BETWEEN));
        let response = ui.interact(rect, ui.scope_id().with(spot), Sense::click());
        let told = told(view, entry);
        response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_selected, &told));
        let hovered = ui.rect_contains_pointer(rect) || response.has_focus();
        card::ground(ui, view, rect, (is_selected, hovered));
        let said = Shown::of(view, self.conversation, &entry.response.content.body, &entry.marks.body);
        let uses = match view.desk.upkeep().uses() {
            Answer::Here(uses) => uses.get(&entry.response.id),
            Answer::NotAsked | Answer::UnderWay | Answer::Failed(_) => None,
        };
        let card = self.card(is_selected, uses);
        let mut inside = ui.new_child(UiBuilder::new().max_rect(rect).id_salt(spot));
        let (mut room, starred) = card.response(&mut inside, rect, (entry, &said), hovered);
        if starred {
            favour(view, &entry.response, actions);
        }
        let mut whole = response.clone();
        if is_selected {
            let here = (view, self.conversation);
            let (rest, words) = preview::body(&mut inside, here, room, (entry, &said), (state, actions));
            room = rest;
            // Whoever points at the words means the card as well.
            whole = words.map_or(whole.clone(), |words| whole | words);
        }
        room = card.carried(&mut inside, room, &entry.response);
        if is_selected {
            let at = Rect::from_min_max(
                pos2(rect.left() + INSIDE, room.top() + 8.0),
                rect.max - vec2(INSIDE, 0.0),
            );
            let mut foot = ui.new_child(UiBuilder::new().max_rect(at).id_salt((spot, "foot")));
            preview::buttons(&mut foot, (view, self.conversation), (entry, &said), (state, actions));
        }
        if response.clicked() && !is_selected {
            state.responses.selected = spot;
            state.responses.selecting.end();
            self.keep_keys(ui);
        }
        if response.double_clicked() {
            use_it(view, self.conversation, item, false, (state, actions));
        }
        care::response_menu(&whole, (view, self.conversation), &entry.response, (state, actions));
    }

    /// Whoever chose with the mouse goes on with the keys.
    fn keep_keys(self, ui: &Ui) {
        let field = search_box::field(self.conversation.interaction().id);
        ui.memory_mut(|memory| memory.request_focus(field));
    }

    const fn card<'a>(&'a self, is_selected: bool, used: Option<&'a ResponseUsage>) -> Card<'a> {
        let Self { view, conversation, counts, .. } = *self;
        Card { view, conversation, is_selected, used, counts }
    }
}

/// Makes a response a favourite, or one no more.
pub(super) fn favour(view: View<'_>, response: &StandardResponse, actions: &mut Vec<Action>) {
    let is = !view.desk.library().is_favourite(response.id);
    actions.push(Action::Command(Command::Manage(Manage::Favourite { response: response.id, is })));
}

/// What a screen reader says of a card.
fn told(view: View<'_>, entry: &Entry) -> String {
    let content = &entry.response.content;
    let mut told = content.name.clone();
    if let Some(shortcut) = &content.shortcut {
        told.push_str(", /");
        told.push_str(shortcut);
    }
    if view.desk.library().is_favourite(entry.response.id) {
        told.push_str(", favourite");
    }
    if let Some(relevance) = entry.relevance {
        let _written = write!(told, ", suggested, {relevance} %");
    }
    if !content.is_offered(view.now) {
        told.push_str(", not offered just now");
    }
    told
}
