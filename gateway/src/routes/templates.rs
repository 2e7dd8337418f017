//! Templates of notifications; their list comes with the library.

use axum::{extract::State, http::StatusCode};
use waxwing_protocol::problem::Problem;

use super::{extract::Caller, problem::ProblemReply};
use crate::{app::App, handling::templates};

/// Asks WhatsApp for the templates now; the answer comes as a change of the library. Asked again meanwhile, it is done once.
#[utoipa::path(
    post, path = "/v1/templates/refresh", tag = "library", security(("token" = [])),
    responses((status = 202), (status = 401, body = Problem)),
)]
pub(super) async fn refresh(State(app): State<App>, _caller: Caller) -> Result<StatusCode, ProblemReply> {
    let mut change = app.store.begin().await?;
    templates::refresh(&mut change, app.clock.now()).await?;
    change.commit().await?;
    Ok(StatusCode::ACCEPTED)
}
