//! Somebody being changed, or somebody new. What is typed goes only when somebody throws it away; if somebody else has changed
//! them meanwhile, theirs is shown before anything is saved.

use egui::{Frame, Key, Margin, Modifiers, Panel, RichText, ScrollArea, Ui};
use waxwing_protocol::{
    contact::{Contact, ContactAttribute, ContactDetail, DetailKind},
    directory::{ContactContent, MAX_CONTACT_NOTE_BYTES, NewContact, PutContact},
    id::ContactId,
};

use super::{
    super::{Action, View, icon, rules, text::editor::EditorState, theme, widgets::button},
    DirectoryState, fields, wish,
};
use crate::desk::{
    directory::{DirectoryWish, Save},
    phones,
};

/// A further particular as it is typed.
#[derive(Debug)]
pub(super) struct DetailRow {
    pub(super) kind: DetailKind,
    pub(super) value: EditorState,
    /// Whose it is, where it came from a card.
    of: Option<String>,
    /// What it was before: the gateway keeps it as it is.
    was: Option<(DetailKind, String)>,
}

impl DetailRow {
    /// Nothing of a kind yet.
    pub(super) fn empty(kind: DetailKind) -> Self {
        Self { kind, value: EditorState::default(), of: None, was: None }
    }

    /// Whether it is what it was before.
    pub(super) fn is_unchanged(&self) -> bool {
        self.was.as_ref().is_some_and(|(kind, value)| *kind == self.kind && value == self.value.text())
    }
}

/// An attribute as it is typed.
#[derive(Debug)]
pub(super) struct AttributeRow {
    pub(super) key: EditorState,
    pub(super) value: EditorState,
    /// Whether the key can't be changed: it was there, or the house has it.
    pub(super) is_known: bool,
}

/// Somebody being changed.
#[derive(Debug)]
pub(super) struct Form {
    pub(super) id: Option<ContactId>,
    based_on: u64,
    begun: ContactContent,
    title: String,
    pub(super) phone: EditorState,
    pub(super) name: EditorState,
    pub(super) details: Vec<DetailRow>,
    pub(super) attributes: Vec<AttributeRow>,
    pub(super) note: EditorState,
    /// Whether somebody has tried to save it: then what is missing is told, too.
    pub(super) was_tried: bool,
    /// What was to be saved, as long as nothing else is written: what came of it is told.
    tried: Option<(String, ContactContent)>,
    /// Whether what is typed next goes into its first field: it has just come.
    pub(super) wants_focus: bool,
    foot: Foot,
    /// Who was chosen while it was written in: they are looked at once it is thrown away.
    next: Option<ContactId>,
}

/// What stands below the form.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Foot {
    /// Saving it.
    #[default]
    Saving,
    /// The question whether it is to be thrown away.
    Discarding,
    /// What somebody else has made of them.
    Theirs,
}

/// What agents say of a contact.
fn content_of(contact: &Contact) -> ContactContent {
    let Contact { name, details, attributes, note, .. } = contact.clone();
    ContactContent { name, details, attributes, note }
}

impl Form {
    /// Somebody new.
    pub(super) fn new() -> Self {
        Self {
            id: None,
            based_on: 0,
            begun: ContactContent::default(),
            title: "New contact".to_owned(),
            phone: EditorState::default(),
            name: EditorState::default(),
            details: Vec::new(),
            attributes: Vec::new(),
            note: EditorState::default(),
            was_tried: false,
            tried: None,
            wants_focus: true,
            foot: Foot::Saving,
            next: None,
        }
    }

    /// Somebody who is there.
    pub(super) fn of(view: View<'_>, contact: &Contact) -> Self {
        let content = content_of(contact);
        let mut form = Self {
            id: Some(contact.id),
            based_on: contact.revision,
            title: format!("Edit {}", phones::title(contact)),
            ..Self::new()
        };
        form.put(&content);
        form.offer_fields(view);
        form.begun = content;
        form
    }

