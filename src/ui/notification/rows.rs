//! The fields of a notification, one below the other: number, name, field, and what is wrong with it.

use egui::{
    Align, Align2, Event, FontId, Frame, Id, InputState, Key, Layout, Margin, Rect, RichText, Stroke, Ui,
    UiBuilder, pos2, vec2,
};
use waxwing_protocol::{
    id::InteractionId,
    slot::{MAX_COUPON_CHARS, SlotKind},
    template::Template,
};

use super::{
    super::{
        Action, View, icon,
        text::{
            self, Ink, Style, Words, Wrap,
            editor::{Editor, EditorState},
        },
        theme,
        widgets::button,
    },
    choosing,
    field::{Field, MOMENT, ProductsField},
    form::{Entry, Form, Held},
    media,
    place::PlaceField,
};
use crate::desk::conversation::Conversation;

/// The width of the numbers, in points.
const NUMBER: f32 = 28.0;
/// The longest value that a field takes, in bytes: more than WhatsApp ever does, so whoever has typed too much still sees by how
/// much, and so little that laying it out holds up no frame.
const LONGEST: usize = 8 * 1024;
/// The part of the width that fields take.
const FIELDS: f32 = 0.52;

/// What the keys asked for in the fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keyed {
    /// Nothing.
    Nothing,
    /// On to the next field.
    Next(usize),
    /// Send it: Enter in the last field.
    Send,
}

/// The fields while they are drawn.
pub(super) struct Rows<'a> {
    pub(super) view: View<'a>,
    pub(super) conversation: &'a Conversation,
    pub(super) held: &'a Held,
    pub(super) keyed: Keyed,
    /// What was typed behind the key that went on: it is meant for the next field.
    pub(super) later: Vec<Event>,
}

/// A field of one line.
#[derive(Clone, Copy)]
struct Line<'a> {
    id: Id,
    /// What a screen reader calls it.
    label: &'a str,
    /// What stands in it while it is empty.
    hint: &'a str,
    is_wrong: bool,
    /// Whether there is a button in it, at its end.
    has_button: bool,
    /// The number of its entry, and that of the last one that is typed into.
    place: (usize, usize),
}

/// The id of a field of a form: the same from frame to frame.
fn field_id(interaction: InteractionId, entry: &Entry) -> Id {
    Id::unique(("notification", interaction, entry.wanted.slot.to_string()))
}

