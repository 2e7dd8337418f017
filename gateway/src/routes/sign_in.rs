//! Signing in and out.

use axum::{Json, extract::State, http::StatusCode};
use waxwing_protocol::{
    api::{PROTOCOL, SignIn, SignedIn},
    problem::{Problem, ProblemCode},
};

use super::{
    extract::{Body, Caller, From},
    problem::ProblemReply,
};
use crate::{
    app::App,
    auth::{Credentials, SignInError},
    handling::status,
    metrics::Count,
    store::{StoreError, agents},
};

/// Signs an agent in: the answer holds the bearer token for every other call.
#[utoipa::path(
    post, path = "/v1/sign-in", tag = "sign-in", request_body = SignIn,
    responses(
        (status = 200, body = SignedIn),
        (status = 401, body = Problem, description = "Wrong user name or password, or the account is disabled"),
        (status = 429, body = Problem, description = "Too many failures: wait for `Retry-After` seconds"),
    ),
)]
pub(super) async fn sign_in(
    State(app): State<App>,
    From(from): From,
    Body(asked): Body<SignIn>,
) -> Result<Json<SignedIn>, ProblemReply> {
    let now = app.clock.now();
    let who =
        Credentials { user_name: &asked.user_name, password: &asked.password, device: &asked.device, from };
    let agent = app.auth.check(&app.store, who, now).await.map_err(|error| {
        app.metrics.add(Count::SignInFailure);
        refusal_of(error)
    })?;
    let mut change = app.store.begin().await?;
    let granted = app.auth.grant(&mut change, agent, who.device, now).await?;
    let status = status::sign_in(&mut change, agent, now).await?;
    let record = agents::get(change.db(), agent).await?;
    let record = record.ok_or(StoreError::Unreadable { what: "agent that has just signed in" })?;
    change.commit().await?;
    tracing::info!(agent.id = %agent, "signed in");
    Ok(Json(SignedIn {
        token: granted.token.reveal().to_owned(),
        expires_at: granted.expires_at,
        agent: record.agent,
        status,
        now,
        protocol: PROTOCOL,
    }))
}

fn refusal_of(error: SignInError) -> ProblemReply {
    match error {
        SignInError::WrongCredentials => {
            Problem::new(ProblemCode::WrongCredentials, "The user name or the password is wrong.").into()
        }
        SignInError::TooMany(wait) => ProblemReply::passing(
            ProblemCode::TooManyAttempts,
            "There were too many attempts. Wait before the next one.",
            wait.seconds,
        ),
        SignInError::Store(error) => error.into(),
    }
}

/// Gives the token back. What waits for this agent's answer goes to somebody else.
#[utoipa::path(
    post, path = "/v1/sign-out", tag = "sign-in", security(("token" = [])),
    responses((status = 204), (status = 401, body = Problem)),
)]
pub(super) async fn sign_out(State(app): State<App>, caller: Caller) -> Result<StatusCode, ProblemReply> {
    let mut change = app.store.begin().await?;
    status::sign_out(&mut change, caller.agent, &caller.token, app.clock.now()).await?;
    change.commit().await?;
    tracing::info!(agent.id = %caller.agent, "signed out");
    Ok(StatusCode::NO_CONTENT)
}
