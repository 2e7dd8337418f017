//! Who was found, in a table: only the rows in view are laid out, and more is asked for as the end comes near.

use egui::{
    Align2, CornerRadius, FontId, Key, Modifiers, Rect, Role, ScrollArea, Sense, Stroke, Ui, UiBuilder,
    WidgetInfo, pos2, vec2,
};
use waxwing_protocol::directory::{DirectoryEntry, Shelf};

use super::{
    super::{
        Action, View, ViewState, icon,
        list_keys::{self, Keys, PAGES, STEPS},
        new_chat,
        shortcuts::take_key,
        text::{self, Ink, Style, Words, Wrap},
        theme,
        widgets::{anchor::Anchor, focus_ring, list_foot},
    },
    DirectoryState, ONE_BELOW, choose,
    columns::{Column, Columns},
    form::Form,
    search, wish,
};
use crate::desk::{
    directory::DirectoryWish,
    listing::{Further, Listed as _},
    phones,
};

const HEAD: f32 = 34.0;
const ROW: f32 = 38.0;
/// How wide the place of the star is, and the least of the name, in points.
const STAR: f32 = 40.0;
const NAME: f32 = 150.0;
/// How much room there is for what stands behind the list.
const FOOT: f32 = 90.0;
/// So many rows before the end more is asked for.
const AHEAD: usize = 20;

/// Draws it.
pub(super) fn show(ui: &mut Ui, view: View<'_>, state: &mut ViewState, actions: &mut Vec<Action>) {
    let list = view.desk.directory().list();
    let (entries, further) = (list.items(), list.further());
    ui.spacing_mut().item_spacing.y = 0.0;
    let places = Places::of(&state.directory.columns, ui.available_width());
    head(ui, view, &state.directory.columns, &places);
    keys(ui, view, &mut state.directory, actions);
    let selected = view.desk.directory().open().map(|(contact, _)| contact);
    #[expect(clippy::cast_precision_loss, reason = "far fewer than there are numbers")]
    let top = |row: usize| row as f32 * ROW;
    let salt = (shelf_number(state.directory.shelf), "contacts");
    let anchor = Anchor { id: ui.scope_id().with(salt), list: list.beginnings() };
    let stays = anchor.offset(ui, |row| entries.iter().position(|entry| entry.key() == row).map(top));
    let mut scroll = ScrollArea::vertical().id_salt(salt).auto_shrink(false);
    if let Some(offset) = stays {
        scroll = scroll.vertical_scroll_offset(offset);
    }
    scroll.show_viewport(ui, |ui, seen| {
        ui.set_height(top(entries.len()) + FOOT);
        let (origin, width) = (ui.max_rect().min, ui.available_width());
        ui.set_clip_rect(ui.clip_rect().intersect(seen.translate(origin.to_vec2())));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a row of the list")]
        let [first, last] = [seen.min.y, seen.max.y].map(|y| (y.max(0.0) / ROW) as usize);
        let last = (last + 1).min(entries.len());
        for (number, entry) in entries.iter().enumerate().take(last).skip(first) {
            let rect = Rect::from_min_size(pos2(origin.x, origin.y + top(number)), vec2(width, ROW));
            // The keys are elsewhere than whoever is looked at only while another one is chosen for a merge.
            let cursor =
                state.directory.cursor.filter(|_| selected.is_none() || state.directory.choosing.is_some());
            let is_selected = [selected, cursor].contains(&Some(entry.contact.id));
            let row = Row { view, entry, rect, is_selected };
            row.show(ui, &places, state, actions);
        }
        let cursor = state.directory.cursor.filter(|_| std::mem::take(&mut state.directory.reveal));
        let revealed = cursor.and_then(|id| entries.iter().position(|entry| entry.contact.id == id));
        if let Some(number) = revealed {
            let at = pos2(origin.x, origin.y + top(number));
            ui.scroll_to_rect(Rect::from_min_size(at, vec2(width, ROW)), None);
        }
        if *further == Further::More && last + AHEAD >= entries.len() {
            actions.push(wish(DirectoryWish::More));
        }
        if seen.max.y >= top(entries.len()) {
            let at = pos2(origin.x, origin.y + top(entries.len()));
            let foot = Rect::from_min_size(at, vec2(width, FOOT));
            let mut foot = ui.new_child(UiBuilder::new().max_rect(foot));
            let nothing = match state.directory.shelf {
                Shelf::Favourites => "Nobody here yet: the star beside a name makes somebody a favourite.",
                Shelf::Blocked if !state.directory.looking.is_looking() => "Nobody is blocked.",
                _ => "Nobody was found.",
            };
            if list_foot::show(&mut foot, view, (further, entries.len()), nothing) {
                actions.push(wish(DirectoryWish::More));
            }
        }
        anchor.hold(ui, entries.get(first).map(|entry| (entry.key(), top(first))), seen.min.y);
    });
}

