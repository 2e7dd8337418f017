//! Wakes waiting polls: who is waiting for which agent's feed, and that something was committed to it.
//!
//! It carries no events, only the news that there are some; the store alone says which. So nothing is lost when nobody
//! listens, and a wake too many costs one empty read.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::watch;
use waxwing_protocol::id::AgentId;

/// A bell for each agent, and one for whoever looks at workbins. Clones share the bells.
#[derive(Clone, Debug, Default)]
pub struct Feed {
    bells: Arc<Mutex<HashMap<AgentId, watch::Sender<u64>>>>,
    workbins: Arc<watch::Sender<u64>>,
}

impl Feed {
    /// Rings for `agent`.
    pub fn wake(&self, agent: AgentId) {
        let bells = self.bells.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bell) = bells.get(&agent) {
            bell.send_modify(|rung| *rung += 1);
        }
    }

    /// Listens for `agent` from now on. Take this before reading the store: what is committed after the reading rings.
    #[must_use]
    pub fn listen(&self, agent: AgentId) -> watch::Receiver<u64> {
        let mut bells = self.bells.lock().unwrap_or_else(PoisonError::into_inner);
        bells.entry(agent).or_insert_with(|| watch::Sender::new(0)).subscribe()
    }

    /// Rings for whoever looks at workbins.
    pub fn wake_workbins(&self) {
        self.workbins.send_modify(|rung| *rung += 1);
    }

    /// Listens for changes of workbins from now on, likewise.
    #[must_use]
    pub fn listen_to_workbins(&self) -> watch::Receiver<u64> {
        self.workbins.subscribe()
    }
}
