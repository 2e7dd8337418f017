//! Files on the network, and the nodes that are fetched by id: upload, lookup, download, delete, the number itself.

use std::{
    collections::BTreeMap,
    convert::Infallible,
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    Json, Router,
    body::{Body, Bytes, HttpBody},
    extract::{DefaultBodyLimit, FromRequest as _, Path, Request, State},
    http::{
        HeaderMap, StatusCode,
        header::{CONTENT_TYPE, HeaderName},
    },
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use http_body::Frame;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::time::{Sleep, sleep};

use super::{
    faults::Fault,
    form::read_form,
    graph::{CutOff, Refusal, authorise, refusal},
    network::Network,
    outgoing, samples,
    webhooks::{self, hex},
};

/// The largest file: a document of 100 MB, and what the form around it takes.
const LARGEST_UPLOAD: usize = 101 * 1024 * 1024;
/// How long the address of a file is good for (Cloud API: 5 minutes).
const ADDRESS_LIFE: TimeDelta = TimeDelta::minutes(5);

/// A file on the network.
#[derive(Debug, Clone)]
pub(super) struct StoredFile {
    pub(super) mime: String,
    pub(super) bytes: Bytes,
    /// When its address was last asked for.
    looked_up_at: Option<DateTime<Utc>>,
    /// When it was uploaded to be sent; none if it is a contact's.
    pub(super) uploaded_at: Option<DateTime<Utc>>,
    odd: Odd,
}

/// What is wrong with a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub(super) struct Odd {
    /// Where it is said to be.
    #[serde(default)]
    url: Option<String>,
    /// Which hash it is said to have.
    #[serde(default)]
    sha256: Option<String>,
    /// For how many downloads its address is not good.
    #[serde(default)]
    stale: u32,
    /// For how many downloads there is a fault of the server's.
    #[serde(default)]
    broken: u32,
    /// For how many downloads the connection is cut, and after how many bytes.
    #[serde(default)]
    cuts: u32,
    #[serde(default)]
    cut_after: usize,
    /// How many milliseconds pass before each kilobyte of it.
    #[serde(default)]
    slow_ms: u64,
}

impl StoredFile {
    fn new(mime: &str, bytes: Bytes) -> Self {
        Self { mime: mime.to_owned(), bytes, looked_up_at: None, uploaded_at: None, odd: Odd::default() }
    }

    fn hash(&self) -> Vec<u8> {
        Sha256::digest(&self.bytes).to_vec()
    }

    /// What WhatsApp tells of it beside its id: the hash is in base64 in webhooks.
    pub(super) fn announce(&self, part: &mut Value) {
        part["mime_type"] = json!(self.mime);
        part["sha256"] = json!(self.odd.sha256.clone().unwrap_or_else(|| STANDARD.encode(self.hash())));
    }
}

/// The files that are there from the start.
pub(super) fn samples() -> BTreeMap<String, StoredFile> {
    let file = |mime, bytes| StoredFile::new(mime, Bytes::from_static(bytes));
    samples::ALL.into_iter().map(|(id, mime, bytes)| (id.to_owned(), file(mime, bytes))).collect()
}

/// A file that contacts are to have.
#[derive(Debug, Deserialize)]
pub(super) struct Added {
    mime: String,
    base64: String,
    /// How it is sent at once, if it is.
    #[serde(default)]
    send: Option<Sent>,
    #[serde(flatten)]
    odd: Odd,
}

/// How a contact sends a file.
#[derive(Debug, Deserialize)]
struct Sent {
    /// Who.
    contact: String,
    /// As what: `image`, `video`, `audio`, `document`, `sticker`.
    kind: String,
    #[serde(default)]
    caption: Option<String>,
    #[serde(default)]
    file_name: Option<String>,
    #[serde(default)]
    voice: bool,
}

