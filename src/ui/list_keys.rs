//! The keys of a list: arrows go from row to row, Home and End to its ends, Page Up and Page Down ten rows on.

use egui::{Id, Key, Modifiers, Ui};

use super::shortcuts::take_key;

/// More rows than any list has.
const END: isize = isize::MAX / 2;

/// The keys that go by the row or to an end, and how far.
pub(super) const STEPS: [(Key, isize); 4] =
    [(Key::ArrowDown, 1), (Key::ArrowUp, -1), (Key::Home, -END), (Key::End, END)];
/// The keys that go by the page.
pub(super) const PAGES: [(Key, isize); 2] = [(Key::PageDown, 10), (Key::PageUp, -10)];

/// How many rows on the one of these keys leads that is pressed with these modifiers.
pub(super) fn pressed(ui: &Ui, with: Modifiers, keys: &[(Key, isize)]) -> Option<isize> {
    let key = keys.iter().find(|(key, _)| ui.input_mut(|input| take_key(input, with, *key)));
    key.map(|(_, by)| *by)
}

/// Whether a list has the keys. In the field above it, Down gives them to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keys {
    /// Something else has them.
    Elsewhere,
    /// They have just come down to it.
    Come,
    /// It has them.
    Here,
}

/// Whether a list below this field has the keys.
pub(super) fn of_list(ui: &Ui, field: Id) -> Keys {
    if egui::Popup::is_any_open(ui.ctx()) {
        return Keys::Elsewhere;
    }
    match ui.memory(egui::Memory::focused) {
        None => Keys::Here,
        Some(focused) if focused == field => {
            if !ui.input_mut(|input| take_key(input, Modifiers::NONE, Key::ArrowDown)) {
                return Keys::Elsewhere;
            }
            ui.memory_mut(|memory| memory.surrender_focus(field));
            Keys::Come
        }
        Some(_) => Keys::Elsewhere,
    }
}

/// Whatever has the keys lets go of them: a row was clicked.
pub(super) fn give_to_list(ui: &Ui) {
    ui.memory_mut(|memory| {
        if let Some(focused) = memory.focused() {
            memory.surrender_focus(focused);
        }
    });
}

/// The row so many on from here in a list of so many rows. Whoever is at none begins at the first, or with End at the last.
pub(super) fn row(here: Option<usize>, by: isize, length: usize) -> Option<usize> {
    let last = length.checked_sub(1)?;
    Some(match here {
        Some(here) => here.saturating_add_signed(by).min(last),
        None if by == END => last,
        None => 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_leads_out_of_the_list() {
        assert_eq!(row(None, 1, 0), None);
        assert_eq!((row(None, 1, 9), row(None, END, 9)), (Some(0), Some(8)));
        assert_eq!((row(Some(8), 1, 9), row(Some(0), -1, 9)), (Some(8), Some(0)));
        assert_eq!(
            (row(Some(5), -END, 9), row(Some(3), END, 9), row(Some(1), 10, 9)),
            (Some(0), Some(8), Some(8))
        );
        assert_eq!(row(Some(20), -1, 9), Some(8), "what was there is gone");
    }
}
