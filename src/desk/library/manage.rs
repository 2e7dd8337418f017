//! Looking after the library: what the agent wants of it, the calls that come of that, and how they stand.
//!
//! Nothing here is repeated by itself: whoever saves looks at a form, and the form says how it went and keeps what was typed.
//! Ids are drawn before the first call, so saving again after a lost answer does nothing twice. Favourites are shown at once
//! and taken back if the gateway does not take them.

use std::{collections::BTreeMap, sync::Arc};

use waxwing_protocol::{
    id::{CategoryId, ClientRef, ResponseId},
    library::{ImportReport, LibraryForm, PutCategory, PutResponse, ResponseUsage, Usage, Versions},
    response::{Category, ResponseFile, StandardResponse},
};

use super::super::{file::FileSource, input::CallError};

mod desk;

/// What the agent wants of the library.
#[derive(Debug, Clone, PartialEq)]
pub enum Manage {
    /// Put a response among the favourites, or take it away from there.
    Favourite {
        /// Which.
        response: ResponseId,
        /// Whether it is to be one.
        is: bool,
    },
    /// Keep a response as it is to be; how that goes is told by [`Upkeep::save`].
    Save {
        /// Which: drawn by the app for a new one.
        response: ResponseId,
        /// What it is to be.
        put: Box<PutResponse>,
    },
    /// This is written of a response and not saved yet; none once it is as it was. It is here again after a restart.
    Begin(Option<Begun>),
    /// How saving went has been read, or is of no interest any more; files that were brought for it are not either.
    Forget(ResponseId),
    /// Take a response out of the library.
    Remove(ResponseId),
    /// Keep a category as it is to be.
    SaveCategory {
        /// Which: drawn by the app for a new one.
        category: CategoryId,
        /// What it is to be.
        put: PutCategory,
    },
    /// Take a category out of the library; what stands in it moves up.
    RemoveCategory(CategoryId),
    /// What was a response? The answer is [`Upkeep::versions`].
    ShowVersions(ResponseId),
    /// How often are responses used? The answer is [`Upkeep::uses`].
    CountUses,
    /// Say what would become of an import.
    TryImport {
        /// What the file is called.
        name: String,
        /// In which form it is.
        form: LibraryForm,
        /// What it says.
        text: Arc<str>,
    },
    /// Import what was tried.
    Import {
        /// Whether to leave rejected rows out; else one of them means that nothing is imported.
        skip_rejected: bool,
    },
    /// Once more what came to nothing of it: the trial, or the import.
    ImportAgain,
    /// The import is given up, or its report was read.
    EndImport,
    /// Write the library down; the answer is [`Upkeep::exported`].
    Export(LibraryForm),
    /// The app has what was written down.
    ExportTaken,
    /// Bring a file to the gateway for a response; how that goes is told by [`Upkeep::files_for`].
    Bring {
        /// For which.
        response: ResponseId,
        /// Our own name for it, fresh for each.
        client_ref: ClientRef,
        /// Where it is.
        source: FileSource,
    },
    /// Try once more to bring a file that could not be brought.
    BringAgain(ClientRef),
    /// A file is in the form now, or not wanted any more.
    LetGo(ClientRef),
}

/// A response that is being written: which, from what version, and what it says so far.
pub type Begun = (ResponseId, Box<PutResponse>);

/// A call that comes of it.
#[derive(Debug, Clone, PartialEq)]
pub enum ManageCall {
    /// All favourites, in order.
    Favourites(Vec<ResponseId>),
    /// A response as it is to be.
    PutResponse {
        /// Which.
        response: ResponseId,
        /// What it is to be.
        put: Box<PutResponse>,
    },
    /// A response goes.
    RemoveResponse(ResponseId),
    /// A category as it is to be.
    PutCategory {
        /// Which.
        category: CategoryId,
        /// What it is to be.
        put: PutCategory,
    },
    /// A category goes.
    RemoveCategory(CategoryId),
    /// What was a response?
    Versions(ResponseId),
    /// How often are responses used?
    Usage,
    /// Take a file in, or say what would become of that.
    Import {
        /// In which form it is.
        form: LibraryForm,
        /// What it says.
        text: Arc<str>,
        /// How far to go.
        step: ImportStep,
    },
    /// Write the library down.
    Export(LibraryForm),
    /// Copy a file, look into it and bring it to the gateway.
    Bring {
        /// What its copy is called by.
        client_ref: ClientRef,
        /// Where it is.
        source: FileSource,
    },
    /// Remove the copy of a file; whatever is under way with it ends.
    Drop(ClientRef),
}

