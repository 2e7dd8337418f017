//! What a screen reader is told about a field: its text, row by row, and the caret in it.

use egui::{Id, Ui, UiBuilder, Vec2, accesskit};
use unicode_segmentation::UnicodeSegmentation as _;

use super::{super::galley::Galley, EditorState, Rows};

/// AccessKit counts the letters of a run in bytes.
const LONGEST_RUN: usize = 255;

/// A stretch of a row that AccessKit takes in one piece.
struct Run {
    id: Id,
    /// Where each of its letters begins in the text, and where the last one ends.
    letters: Vec<usize>,
}

/// Tells of the field `id`, whose galley's corner is at `at`.
pub(super) fn describe(ui: &mut Ui, (id, rows): (Id, Rows), state: &EditorState, galley: &Galley, at: Vec2) {
    let heard = ui.ctx().accesskit_node_builder(id, |node| {
        node.set_role(match rows {
            Rows::One => accesskit::Role::TextInput,
            Rows::Many => accesskit::Role::MultilineTextInput,
        });
        node.add_action(accesskit::Action::SetValue);
        node.add_action(accesskit::Action::ReplaceSelectedText);
    });
    if heard.is_none() {
        return;
    }
    let mut runs: Vec<Run> = Vec::new();
    for (number, row) in galley.rows().iter().enumerate() {
        // The line break belongs to the row that it ends.
        let end = galley.rows().get(number + 1).map_or(galley.text().len(), |next| next.range.start);
        let text = galley.text().get(row.range.start..end).unwrap_or_default();
        let mut letters: Vec<usize> =
            text.grapheme_indices(true).map(|(start, _letter)| row.range.start + start).collect();
        letters.push(end);
        let mut first = 0;
        while first == 0 || first + 1 < letters.len() {
            let last = (first + LONGEST_RUN).min(letters.len() - 1);
            let letters = letters[first..=last].to_vec();
            let rect = row.rect.translate(at);
            let builder = UiBuilder::new()
                .id_salt(("text run", number, first))
                .accessibility_parent(id)
                .accessibility_role(accesskit::Role::TextRun)
                .max_rect(rect);
            let run = Run { id: ui.new_child(builder).unique_id(), letters };
            let direction = if galley.is_right_to_left(row) {
                accesskit::TextDirection::RightToLeft
            } else {
                accesskit::TextDirection::LeftToRight
            };
            ui.ctx().accesskit_node_builder(run.id, |node| node.set_text_direction(direction));
            tell(ui, &run, galley, rect);
            runs.push(run);
            first = last.max(1);
        }
    }
    let position = |offset: usize| {
        let run = runs.iter().rev().find(|run| run.letters[0] <= offset)?;
        let character_index = run.letters.iter().filter(|letter| **letter < offset).count();
        Some(accesskit::TextPosition { node: run.id.accesskit_id(), character_index })
    };
    if let (Some(anchor), Some(focus)) = (position(state.place.anchor), position(state.caret())) {
        ui.ctx().accesskit_node_builder(id, |node| {
            node.set_text_selection(accesskit::TextSelection { anchor, focus });
        });
    }
}

fn tell(ui: &Ui, run: &Run, galley: &Galley, rect: egui::Rect) {
    let (start, end) = (run.letters[0], run.letters[run.letters.len() - 1]);
    let text = galley.text().get(start..end).unwrap_or_default();
    let lengths = run.letters.windows(2).map(|pair| u8::try_from(pair[1] - pair[0]).unwrap_or(u8::MAX));
    let words = text.unicode_word_indices().filter_map(|(at, _word)| {
        u8::try_from(run.letters.iter().position(|letter| *letter == start + at)?).ok()
    });
    ui.ctx().accesskit_node_builder(run.id, |node| {
        node.set_value(text);
        node.set_character_lengths(lengths.collect::<Vec<u8>>());
        node.set_word_starts(words.collect::<Vec<u8>>());
        node.set_bounds(accesskit::Rect {
            x0: rect.left().into(),
            y0: rect.top().into(),
            x1: rect.right().into(),
            y1: rect.bottom().into(),
        });
    });
}
