//! The strip of open interactions at the left: who waits for the agent, longest first, and who is waited for.

use egui::{
    Align, Align2, Color32, CornerRadius, FontFamily, FontId, Frame, Layout, Panel, Rect, RichText, Role,
    ScrollArea, Sense, Stroke, Ui, WidgetInfo, pos2, vec2,
};

use super::{
    Action, View, ViewState, icon, shortcuts, theme, time,
    widgets::{avatar, pending_badge},
};
use crate::desk::conversation::Conversation;

const CARD_HEIGHT: f32 = 61.0;
/// Below this width of the window the bar shows avatars only.
const COMPACT_BELOW: f32 = 760.0;

pub(super) fn show(ui: &mut Ui, view: View<'_>, state: &mut ViewState, actions: &mut Vec<Action>) {
    let compact = ui.ctx().content_rect().width() < COMPACT_BELOW;
    let frame = Frame::new().fill(view.theme.surface);
    let panel = if compact {
        Panel::left("interaction strip").exact_size(66.0).resizable(false)
    } else {
        Panel::left("interaction bar").default_size(296.0).size_range(220.0..=440.0).resizable(true)
    };
    panel.frame(frame).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let bar = view.desk.bar();
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            if bar.waiting_for_you.is_empty() && bar.waiting_for_the_contact.is_empty() {
                empty(ui, view, compact);
                return;
            }
            let hint = ui.ctx().format_shortcut(&shortcuts::LONGEST_WAITING);
            section(ui, view, compact, "Waiting for you · longest first", &hint);
            for conversation in &bar.waiting_for_you {
                card(ui, view, conversation, compact, state, actions);
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
                card(ui, view, conversation, compact, state, actions);
            }
        });
    });
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

/// What the card says under the name.
fn last_line(view: View<'_>, conversation: &Conversation, typed: Option<&str>) -> (String, Color32) {
    let active = view.desk.active().is_some_and(|a| a.interaction().id == conversation.interaction().id);
    let draft = typed.unwrap_or_else(|| conversation.draft());
    if !active && !draft.trim().is_empty() {
        return (format!("Draft: {}", one_line(draft)), view.theme.accent);
    }
    if let Some(outgoing) = conversation.last_outgoing() {
        return (format!("You: {}", one_line(&outgoing.text)), view.theme.muted);
    }
    let Some(message) = conversation.last_message() else { return (String::new(), view.theme.muted) };
    let failed = message.delivery.as_ref().is_some_and(|state| state.delivery.is_failed());
    let said = one_line(&message.fallback);
    match (message.is_by_contact(), failed) {
        (_, true) => (format!("Not sent: {said}"), view.theme.overdue),
        (true, _) => (said, view.theme.muted),
        (false, _) => (format!("You: {said}"), view.theme.muted),
    }
}

fn one_line(text: &str) -> String {
    text.chars().take(200).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn card(
    ui: &mut Ui,
    view: View<'_>,
    conversation: &Conversation,
    compact: bool,
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    let interaction = conversation.interaction();
    let active = view.desk.active().is_some_and(|a| a.interaction().id == interaction.id);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), CARD_HEIGHT), Sense::click());
    let title = interaction.contact.title();
    let waiting = pending_badge::waiting(view, conversation);
    let told = match waiting {
        Some((waited, stage)) => format!("{title}, {} {}", pending_badge::words(stage), time::clock(waited)),
        None => title.clone(),
    };
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, active, &told));
    if response.clicked() {
        state.focus_composer = Some(interaction.id);
        actions.push(Action::Activate(Some(interaction.id)));
    }
    let ground = match (active, response.hovered() || response.has_focus()) {
        (true, _) => view.theme.accent_soft,
        (false, true) => view.theme.sunken,
        (false, false) => view.theme.surface,
    };
    ui.painter().rect_filled(rect, CornerRadius::ZERO, ground);
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, view.theme.line));
    if active {
        let edge = Rect::from_min_max(rect.min, pos2(rect.left() + 3.0, rect.bottom()));
        ui.painter().rect_filled(edge, CornerRadius::ZERO, view.theme.accent);
    }
    let ring = waiting.map(|(_, stage)| {
        let colour = pending_badge::ring(view, stage);
        if pending_badge::is_dimmed(ui, view, stage) { colour.gamma_multiply(0.35) } else { colour }
    });
    let face = avatar::Avatar {
        name: &title,
        ground: view.theme.avatar(interaction.contact.id.uuid().as_u128()),
        front: view.theme.on_avatar,
        ring,
        size: 40.0,
    };
    avatar::paint(ui, pos2(rect.left() + 33.0, rect.center().y), face);
    if compact {
        response.on_hover_text(told);
    } else {
        let typed = state.typed(interaction.id).map(str::to_owned);
        words(ui, view, conversation, rect, &title, typed.as_deref());
    }
}

