//! The gateway's feed, page by page: one poll under way at a time, no event passed over, none taken twice.

use chrono::{DateTime, TimeDelta, Utc};
use waxwing_protocol::{
    event::{Cursor, Departure, EventPage, FeedEvent, InteractionSnapshot, Snapshot},
    interaction::Origin,
    problem::ProblemCode,
};

use super::{
    Desk, backoff,
    chime::Chime,
    conversation::Conversation,
    effect::{Call, Entry},
    input::CallError,
    link::{Account, Link},
    outbox::{WRONG_PROTOCOL_PAUSE, asked_pause},
    turn::Turn,
};

/// A gateway that has nothing to say and does not wait is not asked again sooner than this.
const BREATH: TimeDelta = TimeDelta::milliseconds(250);

/// After so many pages in a row that did not follow (a snapshot and a gap are no cause for worry) it is asked more slowly.
const PATIENCE: u32 = 2;

/// How far the feed has been read, and how its reading stands.
#[derive(Debug, Clone, Default)]
pub(super) struct Feed {
    /// The place up to which everything is held; none asks for a snapshot.
    pub(super) cursor: Option<Cursor>,
    /// The feed that what is held comes from, also while a snapshot is asked for.
    pub(super) epoch: Option<u32>,
    polling: Polling,
    /// How many pages in a row did not follow what is held, snapshots included.
    stumbles: u32,
}

/// How the reading of the feed stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Polling {
    /// Nobody is signed in.
    #[default]
    Resting,
    /// A poll is under way.
    UnderWay { asked_at: DateTime<Utc> },
    /// The next poll comes later.
    Due { at: DateTime<Utc> },
}

impl Feed {
    pub(super) const fn rest(&mut self) {
        self.polling = Polling::Resting;
        self.stumbles = 0;
    }

    /// When the next poll is due; none if one is under way or none is wanted.
    pub(super) const fn due_at(&self) -> Option<DateTime<Utc>> {
        match self.polling {
            Polling::Due { at } => Some(at),
            Polling::Resting | Polling::UnderWay { .. } => None,
        }
    }
}

impl Desk {
    /// Asks for the next page at once. It waits at the gateway for something to happen where `wait`.
    pub(super) fn poll(&mut self, wait: bool, turn: &mut Turn) {
        self.feed.polling = Polling::UnderWay { asked_at: turn.now };
        let workbins = self.heard_of_workbins();
        turn.call(Call::Poll { after: self.feed.cursor, wait, workbins });
    }

    /// Asks for the next page if it is time.
    pub(super) fn poll_if_due(&mut self, turn: &mut Turn) {
        if self.feed.due_at().is_some_and(|at| at <= turn.now) {
            let wait = self.link == Link::Online;
            self.poll(wait, turn);
        }
    }

    /// A poll came back.
    pub(super) fn polled(&mut self, result: Result<EventPage, CallError>, turn: &mut Turn) {
        let Polling::UnderWay { asked_at } = self.feed.polling else { return };
        match result {
            Ok(page) => self.take_page(page, asked_at, turn),
            Err(CallError::Refused(problem)) if problem.code == ProblemCode::SignedOut => {
                self.lose_session(turn);
            }
            Err(error) => self.poll_later(&error, turn),
        }
    }

    fn take_page(&mut self, page: EventPage, asked_at: DateTime<Utc>, turn: &mut Turn) {
        self.come_online(turn);
        match page {
            EventPage::Snapshot { snapshot, next, .. } => {
                self.take_snapshot(*snapshot, next, turn);
                self.feed.stumbles += 1;
                if self.feed.stumbles <= PATIENCE {
                    self.poll(true, turn);
                } else {
                    self.poll_after_stumbling(turn);
                }
            }
            EventPage::Events { events, next, more, workbins, .. } => {
                self.hear_of_workbins(workbins, turn);
                let brought_news = self.take_events(events, turn);
                if self.feed.cursor == Some(next) {
                    self.feed.stumbles = 0;
                    self.poll_on(more, if brought_news { turn.now } else { asked_at + BREATH }, turn);
                } else {
                    self.mend_gap(turn);
                }
            }
        }
    }

    /// Asks on after a page that follows, but not sooner than `not_before`.
    fn poll_on(&mut self, more: bool, not_before: DateTime<Utc>, turn: &mut Turn) {
        if turn.now < not_before {
            self.feed.polling = Polling::Due { at: not_before };
        } else {
            self.poll(!more, turn);
        }
    }

    /// The page did not follow what is held. Asks again from there; if that does not help, for everything.
    fn mend_gap(&mut self, turn: &mut Turn) {
        self.feed.stumbles += 1;
        if self.feed.stumbles <= PATIENCE {
            self.poll(false, turn);
        } else {
            self.feed.cursor = None;
            self.poll_after_stumbling(turn);
        }
    }

    /// A gateway whose pages never follow is asked ever more slowly.
    fn poll_after_stumbling(&mut self, turn: &Turn) {
        self.feed.polling = Polling::Due { at: turn.now + backoff::delay(self.feed.stumbles, self.seed) };
    }

    /// Takes in the events that follow what is held, up to the first gap; what is held already is passed over.
    /// Says whether there was any.
    fn take_events(&mut self, events: Vec<FeedEvent>, turn: &mut Turn) -> bool {
        let Some(mut held) = self.feed.cursor else { return false };
        let before = held;
        for FeedEvent { cursor, event } in events {
            if cursor.epoch == held.epoch && cursor.number <= held.number {
                continue;
            }
            if !held.is_followed_by(cursor) {
                break;
            }
            held = cursor;
            self.happen(event, turn);
        }
        if held != before {
            self.feed.cursor = Some(held);
            turn.journal(Entry::Cursor(held));
        }
        held != before
    }

