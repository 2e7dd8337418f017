//! Workbins: what nobody handles just now, where it lies, and what can be done with it.

use egui::{CentralPanel, Frame, Ui};

use super::{Action, View, ViewState, icon, interaction, workplace};

/// All of it, beside the bar.
pub(super) fn show(ui: &mut Ui, view: View<'_>, state: &mut ViewState, actions: &mut Vec<Action>) {
    CentralPanel::default().frame(Frame::new().fill(view.theme.bg)).show(ui, |ui| match view.desk.review() {
        Some(read) => interaction::read_only(ui, view, read, state, actions),
        None => {
            let words = ("Workbins", "What was put away to be handled later lies here.");
            workplace::nothing(ui, view, icon::INBOX, words);
        }
    });
}

/// The tree of places, in the bar below the switch.
pub(super) const fn bar(_ui: &mut Ui, _view: View<'_>, _state: &mut ViewState) {}

/// How many messages lie there unread, for the switch.
pub(super) const fn unread(_view: View<'_>) -> usize {
    0
}
