//! Where the held part of a transcript ends: what leads to older messages and back to the newest, and what is told as seen.

use egui::{
    Align2, CornerRadius, FontFamily, FontId, Rect, Response, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2,
};

use waxwing_protocol::message::Message;

use super::{
    super::{Action, View, icon, theme, widgets::count_badge},
    reading::Reading,
    roll::{Item, Spread},
    row::message_of,
    selecting::Seen,
};
use crate::desk::{
    conversation::{Conversation, Edge, RowKey},
    input::Command,
};

/// How high the line is that leads to older messages, in points.
pub(super) const HEIGHT: f32 = 40.0;
/// How wide the scroll bar is, in points.
const BAR: f32 = 6.0;
/// How short the scroll bar's handle may get, in points.
const HANDLE: f32 = 28.0;

/// What stands above the oldest row that is held.
pub(super) fn older(
    ui: &mut Ui,
    (view, conversation): (View<'_>, &Conversation),
    reading: &mut Reading,
    rect: Rect,
    actions: &mut Vec<Action>,
) {
    match conversation.older() {
        Edge::End => {}
        Edge::Loading => words(ui, view, rect, "Getting older messages…"),
        Edge::More if !conversation.begins_session() => {
            words(ui, view, rect, "Getting older messages…");
        }
        Edge::More => {
            if button(ui, view, (rect, "older"), "See older messages…").clicked() {
                reading.goes_on = true;
                actions.push(ask_older(view, conversation));
            }
        }
        Edge::Failed { why } => {
            let text = format!("Older messages can't be had: {why} Try again");
            if button(ui, view, (rect, "older"), &text).clicked() {
                actions.push(ask_older(view, conversation));
            }
        }
    }
}

/// The rest of the session, or what was said before it.
fn ask_older(view: View<'_>, conversation: &Conversation) -> Action {
    let wanted = view.choices.conversation.sessions_per_click;
    let sessions = if conversation.begins_session() { wanted } else { 0 };
    Action::Command(Command::ShowOlder { interaction: conversation.interaction().id, sessions })
}

fn words(ui: &Ui, view: View<'_>, rect: Rect, text: &str) {
    let font = FontId::new(12.0, FontFamily::Proportional);
    let painted = ui.painter().text(rect.center(), Align2::CENTER_CENTER, text, font, view.theme.muted);
    let response = ui.interact(painted, ui.scope_id().with("older"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
}

fn button(ui: &Ui, view: View<'_>, (rect, id): (Rect, &str), text: &str) -> Response {
    let font = FontId::new(12.0, theme::medium());
    let galley = ui.painter().layout_no_wrap(text.to_owned(), font, view.theme.link);
    let at = Align2::CENTER_CENTER.align_size_within_rect(galley.size(), rect);
    let response = ui.interact(at.expand2(vec2(10.0, 6.0)), ui.scope_id().with(id), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, text));
    if response.hovered() || id == "newer" {
        ui.painter().rect_filled(response.rect, CornerRadius::same(8), view.theme.sunken);
    }
    ui.painter().galley(at.min, galley, view.theme.link);
    response
}

/// Asks for more where the held part ends in view: newer messages always, older ones once the agent wanted any.
pub(super) fn ask_for_more(
    conversation: &Conversation,
    reading: &Reading,
    (spread, items): (&Spread, usize),
    actions: &mut Vec<Action>,
    view: View<'_>,
) {
    let interaction = conversation.interaction().id;
    let is_in_view = spread.rows.start == 0 && *conversation.older() == Edge::More;
    if is_in_view && (reading.goes_on || !conversation.begins_session()) {
        actions.push(ask_older(view, conversation));
    }
    if spread.rows.end == items && *conversation.newer() == Edge::More {
        actions.push(Action::Command(Command::ShowNewer { interaction }));
    }
}

/// Newer messages that could not be had: says so at the bottom, and tries again at a click.
pub(super) fn newer(
    ui: &Ui,
    (view, conversation): (View<'_>, &Conversation),
    transcript: Rect,
    actions: &mut Vec<Action>,
) {
    let Edge::Failed { why } = conversation.newer() else { return };
    let rect = Rect::from_min_max(pos2(transcript.left(), transcript.bottom() - HEIGHT), transcript.max);
    let text = format!("Newer messages can't be had: {why} Try again");
    if button(ui, view, (rect, "newer"), &text).clicked() {
        actions.push(Action::Command(Command::ShowNewer { interaction: conversation.interaction().id }));
    }
}

/// Goes to the newest message, which may have to be read first; or tells that the reader has come there.
pub(super) fn go_to_newest(reading: &mut Reading, conversation: &Conversation, actions: &mut Vec<Action>) {
    reading.roll.go_to_newest();
    actions.push(Action::Command(Command::ShowNewest { interaction: conversation.interaction().id }));
}

/// How many messages of the contact came since the reader left the newest end.
pub(super) fn below(conversation: &Conversation, reading: &mut Reading) -> usize {
    if reading.roll.is_at_newest() {
        reading.left_at = conversation.last_message().map(Message::order);
        return 0;
    }
    let rows = conversation.rows().iter().rev().filter_map(message_of);
    let came = rows.take_while(|message| Some(message.order()) > reading.left_at);
    came.filter(|message| message.is_by_contact()).count() + conversation.below()
}

/// A button that leads to the newest message, while the agent reads further up, with how many came below; says whether it
/// was clicked.
pub(super) fn to_newest(ui: &Ui, view: View<'_>, below: usize, transcript: Rect) -> bool {
    let centre = transcript.right_bottom() - vec2(40.0, 36.0);
    let rect = Rect::from_center_size(centre, vec2(36.0, 36.0));
    let response = ui.interact(rect, ui.scope_id().with("to newest"), Sense::click());
    let told = match below {
        0 => "To the newest message".to_owned(),
        1 => "To the newest message, 1 new".to_owned(),
        _ => format!("To the newest message, {below} new"),
    };
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &told));
    ui.painter().circle(centre, 18.0, view.theme.surface, Stroke::new(1.0, view.theme.line));
    ui.painter().text(centre, Align2::CENTER_CENTER, icon::ARROW_DOWN, icon::font(18.0), view.theme.text);
    if below > 0 {
        count_badge::paint(ui, view, below, pos2(centre.x, rect.top()));
    }
    response.on_hover_text(told).clicked()
}

/// Where the reader is, at the right; can be dragged.
pub(super) fn scroll_bar(
    ui: &Ui,
    view: View<'_>,
    reading: &mut Reading,
    (items, spread, rect): (&[Item<Option<RowKey>>], &Spread, Rect),
) {
    let extent = reading.roll.extent(items, spread);
    if extent.total <= rect.height() {
        return;
    }
    let track =
        Rect::from_min_max(pos2(rect.right() - BAR - 4.0, rect.top() + 4.0), rect.max - vec2(4.0, 4.0));
    let length = (track.height() * rect.height() / extent.total).max(HANDLE);
    let part = (extent.above / (extent.total - rect.height())).clamp(0.0, 1.0);
    let top = track.top() + (track.height() - length) * part;
    let handle = Rect::from_min_size(pos2(track.left(), top), vec2(BAR, length));
    let response =
        ui.interact(track.expand2(vec2(4.0, 0.0)), ui.scope_id().with("scroll bar"), Sense::drag());
    if let Some(pointer) = response.interact_pointer_pos().filter(|_| response.dragged()) {
        let part = (pointer.y - track.top() - length * 0.5) / (track.height() - length).max(1.0);
        reading.roll.go_to_extent(items, part.clamp(0.0, 1.0) * (extent.total - rect.height()));
        ui.ctx().request_repaint();
    }
    let strong = response.hovered() || response.dragged();
    let colour = view.theme.muted.gamma_multiply(if strong { 0.8 } else { 0.35 });
    ui.painter().rect_filled(handle, CornerRadius::same(3), colour);
}

/// Tells which of the contact's messages the agent has really seen: whole, in the window they work in.
pub(super) fn note_seen(
    conversation: &Conversation,
    reading: &mut Reading,
    (seen, rect): (&[Seen], Rect),
    (view, actions): (View<'_>, &mut Vec<Action>),
    ui: &Ui,
) {
    let focused = ui.input(|input| input.viewport().focused.unwrap_or(true));
    if !view.choices.conversation.mark_read || !focused {
        return;
    }
    let whole = seen.iter().rev().filter(|row| row.rect.bottom() <= rect.bottom() + 1.0);
    let newest = whole
        .filter_map(|row| message_of(&conversation.rows()[row.number]))
        .find(|message| message.is_by_contact());
    if let Some(message) = newest
        && reading
            .seen
            .is_none_or(|seen| conversation.message(seen).is_none_or(|seen| seen.order() < message.order()))
    {
        reading.seen = Some(message.id);
        actions.push(Action::Command(Command::Seen {
            interaction: conversation.interaction().id,
            up_to: message.id,
        }));
    }
}
