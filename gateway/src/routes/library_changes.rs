//! Categories and responses of the library are made, changed and removed.

use axum::{Json, extract::State, http::StatusCode};
use waxwing_protocol::{
    id::{CategoryId, ResponseId},
    library::{PutCategory, PutResponse, Versions},
    problem::Problem,
    response::{Category, StandardResponse},
};

use super::{
    extract::{Body, Caller, Ids},
    problem::ProblemReply,
};
use crate::{
    app::App,
    handling::library::{categories, responses},
};

/// Makes a category, or changes its name or where it stands; for whoever leads a team.
#[utoipa::path(
    put, path = "/v1/library/categories/{category}", tag = "library", security(("token" = [])),
    params(("category" = String, Path, description = "`cat_…`, drawn by the desktop for a new one")),
    request_body = PutCategory,
    responses(
        (status = 200, body = Category),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 409, body = Problem, description = "It was removed meanwhile"),
        (status = 422, body = Problem, description = "Not a name, there is one of this name here, or it would stand in itself"),
    ),
)]
pub(super) async fn put_category(
    State(app): State<App>,
    caller: Caller,
    Ids(category): Ids<CategoryId>,
    Body(wanted): Body<PutCategory>,
) -> Result<Json<Category>, ProblemReply> {
    let mut change = app.store.begin().await?;
    let put = categories::put(&mut change, caller.agent, (category, &wanted), app.clock.now()).await?;
    change.commit().await?;
    Ok(Json(put))
}

/// Removes a category; what stands in it moves up to where it stood. For whoever leads a team.
#[utoipa::path(
    delete, path = "/v1/library/categories/{category}", tag = "library", security(("token" = [])),
    params(("category" = String, Path, description = "`cat_…`")),
    responses(
        (status = 204, description = "Also if it is gone already"),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem),
    ),
)]
pub(super) async fn delete_category(
    State(app): State<App>,
    caller: Caller,
    Ids(category): Ids<CategoryId>,
) -> Result<StatusCode, ProblemReply> {
    let mut change = app.store.begin().await?;
    categories::delete(&mut change, caller.agent, category, app.clock.now()).await?;
    change.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Writes a response, or changes it: the agent's own, or everybody's for whoever leads a team. Asked twice it is done once.
#[utoipa::path(
    put, path = "/v1/library/responses/{response}", tag = "library", security(("token" = [])),
    params(("response" = String, Path, description = "`rsp_…`, drawn by the desktop for a new one")),
    request_body = PutResponse,
    responses(
        (status = 200, body = StandardResponse),
        (status = 401, body = Problem),
        (status = 403, body = Problem, description = "Everybody's, and the agent leads no team; or for somebody else"),
        (status = 404, body = Problem, description = "Not this agent's to see"),
        (status = 409, body = Problem, description = "Somebody has changed or removed it since `based_on`"),
        (status = 422, body = Problem, description = "It can't stand in the library, or its shortcut is taken"),
    ),
)]
pub(super) async fn put_response(
    State(app): State<App>,
    caller: Caller,
    Ids(response): Ids<ResponseId>,
    Body(wanted): Body<PutResponse>,
) -> Result<Json<StandardResponse>, ProblemReply> {
    let mut change = app.store.begin().await?;
    let put = responses::put(&mut change, caller.agent, (response, &wanted), app.clock.now()).await?;
    change.commit().await?;
    Ok(Json(put))
}

/// Removes a response with all its versions.
#[utoipa::path(
    delete, path = "/v1/library/responses/{response}", tag = "library", security(("token" = [])),
    params(("response" = String, Path, description = "`rsp_…`")),
    responses(
        (status = 204, description = "Also if it is gone already"),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 404, body = Problem, description = "Not this agent's to see"),
    ),
)]
pub(super) async fn delete_response(
    State(app): State<App>,
    caller: Caller,
    Ids(response): Ids<ResponseId>,
) -> Result<StatusCode, ProblemReply> {
    let mut change = app.store.begin().await?;
    responses::delete(&mut change, caller.agent, response, app.clock.now()).await?;
    change.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a response was, newest first, with what it is now. The newest 50 are kept.
#[utoipa::path(
    get, path = "/v1/library/responses/{response}/versions", tag = "library", security(("token" = [])),
    params(("response" = String, Path, description = "`rsp_…`")),
    responses(
        (status = 200, body = Versions),
        (status = 401, body = Problem),
        (status = 404, body = Problem, description = "Not this agent's to see"),
    ),
)]
pub(super) async fn versions(
    State(app): State<App>,
    caller: Caller,
    Ids(response): Ids<ResponseId>,
) -> Result<Json<Versions>, ProblemReply> {
    let mut read = app.store.read().await?;
    Ok(Json(responses::versions(&mut read, caller.agent, response).await?))
}
