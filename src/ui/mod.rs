//! What the agent sees: paints a `&Desk`, returns [`Action`]s. It changes nothing, waits for nothing, reads no clock.
//!
//! * [`View`] is all that drawing may look at; [`ViewState`] is what drawing itself has to remember.
//! * [`show`] is the window; each panel is a file, each widget a file under `widgets`.
//! * Every widget that can be used has a name: the screen reader's, and the tests' handle.

use std::{ops::Range, sync::Arc};

use chrono::{DateTime, Local, NaiveDate, TimeDelta, Utc};
use waxwing_protocol::{
    contact::DetailKind,
    id::{AttachmentId, InteractionId, MessageId, ResponseId},
    library::PutCategory,
    message::MediaKind,
    response::{ResponseContent, ResponseFile},
    slot::Slot,
    wrap_up::{Field, Rules},
};

use crate::{
    config::Choices,
    desk::{
        Desk,
        chime::Chime,
        file::{FileSource, FileState},
        input::Command,
        link::Account,
        notification::FilledIn,
        picture::{Fetched, PictureKey},
        sound::{PlayAsk, Playing, RecordAsk, Recording, SoundKey, Speed},
    },
};

mod captions;
mod completing;
mod directory;
pub mod emoji;
pub mod fonts;
mod history;
pub mod icon;
mod importing;
mod inserting;
pub mod interaction;
mod interaction_bar;
pub mod language;
mod languages;
mod list_keys;
mod new_chat;
mod notices;
mod notification;
mod own_windows;
mod responses;
mod settings;
mod shortcuts;
mod side_panel;
mod sign_in;
mod suggested;
pub mod text;
pub mod theme;
mod time;
mod top_bar;
mod view_state;
mod viewer;
mod widgets;
mod workbins;
mod workplace;
mod wrap_up;
mod zone;

pub use history::life_sentence;
use language::Language;
pub use own_windows::viewport_of;
use theme::Theme;
pub use view_state::ViewState;
pub use zone::Zone;

/// The pictures that came with messages, wherever they come from.
pub trait Pictures: std::fmt::Debug {
    /// How getting a picture stands. Asked for everything that is drawn, in every frame: never waits.
    fn get(&self, key: PictureKey) -> Fetched;
}

/// The files of messages, wherever they come from.
pub trait Files: std::fmt::Debug {
    /// How a file stands on this machine. Asked for everything that is drawn, in every frame: never waits.
    fn get(&self, attachment: AttachmentId) -> FileState;
}

/// None is here.
impl Files for () {
    fn get(&self, _attachment: AttachmentId) -> FileState {
        FileState::NotHere
    }
}

/// Sound, wherever it is played and recorded. Asked in every frame: never waits.
pub trait Sound: std::fmt::Debug {
    /// The sound that is played, or was stopped in the middle.
    fn playing(&self) -> Option<Playing>;

    /// Where a sound was left that is not played; its beginning if it never was.
    fn left_at(&self, key: SoundKey) -> TimeDelta;

    /// Why a sound could not be played when that was asked for last: a sentence.
    fn trouble(&self, key: SoundKey) -> Option<Arc<str>>;

    /// How fast voice notes are played.
    fn speed(&self) -> Speed;

    /// How recording a voice note stands, and for which conversation.
    fn recording(&self) -> (Option<InteractionId>, Recording);
}

/// Silence.
impl Sound for () {
    fn playing(&self) -> Option<Playing> {
        None
    }

    fn left_at(&self, _key: SoundKey) -> TimeDelta {
        TimeDelta::zero()
    }

    fn trouble(&self, _key: SoundKey) -> Option<Arc<str>> {
        None
    }

    fn speed(&self) -> Speed {
        Speed::Normal
    }

    fn recording(&self) -> (Option<InteractionId>, Recording) {
        (None, Recording::Off)
    }
}

/// What is misspelled, wherever that is known from.
pub trait Spelling: std::fmt::Debug {
    /// The misspelled words of a text, in bytes, in order; none while they aren't known.
    fn misspelled(&self, text: &str) -> Vec<Range<usize>>;

    /// What a misspelled word could have been, best first; none while it isn't known.
    fn suggestions(&self, word: &str) -> Option<Vec<String>>;
}

