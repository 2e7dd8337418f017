//! The library as a file: out of it, and into it.

use axum::{
    Json,
    body::Bytes,
    extract::{
        DefaultBodyLimit, Query, State,
        rejection::{BytesRejection, QueryRejection},
    },
    http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE},
    response::{IntoResponse as _, Response},
};
use utoipa_axum::{router::OpenApiRouter, routes};
use waxwing_protocol::{
    library::{ExportQuery, ImportQuery, ImportReport, LibraryForm, MAX_IMPORT_BYTES},
    problem::{Problem, ProblemCode},
};

use super::{extract::Caller, problem::ProblemReply};
use crate::{
    app::App,
    handling::library::{
        export,
        import::{self, Importer},
        only_for_leads,
    },
};

/// The call that takes a whole library.
pub(super) fn imports() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(import)).layer(DefaultBodyLimit::max(MAX_IMPORT_BYTES))
}

fn unknown_form() -> ProblemReply {
    Problem::new(ProblemCode::BadRequest, "Say as `form` whether it is csv, json or toml.").into()
}

/// Imports responses: all good ones if none is rejected or `skip_rejected` is said, else none. The report names every row that is
/// not taken. For whoever leads a team; responses of other agents are not touched.
#[utoipa::path(
    post, path = "/v1/library/import", tag = "library", security(("token" = [])),
    params(
        ("form" = LibraryForm, Query, description = "`csv`, `json` or `toml`"),
        ("dry_run" = Option<bool>, Query, description = "Say what would happen, and do nothing"),
        ("skip_rejected" = Option<bool>, Query, description = "Take the good rows though others are rejected"),
    ),
    request_body(content = String, content_type = "text/plain", description = "UTF-8, at most 16 MiB"),
    responses(
        (status = 200, body = ImportReport),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
        (status = 413, body = Problem),
    ),
)]
pub(super) async fn import(
    State(app): State<App>,
    caller: Caller,
    query: Result<Query<ImportQuery>, QueryRejection>,
    file: Result<Bytes, BytesRejection>,
) -> Result<Json<ImportReport>, ProblemReply> {
    // Before anything is said of the file, and before the database is held up for it.
    only_for_leads(&mut app.store.read().await?, caller.agent).await?;
    let Ok(Query(query)) = query else { return Err(unknown_form()) };
    let file = file?;
    let mut change = app.store.begin().await?;
    let who = Importer::Agent(caller.agent);
    let report = import::import(&mut change, who, (query, &file), app.clock.now()).await?;
    change.commit().await?;
    Ok(Json(report))
}

/// Everything that the agent may see of the library, as a file.
#[utoipa::path(
    get, path = "/v1/library/export", tag = "library", security(("token" = [])),
    params(("form" = LibraryForm, Query, description = "`csv`, `json` or `toml`")),
    responses(
        (status = 200, content_type = "text/plain", body = String),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
    ),
)]
pub(super) async fn export(
    State(app): State<App>,
    caller: Caller,
    query: Result<Query<ExportQuery>, QueryRejection>,
) -> Result<Response, ProblemReply> {
    let Ok(Query(ExportQuery { form })) = query else { return Err(unknown_form()) };
    let text = export::export(&mut app.store.read().await?, Some(caller.agent), form).await?;
    let (content_type, file) = match form {
        LibraryForm::Csv => ("text/csv; charset=utf-8", "attachment; filename=\"responses.csv\""),
        LibraryForm::Json => ("application/json", "attachment; filename=\"responses.json\""),
        LibraryForm::Toml => ("application/toml", "attachment; filename=\"responses.toml\""),
    };
    let headers =
        [(CONTENT_TYPE, content_type), (CONTENT_DISPOSITION, file), (CACHE_CONTROL, "private, no-store")];
    Ok((headers, text).into_response())
}
