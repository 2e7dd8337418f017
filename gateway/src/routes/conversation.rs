//! What agents do in a conversation beside writing.

use axum::{Json, extract::State};
use waxwing_protocol::{api::PutDraft, draft::Draft, id::InteractionId, problem::Problem};

use super::{
    extract::{Body, Caller, Ids},
    problem::ProblemReply,
};
use crate::{app::App, handling::drafts};

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
