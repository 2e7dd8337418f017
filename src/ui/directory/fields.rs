//! The fields of a contact that is being changed, each with what is wrong with it beside it.

use std::collections::BTreeSet;

use egui::{ComboBox, Id, RichText, Ui};
use waxwing_protocol::{
    contact::DetailKind,
    directory::{ContactContent, MAX_CONTACT_NOTE_BYTES},
    wrap_up::FieldKind,
};

use super::{
    super::{
        View, detail_name, icon, rules,
        text::{Ink, Label, Style, editor::EditorState},
        theme,
        widgets::{button, field::Field},
    },
    form::{AttributeRow, DetailRow, Form},
};

use crate::desk::wrap_up::facts;

/// How much room there is for the cross that takes a line away, in points.
const CROSS: f32 = 52.0;

const KINDS: [DetailKind; 5] =
    [DetailKind::Phone, DetailKind::Email, DetailKind::Address, DetailKind::Url, DetailKind::Company];

/// Why this is no number on WhatsApp; none if it may be one. The gateway knows the rules of every country, and of which one a
/// number without its code is: it has the last word.
pub(super) fn wrong_phone(typed: &str) -> Option<&'static str> {
    let typed = typed.trim();
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let others = typed.chars().all(|c| c.is_ascii_digit() || " +-()./\u{a0}".contains(c));
    if digits.is_empty() || !others {
        return Some("Write a phone number, such as +1 650 555 0147.");
    }
    let with_code = typed.strip_prefix('+').map(|_| digits.as_str()).or_else(|| digits.strip_prefix("00"));
    let (fewest, most) = with_code.map_or((4, 17), |_| (7, 15));
    let count = with_code.unwrap_or(&digits).len();
    if count < fewest {
        return Some("Digits are missing: no number is as short.");
    }
    (count > most).then_some("These are too many digits: no number is as long.")
}

/// Why a further particular can't be so; none if it can, or is empty.
pub(super) fn wrong_detail(row: &DetailRow) -> Option<&'static str> {
    let typed = row.value.text().trim();
    if typed.is_empty() || row.is_unchanged() {
        return None;
    }
    match row.kind {
        DetailKind::Email => {
            let is_one = typed.split_once('@').is_some_and(|(who, host)| {
                !who.is_empty() && host.contains('.') && !host.contains('@') && !typed.contains(' ')
            });
            (!is_one).then_some("Write an e-mail address, such as masha@example.com.")
        }
        DetailKind::Phone => wrong_phone(typed),
        DetailKind::Url => {
            let is_one = ["https://", "http://"].iter().any(|scheme| typed.starts_with(scheme));
            (!is_one).then_some("Write a web address that begins with https://.")
        }
        DetailKind::Address | DetailKind::Company | DetailKind::Unknown => None,
    }
}

/// Why an attribute can't be so; none if it can, or is empty.
pub(super) fn wrong_attribute(view: View<'_>, row: &AttributeRow) -> Option<String> {
    let (key, value) = (row.key.text().trim(), row.value.text().trim());
    if value.is_empty() {
        return None;
    }
    if key.is_empty() {
        return Some("Say what it is.".to_owned());
    }
    let field = rules(view).contact_fields.iter().find(|field| field.key == key);
    facts::wrong(field.map_or(&FieldKind::Text, |field| &field.kind), value)
}

/// A key that stands there twice.
pub(super) fn doubled(rows: &[AttributeRow]) -> Option<String> {
    let mut seen = BTreeSet::new();
    let keys = rows.iter().map(|row| row.key.text().trim()).filter(|key| !key.is_empty());
    keys.into_iter().find(|key| !seen.insert(*key)).map(str::to_owned)
}

