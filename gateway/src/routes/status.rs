//! An agent's status.

use axum::{Json, extract::State};
use waxwing_protocol::{agent::StatusSince, api::SetStatus, problem::Problem};

use super::{
    extract::{Body, Caller},
    problem::ProblemReply,
};
use crate::{app::App, handling::status};

/// Takes a status. Whoever becomes ready is given what waits in the queue.
#[utoipa::path(
    put, path = "/v1/status", tag = "status", request_body = SetStatus, security(("token" = [])),
    responses((status = 200, body = StatusSince), (status = 400, body = Problem), (status = 401, body = Problem)),
)]
pub(super) async fn set(
    State(app): State<App>,
    caller: Caller,
    Body(asked): Body<SetStatus>,
) -> Result<Json<StatusSince>, ProblemReply> {
    let mut change = app.store.begin().await?;
    let taken = status::set(&mut change, caller.agent, &asked.status, app.clock.now()).await?;
    change.commit().await?;
    Ok(Json(taken))
}
