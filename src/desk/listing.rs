//! A list at the gateway that comes by the page and is looked through as somebody types.
//!
//! **Why so.** Answers may overtake each other. So every question has a number, and an answer is taken only for the question
//! that was asked last: an older one never replaces a newer one. While a question waits for typing to pause, or for its answer,
//! what was found before stays to be seen.
//!
//! A list that is looked at is renewed now and then ([`watching`](super::watching)): of that nothing is to be seen but what changed.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use waxwing_protocol::{directory::DirectoryEntry, history::HistoryEntry};

/// How long typing pauses before the gateway is asked.
pub(super) const PAUSE: TimeDelta = TimeDelta::milliseconds(200);
/// How soon after it was asked for a list is asked for anew of which something was heard.
const SOONEST: TimeDelta = TimeDelta::seconds(5);
/// After what time it is asked for anew though nothing was heard.
const LATEST: TimeDelta = TimeDelta::seconds(30);

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

/// What stands in such a list.
pub trait Listed {
    /// By what it is known, whatever of it changes.
    fn key(&self) -> u128;
}

impl Listed for DirectoryEntry {
    fn key(&self) -> u128 {
        self.contact.id.uuid().as_u128()
    }
}

impl Listed for HistoryEntry {
    fn key(&self) -> u128 {
        self.interaction.id.uuid().as_u128()
    }
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
    /// Counts the beginnings that came in the place of another list.
    beginnings: u64,
    /// Whether what is under way, or has failed, is the beginning: then what is held answers an older question.
    is_first: bool,
    /// When its beginning was asked for last.
    asked_at: Option<DateTime<Utc>>,
    /// Whether something was heard since that may have changed it.
    has_news: bool,
    /// The number of the question by which it is renewed while it is looked at.
    renewing: Option<u64>,
}

