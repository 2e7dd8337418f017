//! What would become of a file of responses, and what became of it.

use egui::Context;

use super::super::super::{
    Action, View,
    importing::{self, Importing, Rejected, Stage, Wanted},
};
use crate::desk::{
    input::Command,
    library::manage::{Answer, ImportStep, Manage},
};

/// Shows it, if there is an import.
pub(super) fn show(ctx: &Context, view: View<'_>, actions: &mut Vec<Action>) {
    let Some(import) = view.desk.upkeep().import() else { return };
    let shown = Importing {
        title: "Import responses",
        name: &import.name,
        stage: if import.step == ImportStep::Try { Stage::Trial } else { Stage::Earnest },
        report: &import.report,
        rejected: Rejected::CanBeLeftOut,
    };
    let has_rejected = matches!(&import.report, Answer::Here(report) if !report.rejected.is_empty());
    let wanted = importing::show(ctx, view, &shown);
    actions.extend(wanted.map(|wanted| {
        Action::Command(Command::Manage(match wanted {
            Wanted::Again => Manage::ImportAgain,
            Wanted::Import => Manage::Import { skip_rejected: has_rejected },
            Wanted::End => Manage::EndImport,
        }))
    }));
}
