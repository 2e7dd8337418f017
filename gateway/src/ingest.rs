//! Webhook bodies, one after another, many a commit.
//!
//! WhatsApp may post many bodies at once and wants its 200 within a fraction of a second, and each 200 needs a commit on disk.
//! So one writer takes whatever waits into one [`Change`], each body behind a mark of its own, commits once, and answers all.
//!
//! * A body that can't be handled for a fault of ours leaves nothing but itself: it is kept as failed, answered with 200, and
//!   handled again by [`replay_failed`]. WhatsApp offers no way to ask for it once more.
//! * If the store can't commit, nobody is told that all is well (503), and WhatsApp comes again.
//! * If more waits than there is room for, the rest is told to come again (503 with `Retry-After`).

use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
};

use crate::{
    clock::Clock,
    handling::inbound::{self, Accepted},
    store::{
        Change, Store, StoreError,
        webhooks::{self, Outcome},
    },
    whatsapp::{signature::Verified, webhook},
};

/// How many bodies may wait.
const WAITING: usize = 128;
/// How many bodies one commit takes.
const AT_ONCE: usize = 64;

/// Why a body was not taken in. WhatsApp will bring it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IngestError {
    /// Too much waits already.
    #[error("too many webhooks are waiting")]
    Full,
    /// It could not be put on disk.
    #[error("the store could not be written")]
    NotKept,
}

struct Waiting {
    body: Bytes,
    answer: oneshot::Sender<Result<(), IngestError>>,
}

/// The way in for webhook bodies.
#[derive(Clone, Debug)]
pub struct Ingest {
    queue: mpsc::Sender<Waiting>,
}

impl Ingest {
    /// Starts the writer. It ends when every clone of the way in is gone.
    #[must_use]
    pub fn start(store: Store, clock: Clock) -> (Self, JoinHandle<()>) {
        let (queue, waiting) = mpsc::channel(WAITING);
        (Self { queue }, tokio::spawn(write_all(store, clock, waiting)))
    }

    /// Takes in a body. Returns when it is on disk.
    pub async fn take(&self, body: Verified<Bytes>) -> Result<(), IngestError> {
        let (answer, answered) = oneshot::channel();
        let waiting = Waiting { body: body.into_inner(), answer };
        self.queue.try_send(waiting).map_err(|_full| IngestError::Full)?;
        answered.await.unwrap_or(Err(IngestError::NotKept))
    }
}

async fn write_all(store: Store, clock: Clock, mut waiting: mpsc::Receiver<Waiting>) {
    let mut batch = Vec::with_capacity(AT_ONCE);
    while waiting.recv_many(&mut batch, AT_ONCE).await > 0 {
        let bodies: Arc<[Bytes]> = batch.iter().map(|one| one.body.clone()).collect();
        let mut results = write(&store, &clock, Arc::clone(&bodies)).await;
        if bodies.len() > 1 && results == Err(Fault::Panic) {
            // One of them brings the handling down: find out which, and let the others through.
            for (one, body) in batch.drain(..).zip(bodies.iter()) {
                let result = write_alone(&store, &clock, body).await;
                one.answer.send(result).unwrap_or_default();
            }
            continue;
        }
        if let ([body], Err(Fault::Panic)) = (&*bodies, results) {
            results = write_alone(&store, &clock, body).await.map_err(|_not_kept| Fault::Store);
        }
        for one in batch.drain(..) {
            // Whoever asked may have gone away; what is on disk stays there.
            one.answer.send(results.map_err(|_fault| IngestError::NotKept)).unwrap_or_default();
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Store,
    Panic,
}

async fn write_alone(store: &Store, clock: &Clock, body: &Bytes) -> Result<(), IngestError> {
    let written = match write(store, clock, [body.clone()].into()).await {
        Err(Fault::Panic) => keep_failed(store, body, clock.now()).await.map_err(|error| {
            tracing::error!(%error, "a webhook could not be kept");
            Fault::Store
        }),
        other => other,
    };
    written.map_err(|_fault| IngestError::NotKept)
}

async fn keep_failed(store: &Store, body: &[u8], now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut change = store.begin().await?;
    webhooks::keep(change.db(), body, &Outcome::Failed("the handling panicked".to_owned()), now).await?;
    change.commit().await
}

/// Writes bodies in one commit, on a task of their own: a panic there is not the end of the writer.
async fn write(store: &Store, clock: &Clock, bodies: Arc<[Bytes]>) -> Result<(), Fault> {
    let (store, now) = (store.clone(), clock.now());
    let written = tokio::spawn(async move {
        let mut change = store.begin().await?;
        for body in bodies.iter() {
            let outcome = handle(&mut change, body, now).await?;
            webhooks::keep(change.db(), body, &outcome, now).await?;
        }
        change.commit().await
    });
    match written.await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => {
            tracing::error!(%error, "webhooks could not be kept; WhatsApp will bring them again");
            Err(Fault::Store)
        }
        Err(_panic) => {
            tracing::error!("the handling of a webhook panicked");
            Err(Fault::Panic)
        }
    }
}

/// Handles a body behind a mark. A fault of ours undoes what it did; only a store that can't go on is an error.
async fn handle(change: &mut Change, body: &[u8], now: DateTime<Utc>) -> Result<Outcome, StoreError> {
    change.mark().await?;
    match accept_all(change, body, now).await {
        Ok(outcome) => {
            change.keep().await?;
            Ok(outcome)
        }
        Err(error) => {
            change.undo().await?;
            tracing::error!(%error, "a webhook could not be handled and is kept to be handled again");
            Ok(Outcome::Failed(error.to_string()))
        }
    }
}

async fn accept_all(change: &mut Change, body: &[u8], now: DateTime<Utc>) -> Result<Outcome, StoreError> {
    let Ok(elements) = webhook::read(body) else {
        return Ok(Outcome::Quarantined("not a WhatsApp envelope".to_owned()));
    };
    let mut outcome = Outcome::Done;
    for element in &elements {
        if let Accepted::NotOurs(why) = inbound::accept(change, element, now).await? {
            outcome = Outcome::Quarantined(why.to_owned());
        }
    }
    Ok(outcome)
}

/// Handles once more what failed or was not for us when it came. What was taken in before changes nothing. Says how many
/// bodies are settled now.
///
/// One that brings the handling down again stays where it is, and the others are handled.
pub async fn replay_failed(store: &Store, clock: &Clock) -> Result<usize, StoreError> {
    let (mut after, mut settled) = (0, 0);
    while let Some((id, body)) = webhooks::next_unhandled(store.read().await?.db(), after).await? {
        let (store, now) = (store.clone(), clock.now());
        let handled = tokio::spawn(async move {
            let mut change = store.begin().await?;
            let outcome = handle(&mut change, &body, now).await?;
            webhooks::settle(change.db(), id, &outcome).await?;
            change.commit().await?;
            Ok::<_, StoreError>(outcome)
        });
        match handled.await {
            Ok(outcome) => settled += usize::from(outcome? == Outcome::Done),
            Err(_panic) => tracing::error!(webhook = id, "the handling of a webhook panicked again"),
        }
        after = id;
    }
    Ok(settled)
}

/// Handles a body that somebody kept elsewhere, such as in a log of the web server. It is kept like any other.
pub async fn import(store: &Store, clock: &Clock, body: &[u8]) -> Result<Outcome, StoreError> {
    let now = clock.now();
    let mut change = store.begin().await?;
    let outcome = handle(&mut change, body, now).await?;
    webhooks::keep(change.db(), body, &outcome, now).await?;
    change.commit().await?;
    Ok(outcome)
}