fn words(
    ui: &mut Ui,
    view: View<'_>,
    conversation: &Conversation,
    rect: Rect,
    title: &str,
    typed: Option<&str>,
) {
    let inner = Rect::from_min_max(
        pos2(rect.left() + 63.0, rect.top() + 10.0),
        pos2(rect.right() - 12.0, rect.bottom() - 9.0),
    );
    let top = Rect::from_min_max(inner.min, pos2(inner.right(), inner.top() + 20.0));
    let bottom = Rect::from_min_max(pos2(inner.left(), inner.top() + 21.0), inner.max);
    let right_end = |ui: &mut Ui, rect: Rect, add: &mut dyn FnMut(&mut Ui)| {
        let layout = Layout::right_to_left(Align::Center);
        let mut end = ui.new_child(egui::UiBuilder::new().max_rect(rect).layout(layout));
        add(&mut end);
        end.min_rect().width()
    };
    let badge_width = right_end(ui, top, &mut |ui| {
        if pending_badge::show(ui, view, conversation).is_none()
            && let Some(message) = conversation.last_message()
        {
            ui.label(RichText::new(time::card(message.sent_at, view.now)).size(12.0).color(view.theme.muted));
        }
    });
    let unread = conversation.unread();
    let count_width = right_end(ui, bottom, &mut |ui| {
        if unread > 0 {
            unread_badge(ui, view, unread);
        }
    });
    let name = FontId::new(14.0, theme::semibold());
    line(ui, top, badge_width, title, name, view.theme.text);
    let (said, colour) = last_line(view, conversation, typed);
    line(ui, bottom, count_width, &said, FontId::new(13.0, FontFamily::Proportional), colour);
}

/// One line of text that ends in an ellipsis where the room does.
fn line(ui: &Ui, rect: Rect, taken: f32, text: &str, font: FontId, colour: Color32) {
    let mut job = egui::text::LayoutJob::simple_singleline(text.to_owned(), font, colour);
    job.wrap = egui::text::TextWrapping::truncate_at_width((rect.width() - taken - 6.0).max(10.0));
    let galley = ui.painter().layout_job(job);
    let at = Align2::LEFT_CENTER.align_size_within_rect(galley.size(), rect);
    ui.painter().galley(at.min, galley, colour);
}

fn unread_badge(ui: &mut Ui, view: View<'_>, count: usize) {
    let text = if count > 99 { "99+".to_owned() } else { count.to_string() };
    let galley =
        ui.painter().layout_no_wrap(text, FontId::new(11.0, theme::semibold()), view.theme.on_accent);
    let size = vec2((galley.size().x + 10.0).max(18.0), 18.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    ui.painter().rect_filled(rect, CornerRadius::same(9), view.theme.accent);
    let at = Align2::CENTER_CENTER.align_size_within_rect(galley.size(), rect);
    ui.painter().galley(at.min, galley, view.theme.on_accent);
    let told = format!("{count} not seen");
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &told));
}
