//! What stands above the field: the message that is answered, words from another machine, a paste that is too much.

use egui::{Align, Frame, Key, Layout, Margin, Modifiers, RichText, Ui};
use waxwing_protocol::{draft::MAX_DRAFT_BYTES, message::MAX_TEXT_BYTES};

use super::{
    super::{
        Action, View, icon,
        text::{self, Ink, Style},
        theme,
        view_state::Composer,
        widgets::button,
    },
    composer::thousands,
};
use crate::desk::conversation::Conversation;

/// The message that is answered; Escape or its cross answers none.
pub(super) fn answering(ui: &mut Ui, view: View<'_>, conversation: &Conversation, composer: &mut Composer) {
    let Some(quote) = composer.quote() else { return };
    let quoted = conversation.message(quote);
    let name = match quoted {
        Some(message) if !message.is_by_contact() => "yourself".to_owned(),
        _ => conversation.interaction().contact.title(),
    };
    let excerpt = quoted.map_or("A message further up", |message| message.fallback.as_str());
    let frame =
        Frame::new().fill(view.theme.accent_soft).corner_radius(6).inner_margin(Margin::symmetric(10, 5));
    let closed = frame.show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let clicked = button::icon(ui, view.theme, icon::X, "Answer no message").clicked();
                ui.with_layout(Layout::top_down(Align::Min), |ui| {
                    ui.spacing_mut().item_spacing.y = 0.0;
                    let title = RichText::new(format!("Answering {}", text::isolate::isolated(&name)));
                    ui.label(title.size(12.0).family(theme::semibold()).color(view.theme.accent));
                    let ink = Ink::of(view.theme).with_text(view.theme.muted);
                    ui.add(text::Label::new(excerpt, Style::new(12.0), ink).one_row());
                });
                clicked
            })
            .inner
        })
        .inner
    });
    let escaped = ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape));
    if closed.inner || escaped {
        composer.answer(None, view.now);
    }
    ui.add_space(4.0);
}

/// Words that were written on another machine and overtaken: to take up or to drop.
pub(super) fn set_aside(ui: &mut Ui, view: View<'_>, conversation: &Conversation, actions: &mut Vec<Action>) {
    let interaction = conversation.interaction().id;
    for written in conversation.set_aside() {
        let at = written.at;
        ui.horizontal(|ui| {
            ui.spacing_mut().interact_size.y = 18.0;
            let device = if written.device.is_empty() { "another computer" } else { &written.device };
            let words = format!("Also written, on {device}, {}:", view.date_and_time(at));
            ui.label(RichText::new(words).size(12.0).color(view.theme.late));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if ui.button("Drop").on_hover_text("Throw these words away").clicked() {
                    actions.push(Action::DropAside { interaction, at });
                }
                if ui.button("Use").on_hover_text("Take these words into the composer").clicked() {
                    actions.push(Action::TakeUp { interaction, at });
                }
                let ink = Ink::of(view.theme);
                ui.add(text::Label::new(&written.text, Style::new(12.0), ink).one_row());
            });
        });
    }
}

/// A paste of more than WhatsApp takes in one message waits for the agent to say what they want.
pub(super) fn pasting(ui: &mut Ui, view: View<'_>, composer: &mut Composer) {
    let Some(pasted) = composer.pasted() else { return };
    let (length, fits) = (pasted.len(), pasted.len() + composer.text().len() <= MAX_DRAFT_BYTES);
    let question = format!(
        "The clipboard holds {} bytes; WhatsApp takes {} in a message.",
        thousands(length),
        thousands(MAX_TEXT_BYTES)
    );
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(question).size(12.0).color(view.theme.late));
        let all = ui.add_enabled(fits, egui::Button::new("Paste all"));
        if all.on_disabled_hover_text("This is more than can be kept as a draft").clicked() {
            composer.paste(usize::MAX, view.now);
        }
        if ui.button("Paste what fits").clicked() {
            let room = MAX_TEXT_BYTES.saturating_sub(composer.text().len());
            composer.paste(room, view.now);
        }
        if ui.button("Don't paste").clicked() {
            composer.paste(0, view.now);
        }
    });
}
