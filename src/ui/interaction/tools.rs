//! The buttons below the field: what else can be put to a message than letters from the keyboard.

use egui::Ui;
use waxwing_protocol::id::InteractionId;

use super::super::{
    Action, View,
    emoji::{EmojiState, picker},
    icon, shortcuts,
    side_panel::{SidePanel, Tab},
    widgets::button,
};
use super::recorder;

/// Shows them, from left to right.
pub(super) fn show(
    ui: &mut Ui,
    (view, interaction): (View<'_>, InteractionId),
    (emoji, side): (&mut EmojiState, &mut SidePanel),
    actions: &mut Vec<Action>,
) {
    let attach = button::icon_with_keys(ui, view.theme, icon::PAPERCLIP, "Attach files", shortcuts::ATTACH);
    if attach.clicked() {
        actions.push(Action::PickFiles(interaction));
    }
    recorder::button(ui, view, interaction, actions);
    picker::button(ui, view, interaction, emoji);
    for (tab, icon, name, keys) in [
        (Tab::Responses, icon::RESPONSES, "Standard responses", shortcuts::RESPONSES),
        (Tab::Notification, icon::NOTIFICATION, "Notifications", shortcuts::NOTIFICATION),
    ] {
        if button::icon_with_keys(ui, view.theme, icon, name, keys).clicked() {
            side.toggle(tab, interaction);
        }
    }
}