impl<Q, T> Default for Listing<Q, T> {
    fn default() -> Self {
        Self {
            wanted: None,
            due: None,
            number: 0,
            items: Arc::default(),
            further: Further::NotAsked,
            beginnings: 0,
            is_first: true,
            asked_at: None,
            has_news: false,
            renewing: None,
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

    /// Another number whenever another list came in the place of what was held; not where that was renewed or went on.
    #[must_use]
    pub const fn beginnings(&self) -> u64 {
        self.beginnings
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

    /// Something was heard that may have changed it.
    pub(super) const fn hear(&mut self) {
        self.has_news = true;
    }

    /// When it is to be renewed if it is looked at; not while anything else is under way.
    pub(super) fn renew_at(&self) -> Option<DateTime<Utc>> {
        let is_whole = matches!(self.further, Further::More | Further::Nothing);
        let is_at_rest = is_whole && self.due.is_none() && self.renewing.is_none();
        let after = if self.has_news { SOONEST } else { LATEST };
        self.asked_at.filter(|_| is_at_rest).map(|at| at + after)
    }

    /// The same question once more.
    pub(super) fn look_again(&mut self, now: DateTime<Utc>) {
        if self.wanted.is_some() {
            self.due = Some(now);
        }
    }

    /// What could not be had is asked for once more: the gateway is there again.
    pub(super) fn retry(&mut self, now: DateTime<Utc>) {
        if !matches!(self.further, Further::Failed(_)) {
            return;
        }
        if self.is_first {
            self.look_again(now);
        } else {
            self.further = Further::More;
        }
    }

    /// The answer to what is under way will not come.
    pub(super) fn give_up(&mut self, why: &str) {
        self.renewing = None;
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
        self.ask(now);
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
        self.renewing = None;
        (self.further, self.is_first) = (Further::Loading, false);
        Some((self.number, self.wanted.clone()?))
    }

    /// The question that renews what is looked at, if it is time, with its number and how much is to be asked for: as much as is
    /// held, but no less than the first and no more than the second of `bounds`.
    pub(super) fn renew(&mut self, now: DateTime<Utc>, bounds: (u32, u32)) -> Option<(u64, Q, u32)> {
        self.renew_at().filter(|at| *at <= now)?;
        self.ask(now);
        self.renewing = Some(self.number);
        let held = u32::try_from(self.items.len()).unwrap_or(u32::MAX);
        Some((self.number, self.wanted.clone()?, held.clamp(bounds.0, bounds.1)))
    }

    /// The beginning is asked for.
    fn ask(&mut self, now: DateTime<Utc>) {
        self.number += 1;
        (self.asked_at, self.has_news, self.renewing) = (Some(now), false, None);
    }

    /// An answer came: what is next, and whether there is more behind it. Says whether the list ends with it now: not with one
    /// that is not waited for, nor where what was held behind it stays.
    pub(super) fn take(&mut self, number: u64, answer: Result<(Vec<T>, bool), String>) -> bool
    where
        T: Clone + Listed,
    {
        if self.renewing == Some(number) {
            self.renewing = None;
            // What could not be renewed stays as it was, until it is asked for the next time.
            return answer.is_ok_and(|(page, more)| self.begin_with(page, more));
        }
        if number != self.number || self.further != Further::Loading {
            return false;
        }
        match answer {
            Ok((page, more)) => {
                if self.is_first {
                    self.items = Arc::new(page);
                    self.beginnings += 1;
                } else {
                    self.items_mut().extend(page);
                }
                (self.further, self.is_first) = (if more { Further::More } else { Further::Nothing }, false);
                true
            }
            Err(why) => {
                self.further = Further::Failed(why);
                false
            }
        }
    }

    /// The list begins with these now. What was held behind the page stays, with what it pushed out; says whether there is nothing
    /// of that.
    fn begin_with(&mut self, mut page: Vec<T>, more: bool) -> bool
    where
        T: Clone + Listed,
    {
        let is_new = |held: &&T| !page.iter().any(|new| new.key() == held.key());
        let (first, behind) = self.items.split_at(page.len().min(self.items.len()));
        let pushed_out = first.iter().rev().take_while(|held| is_new(held)).count();
        let is_another = pushed_out == first.len();
        let stays = first[first.len() - pushed_out..].iter().chain(behind).filter(is_new);
        let stays: Vec<T> = if more && !is_another { stays.cloned().collect() } else { Vec::new() };
        let ends = stays.is_empty();
        if ends {
            self.further = if more { Further::More } else { Further::Nothing };
        }
        page.extend(stays);
        self.items = Arc::new(page);
        ends
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;
    const BOUNDS: (u32, u32) = (1, 3);

    impl Listed for u32 {
        fn key(&self) -> u128 {
            (*self).into()
        }
    }

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

    /// A list of so many, of which there are more.
    fn held(items: &[u32]) -> Listing<&'static str, u32> {
        let mut list = list();
        list.want("a", NOW);
        let (number, _) = list.start(NOW).unwrap();
        list.take(number, Ok((items.to_vec(), true)));
        list
    }

    fn renewed(list: &mut Listing<&'static str, u32>, page: &[u32], more: bool) -> bool {
        let (number, _, _) = list.renew(NOW + LATEST, BOUNDS).unwrap();
        list.take(number, Ok((page.to_vec(), more)))
    }

    #[test]
    fn what_is_held_behind_a_renewed_page_stays_and_what_is_gone_goes() {
        let mut list = held(&[1, 2, 3, 4, 5, 6]);
        assert!(!renewed(&mut list, &[9, 1, 3], true));
        assert_eq!(list.items(), [9, 1, 3, 4, 5, 6], "one is new, one is gone");
        list.hear();
        assert_eq!(list.renew(NOW + LATEST + SOONEST, BOUNDS).unwrap().2, 3, "no more than may be asked for");
        assert_eq!(list.further(), &Further::More);
        let mut list = held(&[1, 2, 3, 4, 5]);
        renewed(&mut list, &[8, 9, 1], true);
        assert_eq!(list.items(), [8, 9, 1, 2, 3, 4, 5], "what was pushed out stands behind the page");
        let mut list = held(&[1, 2, 3, 4, 5]);
        renewed(&mut list, &[5, 1, 2], true);
        assert_eq!(list.items(), [5, 1, 2, 3, 4], "nobody stands there twice");
        assert!(renewed(&mut held(&[1, 2, 3]), &[1], false), "that is all now");
        let mut list = held(&[1, 2, 3]);
        assert!(renewed(&mut list, &[7, 8], true));
        assert_eq!(list.items(), [7, 8], "another list altogether");
    }

    #[test]
    fn a_list_is_renewed_soon_after_news_and_else_now_and_then() {
        let mut list = held(&[1]);
        assert_eq!(list.renew_at(), Some(NOW + LATEST));
        list.hear();
        assert!(list.renew(NOW + SOONEST - TimeDelta::milliseconds(1), BOUNDS).is_none());
        let (number, _, count) = list.renew(NOW + SOONEST, BOUNDS).unwrap();
        assert_eq!(
            (list.is_behind(), count, list.renew_at()),
            (false, 1, None),
            "nobody sees that it is asked for"
        );
        assert!(!list.take(number, Err("No.".to_owned())));
        assert_eq!((list.items(), list.further()), (&[1][..], &Further::More), "nor that it failed");
        assert_eq!(list.renew_at(), Some(NOW + SOONEST + LATEST));
        let (number, _, _) = list.renew(NOW + SOONEST + LATEST, BOUNDS).unwrap();
        list.want("b", NOW);
        list.start(NOW);
        assert!(!list.take(number, Ok((vec![2], false))), "something else is wanted by now");
        assert_eq!(list.renew_at(), None, "and that is under way");
    }
}
