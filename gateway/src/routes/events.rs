//! The long poll: what happened to one agent's work since a cursor, or everything as it is now.

use std::time::Duration;

use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
};
use tokio::time::{sleep, timeout};
use waxwing_protocol::{
    api::PollQuery,
    event::{Cursor, EventPage, InteractionSnapshot, Snapshot},
    id::AgentId,
    problem::{Problem, ProblemCode},
};

use super::{
    extract::{Caller, signed_out},
    problem::ProblemReply,
};
use crate::{
    app::App,
    metrics::Count,
    store::{
        Read, StoreError, accounts, agents, drafts,
        events::{self, Following},
        interactions, library, lying, pages,
    },
};

/// How often a waiting poll looks whether its token is valid still, and whether another process has written.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Waits until something has happened after the cursor, or the time is over. Without a cursor, and with one that can't be
/// continued from, the answer is everything as it is now.
#[utoipa::path(
    get, path = "/v1/events", tag = "events", security(("token" = [])),
    params(
        ("after" = Option<String>, Query, description = "The `next` of the last page; none asks for a snapshot"),
        ("wait_seconds" = Option<u32>, Query, description = "How long to wait, at most 50"),
        ("workbins" = Option<u64>, Query, description = "The newest change in the workbins that was heard of; a newer one ends the waiting"),
    ),
    responses((status = 200, body = EventPage), (status = 400, body = Problem), (status = 401, body = Problem)),
)]
pub(super) async fn poll(
    State(app): State<App>,
    caller: Caller,
    query: Result<Query<PollQuery>, QueryRejection>,
) -> Result<Json<EventPage>, ProblemReply> {
    let Ok(Query(query)) = query else {
        return Err(Problem::new(ProblemCode::BadRequest, "This is not a cursor of the gateway's.").into());
    };
    app.metrics.add(Count::Poll);
    let Some(after) = query.after else { return Ok(Json(snapshot(&app, caller.agent).await?)) };
    let wait = Duration::from_secs(query.wait_seconds.into()).min(app.poll_wait);
    let waited = tokio::select! {
        waited = timeout(wait, something_after(&app, &caller, (after, query.workbins))) => waited,
        () = app.stopped() => return Ok(Json(page(&app, caller.agent, after).await?)),
    };
    match waited {
        Ok(page) => page.map(Json),
        Err(_elapsed) => Ok(Json(page(&app, caller.agent, after).await?)),
    }
}

/// Reads again whenever there may be something, until there is.
async fn something_after(
    app: &App,
    caller: &Caller,
    (after, heard): (Cursor, Option<u64>),
) -> Result<EventPage, ProblemReply> {
    let mut bell = app.store.feed().listen(caller.agent);
    let mut workbins_bell = app.store.feed().listen_to_workbins();
    loop {
        // What is committed from here on rings; what was committed before is read below.
        bell.borrow_and_update();
        workbins_bell.borrow_and_update();
        let page = page(app, caller.agent, after).await?;
        let is_news = match &page {
            EventPage::Events { events, workbins, .. } => {
                !events.is_empty() || heard.is_some_and(|heard| heard != *workbins)
            }
            EventPage::Snapshot { .. } => true,
        };
        if is_news {
            return Ok(page);
        }
        tokio::select! {
            // The bells hang in the store for as long as there is one, so a closed one can't happen.
            _rung = bell.changed() => {}
            _rung = workbins_bell.changed(), if heard.is_some() => {}
            () = sleep(LOOK_EVERY) => {}
        }
        if !caller.is_signed_in(app).await? {
            return Err(signed_out());
        }
    }
}

async fn page(app: &App, agent: AgentId, after: Cursor) -> Result<EventPage, StoreError> {
    let epoch = app.store.epoch();
    let mut read = app.store.read().await?;
    let following = events::after(read.db(), agent, after, epoch).await?;
    let workbins = lying::newest(read.db()).await?;
    drop(read);
    match following {
        Following::Events { events, more } => {
            let next = events.last().map_or(after, |event| event.cursor);
            Ok(EventPage::Events { events, next, more, workbins, now: app.clock.now() })
        }
        Following::Lost => snapshot(app, agent).await,
    }
}

/// Everything that lies before an agent, read at one moment together with the number that belongs to it.
async fn snapshot(app: &App, agent: AgentId) -> Result<EventPage, StoreError> {
    let mut read = app.store.read().await?;
    let number = events::last_number(read.db(), agent).await?;
    let snapshot = Box::new(everything(&mut read, agent).await?);
    let next = Cursor { epoch: app.store.epoch(), number };
    Ok(EventPage::Snapshot { snapshot, next, now: app.clock.now() })
}

async fn everything(read: &mut Read, agent: AgentId) -> Result<Snapshot, StoreError> {
    let record = agents::get(read.db(), agent).await?;
    let record = record.ok_or(StoreError::Unreadable { what: "agent that a token points to" })?;
    let mut owned = Vec::new();
    for id in interactions::owned_by(read.db(), agent).await? {
        let interaction = interactions::known(read.db(), id).await?;
        let (transcript, older) = pages::recent(read.db(), &interaction).await?;
        let draft = drafts::shown(read.db(), agent, id).await?;
        owned.push(InteractionSnapshot { interaction, transcript, older, draft });
    }
    let alerts = accounts::alerts(read.db()).await?;
    let library = library::revision(read.db()).await?;
    let workbins = lying::newest(read.db()).await?;
    Ok(Snapshot {
        agent: record.agent,
        status: record.status,
        interactions: owned,
        alerts,
        library,
        workbins,
    })
}