    fn put(&mut self, content: &ContactContent) {
        self.name.set_text(content.name.as_deref().unwrap_or_default());
        self.note.set_text(content.note.as_deref().unwrap_or_default());
        let details = content.details.iter().map(|detail| DetailRow {
            kind: detail.kind,
            value: EditorState::new(&detail.value),
            of: detail.name.clone(),
            was: Some((detail.kind, detail.value.clone())),
        });
        self.details = details.collect();
        let attributes = content.attributes.iter().map(|held| AttributeRow {
            key: EditorState::new(&held.key),
            value: EditorState::new(&held.value),
            is_known: true,
        });
        self.attributes = attributes.collect();
    }

    /// The fields of the house stand there, also those that are empty.
    pub(super) fn offer_fields(&mut self, view: View<'_>) {
        for field in &rules(view).contact_fields {
            if self.attributes.iter().all(|row| row.key.text() != field.key) {
                let (key, value) = (EditorState::new(&field.key), EditorState::default());
                self.attributes.push(AttributeRow { key, value, is_known: true });
            }
        }
    }

    /// What is written in it.
    pub(super) fn written(&self) -> ContactContent {
        let some = |typed: &EditorState| Some(typed.text().trim().to_owned()).filter(|it| !it.is_empty());
        let detail = |row: &DetailRow| {
            Some(ContactDetail { kind: row.kind, value: some(&row.value)?, name: row.of.clone() })
        };
        let attribute =
            |row: &AttributeRow| Some(ContactAttribute { key: some(&row.key)?, value: some(&row.value)? });
        ContactContent {
            name: some(&self.name),
            details: self.details.iter().filter_map(detail).collect(),
            attributes: self.attributes.iter().filter_map(attribute).collect(),
            note: some(&self.note),
        }
    }

    fn is_changed(&self) -> bool {
        self.written() != self.begun || !self.phone.text().trim().is_empty()
    }

    /// Whether somebody else may be shown in its place. If anything is written in it, that is asked first.
    pub(super) fn gives_way(&mut self, to: ContactId) -> bool {
        if self.is_changed() {
            (self.foot, self.next) = (Foot::Discarding, Some(to));
        }
        !self.is_changed()
    }

    /// Whether it can be saved, as far as can be told here.
    fn is_right(&self, view: View<'_>) -> bool {
        let phone = self.id.is_some() || fields::wrong_phone(self.phone.text()).is_none();
        let details = self.details.iter().all(|row| fields::wrong_detail(row).is_none());
        let attributes = self.attributes.iter();
        let attributes = attributes.clone().all(|row| fields::wrong_attribute(view, row).is_none())
            && fields::doubled(&self.attributes).is_none();
        phone && details && attributes && self.note.text().len() <= MAX_CONTACT_NOTE_BYTES
    }

    fn save(&mut self, view: View<'_>, actions: &mut Vec<Action>) {
        self.was_tried = true;
        self.tried = None;
        if !self.is_right(view) {
            return;
        }
        let content = self.written();
        self.tried = Some((self.phone.text().to_owned(), content.clone()));
        actions.push(wish(if let Some(contact) = self.id {
            let put = Box::new(PutContact { based_on: self.based_on, content });
            DirectoryWish::Save { contact, put }
        } else {
            let phone = self.phone.text().trim().to_owned();
            DirectoryWish::Create(Box::new(NewContact { phone, content }))
        }));
    }

    /// What somebody else has made of them since the form was begun.
    fn theirs<'a>(&self, view: View<'a>) -> Option<&'a Contact> {
        let is_saving = matches!(view.desk.directory().save(self.id), Some(Save::UnderWay | Save::Done(_)));
        let held = &view.desk.directory().record()?.contact;
        let is_newer = Some(held.id) == self.id && held.revision > self.based_on;
        (is_newer && !is_saving && content_of(held) != self.written()).then_some(held)
    }
}

/// A form that was saved ends.
pub(super) fn settle(view: View<'_>, form: &mut Option<Box<Form>>, actions: &mut Vec<Action>) {
    let Some(id) = form.as_ref().map(|form| form.id) else { return };
    if matches!(view.desk.directory().save(id), Some(Save::Done(_))) {
        *form = None;
        actions.push(wish(DirectoryWish::ForgetSave(id)));
    }
}

