//! Lines under the top bar: what stops our numbers, and what happened, until read.

use egui::{Align, Frame, Layout, Margin, Panel, Ui};

use super::{
    Action, View, icon,
    text::{self, Ink, Style},
    widgets::button,
};
use crate::desk::{input::Command, notices::Gravity};

pub(super) fn show(ui: &mut Ui, view: View<'_>, actions: &mut Vec<Action>) {
    for alert in view.desk.alerts() {
        let text = format!("{}: {} (since {})", alert.display_number, alert.text, view.time(alert.since));
        line(ui, view, (Gravity::Problem, &text), format!("alert {}", alert.number), |_| {});
    }
    for notice in view.desk.notices() {
        line(ui, view, (notice.gravity, &notice.text), format!("notice {}", notice.number), |ui| {
            if button::icon(ui, view.theme, icon::X, "Dismiss").clicked() {
                actions.push(Action::Command(Command::DismissNotice(notice.number)));
            }
        });
    }
}

fn line(
    ui: &mut Ui,
    view: View<'_>,
    (gravity, text): (Gravity, &str),
    id: String,
    end: impl FnOnce(&mut Ui),
) {
    let (ground, front, sign) = match gravity {
        Gravity::Info => (view.theme.accent_soft, view.theme.accent, icon::INFO),
        Gravity::Problem => (view.theme.overdue_soft, view.theme.overdue, icon::TRIANGLE_ALERT),
    };
    let frame = Frame::new().fill(ground).inner_margin(Margin::symmetric(16, 6));
    Panel::top(id).show_separator_line(false).frame(frame).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.label(icon::text(sign, 16.0).color(front));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                end(ui);
                ui.with_layout(Layout::left_to_right(Align::Center).with_main_wrap(true), |ui| {
                    ui.add(text::Label::new(text, Style::new(14.0), Ink::of(view.theme)));
                });
            });
        });
    });
}
