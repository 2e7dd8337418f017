//! A gateway of a test's own: a database in a temporary folder, one business number, agents as wanted, a clock that stands
//! until it is moved.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::{
    net::TcpListener,
    sync::oneshot,
    task::{JoinHandle, JoinSet},
};
use waxwing_gateway::{
    app::App,
    auth::{AuthLimits, hash_password},
    clock::Clock,
    store::{Store, agents},
};
use waxwing_protocol::{
    agent::Role,
    api::{self, SignedIn, TranscriptPage},
    event::{Cursor, EventPage},
    id::BusinessNumberId,
    message::Message,
};

/// WhatsApp's id of the one business number.
pub(crate) const PHONE_NUMBER_ID: &str = "100200300";
/// Everybody's password.
pub(crate) const PASSWORD: &str = "a cold bright day";

/// A running gateway.
pub(crate) struct Gateway {
    pub(crate) app: App,
    pub(crate) client: reqwest::Client,
    pub(crate) url: String,
    clock: Arc<AtomicI64>,
    stop: Option<oneshot::Sender<()>>,
    served: JoinHandle<std::io::Result<()>>,
    _folder: tempfile::TempDir,
}

/// When tests begin.
pub(crate) fn start_of_play() -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_000_200, 0).expect("a time")
}

impl Gateway {
    pub(crate) async fn start() -> Self {
        Self::start_with(|_app| {}).await
    }

    pub(crate) async fn start_with(adjust: impl FnOnce(&mut App)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&folder.path().join("waxwing.db")).await.expect("opens");
        let mut change = store.begin().await.expect("begins");
        sqlx::query(
            "INSERT INTO business_numbers (id, name, display_number, phone_number_id, account_id, token, app_secret, app_secret_before, verify_token)
             VALUES ($1, 'Shop', '+1 555 010 0001', $2, '900800700', 'token', 's3cret', 'old s3cret', 'verify me')",
        )
        .bind(BusinessNumberId::new(start_of_play(), [1; 10]).to_string())
        .bind(PHONE_NUMBER_ID)
        .execute(change.db())
        .await
        .expect("adds");
        change.commit().await.expect("commits");

        let clock = Arc::new(AtomicI64::new(start_of_play().timestamp_millis()));
        let read = Arc::clone(&clock);
        let now = move || DateTime::from_timestamp_millis(read.load(Ordering::SeqCst)).expect("a time");
        let mut app = App::new(store, Clock::from_fn(now), AuthLimits::default());
        adjust(&mut app);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let (stop, stopped) = oneshot::channel::<()>();
        let shutdown = async move { stopped.await.unwrap_or_default() };
        let served = tokio::spawn(waxwing_gateway::run(listener, app.clone(), shutdown));
        Self { app, client: reqwest::Client::new(), url, clock, stop: Some(stop), served, _folder: folder }
    }

    /// Moves the gateway's clock on.
    pub(crate) fn pass(&self, time: TimeDelta) {
        self.clock.fetch_add(time.num_milliseconds(), Ordering::SeqCst);
    }

    /// Stops it and waits until it has stopped.
    pub(crate) async fn stop(mut self) {
        if let Some(stop) = self.stop.take() {
            stop.send(()).expect("it runs");
        }
        self.served.await.expect("ends").expect("serves");
    }

    pub(crate) async fn add_agent(&self, user_name: &str) {
        self.employ(user_name, Role::Agent).await;
    }

    async fn employ(&self, user_name: &str, role: Role) {
        let mut change = self.app.store.begin().await.expect("begins");
        let new = agents::NewAgent {
            user_name: user_name.to_owned(),
            display_name: user_name.to_owned(),
            role,
            capacity: 1_000,
            team: None,
            password_hash: hash_password(PASSWORD),
        };
        agents::add_agent(&mut change, &new, start_of_play()).await.expect("adds").expect("a free name");
        change.commit().await.expect("commits");
    }

    pub(crate) async fn try_sign_in(&self, user_name: &str, password: &str) -> Response {
        let asked = json!({"user_name": user_name, "password": password, "device": "test"});
        self.client.post(format!("{}{}", self.url, api::SIGN_IN)).json(&asked).send().await.expect("answers")
    }

    /// Adds an agent and signs them in.
    pub(crate) async fn desktop(&self, user_name: &str) -> Desktop<'_> {
        self.add_agent(user_name).await;
        self.sign_in(user_name).await
    }

    /// Adds somebody who leads a team and signs them in.
    pub(crate) async fn lead(&self, user_name: &str) -> Desktop<'_> {
        self.employ(user_name, Role::TeamLead).await;
        self.sign_in(user_name).await
    }

    async fn sign_in(&self, user_name: &str) -> Desktop<'_> {
        let answer = self.try_sign_in(user_name, PASSWORD).await;
        assert_eq!(answer.status(), StatusCode::OK);
        Desktop { gateway: self, signed_in: answer.json().await.expect("a sign-in") }
    }

    /// Posts a webhook as WhatsApp does.
    pub(crate) async fn webhook(&self, body: impl Into<Vec<u8>>) -> StatusCode {
        let body = body.into();
        let signature = signature_of(&body, "s3cret");
        self.webhook_signed(body, &[&signature]).await.status()
    }

    /// Sends copies of a request at the same time.
    pub(crate) async fn at_once(requests: impl IntoIterator<Item = RequestBuilder>) -> Vec<Response> {
        let mut calls: JoinSet<_> = requests.into_iter().map(RequestBuilder::send).collect();
        let mut answers = Vec::new();
        while let Some(answer) = calls.join_next().await {
            answers.push(answer.expect("ends").expect("answers"));
        }
        answers
    }

    pub(crate) fn webhook_request(&self, body: Vec<u8>, signatures: &[&str]) -> RequestBuilder {
        let request = self
            .client
            .post(format!("{}/webhooks/whatsapp", self.url))
            .header("content-type", "application/json")
            .body(body);
        signatures
            .iter()
            .fold(request, |request, signature| request.header("x-hub-signature-256", *signature))
    }

    pub(crate) async fn webhook_signed(&self, body: Vec<u8>, signatures: &[&str]) -> Response {
        self.webhook_request(body, signatures).send().await.expect("answers")
    }

    pub(crate) async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(self.app.store.reader()).await.expect("counts")
    }
}