/// Adds a file and has it sent if that is wanted; says its media id and that of the message. None if it is not base64.
pub(super) fn add(network: &Network, added: Added) -> Option<Value> {
    let bytes = Bytes::from(STANDARD.decode(added.base64).ok()?);
    let id = {
        let mut state = network.state();
        let id = state.draw_digits();
        let stored = StoredFile { odd: added.odd, ..StoredFile::new(&added.mime, bytes) };
        state.files.insert(id.clone(), stored);
        id
    };
    let Some(sent) = added.send else { return Some(json!({"id": id})) };
    let mut part = json!({"id": id});
    if let Some(caption) = sent.caption {
        part["caption"] = json!(caption);
    }
    if let Some(file_name) = sent.file_name {
        part["filename"] = json!(file_name);
    }
    if sent.voice {
        part["voice"] = json!(true);
    }
    let mut message = json!({"type": sent.kind});
    message[sent.kind.as_str()] = part;
    Some(json!({"id": id, "wamid": webhooks::say(network, &sent.contact, &message)}))
}

/// A file as it is on the network: its type and its bytes.
pub(super) fn bytes_of(network: &Network, id: &str) -> Option<(String, Bytes)> {
    network.state().files.get(id).map(|file| (file.mime.clone(), file.bytes.clone()))
}

pub(super) fn router() -> Router<Arc<Network>> {
    Router::new()
        .route("/{version}/{number}/media", post(upload).layer(DefaultBodyLimit::max(LARGEST_UPLOAD)))
        .route("/{version}/{id}", get(node).delete(remove))
        .route("/media-files/{id}", get(download))
}

