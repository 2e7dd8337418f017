//! Moving what is held of a transcript: older and newer parts, the newest one, one around a message or a day.
//!
//! **Why so.** A page may come late, when what is held has moved on. So each load is remembered, an answer is taken only
//! for the load that is still wanted, and a page is only ever joined to the message it was asked from. What the feed tells
//! while a load is under way may be missing in its page: it is kept and applied to it.
//!
//! **If not.** No answer: the edge says why and can be tried again; a jump is told in a notice, what is held stays.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    api::TranscriptPage,
    delivery::DeliveryState,
    id::{InteractionId, MessageId},
    message::Message,
    problem::ProblemCode,
};

use super::{
    Desk,
    conversation::Conversation,
    effect::{Entry, Load, Part},
    input::{CallError, Command},
    notices::Gravity,
    transcript::{Edge, Goal, order},
    turn::Turn,
};

/// How many messages are asked for at a time.
const PAGE: u32 = 100;

/// The loads of one conversation that are under way.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Loads {
    older: Option<Load>,
    newer: Option<Load>,
    jump: Option<(Load, Aim)>,
    /// How many have not been answered, those included that nobody waits for any more.
    under_way: usize,
    /// What was told meanwhile and may be missing in the pages.
    meanwhile: Vec<Told>,
}

/// Where a jump leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Aim {
    Newest,
    Message(MessageId),
    Day(DateTime<Utc>),
}

/// Something that was told while a load was under way.
#[derive(Debug, Clone, PartialEq)]
enum Told {
    Message(Arc<Message>),
    Delivery(MessageId, DeliveryState),
}

impl Loads {
    pub(super) const fn is_any_under_way(&self) -> bool {
        self.under_way > 0
    }

    /// A load was answered that nobody else waits for.
    pub(super) const fn settle(&mut self) {
        self.under_way = self.under_way.saturating_sub(1);
    }

    /// Notes a message that is not held, in case a page brings an older picture of it.
    pub(super) fn note(&mut self, message: &Arc<Message>) {
        if self.under_way > 0 {
            self.meanwhile.push(Told::Message(Arc::clone(message)));
        }
    }

    /// The same for a delivery.
    pub(super) fn note_delivery(&mut self, id: MessageId, state: &DeliveryState) {
        if self.under_way > 0 {
            self.meanwhile.push(Told::Delivery(id, state.clone()));
        }
    }
}

impl Desk {
    /// The agent wants to see something else of a conversation.
    pub(super) fn move_to(&mut self, command: Command, turn: &mut Turn) {
        match command {
            Command::ShowOlder { interaction, sessions } => self.show_older(interaction, sessions, turn),
            Command::ShowNewer { interaction } => self.show_newer(interaction, turn),
            Command::ShowNewest { interaction } => self.show_newest(interaction, turn),
            Command::GoTo { interaction, message } => self.go_to(interaction, message, turn),
            Command::GoToDay { interaction, at } => self.go_to_day(interaction, at, turn),
            Command::Search { interaction, words } => self.search(interaction, &words, turn),
            Command::SearchStep { interaction, older } => self.search_step(interaction, older, turn),
            _ => {}
        }
    }

    /// More of what is older, going into so many earlier sessions.
    fn show_older(&mut self, id: InteractionId, sessions: u32, turn: &mut Turn) {
        let Some(conversation) = self.edit_shown(id, turn) else { return };
        let transcript = &mut conversation.transcript;
        transcript.reading = true;
        let is_wanted = matches!(transcript.older, Edge::More | Edge::Failed { .. });
        if !is_wanted || (sessions == 0 && transcript.whole) {
            return;
        }
        transcript.older = Edge::Loading;
        let part = transcript.oldest().map_or(Part::Newest, |oldest| Part::Before(oldest.id));
        let load = Load { interaction: id, part, limit: PAGE, sessions: Some(sessions) };
        conversation.loads.older = Some(load.clone());
        conversation.begin(load, turn);
    }

    /// More of what is newer.
    fn show_newer(&mut self, id: InteractionId, turn: &mut Turn) {
        let Some(conversation) = self.edit_shown(id, turn) else { return };
        let transcript = &mut conversation.transcript;
        if !matches!(transcript.newer, Edge::More | Edge::Failed { .. }) {
            return;
        }
        let Some(last) = transcript.last().map(|last| last.id) else { return };
        transcript.newer = Edge::Loading;
        let load = Load { interaction: id, part: Part::After(last), limit: PAGE, sessions: None };
        conversation.loads.newer = Some(load.clone());
        conversation.begin(load, turn);
    }

