//! Two contacts are made one: the other is chosen in the table, what comes of it is shown, and it can be undone.

use egui::{Align2, Frame, Id, Margin, Modal, ModalResponse, RichText, Ui, Window};
use waxwing_protocol::{
    contact::Contact,
    directory::Merge,
    id::{ContactId, MergeId},
};

use super::{
    super::{
        Action, View, icon,
        text::{Ink, Label, Style},
        theme,
        widgets::{button, dialog},
    },
    wish,
};
use crate::desk::{
    directory::{DirectoryWish, Merging},
    phones,
};

/// Two who are to be one, as far as they are chosen.
#[derive(Debug)]
pub(super) struct Choosing {
    one: Contact,
    other: Option<ContactId>,
    /// Whether the one that was chosen first goes.
    one_goes: bool,
}

impl Choosing {
    /// This one, with somebody.
    pub(super) fn from(one: Contact) -> Self {
        Self { one, other: None, one_goes: true }
    }

    /// Somebody was clicked in the table.
    pub(super) fn choose(&mut self, other: ContactId) {
        self.other = Some(other).filter(|other| *other != self.one.id);
    }

    /// What is to be done, above the table.
    pub(super) fn banner(&self, ui: &mut Ui, view: View<'_>) {
        if self.other.is_some() {
            return;
        }
        let frame = Frame::new().fill(view.theme.accent_soft).corner_radius(theme::BUTTON_RADIUS);
        frame.inner_margin(Margin::symmetric(12, 8)).show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.label(icon::text(icon::INFO, 16.0).color(view.theme.accent));
                let words = format!(
                    "Choose in the list whom {} is to be made one with; Esc ends it.",
                    phones::title(&self.one)
                );
                ui.add(Label::new(&words, Style::new(13.0), Ink::of(view.theme)).one_row());
            });
        });
    }
}

/// Shows what would come of it, and what came.
pub(super) fn show(ui: &Ui, view: View<'_>, held: &mut Option<Choosing>, actions: &mut Vec<Action>) {
    if let Some(Merging::Done(merge)) = view.desk.directory().merging() {
        *held = None;
        done(ui, view, *merge, actions);
        return;
    }
    let Some(choosing) = held else { return };
    let Some(other) = choosing.other else { return };
    let entries = view.desk.directory().list().items();
    let Some(other) = entries.iter().find(|entry| entry.contact.id == other).map(|entry| &entry.contact)
    else {
        choosing.other = None;
        return;
    };
    let (from, into) = if choosing.one_goes { (&choosing.one, other) } else { (other, &choosing.one) };
    let (mut swaps, mut ends) = (false, false);
    let modal = question(ui, |ui| {
        preview(ui, view, (from, into));
        let merging = view.desk.directory().merging();
        if let Some(Merging::Failed(why)) = merging {
            ui.label(RichText::new(why).color(view.theme.overdue));
        }
        ui.horizontal(|ui| {
            let is_free = !matches!(merging, Some(Merging::UnderWay(_)));
            if button::primary(ui, view.theme, "Make them one", is_free).clicked() {
                let merge = Merge { from: from.id, into: into.id };
                actions.push(wish(DirectoryWish::Merge(merge)));
            }
            swaps = button::plain(ui, "The other way round").clicked();
            ends = button::plain(ui, "Cancel").clicked();
        });
    });
    choosing.one_goes ^= swaps;
    if ends || modal.should_close() {
        *held = None;
        actions.push(wish(DirectoryWish::ForgetMerge));
    }
}

fn preview(ui: &mut Ui, view: View<'_>, (from, into): (&Contact, &Contact)) {
    let ink = Ink::of(view.theme);
    ui.spacing_mut().item_spacing.y = 4.0;
    for (words, contact) in [("Stays", into), ("Goes over to them", from)] {
        super::details::heading(ui, view, words);
        ui.add(Label::new(&phones::title(contact), Style::new(15.0).semibold(), ink).one_row());
        let address = phones::address(contact);
        ui.add(Label::new(&address, Style::new(13.0), ink.with_text(view.theme.muted)).one_row());
        let count = contact.details.len() + contact.attributes.len();
        let note = if contact.note.is_some() { ", a note" } else { "" };
        let told = match count {
            0 if note.is_empty() => String::new(),
            1 => format!("1 particular{note}"),
            count => format!("{count} particulars{note}"),
        };
        if !told.is_empty() {
            ui.label(RichText::new(told).size(12.0).color(view.theme.muted));
        }
    }
    ui.add_space(6.0);
    let words = format!(
        "All interactions, names and particulars of {} become {}'s. Where both have an attribute of one name, {}'s stays. It \
         can be taken apart again.",
        phones::title(from),
        phones::title(into),
        phones::title(into)
    );
    ui.add(Label::new(&words, Style::new(13.0), ink));
    ui.add_space(6.0);
}

/// What came of it, with a way back. It is no question: the work goes on beside it.
fn done(ui: &Ui, view: View<'_>, merge: MergeId, actions: &mut Vec<Action>) {
    let place = Window::new("Made one").id(Id::unique("made one")).title_bar(false).resizable(false);
    let place = place.frame(dialog(ui.style())).anchor(Align2::CENTER_BOTTOM, [0.0, -24.0]);
    place.show(ui.ctx(), |ui| {
        ui.set_width(400.0);
        ui.label("They are one contact now. What was said with either is in one history.");
        ui.horizontal(|ui| {
            if button::primary(ui, view.theme, "Close", true).clicked() {
                actions.push(wish(DirectoryWish::ForgetMerge));
            }
            if button::plain(ui, "Undo").clicked() {
                actions.push(wish(DirectoryWish::Unmerge(merge)));
            }
        });
    });
}

/// Whether they are to be made one.
fn question(ui: &Ui, add: impl FnOnce(&mut Ui)) -> ModalResponse<()> {
    Modal::new(Id::unique("merge contacts")).frame(dialog(ui.style())).show(ui.ctx(), |ui| {
        ui.set_width(400.0);
        ui.label(RichText::new("Make one of two").family(theme::semibold()).size(15.0));
        add(ui);
    })
}
