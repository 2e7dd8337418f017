//! What the agent sees: paints a `&Desk`, returns [`Action`]s. It changes nothing, waits for nothing, reads no clock.
//!
//! * [`View`] is all that drawing may look at; [`ViewState`] is what drawing itself has to remember.
//! * [`show`] is the window; each panel is a file, each widget a file under `widgets`.
//! * Every widget that can be used has a name: the screen reader's, and the tests' handle.

use std::ops::Range;

use chrono::{DateTime, Local, NaiveDate, Utc};
use waxwing_protocol::{
    agent::AgentStatus,
    id::{AttachmentId, InteractionId, MessageId},
};

use crate::{
    config::Choices,
    desk::{
        Desk,
        chime::Chime,
        conversation::RowKey,
        link::Account,
        picture::{Fetched, PictureKind},
    },
};

pub mod emoji;
pub mod fonts;
pub mod icon;
pub mod interaction;
mod interaction_bar;
pub mod language;
mod notices;
mod own_windows;
mod settings;
mod shortcuts;
mod sign_in;
pub mod text;
pub mod theme;
mod time;
mod top_bar;
mod view_state;
mod widgets;
mod zone;

use language::Language;
pub use own_windows::viewport_of;
use theme::Theme;
pub use view_state::ViewState;
pub use zone::Zone;

/// The pictures that came with messages, wherever they come from.
pub trait Pictures: std::fmt::Debug {
    /// How getting a picture stands. Asked for everything that is drawn, in every frame: never waits.
    fn get(&self, attachment: AttachmentId) -> Fetched;
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

/// What drawing asks of the app.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Sign in.
    SignIn {
        /// Who.
        user_name: String,
        /// As typed.
        password: String,
    },
    /// Log off.
    SignOut,
    /// Take another status.
    SetStatus(AgentStatus),
    /// Go to a conversation.
    Activate(Option<InteractionId>),
    /// Send these words.
    Send {
        /// In which conversation.
        interaction: InteractionId,
        /// The words.
        text: String,
        /// The message they answer.
        quote: Option<MessageId>,
    },
    /// Keep what stands in the composer.
    KeepDraft {
        /// In which conversation.
        interaction: InteractionId,
        /// All of it.
        text: String,
        /// The message it answers.
        quote: Option<MessageId>,
        /// The change from elsewhere that the composer has taken over last.
        seq: u64,
    },
    /// Take words that were set aside into the composer.
    TakeUp {
        /// In which conversation.
        interaction: InteractionId,
        /// When they were written.
        at: DateTime<Utc>,
    },
    /// Throw words away that were set aside.
    DropAside {
        /// In which conversation.
        interaction: InteractionId,
        /// When they were written.
        at: DateTime<Utc>,
    },
    /// The agent is writing.
    Typing {
        /// In which conversation.
        interaction: InteractionId,
    },
    /// The agent has really seen the contact's messages up to this one.
    Seen {
        /// In which conversation.
        interaction: InteractionId,
        /// The newest.
        up_to: MessageId,
    },
    /// Get older messages.
    ShowOlder {
        /// In which conversation.
        interaction: InteractionId,
        /// How many earlier sessions at most.
        sessions: u32,
    },
    /// Get newer messages.
    ShowNewer {
        /// In which conversation.
        interaction: InteractionId,
    },
    /// Get the newest messages.
    ShowNewest {
        /// In which conversation.
        interaction: InteractionId,
    },
    /// Go to a message.
    GoTo {
        /// In which conversation.
        interaction: InteractionId,
        /// Which.
        message: MessageId,
    },
    /// Go to the first message from a moment on.
    GoToDay {
        /// In which conversation.
        interaction: InteractionId,
        /// From when on.
        at: DateTime<Utc>,
    },
    /// Look for words; none ends the search.
    Search {
        /// In which conversation.
        interaction: InteractionId,
        /// The words.
        words: String,
    },
    /// Go to another place where they were said.
    SearchStep {
        /// In which conversation.
        interaction: InteractionId,
        /// To an older one, or to a newer one.
        older: bool,
    },
    /// Put an emoji on a message, or take ours off.
    React {
        /// In which conversation.
        interaction: InteractionId,
        /// Which message.
        message: MessageId,
        /// Which emoji; none takes ours off.
        emoji: Option<String>,
    },
    /// Add a card's particulars to the contact.
    AddCard {
        /// In which conversation.
        interaction: InteractionId,
        /// The message with the card.
        message: MessageId,
        /// Which of its cards.
        card: u32,
    },
    /// Open an address that was judged to be safe, in the program it belongs to.
    OpenLink(String),
    /// *Try again*.
    Retry {
        /// In which conversation.
        interaction: InteractionId,
        /// Which message.
        row: RowKey,
    },
    /// Give up a message that has not left this machine; its words go back into the composer.
    Discard {
        /// In which conversation.
        interaction: InteractionId,
        /// Which message.
        row: RowKey,
    },
    /// Get a picture that is to be seen.
    WantPicture {
        /// Which.
        attachment: AttachmentId,
        /// What for.
        kind: PictureKind,
    },
    /// *Done*.
    MarkDone(InteractionId),
    /// Try to reach the gateway now.
    ReconnectNow,
    /// A notice has been read.
    DismissNotice(u64),
    /// The agent likes it otherwise.
    Choose(Choices),
    /// Play a chime, for trying the volume.
    TryChime(Chime),
}

/// Draws the window and collects what the agent asks for.
pub fn show(ui: &mut egui::Ui, view: View<'_>, state: &mut ViewState) -> Vec<Action> {
    let mut actions = Vec::new();
    state.begin(ui.ctx());
    match view.desk.account() {
        Account::SignedIn { .. } | Account::SigningOut => {
            shortcuts::collect(ui.ctx(), view, state, &mut actions);
            top_bar::show(ui, view, state, &mut actions);
            notices::show(ui, view, &mut actions);
            interaction_bar::show(ui, view, state, &mut actions);
            interaction::show(ui, view, state, &mut actions);
            settings::show(ui.ctx(), view, state, &mut actions);
        }
        Account::SignedOut { .. } | Account::SigningIn => sign_in::show(ui, view, state, &mut actions),
    }
    own_windows::show(ui.ctx(), view, state, &mut actions);
    state.collect_drafts(view, ui.ctx(), &mut actions);
    actions
}
