//! What agents do with their interactions.

use axum::{Json, extract::State, http::StatusCode};
use waxwing_protocol::{
    api::{React, SendAccepted, SendMessage},
    id::{InteractionId, MessageId},
    message::Message,
    problem::Problem,
};

use super::{
    extract::{Body, Caller, Ids},
    problem::ProblemReply,
};
use crate::{
    app::App,
    handling::{history_files, outbound, reacting},
};

/// Takes in a message. The same client reference is taken in once, however often it comes.
#[utoipa::path(
    post, path = "/v1/interactions/{interaction}/messages", tag = "interactions", security(("token" = [])),
    params(("interaction" = String, Path, description = "`int_…`")), request_body = SendMessage,
    responses(
        (status = 202, body = SendAccepted),
        (status = 401, body = Problem),
        (status = 404, body = Problem, description = "Not an interaction of this agent's, or not a file of theirs"),
        (status = 409, body = Problem, description = "The interaction has moved on, or the reply window is closed"),
        (status = 422, body = Problem, description = "The text is empty or too long, or the file can't be sent so"),
    ),
)]
pub(super) async fn send(
    State(app): State<App>,
    caller: Caller,
    Ids(interaction): Ids<InteractionId>,
    Body(wanted): Body<SendMessage>,
) -> Result<(StatusCode, Json<SendAccepted>), ProblemReply> {
    let mut change = app.store.begin().await?;
    let (wanted, now) = ((interaction, &wanted), app.clock.now());
    let accepted = outbound::send(&mut change, caller.agent, wanted, &app.limits, now).await?;
    change.commit().await?;
    Ok((StatusCode::ACCEPTED, Json(accepted)))
}

/// *Try again* for a message that failed.
#[utoipa::path(
    post, path = "/v1/interactions/{interaction}/messages/{message}/retry", tag = "interactions",
    security(("token" = [])),
    params(
        ("interaction" = String, Path, description = "`int_…`"),
        ("message" = String, Path, description = "`msg_…`"),
    ),
    responses(
        (status = 202, body = SendAccepted),
        (status = 401, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem, description = "It has not failed, can't be tried again, or the window is closed"),
    ),
)]
pub(super) async fn retry(
    State(app): State<App>,
    caller: Caller,
    Ids(ids): Ids<(InteractionId, MessageId)>,
) -> Result<(StatusCode, Json<SendAccepted>), ProblemReply> {
    let mut change = app.store.begin().await?;
    let accepted = outbound::retry(&mut change, caller.agent, ids, app.clock.now()).await?;
    change.commit().await?;
    Ok((StatusCode::ACCEPTED, Json(accepted)))
}

/// Puts an emoji on a message, or takes ours off. The same again changes nothing.
#[utoipa::path(
    put, path = "/v1/interactions/{interaction}/messages/{message}/reaction", tag = "interactions",
    security(("token" = [])),
    params(
        ("interaction" = String, Path, description = "`int_…`"),
        ("message" = String, Path, description = "`msg_…`, in this interaction or an earlier one of the same contact"),
    ),
    request_body = React,
    responses(
        (status = 202, body = Message),
        (status = 401, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem, description = "WhatsApp takes no reaction to it, or the reply window is closed"),
        (status = 422, body = Problem, description = "Not exactly one emoji"),
    ),
)]
pub(super) async fn react(
    State(app): State<App>,
    caller: Caller,
    Ids(ids): Ids<(InteractionId, MessageId)>,
    Body(wanted): Body<React>,
) -> Result<(StatusCode, Json<Message>), ProblemReply> {
    let mut change = app.store.begin().await?;
    let (emoji, now) = (wanted.emoji.as_deref(), app.clock.now());
    let message = reacting::react(&mut change, caller.agent, ids, emoji, now).await?;
    change.commit().await?;
    Ok((StatusCode::ACCEPTED, Json(message)))
}

/// Tries again to get the file of a contact's message that could not be had.
#[utoipa::path(
    post, path = "/v1/interactions/{interaction}/messages/{message}/attachment", tag = "interactions",
    security(("token" = [])),
    params(
        ("interaction" = String, Path, description = "`int_…`"),
        ("message" = String, Path, description = "`msg_…`, in this interaction or an earlier one of the same contact"),
    ),
    responses(
        (status = 202, body = Message),
        (status = 401, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem, description = "It has no file that could not be had"),
    ),
)]
pub(super) async fn fetch_again(
    State(app): State<App>,
    caller: Caller,
    Ids(ids): Ids<(InteractionId, MessageId)>,
) -> Result<(StatusCode, Json<Message>), ProblemReply> {
    let mut change = app.store.begin().await?;
    let message = history_files::fetch_again(&mut change, caller.agent, ids, app.clock.now()).await?;
    change.commit().await?;
    Ok((StatusCode::ACCEPTED, Json(message)))
}
