//! What agents do in a conversation beside writing.

use axum::{Json, extract::State, http::StatusCode};
use waxwing_protocol::{
    api::{AddCard, MarkRead, PutDraft},
    contact::Contact,
    draft::Draft,
    id::InteractionId,
    problem::Problem,
};

use super::{
    extract::{Body, Caller, Ids},
    problem::ProblemReply,
};
use crate::{
    app::App,
    handling::{details, drafts, reading},
};

/// Keeps what stands in a composer now, for the agent's other machines and for later. Words of another machine are never
/// thrown away: the newer ones stand, the others are set aside.
#[utoipa::path(
    put, path = "/v1/interactions/{interaction}/draft", tag = "interactions", security(("token" = [])),
    params(("interaction" = String, Path, description = "`int_…`")), request_body = PutDraft,
    responses(
        (status = 200, body = Draft),
        (status = 401, body = Problem),
        (status = 404, body = Problem, description = "Not an interaction of this agent's"),
        (status = 409, body = Problem, description = "The interaction is done"),
        (status = 413, body = Problem, description = "More than 65,536 bytes"),
    ),
)]
pub(super) async fn draft(
    State(app): State<App>,
    caller: Caller,
    Ids(interaction): Ids<InteractionId>,
    Body(wanted): Body<PutDraft>,
) -> Result<Json<Draft>, ProblemReply> {
    let mut change = app.store.begin().await?;
    let who = (caller.agent, &caller.token);
    let draft = drafts::put(&mut change, who, interaction, wanted, app.clock.now()).await?;
    change.commit().await?;
    Ok(Json(draft))
}

/// Notes how far the agent has read. WhatsApp is told in the background.
#[utoipa::path(
    put, path = "/v1/interactions/{interaction}/read", tag = "interactions", security(("token" = [])),
    params(("interaction" = String, Path, description = "`int_…`")), request_body = MarkRead,
    responses(
        (status = 204),
        (status = 400, body = Problem, description = "Not a message of the contact's"),
        (status = 401, body = Problem),
        (status = 404, body = Problem),
    ),
)]
pub(super) async fn read(
    State(app): State<App>,
    caller: Caller,
    Ids(interaction): Ids<InteractionId>,
    Body(wanted): Body<MarkRead>,
) -> Result<StatusCode, ProblemReply> {
    let mut change = app.store.begin().await?;
    reading::mark(&mut change, caller.agent, (interaction, wanted.up_to), app.clock.now()).await?;
    change.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Shows the contact that the agent is writing, at most every 20 seconds. To WhatsApp it also marks everything as read.
#[utoipa::path(
    post, path = "/v1/interactions/{interaction}/typing", tag = "interactions", security(("token" = [])),
    params(("interaction" = String, Path, description = "`int_…`")),
    responses(
        (status = 204, description = "Also where there is nothing to attach it to"),
        (status = 401, body = Problem),
        (status = 404, body = Problem),
    ),
)]
pub(super) async fn typing(
    State(app): State<App>,
    caller: Caller,
    Ids(interaction): Ids<InteractionId>,
) -> Result<StatusCode, ProblemReply> {
    let now = app.clock.now();
    let mut read = app.store.read().await?;
    let on = reading::attachable(&mut read, caller.agent, interaction, now).await?;
    if let Some(on) = on.filter(|_on| app.typing.may_show(interaction, now)) {
        app.typing.show(on);
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Adds what stands on a card to the contact. What is there already is not added again.
#[utoipa::path(
    post, path = "/v1/interactions/{interaction}/contact/details", tag = "interactions",
    security(("token" = [])),
    params(("interaction" = String, Path, description = "`int_…`")), request_body = AddCard,
    responses(
        (status = 200, body = Contact),
        (status = 401, body = Problem),
        (status = 404, body = Problem, description = "No such interaction of this agent's, or no such card in it"),
        (status = 422, body = Problem, description = "The contact would have more than 100"),
    ),
)]
pub(super) async fn add_card(
    State(app): State<App>,
    caller: Caller,
    Ids(interaction): Ids<InteractionId>,
    Body(wanted): Body<AddCard>,
) -> Result<Json<Contact>, ProblemReply> {
    let mut change = app.store.begin().await?;
    let contact = details::add(&mut change, caller.agent, interaction, wanted, app.clock.now()).await?;
    change.commit().await?;
    Ok(Json(contact))
}
