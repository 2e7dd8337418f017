//! The list that is shown, made anew only when something it depends on has changed.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use waxwing_protocol::{id::InteractionId, workbin::Place};

use crate::desk::workbins::{Lying, Workbins, list::Order};

/// The list that is shown.
#[derive(Debug, Default)]
pub(super) struct Shown {
    made_for: Option<MadeFor>,
    list: Vec<Arc<Lying>>,
    positions: HashMap<InteractionId, usize>,
    /// Where what is gone stood in the list before.
    before: HashMap<InteractionId, usize>,
    /// How often it was made.
    made: u64,
    /// How many rows were laid out in the last frame.
    pub(super) laid: usize,
}

#[derive(Debug, PartialEq)]
struct MadeFor {
    revision: u64,
    places: BTreeSet<Place>,
    words: String,
    order: Order,
}

impl Shown {
    /// Makes it anew if something has changed; says whether it did.
    pub(super) fn refresh(
        &mut self,
        workbins: &Workbins,
        places: BTreeSet<Place>,
        (words, order): (&str, Order),
    ) -> bool {
        let made_for = MadeFor { revision: workbins.revision(), places, words: words.to_owned(), order };
        if self.made_for.as_ref() == Some(&made_for) {
            return false;
        }
        self.list = workbins.list(&made_for.places, words, order);
        let positions = self.list.iter().enumerate().map(|(at, lying)| (lying.id(), at)).collect();
        self.before = std::mem::replace(&mut self.positions, positions);
        self.made_for = Some(made_for);
        self.made += 1;
        true
    }

    pub(super) fn list(&self) -> &[Arc<Lying>] {
        &self.list
    }

    /// Where something stands.
    pub(super) fn position(&self, id: InteractionId) -> Option<usize> {
        self.positions.get(&id).copied()
    }

    /// It itself if it is still there, else what stands in its place.
    pub(super) fn nearest(&self, id: InteractionId) -> Option<InteractionId> {
        if self.positions.contains_key(&id) {
            return Some(id);
        }
        let at = self.before.get(&id).copied()?.min(self.list.len().checked_sub(1)?);
        self.list.get(at).map(|lying| lying.id())
    }

    /// All from one to the other, whichever stands first.
    pub(super) fn between(&self, a: InteractionId, b: InteractionId) -> impl Iterator<Item = InteractionId> {
        let range = match (self.position(a), self.position(b)) {
            (Some(a), Some(b)) => a.min(b)..a.max(b) + 1,
            (None, Some(only)) | (Some(only), None) => only..only + 1,
            (None, None) => 0..0,
        };
        self.list[range].iter().map(|lying| lying.id())
    }

    /// How often it was made.
    #[cfg(test)]
    pub(super) const fn made(&self) -> u64 {
        self.made
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::tests::{lying, page_changes};

    #[test]
    fn it_is_made_anew_only_when_something_it_depends_on_has_changed() {
        let mut workbins = Workbins::default();
        workbins.take(page_changes(1, vec![lying(7, 1, 10), lying(8, 1, 20)]));
        let places = || BTreeSet::from([lying(7, 1, 10).place]);
        let mut shown = Shown::default();
        for _frame in 0..50 {
            shown.refresh(&workbins, places(), ("", Order::default()));
        }
        assert_eq!((shown.made(), shown.list().len()), (1, 2));
        let (first, second) = (shown.list()[0].id(), shown.list()[1].id());
        assert_eq!(shown.between(second, first).collect::<Vec<_>>(), [first, second]);
        shown.refresh(&workbins, places(), ("line 7", Order::default()));
        assert_eq!((shown.made(), shown.list().len()), (2, 1));
        shown.refresh(&workbins, places(), ("", Order::default()));
        workbins
            .take(waxwing_protocol::workbin::Changes { gone: vec![first], ..page_changes(2, Vec::new()) });
        shown.refresh(&workbins, places(), ("", Order::default()));
        assert_eq!(shown.nearest(first), Some(second), "the keys go on with what stands in its place");
        assert_eq!(shown.nearest(second), Some(second));
    }
}
