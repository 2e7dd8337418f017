//! What the desk asks the service to do.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    agent::{Agent, AgentStatus, StatusSince},
    api::{AddCard, PutDraft, SendMessage, TranscriptPage},
    delivery::DeliveryState,
    event::{Cursor, NumberAlert},
    history::NewChat,
    id::{ClientRef, InteractionId, MessageId},
    interaction::Interaction,
    library::{LibraryPage, LibraryQuery},
    message::Message,
    workbin::{Changes, ChangesQuery},
    wrap_up::Rules,
};

use super::{
    directory::DirectoryCall,
    draft::KeptDraft,
    file::{FileSource, ReadyFile, StripFile, WayOut},
    input::Password,
    library::manage::{Begun, ManageCall},
    outbox::Outgoing,
    past::PastCall,
    workbins::deeds::DeedCall,
    wrap_up::{KeptWrapUp, WrapUpCall},
};

/// A call to the gateway.
#[derive(Debug, Clone, PartialEq)]
pub enum Call {
    /// Sign in; the service keeps the token.
    SignIn {
        /// Who.
        user_name: String,
        /// As typed.
        password: Password,
    },
    /// Give the token back and forget it.
    SignOut,
    /// Take a status.
    SetStatus(AgentStatus),
    /// Ask for what comes after the cursor; the answer is an `Outcome::Polled`.
    Poll {
        /// The place up to which everything is held; none asks for a snapshot.
        after: Option<Cursor>,
        /// Whether to wait for something to happen.
        wait: bool,
        /// The newest change of the workbins that was heard of; 0 for none.
        workbins: u64,
    },
    /// Send a message.
    Send {
        /// In which conversation.
        interaction: InteractionId,
        /// What.
        message: SendMessage,
    },
    /// Copy a file and look into it; the answer is an `Outcome::TakenIn`.
    TakeIn {
        /// For which conversation.
        interaction: InteractionId,
        /// What its copy is called by.
        client_ref: ClientRef,
        /// Where it is.
        source: FileSource,
    },
    /// Make another file of one that was taken in; the answer is an `Outcome::TakenIn`.
    Rework {
        /// For which conversation.
        interaction: InteractionId,
        /// Which.
        client_ref: ClientRef,
        /// What becomes of it.
        way: WayOut,
        /// How large it may be then, in bytes, beside what WhatsApp takes; none for no limit.
        most: Option<u64>,
    },
    /// Bring a file to the gateway; answers are `Outcome::UploadMoved` and, at the end, `Outcome::Uploaded`.
    Upload {
        /// For which conversation.
        interaction: InteractionId,
        /// What its copy is called by.
        client_ref: ClientRef,
        /// What it is.
        file: Box<ReadyFile>,
    },
    /// Ask which files may be sent; the answer is an `Outcome::FileRules`.
    FileRules,
    /// Remove the copy of a file; whatever is under way with it ends, and the gateway forgets what it has of it.
    DropFile(ClientRef),
    /// Ask WhatsApp for the templates.
    RefreshTemplates,
    /// *Try again*.
    Retry {
        /// In which conversation.
        interaction: InteractionId,
        /// Which.
        message: MessageId,
    },
    /// *Done*.
    MarkDone(InteractionId),
    /// Ask for an interaction that is to be read; the answer is an `Outcome::RecordTold`.
    Record(InteractionId),
    /// Look for words; the answer is an `Outcome::Searched`.
    Search {
        /// In which conversation.
        interaction: InteractionId,
        /// As typed.
        words: String,
    },
    /// Put an emoji on a message, or take ours off.
    React {
        /// In which conversation.
        interaction: InteractionId,
        /// On which message.
        message: MessageId,
        /// Which; none takes it off.
        emoji: Option<String>,
    },
    /// Let the gateway try again to get the file of a contact's message.
    FetchAgain {
        /// In which conversation.
        interaction: InteractionId,
        /// Which message.
        message: MessageId,
    },
    /// The agent has seen everything up to this message of the contact.
    MarkRead {
        /// In which conversation.
        interaction: InteractionId,
        /// The newest one.
        up_to: MessageId,
    },
    /// The agent is writing.
    Typing(InteractionId),
    /// What stands in the composer; the service adds what this machine is called.
    PutDraft {
        /// Of which conversation.
        interaction: InteractionId,
        /// The words.
        draft: PutDraft,
    },
    /// Ask for what comes next in the library; the answer is an `Outcome::LibraryTold`.
    Library(LibraryQuery),
    /// Add a card's particulars to the contact.
    AddCard {
        /// Of which conversation.
        interaction: InteractionId,
        /// Which card.
        card: AddCard,
    },
    /// Something with the library of prepared replies; the answer is an `Outcome::Managed`.
    Manage(ManageCall),
    /// Ask for what comes next in the workbins; the answer is an `Outcome::WorkbinsTold`.
    Workbins(ChangesQuery),
    /// Get a transcript that is to be kept; the answer is an `Outcome::TranscriptFetched`.
    FetchTranscript {
        /// Which part of it.
        load: Load,
        /// The time of its newest message.
        up_to: DateTime<Utc>,
    },
    /// Do something with what lies in a workbin; the answer is an `Outcome::WorkbinDeed`.
    WorkbinDeed(DeedCall),
    /// Ask to whom work can be given.
    Colleagues,
    /// Something with the end of an interaction; the answer is an `Outcome::WrapUp`.
    WrapUp(WrapUpCall),
    /// Something with the directory of contacts; the answer is an `Outcome::Directory`.
    Directory(DirectoryCall),
    /// Something with past interactions; the answer is an `Outcome::Past`.
    Past(PastCall),
    /// Begin a chat; the answer is an `Outcome::ChatBegun`.
    NewChat(NewChat),
}

