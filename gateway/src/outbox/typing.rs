//! Shows contacts that an agent is writing: at once or never. Nothing of it is kept, and nothing is tried again.

use std::{
    collections::BTreeMap,
    future::Future,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::{
    sync::broadcast::{self, error::RecvError},
    task::JoinSet,
};
use waxwing_protocol::id::InteractionId;

use super::worker::credentials;
use crate::{
    handling::reading::Attachable,
    store::{Store, StoreError, numbers},
    whatsapp::cloud_api::{CloudApi, Wamid},
};

/// How long it is not shown again. The contact sees it for up to 25 seconds (Cloud API, typing indicators).
const EVERY: TimeDelta = TimeDelta::seconds(20);
/// How many may wait to be shown; the oldest are forgotten.
const WAITING: usize = 64;
/// How many calls are under way at once.
const AT_ONCE: usize = 8;

/// Where agents say that they are writing. Clones share everything.
#[derive(Debug, Clone)]
pub struct Typing {
    shown: Arc<Mutex<BTreeMap<InteractionId, DateTime<Utc>>>>,
    queue: broadcast::Sender<Attachable>,
}

impl Default for Typing {
    fn default() -> Self {
        Self { shown: Arc::default(), queue: broadcast::Sender::new(WAITING) }
    }
}

impl Typing {
    /// Whether it is time to show it again in an interaction. Whoever asks and may, has.
    #[must_use]
    pub fn may_show(&self, interaction: InteractionId, now: DateTime<Utc>) -> bool {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was set back must not keep it from being shown for longer.
        shown.retain(|_, at| (TimeDelta::zero()..EVERY).contains(&(now - *at)));
        let may = !shown.contains_key(&interaction);
        if may {
            shown.insert(interaction, now);
        }
        may
    }

    /// Has it shown, if anybody shows it.
    pub fn show(&self, on: Attachable) {
        // Nobody listens where no number can be reached, such as in tests of the routes.
        self.queue.send(on).unwrap_or_default();
    }

    /// Shows contacts that agents are writing until `shutdown` ends.
    pub async fn run(self, store: Store, api: CloudApi, shutdown: impl Future<Output = ()>) {
        let mut waiting = self.queue.subscribe();
        let mut calls = JoinSet::new();
        let mut shutdown = std::pin::pin!(shutdown);
        loop {
            let next = tokio::select! {
                () = &mut shutdown => return,
                next = waiting.recv() => next,
            };
            while calls.try_join_next().is_some() {}
            match next {
                Ok(on) if calls.len() < AT_ONCE => {
                    calls.spawn(tell(store.clone(), api.clone(), on));
                }
                Ok(_) | Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            }
        }
    }
}

async fn tell(store: Store, api: CloudApi, on: Attachable) {
    match try_tell(&store, &api, &on).await {
        Ok(true) => {}
        Ok(false) => tracing::debug!(number.id = %on.number, "that an agent is writing could not be shown"),
        Err(problem) => tracing::error!(%problem, "that an agent is writing can't be shown"),
    }
}

async fn try_tell(store: &Store, api: &CloudApi, on: &Attachable) -> Result<bool, StoreError> {
    let numbers = numbers::list(store.read().await?.db()).await?;
    let Some(number) = numbers.iter().find(|number| number.id == on.number && number.alert.is_none()) else {
        return Ok(false);
    };
    Ok(api.mark_read(&credentials(number), &Wamid(on.wamid.clone()), true).await.is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_shown_every_twenty_seconds_for_each_interaction_by_itself() {
        let typing = Typing::default();
        let at = |seconds| DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds);
        let (one, other) = (InteractionId::new(at(0), [1; 10]), InteractionId::new(at(0), [2; 10]));
        assert!(typing.may_show(one, at(100)) && typing.clone().may_show(other, at(101)));
        assert!(!typing.may_show(one, at(119)));
        assert!(typing.may_show(one, at(120)) && !typing.may_show(other, at(120)));
        assert!(typing.may_show(other, at(50)), "the clock was set back");
    }
}
