//! Tells WhatsApp how far conversations were read, beside the outbox and never in its way.
//!
//! Unlike a message this may be told twice, so whatever may pass is simply tried again: after a pause that doubles from two
//! seconds to ten minutes, until WhatsApp takes it, says no for good, or the message is too old to be told of.

use std::{future::Future, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::{task::JoinSet, time::sleep};
use tracing::{error, info};

use super::worker::credentials;
use crate::{
    clock::Clock,
    handling::reading::READ_WITHIN,
    store::{
        Bell, Store, StoreError, numbers,
        reads::{self, Unread},
    },
    whatsapp::{
        cloud_api::{CloudApi, SendFailure, Wamid},
        graph_error::Behaviour,
    },
};

/// How many are told at once.
const AT_ONCE: u32 = 8;
/// How long a failed look at the store waits to be repeated.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// The longest pause between two tries, in seconds.
const LONGEST_PAUSE: u64 = 600;
/// The pause while the number can't be used.
const STOPPED_PAUSE: Duration = Duration::from_mins(5);

/// What becomes of something that was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// WhatsApp knows, or never will.
    Settled,
    /// It is tried again after a pause.
    Again(Duration),
}

/// The teller. One per store.
pub struct ReadMarks {
    store: Store,
    api: CloudApi,
    clock: Clock,
}

impl ReadMarks {
    /// Makes it; [`ReadMarks::run`] starts it.
    #[must_use]
    pub const fn new(store: Store, api: CloudApi, clock: Clock) -> Self {
        Self { store, api, clock }
    }

    /// Tells until `shutdown` ends. What is under way then is told again at the next start.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        tokio::select! {
            () = shutdown => {}
            () = self.tell_all() => {}
        }
    }

    async fn tell_all(&self) {
        loop {
            let pause = self.pass().await.unwrap_or_else(|problem| {
                error!(%problem, "what was read can't be told");
                LOOK_AGAIN
            });
            tokio::select! {
                () = self.store.bell(Bell::Reads).notified() => {}
                () = sleep(pause) => {}
            }
        }
    }

    /// Tells what is due, and says how long to sleep if nothing else happens.
    async fn pass(&self) -> Result<Duration, StoreError> {
        loop {
            let now = self.clock.now();
            let mut reader = self.store.reader().acquire().await?;
            let due = reads::due(&mut reader, now, AT_ONCE).await?;
            if due.is_empty() {
                let next = reads::next_due(&mut reader).await?;
                return Ok(next.map_or(Duration::from_hours(1), |at| {
                    (at - now).to_std().unwrap_or_default().max(Duration::from_millis(1))
                }));
            }
            let numbers = numbers::list(&mut reader).await?;
            drop(reader);
            let mut calls = JoinSet::new();
            for unread in due {
                let from = numbers.iter().find(|number| number.id == unread.number).map(credentials);
                let api = self.api.clone();
                calls.spawn(async move {
                    let next = match (from, &unread.wamid) {
                        (Some(from), Some(wamid)) if now - unread.sent_at <= READ_WITHIN => {
                            let told = api.mark_read(&from, &Wamid(wamid.clone()), false).await;
                            told.map_or_else(|failure| after(&failure, unread.tries), |()| Next::Settled)
                        }
                        _ => Next::Settled,
                    };
                    (unread, next)
                });
            }
            self.note(calls.join_all().await).await?;
        }
    }

    async fn note(&self, tried: Vec<(Unread, Next)>) -> Result<(), StoreError> {
        let now = self.clock.now();
        let mut change = self.store.begin().await?;
        for (unread, next) in tried {
            match next {
                Next::Settled => reads::settle(change.db(), &unread).await?,
                Next::Again(pause) => {
                    info!(message.id = %unread.message, tries = unread.tries, "what was read is told later");
                    reads::try_again(change.db(), &unread, later(now, pause)).await?;
                }
            }
        }
        change.commit().await
    }
}

fn later(now: DateTime<Utc>, pause: Duration) -> DateTime<Utc> {
    now + TimeDelta::from_std(pause).unwrap_or(TimeDelta::days(1))
}

/// What becomes of it after the try number `tries` (from 0) failed.
fn after(failure: &SendFailure, tries: u32) -> Next {
    let pause = Duration::from_secs(2_u64.saturating_pow(tries.saturating_add(1)).min(LONGEST_PAUSE));
    match failure.behaviour() {
        Behaviour::Fail(_) => Next::Settled,
        Behaviour::StopNumber { .. } => Next::Again(STOPPED_PAUSE),
        Behaviour::BackOff { at_least, .. } | Behaviour::HoldRecipient { at_least } => {
            Next::Again(pause.max(at_least.unwrap_or_default()))
        }
        Behaviour::Uncertain => Next::Again(pause),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::whatsapp::graph_error::GraphError;

    fn refused(code: u32) -> SendFailure {
        SendFailure::Refused(GraphError { code, ..GraphError::default() })
    }

    #[test]
    fn what_may_pass_is_tried_again_and_what_may_not_is_not() {
        let lost = SendFailure::Ambiguous { cause: "cut".to_owned() };
        let pauses: Vec<Next> = [0, 1, 8, 9, u32::MAX].map(|tries| after(&lost, tries)).into();
        let expected = [2, 4, 512, 600, 600].map(|seconds| Next::Again(Duration::from_secs(seconds)));
        assert_eq!(pauses, expected, "telling it twice does no harm");
        for code in [131_000, 130_429, 131_056, 4] {
            assert_eq!(after(&refused(code), 0), Next::Again(Duration::from_secs(2)), "{code}");
        }
        assert_eq!(after(&refused(190), 0), Next::Again(STOPPED_PAUSE));
        for code in [100, 131_009, 131_047] {
            assert_eq!(after(&refused(code), 0), Next::Settled, "{code}");
        }
    }
}
