//! Somebody signed in, calling the gateway as a desktop does.

use std::{collections::BTreeMap, net::SocketAddr, time::Duration};

use reqwest::{Client, Method, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use waxwing_gateway::{clock::Clock, random};
use waxwing_protocol::{
    api,
    event::EventPage,
    id::{ClientRef, InteractionId},
    interaction::Interaction,
    upload::{BeginUpload, uploads},
};

use super::{
    house::{PASSWORD, USER_NAME},
    http::Connection,
    wait::{PATIENCE, until},
    webhook::{Writer, wamid},
};

/// How long one call may take.
const CALL_LIMIT: Duration = Duration::from_secs(5);

/// An agent.
pub(crate) struct Agent {
    http: Client,
    url: String,
    /// Their bearer token.
    pub(crate) token: String,
}

impl Agent {
    /// Signs in and becomes ready.
    pub(crate) async fn sign_in(url: &str) -> Self {
        let http = Client::builder().no_proxy().timeout(CALL_LIMIT).build().expect("a client");
        let mut agent = Self { http, url: url.to_owned(), token: String::new() };
        let call = json!({"user_name": USER_NAME, "password": PASSWORD, "device": "bench"});
        let signed_in: Value = agent.call(Method::POST, api::SIGN_IN, Some(&call)).await;
        signed_in["token"].as_str().expect("a token").clone_into(&mut agent.token);
        let ready = json!({"status": "ready"});
        let _: Value = agent.call(Method::PUT, api::STATUS, Some(&ready)).await;
        agent
    }

    async fn call<T: DeserializeOwned>(&self, method: Method, path: &str, body: Option<&Value>) -> T {
        let (status, text) = self.ask(method, path, body).await.expect("answers");
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}: {text}"))
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> reqwest::Result<(StatusCode, String)> {
        let mut request = self.http.request(method, format!("{}{path}", self.url));
        if !self.token.is_empty() {
            request = request.bearer_auth(&self.token);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await?;
        Ok((answer.status(), answer.text().await?))
    }

    /// Lets so many contacts write and waits until all of them are this agent's; by their phone numbers.
    pub(crate) async fn greeted_by(
        &self,
        contacts: usize,
        gateway: SocketAddr,
    ) -> BTreeMap<String, InteractionId> {
        let writer = Writer::new();
        let mut connection = Connection::open(gateway).await.expect("the gateway listens");
        for contact in 0..contacts {
            let hello =
                writer.message(&wamid(&format!("hello{contact}")), contact, &format!("hello {contact}"));
            assert_eq!(connection.exchange(&hello).await.expect("answers"), 200);
        }
        until("the interactions have come", PATIENCE, async || {
            let page: EventPage =
                self.call(Method::GET, &format!("{}?wait_seconds=0", api::EVENTS), None).await;
            let EventPage::Snapshot { snapshot, .. } = page else { return None };
            let phone = |one: &Interaction| one.contact.whatsapp.phone.clone().expect("has a phone number");
            let held = snapshot.interactions.iter().map(|one| (phone(&one.interaction), one.interaction.id));
            let held: BTreeMap<_, _> = held.collect();
            (held.len() >= contacts).then_some(held)
        })
        .await
    }

    /// Announces a file; whether the gateway is ready to take it.
    pub(crate) async fn may_upload(&self, interaction: InteractionId, file: &BeginUpload) -> bool {
        let file = serde_json::to_value(file).expect("can be written");
        let answer = self.ask(Method::POST, &uploads(interaction), Some(&file)).await;
        answer.expect("answers").0.is_success()
    }

    /// Sends a text, as often under the same name as it takes until the gateway has it.
    pub(crate) async fn send(&self, interaction: InteractionId, text: &str) {
        let client_ref = ClientRef::new(Clock::system().now(), random::bytes());
        let call = json!({"client_ref": client_ref, "body": {"type": "text", "text": text}});
        let path = api::messages(interaction);
        until("the gateway takes a message in", PATIENCE, async || {
            let (status, told) = self.ask(Method::POST, &path, Some(&call)).await.ok()?;
            assert!(status == StatusCode::ACCEPTED || status.is_server_error(), "{status}: {told}");
            (status == StatusCode::ACCEPTED).then_some(())
        })
        .await;
    }
}
