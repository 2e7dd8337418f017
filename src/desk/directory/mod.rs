//! The directory of contacts as the desk holds it: what is looked for, who is looked at, what is being changed.
//!
//! Nothing of it is written down here: it is in memory until the agent logs off. Nothing that changes something is repeated by
//! itself: a form says how it went and keeps what was typed.

use std::{collections::BTreeMap, sync::Arc};

use waxwing_protocol::{
    contact::Contact,
    directory::{
        ContactRecord, ContactsFormat, DirectoryEntry, DirectoryPage, DirectoryQuery, Merge, Merged,
        NewContact, PutContact, Shelf,
    },
    id::{ContactId, MergeId},
    library::ImportReport,
};

use super::{input::CallError, library::manage::Answer, listing::Listing};

pub(super) mod desk;
mod exchange;

pub(super) use desk::{ENDED, give_up};
pub use exchange::{Exported, Import, ImportStep};

/// How many contacts are asked for at a time.
pub(super) const PAGE: u32 = 100;

/// What is looked for in the directory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Words as typed.
    pub words: String,
    /// Words of the name begin so.
    pub name: String,
    /// A phone number holds these digits.
    pub phone: String,
    /// An e-mail address begins so.
    pub email: String,
    /// They have an attribute of this key …
    pub attribute_key: String,
    /// … and this value.
    pub attribute_value: String,
    /// Which of all.
    pub shelf: Shelf,
}

impl Wanted {
    /// The question to the gateway, for what comes behind so many.
    #[must_use]
    pub fn query(&self, offset: u32) -> DirectoryQuery {
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        DirectoryQuery {
            words: some(&self.words),
            name: some(&self.name),
            phone: some(&self.phone),
            email: some(&self.email),
            attribute_key: some(&self.attribute_key),
            // A value alone says nothing.
            attribute_value: some(&self.attribute_key).and_then(|_| some(&self.attribute_value)),
            shelf: self.shelf,
            offset,
            limit: PAGE,
        }
    }

    /// Whether anything is looked for within the shelf.
    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        self.query(0) != DirectoryQuery { shelf: self.shelf, limit: PAGE, ..DirectoryQuery::default() }
    }
}

/// What the agent wants of the directory.
#[derive(Debug, Clone, PartialEq)]
pub enum DirectoryWish {
    /// Look for these; may be said with every letter.
    Look(Box<Wanted>),
    /// The same once more.
    LookAgain,
    /// More of what was found.
    More,
    /// Look at somebody.
    Open(ContactId),
    /// Look at nobody any more.
    Close,
    /// Put somebody among the favourites, or take them away from there.
    Favourite {
        /// Whom.
        contact: ContactId,
        /// Whether they are to be one.
        is: bool,
    },
    /// Let nothing of what they write reach an agent, or let it again.
    Block {
        /// Whose.
        contact: ContactId,
        /// Whether nothing reaches anybody.
        blocked: bool,
    },
    /// Keep somebody as they are to be; how that goes is told by [`Directory::save`].
    Save {
        /// Whom.
        contact: ContactId,
        /// What they are to be.
        put: Box<PutContact>,
    },
    /// Keep somebody new; how that goes is told by [`Directory::save`] of nobody.
    Create(Box<NewContact>),
    /// How saving went has been read.
    ForgetSave(Option<ContactId>),
    /// Make two of them one; how that goes is told by [`Directory::merging`].
    Merge(Merge),
    /// How making one of two went has been read.
    ForgetMerge,
    /// Make two again of what was made one.
    Unmerge(MergeId),
    /// Say what would become of an import.
    TryImport {
        /// What the file is called.
        name: String,
        /// In which form it is.
        form: ContactsFormat,
        /// What it says.
        text: Arc<str>,
    },
    /// Import what was tried.
    Import,
    /// Once more what came to nothing of it.
    ImportAgain,
    /// The import is given up, or its report was read.
    EndImport,
    /// Write all contacts down; the answer is [`Directory::exported`].
    Export(ContactsFormat),
    /// The app has what was written down.
    ExportTaken,
}

/// A call that comes of it.
#[derive(Debug, Clone, PartialEq)]
pub enum DirectoryCall {
    /// Who is there?
    Look {
        /// The number of the question.
        number: u64,
        /// What is asked.
        query: Box<DirectoryQuery>,
    },
    /// All that is known of somebody.
    Record(ContactId),
    /// Who are the favourites, all of them in order?
    Favourites,
    /// All favourites, in order.
    PutFavourites(Vec<ContactId>),
    /// Block somebody, or no longer.
    Block {
        /// Whom.
        contact: ContactId,
        /// Whether they are blocked.
        blocked: bool,
    },
    /// Somebody as they are to be.
    Put {
        /// Whom.
        contact: ContactId,
        /// What they are to be.
        put: Box<PutContact>,
    },
    /// Somebody new.
    Create(Box<NewContact>),
    /// Two are to be one.
    Merge(Merge),
    /// One is to be two again.
    Unmerge(MergeId),
    /// Take a file in, or say what would become of that.
    Import {
        /// In which form it is.
        form: ContactsFormat,
        /// What it says.
        text: Arc<str>,
        /// How far to go.
        step: ImportStep,
    },
    /// Write all down.
    Export(ContactsFormat),
}

