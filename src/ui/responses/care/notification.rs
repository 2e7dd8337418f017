//! The notification that a response carries: which template, and what is filled in beforehand. What is not text is filled in
//! when it is sent.

use egui::{ComboBox, RichText, Ui};
use waxwing_protocol::{
    response::Prefilled,
    slot::{SlotKind, SlotValue, SlotValues, slots},
};

use super::{
    super::card::standing,
    Front,
    fields::{caption, line},
    form::Form,
};

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
    let called = |held: &&&std::sync::Arc<waxwing_protocol::template::Template>| {
        held.name == carried.name && held.language == carried.language
    };
    let Some(template) = templates.iter().find(called) else {
        let words = "WhatsApp's account has no such template any more.";
        ui.label(RichText::new(words).size(12.0).color(view.theme.overdue));
        return;
    };
    for wanted in slots(template) {
        let is_text = matches!(wanted.kind, SlotKind::Text | SlotKind::UrlSuffix { .. } | SlotKind::Coupon);
        if !is_text {
            continue;
        }
        let held = carried.values.get(&wanted.slot);
        let mut text = held.map(SlotValue::as_text).unwrap_or_default().to_owned();
        let hint = wanted.example.as_deref().unwrap_or("Filled in when it is sent");
        ui.horizontal(|ui| {
            let name = RichText::new(format!("[{}]", wanted.name)).size(12.0).color(view.theme.late);
            ui.add_sized([84.0, 20.0], egui::Label::new(name).truncate());
            line(ui, &mut text, &format!("Value of {}", wanted.name), hint);
        });
        if text.is_empty() {
            carried.values.remove(&wanted.slot);
        } else {
            carried.values.insert(wanted.slot, SlotValue::text(text));
        }
    }
}
