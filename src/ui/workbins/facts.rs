//! Changing a fact of all interactions that are chosen.

use egui::{Context, Key, Modifiers, RichText, TextEdit, Window, vec2};
use waxwing_protocol::{
    id::InteractionId,
    interaction::CaseDatum,
    wrap_up::{FieldKind, PutCaseData},
};

use super::{
    super::{Action, View, choose_fact, rules, widgets::button},
    WorkbinsState,
};
use crate::desk::{input::Command, workbins::deeds::Deed, wrap_up::facts};

/// A fact being changed.
#[derive(Debug)]
pub(super) struct FactsForm {
    interactions: Vec<InteractionId>,
    key: String,
    value: String,
    is_new: bool,
}

impl FactsForm {
    pub(super) fn new(interactions: Vec<InteractionId>) -> Self {
        Self { interactions, key: String::new(), value: String::new(), is_new: true }
    }
}

/// Draws it, if a fact is being changed.
pub(super) fn show(ctx: &Context, view: View<'_>, state: &mut WorkbinsState, actions: &mut Vec<Action>) {
    let Some(form) = &mut state.facts else { return };
    let title = match form.interactions.len() {
        1 => "Case data of one interaction".to_owned(),
        count => format!("Case data of {count} interactions"),
    };
    let fields = &rules(view).case_fields;
    let (mut open, mut done) = (true, None);
    let window = Window::new(title).id(egui::Id::unique("workbin facts")).collapsible(false).resizable(false);
    window.anchor(egui::Align2::CENTER_CENTER, vec2(0.0, 0.0)).open(&mut open).show(ctx, |ui| {
        ui.set_width(340.0);
        let field = |ui: &mut egui::Ui, name: &str, text: &mut String| {
            ui.label(RichText::new(name).size(12.0).color(view.theme.muted));
            let edit = TextEdit::singleline(text).margin(egui::Margin::symmetric(10, 6));
            let response = ui.add_sized(vec2(ui.available_width(), 32.0), edit);
            response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, name));
            response
        };
        let key = field(ui, "Field", &mut form.key);
        if let Some(field) = choose_fact(ui, fields) {
            form.key.clone_from(&field.name);
        }
        field(ui, "Value", &mut form.value);
        if std::mem::take(&mut form.is_new) {
            key.request_focus();
        }
        let key = facts::key_meant(fields, &form.key);
        let value = form.value.trim();
        let kind = facts::field(fields, &key).map_or(&FieldKind::Text, |field| &field.kind);
        let wrong = facts::wrong(kind, value);
        if let Some(wrong) = wrong.as_ref().filter(|_| !value.is_empty()) {
            ui.label(RichText::new(wrong).size(12.0).color(view.theme.overdue));
        }
        ui.add_space(8.0);
        ui.horizontal(|ui| {
            let may = !key.is_empty() && !value.is_empty() && wrong.is_none();
            let enter = ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Enter));
            if button::primary(ui, view.theme, "Set", may).clicked() || (enter && may) {
                let datum = CaseDatum { key: key.clone(), value: value.to_owned() };
                done = Some(PutCaseData { put: vec![datum], remove: Vec::new() });
            }
            ui.add_enabled_ui(!key.is_empty(), |ui| {
                if button::plain(ui, "Remove the field").clicked() {
                    done = Some(PutCaseData { put: Vec::new(), remove: vec![key.clone()] });
                }
            });
        });
    });
    if let Some(put) = done {
        let interactions = std::mem::take(&mut form.interactions);
        actions.push(Action::Command(Command::InWorkbins { interactions, deed: Deed::CaseData(put) }));
        open = false;
    }
    if !open || ctx.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape)) {
        state.facts = None;
    }
}
