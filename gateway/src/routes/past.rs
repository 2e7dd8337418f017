//! How interactions are found again, and how a chat is begun.

use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
};
use waxwing_protocol::{
    directory::Numbers,
    history::{ChatBegun, HistoryPage, HistoryQuery, HistoryState, InteractionRecord, NewChat},
    id::InteractionId,
    problem::{Problem, ProblemCode},
};

use super::{
    extract::{Body, Caller, Ids},
    problem::ProblemReply,
};
use crate::{
    app::App,
    handling::{chats, past},
};

/// A page of the history, newest first: interactions for which everything that is given holds. A page may hold less than is wanted,
/// even nothing, and yet say where to go on.
#[utoipa::path(
    get, path = "/v1/history", tag = "history", security(("token" = [])),
    params(
        ("contact" = Option<String>, Query, description = "`con_…`: with them"),
        ("agent" = Option<String>, Query, description = "`agt_…`: handled by them; of others, and without a contact, for whoever leads a team"),
        ("number" = Option<String>, Query, description = "`num_…`: on this number"),
        ("state" = Option<HistoryState>, Query, description = "`live`, `ended` or `done`"),
        ("from" = Option<String>, Query, description = "Begun at or after this moment (RFC 3339)"),
        ("to" = Option<String>, Query, description = "Begun before this moment (RFC 3339)"),
        ("disposition" = Option<String>, Query, description = "The code of what came of it"),
        ("case_key" = Option<String>, Query, description = "With a fact of this key …"),
        ("case_value" = Option<String>, Query, description = "… and this value"),
        ("words" = Option<String>, Query, description = "Each was said; the last may be the beginning of a word"),
        ("after" = Option<String>, Query, description = "`int_…`: `next` of the page before"),
        ("limit" = u32, Query, description = "How many, 1 to 200"),
    ),
    responses(
        (status = 200, body = HistoryPage),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem, description = "What others handled, for somebody who leads no team"),
    ),
)]
pub(super) async fn page(
    State(app): State<App>,
    caller: Caller,
    query: Result<Query<HistoryQuery>, QueryRejection>,
) -> Result<Json<HistoryPage>, ProblemReply> {
    let Ok(Query(query)) = query else {
        return Err(Problem::new(
            ProblemCode::BadRequest,
            "Say as `limit` how many interactions are wanted.",
        )
        .into());
    };
    let _turn = app.searches.acquire().await;
    let mut read = app.store.read().await?;
    Ok(Json(past::page(&mut read, caller.agent, &query, app.phones).await?))
}

/// An interaction of any phase, with every step of its life.
#[utoipa::path(
    get, path = "/v1/interactions/{interaction}", tag = "history", security(("token" = [])),
    params(("interaction" = String, Path, description = "`int_…`")),
    responses((status = 200, body = InteractionRecord), (status = 401, body = Problem), (status = 404, body = Problem)),
)]
pub(super) async fn record(
    State(app): State<App>,
    _caller: Caller,
    Ids(interaction): Ids<InteractionId>,
) -> Result<Json<InteractionRecord>, ProblemReply> {
    let mut read = app.store.read().await?;
    Ok(Json(past::record(&mut read, interaction).await?))
}

/// Begins a chat, or joins the session that is under way. The feed brings the transcript. Asked twice it is begun once.
#[utoipa::path(
    post, path = "/v1/chats", tag = "history", security(("token" = [])),
    request_body = NewChat,
    responses(
        (status = 200, body = ChatBegun),
        (status = 401, body = Problem),
        (status = 404, body = Problem, description = "No such contact, number or interaction"),
        (status = 409, body = Problem, description = "Somebody else has it before them, or the contact is blocked"),
    ),
)]
pub(super) async fn begin(
    State(app): State<App>,
    caller: Caller,
    Body(wanted): Body<NewChat>,
) -> Result<Json<ChatBegun>, ProblemReply> {
    let mut change = app.store.begin().await?;
    let begun = chats::begin(&mut change, caller.agent, &wanted, app.clock.now()).await?;
    change.commit().await?;
    Ok(Json(begun))
}

/// From which of our numbers a chat can be begun.
#[utoipa::path(
    get, path = "/v1/numbers", tag = "history", security(("token" = [])),
    responses((status = 200, body = Numbers), (status = 401, body = Problem)),
)]
pub(super) async fn numbers(State(app): State<App>, _caller: Caller) -> Result<Json<Numbers>, ProblemReply> {
    let mut read = app.store.read().await?;
    Ok(Json(chats::numbers(&mut read).await?))
}
