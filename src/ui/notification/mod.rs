//! Notifications: to choose, to fill in, to look at as the contact will, and to send.

use egui::{RichText, ScrollArea, Ui};

use waxwing_protocol::notification::Notification;

use super::{Action, View, ViewState, side_panel::Tab};
use crate::desk::conversation::Conversation;

/// What is being filled in.
#[derive(Debug, Default)]
pub(super) struct NotificationForms {}

/// Draws the tab.
pub(super) fn show(
    ui: &mut Ui,
    view: View<'_>,
    _conversation: &Conversation,
    _state: &mut ViewState,
    _actions: &mut Vec<Action>,
) {
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        for template in view.desk.library().templates() {
            ui.label(RichText::new(template.name.as_str()));
        }
    });
}

/// Begins a new one with the values of one that was sent.
pub(super) fn begin_again(
    state: &mut ViewState,
    _view: View<'_>,
    conversation: &Conversation,
    _notification: &Notification,
    _actions: &mut Vec<Action>,
) {
    state.side_panel.show(Tab::Notification, conversation.interaction().id);
}
