//! What the end of each call does to the desk.

use waxwing_protocol::{
    agent::StatusSince,
    api::{SendAccepted, SignedIn},
    id::{ClientRef, InteractionId, MessageId},
    problem::ProblemCode,
};

use super::{
    Desk,
    conversation::Source,
    effect::Entry,
    input::{CallError, Outcome},
    link::{Account, Link},
    notices::Gravity,
    turn::Turn,
};

impl Desk {
    /// A call ended.
    pub(super) fn conclude(&mut self, outcome: Outcome, turn: &mut Turn) {
        match outcome {
            Outcome::SignedIn(result) => self.signed_in(result, turn),
            Outcome::SignedOut => {
                if self.account == Account::SigningOut {
                    self.account = Account::SignedOut { why: None };
                }
            }
            Outcome::StatusSet(result) => self.status_set(result, turn),
            Outcome::Polled(result) => self.polled(result, turn),
            Outcome::Sent { interaction, client_ref, result } => match result {
                Ok(accepted) => self.sent(interaction, client_ref, *accepted, turn),
                Err(error) => self.not_sent(interaction, client_ref, &error, turn),
            },
            Outcome::TakenIn { interaction, client_ref, result } => {
                self.taken_in(interaction, client_ref, result, turn);
            }
            Outcome::FileRules(result) => self.take_file_rules(result, turn),
            Outcome::UploadMoved { interaction, client_ref, sent_bytes } => {
                self.upload_moved(interaction, (client_ref, sent_bytes), turn);
            }
            Outcome::Uploaded { interaction, client_ref, result } => {
                self.uploaded(interaction, client_ref, result, turn);
            }
            Outcome::TemplatesRefreshed(result) => self.templates_refreshed(result, turn),
            Outcome::Retried { message, result, .. } => self.retried(message, result, turn),
            Outcome::MarkedDone { interaction, result } => self.marked_done(interaction, result, turn),
            Outcome::WrapUp(done) => self.wrapped(done, turn),
            Outcome::Loaded { load, kept, result } => self.loaded(&load, kept, result, turn),
            Outcome::RecordTold { interaction, result } => self.record_told(interaction, result, turn),
            Outcome::Searched { interaction, words, result } => {
                self.searched(interaction, &words, result, turn);
            }
            Outcome::Reacted { interaction, message, result } => {
                self.reacted(interaction, message, result, turn);
            }
            Outcome::FetchedAgain(result) => {
                if let Err(error) = result {
                    self.tell("The file could not be asked for again", &error, turn);
                }
            }
            Outcome::MarkedRead { interaction, result } => self.marked_read(interaction, &result, turn),
            Outcome::TypingTold(result) => self.doubt_result(result.as_ref().err(), turn),
            Outcome::DraftPut { interaction, result } => self.draft_put(interaction, result, turn),
            Outcome::LibraryTold(result) => self.library_told(result, turn),
            Outcome::CardAdded(result) => match result {
                Ok(contact) => {
                    let text = format!("The card was added to {}.", contact.title());
                    self.notices.add(Gravity::Info, text);
                    self.rename(&contact, turn);
                }
                Err(error) => self.tell("The card could not be added to the contact", &error, turn),
            },
            Outcome::Managed(outcome) => self.managed(outcome, turn),
            Outcome::WorkbinsTold(result) => self.workbins_told(result, turn),
            Outcome::WorkbinsKept(kept) => self.restore_workbins(*kept, turn),
            Outcome::TranscriptFetched { interaction, up_to, result } => {
                self.transcript_fetched((interaction, up_to), result, turn);
            }
            Outcome::Unsealed { interaction, kept } => self.unsealed(interaction, kept, turn),
            Outcome::WorkbinDeed { call, result } => self.deed_done(call, result, turn),
            Outcome::ColleaguesTold(result) => self.colleagues_told(result, turn),
            Outcome::WorkbinsNotKept { why } => {
                let text = format!("Workbins can be read on this computer only while Waxwing runs: {why}");
                self.notices.add(Gravity::Info, text);
            }
            Outcome::Directory(told) => self.directory_told(told, turn),
            Outcome::Past(told) => self.past_told(told, turn),
            Outcome::ChatBegun { chat, result } => self.chat_begun(&chat, result, turn),
            Outcome::TokenNotKept { why } => {
                let text = format!("You will have to sign in again after a restart: {why}");
                self.notices.add(Gravity::Info, text);
            }
            Outcome::JournalTrouble { why } => self.notices.add(Gravity::Problem, why),
        }
    }

