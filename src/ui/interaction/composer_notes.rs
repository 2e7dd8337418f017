//! What stands about the field: the message that is answered, words from another machine, a paste that is too much, other
//! words for a misspelled one.

use std::{ops::Range, path::PathBuf};

use egui::{Align, Frame, Key, Layout, Margin, Modifiers, RichText, Ui};
use waxwing_protocol::{draft::MAX_DRAFT_BYTES, id::InteractionId, message::MAX_TEXT_BYTES};

use super::{
    super::{
        Action, View, icon,
        text::{self, Ink, Style, editor::EditorOutput},
        theme,
        view_state::Composer,
        widgets::button,
    },
    composer::thousands,
    paste::paths,
};
use crate::desk::{conversation::Conversation, file::FileSource, input::Command, phones};

/// The message that is answered; Escape or its cross answers none. Says whether one of them did.
pub(super) fn answering(
    ui: &mut Ui,
    view: View<'_>,
    conversation: &Conversation,
    composer: &mut Composer,
) -> bool {
    let Some(quote) = composer.quote() else { return false };
    let quoted = conversation.message(quote);
    let name = match quoted {
        Some(message) if !message.is_by_contact() => "yourself".to_owned(),
        _ => phones::title(&conversation.interaction().contact),
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
    closed.inner || escaped
}

/// Words that were written on another machine and overtaken: to take up or to drop. Says whether either was clicked.
pub(super) fn set_aside(
    ui: &mut Ui,
    (view, conversation): (View<'_>, &Conversation),
    composer: &mut Composer,
    actions: &mut Vec<Action>,
) -> bool {
    let interaction = conversation.interaction().id;
    let asked = actions.len();
    for written in conversation.set_aside() {
        let at = written.at;
        ui.horizontal(|ui| {
            ui.spacing_mut().interact_size.y = 18.0;
            let device = if written.device.is_empty() { "another computer" } else { &written.device };
            let words = format!("Also written, on {device}, {}:", view.date_and_time(at));
            ui.label(RichText::new(words).size(12.0).color(view.theme.late));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if ui.button("Drop").on_hover_text("Throw these words away").clicked() {
                    actions.push(Action::Command(Command::Drop { interaction, at }));
                }
                if ui.button("Use").on_hover_text("Take these words into the composer").clicked() {
                    // They come below what stands here, so that must be known first.
                    actions.extend(composer.keep(interaction).map(Action::Command));
                    actions.push(Action::Command(Command::TakeUp { interaction, at }));
                }
                let ink = Ink::of(view.theme);
                ui.add(text::Label::new(&written.text, Style::new(12.0), ink).one_row());
            });
        });
    }
    actions.len() > asked
}

/// A paste of more than WhatsApp takes in one message waits for the agent to say what they want; says whether they did.
pub(super) fn pasting(
    ui: &mut Ui,
    view: View<'_>,
    (interaction, composer): (InteractionId, &mut Composer),
    actions: &mut Vec<Action>,
) -> bool {
    let Some(pasted) = composer.pasted() else { return false };
    if let Some(paths) = paths(pasted).filter(|_| pasted.len() <= MAX_TEXT_BYTES) {
        return pasting_paths(ui, view, (interaction, paths), composer, actions);
    }
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
    composer.pasted().is_none()
}

/// A paste of what looks like files waits likewise; says whether the agent has said what they want.
fn pasting_paths(
    ui: &mut Ui,
    view: View<'_>,
    (interaction, paths): (InteractionId, Vec<PathBuf>),
    composer: &mut Composer,
    actions: &mut Vec<Action>,
) -> bool {
    let (question, attach) = match paths.len() {
        1 => ("The clipboard holds the path of a file.".to_owned(), "Attach the file"),
        many => (format!("The clipboard holds the paths of {many} files."), "Attach the files"),
    };
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(question).size(12.0).color(view.theme.late));
        if ui.button(attach).clicked() {
            let files = paths.into_iter().map(FileSource::Path).collect();
            actions.push(Action::Attach { interaction, files });
            composer.paste(0, view.now);
        }
        if ui.button("Paste the words").clicked() {
            composer.paste(usize::MAX, view.now);
        }
    });
    composer.pasted().is_none()
}

/// What is misspelled, but for the word that is being typed.
pub(super) fn misspelled(view: View<'_>, composer: &Composer, focused: bool) -> Vec<Range<usize>> {
    let mut found = view.spelling.misspelled(composer.text());
    let caret = composer.editor.caret();
    found.retain(|word| !focused || caret < word.start || caret > word.end);
    found
}

/// A right click on a misspelled word offers others; says whether one was taken.
pub(super) fn suggest(
    view: View<'_>,
    composer: &mut Composer,
    field: &EditorOutput,
    misspelled: &[Range<usize>],
) -> bool {
    let mut taken = false;
    field.response.context_menu(|ui| {
        let at = ui.ctx().data(|data| data.get_temp::<Range<usize>>(field.response.id));
        let Some(range) = at else {
            ui.label("No misspelled word here");
            return;
        };
        let word = composer.text().get(range.clone()).unwrap_or_default().to_owned();
        match view.spelling.suggestions(&word) {
            None => drop(ui.label("Looking for words…")),
            Some(words) if words.is_empty() => drop(ui.label("No word is like this one")),
            Some(words) => {
                for other in words {
                    if ui.button(&other).clicked() {
                        composer.editor.select(range.clone());
                        composer.editor.insert(&other);
                        taken = true;
                    }
                }
            }
        }
    });
    if field.response.secondary_clicked()
        && let Some(at) = field.response.interact_pointer_pos()
    {
        let offset = field.galley.hit(at - field.at.to_vec2());
        let word = misspelled.iter().find(|word| word.start <= offset && offset <= word.end).cloned();
        field.response.ctx.data_mut(|data| match word {
            Some(word) => drop(data.insert_temp(field.response.id, word)),
            None => data.remove::<Range<usize>>(field.response.id),
        });
    }
    taken
}
