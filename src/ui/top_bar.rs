//! The bar at the top: the mark, the agent's status with its time, the connection, settings, the agent.

use egui::{Align, CornerRadius, Frame, Layout, Margin, Panel, RichText, Sense, Stroke, Ui, vec2};
use waxwing_protocol::agent::{Agent, AgentStatus, StatusSince};

use super::{
    Action, View, ViewState, icon, shortcuts, theme, time,
    widgets::{avatar, button},
};
use crate::desk::{
    input::Command,
    link::{Account, Link},
};

/// Reasons for not being ready that are offered.
const REASONS: [&str; 4] = ["Break", "Lunch", "Meeting", "Training"];

pub(super) fn show(ui: &mut Ui, view: View<'_>, state: &mut ViewState, actions: &mut Vec<Action>) {
    let frame = Frame::new().fill(view.theme.surface).inner_margin(Margin::symmetric(16, 8));
    Panel::top("top bar").exact_size(48.0).frame(frame).show(ui, |ui| {
        ui.horizontal_centered(|ui| {
            brand(ui, view);
            if let Account::SignedIn { status, .. } = view.desk.account() {
                status_menu(ui, view, status, actions);
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if let Account::SignedIn { agent, .. } = view.desk.account() {
                    agent_menu(ui, view, agent, actions);
                }
                if button::icon(ui, view.theme, icon::SETTINGS, "Settings").clicked() {
                    state.settings_open = !state.settings_open;
                }
                connection(ui, view, actions);
            });
        });
    });
}

fn brand(ui: &mut Ui, view: View<'_>) {
    let (rect, _) = ui.allocate_exact_size(vec2(22.0, 22.0), Sense::hover());
    mark(ui, view, rect);
    if ui.ctx().content_rect().width() > 520.0 {
        ui.label(RichText::new("Waxwing").family(theme::semibold()).size(14.0));
    }
    ui.add_space(4.0);
}

/// The program's mark: a square that goes from the accent to the overdue red, like a waxwing's tail.
pub(super) fn mark(ui: &Ui, view: View<'_>, rect: egui::Rect) {
    let radius = CornerRadius::same(7);
    ui.painter().rect_filled(rect, radius, view.theme.accent);
    let tail = egui::Rect::from_min_max(rect.center(), rect.max);
    ui.painter().rect_filled(tail, CornerRadius { se: 7, ..CornerRadius::ZERO }, view.theme.overdue);
}

/// What a status is called on screen.
pub(super) fn status_name(status: &AgentStatus) -> String {
    match status {
        AgentStatus::Ready => "Ready".to_owned(),
        AgentStatus::NotReady { reason: Some(reason) } => format!("Not Ready · {reason}"),
        AgentStatus::NotReady { reason: None } => "Not Ready".to_owned(),
        AgentStatus::AfterCallWork => "After Call Work".to_owned(),
        AgentStatus::DoNotDisturb => "Do Not Disturb".to_owned(),
        AgentStatus::SignedOut => "Signed out".to_owned(),
        AgentStatus::Unknown => "Unknown status".to_owned(),
    }
}

fn status_menu(ui: &mut Ui, view: View<'_>, status: &StatusSince, actions: &mut Vec<Action>) {
    ui.ctx().request_repaint_after(time::until_next_second(status.since, view.now));
    let name = status_name(&status.status);
    let lasted = time::long_clock(view.now - status.since);
    let colour = if status.status.is_ready() { view.theme.fresh } else { view.theme.late_ring };
    let font = egui::FontId::new(14.0, egui::FontFamily::Proportional);
    let mut job = egui::text::LayoutJob::default();
    let mut append = |text: &str, font: egui::FontId, colour| {
        job.append(
            text,
            0.0,
            egui::TextFormat { valign: Align::Center, ..egui::TextFormat::simple(font, colour) },
        );
    };
    append("●  ", egui::FontId::new(11.0, egui::FontFamily::Proportional), colour);
    append(&name, font.clone(), view.theme.text);
    append(&format!("  {lasted}  "), font, view.theme.muted);
    append(&icon::CHEVRON_DOWN.to_string(), icon::font(14.0), view.theme.muted);
    let shape = egui::Button::new(job).corner_radius(15).min_size(vec2(0.0, 30.0));
    let (response, _) = egui::containers::menu::MenuButton::from_button(shape).ui(ui, |ui| {
        let hint = ui.ctx().format_shortcut(&shortcuts::READY);
        let toggled = shortcuts::toggled(&status.status);
        let mut offer = |ui: &mut Ui, status: AgentStatus| {
            let mut button = egui::Button::new(status_name(&status));
            if status == toggled {
                button = button.shortcut_text(hint.as_str());
            }
            if ui.add(button).clicked() {
                actions.push(Action::Command(Command::SetStatus(status)));
                ui.close();
            }
        };
        offer(ui, AgentStatus::Ready);
        offer(ui, AgentStatus::NotReady { reason: None });
        for reason in REASONS {
            offer(ui, AgentStatus::NotReady { reason: Some(reason.to_owned()) });
        }
        offer(ui, AgentStatus::AfterCallWork);
        offer(ui, AgentStatus::DoNotDisturb);
    });
    let told = format!("Status: {name}");
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &told));
    response.on_hover_text(format!("Since {}", view.exact(status.since)));
}

fn agent_menu(ui: &mut Ui, view: View<'_>, agent: &Agent, actions: &mut Vec<Action>) {
    let initials = avatar::initials(&agent.display_name);
    let text = RichText::new(initials).color(view.theme.on_avatar).family(theme::semibold()).size(12.0);
    let ground = view.theme.avatar(agent.id.uuid().as_u128());
    let face = egui::Button::new(text)
        .fill(ground)
        .stroke(Stroke::NONE)
        .corner_radius(16)
        .min_size(vec2(32.0, 32.0));
    let (response, _) = egui::containers::menu::MenuButton::from_button(face).ui(ui, |ui| {
        ui.label(RichText::new(&agent.display_name).family(theme::semibold()));
        ui.label(RichText::new(&agent.user_name).color(view.theme.muted).size(12.0));
        ui.separator();
        if ui.button("Log off").clicked() {
            actions.push(Action::Command(Command::SignOut));
            ui.close();
        }
    });
    let told = format!("Agent: {}", agent.display_name);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &told));
}

fn connection(ui: &mut Ui, view: View<'_>, actions: &mut Vec<Action>) {
    let small = |text: String, colour| RichText::new(text).size(12.0).color(colour);
    match view.desk.link() {
        Link::Online => {
            ui.label(small("Connected".to_owned(), view.theme.muted));
        }
        Link::Connecting => {
            ui.label(small("Connecting…".to_owned(), view.theme.muted));
        }
        Link::Retrying { since, next_at, why, .. } => {
            if button::plain(ui, "Try now").clicked() {
                actions.push(Action::Command(Command::ReconnectNow));
            }
            let next = time::next_try(*next_at, view.now);
            let text = format!("Reconnecting since {} · {next}", view.time(*since));
            ui.label(small(text, view.theme.overdue)).on_hover_text(format!(
                "{why}\nYou can read and write; what you send is kept here and leaves once the gateway answers."
            ));
            ui.label(icon::text(icon::CLOUD_OFF, 16.0).color(view.theme.overdue));
            ui.ctx().request_repaint_after(time::until_next_second(*since, view.now));
        }
    }
}