/// Draws them.
pub(super) fn show(ui: &mut Ui, view: View<'_>, form: &mut Form) {
    ui.spacing_mut().item_spacing.y = 4.0;
    if std::mem::take(&mut form.wants_focus) {
        let first = if form.id.is_none() { "phone" } else { "name" };
        ui.memory_mut(|memory| memory.request_focus(id(first)));
    }
    if form.id.is_none() {
        caption(ui, view, "Phone number on WhatsApp");
        line(ui, view, ("phone", "Phone number on WhatsApp", "+1 650 555 0147"), &mut form.phone);
        let is_told = form.was_tried || !form.phone.text().trim().is_empty();
        told(ui, view, wrong_phone(form.phone.text()).filter(|_| is_told));
    }
    caption(ui, view, "Name");
    line(ui, view, ("name", "Name", "What they call themselves"), &mut form.name);
    caption(ui, view, "Further particulars");
    let mut gone = None;
    for (number, row) in form.details.iter_mut().enumerate() {
        if detail(ui, view, (number, row)) {
            gone = Some(number);
        }
        told(ui, view, wrong_detail(row));
    }
    if let Some(number) = gone {
        form.details.remove(number);
    }
    if ui.button("+ Add a phone, e-mail, address …").clicked() {
        form.details.push(DetailRow::empty(DetailKind::Phone));
        type_into(ui, ("detail", form.details.len() - 1));
    }
    caption(ui, view, "Attributes");
    attributes(ui, view, form);
    caption(ui, view, "Note");
    let field = Field { id: id("note"), name: "Note", hint: "For whoever talks to them next" };
    field.lines(ui, view, &mut form.note, 3);
    let is_long = form.note.text().len() > MAX_CONTACT_NOTE_BYTES;
    told(ui, view, is_long.then_some("The note is too long: 4,096 bytes fit."));
}

/// A further particular; says whether it is to go.
fn detail(ui: &mut Ui, view: View<'_>, (number, row): (usize, &mut DetailRow)) -> bool {
    ui.horizontal(|ui| {
        let combo = ComboBox::from_id_salt(("detail kind", number)).width(100.0);
        let shown = combo.selected_text(detail_name(row.kind)).show_ui(ui, |ui| {
            for kind in KINDS {
                ui.selectable_value(&mut row.kind, kind, detail_name(kind));
            }
        });
        let name = format!("Kind of particular {}", number + 1);
        shown.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, &name));
        let room = (ui.available_width() - CROSS).max(80.0);
        let name = format!("Particular {}", number + 1);
        ui.scope(|ui| {
            ui.set_width(room);
            let hint = if row.kind == DetailKind::Phone { "+49 30 901820" } else { "" };
            let field = Field { id: id(("detail", number)), name: &name, hint };
            field.line(ui, view, &mut row.value);
        });
        button::icon(ui, view.theme, icon::X, &format!("Take away {name}")).clicked()
    })
    .inner
}

fn attributes(ui: &mut Ui, view: View<'_>, form: &mut Form) {
    let mut gone = None;
    for (number, row) in form.attributes.iter_mut().enumerate() {
        if attribute(ui, view, (number, row)) {
            gone = Some(number);
        }
        told(ui, view, wrong_attribute(view, row).as_deref());
    }
    if let Some(number) = gone {
        form.attributes.remove(number);
    }
    if let Some(key) = doubled(&form.attributes) {
        told(ui, view, Some(&format!("“{key}” stands there twice.")));
    }
    if ui.button("+ Add an attribute").clicked() {
        form.attributes.push(AttributeRow {
            key: EditorState::default(),
            value: EditorState::default(),
            is_known: false,
        });
        type_into(ui, ("key", form.attributes.len() - 1));
    }
}

/// What is typed next goes into the field of a row that has just come.
fn type_into(ui: &Ui, row: (&str, usize)) {
    ui.memory_mut(|memory| memory.request_focus(id(row)));
}

/// An attribute; says whether it is to go.
fn attribute(ui: &mut Ui, view: View<'_>, (number, row): (usize, &mut AttributeRow)) -> bool {
    let key = row.key.text().trim().to_owned();
    let field = rules(view).contact_fields.iter().find(|field| field.key == key && row.is_known);
    let name = field.map_or(key.as_str(), |field| field.name.as_str()).to_owned();
    ui.horizontal(|ui| {
        ui.scope(|ui| {
            ui.set_width(130.0);
            if row.is_known {
                ui.add(Label::new(&name, Style::new(13.0), Ink::of(view.theme)).one_row().full_width());
            } else {
                let told = format!("Attribute {}", number + 1);
                let field = Field { id: id(("key", number)), name: &told, hint: "Name" };
                field.line(ui, view, &mut row.key);
            }
        });
        let room = (ui.available_width() - CROSS).max(80.0);
        ui.scope(|ui| {
            ui.set_width(room);
            let name = if name.is_empty() { format!("Value {}", number + 1) } else { name.clone() };
            let kind = field.map(|field| &field.kind);
            value(ui, view, (number, &name, kind), &mut row.value);
        });
        let is_empty = field.is_some() && row.value.text().is_empty();
        let name = format!("Take away attribute {name}");
        !is_empty && button::icon(ui, view.theme, icon::X, &name).clicked()
    })
    .inner
}

