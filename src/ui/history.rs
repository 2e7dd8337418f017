//! The history: what the agent handled.

use egui::{CentralPanel, Frame, Ui};

use super::{Action, View, ViewState, icon, workplace};

/// All of it, beside the bar.
pub(super) fn show(ui: &mut Ui, view: View<'_>, _state: &mut ViewState, _actions: &mut Vec<Action>) {
    CentralPanel::default().frame(Frame::new().fill(view.theme.bg)).show(ui, |ui| {
        let words = ("My History", "What you handled will stand here, to be found and read again.");
        workplace::nothing(ui, view, icon::HISTORY, words);
    });
}

/// What stands in the bar below the switch.
pub(super) const fn bar(_ui: &mut Ui, _view: View<'_>, _state: &mut ViewState) {}