const fn shelf_number(shelf: Shelf) -> u8 {
    match shelf {
        Shelf::All => 0,
        Shelf::Recent => 1,
        Shelf::Favourites => 2,
        Shelf::Blocked => 3,
    }
}

/// Where the columns begin, and how wide the name and each of them are.
struct Places {
    name: f32,
    columns: Vec<(f32, f32)>,
}

impl Places {
    fn of(columns: &Columns, width: f32) -> Self {
        let fixed: f32 = columns.iter().map(Column::width).sum();
        #[expect(clippy::cast_precision_loss, reason = "a few columns")]
        let gaps = 12.0 * (columns.iter().count() + 1) as f32;
        // Where all of them do not fit they are narrower, as far as that goes.
        let room = width - STAR - gaps - 8.0;
        let share = ((room - NAME) / fixed).clamp(0.65, 1.0);
        let name = (room - fixed * share).max(NAME);
        let mut left = STAR + name + 12.0;
        let columns = columns.iter().map(|column| {
            let place = (left, column.width() * share);
            left += column.width() * share + 12.0;
            place
        });
        Self { name, columns: columns.collect() }
    }
}

fn head(ui: &mut Ui, view: View<'_>, columns: &Columns, places: &Places) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEAD), Sense::hover());
    let painter = ui.painter().with_clip_rect(rect);
    painter.hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, view.theme.line));
    let word = |left: f32, name: &str| {
        let font = FontId::new(11.0, theme::semibold());
        let at = pos2(rect.left() + left, rect.center().y);
        painter.text(at, Align2::LEFT_CENTER, name.to_uppercase(), font, view.theme.muted);
    };
    word(STAR, "Contact");
    for (column, (left, _)) in columns.iter().zip(&places.columns) {
        word(*left, &column.name(view));
    }
}

/// Whoever goes through the list looks at whom they are at; where there is no room for both, Enter opens them. So it does while
/// somebody is chosen to be made one with another.
fn keys(ui: &Ui, view: View<'_>, state: &mut DirectoryState, actions: &mut Vec<Action>) {
    let keys = list_keys::of_list(ui, search::words_id());
    if keys == Keys::Elsewhere || state.form.is_some() {
        return;
    }
    let pressed = |key| ui.input_mut(|input| take_key(input, Modifiers::NONE, key));
    if pressed(Key::Escape) && state.choosing.take().is_none() {
        actions.push(wish(DirectoryWish::Close));
    }
    let entries = view.desk.directory().list().items();
    let open = view.desk.directory().open().map(|(contact, _)| contact);
    let place = |contact| entries.iter().position(|entry| entry.contact.id == contact);
    let here = if state.choosing.is_some() { state.cursor.or(open) } else { open.or(state.cursor) };
    let here = here.and_then(place);
    let by = match keys {
        Keys::Come => Some(1),
        _ => list_keys::pressed(ui, Modifiers::NONE, &[&STEPS[..], &PAGES[..]].concat()),
    };
    let opens_at_once = state.choosing.is_none() && (open.is_some() || ui.available_width() >= ONE_BELOW);
    if let Some(row) = by.and_then(|by| list_keys::row(here, by, entries.len())) {
        let contact = entries[row].contact.id;
        (state.cursor, state.reveal) = (Some(contact), true);
        if opens_at_once && open != Some(contact) {
            choose(contact, state, actions);
        }
    }
    if let Some(contact) = state.cursor.filter(|contact| place(*contact).is_some())
        && pressed(Key::Enter)
        && (state.choosing.is_some() || open != Some(contact))
    {
        choose(contact, state, actions);
    }
}

struct Row<'a> {
    view: View<'a>,
    entry: &'a DirectoryEntry,
    rect: Rect,
    is_selected: bool,
}

