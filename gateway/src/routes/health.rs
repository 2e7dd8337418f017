//! Signs of life, for load balancers and people.

use std::time::Duration;

use axum::{Json, extract::State};
use waxwing_protocol::{
    api::{Health, PROTOCOL},
    problem::{Problem, ProblemCode},
};

use super::problem::ProblemReply;
use crate::app::App;

/// How long the store may take to prove that it can be written.
const PATIENCE: Duration = Duration::from_secs(5);

fn sign(app: &App) -> Json<Health> {
    Json(Health { version: env!("CARGO_PKG_VERSION").to_owned(), protocol: PROTOCOL, now: app.clock.now() })
}

/// Says that the process lives, nothing more.
#[utoipa::path(get, path = "/v1/health", tag = "health", responses((status = 200, body = Health)))]
pub(super) async fn health(State(app): State<App>) -> Json<Health> {
    sign(&app)
}

/// Says whether the gateway can do its work: whether its store can be written.
#[utoipa::path(
    get, path = "/v1/ready", tag = "health",
    responses((status = 200, body = Health), (status = 503, body = Problem)),
)]
pub(super) async fn ready(State(app): State<App>) -> Result<Json<Health>, ProblemReply> {
    match tokio::time::timeout(PATIENCE, app.store.prove_writable()).await {
        Ok(Ok(())) => Ok(sign(&app)),
        Ok(Err(error)) => Err(error.into()),
        Err(_elapsed) => Err(ProblemReply::passing(ProblemCode::Unavailable, "The store is too busy.", 5)),
    }
}