    fn signed_in(&mut self, result: Result<Box<SignedIn>, CallError>, turn: &mut Turn) {
        if self.account != Account::SigningIn {
            return;
        }
        match result {
            Ok(signed_in) => {
                let SignedIn { agent, status, .. } = *signed_in;
                self.become_agent(&agent, turn);
                turn.journal(Entry::Status(status.clone()));
                self.account = Account::SignedIn { agent, status };
                self.link = Link::Connecting;
                self.hurry(turn);
                self.poll(false, turn);
            }
            Err(error) => {
                let why = match &error {
                    CallError::Refused(problem) => problem.detail.clone(),
                    CallError::Unreachable(why) => format!("The gateway does not answer: {why}"),
                    CallError::WrongProtocol(_) => error.to_string(),
                };
                self.account = Account::SignedOut { why: Some(why) };
            }
        }
    }

    fn status_set(&mut self, result: Result<StatusSince, CallError>, turn: &mut Turn) {
        match result {
            Ok(told) => {
                if let Account::SignedIn { status, .. } = &mut self.account
                    && told.since >= status.since
                {
                    status.clone_from(&told);
                    turn.journal(Entry::Status(told));
                }
            }
            Err(error) => self.tell("Your status could not be changed", &error, turn),
        }
    }

    /// The gateway has a message of ours.
    fn sent(&mut self, id: InteractionId, client_ref: ClientRef, accepted: SendAccepted, turn: &mut Turn) {
        if let Some(shelved) = self.shelf.get_mut(&id) {
            if let Some(outgoing) = shelved.outbox.take(client_ref) {
                turn.outgoing_gone(&outgoing);
            }
            self.tidy_shelf(id, turn);
            return;
        }
        self.take_in(accepted.message, Source::Reply, turn);
        self.renew(accepted.interaction, turn);
    }

    /// The gateway does not have a message of ours, as far as we know.
    pub(super) fn not_sent(
        &mut self,
        id: InteractionId,
        client_ref: ClientRef,
        error: &CallError,
        turn: &mut Turn,
    ) {
        let (now, seed) = (turn.now, self.seed);
        self.doubt_link(error, turn);
        if let Some(shelved) = self.shelf.get_mut(&id) {
            shelved.outbox.fail(client_ref, error, now, seed);
            self.tidy_shelf(id, turn);
        } else if let Some(conversation) = self.edit(id, turn)
            && let Some(refused) = conversation.outbox.fail(client_ref, error, now, seed)
        {
            turn.journal(Entry::Outgoing(id, refused.clone()));
        }
        self.notice_lost_session(error, turn);
    }

    fn retried(&mut self, id: MessageId, result: Result<Box<SendAccepted>, CallError>, turn: &mut Turn) {
        self.retrying.remove(&id);
        match result {
            Ok(accepted) => {
                self.take_in(accepted.message, Source::Reply, turn);
                self.renew(accepted.interaction, turn);
            }
            Err(error) => self.tell("The message could not be tried again", &error, turn),
        }
    }

    /// Tells the agent that something did not work.
    pub(super) fn tell(&mut self, what: &str, error: &CallError, turn: &mut Turn) {
        if !self.notice_lost_session(error, turn) {
            self.notices.add(Gravity::Problem, format!("{what}: {error}"));
        }
    }

    /// A call that nobody waits for came to nothing: that may say something of the link or of the session.
    pub(super) fn doubt_result(&mut self, error: Option<&CallError>, turn: &mut Turn) {
        if let Some(error) = error {
            self.doubt_link(error, turn);
            self.notice_lost_session(error, turn);
        }
    }

    /// Ends the session here if the gateway says that it has ended. Says whether it did.
    pub(super) fn notice_lost_session(&mut self, error: &CallError, turn: &mut Turn) -> bool {
        let lost = matches!(error, CallError::Refused(problem) if problem.code == ProblemCode::SignedOut);
        if lost {
            self.lose_session(turn);
        }
        lost
    }
}
