//! Giving a name to a category, a new one or one that is there.

use egui::{Context, Key, Modifiers, RichText, TextEdit};
use waxwing_protocol::{
    id::CategoryId,
    library::PutCategory,
    response::{Category, check_name},
};

use super::{
    super::super::{Action, LibraryAsk, View, widgets::button},
    window,
};
use crate::desk::{input::Command, library::manage::Manage};

/// A category that is being given a name.
#[derive(Debug)]
pub(super) struct Naming {
    /// Which; none for a new one.
    id: Option<CategoryId>,
    parent: Option<CategoryId>,
    name: String,
    /// Whether the agent can type already.
    has_begun: bool,
}

impl Naming {
    /// A new one in that one, or at the top.
    pub(super) const fn new(parent: Option<CategoryId>) -> Self {
        Self { id: None, parent, name: String::new(), has_begun: false }
    }

    /// One that is there.
    pub(super) fn of(category: &Category) -> Self {
        let Category { id, parent, name } = category;
        Self { id: Some(*id), parent: *parent, name: name.clone(), has_begun: false }
    }

    /// Lets somebody type; says whether they are still at it.
    pub(super) fn show(&mut self, ctx: &Context, view: View<'_>, actions: &mut Vec<Action>) -> bool {
        let title = if self.id.is_some() { "Rename category" } else { "New category" };
        let (mut stays, mut saves) = (true, false);
        window(title, "category").resizable(false).default_width(300.0).show(ctx, |ui| {
            if let Some(parent) = self.parent {
                let path = view.desk.library().path(parent).join(" › ");
                ui.label(RichText::new(format!("In {path}")).size(12.0).color(view.theme.muted));
            }
            let label = ui.label("Name");
            let field = TextEdit::singleline(&mut self.name).desired_width(f32::INFINITY);
            let field = ui.add(field).labelled_by(label.id);
            if !std::mem::replace(&mut self.has_begun, true) {
                field.request_focus();
            }
            let is_good = check_name(&self.name).is_ok();
            if field.has_focus() || field.lost_focus() {
                let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
                saves = pressed(Key::Enter) && is_good;
                stays = !pressed(Key::Escape);
            }
            ui.horizontal(|ui| {
                saves |= button::primary(ui, view.theme, "Save", is_good).clicked();
                stays &= !button::plain(ui, "Cancel").clicked();
            });
        });
        if saves {
            let put = PutCategory { parent: self.parent, name: self.name.trim().to_owned() };
            actions.push(match self.id {
                Some(category) => Action::Command(Command::Manage(Manage::SaveCategory { category, put })),
                None => Action::Library(LibraryAsk::NewCategory(put)),
            });
        }
        stays && !saves
    }
}
