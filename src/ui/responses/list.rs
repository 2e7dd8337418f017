//! What stands in the tab, from top to bottom: suggested, favourites, recent, the categories; or what was found. Made anew only
//! when something it depends on has changed, and every height is known without laying a word out: so ten thousand responses
//! cost a frame no more than the few that are seen.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    id::{AgentId, BusinessNumberId, CategoryId, ResponseId, TemplateId},
    library::ResponseUsage,
    response::StandardResponse,
    template::Template,
};

use super::{card, tree::Tree};
use crate::desk::library::{
    Library,
    search::{Marks, Matching, Wanted},
};

/// How many of the suggested ones are shown.
const MOST_SUGGESTED: usize = 3;
/// How many of those that were used last are shown.
const MOST_RECENT: usize = 5;
/// How many templates are shown while nothing is looked for.
const MOST_TEMPLATES: usize = 5;
/// With more responses than this all categories begin folded.
const FEW: usize = 60;

/// Which responses are shown, and in which order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Order {
    /// As they stand in the library.
    #[default]
    Library,
    /// Most used first.
    MostUsed,
    /// Those that nobody ever used.
    NeverUsed,
    /// Those that are not offered just now.
    NotOffered,
}

/// What the list is made of; a list of the same is the same.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Asked {
    pub(super) revision: u64,
    pub(super) words: String,
    pub(super) matching: Matching,
    pub(super) favourites_only: bool,
    pub(super) language: Option<String>,
    pub(super) order: Order,
    /// The categories that are otherwise than they begin.
    pub(super) turned: BTreeSet<CategoryId>,
    pub(super) number: Option<BusinessNumberId>,
    pub(super) suggested: Vec<(ResponseId, u32)>,
    /// Whether uses are counted and known.
    pub(super) counted: bool,
    /// Whose own responses are shown alone of those that are not offered; none shows all of these.
    pub(super) only_of: Option<AgentId>,
}

/// Where in the tab something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Place {
    Suggested,
    Favourites,
    Recent,
    Shelf,
}

/// What can be gone to with the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Spot {
    Response(Place, ResponseId),
    Template(TemplateId),
    Category(CategoryId),
}

/// One thing in the list.
#[derive(Debug, Clone)]
pub(super) enum Item {
    /// A heading.
    Heading(&'static str),
    /// A category.
    Category { id: CategoryId, path: String, count: usize, folded: bool },
    /// A response.
    Response(Box<Entry>),
    /// A template.
    Template(Arc<Template>),
    /// A sentence.
    Note(&'static str),
}

/// A response in the list.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) place: Place,
    pub(super) response: Arc<StandardResponse>,
    pub(super) marks: Marks,
    /// How well it fits what the contact wrote, in per cent.
    pub(super) relevance: Option<u32>,
}

impl Item {
    /// What the keys go to.
    pub(super) fn spot(&self) -> Option<Spot> {
        match self {
            Self::Response(entry) => Some(Spot::Response(entry.place, entry.response.id)),
            Self::Template(template) => Some(Spot::Template(template.id)),
            Self::Category { id, .. } => Some(Spot::Category(*id)),
            Self::Heading(_) | Self::Note(_) => None,
        }
    }
}

/// What stands in the tab.
#[derive(Debug, Default)]
pub(super) struct List {
    asked: Option<Asked>,
    /// When something begins or ends to be offered next.
    until: Option<DateTime<Utc>>,
    pub(super) items: Vec<Item>,
    /// How wide the list is for which `tops` were counted, and whether uses are told in it.
    measured: Option<(f32, bool)>,
    /// Where each item begins if none is selected, and where the last one ends.
    tops: Vec<f32>,
}

impl List {
    /// Makes it anew if it has to be; says whether it was.
    pub(super) fn renew(
        &mut self,
        asked: Asked,
        (library, uses): (&Library, Option<&BTreeMap<ResponseId, ResponseUsage>>),
        now: DateTime<Utc>,
    ) -> bool {
        let stands = self.asked.as_ref() == Some(&asked) && self.until.is_none_or(|until| now < until);
        if stands {
            return false;
        }
        let making = Making { library, now, asked: &asked, uses };
        self.items = making.items();
        self.until = making.until();
        self.asked = Some(asked);
        self.measured = None;
        true
    }

