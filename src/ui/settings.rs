//! What the agent may set, and the window in which they do.

use egui::{Context, RichText, Slider, Ui};

use super::{Action, View, ViewState, theme, widgets::button};

/// Which theme to use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ThemeChoice {
    /// As the desktop environment has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// How the agent likes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Preferences {
    /// Light or dark.
    pub theme: ThemeChoice,
    /// Whether Enter sends and Shift+Enter breaks the line, or the other way round.
    pub enter_sends: bool,
    /// Nothing flashes.
    pub reduced_motion: bool,
    /// How large everything is; 0.8 to 2.0.
    pub scale: f32,
    /// Whether there are sounds.
    pub sounds: bool,
    /// How loud they are; 0.0 to 1.0.
    pub volume: f32,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            theme: ThemeChoice::System,
            enter_sends: true,
            reduced_motion: false,
            scale: 1.0,
            sounds: true,
            volume: 0.7,
        }
    }
}

pub(super) fn show(ctx: &Context, view: View<'_>, state: &mut ViewState, actions: &mut Vec<Action>) {
    let mut open = state.settings_open;
    egui::Window::new(RichText::new("Settings").family(theme::semibold()))
        .open(&mut open)
        .collapsible(false)
        .resizable(false)
        .default_width(360.0)
        .anchor(egui::Align2::RIGHT_TOP, [-16.0, 56.0])
        .show(ctx, |ui| {
            let mut wanted = view.preferences.clone();
            form(ui, view, &mut wanted, actions);
            if wanted != *view.preferences {
                actions.push(Action::ChangePreferences(wanted));
            }
        });
    state.settings_open = open;
}

fn form(ui: &mut Ui, view: View<'_>, wanted: &mut Preferences, actions: &mut Vec<Action>) {
    section(ui, view, "Appearance");
    ui.horizontal(|ui| {
        for (choice, name) in [
            (ThemeChoice::System, "As the system"),
            (ThemeChoice::Light, "Light"),
            (ThemeChoice::Dark, "Dark"),
        ] {
            ui.selectable_value(&mut wanted.theme, choice, name);
        }
    });
    ui.add(Slider::new(&mut wanted.scale, 0.8..=2.0).step_by(0.1).text("Size"));
    ui.checkbox(&mut wanted.reduced_motion, "Reduced motion: nothing flashes");
    section(ui, view, "Writing");
    ui.checkbox(&mut wanted.enter_sends, "Enter sends, Shift+Enter starts a new line");
    section(ui, view, "Sounds");
    ui.checkbox(&mut wanted.sounds, "Chime for new interactions and messages");
    ui.horizontal(|ui| {
        ui.add_enabled(
            wanted.sounds,
            Slider::new(&mut wanted.volume, 0.0..=1.0).step_by(0.05).text("Volume"),
        );
        if button::plain(ui, "Try").clicked() {
            actions.push(Action::TryChime);
        }
    });
}

fn section(ui: &mut Ui, view: View<'_>, name: &str) {
    ui.add_space(4.0);
    ui.label(RichText::new(name.to_uppercase()).size(11.0).family(theme::semibold()).color(view.theme.faint));
}
