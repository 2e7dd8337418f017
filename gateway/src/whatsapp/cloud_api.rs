//! The client of WhatsApp's Graph API: sends a message, uploads a file, looks up a number, lists templates. It knows nothing of the store.
//!
//! The one odd thing: the API has no idempotency key, so what matters most about a failed call is whether the request
//! may have arrived. [`SendFailure::NotArrived`] is only said when it provably did not (no connection was made); a
//! connection that was cut, a time-out or an answer that can't be read is [`SendFailure::Ambiguous`].

mod notification;
mod outgoing;
mod templates;
mod upload;

use std::{net::IpAddr, time::Duration};

use reqwest::{
    Client, Response, StatusCode, Url,
    header::{HeaderMap, RETRY_AFTER},
};
use serde::Deserialize;
use serde_json::{Value, json};

pub use self::{
    notification::OutgoingNotification,
    outgoing::{Outgoing, OutgoingFile, OutgoingMessage},
    upload::{Upload, declared},
};
use super::graph_error::{Behaviour, GraphError, behaviour_of};

/// How much of an answer is read; Graph answers are a few hundred bytes, but for lists.
const MAX_ANSWER_BYTES: u64 = 1024 * 1024;

/// WhatsApp's id of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wamid(pub String);

/// With what a number speaks to WhatsApp.
#[derive(Clone)]
pub struct Credentials {
    /// WhatsApp's id of the number.
    pub phone_number_id: String,
    /// The bearer token.
    pub token: String,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("phone_number_id", &self.phone_number_id).finish_non_exhaustive()
    }
}

/// Why a call did not succeed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendFailure {
    /// The request never left: no connection could be made.
    #[error("WhatsApp could not be reached: {cause}")]
    NotArrived {
        /// What the network said.
        cause: String,
    },
    /// The request may have arrived; its answer did not.
    #[error("WhatsApp's answer got lost: {cause}")]
    Ambiguous {
        /// What happened instead.
        cause: String,
    },
    /// WhatsApp said no.
    #[error("WhatsApp refused with code {}: {}", .0.code, .0.details)]
    Refused(GraphError),
}

impl SendFailure {
    /// What the outbox does about it.
    #[must_use]
    pub fn behaviour(&self) -> Behaviour {
        match self {
            Self::NotArrived { .. } => Behaviour::BackOff { whole_number: false, at_least: None },
            Self::Ambiguous { .. } => Behaviour::Uncertain,
            Self::Refused(error) => behaviour_of(error),
        }
    }
}

/// A number as WhatsApp knows it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct NumberNode {
    /// As people write it.
    pub display_phone_number: String,
    /// The approved name.
    #[serde(default)]
    pub verified_name: Option<String>,
}

/// Where the API is and how long to wait for it.
#[derive(Debug, Clone)]
pub struct CloudApiOptions {
    /// `https://graph.facebook.com`, or a stand-in.
    pub url: Url,
    /// Such as `v26.0`.
    pub version: String,
    /// How long to wait for a connection.
    pub connect_timeout: Duration,
    /// How long to wait for the whole call.
    pub request_timeout: Duration,
}

/// The client. Clones share the connections.
#[derive(Debug, Clone)]
pub struct CloudApi {
    http: Client,
    base: String,
    request_timeout: Duration,
}

