//! Contacts as a file: out of it, and into it. For whoever leads a team.

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
    directory::{ContactsForm, ContactsFormat},
    library::{ImportReport, MAX_IMPORT_BYTES},
    problem::{Problem, ProblemCode},
};

use super::{extract::Caller, problem::ProblemReply};
use crate::{
    app::App,
    handling::{directory::exchange, library::only_for_leads},
};

/// The call that takes a whole directory.
pub(super) fn imports() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(import_contacts)).layer(DefaultBodyLimit::max(MAX_IMPORT_BYTES))
}

fn unknown_form() -> ProblemReply {
    Problem::new(ProblemCode::BadRequest, "Say as `form` whether it is csv or vcard.").into()
}

/// Imports contacts: all of them, or none if any is rejected. The report names every row that is not taken.
#[utoipa::path(
    post, path = "/v1/contacts/import", tag = "contacts", security(("token" = [])),
    params(
        ("form" = ContactsFormat, Query, description = "`csv` or `vcard`"),
        ("dry_run" = Option<bool>, Query, description = "Say what would happen, and do nothing"),
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
pub(super) async fn import_contacts(
    State(app): State<App>,
    caller: Caller,
    query: Result<Query<ContactsForm>, QueryRejection>,
    file: Result<Bytes, BytesRejection>,
) -> Result<Json<ImportReport>, ProblemReply> {
    // Before anything is said of the file, and before the database is held up for it.
    only_for_leads(&mut app.store.read().await?, caller.agent).await?;
    let Ok(Query(ContactsForm { form, dry_run })) = query else { return Err(unknown_form()) };
    let file = file?;
    let mut change = app.store.begin().await?;
    let report = exchange::import(&mut change, (form, dry_run), (&file, app.phones), app.clock.now()).await?;
    change.commit().await?;
    Ok(Json(report))
}

/// All contacts as a file.
#[utoipa::path(
    get, path = "/v1/contacts/export", tag = "contacts", security(("token" = [])),
    params(("form" = ContactsFormat, Query, description = "`csv` or `vcard`")),
    responses(
        (status = 200, content_type = "text/plain", body = String),
        (status = 400, body = Problem),
        (status = 401, body = Problem),
        (status = 403, body = Problem),
    ),
)]
pub(super) async fn export_contacts(
    State(app): State<App>,
    caller: Caller,
    query: Result<Query<ContactsForm>, QueryRejection>,
) -> Result<Response, ProblemReply> {
    let Ok(Query(ContactsForm { form, .. })) = query else { return Err(unknown_form()) };
    let text = exchange::export(&mut app.store.read().await?, caller.agent, form).await?;
    let (content_type, file) = match form {
        ContactsFormat::Csv => ("text/csv; charset=utf-8", "attachment; filename=\"contacts.csv\""),
        ContactsFormat::Vcard => ("text/vcard; charset=utf-8", "attachment; filename=\"contacts.vcf\""),
    };
    let headers =
        [(CONTENT_TYPE, content_type), (CONTENT_DISPOSITION, file), (CACHE_CONTROL, "private, no-store")];
    Ok((headers, text).into_response())
}
