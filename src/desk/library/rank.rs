//! How well replies fit words: BM25 (Robertson and Zaragoza, 2009) over the one text that a reply is in the index.
//!
//! A word stands for itself; one that is only begun also for all words that begin so; one that stands nowhere for the words
//! that are a slip or two away. All that a word stands for counts as one word, by the best of them.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    sync::Arc,
};

use waxwing_protocol::{
    field_code::{self, Piece},
    response::StandardResponse,
};

use super::{
    fold,
    index::{Index, Places},
    search::Marks,
};

/// How soon more of a word stops to count, and how much the length of a reply counts (the usual values).
const K1: f32 = 1.2;
const B: f32 = 0.75;
/// What a word counts that begins with what was typed, and one that is one or two slips away from it.
const BEGUN: f32 = 0.8;
const SLIPPED: [f32; 3] = [1.0, 0.5, 0.3];

/// A word that is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// Folded.
    pub(super) text: String,
    /// Whether it may be the beginning of one.
    pub(super) is_begun: bool,
    /// Whether it may be misspelled.
    pub(super) has_slips: bool,
}

/// What was found.
pub(super) struct Found {
    /// For each slot: how well it fits, and how many of the words it has.
    slots: Vec<(f32, usize)>,
    /// The words that were found, and how many letters of each were typed; none for all.
    marked: BTreeMap<Arc<str>, Option<usize>>,
}

/// The words of a contact's message that tell what it is about.
pub(super) struct Telling {
    pub(super) words: Vec<Word>,
    /// What a reply scores that is about just this.
    pub(super) best: f32,
}

/// Looks for each of the words.
pub(super) fn rank(index: &Index, words: &[Word]) -> Found {
    let mut found = Found { slots: vec![(0.0, 0); index.slots()], marked: BTreeMap::new() };
    let mut best = vec![0.0_f32; index.slots()];
    let mut touched: Vec<usize> = Vec::new();
    for word in words {
        let meant = meant(index, word, &mut found.marked);
        let standing = meant.iter().map(|(_, places)| places.slots.len()).sum::<usize>();
        let telling = telling_of(index, standing);
        for (factor, places) in meant {
            for (slot, weight) in &places.slots {
                let score = factor * telling * saturated(index, *slot, *weight);
                if best[*slot] == 0.0 {
                    touched.push(*slot);
                }
                best[*slot] = best[*slot].max(score);
            }
        }
        for slot in touched.drain(..) {
            let (score, count) = &mut found.slots[slot];
            (*score, *count) = (*score + best[slot], *count + 1);
            best[slot] = 0.0;
        }
    }
    found
}

/// All that a word stands for, each with what it counts.
fn meant<'a>(
    index: &'a Index,
    word: &'a Word,
    marked: &mut BTreeMap<Arc<str>, Option<usize>>,
) -> Vec<(f32, &'a Places)> {
    let mut meant = Vec::new();
    if let Some(places) = index.places(&word.text) {
        marked.insert(word.text.as_str().into(), None);
        meant.push((1.0, places));
    }
    if word.is_begun {
        let letters = word.text.chars().count();
        for (longer, places) in index.beginning_with(&word.text) {
            marked.entry(Arc::clone(longer)).or_insert(Some(letters));
            meant.push((BEGUN, places));
        }
    }
    if meant.is_empty() && word.has_slips {
        let (slips, like) = index.like(&word.text, word.is_begun);
        for (other, places) in like {
            marked.insert(Arc::clone(other), None);
            meant.push((SLIPPED[slips.min(2)], places));
        }
    }
    meant
}

/// How much a word tells that stands in so many replies.
#[expect(clippy::cast_precision_loss, reason = "a weight")]
fn telling_of(index: &Index, standing: usize) -> f32 {
    let (all, standing) = (index.len() as f32, standing.min(index.len()) as f32);
    (1.0 + (all - standing + 0.5) / (standing + 0.5)).ln()
}

#[expect(clippy::cast_precision_loss, reason = "a weight")]
fn saturated(index: &Index, slot: usize, weight: u32) -> f32 {
    let length = index.reply(slot).map_or(0, |reply| reply.length) as f32;
    let weight = weight as f32;
    let share = 1.0 - B + B * length / index.average_length();
    weight * (K1 + 1.0) / (weight + K1 * share)
}

/// Leaves out what stands in every other reply, and numbers; what stands in none makes the others tell less.
pub(super) fn telling(index: &Index, text: &str) -> Telling {
    /// So many words are enough to tell what a message is about.
    const ENOUGH: usize = 4;
    /// More of a message is not read.
    const MOST: usize = 200;
    let common = (index.len() / 4).max(2);
    let tokens = fold::tokens(text).into_iter().take(MOST).map(|token| token.text);
    let (mut words, mut weights) = (Vec::new(), Vec::new());
    for text in tokens.collect::<BTreeSet<_>>() {
        if text.chars().all(|c| c.is_ascii_digit()) {
            continue;
        }
        let standing = index.places(&text).map_or(0, |places| places.slots.len());
        match standing {
            0 => weights.push(telling_of(index, 0) / 2.0),
            _ if standing > common => {}
            _ => {
                weights.push(telling_of(index, standing));
                words.push(Word { text, is_begun: false, has_slips: false });
            }
        }
    }
    weights.sort_by(|one, other| other.total_cmp(one));
    let best: f32 = weights.iter().take(ENOUGH).sum();
    Telling { words, best: (best * 1.5).max(f32::MIN_POSITIVE) }
}

impl Found {
    /// The slots that have at least so many of the words, and how well they fit.
    pub(super) fn fitting(&self, least: usize) -> impl Iterator<Item = (usize, f32)> {
        let slots = self.slots.iter().enumerate();
        slots.filter(move |(_, (_, count))| *count >= least.max(1)).map(|(slot, (score, _))| (slot, *score))
    }

    /// Where the words stand in a reply.
    pub(super) fn marks(&self, response: &StandardResponse) -> Marks {
        let content = &response.content;
        let mut body = Vec::new();
        for piece in field_code::pieces(&content.body) {
            if let Piece::Text(words) | Piece::Blank(words) = piece {
                // A piece is a part of the text it was read from.
                let at = words.as_ptr().addr() - content.body.as_ptr().addr();
                body.extend(self.marks_in(words).into_iter().map(|range| range.start + at..range.end + at));
            }
        }
        Marks { name: joined(self.marks_in(&content.name)), body: joined(body) }
    }

    fn marks_in(&self, text: &str) -> Vec<Range<usize>> {
        let mut marks = Vec::new();
        for token in fold::tokens(text) {
            let Some(letters) = self.marked.get(token.text.as_str()) else { continue };
            let Range { start, end } = token.range;
            let length = letters.map_or(end - start, |letters| fold::bytes_of(&text[start..end], letters));
            marks.push(start..start + length);
        }
        marks
    }
}

/// The same, what touches joined.
fn joined(marks: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut joined: Vec<Range<usize>> = Vec::new();
    for mark in marks {
        match joined.last_mut() {
            Some(last) if mark.start <= last.end => last.end = last.end.max(mark.end),
            _ => joined.push(mark),
        }
    }
    joined
}
