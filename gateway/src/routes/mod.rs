//! Every address the gateway answers, one file a resource. The files are thin: they read the request, ask
//! [`handling`](crate::handling), and write the answer.

mod documentation;
mod events;
mod extract;
mod health;
mod interactions;
mod metrics;
mod problem;
mod sign_in;
mod status;
mod webhook;

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

/// The largest body of a desktop's call.
const CALL_BYTES: usize = 256 * 1024;

/// Everything that desktops and WhatsApp call.
pub fn router(app: App) -> Router {
    let (calls, description) = calls().split_for_parts();
    Router::new()
        .merge(calls.layer(DefaultBodyLimit::max(CALL_BYTES)))
        .merge(webhook::router())
        .merge(documentation::router(description))
        .fallback(unknown)
        .method_not_allowed_fallback(wrong_method)
        .layer(middleware::from_fn(refuse_encoded))
        .layer(CatchPanicLayer::custom(|_panic| {
            // What panicked has logged itself; whoever called is told nothing of it.
            ProblemReply::from(Problem::new(ProblemCode::Internal, "The gateway met a fault of its own."))
                .into_response()
        }))
        .with_state(app)
}

fn calls() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(documentation::description())
        .routes(routes!(sign_in::sign_in))
        .routes(routes!(sign_in::sign_out))
        .routes(routes!(events::poll))
        .routes(routes!(status::set))
        .routes(routes!(interactions::send))
        .routes(routes!(interactions::retry))
        .routes(routes!(interactions::done))
        .routes(routes!(health::health))
        .routes(routes!(health::ready))
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
