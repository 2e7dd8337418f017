//! Who is looked for: words as they are typed, or one thing beside another.

use egui::{Id, RichText, Ui};
use waxwing_protocol::directory::Shelf;

use super::super::{
    View, icon,
    text::editor::EditorState,
    theme,
    widgets::{button, field::Field},
};
use crate::desk::directory::Wanted;

/// What was typed.
#[derive(Debug, Default)]
pub(super) struct Looking {
    words: EditorState,
    is_advanced: bool,
    name: EditorState,
    phone: EditorState,
    email: EditorState,
    key: EditorState,
    value: EditorState,
}

impl Looking {
    /// What is wanted of a shelf. What the advanced search asks counts while it is open.
    pub(super) fn wanted(&self, shelf: Shelf) -> Wanted {
        let words = self.words.text().to_owned();
        if !self.is_advanced {
            return Wanted { words, shelf, ..Wanted::default() };
        }
        let [name, phone, email, attribute_key, attribute_value] =
            [&self.name, &self.phone, &self.email, &self.key, &self.value].map(|it| it.text().to_owned());
        Wanted { words, name, phone, email, attribute_key, attribute_value, shelf }
    }

    /// Whether anybody is looked for in particular.
    pub(super) fn is_looking(&self) -> bool {
        self.wanted(Shelf::All) != Wanted::default()
    }

    /// Looks for these words.
    pub(super) fn look_for(&mut self, words: &str) {
        *self = Self { words: EditorState::new(words), ..Self::default() };
    }

    /// Draws the fields.
    pub(super) fn show(&mut self, ui: &mut Ui, view: View<'_>) {
        ui.horizontal(|ui| {
            let room = (ui.available_width() - 190.0).clamp(160.0, 480.0);
            ui.scope(|ui| {
                ui.set_width(room);
                let hint = "Name, phone, user name, e-mail, attribute";
                field("words", "Search contacts", hint).line(ui, view, &mut self.words);
            });
            let name = if self.is_advanced { "Simple search" } else { "Advanced search" };
            if button::plain(ui, name).clicked() {
                self.is_advanced = !self.is_advanced;
            }
            if self.is_looking() && button::icon(ui, view.theme, icon::X, "Clear the search").clicked() {
                *self = Self { is_advanced: self.is_advanced, ..Self::default() };
            }
        });
        if self.is_advanced {
            self.advanced(ui, view);
        }
    }

    fn advanced(&mut self, ui: &mut Ui, view: View<'_>) {
        let fields: [(&str, &str, &mut EditorState); 5] = [
            ("A name begins with", "Ivanova", &mut self.name),
            ("Phone holds", "+1 650 555", &mut self.phone),
            ("E-mail begins with", "masha@", &mut self.email),
            ("Attribute", "Segment", &mut self.key),
            ("is", "Any value", &mut self.value),
        ];
        ui.horizontal_wrapped(|ui| {
            #[expect(clippy::cast_precision_loss, reason = "five fields")]
            let width = (ui.available_width() / fields.len() as f32 - 10.0).max(130.0);
            for (name, hint, typed) in fields {
                ui.vertical(|ui| {
                    ui.set_width(width);
                    ui.spacing_mut().item_spacing.y = 2.0;
                    let words = RichText::new(name).size(12.0).family(theme::medium());
                    ui.label(words.color(view.theme.muted));
                    field(name, name, hint).line(ui, view, typed);
                });
            }
        });
    }
}

/// The field of the words that are looked for.
pub(in crate::ui) fn words_id() -> Id {
    Id::unique(("contacts", "words"))
}

fn field<'a>(id: &str, name: &'a str, hint: &'a str) -> Field<'a> {
    Field { id: Id::unique(("contacts", id)), name, hint }
}
