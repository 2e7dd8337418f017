//! Past interactions as the desk holds them: those of this agent, those that are searched for, those of a contact; and the chats
//! that are begun from there.
//!
//! Nothing of it is written down here: it is in memory until the agent logs off. What is read of an interaction is the
//! [review](super::review)'s.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    contact::BusinessNumber,
    history::{HistoryEntry, HistoryPage, HistoryQuery, InteractionRecord},
    id::{ContactId, InteractionId},
    message::Message,
};

use super::{input::CallError, library::manage::Answer, listing::Listing};

pub mod chats;
mod desk;

use chats::Chats;

/// How many interactions are asked for at a time.
pub(super) const PAGE: u32 = 50;
/// Of how many contacts the history is held.
const CONTACTS: usize = 8;

/// Which list of past interactions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PastList {
    /// Those that this agent handled.
    Mine,
    /// All that this agent may see.
    All,
    /// Those with a contact.
    Of(ContactId),
}

/// What the agent wants of past interactions.
#[derive(Debug, Clone, PartialEq)]
pub enum PastWish {
    /// Look for these; may be said with every letter. Whose they are is said by the list.
    Look {
        /// In which list.
        list: PastList,
        /// Which.
        wanted: Box<HistoryQuery>,
    },
    /// The same once more.
    LookAgain(PastList),
    /// More of what was found.
    More(PastList),
    /// Ask for the numbers from which a chat can be begun.
    AskNumbers,
    /// Get all of an interaction, to be written down; the answer is [`Past::paper`].
    Write {
        /// Which.
        interaction: InteractionId,
        /// In which form.
        form: PaperForm,
    },
    /// The app has what is to be written down.
    PaperTaken,
}

/// In which form an interaction is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperForm {
    /// Pages for people, saved.
    Pdf,
    /// The same, opened in the program that this system has for it, to be printed.
    Print,
    /// A page that every browser shows and prints.
    Html,
    /// Everything, for programs.
    Json,
}

/// A call that comes of it.
#[derive(Debug, Clone, PartialEq)]
pub enum PastCall {
    /// Which interactions were there?
    Look {
        /// For which list.
        list: PastList,
        /// The number of the question.
        number: u64,
        /// What is asked.
        query: Box<HistoryQuery>,
    },
    /// From which of our numbers can a chat be begun?
    Numbers,
    /// All that was said and happened in an interaction.
    Whole {
        /// Which.
        interaction: InteractionId,
        /// What for.
        form: PaperForm,
    },
}

/// How such a call ended.
#[derive(Debug, Clone, PartialEq)]
pub enum PastTold {
    /// Asking which interactions were there.
    Found {
        /// For which list.
        list: PastList,
        /// The number of the question.
        number: u64,
        /// What was found.
        result: Result<HistoryPage, CallError>,
    },
    /// Asking from which numbers a chat can be begun.
    Numbers(Result<Vec<BusinessNumber>, CallError>),
    /// Getting all of an interaction.
    Whole {
        /// In which form it is to be written down.
        form: PaperForm,
        /// All of it.
        result: Result<Box<Whole>, CallError>,
    },
}

/// All that was said and happened in an interaction.
#[derive(Debug, Clone, PartialEq)]
pub struct Whole {
    /// The interaction and the steps of its life.
    pub record: InteractionRecord,
    /// What was said, oldest first.
    pub messages: Vec<Message>,
}

/// An interaction that is to be written down.
#[derive(Debug, Clone, PartialEq)]
pub struct Paper {
    /// Counts them, so that the app takes each once.
    pub number: u64,
    /// In which form.
    pub form: PaperForm,
    /// All of it.
    pub whole: Arc<Whole>,
}

/// Past interactions, as far as the desk holds them.
#[derive(Debug, Clone, Default)]
pub struct Past {
    lists: BTreeMap<PastList, PastPages>,
    /// The contacts whose history is held, the one that was looked at last behind the others.
    contacts: Vec<ContactId>,
    pub(super) chats: Chats,
    papers: u64,
    paper: Answer<Paper>,
}

/// A list of past interactions.
#[derive(Debug, Clone, Default)]
pub(super) struct PastPages {
    pub(super) list: Listing<HistoryQuery, HistoryEntry>,
    /// Where it goes on.
    next: Option<InteractionId>,
}

impl Past {
    /// A list, if anybody has looked at it.
    #[must_use]
    pub fn list(&self, list: PastList) -> Option<&Listing<HistoryQuery, HistoryEntry>> {
        self.lists.get(&list).map(|pages| &pages.list)
    }

    /// The numbers from which a chat can be begun, by name; empty as long as they are not known.
    #[must_use]
    pub fn numbers(&self) -> &[BusinessNumber] {
        &self.chats.numbers
    }

    /// The interaction that is to be written down, and waits for the app.
    #[must_use]
    pub const fn paper(&self) -> Option<&Paper> {
        match &self.paper {
            Answer::Here(paper) => Some(paper),
            Answer::NotAsked | Answer::UnderWay | Answer::Failed(_) => None,
        }
    }

    /// Whether an interaction is being gathered to be written down.
    #[must_use]
    pub fn is_writing(&self) -> bool {
        self.paper == Answer::UnderWay
    }

    /// Something was heard that may have changed them.
    pub(super) fn hear(&mut self) {
        self.lists.values_mut().for_each(|pages| pages.list.hear());
    }

    /// What could not be had is asked for once more.
    pub(super) fn retry(&mut self, now: DateTime<Utc>) {
        self.lists.values_mut().for_each(|pages| pages.list.retry(now));
    }

    pub(super) fn due_at(&self) -> Option<DateTime<Utc>> {
        self.lists.values().filter_map(|pages| pages.list.due_at()).min()
    }

    /// A list, to look at it; of contacts, only those that were looked at last are kept.
    fn pages(&mut self, list: PastList) -> &mut PastPages {
        if let PastList::Of(contact) = list {
            self.contacts.retain(|held| *held != contact);
            self.contacts.push(contact);
            while self.contacts.len() > CONTACTS {
                let gone = self.contacts.remove(0);
                self.lists.remove(&PastList::Of(gone));
            }
        }
        self.lists.entry(list).or_default()
    }
}
