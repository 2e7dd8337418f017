//! The strip of open interactions at the left: who waits for the agent, longest first, and who is waited for.

mod card;

use egui::{Align, Frame, Layout, Panel, RichText, ScrollArea, Ui};

use super::{Action, View, ViewState, icon, shortcuts, theme, wrap_up::offers};
use card::Card;

/// Below this width of the window the bar shows avatars only.
const COMPACT_BELOW: f32 = 760.0;
/// How wide it is as long as the agent has not dragged its edge, in points.
const WIDTH: f32 = 296.0;

pub(super) fn show(ui: &mut Ui, view: View<'_>, state: &mut ViewState, actions: &mut Vec<Action>) {
    let compact = ui.ctx().content_rect().width() < COMPACT_BELOW;
    let frame = Frame::new().fill(view.theme.surface);
    let panel = if compact {
        Panel::left("interaction strip").exact_size(66.0).resizable(false)
    } else {
        let width = state.bar_width.unwrap_or(WIDTH);
        Panel::left("interaction bar").default_size(width).size_range(220.0..=440.0).resizable(true)
    };
    let shown = panel.frame(frame).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let bar = view.desk.bar();
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            let offers = offers::current(view);
            if bar.waiting_for_you.is_empty() && bar.waiting_for_the_contact.is_empty() && offers.is_empty() {
                empty(ui, view, compact);
                return;
            }
            if !offers.is_empty() {
                section(ui, view, compact, "Offered to you", &ui.ctx().format_shortcut(&shortcuts::ACCEPT));
            }
            for conversation in offers {
                Card { view, conversation, is_out: false, compact }.show(ui, state, actions);
                if !compact {
                    offers::under_card(ui, view, conversation, actions);
                }
            }
            let hint = ui.ctx().format_shortcut(&shortcuts::LONGEST_WAITING);
            section(ui, view, compact, "Waiting for you · longest first", &hint);
            for conversation in &bar.waiting_for_you {
                let is_out = state.own_windows.has(conversation.interaction().id);
                Card { view, conversation, is_out, compact }.show(ui, state, actions);
            }
            if bar.waiting_for_you.is_empty() && !compact {
                ui.add_space(10.0);
                ui.vertical_centered(|ui| {
                    ui.label(RichText::new("Nobody is waiting for you").color(view.theme.muted).size(13.0))
                });
                ui.add_space(10.0);
            }
            section(ui, view, compact, "Waiting for the contact", "");
            for conversation in &bar.waiting_for_the_contact {
                let is_out = state.own_windows.has(conversation.interaction().id);
                Card { view, conversation, is_out, compact }.show(ui, state, actions);
            }
        });
    });
    let width = shown.response.rect.width().round();
    if !compact && (state.bar_width.is_some() || width != WIDTH) {
        state.bar_width = Some(width);
    }
}

fn empty(ui: &mut Ui, view: View<'_>, compact: bool) {
    ui.add_space(48.0);
    ui.vertical_centered(|ui| {
        ui.label(icon::text(icon::INBOX, 28.0).color(view.theme.faint));
        if !compact {
            ui.add_space(8.0);
            ui.label(RichText::new("No interactions").family(theme::semibold()));
            ui.label(
                RichText::new("They come in while your status is Ready.").color(view.theme.muted).size(13.0),
            );
        }
    });
}

fn section(ui: &mut Ui, view: View<'_>, compact: bool, name: &str, shortcut: &str) {
    if compact {
        ui.add_space(6.0);
        return;
    }
    Frame::new()
        .fill(view.theme.bg)
        .inner_margin(egui::Margin { left: 12, right: 12, top: 8, bottom: 6 })
        .show(ui, |ui| {
            ui.spacing_mut().interact_size.y = 16.0;
            ui.horizontal(|ui| {
                ui.label(
                    RichText::new(name.to_uppercase())
                        .size(11.0)
                        .family(theme::semibold())
                        .color(view.theme.faint),
                );
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    ui.label(RichText::new(shortcut).size(11.0).color(view.theme.faint));
                });
            });
        });
}
