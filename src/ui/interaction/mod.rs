//! One conversation: header, case strip, transcript, composer.

mod after_work;
mod attachment;
mod bubble;
pub(in crate::ui) mod button;
mod composer;
mod composer_notes;
mod control_bar;
mod drop;
mod edges;
mod find_bar;
mod forward;
mod found;
mod header;
mod laid;
mod link;
mod menu;
mod paste;
mod reactions;
mod reading;
pub(in crate::ui) mod recorder;
mod reply_window;
mod roll;
mod row;
mod script;
mod selecting;
pub mod sticker;
mod strip;
mod structured;
mod ticks;
mod tools;
mod transcript;

use egui::{CentralPanel, Frame, Margin, Panel, RichText, Ui};
use waxwing_protocol::interaction::Phase;

pub(super) use attachment::{
    Looked, looked_at,
    words::{in_short, leaving_in_short, notification_in_short, size as file_size},
};
pub(super) use drop::Misdropped;
pub(super) use find_bar::Finds;
pub(super) use found::in_text as found_in_text;
pub(super) use paste::{PasteWatch, paths};
pub(super) use reading::Readings;

use super::{
    Action, View, ViewState, emoji::picker, icon, own_windows, shortcuts, side_panel, theme, viewer, wrap_up,
};
use crate::desk::conversation::Conversation;

/// What is said where a transcript is only read.
const READ_ONLY: &str = "Read only. Open the interaction to answer.";
const READ_ONLY_DONE: &str = "Read only. This interaction is done; a new chat goes on from it.";

pub(super) fn show(ui: &mut Ui, view: View<'_>, state: &mut ViewState, actions: &mut Vec<Action>) {
    let in_front = view.desk.active().map(|conversation| conversation.interaction().id);
    if in_front != state.in_front {
        // Whichever way a conversation came to the front, also over a restart: the agent can write at once.
        (state.in_front, state.focus_composer) = (in_front, in_front);
        state.misdropped = Misdropped::default();
    }
    CentralPanel::default().frame(Frame::new().fill(view.theme.bg)).show(ui, |ui| match view.desk.active() {
        None => {
            nothing_open(ui, view, state.misdropped);
            state.misdropped.take(ui, view);
        }
        Some(held) if state.own_windows.has(held.interaction().id) => {
            drop::show(ui, view, held, ui.max_rect(), actions);
            own_windows::note(ui, view, held, state);
        }
        Some(held) => conversation(ui, view, held, state, actions),
    });
}

/// All of one conversation, in whichever window.
pub(super) fn conversation(
    ui: &mut Ui,
    view: View<'_>,
    conversation: &Conversation,
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    drop::show(ui, view, conversation, ui.max_rect(), actions);
    // What lies in front has the keys first.
    viewer::show(ui, view, conversation, state, actions);
    wrap_up::dialogs(ui, view, conversation, state, actions);
    transcript::dialogs(ui, view, conversation, state, actions);
    picker::take_keys(ui.ctx(), conversation.interaction().id, &mut state.emoji);
    side_panel::show(ui, view, conversation, state, actions);
    header::show(ui, view, conversation, state, actions);
    find_bar::show(ui, view, conversation, state, actions);
    if conversation.interaction().phase == Phase::Open {
        composer::show(ui, view, conversation, state, actions);
    } else {
        after_work::show(ui, view, conversation, state, actions);
    }
    transcript::show(ui, view, conversation, state, actions);
    picker::show(ui, view, conversation, state, actions);
}

/// One conversation that is only read, with a line that says so; its header and what stands beside it are the caller's.
pub(super) fn read_only(
    ui: &mut Ui,
    view: View<'_>,
    conversation: &Conversation,
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    viewer::show(ui, view, conversation, state, actions);
    transcript::dialogs(ui, view, conversation, state, actions);
    find_bar::show(ui, view, conversation, state, actions);
    let frame = Frame::new().fill(view.theme.surface).inner_margin(Margin::symmetric(16, 10));
    let id = ("read only", conversation.interaction().id);
    Panel::bottom(id).frame(frame).show(ui, |ui| {
        let is_done = conversation.interaction().phase == Phase::Done;
        let words = if is_done { READ_ONLY_DONE } else { READ_ONLY };
        ui.label(RichText::new(words).size(13.0).color(view.theme.muted));
    });
    transcript::read(ui, view, conversation, state, actions);
}

fn nothing_open(ui: &mut Ui, view: View<'_>, misdropped: Misdropped) {
    let waiting = view.desk.bar().waiting_for_you.len();
    let (title, text) = match waiting {
        0 => ("Nobody is waiting", "New messages appear in the bar at the left.".to_owned()),
        1 => ("One contact is waiting for you", hint(ui)),
        _ => ("Contacts are waiting for you", hint(ui)),
    };
    ui.vertical_centered(|ui| {
        ui.add_space((ui.available_height() * 0.38).max(20.0));
        ui.label(icon::text(icon::MESSAGE_CIRCLE, 40.0).color(view.theme.faint));
        ui.add_space(8.0);
        ui.label(RichText::new(title).family(theme::semibold()).size(15.0));
        ui.label(RichText::new(text).color(view.theme.muted));
        misdropped.tell(ui, view);
    });
}

fn hint(ui: &Ui) -> String {
    format!(
        "{} goes to the one who has waited longest.",
        ui.ctx().format_shortcut(&shortcuts::LONGEST_WAITING)
    )
}
