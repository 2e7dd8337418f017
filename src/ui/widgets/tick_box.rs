//! A box that is ticked or not, whose edge can be seen: egui's own is a pale square on a pale ground.

use egui::{Response, RichText, Stroke, Ui};

use super::super::theme::Theme;

/// A box with its words; a click on either changes it.
pub(crate) fn tick_box(ui: &mut Ui, theme: &Theme, is_on: &mut bool, words: &str) -> Response {
    let (ground, edge, tick) = if *is_on {
        (theme.accent, theme.accent, theme.on_accent)
    } else {
        (theme.surface, theme.muted, theme.text)
    };
    ui.scope(|ui| {
        let widgets = &mut ui.visuals_mut().widgets;
        for state in [&mut widgets.inactive, &mut widgets.hovered, &mut widgets.active] {
            state.bg_fill = ground;
            state.bg_stroke = Stroke::new(1.0, edge);
            state.fg_stroke = Stroke::new(1.8, tick);
        }
        widgets.hovered.bg_stroke = Stroke::new(1.5, theme.accent);
        ui.checkbox(is_on, RichText::new(words).color(theme.text))
    })
    .inner
}
