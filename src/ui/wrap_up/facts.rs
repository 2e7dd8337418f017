//! Facts attached to an interaction, changed in place: Enter keeps, Escape leaves. The field stays until the gateway has the
//! value, and says why if it does not take it.

use egui::{Id, Key, Modifiers, Popup, RichText, Ui, vec2};
use waxwing_protocol::{
    id::InteractionId,
    interaction::CaseDatum,
    wrap_up::{Field, FieldKind, PutCaseData},
};

use super::{
    super::{
        Action, View, icon, shortcuts,
        text::{
            Ink, Style,
            editor::{Editor, EditorState},
        },
        widgets::{button, field, heading},
    },
    WrapUpState,
    contact::{self, Pair},
    wants,
};
use crate::desk::{
    conversation::Conversation,
    wrap_up::{Keeping, WrapUp, facts},
};

/// A fact that is being changed.
#[derive(Debug)]
pub(super) struct FactField {
    interaction: InteractionId,
    /// Which; none for a new one, whose name is typed, too.
    key: Option<String>,
    name: EditorState,
    value: EditorState,
    /// What was asked to be kept.
    asked: Option<Asked>,
    /// What is wrong with the value.
    wrong: Option<String>,
    has_begun: bool,
}

#[derive(Debug)]
struct Asked {
    datum: CaseDatum,
    /// Whether the desk has heard of it.
    heard: bool,
}

impl FactField {
    fn of(interaction: InteractionId, key: Option<&str>, value: &str) -> Self {
        Self {
            interaction,
            key: key.map(str::to_owned),
            name: EditorState::default(),
            value: EditorState::new(value),
            asked: None,
            wrong: None,
            has_begun: false,
        }
    }

    fn id(&self, part: &str) -> Id {
        Id::unique(("fact", self.interaction, part))
    }

    /// Whether it is kept, and the field can go.
    fn is_settled(&mut self, view: View<'_>, data: &[CaseDatum]) -> bool {
        let Some(asked) = &mut self.asked else { return false };
        match view.desk.wrap_up().fact(self.interaction, &asked.datum.key) {
            Some(Keeping::UnderWay) => {
                asked.heard = true;
                false
            }
            Some(Keeping::Failed(why)) => {
                self.wrong = Some(why.clone());
                self.asked = None;
                false
            }
            None => asked.heard || data.contains(&asked.datum),
        }
    }

    /// What it is to be, or what is wrong with it.
    fn datum(&self, fields: &[Field]) -> Result<CaseDatum, String> {
        let key = self.key.clone().unwrap_or_else(|| facts::key_meant(fields, self.name.text()));
        let value = self.value.text().trim().to_owned();
        if key.is_empty() {
            return Err("Say what it is called.".to_owned());
        }
        let kind = facts::field(fields, &key).map_or(&FieldKind::Text, |field| &field.kind);
        match facts::wrong(kind, &value) {
            _ if value.is_empty() => Err("Say what it is, or leave with Esc.".to_owned()),
            Some(why) => Err(why),
            None => Ok(CaseDatum { key, value }),
        }
    }

    fn keep(&mut self, fields: &[Field], actions: &mut Vec<Action>) {
        match self.datum(fields) {
            Err(why) => self.wrong = Some(why),
            Ok(datum) => {
                self.wrong = None;
                let put = PutCaseData { put: vec![datum.clone()], remove: Vec::new() };
                actions.push(wants(WrapUp::Facts { interaction: self.interaction, put }));
                self.asked = Some(Asked { datum, heard: false });
            }
        }
    }

    /// Draws it; says whether it is still wanted.
    fn show(&mut self, ui: &mut Ui, view: View<'_>, actions: &mut Vec<Action>) -> bool {
        let fields = &view.desk.wrap_up().rules().case_fields;
        let (name, value) = (self.id("name"), self.id("value"));
        let has_keys = ui.memory(|memory| memory.has_focus(name) || memory.has_focus(value));
        let pressed =
            |key| has_keys && ui.input_mut(|input| shortcuts::take_key(input, Modifiers::NONE, key));
        let (mut keeps, mut stays) = (pressed(Key::Enter), !pressed(Key::Escape));
        if self.key.is_none() {
            line(ui, view, (&mut self.name, name, "Name of the new fact"));
        }
        let kind = self.key.as_deref().and_then(|key| facts::field(fields, key)).map(|field| &field.kind);
        let label = self.key.as_deref().map_or("Its value", |key| facts::name(fields, key));
        let choices: Vec<&str> = match kind {
            Some(FieldKind::YesNo) => vec!["yes", "no"],
            Some(FieldKind::Choice { choices }) => choices.iter().map(String::as_str).collect(),
            _ => Vec::new(),
        };
        if choices.is_empty() {
            line(ui, view, (&mut self.value, value, label));
        }
        if !choices.is_empty() {
            ui.horizontal_wrapped(|ui| {
                for choice in choices {
                    if ui.selectable_label(self.value.text() == choice, choice).clicked() {
                        self.value.set_text(choice);
                        keeps = true;
                    }
                }
            });
        }
        if !std::mem::replace(&mut self.has_begun, true) {
            ui.memory_mut(|memory| memory.request_focus(if self.key.is_none() { name } else { value }));
        }
        if let Some(why) = &self.wrong {
            ui.label(RichText::new(why).size(12.0).color(view.theme.overdue));
        }
        ui.horizontal(|ui| {
            let is_free = self.asked.is_none();
            keeps |= button::primary(ui, view.theme, "Keep", is_free).clicked();
            stays &= !button::plain(ui, "Leave it").clicked();
            let hint = if is_free { "Enter keeps, Esc leaves" } else { "Keeping…" };
            ui.label(RichText::new(hint).size(12.0).color(view.theme.faint));
        });
        if keeps && self.asked.is_none() {
            self.keep(fields, actions);
        }
        if !stays && let Ok(datum) = self.datum(fields) {
            actions.push(wants(WrapUp::ForgetFact { interaction: self.interaction, key: datum.key }));
        }
        stays
    }
}

