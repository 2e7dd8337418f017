//! What takes *Done* back: a card at the foot of the interaction bar, beside the notices, so that nothing moves under the pointer
//! when it comes and goes; a line where the bar is a strip.

use egui::{Frame, Margin, Panel, RichText, Ui};
use waxwing_protocol::id::InteractionId;

use super::{
    super::{
        Action, View, icon,
        notices::{self, Part},
        shortcuts,
        text::{self, Ink, Style},
        theme, time,
        widgets::button,
    },
    wants,
};
use crate::desk::wrap_up::{Undo, WrapUp};

/// So many cards there are at most: the newest.
const CARDS: usize = 3;

/// Interactions that were just done, and are taken back together.
pub(in crate::ui) struct Done<'a> {
    ids: Vec<InteractionId>,
    told: String,
    /// Whether somebody among them waits for an answer.
    waits: bool,
    /// Seconds, rounded up.
    left: i64,
    first: &'a Undo,
}

/// What can be taken back now, the newest first.
pub(in crate::ui) fn all(view: View<'_>) -> Vec<Done<'_>> {
    let mut undos = view.desk.wrap_up().undos();
    undos.retain(|(_, undo)| undo.is_under_way || time::seconds_left(undo.until, view.now) > 0);
    let acts = undos.chunk_by(|(_, one), (_, other)| one.act.is_some() && one.act == other.act);
    let each = acts.filter_map(|act| {
        let told = match act {
            [(_, one)] => format!("Done: {}", one.title.as_deref().unwrap_or("the last conversation")),
            many => format!("Done: {} conversations", many.len()),
        };
        Done::of(view, act, told)
    });
    each.take(CARDS).collect()
}

impl<'a> Done<'a> {
    /// Of some, the newest first; the oldest says how long it is offered.
    fn of(view: View<'a>, some: &[(InteractionId, &'a Undo)], told: String) -> Option<Self> {
        let first = some.last()?.1;
        Some(Done {
            ids: some.iter().map(|(id, _)| *id).collect(),
            told,
            waits: some.iter().any(|(_, undo)| undo.waits),
            left: time::seconds_left(first.until, view.now),
            first,
        })
    }

    /// Draws its card, as wide as there is room.
    pub(in crate::ui) fn card(&self, ui: &mut Ui, view: View<'_>, actions: &mut Vec<Action>) {
        let sign = icon::text(icon::CHECK, 16.0).color(view.theme.muted);
        notices::framed(ui, view.theme.sunken, sign, |ui, part| match part {
            Part::Words => {
                ui.add(text::Label::new(&self.told, Style::new(13.0), Ink::of(view.theme)).rows(2));
                self.waiting(ui, view);
                self.undo(ui, view, actions);
            }
            Part::Cross => self.leave(ui, view, actions),
        });
    }

    /// Draws its line.
    fn line(&self, ui: &mut Ui, view: View<'_>, actions: &mut Vec<Action>) {
        ui.horizontal(|ui| {
            ui.label(icon::text(icon::CHECK, 16.0).color(view.theme.muted));
            ui.add(text::Label::new(&self.told, Style::new(14.0), Ink::of(view.theme)));
            self.waiting(ui, view);
            self.undo(ui, view, actions);
            self.leave(ui, view, actions);
        });
    }

    fn waiting(&self, ui: &mut Ui, view: View<'_>) {
        if self.waits {
            let told = match self.ids.len() {
                1 => "Their last message has no answer.",
                _ => "Somebody among them has no answer.",
            };
            ui.label(RichText::new(told).size(13.0).color(view.theme.late));
        }
    }

    fn undo(&self, ui: &mut Ui, view: View<'_>, actions: &mut Vec<Action>) {
        if self.first.is_under_way {
            ui.label(RichText::new("Taking it back…").color(view.theme.muted));
            return;
        }
        ui.ctx().request_repaint_after(time::until_next_second(self.first.until, view.now));
        let words = RichText::new(format!("Undo ({} s)", self.left)).family(theme::medium());
        let hint = ui.ctx().format_shortcut(&shortcuts::UNDO);
        let link = egui::Button::new(words.color(view.theme.accent)).frame(false);
        if ui.add(link).on_hover_text(format!("Take it back ({hint})")).clicked() {
            self.take_back(actions);
        }
    }

    /// Takes it back.
    pub(super) fn take_back(&self, actions: &mut Vec<Action>) {
        actions.extend(self.ids.iter().map(|id| wants(WrapUp::Undo(*id))));
    }

    fn leave(&self, ui: &mut Ui, view: View<'_>, actions: &mut Vec<Action>) {
        if !self.first.is_under_way && button::small_icon(ui, view.theme, icon::X, "Leave it done").clicked()
        {
            actions.extend(self.ids.iter().map(|id| wants(WrapUp::ForgetUndo(*id))));
        }
    }
}

/// Draws a line for each under the top bar, where the interaction bar has no room for words.
pub(in crate::ui) fn lines(ui: &mut Ui, view: View<'_>, actions: &mut Vec<Action>) {
    for (number, done) in all(view).iter().enumerate() {
        let frame = Frame::new().fill(view.theme.sunken).inner_margin(Margin::symmetric(16, 4));
        let panel = Panel::top(format!("undo {number}")).show_separator_line(false).frame(frame);
        panel.show(ui, |ui| done.line(ui, view, actions));
    }
}
