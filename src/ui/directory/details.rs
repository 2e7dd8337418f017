//! Whoever is looked at: all that is known of them, what was said with them, and what can be done.

use egui::{Align, Frame, Layout, Margin, Panel, RichText, ScrollArea, Sense, Stroke, Ui, vec2};
use waxwing_protocol::{
    contact::{Contact, ContactDetail},
    directory::ContactRecord,
};

use super::{
    super::{
        Action, View, ViewState, detail_name, history, icon, new_chat, rules,
        text::{self, Ink, Label, Style},
        theme,
        widgets::{avatar, button},
        wrap_up,
    },
    form::{self, Form},
    merging::Choosing,
    wish,
};
use crate::desk::{directory::DirectoryWish, library::manage::Answer, phones};

/// What is seen of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::ui) enum Tab {
    #[default]
    Particulars,
    History,
}

/// Draws it.
pub(super) fn show(ui: &mut Ui, view: View<'_>, state: &mut ViewState, actions: &mut Vec<Action>) {
    if state.directory.form.is_some() {
        form::show(ui, view, &mut state.directory, actions);
        return;
    }
    let Some((contact, answer)) = view.desk.directory().open() else { return };
    match answer {
        Answer::NotAsked | Answer::UnderWay => {
            close(ui, view, actions);
            ui.vertical_centered(|ui| ui.add(egui::Spinner::new().size(18.0)));
        }
        Answer::Failed(why) => {
            close(ui, view, actions);
            ui.vertical_centered(|ui| {
                ui.label(RichText::new(why).color(view.theme.overdue));
                if button::plain(ui, "Try again").clicked() {
                    actions.push(wish(DirectoryWish::Open(contact)));
                }
            });
        }
        Answer::Here(record) => known(ui, view, record, state, actions),
    }
}

fn close(ui: &mut Ui, view: View<'_>, actions: &mut Vec<Action>) {
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        if button::icon(ui, view.theme, icon::X, "Close the contact").clicked() {
            actions.push(wish(DirectoryWish::Close));
        }
    });
}

fn known(
    ui: &mut Ui,
    view: View<'_>,
    record: &ContactRecord,
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    let contact = &record.contact;
    let frame = Frame::new().inner_margin(Margin { left: 16, right: 12, top: 12, bottom: 0 });
    Panel::top("contact head").frame(frame).show(ui, |ui| {
        who(ui, view, record, actions);
        ui.add_space(4.0);
        ui.horizontal_wrapped(|ui| {
            let with = new_chat::With { contact, number: None, after: None };
            new_chat::button(ui, view, with, actions);
            deeds(ui, view, contact, state, actions);
        });
        tabs(ui, view, &mut state.directory.tab);
    });
    match state.directory.tab {
        Tab::Particulars => {
            ScrollArea::vertical().id_salt("particulars").auto_shrink(false).show(ui, |ui| {
                Frame::new().inner_margin(Margin::symmetric(16, 12)).show(ui, |ui| {
                    particulars(ui, view, record, actions);
                });
            });
        }
        Tab::History => {
            let whose = history::contact::Whose { contact, beside: None };
            history::contact::show_framed(ui, view, whose, state, actions);
        }
    }
}

fn who(ui: &mut Ui, view: View<'_>, record: &ContactRecord, actions: &mut Vec<Action>) {
    let contact = &record.contact;
    ui.horizontal(|ui| {
        let title = phones::title(contact);
        let (rect, _) = ui.allocate_exact_size(vec2(44.0, 44.0), Sense::hover());
        let face = avatar::Avatar {
            name: &title,
            ground: view.theme.avatar(contact.id.uuid().as_u128()),
            front: Ink::of(view.theme).with_text(view.theme.on_avatar),
            ring: None,
            size: 44.0,
        };
        avatar::paint(ui, rect.center(), face);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if button::icon(ui, view.theme, icon::X, "Close the contact").clicked() {
                actions.push(wish(DirectoryWish::Close));
            }
            let is = view.desk.directory().is_favourite(contact.id, record.favourite);
            let colour = if is { view.theme.late_ring } else { view.theme.muted };
            let star = egui::Button::new(RichText::new(icon::star(is)).size(20.0).color(colour));
            let star = ui.add(star.frame_when_inactive(false).min_size(vec2(30.0, 30.0)));
            let name = if is { "No longer a favourite" } else { "Make them a favourite" };
            star.widget_info(|| egui::WidgetInfo::selected(egui::Role::CheckBox, true, is, name));
            if star.on_hover_text(name).clicked() {
                actions.push(wish(DirectoryWish::Favourite { contact: contact.id, is: !is }));
            }
            ui.with_layout(Layout::top_down(Align::Min), |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                ui.add(Label::new(&title, Style::new(15.0).semibold(), Ink::of(view.theme)).one_row());
                let address = if contact.blocked {
                    format!("{} · blocked", phones::address(contact))
                } else {
                    phones::address(contact)
                };
                let colour = if contact.blocked { view.theme.overdue } else { view.theme.muted };
                ui.add(
                    Label::new(&address, Style::new(13.0), Ink::of(view.theme).with_text(colour)).one_row(),
                );
            });
        });
    });
}

