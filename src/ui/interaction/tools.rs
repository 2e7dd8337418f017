//! The buttons below the field: what else can be put to a message than letters from the keyboard.

use egui::Ui;
use waxwing_protocol::id::InteractionId;

use super::super::{
    Action, View,
    emoji::{EmojiState, picker},
    icon, shortcuts,
    widgets::button,
};
use super::recorder;

/// Shows them, from left to right.
pub(super) fn show(
    ui: &mut Ui,
    (view, interaction, emoji): (View<'_>, InteractionId, &mut EmojiState),
    actions: &mut Vec<Action>,
) {
    let attach = button::icon_with_keys(ui, view.theme, icon::PAPERCLIP, "Attach files", shortcuts::ATTACH);
    if attach.clicked() {
        actions.push(Action::PickFiles(interaction));
    }
    recorder::button(ui, view, interaction, actions);
    picker::button(ui, view, interaction, emoji);
}
