//! The window of an import, of contacts or of responses: what would become of the file, what is rejected and why, and what
//! became of it.

use egui::{Context, Id, Modal, RichText, ScrollArea, Ui};
use waxwing_protocol::library::{ImportReport, RejectedRow};

use super::{
    View,
    text::{Ink, Label, Style},
    theme,
    widgets::{button, dialog},
};
use crate::desk::library::manage::Answer;

/// How high the list of rejected rows is at most, in points.
const LIST: f32 = 260.0;
const ROW: f32 = 40.0;
/// What stands above and below that list, and around the window, in points.
const BESIDE: f32 = 260.0;
const WIDTH: f32 = 440.0;

/// An import as it is shown.
pub(super) struct Importing<'a> {
    /// What is imported.
    pub(super) title: &'static str,
    /// The name of the file.
    pub(super) name: &'a str,
    pub(super) stage: Stage,
    pub(super) report: &'a Answer<ImportReport>,
    pub(super) rejected: Rejected,
}

/// How far it has come.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Only tried, to see what would happen.
    Trial,
    /// In earnest.
    Earnest,
}

/// What rejected rows mean for the others.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rejected {
    /// The others can be imported without them.
    CanBeLeftOut,
    /// Nothing is imported.
    StopAll,
}

/// What the agent wants of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// It is tried again.
    Again,
    /// It is imported, without the rejected rows if there are any.
    Import,
    /// It is over.
    End,
}

/// Shows it; says what was clicked.
pub(super) fn show(ctx: &Context, view: View<'_>, import: &Importing<'_>) -> Option<Wanted> {
    let shown = Modal::new(Id::unique(import.title)).frame(dialog(&ctx.global_style())).show(ctx, |ui| {
        ui.set_width(WIDTH);
        ui.label(RichText::new(import.title).family(theme::semibold()).size(15.0));
        let ink = Ink::of(view.theme).with_text(view.theme.muted);
        ui.add(Label::new(import.name, Style::new(13.0), ink).one_row());
        match import.report {
            Answer::NotAsked | Answer::UnderWay => {
                under_way(ui, import.stage);
                None
            }
            Answer::Failed(why) => failed(ui, view, why),
            Answer::Here(report) => {
                told(ui, view, report);
                if import.rejected == Rejected::StopAll && !report.done && !report.rejected.is_empty() {
                    let words = "Nothing is imported while a row is rejected: put it right in the file, and choose that again.";
                    ui.label(RichText::new(words).size(12.0).color(view.theme.muted));
                }
                ui.add_space(4.0);
                ui.horizontal(|ui| decide(ui, view, import, report)).inner
            }
        }
    });
    // What is under way goes on; whoever closes it then would not hear what came of it.
    let closes = shown.should_close() && *import.report != Answer::UnderWay;
    shown.inner.or(closes.then_some(Wanted::End))
}

fn under_way(ui: &mut Ui, stage: Stage) {
    ui.horizontal(|ui| {
        ui.add(egui::Spinner::new().size(14.0));
        ui.label(if stage == Stage::Trial { "Looking what would happen…" } else { "Importing…" });
    });
}

fn failed(ui: &mut Ui, view: View<'_>, why: &str) -> Option<Wanted> {
    ui.label(RichText::new(why).color(view.theme.overdue));
    let buttons = ui.horizontal(|ui| {
        let again = button::primary(ui, view.theme, "Try again", true).clicked().then_some(Wanted::Again);
        let end = button::plain(ui, "Close").clicked().then_some(Wanted::End);
        again.or(end)
    });
    buttons.inner
}

fn told(ui: &mut Ui, view: View<'_>, report: &ImportReport) {
    let done = report.done;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 20.0;
        for (count, name, colour) in [
            (report.added, if done { "added" } else { "new" }, view.theme.fresh),
            (report.changed, if done { "changed" } else { "to change" }, view.theme.accent),
            (report.unchanged, "as they are", view.theme.muted),
            (u32::try_from(report.rejected.len()).unwrap_or(u32::MAX), "rejected", view.theme.overdue),
        ] {
            let colour = if count == 0 { view.theme.faint } else { colour };
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                ui.label(RichText::new(count.to_string()).size(20.0).family(theme::semibold()).color(colour));
                ui.label(RichText::new(name).size(12.0).color(view.theme.muted));
            });
        }
    });
    if report.rejected.is_empty() {
        return;
    }
    ui.separator();
    if let [only] = report.rejected.as_slice() {
        rejected(ui, view, only, Room::All);
        ui.separator();
        return;
    }
    let rows = report.rejected.len();
    let room = (ui.ctx().content_rect().height() - BESIDE).clamp(ROW, LIST);
    let list = ScrollArea::vertical().max_height(room).auto_shrink([false, true]);
    list.show_rows(ui, ROW, rows, |ui, seen| {
        for row in report.rejected.get(seen).unwrap_or_default() {
            rejected(ui, view, row, Room::Row);
        }
    });
    ui.separator();
}

/// How much room a rejected row has.
#[derive(Clone, Copy)]
enum Room {
    /// As all others: its whole reason is read on it.
    Row,
    /// As much as it needs.
    All,
}

fn rejected(ui: &mut Ui, view: View<'_>, row: &RejectedRow, room: Room) {
    let at = match row.row {
        0 => "The file".to_owned(),
        row => format!("Row {row}"),
    };
    ui.allocate_ui(egui::vec2(ui.available_width(), ROW - ui.spacing().item_spacing.y), |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.horizontal(|ui| {
            ui.label(RichText::new(at).size(12.0).family(theme::semibold()));
            ui.add(Label::new(&row.name, Style::new(12.0), Ink::of(view.theme)).one_row());
        });
        let ink = Ink::of(view.theme).with_text(view.theme.overdue);
        let reason = Label::new(&row.reason, Style::new(12.0), ink);
        match room {
            Room::Row => ui.add(reason.one_row()).on_hover_text(&row.reason),
            Room::All => ui.add(reason),
        };
    });
}

fn decide(ui: &mut Ui, view: View<'_>, import: &Importing<'_>, report: &ImportReport) -> Option<Wanted> {
    if report.done {
        return button::primary(ui, view.theme, "Close", true).clicked().then_some(Wanted::End);
    }
    if import.stage == Stage::Earnest {
        // What is imported into changed between the trial and the import.
        ui.label(RichText::new("Nothing was imported.").color(view.theme.overdue));
    }
    let words = match (report.rejected.is_empty(), import.rejected) {
        (true, _) => Some("Import"),
        (false, Rejected::CanBeLeftOut) => Some("Import the good rows"),
        (false, Rejected::StopAll) => None,
    };
    let is_any = report.added + report.changed > 0;
    let go = words.filter(|words| button::primary(ui, view.theme, words, is_any).clicked());
    let end = button::plain(ui, "Cancel").clicked().then_some(Wanted::End);
    go.map(|_words| Wanted::Import).or(end)
}