impl Rows<'_> {
    /// Draws all of them; those of a card under its name.
    pub(super) fn show(&mut self, ui: &mut Ui, form: &mut Form, actions: &mut Vec<Action>) {
        let mut card = None;
        for number in 0..form.entries.len() {
            let of = form.entries[number].wanted.slot.card;
            if of != card {
                card = of;
                self.card(ui, form, of);
            }
            if of.is_none_or(|of| !form.folded.contains(&of)) {
                self.entry(ui, form, number, actions);
            }
        }
        form.focus = None;
    }

    /// The name of a card; a click hides its fields, or shows them.
    fn card(&self, ui: &mut Ui, form: &mut Form, card: Option<u8>) {
        let Some(card) = card else { return };
        let is_folded = form.folded.contains(&card);
        let slots = form.entries.iter().map(|entry| &entry.wanted.slot);
        let open = slots.filter(|slot| slot.card == Some(card) && self.held.problem(slot).is_some()).count();
        let sign = if is_folded { icon::CHEVRON_RIGHT } else { icon::CHEVRON_DOWN };
        let of = form.template.cards.len();
        ui.add_space(4.0);
        ui.horizontal(|ui| {
            ui.label(icon::text(sign, 16.0).color(self.view.theme.muted));
            let name = format!("Card {} of {of}", card + 1);
            let words = RichText::new(&name).size(13.0).family(theme::semibold());
            let clicked = ui.add(egui::Button::new(words).frame(false)).clicked();
            if open > 0 {
                ui.label(RichText::new(format!("{open} missing")).size(11.0).color(self.view.theme.late));
            }
            if clicked && !form.folded.remove(&card) {
                form.folded.insert(card);
            }
        });
    }

    fn entry(&mut self, ui: &mut Ui, form: &mut Form, number: usize, actions: &mut Vec<Action>) {
        let tells = form.tells(&form.entries[number]);
        let takes_focus = form.focus == Some(number);
        let last = form.entries.iter().rposition(Entry::takes_keys).unwrap_or_default();
        let template = std::sync::Arc::clone(&form.template);
        let entry = &mut form.entries[number];
        let problem = self.held.problem(&entry.wanted.slot).filter(|_| tells);
        let width = ui.available_width();
        let is_wide = !matches!(entry.field, Field::Words(_))
            || matches!(entry.wanted.kind, SlotKind::UrlSuffix { .. });
        let left = if is_wide { 0.0 } else { (width * (1.0 - FIELDS)).round() };
        let top = ui.cursor().top();
        let name = Rect::from_min_size(pos2(ui.max_rect().left(), top), vec2(width, 32.0));
        let name_width = if is_wide { width } else { left - 8.0 };
        self.name(ui, entry, Rect::from_min_size(name.min, vec2(name_width, 32.0)));
        if is_wide {
            ui.add_space(30.0);
        }
        let room = Rect::from_min_max(
            pos2(name.left() + left, ui.cursor().top()),
            pos2(name.left() + width, f32::INFINITY),
        );
        let mut inside = ui.new_child(UiBuilder::new().max_rect(room).layout(Layout::top_down(Align::Min)));
        inside.spacing_mut().item_spacing.y = 4.0;
        let wants = (problem.is_some(), takes_focus, (number, last));
        let is_at_work = self.field(&mut inside, (entry, &template), wants, actions);
        let card = entry.wanted.slot.card;
        if let Some(problem) = problem {
            let words = RichText::new(problem.to_string()).size(12.0).color(self.view.theme.overdue);
            inside.add(egui::Label::new(words).wrap());
        }
        let bottom = inside.min_rect().bottom().max(top + 32.0);
        ui.advance_cursor_after_rect(Rect::from_min_max(name.min, pos2(name.right(), bottom)));
        if is_at_work {
            form.card = card;
        }
    }

    /// Number and name, before the field or above it; a screen reader hears them with the field.
    fn name(&self, ui: &Ui, entry: &Entry, rect: Rect) {
        let theme = self.view.theme;
        let mut left = rect.left();
        if let Some(number) = entry.number {
            let font = FontId::new(13.0, theme::semibold());
            let at = pos2(left, rect.center().y);
            ui.painter().text(at, Align2::LEFT_CENTER, number, font, theme.text);
            left += NUMBER;
        }
        let words = Words::plain(&entry.label, Style::new(13.0));
        let galley = text::layout(ui.ctx(), &words, Wrap::one_row((rect.right() - left).max(20.0)));
        galley.paint(ui.painter(), pos2(left, rect.center().y - galley.size().y / 2.0), &Ink::of(theme));
    }

    /// The field itself; says whether somebody is at it.
    fn field(
        &mut self,
        ui: &mut Ui,
        (entry, template): (&mut Entry, &Template),
        (is_wrong, takes_focus, place): (bool, bool, (usize, usize)),
        actions: &mut Vec<Action>,
    ) -> bool {
        let interaction = self.conversation.interaction().id;
        let told = entry.told();
        let id = field_id(interaction, entry);
        let before = entry.field.value(self.view.zone);
        let wanted = entry.wanted.clone();
        let hint = entry.hint.clone();
        let line = Line { id, label: &told, hint: &hint, is_wrong, has_button: false, place };
        let focused = match &mut entry.field {
            Field::Words(words) => {
                let is_mark = wanted.kind == SlotKind::Text;
                let focused = self.line(ui, &mut words.editor, &Line { has_button: is_mark, ..line });
                if is_mark {
                    choosing::button(ui, self.view, (words, &told), template);
                }
                self.below(ui, &wanted.kind, words.editor.text());
                focused
            }
            Field::Media(held) => {
                media::show(ui, (self.view, self.conversation), (&wanted, held, &told), actions)
            }
            Field::Place(place) => self.place(ui, place, &line),
            Field::Products(products) => self.products(ui, products, &wanted.kind, &line),
            Field::Moment(editor) => {
                let line = Line { hint: "2026-05-20 18:00", has_button: true, ..line };
                let focused = self.line(ui, editor, &line);
                choosing::moment(ui, self.view, (editor, &told), MOMENT);
                focused
            }
        };
        if takes_focus {
            let first = match (&entry.field, &wanted.kind) {
                (Field::Place(_), _) => Id::unique((id, "name")),
                (Field::Products(_), SlotKind::Product) => Id::unique((id, "catalogue")),
                _ => id,
            };
            ui.memory_mut(|memory| memory.request_focus(first));
        }
        // A place of several fields says nothing before the agent has left it.
        let changed = !matches!(entry.field, Field::Place(_)) && entry.field.value(self.view.zone) != before;
        let left = ui.ctx().data_mut(|data| {
            let was: bool = data.get_temp(id.with("focused")).unwrap_or_default();
            data.insert_temp(id.with("focused"), focused);
            was && !focused
        });
        // Whoever only comes by has done nothing wrong.
        entry.touched |= changed || left && entry.field.value(self.view.zone).is_some();
        focused
    }

    /// The fields of a place on the map; says whether one of them has the keys.
    fn place(&mut self, ui: &mut Ui, place: &mut PlaceField, line: &Line<'_>) -> bool {
        let mut focused = false;
        for (part, hint, editor) in [
            ("name", "What it is called", &mut place.name),
            ("address", "Address", &mut place.address),
            ("latitude", "Latitude, or paste the link of a map", &mut place.latitude),
            ("longitude", "Longitude", &mut place.longitude),
        ] {
            let (id, label) = (Id::unique((line.id, part)), format!("{}, {part}", line.label));
            focused |= self.line(ui, editor, &Line { id, label: &label, hint, ..*line });
        }
        place.spread();
        focused
    }

    /// The fields of products; says whether one of them has the keys.
    fn products(
        &mut self,
        ui: &mut Ui,
        products: &mut ProductsField,
        kind: &SlotKind,
        line: &Line<'_>,
    ) -> bool {
        if *kind != SlotKind::Product {
            let hint = "Numbers of the products, with commas between";
            return self.line(ui, &mut products.products, &Line { hint, ..*line });
        }
        let (id, label) = (Id::unique((line.id, "catalogue")), format!("{}, catalogue", line.label));
        let catalogue = Line { id, label: &label, hint: "Number of the catalogue", ..*line };
        let focused = self.line(ui, &mut products.catalog, &catalogue);
        let line = Line { hint: "Number of the product", ..*line };
        self.line(ui, &mut products.products, &line) || focused
    }

    /// One line to write in; says whether it has the keys.
    fn line(&mut self, ui: &mut Ui, editor: &mut EditorState, line: &Line<'_>) -> bool {
        let focused = ui.memory(|memory| memory.has_focus(line.id));
        if focused
            && !editor.is_composing()
            && let Some(later) = ui.input_mut(take_enter)
        {
            self.later = later;
            let (number, last) = line.place;
            self.keyed = if number >= last { Keyed::Send } else { Keyed::Next(number + 1) };
        }
        show_line(ui, self.view, editor, line);
        focused
    }

    /// What is told of a value while it is typed: the whole address, how many letters are left.
    fn below(&self, ui: &mut Ui, kind: &SlotKind, text: &str) {
        let small = |words: String, colour| RichText::new(words).size(11.0).color(colour);
        match kind {
            SlotKind::UrlSuffix { before } => {
                let words = small(format!("{before}{text}"), self.view.theme.muted);
                ui.add(egui::Label::new(words).truncate());
            }
            SlotKind::Coupon => {
                let count = text.chars().count();
                let theme = self.view.theme;
                let colour = if count > MAX_COUPON_CHARS { theme.overdue } else { theme.muted };
                ui.label(small(format!("{count} / {MAX_COUPON_CHARS}"), colour));
            }
            _ => {}
        }
    }
}

