//! Beside the form: what the contact in front would read, what the response was, what somebody else has made of it.

use egui::{Frame, Margin, RichText, ScrollArea, Ui};
use waxwing_protocol::response::{ResponseContent, StandardResponse};

use super::{
    super::{
        super::{
            View, icon,
            text::{Ink, Label, Style, Words},
            theme,
        },
        card::sign,
        shown::Shown,
    },
    Front,
    form::{Form, Sight},
};
use crate::desk::{library::manage::Answer, phones};

/// Draws it.
pub(super) fn show(ui: &mut Ui, (view, front): Front<'_>, form: &mut Form) {
    match form.sight {
        Sight::Contact => {
            let title = match front {
                Some(front) => format!("As {} would read it", phones::title(&front.interaction().contact)),
                None => "As a contact would read it".to_owned(),
            };
            heading(ui, view, &title);
            content(ui, (view, front), &form.written(view.zone));
        }
        Sight::Theirs => match form.theirs(view) {
            Some(theirs) => {
                heading(ui, view, &format!("As {} left it", theirs.changed_by));
                content(ui, (view, front), &theirs.content);
            }
            None => form.sight = Sight::Contact,
        },
        Sight::Versions => versions(ui, (view, front), form),
    }
}

fn heading(ui: &mut Ui, view: View<'_>, title: &str) {
    let ink = Ink::of(view.theme).with_text(view.theme.muted);
    ui.add(Label::new(title, Style::new(12.0).medium(), ink).one_row());
    ui.add_space(4.0);
}

/// A response as a contact reads it.
fn content(ui: &mut Ui, (view, front): Front<'_>, content: &ResponseContent) {
    let frame =
        Frame::new().fill(view.theme.bg).corner_radius(theme::CARD_RADIUS).inner_margin(Margin::same(12));
    frame.show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        ScrollArea::vertical().id_salt("seen").auto_shrink([false, true]).show(ui, |ui| {
            if content.body.trim().is_empty() && content.files.is_empty() {
                ui.label(RichText::new("Nothing yet.").color(view.theme.muted));
            }
            if !content.body.trim().is_empty() {
                bubble(ui, view, |ui| {
                    let said = match front {
                        Some(front) => Shown::of(view, front, &content.body, &[]),
                        None => Shown::empty(&content.body),
                    };
                    let words = Words { text: &said.text, spans: &said.spans, style: Style::new(14.0) };
                    ui.add(Label::of(words, Ink::of(view.theme)));
                });
            }
            for file in &content.files {
                bubble(ui, view, |ui| {
                    ui.horizontal(|ui| {
                        ui.label(icon::text(sign(file.kind), 16.0).color(view.theme.muted));
                        ui.add(Label::new(&file.file_name, Style::new(13.0), Ink::of(view.theme)).one_row());
                    });
                    if let Some(caption) = &file.caption {
                        ui.add(Label::new(caption, Style::new(13.0), Ink::of(view.theme)));
                    }
                });
            }
            if let Some(carried) = &content.notification {
                let words = format!("With the notification {}", carried.name);
                ui.label(RichText::new(words).size(12.0).color(view.theme.muted));
            }
        });
    });
}

fn bubble(ui: &mut Ui, view: View<'_>, add: impl FnOnce(&mut Ui)) {
    let frame = Frame::new()
        .fill(view.theme.bubble_out)
        .corner_radius(theme::BUBBLE_RADIUS)
        .inner_margin(Margin::symmetric(12, 8));
    frame.show(ui, add);
}

/// What it was, newest first; one of them can be looked at and written into the form again.
fn versions(ui: &mut Ui, (view, front): Front<'_>, form: &mut Form) {
    heading(ui, view, "Versions");
    let held = match view.desk.upkeep().versions(form.id) {
        Some(Answer::Here(held)) => held,
        Some(Answer::Failed(why)) => {
            ui.label(RichText::new(why).color(view.theme.overdue));
            return;
        }
        Some(Answer::NotAsked | Answer::UnderWay) | None => {
            ui.add(egui::Spinner::new().size(16.0));
            return;
        }
    };
    let height = ui.available_height() * 0.45;
    ScrollArea::vertical().id_salt("versions").max_height(height).auto_shrink([false, true]).show(ui, |ui| {
        for version in &held.versions {
            let is = form.version == Some(version.version);
            if ui.selectable_label(is, name_of(view, version)).clicked() {
                form.version = Some(version.version);
            }
        }
    });
    let looked_at = held.versions.iter().find(|version| Some(version.version) == form.version);
    let Some(looked_at) = looked_at else { return };
    ui.add_space(6.0);
    if looked_at.version != form.based_on
        && ui.button("Restore").on_hover_text("Writes it into the form: then save").clicked()
    {
        form.put(&looked_at.content, view.zone);
        form.sight = Sight::Contact;
        return;
    }
    content(ui, (view, front), &looked_at.content);
}

fn name_of(view: View<'_>, version: &StandardResponse) -> String {
    format!("{} · {} · {}", version.version, version.changed_by, view.ago(version.changed_at))
}