impl CloudApi {
    /// Makes a client; nothing is sent yet.
    ///
    /// It never repeats a request by itself and follows no redirects: either could send a message twice.
    pub fn new(options: &CloudApiOptions) -> Result<Self, reqwest::Error> {
        let mut builder = Client::builder()
            .user_agent(concat!("waxwing-gateway/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(options.connect_timeout)
            .timeout(options.request_timeout)
            .retry(reqwest::retry::never())
            .redirect(reqwest::redirect::Policy::none());
        if is_loopback(&options.url) {
            builder = builder.no_proxy();
        }
        let base = format!("{}/{}", options.url.as_str().trim_end_matches('/'), options.version);
        Ok(Self { http: builder.build()?, base, request_timeout: options.request_timeout })
    }

    /// Sends a message or a reaction.
    pub async fn send(&self, from: &Credentials, message: &OutgoingMessage) -> Result<Wamid, SendFailure> {
        let accepted: Accepted = self.post(from, &message.to_json()).await?;
        let first = accepted.messages.into_iter().next();
        first
            .map(|message| Wamid(message.id))
            .ok_or_else(|| SendFailure::Ambiguous { cause: "the answer names no message".to_owned() })
    }

    /// Says that a message of a contact's, and everything before it, was read; and, if `typing`, that an agent is writing:
    /// the contact sees that for up to 25 seconds.
    pub async fn mark_read(
        &self,
        from: &Credentials,
        message: &Wamid,
        typing: bool,
    ) -> Result<(), SendFailure> {
        let mut body = json!({"messaging_product": "whatsapp", "status": "read", "message_id": message.0});
        if typing {
            body["typing_indicator"] = json!({"type": "text"});
        }
        self.post(from, &body).await.map(|_success: Value| ())
    }

    async fn post<T: serde::de::DeserializeOwned>(
        &self,
        from: &Credentials,
        body: &Value,
    ) -> Result<T, SendFailure> {
        let answer = self
            .http
            .post(format!("{}/{}/messages", self.base, from.phone_number_id))
            .bearer_auth(&from.token)
            .json(body)
            .send()
            .await;
        read_answer(answer).await
    }

    /// Looks a number up, which shows whether the token may use it.
    pub async fn check_number(&self, number: &Credentials) -> Result<NumberNode, SendFailure> {
        let answer = self
            .http
            .get(format!("{}/{}", self.base, number.phone_number_id))
            .query(&[("fields", "display_phone_number,verified_name")])
            .bearer_auth(&number.token)
            .send()
            .await;
        read_answer(answer).await
    }
}

#[derive(Deserialize)]
struct Accepted {
    messages: Vec<AcceptedMessage>,
}

#[derive(Deserialize)]
struct AcceptedMessage {
    id: String,
}

/// Whether `url` stays on this machine.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

pub(super) async fn read_answer<T: serde::de::DeserializeOwned>(
    answer: Result<Response, reqwest::Error>,
) -> Result<T, SendFailure> {
    read_answer_up_to(answer, MAX_ANSWER_BYTES).await
}

/// Reads an answer that may be so many bytes long.
async fn read_answer_up_to<T: serde::de::DeserializeOwned>(
    answer: Result<Response, reqwest::Error>,
    most: u64,
) -> Result<T, SendFailure> {
    let answer = answer.map_err(|error| failure_of_network(&error))?;
    let status = answer.status();
    let wait = wait_asked_for(answer.headers());
    let too_long = answer.content_length().is_some_and(|length| length > most);
    let body = if too_long { Vec::new() } else { read_body(answer, most).await? };
    if status.is_success() {
        return serde_json::from_slice(&body)
            // What serde says of it may quote it, and causes go into the log.
            .map_err(|error| SendFailure::Ambiguous {
                cause: format!("the answer can't be read ({:?})", error.classify()),
            });
    }
    if let Some(error) = GraphError::read(&body) {
        return Err(SendFailure::Refused(GraphError { wait, ..error }));
    }
    Err(failure_of_status(status, wait))
}

async fn read_body(mut answer: Response, most: u64) -> Result<Vec<u8>, SendFailure> {
    let mut body = Vec::new();
    let cut = |error: reqwest::Error| SendFailure::Ambiguous { cause: cause_of(&error) };
    while let Some(chunk) = answer.chunk().await.map_err(cut)? {
        body.extend_from_slice(&chunk);
        if body.len() as u64 > most {
            return Err(SendFailure::Ambiguous { cause: "the answer is too long".to_owned() });
        }
    }
    Ok(body)
}

/// An answer that is neither a success nor a Graph error: something between us and WhatsApp has spoken.
fn failure_of_status(status: StatusCode, wait: Option<Duration>) -> SendFailure {
    let refused = |code, is_transient| {
        let details = format!("HTTP status {}", status.as_u16());
        SendFailure::Refused(GraphError { code, details, is_transient, wait, ..GraphError::default() })
    };
    match status {
        StatusCode::TOO_MANY_REQUESTS => refused(4, true),
        StatusCode::UNAUTHORIZED => refused(190, false),
        StatusCode::REQUEST_TIMEOUT => SendFailure::Ambiguous { cause: status.to_string() },
        _ if status.is_client_error() => refused(100, false),
        _ => SendFailure::Ambiguous { cause: status.to_string() },
    }
}

fn failure_of_network(error: &reqwest::Error) -> SendFailure {
    let cause = cause_of(error);
    if error.is_connect() || error.is_builder() {
        SendFailure::NotArrived { cause }
    } else {
        SendFailure::Ambiguous { cause }
    }
}

/// The innermost cause, which says most; without the address, which is known.
pub(super) fn cause_of(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    if error.is_timeout() { "no answer in time".to_owned() } else { cause.to_string() }
}

/// How long Meta asks to wait: `Retry-After` in seconds, or `X-Business-Use-Case-Usage`, whose
/// `estimated_time_to_regain_access` is in minutes.
fn wait_asked_for(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let retry_after = text(RETRY_AFTER.as_str()).and_then(|seconds| seconds.trim().parse::<u64>().ok());
    let usage: Option<Value> = text("x-business-use-case-usage").and_then(|v| serde_json::from_str(v).ok());
    let minutes = usage
        .as_ref()
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(|accounts| accounts.values())
        .filter_map(Value::as_array)
        .flatten()
        .filter_map(|entry| entry.get("estimated_time_to_regain_access")?.as_u64())
        .max()
        .filter(|minutes| *minutes > 0);
    retry_after.max(minutes.map(|minutes| minutes.saturating_mul(60))).map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longer_of_the_two_waits_counts() {
        let mut headers = HeaderMap::new();
        assert_eq!(wait_asked_for(&headers), None);
        headers.insert(RETRY_AFTER, "7".parse().expect("a header"));
        assert_eq!(wait_asked_for(&headers), Some(Duration::from_secs(7)));
        let usage = r#"{"1":[{"type":"messaging","estimated_time_to_regain_access":2}]}"#;
        headers.insert("x-business-use-case-usage", usage.parse().expect("a header"));
        assert_eq!(wait_asked_for(&headers), Some(Duration::from_mins(2)));
    }

    #[test]
    fn a_server_error_without_a_graph_error_is_ambiguous_and_a_client_error_is_not() {
        let failure = |status: u16| failure_of_status(StatusCode::from_u16(status).expect("a status"), None);
        assert_eq!(failure(502).behaviour(), Behaviour::Uncertain);
        assert_eq!(failure(408).behaviour(), Behaviour::Uncertain);
        assert!(matches!(failure(429).behaviour(), Behaviour::BackOff { whole_number: true, .. }));
        assert!(matches!(failure(401).behaviour(), Behaviour::StopNumber { .. }));
        assert!(matches!(failure(400).behaviour(), Behaviour::Fail(_)));
    }

    #[test]
    fn only_this_machine_is_loopback() {
        let is = |url: &str| is_loopback(&Url::parse(url).expect("a url"));
        assert!(is("http://127.0.0.1:80") && is("http://localhost") && is("http://[::1]:9"));
        assert!(!is("http://10.0.0.1") && !is("https://graph.facebook.com") && !is("http://127.evil.org"));
    }

    #[tokio::test]
    async fn a_refused_connection_provably_did_not_arrive() {
        let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = free.local_addr().expect("an address");
        drop(free);
        let api = CloudApi::new(&CloudApiOptions {
            url: Url::parse(&format!("http://{address}")).expect("a url"),
            version: "v26.0".to_owned(),
            connect_timeout: Duration::from_secs(5),
            request_timeout: Duration::from_secs(5),
        })
        .expect("a client");
        let from = Credentials { phone_number_id: "1".to_owned(), token: "t".to_owned() };
        let failure =
            api.mark_read(&from, &Wamid("wamid.1".to_owned()), false).await.expect_err("nobody listens");
        assert!(matches!(failure, SendFailure::NotArrived { .. }), "{failure}");
    }
}
