//! Everything that can happen to the desk: what the agent asks for, how our calls ended, and the clock.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    agent::{AgentStatus, StatusSince},
    api::{SearchHits, SendAccepted, SignedIn, TranscriptPage},
    contact::Contact,
    draft::Draft,
    event::EventPage,
    file_rule::FileRules,
    history::{ChatBegun, InteractionRecord, NewChat},
    id::{AttachmentId, ClientRef, InteractionId, MessageId, ResponseId},
    interaction::Interaction,
    library::LibraryPage,
    message::{MediaKind, Message},
    problem::Problem,
    response::ResponseFile,
    slot::Slot,
    workbin::{Changes, Colleagues},
};

use super::{
    chime::Settings,
    conversation::RowKey,
    directory::{DirectoryTold, DirectoryWish},
    effect::Load,
    file::{FileRefused, FileSource, ReadyFile, WayOut},
    library::manage::{Manage, Managed},
    notices::Gravity,
    notification::FilledIn,
    past::{PastTold, PastWish},
    restore::Restored,
    watching::Watched,
    workbins::{
        deeds::{Deed, DeedCall},
        sync::KeptWorkbins,
    },
    wrap_up::{WrapUp, WrapUpDone},
};

/// What the agent asks of the desk.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Sign in with a password.
    SignIn {
        /// Who.
        user_name: String,
        /// As typed.
        password: Password,
    },
    /// Log off: the gateway gives the work back, nothing stays on this machine.
    SignOut,
    /// Take another status.
    SetStatus(AgentStatus),
    /// Make this conversation the active one, by its card; none leaves all of them.
    Activate(Option<InteractionId>),
    /// The main window has the focus and shows the active conversation, or not.
    Focus(bool),
    /// All conversations that are in windows of their own, each with whether that window has the focus.
    OwnWindows(BTreeMap<InteractionId, bool>),
    /// Send these words, then the files on the strip, one after another.
    Send {
        /// In which conversation.
        interaction: InteractionId,
        /// Our own name for the message of the words, fresh for each.
        client_ref: ClientRef,
        /// The words: at most 4,096 bytes; none where there are files.
        text: String,
        /// What it answers.
        quote: Option<MessageId>,
    },
    /// A prepared reply was inserted into what is being written: its files go onto the strip.
    TakeResponse {
        /// In which conversation.
        interaction: InteractionId,
        /// What of it.
        reply: PreparedReply,
    },
    /// Send a prepared reply by itself, its words and then its files, whatever stands in the composer.
    SendResponse {
        /// In which conversation.
        interaction: InteractionId,
        /// Our own name for the message of the words, fresh for each.
        client_ref: ClientRef,
        /// What of it.
        reply: PreparedReply,
    },
    /// Put files on the strip above the composer.
    Attach {
        /// Of which conversation.
        interaction: InteractionId,
        /// Each with a fresh name of ours, in order.
        files: Vec<(ClientRef, FileSource)>,
    },
    /// Take a file off the strip.
    Detach {
        /// Of which conversation.
        interaction: InteractionId,
        /// Which.
        client_ref: ClientRef,
    },
    /// The words under a file on the strip.
    Caption {
        /// Of which conversation.
        interaction: InteractionId,
        /// Which file.
        client_ref: ClientRef,
        /// All of them; at most 1,024 characters.
        caption: String,
    },
    /// Put a file on the strip in another place.
    Reorder {
        /// Of which conversation.
        interaction: InteractionId,
        /// Which file.
        client_ref: ClientRef,
        /// Before how many of the others, counted from the front.
        place: usize,
    },
    /// Send a file on the strip in another way.
    Rework {
        /// Of which conversation.
        interaction: InteractionId,
        /// Which file.
        client_ref: ClientRef,
        /// How.
        way: WayOut,
    },
    /// Say in one conversation what was said in another.
    Forward {
        /// In which conversation it was said.
        from: InteractionId,
        /// Which message.
        message: MessageId,
        /// In which conversation it is to be said.
        to: InteractionId,
        /// Our own name for the new message, fresh for each.
        client_ref: ClientRef,
    },
    /// Take a file in for the notification that is being filled in; what was chosen there before goes.
    ChooseForForm {
        /// Of which conversation.
        interaction: InteractionId,
        /// Where in the notification it belongs.
        slot: Slot,
        /// What kind of file belongs there.
        wanted: MediaKind,
        /// A fresh name of ours for its copy.
        client_ref: ClientRef,
        /// Where it is.
        source: FileSource,
    },
    /// Let go of files chosen for the notification that is being filled in.
    DropFormFiles {
        /// Of which conversation.
        interaction: InteractionId,
        /// Of which slot; none for all.
        slot: Option<Slot>,
    },
    /// Send a notification.
    SendNotification {
        /// In which conversation.
        interaction: InteractionId,
        /// Our own name for the message, fresh for each.
        client_ref: ClientRef,
        /// What.
        notification: Box<FilledIn>,
    },
    /// Ask WhatsApp for the templates now.
    RefreshTemplates,
    /// *Try again* on a failed message.
    Retry {
        /// In which conversation.
        interaction: InteractionId,
        /// Which.
        row: RowKey,
    },
    /// Give up a message that has not left this machine.
    Discard {
        /// In which conversation.
        interaction: InteractionId,
        /// Which.
        client_ref: ClientRef,
    },
    /// What stands in the composer; sent on every pause in typing.
    KeepDraft {
        /// In which conversation.
        interaction: InteractionId,
        /// All of it; empty for none.
        text: String,
        /// The message it answers.
        quote: Option<MessageId>,
        /// The number of the [`DraftSeq`](super::draft::DraftSeq) that the composer has taken over.
        seq: u64,
    },
    /// Put words that were set aside back into the composer, below what stands there; keep that first.
    TakeUp {
        /// In which conversation.
        interaction: InteractionId,
        /// Which, by their time.
        at: DateTime<Utc>,
    },
    /// Give up words that were set aside.
    Drop {
        /// In which conversation.
        interaction: InteractionId,
        /// Which, by their time.
        at: DateTime<Utc>,
    },
    /// Read an interaction that is not ours; [`Desk::review`](super::Desk::review) is what there is of it.
    Review(InteractionId),
    /// Nothing is read any more.
    CloseReview,
    /// What happened to what is read is looked at.
    AskLife,
    /// More of what is older.
    ShowOlder {
        /// In which conversation.
        interaction: InteractionId,
        /// How many earlier sessions may be gone into; 0 stays within the oldest one that is held.
        sessions: u32,
    },
    /// More of what is newer.
    ShowNewer {
        /// In which conversation.
        interaction: InteractionId,
    },
    /// To the newest message, or: the agent has come back to it by scrolling.
    ShowNewest {
        /// In which conversation.
        interaction: InteractionId,
    },
    /// To a message, wherever it is.
    GoTo {
        /// In which conversation.
        interaction: InteractionId,
        /// Which.
        message: MessageId,
    },
    /// To the first message at or after a moment.
    GoToDay {
        /// In which conversation.
        interaction: InteractionId,
        /// The beginning of the day in the agent's time zone.
        at: DateTime<Utc>,
    },
    /// Look for words.
    Search {
        /// In which conversation.
        interaction: InteractionId,
        /// As typed; none ends the search.
        words: String,
    },
    /// To the next hit of the search.
    SearchStep {
        /// In which conversation.
        interaction: InteractionId,
        /// Whether to an older one.
        older: bool,
    },
    /// Put an emoji on a message, or take ours off.
    React {
        /// In which conversation.
        interaction: InteractionId,
        /// On which message.
        message: MessageId,
        /// Exactly one; none takes ours off.
        emoji: Option<String>,
    },
    /// Let the gateway try again to get the file of a contact's message.
    FetchAgain {
        /// In which conversation.
        interaction: InteractionId,
        /// Which message.
        message: MessageId,
    },
    /// Everything up to this message was visible in a focused window.
    Seen {
        /// In which conversation.
        interaction: InteractionId,
        /// The newest message that was.
        up_to: MessageId,
    },
    /// The agent is writing; may be said as often as they press a key.
    Typing {
        /// In which conversation.
        interaction: InteractionId,
    },
    /// Add a card's particulars to the contact.
    AddCard {
        /// In which conversation.
        interaction: InteractionId,
        /// The message that holds the card.
        message: MessageId,
        /// Which of its cards, from 0.
        card: u32,
    },
    /// Something with the library of prepared replies.
    Manage(Manage),
    /// Do something with what lies in workbins.
    InWorkbins {
        /// With which.
        interactions: Vec<InteractionId>,
        /// What.
        deed: Deed,
    },
    /// The agent has read what went wrong in the workbins.
    DismissWorkbinTroubles,
    /// Ask to whom work can be given.
    AskColleagues,
    /// Something with the directory of contacts.
    Directory(DirectoryWish),
    /// Something with past interactions.
    Past(PastWish),
    /// A list is on screen while the window has the focus, or none is any more.
    Watch(Option<Watched>),
    /// Begin a chat, or go on with the one that is under way.
    NewChat(NewChat),
    /// *Done*.
    MarkDone(InteractionId),
    /// Something with the end of an interaction, with putting it aside, or with taking it up.
    WrapUp(WrapUp),
    /// Try to reach the gateway now rather than at the next try.
    ReconnectNow,
    /// Say something to the agent that happened outside the desk.
    Notify {
        /// How grave it is.
        gravity: Gravity,
        /// The sentence.
        text: String,
    },
    /// The agent has read a notice.
    DismissNotice(u64),
    /// The settings changed.
    ApplySettings(Settings),
}

