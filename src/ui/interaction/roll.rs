//! Which rows of a long list lie in view, and where: only these are laid out, whatever the length of the list.
//!
//! The reader's place is a row and how far from the top of the view it stands, never a distance from the beginning: so rows
//! that come or go above it, other widths and other sizes of letters move nothing the reader looks at. At the newest end
//! the list sticks to the bottom.

use std::{collections::HashMap, hash::Hash, iter, ops::Range};

/// How tall a row is taken to be before it has been laid out, in points; for the scroll bar alone.
const GUESS: f32 = 56.0;

/// Where the reader is.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Place<K> {
    /// At the bottom, and stays there.
    Newest,
    /// This row's top is so far below the top of the view, in points.
    Row(K, f32),
}

/// A row as it can be told from others and from its former self.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Item<K> {
    /// What the row is called by.
    pub(super) key: K,
    /// Changes when its height may have.
    pub(super) revision: u64,
    /// Whether it can hold the reader's place: what stands between messages comes and goes with them.
    pub(super) holds: bool,
}

/// The room rows are laid out in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Room {
    /// How wide the rows are, in points.
    pub(super) width: f32,
    /// How much of them is seen at once, in points.
    pub(super) height: f32,
    /// Whether the list's last row is the newest there is: then the reader sticks to it.
    pub(super) ends: bool,
}

/// The rows in view.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Spread {
    /// Which rows.
    pub(super) rows: Range<usize>,
    /// Their tops below the top of the view, in points.
    pub(super) tops: Vec<f32>,
}

/// What a scroll bar tells, in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Extent {
    /// How much lies above the view.
    pub(super) above: f32,
    /// How much there is in all.
    pub(super) total: f32,
}

/// The reader's place in a list, and how tall its rows are.
#[derive(Debug, Clone)]
pub(super) struct Roll<K> {
    place: Place<K>,
    /// The rows that were in view last and can hold the place, with their tops; if the first is gone, the next one does.
    seen: Vec<(K, f32)>,
    heights: HashMap<K, (u64, f32)>,
    /// For which width the heights are.
    width: f32,
}

impl<K> Default for Roll<K> {
    fn default() -> Self {
        Self { place: Place::Newest, seen: Vec::new(), heights: HashMap::new(), width: 0.0 }
    }
}

impl<K: Copy + Eq + Hash> Roll<K> {
    /// Whether the reader is at the newest end.
    pub(super) const fn is_at_newest(&self) -> bool {
        matches!(self.place, Place::Newest)
    }

    /// Goes to the newest end and stays there.
    pub(super) const fn go_to_newest(&mut self) {
        self.place = Place::Newest;
    }

    /// Puts the top of a row so far below the top of the view, in points.
    pub(super) fn go_to_row(&mut self, key: K, below: f32) {
        self.place = Place::Row(key, below);
        self.seen.clear();
    }

    /// Moves the rows down by so many points: the reader goes up.
    pub(super) fn scroll(&mut self, by: f32) {
        for (_, top) in &mut self.seen {
            *top += by;
        }
        if let Some((key, top)) = self.seen.first() {
            self.place = Place::Row(*key, *top);
        }
    }

    /// Forgets how tall a row is: it is shown otherwise.
    pub(super) fn forget(&mut self, key: K) {
        self.heights.remove(&key);
    }

    /// Forgets how tall the rows are: the letters have another size.
    pub(super) fn forget_heights(&mut self) {
        self.heights.clear();
    }

    /// Finds what is in view. `measure` says how tall a row is; it is asked once for each row, width and revision.
    pub(super) fn spread(
        &mut self,
        items: &[Item<K>],
        room: Room,
        measure: &mut dyn FnMut(usize) -> f32,
    ) -> Spread {
        if (self.width - room.width).abs() > 0.01 || self.heights.len() > 4 * items.len() + 64 {
            self.width = room.width;
            self.heights.clear();
        }
        let (start, top) = self.anchor(items).unwrap_or((items.len(), room.height));
        let (mut first, mut tops, (begin, end)) = self.fill(items, (start, top), room, measure);
        if first == 0 && begin > 0.0 && end > room.height {
            // There is more than fits, so it begins at the top.
            (first, tops, _) = self.fill(items, (0, 0.0), room, measure);
        }
        let height = |index: usize| self.heights.get(&items[index].key).map_or(0.0, |(_, height)| *height);
        let above = (0..tops.len()).take_while(|n| tops[*n] + height(first + n) <= 0.0).count();
        let below = tops.iter().rev().take_while(|top| **top >= room.height).count();
        let last = (tops.len() - below).max(above);
        let tops = tops[above..last].to_vec();
        let rows = first + above..first + last;
        let bottom = tops.last().map_or(0.0, |top| top + height(rows.end - 1));
        self.settle(items, &rows, &tops, room.ends && rows.end == items.len() && bottom <= room.height + 0.5);
        Spread { rows, tops }
    }

