//! What was said with a contact before, a page at a time.

use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
};
use waxwing_protocol::{
    api::{TranscriptPage, TranscriptQuery},
    id::InteractionId,
    problem::{Problem, ProblemCode},
};

use super::{
    extract::{Caller, Ids},
    problem::ProblemReply,
};
use crate::{app::App, handling::history};

/// A part of what was said with this contact on this number, in this session and in others.
#[utoipa::path(
    get, path = "/v1/interactions/{interaction}/transcript", tag = "interactions", security(("token" = [])),
    params(
        ("interaction" = String, Path, description = "`int_…`"),
        ("part" = String, Query, description = "`before`, `after` or `around`"),
        ("message" = Option<String>, Query, description = "`msg_…`: told from this message; without it and without `at`, from the far end"),
        ("at" = Option<String>, Query, description = "Told from the first message at or after this moment (RFC 3339)"),
        ("limit" = u32, Query, description = "How many messages, 1 to 500"),
        ("sessions" = Option<u32>, Query, description = "How many earlier sessions may be gone into"),
    ),
    responses(
        (status = 200, body = TranscriptPage),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 404, body = Problem, description = "No such interaction, or not a message of this conversation"),
    ),
)]
pub(super) async fn page(
    State(app): State<App>,
    _caller: Caller,
    Ids(interaction): Ids<InteractionId>,
    query: Result<Query<TranscriptQuery>, QueryRejection>,
) -> Result<Json<TranscriptPage>, ProblemReply> {
    let Ok(Query(query)) = query else {
        return Err(
            Problem::new(ProblemCode::BadRequest, "This does not say which part of a transcript.").into()
        );
    };
    let mut read = app.store.read().await?;
    Ok(Json(history::page(&mut read, interaction, &query).await?))
}
