//! What lies in places as a list: what holds the words that are looked for, in the order that the agent wants.

use std::{cmp::Ordering, collections::BTreeSet, sync::Arc};

use waxwing_protocol::workbin::Place;

use super::{Lying, Workbins};
use crate::desk::{library::fold::fold, phones};

/// What can be told of something that lies in a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// Who it is about.
    Contact,
    /// Their number.
    Number,
    /// Their segment.
    Segment,
    /// What was said last.
    LastMessage,
    /// How long it has lain there.
    InWorkbin,
    /// How long the contact may be written to freely.
    ReplyWindow,
    /// How long the contact has waited for an answer.
    Pending,
    /// Who had it last.
    Owner,
}

/// In which order a list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// By what.
    pub column: Column,
    /// Which way.
    pub way: Way,
}

/// Which way a list goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// What is first in the alphabet, shortest or least comes first.
    Up,
    /// It comes last.
    Down,
}

impl Default for Order {
    /// What has lain there for longest comes last.
    fn default() -> Self {
        Self { column: Column::InWorkbin, way: Way::Up }
    }
}

impl Column {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 8] = [
        Self::Contact,
        Self::Number,
        Self::Segment,
        Self::LastMessage,
        Self::InWorkbin,
        Self::ReplyWindow,
        Self::Pending,
        Self::Owner,
    ];

    /// How two things stand to one another. What has nothing to be compared comes last, whichever way the list goes.
    fn compare(self, a: &Lying, b: &Lying, way: Way) -> Ordering {
        match self {
            Self::Contact => way.turn(a.title.cmp(&b.title)),
            Self::Number => way.turn(a.address.cmp(&b.address)),
            Self::Segment => way.some(a.segment(), b.segment()),
            Self::LastMessage => {
                // Newest first, as the shortest time.
                let at = |lying: &Lying| lying.item.last.as_ref().map(|last| std::cmp::Reverse(last.at));
                way.some(at(a), at(b))
            }
            Self::InWorkbin => way.turn(b.since().cmp(&a.since())),
            Self::ReplyWindow => {
                way.some(a.item.interaction.window.last_inbound_at, b.item.interaction.window.last_inbound_at)
            }
            Self::Pending => {
                let since = |lying: &Lying| lying.item.interaction.pending_since.map(std::cmp::Reverse);
                way.some(since(a), since(b))
            }
            Self::Owner => way.some(a.owner(), b.owner()),
        }
    }
}

impl Way {
    /// The other way.
    #[must_use]
    pub const fn turned(self) -> Self {
        match self {
            Self::Up => Self::Down,
            Self::Down => Self::Up,
        }
    }

    const fn turn(self, ordering: Ordering) -> Ordering {
        match self {
            Self::Up => ordering,
            Self::Down => ordering.reverse(),
        }
    }

    fn some<T: Ord>(self, a: Option<T>, b: Option<T>) -> Ordering {
        match (a, b) {
            (Some(a), Some(b)) => self.turn(a.cmp(&b)),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        }
    }
}

impl Workbins {
    /// What lies in these places and holds these words, each of them somewhere, in this order.
    #[must_use]
    pub fn list(&self, places: &BTreeSet<Place>, words: &str, order: Order) -> Vec<Arc<Lying>> {
        let number = phones::sought(words);
        let words: Vec<_> = words.split_whitespace().map(fold).filter(|word| !word.is_empty()).collect();
        let holds = |lying: &&Arc<Lying>| {
            words.iter().all(|word| lying.sought.contains(word.as_str()))
                || number.as_ref().is_some_and(|number| lying.sought.contains(number.as_str()))
        };
        let mut list: Vec<_> = self.lying_in(places).filter(holds).cloned().collect();
        list.sort_by(|a, b| order.column.compare(a, b, order.way).then_with(|| a.id().cmp(&b.id())));
        list
    }
}
