//! *Forward…*: a message is said in other conversations too, whichever of the open ones the agent chooses.

use std::collections::BTreeSet;

use egui::{Id, Key, Modal, Modifiers, RichText, Role, ScrollArea, Sense, TextEdit, Ui, WidgetInfo};
use waxwing_protocol::id::{InteractionId, MessageId};

use super::super::{
    Action, View,
    emoji::folded,
    text::{self, Ink, Style},
    theme,
    widgets::{button, dialog, tick_box},
};
use crate::desk::{conversation::Conversation, phones};

/// How high the list is at most, in points.
const LIST: f32 = 280.0;

/// A message that is being forwarded.
#[derive(Debug)]
pub(super) struct Forwarding {
    message: MessageId,
    /// What is looked for among the conversations.
    words: String,
    /// Where it is to be said.
    to: BTreeSet<InteractionId>,
    /// Whether the agent can type already.
    has_begun: bool,
}

impl Forwarding {
    /// This message, to nobody yet.
    pub(super) const fn of(message: MessageId) -> Self {
        Self { message, words: String::new(), to: BTreeSet::new(), has_begun: false }
    }

    /// Lets the agent choose; says whether they are still at it.
    pub(super) fn show(
        &mut self,
        ui: &Ui,
        view: View<'_>,
        conversation: &Conversation,
        actions: &mut Vec<Action>,
    ) -> bool {
        let from = conversation.interaction().id;
        let (entered, escaped) = ui.input_mut(|input| {
            let entered = input.consume_key(Modifiers::NONE, Key::Enter);
            (entered, input.consume_key(Modifiers::NONE, Key::Escape))
        });
        let (mut forwards, mut stays) = (entered, !escaped);
        let modal =
            Modal::new(Id::unique(("forward", from))).frame(dialog(ui.style())).show(ui.ctx(), |ui| {
                ui.set_width(340.0);
                ui.label(RichText::new("Forward").family(theme::semibold()).size(15.0));
                let field = TextEdit::singleline(&mut self.words).hint_text("Look for a contact");
                let field = ui.add(field.desired_width(f32::INFINITY));
                if !std::mem::replace(&mut self.has_begun, true) {
                    field.request_focus();
                }
                let found = found(view, from, &self.words);
                if let ([(only, _)], true, true) = (found.as_slice(), entered, self.to.is_empty()) {
                    // Whoever has looked for one contact means that one.
                    self.to.insert(*only);
                }
                self.list(ui, view, &found);
                ui.add_space(4.0);
                ui.horizontal(|ui| {
                    let name = match self.to.len() {
                        0 | 1 => "Forward".to_owned(),
                        many => format!("Forward to {many}"),
                    };
                    forwards |= button::primary(ui, view.theme, &name, !self.to.is_empty()).clicked();
                    stays &= !button::plain(ui, "Cancel").clicked();
                });
            });
        if forwards && !self.to.is_empty() {
            let to = self.to.iter().copied().collect();
            actions.push(Action::Forward { from, message: self.message, to });
            return false;
        }
        stays && !modal.should_close()
    }

    fn list(&mut self, ui: &mut Ui, view: View<'_>, found: &[(InteractionId, String)]) {
        if found.is_empty() {
            let words = if self.words.is_empty() {
                "No other conversation is open."
            } else {
                "No open conversation is called that."
            };
            ui.label(RichText::new(words).color(view.theme.muted));
        }
        ScrollArea::vertical().max_height(LIST).show(ui, |ui| {
            for (id, title) in found {
                let mut chosen = self.to.contains(id);
                ui.horizontal(|ui| {
                    let tick = tick_box::tick_box(ui, view.theme, &mut chosen, "");
                    tick.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, chosen, title));
                    let name = text::Label::new(title, Style::new(14.0), Ink::of(view.theme)).one_row();
                    chosen ^= ui.add(name.sense(Sense::click())).clicked();
                });
                if chosen {
                    self.to.insert(*id);
                } else {
                    self.to.remove(id);
                }
            }
        });
    }
}

/// The other open conversations whose contact is called so.
fn found(view: View<'_>, from: InteractionId, words: &str) -> Vec<(InteractionId, String)> {
    let bar = view.desk.bar();
    let words = folded(words);
    bar.all()
        .map(|held| (held.interaction().id, phones::title(&held.interaction().contact)))
        .filter(|(id, title)| *id != from && folded(title).contains(&words))
        .collect()
}
