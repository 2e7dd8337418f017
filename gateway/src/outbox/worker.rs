//! The worker: takes what is due, lets it leave, writes down what came of it, sleeps until something is due.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::Future,
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::{
    task::{JoinError, JoinSet},
    time::sleep,
};
use tracing::{debug, error, info, warn};
use waxwing_protocol::id::BusinessNumberId;

use super::{
    decide::Next,
    files::{self, Uploaded},
    record,
    request::{Ended, request, whatever_happens},
};
use crate::{
    clock::Clock,
    media::Files,
    random,
    store::{
        Bell, Store, StoreError,
        numbers::{self, StoredNumber},
        outbox::{self, Errand, OutboxRow, Recipient},
        sending::Kind,
        whatsapp_files,
    },
    whatsapp::cloud_api::{CloudApi, Credentials},
};

/// How often a stopped number is looked at for another token, and how long a failed write waits to be repeated.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// How the outbox behaves.
#[derive(Debug, Clone)]
pub struct OutboxOptions {
    /// How many requests are under way at once, 1 or more.
    pub in_flight: u32,
    /// How long a message whose answer got lost waits for a status.
    pub status_wait: Duration,
    /// How often a message is tried on a stopped number.
    pub probe_every: Duration,
}

impl Default for OutboxOptions {
    fn default() -> Self {
        Self { in_flight: 16, status_wait: Duration::from_mins(10), probe_every: Duration::from_mins(5) }
    }
}

/// A stopped number as the worker last saw it.
struct Stopped {
    token: String,
    probe_at: DateTime<Utc>,
}

/// What is on its way just now.
#[derive(Default)]
struct UnderWay {
    requests: JoinSet<Ended>,
    /// Files, which may take long: they have no part in what was left before the process ends.
    uploads: JoinSet<Uploaded>,
}

/// Sends what is stored. One per store.
pub struct Outbox {
    store: Store,
    files: Files,
    api: CloudApi,
    clock: Clock,
    options: OutboxOptions,
    /// Who has a request under way.
    busy: BTreeSet<Recipient>,
    /// Numbers that WhatsApp asked to pause, and until when.
    paused: BTreeMap<BusinessNumberId, DateTime<Utc>>,
    stopped: BTreeMap<BusinessNumberId, Stopped>,
}

impl Outbox {
    /// Makes the worker; [`Outbox::run`] starts it.
    #[must_use]
    pub const fn new(
        store: Store,
        files: Files,
        api: CloudApi,
        clock: Clock,
        options: OutboxOptions,
    ) -> Self {
        Self {
            store,
            files,
            api,
            clock,
            options,
            busy: BTreeSet::new(),
            paused: BTreeMap::new(),
            stopped: BTreeMap::new(),
        }
    }

    /// Sends until `shutdown` ends; then lets the requests under way end and returns. Files under way begin anew at the next
    /// start.
    pub async fn run(mut self, shutdown: impl Future<Output = ()>) {
        let mut shutdown = std::pin::pin!(shutdown);
        let mut under_way = UnderWay::default();
        let store = self.store.clone();
        while let Err(problem) = record::recover(&store, &self.clock).await {
            error!(%problem, "the outbox can't be read");
            tokio::select! {
                () = &mut shutdown => return,
                () = sleep(LOOK_AGAIN) => {}
            }
        }
        loop {
            let pause = match self.pass(&mut under_way).await {
                Ok(pause) => pause,
                Err(problem) => {
                    error!(%problem, "the outbox can't be read");
                    LOOK_AGAIN
                }
            };
            tokio::select! {
                () = &mut shutdown => break,
                () = store.bell(Bell::Outbox).notified() => {}
                Some(ended) = under_way.requests.join_next() => self.note(ended).await,
                Some(Ok(uploaded)) = under_way.uploads.join_next() => self.note_uploaded(uploaded).await,
                () = sleep(pause) => {}
            }
        }
        while let Some(ended) = under_way.requests.join_next().await {
            self.note(ended).await;
        }
    }

