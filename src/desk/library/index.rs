//! The words of all prepared replies, each with the replies it stands in: kept as the library changes, never made anew.
//!
//! A reply is one text of four fields in which a word weighs more or less: its name, its shortcut, the names of its category
//! and of those above, and its body without its field codes. Each reply has a slot; each word knows the slots it stands in, and
//! with what weight. Copying the index copies references, so a picture of the desk is made cheaply.

use std::{collections::BTreeMap, ops::Bound, sync::Arc};

use waxwing_protocol::{
    field_code::{self, Piece},
    id::ResponseId,
    response::StandardResponse,
};

use super::{fold, typos};

/// What a word weighs in the name, the shortcut, the category, the body.
const WEIGHTS: [u32; 4] = [4, 4, 2, 1];

/// The index.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    replies: Vec<Option<Arc<Indexed>>>,
    slots: BTreeMap<ResponseId, usize>,
    free: Vec<usize>,
    /// The lengths of all replies together, as words weigh.
    length: u64,
    words: BTreeMap<Arc<str>, Arc<Places>>,
    /// All words once more, by how many letters they have, with their sketches.
    by_length: BTreeMap<(usize, Arc<str>), u32>,
}

/// It follows from what the library holds.
impl PartialEq for Index {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

/// A reply in the index.
#[derive(Debug)]
pub(super) struct Indexed {
    pub(super) response: Arc<StandardResponse>,
    /// Its words: each field a line, each word with a blank before and behind it.
    pub(super) folded: String,
    /// How long that is, as words weigh.
    pub(super) length: u32,
}

/// Where a word stands.
#[derive(Debug, Clone, Default)]
pub(super) struct Places {
    /// In which slots, in order, and with what weight.
    pub(super) slots: Vec<(usize, u32)>,
}

impl Indexed {
    fn new(response: Arc<StandardResponse>, category: &str) -> Self {
        let content = &response.content;
        let mut folded = String::new();
        for field in [content.name.as_str(), content.shortcut.as_deref().unwrap_or_default(), category] {
            push_words(&mut folded, &[field]);
        }
        let words = field_code::pieces(&content.body).into_iter().filter_map(|piece| match piece {
            Piece::Text(words) | Piece::Blank(words) => Some(words),
            Piece::Code(_) => None,
        });
        push_words(&mut folded, &words.collect::<Vec<_>>());
        let mut indexed = Self { response, folded, length: 0 };
        indexed.length = indexed.weights().values().sum();
        indexed
    }

    /// What each of its words weighs.
    fn weights(&self) -> BTreeMap<&str, u32> {
        let mut weights = BTreeMap::new();
        for (line, weight) in self.folded.lines().zip(WEIGHTS) {
            for word in line.split(' ').filter(|word| !word.is_empty()) {
                *weights.entry(word).or_default() += weight;
            }
        }
        weights
    }
}

fn push_words(folded: &mut String, texts: &[&str]) {
    for token in texts.iter().flat_map(|text| fold::tokens(text)) {
        folded.push(' ');
        folded.push_str(&token.text);
    }
    folded.push_str(" \n");
}

impl Index {
    /// How many replies there are.
    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    /// How many slots there are.
    pub(super) fn slots(&self) -> usize {
        self.replies.len()
    }

    /// The reply in a slot.
    pub(super) fn reply(&self, slot: usize) -> Option<&Arc<Indexed>> {
        self.replies.get(slot)?.as_ref()
    }

    /// How long a reply is on average, as words weigh; at least 1.
    pub(super) fn average_length(&self) -> f32 {
        #[expect(clippy::cast_precision_loss, reason = "a ratio")]
        let average = self.length as f32 / self.len().max(1) as f32;
        average.max(1.0)
    }

    /// Where a word stands.
    pub(super) fn places(&self, word: &str) -> Option<&Places> {
        self.words.get(word).map(AsRef::as_ref)
    }

    /// The words that begin so, the word itself not among them.
    pub(super) fn beginning_with<'a>(
        &'a self,
        begun: &'a str,
    ) -> impl Iterator<Item = (&'a Arc<str>, &'a Places)> {
        let from = self.words.range::<str, _>((Bound::Included(begun), Bound::Unbounded));
        let words = from.take_while(move |(word, _)| word.starts_with(begun));
        words.filter(move |(word, _)| word.len() > begun.len()).map(|(word, places)| (word, places.as_ref()))
    }

    /// The words that are the fewest slips away from one, if no more than it may have, and how many those are.
    pub(super) fn like(&self, typed: &str, begun: bool) -> (usize, Vec<(&Arc<str>, &Places)>) {
        let letters: Vec<char> = typed.chars().collect();
        let most = typos::allowed(letters.len());
        if most == 0 {
            return (0, Vec::new());
        }
        let sketch = typos::sketch(typed);
        let longest = if begun { usize::MAX } else { letters.len() + most };
        let near = self.by_length.range((letters.len() - most, Arc::from(""))..);
        let near = near.take_while(|((length, _), _)| *length <= longest);
        let bits = u32::try_from(most).unwrap_or(0);
        let mut fewest = most;
        let mut found: Vec<&Arc<str>> = Vec::new();
        for ((_, word), other) in near {
            if !typos::may_be_close(sketch, *other, bits, begun) {
                continue;
            }
            let Some(slips) = typos::slips(&letters, word, fewest, begun) else { continue };
            if slips < fewest {
                (fewest, found) = (slips, Vec::new());
            }
            found.push(word);
        }
        let places = found.into_iter().filter_map(|word| Some((word, self.words.get(word)?.as_ref())));
        (fewest, places.collect())
    }

    /// Takes a reply in, or its change; `category` are the names of its category and of those above.
    pub(super) fn put(&mut self, response: &Arc<StandardResponse>, category: &str) {
        self.remove(response.id);
        let indexed = Indexed::new(Arc::clone(response), category);
        let slot = self.free.pop().unwrap_or(self.replies.len());
        for (word, weight) in indexed.weights() {
            if let Some(places) = self.words.get_mut(word) {
                Arc::make_mut(places).insert(slot, weight);
                continue;
            }
            let word: Arc<str> = word.into();
            self.by_length.insert((word.chars().count(), Arc::clone(&word)), typos::sketch(&word));
            self.words.insert(word, Arc::new(Places { slots: vec![(slot, weight)] }));
        }
        self.length += u64::from(indexed.length);
        self.slots.insert(response.id, slot);
        match self.replies.get_mut(slot) {
            Some(place) => *place = Some(indexed.into()),
            None => self.replies.push(Some(indexed.into())),
        }
    }

    /// Forgets a reply.
    pub(super) fn remove(&mut self, id: ResponseId) {
        let Some(slot) = self.slots.remove(&id) else { return };
        let Some(indexed) = self.replies.get_mut(slot).and_then(Option::take) else { return };
        for word in indexed.weights().into_keys() {
            let Some(places) = self.words.get_mut(word) else { continue };
            let places = Arc::make_mut(places);
            places.slots.retain(|(other, _)| *other != slot);
            if places.slots.is_empty() {
                self.by_length.remove(&(word.chars().count(), word.into()));
                self.words.remove(word);
            }
        }
        self.length -= u64::from(indexed.length);
        self.free.push(slot);
    }
}

impl Places {
    fn insert(&mut self, slot: usize, weight: u32) {
        let place = self.slots.partition_point(|(other, _)| *other < slot);
        self.slots.insert(place, (slot, weight));
    }
}
