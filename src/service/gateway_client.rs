//! Every call to the gateway, over one HTTP client.
//!
//! An answer is either what was asked for, a refusal that says why ([`CallError::Refused`]), or no answer at all: silence,
//! a broken line, nonsense and a gateway of another protocol all mean that the call may or may not have been taken in.

use std::{
    error::Error as _,
    fs,
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use reqwest::{Certificate, Client, Method, RequestBuilder, Response, Url, redirect::Policy};
use serde::{Serialize, de::DeserializeOwned};
use waxwing_protocol::{
    agent::{AgentStatus, StatusSince},
    api::{
        self, Health, MarkRead, PROTOCOL, PutDraft, SendAccepted, SendMessage, SetStatus, SignIn, SignedIn,
    },
    draft::Draft,
    id::{InteractionId, MessageId},
    library::REFRESH_TEMPLATES,
    problem::Problem,
};

use super::{ServiceError, clock::GatewayClock, token::Token};
use crate::desk::input::{CallError, Password};

mod directory;
mod history;
mod library;
mod transfer;
mod workbins;
mod wrap_up;

pub(super) use transfer::Part;

const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// Longest time for any call but a poll, its answer included.
pub(super) const CALL_LIMIT: Duration = Duration::from_secs(15);
/// The largest answer that is read: a snapshot of a few hundred long conversations.
const MAX_ANSWER_BYTES: usize = 64 * 1024 * 1024;

/// The gateway, as seen from here.
#[derive(Debug)]
pub(super) struct GatewayClient {
    http: Client,
    base: String,
    device: String,
    clock: GatewayClock,
    token: Mutex<Option<Token>>,
    /// Whether the gateway has said that it speaks our protocol, since it last fell silent.
    same_protocol: AtomicBool,
}

impl GatewayClient {
    pub(super) fn new(
        url: &str,
        ca_file: Option<&Path>,
        device: String,
        clock: GatewayClock,
    ) -> Result<Self, ServiceError> {
        let (base, is_local) = check_url(url)?;
        let mut builder = Client::builder()
            .user_agent(concat!("waxwing/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .connect_timeout(CONNECT_LIMIT);
        if is_local {
            builder = builder.no_proxy();
        }
        if let Some(path) = ca_file {
            builder = builder.tls_certs_merge(authorities(path)?);
        }
        let http = builder.build().map_err(|error| ServiceError::Tls(error.to_string()))?;
        let (token, same_protocol) = (Mutex::new(None), AtomicBool::new(false));
        Ok(Self { http, base, device, clock, token, same_protocol })
    }

    /// The gateway's address, the same however it was written.
    pub(super) fn base(&self) -> &str {
        &self.base
    }

    pub(super) fn token(&self) -> Option<Token> {
        self.token.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn set_token(&self, token: Option<Token>) {
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = token;
    }

    /// The gateway said what time it is.
    pub(super) const fn clock(&self) -> &GatewayClock {
        &self.clock
    }

    /// From here on the gateway may be another one: ask for its protocol first.
    pub(super) fn doubt(&self) {
        self.same_protocol.store(false, Ordering::Relaxed);
    }

    pub(super) async fn sign_in(&self, user_name: String, password: Password) -> Result<SignedIn, CallError> {
        self.check_protocol().await?;
        let body = SignIn { user_name, password: password.0, device: self.device.clone() };
        let request = self.http.post(self.url(api::SIGN_IN)).json(&body);
        let signed_in: SignedIn = read_json(&exchange(request, CALL_LIMIT).await?)?;
        if signed_in.protocol != PROTOCOL {
            return Err(CallError::WrongProtocol(signed_in.protocol));
        }
        self.clock.set(signed_in.now);
        self.set_token(Some(Token(signed_in.token.clone())));
        Ok(signed_in)
    }

    /// Gives a token back.
    pub(super) async fn sign_out(&self, token: &Token) -> Result<(), CallError> {
        let request = self.http.post(self.url(api::SIGN_OUT)).bearer_auth(&token.0);
        exchange(request, CONNECT_LIMIT).await.map(drop)
    }

    pub(super) async fn set_status(&self, status: AgentStatus) -> Result<StatusSince, CallError> {
        self.check_protocol().await?;
        let request = self.request(Method::PUT, api::STATUS).json(&SetStatus { status });
        read_json(&exchange(request, CALL_LIMIT).await?)
    }

    pub(super) async fn send(
        &self,
        interaction: InteractionId,
        message: &SendMessage,
    ) -> Result<SendAccepted, CallError> {
        self.check_protocol().await?;
        let request = self.request(Method::POST, &api::messages(interaction)).json(message);
        read_json(&exchange(request, CALL_LIMIT).await?)
    }

    pub(super) async fn retry(
        &self,
        interaction: InteractionId,
        message: MessageId,
    ) -> Result<SendAccepted, CallError> {
        self.check_protocol().await?;
        let request = self.request(Method::POST, &api::retry(interaction, message));
        read_json(&exchange(request, CALL_LIMIT).await?)
    }

    pub(super) async fn mark_done(&self, interaction: InteractionId) -> Result<(), CallError> {
        self.check_protocol().await?;
        let request = self.request(Method::POST, &api::done(interaction));
        exchange(request, CALL_LIMIT).await.map(drop)
    }

    /// Posts or puts something; the answer is told in full.
    pub(super) async fn tell<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &(impl Serialize + Sync),
    ) -> Result<T, CallError> {
        self.check_protocol().await?;
        read_json(&exchange(self.request(method, path).json(body), CALL_LIMIT).await?)
    }

    /// How far the agent has read.
    pub(super) async fn mark_read(
        &self,
        interaction: InteractionId,
        up_to: MessageId,
    ) -> Result<(), CallError> {
        self.check_protocol().await?;
        let request = self.request(Method::PUT, &api::read(interaction)).json(&MarkRead { up_to });
        exchange(request, CALL_LIMIT).await.map(drop)
    }

    /// The agent is writing.
    pub(super) async fn refresh_templates(&self) -> Result<(), CallError> {
        self.check_protocol().await?;
        let request = self.request(Method::POST, REFRESH_TEMPLATES);
        exchange(request, CALL_LIMIT).await.map(drop)
    }

    pub(super) async fn typing(&self, interaction: InteractionId) -> Result<(), CallError> {
        self.check_protocol().await?;
        let request = self.request(Method::POST, &api::typing(interaction));
        exchange(request, CALL_LIMIT).await.map(drop)
    }

    /// What stands in a composer, under this machine's name.
    pub(super) async fn put_draft(
        &self,
        interaction: InteractionId,
        mut draft: PutDraft,
    ) -> Result<Draft, CallError> {
        draft.written.device.clone_from(&self.device);
        self.tell(Method::PUT, &api::draft(interaction), &draft).await
    }

    /// Asks the gateway for something with a query, within a time limit of its own.
    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &(impl Serialize + Sync),
        limit: Duration,
    ) -> Result<T, CallError> {
        let request = self.request(Method::GET, path).query(query);
        read_json(&exchange(request, limit).await?)
    }

    /// Makes sure that the gateway speaks our protocol, before it is told anything.
    pub(super) async fn check_protocol(&self) -> Result<(), CallError> {
        if self.same_protocol.load(Ordering::Relaxed) {
            return Ok(());
        }
        let health: Health = read_json(&exchange(self.http.get(self.url(api::HEALTH)), CALL_LIMIT).await?)?;
        if health.protocol != PROTOCOL {
            return Err(CallError::WrongProtocol(health.protocol));
        }
        self.clock.set(health.now);
        self.same_protocol.store(true, Ordering::Relaxed);
        Ok(())
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, self.url(path));
        match self.token() {
            Some(token) => request.bearer_auth(&token.0),
            None => request,
        }
    }
}

/// The address in one spelling, and whether it is on this machine. Plain HTTP is taken only there.
fn check_url(text: &str) -> Result<(String, bool), ServiceError> {
    let refuse = |why: &str| Err(ServiceError::GatewayUrl(why.to_owned()));
    let Ok(url) = Url::parse(text) else {
        return refuse("is not an address such as https://gateway.example.com");
    };
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let is_local =
        host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    match url.scheme() {
        "https" => {}
        "http" if is_local => {}
        "http" => return refuse("is plain http, which is taken only on this machine: use https"),
        _ => return refuse("must begin with https://"),
    }
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() {
        return refuse("must hold no user name, password or query");
    }
    Ok((url.as_str().trim_end_matches('/').to_owned(), is_local))
}

fn authorities(path: &Path) -> Result<Vec<Certificate>, ServiceError> {
    let refuse = |why: String| ServiceError::CaFile(format!("{}: {why}", path.display()));
    let pem = fs::read(path).map_err(|error| refuse(error.to_string()))?;
    let certificates = Certificate::from_pem_bundle(&pem).map_err(|error| refuse(error.to_string()))?;
    if certificates.is_empty() {
        return Err(refuse("there is no certificate in it".to_owned()));
    }
    Ok(certificates)
}

/// Makes a call and reads its whole answer within the limit.
async fn exchange(request: RequestBuilder, limit: Duration) -> Result<Vec<u8>, CallError> {
    let too_large = || CallError::Unreachable("the gateway's answer is too large".to_owned());
    exchange_up_to(request, limit, MAX_ANSWER_BYTES).await?.ok_or_else(too_large)
}

/// The same for an answer of at most so many bytes; none if there are more.
async fn exchange_up_to(
    request: RequestBuilder,
    limit: Duration,
    most: usize,
) -> Result<Option<Vec<u8>>, CallError> {
    let whole = async {
        let response = request.send().await.map_err(|error| unreachable(&error))?;
        let status = response.status();
        let body = read_body(response, most).await?;
        if status.is_success() {
            return Ok(body);
        }
        let problem: Result<Problem, _> = serde_json::from_slice(&body.unwrap_or_default());
        Err(match problem {
            Ok(problem) => CallError::Refused(problem),
            Err(_) => CallError::Unreachable(format!("the gateway answered {status}")),
        })
    };
    let silent = || CallError::Unreachable("the gateway does not answer in time".to_owned());
    tokio::time::timeout(limit, whole).await.unwrap_or_else(|_elapsed| Err(silent()))
}

async fn read_body(mut response: Response, most: usize) -> Result<Option<Vec<u8>>, CallError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| unreachable(&error))? {
        if body.len() + chunk.len() > most {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(body))
}

