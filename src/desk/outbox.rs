//! Messages that have not reached the gateway yet: in order, one in flight per conversation, kept in the journal.
//!
//! **Why so.** An answer that overtakes another can turn its meaning round, an answer that comes twice looks careless, one
//! that never leaves loses a customer. So each conversation has a queue of its own; only its head is ever in flight; and
//! every message carries a name of ours under which the gateway takes it in once, however often it comes.
//!
//! **All goes well.** *Enter* → `Waiting` at the end of the queue, written down → at the head: its files are `Uploading`, one
//! after another, and it waits once more after each; the rest is `InFlight`, the call goes out → accepted: it leaves the queue and stands in the
//! transcript as the gateway's message, under the same row key. The feed may tell of it before the call is answered; then it
//! leaves the queue at that moment, and the answer changes nothing.
//!
//! **If not.** No answer, or a refusal that passes: `Waiting` again with a time for the next try, for ever, under the same
//! name. A refusal that does not pass: `Refused`, with a reason and advice; it stays at the head and holds up what is
//! behind it, until the agent tries again or gives it up. Killed: the queue comes back from the journal, what was in
//! flight is sent again under the same name.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};
use waxwing_protocol::{
    api::{OutgoingBody, SendMessage},
    delivery::DeliveryFailure,
    id::{AttachmentId, ClientRef, ResponseId},
    message::Quote,
    problem::{Problem, ProblemCode},
};

use super::{backoff, file::ReadyFile, input::CallError, notification::OutgoingNotification};

/// How long to wait where the gateway speaks another protocol: somebody has to update one of the two.
pub(super) const WRONG_PROTOCOL_PAUSE: TimeDelta = TimeDelta::seconds(60);

/// Why words can't be sent just now.
pub const WINDOW_CLOSED: &str =
    "WhatsApp lets us write freely for 24 hours after the contact's last message, and these are over.";
/// WhatsApp's own code for that (Cloud API error codes).
const RE_ENGAGEMENT: u32 = 131_047;

/// Whether a failure is that of a closed reply window: a notification can be sent instead.
#[must_use]
pub fn asks_for_notification(failure: &DeliveryFailure) -> bool {
    failure.code == Some(RE_ENGAGEMENT) || failure.reason == WINDOW_CLOSED
}

/// Where a message that the gateway does not have yet stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutgoingState {
    /// Waits for its turn, or for the next try.
    Waiting {
        /// How often it was tried in vain.
        tries: u32,
        /// Not before.
        next_at: DateTime<Utc>,
    },
    /// Its file is on its way to the gateway.
    Uploading {
        /// How often it was tried before.
        tries: u32,
        /// How much of it the gateway has.
        sent_bytes: u64,
    },
    /// The call is under way.
    InFlight {
        /// How often it was tried before.
        tries: u32,
    },
    /// The gateway refused it.
    Refused(DeliveryFailure),
}

/// What a message says that the gateway does not have yet.
#[derive(Debug, Clone, PartialEq)]
pub enum OutgoingContent {
    /// Words.
    Text(String),
    /// A file.
    File {
        /// Which.
        file: Box<ReadyFile>,
        /// The words under it; empty for none.
        caption: String,
        /// Where it is.
        at: FileAt,
    },
    /// A structured message.
    Notification(Box<OutgoingNotification>),
}

/// Where the file of a message is that the gateway does not have yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileAt {
    /// On this machine.
    Here,
    /// At the gateway too.
    Uploaded(AttachmentId),
    /// At the gateway alone: it belongs to another message.
    Forwarded(AttachmentId),
}

/// A message that the gateway does not have yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Outgoing {
    /// Our own name for it.
    pub client_ref: ClientRef,
    /// What it says.
    pub content: OutgoingContent,
    /// What it answers, as it was when the agent answered it.
    pub quote: Option<Quote>,
    /// When the agent pressed Enter.
    pub written_at: DateTime<Utc>,
    /// Where it stands.
    pub state: OutgoingState,
    /// The prepared replies that went into it.
    pub responses: Vec<ResponseId>,
}

