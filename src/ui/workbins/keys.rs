//! The keys of the list: arrows go from row to row, Shift chooses more, with Ctrl they choose nothing and Ctrl+Space one more or
//! less, Ctrl+A all; Enter opens; Left and Right go to the place above and below.

use egui::{Id, Key, Modifiers, Ui};

use super::{
    super::{
        Action, View, ViewState,
        list_keys::{self, Keys, PAGES, STEPS},
        shortcuts::{self, take_key},
    },
    WorkbinsState, head, tree,
};
use crate::desk::workbins::deeds::Deed;

/// The keys that go to the place above and below.
const SIDEWAYS: [(Key, isize); 2] = [(Key::ArrowLeft, -1), (Key::ArrowRight, 1)];

/// The field of the words that are looked for.
pub(in crate::ui) fn filter_id() -> Id {
    Id::unique("workbin filter")
}

/// Takes the keys that are meant for the list.
pub(super) fn take(ui: &Ui, view: View<'_>, state: &mut ViewState, actions: &mut Vec<Action>) {
    let state = &mut state.workbins;
    if state.facts.is_some() || state.moving.is_some() {
        return;
    }
    match list_keys::of_list(ui, filter_id()) {
        Keys::Elsewhere => return,
        Keys::Come => return step(state, 1, Choosing::One),
        Keys::Here => {}
    }
    let ways = [
        (Modifiers::NONE, Choosing::One),
        (Modifiers::SHIFT, Choosing::UpToIt),
        (Modifiers::COMMAND, Choosing::Nothing),
    ];
    for (with, choosing) in ways {
        if let Some(by) = list_keys::pressed(ui, with, &STEPS) {
            step(state, by, choosing);
        }
    }
    if let Some(by) = list_keys::pressed(ui, Modifiers::NONE, &SIDEWAYS) {
        tree::step(view, state, by);
    }
    // Without Ctrl they go through the transcript.
    if let Some(by) = list_keys::pressed(ui, Modifiers::COMMAND, &PAGES) {
        step(state, by, Choosing::One);
    }
    let pressed = |with, key| ui.input_mut(|input| take_key(input, with, key));
    if let Some(cursor) = state.cursor.filter(|_| pressed(Modifiers::COMMAND, Key::Space)) {
        state.toggle(cursor);
    }
    if pressed(Modifiers::COMMAND, Key::A) {
        state.chosen = state.shown.list().iter().map(|lying| lying.id()).collect();
    }
    if pressed(Modifiers::NONE, Key::Escape) {
        match state.past() {
            Some(_) => state.past = None,
            None if state.chosen.is_empty() => state.filter.clear(),
            None => state.chosen.clear(),
        }
    }
    let away = shortcuts::MOVE;
    if pressed(away.modifiers, away.logical_key) && head::may_act(view, state).is_ok() {
        head::choose_workbin(state);
    }
    if pressed(Modifiers::NONE, Key::Enter) && head::may_act(view, state).is_ok() {
        head::act(state, Deed::Open, actions);
    }
}

/// What a step chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Choosing {
    /// The row alone to which it leads.
    One,
    /// All rows up to it.
    UpToIt,
    /// None: only the keys go there.
    Nothing,
}

/// Goes so many rows on.
fn step(state: &mut WorkbinsState, by: isize, choosing: Choosing) {
    let here = state.cursor.and_then(|id| state.shown.position(id));
    // From a row that is not chosen, as after what was there is gone, the first step chooses it.
    let stays =
        choosing != Choosing::Nothing && state.chosen.is_empty() && state.cursor.is_some() && by.abs() == 1;
    let by = if stays { 0 } else { by };
    let Some(to) = list_keys::row(here, by, state.shown.list().len()) else { return };
    let id = state.shown.list()[to].id();
    match choosing {
        Choosing::One => state.choose(id),
        Choosing::UpToIt => state.choose_to(id),
        Choosing::Nothing => state.cursor = Some(id),
    }
    state.reveal = true;
}
