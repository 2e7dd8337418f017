//! All that lies before the agent, and the rules. Pure: time is an argument, what is to be done comes back as effects.
//!
//! **Why so.** Everything that can happen (the agent, the gateway, the end of a call, the clock) is an [`Input`];
//! [`Desk::step`] is the only way in. So every rule can be tried without a window, a network or a clock, and a picture of
//! the desk is never half a change old.
//!
//! **A step.** One input, one `Turn` that gathers what comes of it, then the same end each time: what is due
//! is sent, touched conversations are laid out anew, at most one chime rings. What is to be remembered comes before what
//! is to be done: a message is on disk before it leaves.
//!
//! **If not all goes well.** No answer: the link is retried, messages wait ([`outbox`]). A gap in the feed: asked again,
//! then a snapshot (`feed`). The session ends: the agent signs in again and goes on where they were ([`link`]). An
//! interaction is taken away: what was written in it is kept (`shelf`).

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, NaiveDate, Utc};
use waxwing_protocol::{
    event::NumberAlert,
    file_rule::FileRules,
    id::{AgentId, ClientRef, InteractionId, MessageId},
    interaction::Phase,
};

mod attention;
mod backoff;
pub mod chime;
mod command;
pub mod conversation;
mod courier;
pub mod directory;
pub mod draft;
pub mod effect;
mod event;
mod feed;
pub mod file;
mod file_rules;
pub mod input;
mod inquiries;
pub mod library;
pub mod link;
pub mod listing;
pub mod notices;
pub mod notification;
pub mod outbox;
mod outcome;
mod paging;
mod passing_on;
pub mod past;
pub mod pending;
pub mod phones;
pub mod picture;
mod reactions;
mod responses;
pub mod restore;
pub mod review;
mod rows;
mod search;
mod seen;
mod shelf;
pub mod sound;
mod strip;
#[cfg(test)]
pub(crate) mod tests;
mod transcript;
mod turn;
pub mod used;
pub mod watching;
pub mod workbins;
pub mod wrap_up;

use chime::{Chime, ChimeSeq, Settings};
use conversation::Conversation;
use courier::Courier;
use directory::Directory;
use effect::{Call, Effect, Entry};
use feed::Feed;
use file::StripState;
use input::Input;
use inquiries::Inquiries;
use library::{Library, manage::Upkeep, sync::Librarian};
use link::{Account, Link};
use notices::{Notice, Notices};
use notification::Refreshing;
use outbox::{Outbox, Start};
use past::Past;
use review::Review;
use shelf::Shelved;
use turn::Turn;
use watching::Watched;
use workbins::{Workbins, sync::Warden};
use wrap_up::WrappingUp;

/// Tells the day of a moment in the agent's time zone.
pub type LocalDay = fn(DateTime<Utc>) -> NaiveDate;

/// All that lies before the agent.
#[derive(Debug, Clone)]
pub struct Desk {
    account: Account,
    /// Whose the things on this desk are, also after their session ended.
    agent: Option<AgentId>,
    link: Link,
    feed: Feed,
    conversations: BTreeMap<InteractionId, Arc<Conversation>>,
    shelf: BTreeMap<InteractionId, Shelved>,
    /// How files stood on their strips that are being made into others: the journal keeps them so meanwhile.
    reworked: BTreeMap<ClientRef, StripState>,
    /// Messages for which *Try again* is under way.
    retrying: BTreeSet<MessageId>,
    active: Option<InteractionId>,
    /// What is read that is not the agent's.
    review: Option<Review>,
    /// Whether the main window has the focus and shows the active conversation.
    focused: bool,
    /// The conversations in windows of their own, and whether that window has the focus.
    own_windows: BTreeMap<InteractionId, bool>,
    settings: Settings,
    local_day: LocalDay,
    alerts: Vec<NumberAlert>,
    library: Arc<Library>,
    /// Which files may be sent, as far as the gateway has told.
    file_rules: FileRules,
    inquiries: Inquiries,
    refreshing: Refreshing,
    librarian: Librarian,
    upkeep: Upkeep,
    workbins: Arc<Workbins>,
    warden: Warden,
    wrap_up: WrappingUp,
    directory: Directory,
    past: Past,
    /// The list that is on screen while the window has the focus.
    watched: Option<Watched>,
    notices: Notices,
    last_chime: Option<ChimeSeq>,
    /// This desktop's own number, so that not all of them try again at once.
    seed: u64,
}