/// A prepared reply for one conversation.
#[derive(Debug, Clone, PartialEq)]
pub struct PreparedReply {
    /// Which.
    pub response: ResponseId,
    /// Its words, filled in; empty for none.
    pub text: String,
    /// Its files with their words filled in, each with a fresh name of ours, in order.
    pub files: Vec<(ClientRef, ResponseFile)>,
}

/// A password on its way to the gateway; never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(pub String);

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Why a call came to nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The gateway refused, and says why.
    #[error("{0}")]
    Refused(#[from] Problem),
    /// There was no answer, or none that makes sense: it may or may not have happened.
    #[error("{0}")]
    Unreachable(String),
    /// The gateway speaks another protocol.
    #[error("the gateway speaks protocol {0}, this desktop {ours}", ours = waxwing_protocol::api::PROTOCOL)]
    WrongProtocol(u32),
}

/// How one of our calls ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Signing in.
    SignedIn(Result<Box<SignedIn>, CallError>),
    /// Logging off; whatever the answer, the token is gone from this machine.
    SignedOut,
    /// Taking a status.
    StatusSet(Result<StatusSince, CallError>),
    /// Polling the feed.
    Polled(Result<EventPage, CallError>),
    /// Sending a message.
    Sent {
        /// In which conversation.
        interaction: InteractionId,
        /// Which.
        client_ref: ClientRef,
        /// What the gateway said.
        result: Result<Box<SendAccepted>, CallError>,
    },
    /// Taking a file in, or making another one of it.
    TakenIn {
        /// For which conversation.
        interaction: InteractionId,
        /// Which.
        client_ref: ClientRef,
        /// What it is.
        result: Result<ReadyFile, FileRefused>,
    },
    /// Asking which files may be sent.
    FileRules(Result<FileRules, CallError>),
    /// More of a file is at the gateway.
    UploadMoved {
        /// For which conversation.
        interaction: InteractionId,
        /// Which.
        client_ref: ClientRef,
        /// How much of it.
        sent_bytes: u64,
    },
    /// Uploading a file.
    Uploaded {
        /// For which conversation.
        interaction: InteractionId,
        /// Which.
        client_ref: ClientRef,
        /// What the gateway calls it, or a sentence that says why it does not take it.
        result: Result<Result<AttachmentId, String>, CallError>,
    },
    /// Asking WhatsApp for the templates; what came of it is told as a change of the library.
    TemplatesRefreshed(Result<(), CallError>),
    /// *Try again*.
    Retried {
        /// In which conversation.
        interaction: InteractionId,
        /// Which.
        message: MessageId,
        /// What the gateway said.
        result: Result<Box<SendAccepted>, CallError>,
    },
    /// *Done*.
    MarkedDone {
        /// Which.
        interaction: InteractionId,
        /// What the gateway said.
        result: Result<(), CallError>,
    },
    /// Getting a part of a transcript.
    Loaded {
        /// What was asked for.
        load: Load,
        /// Whether the journal had it.
        kept: bool,
        /// What came.
        result: Result<TranscriptPage, CallError>,
    },
    /// Asking for an interaction that is to be read.
    RecordTold {
        /// Which.
        interaction: InteractionId,
        /// What the gateway said.
        result: Result<Box<InteractionRecord>, CallError>,
    },
    /// Looking for words.
    Searched {
        /// In which conversation.
        interaction: InteractionId,
        /// Which words.
        words: String,
        /// What the gateway found.
        result: Result<SearchHits, CallError>,
    },
    /// Putting an emoji on a message.
    Reacted {
        /// In which conversation.
        interaction: InteractionId,
        /// On which message.
        message: MessageId,
        /// The message as it is now.
        result: Result<Box<Message>, CallError>,
    },
    /// Letting the gateway try again to get a file; the feed tells how that goes.
    FetchedAgain(Result<(), CallError>),
    /// Telling how far the agent has read.
    MarkedRead {
        /// In which conversation.
        interaction: InteractionId,
        /// What the gateway said.
        result: Result<(), CallError>,
    },
    /// Telling that the agent is writing.
    TypingTold(Result<(), CallError>),
    /// Telling what stands in a composer.
    DraftPut {
        /// Of which conversation.
        interaction: InteractionId,
        /// What stands at the gateway now.
        result: Result<Box<Draft>, CallError>,
    },
    /// Asking for what comes next in the library.
    LibraryTold(Result<Box<LibraryPage>, CallError>),
    /// Adding a card's particulars to the contact.
    CardAdded(Result<Box<Contact>, CallError>),
    /// Something with the library of prepared replies.
    Managed(Managed),
    /// Asking for what comes next in the workbins.
    WorkbinsTold(Result<Box<Changes>, CallError>),
    /// What was kept of the workbins from before the agent logged off.
    WorkbinsKept(Box<KeptWorkbins>),
    /// Getting a transcript that is to be kept.
    TranscriptFetched {
        /// Of which interaction.
        interaction: InteractionId,
        /// The time of its newest message.
        up_to: DateTime<Utc>,
        /// What came.
        result: Result<TranscriptPage, CallError>,
    },
    /// Looking for a transcript that was kept.
    Unsealed {
        /// Of which interaction.
        interaction: InteractionId,
        /// What was kept, and when it was so.
        kept: Option<(TranscriptPage, DateTime<Utc>)>,
    },
    /// Doing something with what lies in a workbin.
    WorkbinDeed {
        /// What.
        call: DeedCall,
        /// The interaction as it is now; none where the gateway does not tell.
        result: Result<Option<Box<Interaction>>, CallError>,
    },
    /// Asking to whom work can be given.
    ColleaguesTold(Result<Colleagues, CallError>),
    /// There is no keyring for the key: what lies in workbins can be read on this machine until Waxwing closes.
    WorkbinsNotKept {
        /// Why, for people.
        why: String,
    },
    /// Something with the end of an interaction, with putting it aside, or with taking it up.
    WrapUp(WrapUpDone),
    /// Something with the directory of contacts.
    Directory(DirectoryTold),
    /// Something with past interactions.
    Past(PastTold),
    /// Beginning a chat.
    ChatBegun {
        /// Which.
        chat: NewChat,
        /// What the gateway said.
        result: Result<Box<ChatBegun>, CallError>,
    },
    /// The token could not be put into the keyring; it lives in memory only.
    TokenNotKept {
        /// Why, for people.
        why: String,
    },
    /// The journal could not be read or written; what it should hold is kept in memory.
    JournalTrouble {
        /// What happened and what to do, for people.
        why: String,
    },
}

/// Everything that can happen to the desk. The time comes with each, by the gateway's clock.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// What was kept from the last time, at start-up.
    Restored(Box<Restored>),
    /// The agent asks for something.
    Command(Command),
    /// A call ended.
    Outcome(Outcome),
    /// A deadline has come.
    Clock,
}