/// The value, in a field of its kind.
fn value(
    ui: &mut Ui,
    view: View<'_>,
    (number, name, kind): (usize, &str, Option<&FieldKind>),
    value: &mut EditorState,
) {
    let yes_no = ["yes".to_owned(), "no".to_owned()];
    let choices = match kind {
        Some(FieldKind::YesNo) => &yes_no[..],
        Some(FieldKind::Choice { choices }) => choices,
        _ => {
            let hint = match kind {
                Some(FieldKind::Number) => "12",
                Some(FieldKind::Date) => "2026-11-28",
                Some(FieldKind::Link) => "https://",
                _ => "",
            };
            Field { id: id(("value", number)), name, hint }.line(ui, view, value);
            return;
        }
    };
    let mut chosen = value.text().to_owned();
    let words = if chosen.is_empty() { "—" } else { chosen.as_str() }.to_owned();
    let combo = ComboBox::from_id_salt(("attribute", number)).width(ui.available_width());
    let shown = combo.selected_text(words).show_ui(ui, |ui| {
        ui.selectable_value(&mut chosen, String::new(), "—");
        for choice in choices {
            ui.selectable_value(&mut chosen, choice.clone(), choice);
        }
    });
    shown.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, name));
    if chosen != value.text() {
        value.set_text(&chosen);
    }
}

/// What somebody else has made of them.
pub(super) fn theirs(ui: &mut Ui, view: View<'_>, content: &ContactContent) {
    let mut lines = vec![format!("Name: {}", content.name.as_deref().unwrap_or("—"))];
    lines.extend(content.details.iter().map(|held| format!("{}: {}", detail_name(held.kind), held.value)));
    lines.extend(content.attributes.iter().map(|held| format!("{}: {}", held.key, held.value)));
    lines.extend(content.note.as_ref().map(|note| format!("Note: {note}")));
    for words in lines {
        ui.add(Label::new(&words, Style::new(13.0), Ink::of(view.theme)).rows(6));
    }
}

fn id(which: impl std::hash::Hash + std::fmt::Debug) -> Id {
    Id::unique(("contact form", which))
}

fn caption(ui: &mut Ui, view: View<'_>, name: &str) {
    ui.add_space(6.0);
    ui.label(RichText::new(name).size(12.0).family(theme::medium()).color(view.theme.muted));
}

fn line(ui: &mut Ui, view: View<'_>, (which, name, hint): (&str, &str, &str), typed: &mut EditorState) {
    Field { id: id(which), name, hint }.line(ui, view, typed);
}

/// What is wrong, below the field.
fn told(ui: &mut Ui, view: View<'_>, wrong: Option<&str>) {
    if let Some(wrong) = wrong {
        ui.label(RichText::new(wrong).size(12.0).color(view.theme.overdue));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_no_number_in_any_country_is_told_at_once() {
        for good in
            ["+1 650 555 0147", " +49 (30) 901820 ", "+44-7700-900142", "0044 7911 123456", "0650 555 0147"]
        {
            assert_eq!(wrong_phone(good), None, "{good}");
        }
        for bad in ["", "+12", "0012", "12", "+1 650 CALL ME", "+1234567890123456", "001234567890123456"] {
            assert!(wrong_phone(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn a_particular_is_of_its_kind() {
        let row = |kind, text: &str| {
            let mut row = DetailRow::empty(kind);
            row.value.set_text(text);
            wrong_detail(&row)
        };
        assert_eq!(row(DetailKind::Email, "masha@example.com"), None);
        assert_eq!(row(DetailKind::Email, ""), None);
        assert!(row(DetailKind::Email, "masha at example").is_some());
        assert!(row(DetailKind::Email, "a@b@c.d").is_some());
        assert!(row(DetailKind::Url, "javascript:alert(1)").is_some());
        assert!(row(DetailKind::Phone, "12 Main Street").is_some());
        assert_eq!(row(DetailKind::Phone, "+49 (30) 901820"), None);
        assert_eq!(row(DetailKind::Company, "anything"), None);
    }
}
