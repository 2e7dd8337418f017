//! The notification that a response carries: which template, and what is filled in beforehand. A file is chosen when it is sent:
//! the library keeps the files of responses, and none for a template's places.

use egui::{ComboBox, RichText, Ui};
use waxwing_protocol::{
    response::Prefilled,
    slot::{SlotKind, SlotValues, SlotWanted, check, slots},
    template::Template,
};

use super::{
    super::{
        super::{
            View, Zone,
            notification::{
                choosing,
                field::{Field, MOMENT},
            },
        },
        card::standing,
    },
    Front,
    fields::{caption, words},
    form::Form,
};

/// The places of a template as they are typed.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// Of which: its name and its language.
    of: Option<(String, String)>,
    fields: Vec<(SlotWanted, Field)>,
}

impl Places {
    /// Those of this template, with what is filled in of them.
    fn fit(&mut self, template: &Template, values: &SlotValues, zone: Zone) {
        let of = Some((template.name.clone(), template.language.clone()));
        let wanted = slots(template);
        if self.of == of && self.fields.iter().map(|(held, _)| held).eq(&wanted) {
            return;
        }
        let field = |wanted: SlotWanted| {
            let mut field = Field::of(&wanted.kind);
            if let Some(value) = values.get(&wanted.slot) {
                field.put(value, zone);
            }
            (wanted, field)
        };
        *self = Self { of, fields: wanted.into_iter().map(field).collect() };
    }

    /// Puts what was typed among the values; those for which there is no field stay.
    fn tell(&self, values: &mut SlotValues, zone: Zone) {
        for (wanted, field) in &self.fields {
            if !matches!(field, Field::Media(_)) {
                values.remove(&wanted.slot);
                values.extend(field.value(zone).map(|value| (wanted.slot.clone(), value)));
            }
        }
    }
}

/// Draws it.
pub(super) fn show(ui: &mut Ui, (view, _front): Front<'_>, form: &mut Form) {
    caption(ui, view, "Notification");
    let carried = &mut form.content.notification;
    let name = carried
        .as_ref()
        .map_or_else(|| "None".to_owned(), |carried| format!("{} · {}", carried.name, carried.language));
    let mut templates: Vec<_> = view.desk.library().templates().collect();
    templates.sort_by(|one, other| (&one.name, &one.language).cmp(&(&other.name, &other.language)));
    let combo = ComboBox::from_id_salt("form notification").width(ui.available_width()).selected_text(name);
    let shown = combo.show_ui(ui, |ui| {
        if ui.selectable_label(carried.is_none(), "None").clicked() {
            *carried = None;
        }
        for template in &templates {
            let is = carried
                .as_ref()
                .is_some_and(|held| held.name == template.name && held.language == template.language);
            let (standing, ..) = standing(view, Some(template));
            let name = format!("{} · {} · {standing}", template.name, template.language);
            if ui.selectable_label(is, name).clicked() && !is {
                let (name, language) = (template.name.clone(), template.language.clone());
                *carried = Some(Prefilled { name, language, values: SlotValues::new() });
            }
        }
    });
    shown.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, "Notification"));
    let Some(carried) = carried else { return };
    let called =
        |held: &&&std::sync::Arc<Template>| held.name == carried.name && held.language == carried.language;
    let Some(template) = templates.iter().find(called) else {
        let words = "WhatsApp's account has no such template any more.";
        ui.label(RichText::new(words).size(12.0).color(view.theme.overdue));
        return;
    };
    form.places.fit(template, &carried.values, view.zone);
    for (wanted, field) in &mut form.places.fields {
        ui.horizontal_top(|ui| {
            let name = RichText::new(format!("[{}]", wanted.name)).size(12.0).color(view.theme.late);
            ui.add_sized([84.0, 30.0], egui::Label::new(name).truncate());
            ui.vertical(|ui| place(ui, view, (wanted, field), template));
        });
    }
    form.places.tell(&mut carried.values, view.zone);
}

/// A place of the template: what is typed there beforehand.
fn place(ui: &mut Ui, view: View<'_>, (wanted, field): (&SlotWanted, &mut Field), template: &Template) {
    let (id, told) = (format!("form place {}", wanted.slot), format!("Value of {}", wanted.name));
    let hint = wanted.example.as_deref().unwrap_or("Filled in when it is sent");
    match field {
        Field::Words(held) => {
            words(ui, view, (&mut held.editor, &id), (&told, hint), 1);
            if wanted.kind == SlotKind::Text {
                choosing::button(ui, view, (held, &told), template);
            }
        }
        Field::Media(_) => {
            let words = RichText::new("A file is chosen when it is sent.").size(12.0);
            ui.label(words.color(view.theme.muted));
        }
        Field::Place(held) => {
            for (part, editor) in [
                ("name", &mut held.name),
                ("address", &mut held.address),
                ("latitude", &mut held.latitude),
                ("longitude", &mut held.longitude),
            ] {
                let (id, told) = (format!("{id} {part}"), format!("{told}, {part}"));
                words(ui, view, (editor, &id), (&told, part), 1);
            }
            held.spread();
        }
        Field::Products(held) => {
            if wanted.kind == SlotKind::Product {
                let (id, told) = (format!("{id} catalogue"), format!("{told}, catalogue"));
                words(ui, view, (&mut held.catalog, &id), (&told, "Number of the catalogue"), 1);
            }
            words(ui, view, (&mut held.products, &id), (&told, "Numbers of the products"), 1);
        }
        Field::Moment(editor) => {
            words(ui, view, (editor, &id), (&told, "2026-05-20 18:00"), 1);
            choosing::moment(ui, view, (editor, &told), MOMENT);
        }
    }
    // Words may hold field codes: what becomes of them is seen when it is sent.
    if !matches!(field, Field::Words(_))
        && let Some(value) = field.value(view.zone)
        && let Err(problem) = check(wanted, Some(&value), view.now)
    {
        let words = RichText::new(problem.to_string()).size(12.0).color(view.theme.overdue);
        ui.add(egui::Label::new(words).wrap());
    }
}
