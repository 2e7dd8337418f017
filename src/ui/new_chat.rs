//! *Create new chat*: from which of our numbers, and what the window does once the chat stands in front.

use egui::{Popup, RichText, Ui};
use waxwing_protocol::{
    contact::Contact,
    history::NewChat,
    id::{BusinessNumberId, InteractionId},
};

use super::{Action, View, ViewState, side_panel::Tab, theme, widgets::button, workplace::Workplace};
use crate::desk::{
    input::Command,
    past::{PastWish, chats::Begun},
};

/// With whom a chat is to be begun, and what it follows.
#[derive(Debug, Clone, Copy)]
pub(super) struct With<'a> {
    pub(super) contact: &'a Contact,
    /// The number on which they were talked to before.
    pub(super) number: Option<BusinessNumberId>,
    pub(super) after: Option<InteractionId>,
}

impl With<'_> {
    fn begin(&self, number: BusinessNumberId) -> Action {
        let chat = NewChat { contact: self.contact.id, number, after: self.after };
        Action::Command(Command::NewChat(chat))
    }
}

/// The button. Where there are several numbers, it opens a menu of them.
pub(super) fn button(ui: &mut Ui, view: View<'_>, with: With<'_>, actions: &mut Vec<Action>) {
    const NAME: &str = "Create new chat";
    let numbers = view.desk.past().numbers();
    let is_free = view.desk.new_chat().is_none() && !with.contact.blocked;
    let name = if view.desk.new_chat().is_some() { "Beginning the chat…" } else { NAME };
    let button = button::primary(ui, view.theme, name, is_free);
    let button = if with.contact.blocked {
        button.on_disabled_hover_text("The contact is blocked: nothing they write reaches anybody")
    } else {
        button
    };
    match (numbers, with.number) {
        // Without an answer so far, the number of before will do.
        ([], Some(number)) => actions.extend(button.clicked().then(|| with.begin(number))),
        ([], None) => {
            if button.clicked() {
                actions.push(Action::Command(Command::Past(PastWish::AskNumbers)));
            }
        }
        ([only], _) => actions.extend(button.clicked().then(|| with.begin(only.id))),
        (several, before) => {
            Popup::menu(&button).show(|ui| {
                ui.set_min_width(220.0);
                ui.label(RichText::new("From which number?").size(12.0).color(view.theme.muted));
                for number in several {
                    let is_before = before == Some(number.id);
                    let words = format!("{} · {}", number.name, number.display_number);
                    let words = RichText::new(words).family(if is_before {
                        theme::semibold()
                    } else {
                        egui::FontFamily::Proportional
                    });
                    let choice = ui.button(words);
                    let choice =
                        if is_before { choice.on_hover_text("As in the interaction before") } else { choice };
                    if choice.clicked() {
                        actions.push(with.begin(number.id));
                    }
                }
            });
        }
    }
}

/// The same as an icon, for whoever is in front of a list.
pub(super) fn menu_item(ui: &mut Ui, view: View<'_>, with: With<'_>, actions: &mut Vec<Action>) {
    let numbers = view.desk.past().numbers();
    let only = match (numbers, with.number) {
        ([only], _) => Some(only.id),
        ([], number) => number,
        _ => None,
    };
    let is_free = view.desk.new_chat().is_none() && !with.contact.blocked;
    ui.add_enabled_ui(is_free, |ui| match only {
        Some(number) => actions.extend(ui.button("Create new chat").clicked().then(|| with.begin(number))),
        None => {
            for number in numbers {
                let name = format!("Create new chat · {}", number.name);
                actions.extend(ui.button(name).clicked().then(|| with.begin(number.id)));
            }
        }
    });
}

/// A chat that was begun has come to the front: the window goes there, to the composer or, where nothing else may be sent, to
/// the notifications.
pub(super) fn welcome(view: View<'_>, state: &mut ViewState) {
    let begun = view.desk.begun_chat();
    if std::mem::replace(&mut state.welcomed, begun) == begun {
        return;
    }
    let Some(Begun { interaction, after, .. }) = begun else { return };
    let Some(conversation) = view.desk.conversation(interaction) else { return };
    if let Some(ended) = after.and_then(|after| view.desk.conversation(after)) {
        state.carry_words(view.now, ended, conversation);
    }
    state.workplace = Workplace::Active;
    if conversation.interaction().window.left(view.now).is_some() {
        state.focus_composer = Some(interaction);
    } else {
        // The notifications have the keys, and not the composer of what comes to the front.
        state.in_front = Some(interaction);
        state.side_panel.show(Tab::Notification, interaction);
    }
}