/// Nothing is misspelled.
impl Spelling for () {
    fn misspelled(&self, _text: &str) -> Vec<Range<usize>> {
        Vec::new()
    }

    fn suggestions(&self, _word: &str) -> Option<Vec<String>> {
        None
    }
}

/// All that drawing may look at.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// What lies before the agent.
    pub desk: &'a Desk,
    /// The gateway's time.
    pub now: DateTime<Utc>,
    /// How it looks.
    pub theme: &'a Theme,
    /// How the agent likes it.
    pub choices: &'a Choices,
    /// How the agent writes dates and times.
    pub language: &'a Language,
    /// In which time zone they are told.
    pub zone: Zone,
    /// The pictures of messages.
    pub pictures: &'a dyn Pictures,
    /// The files of messages.
    pub files: &'a dyn Files,
    /// Sound.
    pub sound: &'a dyn Sound,
    /// What is misspelled.
    pub spelling: &'a dyn Spelling,
    /// Where the gateway is, for the sign-in screen.
    pub gateway: &'a str,
}

/// Times in the agent's language and time zone.
impl View<'_> {
    fn time(&self, at: DateTime<Utc>) -> String {
        self.language.time(at, self.zone.local(at).offset())
    }

    fn exact(&self, at: DateTime<Utc>) -> String {
        self.language.exact(at, self.zone.local(at).offset())
    }

    fn day(&self, day: NaiveDate) -> String {
        self.language.day(day, self.zone.day(self.now))
    }

    fn date_and_time(&self, at: DateTime<Utc>) -> String {
        format!("{}, {}", self.day(self.zone.day(at)), self.time(at))
    }

    fn ago(&self, at: DateTime<Utc>) -> String {
        match self.zone {
            Zone::System => self.language.relative(at, self.now, &Local),
            Zone::Utc => self.language.relative(at, self.now, &Utc),
        }
    }
}

/// What drawing asks for with a file of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileAsk {
    /// Which.
    pub attachment: AttachmentId,
    /// The name its sender gave it; not to be trusted.
    pub name: Option<String>,
    /// The type it was declared to be.
    pub mime: Option<String>,
    /// What for.
    pub deed: FileDeed,
}

/// What may be done with a file of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileDeed {
    /// Open it in the program it belongs to.
    Open,
    /// Let the agent choose where to save it.
    SaveAs,
    /// Save it among the downloads and show it there.
    OpenFolder,
    /// Put it on the clipboard.
    Copy,
    /// Stop getting it.
    Cancel,
}

/// What drawing asks of the app for the library of prepared replies: it draws ids and opens dialogs.
#[derive(Debug, Clone, PartialEq)]
pub enum LibraryAsk {
    /// Open a response that is not there yet, under a fresh id ([`ViewState::write_response`]).
    New(Box<ResponseContent>),
    /// Keep a new category, under a fresh id.
    NewCategory(PutCategory),
    /// Let the agent choose files for a response.
    PickFiles(ResponseId),
    /// Let the agent choose a file to import.
    PickImport,
}

/// What drawing asks of the app for the directory of contacts: it opens dialogs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContactsAsk {
    /// Let the agent choose a file to import.
    PickImport,
}