fn deeds(ui: &mut Ui, view: View<'_>, contact: &Contact, state: &mut ViewState, actions: &mut Vec<Action>) {
    if button::plain(ui, "Edit").clicked() {
        state.directory.form = Some(Box::new(Form::of(view, contact)));
    }
    let more = button::icon(ui, view.theme, icon::ELLIPSIS, "More with this contact");
    egui::Popup::menu(&more).show(|ui| {
        ui.set_min_width(180.0);
        if ui.button("Merge with…").clicked() {
            state.directory.choosing = Some(Choosing::from(contact.clone()));
        }
        let name = if contact.blocked { "Unblock" } else { "Block" };
        let hint = "Nothing a blocked contact writes reaches an agent";
        if ui.button(name).on_hover_text(hint).clicked() {
            actions.push(wish(DirectoryWish::Block { contact: contact.id, blocked: !contact.blocked }));
        }
    });
}

fn tabs(ui: &mut Ui, view: View<'_>, tab: &mut Tab) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 16.0;
        for (which, name) in [(Tab::Particulars, "Particulars"), (Tab::History, "History")] {
            let is_open = *tab == which;
            let colour = if is_open { view.theme.accent } else { view.theme.muted };
            let words = RichText::new(name).size(13.0).family(theme::medium()).color(colour);
            let button = egui::Button::selectable(is_open, words).frame(false).min_size(vec2(0.0, 32.0));
            let response = ui.add(button);
            if is_open {
                let line = Stroke::new(2.0, view.theme.accent);
                ui.painter().hline(response.rect.x_range(), response.rect.bottom(), line);
            }
            if response.clicked() {
                *tab = which;
            }
        }
    });
}

fn particulars(ui: &mut Ui, view: View<'_>, record: &ContactRecord, actions: &mut Vec<Action>) {
    let contact = &record.contact;
    ui.spacing_mut().item_spacing.y = 2.0;
    if let Some(phone) = &contact.whatsapp.phone {
        ui.horizontal(|ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                wrap_up::contact::copy(ui, view, "phone number", &format!("+{phone}"));
                let lines = Layout::top_down(Align::Min);
                ui.with_layout(lines, |ui| line(ui, view, "WhatsApp", &format!("+{phone}")));
            });
        });
    }
    if let Some(name) = contact.profile_name.as_ref().filter(|name| Some(*name) != contact.name.as_ref()) {
        line(ui, view, "Calls themselves", name);
    }
    if let Some(name) = &contact.user_name {
        line(ui, view, "User name", &format!("@{name}"));
    }
    for detail in &contact.details {
        line(ui, view, &detail_title(detail), &detail.value);
    }
    for held in &contact.attributes {
        let field = rules(view).contact_fields.iter().find(|field| field.key == held.key);
        line(ui, view, field.map_or(held.key.as_str(), |field| field.name.as_str()), &held.value);
    }
    if let Some(note) = &contact.note {
        line(ui, view, "Note", note);
    }
    let (numbers, names): (Vec<&String>, Vec<_>) =
        record.former.iter().partition(|former| former.starts_with('+'));
    for (name, values) in [("Also known to WhatsApp by", numbers), ("Was called", names)] {
        for value in values {
            line(ui, view, name, value);
        }
    }
    if !record.merges.is_empty() {
        heading(ui, view, "Made one with them");
    }
    for merge in &record.merges {
        ui.horizontal_wrapped(|ui| {
            let name = text::isolate::isolated(&merge.name);
            let by = text::isolate::isolated(&merge.by);
            ui.label(RichText::new(format!("{name} · {by}, {}", view.ago(merge.at))).size(13.0));
            if button::plain(ui, "Take apart").on_hover_text("Makes two contacts of them again").clicked() {
                actions.push(wish(DirectoryWish::Unmerge(merge.id)));
            }
        });
    }
}

/// What a further particular is called, and whose it is.
fn detail_title(detail: &ContactDetail) -> String {
    let kind = detail_name(detail.kind);
    match &detail.name {
        Some(name) => format!("{kind} of {}", text::isolate::isolated(name)),
        None => kind.to_owned(),
    }
}

pub(super) fn heading(ui: &mut Ui, view: View<'_>, words: &str) {
    ui.add_space(8.0);
    let words = RichText::new(words.to_uppercase()).size(11.0).family(theme::semibold());
    ui.label(words.color(view.theme.faint));
    ui.add_space(2.0);
}

fn line(ui: &mut Ui, view: View<'_>, name: &str, value: &str) {
    let ink = Ink::of(view.theme);
    ui.add(Label::new(name, Style::new(12.0).medium(), ink.with_text(view.theme.muted)).one_row());
    ui.add(Label::new(&phones::grouped(value), Style::new(14.0), ink).rows(60));
    ui.add_space(8.0);
}
