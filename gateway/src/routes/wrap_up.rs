//! How interactions come to their end, and what is kept of them.

use axum::{Json, extract::State, http::StatusCode};
use waxwing_protocol::{
    id::InteractionId,
    interaction::Interaction,
    problem::Problem,
    wrap_up::{PutCaseData, PutDisposition, PutNote, Rules},
};

use super::{
    extract::{Body, Caller, Ids},
    problem::ProblemReply,
};
use crate::{app::App, handling::wrap_up, store::settings};

/// What the house wants of an interaction's end.
#[utoipa::path(
    get, path = "/v1/wrap-up", tag = "wrap-up", security(("token" = [])),
    responses((status = 200, body = Rules), (status = 401, body = Problem)),
)]
pub(super) async fn rules(State(app): State<App>, _caller: Caller) -> Result<Json<Rules>, ProblemReply> {
    Ok(Json(settings::wrap_up(app.store.read().await?.db()).await?.told()))
}

/// Ends the session; the interaction stays for the work after it. The contact may be told by a configured text.
#[utoipa::path(
    post, path = "/v1/interactions/{interaction}/end", tag = "wrap-up", security(("token" = [])),
    params(("interaction" = String, Path, description = "`int_…`")),
    responses(
        (status = 200, body = Interaction),
        (status = 401, body = Problem),
        (status = 403, body = Problem, description = "It lies where this agent may look, but not take"),
        (status = 404, body = Problem),
        (status = 409, body = Problem, description = "Somebody else has it open, or it waits in the queue"),
    ),
)]
pub(super) async fn end(
    State(app): State<App>,
    caller: Caller,
    Ids(id): Ids<InteractionId>,
) -> Result<Json<Interaction>, ProblemReply> {
    let mut change = app.store.begin().await?;
    let ended = wrap_up::end(&mut change, caller.agent, id, app.clock.now()).await?;
    change.commit().await?;
    Ok(Json(ended))
}

/// *Done*: ends the session if it goes on, and closes the interaction for good.
#[utoipa::path(
    post, path = "/v1/interactions/{interaction}/done", tag = "wrap-up", security(("token" = [])),
    params(("interaction" = String, Path, description = "`int_…`")),
    responses(
        (status = 204),
        (status = 401, body = Problem),
        (status = 403, body = Problem, description = "It lies where this agent may look, but not take"),
        (status = 404, body = Problem),
        (status = 409, body = Problem, description = "It must be said what came of it first, or somebody else has it open"),
    ),
)]
pub(super) async fn done(
    State(app): State<App>,
    caller: Caller,
    Ids(id): Ids<InteractionId>,
) -> Result<StatusCode, ProblemReply> {
    let mut change = app.store.begin().await?;
    wrap_up::done(&mut change, caller.agent, id, app.clock.now()).await?;
    change.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// *Done* was not meant: for ten seconds, the interaction can be had back as it was.
#[utoipa::path(
    post, path = "/v1/interactions/{interaction}/done/undo", tag = "wrap-up", security(("token" = [])),
    params(("interaction" = String, Path, description = "`int_…`")),
    responses(
        (status = 200, body = Interaction),
        (status = 401, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem, description = "It is too late, or a later session has begun"),
    ),
)]
pub(super) async fn undo_done(
    State(app): State<App>,
    caller: Caller,
    Ids(id): Ids<InteractionId>,
) -> Result<Json<Interaction>, ProblemReply> {
    let mut change = app.store.begin().await?;
    let undone = wrap_up::undo_done(&mut change, caller.agent, id, app.clock.now()).await?;
    change.commit().await?;
    Ok(Json(undone))
}

/// Keeps what is noted about an interaction, for whoever opens it next.
#[utoipa::path(
    put, path = "/v1/interactions/{interaction}/note", tag = "wrap-up", security(("token" = [])),
    params(("interaction" = String, Path, description = "`int_…`")), request_body = PutNote,
    responses(
        (status = 200, body = Interaction),
        (status = 401, body = Problem),
        (status = 403, body = Problem, description = "It lies where this agent may look, but not take"),
        (status = 404, body = Problem),
        (status = 409, body = Problem, description = "Somebody has changed it meanwhile, or has the interaction open"),
        (status = 422, body = Problem, description = "The note is too long"),
    ),
)]
pub(super) async fn note(
    State(app): State<App>,
    caller: Caller,
    Ids(id): Ids<InteractionId>,
    Body(wanted): Body<PutNote>,
) -> Result<Json<Interaction>, ProblemReply> {
    let mut change = app.store.begin().await?;
    let noted = wrap_up::note(&mut change, caller.agent, (id, &wanted), app.clock.now()).await?;
    change.commit().await?;
    Ok(Json(noted))
}

/// Changes facts that are attached to an interaction.
#[utoipa::path(
    put, path = "/v1/interactions/{interaction}/case-data", tag = "wrap-up", security(("token" = [])),
    params(("interaction" = String, Path, description = "`int_…`")), request_body = PutCaseData,
    responses(
        (status = 200, body = Interaction),
        (status = 401, body = Problem),
        (status = 403, body = Problem, description = "It lies where this agent may look, but not take"),
        (status = 404, body = Problem),
        (status = 409, body = Problem, description = "Somebody else has it open, or it is done"),
        (status = 422, body = Problem, description = "A value is not of its field's type, or there are too many"),
    ),
)]
pub(super) async fn case_data(
    State(app): State<App>,
    caller: Caller,
    Ids(id): Ids<InteractionId>,
    Body(wanted): Body<PutCaseData>,
) -> Result<Json<Interaction>, ProblemReply> {
    let mut change = app.store.begin().await?;
    let changed = wrap_up::case_data(&mut change, caller.agent, (id, &wanted), app.clock.now()).await?;
    change.commit().await?;
    Ok(Json(changed))
}

/// Says what came of an interaction, or takes it back.
#[utoipa::path(
    put, path = "/v1/interactions/{interaction}/disposition", tag = "wrap-up", security(("token" = [])),
    params(("interaction" = String, Path, description = "`int_…`")), request_body = PutDisposition,
    responses(
        (status = 200, body = Interaction),
        (status = 401, body = Problem),
        (status = 403, body = Problem, description = "It lies where this agent may look, but not take"),
        (status = 404, body = Problem),
        (status = 409, body = Problem, description = "Somebody else has it open, or it is done"),
        (status = 422, body = Problem, description = "There is no such disposition"),
    ),
)]
pub(super) async fn disposition(
    State(app): State<App>,
    caller: Caller,
    Ids(id): Ids<InteractionId>,
    Body(wanted): Body<PutDisposition>,
) -> Result<Json<Interaction>, ProblemReply> {
    let mut change = app.store.begin().await?;
    let code = wanted.code.as_deref();
    let put = wrap_up::disposition(&mut change, caller.agent, (id, code), app.clock.now()).await?;
    change.commit().await?;
    Ok(Json(put))
}
