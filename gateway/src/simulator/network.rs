//! Who there is on the network, what was sent to them, and the tasks that keep it going.

use std::{
    collections::BTreeMap,
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::{
    sync::{mpsc, watch},
    task::JoinSet,
};

use super::{
    SimulatorConfig,
    faults::Faults,
    limits::Meter,
    media::{self, StoredFile},
    templates, webhooks,
};
use crate::{clock::Clock, random::Seeded};

/// How many webhooks may wait to be posted.
const WEBHOOKS_WAITING: usize = 10_000;

/// A contact on the network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The name they gave WhatsApp.
    pub name: String,
    /// Digits; none for people who keep it to themselves.
    #[serde(default)]
    pub phone: Option<String>,
    /// Business-scoped user id.
    pub user_id: String,
    /// WhatsApp user name.
    #[serde(default)]
    pub user_name: Option<String>,
}

/// Something the Graph API was asked to send.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Received {
    /// The id it was given; none if it was not taken.
    pub wamid: Option<String>,
    /// The code it was refused with, if it was.
    pub refused: Option<u32>,
    /// The request as it came.
    pub body: Value,
    /// When.
    pub at: DateTime<Utc>,
}

/// A contact and where they stand.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) identity: Identity,
    pub(super) last_wrote_at: Option<DateTime<Utc>>,
    /// Ids of what they were sent.
    pub(super) inbox: Vec<String>,
    /// Ids of what they said.
    pub(super) said: Vec<String>,
    pub(super) meter: Meter,
    /// Whether they look at the chat just now: *read* then comes without *delivered*.
    pub(super) looks: bool,
}

/// What changes.
#[derive(Debug)]
pub(super) struct State {
    pub(super) token: String,
    pub(super) people: Vec<Person>,
    pub(super) received: Vec<Received>,
    pub(super) faults: Faults,
    pub(super) meter: Meter,
    pub(super) files: BTreeMap<String, StoredFile>,
    /// The account's message templates, as they are listed.
    pub(super) templates: Vec<Value>,
    /// Whether contacts read what they get.
    pub(super) reads: bool,
    pub(super) playing: bool,
    chance: Seeded,
}

impl State {
    /// Who is meant by a name, a phone number with or without `+`, or a user id.
    pub(super) fn find(&mut self, who: &str) -> Option<&mut Person> {
        let digits = who.trim_start_matches('+');
        self.people.iter_mut().find(|person| {
            let identity = &person.identity;
            identity.user_id == who
                || identity.phone.as_deref() == Some(digits)
                || identity.name.eq_ignore_ascii_case(who)
        })
    }

    /// An id of WhatsApp's form that was never given out before.
    pub(super) fn draw_wamid(&mut self) -> String {
        let drawn = [self.chance.next().to_be_bytes(), self.chance.next().to_be_bytes()].concat();
        format!("wamid.HBg{}", STANDARD.encode(drawn))
    }

    /// An id of digits that was never given out before.
    pub(super) fn draw_digits(&mut self) -> String {
        format!("{:015}", self.chance.next() % 1_000_000_000_000_000)
    }
}

/// The box.
#[derive(Debug)]
pub(super) struct Network {
    pub(super) config: SimulatorConfig,
    pub(super) clock: Clock,
    /// Where this box is reached.
    pub(super) url: String,
    state: Mutex<State>,
    received: watch::Sender<usize>,
    webhooks: mpsc::Sender<Value>,
    tasks: Mutex<JoinSet<()>>,
}

impl Network {
    pub(super) fn new(config: SimulatorConfig, clock: Clock, url: String) -> Arc<Self> {
        let (webhooks, queue) = mpsc::channel(WEBHOOKS_WAITING);
        let now = clock.now();
        // Nobody remembers what was before the start, so the people of the script count as having just written.
        let person = |identity: &Identity| Person { last_wrote_at: Some(now), ..person(identity.clone()) };
        let state = State {
            token: config.token.clone(),
            people: config.script.people.iter().map(|scripted| person(&scripted.identity)).collect(),
            received: Vec::new(),
            faults: Faults::default(),
            meter: Meter::default(),
            files: media::samples(),
            templates: templates::samples(),
            reads: true,
            playing: false,
            chance: Seeded::new(config.seed),
        };
        let network = Arc::new(Self {
            config,
            clock,
            url,
            state: Mutex::new(state),
            received: watch::Sender::new(0),
            webhooks,
            tasks: Mutex::default(),
        });
        network.spawn(webhooks::post_all(Arc::clone(&network), queue));
        network
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something until it is done or the box stops.
    pub(super) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        while tasks.try_join_next().is_some() {}
        tasks.spawn(task);
    }

    pub(super) fn stop(&self) {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner).abort_all();
    }

    /// A span of life as long as it lasts here.
    pub(super) fn scaled(&self, seconds: f64) -> Duration {
        Duration::try_from_secs_f64(seconds / self.config.speed).unwrap_or_default()
    }

    /// Has a webhook posted; one that finds no room is lost, as a network may lose it.
    pub(super) fn post(&self, object: Value) {
        if self.webhooks.try_send(object).is_err() {
            tracing::warn!("the simulator has too many webhooks waiting and lost one");
        }
    }

    /// Who is meant by `who`; somebody new with that phone number if nobody is.
    pub(super) fn find_or_add(&self, who: &str) -> Identity {
        let mut state = self.state();
        if let Some(known) = state.find(who) {
            return known.identity.clone();
        }
        let digits: String = who.chars().filter(char::is_ascii_digit).collect();
        let user_id = format!("US.{}", state.draw_digits());
        let phone = (!digits.is_empty()).then_some(digits);
        let identity = Identity { name: who.to_owned(), phone, user_id, user_name: None };
        state.people.push(person(identity.clone()));
        identity
    }

    pub(super) fn note_received(&self, received: Received) {
        let mut state = self.state();
        state.received.push(received);
        self.received.send_replace(state.received.len());
    }

    pub(super) fn received(&self) -> (Vec<Received>, watch::Receiver<usize>) {
        let state = self.state();
        (state.received.clone(), self.received.subscribe())
    }

    /// Whether anything but a template may be sent to somebody who last wrote then (24 hours).
    pub(super) fn is_window_open(last_wrote_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
        last_wrote_at.is_some_and(|at| now - at < TimeDelta::hours(24))
    }
}

const fn person(identity: Identity) -> Person {
    Person {
        identity,
        last_wrote_at: None,
        inbox: Vec::new(),
        said: Vec::new(),
        meter: Meter::new(),
        looks: false,
    }
}