    /// Counts where each item begins in a list of that width, unless it is known.
    pub(super) fn measure(&mut self, width: f32, counts: bool) {
        if self.measured == Some((width, counts)) {
            return;
        }
        self.measured = Some((width, counts));
        self.tops.clear();
        let mut top = 0.0;
        for item in &self.items {
            self.tops.push(top);
            top += card::height(item, width, counts);
        }
        self.tops.push(top);
    }

    /// Where each item begins if none is selected, and where the last one ends.
    pub(super) fn tops(&self) -> &[f32] {
        &self.tops
    }

    /// What is looked for in it.
    pub(super) fn words(&self) -> Option<&str> {
        self.asked.as_ref().map(|asked| asked.words.as_str())
    }

    /// The first card.
    pub(super) fn first_card(&self) -> Option<Spot> {
        self.items.iter().filter_map(Item::spot).find(|spot| !matches!(spot, Spot::Category(_)))
    }

    /// Where something stands.
    pub(super) fn position(&self, spot: Spot) -> Option<usize> {
        self.items.iter().position(|item| item.spot() == Some(spot))
    }

    /// The next thing to go to; from nothing, the first one.
    pub(super) fn step(&self, from: Option<Spot>, down: bool) -> Option<Spot> {
        let at = from.and_then(|spot| self.position(spot));
        match (at, down) {
            (None, true) => self.items.iter().find_map(Item::spot),
            (None, false) => None,
            (Some(at), true) => self.items[at + 1..].iter().find_map(Item::spot).or(from),
            (Some(at), false) => self.items[..at].iter().rev().find_map(Item::spot).or(from),
        }
    }
}

struct Making<'a> {
    library: &'a Library,
    now: DateTime<Utc>,
    asked: &'a Asked,
    uses: Option<&'a BTreeMap<ResponseId, ResponseUsage>>,
}

