//! What is known of each picture: the service puts it there, the window reads it in every frame.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::desk::picture::{Fetched, Picture, PictureKey};

/// The most memory that all decoded pictures may take, in bytes: twice what a high screen of animated stickers needs.
const MAX_BYTES: usize = 96 * 1024 * 1024;

/// The pictures at hand. Reading never waits: the lock is held for a look-up, never while something is fetched or decoded.
#[derive(Debug, Clone)]
pub struct Pictures(Arc<Mutex<Shelf>>);

#[derive(Debug)]
struct Shelf {
    known: BTreeMap<PictureKey, Known>,
    max_bytes: usize,
    /// Counts the look-ups; what is put here counts as looked at.
    reads: u64,
}

#[derive(Debug)]
struct Known {
    state: Fetched,
    /// For one that failed: whether that may be over when the gateway answers again.
    passing: bool,
    /// The look-up in which it was read last.
    read_in: u64,
}

impl Pictures {
    pub(in crate::service) fn new() -> Self {
        Self(Arc::new(Mutex::new(Shelf { known: BTreeMap::new(), max_bytes: MAX_BYTES, reads: 0 })))
    }

    /// How getting a picture stands.
    #[must_use]
    pub fn get(&self, key: PictureKey) -> Fetched {
        let mut shelf = self.lock();
        shelf.reads += 1;
        let reads = shelf.reads;
        let Some(known) = shelf.known.get_mut(&key) else { return Fetched::NotAsked };
        known.read_in = reads;
        known.state.clone()
    }

    /// Notes that a picture is on its way if `ask` says that it is; does not ask for one that is on its way or there.
    pub(in crate::service) fn want(&self, key: PictureKey, ask: impl FnOnce() -> bool) {
        let mut shelf = self.lock();
        let state = shelf.known.get(&key).map(|known| &known.state);
        if matches!(state, None | Some(Fetched::NotAsked | Fetched::Failed { .. })) && ask() {
            shelf.put(key, Fetched::Pending, false);
        }
    }

    /// Puts a picture there, and lets those go that were not looked at for longest.
    pub(super) fn put(&self, key: PictureKey, picture: Picture) {
        let mut shelf = self.lock();
        shelf.put(key, Fetched::Ready(Arc::new(picture)), false);
        shelf.make_room();
    }

    /// Notes why a picture can't be had, and whether that may be over when the gateway answers again.
    pub(super) fn fail(&self, key: PictureKey, why: &str, passing: bool) {
        self.lock().put(key, Fetched::Failed { why: why.into() }, passing);
    }

    /// The gateway answers again: what failed because it did not may be asked for anew.
    pub(super) fn forgive(&self) {
        self.lock().known.retain(|_key, known| !known.passing);
    }

    pub(super) fn clear(&self) {
        self.lock().known.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Shelf> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shelf {
    fn put(&mut self, key: PictureKey, state: Fetched, passing: bool) {
        self.reads += 1;
        self.known.insert(key, Known { state, passing, read_in: self.reads });
    }

    /// Keeps at least the newest.
    fn make_room(&mut self) {
        let sizes = self.known.iter().filter_map(|(key, known)| match &known.state {
            Fetched::Ready(picture) => Some((known.read_in, *key, picture.bytes())),
            _ => None,
        });
        let mut ready: Vec<_> = sizes.collect();
        ready.sort_unstable();
        let mut total: usize = ready.iter().map(|(_, _, bytes)| bytes).sum();
        ready.pop();
        for (_, key, bytes) in ready {
            if total <= self.max_bytes {
                break;
            }
            self.known.remove(&key);
            total -= bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};
    use waxwing_protocol::id::AttachmentId;

    use super::*;
    use crate::desk::picture::Frame;

    fn id(number: u8) -> PictureKey {
        PictureKey::Sticker(AttachmentId::new(DateTime::UNIX_EPOCH, [number; 10]))
    }

    /// A picture of 400 bytes.
    fn picture() -> Picture {
        let frame = Frame { rgba: [7; 400].into(), shown_for: TimeDelta::seconds(1) };
        Picture::new([10, 10], vec![frame]).unwrap()
    }

    fn shelf(max_bytes: usize) -> Pictures {
        let pictures = Pictures::new();
        pictures.lock().max_bytes = max_bytes;
        pictures
    }

    fn ready(pictures: &Pictures) -> Vec<u8> {
        let is_ready = |n: &u8| matches!(pictures.get(id(*n)), Fetched::Ready(_));
        (1..=9).filter(is_ready).collect()
    }

    #[test]
    fn what_was_not_looked_at_for_longest_goes_first() {
        let pictures = shelf(1200);
        for number in 1..=3 {
            pictures.put(id(number), picture());
        }
        assert_eq!(ready(&pictures), [1, 2, 3]);
        assert_ne!(pictures.get(id(1)), Fetched::NotAsked);
        pictures.put(id(4), picture());
        assert_ne!(pictures.get(id(1)), Fetched::NotAsked);
        assert_eq!(ready(&pictures), [1, 3, 4]);
        assert_eq!(pictures.get(id(2)), Fetched::NotAsked, "so it can be asked for again");
    }

    #[test]
    fn one_that_is_larger_than_all_room_is_shown_alone() {
        let pictures = shelf(300);
        pictures.put(id(2), picture());
        assert_ne!(pictures.get(id(2)), Fetched::NotAsked);
        pictures.put(id(1), picture());
        assert_eq!(ready(&pictures), [1]);
    }

    #[test]
    fn one_that_is_on_its_way_is_not_asked_for_twice() {
        let pictures = shelf(1200);
        pictures.want(id(1), || false);
        assert_eq!(pictures.get(id(1)), Fetched::NotAsked, "nobody heard it");
        pictures.want(id(1), || true);
        assert_eq!(pictures.get(id(1)), Fetched::Pending);
        pictures.want(id(1), || panic!("asked twice"));
        pictures.put(id(1), picture());
        pictures.want(id(1), || panic!("it is there"));
        pictures.fail(id(1), "no", false);
        pictures.want(id(1), || true);
        assert_eq!(pictures.get(id(1)), Fetched::Pending, "tried again");
    }

    #[test]
    fn only_what_may_be_over_is_forgiven() {
        let pictures = shelf(1200);
        pictures.fail(id(1), "the line broke", true);
        pictures.fail(id(2), "its file is damaged", false);
        pictures.forgive();
        assert_eq!(pictures.get(id(1)), Fetched::NotAsked);
        assert_eq!(pictures.get(id(2)), Fetched::Failed { why: "its file is damaged".into() });
        pictures.clear();
        assert_eq!(pictures.get(id(2)), Fetched::NotAsked);
    }
}
