//! What routes take from a request: who calls, a JSON body, ids in the address. Each refuses with a problem.

use axum::{
    Json,
    extract::{FromRequest, FromRequestParts, Path, Request},
    http::{header::AUTHORIZATION, request::Parts},
};
use chrono::TimeDelta;
use serde::de::DeserializeOwned;
use waxwing_protocol::{
    id::AgentId,
    problem::{Problem, ProblemCode},
};

use super::problem::ProblemReply;
use crate::{
    app::App,
    auth::TokenHash,
    store::{StoreError, tokens},
};

/// How old the note of a token's last use may be before it is written again: not every call costs a commit.
const TOUCH_AFTER: TimeDelta = TimeDelta::minutes(1);

/// An agent with a valid token.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    /// Who.
    pub(super) agent: AgentId,
    /// By which token.
    pub(super) token: TokenHash,
}

/// The answer to a call without a valid token.
pub(super) fn signed_out() -> ProblemReply {
    Problem::new(ProblemCode::SignedOut, "Sign in again.").into()
}

impl Caller {
    /// Whether the token is valid still.
    pub(super) async fn is_signed_in(&self, app: &App) -> Result<bool, StoreError> {
        let (limits, now) = (app.auth.limits(), app.clock.now());
        Ok(tokens::holder(app.store.read().await?.db(), &self.token, limits, now).await?.is_some())
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = ProblemReply;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ProblemReply> {
        let header = parts.headers.get(AUTHORIZATION).and_then(|header| header.to_str().ok());
        let token = header.and_then(|header| header.strip_prefix("Bearer ")).ok_or_else(signed_out)?;
        let token = TokenHash::of(token);
        let (limits, now) = (app.auth.limits(), app.clock.now());
        let held = tokens::holder(app.store.read().await?.db(), &token, limits, now).await?;
        let (agent, used_at) = held.ok_or_else(signed_out)?;
        if now - used_at >= TOUCH_AFTER {
            let mut change = app.store.begin().await?;
            tokens::touch(change.db(), &token, now).await?;
            change.commit().await?;
        }
        Ok(Self { agent, token })
    }
}

/// A JSON body.
#[derive(Debug)]
pub(super) struct Body<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = ProblemReply;

    async fn from_request(request: Request, app: &App) -> Result<Self, ProblemReply> {
        let Json(body) = Json::from_request(request, app).await?;
        Ok(Self(body))
    }
}

/// The ids in the address. What is no id is nothing that could be found.
#[derive(Debug)]
pub(super) struct Ids<T>(pub(super) T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Ids<T> {
    type Rejection = ProblemReply;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ProblemReply> {
        match Path::from_request_parts(parts, app).await {
            Ok(Path(ids)) => Ok(Self(ids)),
            Err(_no_id) => {
                Err(Problem::new(ProblemCode::NotFound, "There is nothing at this address.").into())
            }
        }
    }
}