fn line(ui: &mut Ui, view: View<'_>, (state, id, label): (&mut EditorState, Id, &str)) {
    field(ui, view, id, |ui| {
        let editor = Editor::new(state, id, Style::new(14.0), Ink::of(view.theme)).label(label).hint(label);
        editor.one_row().show(ui);
    });
}

/// Whether a value is a web address: the house says that it is one, or it is nobody's field and begins as one.
pub(super) fn leads_on(kind: Option<&FieldKind>, value: &str) -> bool {
    match kind {
        Some(kind) => *kind == FieldKind::Link,
        None => value.starts_with("https://"),
    }
}

/// Draws all facts of an interaction.
pub(super) fn show(
    ui: &mut Ui,
    view: View<'_>,
    conversation: &Conversation,
    (state, actions): (&mut WrapUpState, &mut Vec<Action>),
) {
    let interaction = conversation.interaction();
    let (id, data) = (interaction.id, &interaction.case_data);
    let fields = &view.desk.wrap_up().rules().case_fields;
    heading(ui, view, "Case data");
    let mut held = state.facts.remove(&id);
    let mut opened = None;
    if held.as_mut().is_some_and(|fact| fact.is_settled(view, data)) {
        held = None;
    }
    for datum in data {
        if let Some(fact) = held.take_if(|fact| fact.key.as_ref() == Some(&datum.key)) {
            held = edited(ui, view, (fact, Some(facts::name(fields, &datum.key))), actions);
        } else if fact_row(ui, view, (id, datum), actions) && held.is_none() {
            opened = Some(FactField::of(id, Some(&datum.key), &datum.value));
        }
    }
    let is_new =
        |fact: &mut FactField| fact.key.as_ref().is_none_or(|key| data.iter().all(|datum| datum.key != *key));
    if let Some(fact) = held.take_if(is_new) {
        let name = fact.key.clone();
        held = edited(ui, view, (fact, name.as_deref().map(|key| facts::name(fields, key))), actions);
    } else if held.is_none() {
        opened = opened.or_else(|| add(ui, view, (id, data)));
    }
    // One after the other: what is being changed is kept or left first.
    if let Some(fact) = held.or(opened) {
        state.facts.insert(id, fact);
    }
}

/// A fact that is being changed, for as long as it is.
fn edited(
    ui: &mut Ui,
    view: View<'_>,
    (mut fact, name): (FactField, Option<&str>),
    actions: &mut Vec<Action>,
) -> Option<FactField> {
    if let Some(name) = name {
        contact::caption(ui, view, name);
    }
    fact.show(ui, view, actions).then_some(fact)
}

/// A fact as it is; says whether it is to be changed.
fn fact_row(
    ui: &mut Ui,
    view: View<'_>,
    (id, datum): (InteractionId, &CaseDatum),
    actions: &mut Vec<Action>,
) -> bool {
    let fields = &view.desk.wrap_up().rules().case_fields;
    let kind = facts::field(fields, &datum.key).map(|field| &field.kind);
    let name = facts::name(fields, &datum.key);
    let keeping = view.desk.wrap_up().fact(id, &datum.key);
    let is_fixed = kind == Some(&FieldKind::Unknown);
    let mut changes = false;
    let mut removed = false;
    let pair = Pair { name, value: &datum.value, is_link: leads_on(kind, &datum.value) };
    contact::pair(ui, view, pair, actions, |ui| {
        if keeping == Some(&Keeping::UnderWay) {
            ui.label(RichText::new("Keeping…").size(12.0).color(view.theme.faint));
        } else if !is_fixed {
            removed = button::small_icon(ui, view.theme, icon::TRASH, &format!("Remove {name}")).clicked();
            changes = button::small_icon(ui, view.theme, icon::PENCIL, &format!("Edit {name}")).clicked();
        }
    });
    if removed {
        let put = PutCaseData { put: Vec::new(), remove: vec![datum.key.clone()] };
        actions.push(wants(WrapUp::Facts { interaction: id, put }));
    }
    if let Some(Keeping::Failed(why)) = keeping {
        ui.label(RichText::new(why).size(12.0).color(view.theme.overdue));
    }
    changes
}

/// Adds a fact: one that the house has named, or any other.
fn add(ui: &mut Ui, view: View<'_>, (id, data): (InteractionId, &[CaseDatum])) -> Option<FactField> {
    let fields = &view.desk.wrap_up().rules().case_fields;
    let free: Vec<_> = fields
        .iter()
        .filter(|field| field.kind != FieldKind::Unknown && data.iter().all(|datum| datum.key != field.key))
        .collect();
    ui.add_space(2.0);
    ui.spacing_mut().button_padding = vec2(8.0, 3.0);
    let button = ui.button(RichText::new("Add a fact").size(13.0));
    let mut opened = None;
    if free.is_empty() {
        return button.clicked().then(|| FactField::of(id, None, ""));
    }
    Popup::menu(&button).show(|ui| {
        for field in free {
            if ui.button(&field.name).clicked() {
                opened = Some(FactField::of(id, Some(&field.key), ""));
            }
        }
        ui.separator();
        if ui.button("Another one…").clicked() {
            opened = Some(FactField::of(id, None, ""));
        }
    });
    opened
}
