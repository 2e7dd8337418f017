//! The categories with what stands in them, each counted with all that stands below it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use waxwing_protocol::{id::CategoryId, response::StandardResponse};

use super::list::{Entry, Item, Place};
use crate::desk::library::{Library, search::Marks};

/// The categories that have something to show.
pub(super) struct Tree<'a> {
    library: &'a Library,
    /// By the category it stands in; none for the top.
    below: BTreeMap<Option<CategoryId>, Vec<CategoryId>>,
    standing: BTreeMap<Option<CategoryId>, Vec<&'a Arc<StandardResponse>>>,
}

impl<'a> Tree<'a> {
    /// Of these responses.
    pub(super) fn of(library: &'a Library, responses: Vec<&'a Arc<StandardResponse>>) -> Self {
        let mut standing: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for response in responses {
            let category = response.content.category.filter(|id| library.category(*id).is_some());
            standing.entry(category).or_default().push(response);
        }
        for shelf in standing.values_mut() {
            shelf.sort_by_cached_key(|held| (held.content.name.to_lowercase(), held.id));
        }
        let mut below: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for category in library.categories() {
            let parent = category.parent.filter(|id| library.category(*id).is_some());
            below.entry(parent).or_default().push(category.id);
        }
        for shelf in below.values_mut() {
            shelf.sort_by_cached_key(|id| {
                (library.category(*id).map(|category| category.name.to_lowercase()), *id)
            });
        }
        Self { library, below, standing }
    }

    /// Puts it into the list: what stands in no category first, then shelf by shelf.
    pub(super) fn walk(&self, folded: bool, turned: &BTreeSet<CategoryId>, items: &mut Vec<Item>) {
        if let Some(loose) = self.standing.get(&None) {
            items.push(Item::Heading("Without a category"));
            items.extend(loose.iter().map(|response| item(response)));
        }
        let mut seen = BTreeSet::new();
        for category in self.below.get(&None).into_iter().flatten() {
            self.shelf(*category, (folded, turned), &mut seen, items);
        }
    }

    fn shelf(
        &self,
        id: CategoryId,
        (folded, turned): (bool, &BTreeSet<CategoryId>),
        seen: &mut BTreeSet<CategoryId>,
        items: &mut Vec<Item>,
    ) {
        let count = self.count(id, &mut BTreeSet::new());
        // A circle would be a fault of the gateway's; it is not walked for ever.
        if count == 0 || !seen.insert(id) {
            return;
        }
        let standing = self.standing.get(&Some(id));
        let below = || self.below.get(&Some(id)).into_iter().flatten();
        let is_folded = folded != turned.contains(&id);
        let with_something = below().filter(|shelf| self.count(**shelf, &mut BTreeSet::new()) > 0).count();
        // What holds one shelf and nothing else needs no line of its own: the path says it.
        let is_shown = standing.is_some() || with_something != 1;
        if is_shown {
            let path = self.library.path(id).join(" › ");
            items.push(Item::Category { id, path, count, folded: is_folded });
        }
        if is_shown && is_folded {
            return;
        }
        items.extend(standing.into_iter().flatten().map(|response| item(response)));
        for shelf in below() {
            self.shelf(*shelf, (folded, turned), seen, items);
        }
    }

    fn count(&self, id: CategoryId, seen: &mut BTreeSet<CategoryId>) -> usize {
        if !seen.insert(id) {
            return 0;
        }
        let here = self.standing.get(&Some(id)).map_or(0, Vec::len);
        let below = self.below.get(&Some(id)).into_iter().flatten();
        here + below.map(|shelf| self.count(*shelf, seen)).sum::<usize>()
    }
}

fn item(response: &Arc<StandardResponse>) -> Item {
    let (response, marks) = (Arc::clone(response), Marks::default());
    Item::Response(Box::new(Entry { place: Place::Shelf, response, marks, relevance: None }))
}
