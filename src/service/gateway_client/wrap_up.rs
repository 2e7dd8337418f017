//! The calls by which interactions end, are put aside and are taken up.

use reqwest::Method;
use serde::de::DeserializeOwned;
use waxwing_protocol::{
    workbin,
    wrap_up::{self, RULES},
};

use super::{CALL_LIMIT, GatewayClient, exchange};
use crate::desk::{
    input::CallError,
    wrap_up::{WrapUpCall, WrapUpDone},
};

impl GatewayClient {
    /// Makes a call of those that wrap an interaction up.
    pub(in crate::service) async fn wrap_up(&self, call: WrapUpCall) -> WrapUpDone {
        match call {
            WrapUpCall::Rules => WrapUpDone::Rules(self.look_up(RULES).await),
            WrapUpCall::End(id) => WrapUpDone::Taken(id, self.post(&wrap_up::end(id)).await),
            WrapUpCall::Move(id, wanted) => {
                let moved = self.tell(Method::POST, &workbin::to_workbin(id), &wanted).await;
                WrapUpDone::Taken(id, moved.map(Box::new))
            }
            WrapUpCall::PutBack(id) => WrapUpDone::Taken(id, self.post(&workbin::put_back(id)).await),
            WrapUpCall::Undo(id) => WrapUpDone::Undone(id, self.post(&wrap_up::undo_done(id)).await),
            WrapUpCall::Accept(id) => WrapUpDone::Accepted(id, self.post(&workbin::accept(id)).await),
            WrapUpCall::Reject(id) => WrapUpDone::Rejected(id, self.reject(&workbin::reject(id)).await),
            WrapUpCall::Note(id, put) => {
                let kept = self.tell(Method::PUT, &wrap_up::note(id), &put).await;
                WrapUpDone::Note(id, kept.map(Box::new))
            }
            WrapUpCall::Facts(id, put) => {
                let kept = self.tell(Method::PUT, &wrap_up::case_data(id), &put).await;
                WrapUpDone::Facts(id, put, kept.map(Box::new))
            }
            WrapUpCall::Disposition(id, put) => {
                let kept = self.tell(Method::PUT, &wrap_up::disposition(id), &put).await;
                WrapUpDone::Disposition(id, kept.map(Box::new))
            }
        }
    }

    async fn look_up<T: DeserializeOwned>(&self, path: &str) -> Result<Box<T>, CallError> {
        self.check_protocol().await?;
        self.get(path, &(), CALL_LIMIT).await.map(Box::new)
    }

    /// Posts nothing; the answer is told in full.
    async fn post<T: DeserializeOwned>(&self, path: &str) -> Result<Box<T>, CallError> {
        self.check_protocol().await?;
        let answer = exchange(self.request(Method::POST, path), CALL_LIMIT).await?;
        super::read_json(&answer).map(Box::new)
    }

    async fn reject(&self, path: &str) -> Result<(), CallError> {
        self.check_protocol().await?;
        exchange(self.request(Method::POST, path), CALL_LIMIT).await.map(drop)
    }
}
