//! The Graph API as far as the gateway calls it: messages, with the shape of refusals; files and templates are elsewhere.

use std::{convert::Infallible, io, sync::Arc};

use axum::{
    Json, Router,
    body::{Body, Bytes, HttpBody},
    extract::{Path, State},
    http::{
        HeaderMap, StatusCode,
        header::{AUTHORIZATION, RETRY_AFTER},
    },
    response::{IntoResponse, Response},
    routing::post,
};
use serde_json::{Value, json};

use super::{
    faults::Fault,
    network::{Network, Received},
    outgoing,
    template_rules::Shelf,
    webhooks,
};

/// The longest text (Cloud API, `text.body`).
const LONGEST_TEXT: usize = 4096;

/// A refusal in the Graph API's shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) code: u32,
    pub(super) subcode: Option<u32>,
    pub(super) details: String,
    /// In seconds.
    pub(super) retry_after: Option<u32>,
}

pub(super) fn refusal(code: u32, details: &str) -> Refusal {
    Refusal { code, subcode: None, details: details.to_owned(), retry_after: None }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, title) = match self.code {
            0 | 190 => (StatusCode::UNAUTHORIZED, "Error validating access token"),
            3 | 10 | 200..=299 | 368 | 131_031 => (StatusCode::FORBIDDEN, "Not allowed"),
            1 | 131_000 => (StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong"),
            2 | 131_016 | 133_004 => (StatusCode::SERVICE_UNAVAILABLE, "Service unavailable"),
            100 | 132_018 => (StatusCode::BAD_REQUEST, "Invalid parameter"),
            130_429 => (StatusCode::BAD_REQUEST, "Rate limit hit"),
            131_008 => (StatusCode::BAD_REQUEST, "Required parameter is missing"),
            131_047 => (StatusCode::BAD_REQUEST, "Re-engagement message"),
            131_053 => (StatusCode::BAD_REQUEST, "Media upload error"),
            131_056 => (StatusCode::BAD_REQUEST, "Pair rate limit hit"),
            132_000 => (StatusCode::BAD_REQUEST, "Number of parameters does not match"),
            132_001 => (StatusCode::NOT_FOUND, "Template name does not exist in the translation"),
            132_005 => (StatusCode::BAD_REQUEST, "Translated text too long"),
            132_012 => (StatusCode::BAD_REQUEST, "Parameter format does not match"),
            132_015 => (StatusCode::BAD_REQUEST, "Template is paused"),
            132_016 => (StatusCode::BAD_REQUEST, "Template is disabled"),
            _ => (StatusCode::BAD_REQUEST, "Request failed"),
        };
        let mut error = json!({
            "message": format!("(#{}) {title}", self.code),
            "type": "OAuthException",
            "code": self.code,
            "error_data": {"messaging_product": "whatsapp", "details": self.details},
            "fbtrace_id": "Asimulator0000000000",
        });
        if let Some(subcode) = self.subcode {
            error["error_subcode"] = json!(subcode);
        }
        let mut answer = (status, Json(json!({"error": error}))).into_response();
        if let Some(seconds) = self.retry_after {
            answer.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        answer
    }
}

/// An answer whose connection breaks before it is whole.
pub(super) struct CutOff;

impl HttpBody for CutOff {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: std::pin::Pin<&mut Self>,
        _context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, io::Error>>> {
        std::task::Poll::Ready(Some(Err(io::ErrorKind::ConnectionReset.into())))
    }
}

pub(super) fn router() -> Router<Arc<Network>> {
    Router::new().route("/{version}/{number}/messages", post(messages))
}

/// Whether the call carries the token.
pub(super) fn authorise(network: &Network, headers: &HeaderMap) -> Result<(), Refusal> {
    let given = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = given.and_then(|value| value.strip_prefix("Bearer "));
    if token == Some(network.state().token.as_str()) {
        return Ok(());
    }
    Err(refusal(190, "The access token is invalid or has expired"))
}