/// Takes the first Enter out of the input, and what came behind it; none if there is none.
fn take_enter(input: &mut InputState) -> Option<Vec<Event>> {
    let is_enter = |event: &Event| matches!(event, Event::Key { key: Key::Enter, pressed: true, modifiers, .. } if modifiers.is_none());
    let place = input.events.iter().position(is_enter)?;
    let later = input.events.split_off(place + 1);
    input.events.truncate(place);
    Some(later)
}

impl Entry {
    /// Whether it is typed into.
    pub(super) const fn takes_keys(&self) -> bool {
        !matches!(self.field, Field::Media(_))
    }

    /// What a screen reader calls its field.
    pub(super) fn told(&self) -> String {
        let number = self.number.map_or_else(String::new, |number| format!("{number} "));
        match self.wanted.slot.card {
            Some(card) => format!("Card {}: {number}{}", card + 1, self.label),
            None => format!("{number}{}", self.label),
        }
    }
}

/// Cuts what is typed and pasted to what there is room for.
fn cut(input: &mut InputState, editor: &EditorState) {
    let mut room = (LONGEST + editor.selection().len()).saturating_sub(editor.text().len());
    for event in &mut input.events {
        let (Event::Text(words) | Event::Paste(words) | Event::MiddleClickPaste { text: words, .. }) = event
        else {
            continue;
        };
        words.truncate(words.floor_char_boundary(room));
        room -= words.len();
    }
}