impl Outgoing {
    /// A message that may leave at once.
    pub(super) const fn new(
        client_ref: ClientRef,
        content: OutgoingContent,
        quote: Option<Quote>,
        written_at: DateTime<Utc>,
    ) -> Self {
        let state = OutgoingState::Waiting { tries: 0, next_at: written_at };
        Self { client_ref, content, quote, written_at, state, responses: Vec::new() }
    }

    /// The same with the prepared replies that went into it.
    pub(super) fn with_responses(self, responses: Vec<ResponseId>) -> Self {
        Self { responses, ..self }
    }

    /// Its words, or those under its file.
    #[must_use]
    pub fn text(&self) -> &str {
        match &self.content {
            OutgoingContent::Text(text) => text,
            OutgoingContent::File { caption, .. } => caption,
            OutgoingContent::Notification(notification) => &notification.shown.text,
        }
    }

    /// The name of its file; none if it is no file.
    #[must_use]
    pub fn file_name(&self) -> Option<&str> {
        match &self.content {
            OutgoingContent::File { file, .. } => Some(&file.name),
            OutgoingContent::Text(_) | OutgoingContent::Notification(_) => None,
        }
    }

    /// The structured message that it is.
    #[must_use]
    pub fn notification(&self) -> Option<&OutgoingNotification> {
        match &self.content {
            OutgoingContent::Notification(notification) => Some(notification),
            OutgoingContent::Text(_) | OutgoingContent::File { .. } => None,
        }
    }

    /// What the copies of its files are called by, wherever those are.
    #[must_use]
    pub fn copies(&self) -> Vec<ClientRef> {
        match &self.content {
            OutgoingContent::Text(_) => Vec::new(),
            OutgoingContent::File { .. } => vec![self.client_ref],
            OutgoingContent::Notification(notification) => {
                notification.files.iter().map(|file| file.client_ref).collect()
            }
        }
    }

    /// Whether it, or one of its files, is called so.
    fn is_called(&self, client_ref: ClientRef) -> bool {
        let has_file = || self.notification().is_some_and(|held| held.has_file(client_ref));
        self.client_ref == client_ref || has_file()
    }

    /// Whether the gateway refused it.
    #[must_use]
    pub const fn is_refused(&self) -> bool {
        matches!(self.state, OutgoingState::Refused(_))
    }
}

/// What the head of a queue asks for as it leaves.
pub(super) enum Start {
    /// A file of it is to be uploaded.
    Upload {
        /// What its copy is called by.
        client_ref: ClientRef,
        file: Box<ReadyFile>,
    },
    /// It is to be sent.
    Send(SendMessage),
}

/// The queue of one conversation.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Outbox(VecDeque<Outgoing>);

