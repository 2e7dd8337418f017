//! All that lies before the agent, and the rules. Pure: time is an argument, what is to be done comes back as effects.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use waxwing_protocol::{
    event::{Cursor, NumberAlert},
    id::InteractionId,
};

pub mod chime;
pub mod conversation;
pub mod effect;
pub mod input;
pub mod link;
pub mod notices;
pub mod outbox;
pub mod pending;
pub mod restore;

use chime::{ChimeSeq, Settings};
use conversation::Conversation;
use effect::Effect;
use input::Input;
use link::{Account, Link};
use notices::Notice;

/// Tells the day of a moment in the agent's time zone.
pub type LocalDay = fn(DateTime<Utc>) -> NaiveDate;

/// All that lies before the agent.
#[derive(Debug, Clone)]
pub struct Desk {
    account: Account,
    link: Link,
    conversations: BTreeMap<InteractionId, Arc<Conversation>>,
    active: Option<InteractionId>,
    focused: bool,
    settings: Settings,
    local_day: LocalDay,
    alerts: Vec<NumberAlert>,
    notices: Vec<Notice>,
    last_chime: Option<ChimeSeq>,
    cursor: Option<Cursor>,
}

/// The interactions as the interaction bar shows them.
#[derive(Debug, Default)]
pub struct Bar<'a> {
    /// Contacts that wait for an answer, longest first.
    pub waiting_for_you: Vec<&'a Conversation>,
    /// The others, newest message first.
    pub waiting_for_the_contact: Vec<&'a Conversation>,
}

impl Desk {
    /// An empty desk: nobody signed in.
    #[must_use]
    pub fn new(settings: Settings, local_day: LocalDay) -> Self {
        Self {
            account: Account::SignedOut { why: None },
            link: Link::Connecting,
            conversations: BTreeMap::new(),
            active: None,
            focused: true,
            settings,
            local_day,
            alerts: Vec::new(),
            notices: Vec::new(),
            last_chime: None,
            cursor: None,
        }
    }

    /// Takes an input in and says what is to be done.
    pub fn step(&mut self, _input: Input, _now: DateTime<Utc>) -> Vec<Effect> {
        Vec::new()
    }

    /// When `Input::Clock` is wanted next, if nothing else happens: the next try of a call.
    #[must_use]
    pub fn next_deadline(&self) -> Option<DateTime<Utc>> {
        None
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

    /// All conversations, in the order of the interaction bar.
    #[must_use]
    pub fn bar(&self) -> Bar<'_> {
        Bar::default()
    }

    /// Whether the taskbar is to ask for attention: somebody waits in a conversation that is not the active one of a
    /// focused window.
    #[must_use]
    pub fn wants_attention(&self) -> bool {
        false
    }

    /// What stops our numbers.
    #[must_use]
    pub fn alerts(&self) -> &[NumberAlert] {
        &self.alerts
    }

    /// Lines for the agent.
    #[must_use]
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// The latest chime.
    #[must_use]
    pub const fn last_chime(&self) -> Option<ChimeSeq> {
        self.last_chime
    }
}