/// The interactions as the interaction bar shows them.
#[derive(Debug, Default)]
pub struct Bar<'a> {
    /// Contacts that wait for an answer, longest first.
    pub waiting_for_you: Vec<&'a Conversation>,
    /// Contacts that are waited for, newest message first.
    pub waiting_for_the_contact: Vec<&'a Conversation>,
    /// Those whose session has ended, and whose work has not, likewise.
    pub after_work: Vec<&'a Conversation>,
}

impl<'a> Bar<'a> {
    /// All of them, from the top.
    pub fn all(&self) -> impl Iterator<Item = &'a Conversation> + '_ {
        let Self { waiting_for_you, waiting_for_the_contact, after_work } = self;
        waiting_for_you.iter().chain(waiting_for_the_contact).chain(after_work).copied()
    }
}

impl Desk {
    /// An empty desk: nobody signed in.
    #[must_use]
    pub fn new(settings: Settings, local_day: LocalDay) -> Self {
        Self {
            account: Account::SignedOut { why: None },
            agent: None,
            link: Link::Connecting,
            feed: Feed::default(),
            conversations: BTreeMap::new(),
            shelf: BTreeMap::new(),
            reworked: BTreeMap::new(),
            retrying: BTreeSet::new(),
            active: None,
            review: None,
            focused: true,
            own_windows: BTreeMap::new(),
            settings,
            local_day,
            alerts: Vec::new(),
            library: Arc::default(),
            file_rules: FileRules::default(),
            inquiries: Inquiries::default(),
            refreshing: Refreshing::default(),
            librarian: Librarian::default(),
            upkeep: Upkeep::default(),
            workbins: Arc::default(),
            warden: Warden::default(),
            wrap_up: WrappingUp::default(),
            directory: Directory::default(),
            past: Past::default(),
            watched: None,
            notices: Notices::default(),
            last_chime: None,
            seed: 0,
        }
    }

    /// The same with a number of this desktop's own, so that not all of them try again at once.
    #[must_use]
    pub const fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Takes an input in and says what is to be done, what is to be written down first.
    pub fn step(&mut self, input: Input, now: DateTime<Utc>) -> Vec<Effect> {
        let mut turn = Turn::new(now);
        match input {
            Input::Restored(restored) => self.restore(*restored, &mut turn),
            Input::Command(command) => self.obey(command, &mut turn),
            Input::Outcome(outcome) => self.conclude(outcome, &mut turn),
            Input::Clock => self.index_library(),
        }
        self.poll_if_due(&mut turn);
        self.send_what_is_due(&mut turn);
        self.tell_what_is_due(&mut turn);
        self.inquire_if_due(&mut turn);
        self.ask_library_if_due(&mut turn);
        self.ask_workbins_if_due(&mut turn);
        self.remind_if_due(&turn);
        self.look_after_wrap_up(&mut turn);
        self.look_for_contacts_if_due(&mut turn);
        self.look_back_if_due(&mut turn);
        self.renew_if_due(&mut turn);
        self.welcome_chat(&mut turn);
        self.tend_review(&mut turn);
        self.arrange(&turn);
        self.ring(&turn);
        turn.into_effects()
    }

    /// When `Input::Clock` is wanted next, if nothing else happens: the next try of a call.
    #[must_use]
    pub fn next_deadline(&self) -> Option<DateTime<Utc>> {
        let ours = || self.conversations.values().filter(|_| self.is_signed_in());
        let sends = self.outboxes().filter(|_| self.is_signed_in()).filter_map(|(_, outbox)| outbox.due_at());
        let told = ours().flat_map(|held| held.couriers()).filter_map(Courier::due_at);
        let library = self.librarian.courier.due_at().filter(|_| self.is_signed_in());
        let inquiries = self.inquiries.due_at().filter(|_| self.is_signed_in());
        let wrap_up = self.wrap_up.due_at();
        let lists = self.directory.list().due_at().into_iter().chain(self.past.due_at());
        let lists = lists.filter(|_| self.is_signed_in());
        let index = (!self.library.is_indexed()).then_some(DateTime::UNIX_EPOCH);
        let workbins = self.workbins_due_at();
        self.feed
            .due_at()
            .into_iter()
            .chain(sends)
            .chain(told)
            .chain(library)
            .chain(inquiries)
            .chain(wrap_up)
            .chain(lists)
            .chain(index)
            .chain(workbins)
            .chain(self.renew_at())
            .min()
    }

