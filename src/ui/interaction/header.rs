//! The top of a conversation: interaction-type icon, pending-response indicator, contact, elapsed time, control bar, and
//! the case strip under it.

use std::fmt::Write as _;

use egui::{Align, Align2, Frame, Layout, Margin, Panel, RichText, Role, Sense, Ui, WidgetInfo};
use waxwing_protocol::interaction::{Interaction, Origin, Phase};

use super::super::{
    Action, View, ViewState, icon, shortcuts,
    side_panel::Tab,
    text::{self, Ink, Style, Words, Wrap},
    time,
    widgets::{avatar, button, pending_badge},
};
use super::control_bar;
use crate::desk::{conversation::Conversation, phones, wrap_up::facts};

/// How much of the case, and of what is known of the contact, stands in the strip; all of it is in a tab.
const FACTS: usize = 2;
const ATTRIBUTES: usize = 1;
/// How high the line with the name is, in points.
const NAME: f32 = 21.0;
/// Below this width of the strip it has no room for more, in points.
const NARROW: f32 = 640.0;

pub(super) fn show(
    ui: &mut Ui,
    view: View<'_>,
    conversation: &Conversation,
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    let frame = Frame::new().fill(view.theme.surface);
    let interaction = conversation.interaction();
    Panel::top("conversation header")
        .exact_size(60.0)
        .frame(frame.inner_margin(Margin::symmetric(16, 0)))
        .show(ui, |ui| {
            ui.horizontal_centered(|ui| {
                let title = phones::title(&interaction.contact);
                let (rect, _) = ui.allocate_exact_size(egui::vec2(40.0, 40.0), Sense::hover());
                let face = avatar::Avatar {
                    name: &title,
                    ground: view.theme.avatar(interaction.contact.id.uuid().as_u128()),
                    front: Ink::of(view.theme).with_text(view.theme.on_avatar),
                    ring: None,
                    size: 40.0,
                };
                avatar::paint(ui, rect.center(), face);
                ui.add_space(4.0);
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    control_bar::show(ui, view, conversation, state, actions);
                    if contact(ui, view) {
                        state.side_panel.toggle(Tab::Contact, interaction.id);
                    }
                    if find(ui, view) {
                        state.finds.open(interaction.id);
                    }
                    if own_window(ui, view, state.own_windows.has(interaction.id)) {
                        state.toggle_own_window(interaction.id, actions);
                    }
                    ui.with_layout(Layout::top_down(Align::Min), |ui| who(ui, view, conversation, &title));
                });
            });
        });
    if case_strip(ui, view, interaction) {
        state.side_panel.show(Tab::Contact, interaction.id);
    }
    put_away(ui, view, interaction);
}

/// What was said when it was put away, for whoever opens it.
fn put_away(ui: &mut Ui, view: View<'_>, interaction: &Interaction) {
    let Some(stored) = &interaction.stored else { return };
    let Some(comment) = &stored.comment else { return };
    let frame = Frame::new().fill(view.theme.accent_soft).inner_margin(Margin::symmetric(16, 5));
    Panel::top("put away").frame(frame).show(ui, |ui| {
        ui.spacing_mut().interact_size.y = 18.0;
        ui.horizontal_top(|ui| {
            ui.label(icon::text(icon::INBOX, 14.0).color(view.theme.accent));
            let by = stored.by.as_ref().map_or("Put away", |by| by.display_name.as_str());
            let told = format!("{by}, {}: {comment}", view.date_and_time(stored.since));
            ui.add(text::Label::new(&told, Style::new(12.0), Ink::of(view.theme)).rows(3));
        });
    });
}

fn who(ui: &mut Ui, view: View<'_>, conversation: &Conversation, title: &str) {
    let interaction = conversation.interaction();
    ui.spacing_mut().item_spacing.y = 0.0;
    ui.spacing_mut().interact_size.y = 20.0;
    ui.add_space(10.0);
    ui.horizontal(|ui| {
        let kind = ui.label(icon::text(icon::MESSAGE_CIRCLE, 16.0).color(view.theme.fresh));
        kind.widget_info(|| WidgetInfo::labeled(Role::Label, true, "WhatsApp interaction"));
        kind.on_hover_text("WhatsApp");
        pending_badge::show(ui, view, conversation);
        name(ui, view, title);
    });
    ui.horizontal(|ui| {
        let since = interaction.assigned_at.unwrap_or(interaction.created_at);
        ui.ctx().request_repaint_after(time::until_next_second(since, view.now));
        let lasted = time::long_clock(interaction.ended_at.unwrap_or(view.now) - since);
        let phase = phase_name(&interaction.phase);
        let mut line = format!("{} · {phase} · {lasted}", phones::address(&interaction.contact));
        if let Some(ended_at) = interaction.ended_at.filter(|_| interaction.phase == Phase::Ended) {
            write!(line, " · wrap-up {}", time::long_clock(view.now - ended_at)).ok();
        }
        ui.add(egui::Label::new(RichText::new(line).size(12.0).color(view.theme.muted)).truncate());
    });
}

