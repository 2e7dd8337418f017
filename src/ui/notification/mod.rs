//! Notifications: to choose, to fill in, to look at as the contact will, and to send.

use egui::{RichText, ScrollArea, Ui};

use super::{Action, View, ViewState};
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
