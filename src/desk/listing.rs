//! A list at the gateway that comes by the page and is looked through as somebody types.
//!
//! **Why so.** Answers may overtake each other. So every question has a number, and an answer is taken only for the question
//! that was asked last: an older one never replaces a newer one. While a question waits for typing to pause, or for its answer,
//! what was found before stays to be seen.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

/// How long typing pauses before the gateway is asked.
pub(super) const PAUSE: TimeDelta = TimeDelta::milliseconds(200);

/// What there is behind what is held of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Further {
    /// Nobody asked yet.
    #[default]
    NotAsked,
    /// Nothing: this is all.
    Nothing,
    /// More.
    More,
    /// More is under way.
    Loading,
    /// It could not be had; a sentence says why.
    Failed(String),
}

/// A list at the gateway, as far as it is held.
#[derive(Debug, Clone)]
pub struct Listing<Q, T> {
    wanted: Option<Q>,
    /// When the question goes; none if it has gone.
    due: Option<DateTime<Utc>>,
    /// Counts the questions.
    number: u64,
    items: Arc<Vec<T>>,
    further: Further,
    /// Whether what is under way, or has failed, is the beginning: then what is held answers an older question.
    is_first: bool,
}

impl<Q, T> Default for Listing<Q, T> {
    fn default() -> Self {
        Self {
            wanted: None,
            due: None,
            number: 0,
            items: Arc::default(),
            further: Further::NotAsked,
            is_first: true,
        }
    }
}

impl<Q, T> Listing<Q, T> {
    /// What is held of it, in order.
    #[must_use]
    pub fn items(&self) -> &[T] {
        &self.items
    }

    /// What there is behind that.
    #[must_use]
    pub const fn further(&self) -> &Further {
        &self.further
    }

    /// What is wanted, as it was asked last or is about to be.
    #[must_use]
    pub const fn wanted(&self) -> Option<&Q> {
        self.wanted.as_ref()
    }

    /// Whether what is held does not answer yet what is wanted.
    #[must_use]
    pub fn is_behind(&self) -> bool {
        self.due.is_some() || (self.further == Further::Loading && self.is_first)
    }

    /// Counts the questions: when it has changed, what is held may be another list.
    #[must_use]
    pub const fn number(&self) -> u64 {
        self.number
    }

    pub(super) const fn due_at(&self) -> Option<DateTime<Utc>> {
        self.due
    }

    /// What is held, to change it where something is known better.
    pub(super) fn items_mut(&mut self) -> &mut Vec<T>
    where
        T: Clone,
    {
        Arc::make_mut(&mut self.items)
    }

    /// The same question once more.
    pub(super) fn look_again(&mut self, now: DateTime<Utc>) {
        if self.wanted.is_some() {
            self.due = Some(now);
        }
    }

    /// The answer to what is under way will not come.
    pub(super) fn give_up(&mut self, why: &str) {
        if self.further == Further::Loading {
            self.number += 1;
            self.further = Further::Failed(why.to_owned());
        }
    }
}

impl<Q: Clone + PartialEq, T> Listing<Q, T> {
    /// Something is wanted, now or after a pause in typing.
    pub(super) fn want(&mut self, wanted: Q, at: DateTime<Utc>) {
        if self.wanted.as_ref() != Some(&wanted) {
            (self.wanted, self.due) = (Some(wanted), Some(at));
        }
    }

    /// The question that is due, with its number.
    pub(super) fn start(&mut self, now: DateTime<Utc>) -> Option<(u64, Q)> {
        self.due.take_if(|at| *at <= now)?;
        self.number += 1;
        (self.further, self.is_first) = (Further::Loading, true);
        Some((self.number, self.wanted.clone()?))
    }

    /// Asks for what comes behind what is held, or anew for a beginning that could not be had.
    pub(super) fn more(&mut self, now: DateTime<Utc>) -> Option<(u64, Q)> {
        let is_wanted = matches!(self.further, Further::More | Further::Failed(_));
        if self.due.is_some() || !is_wanted {
            return None;
        }
        if self.is_first && self.further != Further::More {
            self.due = Some(now);
            return None;
        }
        self.number += 1;
        (self.further, self.is_first) = (Further::Loading, false);
        Some((self.number, self.wanted.clone()?))
    }

    /// An answer came: what is next, and whether there is more behind it. Says whether it was the one that is waited for.
    pub(super) fn take(&mut self, number: u64, answer: Result<(Vec<T>, bool), String>) -> bool
    where
        T: Clone,
    {
        if number != self.number || self.further != Further::Loading {
            return false;
        }
        match answer {
            Ok((page, more)) => {
                if self.is_first {
                    self.items = Arc::new(page);
                } else {
                    self.items_mut().extend(page);
                }
                (self.further, self.is_first) = (if more { Further::More } else { Further::Nothing }, false);
            }
            Err(why) => self.further = Further::Failed(why),
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn list() -> Listing<&'static str, u32> {
        Listing::default()
    }

    #[test]
    fn an_older_answer_never_replaces_a_newer_one() {
        let mut list = list();
        list.want("a", NOW);
        let (first, _) = list.start(NOW).unwrap();
        list.want("ab", NOW);
        let (second, wanted) = list.start(NOW).unwrap();
        assert_eq!(wanted, "ab");
        assert!(list.take(second, Ok((vec![2], false))));
        assert!(!list.take(first, Ok((vec![1], true))));
        assert_eq!((list.items(), list.further()), (&[2][..], &Further::Nothing));
    }

    #[test]
    fn the_question_waits_for_a_pause_and_what_was_found_stays() {
        let mut list = list();
        list.want("a", NOW + PAUSE);
        assert!(list.start(NOW).is_none());
        list.want("ab", NOW + PAUSE + PAUSE);
        assert!(list.start(NOW + PAUSE).is_none());
        let (number, _) = list.start(NOW + PAUSE + PAUSE).unwrap();
        assert!(list.take(number, Ok((vec![1, 2], true))));
        list.want("abc", NOW);
        assert!(list.is_behind());
        assert_eq!(list.items(), [1, 2]);
        assert!(list.more(NOW).is_none(), "a page of another question is of no use");
    }

    #[test]
    fn pages_join_and_what_failed_is_asked_again() {
        let mut list = list();
        list.want("a", NOW);
        let (number, _) = list.start(NOW).unwrap();
        list.take(number, Err("No.".to_owned()));
        assert!(list.more(NOW).is_none(), "the beginning is asked for anew");
        let (number, _) = list.start(NOW).unwrap();
        list.take(number, Ok((vec![1], true)));
        let (number, _) = list.more(NOW).unwrap();
        assert!(list.more(NOW).is_none());
        list.take(number, Err("No.".to_owned()));
        assert_eq!(list.items(), [1]);
        let (number, _) = list.more(NOW).unwrap();
        list.take(number, Ok((vec![2], false)));
        assert_eq!((list.items(), list.further()), (&[1, 2][..], &Further::Nothing));
        list.look_again(NOW);
        let (number, _) = list.start(NOW).unwrap();
        list.give_up("Gone.");
        assert!(!list.take(number, Ok((vec![9], false))));
        assert_eq!(list.items(), [1, 2]);
    }
}
