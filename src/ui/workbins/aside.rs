//! Beside what is chosen: its contact, and all that was with them before.

use egui::{Frame, Margin, Panel, RichText, ScrollArea, Sense, Stroke, Ui, vec2};
use waxwing_protocol::{contact::Contact, interaction::Interaction};

use super::super::{
    Action, View, ViewState,
    history::{
        self,
        contact::{Reading, Whose},
    },
    new_chat,
    text::{self, Ink, Style},
    theme,
    widgets::avatar,
};
use crate::desk::phones;

/// How wide it is, in points; below this width of the window there is no room for it.
const WIDTH: f32 = 348.0;
const NOT_BELOW: f32 = 1100.0;

/// Draws it, if one interaction is chosen and there is room.
pub(super) fn show(ui: &mut Ui, view: View<'_>, state: &mut ViewState, actions: &mut Vec<Action>) {
    let Some(only) = state.workbins.only() else { return };
    let Some(lying) = view.desk.workbins().item(only).cloned() else { return };
    if ui.ctx().content_rect().width() < NOT_BELOW {
        return;
    }
    let frame = Frame::new().fill(view.theme.surface);
    Panel::right("workbin aside").exact_size(WIDTH).resizable(false).frame(frame).show(ui, |ui| {
        let top = ui.max_rect();
        ui.painter().hline(top.x_range(), top.top(), Stroke::new(1.0, view.theme.line));
        Frame::new().inner_margin(Margin::symmetric(16, 14)).show(ui, |ui| {
            let interaction = &lying.item.interaction;
            let most = ui.available_height() * 0.5;
            ScrollArea::vertical()
                .id_salt("workbin contact")
                .max_height(most)
                .auto_shrink([false, true])
                .show(ui, |ui| contact(ui, view, &interaction.contact));
            ui.add_space(8.0);
            new_chat(ui, view, interaction, actions);
            past(ui, view, interaction, state, actions);
        });
    });
}

/// Another chat with the contact, below all that was with them.
fn new_chat(ui: &mut Ui, view: View<'_>, interaction: &Interaction, actions: &mut Vec<Action>) {
    let frame = Frame::new().inner_margin(Margin { top: 8, ..Margin::ZERO });
    Panel::bottom("workbin new chat").show_separator_line(false).frame(frame).show(ui, |ui| {
        let number = Some(interaction.business_number.id);
        let with = new_chat::With { contact: &interaction.contact, number, after: None };
        new_chat::button(ui, view, with, actions);
    });
}

/// What was with the contact before; what is chosen is read in the place of what lies there.
fn past(
    ui: &mut Ui,
    view: View<'_>,
    interaction: &Interaction,
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    let past = state.workbins.past().map(|reading| reading.interaction());
    let whose = Whose { contact: &interaction.contact, beside: past.or(Some(interaction.id)) };
    let chosen = history::contact::sessions(ui, view, whose, &mut state.history.of_contact, actions);
    if let Some(chosen) = chosen {
        // What lies there is asked for as always.
        let is_past = chosen.0 != interaction.id;
        state.workbins.past = is_past.then(|| (interaction.id, Reading::ask(ui, chosen, actions)));
    }
}

fn heading(ui: &mut Ui, view: View<'_>, words: &str) {
    let words = RichText::new(words.to_uppercase()).size(11.0).family(theme::semibold());
    ui.label(words.color(view.theme.faint));
}

fn contact(ui: &mut Ui, view: View<'_>, contact: &Contact) {
    let (title, ink) = (phones::title(contact), Ink::of(view.theme));
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
            ui.label(RichText::new(phones::address(contact)).size(13.0).color(view.theme.muted));
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
