//! The filter by agent: everybody who works here or did, found by typing.

use std::collections::BTreeMap;

use egui::{Id, Key, Modifiers, Popup, PopupCloseBehavior, RichText, ScrollArea, TextEdit, Ui, WidgetInfo};
use waxwing_protocol::id::AgentId;

use super::super::{Action, View, icon, shortcuts::take_key};
use crate::desk::input::Command;

/// How high the list is at most, in points.
const LIST: f32 = 260.0;
/// What stands there while nobody is chosen.
const ANY: &str = "Any agent";

/// Whose interactions are wanted.
#[derive(Debug, Default)]
pub(super) struct Who {
    pub(super) chosen: Option<AgentId>,
    /// What is looked for.
    words: String,
}

/// Everybody there is to choose from, by name: those the gateway names, and those who were met in what was found.
fn everybody<'a>(view: View<'a>, met: &'a BTreeMap<AgentId, String>) -> Vec<(AgentId, &'a str)> {
    let mut all: BTreeMap<AgentId, &str> = met.iter().map(|(id, name)| (*id, name.as_str())).collect();
    all.extend(view.desk.everybody().map(|one| (one.id, one.display_name.as_str())));
    let mut all: Vec<_> = all.into_iter().collect();
    all.sort_by_cached_key(|(id, name)| (name.to_lowercase(), *id));
    all
}

impl Who {
    /// Draws it: the name of who is chosen, and below it the list once it is clicked.
    pub(super) fn show(
        &mut self,
        ui: &mut Ui,
        view: View<'_>,
        met: &BTreeMap<AgentId, String>,
        actions: &mut Vec<Action>,
    ) {
        let all = everybody(view, met);
        let now = all.iter().find(|(id, _)| Some(*id) == self.chosen).map_or(ANY, |(_, name)| name);
        let arrow = icon::text(icon::CHEVRON_DOWN, 14.0).color(view.theme.muted);
        let size = egui::vec2(ui.available_width(), ui.spacing().interact_size.y);
        let button = ui.add(egui::Button::new(now).right_text(arrow).truncate().min_size(size));
        button.widget_info(|| WidgetInfo::labeled(egui::Role::ComboBox, true, format!("Agent: {now}")));
        let is_new = button.clicked();
        if is_new {
            self.words.clear();
            actions.push(Action::Command(Command::AskColleagues));
        }
        Popup::menu(&button).close_behavior(PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
            ui.set_width(size.x.max(200.0));
            if self.list(ui, &all, is_new) {
                ui.close();
            }
        });
    }

    /// The list with the field above it; says whether somebody was chosen.
    fn list(&mut self, ui: &mut Ui, all: &[(AgentId, &str)], is_new: bool) -> bool {
        let entered = ui.input_mut(|input| take_key(input, Modifiers::NONE, Key::Enter));
        let field = TextEdit::singleline(&mut self.words).id(Id::unique("history agent words"));
        let field = ui.add(field.hint_text("Name").desired_width(f32::INFINITY));
        field.widget_info(|| WidgetInfo::labeled(egui::Role::TextInput, true, "Look for an agent"));
        if is_new {
            field.request_focus();
        }
        let words = self.words.to_lowercase();
        let holds = |name: &str| {
            let name = name.to_lowercase();
            words.split_whitespace().all(|word| name.contains(word))
        };
        let found: Vec<_> = all.iter().filter(|(_, name)| holds(name)).collect();
        let mut wanted =
            (entered && !words.trim().is_empty()).then(|| found.first().map(|(id, _)| Some(*id)));
        ScrollArea::vertical().max_height(LIST).show(ui, |ui| {
            if words.trim().is_empty() && ui.selectable_label(self.chosen.is_none(), ANY).clicked() {
                wanted = Some(Some(None));
            }
            for (id, name) in &found {
                if ui.selectable_label(self.chosen == Some(*id), *name).clicked() {
                    wanted = Some(Some(Some(*id)));
                }
            }
            if found.is_empty() {
                ui.label(RichText::new("Nobody is called that.").weak());
            }
        });
        if let Some(chosen) = wanted.flatten() {
            self.chosen = chosen;
            return true;
        }
        false
    }
}
