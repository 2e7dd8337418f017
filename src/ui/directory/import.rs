//! What would become of a file of contacts, and what became of it.

use egui::Context;

use super::{
    super::{
        Action, View,
        importing::{self, Importing, Rejected, Stage, Wanted},
    },
    wish,
};
use crate::desk::directory::{DirectoryWish, ImportStep};

/// Shows it, if there is an import.
pub(super) fn show(ctx: &Context, view: View<'_>, actions: &mut Vec<Action>) {
    let Some(import) = view.desk.directory().import() else { return };
    let shown = Importing {
        title: "Import contacts",
        name: &import.name,
        stage: if import.step == ImportStep::Try { Stage::Trial } else { Stage::Earnest },
        report: &import.report,
        rejected: Rejected::StopAll,
    };
    let wanted = importing::show(ctx, view, &shown);
    actions.extend(wanted.map(|wanted| {
        wish(match wanted {
            Wanted::Again => DirectoryWish::ImportAgain,
            Wanted::Import => DirectoryWish::Import,
            Wanted::End => DirectoryWish::EndImport,
        })
    }));
}
