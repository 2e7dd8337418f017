//! The library: what an agent may see of it, and what they make of it.

use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
    http::StatusCode,
};
use waxwing_protocol::{
    library::{Favourites, LibraryPage, LibraryQuery, MAX_LIBRARY_PAGE, Usage},
    problem::{Problem, ProblemCode},
    upload::{BeginUpload, Upload},
};

use super::{
    extract::{Body, Caller},
    problem::ProblemReply,
};
use crate::{
    app::App,
    handling::library::{sync, uses},
};

/// What has changed in the library since what a desktop holds: what is new or different, what is gone, and the agent's
/// favourites and what they used last. Asked again with `next` while there is `more`.
#[utoipa::path(
    get, path = "/v1/library", tag = "library", security(("token" = [])),
    params(
        ("after" = Option<u64>, Query, description = "Everything up to this change is held"),
        ("epoch" = Option<u32>, Query, description = "Which library that was"),
    ),
    responses((status = 200, body = LibraryPage), (status = 400, body = Problem), (status = 401, body = Problem)),
)]
pub(super) async fn page(
    State(app): State<App>,
    caller: Caller,
    query: Result<Query<LibraryQuery>, QueryRejection>,
) -> Result<Json<LibraryPage>, ProblemReply> {
    let Ok(Query(query)) = query else {
        return Err(Problem::new(ProblemCode::BadRequest, "Say what is held as `after` and `epoch`.").into());
    };
    let mut read = app.store.read().await?;
    let of = (app.store.epoch(), MAX_LIBRARY_PAGE);
    Ok(Json(sync::page(&mut read, caller.agent, query, of).await?))
}

/// How often responses were used, by everybody; for whoever leads a team.
#[utoipa::path(
    get, path = "/v1/library/usage", tag = "library", security(("token" = [])),
    responses((status = 200, body = Usage), (status = 401, body = Problem), (status = 403, body = Problem)),
)]
pub(super) async fn usage(State(app): State<App>, caller: Caller) -> Result<Json<Usage>, ProblemReply> {
    let mut read = app.store.read().await?;
    Ok(Json(uses::usage(&mut read, caller.agent).await?))
}

/// Keeps the agent's favourites. What is not theirs to see is passed over.
#[utoipa::path(
    put, path = "/v1/library/favourites", tag = "library", security(("token" = [])), request_body = Favourites,
    responses(
        (status = 204),
        (status = 401, body = Problem),
        (status = 422, body = Problem, description = "More than 500"),
    ),
)]
pub(super) async fn favourites(
    State(app): State<App>,
    caller: Caller,
    Body(wanted): Body<Favourites>,
) -> Result<StatusCode, ProblemReply> {
    let mut change = app.store.begin().await?;
    uses::set_favourites(&mut change, caller.agent, &wanted, app.clock.now()).await?;
    change.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Announces a file for a response, or for the header of a notification. The same client reference is taken in once, however
/// often it comes: the answer says how far it got.
#[utoipa::path(
    post, path = "/v1/library/uploads", tag = "library", security(("token" = [])), request_body = BeginUpload,
    responses(
        (status = 200, body = Upload),
        (status = 401, body = Problem),
        (status = 409, body = Problem, description = "Too many files wait to be sent"),
        (status = 413, body = Problem, description = "100 MB or more"),
        (status = 422, body = Problem, description = "Empty, or of a kind that can't be sent"),
    ),
)]
pub(super) async fn upload(
    State(app): State<App>,
    caller: Caller,
    Body(wanted): Body<BeginUpload>,
) -> Result<Json<Upload>, ProblemReply> {
    Ok(Json(app.uploads.begin(caller.agent, None, &wanted).await?))
}
