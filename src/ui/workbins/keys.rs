//! The keys of the list: arrows go from row to row, Shift chooses more, Ctrl+A all, Enter opens.

use egui::{Id, Key, Modifiers, Ui};

use super::{
    super::{
        Action, View, ViewState,
        shortcuts::{self, take_key},
    },
    WorkbinsState, head,
};
use crate::desk::workbins::deeds::Deed;

/// How many rows *Page Up* and *Page Down* with Ctrl go.
const PAGE: isize = 10;

/// The field of the words that are looked for.
pub(super) fn filter_id() -> Id {
    Id::unique("workbin filter")
}

/// Takes the keys that are meant for the list.
pub(super) fn take(ui: &Ui, view: View<'_>, state: &mut ViewState, actions: &mut Vec<Action>) {
    let state = &mut state.workbins;
    if state.facts.is_some() || state.moving.is_some() || egui::Popup::is_any_open(ui.ctx()) {
        return;
    }
    let focused = ui.memory(egui::Memory::focused);
    if focused == Some(filter_id()) {
        let (down, escape) = ui.input_mut(|input| {
            (take_key(input, Modifiers::NONE, Key::ArrowDown), take_key(input, Modifiers::NONE, Key::Escape))
        });
        if escape {
            state.filter.clear();
        }
        if down || escape {
            ui.memory_mut(|memory| memory.surrender_focus(filter_id()));
            step(state, 1, Choosing::One);
        }
        return;
    }
    if focused.is_some() {
        return;
    }
    let pressed = |with, key| ui.input_mut(|input| take_key(input, with, key));
    let end = isize::MAX / 2;
    let steps = [(Key::ArrowDown, 1), (Key::ArrowUp, -1), (Key::Home, -end), (Key::End, end)];
    for (key, by) in steps {
        if pressed(Modifiers::NONE, key) {
            step(state, by, Choosing::One);
        }
        if pressed(Modifiers::SHIFT, key) {
            step(state, by, Choosing::UpToIt);
        }
    }
    for (key, by) in [(Key::PageDown, PAGE), (Key::PageUp, -PAGE)] {
        if pressed(Modifiers::COMMAND, key) {
            step(state, by, Choosing::One);
        }
    }
    if pressed(Modifiers::COMMAND, Key::A) {
        state.chosen = state.shown.list().iter().map(|lying| lying.id()).collect();
    }
    if pressed(Modifiers::NONE, Key::Escape) {
        match state.past() {
            Some(_) => state.past = None,
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
}

/// Goes so many rows on.
fn step(state: &mut WorkbinsState, by: isize, choosing: Choosing) {
    let last = match state.shown.list().len() {
        0 => return,
        length => length - 1,
    };
    let here = state.cursor.and_then(|id| state.shown.position(id));
    // From a row that is not chosen, as after what was there is gone, the first step chooses it.
    let stays = state.chosen.is_empty() && state.cursor.is_some() && by.abs() == 1;
    let to = match here {
        Some(here) if stays => here,
        Some(here) => here.saturating_add_signed(by).min(last),
        None if by > 1 => last,
        None => 0,
    };
    let id = state.shown.list()[to].id();
    match choosing {
        Choosing::One => state.choose(id),
        Choosing::UpToIt => state.choose_to(id),
    }
    state.reveal = true;
}
