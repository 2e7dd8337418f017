//! Where WhatsApp calls: the handshake when the address is set, and the webhooks.
//!
//! A webhook is answered with 200 when it is on disk, whatever is in it: WhatsApp repeats what it gets no 200 for, for days.

use std::collections::HashMap;

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Query, Request, State, rejection::BytesRejection},
    http::{
        HeaderMap, StatusCode,
        header::{CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS},
    },
    middleware::Next,
    response::{IntoResponse as _, Response},
    routing,
};
use subtle::ConstantTimeEq as _;
use waxwing_protocol::problem::{Problem, ProblemCode};

use super::problem::{ProblemReply, Reason};
use crate::{
    app::App,
    metrics::Count,
    store::accounts,
    whatsapp::signature::{self, verify},
};

/// The address to be set in WhatsApp's dashboard, after the host.
pub const WEBHOOK: &str = "/webhooks/whatsapp";

/// WhatsApp's webhooks have up to 3 MB.
const WEBHOOK_BYTES: usize = 4 * 1024 * 1024;

pub(super) fn router() -> Router<App> {
    Router::new()
        .route(WEBHOOK, routing::get(handshake).post(take))
        .layer(DefaultBodyLimit::max(WEBHOOK_BYTES))
}

/// Echoes the challenge to whoever knows a verify token of ours.
async fn handshake(
    State(app): State<App>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Response, ProblemReply> {
    let shown = query.get("hub.verify_token").map_or("", String::as_str);
    let tokens = accounts::verify_tokens(app.store.read().await?.db()).await?;
    let is_ours = tokens
        .iter()
        .filter(|token| !token.is_empty())
        .fold(false, |found, token| found | bool::from(token.as_bytes().ct_eq(shown.as_bytes())));
    let subscribes = query.get("hub.mode").is_some_and(|mode| mode == "subscribe");
    match query.get("hub.challenge") {
        Some(challenge) if is_ours && subscribes => Ok((
            [(CONTENT_TYPE, "text/plain; charset=utf-8"), (X_CONTENT_TYPE_OPTIONS, "nosniff")],
            challenge.clone(),
        )
            .into_response()),
        _ => {
            let refused = "This is not a verify token of ours.";
            let mut response = (StatusCode::FORBIDDEN, refused).into_response();
            response.extensions_mut().insert(Reason(refused.to_owned()));
            Ok(response)
        }
    }
}

/// Notes each call of WhatsApp's that is refused, with the reason and without what was in it: it comes again for days, and
/// nobody else sees that it does.
pub(super) async fn note_refusals(request: Request, next: Next) -> Response {
    let is_webhook = request.uri().path() == WEBHOOK;
    let method = request.method().clone();
    let response = next.run(request).await;
    if is_webhook && !response.status().is_success() {
        let reason = response.extensions().get::<Reason>().map_or("the call can't be read", |why| &*why.0);
        tracing::warn!(%method, status = response.status().as_u16(), reason, "a webhook call was refused");
    }
    response
}

/// Proves a webhook and keeps it.
async fn take(
    State(app): State<App>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<StatusCode, ProblemReply> {
    let signatures: Vec<&[u8]> =
        headers.get_all(signature::HEADER).iter().map(axum::http::HeaderValue::as_bytes).collect();
    let secrets = accounts::app_secrets(app.store.read().await?.db()).await?;
    let Ok(body) = verify(body?, &signatures, secrets.iter().map(String::as_str)) else {
        app.metrics.add(Count::WebhookUnsigned);
        return Err(Problem::new(ProblemCode::WrongCredentials, "The signature is missing or wrong.").into());
    };
    match app.ingest.take(body).await {
        Ok(()) => {
            app.metrics.add(Count::WebhookTaken);
            Ok(StatusCode::OK)
        }
        Err(error) => {
            app.metrics.add(Count::WebhookTurnedAway);
            Err(error.into())
        }
    }
}