fn read_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, CallError> {
    serde_json::from_slice(body).map_err(|error| {
        // Not the error itself: it may quote the body.
        tracing::warn!(line = error.line(), column = error.column(), "an answer makes no sense");
        CallError::Unreachable("the gateway's answer makes no sense".to_owned())
    })
}

/// Why there was no answer, in words; the innermost cause says most.
fn unreachable(error: &reqwest::Error) -> CallError {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = error.source();
    while let Some(inner) = cause.and_then(std::error::Error::source) {
        cause = Some(inner);
    }
    let cause = cause.map_or_else(|| "no answer".to_owned(), ToString::to_string);
    let what = if error.is_connect() { "there is no connection to the gateway" } else { "the line broke" };
    CallError::Unreachable(format!("{what} ({cause})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_taken_only_on_this_machine() {
        for good in
            ["https://gateway.example.com", "http://127.0.0.1:8080/", "http://[::1]:1", "http://localhost"]
        {
            assert!(check_url(good).is_ok(), "{good}");
        }
        for bad in [
            "http://gateway.example.com",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "ftp://gateway",
            "gateway",
            "",
            "https://nadia:secret@gateway",
            "https://gateway/?a=b",
        ] {
            let told = check_url(bad).unwrap_err().to_string();
            assert!(told.starts_with("gateway.url"), "{told}");
            assert!(!told.contains("secret"), "{told}");
        }
        assert_eq!(check_url("HTTPS://Gateway.example.com/").unwrap().0, "https://gateway.example.com");
    }

    #[test]
    fn a_certificate_file_that_is_none_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("authority.pem");
        for text in [None, Some(""), Some("nonsense")] {
            if let Some(text) = text {
                fs::write(&path, text).unwrap();
            }
            let told = authorities(&path).unwrap_err().to_string();
            assert!(told.contains("gateway.ca_file") && told.contains("authority.pem"), "{told}");
        }
    }
}
