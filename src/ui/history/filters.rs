//! What is looked for in the history: words, days, state, agent, number, what came of it, case data.

use std::collections::BTreeMap;

use chrono::{Datelike as _, NaiveDate, TimeDelta};
use egui::{ComboBox, Frame, Id, Margin, RichText, ScrollArea, Ui};
use waxwing_protocol::{
    history::{HistoryQuery, HistoryState as State},
    id::{AgentId, BusinessNumberId},
    wrap_up::Field as CaseField,
};

use super::{
    super::{
        Action, View, Zone, choose_fact, rules, text::editor::EditorState, theme, widgets::field::Field,
    },
    Scope,
    who::Who,
};
use crate::desk::wrap_up::facts;

/// What is looked for.
#[derive(Debug, Default)]
pub(super) struct Filters {
    words: EditorState,
    who: EditorState,
    from: EditorState,
    to: EditorState,
    state: Option<State>,
    agent: Who,
    number: Option<BusinessNumberId>,
    disposition: Option<String>,
    case_key: EditorState,
    case_value: EditorState,
}

/// The field of the words that are looked for.
pub(in crate::ui) fn words_id() -> Id {
    Id::unique("history words")
}

/// A day as it is typed: none for nothing, a sentence for what is no day.
fn day(typed: &str) -> Result<Option<NaiveDate>, &'static str> {
    match typed.trim() {
        "" => Ok(None),
        typed => {
            let mut forms = ["%Y-%m-%d", "%d.%m.%Y"].into_iter();
            let day = forms.find_map(|form| NaiveDate::parse_from_str(typed, form).ok());
            // Two digits are no year.
            let day = day.filter(|day| day.year() > 1000);
            day.map(Some).ok_or("Write the day as 2026-05-13.")
        }
    }
}

fn some(typed: &EditorState) -> Option<String> {
    Some(typed.text().trim().to_owned()).filter(|typed| !typed.is_empty())
}

impl Filters {
    /// The question to the gateway. A day that is none asks for nothing.
    pub(super) fn query(&self, scope: Scope, zone: Zone, fields: &[CaseField]) -> HistoryQuery {
        let begin = |typed: &EditorState, days| {
            let day = day(typed.text()).ok().flatten()?.checked_add_signed(TimeDelta::days(days))?;
            Some(zone.begin_of(day))
        };
        // By the name that is seen, or by the key.
        let case_key = some(&self.case_key).map(|typed| facts::key_meant(fields, &typed));
        HistoryQuery {
            who: some(&self.who),
            agent: self.agent.chosen.filter(|_| scope == Scope::All),
            number: self.number,
            state: self.state,
            from: begin(&self.from, 0),
            to: begin(&self.to, 1),
            disposition: self.disposition.clone(),
            case_value: case_key.as_ref().and_then(|_| some(&self.case_value)),
            case_key,
            words: some(&self.words),
            ..HistoryQuery::default()
        }
    }

    /// The words that are looked for.
    pub(super) fn typed_words(&self) -> String {
        self.words.text().trim().to_owned()
    }

    /// The field for words.
    pub(super) fn words(&mut self, ui: &mut Ui, view: View<'_>) {
        let field = Field { id: words_id(), name: "Search messages", hint: "Words that were said" };
        field.line(ui, view, &mut self.words);
    }

