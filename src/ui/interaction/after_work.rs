//! Where the composer would be in an interaction in which nothing can be written: what it is, and what can be done with it.

use egui::{Frame, Margin, Panel, RichText, Ui};
use waxwing_protocol::interaction::Phase;

use super::super::{
    Action, View, ViewState, shortcuts,
    side_panel::Tab,
    text::{self, Ink, Style},
    widgets::button,
    wrap_up::{self, offers},
};
use crate::desk::{
    conversation::Conversation,
    wrap_up::{Deed, WrapUp},
};

/// Draws it.
pub(super) fn show(
    ui: &mut Ui,
    view: View<'_>,
    conversation: &Conversation,
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    let id = conversation.interaction().id;
    let frame = Frame::new().fill(view.theme.surface).inner_margin(Margin::symmetric(16, 12));
    Panel::bottom(("after work", id)).frame(frame).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 6.0;
        unsent_words(ui, view, conversation, state);
        ui.horizontal_wrapped(|ui| match conversation.interaction().phase {
            Phase::Ended => ended(ui, view, conversation, state, actions),
            Phase::Offered { .. } if offers::is_offered(view, id) => {
                offers::answer(ui, view, (conversation, offers::Spot::Conversation), actions);
            }
            _ => {
                ui.label(RichText::new("This interaction is not open.").color(view.theme.muted));
            }
        });
    });
}

/// The session is over: what comes after.
fn ended(
    ui: &mut Ui,
    view: View<'_>,
    conversation: &Conversation,
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    let id = conversation.interaction().id;
    ui.label("The session has ended.");
    let is_asked = view.desk.new_chat().is_some();
    let words = if is_asked { "Beginning…" } else { "Create new session" };
    if button::plain(ui, words).clicked() && !is_asked {
        actions.push(wrap_up::wants(WrapUp::NewSession(id)));
    }
    let hint = ui.ctx().format_shortcut(&shortcuts::NOTE);
    if button::plain(ui, "Note and disposition").on_hover_text(hint).clicked() {
        state.side_panel.show(Tab::Note, id);
    }
    let is_busy = wrap_up::steps(view, conversation.interaction()).is_busy;
    let done = button::primary(ui, view.theme, "Done", !is_busy);
    done.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::Button, !is_busy, "Done with this interaction")
    });
    if done.clicked() {
        wrap_up::take(id, Deed::Done, state, actions);
    }
}

/// Words that were not sent are not hidden with the composer.
fn unsent_words(ui: &mut Ui, view: View<'_>, conversation: &Conversation, state: &ViewState) {
    let typed = state.typed(conversation.interaction().id).unwrap_or_else(|| &conversation.draft().text);
    let files: Vec<String> =
        conversation.strip().iter().map(|file| text::isolate::file_name(&file.name)).collect();
    if !files.is_empty() {
        let words = format!("Not sent: {}", files.join(", "));
        let ink = Ink::of(view.theme).with_text(view.theme.muted);
        ui.add(text::Label::new(&words, Style::new(12.0), ink).one_row());
    }
    if typed.trim().is_empty() {
        return;
    }
    if view.desk.wrap_up().warns_of_unsent(conversation.interaction().id) {
        ui.label(RichText::new(wrap_up::NOT_SENT).size(12.0).color(view.theme.overdue));
    }
    ui.horizontal(|ui| {
        ui.label(RichText::new("Not sent:").size(12.0).color(view.theme.muted));
        if button::plain(ui, "Copy").clicked() {
            ui.copy_text(typed.to_owned());
        }
        let ink = Ink::of(view.theme).with_text(view.theme.muted);
        ui.add(text::Label::new(typed, Style::new(13.0), ink).one_row());
    });
}
