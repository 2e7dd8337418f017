//! Where the agent writes: unmistakably to this contact, with what is left of the reply window and of the text limit.

use egui::{
    Align, CursorIcon, Event, Frame, InputState, Key, Label, Layout, Margin, Modifiers, Panel, Rect,
    RichText, Sense, Stroke, Ui, vec2,
};
use waxwing_protocol::{
    id::InteractionId,
    interaction::{Interaction, Phase},
    message::MAX_TEXT_BYTES,
};

use super::{
    super::{
        Action, View, ViewState,
        emoji::{EmojiState, completion},
        inserting::{self, blanks, completion::Place},
        shortcuts::take_key,
        side_panel::SidePanel,
        text::{Ink, Style, editor::Editor},
        theme, time,
        view_state::{Beside, Composer, composer_id},
        widgets::button,
        wrap_up,
    },
    composer_notes as notes, recorder,
    reply_window::{self, ReplyWindow},
    strip, tools,
};
use crate::desk::{conversation::Conversation, input::Command, phones};

/// How high the field is at least and, in auto, at most: rows, and a part of the window.
const LEAST_ROWS: usize = 2;
const AUTO_HEIGHT: f32 = 0.3;
/// How wide a letter of a small sentence is, more or less, in points.
const LETTER: f32 = 6.5;
/// How much of the window the agent may drag it up to.
const MOST_HEIGHT: f32 = 0.6;

pub(super) fn show(
    ui: &mut Ui,
    view: View<'_>,
    conversation: &Conversation,
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    let interaction = conversation.interaction();
    let mut focus = state.focus_composer.take_if(|id| *id == interaction.id).is_some();
    let mut height = state.composer_height;
    let frame = Frame::new().fill(view.theme.surface).inner_margin(Margin {
        left: 16,
        right: 16,
        top: 8,
        bottom: 12,
    });
    let works_elsewhere = state.side_panel.has_keys() || state.responses.is_looked_after();
    let (composer, beside) = state.composer_and_beside(interaction.id, conversation);
    let Beside { emoji, side, shorthand } = beside;
    let field = field_id(interaction);
    if focus || ui.memory(|memory| memory.has_focus(field)) {
        side.let_go_of_keys();
    }
    let place = Place { view, conversation, field };
    let foot = ui.available_rect_before_wrap().bottom();
    let sent = Panel::bottom(("composer", interaction.id)).frame(frame).show(ui, |ui| {
        grip(ui, view, &mut height);
        if !works_elsewhere {
            take_stray_letters(ui, field);
        }
        completion::take_keys(ui.ctx(), view, emoji, (composer, field));
        inserting::completion::take_keys(ui.ctx(), place, (shorthand, composer), actions);
        // Whatever was clicked there, the agent writes on.
        focus |= notes::set_aside(ui, (view, conversation), composer, actions);
        focus |= notes::answering(ui, view, conversation, composer);
        focus |= notes::pasting(ui, view, (interaction.id, composer), actions);
        let refusal = refusal(view, conversation, composer);
        above(ui, view, interaction, composer.text());
        recorder::show(ui, view, (interaction.id, &mut composer.discarding), actions);
        let sent_from_strip = strip::show(ui, (view, conversation), composer, actions);
        let (wants_to_send, caret) = edit(ui, view, (interaction, composer, height), focus, actions);
        completion::show(ui, view, emoji, (composer, field), caret);
        inserting::completion::show(ui, place, (shorthand, composer), caret, actions);
        let blank = blanks::refusal(composer);
        let window = reply_window::of(view, conversation);
        window.tell(ui, (view, interaction.id), side);
        let tools = (&mut *emoji, &mut *side);
        let clicked = below(ui, (view, interaction.id), tools, (&refusal, &blank), actions);
        let sends = (wants_to_send || sent_from_strip || clicked) && refusal.is_none();
        sends && !blanks::stop_at(ui, composer, conversation.strip(), (field, strip::caption_id))
    });
    if (sent.response.rect.bottom() - foot).abs() > 0.5 {
        // It was put where its last height asked for.
        ui.ctx().request_discard("the composer has another height");
    }
    if sent.inner {
        actions.extend(composer.captions.keep(interaction.id).into_iter().map(Action::Command));
        let (text, quote) = composer.take();
        actions.push(Action::Send { interaction: interaction.id, text, quote });
        ui.memory_mut(|memory| memory.request_focus(field));
        state.to_newest = true;
    }
    state.composer_height = height;
    if let Some(response) = state.shorthand.take_carrier() {
        state.insert_response(view, conversation, &response, actions);
    }
}