/// Which part of a transcript is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The newest messages.
    Newest,
    /// What was said just before a message.
    Before(MessageId),
    /// What was said just after a message.
    After(MessageId),
    /// A message and what stands around it.
    Around(MessageId),
    /// The first message at or after this moment and what stands around it.
    At(DateTime<Utc>),
}

/// A part of a transcript to get: from the journal if it is there, else from the gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    /// Of which conversation.
    pub interaction: InteractionId,
    /// Which.
    pub part: Part,
    /// How many messages at most.
    pub limit: u32,
    /// How many earlier sessions may be gone into; none for as many as there are.
    pub sessions: Option<u32>,
}

/// Something to remember across a restart, `kill -9` included.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// From here on everything belongs to this agent; what was another's has been wiped before.
    Account(Box<Agent>),
    /// The agent's status.
    Status(StatusSince),
    /// What stops our numbers.
    Alerts(Vec<NumberAlert>),
    /// The conversation in front of the agent.
    Active(Option<InteractionId>),
    /// An interaction as it is now.
    Interaction(Box<Interaction>),
    /// An interaction is gone, with its messages; its draft and its outgoing messages stay until told otherwise.
    InteractionGone(InteractionId),
    /// A message of a conversation as it is now, new or known. One older than what is kept without gaps is not kept.
    Message(InteractionId, Arc<Message>),
    /// A message as it is now, in whichever conversations it is kept.
    Changed(Arc<Message>),
    /// A message of ours got further; kept if the message is.
    Delivery {
        /// Which.
        message: MessageId,
        /// How far.
        state: DeliveryState,
    },
    /// The newest part of a conversation's transcript, as the gateway tells it: kept instead of what was, for the feed may
    /// have skipped changes of that.
    Newest {
        /// Which conversation.
        interaction: InteractionId,
        /// Oldest first, without gaps.
        messages: Vec<Arc<Message>>,
        /// Whether there is something older.
        older: bool,
    },
    /// A part that came from the gateway: kept if it joins what is kept.
    Page {
        /// Which conversation.
        interaction: InteractionId,
        /// What was asked for.
        part: Part,
        /// What came.
        page: TranscriptPage,
    },
    /// The place up to which everything is held.
    Cursor(Cursor),
    /// A message that the gateway does not have yet.
    Outgoing(InteractionId, Outgoing),
    /// The gateway has it, or the agent gave it up.
    OutgoingGone(ClientRef),
    /// What stands on the strip of a conversation, in order.
    Strip(InteractionId, Vec<StripFile>),
    /// What stands in a composer, and how it stands with the gateway.
    Draft(InteractionId, Box<KeptDraft>),
    /// How many messages of an interaction the agent has not seen.
    Unread(InteractionId, usize),
    /// The number of the newest change of the library that the gateway told of.
    LibraryNews(u64),
    /// A page of the library.
    Library(Box<LibraryPage>),
    /// A page of the workbins; kept sealed.
    Workbins(Box<Changes>),
    /// When everything was held that lies in the workbins.
    WorkbinsAsOf(DateTime<Utc>),
    /// The newest part of the transcript of something in a workbin; kept sealed.
    KeptTranscript {
        /// Of which interaction.
        interaction: InteractionId,
        /// The time of its newest message.
        up_to: DateTime<Utc>,
        /// When it was so.
        as_of: DateTime<Utc>,
        /// The part.
        page: Box<TranscriptPage>,
    },
    /// These transcripts are kept no longer.
    TranscriptsLetGo(Vec<InteractionId>),
    /// What is written of a response and not saved; none once it is.
    Begun(Option<Begun>),
    /// What the house wants of an interaction's end.
    Rules(Box<Rules>),
    /// What is not settled of an interaction's end: words of a note, where it came from.
    WrapUp(InteractionId, Box<KeptWrapUp>),
    /// Forget everything but whose journal this is and what they wrote and did not send.
    ForgetContacts,
    /// Forget everything.
    Wipe,
}

/// What the desk asks the service to do. The entries of one step go to disk together, before its calls are made.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Write this down.
    Journal(Entry),
    /// Call the gateway.
    Call(Call),
    /// Look for the transcript of something in a workbin that was kept; the answer is an `Outcome::Unsealed`.
    Unseal(InteractionId),
    /// Get a part of a transcript; the answer is an `Outcome::Loaded`.
    Load(Load),
}