    /// To the newest message.
    pub(super) fn show_newest(&mut self, id: InteractionId, turn: &mut Turn) {
        let Some(conversation) = self.edit_shown(id, turn) else { return };
        conversation.transcript.reading = false;
        if conversation.transcript.is_at_newest() {
            conversation.loads.jump = None;
            return;
        }
        conversation.jump(Part::Newest, Aim::Newest, turn);
    }

    /// To a message, wherever it is.
    pub(super) fn go_to(&mut self, id: InteractionId, message: MessageId, turn: &mut Turn) {
        if self.remember_goal(id, message) {
            return;
        }
        let Some(conversation) = self.edit_shown(id, turn) else { return };
        conversation.transcript.reading = true;
        if conversation.transcript.get(message).is_some() {
            conversation.loads.jump = None;
            conversation.arrive(message);
            return;
        }
        conversation.jump(Part::Around(message), Aim::Message(message), turn);
    }

    /// To the first message at or after a moment, else to the last one.
    fn go_to_day(&mut self, id: InteractionId, at: DateTime<Utc>, turn: &mut Turn) {
        let Some(conversation) = self.edit_shown(id, turn) else { return };
        let transcript = &mut conversation.transcript;
        transcript.reading = true;
        let reaches_back =
            transcript.older == Edge::End || transcript.oldest().is_some_and(|oldest| oldest.sent_at < at);
        let first = transcript.messages().find(|message| message.sent_at >= at).map(|message| message.id);
        match first.filter(|_| reaches_back) {
            Some(first) => {
                conversation.loads.jump = None;
                conversation.arrive(first);
            }
            None => conversation.jump(Part::At(at), Aim::Day(at), turn),
        }
    }

    /// A part came, or did not.
    pub(super) fn loaded(
        &mut self,
        load: &Load,
        kept: bool,
        result: Result<TranscriptPage, CallError>,
        turn: &mut Turn,
    ) {
        if let Err(error) = &result {
            self.notice_lost_session(error, turn);
        }
        if self.review_loaded(load, &result, turn) {
            return;
        }
        let id = load.interaction;
        let is_ours = self.conversations.contains_key(&id);
        let Some(conversation) = self.edit_shown(id, turn) else { return };
        let landing = conversation.land(load, kept, result);
        if let Some(page) = landing.page.filter(|_| !kept && is_ours) {
            let page = conversation.as_held(load.part, page);
            turn.journal(Entry::Page { interaction: id, part: load.part, page });
        }
        if let Some(text) = landing.notice {
            self.notices.add(Gravity::Problem, text);
        }
    }

    /// Nothing that is under way will be answered.
    pub(super) fn give_up_loads(&mut self, turn: &mut Turn) {
        let read = self.review.as_ref().and_then(|review| review.held.as_ref());
        let busy: Vec<_> = (self.conversations.values().chain(read))
            .filter(|held| held.loads.under_way > 0)
            .map(|held| held.interaction.id)
            .collect();
        for id in busy {
            let Some(conversation) = self.edit_shown(id, turn) else { continue };
            conversation.loads = Loads::default();
            for edge in [&mut conversation.transcript.older, &mut conversation.transcript.newer] {
                if *edge == Edge::Loading {
                    *edge = Edge::More;
                }
            }
        }
    }
}

/// What came of a load.
#[derive(Default)]
struct Landing {
    /// The page, if it was taken in.
    page: Option<TranscriptPage>,
    notice: Option<String>,
}

impl Conversation {
    pub(super) fn begin(&mut self, load: Load, turn: &mut Turn) {
        self.loads.under_way += 1;
        turn.load(load);
    }

    fn jump(&mut self, part: Part, aim: Aim, turn: &mut Turn) {
        let load = Load { interaction: self.interaction.id, part, limit: PAGE, sessions: None };
        if self.loads.jump.as_ref().is_some_and(|(under_way, _)| *under_way == load) {
            return;
        }
        self.loads.jump = Some((load.clone(), aim));
        self.begin(load, turn);
    }

    pub(super) fn arrive(&mut self, message: MessageId) {
        let number = self.goal.map_or(1, |goal| goal.number + 1);
        self.goal = Some(Goal { number, message });
    }

    /// Takes in how a load ended.
    fn land(&mut self, load: &Load, kept: bool, result: Result<TranscriptPage, CallError>) -> Landing {
        self.loads.under_way = self.loads.under_way.saturating_sub(1);
        let mut landing = Landing::default();
        if self.loads.jump.as_ref().is_some_and(|(wanted, _)| wanted == load) {
            let aim = self.loads.jump.take().map(|(_, aim)| aim);
            match (result, aim) {
                (Ok(page), Some(aim)) => landing = self.land_jump(page, aim),
                (Err(error), Some(aim)) => landing.notice = no_jump(aim, &error),
                (_, None) => {}
            }
        } else if self.loads.older.as_ref() == Some(load) {
            self.loads.older = None;
            landing.page = self.land_older(load, kept, result);
        } else if self.loads.newer.as_ref() == Some(load) {
            self.loads.newer = None;
            landing.page = self.land_newer(load, result);
        }
        self.apply_meanwhile(matches!(load.part, Part::Before(_)));
        landing
    }

