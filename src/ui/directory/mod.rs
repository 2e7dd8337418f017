//! The directory: everybody who ever wrote, or was written to; looked for, looked at, changed, made one.
//!
//! `search` says who is looked for, `table` shows who was found in the columns that `columns` knows, `details` is whoever is looked
//! at, `form` changes them, `merging` makes one of two, `import` shows what would become of a file.

use egui::{CentralPanel, Frame, Margin, Panel, RichText, Ui};
use waxwing_protocol::{
    directory::{ContactsFormat, Shelf},
    id::ContactId,
};

use super::{
    Action, ContactsAsk, View, ViewState, history, icon, theme, widgets::button, workplace::Workplace,
};
use crate::desk::{
    directory::{DirectoryWish, Wanted},
    input::Command,
};

mod columns;
mod details;
mod fields;
mod form;
mod import;
mod merging;
mod search;
mod table;

use columns::Columns;
use form::Form;
use merging::Choosing;
use search::Looking;
pub(super) use search::words_id;

/// How wide whoever is looked at is shown as long as the agent has not dragged the edge, in points.
const DETAILS: f32 = 380.0;
/// Below this width there is room for one of both.
const ONE_BELOW: f32 = 760.0;

const SHELVES: [(Shelf, &str, char); 4] = [
    (Shelf::All, "All contacts", icon::USER),
    (Shelf::Recent, "Recent", icon::CLOCK),
    (Shelf::Favourites, "Favourites", icon::STAR),
    (Shelf::Blocked, "Blocked", icon::X),
];

/// What the agent made of the directory.
#[derive(Debug, Default)]
pub(in crate::ui) struct DirectoryState {
    shelf: Shelf,
    looking: Looking,
    columns: Columns,
    /// What was asked for last.
    asked: Option<Wanted>,
    form: Option<Box<Form>>,
    choosing: Option<Choosing>,
    tab: details::Tab,
    /// The row that the keys are at, and whether it is to be brought into view.
    cursor: Option<ContactId>,
    reveal: bool,
    /// The frame in which it was seen last.
    seen: u64,
}

impl DirectoryState {
    /// With the columns as they were.
    pub(in crate::ui) fn restored(columns: &[String]) -> Self {
        Self { columns: Columns::restored(columns), ..Self::default() }
    }

    /// Whether somebody may be shown where the form is, if it is there.
    fn gives_way(&mut self, to: ContactId) -> bool {
        self.form.as_mut().is_none_or(|form| form.gives_way(to))
    }

    /// The columns as they are to be remembered.
    pub(in crate::ui) fn columns(&self) -> Vec<String> {
        self.columns.kept()
    }
}

fn wish(wish: DirectoryWish) -> Action {
    Action::Command(Command::Directory(wish))
}

/// All of it, beside the bar.
pub(super) fn show(ui: &mut Ui, view: View<'_>, state: &mut ViewState, actions: &mut Vec<Action>) {
    look(ui, view, &mut state.directory, actions);
    form::settle(view, &mut state.directory.form, actions);
    import::show(ui.ctx(), view, actions);
    merging::show(ui, view, &mut state.directory.choosing, actions);
    CentralPanel::default().frame(Frame::new().fill(view.theme.bg)).show(ui, |ui| {
        let has_details = state.directory.form.is_some() || view.desk.directory().open().is_some();
        let is_wide = ui.available_width() >= ONE_BELOW;
        if has_details && is_wide {
            let frame = Frame::new().fill(view.theme.surface);
            let panel = Panel::right("contact details").default_size(DETAILS).size_range(300.0..=620.0);
            panel.resizable(true).frame(frame).show(ui, |ui| details::show(ui, view, state, actions));
        } else if has_details {
            details::show(ui, view, state, actions);
            return;
        }
        found(ui, view, state, actions);
    });
}

/// Asks for who is wanted, when that changes or the agent comes back.
fn look(ui: &Ui, view: View<'_>, state: &mut DirectoryState, actions: &mut Vec<Action>) {
    let wanted = state.looking.wanted(state.shelf);
    let frame = ui.ctx().cumulative_frame_nr();
    let was_away = std::mem::replace(&mut state.seen, frame) + 1 < frame;
    if state.asked.as_ref() != Some(&wanted) || view.desk.directory().list().wanted().is_none() {
        state.asked = Some(wanted.clone());
        actions.push(wish(DirectoryWish::Look(Box::new(wanted))));
    } else if was_away {
        actions.push(wish(DirectoryWish::LookAgain));
    }
}

/// The line above the table, and the table.
fn found(ui: &mut Ui, view: View<'_>, state: &mut ViewState, actions: &mut Vec<Action>) {
    let frame = Frame::new().fill(view.theme.surface).inner_margin(Margin {
        left: 16,
        right: 16,
        top: 12,
        bottom: 10,
    });
    Panel::top("contacts head").frame(frame).show_separator_line(false).show(ui, |ui| {
        let directory = &mut state.directory;
        ui.horizontal(|ui| {
            let name =
                SHELVES.iter().find(|(shelf, ..)| *shelf == directory.shelf).map_or("", |found| found.1);
            let name = if directory.shelf == Shelf::All { "Contacts" } else { name };
            ui.label(RichText::new(name).family(theme::semibold()).size(15.0));
            directory.columns.menu(ui, view);
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if button::primary(ui, view.theme, "New contact", directory.form.is_none()).clicked() {
                    let mut form = Form::new();
                    form.offer_fields(view);
                    directory.form = Some(Box::new(form));
                }
                if view.leads() {
                    exchange(ui, actions);
                }
            });
        });
        directory.looking.show(ui, view);
        if let Some(choosing) = &directory.choosing {
            choosing.banner(ui, view);
        }
    });
    table::show(ui, view, state, actions);
}

/// Contacts out of a file and into one.
fn exchange(ui: &mut Ui, actions: &mut Vec<Action>) {
    let more = button::plain(ui, "Import and export ⌄");
    egui::Popup::menu(&more).show(|ui| {
        ui.set_min_width(200.0);
        if ui.button("Import…").clicked() {
            actions.push(Action::Contacts(ContactsAsk::PickImport));
        }
        for (name, form) in
            [("Export as CSV…", ContactsFormat::Csv), ("Export as vCard…", ContactsFormat::Vcard)]
        {
            if ui.button(name).clicked() {
                actions.push(wish(DirectoryWish::Export(form)));
            }
        }
    });
}

/// Somebody was chosen: to be looked at, or to be made one with somebody else.
fn choose(contact: ContactId, state: &mut DirectoryState, actions: &mut Vec<Action>) {
    if let Some(choosing) = &mut state.choosing {
        choosing.choose(contact);
        state.cursor = Some(contact);
    } else if state.gives_way(contact) {
        state.form = None;
        state.cursor = Some(contact);
        actions.push(wish(DirectoryWish::Open(contact)));
    }
}

/// Goes to the directory, to look at somebody there.
pub(super) fn look_at(contact: ContactId, state: &mut ViewState, actions: &mut Vec<Action>) {
    state.workplace = Workplace::Contacts;
    choose(contact, &mut state.directory, actions);
}

/// What stands in the bar below the switch: the shelves.
pub(super) fn bar(ui: &mut Ui, view: View<'_>, state: &mut ViewState) {
    let compact = ui.available_width() < 120.0;
    ui.add_space(8.0);
    for (shelf, name, icon) in SHELVES {
        let is_here = state.directory.shelf == shelf;
        if history::entry(ui, view, (icon, name), (is_here, compact)) {
            state.directory.shelf = shelf;
        }
    }
}
