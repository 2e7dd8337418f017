//! Prepared replies: to find, to look at and to insert.

use egui::{RichText, ScrollArea, Ui};

use super::{Action, View, ViewState};
use crate::desk::conversation::Conversation;

/// What the agent made of the tab.
#[derive(Debug, Default)]
pub(super) struct ResponsesState {}

/// Draws the tab.
pub(super) fn show(
    ui: &mut Ui,
    view: View<'_>,
    _conversation: &Conversation,
    _state: &mut ViewState,
    _actions: &mut Vec<Action>,
) {
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        for response in view.desk.library().responses() {
            ui.label(RichText::new(response.content.name.as_str()));
        }
    });
}