impl Outbox {
    pub(super) fn iter(&self) -> impl Iterator<Item = &Outgoing> {
        self.0.iter()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn head(&self) -> Option<&Outgoing> {
        self.0.front()
    }

    pub(super) fn last(&self) -> Option<&Outgoing> {
        self.0.back()
    }

    pub(super) fn get(&self, client_ref: ClientRef) -> Option<&Outgoing> {
        self.0.iter().find(|outgoing| outgoing.is_called(client_ref))
    }

    fn get_mut(&mut self, client_ref: ClientRef) -> Option<&mut Outgoing> {
        self.0.iter_mut().find(|outgoing| outgoing.is_called(client_ref))
    }

    /// The refused message that holds up those behind it.
    pub(super) fn blocked_by(&self) -> Option<&Outgoing> {
        self.head().filter(|head| head.is_refused())
    }

    /// Takes one in at the end; a name that is there already changes nothing.
    pub(super) fn push(&mut self, outgoing: Outgoing) {
        if self.get(outgoing.client_ref).is_none() {
            self.0.push_back(outgoing);
        }
    }

    /// Takes one out: the gateway has it, or the agent gave it up.
    pub(super) fn take(&mut self, client_ref: ClientRef) -> Option<Outgoing> {
        let place = self.0.iter().position(|outgoing| outgoing.client_ref == client_ref)?;
        self.0.remove(place)
    }

    /// Takes all out that the gateway refused.
    pub(super) fn take_refused(&mut self) -> Vec<Outgoing> {
        let (refused, others) = self.0.drain(..).partition(Outgoing::is_refused);
        self.0 = others;
        Vec::from(refused)
    }

    /// When the head may go; none if there is none, or it is in flight or refused.
    pub(super) fn due_at(&self) -> Option<DateTime<Utc>> {
        match self.head()?.state {
            OutgoingState::Waiting { next_at, .. } => Some(next_at),
            OutgoingState::Uploading { .. } | OutgoingState::InFlight { .. } | OutgoingState::Refused(_) => {
                None
            }
        }
    }

    /// Lets the head leave, if it waits: its file first, if the gateway does not have that.
    pub(super) fn start(&mut self) -> Option<Start> {
        let head = self.0.front_mut()?;
        let OutgoingState::Waiting { tries, .. } = head.state else { return None };
        let client_ref = head.client_ref;
        let body = match &head.content {
            OutgoingContent::Text(text) => OutgoingBody::Text { text: text.clone() },
            OutgoingContent::File { file, at: FileAt::Here, .. } => {
                head.state = OutgoingState::Uploading { tries, sent_bytes: 0 };
                return Some(Start::Upload { client_ref, file: file.clone() });
            }
            OutgoingContent::File {
                file,
                caption,
                at: FileAt::Uploaded(attachment) | FileAt::Forwarded(attachment),
            } => OutgoingBody::Media {
                attachment: *attachment,
                kind: file.kind,
                caption: Some(caption.clone()).filter(|caption| !caption.is_empty()),
                file_name: Some(file.name.clone()),
                voice: file.voice,
            },
            OutgoingContent::Notification(notification) => {
                if let Some(file) = notification.next_file() {
                    let (client_ref, file) = (file.client_ref, Box::new(file.file.clone()));
                    let upload = Start::Upload { client_ref, file };
                    head.state = OutgoingState::Uploading { tries, sent_bytes: 0 };
                    return Some(upload);
                }
                OutgoingBody::Notification {
                    template: notification.shown.template,
                    values: notification.sent_values(),
                }
            }
        };
        head.state = OutgoingState::InFlight { tries };
        let quote = head.quote.as_ref().and_then(|quote| quote.message);
        let responses = head.responses.clone();
        Some(Start::Send(SendMessage { client_ref, body, quote, responses }))
    }

    /// More of a file is at the gateway.
    pub(super) fn move_on(&mut self, client_ref: ClientRef, now_sent: u64) {
        let state = self.get_mut(client_ref).map(|outgoing| &mut outgoing.state);
        if let Some(OutgoingState::Uploading { sent_bytes, .. }) = state {
            *sent_bytes = now_sent.max(*sent_bytes);
        }
    }

    /// The gateway has a file, or says why it does not take it. Returns the message as it is now.
    pub(super) fn uploaded(
        &mut self,
        client_ref: ClientRef,
        taken: Result<AttachmentId, String>,
        now: DateTime<Utc>,
    ) -> Option<&Outgoing> {
        let outgoing = self.get_mut(client_ref)?;
        let OutgoingState::Uploading { .. } = outgoing.state else { return None };
        outgoing.state = match taken {
            Ok(attachment) => {
                match &mut outgoing.content {
                    OutgoingContent::File { at, .. } => *at = FileAt::Uploaded(attachment),
                    OutgoingContent::Notification(held) => held.uploaded(client_ref, attachment),
                    OutgoingContent::Text(_) => {}
                }
                OutgoingState::Waiting { tries: 0, next_at: now }
            }
            Err(reason) => OutgoingState::Refused(DeliveryFailure {
                code: None,
                reason,
                advice: "Remove it; what stands behind it then goes on.".to_owned(),
                can_retry: false,
            }),
        };
        Some(outgoing)
    }

    /// The call came to nothing: waits for the next try, or is refused. Returns the message if it was refused.
    pub(super) fn fail(
        &mut self,
        client_ref: ClientRef,
        error: &CallError,
        now: DateTime<Utc>,
        seed: u64,
    ) -> Option<&Outgoing> {
        let outgoing = self.get_mut(client_ref)?;
        let (OutgoingState::InFlight { tries } | OutgoingState::Uploading { tries, .. }) = outgoing.state
        else {
            return None;
        };
        let tries = tries.saturating_add(1);
        if let Some(pause) = pause(error, tries, seed) {
            outgoing.state = OutgoingState::Waiting { tries, next_at: now + pause };
            None
        } else {
            outgoing.state = OutgoingState::Refused(refusal(error));
            Some(outgoing)
        }
    }

    /// *Try again* on a refused message; none if there is none of that name.
    pub(super) fn retry(&mut self, client_ref: ClientRef, now: DateTime<Utc>) -> Option<&Outgoing> {
        let outgoing = self.get_mut(client_ref).filter(|outgoing| outgoing.is_refused())?;
        outgoing.state = OutgoingState::Waiting { tries: 0, next_at: now };
        // The gateway may have forgotten its files; uploading what it has costs one call.
        match &mut outgoing.content {
            OutgoingContent::File { at: at @ FileAt::Uploaded(_), .. } => *at = FileAt::Here,
            OutgoingContent::Notification(held) => held.upload_again(),
            OutgoingContent::Text(_) | OutgoingContent::File { .. } => {}
        }
        Some(outgoing)
    }

    /// What was in flight is so no more.
    pub(super) fn recall(&mut self, now: DateTime<Utc>) {
        for outgoing in &mut self.0 {
            if let OutgoingState::InFlight { tries } | OutgoingState::Uploading { tries, .. } = outgoing.state
            {
                outgoing.state = OutgoingState::Waiting { tries, next_at: now };
            }
        }
    }

    /// What waits for its next try goes now.
    pub(super) fn hurry(&mut self, now: DateTime<Utc>) {
        for outgoing in &mut self.0 {
            if let OutgoingState::Waiting { next_at, .. } = &mut outgoing.state {
                *next_at = (*next_at).min(now);
            }
        }
    }
}

/// How long to wait before the next try; none if trying again by itself makes no sense.
pub(super) fn pause(error: &CallError, tries: u32, seed: u64) -> Option<TimeDelta> {
    match error {
        CallError::Unreachable(_) => Some(backoff::delay(tries, seed)),
        CallError::WrongProtocol(_) => Some(WRONG_PROTOCOL_PAUSE),
        CallError::Refused(problem)
            if problem.code.is_passing() || problem.code == ProblemCode::SignedOut =>
        {
            Some(asked_pause(problem).unwrap_or_else(|| backoff::delay(tries, seed)))
        }
        CallError::Refused(_) => None,
    }
}

/// How long the gateway asks us to wait.
pub(super) fn asked_pause(problem: &Problem) -> Option<TimeDelta> {
    problem.retry_after_seconds.map(|seconds| TimeDelta::seconds(seconds.min(3600).into()))
}

/// A refusal in words for the agent.
fn refusal(error: &CallError) -> DeliveryFailure {
    let code = match error {
        CallError::Refused(problem) => problem.code,
        CallError::Unreachable(_) | CallError::WrongProtocol(_) => ProblemCode::Unknown,
    };
    let (reason, advice, can_retry) = match code {
        ProblemCode::WindowClosed => (
            WINDOW_CLOSED.to_owned(),
            "Send a notification, or wait until the contact writes again and try again.",
            true,
        ),
        ProblemCode::NotFound | ProblemCode::Conflict => (
            "This conversation has moved on and can't take the message just now.".to_owned(),
            "Try again, or remove it.",
            true,
        ),
        ProblemCode::TooLarge => {
            ("The message is too long.".to_owned(), "Copy it, send it in parts, and remove this one.", false)
        }
        ProblemCode::UnacceptableBody => {
            (error.to_string(), "Copy it, change it, and remove this one.", false)
        }
        _ => (
            error.to_string(),
            "Try again; if it comes back, tell the people who look after the gateway.",
            true,
        ),
    };
    DeliveryFailure { code: None, reason, advice: advice.to_owned(), can_retry }
}