    /// How much lies above the view and how much there is in all, as far as the rows have been laid out; guessed beyond.
    pub(super) fn extent(&self, items: &[Item<K>], spread: &Spread) -> Extent {
        let height = |item: &Item<K>| self.heights.get(&item.key).map_or(GUESS, |(_, height)| *height);
        let before: f32 = items[..spread.rows.start].iter().map(height).sum();
        let above = before - spread.tops.first().copied().unwrap_or(0.0);
        Extent { above, total: before + items[spread.rows.start..].iter().map(height).sum::<f32>() }
    }

    /// The row that lies so far below the beginning of the list, guessed where rows have not been laid out.
    pub(super) fn go_to_extent(&mut self, items: &[Item<K>], above: f32) {
        let mut left = above;
        for item in items {
            let height = self.heights.get(&item.key).map_or(GUESS, |(_, height)| *height);
            if left < height {
                self.go_to_row(item.key, -left);
                return;
            }
            left -= height;
        }
        self.go_to_newest();
    }

    /// The row that holds the reader's place and its top; none at the newest end.
    fn anchor(&self, items: &[Item<K>]) -> Option<(usize, f32)> {
        let Place::Row(key, top) = self.place else { return None };
        let mut held = iter::once((key, top)).chain(self.seen.iter().copied());
        let place = |(key, top)| Some((items.iter().position(|item| item.key == key)?, top));
        held.find_map(place)
    }

    /// Lays rows out downwards and upwards from row `start`, whose top is at `top`, until the room is full; moves them down
    /// if they end above its bottom. Gives the first row, the tops, and where the first one begins and the
    /// last one ends.
    fn fill(
        &mut self,
        items: &[Item<K>],
        (start, top): (usize, f32),
        room: Room,
        measure: &mut dyn FnMut(usize) -> f32,
    ) -> (usize, Vec<f32>, (f32, f32)) {
        let (mut below, mut end) = (Vec::new(), top);
        while start + below.len() < items.len() && end < room.height {
            let index = start + below.len();
            below.push(end);
            end += self.height(items, index, measure);
        }
        let shift = (room.height - end).max(0.0);
        let (mut first, mut begin) = (start, top + shift);
        let mut tops = Vec::new();
        while first > 0 && begin > 0.0 {
            first -= 1;
            begin -= self.height(items, first, measure);
            tops.push(begin);
        }
        tops.reverse();
        tops.extend(below.iter().map(|top| top + shift));
        (first, tops, (begin, end + shift))
    }

    fn height(&mut self, items: &[Item<K>], index: usize, measure: &mut dyn FnMut(usize) -> f32) -> f32 {
        let Item { key, revision, .. } = items[index];
        match self.heights.get(&key) {
            Some((known, height)) if *known == revision => *height,
            _ => {
                let height = measure(index);
                self.heights.insert(key, (revision, height));
                height
            }
        }
    }