    fn land_older(
        &mut self,
        load: &Load,
        kept: bool,
        result: Result<TranscriptPage, CallError>,
    ) -> Option<TranscriptPage> {
        let from = self.transcript.oldest().map_or(Part::Newest, |oldest| Part::Before(oldest.id));
        if self.transcript.older != Edge::Loading {
            return None;
        }
        if from != load.part {
            self.transcript.older = Edge::More;
            return None;
        }
        match result {
            Ok(page) => {
                let short = page.messages.len() < usize::try_from(load.limit).unwrap_or(usize::MAX);
                // The journal may hold less than was asked for; that it holds none means that the session begins here.
                let whole = page.older && short && (!kept || page.messages.is_empty());
                self.transcript.add_older(page.clone());
                self.transcript.whole = whole;
                Some(page)
            }
            Err(error) => {
                self.transcript.older = Edge::Failed { why: error.to_string() };
                None
            }
        }
    }

    fn land_newer(
        &mut self,
        load: &Load,
        result: Result<TranscriptPage, CallError>,
    ) -> Option<TranscriptPage> {
        let from = self.transcript.last().map(|last| Part::After(last.id));
        if self.transcript.newer != Edge::Loading {
            return None;
        }
        if from != Some(load.part) {
            self.transcript.newer = Edge::More;
            return None;
        }
        match result {
            Ok(page) => {
                self.transcript.add_newer(page.clone());
                Some(page)
            }
            Err(error) => {
                self.transcript.newer = Edge::Failed { why: error.to_string() };
                None
            }
        }
    }

    fn land_jump(&mut self, page: TranscriptPage, aim: Aim) -> Landing {
        let goal = match aim {
            Aim::Newest => None,
            Aim::Message(wanted) => match page.messages.iter().find(|message| message.id == wanted) {
                Some(found) => Some(found.id),
                None => return Landing { page: None, notice: Some(NOT_FOUND.to_owned()) },
            },
            Aim::Day(at) => {
                let first = page.messages.iter().find(|message| message.sent_at >= at);
                match first.or(page.messages.last()) {
                    Some(found) => Some(found.id),
                    None => return Landing { page: None, notice: Some(NOTHING_SAID.to_owned()) },
                }
            }
        };
        (self.loads.older, self.loads.newer) = (None, None);
        self.transcript.show(page.clone());
        if let Some(goal) = goal {
            self.arrive(goal);
        }
        Landing { page: Some(page), notice: None }
    }

    /// A page that was taken in, with what was told since it was read.
    fn as_held(&self, part: Part, page: TranscriptPage) -> TranscriptPage {
        let anchor = |id: MessageId| self.transcript.get(id).map(|message| order(message));
        let is_of_page = |message: &Message| match part {
            Part::Before(id) => anchor(id).is_some_and(|anchor| order(message) < anchor),
            Part::After(id) => anchor(id).is_some_and(|anchor| order(message) > anchor),
            Part::Newest | Part::Around(_) | Part::At(_) => true,
        };
        let held = self.transcript.messages().filter(|message| is_of_page(message));
        TranscriptPage { messages: held.map(|message| (**message).clone()).collect(), ..page }
    }

    /// What was told while loads were under way is true of what they brought, too.
    fn apply_meanwhile(&mut self, keep_older: bool) {
        for told in &self.loads.meanwhile {
            match told {
                Told::Message(message) => {
                    self.transcript.put(message);
                }
                Told::Delivery(id, state) => {
                    self.transcript.advance(*id, state);
                }
            }
        }
        if self.loads.under_way == 0 {
            self.loads.meanwhile.clear();
        }
        self.transcript.trim(keep_older);
        self.transcript.settle();
    }
}

const NOT_FOUND: &str = "This message is no longer there.";
const NOTHING_SAID: &str = "Nothing was said in this conversation yet.";

/// What to tell of a jump that came to nothing.
fn no_jump(aim: Aim, error: &CallError) -> Option<String> {
    let code = match error {
        CallError::Refused(problem) => Some(problem.code),
        CallError::Unreachable(_) | CallError::WrongProtocol(_) => None,
    };
    match (code, aim) {
        (Some(ProblemCode::SignedOut), _) => None,
        (Some(ProblemCode::NotFound), Aim::Message(_)) => Some(NOT_FOUND.to_owned()),
        _ => Some(format!("That part of the conversation could not be loaded: {error}")),
    }
}