/// The name in a line that keeps its height whatever the letters: those of Nastaliq stand twice as high, and would push out
/// what stands below.
fn name(ui: &mut Ui, view: View<'_>, title: &str) {
    let words = Words::plain(title, Style::new(15.0).semibold());
    let galley = text::layout(ui.ctx(), &words, Wrap::one_row(ui.available_width()));
    let (rect, response) = ui.allocate_exact_size(egui::vec2(galley.size().x, NAME), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, title));
    let at = Align2::LEFT_CENTER.align_size_within_rect(galley.size(), rect);
    galley.paint(ui.painter(), at.min, &Ink::of(view.theme));
}

const fn phase_name(phase: &Phase) -> &'static str {
    match phase {
        Phase::Queued => "Queued",
        Phase::Offered { .. } => "Offered",
        Phase::Open => "Connected",
        Phase::Ended => "Ended",
        Phase::InWorkbin { .. } => "In a workbin",
        Phase::Done => "Done",
        Phase::Unknown => "Unknown phase",
    }
}

/// Opens the tab about the contact; says whether it was asked for.
fn contact(ui: &mut Ui, view: View<'_>) -> bool {
    let name = "Contact and case";
    button::icon_with_keys(ui, view.theme, icon::USER, name, shortcuts::CONTACT).clicked()
}

/// Opens the search; says whether it was asked for.
fn find(ui: &mut Ui, view: View<'_>) -> bool {
    let name = "Find in this conversation";
    button::icon_with_keys(ui, view.theme, icon::SEARCH, name, shortcuts::FIND).clicked()
}

/// Takes the conversation out into a window of its own, or brings it back; says whether that was asked for.
fn own_window(ui: &mut Ui, view: View<'_>, is_out: bool) -> bool {
    let name = if is_out { "Bring back" } else { "Take out into a window of its own" };
    button::icon_with_keys(ui, view.theme, icon::WINDOW, name, shortcuts::OWN_WINDOW).clicked()
}

/// The facts in one line; says whether all of them are asked for.
fn case_strip(ui: &mut Ui, view: View<'_>, interaction: &Interaction) -> bool {
    let frame = Frame::new().fill(view.theme.surface).inner_margin(Margin::symmetric(16, 7));
    let rules = view.desk.wrap_up().rules();
    let strip = Panel::top("case strip").frame(frame).show(ui, |ui| {
        ui.spacing_mut().interact_size.y = 18.0;
        let line = ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
            let words = RichText::new("Case information").size(12.0).color(view.theme.link);
            // Where there is little room the facts are worth more; its icon stands in the header.
            let has_room = ui.available_width() >= NARROW;
            // A label, for a button would make the strip higher where it stands.
            let is_asked = has_room && {
                let link = ui.add(egui::Label::new(words).sense(Sense::click()));
                link.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Case information"));
                link.on_hover_cursor(egui::CursorIcon::PointingHand).clicked()
            };
            ui.with_layout(Layout::left_to_right(Align::Min).with_main_wrap(true), |ui| {
                ui.spacing_mut().item_spacing.x = 4.0;
                let origin = match interaction.origin {
                    Origin::Inbound => "inbound",
                    Origin::Outbound => "outbound",
                    Origin::Unknown => "unknown",
                };
                let origin = format!("{origin} {}", waxwing_protocol::interaction::MEDIA_TYPE);
                datum(ui, view, "Origin", &origin);
                datum(ui, view, "Business number", &interaction.business_number.display_number);
                for fact in interaction.case_data.iter().take(FACTS) {
                    datum(ui, view, facts::name(&rules.case_fields, &fact.key), &fact.value);
                }
                for known in interaction.contact.attributes.iter().take(ATTRIBUTES) {
                    datum(ui, view, facts::name(&rules.contact_fields, &known.key), &known.value);
                }
            });
            is_asked
        });
        line.inner
    });
    strip.inner
}

fn datum(ui: &mut Ui, view: View<'_>, key: &str, value: &str) {
    let ink = Ink::of(view.theme);
    ui.add(text::Label::new(key.trim_end(), Style::new(12.0), ink.with_text(view.theme.muted)));
    ui.add(text::Label::new(value, Style::new(12.0).medium(), ink));
    ui.add_space(14.0);
}