    /// Lets everything leave that may, and says how long to sleep if nothing else happens.
    async fn pass(&mut self, under_way: &mut UnderWay) -> Result<Duration, StoreError> {
        let now = self.clock.now();
        let wait = TimeDelta::from_std(self.options.status_wait).unwrap_or(TimeDelta::MAX);
        record::give_up(&self.store, now - wait, now).await?;
        let mut reader = self.store.reader().acquire().await?;
        let numbers = numbers::list(&mut reader).await?;
        let (mut leaving, mut uploading) = (Vec::new(), Vec::new());
        self.paused.retain(|_, until| *until > now);
        self.stopped.retain(|id, _| numbers.iter().any(|n| n.id == *id && n.alert.is_some()));
        // A recipient that is still busy may be among the due ones: its row can be resolved by a status meanwhile.
        let busy = u32::try_from(self.busy.len()).unwrap_or(u32::MAX);
        for number in &numbers {
            if number.alert.is_some() {
                if !self.may_probe(number, now) {
                    continue;
                }
                let oldest = outbox::probe(&mut reader, number.id).await?;
                if oldest.is_none() && !number.alert_by_status {
                    under_way.requests.spawn(look_up(self.api.clone(), number.id, credentials(number)));
                }
                if let Some(row) = oldest {
                    let files = whatsapp_files::of(&mut reader, row.attempt.message, number.id, now).await?;
                    let waits =
                        row.attempt.kind == Kind::Message && files.iter().any(|file| file.known.is_none());
                    if waits { &mut uploading } else { &mut leaving }.push((row, number));
                }
            } else if !self.paused.contains_key(&number.id) {
                let (send, upload) = (self.options.in_flight, u32::try_from(files::AT_ONCE).unwrap_or(1));
                let send = (Errand::Send, send.saturating_add(busy));
                let upload = (Errand::Upload, upload.saturating_add(busy));
                let due = outbox::due(&mut reader, number.id, send, now).await?;
                leaving.extend(due.into_iter().map(|row| (row, number)));
                let due = outbox::due(&mut reader, number.id, upload, now).await?;
                uploading.extend(due.into_iter().map(|row| (row, number)));
            }
        }
        let next_due = outbox::next_due(&mut reader, now, wait.num_milliseconds()).await?;
        drop(reader);
        self.choose(&mut leaving, (self.options.in_flight as usize).saturating_sub(under_way.requests.len()));
        self.choose(&mut uploading, files::AT_ONCE.saturating_sub(under_way.uploads.len()));
        self.send(&mut under_way.requests, leaving, now).await?;
        self.upload(&mut under_way.uploads, uploading, now).await?;
        debug!(requests = under_way.requests.len(), uploads = under_way.uploads.len(), "outbox pass");
        Ok(self.pause(now, next_due))
    }

    /// Leaves the oldest of these rows whose recipients are not busy, as many as there is room for.
    fn choose(&self, rows: &mut Vec<(OutboxRow, &StoredNumber)>, room: usize) {
        rows.retain(|(row, _)| !self.busy.contains(&row.recipient));
        rows.sort_by_key(|(row, _)| row.attempt.message);
        rows.truncate(room);
    }

    /// Lets rows leave; that they do is on disk before.
    async fn send(
        &mut self,
        requests: &mut JoinSet<Ended>,
        leaving: Vec<(OutboxRow, &StoredNumber)>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        if leaving.is_empty() {
            return Ok(());
        }
        let rows: Vec<OutboxRow> = leaving.iter().map(|(row, _)| *row).collect();
        record::leave(&self.store, &rows, now).await?;
        for (row, number) in leaving {
            self.busy.insert(row.recipient);
            let from = credentials(number);
            let tried = request(self.store.clone(), self.api.clone(), self.clock.clone(), row, from);
            requests.spawn(whatever_happens(row, tried));
        }
        Ok(())
    }

    /// Gives WhatsApp the files of rows; meanwhile nothing else leaves for their recipients.
    async fn upload(
        &mut self,
        uploads: &mut JoinSet<Uploaded>,
        rows: Vec<(OutboxRow, &StoredNumber)>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        for (row, number) in rows {
            let mut reader = self.store.reader().acquire().await?;
            let files = whatsapp_files::of(&mut reader, row.attempt.message, number.id, now).await?;
            // One after the other: the row is due again when this one is there.
            let Some(file) = files.into_iter().find(|file| file.known.is_none()) else { continue };
            self.busy.insert(row.recipient);
            let with = (self.api.clone(), self.files.clone());
            uploads.spawn(files::upload(with, credentials(number), row, file));
        }
        Ok(())
    }

    /// How long nothing becomes due of itself.
    fn pause(&self, now: DateTime<Utc>, next_due: Option<DateTime<Utc>>) -> Duration {
        let look_again = (!self.stopped.is_empty()).then(|| now + LOOK_AGAIN);
        let next = self.paused.values().copied().chain(next_due).chain(look_again).min();
        next.map_or(Duration::MAX / 4, |at| (at - now).to_std().unwrap_or_default())
            .clamp(Duration::from_millis(1), Duration::from_hours(1))
    }

