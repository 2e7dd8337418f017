//! The worker: takes what is due, the oldest first, fetches a few files at a time, and writes down what came of it.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    future::Future,
    sync::Arc,
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::{
    task::{JoinError, JoinSet},
    time::sleep,
};
use tracing::{error, info, warn};
use waxwing_protocol::{
    id::{AttachmentId, BusinessNumberId, MessageId},
    message::Body,
    upload::UploadState,
};

use super::{
    decide::{Next, Standing, decide},
    fetch::{FetchFailure, fetch},
    files::{Files, piece_of, preview_of},
    look::{Asked, Looking},
    pieces,
};
use crate::{
    clock::Clock,
    handling::history_files,
    limits::{Direction, Limits},
    random,
    store::{
        Bell, Store, StoreError,
        attachments::{self, Looked, Unseen, Wanted},
        messages,
        numbers::{self, AlertSource, StoredNumber},
        uploads::{self, Standing as Upload},
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
    /// What looks into each.
    pub looking: Looking,
    /// Which may come in.
    pub limits: Arc<Limits>,
}

impl Default for MediaOptions {
    fn default() -> Self {
        Self {
            at_once: 4,
            at_most: Duration::from_mins(10),
            looking: Looking::default(),
            limits: Arc::default(),
        }
    }
}

/// What came of a file.
enum Ended {
    /// It was fetched: how long it is and what, or why not.
    Fetched(Wanted, Result<(u64, Looked), FetchFailure>),
    /// It was here already, and was looked into.
    Seen(Unseen, Looked),
}

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
        self.sweep_uploads().await?;
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
            let (api, credentials) = (self.api.clone(), credentials(number));
            let (store, files, options) = (self.store.clone(), self.files.clone(), self.options.clone());
            under_way.spawn(async move {
                let got = fetch(&api, &files, &credentials, &wanted.announced, options.at_most).await;
                let fetched = match got {
                    Ok(size_bytes) => look(&store, &files, &options, (&wanted, size_bytes)).await,
                    Err(failure) => Err(failure),
                };
                Ended::Fetched(wanted, fetched)
            });
        }
        self.look_back(under_way).await?;
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
            Ok(Ended::Fetched(wanted, fetched)) => (wanted, fetched),
            Ok(Ended::Seen(unseen, looked)) => return self.note_seen(&unseen, looked).await,
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

    /// If there is nothing else to do: looks into a file that an earlier gateway has fetched.
    async fn look_back(&mut self, under_way: &mut JoinSet<Ended>) -> Result<(), StoreError> {
        if !under_way.is_empty() {
            return Ok(());
        }
        let mut reader = self.store.reader().acquire().await?;
        let Some(unseen) = attachments::unseen(&mut reader).await? else { return Ok(()) };
        let asked = asked_of(&self.store, unseen.message).await?;
        self.busy.insert(unseen.id);
        let (files, looking) = (self.files.clone(), self.options.looking.clone());
        under_way.spawn(async move {
            let looked = looking.describe(&files, &unseen.file, &asked).await.unwrap_or_else(|problem| {
                error!(%problem, attachment.id = %unseen.id, "a file can't be looked into");
                Looking::nothing_known()
            });
            Ended::Seen(unseen, looked)
        });
        Ok(())
    }

    /// Writes down what a file is; repeats that until it is on disk.
    async fn note_seen(&mut self, unseen: &Unseen, looked: Looked) {
        while let Err(problem) = record_seen(&self.store, unseen, &looked, self.clock.now()).await {
            error!(%problem, attachment.id = %unseen.id, "what a file is can't be written");
            sleep(LOOK_AGAIN).await;
        }
        self.busy.remove(&unseen.id);
    }

    /// Removes the pieces of files that desktops have sent, and of those that can't be sent or are not wanted all there is.
    async fn sweep_uploads(&self) -> Result<(), StoreError> {
        let mut reader = self.store.reader().acquire().await?;
        let unswept = uploads::unswept(&mut reader).await?;
        drop(reader);
        for coming in unswept {
            let mut names: Vec<String> =
                (0..pieces::count(coming.size_bytes)).map(|piece| piece_of(&coming.file, piece)).collect();
            if matches!(coming.standing, Upload::Erased | Upload::Told(UploadState::Refused { .. })) {
                names.extend([coming.file.clone(), preview_of(&coming.file)]);
            }
            if self.remove_all(coming.id, &names).await {
                let mut change = self.store.begin().await?;
                uploads::swept(change.db(), &coming).await?;
                change.commit().await?;
            }
        }
        Ok(())
    }

    /// Removes files; false if one is still there.
    async fn remove_all(&self, id: AttachmentId, names: &[String]) -> bool {
        for name in names {
            if let Err(problem) = self.files.remove(name).await {
                error!(%problem, attachment.id = %id, "a file can't be removed");
                return false;
            }
        }
        true
    }

    async fn remove_erased(&self) -> Result<(), StoreError> {
        let mut reader = self.store.reader().acquire().await?;
        let erased = attachments::erased(&mut reader).await?;
        drop(reader);
        for (id, file) in erased.into_iter().filter(|(id, _)| !self.busy.contains(id)) {
            let mut change = self.store.begin().await?;
            let is_shared = attachments::is_shared(change.db(), id, &file).await?;
            if !is_shared && !self.remove_all(id, &[preview_of(&file), file]).await {
                continue;
            }
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

/// Looks into a file that has come, and says how long it is and what; one that is not taken here goes.
async fn look(
    store: &Store,
    files: &Files,
    options: &MediaOptions,
    (wanted, size_bytes): (&Wanted, u64),
) -> Result<(u64, Looked), FetchFailure> {
    let file = &wanted.announced.file;
    let asked = asked_of(store, wanted.message).await.unwrap_or_else(|problem| {
        warn!(%problem, attachment.id = %wanted.announced.id, "what is said of a file can't be read");
        Asked::default()
    });
    let looked = options.looking.describe(files, file, &asked).await?;
    if let Err(reason) = options.limits.admit(Direction::Incoming, &looked.about.mime, size_bytes) {
        files.remove(&preview_of(file)).await?;
        files.remove(file).await?;
        return Err(FetchFailure::NotAllowed { reason });
    }
    Ok((size_bytes, looked))
}

/// What the message of a file says of it.
async fn asked_of(store: &Store, message: MessageId) -> Result<Asked, StoreError> {
    let mut reader = store.reader().acquire().await?;
    let message = messages::get(&mut reader, message).await?;
    Ok(match message.map(|message| message.body) {
        Some(Body::Media(media)) => Asked { mime: media.mime, name: media.file_name },
        _ => Asked::default(),
    })
}

async fn record_seen(
    store: &Store,
    unseen: &Unseen,
    looked: &Looked,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut change = store.begin().await?;
    history_files::seen(&mut change, unseen, looked, now).await?;
    change.commit().await
}

async fn record(
    store: &Store,
    wanted: &Wanted,
    outcome: &Result<(u64, Looked), Next>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut change = store.begin().await?;
    match outcome {
        Ok((size_bytes, looked)) => {
            history_files::settle(&mut change, wanted, Ok((*size_bytes, looked)), now).await?;
        }
        Err(Next::Failed { reason }) => {
            history_files::settle(&mut change, wanted, Err(reason), now).await?;
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
        FetchFailure::NotAllowed { .. } => "it is not taken here".to_owned(),
        FetchFailure::Damaged => "it is not what was announced".to_owned(),
        FetchFailure::TimedOut => "it took too long".to_owned(),
        FetchFailure::NotKept(error) => error.to_string(),
    };
    warn!(attachment.id = %wanted.announced.id, message.id = %wanted.message, cause, "a file could not be had");
}

#[cfg(test)]
mod tests;
