//! What a route may reach.

use std::{net::IpAddr, sync::Arc, time::Duration};

use tokio::sync::{Semaphore, watch};

use crate::{
    auth::{Auth, AuthLimits},
    clock::Clock,
    handling::phones::Phones,
    ingest::Ingest,
    limits::Limits,
    media::{Files, Looking, Uploads},
    metrics::Metrics,
    outbox::Typing,
    store::Store,
};

/// The longest wait of a poll: proxies cut connections that are silent for a minute.
pub const LONGEST_POLL_WAIT: Duration = Duration::from_secs(50);

/// How many searches run at once.
const SEARCHES_AT_ONCE: usize = 2;

/// The running gateway. Clones share everything.
#[derive(Clone, Debug)]
pub struct App {
    /// What is kept.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// The way in for webhooks.
    pub ingest: Ingest,
    /// Who may call.
    pub auth: Auth,
    /// What is counted.
    pub metrics: Metrics,
    /// Where agents say that they are writing.
    pub typing: Typing,
    /// How long a poll waits at most.
    pub poll_wait: Duration,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Arc<[IpAddr]>,
    /// Our copies of the files of messages.
    pub files: Files,
    /// Which files may go in and out.
    pub limits: Arc<Limits>,
    /// The way in for files of desktops.
    pub uploads: Uploads,
    /// Searches that may run at once: each may read a whole conversation, and polls need readers, too.
    pub searches: Arc<Semaphore>,
    /// How phone numbers are read.
    pub phones: Phones,
    stopping: watch::Sender<bool>,
}

impl App {
    /// Puts the gateway together and starts the writer of webhooks. Needs a tokio runtime.
    #[must_use]
    pub fn new(store: Store, clock: Clock, limits: AuthLimits) -> Self {
        let (files, admitted) = (Files::in_memory(), Arc::<Limits>::default());
        let looks = (Looking::default(), Arc::clone(&admitted));
        let uploads = Uploads::new(store.clone(), files.clone(), looks, clock.clone());
        let (ingest, _writer) = Ingest::start(store.clone(), clock.clone());
        Self {
            store,
            clock,
            ingest,
            auth: Auth::new(limits),
            metrics: Metrics::default(),
            typing: Typing::default(),
            poll_wait: LONGEST_POLL_WAIT,
            trusted_proxies: Arc::default(),
            files,
            limits: admitted,
            uploads,
            phones: Phones::default(),
            searches: Arc::new(Semaphore::new(SEARCHES_AT_ONCE)),
            stopping: watch::Sender::new(false),
        }
    }

    /// Keeps files there from now on, looks into them so, and holds them to these limits.
    pub fn keep_files(&mut self, files: Files, looking: Looking, limits: Limits) {
        let limits = Arc::new(limits);
        let looks = (looking, Arc::clone(&limits));
        self.uploads = Uploads::new(self.store.clone(), files.clone(), looks, self.clock.clone());
        (self.files, self.limits) = (files, limits);
    }

    /// Lets waiting polls end: the gateway is about to stop.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Waits until the gateway is about to stop.
    pub async fn stopped(&self) {
        let mut stopping = self.stopping.subscribe();
        // The sender lives in this very App, so the wait can't fail.
        drop(stopping.wait_for(|stopping| *stopping).await);
    }
}
