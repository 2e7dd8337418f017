//! Where something was said with a contact.

use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
};
use waxwing_protocol::{
    api::{SearchHits, SearchQuery},
    id::InteractionId,
    problem::{Problem, ProblemCode},
};

use super::{
    extract::{Caller, Ids},
    problem::ProblemReply,
};
use crate::{app::App, handling::history};

/// Where something was said with this contact on this number: messages in which all the words stand, newest first.
#[utoipa::path(
    get, path = "/v1/interactions/{interaction}/search", tag = "interactions", security(("token" = [])),
    params(
        ("interaction" = String, Path, description = "`int_…`"),
        ("words" = String, Query, description = "1 to 20 words, in whatever case, with or without accents"),
    ),
    responses(
        (status = 200, body = SearchHits),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 404, body = Problem, description = "No such interaction"),
    ),
)]
pub(super) async fn find(
    State(app): State<App>,
    _caller: Caller,
    Ids(interaction): Ids<InteractionId>,
    query: Result<Query<SearchQuery>, QueryRejection>,
) -> Result<Json<SearchHits>, ProblemReply> {
    let Ok(Query(query)) = query else {
        return Err(Problem::new(ProblemCode::BadRequest, "Say which words to look for.").into());
    };
    let _turn = app.searches.acquire().await;
    let mut read = app.store.read().await?;
    Ok(Json(history::find(&mut read, interaction, &query).await?))
}
