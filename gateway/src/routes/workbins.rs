//! Workbins: what lies in them, and what agents do with that.

use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
    http::StatusCode,
};
use waxwing_protocol::{
    id::InteractionId,
    interaction::Interaction,
    problem::{Problem, ProblemCode},
    workbin::{Assign, Changes, ChangesQuery, Colleagues, MAX_CHANGES, MoveToWorkbin},
};

use super::{
    extract::{Body, Caller, Ids},
    problem::ProblemReply,
};
use crate::{
    app::App,
    handling::workbins::{self, changes},
};

/// The places this agent may see or put something into, and what has changed in them since a change that is held.
#[utoipa::path(
    get, path = "/v1/workbins/changes", tag = "workbins", security(("token" = [])),
    params(
        ("after" = Option<u64>, Query, description = "The `next` of the last page; 0 for none"),
        ("view" = Option<u64>, Query, description = "The `view` of the last page"),
    ),
    responses((status = 200, body = Changes), (status = 400, body = Problem), (status = 401, body = Problem)),
)]
pub(super) async fn changed(
    State(app): State<App>,
    caller: Caller,
    query: Result<Query<ChangesQuery>, QueryRejection>,
) -> Result<Json<Changes>, ProblemReply> {
    let Ok(Query(query)) = query else {
        return Err(Problem::new(ProblemCode::BadRequest, "Say after which change, as a number.").into());
    };
    let mut read = app.store.read().await?;
    let page = changes::page(&mut read, caller.agent, query, (app.store.epoch(), MAX_CHANGES)).await?;
    Ok(Json(page))
}

/// To whom work can be given, and what they do just now; and who worked here before.
#[utoipa::path(
    get, path = "/v1/colleagues", tag = "workbins", security(("token" = [])),
    responses((status = 200, body = Colleagues), (status = 401, body = Problem)),
)]
pub(super) async fn colleagues(
    State(app): State<App>,
    _caller: Caller,
) -> Result<Json<Colleagues>, ProblemReply> {
    let mut read = app.store.read().await?;
    Ok(Json(workbins::colleagues(&mut read).await?))
}

/// Puts an interaction into a workbin: by its owner, or by whoever may take it from where it lies.
#[utoipa::path(
    post, path = "/v1/interactions/{interaction}/workbin", tag = "workbins", security(("token" = [])),
    params(("interaction" = String, Path, description = "`int_…`")), request_body = MoveToWorkbin,
    responses(
        (status = 200, body = Interaction),
        (status = 401, body = Problem),
        (status = 403, body = Problem, description = "It lies where this agent may look, but not take"),
        (status = 404, body = Problem, description = "No such interaction of this agent's, or no such workbin"),
        (status = 409, body = Problem, description = "Somebody has it open, or the workbin is full"),
        (status = 422, body = Problem, description = "The comment is too long"),
    ),
)]
pub(super) async fn to_workbin(
    State(app): State<App>,
    caller: Caller,
    Ids(id): Ids<InteractionId>,
    Body(wanted): Body<MoveToWorkbin>,
) -> Result<Json<Interaction>, ProblemReply> {
    let mut change = app.store.begin().await?;
    let moved = workbins::to_workbin(&mut change, caller.agent, (id, &wanted), app.clock.now()).await?;
    change.commit().await?;
    Ok(Json(moved))
}

/// Takes an interaction from its workbin or queue. Whoever comes second is told who was quicker.
#[utoipa::path(
    post, path = "/v1/interactions/{interaction}/open", tag = "workbins", security(("token" = [])),
    params(("interaction" = String, Path, description = "`int_…`")),
    responses(
        (status = 200, body = Interaction),
        (status = 401, body = Problem),
        (status = 403, body = Problem, description = "It lies where this agent may look, but not take"),
        (status = 404, body = Problem),
        (status = 409, body = Problem, description = "Somebody else was quicker, and who"),
    ),
)]
pub(super) async fn open(
    State(app): State<App>,
    caller: Caller,
    Ids(id): Ids<InteractionId>,
) -> Result<Json<Interaction>, ProblemReply> {
    let mut change = app.store.begin().await?;
    let opened = workbins::open(&mut change, caller.agent, id, app.clock.now()).await?;
    change.commit().await?;
    Ok(Json(opened))
}

/// Puts an opened interaction back to where it was opened from.
#[utoipa::path(
    post, path = "/v1/interactions/{interaction}/put-back", tag = "workbins", security(("token" = [])),
    params(("interaction" = String, Path, description = "`int_…`")),
    responses(
        (status = 200, body = Interaction),
        (status = 401, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem, description = "It was not opened from a workbin or queue"),
    ),
)]
pub(super) async fn put_back(
    State(app): State<App>,
    caller: Caller,
    Ids(id): Ids<InteractionId>,
) -> Result<Json<Interaction>, ProblemReply> {
    let mut change = app.store.begin().await?;
    let back = workbins::put_back(&mut change, caller.agent, id, app.clock.now()).await?;
    change.commit().await?;
    Ok(Json(back))
}

/// Gives an interaction to a colleague: at once if they are at work, else into their workbin.
#[utoipa::path(
    post, path = "/v1/interactions/{interaction}/assign", tag = "workbins", security(("token" = [])),
    params(("interaction" = String, Path, description = "`int_…`")), request_body = Assign,
    responses(
        (status = 200, body = Interaction),
        (status = 401, body = Problem),
        (status = 403, body = Problem, description = "It lies where this agent may look, but not take"),
        (status = 404, body = Problem, description = "No such interaction of this agent's, or no such colleague"),
        (status = 409, body = Problem, description = "Somebody has it open, or the colleague's workbin is full"),
    ),
)]
pub(super) async fn assign(
    State(app): State<App>,
    caller: Caller,
    Ids(id): Ids<InteractionId>,
    Body(wanted): Body<Assign>,
) -> Result<Json<Interaction>, ProblemReply> {
    let mut change = app.store.begin().await?;
    let given = workbins::assign(&mut change, caller.agent, (id, wanted.agent), app.clock.now()).await?;
    change.commit().await?;
    Ok(Json(given))
}

/// Takes what is offered.
#[utoipa::path(
    post, path = "/v1/interactions/{interaction}/accept", tag = "workbins", security(("token" = [])),
    params(("interaction" = String, Path, description = "`int_…`")),
    responses(
        (status = 200, body = Interaction),
        (status = 401, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem, description = "It is offered to this agent no longer"),
    ),
)]
pub(super) async fn accept(
    State(app): State<App>,
    caller: Caller,
    Ids(id): Ids<InteractionId>,
) -> Result<Json<Interaction>, ProblemReply> {
    let mut change = app.store.begin().await?;
    let accepted = workbins::accept(&mut change, caller.agent, id, app.clock.now()).await?;
    change.commit().await?;
    Ok(Json(accepted))
}

/// Lets go of what is offered; it goes on to somebody else.
#[utoipa::path(
    post, path = "/v1/interactions/{interaction}/reject", tag = "workbins", security(("token" = [])),
    params(("interaction" = String, Path, description = "`int_…`")),
    responses(
        (status = 204),
        (status = 401, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem, description = "It was taken already"),
    ),
)]
pub(super) async fn reject(
    State(app): State<App>,
    caller: Caller,
    Ids(id): Ids<InteractionId>,
) -> Result<StatusCode, ProblemReply> {
    let mut change = app.store.begin().await?;
    workbins::reject(&mut change, caller.agent, id, app.clock.now()).await?;
    change.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