/// How such a call ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Managed {
    /// Keeping the favourites.
    Favourites(Result<(), CallError>),
    /// Keeping a response.
    ResponsePut {
        /// Which.
        response: ResponseId,
        /// As it stands now.
        result: Result<Box<StandardResponse>, CallError>,
    },
    /// Taking a response out.
    ResponseRemoved {
        /// Which.
        response: ResponseId,
        /// What the gateway said.
        result: Result<(), CallError>,
    },
    /// Keeping a category.
    CategoryPut(Result<Category, CallError>),
    /// Taking a category out.
    CategoryRemoved {
        /// Which.
        category: CategoryId,
        /// What the gateway said.
        result: Result<(), CallError>,
    },
    /// Asking what a response was.
    Versions {
        /// Which.
        response: ResponseId,
        /// What the gateway said.
        result: Result<Versions, CallError>,
    },
    /// Asking how often responses are used.
    Usage(Result<Usage, CallError>),
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
        form: LibraryForm,
        /// The text of a file.
        result: Result<String, CallError>,
    },
    /// More of a file is at the gateway.
    FileMoved {
        /// Which.
        client_ref: ClientRef,
        /// How much of it.
        sent_bytes: u64,
    },
    /// Bringing a file to the gateway.
    FileBrought {
        /// Which.
        client_ref: ClientRef,
        /// What it is now, or a sentence that says why it is not taken.
        result: Result<Result<Box<ResponseFile>, String>, CallError>,
    },
}

/// How far an import goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportStep {
    /// It is said what would happen.
    Try,
    /// All of it, or nothing.
    Whole,
    /// The good rows.
    GoodRows,
}

/// How saving a response stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Save {
    /// It is under way.
    UnderWay,
    /// It is kept, as this version.
    Done(u32),
    /// Something else is in the way: somebody has changed it since it was opened, or its shortcut is taken. A sentence says
    /// which.
    Overtaken(String),
    /// It is not kept; a sentence says why. To try again harms nothing.
    Failed(String),
}

/// An answer that is waited for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Answer<T> {
    /// Nobody asked.
    #[default]
    NotAsked,
    /// It is under way.
    UnderWay,
    /// Here it is.
    Here(T),
    /// There is none; a sentence says why.
    Failed(String),
}

/// An import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// What the file is called.
    pub name: String,
    /// How far it is to go, or went.
    pub step: ImportStep,
    /// What became of it.
    pub report: Answer<ImportReport>,
    form: LibraryForm,
    text: Arc<str>,
}

/// What was written down of the library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// Counts the exports, so that the app takes each once.
    pub number: u64,
    /// In which form it is.
    pub form: LibraryForm,
    /// The text of a file.
    pub text: Arc<str>,
}

/// A file that is brought for a response.
#[derive(Debug, Clone, PartialEq)]
pub struct Bringing {
    /// For which.
    pub response: ResponseId,
    /// What it is called.
    pub name: String,
    /// How it stands.
    pub state: BringState,
    source: FileSource,
}

/// How a file that is brought stands.
#[derive(Debug, Clone, PartialEq)]
pub enum BringState {
    /// It is copied, looked into and brought; so much of it is there.
    UnderWay {
        /// In bytes.
        sent_bytes: u64,
    },
    /// The gateway has it.
    There(Box<ResponseFile>),
    /// It is not taken; a sentence says why.
    Refused(String),
    /// It could not be brought; a sentence says why. To try again may help.
    Failed(String),
}

impl BringState {
    /// Whether it is not known yet what becomes of it.
    #[must_use]
    pub const fn is_under_way(&self) -> bool {
        matches!(self, Self::UnderWay { .. })
    }
}

/// How looking after the library stands.
#[derive(Debug, Clone, Default)]
pub struct Upkeep {
    saves: BTreeMap<ResponseId, Save>,
    versions: Option<(ResponseId, Answer<Arc<Versions>>)>,
    uses: Answer<Arc<BTreeMap<ResponseId, ResponseUsage>>>,
    import: Option<Import>,
    exports: u64,
    exporting: Answer<Exported>,
    files: BTreeMap<ClientRef, Bringing>,
    /// What was written and not saved.
    begun: Option<Begun>,
    /// The favourites that a call under way asks for.
    asked: Option<Vec<ResponseId>>,
}

impl Upkeep {
    /// How saving a response stands; none if nobody wants to save it.
    #[must_use]
    pub fn save(&self, response: ResponseId) -> Option<&Save> {
        self.saves.get(&response)
    }

    /// What a response was, if that was asked last.
    #[must_use]
    pub fn versions(&self, response: ResponseId) -> Option<&Answer<Arc<Versions>>> {
        self.versions.as_ref().filter(|(held, _)| *held == response).map(|(_, answer)| answer)
    }

    /// How often responses are used; those that never were are missing.
    #[must_use]
    pub const fn uses(&self) -> &Answer<Arc<BTreeMap<ResponseId, ResponseUsage>>> {
        &self.uses
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

    /// What was written of a response and not saved yet.
    #[must_use]
    pub const fn begun(&self) -> Option<&Begun> {
        self.begun.as_ref()
    }

    /// The files that are brought for a response, in the order in which they were chosen.
    pub fn files_for(&self, response: ResponseId) -> impl Iterator<Item = (ClientRef, &Bringing)> {
        self.files.iter().filter(move |(_, file)| file.response == response).map(|(name, file)| (*name, file))
    }
}
