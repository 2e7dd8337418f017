//! Whether a file may be opened, and what is asked before one is that may be harmful.

use std::borrow::Cow;

use egui::{Id, Key, Modal, Modifiers, RichText, Ui};
use waxwing_protocol::attachment::Opening;

use super::{
    super::super::{
        Action, FileAsk, FileDeed, View,
        text::{self, Ink, Style, isolate},
        widgets::{button, dialog},
    },
    File, Place,
};

/// Whether a file may be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) enum May<'a> {
    /// It may.
    Open,
    /// It may, once the agent has read this.
    Ask(&'a str),
    /// It can only be saved, for this reason.
    Save(Cow<'a, str>),
}

/// Whether this file may be opened.
pub(in super::super) fn may_open(file: &File) -> May<'_> {
    match file.about.as_ref().map(|about| &about.opening) {
        Some(Opening::Allowed) => May::Open,
        Some(Opening::Warned { reason }) => May::Ask(reason),
        Some(Opening::SaveOnly { reason }) => May::Save(reason.into()),
        Some(Opening::Unknown) => {
            May::Save("It can only be saved: why is known to a newer version of this program.".into())
        }
        None => May::Save("It can only be saved: nobody has looked into it.".into()),
    }
}

/// What is said below a file that can't just be opened; nothing of our own that has not left yet.
pub(super) fn reason(file: &File) -> Option<String> {
    match (file.at, may_open(file)) {
        (Place::Ours(_), _) | (_, May::Open) => None,
        (_, May::Ask(reason)) => Some(reason.to_owned()),
        (_, May::Save(reason)) => Some(reason.into_owned()),
    }
}

/// Asks whether a file is to be opened although this is said of it; says whether the question stays.
pub(in super::super) fn ask(
    ui: &Ui,
    view: View<'_>,
    (file, reason): (&FileAsk, &str),
    actions: &mut Vec<Action>,
) -> bool {
    let name = file.name.as_deref().map_or_else(|| "this file".to_owned(), isolate::file_name);
    let mut deed = None;
    let mut stays = true;
    let modal = Modal::new(Id::unique(("open a file", file.attachment))).frame(dialog(ui.style())).show(
        ui.ctx(),
        |ui| {
            ui.set_max_width(420.0);
            let title = format!("Open {name}?");
            ui.add(text::Label::new(&title, Style::new(15.0).semibold(), Ink::of(view.theme)));
            ui.label(RichText::new(reason).color(view.theme.late));
            ui.label("Open it only if you know who sent it, and why.");
            ui.add_space(8.0);
            ui.horizontal(|ui| {
                let save = button::primary(ui, view.theme, "Save as… instead", true);
                if save.clicked() {
                    deed = Some(FileDeed::SaveAs);
                }
                if button::plain(ui, "Open anyway").clicked() {
                    deed = Some(FileDeed::Open);
                }
                stays = !button::plain(ui, "Cancel").clicked();
            });
        },
    );
    if let Some(deed) = deed {
        actions.push(Action::File(FileAsk { deed, ..file.clone() }));
    }
    let escaped = ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape));
    stays && deed.is_none() && !escaped && !modal.should_close()
}
