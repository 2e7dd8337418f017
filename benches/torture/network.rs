//! The WhatsApp network in a box that the gateway sends to, in this process: it alone knows what customers really got.

use std::{collections::BTreeMap, net::SocketAddr, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use waxwing_gateway::{
    clock::Clock,
    random::Seeded,
    simulator::{
        Limits, Received, Simulator, SimulatorConfig,
        script::{Identity, Script, ScriptedPerson},
    },
};

use crate::kit::{
    house::ANY_PORT,
    wait::{PATIENCE, until},
    webhook,
};

/// How many contacts it knows: those with the first numbers.
pub(crate) const CONTACTS: usize = 50;

/// A running box.
pub(crate) struct Network {
    simulator: Simulator,
    http: reqwest::Client,
}

impl Network {
    /// Posts webhooks to `gateway`; to nobody while there is none.
    pub(crate) async fn start(gateway: Option<SocketAddr>, seed: u64) -> Self {
        let listener = TcpListener::bind(ANY_PORT).await.expect("a port");
        let webhook_url = gateway.map_or_else(
            || "http://127.0.0.1:9/".to_owned(),
            |address| format!("http://{address}/webhooks/whatsapp"),
        );
        let config = SimulatorConfig {
            seed,
            speed: if gateway.is_some() { 50.0 } else { 1e-6 },
            limits: Limits {
                per_second: 1_000_000,
                pair_burst: 1_000_000,
                pair_every: Duration::from_millis(1),
            },
            script: Script { people: (0..CONTACTS).map(person).collect() },
            ..SimulatorConfig::sample(webhook_url)
        };
        let simulator = Simulator::start(listener, config, Clock::system()).expect("starts");
        Self { simulator, http: reqwest::Client::builder().no_proxy().build().expect("a client") }
    }

    /// What the gateway's `graph_url` is to be.
    pub(crate) fn url(&self) -> String {
        self.simulator.url()
    }

    async fn control(&self, path: &str, body: &Value) {
        let url = format!("{}/control/{path}", self.url());
        let answer = self.http.post(url).json(body).send().await.expect("answers");
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
    }

    /// What happens to the next `requests` messages: of twenty, two are taken without an answer, one hangs, two meet a
    /// server error, and the others are answered late.
    pub(crate) async fn misbehave(&self, requests: usize, chance: &mut Seeded) {
        for _ in 0..requests {
            let fault = match chance.next() % 20 {
                0 | 1 => json!({"fault": "drop_answer"}),
                2 => json!({"fault": "hang"}),
                3 | 4 => json!({"fault": "server_error"}),
                _ => json!({"fault": "delay", "delay_ms": chance.next() % 40}),
            };
            self.control("faults", &fault).await;
        }
    }

    /// What happens to the next `requests` files: of twenty, three are cut anywhere, two are taken without an answer, two meet a
    /// server error, one is refused for the moment, and the others are answered late.
    pub(crate) async fn misbehave_with_files(&self, requests: usize, chance: &mut Seeded) {
        for _ in 0..requests {
            let mut fault = match chance.next() % 20 {
                0..=2 => json!({"fault": "cut", "after": chance.next() % 1_000_000}),
                3 | 4 => json!({"fault": "drop_answer"}),
                5 | 6 => json!({"fault": "server_error"}),
                7 => json!({"fault": "fail_with", "code": 2}),
                _ => json!({"fault": "delay", "delay_ms": chance.next() % 200}),
            };
            fault["to"] = json!("media");
            self.control("faults", &fault).await;
        }
    }

    /// The file of the message number `number` (from 0), once it was sent.
    pub(crate) async fn next_file(&self, number: usize) -> Vec<u8> {
        let id = until("WhatsApp has the message", PATIENCE * 4, async || {
            let taken = self.requests().into_iter().filter(|one| one.wamid.is_some());
            taken.map(|one| one.body).nth(number).map(|body| {
                let kind = body["type"].as_str().expect("has a type");
                body[kind]["id"].as_str().expect("has a file").to_owned()
            })
        })
        .await;
        self.file(&id).await
    }

    /// Lets a contact send a document; `odd` says what is wrong with it.
    pub(crate) async fn sends(&self, contact: &str, (name, bytes): (&str, &[u8]), odd: &Value) {
        let send = json!({"contact": contact, "kind": "document", "file_name": name});
        let mut file = json!({"mime": "text/plain", "base64": STANDARD.encode(bytes), "send": send});
        for (key, value) in odd.as_object().into_iter().flatten() {
            file[key] = value.clone();
        }
        self.control("media", &file).await;
    }

    /// A file as whoever got it sees it, by the id that its message names.
    pub(crate) async fn file(&self, id: &str) -> Vec<u8> {
        let url = format!("{}/control/media/{id}", self.url());
        let answer = self.http.get(url).send().await.and_then(reqwest::Response::error_for_status);
        answer.expect("answers").bytes().await.expect("all of it").to_vec()
    }

    /// Everything behaves again.
    pub(crate) async fn behave(&self) {
        let url = format!("{}/control/faults", self.url());
        let answer = self.http.delete(url).send().await.expect("answers");
        assert!(answer.status().is_success(), "{}", answer.status());
    }

    /// All requests to send, in order.
    pub(crate) fn requests(&self) -> Vec<Received> {
        self.simulator.received().0
    }

    /// What customers got, in order: to whom, and the words.
    pub(crate) fn taken(&self) -> Vec<(String, String)> {
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let taken = self.requests().into_iter().filter(|one| one.wamid.is_some());
        taken.map(|one| (word(&one.body["to"]), word(&one.body["text"]["body"]))).collect()
    }

    /// How often customers got each text.
    pub(crate) fn texts(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for (_, text) in self.taken() {
            *counts.entry(text).or_default() += 1;
        }
        counts
    }
}

/// A contact who does nothing by themselves; to the box they have just written.
fn person(contact: usize) -> ScriptedPerson {
    let identity = Identity {
        name: format!("Contact {contact}"),
        phone: Some(webhook::phone(contact)),
        user_id: webhook::user_id(contact),
        user_name: None,
    };
    ScriptedPerson { identity, looks: false, steps: Vec::new() }
}
