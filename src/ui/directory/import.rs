//! What would become of a file of contacts, and what became of it.

use egui::{Id, Modal, RichText, Ui};

use super::{
    super::{
        Action, View,
        responses::import_report,
        text::{Ink, Label, Style},
        theme,
        widgets::{button, dialog},
    },
    wish,
};
use crate::desk::{
    directory::{DirectoryWish, ImportStep},
    library::manage::Answer,
};

/// Shows it, if there is an import.
pub(super) fn show(ui: &Ui, view: View<'_>, actions: &mut Vec<Action>) {
    let Some(import) = view.desk.directory().import() else { return };
    let modal = Modal::new(Id::unique("import contacts")).frame(dialog(ui)).show(ui.ctx(), |ui| {
        ui.set_width(440.0);
        ui.label(RichText::new("Import contacts").family(theme::semibold()).size(15.0));
        let ink = Ink::of(view.theme).with_text(view.theme.muted);
        ui.add(Label::new(&import.name, Style::new(13.0), ink).one_row());
        let mut ask = |wanted| actions.push(wish(wanted));
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
                        ask(DirectoryWish::ImportAgain);
                    }
                    if button::plain(ui, "Close").clicked() {
                        ask(DirectoryWish::EndImport);
                    }
                });
            }
            Answer::Here(report) => {
                import_report(ui, view, report);
                if !report.done && !report.rejected.is_empty() {
                    let words = "Nothing is imported while a row is rejected: put it right in the file, and choose that again.";
                    ui.label(RichText::new(words).size(12.0).color(view.theme.muted));
                }
                ui.add_space(4.0);
                ui.horizontal(|ui| {
                    if report.done {
                        if button::primary(ui, view.theme, "Close", true).clicked() {
                            ask(DirectoryWish::EndImport);
                        }
                        return;
                    }
                    let is_any = report.added + report.changed > 0;
                    if report.rejected.is_empty()
                        && button::primary(ui, view.theme, "Import", is_any).clicked()
                    {
                        ask(DirectoryWish::Import);
                    }
                    if button::plain(ui, "Cancel").clicked() {
                        ask(DirectoryWish::EndImport);
                    }
                });
            }
        }
    });
    // What is under way goes on; whoever closes it then would not hear what came of it.
    if modal.should_close() && import.report != Answer::UnderWay {
        actions.push(wish(DirectoryWish::EndImport));
    }
}