impl Making<'_> {
    fn items(&self) -> Vec<Item> {
        let mut items = Vec::new();
        if !self.asked.words.trim().is_empty() {
            self.found(&mut items);
        } else if self.asked.order == Order::Library {
            self.whole(&mut items);
        } else {
            self.counted(&mut items);
        }
        items
    }

    fn until(&self) -> Option<DateTime<Utc>> {
        let moments = self.library.responses().filter(|held| held.content.active);
        let moments = moments.flat_map(|held| [held.content.starts_at, held.content.expires_at]);
        moments.flatten().filter(|at| *at > self.now).min()
    }

    /// Whether a response is to be shown, whatever is looked for.
    fn fits(&self, response: &StandardResponse) -> bool {
        let content = &response.content;
        let speaks = |wanted: &String| {
            content.language.as_ref().is_none_or(|tag| primary(tag) == wanted.as_str() || tag == wanted)
        };
        content.is_offered(self.now)
            && self.asked.language.as_ref().is_none_or(speaks)
            && (!self.asked.favourites_only || self.library.is_favourite(response.id))
    }

    fn found(&self, items: &mut Vec<Item>) {
        let Asked { words, matching, language, number, .. } = self.asked;
        let (words, language) = (words.clone(), language.clone());
        let wanted = Wanted { words, matching: *matching, language, category: None };
        let mut hits = self.library.search(&wanted, self.now);
        hits.retain(|hit| self.fits(&hit.response));
        let relevance = |id: ResponseId| self.asked.suggested.iter().find(|(held, _)| *held == id);
        let entries: Vec<_> = hits
            .into_iter()
            .map(|hit| Entry {
                place: if relevance(hit.response.id).is_some() { Place::Suggested } else { Place::Shelf },
                relevance: relevance(hit.response.id).map(|(_, per_cent)| *per_cent),
                response: hit.response,
                marks: hit.marks,
            })
            .collect();
        let (suggested, shelved): (Vec<_>, Vec<_>) =
            entries.into_iter().partition(|entry| entry.place == Place::Suggested);
        section(items, "Suggested", suggested);
        let mut shelves: Vec<(Option<CategoryId>, Vec<Entry>)> = Vec::new();
        for entry in shelved {
            let category = entry.response.content.category;
            match shelves.iter_mut().find(|(held, _)| *held == category) {
                Some((_, entries)) => entries.push(entry),
                None => shelves.push((category, vec![entry])),
            }
        }
        for (category, entries) in shelves {
            match category.and_then(|id| self.library.category(id)) {
                Some(category) => {
                    let path = self.library.path(category.id).join(" › ");
                    let (id, count) = (category.id, entries.len());
                    items.push(Item::Category { id, path, count, folded: false });
                }
                None => items.push(Item::Heading("Without a category")),
            }
            items.extend(entries.into_iter().map(|entry| Item::Response(Box::new(entry))));
        }
        if items.is_empty() {
            items.push(Item::Note("No response has these words."));
        }
        if !self.asked.favourites_only
            && let Some(number) = number
        {
            let templates = self.library.search_templates(&self.asked.words, *number);
            notifications(items, templates);
        }
    }

    fn whole(&self, items: &mut Vec<Item>) {
        let entry = |place| {
            move |response: &Arc<StandardResponse>| Entry {
                place,
                response: Arc::clone(response),
                marks: Marks::default(),
                relevance: None,
            }
        };
        let suggested = self.asked.suggested.iter().filter_map(|(id, per_cent)| {
            let response = self.library.response(*id).filter(|response| self.fits(response))?;
            Some(Entry { relevance: Some(*per_cent), ..entry(Place::Suggested)(response) })
        });
        section(items, "Suggested", suggested.take(MOST_SUGGESTED).collect());
        let favourites = self.library.favourites().filter(|response| self.fits(response));
        section(items, "Favourites", favourites.map(entry(Place::Favourites)).collect());
        if self.asked.favourites_only {
            if items.is_empty() {
                items.push(Item::Note("No favourites here yet: the star on a response makes it one."));
            }
            return;
        }
        let recent = self.library.recent().filter(|response| self.fits(response));
        section(items, "Used last", recent.take(MOST_RECENT).map(entry(Place::Recent)).collect());
        let offered: Vec<_> = self.library.responses().filter(|response| self.fits(response)).collect();
        let folded = offered.len() > FEW;
        let none = offered.is_empty();
        Tree::of(self.library, offered).walk(folded, &self.asked.turned, items);
        if none {
            items.push(Item::Note(if self.library.responses().next().is_none() {
                "There are no responses yet."
            } else {
                "Nothing is offered just now in this language."
            }));
        }
        if let Some(number) = self.asked.number {
            let mut templates = self.library.search_templates("", number);
            templates.truncate(MOST_TEMPLATES);
            notifications(items, templates);
        }
    }

    /// What is of interest to those who look after the library.
    fn counted(&self, items: &mut Vec<Item>) {
        let uses = |id: ResponseId| self.uses.and_then(|uses| uses.get(&id)).map_or(0, |used| used.uses);
        let is_offered = |response: &&Arc<StandardResponse>| response.content.is_offered(self.now);
        let (name, note, mut wanted): (_, _, Vec<_>) = match self.asked.order {
            Order::MostUsed => {
                let used = self.library.responses().filter(|response| uses(response.id) > 0);
                ("Most used", "Nothing was used yet.", used.collect())
            }
            Order::NeverUsed => {
                let unused = self.library.responses().filter(|response| uses(response.id) == 0);
                ("Never used", "Everything was used.", unused.filter(is_offered).collect())
            }
            Order::Library | Order::NotOffered => {
                let ours = |held: &&Arc<StandardResponse>| {
                    self.asked.only_of.is_none() || held.content.owner == self.asked.only_of
                };
                let hidden = self.library.responses().filter(|held| !is_offered(held)).filter(ours);
                ("Not offered just now", "Everything is offered just now.", hidden.collect())
            }
        };
        wanted.sort_by_cached_key(|held| (u64::MAX - uses(held.id), held.content.name.to_lowercase()));
        let entries: Vec<_> = wanted
            .into_iter()
            .map(|response| Entry {
                place: Place::Shelf,
                response: Arc::clone(response),
                marks: Marks::default(),
                relevance: None,
            })
            .collect();
        if self.asked.order != Order::NotOffered && !self.asked.counted {
            items.push(Item::Note("How often each is used is being counted."));
        } else if entries.is_empty() {
            items.push(Item::Note(note));
        } else {
            section(items, name, entries);
        }
    }
}

fn notifications(items: &mut Vec<Item>, templates: Vec<Arc<Template>>) {
    if !templates.is_empty() {
        items.push(Item::Heading("Notifications"));
        items.extend(templates.into_iter().map(Item::Template));
    }
}

fn section(items: &mut Vec<Item>, name: &'static str, entries: Vec<Entry>) {
    if !entries.is_empty() {
        items.push(Item::Heading(name));
        items.extend(entries.into_iter().map(|entry| Item::Response(Box::new(entry))));
    }
}

/// The language itself of a tag: `pt` of `pt-BR`.
pub(super) fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}
