//! The quiet line that takes *Done* back.

use egui::{Frame, Margin, Panel, RichText, Ui};

use super::{
    super::{
        Action, View, icon, shortcuts,
        text::{self, Ink, Style},
        theme, time,
        widgets::button,
    },
    wants,
};
use crate::desk::wrap_up::WrapUp;

/// How many lines there are at most: whoever does more at once means it.
const LINES: usize = 3;

/// Draws a line for each interaction that was just done.
pub(in crate::ui) fn show(ui: &mut Ui, view: View<'_>, actions: &mut Vec<Action>) {
    for (id, undo) in view.desk.wrap_up().undos().into_iter().take(LINES) {
        let left = time::seconds_left(undo.until, view.now);
        if left == 0 && !undo.is_under_way {
            continue;
        }
        ui.ctx().request_repaint_after(time::until_next_second(undo.until, view.now));
        let frame = Frame::new().fill(view.theme.sunken).inner_margin(Margin::symmetric(16, 4));
        Panel::top(format!("undo {id}")).show_separator_line(false).frame(frame).show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.label(icon::text(icon::CHECK, 16.0).color(view.theme.muted));
                let told = format!("Done: {}", undo.title.as_deref().unwrap_or("the last conversation"));
                ui.add(text::Label::new(&told, Style::new(14.0), Ink::of(view.theme)));
                if undo.waits {
                    let told = "Their last message has no answer.";
                    ui.label(RichText::new(told).size(13.0).color(view.theme.late));
                }
                if undo.is_under_way {
                    ui.label(RichText::new("Taking it back…").color(view.theme.muted));
                    return;
                }
                let words = RichText::new(format!("Undo ({left} s)")).family(theme::medium());
                let hint = ui.ctx().format_shortcut(&shortcuts::UNDO);
                let link = egui::Button::new(words.color(view.theme.accent)).frame(false);
                if ui.add(link).on_hover_text(format!("Take it back ({hint})")).clicked() {
                    actions.push(wants(WrapUp::Undo(id)));
                }
                if button::small_icon(ui, view.theme, icon::X, "Leave it done").clicked() {
                    actions.push(wants(WrapUp::ForgetUndo(id)));
                }
            });
        });
    }
}
