//! Sees that what is due happens: sleeps until the next thing is, or until something falls due earlier than was known.

use std::{future::Future, time::Duration};

use chrono::{DateTime, Utc};
use tokio::time::sleep;

use crate::{
    clock::Clock,
    handling::due,
    store::{Bell, Store, StoreError},
};

/// The longest sleep: by then a clock that was set meanwhile is noticed, and what another process has written.
const LONGEST_SLEEP: Duration = Duration::from_mins(1);
/// How long a failed look at the store waits to be repeated.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// The worker. One per store.
pub struct Timers {
    store: Store,
    clock: Clock,
}

impl Timers {
    /// Makes it; [`Timers::run`] starts it.
    #[must_use]
    pub const fn new(store: Store, clock: Clock) -> Self {
        Self { store, clock }
    }

    /// Works until `shutdown` ends.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        tokio::select! {
            () = shutdown => {}
            () = self.work() => {}
        }
    }

    async fn work(&self) {
        let awake_since = self.clock.now();
        loop {
            let pause = self.pass(awake_since).await.unwrap_or_else(|problem| {
                tracing::error!(%problem, "what is due can't be done");
                LOOK_AGAIN
            });
            tokio::select! {
                () = self.store.bell(Bell::Timers).notified() => {}
                () = sleep(pause) => {}
            }
        }
    }

    /// Does what is due, and says how long to sleep if nothing else happens.
    async fn pass(&self, awake_since: DateTime<Utc>) -> Result<Duration, StoreError> {
        loop {
            let now = self.clock.now();
            let mut read = self.store.read().await?;
            let next = due::next(&mut read, awake_since, now).await?;
            drop(read);
            let Some(next) = next else { return Ok(LONGEST_SLEEP) };
            if next > now {
                return Ok((next - now).to_std().unwrap_or(LONGEST_SLEEP).min(LONGEST_SLEEP));
            }
            let mut change = self.store.begin().await?;
            due::run(&mut change, awake_since, now).await?;
            change.commit().await?;
        }
    }
}