    /// Starts from a picture of everything. What the agent wrote, has not seen and looks at stays.
    fn take_snapshot(&mut self, snapshot: Snapshot, next: Cursor, turn: &mut Turn) {
        self.become_agent(&snapshot.agent, turn);
        turn.journal(Entry::Status(snapshot.status.clone()));
        turn.journal(Entry::Alerts(snapshot.alerts.clone()));
        self.account = Account::SignedIn { agent: snapshot.agent, status: snapshot.status };
        self.alerts = snapshot.alerts;
        self.hear_of_library(snapshot.library, turn);
        self.look_for_library(turn);
        self.hear_of_workbins(snapshot.workbins, turn);
        let same_feed = self.feed.epoch == Some(next.epoch);
        let mut held = std::mem::take(&mut self.conversations);
        for placed in snapshot.interactions {
            let before = held.remove(&placed.interaction.id).map(|held| (*held).clone());
            if before.is_none() && placed.interaction.pending_since.is_some() {
                turn.chimes.insert(placed.interaction.id, Chime::NewInteraction);
            }
            self.place(placed, before, same_feed, turn);
        }
        for conversation in held.into_values() {
            turn.journal(Entry::InteractionGone(conversation.interaction.id));
            self.shelve((*conversation).clone(), Departure::Unknown, turn);
        }
        self.let_go_of_missing_active(turn);
        self.feed.cursor = Some(next);
        self.feed.epoch = Some(next.epoch);
        turn.journal(Entry::Cursor(next));
    }

    /// An interaction came to this agent.
    pub(super) fn add_interaction(&mut self, placed: InteractionSnapshot, turn: &mut Turn) {
        let id = placed.interaction.id;
        let before = self.conversations.remove(&id).map(|held| (*held).clone());
        if before.is_none() && placed.interaction.origin != Origin::Outbound {
            turn.chimes.insert(id, Chime::NewInteraction);
        }
        self.place(placed, before, true, turn);
    }

    /// Puts an interaction with its transcript before the agent, over the picture held `before` if there was one.
    fn place(
        &mut self,
        placed: InteractionSnapshot,
        before: Option<Conversation>,
        same_feed: bool,
        turn: &mut Turn,
    ) {
        let id = placed.interaction.id;
        let unread_before = before.as_ref().map_or(0, |before| before.unread);
        let mut conversation = before.unwrap_or_else(|| {
            let shelved = self.shelf.remove(&id).unwrap_or_default();
            let mut back = Conversation::new(placed.interaction.clone(), shelved.draft, shelved.outbox);
            back.strip = shelved.strip;
            back
        });
        let draft_changed = match placed.draft.clone() {
            Some(draft) => conversation.draft.hear(draft, same_feed, turn.now),
            None => conversation.draft.hear_none(turn.now),
        };
        if draft_changed {
            turn.journal(Entry::Draft(id, Box::new(conversation.draft.kept.clone())));
        }
        let older = placed.older;
        let told = conversation.replace(placed, same_feed);
        if self.is_attended(id) {
            conversation.unread = 0;
            conversation.first_unseen = None;
        }
        if conversation.unread > unread_before {
            turn.chimes.entry(id).or_insert(Chime::NewMessage);
        }
        let arrived: Vec<_> = told.iter().filter_map(|message| message.client_ref).collect();
        for client_ref in arrived {
            if let Some(outgoing) = conversation.outbox.take(client_ref) {
                turn.outgoing_gone(&outgoing);
            }
        }
        if !same_feed {
            turn.journal(Entry::InteractionGone(id));
        }
        turn.journal(Entry::Interaction(Box::new(conversation.interaction.clone())));
        turn.journal(Entry::Newest { interaction: id, messages: told, older });
        turn.journal(Entry::Unread(id, conversation.unread));
        turn.touched.insert(id);
        self.conversations.insert(id, conversation.into());
        self.wrap_up_came(id, turn);
    }

    /// A poll was answered. If the polls before were not, what waits for that goes on and what may have changed is asked for;
    /// a link that was only doubted was there all the time, and the pauses of the calls that failed stay as they are.
    fn come_online(&mut self, turn: &mut Turn) {
        let was_away = match self.link {
            Link::Online | Link::Retrying { attempt: 0, .. } => false,
            Link::Connecting | Link::Retrying { .. } => true,
        };
        if was_away {
            self.hurry(turn);
            self.inquire(turn.now);
            self.look_for_library(turn);
            self.look_for_workbins(turn);
            self.refresh_review(turn);
            self.retry_lists(turn);
        }
        self.link = Link::Online;
    }

    /// A call got no answer while the poll still waits: the gateway may hang. The poll's own end will tell.
    pub(super) fn doubt_link(&mut self, error: &CallError, turn: &Turn) {
        if self.link == Link::Online
            && let CallError::Unreachable(why) = error
        {
            self.link = Link::Retrying { since: turn.now, attempt: 0, next_at: turn.now, why: why.clone() };
        }
    }

    fn poll_later(&mut self, error: &CallError, turn: &mut Turn) {
        let (since, failures) = match &self.link {
            Link::Retrying { since, attempt, .. } => (*since, attempt.saturating_add(1)),
            Link::Connecting | Link::Online => (turn.now, 1),
        };
        let pause = match error {
            CallError::WrongProtocol(_) => WRONG_PROTOCOL_PAUSE,
            CallError::Refused(problem) => {
                asked_pause(problem).unwrap_or_else(|| backoff::delay(failures, self.seed))
            }
            CallError::Unreachable(_) => backoff::delay(failures, self.seed),
        };
        let next_at = turn.now + pause;
        self.link = Link::Retrying { since, attempt: failures, next_at, why: error.to_string() };
        self.feed.polling = Polling::Due { at: next_at };
    }
}