    fn settle(&mut self, items: &[Item<K>], rows: &Range<usize>, tops: &[f32], at_newest: bool) {
        let seen = || rows.clone().map(|row| &items[row]).zip(tops.iter().copied());
        let held: Vec<_> = seen().filter(|(item, _)| item.holds).map(|(item, top)| (item.key, top)).collect();
        self.seen = if held.is_empty() { seen().map(|(item, top)| (item.key, top)).collect() } else { held };
        self.place = match self.seen.first() {
            Some((key, top)) if !at_newest => Place::Row(*key, *top),
            _ => Place::Newest,
        };
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ROOM: Room = Room { width: 300.0, height: 100.0, ends: true };

    fn items(keys: Range<u32>) -> Vec<Item<u32>> {
        keys.map(|key| Item { key, revision: 0, holds: true }).collect()
    }

    fn tall(_: usize) -> f32 {
        30.0
    }

    #[test]
    fn it_stands_at_the_bottom_and_sticks_there() {
        let mut roll = Roll::default();
        let spread = roll.spread(&items(0..10), ROOM, &mut tall);
        assert_eq!((spread.rows, spread.tops), (6..10, vec![-20.0, 10.0, 40.0, 70.0]));
        let spread = roll.spread(&items(0..12), ROOM, &mut tall);
        assert_eq!(spread.rows, 8..12);
        let few = roll.spread(&items(0..2), ROOM, &mut tall);
        assert_eq!((few.rows, few.tops), (0..2, vec![40.0, 70.0]));
    }

    #[test]
    fn a_reader_further_up_is_not_moved_by_what_comes_or_goes() {
        let mut roll = Roll::default();
        roll.spread(&items(50..60), ROOM, &mut tall);
        roll.scroll(75.0);
        let at = roll.spread(&items(50..60), ROOM, &mut tall);
        assert!(!roll.is_at_newest());
        let keys = |spread: &Spread, from: u32| {
            spread.rows.clone().map(|row| from + u32::try_from(row).expect("few")).collect::<Vec<_>>()
        };
        let more = roll.spread(&items(20..90), ROOM, &mut tall);
        assert_eq!((keys(&at, 50), &at.tops), (keys(&more, 20), &more.tops));
        let mut without_first = items(20..90);
        without_first.remove(more.rows.start);
        let without_first = roll.spread(&without_first, ROOM, &mut tall);
        assert!(without_first.tops.contains(&at.tops[1]), "the second row stays where it was");
        roll.scroll(-1000.0);
        roll.spread(&items(50..60), ROOM, &mut tall);
        assert!(roll.is_at_newest());
    }

    #[test]
    fn it_begins_at_the_top_and_only_the_newest_end_is_sticky() {
        let mut roll = Roll::default();
        roll.spread(&items(0..10), ROOM, &mut tall);
        roll.scroll(5000.0);
        let spread = roll.spread(&items(0..10), ROOM, &mut tall);
        assert_eq!((spread.rows.start, spread.tops[0]), (0, 0.0));
        let more_to_come = Room { ends: false, ..ROOM };
        roll.scroll(-5000.0);
        roll.spread(&items(0..10), more_to_come, &mut tall);
        assert!(!roll.is_at_newest());
        let spread = roll.spread(&items(0..20), more_to_come, &mut tall);
        assert_eq!(spread.rows, 6..10);
    }

    #[test]
    fn a_row_is_measured_once_for_each_revision_and_width() {
        let mut measured = Vec::new();
        let mut roll = Roll::default();
        let mut list = items(0..4);
        roll.spread(&list, ROOM, &mut |row| {
            measured.push(row);
            30.0
        });
        list[2].revision = 1;
        roll.spread(&list, ROOM, &mut |row| {
            measured.push(row);
            30.0
        });
        assert_eq!(measured, [3, 2, 1, 0, 2]);
    }

    proptest! {
        #[test]
        fn what_is_in_view_is_gapless_and_full(
            heights in prop::collection::vec(1.0_f32..180.0, 1..60),
            moves in prop::collection::vec(-400.0_f32..400.0, 0..20),
        ) {
            let mut roll = Roll::default();
            let list = items(0..u32::try_from(heights.len()).expect("few"));
            for by in moves {
                roll.scroll(by);
                let spread = roll.spread(&list, ROOM, &mut |row| heights[row]);
                let height = |n: usize| heights[spread.rows.start + n];
                prop_assert_eq!(spread.tops.len(), spread.rows.len());
                for n in 1..spread.tops.len() {
                    prop_assert!((spread.tops[n - 1] + height(n - 1) - spread.tops[n]).abs() < 0.1);
                }
                let bottom = spread.tops.last().expect("a row") + height(spread.tops.len() - 1);
                let total: f32 = heights.iter().sum();
                prop_assert!(bottom >= ROOM.height - 0.1);
                prop_assert!(spread.tops[0] <= 0.1 || total < ROOM.height + 0.1);
                let extent = roll.extent(&list, &spread);
                prop_assert!(extent.above > -ROOM.height - 0.1 && extent.above <= extent.total);
            }
        }
    }
}
