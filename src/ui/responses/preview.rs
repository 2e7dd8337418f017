//! The selected response: all it says to this contact, of which a part can be selected and inserted, and what to do with it.

use std::ops::Range;

use egui::{CursorIcon, Event, Rect, Response, Sense, Ui, WidgetInfo, vec2};

use super::{
    super::{
        Action, View, ViewState,
        inserting::why_not_now,
        text::{Direction, Galley, Ink},
        widgets::button,
    },
    card::{self, INSIDE},
    list::{Entry, Item},
    row,
    shown::Shown,
};
use crate::desk::conversation::Conversation;

/// How high the line with the buttons is, in points.
const BUTTONS: f32 = 40.0;

/// What is selected of what the selected response says, in bytes of what is shown.
#[derive(Debug, Default)]
pub(super) struct Selecting(Option<(usize, usize)>);

impl Selecting {
    /// Nothing is selected any more.
    pub(super) const fn end(&mut self) {
        self.0 = None;
    }

    /// What is selected.
    fn range(&self) -> Option<Range<usize>> {
        self.0.map(|(anchor, head)| anchor.min(head)..anchor.max(head)).filter(|range| !range.is_empty())
    }
}

/// How high the selected one is, with the room below it.
pub(super) fn height(
    ui: &Ui,
    (view, conversation): (View<'_>, &Conversation),
    entry: &Entry,
    (width, counts): (f32, bool),
) -> f32 {
    let item = Item::Response(Box::new(entry.clone()));
    let body = &entry.response.content.body;
    #[expect(clippy::cast_precision_loss, reason = "one or two")]
    let in_short = card::rows(body, width - 2.0 * INSIDE) as f32 * card::SAID.line_height;
    let said = Shown::of(view, conversation, body, &entry.marks.body);
    let in_full =
        if said.text.trim().is_empty() { 0.0 } else { card::whole(ui, &said, width - 2.0 * INSIDE).size().y };
    card::height(&item, width, counts) - in_short + in_full + BUTTONS
}

/// Draws all it says, in the place that is left for it; says where the next line goes, and what the mouse does there.
pub(super) fn body(
    ui: &mut Ui,
    (view, conversation): (View<'_>, &Conversation),
    mut room: Rect,
    (entry, said): (&Entry, &Shown),
    (state, actions): (&mut ViewState, &mut Vec<Action>),
) -> (Rect, Option<Response>) {
    if said.text.trim().is_empty() {
        return (room, None);
    }
    let galley = card::whole(ui, said, room.width());
    let place = card::take(&mut room, galley.size().y);
    let id = ui.scope_id().with(("says", entry.response.id));
    let response = ui.interact(place, id, Sense::click_and_drag()).on_hover_cursor(CursorIcon::Text);
    let text = &said.text;
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, text));
    let indent = match galley.direction() {
        Direction::RightToLeft => (place.width() - galley.size().x).max(0.0),
        Direction::LeftToRight => 0.0,
    };
    let at = place.min + vec2(indent, 0.0);
    select(ui, &response, (&galley, at), &mut state.responses.selecting);
    let ink = Ink::of(view.theme);
    if let Some(range) = state.responses.selecting.range() {
        galley.paint_selection(ui.painter(), at, range.clone(), &ink);
        if ui.input(|input| input.events.contains(&Event::Copy)) && response.has_focus() {
            ui.copy_text(said.text.get(range).unwrap_or_default().to_owned());
        }
    }
    galley.paint(ui.painter(), at, &ink);
    if response.double_clicked() {
        row::use_it(view, conversation, &Item::Response(Box::new(entry.clone())), false, (state, actions));
    }
    (room, Some(response))
}

fn select(ui: &Ui, response: &Response, (galley, at): (&Galley, egui::Pos2), selecting: &mut Selecting) {
    let Some(pointer) = response.interact_pointer_pos() else { return };
    let offset = |at_screen: egui::Pos2| galley.hit((at_screen - at).to_pos2());
    if response.drag_started() {
        let from = ui.input(|input| input.pointer.press_origin()).unwrap_or(pointer);
        selecting.0 = Some((offset(from), offset(pointer)));
        response.request_focus();
    } else if response.dragged() {
        if let Some((_, head)) = &mut selecting.0 {
            *head = offset(pointer);
        }
    } else if response.clicked() {
        selecting.end();
    }
}

/// Draws what can be done with it.
pub(super) fn buttons(
    ui: &mut Ui,
    (view, conversation): (View<'_>, &Conversation),
    (entry, said): (&Entry, &Shown),
    (state, actions): (&mut ViewState, &mut Vec<Action>),
) {
    let item = || Item::Response(Box::new(entry.clone()));
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        if let Some(part) = state.responses.selecting.range() {
            let insert = button::primary(ui, view.theme, "Insert selection", true);
            if insert.on_hover_text("Puts what is selected into the message").clicked() {
                let words = said.source(&part);
                let of = Some(entry.response.id);
                state.insert_text(view, conversation, (&words, of), actions);
                state.responses.selecting.end();
            }
            if button::plain(ui, "Insert all").clicked() {
                row::use_it(view, conversation, &item(), false, (state, actions));
            }
            return;
        }
        let carries = entry.response.content.notification.is_some();
        let hint = if carries { "Opens the notification (Enter)" } else { "Into the message (Enter)" };
        if button::primary(ui, view.theme, "Insert", true).on_hover_text(hint).clicked() {
            row::use_it(view, conversation, &item(), false, (state, actions));
        }
        let why = why_not_now(view, conversation, &entry.response);
        let send = ui.add_enabled_ui(why.is_none(), |ui| button::plain(ui, "Send now")).inner;
        let send = send.on_hover_text("As it is, whatever stands in the message (Ctrl+Enter)");
        let send = send.on_disabled_hover_text(why.unwrap_or_default());
        if send.clicked() {
            row::use_it(view, conversation, &item(), true, (state, actions));
        }
    });
}
