//! The tab about the contact: who they are, what is known of them, how else to reach them, and the facts of the case.
//!
//! What leads out of the program is judged like any address in a message; of web addresses only https is followed from here.

use egui::{
    Align, Frame, Label, Layout, Margin, Popup, RichText, Role, ScrollArea, Sense, Ui, WidgetInfo, vec2,
};
use waxwing_protocol::contact::{Contact, ContactDetail, DetailKind};

use super::{
    super::{
        Action, View, ViewState, directory, icon,
        text::{
            self, Ink, Style, isolate,
            links::{Verdict, judge},
        },
        theme,
        widgets::{avatar, button, heading},
    },
    facts,
};
use crate::desk::{conversation::Conversation, phones, wrap_up};

/// What is known, under the name of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair<'a> {
    pub(super) name: &'a str,
    pub(super) value: &'a str,
    /// Whether it is a web address.
    pub(super) is_link: bool,
}

/// Draws the tab.
pub(in crate::ui) fn show(
    ui: &mut Ui,
    view: View<'_>,
    conversation: &Conversation,
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    let contact = &conversation.interaction().contact;
    ScrollArea::vertical().id_salt(("contact", conversation.interaction().id)).auto_shrink(false).show(
        ui,
        |ui| {
            ui.set_max_width(ui.available_width() - 8.0);
            ui.spacing_mut().item_spacing.y = 3.0;
            who(ui, view, contact);
            ui.add_space(4.0);
            if ui
                .button("Open in Contacts")
                .on_hover_text("Change them, block them, make one of two")
                .clicked()
            {
                directory::look_at(contact.id, state, actions);
            }
            about(ui, view, contact, actions);
            reached(ui, view, &contact.details, actions);
            facts::show(ui, view, conversation, (&mut state.wrap_up, actions));
        },
    );
}

fn who(ui: &mut Ui, view: View<'_>, contact: &Contact) {
    let title = phones::title(contact);
    let ink = Ink::of(view.theme);
    let muted = ink.with_text(view.theme.muted);
    ui.horizontal(|ui| {
        let (rect, _) = ui.allocate_exact_size(vec2(44.0, 44.0), Sense::hover());
        let face = avatar::Avatar {
            name: &title,
            ground: view.theme.avatar(contact.id.uuid().as_u128()),
            front: ink.with_text(view.theme.on_avatar),
            ring: None,
            size: 40.0,
        };
        avatar::paint(ui, rect.center(), face);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.add(text::Label::new(&title, Style::new(15.0).semibold(), ink).one_row());
            ui.horizontal(|ui| {
                ui.label(RichText::new(phones::address(contact)).size(13.0).color(view.theme.muted));
                if contact.whatsapp.phone.is_some() {
                    copy(ui, view, "phone number", &contact.address());
                }
            });
            let profile = contact.profile_name.as_deref().filter(|profile| *profile != title);
            let user = contact.user_name.as_deref().map(|user| format!("@{user}"));
            let calls = profile.map(|profile| format!("Calls themselves {}", isolate::isolated(profile)));
            for line in user.filter(|user| *user != title).into_iter().chain(calls) {
                ui.add(text::Label::new(&line, Style::new(13.0), muted).one_row());
            }
        });
    });
    if contact.blocked {
        ui.label(RichText::new("Blocked: nothing they write reaches an agent.").color(view.theme.overdue));
    }
}

/// What is known of them.
fn about(ui: &mut Ui, view: View<'_>, contact: &Contact, actions: &mut Vec<Action>) {
    let fields = &view.desk.wrap_up().rules().contact_fields;
    let note = contact.note.as_deref().filter(|note| !note.trim().is_empty());
    if contact.attributes.is_empty() && note.is_none() {
        return;
    }
    heading(ui, view, "About them");
    for attribute in &contact.attributes {
        let field = wrap_up::facts::field(fields, &attribute.key);
        let is_link = facts::leads_on(field.map(|field| &field.kind), &attribute.value);
        let name = wrap_up::facts::name(fields, &attribute.key);
        pair(ui, view, Pair { name, value: &attribute.value, is_link }, actions, |_| {});
    }
    if let Some(note) = note {
        pair(ui, view, Pair { name: "Note on the contact", value: note, is_link: false }, actions, |_| {});
    }
}

