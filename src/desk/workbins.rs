//! What lies in workbins and queues, as this desktop holds it: everything the agent may see, to be listed, sorted and looked
//! through here, also while the gateway is away.
//!
//! It comes page by page ([`Workbins::take`]); a list ([`list`]) is made when something it depends on has changed, never for a
//! frame. What is told again from its beginning, because the agent may see something else now, replaces all that was held.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, TimeDelta, Utc};
use waxwing_protocol::{
    id::{AgentId, InteractionId, WorkbinId},
    workbin::{Changes, Place, PlaceInfo, Right, WorkbinItem, WorkbinKind},
};

pub mod deeds;
mod keep;
pub mod list;
mod reminders;
pub mod sync;

use super::{library::fold::fold, phones};

/// What lies in the places that the agent may see.
#[derive(Debug, Clone, Default)]
pub struct Workbins {
    places: Vec<PlaceInfo>,
    own: Option<WorkbinId>,
    items: BTreeMap<InteractionId, Arc<Lying>>,
    counts: BTreeMap<Place, Count>,
    /// What is to be looked at again, by when.
    reminders: BTreeSet<(DateTime<Utc>, InteractionId)>,
    view: Option<u64>,
    held: u64,
    /// Rises with everything that is taken in, so that whoever remembers something about it knows when to look anew.
    revision: u64,
}

/// Something that lies in a place, with what it is listed and found by.
#[derive(Debug, PartialEq)]
pub struct Lying {
    /// It.
    pub item: WorkbinItem,
    /// What the contact is called.
    pub title: String,
    /// Their number without groups, or what there is instead.
    pub address: String,
    /// All words it is found by, as they are searched.
    sought: String,
}

/// How much lies in a place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// How many interactions.
    pub items: usize,
    /// How many of them hold something unread.
    pub unread: usize,
}

/// The attribute of a contact that is their segment.
const SEGMENT: &str = "Segment";

impl Lying {
    fn new(item: WorkbinItem) -> Self {
        let contact = &item.interaction.contact;
        let (title, address) = (phones::title(contact), contact.address());
        let phone = contact.whatsapp.phone.as_deref();
        let attributes = contact.attributes.iter().map(|held| held.value.as_str());
        let facts = item.interaction.case_data.iter().map(|held| held.value.as_str());
        let stored = item.interaction.stored.as_ref().and_then(|stored| stored.comment.as_deref());
        let said = item.last.as_ref().map(|last| last.line.as_str());
        let last_agent = item.last_agent.as_ref().map(|agent| agent.display_name.as_str());
        let words = [title.as_str(), &address].into_iter().chain(contact.user_name.as_deref()).chain(phone);
        let words = words.chain(said).chain(last_agent).chain(stored).chain(attributes).chain(facts);
        let folded: Vec<_> = words.flat_map(str::split_whitespace).map(fold).collect();
        let sought = folded.join(" ");
        Self { item, title, address, sought }
    }

    /// The interaction.
    #[must_use]
    pub const fn id(&self) -> InteractionId {
        self.item.interaction.id
    }

    /// The contact's segment, if it is known.
    #[must_use]
    pub fn segment(&self) -> Option<&str> {
        self.item.interaction.contact.attribute(SEGMENT)
    }

    /// Since when it lies there.
    #[must_use]
    pub fn since(&self) -> DateTime<Utc> {
        let interaction = &self.item.interaction;
        interaction.stored.as_ref().map_or(interaction.created_at, |stored| stored.since)
    }

    /// Who had it last.
    #[must_use]
    pub fn owner(&self) -> Option<&str> {
        self.item.last_agent.as_ref().map(|agent| agent.display_name.as_str())
    }

    /// Whether somebody was to look at it again by now.
    #[must_use]
    pub fn is_due(&self, now: DateTime<Utc>) -> bool {
        self.remind_at().is_some_and(|remind_at| remind_at <= now)
    }

    /// Whether it has lain there for longer than it should, in a place of this kind.
    #[must_use]
    pub fn is_stale(&self, place: &PlaceInfo, now: DateTime<Utc>) -> bool {
        let limit = place.stale_after_hours.map(|hours| TimeDelta::hours(hours.into()));
        limit.is_some_and(|limit| now - self.since() >= limit)
    }
}

