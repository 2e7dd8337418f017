//! Two contacts are made one, and two again.

use axum::{Json, extract::State, http::StatusCode};
use waxwing_protocol::{
    directory::{Merge, Merged},
    id::MergeId,
    problem::Problem,
};

use super::{
    extract::{Body, Caller, Ids},
    problem::ProblemReply,
};
use crate::{app::App, handling::merging};

/// Makes one contact of two: names, sessions and what is said of the one go over to the other.
#[utoipa::path(
    post, path = "/v1/contacts/merges", tag = "contacts", security(("token" = [])),
    request_body = Merge,
    responses(
        (status = 200, body = Merged),
        (status = 401, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem, description = "They are one already, both are being talked to on one number, or one is blocked"),
    ),
)]
pub(super) async fn merge(
    State(app): State<App>,
    caller: Caller,
    Body(wanted): Body<Merge>,
) -> Result<Json<Merged>, ProblemReply> {
    let mut change = app.store.begin().await?;
    let merged = merging::merge(&mut change, caller.agent, wanted, app.clock.now()).await?;
    change.commit().await?;
    Ok(Json(merged))
}

/// Makes two contacts again of what was made one. What came since then stays where it is.
#[utoipa::path(
    delete, path = "/v1/contacts/merges/{merge}", tag = "contacts", security(("token" = [])),
    params(("merge" = String, Path, description = "`mrg_…`")),
    responses(
        (status = 204),
        (status = 401, body = Problem),
        (status = 404, body = Problem, description = "There is none, or it was undone"),
        (status = 409, body = Problem, description = "They have become part of another contact since"),
    ),
)]
pub(super) async fn undo(
    State(app): State<App>,
    _caller: Caller,
    Ids(merge): Ids<MergeId>,
) -> Result<StatusCode, ProblemReply> {
    let mut change = app.store.begin().await?;
    merging::undo(&mut change, merge, app.clock.now()).await?;
    change.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