pub(crate) fn signature_of(body: &[u8], secret: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key").chain_update(body);
    let hex: Vec<String> = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256={}", hex.concat())
}

/// A webhook with these values of `messages` in one change.
pub(crate) fn envelope(mut value: Value) -> Vec<u8> {
    value["metadata"] = json!({"display_phone_number": "15550100001", "phone_number_id": PHONE_NUMBER_ID});
    json!({"object": "whatsapp_business_account", "entry": [{"id": "900800700", "changes": [{"field": "messages", "value": value}]}]})
        .to_string()
        .into_bytes()
}

/// A text message as an element of `messages`.
pub(crate) fn text(phone: &str, wamid: &str, words: &str) -> Value {
    json!({"from": phone, "id": wamid, "timestamp": "1780000100", "type": "text", "text": {"body": words}})
}

/// A desktop that is signed in.
pub(crate) struct Desktop<'a> {
    pub(crate) gateway: &'a Gateway,
    pub(crate) signed_in: SignedIn,
}

impl Desktop<'_> {
    pub(crate) fn call(&self, method: Method, path: &str) -> RequestBuilder {
        self.gateway
            .client
            .request(method, format!("{}{path}", self.gateway.url))
            .bearer_auth(&self.signed_in.token)
    }

    pub(crate) async fn ready(&self) {
        let answer = self.call(Method::PUT, api::STATUS).json(&json!({"status": "ready"})).send().await;
        assert_eq!(answer.expect("answers").status(), StatusCode::OK);
    }

    pub(crate) async fn poll_raw(&self, after: Option<&str>, wait_seconds: u32) -> Response {
        let mut query = vec![("wait_seconds", wait_seconds.to_string())];
        query.extend(after.map(|after| ("after", after.to_owned())));
        self.call(Method::GET, api::EVENTS).query(&query).send().await.expect("answers")
    }

    pub(crate) async fn poll(&self, after: Option<Cursor>, wait_seconds: u32) -> EventPage {
        let after = after.map(|after| after.to_string());
        let answer = self.poll_raw(after.as_deref(), wait_seconds).await;
        assert_eq!(answer.status(), StatusCode::OK);
        answer.json().await.expect("a page")
    }

    /// Everything as it is now.
    pub(crate) async fn snapshot(&self) -> (waxwing_protocol::event::Snapshot, Cursor) {
        match self.poll(None, 0).await {
            EventPage::Snapshot { snapshot, next, .. } => (*snapshot, next),
            page @ EventPage::Events { .. } => panic!("{page:?}"),
        }
    }

    /// Everything said in all of this agent's interactions, page by page.
    pub(crate) async fn transcripts(&self) -> Vec<Message> {
        let mut all = Vec::new();
        for one in self.snapshot().await.0.interactions {
            let (mut said, mut older) = (one.transcript, one.older);
            while older {
                let from = said.first().expect("something is newer").id;
                let path = api::transcript(one.interaction.id);
                let path = format!("{path}?part=before&message={from}&limit=500&sessions=0");
                let answer = self.call(Method::GET, &path).send().await.expect("answers");
                let page: TranscriptPage = answer.json().await.expect("a page");
                older = !page.messages.is_empty();
                said.splice(0..0, page.messages);
            }
            all.extend(said);
        }
        all
    }
}