/// How such a call ended.
#[derive(Debug, Clone, PartialEq)]
pub enum DirectoryTold {
    /// Asking who is there.
    Found {
        /// The number of the question.
        number: u64,
        /// Who was found.
        result: Result<DirectoryPage, CallError>,
    },
    /// Asking what is known of somebody.
    Record {
        /// Of whom.
        contact: ContactId,
        /// What the gateway said.
        result: Result<Box<ContactRecord>, CallError>,
    },
    /// Asking who the favourites are.
    Favourites(Result<Vec<ContactId>, CallError>),
    /// Keeping the favourites.
    FavouritesPut(Result<(), CallError>),
    /// Blocking somebody, or no longer.
    Blocked(Result<Box<Contact>, CallError>),
    /// Keeping somebody; nobody's id for somebody new.
    Saved {
        /// Whom.
        contact: Option<ContactId>,
        /// As they are now.
        result: Result<Box<Contact>, CallError>,
    },
    /// Making one of two.
    Merged {
        /// Who were two.
        merge: Merge,
        /// Who stayed.
        result: Result<Box<Merged>, CallError>,
    },
    /// Making two of one.
    Unmerged {
        /// Which merge.
        merge: MergeId,
        /// What the gateway said.
        result: Result<(), CallError>,
    },
    /// An import.
    Imported {
        /// How far it was to go.
        step: ImportStep,
        /// What became of it.
        result: Result<ImportReport, CallError>,
    },
    /// An export.
    Exported {
        /// In which form.
        form: ContactsFormat,
        /// The text of a file.
        result: Result<String, CallError>,
    },
}

/// How saving somebody stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Save {
    /// It is under way.
    UnderWay,
    /// It is kept.
    Done(ContactId),
    /// Somebody else has changed them since, or has that number already. A sentence says which.
    Overtaken(String),
    /// It is not kept; a sentence says why.
    Failed(String),
}

/// How making one of two stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Merging {
    /// It is under way.
    UnderWay(Merge),
    /// They are one; this undoes it.
    Done(MergeId),
    /// They are not; a sentence says why.
    Failed(String),
}

/// The directory, as far as the desk holds it.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    list: Listing<Wanted, DirectoryEntry>,
    open: Option<(ContactId, Answer<Arc<ContactRecord>>)>,
    saves: BTreeMap<Option<ContactId>, Save>,
    merging: Option<Merging>,
    favourites: FavouriteWishes,
    import: Option<Import>,
    exports: u64,
    exporting: Answer<Exported>,
}

/// What is to change about the favourites: they are asked for, changed and put back, one round at a time.
#[derive(Debug, Clone, Default)]
struct FavouriteWishes {
    wished: BTreeMap<ContactId, bool>,
    /// What is on its way to the gateway.
    under_way: Option<BTreeMap<ContactId, bool>>,
}

impl Directory {
    /// Who was found.
    #[must_use]
    pub const fn list(&self) -> &Listing<Wanted, DirectoryEntry> {
        &self.list
    }

    /// Who is looked at.
    #[must_use]
    pub fn open(&self) -> Option<(ContactId, &Answer<Arc<ContactRecord>>)> {
        self.open.as_ref().map(|(contact, answer)| (*contact, answer))
    }

    /// What is known of whoever is looked at.
    #[must_use]
    pub fn record(&self) -> Option<&ContactRecord> {
        match &self.open {
            Some((_, Answer::Here(record))) => Some(record),
            _ => None,
        }
    }

    /// Something was heard that may have changed who is found.
    pub(super) const fn hear(&mut self) {
        self.list.hear();
    }

    /// How saving somebody stands, or somebody new; none if nobody wants to save them.
    #[must_use]
    pub fn save(&self, contact: Option<ContactId>) -> Option<&Save> {
        self.saves.get(&contact)
    }

    /// How making one of two stands; none if nobody wants it.
    #[must_use]
    pub const fn merging(&self) -> Option<&Merging> {
        self.merging.as_ref()
    }

    /// Whether somebody is a favourite, as far as this agent wishes; `told` is what the gateway said.
    #[must_use]
    pub fn is_favourite(&self, contact: ContactId, told: bool) -> bool {
        let wished = self.favourites.wished.get(&contact);
        let under_way = || self.favourites.under_way.as_ref().and_then(|held| held.get(&contact));
        wished.or_else(under_way).copied().unwrap_or(told)
    }

    /// The import that is looked at.
    #[must_use]
    pub const fn import(&self) -> Option<&Import> {
        self.import.as_ref()
    }

    /// What was written down and waits for the app.
    #[must_use]
    pub const fn exported(&self) -> Option<&Exported> {
        match &self.exporting {
            Answer::Here(exported) => Some(exported),
            Answer::NotAsked | Answer::UnderWay | Answer::Failed(_) => None,
        }
    }
}