    /// All others, in the bar.
    pub(super) fn show(
        &mut self,
        ui: &mut Ui,
        view: View<'_>,
        (scope, met): (Scope, &BTreeMap<AgentId, String>),
        actions: &mut Vec<Action>,
    ) {
        let frame = Frame::new().inner_margin(Margin { left: 16, right: 16, top: 10, bottom: 12 });
        ScrollArea::vertical().id_salt("history filters").auto_shrink(false).show(ui, |ui| {
            frame.show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 4.0;
                caption(ui, view, "Contact");
                line(ui, view, ("Contact", "Name or number"), &mut self.who);
                self.days(ui, view);
                let states = [(State::Live, "Under way"), (State::Ended, "Ended"), (State::Done, "Done")];
                choice(ui, view, ("State", "Any state"), &mut self.state, states);
                if scope == Scope::All {
                    caption(ui, view, "Agent");
                    self.agent.show(ui, view, met, actions);
                }
                let numbers = view.desk.past().numbers();
                if numbers.len() > 1 {
                    let numbers = numbers.iter().map(|number| (number.id, number.name.as_str()));
                    choice(ui, view, ("Queue (our number)", "Any queue"), &mut self.number, numbers);
                }
                let dispositions = &rules(view).dispositions;
                if !dispositions.is_empty() {
                    let all = dispositions.iter().map(|held| (held.code.clone(), held.name.as_str()));
                    choice(ui, view, ("What came of it", "Anything"), &mut self.disposition, all);
                }
                caption(ui, view, "Case data");
                self.case_key(ui, view);
                if some(&self.case_key).is_some() {
                    line(ui, view, ("Case value", "Any value"), &mut self.case_value);
                }
                ui.add_space(8.0);
                if self.is_set() && ui.button("Clear all").clicked() {
                    *self = Self::default();
                }
            });
        });
    }

    fn is_set(&self) -> bool {
        self.query(Scope::All, Zone::Utc, &[]) != HistoryQuery::default()
    }

    /// By which fact: one that the house has named, or any other that is typed.
    fn case_key(&mut self, ui: &mut Ui, view: View<'_>) {
        line(ui, view, ("Case key", "Any fact"), &mut self.case_key);
        if let Some(field) = choose_fact(ui, &rules(view).case_fields) {
            self.case_key.set_text(&field.name);
        }
    }

    fn days(&mut self, ui: &mut Ui, view: View<'_>) {
        for (name, typed) in [("Begun from", &mut self.from), ("Begun until", &mut self.to)] {
            caption(ui, view, name);
            line(ui, view, (name, "Any day, as 2026-05-13"), typed);
            if let Err(why) = day(typed.text()) {
                ui.label(RichText::new(why).size(12.0).color(view.theme.overdue));
            }
        }
        let [from, to] = [&self.from, &self.to].map(|typed| day(typed.text()).ok().flatten());
        if from.zip(to).is_some_and(|(from, to)| from > to) {
            let why = "This is before the day from which it is looked.";
            ui.label(RichText::new(why).size(12.0).color(view.theme.overdue));
        }
    }
}

fn caption(ui: &mut Ui, view: View<'_>, name: &str) {
    ui.add_space(4.0);
    ui.label(RichText::new(name).size(12.0).family(theme::medium()).color(view.theme.muted));
}

fn line(ui: &mut Ui, view: View<'_>, (name, hint): (&str, &str), typed: &mut EditorState) {
    Field { id: Id::unique(("history", name)), name, hint }.line(ui, view, typed);
}

/// A choice of one or any.
fn choice<'a, T: Clone + PartialEq>(
    ui: &mut Ui,
    view: View<'_>,
    (name, any): (&str, &str),
    chosen: &mut Option<T>,
    all: impl IntoIterator<Item = (T, &'a str)>,
) {
    caption(ui, view, name);
    let all: Vec<_> = all.into_iter().collect();
    let now = all.iter().find(|(held, _)| Some(held) == chosen.as_ref()).map_or(any, |(_, name)| name);
    let combo = ComboBox::from_id_salt(("history", name)).width(ui.available_width()).selected_text(now);
    let shown = combo.show_ui(ui, |ui| {
        ui.selectable_value(chosen, None, any);
        for (value, name) in all {
            ui.selectable_value(chosen, Some(value), name);
        }
    });
    shown.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, name));
}

#[cfg(test)]
mod tests {
    use waxwing_protocol::wrap_up::FieldKind;

    use super::*;

    #[test]
    fn a_day_is_a_whole_day_and_what_is_none_asks_for_nothing() {
        let mut filters = Filters::default();
        filters.from.set_text("2026-05-13");
        filters.to.set_text("2026-05-13");
        let query = filters.query(Scope::Mine, Zone::Utc, &[]);
        assert_eq!(query.to.zip(query.from).map(|(to, from)| to - from), Some(TimeDelta::days(1)));
        filters.to.set_text("tomorrow");
        assert_eq!(filters.query(Scope::Mine, Zone::Utc, &[]).to, None);
        assert!(day("2026-02-30").is_err());
        assert_eq!(day("13.05.2026"), day("2026-05-13"));
        assert!(day("13.05.26").is_err());
    }

    #[test]
    fn a_fact_is_looked_for_by_the_name_that_is_seen() {
        let mut filters = Filters::default();
        filters.case_key.set_text("order number");
        let field =
            CaseField { key: "Order".to_owned(), name: "Order number".to_owned(), kind: FieldKind::Text };
        let query = |fields: &[CaseField]| filters.query(Scope::Mine, Zone::Utc, fields).case_key;
        assert_eq!(query(&[field]).as_deref(), Some("Order"));
        assert_eq!(query(&[]).as_deref(), Some("order number"));
    }
}