    /// Whether a stopped number is to be tried now: every so often, and at once when its token is another one.
    fn may_probe(&mut self, number: &StoredNumber, now: DateTime<Utc>) -> bool {
        let every = TimeDelta::from_std(self.options.probe_every).unwrap_or(TimeDelta::MAX);
        let token = &number.settings.token;
        // A message that a status is bound to fail is lost to the agent's eyes: the first one, too, waits for its time.
        let first =
            number.alert.as_ref().filter(|_alert| number.alert_by_status).map(|(_, since)| *since + every);
        let is_due = match self.stopped.get(&number.id) {
            Some(stopped) => stopped.token != *token || now >= stopped.probe_at,
            None => first.is_none_or(|first| now >= first),
        };
        let probe_at = first.filter(|_first| !is_due).unwrap_or(now + every);
        if is_due || !self.stopped.contains_key(&number.id) {
            self.stopped.insert(number.id, Stopped { token: token.clone(), probe_at });
        }
        is_due
    }

    /// Writes down how a request ended; repeats that until it is on disk, as nobody else knows it.
    async fn note(&mut self, ended: Result<Ended, JoinError>) {
        let (row, next) = match ended {
            Ok(Ended::Tried(row, next)) => (row, next),
            Ok(Ended::Usable(number)) => return self.resume(number).await,
            Ok(Ended::StillStopped) => return,
            // A look-up; the next one comes by itself.
            Err(_broken_off) => return,
        };
        let now = self.clock.now();
        self.note_pause(&row, &next);
        while let Err(problem) = record::next(&self.store, &row, &next, now).await {
            error!(%problem, message.id = %row.attempt.message, "what became of a message can't be written");
            sleep(LOOK_AGAIN).await;
        }
        self.busy.remove(&row.recipient);
    }

    /// Lets a number rest that WhatsApp has stopped or slowed down.
    fn note_pause(&mut self, row: &OutboxRow, next: &Next) {
        if let Next::TryAgain { at, whole_number: true } = next {
            warn!(number.id = %row.recipient.0, until = %at, "WhatsApp asks this number to pause");
            self.paused.insert(row.recipient.0, *at);
        }
        if let Next::Held { .. } = next {
            warn!(number.id = %row.recipient.0, "the number can't send");
        }
    }

    /// Writes down how an upload ended; the row is due again, to be sent or to be tried once more.
    async fn note_uploaded(&mut self, uploaded: Uploaded) {
        files::log(&uploaded);
        let Uploaded { row, file, outcome } = uploaded;
        let (now, jitter) = (self.clock.now(), u16::from_be_bytes(random::bytes()));
        let next = match outcome {
            Ok(media_id) => {
                while let Err(problem) = record::uploaded(&self.store, &row, (&file, &media_id), now).await {
                    error!(%problem, message.id = %row.attempt.message, "what WhatsApp calls a file can't be written");
                    sleep(LOOK_AGAIN).await;
                }
                // A stopped number that took a file may take its message, too.
                if let Some(stopped) = self.stopped.get_mut(&row.recipient.0) {
                    stopped.probe_at = now;
                }
                self.busy.remove(&row.recipient);
                return;
            }
            Err(trouble) => files::failed(row.tries + 1, trouble, now, jitter),
        };
        self.note_pause(&row, &next);
        while let Err(problem) = record::not_uploaded(&self.store, &row, &next, now).await {
            error!(%problem, message.id = %row.attempt.message, "what became of a file can't be written");
            sleep(LOOK_AGAIN).await;
        }
        self.busy.remove(&row.recipient);
    }

    async fn resume(&mut self, number: BusinessNumberId) {
        info!(number.id = %number, "the number can be used again");
        if let Err(problem) = record::resume_number(&self.store, number, self.clock.now()).await {
            error!(%problem, "an alert can't be cleared");
        }
    }
}

pub(super) fn credentials(number: &StoredNumber) -> Credentials {
    Credentials {
        phone_number_id: number.settings.phone_number_id.clone(),
        token: number.settings.token.clone(),
    }
}

async fn look_up(api: CloudApi, number: BusinessNumberId, credentials: Credentials) -> Ended {
    match api.check_number(&credentials).await {
        Ok(_known) => Ended::Usable(number),
        Err(_still_refused) => Ended::StillStopped,
    }
}
