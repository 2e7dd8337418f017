//! Asking before something goes from every desktop.

use egui::{Context, Label, RichText};
use waxwing_protocol::response::{Category, StandardResponse};

use super::{
    super::super::{Action, View, widgets::button},
    window,
};
use crate::desk::{input::Command, library::manage::Manage};

/// What may go.
#[derive(Debug)]
pub(super) struct Question {
    title: String,
    words: &'static str,
    deed: Manage,
}

impl Question {
    /// A response.
    pub(super) fn response(response: &StandardResponse) -> Self {
        let words = if response.content.owner.is_some() {
            "It goes with all its versions. What was sent with it stays."
        } else {
            "It goes from every desktop, with all its versions. What was sent with it stays."
        };
        Self {
            title: format!("Delete “{}”?", response.content.name),
            words,
            deed: Manage::Remove(response.id),
        }
    }

    /// A category.
    pub(super) fn category(category: &Category) -> Self {
        let words = "What stands in it moves up to where it stood.";
        let deed = Manage::RemoveCategory(category.id);
        Self { title: format!("Delete the category “{}”?", category.name), words, deed }
    }

    /// Asks; says whether it is still to be answered.
    pub(super) fn show(&self, ctx: &Context, view: View<'_>, actions: &mut Vec<Action>) -> bool {
        let mut stays = true;
        window(&self.title, "question").resizable(false).default_width(320.0).show(ctx, |ui| {
            ui.add(Label::new(RichText::new(self.words).color(view.theme.muted)).wrap());
            ui.horizontal(|ui| {
                if button::primary(ui, view.theme, "Delete", true).clicked() {
                    actions.push(Action::Command(Command::Manage(self.deed.clone())));
                    stays = false;
                }
                stays &= !button::plain(ui, "Keep it").clicked();
            });
        });
        stays
    }
}
