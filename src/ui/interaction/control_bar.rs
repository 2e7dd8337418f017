//! The buttons by which an interaction ends, is put aside, or goes back to where it was opened from.

use egui::{RichText, Ui};

use super::super::{
    Action, View, ViewState, icon, shortcuts,
    widgets::button::{self, Weight},
    wrap_up::{self, steps},
};
use crate::desk::{
    conversation::Conversation,
    wrap_up::{Deed, Progress, WrapUp},
};

/// Below this width of the header the longer buttons are icons, in points.
const NARROW: f32 = 620.0;

/// Draws them from right to left.
pub(super) fn show(
    ui: &mut Ui,
    view: View<'_>,
    conversation: &Conversation,
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    let interaction = conversation.interaction();
    let (id, steps) = (interaction.id, steps(view, interaction));
    let is_narrow = ui.available_width() < NARROW;
    if steps.can_be_done() {
        let (words, free) = ((icon::CHECK, "Done"), !steps.is_busy);
        if button::with_icon(ui, view.theme, words, (Weight::Primary, free), shortcuts::DONE).clicked() {
            wrap_up::take(id, Deed::Done, state, actions);
        }
    }
    if steps.is_busy {
        busy(ui, view, conversation, actions);
        return;
    }
    if steps.is_open() {
        let name = "Move to workbin";
        let away = if is_narrow {
            button::icon_with_keys(ui, view.theme, icon::INBOX, name, shortcuts::MOVE)
        } else {
            button::with_icon(ui, view.theme, (icon::INBOX, name), (Weight::Plain, true), shortcuts::MOVE)
        };
        if away.clicked() {
            wrap_up::choose_workbin(id, state);
        }
        let hint = format!(
            "End the session; the interaction stays for the work after it ({})",
            ui.ctx().format_shortcut(&shortcuts::END)
        );
        if button::plain(ui, "End").on_hover_text(hint).clicked() {
            wrap_up::take(id, Deed::End, state, actions);
        }
    }
    if steps.can_be_put_back {
        let back = button::plain(ui, "Put back").on_hover_text("Back to where it was opened from");
        if back.clicked() {
            wrap_up::take(id, Deed::PutBack, state, actions);
        }
    }
}

/// What is under way, or what it waits for.
fn busy(ui: &mut Ui, view: View<'_>, conversation: &Conversation, actions: &mut Vec<Action>) {
    let id = conversation.interaction().id;
    let Some(closing) = view.desk.wrap_up().closing(id) else { return };
    let what = match closing.deed {
        Deed::End => "Ending…",
        Deed::Done => "Closing…",
        Deed::Move(_) => "Moving…",
        Deed::PutBack => "Putting back…",
    };
    let words = if closing.progress == Progress::Waiting {
        if button::plain(ui, "Not now").on_hover_text("Leave it here").clicked() {
            actions.push(wrap_up::wants(WrapUp::Stay(id)));
        }
        match conversation.unsent() {
            0 => "Waits until the note is kept".to_owned(),
            1 => "One message has not left yet".to_owned(),
            many => format!("{many} messages have not left yet"),
        }
    } else {
        what.to_owned()
    };
    ui.label(RichText::new(words).size(13.0).color(view.theme.muted));
}