/// A file that is to be sent. What goes wrong with it on demand goes wrong before a contact could see anything of it.
async fn upload(
    State(network): State<Arc<Network>>,
    Path((_version, number)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Refusal> {
    authorise(&network, request.headers())?;
    if number != network.config.phone_number_id {
        return Err(refusal(100, "Object with this id does not exist"));
    }
    let fault = network.state().faults.for_upload();
    match fault {
        Some(Fault::Hang) => match std::future::pending::<Infallible>().await {},
        Some(Fault::ServerError) => return Ok(StatusCode::BAD_GATEWAY.into_response()),
        Some(Fault::FailWith { code, retry_after }) => {
            return Err(Refusal { retry_after, ..refusal(code, "Asked for") });
        }
        Some(Fault::Cut { after }) => {
            read_some(request.into_body(), after).await;
            return Ok(Body::new(CutOff).into_response());
        }
        Some(Fault::Delay { delay_ms }) => sleep(Duration::from_millis(delay_ms)).await,
        _ => {}
    }
    let id = take(&network, request).await?;
    if fault == Some(Fault::DropAnswer) {
        return Ok(Body::new(CutOff).into_response());
    }
    Ok(Json(json!({"id": id})).into_response())
}

/// Reads so many bytes of a body, or a little more.
async fn read_some(mut body: Body, mut bytes: u64) {
    while bytes > 0 {
        let frame = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await;
        let Some(Ok(frame)) = frame else { return };
        bytes = bytes.saturating_sub(frame.data_ref().map_or(0, |data| data.len() as u64));
    }
}

/// Keeps the file of a form and says its id.
async fn take(network: &Network, request: Request) -> Result<String, Refusal> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let boundary = kind
        .and_then(|kind| kind.split_once("boundary="))
        .map(|(_, boundary)| boundary.trim_matches('"').to_owned())
        .ok_or_else(|| refusal(100, "The request is not multipart/form-data"))?;
    let body = Bytes::from_request(request, &()).await;
    let body = body.map_err(|_too_long| refusal(131_053, "The file is too large"))?;
    let parts = read_form(&body, &boundary);
    let field = |name: &str| parts.iter().find(|part| part.name == name);
    if field("messaging_product").is_none_or(|part| &part.bytes[..] != b"whatsapp") {
        return Err(refusal(100, "The parameter messaging_product is required"));
    }
    let file = field("file").ok_or_else(|| refusal(100, "The parameter file is required"))?;
    let mime = match field("type") {
        Some(part) => String::from_utf8_lossy(&part.bytes).into_owned(),
        None => file.mime.clone().ok_or_else(|| refusal(100, "The parameter type is required"))?,
    };
    outgoing::take(&mime, file.bytes.len())?;
    let stored =
        StoredFile { uploaded_at: Some(network.clock.now()), ..StoredFile::new(&mime, file.bytes.clone()) };
    let mut state = network.state();
    let id = state.draw_digits();
    state.files.insert(id.clone(), stored);
    Ok(id)
}

async fn node(
    State(network): State<Arc<Network>>,
    Path((_version, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Json<Value>, Refusal> {
    authorise(&network, &headers)?;
    if id == network.config.phone_number_id {
        return Ok(Json(json!({
            "id": id,
            "display_phone_number": format!("+{}", network.config.display_number),
            "verified_name": "Waxwing Supplies",
            "quality_rating": "GREEN",
        })));
    }
    let now = network.clock.now();
    let mut state = network.state();
    let file = state.files.get_mut(&id).ok_or_else(|| refusal(100, "Object with this id does not exist"))?;
    file.looked_up_at = Some(now);
    let url = file.odd.url.clone().unwrap_or_else(|| format!("{}/media-files/{id}", network.url));
    Ok(Json(json!({
        "messaging_product": "whatsapp",
        "id": id,
        "url": url,
        "mime_type": file.mime,
        "sha256": file.odd.sha256.clone().unwrap_or_else(|| hex(&file.hash())),
        "file_size": file.bytes.len().to_string(),
    })))
}

async fn remove(
    State(network): State<Arc<Network>>,
    Path((_version, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Json<Value>, Refusal> {
    authorise(&network, &headers)?;
    let removed = network.state().files.remove(&id);
    removed.map_or_else(
        || Err(refusal(100, "Object with this id does not exist")),
        |_file| Ok(Json(json!({"success": true}))),
    )
}

async fn download(
    State(network): State<Arc<Network>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    authorise(&network, &headers)?;
    let now = network.clock.now();
    let is_fresh =
        |file: &StoredFile| file.looked_up_at.is_some_and(|looked_up_at| now - looked_up_at <= ADDRESS_LIFE);
    let mut state = network.state();
    let Some(file) = state.files.get_mut(&id).filter(|file| is_fresh(file)) else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    if file.odd.stale > 0 {
        file.odd.stale -= 1;
        return Ok(StatusCode::NOT_FOUND.into_response());
    }
    if file.odd.broken > 0 {
        file.odd.broken -= 1;
        return Ok(StatusCode::BAD_GATEWAY.into_response());
    }
    let headers: [(HeaderName, String); 1] = [(CONTENT_TYPE, file.mime.clone())];
    let pause = Duration::from_millis(file.odd.slow_ms);
    let body = if file.odd.cuts > 0 {
        file.odd.cuts -= 1;
        Body::new(Half(Some(file.bytes.slice(..file.odd.cut_after.min(file.bytes.len())))))
    } else if pause.is_zero() {
        Body::from(file.bytes.clone())
    } else {
        Body::new(Slow { left: file.bytes.clone(), pause, next: Box::pin(sleep(pause)) })
    };
    Ok((headers, body).into_response())
}

/// A body that is cut off after these bytes.
struct Half(Option<Bytes>);

impl HttpBody for Half {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let cut = || Err(io::ErrorKind::ConnectionReset.into());
        Poll::Ready(Some(self.0.take().map_or_else(cut, |bytes| Ok(Frame::data(bytes)))))
    }
}

/// A body that comes a kilobyte at a time, with a pause before each.
struct Slow {
    left: Bytes,
    pause: Duration,
    next: Pin<Box<Sleep>>,
}

impl HttpBody for Slow {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.left.is_empty() {
            return Poll::Ready(None);
        }
        std::task::ready!(self.next.as_mut().poll(context));
        self.next = Box::pin(sleep(self.pause));
        let length = self.left.len().min(1024);
        Poll::Ready(Some(Ok(Frame::data(self.left.split_to(length)))))
    }
}
