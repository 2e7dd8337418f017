//! What may be done with a response, a category and the library as a whole, by whom.

use egui::{Response, Ui};
use waxwing_protocol::{
    id::CategoryId,
    library::{LibraryForm, PutCategory},
    response::{ResponseContent, StandardResponse},
};

use super::{
    super::{
        super::{Action, LibraryAsk, View, ViewState},
        row,
    },
    category::Naming,
    question::Question,
};
use crate::desk::{
    conversation::Conversation,
    input::Command,
    library::{Library, manage::Manage},
};

/// The categories with the paths that lead to them, in order.
pub(super) fn shelves(library: &Library) -> Vec<(CategoryId, String)> {
    let mut shelves: Vec<_> =
        library.categories().map(|held| (held.id, library.path(held.id).join(" › "))).collect();
    shelves.sort_by_cached_key(|(id, path)| (path.to_lowercase(), *id));
    shelves
}

/// With the library as a whole.
pub(in super::super) fn menu(
    ui: &mut Ui,
    (view, _conversation): (View<'_>, &Conversation),
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    let new = |owner| {
        let content = ResponseContent { active: true, owner, ..ResponseContent::default() };
        Action::Library(LibraryAsk::New(Box::new(content)))
    };
    if ui.button("New response of your own").clicked() {
        actions.push(new(view.agent().map(|agent| agent.id)));
    }
    if !view.leads() {
        return;
    }
    if ui.button("New response for all").clicked() {
        actions.push(new(None));
    }
    if ui.button("New category").clicked() {
        state.responses.care.naming = Some(Naming::new(None));
    }
    ui.separator();
    if ui.button("Import…").clicked() {
        actions.push(Action::Library(LibraryAsk::PickImport));
    }
    ui.menu_button("Export", |ui| {
        for (form, name) in [
            (LibraryForm::Csv, "As a table (CSV)"),
            (LibraryForm::Json, "With everything (JSON)"),
            (LibraryForm::Toml, "To be written by hand (TOML)"),
        ] {
            if ui.button(name).clicked() {
                actions.push(Action::Command(Command::Manage(Manage::Export(form))));
            }
        }
    });
}

/// With a category.
pub(in super::super) fn category_menu(
    response: &Response,
    (view, id): (View<'_>, CategoryId),
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    let library = view.desk.library();
    let Some(category) = library.category(id).filter(|_| view.leads()) else { return };
    response.context_menu(|ui| {
        if ui.button("New response here").clicked() {
            let content = ResponseContent { active: true, category: Some(id), ..ResponseContent::default() };
            actions.push(Action::Library(LibraryAsk::New(Box::new(content))));
        }
        if ui.button("New category here").clicked() {
            state.responses.care.naming = Some(Naming::new(Some(id)));
        }
        if ui.button("Rename…").clicked() {
            state.responses.care.naming = Some(Naming::of(category));
        }
        ui.menu_button("Move to", |ui| {
            // Not into itself, nor into what stands in it.
            let path = library.path(id);
            let is_within = |other: CategoryId| library.path(other).starts_with(&path);
            let shelves = shelves(library).into_iter().filter(|(other, _)| !is_within(*other));
            choose_shelf(ui, shelves, category.parent, |parent| {
                let put = PutCategory { parent, name: category.name.clone() };
                actions.push(Action::Command(Command::Manage(Manage::SaveCategory { category: id, put })));
            });
        });
        ui.separator();
        if ui.button("Delete…").clicked() {
            state.responses.care.question = Some(Question::category(category));
        }
    });
}

/// With a response.
pub(in super::super) fn response_menu(
    on: &Response,
    (view, conversation): (View<'_>, &Conversation),
    response: &StandardResponse,
    (state, actions): (&mut ViewState, &mut Vec<Action>),
) {
    on.context_menu(|ui| {
        if ui.button("Insert").clicked() {
            state.insert_response(view, conversation, response, actions);
        }
        let is = view.desk.library().is_favourite(response.id);
        if ui.button(if is { "Not a favourite any more" } else { "Make it a favourite" }).clicked() {
            row::favour(view, response, actions);
        }
        if ui.button("Copy as your own…").clicked() {
            let owner = view.agent().map(|agent| agent.id);
            copy(response, owner, actions);
        }
        if view.may_change(response) {
            ui.separator();
            changes(ui, view, response, (state, actions));
        }
    });
}

/// What may be done by those who may change a response.
fn changes(
    ui: &mut Ui,
    view: View<'_>,
    response: &StandardResponse,
    (state, actions): (&mut ViewState, &mut Vec<Action>),
) {
    let (content, care) = (&response.content, &mut state.responses.care);
    if ui.button("Edit…").clicked() {
        care.open(response, view.zone);
    }
    if ui.button("Duplicate…").clicked() {
        copy(response, content.owner, actions);
    }
    ui.menu_button("Move to", |ui| {
        let shelves = shelves(view.desk.library()).into_iter();
        choose_shelf(ui, shelves, content.category, |category| {
            care.change(response, |content| content.category = category, actions);
        });
    });
    if view.leads() {
        let own = view.agent().map(|agent| agent.id);
        let (name, owner) = match content.owner {
            Some(_) => ("Give to all", None),
            None => ("Make it your own", own),
        };
        if ui.button(name).clicked() {
            care.change(response, |content| content.owner = owner, actions);
        }
    }
    if ui.button(if content.active { "Deactivate" } else { "Activate" }).clicked() {
        care.change(response, |content| content.active = !content.active, actions);
    }
    if ui.button("Version history…").clicked() {
        care.open(response, view.zone);
        if let Some(form) = &mut care.form {
            form.show_versions(actions);
        }
    }
    ui.separator();
    if ui.button("Delete…").clicked() {
        care.question = Some(Question::response(response));
    }
}

/// A copy to be changed; its shortcut stays with the first one.
fn copy(
    response: &StandardResponse,
    owner: Option<waxwing_protocol::id::AgentId>,
    actions: &mut Vec<Action>,
) {
    let content = ResponseContent { shortcut: None, owner, ..response.content.clone() };
    actions.push(Action::Library(LibraryAsk::New(Box::new(content))));
}

/// Lets somebody choose a shelf, or the top.
fn choose_shelf(
    ui: &mut Ui,
    shelves: impl Iterator<Item = (CategoryId, String)>,
    now: Option<CategoryId>,
    mut chosen: impl FnMut(Option<CategoryId>),
) {
    egui::ScrollArea::vertical().max_height(320.0).show(ui, |ui| {
        if now.is_some() && ui.button("To the top").clicked() {
            chosen(None);
        }
        for (id, path) in shelves.filter(|(id, _)| now != Some(*id)) {
            if ui.button(path).clicked() {
                chosen(Some(id));
            }
        }
    });
}
