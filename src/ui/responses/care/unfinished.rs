//! A response that was being written when the window closed: offered above the list until somebody goes on with it.

use egui::{Frame, Margin, Ui};

use super::{
    super::super::{
        Action, View,
        text::{Ink, Label, Style},
        theme,
        widgets::button,
    },
    Care,
    form::Form,
};
use crate::desk::{input::Command, library::manage::Manage};

/// Draws it, if there is one and no form is open.
pub(in super::super) fn show(ui: &mut Ui, view: View<'_>, care: &mut Care, actions: &mut Vec<Action>) {
    let Some(begun) = view.desk.upkeep().begun().filter(|_| care.form.is_none()) else { return };
    let (id, put) = begun;
    let name = put.content.name.trim();
    let words = if name.is_empty() {
        "A response is not finished yet.".to_owned()
    } else {
        format!("“{name}” is not finished yet.")
    };
    let frame = Frame::new()
        .fill(view.theme.late_soft)
        .corner_radius(theme::BUTTON_RADIUS)
        .inner_margin(Margin::symmetric(10, 8));
    ui.add_space(4.0);
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.add(Label::new(&words, Style::new(13.0), Ink::of(view.theme).with_text(view.theme.late)));
        ui.horizontal(|ui| {
            if button::plain(ui, "Go on writing").clicked() {
                let held = view.desk.library().response(*id);
                care.form = Some(Box::new(Form::begun(begun, held.map(AsRef::as_ref), view.zone)));
            }
            if button::plain(ui, "Throw away").clicked() {
                actions.push(Action::Command(Command::Manage(Manage::Forget(*id))));
            }
        });
    });
}
