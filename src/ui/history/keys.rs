//! The keys of the list: whoever goes through it reads what they are at. Enter gives the transcript Page Up and Page Down, goes to
//! what is on the desk, and opens what is only marked where there is no room for both.

use egui::{Key, Modifiers, Ui};

use super::{
    super::{
        Action, View, ViewState,
        list_keys::{self, Keys, PAGES, STEPS},
        shortcuts::take_key,
        workplace::Workplace,
    },
    filters,
};
use crate::desk::{input::Command, listing::Listing};

/// Takes the keys that are meant for the list; with room for it alone, going through it opens nothing.
pub(super) fn take(ui: &Ui, view: View<'_>, is_wide: bool, state: &mut ViewState, actions: &mut Vec<Action>) {
    let keys = list_keys::of_list(ui, filters::words_id());
    if keys == Keys::Elsewhere {
        return;
    }
    let pressed = |key| ui.input_mut(|input| take_key(input, Modifiers::NONE, key));
    let history = &mut state.history;
    if pressed(Key::Escape) && !std::mem::take(&mut history.has_entered) && !is_wide {
        history.selected = None;
    }
    if !is_wide && history.selected.is_some() {
        return;
    }
    let by = match keys {
        Keys::Come => Some(1),
        _ if history.has_entered => list_keys::pressed(ui, Modifiers::NONE, &STEPS),
        _ => list_keys::pressed(ui, Modifiers::NONE, &[&STEPS[..], &PAGES[..]].concat()),
    };
    let entries = view.desk.past().list(history.scope.list()).map(Listing::items).unwrap_or_default();
    let here = history.cursor.and_then(|id| entries.iter().position(|entry| entry.interaction.id == id));
    if let Some(row) = by.and_then(|by| list_keys::row(here, by, entries.len())) {
        let id = entries[row].interaction.id;
        (history.reveal, history.has_entered) = (true, false);
        if is_wide && history.selected != Some(id) {
            history.choose(ui, (id, None), actions);
        }
        history.cursor = Some(id);
    }
    if let Some(id) = history.cursor.filter(|_| pressed(Key::Enter)) {
        history.has_entered = true;
        if view.desk.conversation(id).is_some() {
            (state.workplace, state.focus_composer) = (Workplace::Active, Some(id));
            actions.push(Action::Command(Command::Activate(Some(id))));
        } else if state.history.selected != Some(id) {
            state.history.choose(ui, (id, None), actions);
        }
    }
}