fn field_id(interaction: &Interaction) -> egui::Id {
    composer_id(interaction.id)
}

/// Why the text can't be sent, if it can't.
fn refusal(view: View<'_>, conversation: &Conversation, composer: &Composer) -> Option<String> {
    let (interaction, text) = (conversation.interaction(), composer.text());
    let over = text.len().saturating_sub(MAX_TEXT_BYTES);
    if interaction.phase != Phase::Open {
        Some("This interaction is not open.".to_owned())
    } else if reply_window::of(view, conversation) != ReplyWindow::Open {
        // That is told above the buttons, with the way out.
        Some(String::new())
    } else if over > 0 {
        Some(format!("{over} bytes too long for WhatsApp: shorten it or send it in two messages."))
    } else {
        strip::refusal(conversation.strip(), composer, !text.trim().is_empty())
    }
}

/// The upper edge: dragged, the field is as high as the agent wants it; a double click lets it grow by itself again.
fn grip(ui: &Ui, view: View<'_>, height: &mut Option<f32>) {
    let edge = ui.max_rect();
    let rect = Rect::from_min_size(edge.min - vec2(16.0, 8.0), vec2(edge.width() + 32.0, 7.0));
    // Nothing for keys, so Tab passes it.
    let response = ui.interact(rect, ui.scope_id().with("grip"), Sense::CLICK | Sense::DRAG);
    let response = response.on_hover_cursor(CursorIcon::ResizeVertical);
    if response.dragged() {
        let most = ui.ctx().content_rect().height() * MOST_HEIGHT;
        let now = height.unwrap_or(0.0).max(40.0);
        *height = Some((now - response.drag_delta().y).clamp(40.0, most));
    }
    if response.double_clicked() {
        *height = None;
    }
    let colour = if response.hovered() || response.dragged() { view.theme.accent } else { view.theme.line };
    ui.painter().hline(rect.x_range(), rect.top(), Stroke::new(1.0, colour));
}

fn above(ui: &mut Ui, view: View<'_>, interaction: &Interaction, text: &str) {
    ui.spacing_mut().interact_size.y = 18.0;
    let small = |text: String, colour| RichText::new(text).size(12.0).color(colour);
    if view.desk.wrap_up().warns_of_unsent(interaction.id) {
        ui.label(small(wrap_up::NOT_SENT.to_owned(), view.theme.overdue));
    }
    if interaction.contact.blocked {
        let why = "The contact is blocked: what you send reaches them, nothing they write reaches you.";
        ui.label(small(why.to_owned(), view.theme.overdue));
    }
    ui.horizontal(|ui| {
        if let Some(left) = interaction.window.left(view.now) {
            ui.label(small("Reply window closes in".to_owned(), view.theme.muted));
            ui.label(small(time::left(left), view.theme.text).family(theme::semibold()));
        } else {
            ui.label(small("Reply window closed".to_owned(), view.theme.late));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let colour = if text.len() > MAX_TEXT_BYTES { view.theme.overdue } else { view.theme.muted };
            let count = format!("{} / {}", thousands(text.len()), thousands(MAX_TEXT_BYTES));
            ui.label(small(count, colour)).on_hover_text("Bytes of the text; WhatsApp takes 4,096");
        });
    });
}

