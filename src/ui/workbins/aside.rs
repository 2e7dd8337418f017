//! Beside what is chosen: its contact. Past interactions stand below.

use egui::{Frame, Margin, Panel, RichText, ScrollArea, Sense, Stroke, Ui, vec2};

use super::super::{
    View,
    text::{self, Ink, Style},
    theme,
    widgets::avatar,
};
use crate::desk::conversation::Conversation;

/// How wide it is, in points; below this width of the window there is no room for it.
const WIDTH: f32 = 348.0;
const NOT_BELOW: f32 = 1100.0;

/// Draws it, if one interaction is read and there is room.
pub(super) fn show(ui: &mut Ui, view: View<'_>) {
    let Some(read) = view.desk.review() else { return };
    if ui.ctx().content_rect().width() < NOT_BELOW {
        return;
    }
    let frame = Frame::new().fill(view.theme.surface);
    Panel::right("workbin aside").exact_size(WIDTH).resizable(false).frame(frame).show(ui, |ui| {
        let top = ui.max_rect();
        ui.painter().hline(top.x_range(), top.top(), Stroke::new(1.0, view.theme.line));
        Frame::new().inner_margin(Margin::symmetric(16, 14)).show(ui, |ui| {
            ScrollArea::vertical().id_salt("workbin contact").auto_shrink(false).show(ui, |ui| {
                contact(ui, view, read);
            });
        });
    });
}

fn heading(ui: &mut Ui, view: View<'_>, words: &str) {
    let words = RichText::new(words.to_uppercase()).size(11.0).family(theme::semibold());
    ui.label(words.color(view.theme.faint));
}

fn contact(ui: &mut Ui, view: View<'_>, read: &Conversation) {
    let contact = &read.interaction().contact;
    let (title, ink) = (contact.title(), Ink::of(view.theme));
    heading(ui, view, "Contact");
    ui.horizontal(|ui| {
        let (rect, _) = ui.allocate_exact_size(vec2(40.0, 40.0), Sense::hover());
        let face = avatar::Avatar {
            name: &title,
            ground: view.theme.avatar(contact.id.uuid().as_u128()),
            front: ink.with_text(view.theme.on_avatar),
            ring: None,
            size: 40.0,
        };
        avatar::paint(ui, rect.center(), face);
        ui.add_space(4.0);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.add(text::Label::new(&title, Style::new(14.0).semibold(), ink).one_row());
            ui.label(RichText::new(contact.address()).size(13.0).color(view.theme.muted));
        });
    });
    ui.add_space(8.0);
    egui::Grid::new("workbin contact").num_columns(2).min_col_width(120.0).spacing([16.0, 6.0]).show(
        ui,
        |ui| {
            let muted = ink.with_text(view.theme.muted);
            for attribute in &contact.attributes {
                ui.add(text::Label::new(&attribute.key, Style::new(13.0), muted));
                ui.add(text::Label::new(&attribute.value, Style::new(13.0), ink));
                ui.end_row();
            }
        },
    );
    if let Some(note) = &contact.note {
        ui.add_space(8.0);
        ui.add(text::Label::new(note, Style::new(13.0), ink));
    }
}
