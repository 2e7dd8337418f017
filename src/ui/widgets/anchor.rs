//! What is in view of a list stays where it is while rows come in above it, or go: nobody clicks what has just moved there.

use egui::{Id, Ui};

/// A list on screen. Where the number is another one it answers another question, and nothing of it needs to stay.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Anchor {
    /// Never the same as another's.
    pub(crate) id: Id,
    /// Which list.
    pub(crate) list: u64,
}

/// The row at the upper edge of the view, as it was drawn last.
#[derive(Debug, Clone, Copy)]
struct Held {
    list: u64,
    row: u128,
    top: f32,
    offset: f32,
}

impl Anchor {
    /// How far to scroll for that row to stay in its place, in points; none if it is there, or the list was seen from its
    /// beginning. `top` says where a row is now.
    pub(crate) fn offset(self, ui: &Ui, top: impl FnOnce(u128) -> Option<f32>) -> Option<f32> {
        let held: Held = ui.data(|data| data.get_temp::<Option<Held>>(self.id))??;
        if held.list != self.list || held.offset <= 0.0 {
            return None;
        }
        let moved = top(held.row)? - held.top;
        (moved.abs() > 0.5).then_some((held.offset + moved).max(0.0))
    }

    /// Remembers the row at the upper edge, where that is, and how far the list is scrolled.
    pub(crate) fn hold(self, ui: &Ui, row: Option<(u128, f32)>, offset: f32) {
        let held = row.map(|(row, top)| Held { list: self.list, row, top, offset });
        ui.data_mut(|data| data.insert_temp(self.id, held));
    }
}
