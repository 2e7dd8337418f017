//! The library as this desktop holds it: prepared replies in their categories, and the templates of notifications.
//!
//! It comes from the gateway page by page ([`Library::take`]); what is offered at a moment is asked with that moment, so what
//! expires vanishes by itself.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    id::{BusinessNumberId, CategoryId, ResponseId, TemplateId},
    library::LibraryPage,
    response::{Category, StandardResponse},
    template::Template,
};

pub mod fields;
pub mod search;

/// The library as it is held.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Library {
    categories: BTreeMap<CategoryId, Category>,
    responses: BTreeMap<ResponseId, Arc<StandardResponse>>,
    templates: BTreeMap<TemplateId, Arc<Template>>,
    favourites: Vec<ResponseId>,
    recent: Vec<ResponseId>,
    epoch: Option<u32>,
    held: u64,
    /// Rises with everything that is taken in, so that whoever remembers something about the library knows when to look anew.
    revision: u64,
}

impl Library {
    /// Takes a page in.
    pub fn take(&mut self, page: LibraryPage) {
        if page.whole {
            let revision = self.revision;
            *self = Self { revision, ..Self::default() };
        }
        self.categories.extend(page.categories.into_iter().map(|category| (category.id, category)));
        for gone in page.categories_removed {
            self.categories.remove(&gone);
        }
        self.responses.extend(page.responses.into_iter().map(|response| (response.id, response.into())));
        for gone in page.responses_removed {
            self.responses.remove(&gone);
        }
        self.templates.extend(page.templates.into_iter().map(|template| (template.id, template.into())));
        for gone in page.templates_removed {
            self.templates.remove(&gone);
        }
        (self.favourites, self.recent) = (page.favourites, page.recent);
        (self.epoch, self.held) = (Some(page.epoch), page.next);
        self.revision += 1;
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
        self.favourites.iter().filter_map(|id| self.responses.get(id))
    }

    /// Whether a response is among the agent's favourites.
    #[must_use]
    pub fn is_favourite(&self, id: ResponseId) -> bool {
        self.favourites.contains(&id)
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
