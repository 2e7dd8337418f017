//! The files of a response that is being written, and those that are on their way to the gateway.

use egui::{RichText, Ui};

use super::{
    super::{
        super::{
            Action, LibraryAsk, View, icon,
            interaction::file_size,
            text::{Ink, Label, Style},
            widgets::button,
        },
        card::sign,
    },
    fields::{caption, cross, line},
    form::Form,
};
use crate::desk::{
    input::Command,
    library::manage::{BringState, Manage},
};

/// Draws them.
pub(super) fn show(ui: &mut Ui, view: View<'_>, form: &mut Form, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        caption(ui, view, "Files, sent behind the text");
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if button::icon(ui, view.theme, icon::PAPERCLIP, "Add files").clicked() {
                actions.push(Action::Library(LibraryAsk::PickFiles(form.id)));
            }
        });
    });
    let mut gone = None;
    for (number, file) in form.content.files.iter_mut().enumerate() {
        ui.horizontal(|ui| {
            ui.label(icon::text(sign(file.kind), 15.0).color(view.theme.muted));
            let room = (ui.available_width() - 76.0).max(60.0);
            ui.allocate_ui(egui::vec2(room, 20.0), |ui| {
                let name = format!("{} · {}", file.file_name, file_size(file.size_bytes));
                ui.add(Label::new(&name, Style::new(13.0), Ink::of(view.theme)).one_row().full_width());
            });
            if cross(ui, view, &format!("Take away {}", file.file_name)) {
                gone = Some(number);
            }
        });
        let mut text = file.caption.clone().unwrap_or_default();
        line(ui, &mut text, &format!("Text under {}", file.file_name), "Text under it");
        file.caption = Some(text).filter(|text| !text.is_empty());
    }
    if let Some(number) = gone {
        form.content.files.remove(number);
    }
    // One that is there stands above already.
    let under_way = view.desk.upkeep().files_for(form.id);
    for (client_ref, bringing) in under_way.filter(|(_, file)| !matches!(file.state, BringState::There(_))) {
        let ask = |wanted| Action::Command(Command::Manage(wanted));
        ui.horizontal(|ui| {
            let (words, colour) = match &bringing.state {
                BringState::UnderWay { sent_bytes: 0 } => ("being looked into…".to_owned(), view.theme.muted),
                BringState::UnderWay { sent_bytes } => {
                    (format!("{} sent…", file_size(*sent_bytes)), view.theme.muted)
                }
                BringState::There(_) => (String::new(), view.theme.muted),
                BringState::Refused(why) | BringState::Failed(why) => (why.clone(), view.theme.overdue),
            };
            ui.vertical(|ui| {
                ui.set_max_width((ui.available_width() - 130.0).max(80.0));
                ui.add(Label::new(&bringing.name, Style::new(13.0), Ink::of(view.theme)).one_row());
                ui.label(RichText::new(words).size(12.0).color(colour));
            });
            if matches!(bringing.state, BringState::Failed(_)) && ui.button("Try again").clicked() {
                actions.push(ask(Manage::BringAgain(client_ref)));
            }
            if cross(ui, view, &format!("Take away {}", bringing.name)) {
                actions.push(ask(Manage::LetGo(client_ref)));
            }
        });
    }
}
