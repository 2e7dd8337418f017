//! The window in which the agent sets how they like it.

use egui::{Context, DragValue, RichText, Slider, TextEdit, Ui};

use super::{
    Action, View, ViewState, theme,
    widgets::{button, tick_box::tick_box},
};
use crate::{
    config::{Choices, Sound, Theme},
    desk::chime::Chime,
};

pub(super) fn show(ctx: &Context, view: View<'_>, state: &mut ViewState, actions: &mut Vec<Action>) {
    let mut open = state.settings_open;
    egui::Window::new(RichText::new("Settings").family(theme::semibold()))
        .open(&mut open)
        .collapsible(false)
        .resizable(false)
        .default_width(360.0)
        .anchor(egui::Align2::RIGHT_TOP, [-16.0, 56.0])
        .show(ctx, |ui| {
            let mut wanted = view.choices.clone();
            form(ui, view, &mut wanted, actions);
            if wanted != *view.choices && wanted.check().is_ok() {
                actions.push(Action::Choose(wanted));
            }
        });
    state.settings_open = open;
}

fn form(ui: &mut Ui, view: View<'_>, wanted: &mut Choices, actions: &mut Vec<Action>) {
    section(ui, view, "Appearance");
    ui.horizontal(|ui| {
        for (choice, name) in
            [(Theme::System, "As the system"), (Theme::Light, "Light"), (Theme::Dark, "Dark")]
        {
            ui.selectable_value(&mut wanted.window.theme, choice, name);
        }
    });
    ui.add(Slider::new(&mut wanted.window.text_scale, 0.8..=2.0).step_by(0.1).text("Size"));
    tick_box(ui, view.theme, &mut wanted.window.reduced_motion, "Reduced motion: nothing flashes");
    section(ui, view, "Writing");
    tick_box(ui, view.theme, &mut wanted.window.enter_sends, "Enter sends, Shift+Enter starts a new line");
    spelling(ui, view, &mut wanted.window.spelling);
    section(ui, view, "Conversations");
    tick_box(ui, view.theme, &mut wanted.conversation.mark_read, "Contacts see how far you have read");
    tick_box(ui, view.theme, &mut wanted.conversation.typing, "Contacts see when you are writing")
        .on_hover_text("To WhatsApp this also marks everything as read");
    tick_box(
        ui,
        view.theme,
        &mut wanted.conversation.suggestions,
        "Responses are suggested for the contact's last words",
    );
    ui.horizontal(|ui| {
        let label = ui.label("See older messages brings so many sessions");
        let value = DragValue::new(&mut wanted.conversation.sessions_per_click).range(1..=20);
        ui.add(value).labelled_by(label.id);
    });
    section(ui, view, "Pending response");
    let pending = &mut wanted.pending;
    seconds(ui, "Yellow after", &mut pending.late_after_seconds, 1..=pending.overdue_after_seconds - 1);
    seconds(
        ui,
        "Red and flashing after",
        &mut pending.overdue_after_seconds,
        pending.late_after_seconds + 1..=3600,
    );
    section(ui, view, "Sounds");
    tick_box(ui, view.theme, &mut wanted.sounds.enabled, "Chime for new interactions and messages");
    let enabled = wanted.sounds.enabled;
    ui.add_enabled_ui(enabled, |ui| {
        sound(ui, "New interaction", &mut wanted.sounds.new_interaction, Chime::NewInteraction, actions);
        sound(ui, "New message", &mut wanted.sounds.new_message, Chime::NewMessage, actions);
    });
}

/// The languages that spelling is checked in.
fn spelling(ui: &mut Ui, view: View<'_>, wanted: &mut Option<Vec<String>>) {
    let mut as_the_system = wanted.is_none();
    if tick_box(ui, view.theme, &mut as_the_system, "Check spelling in the system's languages").changed() {
        *wanted = (!as_the_system).then(Vec::new);
    }
    if let Some(tags) = wanted {
        let mut text = tags.join(" ");
        ui.horizontal(|ui| {
            let label = ui.label("Check spelling in");
            let field = TextEdit::singleline(&mut text).desired_width(160.0).hint_text("en-GB de-DE");
            if ui.add(field).labelled_by(label.id).changed() {
                *tags = text.split(' ').map(str::to_owned).collect();
            }
        });
        let hint = "Languages with a Hunspell dictionary on this computer; none checks nothing.";
        ui.label(RichText::new(hint).size(12.0).color(view.theme.muted));
    }
}

fn seconds(ui: &mut Ui, name: &str, value: &mut u32, range: std::ops::RangeInclusive<u32>) {
    ui.horizontal(|ui| {
        let label = ui.label(name);
        ui.add(DragValue::new(value).range(range).suffix(" s")).labelled_by(label.id);
    });
}

fn sound(ui: &mut Ui, name: &str, sound: &mut Sound, which: Chime, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        ui.add(Slider::new(&mut sound.volume, 0.0..=1.0).step_by(0.05).text(name));
        if button::plain(ui, "Try").clicked() {
            actions.push(Action::TryChime(which));
        }
    });
}

fn section(ui: &mut Ui, view: View<'_>, name: &str) {
    ui.add_space(4.0);
    ui.label(RichText::new(name.to_uppercase()).size(11.0).family(theme::semibold()).color(view.theme.faint));
}
