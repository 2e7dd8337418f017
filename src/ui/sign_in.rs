//! The sign-in screen.

use egui::{CentralPanel, CornerRadius, Frame, Key, Margin, RichText, Sense, Stroke, TextEdit, Ui, vec2};

use super::{Action, View, ViewState, theme, top_bar, widgets::button};
use crate::desk::{
    input::{Command, Password},
    link::Account,
};

pub(super) fn show(ui: &mut Ui, view: View<'_>, state: &mut ViewState, actions: &mut Vec<Action>) {
    let busy = matches!(view.desk.account(), Account::SigningIn);
    CentralPanel::default().frame(Frame::new().fill(view.theme.bg)).show(ui, |ui| {
        ui.vertical_centered(|ui| {
            ui.add_space((ui.available_height() - 400.0).max(24.0) / 2.0);
            let card = Frame::new()
                .fill(view.theme.surface)
                .stroke(Stroke::new(1.0, view.theme.line))
                .corner_radius(CornerRadius::same(theme::BUBBLE_RADIUS))
                .inner_margin(Margin::same(28));
            ui.allocate_ui(vec2(380.0, 0.0), |ui| {
                card.show(ui, |ui| {
                    ui.set_width(324.0);
                    ui.vertical(|ui| form(ui, view, state, busy, actions));
                });
            });
        });
    });
}

fn form(ui: &mut Ui, view: View<'_>, state: &mut ViewState, busy: bool, actions: &mut Vec<Action>) {
    let (rect, _) = ui.allocate_exact_size(vec2(40.0, 40.0), Sense::hover());
    top_bar::mark(ui, view, rect);
    ui.add_space(4.0);
    ui.label(RichText::new("Sign in to Waxwing").family(theme::semibold()).size(20.0));
    ui.label(RichText::new(format!("Gateway {}", view.gateway)).size(12.0).color(view.theme.muted));
    ui.add_space(8.0);
    let form = &mut state.sign_in;
    let user = field(ui, "User name", &mut form.user_name, false);
    let password = field(ui, "Password", &mut form.password, true);
    if let Account::SignedOut { why: Some(why) } = view.desk.account() {
        ui.label(RichText::new(why).color(view.theme.overdue).size(13.0));
    }
    ui.add_space(4.0);
    let complete = !form.user_name.trim().is_empty() && !form.password.is_empty();
    let entered = (user.lost_focus() || password.lost_focus()) && ui.input(|i| i.key_pressed(Key::Enter));
    let text = if busy { "Signing in…" } else { "Sign in" };
    let clicked = button::primary(ui, view.theme, text, complete && !busy).clicked();
    if complete && !busy && (clicked || entered) {
        let user_name = form.user_name.trim().to_owned();
        let password = Password(std::mem::take(&mut form.password));
        actions.push(Action::Command(Command::SignIn { user_name, password }));
    }
    if ui.memory(|memory| memory.focused().is_none()) && !busy {
        let first = if form.user_name.is_empty() { user } else { password };
        first.request_focus();
    }
}

fn field(ui: &mut Ui, name: &str, text: &mut String, secret: bool) -> egui::Response {
    let label = ui.label(RichText::new(name).size(12.0));
    let edit = TextEdit::singleline(text)
        .password(secret)
        .desired_width(f32::INFINITY)
        .margin(Margin::symmetric(12, 8));
    ui.add(edit).labelled_by(label.id)
}