/// How else to reach them.
fn reached(ui: &mut Ui, view: View<'_>, details: &[ContactDetail], actions: &mut Vec<Action>) {
    if details.is_empty() {
        return;
    }
    heading(ui, view, "Reached at");
    for detail in details {
        let kind = match detail.kind {
            DetailKind::Phone => "Phone",
            DetailKind::Email => "E-mail",
            DetailKind::Address => "Address",
            DetailKind::Url => "Web",
            DetailKind::Company => "Company",
            DetailKind::Unknown => "Detail",
        };
        let name = match &detail.name {
            Some(name) => format!("{kind} of {}", isolate::isolated(name)),
            None => kind.to_owned(),
        };
        let verdict = match detail.kind {
            DetailKind::Url => Some(judge(&detail.value)),
            DetailKind::Email => Some(judge(&format!("mailto:{}", detail.value))),
            DetailKind::Phone => Some(judge(&format!("tel:{}", detail.value))),
            DetailKind::Address | DetailKind::Company | DetailKind::Unknown => None,
        };
        row(ui, view, (&name, &detail.value, verdict), actions, |_| {});
    }
}

/// What something is called, in small.
pub(super) fn caption(ui: &mut Ui, view: View<'_>, name: &str) {
    let ink = Ink::of(view.theme).with_text(view.theme.muted);
    ui.add(text::Label::new(name, Style::new(12.0), ink).one_row());
}

/// Something that is known, with what else can be done with it at the end of its name.
pub(super) fn pair(
    ui: &mut Ui,
    view: View<'_>,
    pair: Pair<'_>,
    actions: &mut Vec<Action>,
    end: impl FnOnce(&mut Ui),
) {
    let verdict = pair.is_link.then(|| judge(pair.value));
    row(ui, view, (pair.name, pair.value, verdict), actions, end);
}

fn row(
    ui: &mut Ui,
    view: View<'_>,
    (name, value, verdict): (&str, &str, Option<Verdict>),
    actions: &mut Vec<Action>,
    end: impl FnOnce(&mut Ui),
) {
    let frame = Frame::new().inner_margin(Margin { left: 0, right: 0, top: 1, bottom: 3 });
    frame.show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(2.0, 1.0);
        ui.spacing_mut().interact_size.y = 20.0;
        ui.horizontal(|ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                copy(ui, view, name, value);
                end(ui);
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| caption(ui, view, name));
            });
        });
        linked(ui, view, (value, verdict), actions);
    });
}

/// A value; one that leads somewhere safe can be followed, and says before where to.
fn linked(ui: &mut Ui, view: View<'_>, (value, verdict): (&str, Option<Verdict>), actions: &mut Vec<Action>) {
    let ink = Ink::of(view.theme);
    let shown = phones::grouped(value);
    let label = |front| text::Label::new(&shown, Style::new(14.0), ink.with_text(front)).full_width();
    let link = |ui: &mut Ui| {
        let response = ui.add(label(view.theme.link).sense(Sense::click()));
        response.widget_info(|| WidgetInfo::labeled(Role::Link, true, value));
        response.on_hover_cursor(egui::CursorIcon::PointingHand)
    };
    match verdict {
        Some(Verdict::Open(target)) if target.url.starts_with("https://") => {
            let warnings: Vec<_> = target.warnings.iter().map(text::links::Warning::sentence).collect();
            let response = link(ui).on_hover_ui(|ui| {
                ui.label(&target.shown);
                for warning in &warnings {
                    ui.label(RichText::new(warning).color(view.theme.late));
                }
            });
            if response.clicked() {
                actions.push(Action::OpenLink(target.url));
            }
        }
        Some(Verdict::Open(_)) => {
            ui.add(label(view.theme.text))
                .on_hover_text("Only addresses that begin with https:// are opened.");
        }
        Some(Verdict::Ask(target)) => {
            let response = link(ui);
            Popup::menu(&response).show(|ui| {
                let is_mail = target.url.starts_with("mailto:");
                ui.add(Label::new(RichText::new(&target.shown).family(theme::medium())));
                if ui.button(if is_mail { "Write an e-mail" } else { "Call" }).clicked() {
                    actions.push(Action::OpenLink(target.url.clone()));
                }
            });
        }
        Some(Verdict::Plain(reason)) => {
            ui.add(label(view.theme.text)).on_hover_text(reason.sentence());
        }
        None => {
            ui.add(label(view.theme.text));
        }
    }
}

/// Copies a value as it is kept: a number without groups.
pub(in crate::ui) fn copy(ui: &mut Ui, view: View<'_>, name: &str, value: &str) {
    if button::small_icon(ui, view.theme, icon::COPY, &format!("Copy {name}")).clicked() {
        ui.copy_text(value.to_owned());
    }
}