    /// How many messages have not reached the gateway: logging off would lose them.
    #[must_use]
    pub fn unsent(&self) -> usize {
        self.outboxes().map(|(_, outbox)| outbox.len()).sum()
    }

    /// Who is signed in.
    #[must_use]
    pub const fn account(&self) -> &Account {
        &self.account
    }

    /// Whether the gateway answers.
    #[must_use]
    pub const fn link(&self) -> &Link {
        &self.link
    }

    /// What the desk goes by.
    #[must_use]
    pub const fn settings(&self) -> Settings {
        self.settings
    }

    /// The conversation in front of the agent.
    #[must_use]
    pub fn active(&self) -> Option<&Conversation> {
        self.active.and_then(|id| self.conversation(id))
    }

    /// One conversation.
    #[must_use]
    pub fn conversation(&self, id: InteractionId) -> Option<&Conversation> {
        self.conversations.get(&id).map(AsRef::as_ref)
    }

    /// All conversations, in the order of the interaction bar; those of one contact stand together in each part of it.
    #[must_use]
    pub fn bar(&self) -> Bar<'_> {
        let mut bar = Bar::default();
        let ours =
            self.conversations.values().map(AsRef::as_ref).filter(|held| held.is_in_bar_of(self.agent));
        for conversation in ours {
            match conversation.pending().waiting_since() {
                Some(_) => bar.waiting_for_you.push(conversation),
                None if conversation.interaction().phase == Phase::Ended => bar.after_work.push(conversation),
                None => bar.waiting_for_the_contact.push(conversation),
            }
        }
        bar.waiting_for_you.sort_by_key(|held| (held.interaction.pending_since, held.interaction.id));
        for part in [&mut bar.waiting_for_the_contact, &mut bar.after_work] {
            part.sort_by_key(|held| held.by_newest());
        }
        for part in [&mut bar.waiting_for_you, &mut bar.waiting_for_the_contact, &mut bar.after_work] {
            *part = by_contact(part);
        }
        bar
    }

    /// What stops our numbers.
    #[must_use]
    pub fn alerts(&self) -> &[NumberAlert] {
        &self.alerts
    }

    /// Prepared replies and the templates of notifications.
    #[must_use]
    pub fn library(&self) -> &Library {
        &self.library
    }

    /// Lines for the agent.
    #[must_use]
    pub fn notices(&self) -> &[Notice] {
        self.notices.unread()
    }

    /// The latest chime.
    #[must_use]
    pub const fn last_chime(&self) -> Option<ChimeSeq> {
        self.last_chime
    }

    const fn is_signed_in(&self) -> bool {
        matches!(self.account, Account::SignedIn { .. })
    }

    /// A conversation to change; its rows are made anew at the end of the step.
    fn edit<'a>(&'a mut self, id: InteractionId, turn: &mut Turn) -> Option<&'a mut Conversation> {
        let conversation = self.conversations.get_mut(&id)?;
        turn.touched.insert(id);
        Some(Arc::make_mut(conversation))
    }

    /// The same of one that is only read, too.
    fn edit_shown<'a>(&'a mut self, id: InteractionId, turn: &mut Turn) -> Option<&'a mut Conversation> {
        let read = self.review.as_mut().filter(|review| review.interaction == id);
        let read = read.and_then(|review| review.held.as_mut());
        let conversation = self.conversations.get_mut(&id).or(read)?;
        turn.touched.insert(id);
        Some(Arc::make_mut(conversation))
    }

    /// Makes the rows of what was touched anew.
    fn arrange(&mut self, turn: &Turn) {
        let read = self.review.as_mut().filter(|review| turn.touched.contains(&review.interaction));
        if let Some(read) = read.and_then(|review| review.held.as_mut()) {
            Arc::make_mut(read).arrange(self.local_day);
        }
        for id in &turn.touched {
            if let Some(conversation) = self.conversations.get_mut(id) {
                Arc::make_mut(conversation).arrange(self.local_day);
            }
        }
    }

    /// Every queue, of conversations that are here and that are not.
    fn outboxes(&self) -> impl Iterator<Item = (InteractionId, &Outbox)> {
        let held = self.conversations.iter().map(|(id, held)| (*id, &held.outbox));
        held.chain(self.shelf.iter().map(|(id, shelved)| (*id, &shelved.outbox)))
    }

    /// The queue of a conversation that is here or that is not.
    fn outbox_mut(&mut self, id: InteractionId, turn: &mut Turn) -> Option<&mut Outbox> {
        if self.conversations.contains_key(&id) {
            return self.edit(id, turn).map(|conversation| &mut conversation.outbox);
        }
        self.shelf.get_mut(&id).map(|shelved| &mut shelved.outbox)
    }

    fn send_what_is_due(&mut self, turn: &mut Turn) {
        if !self.is_signed_in() {
            return;
        }
        let is_due = |outbox: &Outbox| outbox.due_at().is_some_and(|at| at <= turn.now);
        let due: Vec<_> = self.outboxes().filter(|(_, outbox)| is_due(outbox)).map(|(id, _)| id).collect();
        for id in due {
            match self.outbox_mut(id, turn).and_then(Outbox::start) {
                Some(Start::Send(message)) => turn.call(Call::Send { interaction: id, message }),
                Some(Start::Upload { client_ref, file }) => {
                    turn.call(Call::Upload { interaction: id, client_ref, file });
                }
                None => {}
            }
        }
    }

    /// Tells the gateway what changed in composers and how far was read, where that is due.
    fn tell_what_is_due(&mut self, turn: &mut Turn) {
        if !self.is_signed_in() {
            return;
        }
        let is_due = |courier: Courier| courier.due_at().is_some_and(|at| at <= turn.now);
        let due = self.conversations.iter().filter(|(_, held)| held.couriers().into_iter().any(is_due));
        let due: Vec<_> = due.map(|(id, _)| *id).collect();
        for interaction in due {
            let now = turn.now;
            let Some(conversation) = self.edit(interaction, turn) else { continue };
            let is_due = |courier: Courier| courier.due_at().is_some_and(|at| at <= now);
            let draft = is_due(conversation.draft.courier).then(|| conversation.draft.start()).flatten();
            let up_to = is_due(conversation.seen.courier).then(|| conversation.seen.start()).flatten();
            if let Some(draft) = draft {
                turn.call(Call::PutDraft { interaction, draft });
            }
            if let Some(up_to) = up_to {
                turn.call(Call::MarkRead { interaction, up_to });
            }
        }
    }

    /// Rings once for everything a step brought, unless it has been answered already.
    fn ring(&mut self, turn: &Turn) {
        let stands = |id: &InteractionId, chime: Chime| {
            self.conversation(*id).is_some_and(|held| chime == Chime::NewInteraction || !held.is_answered())
        };
        let chimes = turn.chimes.iter().filter(|(id, chime)| stands(id, **chime)).map(|(_, chime)| *chime);
        let loudest = chimes.min_by_key(|chime| *chime != Chime::NewInteraction);
        if let Some(chime) = loudest {
            let number = self.last_chime.map_or(1, |last| last.number + 1);
            self.last_chime = Some(ChimeSeq { number, chime });
        }
    }

    fn let_go_of_missing_active(&mut self, turn: &mut Turn) {
        if self.active.is_some_and(|id| !self.conversations.contains_key(&id)) {
            self.active = None;
            turn.journal(Entry::Active(None));
        }
    }
}

/// The same with what belongs to one contact behind the first of theirs.
fn by_contact<'a>(ordered: &[&'a Conversation]) -> Vec<&'a Conversation> {
    let first = |held: &Conversation| {
        ordered.iter().position(|other| other.interaction.contact.id == held.interaction.contact.id)
    };
    let mut together = ordered.to_vec();
    together.sort_by_key(|held| first(held));
    together
}
