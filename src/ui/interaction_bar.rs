//! The bar at the left: the switch of workplaces, and below it the open interactions (who waits for the agent, longest first,
//! and who is waited for) or what another workplace puts there.

mod card;

use std::collections::{BTreeMap, BTreeSet};

use egui::{Align, Context, Frame, Layout, Panel, RichText, ScrollArea, Ui};
use waxwing_protocol::id::ContactId;

use super::{
    Action, View, ViewState, directory, history, icon, notices, shortcuts, theme, workbins,
    workplace::{self, Workplace},
    wrap_up::offers,
};
use crate::desk::{Bar, conversation::Conversation};
use card::Card;

/// Below this width of the window the bar shows avatars only.
const COMPACT_BELOW: f32 = 760.0;
/// How wide it is as long as the agent has not dragged its edge, in points.
const WIDTH: f32 = 296.0;

/// Whether it shows avatars only.
pub(super) fn is_compact(ctx: &Context) -> bool {
    ctx.content_rect().width() < COMPACT_BELOW
}

pub(super) fn show(ui: &mut Ui, view: View<'_>, state: &mut ViewState, actions: &mut Vec<Action>) {
    let compact = is_compact(ui.ctx());
    let frame = Frame::new().fill(view.theme.surface);
    let panel = if compact {
        Panel::left("interaction strip").exact_size(66.0).resizable(false)
    } else {
        let width = state.bar_width.unwrap_or(WIDTH);
        Panel::left("interaction bar").default_size(width).size_range(220.0..=440.0).resizable(true)
    };
    let shown = panel.frame(frame).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        workplace::switch(ui, view, state, compact);
        if !compact {
            notices::in_bar(ui, view, actions);
        }
        match state.workplace {
            Workplace::Active => {}
            Workplace::Workbins => return workbins::bar(ui, view, state),
            Workplace::History => return history::bar(ui, view, state, actions),
            Workplace::Contacts => return directory::bar(ui, view, state),
        }
        let bar = view.desk.bar();
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            let offers = offers::current(view);
            let several = contacts_with_several(&bar);
            if bar.all().next().is_none() && offers.is_empty() {
                empty(ui, view, compact);
                return;
            }
            if !offers.is_empty() {
                section(ui, view, compact, "Offered to you", &ui.ctx().format_shortcut(&shortcuts::ACCEPT));
            }
            for conversation in offers {
                card(view, conversation, (state, compact), &several).show(ui, state, actions);
                if !compact {
                    offers::under_card(ui, view, conversation, actions);
                }
            }
            let hint = ui.ctx().format_shortcut(&shortcuts::LONGEST_WAITING);
            section(ui, view, compact, "Waiting for you · longest first", &hint);
            for conversation in &bar.waiting_for_you {
                card(view, conversation, (state, compact), &several).show(ui, state, actions);
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
                card(view, conversation, (state, compact), &several).show(ui, state, actions);
            }
            if !bar.after_work.is_empty() {
                section(ui, view, compact, "After work", "");
            }
            for conversation in &bar.after_work {
                card(view, conversation, (state, compact), &several).show(ui, state, actions);
            }
        });
    });
    let width = shown.response.rect.width().round();
    if !compact && (state.bar_width.is_some() || width != WIDTH) {
        state.bar_width = Some(width);
    }
}

/// The contacts that have open interactions on several of our numbers.
fn contacts_with_several(bar: &Bar<'_>) -> BTreeSet<ContactId> {
    let mut first = BTreeMap::new();
    let all = bar.all().map(Conversation::interaction);
    let on_another = all.filter(|held| {
        *first.entry(held.contact.id).or_insert(held.business_number.id) != held.business_number.id
    });
    on_another.map(|held| held.contact.id).collect()
}

/// The card of an interaction.
fn card<'a>(
    view: View<'a>,
    conversation: &'a Conversation,
    (state, compact): (&ViewState, bool),
    several: &BTreeSet<ContactId>,
) -> Card<'a> {
    let interaction = conversation.interaction();
    let is_out = state.own_windows.has(interaction.id);
    let name = interaction.business_number.name.as_str();
    let number = several.contains(&interaction.contact.id).then_some(name);
    Card { view, conversation, is_out, compact, number }
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
