//! Recording a voice note: the button below the field, and the bar above it while something is recorded.

use std::time::Duration;

use chrono::TimeDelta;
use egui::{
    CornerRadius, Frame, Key, Margin, Modifiers, Rect, Response, RichText, Role, Sense, Ui, WidgetInfo, vec2,
};
use waxwing_protocol::id::InteractionId;

use super::{
    super::{Action, View, icon, shortcuts, theme, widgets::button},
    attachment::words,
};
use crate::desk::sound::{RecordAsk, Recording};

/// What is longer than this is not thrown away without a question.
const PRECIOUS: TimeDelta = TimeDelta::seconds(3);
/// Between two frames while it is recorded.
const FRAME: Duration = Duration::from_millis(40);
/// The room of the meter, in points, and how many steps it has.
const METER: egui::Vec2 = vec2(96.0, 18.0);
const STEPS: u8 = 16;

/// A recording of the conversation in front.
#[derive(Clone, Copy)]
struct Now<'a> {
    length: TimeDelta,
    level: f32,
    paused: bool,
    most: TimeDelta,
    trouble: Option<&'a str>,
}

/// What the shortcut asks for: to begin, or to end what was begun.
pub(in crate::ui) fn toggled(view: View<'_>, interaction: InteractionId) -> Option<Action> {
    let ask = match view.sound.recording() {
        (Some(of), Recording::On { .. }) if of != interaction => return None,
        (_, Recording::On { .. }) => RecordAsk::Finish,
        (_, Recording::Off | Recording::NoMicrophone { .. }) => RecordAsk::Start,
    };
    Some(Action::Record(interaction, ask))
}

/// The button that begins.
pub(super) fn button(ui: &mut Ui, view: View<'_>, interaction: InteractionId, actions: &mut Vec<Action>) {
    let hint = ui.ctx().format_shortcut(&shortcuts::RECORD);
    let (name, hint, enabled) = match view.sound.recording() {
        (_, Recording::Off) => ("Record a voice message", hint, true),
        (_, Recording::NoMicrophone { why }) => (
            "Record a voice message: no microphone",
            format!("No microphone can be used: {why}. Click to try again."),
            true,
        ),
        (Some(of), Recording::On { .. }) if of != interaction => {
            let hint = "A voice message is being recorded in another conversation.".to_owned();
            ("Record a voice message", hint, false)
        }
        (_, Recording::On { .. }) => ("Finish the voice message", hint, true),
    };
    let response = ui.add_enabled_ui(enabled, |ui| button::icon(ui, view.theme, icon::MIC, name)).inner;
    if name.ends_with("no microphone") {
        strike(ui, view, &response);
    }
    let response = response.on_hover_text(&hint).on_disabled_hover_text(&hint);
    if response.clicked() {
        actions.extend(toggled(view, interaction));
    }
}

/// Strikes a button out: what it stands for isn't there.
fn strike(ui: &Ui, view: View<'_>, response: &Response) {
    let around = Rect::from_center_size(response.rect.center(), vec2(18.0, 18.0));
    let stroke = egui::Stroke::new(2.0, view.theme.overdue);
    ui.painter().line_segment([around.left_top(), around.right_bottom()], stroke);
}

/// The bar, if something is recorded for this conversation. `asking` is whether the agent is asked if they mean it.
pub(super) fn show(
    ui: &mut Ui,
    view: View<'_>,
    (interaction, asking): (InteractionId, &mut bool),
    actions: &mut Vec<Action>,
) {
    let (of, recording) = view.sound.recording();
    let Recording::On { length, level, paused, most, trouble } = &recording else {
        *asking = false;
        return;
    };
    if of != Some(interaction) {
        *asking = false;
        return;
    }
    let now =
        Now { length: *length, level: *level, paused: *paused, most: *most, trouble: trouble.as_deref() };
    let frame = Frame::new()
        .fill(view.theme.sunken)
        .corner_radius(theme::CARD_RADIUS)
        .inner_margin(Margin::symmetric(12, 8));
    let mut ask = |ask| actions.push(Action::Record(interaction, ask));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        // As high as the buttons, so that all stand on one line.
        ui.spacing_mut().interact_size.y = 32.0;
        ui.horizontal_wrapped(|ui| {
            if *asking {
                question(ui, view, now, asking, &mut ask);
            } else {
                bar(ui, view, now, asking, &mut ask);
            }
        });
        if let Some(why) = now.trouble {
            let words = format!("The microphone is gone: {why}. What was recorded is here.");
            ui.label(RichText::new(words).size(12.0).color(view.theme.overdue));
        }
    });
    ui.add_space(4.0);
    if !*paused {
        ui.ctx().request_repaint_after(FRAME);
    }
}