/// A framed line to write in.
fn show_line(ui: &mut Ui, view: View<'_>, editor: &mut EditorState, line: &Line<'_>) {
    let theme = view.theme;
    let focused = ui.memory(|memory| memory.has_focus(line.id));
    if focused {
        ui.input_mut(|input| cut(input, editor));
    }
    let edge = match (line.is_wrong, focused) {
        (true, _) => theme.overdue,
        (false, true) => theme.accent,
        (false, false) => theme.line,
    };
    let frame = Frame::new()
        .fill(theme.surface)
        .stroke(Stroke::new(if focused || line.is_wrong { 1.5 } else { 1.0 }, edge))
        .corner_radius(theme::BUTTON_RADIUS)
        .inner_margin(Margin { left: 10, right: if line.has_button { 30 } else { 10 }, top: 6, bottom: 6 });
    let shown = frame.show(ui, |ui| {
        Editor::new(editor, line.id, Style::new(13.0), Ink::of(theme))
            .label(line.label)
            .hint(line.hint)
            .max_height(96.0)
            .show(ui)
    });
    let came = ui.ctx().data_mut(|data| {
        let had = data.get_temp_mut_or_default::<bool>(line.id.with("had keys"));
        focused && !std::mem::replace(had, focused)
    });
    if came {
        // With what stands above and below it.
        ui.scroll_to_rect(shown.response.rect.expand2(vec2(0.0, 40.0)), None);
    }
}

/// A small button in the field that was just drawn, at its end.
pub(super) fn in_field(ui: &mut Ui, view: View<'_>, icon: char, name: &str) -> egui::Response {
    let field = ui.min_rect();
    let rect = Rect::from_min_size(pos2(field.right() - 30.0, field.bottom() - 31.0), vec2(28.0, 30.0));
    let mut inside =
        ui.new_child(UiBuilder::new().max_rect(rect).layout(Layout::left_to_right(Align::Center)));
    inside.spacing_mut().button_padding = vec2(4.0, 2.0);
    button::icon(&mut inside, view.theme, icon, name)
}