async fn messages(
    State(network): State<Arc<Network>>,
    Path((_version, number)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    authorise(&network, &headers)?;
    if number != network.config.phone_number_id {
        return Err(refusal(100, "Object with this id does not exist"));
    }
    let body: Value =
        serde_json::from_slice(&body).map_err(|_invalid| refusal(100, "The request is not JSON"))?;
    if body["messaging_product"] != "whatsapp" {
        return Err(refusal(100, "The parameter messaging_product is required"));
    }
    if body["status"] == "read" {
        return mark_read(&network, &body);
    }
    let recipient = recipient_of(&body).ok_or_else(|| refusal(131_008, "to or recipient is missing"))?;
    let fault = network.state().faults.for_message(recipient);
    let note = |wamid: Option<String>, refused: Option<u32>| {
        network.note_received(Received { wamid, refused, body: body.clone(), at: network.clock.now() });
    };
    match fault {
        Some(Fault::Hang) => {
            note(None, None);
            match std::future::pending::<Infallible>().await {}
        }
        Some(Fault::ServerError) => {
            note(None, None);
            return Ok(StatusCode::BAD_GATEWAY.into_response());
        }
        Some(Fault::Delay { delay_ms }) => {
            tokio::time::sleep(std::time::Duration::from_millis(delay_ms)).await;
        }
        _ => {}
    }
    let outcome = match fault {
        Some(Fault::FailWith { code, retry_after }) => {
            Err(Refusal { retry_after, ..refusal(code, "Asked for") })
        }
        _ => take(&network, &body, recipient),
    };
    let refused = outcome.as_ref().err().map(|refusal| refusal.code);
    note(outcome.as_ref().ok().cloned(), refused);
    let wamid = outcome?;
    webhooks::deliver(&network, recipient, &wamid, &body);
    if fault == Some(Fault::DropAnswer) {
        return Ok(Body::new(CutOff).into_response());
    }
    Ok(Json(accepted(&network, recipient, &wamid, body.get("to").is_some())).into_response())
}

fn recipient_of(body: &Value) -> Option<&str> {
    body.get("to").or_else(|| body.get("recipient")).and_then(Value::as_str)
}

fn accepted(network: &Network, recipient: &str, wamid: &str, by_phone: bool) -> Value {
    let mut contact = json!({"input": recipient});
    if let Some(person) = network.state().find(recipient) {
        let identity = &person.identity;
        match (by_phone, &identity.phone) {
            (true, Some(phone)) => contact["wa_id"] = json!(phone),
            _ => contact["user_id"] = json!(identity.user_id),
        }
    }
    json!({
        "messaging_product": "whatsapp",
        "contacts": [contact],
        "messages": [{"id": wamid, "message_status": "accepted"}],
    })
}

/// Checks a message against rules and limits and gives it an id.
fn take(network: &Network, body: &Value, recipient: &str) -> Result<String, Refusal> {
    let kind = body["type"].as_str().unwrap_or("text");
    if !body.get(kind).is_some_and(Value::is_object) && kind != "contacts" {
        return Err(refusal(131_008, &format!("The parameter {kind} is missing")));
    }
    if kind == "text" {
        let text = body["text"]["body"].as_str().unwrap_or_default();
        if text.is_empty() {
            return Err(refusal(100, "The parameter text['body'] is required"));
        }
        if text.encode_utf16().count().max(text.chars().count()) > LONGEST_TEXT {
            return Err(refusal(100, "Param text['body'] must be at most 4096 characters long"));
        }
    }
    if body["biz_opaque_callback_data"].as_str().is_some_and(|data| data.len() > 512) {
        return Err(refusal(100, "Param biz_opaque_callback_data must be at most 512 characters long"));
    }
    if recipient.trim_start_matches('+') == network.config.display_number {
        return Err(refusal(131_021, "Recipient phone number cannot be sender phone number"));
    }
    let (now, limits) = (network.clock.now(), network.config.limits);
    let mut state = network.state();
    outgoing::check(&state.files, kind, &body[kind], now)?;
    if kind == "template" {
        let shelf = Shelf { templates: &state.templates, files: &state.files, now };
        shelf.check(&body[kind], body["to"].is_string())?;
    }
    let second = std::time::Duration::from_secs(1);
    if !state.meter.take(limits.per_second, second / limits.per_second.max(1), now) {
        return Err(refusal(130_429, "Too many messages sent from this phone number"));
    }
    let wamid = state.draw_wamid();
    let Some(person) = state.find(recipient) else {
        // Nobody has this number: WhatsApp takes a template for it and reports the failure later.
        return if kind == "template" { Ok(wamid) } else { Err(window_closed()) };
    };
    if kind != "template" && !Network::is_window_open(person.last_wrote_at, now) {
        return Err(window_closed());
    }
    if !person.meter.take(limits.pair_burst, limits.pair_every, now) {
        return Err(refusal(131_056, "Too many messages sent to this recipient in a short time"));
    }
    if kind != "reaction" {
        person.inbox.push(wamid.clone());
    }
    Ok(wamid)
}

fn window_closed() -> Refusal {
    refusal(131_047, "More than 24 hours have passed since the recipient last replied")
}

fn mark_read(network: &Network, body: &Value) -> Result<Response, Refusal> {
    if !body["message_id"].as_str().is_some_and(|id| id.starts_with("wamid.")) {
        return Err(refusal(100, "The parameter message_id is not a message id"));
    }
    let fault = network.state().faults.for_read();
    let (outcome, refused) = match fault {
        Some(Fault::FailWith { code, retry_after }) => {
            (Err(Refusal { retry_after, ..refusal(code, "Asked for") }), Some(code))
        }
        Some(_) => (Ok(StatusCode::BAD_GATEWAY.into_response()), None),
        None => (Ok(Json(json!({"success": true})).into_response()), None),
    };
    network.note_received(Received { wamid: None, refused, body: body.clone(), at: network.clock.now() });
    outcome
}