/// How it goes, and what can be done.
fn bar(ui: &mut Ui, view: View<'_>, now: Now<'_>, asking: &mut bool, ask: &mut impl FnMut(RecordAsk)) {
    let theme = view.theme;
    let (dot, _) = ui.allocate_exact_size(vec2(12.0, 12.0), Sense::hover());
    let colour = if now.paused { theme.muted } else { theme.overdue };
    ui.painter().circle_filled(dot.center(), 5.0, colour);
    let too_long = now.length > now.most;
    let time = format!("{} / {}", told(now.length), told(now.most));
    let colour = if too_long { theme.late } else { theme.text };
    let hint = format!(
        "Longer than {}, WhatsApp shows it as a file to be downloaded instead of playing it at once.",
        told(now.most)
    );
    ui.label(RichText::new(time).family(theme::semibold()).color(colour)).on_hover_text(hint);
    meter(ui, view, now);
    let (name, deed) = if now.paused { ("Resume", RecordAsk::Resume) } else { ("Pause", RecordAsk::Pause) };
    if button::plain(ui, name).clicked() {
        ask(deed);
    }
    if button::primary(ui, theme, "Finish", true)
        .on_hover_text("Put it on the strip: listen to it, or send it")
        .clicked()
    {
        ask(RecordAsk::Finish);
    }
    let escaped = ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape));
    if button::plain(ui, "Discard").clicked() || escaped {
        if now.length > PRECIOUS {
            *asking = true;
        } else {
            ask(RecordAsk::Discard);
        }
    }
    if too_long {
        ui.label(RichText::new("It will be shown as a file to be downloaded.").size(12.0).color(theme.late));
    }
}

/// Whether it is really to be forgotten.
fn question(ui: &mut Ui, view: View<'_>, now: Now<'_>, asking: &mut bool, ask: &mut impl FnMut(RecordAsk)) {
    ui.label(format!("Discard the recording of {}?", told(now.length)));
    if button::primary(ui, view.theme, "Keep it", true).clicked() {
        *asking = false;
    }
    if button::plain(ui, "Discard it").clicked() {
        *asking = false;
        ask(RecordAsk::Discard);
    }
    if ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape)) {
        *asking = false;
    }
}

/// How loud it is.
fn meter(ui: &mut Ui, view: View<'_>, now: Now<'_>) {
    let (rect, response) = ui.allocate_exact_size(METER, Sense::hover());
    let told = if now.paused { "Recording stands still" } else { "Recording" };
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, told));
    let wide = rect.width() / f32::from(STEPS);
    for step in 0..STEPS {
        let share = (f32::from(step) + 0.5) / f32::from(STEPS);
        let lit = !now.paused && share <= now.level;
        let colour = match (lit, share > 0.85) {
            (true, true) => view.theme.late,
            (true, false) => view.theme.accent,
            (false, _) => view.theme.muted.gamma_multiply(0.25),
        };
        let left = rect.left() + f32::from(step) * wide;
        let bar = Rect::from_min_size(egui::pos2(left, rect.top()), vec2(wide - 2.0, rect.height()));
        ui.painter().rect_filled(bar, CornerRadius::same(1), colour);
    }
}

/// `0:42`: whole seconds that have passed.
fn told(length: TimeDelta) -> String {
    words::length_of(u64::try_from(length.num_seconds()).unwrap_or_default() * 1000)
}