/// The field itself; says whether the agent pressed the key that sends, and where the caret is.
fn edit(
    ui: &mut Ui,
    view: View<'_>,
    (interaction, composer, height): (&Interaction, &mut Composer, Option<f32>),
    focus: bool,
    actions: &mut Vec<Action>,
) -> (bool, Rect) {
    let id = field_id(interaction);
    let focused = ui.memory(|memory| memory.has_focus(id));
    let mut sent = false;
    let mut marked = false;
    if focused {
        sent = ui.input_mut(|input| take_enter(input, view.choices.window.enter_sends));
        marked = mark(ui, composer);
        blanks::walk(ui, composer);
        if ui.input_mut(|input| composer.paste_watch.take(input)) {
            actions.push(Action::PasteFiles(interaction.id));
        }
        composer.intercept_paste(ui);
    }
    let name = phones::title(&interaction.contact);
    let hint = format!("Message to {name}");
    let auto = ui.ctx().content_rect().height() * AUTO_HEIGHT;
    let style = Style::new(14.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few rows")]
    let rows = height.map_or(LEAST_ROWS, |height| ((height / style.line_height) as usize).max(LEAST_ROWS));
    let edge = if focused { view.theme.accent } else { view.theme.line };
    let frame = Frame::new()
        .fill(view.theme.surface)
        .stroke(Stroke::new(1.5, edge))
        .corner_radius(theme::CARD_RADIUS)
        .inner_margin(Margin::symmetric(12, 9));
    let misspelled = notes::misspelled(view, composer, focused);
    let blanks = blanks::ranges(composer.text());
    let output = frame.show(ui, |ui| {
        Editor::new(&mut composer.editor, id, style, Ink::of(view.theme))
            .label(&hint)
            .hint(&hint)
            .min_rows(rows)
            .max_height(height.unwrap_or(auto))
            .misspelled(&misspelled)
            .blanks(&blanks, view.theme.late_soft)
            .show(ui)
    });
    let output = output.inner;
    blanks::keep_tab(ui, id, composer.text());
    let corrected = notes::suggest(view, composer, &output, &misspelled);
    let response = output.response;
    if focus {
        response.request_focus();
    }
    if response.changed() || marked || corrected {
        composer.touch(view.now);
        if view.choices.conversation.typing && !composer.text().is_empty() {
            actions.push(Action::Command(Command::Typing { interaction: interaction.id }));
        }
    }
    (sent, output.caret)
}

/// What is typed while nothing has the focus, and nobody works elsewhere, is meant for the contact in front.
fn take_stray_letters(ui: &Ui, field: egui::Id) {
    let types = ui.input(|input| {
        let typed = |event: &Event| {
            matches!(event, Event::Text(_) | Event::Ime(_) | Event::Paste(_) | Event::PasteImage(_))
        };
        input.focused && input.events.iter().any(typed)
    });
    if types && ui.memory(|memory| memory.focused().is_none()) {
        ui.memory_mut(|memory| memory.request_focus(field));
    }
}

/// `Ctrl B` and the like put WhatsApp's marks around what is selected; says whether one did.
fn mark(ui: &Ui, composer: &mut Composer) -> bool {
    let shifted = Modifiers::COMMAND.plus(Modifiers::SHIFT);
    let marks = [
        (Modifiers::COMMAND, Key::B, "*"),
        (Modifiers::COMMAND, Key::I, "_"),
        (shifted, Key::X, "~"),
        (Modifiers::COMMAND, Key::E, "`"),
        (shifted, Key::E, "```"),
    ];
    for (modifiers, key, mark) in marks {
        if ui.input_mut(|input| take_key(input, modifiers, key)) {
            composer.editor.wrap(mark);
            return true;
        }
    }
    false
}

/// Takes the key that sends out of the input, and makes of the other one a plain line break.
pub(super) fn take_enter(input: &mut InputState, enter_sends: bool) -> bool {
    let (send, newline) =
        if enter_sends { (Modifiers::NONE, Modifiers::SHIFT) } else { (Modifiers::COMMAND, Modifiers::NONE) };
    let sent = take_key(input, send, Key::Enter);
    for event in &mut input.events {
        if let Event::Key { key: Key::Enter, pressed: true, modifiers, .. } = event
            && modifiers.matches_exact(newline)
        {
            *modifiers = Modifiers::NONE;
        }
    }
    sent
}

/// The line with the buttons; says whether the one was clicked that sends.
fn below(
    ui: &mut Ui,
    (view, interaction): (View<'_>, InteractionId),
    beside: (&mut EmojiState, &mut SidePanel),
    (refusal, blank): (&Option<String>, &Option<String>),
    actions: &mut Vec<Action>,
) -> bool {
    ui.horizontal(|ui| {
        tools::show(ui, (view, interaction), beside, actions);
        let why = refusal.as_ref().or(blank.as_ref()).filter(|why| !why.is_empty());
        let small = |words: &str, colour| RichText::new(words).size(12.0).color(colour);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let clicked = button::primary(ui, view.theme, "Send", refusal.is_none()).clicked();
            let key = if view.choices.window.enter_sends { "Enter" } else { "Ctrl+Enter" };
            let hint = format!("{key} to send");
            // Why not is more to the point than how, where there is no room for both.
            let letters = why.map_or(0, |why| why.chars().count() + hint.len());
            #[expect(clippy::cast_precision_loss, reason = "a sentence")]
            if letters as f32 * LETTER < ui.available_width() {
                ui.label(small(&hint, view.theme.muted));
            }
            if let Some(why) = why {
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    ui.add(Label::new(small(why, view.theme.overdue)).truncate());
                });
            }
            clicked
        })
        .inner
    })
    .inner
}

/// `4,096`.
pub(super) fn thousands(number: usize) -> String {
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
