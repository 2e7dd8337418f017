//! The library as this desktop holds it: prepared replies in their categories, and the templates of notifications.
//!
//! It comes from the gateway page by page ([`Library::take`]); what is offered at a moment is asked with that moment, so what
//! expires vanishes by itself.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    id::{BusinessNumberId, CategoryId, ResponseId, TemplateId},
    library::LibraryPage,
    response::{Category, StandardResponse},
    template::Template,
};

pub mod fields;
pub(super) mod fold;
mod index;
pub mod manage;
mod rank;
pub mod search;
pub(super) mod sync;
#[cfg(test)]
mod tests;
mod typos;

use index::Index;

/// The library as it is held.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Library {
    categories: BTreeMap<CategoryId, Category>,
    responses: BTreeMap<ResponseId, Arc<StandardResponse>>,
    templates: BTreeMap<TemplateId, Arc<Template>>,
    favourites: Vec<ResponseId>,
    /// The favourites as the agent wants them, until the gateway has said whether it keeps them.
    wished: Option<Vec<ResponseId>>,
    recent: Vec<ResponseId>,
    epoch: Option<u32>,
    held: u64,
    index: Index,
    /// What is still to be put into the index.
    unindexed: Vec<ResponseId>,
    /// Rises with everything that is taken in, so that whoever remembers something about the library knows when to look anew.
    revision: u64,
}

impl Library {
    /// Takes a page in.
    pub fn take(&mut self, page: LibraryPage) {
        let changed = self.take_unindexed(page);
        self.index_anew(changed);
    }

    /// Takes a page in, whose responses are found once [`index_some`](Self::index_some) has come to them.
    fn lay_out(&mut self, page: LibraryPage) {
        let changed = self.take_unindexed(page);
        if changed.len() <= sync::AT_ONCE {
            self.index_anew(changed);
        } else {
            self.unindexed.extend(changed);
        }
    }

    /// Whether everything can be found.
    pub(super) const fn is_indexed(&self) -> bool {
        self.unindexed.is_empty()
    }

    /// Lets so many responses more be found.
    fn index_some(&mut self, count: usize) {
        let rest = self.unindexed.len().saturating_sub(count);
        let some = self.unindexed.split_off(rest);
        self.index_anew(some.into_iter().collect());
        self.revision += 1;
    }

    /// Takes a page in; says which responses are to be put into the index.
    fn take_unindexed(&mut self, page: LibraryPage) -> BTreeSet<ResponseId> {
        if page.whole {
            let (revision, wished) = (self.revision, self.wished.take());
            *self = Self { wished, revision, ..Self::default() };
        }
        let mut stirred: BTreeSet<_> = page.categories.iter().map(|category| category.id).collect();
        self.categories.extend(page.categories.into_iter().map(|category| (category.id, category)));
        for gone in page.categories_removed {
            self.categories.remove(&gone);
            stirred.insert(gone);
        }
        let mut changed: BTreeSet<_> = page.responses.iter().map(|response| response.id).collect();
        self.responses.extend(page.responses.into_iter().map(|response| (response.id, response.into())));
        for gone in page.responses_removed {
            self.responses.remove(&gone);
            self.index.remove(gone);
        }
        self.templates.extend(page.templates.into_iter().map(|template| (template.id, template.into())));
        for gone in page.templates_removed {
            self.templates.remove(&gone);
        }
        (self.favourites, self.recent) = (page.favourites, page.recent);
        (self.epoch, self.held) = (Some(page.epoch), page.next);
        self.revision += 1;
        if !stirred.is_empty() {
            // They are found by the names of the categories in which they stand.
            let stands_there =
                |category: CategoryId| self.ids_above(category).iter().any(|id| stirred.contains(id));
            let moved =
                self.responses.values().filter(|held| held.content.category.is_some_and(stands_there));
            changed.extend(moved.map(|held| held.id));
        }
        changed
    }

    /// Brings the index up to date with responses that changed.
    fn index_anew(&mut self, changed: BTreeSet<ResponseId>) {
        for id in changed {
            if let Some(response) = self.responses.get(&id) {
                let category =
                    response.content.category.map(|id| self.path(id).join(" ")).unwrap_or_default();
                self.index.put(response, &category);
            }
        }
    }

    /// A category and those it stands in, up to the top.
    fn ids_above(&self, id: CategoryId) -> Vec<CategoryId> {
        let mut path = vec![id];
        let mut next = self.categories.get(&id).and_then(|category| category.parent);
        while let Some(above) = next.filter(|above| !path.contains(above)) {
            path.push(above);
            next = self.categories.get(&above).and_then(|category| category.parent);
        }
        path
    }

    /// Which library this is, and up to which change it is held.
    #[must_use]
    pub const fn held(&self) -> (Option<u32>, u64) {
        (self.epoch, self.held)
    }

