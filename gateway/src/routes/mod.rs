//! Every address the gateway answers, one file a resource. The files are thin: they read the request, ask
//! [`handling`](crate::handling), and write the answer.

mod attachments;
mod contacts;
mod contacts_file;
mod conversation;
mod documentation;
mod events;
mod extract;
mod health;
mod interactions;
mod library;
mod library_changes;
mod library_file;
mod merging;
mod metrics;
mod past;
mod problem;
mod range;
mod search;
mod sign_in;
mod status;
mod templates;
mod transcript;
mod unread;
mod uploads;
mod webhook;
mod workbins;
mod wrap_up;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::header::CONTENT_ENCODING,
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::{router::OpenApiRouter, routes};
use waxwing_protocol::problem::{Problem, ProblemCode};

use self::problem::ProblemReply;
pub use self::{metrics::metrics_router, webhook::WEBHOOK};
use crate::app::App;

/// The largest body of a desktop's call, but for the pieces of files and a whole library.
const CALL_BYTES: usize = 256 * 1024;

/// Everything that desktops and WhatsApp call.
pub fn router(app: App) -> Router {
    let limited = calls().layer(DefaultBodyLimit::max(CALL_BYTES));
    let (calls, description) = limited
        .merge(uploads::pieces())
        .merge(library_file::imports())
        .merge(contacts_file::imports())
        .split_for_parts();
    let router = Router::new()
        .merge(calls)
        .merge(webhook::router())
        .merge(documentation::router(description))
        .fallback(unknown)
        .method_not_allowed_fallback(wrong_method);
    guarded(router).with_state(app)
}

/// What stands before every address: no compressed bodies, no panic that reaches further than its own call, and no refusal
/// that can't be read.
fn guarded(router: Router<App>) -> Router<App> {
    let catch = CatchPanicLayer::custom(|_panic| {
        // What panicked has logged itself; whoever called is told nothing of it.
        ProblemReply::from(Problem::new(ProblemCode::Internal, "The gateway met a fault of its own."))
            .into_response()
    });
    let noted = middleware::from_fn(webhook::note_refusals);
    let read_out = middleware::from_fn(unread::read_refused);
    router.layer(middleware::from_fn(refuse_encoded)).layer(catch).layer(noted).layer(read_out)
}

fn calls() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(documentation::description())
        .routes(routes!(sign_in::sign_in))
        .routes(routes!(sign_in::sign_out))
        .routes(routes!(events::poll))
        .routes(routes!(status::set))
        .routes(routes!(interactions::send))
        .routes(routes!(interactions::retry))
        .routes(routes!(interactions::react))
        .routes(routes!(interactions::fetch_again))
        .routes(routes!(conversation::draft))
        .routes(routes!(conversation::read))
        .routes(routes!(conversation::typing))
        .routes(routes!(conversation::add_card))
        .routes(routes!(transcript::page))
        .routes(routes!(search::find))
        .routes(routes!(attachments::get))
        .routes(routes!(attachments::preview))
        .routes(routes!(uploads::rules))
        .routes(routes!(uploads::begin))
        .routes(routes!(uploads::remove))
        .routes(routes!(templates::refresh))
        .routes(routes!(library::page))
        .routes(routes!(library::usage))
        .routes(routes!(library::favourites))
        .routes(routes!(library::upload))
        .routes(routes!(library_changes::put_category, library_changes::delete_category))
        .routes(routes!(library_changes::put_response, library_changes::delete_response))
        .routes(routes!(library_changes::versions))
        .routes(routes!(library_file::export))
        .merge(people())
        .merge(work())
        .routes(routes!(health::health))
        .routes(routes!(health::ready))
}

/// What is done with interactions besides talking.
fn work() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(workbins::changed))
        .routes(routes!(workbins::colleagues))
        .routes(routes!(workbins::to_workbin))
        .routes(routes!(workbins::open))
        .routes(routes!(workbins::put_back))
        .routes(routes!(workbins::assign))
        .routes(routes!(workbins::accept))
        .routes(routes!(workbins::reject))
        .routes(routes!(wrap_up::rules))
        .routes(routes!(wrap_up::end))
        .routes(routes!(wrap_up::done))
        .routes(routes!(wrap_up::undo_done))
        .routes(routes!(wrap_up::note))
        .routes(routes!(wrap_up::case_data))
        .routes(routes!(wrap_up::disposition))
}

/// Contacts, what was said with them, and how that is gone on with.
fn people() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(contacts::page, contacts::create))
        .routes(routes!(contacts::record, contacts::put))
        .routes(routes!(contacts::block))
        .routes(routes!(contacts::favourites))
        .routes(routes!(contacts_file::export_contacts))
        .routes(routes!(merging::merge))
        .routes(routes!(merging::undo))
        .routes(routes!(past::page))
        .routes(routes!(past::record))
        .routes(routes!(past::begin))
        .routes(routes!(past::numbers))
}

async fn unknown() -> ProblemReply {
    Problem::new(ProblemCode::NotFound, "There is nothing at this address.").into()
}

async fn wrong_method() -> ProblemReply {
    Problem::new(ProblemCode::BadRequest, "This address does not take that method.").into()
}

/// Compressed bodies are refused: nobody sends them, and a small one may hide a huge one.
async fn refuse_encoded(request: Request, next: Next) -> Response {
    if request.headers().contains_key(CONTENT_ENCODING) {
        return ProblemReply::from(Problem::new(
            ProblemCode::BadRequest,
            "Send the body as it is, not compressed.",
        ))
        .into_response();
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, http::StatusCode, routing};
    use tower::ServiceExt as _;

    use super::*;
    use crate::{
        auth::AuthLimits,
        clock::Clock,
        handling::stage::{Stage, at},
    };

    #[tokio::test]
    async fn a_panic_is_a_fault_without_detail_and_the_next_call_is_answered() {
        let stage = Stage::new().await;
        let app = App::new(stage.store.clone(), Clock::from_fn(|| at(0)), AuthLimits::default());
        let fall: fn() -> std::future::Ready<()> = || panic!("secret detail");
        let router =
            Router::new().route("/fall", routing::get(fall)).route("/stand", routing::get(async || "up"));
        let router = guarded(router).with_state(app);
        let ask = async |path: &str| {
            let request = Request::get(path).body(Body::empty()).expect("a request");
            router.clone().oneshot(request).await.expect("answers")
        };
        let answer = ask("/fall").await;
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let body = axum::body::to_bytes(answer.into_body(), 10_000).await.expect("a body");
        assert!(!String::from_utf8_lossy(&body).contains("secret"));
        assert_eq!(ask("/stand").await.status(), StatusCode::OK);
    }
}
