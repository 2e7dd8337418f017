//! The directory: contacts are looked for, looked at, made, changed and blocked.

use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
    http::StatusCode,
};
use waxwing_protocol::{
    contact::Contact,
    directory::{
        Block, ContactRecord, DirectoryPage, DirectoryQuery, FavouriteContacts, NewContact, PutContact, Shelf,
    },
    id::ContactId,
    problem::{Problem, ProblemCode},
};

use super::{
    extract::{Body, Caller, Ids},
    problem::ProblemReply,
};
use crate::{
    app::App,
    handling::directory::{self, changing},
};

/// A page of the directory: contacts for whom everything that is given holds. Without words by name, with words those whose title
/// or number begins so first.
#[utoipa::path(
    get, path = "/v1/contacts", tag = "contacts", security(("token" = [])),
    params(
        ("words" = Option<String>, Query, description = "Each begins a word of a name, user name, e-mail address, attribute or further particular, or stands in a phone number, in whatever notation"),
        ("name" = Option<String>, Query, description = "The name holds these words"),
        ("phone" = Option<String>, Query, description = "A phone number holds these digits, three or more"),
        ("email" = Option<String>, Query, description = "An e-mail address begins so"),
        ("attribute_key" = Option<String>, Query, description = "They have an attribute of this key …"),
        ("attribute_value" = Option<String>, Query, description = "… and this value"),
        ("shelf" = Option<Shelf>, Query, description = "`all`, `recent`, `favourites` or `blocked`"),
        ("offset" = Option<u32>, Query, description = "How many to pass over"),
        ("limit" = u32, Query, description = "How many, 1 to 200"),
    ),
    responses((status = 200, body = DirectoryPage), (status = 400, body = Problem), (status = 401, body = Problem)),
)]
pub(super) async fn page(
    State(app): State<App>,
    caller: Caller,
    query: Result<Query<DirectoryQuery>, QueryRejection>,
) -> Result<Json<DirectoryPage>, ProblemReply> {
    let Ok(Query(query)) = query else {
        return Err(
            Problem::new(ProblemCode::BadRequest, "Say as `limit` how many contacts are wanted.").into()
        );
    };
    let _turn = app.searches.acquire().await;
    let mut read = app.store.read().await?;
    Ok(Json(directory::page(&mut read, caller.agent, &query, app.phones).await?))
}

/// Everything that is known of a contact.
#[utoipa::path(
    get, path = "/v1/contacts/{contact}", tag = "contacts", security(("token" = [])),
    params(("contact" = String, Path, description = "`con_…`; of one who became part of another, the other is told")),
    responses((status = 200, body = ContactRecord), (status = 401, body = Problem), (status = 404, body = Problem)),
)]
pub(super) async fn record(
    State(app): State<App>,
    caller: Caller,
    Ids(contact): Ids<ContactId>,
) -> Result<Json<ContactRecord>, ProblemReply> {
    let mut read = app.store.read().await?;
    Ok(Json(directory::record(&mut read, caller.agent, contact).await?))
}

/// Makes a contact who has not written yet.
#[utoipa::path(
    post, path = "/v1/contacts", tag = "contacts", security(("token" = [])),
    request_body = NewContact,
    responses(
        (status = 200, body = Contact),
        (status = 401, body = Problem),
        (status = 409, body = Problem, description = "Somebody has this number already"),
        (status = 422, body = Problem, description = "No phone number, or what is said of them can't be"),
    ),
)]
pub(super) async fn create(
    State(app): State<App>,
    _caller: Caller,
    Body(wanted): Body<NewContact>,
) -> Result<Json<Contact>, ProblemReply> {
    let mut change = app.store.begin().await?;
    let contact = changing::create(&mut change, &wanted, app.phones, app.clock.now()).await?;
    change.commit().await?;
    Ok(Json(contact))
}

/// Changes what is said of a contact.
#[utoipa::path(
    put, path = "/v1/contacts/{contact}", tag = "contacts", security(("token" = [])),
    params(("contact" = String, Path, description = "`con_…`")),
    request_body = PutContact,
    responses(
        (status = 200, body = Contact),
        (status = 401, body = Problem),
        (status = 404, body = Problem),
        (status = 409, body = Problem, description = "Somebody has changed them since `based_on`"),
        (status = 422, body = Problem, description = "What is said of them can't be"),
    ),
)]
pub(super) async fn put(
    State(app): State<App>,
    _caller: Caller,
    Ids(contact): Ids<ContactId>,
    Body(wanted): Body<PutContact>,
) -> Result<Json<Contact>, ProblemReply> {
    let mut change = app.store.begin().await?;
    let contact = changing::put(&mut change, (contact, &wanted), app.phones, app.clock.now()).await?;
    change.commit().await?;
    Ok(Json(contact))
}

/// Blocks a contact: what they write is held and reaches nobody. Unblocked, it stands in the transcript.
#[utoipa::path(
    put, path = "/v1/contacts/{contact}/block", tag = "contacts", security(("token" = [])),
    params(("contact" = String, Path, description = "`con_…`")),
    request_body = Block,
    responses((status = 200, body = Contact), (status = 401, body = Problem), (status = 404, body = Problem)),
)]
pub(super) async fn block(
    State(app): State<App>,
    _caller: Caller,
    Ids(contact): Ids<ContactId>,
    Body(Block { blocked }): Body<Block>,
) -> Result<Json<Contact>, ProblemReply> {
    let mut change = app.store.begin().await?;
    let contact = changing::block(&mut change, contact, blocked, app.clock.now()).await?;
    change.commit().await?;
    Ok(Json(contact))
}

/// Keeps which contacts are this agent's favourites, and their order.
#[utoipa::path(
    put, path = "/v1/contacts/favourites", tag = "contacts", security(("token" = [])),
    request_body = FavouriteContacts,
    responses((status = 204), (status = 401, body = Problem), (status = 422, body = Problem, description = "Too many")),
)]
pub(super) async fn favourites(
    State(app): State<App>,
    caller: Caller,
    Body(wanted): Body<FavouriteContacts>,
) -> Result<StatusCode, ProblemReply> {
    let mut change = app.store.begin().await?;
    directory::set_favourites(&mut change, caller.agent, &wanted).await?;
    change.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
