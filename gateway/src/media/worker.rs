//! The worker: takes what is due, the oldest first, fetches a few files at a time, and writes down what came of it.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    future::Future,
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::{
    task::{JoinError, JoinSet},
    time::sleep,
};
use tracing::{error, info, warn};
use waxwing_protocol::{
    attachment::AttachmentState,
    id::{AttachmentId, BusinessNumberId},
};

use super::{
    decide::{Next, Standing, decide},
    fetch::{FetchFailure, fetch},
    files::Files,
};
use crate::{
    clock::Clock,
    handling::history_files,
    random,
    store::{
        Bell, Store, StoreError,
        attachments::{self, Wanted},
        numbers::{self, AlertSource, StoredNumber},
    },
    whatsapp::{
        cloud_api::Credentials,
        media::{MediaApi, MediaFailure},
    },
};

/// How often a number that can't be used is looked at again, and how long a failed write waits to be repeated.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// After how many errors within an hour a number rests: 20 make Meta block it for half an hour.
const ERRORS_AN_HOUR: usize = 15;

/// How files are fetched.
#[derive(Debug, Clone)]
pub struct MediaOptions {
    /// How many at once, 1 or more.
    pub at_once: usize,
    /// How long one may take.
    pub at_most: Duration,
}

impl Default for MediaOptions {
    fn default() -> Self {
        Self { at_once: 4, at_most: Duration::from_mins(10) }
    }
}

type Ended = (Wanted, Result<u64, FetchFailure>);

/// Fetches what was announced. One per store.
pub struct Media {
    store: Store,
    files: Files,
    api: MediaApi,
    clock: Clock,
    options: MediaOptions,
    busy: BTreeSet<AttachmentId>,
    /// When WhatsApp last gave errors, by number.
    errors: BTreeMap<BusinessNumberId, VecDeque<DateTime<Utc>>>,
}

impl Media {
    /// Makes the worker; [`Media::run`] starts it.
    #[must_use]
    pub const fn new(store: Store, files: Files, api: MediaApi, clock: Clock, options: MediaOptions) -> Self {
        Self { store, files, api, clock, options, busy: BTreeSet::new(), errors: BTreeMap::new() }
    }

    /// Fetches until `shutdown` ends. What is under way then begins anew at the next start.
    pub async fn run(mut self, shutdown: impl Future<Output = ()>) {
        let mut shutdown = std::pin::pin!(shutdown);
        let mut under_way: JoinSet<Ended> = JoinSet::new();
        let store = self.store.clone();
        loop {
            let pause = match self.pass(&mut under_way).await {
                Ok(pause) => pause,
                Err(problem) => {
                    error!(%problem, "files to fetch can't be read");
                    LOOK_AGAIN
                }
            };
            tokio::select! {
                () = &mut shutdown => return,
                () = store.bell(Bell::Media).notified() => {}
                Some(ended) = under_way.join_next() => self.note(ended).await,
                () = sleep(pause) => {}
            }
        }
    }

    /// Begins what may begin, removes what is to go, and says how long to sleep if nothing else happens.
    async fn pass(&mut self, under_way: &mut JoinSet<Ended>) -> Result<Duration, StoreError> {
        self.remove_erased().await?;
        let now = self.clock.now();
        let mut reader = self.store.reader().acquire().await?;
        let numbers = numbers::list(&mut reader).await?;
        let (mut due, mut look_again) = (Vec::new(), false);
        for number in &numbers {
            let wanted =
                attachments::due(&mut reader, number.id, now, self.options.at_once + self.busy.len()).await?;
            if !wanted.is_empty() && (is_stopped(number) || self.rests(number.id, now)) {
                look_again = true;
                continue;
            }
            due.extend(wanted.into_iter().map(|wanted| (wanted, number)));
        }
        let next_due = attachments::next_due(&mut reader, now).await?;
        drop(reader);
        due.retain(|(wanted, _)| !self.busy.contains(&wanted.announced.id));
        due.sort_by_key(|(wanted, _)| (wanted.announced_at, wanted.announced.id));
        due.truncate(self.options.at_once.saturating_sub(under_way.len()));
        for (wanted, number) in due {
            self.busy.insert(wanted.announced.id);
            let (api, files, at_most) = (self.api.clone(), self.files.clone(), self.options.at_most);
            let credentials = credentials(number);
            under_way.spawn(async move {
                let fetched = fetch(&api, &files, &credentials, &wanted.announced, at_most).await;
                (wanted, fetched)
            });
        }
        let until_due = next_due.map(|at| (at - now).to_std().unwrap_or_default());
        let pause = until_due.into_iter().chain(look_again.then_some(LOOK_AGAIN)).min();
        Ok(pause.unwrap_or(Duration::MAX).clamp(Duration::from_millis(1), Duration::from_hours(1)))
    }

