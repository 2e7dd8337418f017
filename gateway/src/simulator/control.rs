//! Directs the box from outside, over HTTP, under `/control`. It has no password: the box is for tests and demos.

use std::sync::Arc;

use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, State},
    http::{
        StatusCode,
        header::{CONTENT_TYPE, HeaderName},
    },
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    faults::FaultOrder,
    media,
    network::{Network, Received},
    script, webhooks,
};

/// A file of 100 MB in base64, and a little around it.
const LARGEST_FILE: usize = 140 * 1024 * 1024;

pub(super) fn router() -> Router<Arc<Network>> {
    Router::new()
        .route("/control/say", post(say))
        .route("/control/webhook", post(webhook))
        .route("/control/silence", post(silence))
        .route("/control/sent", get(sent))
        .route("/control/reads", get(reads))
        .route("/control/typing", get(typing))
        .route("/control/faults", post(add_fault).delete(clear_faults))
        .route("/control/reads/on", post(reads_on))
        .route("/control/reads/off", post(reads_off))
        .route("/control/token", post(set_token))
        .route("/control/media", post(add_media).layer(DefaultBodyLimit::max(LARGEST_FILE)))
        .route("/control/media/{id}", get(media_bytes))
        .route("/control/play", post(play))
}

/// Somebody who is to write, and what: words, or any message of the Cloud API without id, sender and time, in which `"$last"`
/// stands for the id of the last message they were sent, `"$said"` for that of the last one they said.
#[derive(Deserialize)]
struct Say {
    contact: String,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    payload: Option<Value>,
}

async fn say(State(network): State<Arc<Network>>, Json(say): Json<Say>) -> Result<Json<Value>, StatusCode> {
    let payload = match (say.text, say.payload) {
        (Some(text), None) => json!({"type": "text", "text": {"body": text}}),
        (None, Some(payload)) if payload.is_object() => payload,
        _ => return Err(StatusCode::UNPROCESSABLE_ENTITY),
    };
    Ok(Json(json!({"wamid": webhooks::say(&network, &say.contact, &payload)})))
}

/// Signs and posts any object as it is.
async fn webhook(State(network): State<Arc<Network>>, Json(object): Json<Value>) -> StatusCode {
    network.post(object);
    StatusCode::ACCEPTED
}

/// Somebody who is to have been silent for long.
#[derive(Deserialize)]
struct Silence {
    contact: String,
}

/// Lets a contact have written so long ago that only templates may be sent to them.
async fn silence(State(network): State<Arc<Network>>, Json(wanted): Json<Silence>) -> StatusCode {
    match network.state().find(&wanted.contact) {
        Some(person) => {
            person.last_wrote_at = None;
            StatusCode::NO_CONTENT
        }
        None => StatusCode::NOT_FOUND,
    }
}

/// Messages and reactions.
async fn sent(State(network): State<Arc<Network>>) -> Json<Vec<Received>> {
    Json(asked(&network, |body| body["status"].is_null()))
}

/// What was said to be read.
async fn reads(State(network): State<Arc<Network>>) -> Json<Vec<Received>> {
    Json(asked(&network, |body| body["status"] == "read" && body["typing_indicator"].is_null()))
}

/// Who was shown that an agent is writing.
async fn typing(State(network): State<Arc<Network>>) -> Json<Vec<Received>> {
    Json(asked(&network, |body| body["typing_indicator"].is_object()))
}

fn asked(network: &Network, wanted: impl Fn(&Value) -> bool) -> Vec<Received> {
    network.received().0.into_iter().filter(|received| wanted(&received.body)).collect()
}

async fn add_fault(State(network): State<Arc<Network>>, Json(order): Json<FaultOrder>) -> StatusCode {
    network.state().faults.add(order);
    StatusCode::NO_CONTENT
}

async fn clear_faults(State(network): State<Arc<Network>>) -> StatusCode {
    network.state().faults.clear();
    StatusCode::NO_CONTENT
}

async fn reads_on(State(network): State<Arc<Network>>) -> StatusCode {
    network.state().reads = true;
    StatusCode::NO_CONTENT
}

async fn reads_off(State(network): State<Arc<Network>>) -> StatusCode {
    network.state().reads = false;
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct NewToken {
    token: String,
}

/// Makes another bearer token the valid one, as a revocation does.
async fn set_token(State(network): State<Arc<Network>>, Json(new): Json<NewToken>) -> StatusCode {
    network.state().token = new.token;
    StatusCode::NO_CONTENT
}

/// Adds a file that contacts can send by the id that is answered, and has it sent at once if `send` says by whom and as what.
async fn add_media(
    State(network): State<Arc<Network>>,
    Json(added): Json<media::Added>,
) -> Result<Json<Value>, StatusCode> {
    media::add(&network, added).map(Json).ok_or(StatusCode::UNPROCESSABLE_ENTITY)
}

/// A file as whoever gets it sees it: its type and its bytes, by the id that the message names.
async fn media_bytes(
    State(network): State<Arc<Network>>,
    Path(id): Path<String>,
) -> Result<([(HeaderName, String); 1], Bytes), StatusCode> {
    let (mime, bytes) = media::bytes_of(&network, &id).ok_or(StatusCode::NOT_FOUND)?;
    Ok(([(CONTENT_TYPE, mime)], bytes))
}

async fn play(State(network): State<Arc<Network>>) -> StatusCode {
    script::play(&network);
    StatusCode::NO_CONTENT
}