/// Draws it in the place of whoever is looked at.
pub(super) fn show(ui: &mut Ui, view: View<'_>, state: &mut DirectoryState, actions: &mut Vec<Action>) {
    let Some(form) = &mut state.form else { return };
    let mut ends = false;
    let frame = Frame::new().fill(view.theme.surface).inner_margin(Margin::symmetric(16, 12));
    Panel::top("contact form head").frame(frame).show(ui, |ui| {
        ui.label(RichText::new(&form.title).family(theme::semibold()).size(15.0));
    });
    let mut look_for = None;
    Panel::bottom("contact form foot").frame(frame).show(ui, |ui| {
        told(ui, view, form, &mut look_for);
        ends = foot(ui, view, form, actions);
    });
    ScrollArea::vertical().id_salt("contact form").auto_shrink(false).show(ui, |ui| {
        // What is wider than the panel must not widen it.
        ui.set_max_width(ui.available_width());
        Frame::new().inner_margin(Margin::symmetric(16, 8)).show(ui, |ui| fields::show(ui, view, form));
    });
    if let Some(words) = look_for {
        state.looking.look_for(&words);
    }
    if ends {
        actions.push(wish(DirectoryWish::ForgetSave(form.id)));
        actions.extend(form.next.map(|next| wish(DirectoryWish::Open(next))));
        state.cursor = form.next.or(state.cursor);
        state.form = None;
    }
}

/// Saving it, and throwing it away; says whether the form ends.
fn foot(ui: &mut Ui, view: View<'_>, form: &mut Form, actions: &mut Vec<Action>) -> bool {
    let mut ends = false;
    if form.foot == Foot::Discarding {
        ui.label("Throw away what you wrote?");
    }
    ui.horizontal(|ui| {
        if form.foot == Foot::Discarding {
            let goes_on = button::primary(ui, view.theme, "Go on writing", true).clicked();
            if goes_on || ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape)) {
                (form.foot, form.next) = (Foot::Saving, None);
            }
            ends = button::plain(ui, "Throw away").clicked();
            return;
        }
        let is_saving = view.desk.directory().save(form.id) == Some(&Save::UnderWay);
        let name = if is_saving { "Saving…" } else { "Save" };
        let can_save = !is_saving && form.theirs(view).is_none();
        if button::primary(ui, view.theme, name, can_save).clicked() {
            form.save(view, actions);
        }
        if button::plain(ui, "Cancel").clicked() {
            ends = !form.is_changed();
            form.foot = Foot::Discarding;
        }
    });
    ends
}

/// What came of saving it, or what somebody else has done meanwhile.
fn told(ui: &mut Ui, view: View<'_>, form: &mut Form, look_for: &mut Option<String>) {
    if let Some(theirs) = form.theirs(view) {
        ui.horizontal_wrapped(|ui| {
            ui.label(icon::text(icon::TRIANGLE_ALERT, 15.0).color(view.theme.late));
            ui.label(RichText::new("Somebody else has changed them meanwhile.").color(view.theme.late));
            let name = if form.foot == Foot::Theirs { "Hide theirs" } else { "See theirs" };
            if ui.button(name).clicked() {
                form.foot = if form.foot == Foot::Theirs { Foot::Saving } else { Foot::Theirs };
            }
            if ui.button("Take theirs").clicked() {
                *form = Form::of(view, theirs);
            }
            if ui.button("Keep mine").on_hover_text("Then save: yours takes the place of theirs").clicked() {
                (form.based_on, form.tried) = (theirs.revision, None);
            }
        });
        if form.foot == Foot::Theirs {
            fields::theirs(ui, view, &content_of(theirs));
        }
        return;
    }
    let is_of_this = form.tried.as_ref() == Some(&(form.phone.text().to_owned(), form.written()));
    let save = view.desk.directory().save(form.id).filter(|_| is_of_this);
    if let Some(Save::Failed(why) | Save::Overtaken(why)) = save {
        ui.horizontal_top(|ui| {
            ui.label(icon::text(icon::CIRCLE_ALERT, 15.0).color(view.theme.overdue));
            let words = RichText::new(format!("Not saved. {why}")).color(view.theme.overdue);
            ui.add(egui::Label::new(words).wrap());
        });
        let is_taken = form.id.is_none() && matches!(save, Some(Save::Overtaken(_)));
        if is_taken && ui.button("Look for them").clicked() {
            *look_for = Some(form.phone.text().trim().to_owned());
        }
    }
}