    /// Whether WhatsApp has given a number so many errors that it has to rest.
    fn rests(&mut self, number: BusinessNumberId, now: DateTime<Utc>) -> bool {
        let Some(errors) = self.errors.get_mut(&number) else { return false };
        while errors.front().is_some_and(|at| now - *at >= TimeDelta::hours(1)) {
            errors.pop_front();
        }
        errors.len() >= ERRORS_AN_HOUR
    }

    /// Writes down how a file ended; repeats that until it is on disk.
    async fn note(&mut self, ended: Result<Ended, JoinError>) {
        let (wanted, fetched) = match ended {
            Ok(ended) => ended,
            Err(fault) => {
                // Which one it was is not known: none may be left out for good.
                error!(panicked = fault.is_panic(), "fetching a file broke off");
                self.busy.clear();
                return;
            }
        };
        if let Err(failure) = &fetched {
            log_failure(&wanted, failure);
            if matches!(failure, FetchFailure::WhatsApp(_)) {
                self.errors.entry(wanted.number).or_default().push_back(self.clock.now());
            }
        }
        let now = self.clock.now();
        let standing = Standing {
            tries: wanted.tries.saturating_add(1),
            announced_at: wanted.announced_at,
            now,
            chance: u16::from_be_bytes(random::bytes()),
        };
        let outcome = fetched.map_err(|failure| decide(standing, &failure));
        while let Err(problem) = record(&self.store, &wanted, &outcome, now).await {
            error!(%problem, attachment.id = %wanted.announced.id, "what became of a file can't be written");
            sleep(LOOK_AGAIN).await;
        }
        self.busy.remove(&wanted.announced.id);
    }

    async fn remove_erased(&self) -> Result<(), StoreError> {
        let mut reader = self.store.reader().acquire().await?;
        let erased = attachments::erased(&mut reader).await?;
        drop(reader);
        for (id, file) in erased.into_iter().filter(|(id, _)| !self.busy.contains(id)) {
            if let Err(problem) = self.files.remove(&file).await {
                error!(%problem, attachment.id = %id, "a file can't be removed");
                continue;
            }
            let mut change = self.store.begin().await?;
            attachments::forget(change.db(), id).await?;
            change.commit().await?;
            info!(attachment.id = %id, "a file was removed");
        }
        Ok(())
    }
}

/// Whether WhatsApp refuses what the number asks for; an alert that a status brought is about sending alone.
const fn is_stopped(number: &StoredNumber) -> bool {
    number.alert.is_some() && !number.alert_by_status
}

fn credentials(number: &StoredNumber) -> Credentials {
    Credentials {
        phone_number_id: number.settings.phone_number_id.clone(),
        token: number.settings.token.clone(),
    }
}

async fn record(
    store: &Store,
    wanted: &Wanted,
    outcome: &Result<u64, Next>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut change = store.begin().await?;
    match outcome {
        Ok(size_bytes) => {
            let ready = AttachmentState::Ready { size_bytes: *size_bytes, about: None };
            history_files::settle(&mut change, wanted, ready, now).await?;
        }
        Err(Next::Failed { reason }) => {
            let failed = AttachmentState::Failed { reason: reason.clone() };
            history_files::settle(&mut change, wanted, failed, now).await?;
        }
        Err(Next::TryAgain { at, alert }) => {
            // A token that is refused says nothing of the file: it is due again as soon as the number is.
            let at = if alert.is_some() { now } else { *at };
            attachments::try_again(change.db(), wanted.announced.id, at).await?;
            if let Some(alert) = alert {
                let alert = (&**alert, AlertSource::Answer);
                numbers::raise_alert(&mut change, wanted.number, alert, now).await?;
            }
        }
    }
    change.commit().await
}

fn log_failure(wanted: &Wanted, failure: &FetchFailure) {
    let cause = match failure {
        FetchFailure::WhatsApp(MediaFailure::Passing { cause, .. }) => cause.clone(),
        FetchFailure::WhatsApp(MediaFailure::Token { .. }) => "the token is refused".to_owned(),
        FetchFailure::WhatsApp(MediaFailure::Gone) => "WhatsApp does not have it".to_owned(),
        FetchFailure::WhatsApp(MediaFailure::Stale) => "its address is not good".to_owned(),
        FetchFailure::WhatsApp(MediaFailure::Elsewhere) => {
            "it is at a host that is not on the list".to_owned()
        }
        FetchFailure::TooLarge { limit_bytes } => format!("it is larger than {limit_bytes} bytes"),
        FetchFailure::Damaged => "it is not what was announced".to_owned(),
        FetchFailure::TimedOut => "it took too long".to_owned(),
        FetchFailure::NotKept(error) => error.to_string(),
    };
    warn!(attachment.id = %wanted.announced.id, message.id = %wanted.message, cause, "a file could not be had");
}

#[cfg(test)]
mod tests;
