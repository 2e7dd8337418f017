//! The files of messages and of the library, and what they look like.

use axum::{
    body::Body,
    extract::State,
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
        header::{
            ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE,
            IF_RANGE, RANGE, X_CONTENT_TYPE_OPTIONS,
        },
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
    range::{self, Asked},
};
use crate::{
    app::App,
    handling::history_files,
    media::{FilesError, preview_of},
    store::attachments::Readable,
};

/// A stranger's bytes: to be kept as a file, never to be taken for a page.
const HEADERS: [(HeaderName, &str); 5] = [
    (CONTENT_TYPE, "application/octet-stream"),
    (CONTENT_DISPOSITION, "attachment"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (CACHE_CONTROL, "private, no-store"),
    (ACCEPT_RANGES, "bytes"),
];

/// The bytes of a file that is ready, or a part of them, for whoever has an open interaction with its contact on its number, has
/// uploaded it, or sees it in the library.
#[utoipa::path(
    get, path = "/v1/attachments/{attachment}", tag = "interactions", security(("token" = [])),
    params(
        ("attachment" = String, Path, description = "`att_…`"),
        ("range" = Option<String>, Header, description = "One range of bytes (RFC 9110, 14)"),
    ),
    responses(
        (status = 200, content_type = "application/octet-stream", body = [u8]),
        (status = 206, content_type = "application/octet-stream", body = [u8], description = "The part asked for"),
        (status = 401, body = Problem),
        (status = 404, body = Problem, description = "Not a file of this agent's, or not ready"),
        (status = 416, description = "The file ends before this part"),
    ),
)]
pub(super) async fn get(
    State(app): State<App>,
    method: Method,
    caller: Caller,
    Ids(attachment): Ids<AttachmentId>,
    headers: HeaderMap,
) -> Result<Response, ProblemReply> {
    let Readable { file, .. } = readable(&app, &caller, attachment).await?;
    let size = app.files.size(&file).await.map_err(|error| unread(attachment, &error))?;
    let size = size.ok_or_else(|| lost(attachment))?;
    let asked = match headers.get(RANGE).and_then(|range| range.to_str().ok()) {
        // A part is only a matter of GET, and of a file that is the one that was asked of: no mark of ours tells.
        Some(range) if method == Method::GET && !headers.contains_key(IF_RANGE) => range::read(range, size),
        _ => Asked::Whole,
    };
    let part = match &asked {
        Asked::Whole => 0..size,
        Asked::Part(part) => part.clone(),
        Asked::Nothing => {
            let end = [(CONTENT_RANGE, format!("bytes */{size}"))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, end).into_response());
        }
    };
    let found = match &asked {
        Asked::Part(part) => app.files.read_part(&file, part.clone()).await,
        Asked::Whole | Asked::Nothing => app.files.read(&file).await,
    };
    let found = found.map_err(|error| unread(attachment, &error))?.ok_or_else(|| lost(attachment))?;
    let mut response = (HEADERS, Body::from_stream(found.into_stream())).into_response();
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(part.end - part.start));
    if asked != Asked::Whole {
        let told = format!("bytes {}-{}/{size}", part.start, part.end - 1);
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        response
            .headers_mut()
            .insert(CONTENT_RANGE, HeaderValue::try_from(told).expect("numbers can stand in a header"));
    }
    Ok(response)
}

/// A small picture of a file that has one.
#[utoipa::path(
    get, path = "/v1/attachments/{attachment}/preview", tag = "interactions", security(("token" = [])),
    params(("attachment" = String, Path, description = "`att_…`")),
    responses(
        (status = 200, content_type = "application/octet-stream", body = [u8], description = "JPEG or PNG"),
        (status = 401, body = Problem),
        (status = 404, body = Problem, description = "Not a file of this agent's, or without a preview"),
    ),
)]
pub(super) async fn preview(
    State(app): State<App>,
    caller: Caller,
    Ids(attachment): Ids<AttachmentId>,
) -> Result<Response, ProblemReply> {
    let Readable { file, looked, .. } = readable(&app, &caller, attachment).await?;
    if !looked.is_some_and(|looked| looked.about.preview) {
        return Err(missing());
    }
    let found = app.files.read(&preview_of(&file)).await.map_err(|error| unread(attachment, &error))?;
    let found = found.ok_or_else(|| lost(attachment))?;
    let length = HeaderValue::from(found.meta.size);
    let mut response = (HEADERS, Body::from_stream(found.into_stream())).into_response();
    response.headers_mut().remove(ACCEPT_RANGES);
    response.headers_mut().insert(CONTENT_LENGTH, length);
    Ok(response)
}

async fn readable(app: &App, caller: &Caller, attachment: AttachmentId) -> Result<Readable, ProblemReply> {
    let mut read = app.store.read().await?;
    let found = history_files::readable(&mut read, caller.agent, attachment).await?;
    found.ok_or_else(missing)
}

fn missing() -> ProblemReply {
    Problem::new(ProblemCode::NotFound, "There is no such file.").into()
}

fn lost(attachment: AttachmentId) -> ProblemReply {
    tracing::error!(attachment.id = %attachment, "a file is not where files are kept");
    missing()
}

fn unread(attachment: AttachmentId, error: &FilesError) -> ProblemReply {
    tracing::error!(%error, attachment.id = %attachment, "a file can't be read");
    ProblemReply::passing(ProblemCode::Unavailable, "The gateway can't read this file just now.", 5)
}
