//! Somebody who is signed in, as the gateway sees a desktop: calls and polls.

use reqwest::{Client, Method};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::time::{Instant, timeout, timeout_at};
use waxwing_gateway::clock::Clock;
use waxwing_protocol::{
    api,
    delivery::Delivery,
    event::{Cursor, Event, EventPage},
    id::{ClientRef, InteractionId, MessageId},
    interaction::Interaction,
};

use crate::bench::PATIENCE;

/// Somebody who is signed in.
pub(crate) struct Desktop {
    pub(crate) http: Client,
    pub(crate) url: String,
    pub(crate) token: String,
    cursor: Option<Cursor>,
    /// Every event so far.
    pub(crate) events: Vec<Event>,
    refs: u8,
}

impl Desktop {
    /// Signs in and becomes ready.
    pub(crate) async fn sign_in(url: &str, user_name: &str, password: &str) -> Self {
        let mut desktop = Self {
            // A gateway that was killed leaves no line that could be taken for a good one.
            http: Client::builder().no_proxy().pool_max_idle_per_host(0).build().expect("a client"),
            url: url.to_owned(),
            token: String::new(),
            cursor: None,
            events: Vec::new(),
            refs: 0,
        };
        let call = json!({"user_name": user_name, "password": password, "device": "test"});
        let signed_in: Value = desktop.call(Method::POST, api::SIGN_IN, Some(&call)).await;
        signed_in["token"].as_str().expect("a token").clone_into(&mut desktop.token);
        let ready = json!({"status": "ready"});
        let _: Value = desktop.call(Method::PUT, api::STATUS, Some(&ready)).await;
        desktop
    }

    pub(crate) async fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> T {
        let mut request = self.http.request(method, format!("{}{path}", self.url));
        if !self.token.is_empty() {
            request = request.bearer_auth(&self.token);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await.expect("answers");
        let status = answer.status();
        let text = answer.text().await.expect("a body");
        assert!(status.is_success(), "{path}: {status} {text}");
        let text = if text.is_empty() { "null" } else { &text };
        serde_json::from_str(text).unwrap_or_else(|error| panic!("{path}: {error}: {text}"))
    }

    /// What lies before this agent.
    pub(crate) async fn snapshot(&self) -> Vec<Interaction> {
        match self.call(Method::GET, api::EVENTS, None).await {
            EventPage::Snapshot { snapshot, .. } => {
                snapshot.interactions.into_iter().map(|one| one.interaction).collect()
            }
            EventPage::Events { .. } => Vec::new(),
        }
    }

    /// Sends a text.
    pub(crate) async fn send(&mut self, interaction: InteractionId, text: &str) -> MessageId {
        self.send_with(interaction, text, None).await
    }

    pub(crate) async fn send_with(
        &mut self,
        interaction: InteractionId,
        text: &str,
        quote: Option<MessageId>,
    ) -> MessageId {
        self.refs += 1;
        let client_ref = ClientRef::new(Clock::system().now(), [self.refs; 10]);
        let call = json!({"client_ref": client_ref, "body": {"type": "text", "text": text}, "quote": quote});
        let accepted: Value = self.call(Method::POST, &api::messages(interaction), Some(&call)).await;
        accepted["message"]["id"].as_str().expect("an id").parse().expect("an id")
    }

    /// Polls until `wanted` finds what it is after, among what was seen already or what comes.
    pub(crate) async fn wait<T>(&mut self, wanted: impl Fn(&Event) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        let mut looked_at = 0;
        loop {
            if let Some(found) = self.events[looked_at..].iter().find_map(&wanted) {
                return found;
            }
            looked_at = self.events.len();
            let polled = timeout_at(deadline, self.poll()).await;
            assert!(polled.is_ok(), "it did not happen; what did: {:#?}", self.events);
        }
    }

    /// Polls with the longest wait until the gateway says that this agent is signed out.
    pub(crate) async fn poll_until_refused(&mut self) {
        loop {
            let after = self.cursor.expect("has polled before");
            let url = format!("{}{}?wait_seconds=50&after={after}", self.url, api::EVENTS);
            let asked = self.http.get(url).bearer_auth(&self.token).send();
            let answer = timeout(PATIENCE, asked).await.expect("in time").expect("answers");
            if answer.status() == reqwest::StatusCode::UNAUTHORIZED {
                return;
            }
            match answer.json().await.expect("a page") {
                EventPage::Events { next, .. } | EventPage::Snapshot { next, .. } => self.cursor = Some(next),
            }
        }
    }

    async fn poll(&mut self) {
        let after = self.cursor.map(|cursor| format!("&after={cursor}")).unwrap_or_default();
        let path = format!("{}?wait_seconds=5{after}", api::EVENTS);
        match self.call(Method::GET, &path, None).await {
            EventPage::Events { events, next, .. } => {
                self.events.extend(events.into_iter().map(|event| event.event));
                self.cursor = Some(next);
            }
            EventPage::Snapshot { snapshot, next, .. } => {
                self.cursor = Some(next);
                // What the snapshot holds comes as no event of its own any more.
                self.events.push(Event::LibraryChanged { revision: snapshot.library });
                let interactions = snapshot.interactions.into_iter();
                self.events.extend(interactions.map(|one| Event::InteractionAdded {
                    interaction: Box::new(one.interaction),
                    transcript: one.transcript,
                    older: one.older,
                    draft: one.draft.map(Box::new),
                }));
            }
        }
    }

    /// Waits until a message has got as far as `wanted` says.
    pub(crate) async fn delivered(
        &mut self,
        message: MessageId,
        wanted: impl Fn(&Delivery) -> bool,
    ) -> Delivery {
        self.wait(|event| match event {
            Event::DeliveryChanged { message: of, state, .. }
                if *of == message && wanted(&state.delivery) =>
            {
                Some(state.delivery.clone())
            }
            _ => None,
        })
        .await
    }
}
