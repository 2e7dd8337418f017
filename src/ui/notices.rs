//! What stops our numbers, in lines under the top bar, and what happened, until read: at the foot of the interaction bar, so that
//! nothing moves under the pointer when something is told.

use egui::{Align, Color32, Frame, Layout, Margin, Panel, RichText, Ui};

use super::{
    Action, View, icon, interaction_bar,
    text::{self, Ink, Style},
    theme,
    widgets::button,
    wrap_up::undo,
};
use crate::desk::{
    input::Command,
    notices::{Gravity, Notice},
    workbins::deeds::Deed,
};

/// So many are shown at most in the bar; the others once these are dismissed.
const MOST: usize = 3;
/// How wide the cross of a card is, in points.
const CROSS: f32 = 24.0;

pub(super) fn show(ui: &mut Ui, view: View<'_>, actions: &mut Vec<Action>) {
    for alert in view.desk.alerts() {
        let text = format!("{}: {} (since {})", alert.display_number, alert.text, view.time(alert.since));
        line(ui, view, (Gravity::Problem, &text), format!("alert {}", alert.number), |_| {});
    }
    if !interaction_bar::is_compact(ui.ctx()) {
        return;
    }
    // There is no room for words in the bar.
    for notice in view.desk.notices() {
        line(ui, view, (notice.gravity, &notice.text), format!("notice {}", notice.number), |ui| {
            dismiss(ui, view, notice, actions);
            open(ui, view, notice, actions);
        });
    }
    undo::lines(ui, view, actions);
}

/// What happened, at the foot of the interaction bar.
pub(super) fn in_bar(ui: &mut Ui, view: View<'_>, actions: &mut Vec<Action>) {
    let (notices, done) = (view.desk.notices(), undo::all(view));
    if notices.is_empty() && done.is_empty() {
        return;
    }
    let (earlier, newest) = notices.split_at(notices.len().saturating_sub(MOST));
    let foot = ui.available_rect_before_wrap().bottom();
    let frame = Frame::new().inner_margin(Margin::same(8));
    let panel = Panel::bottom("notices").show_separator_line(false).frame(frame).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 6.0;
        // Above the notices: it goes by itself, and they are not to move with it.
        for one in &done {
            one.card(ui, view, actions);
        }
        if !earlier.is_empty() {
            let words = format!("{} earlier, once these are gone", earlier.len());
            ui.label(RichText::new(words).size(12.0).color(view.theme.muted));
        }
        for notice in newest {
            card(ui, view, notice, actions);
        }
    });
    if (panel.response.rect.bottom() - foot).abs() > 0.5 {
        // It was put where its last height asked for.
        ui.ctx().request_discard("the notices have another height");
    }
}

fn card(ui: &mut Ui, view: View<'_>, notice: &Notice, actions: &mut Vec<Action>) {
    let (ground, front, sign) = looks(view, notice.gravity);
    framed(ui, ground, icon::text(sign, 16.0).color(front), |ui, part| match part {
        Part::Words => {
            ui.add(text::Label::new(&notice.text, Style::new(13.0), Ink::of(view.theme)));
            open(ui, view, notice, actions);
        }
        Part::Cross => {
            if button::small_icon(ui, view.theme, icon::X, "Dismiss").clicked() {
                actions.push(Action::Command(Command::DismissNotice(notice.number)));
            }
        }
    });
}

/// What of a card is to be drawn.
pub(super) enum Part {
    /// What it says, and what can be done about it.
    Words,
    /// What takes it away.
    Cross,
}

/// A card at the foot of the bar, as wide as there is room: its sign, its words, its cross.
pub(super) fn framed(ui: &mut Ui, ground: Color32, sign: RichText, mut draw: impl FnMut(&mut Ui, Part)) {
    let frame =
        Frame::new().fill(ground).corner_radius(theme::BUTTON_RADIUS).inner_margin(Margin::symmetric(10, 8));
    frame.show(ui, |ui| {
        ui.horizontal_top(|ui| {
            ui.label(sign);
            let room = (ui.available_width() - CROSS - ui.spacing().item_spacing.x).max(40.0);
            ui.vertical(|ui| {
                ui.set_width(room);
                ui.spacing_mut().item_spacing.y = 2.0;
                draw(ui, Part::Words);
            });
            draw(ui, Part::Cross);
        });
    });
}

/// Opens what a notice is about, as long as it lies where it lay.
fn open(ui: &mut Ui, view: View<'_>, notice: &Notice, actions: &mut Vec<Action>) {
    let Some(id) = notice.about.filter(|id| view.desk.workbins().item(*id).is_some()) else { return };
    let words = RichText::new("Open the conversation").size(13.0).family(theme::medium());
    if ui.add(egui::Button::new(words.color(view.theme.accent)).frame(false)).clicked() {
        let deed = Command::InWorkbins { interactions: vec![id], deed: Deed::Open };
        actions.extend([deed, Command::DismissNotice(notice.number)].map(Action::Command));
    }
}

fn dismiss(ui: &mut Ui, view: View<'_>, notice: &Notice, actions: &mut Vec<Action>) {
    if button::icon(ui, view.theme, icon::X, "Dismiss").clicked() {
        actions.push(Action::Command(Command::DismissNotice(notice.number)));
    }
}

/// The ground, the front and the sign of a notice.
const fn looks(view: View<'_>, gravity: Gravity) -> (Color32, Color32, char) {
    match gravity {
        Gravity::Info => (view.theme.accent_soft, view.theme.accent, icon::INFO),
        Gravity::Problem => (view.theme.overdue_soft, view.theme.overdue, icon::TRIANGLE_ALERT),
    }
}

fn line(
    ui: &mut Ui,
    view: View<'_>,
    (gravity, text): (Gravity, &str),
    id: String,
    end: impl FnOnce(&mut Ui),
) {
    let (ground, front, sign) = looks(view, gravity);
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
