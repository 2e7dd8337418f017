//! What would become of a file that is imported, and what became of it.

use egui::{Context, RichText, ScrollArea, Ui};
use waxwing_protocol::library::{ImportReport, RejectedRow};

use super::{
    super::super::{
        Action, View,
        text::{Ink, Label, Style},
        theme,
        widgets::button,
    },
    window,
};
use crate::desk::{
    input::Command,
    library::manage::{Answer, Import, ImportStep, Manage},
};

/// How high the list of rejected rows is at most, in points.
const LIST: f32 = 260.0;
const ROW: f32 = 40.0;
/// What stands above and below that list, and around the window, in points.
const BESIDE: f32 = 260.0;

/// Shows it, if there is an import.
pub(super) fn show(ctx: &Context, view: View<'_>, actions: &mut Vec<Action>) {
    let Some(import) = view.desk.upkeep().import() else { return };
    let mut ask = |wanted| actions.push(Action::Command(Command::Manage(wanted)));
    window("Import responses", "import").resizable(false).default_width(440.0).show(ctx, |ui| {
        ui.set_width(440.0);
        ui.add(
            Label::new(&import.name, Style::new(13.0), Ink::of(view.theme).with_text(view.theme.muted))
                .one_row(),
        );
        match &import.report {
            Answer::NotAsked | Answer::UnderWay => {
                ui.horizontal(|ui| {
                    ui.add(egui::Spinner::new().size(14.0));
                    let tries = import.step == ImportStep::Try;
                    ui.label(if tries { "Looking what would happen…" } else { "Importing…" });
                });
            }
            Answer::Failed(why) => {
                ui.label(RichText::new(why).color(view.theme.overdue));
                ui.horizontal(|ui| {
                    if button::primary(ui, view.theme, "Try again", true).clicked() {
                        ask(Manage::ImportAgain);
                    }
                    if button::plain(ui, "Close").clicked() {
                        ask(Manage::EndImport);
                    }
                });
            }
            Answer::Here(report) => {
                told(ui, view, report);
                ui.add_space(4.0);
                ui.horizontal(|ui| decide(ui, view, (import, report), &mut ask));
            }
        }
    });
}

pub(in crate::ui) fn told(ui: &mut Ui, view: View<'_>, report: &ImportReport) {
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
    if !report.rejected.is_empty() {
        ui.separator();
        if let [only] = report.rejected.as_slice() {
            rejected(ui, view, only, Room::All);
            ui.separator();
            return;
        }
        let rows = report.rejected.len();
        let room = (ui.ctx().content_rect().height() - BESIDE).clamp(ROW, LIST);
        ScrollArea::vertical().max_height(room).auto_shrink([false, true]).show_rows(
            ui,
            ROW,
            rows,
            |ui, seen| {
                for row in report.rejected.get(seen).unwrap_or_default() {
                    rejected(ui, view, row, Room::Row);
                }
            },
        );
        ui.separator();
    }
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

fn decide(
    ui: &mut Ui,
    view: View<'_>,
    (import, report): (&Import, &ImportReport),
    ask: &mut impl FnMut(Manage),
) {
    if report.done {
        if button::primary(ui, view.theme, "Close", true).clicked() {
            ask(Manage::EndImport);
        }
        return;
    }
    let good = report.added + report.changed;
    let all_are_good = report.rejected.is_empty();
    if import.step != ImportStep::Try {
        // The library changed between the trial and the import.
        ui.label(RichText::new("Nothing was imported.").color(view.theme.overdue));
    }
    if all_are_good {
        if button::primary(ui, view.theme, "Import", good > 0).clicked() {
            ask(Manage::Import { skip_rejected: false });
        }
    } else if button::primary(ui, view.theme, "Import the good rows", good > 0).clicked() {
        ask(Manage::Import { skip_rejected: true });
    }
    if button::plain(ui, "Cancel").clicked() {
        ask(Manage::EndImport);
    }
}
