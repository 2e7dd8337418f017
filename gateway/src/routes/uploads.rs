//! Files from desktops, piece by piece.

use axum::{
    Json,
    body::Bytes,
    extract::{DefaultBodyLimit, State, rejection::BytesRejection},
    http::StatusCode,
};
use utoipa_axum::{router::OpenApiRouter, routes};
use waxwing_protocol::{
    file_rule::FileRules,
    id::{AttachmentId, InteractionId},
    problem::Problem,
    upload::{BeginUpload, PIECE_BYTES, Upload},
};

use super::{
    extract::{Body, Caller, Ids},
    problem::ProblemReply,
};
use crate::app::App;

/// The one call of a desktop that takes more than words.
pub(super) fn pieces() -> OpenApiRouter<App> {
    let most = usize::try_from(PIECE_BYTES).unwrap_or(usize::MAX);
    OpenApiRouter::new().routes(routes!(piece)).layer(DefaultBodyLimit::max(most))
}

/// Says which files may be sent: what the administrator limits beside WhatsApp's own limits.
#[utoipa::path(
    get, path = "/v1/file-rules", tag = "interactions", security(("token" = [])),
    responses((status = 200, body = FileRules), (status = 401, body = Problem)),
)]
pub(super) async fn rules(State(app): State<App>, _caller: Caller) -> Json<FileRules> {
    Json(app.limits.told())
}

/// Announces a file. The same client reference is taken in once, however often it comes: the answer says how far it got.
#[utoipa::path(
    post, path = "/v1/interactions/{interaction}/uploads", tag = "interactions", security(("token" = [])),
    params(("interaction" = String, Path, description = "`int_…`")), request_body = BeginUpload,
    responses(
        (status = 200, body = Upload),
        (status = 401, body = Problem),
        (status = 404, body = Problem, description = "Not an interaction of this agent's"),
        (status = 409, body = Problem, description = "The interaction is done, or too many files wait to be sent"),
        (status = 413, body = Problem, description = "100 MB or more"),
        (status = 422, body = Problem, description = "Empty, or of a kind that can't be sent"),
    ),
)]
pub(super) async fn begin(
    State(app): State<App>,
    caller: Caller,
    Ids(interaction): Ids<InteractionId>,
    Body(wanted): Body<BeginUpload>,
) -> Result<Json<Upload>, ProblemReply> {
    Ok(Json(app.uploads.begin(caller.agent, Some(interaction), &wanted).await?))
}

/// Takes a piece in: 1,048,576 bytes, the last one what is left. One that is there already is taken as said. The answer to the
/// last one comes once the file was looked into.
#[utoipa::path(
    put, path = "/v1/uploads/{upload}/{piece}", tag = "interactions", security(("token" = [])),
    params(
        ("upload" = String, Path, description = "`att_…`"),
        ("piece" = u32, Path, description = "Counted from 0"),
    ),
    request_body(content = [u8], content_type = "application/octet-stream"),
    responses(
        (status = 200, body = Upload),
        (status = 400, body = Problem, description = "The piece is too short, or the file has no such piece"),
        (status = 401, body = Problem),
        (status = 404, body = Problem, description = "Not a file of this agent's"),
        (status = 409, body = Problem, description = "Another piece comes first"),
        (status = 413, body = Problem, description = "More than a piece"),
    ),
)]
pub(super) async fn piece(
    State(app): State<App>,
    caller: Caller,
    Ids(ids): Ids<(AttachmentId, u32)>,
    bytes: Result<Bytes, BytesRejection>,
) -> Result<Json<Upload>, ProblemReply> {
    Ok(Json(app.uploads.take(caller.agent, ids, bytes?).await?))
}

/// Removes a file that is not wanted any more. One that was sent stays.
#[utoipa::path(
    delete, path = "/v1/uploads/{upload}", tag = "interactions", security(("token" = [])),
    params(("upload" = String, Path, description = "`att_…`")),
    responses((status = 204), (status = 401, body = Problem), (status = 404, body = Problem)),
)]
pub(super) async fn remove(
    State(app): State<App>,
    caller: Caller,
    Ids(upload): Ids<AttachmentId>,
) -> Result<StatusCode, ProblemReply> {
    app.uploads.remove(caller.agent, upload).await?;
    Ok(StatusCode::NO_CONTENT)
}
