//! Buttons: the primary one, the plain one, the one that is only an icon. Each has a name and a tooltip.

use egui::{Button, FontId, KeyboardShortcut, Response, RichText, Role, Stroke, Ui, WidgetInfo, vec2};

use super::super::{
    icon,
    theme::{self, Theme},
};

fn words(text: &str) -> RichText {
    RichText::new(text).font(FontId::new(13.0, theme::medium()))
}

/// The one primary action of a place.
pub(crate) fn primary(ui: &mut Ui, theme: &Theme, text: &str, enabled: bool) -> Response {
    let label = words(text).color(theme.on_accent);
    let button = Button::new(label).fill(theme.accent).stroke(Stroke::NONE).min_size(vec2(0.0, 32.0));
    ui.add_enabled(enabled, button)
}

/// Any other action.
pub(crate) fn plain(ui: &mut Ui, text: &str) -> Response {
    ui.add(Button::new(words(text)).min_size(vec2(0.0, 32.0)))
}

/// An action with an icon before its words, and its keys in its tooltip.
pub(crate) fn with_icon(
    ui: &mut Ui,
    theme: &Theme,
    (icon, text): (char, &str),
    (weight, enabled): (Weight, bool),
    keys: KeyboardShortcut,
) -> Response {
    let front = match weight {
        Weight::Primary => theme.on_accent,
        Weight::Plain => theme.text,
    };
    let button = Button::new((icon::text(icon, 15.0).color(front), words(text).color(front)));
    let button = match weight {
        Weight::Primary => button.fill(theme.accent).stroke(Stroke::NONE),
        Weight::Plain => button,
    };
    let response = ui.add_enabled(enabled, button.min_size(vec2(0.0, 32.0)));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, text));
    response.on_hover_text(format!("{text} ({})", ui.ctx().format_shortcut(&keys)))
}

/// How much a button weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    /// The one primary action of a place.
    Primary,
    /// Any other.
    Plain,
}

/// An action shown as an icon.
pub(crate) fn icon(ui: &mut Ui, theme: &Theme, icon: char, name: &str) -> Response {
    untold(ui, theme, icon, name).on_hover_text(name)
}

/// The same for one that has keys, which its tooltip tells.
pub(crate) fn icon_with_keys(
    ui: &mut Ui,
    theme: &Theme,
    icon: char,
    name: &str,
    keys: KeyboardShortcut,
) -> Response {
    let hint = format!("{name} ({})", ui.ctx().format_shortcut(&keys));
    untold(ui, theme, icon, name).on_hover_text(hint)
}

/// A small action beside a line of words.
pub(crate) fn small_icon(ui: &mut Ui, theme: &Theme, icon: char, name: &str) -> Response {
    let label = icon::text(icon, 14.0).color(theme.faint);
    let button = Button::new(label).frame_when_inactive(false).min_size(vec2(22.0, 20.0));
    let padding = std::mem::replace(&mut ui.spacing_mut().button_padding, vec2(4.0, 2.0));
    let response = ui.add(button);
    ui.spacing_mut().button_padding = padding;
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    response.on_hover_text(name)
}

fn untold(ui: &mut Ui, theme: &Theme, icon: char, name: &str) -> Response {
    let label = icon::text(icon, 18.0).color(theme.muted);
    let response = ui.add(Button::new(label).frame_when_inactive(false).min_size(vec2(30.0, 30.0)));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    response
}
