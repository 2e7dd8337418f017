//! The files of messages.

use axum::{
    body::Body,
    extract::State,
    http::{
        HeaderName, HeaderValue,
        header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS},
    },
    response::{IntoResponse as _, Response},
};
use waxwing_protocol::{
    id::AttachmentId,
    problem::{Problem, ProblemCode},
};

use super::{
    extract::{Caller, Ids},
    problem::ProblemReply,
};
use crate::{app::App, store::attachments};

/// A stranger's bytes: to be kept as a file, never to be taken for a page.
const HEADERS: [(HeaderName, &str); 4] = [
    (CONTENT_TYPE, "application/octet-stream"),
    (CONTENT_DISPOSITION, "attachment"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (CACHE_CONTROL, "private, no-store"),
];

/// The bytes of a file that is ready, for whoever has an open interaction with its contact on its number.
#[utoipa::path(
    get, path = "/v1/attachments/{attachment}", tag = "interactions", security(("token" = [])),
    params(("attachment" = String, Path, description = "`att_…`")),
    responses(
        (status = 200, content_type = "application/octet-stream", body = [u8]),
        (status = 401, body = Problem),
        (status = 404, body = Problem, description = "Not a file of this agent's, or not ready"),
    ),
)]
pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    Ids(attachment): Ids<AttachmentId>,
) -> Result<Response, ProblemReply> {
    let missing = || Problem::new(ProblemCode::NotFound, "There is no such file.");
    let name = attachments::file_for(app.store.read().await?.db(), attachment, caller.agent).await?;
    let name = name.ok_or_else(missing)?;
    let file = app.files.read(&name).await.map_err(|error| {
        tracing::error!(%error, attachment.id = %attachment, "a file can't be read");
        ProblemReply::passing(ProblemCode::Unavailable, "The gateway can't read this file just now.", 5)
    })?;
    let Some(file) = file else {
        tracing::error!(attachment.id = %attachment, "a file is not where files are kept");
        return Err(missing().into());
    };
    let length = HeaderValue::from(file.meta.size);
    let mut response = (HEADERS, Body::from_stream(file.into_stream())).into_response();
    response.headers_mut().insert(CONTENT_LENGTH, length);
    Ok(response)
}
