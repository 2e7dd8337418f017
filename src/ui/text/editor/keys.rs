//! What keys, the clipboard and input methods do to a text being written.

use std::{borrow::Cow, sync::Arc};

use egui::{Event, EventFilter, ImeEvent, Key, Modifiers, Ui, accesskit};

use super::{
    super::galley::{Caret, Galley},
    Rows,
    state::{EditorState, Place},
    undo::Change,
};

/// Arrows are the field's; Tab and Escape leave it.
pub(super) const FILTER: EventFilter =
    EventFilter { tab: false, horizontal_arrows: true, vertical_arrows: true, escape: false };

/// Applies all events of this frame to the field; `layout` lays the text out as it is. Says whether the text changed.
pub(super) fn apply(
    ui: &Ui,
    field: (egui::Id, Rows),
    state: &mut EditorState,
    layout: &mut dyn FnMut(&EditorState) -> Arc<Galley>,
) -> bool {
    let mut changed = false;
    for event in ui.input(|input| input.filtered_events(&FILTER)) {
        let before = state.place;
        let one = apply_one(ui, field, &event, state, layout);
        changed |= one;
        if one || state.place != before {
            state.touched_at = ui.input(|input| input.time);
        }
    }
    changed
}

fn apply_one(
    ui: &Ui,
    (id, rows): (egui::Id, Rows),
    event: &Event,
    state: &mut EditorState,
    layout: &mut dyn FnMut(&EditorState) -> Arc<Galley>,
) -> bool {
    match event {
        Event::Copy | Event::Cut if !state.selection().is_empty() => {
            ui.copy_text(state.selected().to_owned());
            if *event == Event::Cut {
                state.delete_range(state.selection(), Change::Other);
                return true;
            }
            false
        }
        Event::Paste(words) if !words.is_empty() => {
            state.insert(&lines(words, rows));
            true
        }
        // A line break is the key's.
        Event::Text(words) if !words.is_empty() && words != "\n" && words != "\r" => {
            state.type_in(words);
            true
        }
        Event::Key { key: Key::Enter, .. } if rows == Rows::One => false,
        Event::Ime(event) => compose(event, state),
        Event::AccessKitActionRequest(request) if request.target_node == id.accesskit_id() => {
            match (&request.action, &request.data) {
                (accesskit::Action::ReplaceSelectedText, Some(accesskit::ActionData::Value(words))) => {
                    state.insert(&lines(words, rows));
                    true
                }
                (accesskit::Action::SetValue, Some(accesskit::ActionData::Value(words))) => {
                    state.set_text(&lines(words, rows));
                    true
                }
                _ => false,
            }
        }
        Event::Key { key, pressed: true, modifiers, .. } => edit(*key, *modifiers, state, layout)
            .unwrap_or_else(|| {
                walk(*key, *modifiers, state, layout);
                false
            }),
        _ => false,
    }
}

/// Words that come from elsewhere, with the line breaks that the field can have.
pub(super) fn lines(words: &str, rows: Rows) -> Cow<'_, str> {
    if !words.contains(['\n', '\r']) {
        return words.into();
    }
    let words = words.replace("\r\n", "\n").replace('\r', "\n");
    match rows {
        Rows::One => words.replace('\n', " ").into(),
        Rows::Many => words.into(),
    }
}

fn compose(event: &ImeEvent, state: &mut EditorState) -> bool {
    match event {
        ImeEvent::Preedit { text, active_range_chars } if text != "\n" && text != "\r" => {
            state.compose(text, active_range_chars.clone());
        }
        ImeEvent::Commit(text) if text != "\n" && text != "\r" => state.commit(text),
        ImeEvent::DeleteSurrounding { before_chars, after_chars } => {
            state.delete_around(*before_chars, *after_chars);
        }
        _ => return false,
    }
    true
}

/// Keys that change the text; [`None`] if it is none of them.
fn edit(
    key: Key,
    modifiers: Modifiers,
    state: &mut EditorState,
    layout: &mut dyn FnMut(&EditorState) -> Arc<Galley>,
) -> Option<bool> {
    let by_word = modifiers.ctrl && !modifiers.mac_cmd || modifiers.alt;
    let length = state.text().len();
    match key {
        Key::Enter => state.insert("\n"),
        Key::Backspace | Key::Delete if !state.selection().is_empty() => state.delete(true),
        Key::Backspace if by_word => {
            let caret = state.caret();
            let start = layout(state).word_before(caret);
            state.delete_range(start..caret, Change::Other);
        }
        Key::Delete if by_word => {
            let caret = state.caret();
            let end = layout(state).word_after(caret);
            state.delete_range(caret..end, Change::Other);
        }
        Key::Backspace => state.delete(false),
        Key::Delete => state.delete(true),
        Key::Z if modifiers.command && modifiers.shift => return Some(state.redo()),
        Key::Y if modifiers.command => return Some(state.redo()),
        Key::Z if modifiers.command => return Some(state.undo()),
        _ => return None,
    }
    Some(state.text().len() != length || key == Key::Enter)
}

/// Keys that move the caret.
fn walk(
    key: Key,
    modifiers: Modifiers,
    state: &mut EditorState,
    layout: &mut dyn FnMut(&EditorState) -> Arc<Galley>,
) {
    let by_word = modifiers.ctrl && !modifiers.mac_cmd || modifiers.alt;
    let Place { caret, anchor } = state.place;
    if key == Key::A && modifiers.command {
        state.select(0..state.text().len());
        return;
    }
    let galley = layout(state);
    let leaves_selection = caret.offset != anchor && !modifiers.shift && !by_word;
    let moved = match key {
        Key::ArrowLeft if modifiers.mac_cmd => galley.row_start(caret),
        Key::ArrowRight if modifiers.mac_cmd => galley.row_end(caret),
        Key::ArrowLeft | Key::ArrowRight if leaves_selection => {
            edge(&galley, caret, anchor, key == Key::ArrowLeft)
        }
        Key::ArrowLeft if by_word => galley.word_left(caret),
        Key::ArrowRight if by_word => galley.word_right(caret),
        Key::ArrowLeft => galley.left(caret),
        Key::ArrowRight => galley.right(caret),
        Key::Home if modifiers.command => Caret::default(),
        Key::End if modifiers.command => galley.end(),
        Key::ArrowUp if modifiers.mac_cmd => Caret::default(),
        Key::ArrowDown if modifiers.mac_cmd => galley.end(),
        Key::Home => galley.row_start(caret),
        Key::End => galley.row_end(caret),
        Key::ArrowUp | Key::ArrowDown => {
            let goal = state.goal.unwrap_or_else(|| galley.caret_rect(caret, 0.0).left());
            let moved = galley.rows_down(caret, if key == Key::ArrowUp { -1 } else { 1 }, goal);
            go(state, moved, modifiers.shift);
            state.goal = Some(goal);
            return;
        }
        _ => return,
    };
    go(state, moved, modifiers.shift);
}

fn go(state: &mut EditorState, caret: Caret, selecting: bool) {
    let anchor = if selecting { state.place.anchor } else { caret.offset };
    state.move_to(Place { caret, anchor });
}

/// The end of the selection that is further left, or further right, on the screen.
fn edge(galley: &Galley, caret: Caret, anchor: usize, left: bool) -> Caret {
    let other = Caret { offset: anchor, upstream: anchor > caret.offset };
    let place = |caret: Caret| {
        let rect = galley.caret_rect(caret, 0.0);
        (rect.top(), rect.left())
    };
    if (place(caret) < place(other)) == left { caret } else { other }
}