    /// Rises with everything that is taken in.
    #[must_use]
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// All categories, in no order that means anything.
    pub fn categories(&self) -> impl Iterator<Item = &Category> {
        self.categories.values()
    }

    /// A category.
    #[must_use]
    pub fn category(&self, id: CategoryId) -> Option<&Category> {
        self.categories.get(&id)
    }

    /// Where a category stands: the names from the top down to its own.
    #[must_use]
    pub fn path(&self, id: CategoryId) -> Vec<&str> {
        let mut path = Vec::new();
        let mut next = Some(id);
        // A circle would be a fault of the gateway's; it is not walked for ever.
        while let Some(category) = next.and_then(|id| self.categories.get(&id))
            && path.len() <= self.categories.len()
        {
            path.push(category.name.as_str());
            next = category.parent;
        }
        path.reverse();
        path
    }

    /// All responses, also those that are not offered just now.
    pub fn responses(&self) -> impl Iterator<Item = &Arc<StandardResponse>> {
        self.responses.values()
    }

    /// A response.
    #[must_use]
    pub fn response(&self, id: ResponseId) -> Option<&Arc<StandardResponse>> {
        self.responses.get(&id)
    }

    /// The response that a shortcut brings, among those that are offered; an agent's own come first.
    #[must_use]
    pub fn by_shortcut(&self, shortcut: &str, now: DateTime<Utc>) -> Option<&Arc<StandardResponse>> {
        let shortcut = shortcut.to_lowercase();
        let is_called = |response: &&Arc<StandardResponse>| {
            let called =
                response.content.shortcut.as_ref().is_some_and(|held| held.to_lowercase() == shortcut);
            called && response.content.is_offered(now)
        };
        let called = || self.responses.values().filter(is_called);
        called().find(|response| response.content.owner.is_some()).or_else(|| called().next())
    }

    /// The agent's favourites, in their order, as far as they are here.
    pub fn favourites(&self) -> impl Iterator<Item = &Arc<StandardResponse>> {
        self.favourite_ids().iter().filter_map(|id| self.responses.get(id))
    }

    /// Whether a response is among the agent's favourites.
    #[must_use]
    pub fn is_favourite(&self, id: ResponseId) -> bool {
        self.favourite_ids().contains(&id)
    }

    /// The agent's favourites, in their order.
    #[must_use]
    pub fn favourite_ids(&self) -> &[ResponseId] {
        self.wished.as_deref().unwrap_or(&self.favourites)
    }

    /// Shows these favourites until the gateway has said what it keeps; none shows what it keeps.
    fn wish_favourites(&mut self, wished: Option<Vec<ResponseId>>) {
        self.wished = wished;
        self.revision += 1;
    }

    /// The gateway keeps these.
    fn keep_favourites(&mut self, kept: &[ResponseId]) {
        self.favourites = kept.to_vec();
    }

    /// A response as the gateway keeps it, unless a newer one is here.
    fn put_response(&mut self, response: StandardResponse) {
        if self.responses.get(&response.id).is_none_or(|held| held.version < response.version) {
            let id = response.id;
            self.responses.insert(id, response.into());
            self.index_anew([id].into());
            self.revision += 1;
        }
    }

    /// A response is gone.
    fn drop_response(&mut self, id: ResponseId) {
        self.responses.remove(&id);
        self.index.remove(id);
        self.revision += 1;
    }

    /// A category as the gateway keeps it.
    fn put_category(&mut self, category: Category) {
        self.categories.insert(category.id, category);
        self.revision += 1;
    }

    /// A category is gone; what stood in it stands where that did.
    fn drop_category(&mut self, id: CategoryId) {
        let Some(gone) = self.categories.remove(&id) else { return };
        for category in self.categories.values_mut().filter(|category| category.parent == Some(id)) {
            category.parent = gone.parent;
        }
        for response in self.responses.values_mut().filter(|held| held.content.category == Some(id)) {
            Arc::make_mut(response).content.category = gone.parent;
        }
        self.revision += 1;
    }

    /// What the agent used last, newest first, as far as it is here.
    pub fn recent(&self) -> impl Iterator<Item = &Arc<StandardResponse>> {
        self.recent.iter().filter_map(|id| self.responses.get(id))
    }

    /// All templates.
    pub fn templates(&self) -> impl Iterator<Item = &Arc<Template>> {
        self.templates.values()
    }

    /// A template.
    #[must_use]
    pub fn template(&self, id: TemplateId) -> Option<&Arc<Template>> {
        self.templates.get(&id)
    }

    /// The template that WhatsApp calls so, among those that a number may send.
    #[must_use]
    pub fn template_called(
        &self,
        (name, language): (&str, &str),
        number: BusinessNumberId,
    ) -> Option<&Arc<Template>> {
        self.templates.values().find(|template| {
            template.name == name && template.language == language && template.numbers.contains(&number)
        })
    }
}