/// What drawing asks of the app.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// A command for the desk, as it is.
    Command(Command),
    /// Send these words; the app gives the message its name.
    Send {
        /// In which conversation.
        interaction: InteractionId,
        /// The words.
        text: String,
        /// The message they answer.
        quote: Option<MessageId>,
    },
    /// A prepared reply was inserted; the app gives its files their names.
    TakeResponse {
        /// In which conversation.
        interaction: InteractionId,
        /// Which.
        response: ResponseId,
        /// What was inserted.
        text: String,
        /// Its files, as they are for this contact.
        files: Vec<ResponseFile>,
    },
    /// Send a prepared reply by itself; the app gives its messages their names.
    SendResponse {
        /// In which conversation.
        interaction: InteractionId,
        /// Which.
        response: ResponseId,
        /// Its words, as they are for this contact.
        text: String,
        /// Its files, likewise.
        files: Vec<ResponseFile>,
    },
    /// Something for the library of prepared replies.
    Library(LibraryAsk),
    /// Something for the directory of contacts.
    Contacts(ContactsAsk),
    /// Open an address that was judged to be safe, in the program it belongs to.
    OpenLink(String),
    /// Get a picture that is to be seen.
    WantPicture(PictureKey),
    /// Let the agent choose files, and put them on the strip.
    PickFiles(InteractionId),
    /// Put these files on the strip.
    Attach {
        /// Of which conversation.
        interaction: InteractionId,
        /// In order.
        files: Vec<FileSource>,
    },
    /// Let the agent choose a file for the notification that is being filled in.
    PickForForm {
        /// Of which conversation.
        interaction: InteractionId,
        /// Where in the notification it belongs.
        slot: Slot,
        /// What kind of file belongs there.
        wanted: MediaKind,
    },
    /// Send a notification; the app gives the message its name.
    SendNotification {
        /// In which conversation.
        interaction: InteractionId,
        /// What.
        notification: Box<FilledIn>,
    },
    /// Put what is on the clipboard on the strip: files, or a picture.
    PasteFiles(InteractionId),
    /// Say in other conversations what was said in one.
    Forward {
        /// In which conversation it was said.
        from: InteractionId,
        /// Which message.
        message: MessageId,
        /// In which conversations it is to be said.
        to: Vec<InteractionId>,
    },
    /// Something with a file of a message.
    File(FileAsk),
    /// Something with the one sound that is played.
    Play(PlayAsk),
    /// Something with a voice note that is recorded for a conversation.
    Record(InteractionId, RecordAsk),
    /// The agent likes it otherwise.
    Choose(Choices),
    /// Play a chime, for trying the volume.
    TryChime(Chime),
}

/// Draws the window and collects what the agent asks for.
pub fn show(ui: &mut egui::Ui, view: View<'_>, state: &mut ViewState) -> Vec<Action> {
    let mut actions = Vec::new();
    state.begin(ui.ctx());
    new_chat::welcome(view, state);
    match view.desk.account() {
        Account::SignedIn { .. } | Account::SigningOut => {
            shortcuts::collect(ui.ctx(), view, state, &mut actions);
            top_bar::show(ui, view, state, &mut actions);
            notices::show(ui, view, &mut actions);
            interaction_bar::show(ui, view, state, &mut actions);
            workplace::show(ui, view, state, &mut actions);
            wrap_up::offers::popup(ui.ctx(), view, &mut actions);
            settings::show(ui.ctx(), view, state, &mut actions);
            responses::show_care(ui.ctx(), view, state, &mut actions);
        }
        Account::SignedOut { .. } | Account::SigningIn => sign_in::show(ui, view, state, &mut actions),
    }
    workplace::tell(ui.ctx(), view, state, &mut actions);
    own_windows::show(ui.ctx(), view, state, &mut actions);
    state.collect_drafts(view, ui.ctx(), &mut actions);
    actions
}

/// What the house wants of an interaction's end, and what its fields are called.
fn rules(view: View<'_>) -> &Rules {
    view.desk.wrap_up().rules()
}

/// What a further particular of a contact is called.
const fn detail_name(kind: DetailKind) -> &'static str {
    match kind {
        DetailKind::Phone => "Phone",
        DetailKind::Email => "E-mail",
        DetailKind::Address => "Address",
        DetailKind::Url => "Web",
        DetailKind::Company => "Company",
        DetailKind::Unknown => "Detail",
    }
}

/// What came of an interaction, as people read it.
/// Offers the facts that the house has named, if there are any.
fn choose_fact<'a>(ui: &mut egui::Ui, fields: &'a [Field]) -> Option<&'a Field> {
    if fields.is_empty() {
        return None;
    }
    let choose = ui.button("Choose a fact ⌄");
    let shown =
        egui::Popup::menu(&choose).show(|ui| fields.iter().find(|field| ui.button(&field.name).clicked()));
    shown.and_then(|shown| shown.inner)
}

fn disposition_name<'a>(view: View<'a>, code: &'a str) -> &'a str {
    let held = rules(view).dispositions.iter().find(|held| held.code == code);
    held.map_or(code, |held| held.name.as_str())
}
