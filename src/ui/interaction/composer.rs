//! Where the agent writes: unmistakably to this contact, with what is left of the reply window and of the text limit.

use egui::{
    Align, Event, Frame, InputState, Key, KeyboardShortcut, Layout, Margin, Modifiers, Panel, RichText,
    Stroke, TextEdit, Ui,
};
use waxwing_protocol::{
    interaction::{Interaction, Phase},
    message::MAX_TEXT_BYTES,
};

use super::super::{Action, View, ViewState, theme, time, view_state::Composer, widgets::button};
use crate::desk::conversation::Conversation;

pub(super) fn show(
    ui: &mut Ui,
    view: View<'_>,
    conversation: &Conversation,
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    let interaction = conversation.interaction();
    let focus = state.focus_composer.take_if(|id| *id == interaction.id).is_some();
    let composer = state.composer(interaction.id, &conversation.draft().text);
    let frame = Frame::new().fill(view.theme.surface).inner_margin(Margin {
        left: 16,
        right: 16,
        top: 8,
        bottom: 12,
    });
    Panel::bottom(("composer", interaction.id)).frame(frame).show(ui, |ui| {
        let refusal = refusal(view, interaction, &composer.text);
        above(ui, view, interaction, &composer.text);
        let wants_to_send = edit(ui, view, interaction, composer, focus);
        let clicked = below(ui, view, refusal.as_deref());
        if (wants_to_send || clicked) && refusal.is_none() {
            let text = std::mem::take(&mut composer.text);
            composer.touch(view.now);
            actions.push(Action::Send { interaction: interaction.id, text });
            ui.memory_mut(|memory| memory.request_focus(field_id(interaction)));
        }
    });
}

fn field_id(interaction: &Interaction) -> egui::Id {
    egui::Id::unique(("composer field", interaction.id))
}

/// Why the text can't be sent, if it can't.
fn refusal(view: View<'_>, interaction: &Interaction, text: &str) -> Option<String> {
    let over = text.len().saturating_sub(MAX_TEXT_BYTES);
    if interaction.phase != Phase::Open {
        Some("This interaction is not open.".to_owned())
    } else if interaction.window.left(view.now).is_none() {
        Some("The reply window is closed: only a notification may be sent.".to_owned())
    } else if over > 0 {
        Some(format!("{over} bytes too long for WhatsApp: shorten it or send it in two messages."))
    } else if text.trim().is_empty() {
        Some(String::new())
    } else {
        None
    }
}

fn above(ui: &mut Ui, view: View<'_>, interaction: &Interaction, text: &str) {
    ui.spacing_mut().interact_size.y = 18.0;
    ui.horizontal(|ui| {
        let small = |text: String, colour| RichText::new(text).size(12.0).color(colour);
        if let Some(left) = interaction.window.left(view.now) {
            ui.label(small("Reply window closes in".to_owned(), view.theme.muted));
            ui.label(small(time::left(left), view.theme.text).family(theme::semibold()));
        } else {
            let words = "The reply window is closed: the contact has to write first, or take a notification.";
            ui.label(small(words.to_owned(), view.theme.late));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let colour = if text.len() > MAX_TEXT_BYTES { view.theme.overdue } else { view.theme.muted };
            let count = format!("{} / {}", thousands(text.len()), thousands(MAX_TEXT_BYTES));
            ui.label(small(count, colour)).on_hover_text("Bytes of the text; WhatsApp takes 4,096");
        });
    });
}

/// The field itself; says whether the agent pressed the key that sends.
fn edit(
    ui: &mut Ui,
    view: View<'_>,
    interaction: &Interaction,
    composer: &mut Composer,
    focus: bool,
) -> bool {
    let id = field_id(interaction);
    let (send, newline) = if view.choices.window.enter_sends {
        (Modifiers::NONE, Modifiers::SHIFT)
    } else {
        (Modifiers::COMMAND, Modifiers::NONE)
    };
    let focused = ui.memory(|memory| memory.has_focus(id));
    let sent = focused && ui.input_mut(|input| take_key(input, send, Key::Enter));
    let name = interaction.contact.title();
    let hint = RichText::new(format!("Message to {name}")).color(view.theme.faint);
    let height = ui.ctx().content_rect().height() * 0.3;
    let edge = if focused { view.theme.accent } else { view.theme.line };
    let frame = Frame::new()
        .fill(view.theme.surface)
        .stroke(Stroke::new(1.5, edge))
        .corner_radius(theme::CARD_RADIUS)
        .inner_margin(Margin::symmetric(12, 9));
    let output = frame.show(ui, |ui| {
        egui::ScrollArea::vertical().id_salt(id).max_height(height).show(ui, |ui| {
            TextEdit::multiline(&mut composer.text)
                .id(id)
                .hint_text(hint)
                .desired_rows(2)
                .desired_width(f32::INFINITY)
                .frame(Frame::NONE)
                .return_key(Some(KeyboardShortcut::new(newline, Key::Enter)))
                .show(ui)
        })
    });
    let response = output.inner.inner.response.response;
    response.widget_info(|| {
        let mut info = egui::WidgetInfo::text_edit(true, "", composer.text.as_str(), "");
        info.label = Some(format!("Message to {name}"));
        info
    });
    if focus {
        response.request_focus();
    }
    if response.changed() {
        composer.touch(view.now);
    }
    sent
}

/// Takes a key with exactly these modifiers out of the input (egui's own way lets further ones pass); says whether it
/// was pressed.
fn take_key(input: &mut InputState, with: Modifiers, wanted: Key) -> bool {
    let before = input.events.len();
    input.events.retain(|event| {
        !matches!(event, Event::Key { key, pressed: true, modifiers, .. }
            if *key == wanted && modifiers.matches_exact(with))
    });
    input.events.len() < before
}

/// The line with the button; says whether it was clicked.
fn below(ui: &mut Ui, view: View<'_>, refusal: Option<&str>) -> bool {
    ui.horizontal(|ui| {
        if let Some(why) = refusal.filter(|why| !why.is_empty()) {
            ui.label(RichText::new(why).size(12.0).color(view.theme.overdue));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let clicked = button::primary(ui, view.theme, "Send", refusal.is_none()).clicked();
            let key = if view.choices.window.enter_sends { "Enter" } else { "Ctrl+Enter" };
            ui.label(RichText::new(format!("{key} to send")).size(12.0).color(view.theme.muted));
            clicked
        })
        .inner
    })
    .inner
}

/// `4,096`.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::thousands;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(118), "118");
        assert_eq!(thousands(4096), "4,096");
        assert_eq!(thousands(1_234_567), "1,234,567");
    }
}