impl Row<'_> {
    fn show(&self, ui: &mut Ui, places: &Places, state: &mut ViewState, actions: &mut Vec<Action>) {
        let Self { view, entry, rect, .. } = *self;
        let contact = &entry.contact;
        let id = ui.scope_id().with(("contact", contact.id));
        let response = ui.interact(rect, id, Sense::click());
        let title = phones::title(contact);
        let ground = match (self.is_selected, response.hovered() || response.has_focus()) {
            (true, _) => view.theme.accent_soft,
            (false, true) => view.theme.sunken,
            (false, false) => view.theme.surface,
        };
        ui.painter().rect_filled(rect, CornerRadius::ZERO, ground);
        ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, view.theme.line));
        focus_ring(ui, view, &response, (rect, 0));
        response.widget_info(|| WidgetInfo::selected(Role::Row, true, self.is_selected, &title));
        if response.clicked() {
            list_keys::give_to_list(ui);
            choose(contact.id, &mut state.directory, actions);
        }
        response.context_menu(|ui| self.menu(ui, state, actions));
        self.star(ui, &title, actions);
        let style = Style::new(14.0).medium();
        let room = if contact.blocked { places.name - 70.0 } else { places.name };
        let wide = self.words(ui, (STAR, room), &Words::plain(&title, style), view.theme.text);
        if contact.blocked {
            self.badge(ui, STAR + wide + 8.0);
        }
        for (column, (left, width)) in state.directory.columns.iter().zip(&places.columns) {
            let value = column.value(view, entry);
            self.words(ui, (*left, *width), &Words::plain(&value, Style::new(13.0)), view.theme.muted);
        }
    }

    /// Paints words in one line; says how wide they are.
    fn words(&self, ui: &Ui, (left, width): (f32, f32), words: &Words<'_>, colour: egui::Color32) -> f32 {
        let galley = text::layout(ui.ctx(), words, Wrap::one_row(width));
        let at = pos2(self.rect.left() + left, self.rect.center().y - galley.size().y * 0.5);
        galley.paint(ui.painter(), at, &Ink::of(self.view.theme).with_text(colour));
        galley.size().x
    }

    fn star(&self, ui: &Ui, title: &str, actions: &mut Vec<Action>) {
        let Self { view, entry, rect, .. } = *self;
        let contact = entry.contact.id;
        let is = view.desk.directory().is_favourite(contact, entry.favourite);
        let at = Rect::from_center_size(pos2(rect.left() + 22.0, rect.center().y), vec2(26.0, 26.0));
        let star = ui.interact(at, ui.scope_id().with(("star", contact)), Sense::click());
        let colour = match (is, star.hovered()) {
            (true, _) => view.theme.late_ring,
            (false, true) => view.theme.muted,
            (false, false) => view.theme.faint,
        };
        let font = FontId::proportional(18.0);
        ui.painter().text(at.center(), Align2::CENTER_CENTER, icon::star(is), font, colour);
        let name = format!("Favourite {title}");
        star.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, is, &name));
        let hint = if is { "A favourite: click to change that" } else { "Make them a favourite" };
        if star.on_hover_text(hint).clicked() {
            actions.push(wish(DirectoryWish::Favourite { contact, is: !is }));
        }
    }

    fn badge(&self, ui: &Ui, left: f32) {
        let theme = self.view.theme;
        let font = FontId::new(11.0, theme::semibold());
        let galley = ui.painter().layout_no_wrap("Blocked".to_owned(), font, theme.overdue);
        let size = galley.size() + vec2(12.0, 4.0);
        let at = pos2(self.rect.left() + left, self.rect.center().y - size.y * 0.5);
        ui.painter().rect_filled(Rect::from_min_size(at, size), CornerRadius::same(8), theme.overdue_soft);
        ui.painter().galley(at + vec2(6.0, 2.0), galley, theme.overdue);
    }

    fn menu(&self, ui: &mut Ui, state: &mut ViewState, actions: &mut Vec<Action>) {
        let contact = &self.entry.contact;
        let with = new_chat::With { contact, number: None, after: None };
        new_chat::menu_item(ui, self.view, with, actions);
        if ui.button("Edit").clicked() && state.directory.gives_way(contact.id) {
            state.directory.form = Some(Box::new(Form::of(self.view, contact)));
            actions.push(wish(DirectoryWish::Open(contact.id)));
        }
        let name = if contact.blocked { "Unblock" } else { "Block" };
        if ui.button(name).clicked() {
            actions.push(wish(DirectoryWish::Block { contact: contact.id, blocked: !contact.blocked }));
        }
    }
}