impl Workbins {
    /// Takes a page in.
    pub fn take(&mut self, page: Changes) {
        if page.whole {
            *self = Self { revision: self.revision, ..Self::default() };
        }
        if let Some(places) = page.places {
            (self.places, self.own) = (places.places, places.own);
        }
        for gone in page.gone {
            self.remove(gone);
        }
        for item in page.items {
            self.put(item);
        }
        (self.view, self.held) = (Some(page.view), page.next);
        self.revision += 1;
    }

    fn put(&mut self, item: WorkbinItem) {
        self.remove(item.interaction.id);
        let count = self.counts.entry(item.place).or_default();
        count.items += 1;
        count.unread += usize::from(item.unread > 0);
        let lying = Lying::new(item);
        self.reminders.extend(lying.remind_at().map(|at| (at, lying.id())));
        self.items.insert(lying.id(), Arc::new(lying));
    }

    fn remove(&mut self, id: InteractionId) {
        let Some(gone) = self.items.remove(&id) else { return };
        if let Some(at) = gone.remind_at() {
            self.reminders.remove(&(at, id));
        }
        if let Some(count) = self.counts.get_mut(&gone.item.place) {
            count.items -= 1;
            count.unread -= usize::from(gone.item.unread > 0);
        }
    }

    /// It lies there no more, as far as we have done that ourselves; what is told next says it, too.
    fn let_go(&mut self, id: InteractionId) {
        if self.items.contains_key(&id) {
            self.remove(id);
            self.revision += 1;
        }
    }

    /// Which part of which gateway's workbins this is, and up to which change it is held.
    #[must_use]
    pub const fn held(&self) -> (Option<u64>, u64) {
        (self.view, self.held)
    }

    /// Rises with everything that is taken in.
    #[must_use]
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// The places, in their order.
    #[must_use]
    pub fn places(&self) -> &[PlaceInfo] {
        &self.places
    }

    /// A place.
    #[must_use]
    pub fn place(&self, place: Place) -> Option<&PlaceInfo> {
        self.places.iter().find(|info| info.place == place)
    }

    /// The workbin into which the agent's interactions go at log-off.
    #[must_use]
    pub fn own(&self) -> Option<Place> {
        self.own.map(|workbin| Place::Workbin { workbin })
    }

    /// How much lies in a place.
    #[must_use]
    pub fn count(&self, place: Place) -> Count {
        self.counts.get(&place).copied().unwrap_or_default()
    }

    /// Something that lies there.
    #[must_use]
    pub fn item(&self, id: InteractionId) -> Option<&Arc<Lying>> {
        self.items.get(&id)
    }

    /// How many things lie in all places together.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether nothing lies anywhere.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Whether the agent may take and change something from where it lies.
    #[must_use]
    pub fn may_take(&self, id: InteractionId) -> bool {
        let place = self.items.get(&id).and_then(|lying| self.place(lying.item.place));
        place.is_some_and(|place| place.right == Right::Take)
    }

    /// How many things of the agent's own hold something unread.
    #[must_use]
    pub fn own_unread(&self, agent: AgentId) -> usize {
        let is_own = |info: &&PlaceInfo| matches!(&info.whose, Some(WorkbinKind::Personal { owner, .. }) if owner.id == agent);
        self.places.iter().filter(is_own).map(|info| self.count(info.place).unread).sum()
    }

    /// All that lies in these places.
    fn lying_in<'a>(&'a self, places: &'a BTreeSet<Place>) -> impl Iterator<Item = &'a Arc<Lying>> {
        self.items.values().filter(|lying| places.contains(&lying.item.place))
    }

    /// All of it as one page, as it is kept over a restart.
    #[cfg(test)]
    pub(super) fn whole(&self) -> Changes {
        let places = waxwing_protocol::workbin::Places { places: self.places.clone(), own: self.own };
        Changes {
            view: self.view.unwrap_or_default(),
            whole: true,
            places: Some(places),
            items: self.items.values().map(|lying| lying.item.clone()).collect(),
            gone: Vec::new(),
            next: self.held,
            more: false,
        }
    }
}
