//! The tree of categories, all of it at once: there are few.

use std::collections::BTreeMap;

use waxwing_protocol::{id::CategoryId, response::Category};

use crate::store::{Change, StoreError, categories};

/// The categories there are.
#[derive(Debug, Clone, Default)]
pub(super) struct Tree(BTreeMap<CategoryId, Category>);

impl Tree {
    /// These.
    pub(super) fn new(all: Vec<Category>) -> Self {
        Self(all.into_iter().map(|category| (category.id, category)).collect())
    }

    /// As it is kept.
    pub(super) async fn load(change: &mut Change) -> Result<Self, StoreError> {
        Ok(Self::new(categories::all(change.db()).await?))
    }

    pub(super) fn get(&self, id: CategoryId) -> Option<&Category> {
        self.0.get(&id)
    }

    pub(super) fn put(&mut self, category: Category) {
        self.0.insert(category.id, category);
    }

    pub(super) fn remove(&mut self, id: CategoryId) -> Option<Category> {
        self.0.remove(&id)
    }

    /// What stands right in a category.
    pub(super) fn children(&self, of: CategoryId) -> Vec<Category> {
        self.0.values().filter(|category| category.parent == Some(of)).cloned().collect()
    }

    /// The category of this name that stands there.
    pub(super) fn named(&self, parent: Option<CategoryId>, name: &str) -> Option<CategoryId> {
        let found = self.0.values().find(|category| category.parent == parent && category.name == name);
        found.map(|category| category.id)
    }

    /// Whether a category is another one, or stands somewhere in it.
    pub(super) fn is_within(&self, id: CategoryId, of: CategoryId) -> bool {
        self.way_up(id).any(|category| category == of)
    }

    /// The names from the top down to a category.
    pub(super) fn path(&self, id: CategoryId) -> Vec<String> {
        let mut path: Vec<String> =
            self.way_up(id).filter_map(|id| Some(self.get(id)?.name.clone())).collect();
        path.reverse();
        path
    }

    /// A category, the one it stands in, and so on. It ends though a circle were stored.
    fn way_up(&self, id: CategoryId) -> impl Iterator<Item = CategoryId> {
        let up = |id: &CategoryId| self.get(*id).and_then(|category| category.parent);
        std::iter::successors(Some(id), up).take(self.0.len() + 1)
    }
}
