//! The gateway, asked by one more desktop of the agent, which shows nothing: what is true, to compare with what is seen.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde_json::{Value, json};
use waxwing_gateway::{clock::Clock, handling::due, random, store::Store};
use waxwing_protocol::{
    api,
    id::{ClientRef, InteractionId},
    workbin::CHANGES,
};

use crate::{
    outside::curl,
    process::{must, run},
    scene::{PASSWORD, Scene, USER_NAME},
    wait::until,
};

/// Longer than a desktop may be silent.
const AWAY: TimeDelta = TimeDelta::seconds(301);

impl Scene {
    fn token(&self) -> String {
        let credentials = json!({"user_name": USER_NAME, "password": PASSWORD});
        let signed_in = self.post(api::SIGN_IN, &credentials, None);
        signed_in["token"].as_str().expect("a token").to_owned()
    }

    fn post(&self, path: &str, body: &Value, token: Option<&str>) -> Value {
        let mut command = curl();
        command.args(["--header", "Content-Type: application/json", "--data-binary", &body.to_string()]);
        if let Some(token) = token {
            command.args(["--header", &format!("Authorization: Bearer {token}")]);
        }
        let answer = must(command.arg(format!("{}{path}", self.gateway_url)));
        serde_json::from_str(&answer).expect("JSON")
    }

    /// What the gateway answers the agent who reads something there.
    fn reads(&self, path: &str) -> Value {
        let mut command = curl();
        command.args(["--header", &format!("Authorization: Bearer {}", self.token())]);
        let answer = run(command.arg(format!("{}{path}", self.gateway_url)), b"");
        serde_json::from_slice(&answer.expect("the gateway answers")).expect("JSON")
    }

    /// The phases of all that lies before the agent, in order of their names.
    pub(crate) fn before_them(&self) -> Vec<String> {
        let interactions = self.reads(api::EVENTS)["snapshot"]["interactions"].take();
        let interactions: Vec<Value> = serde_json::from_value(interactions).expect("a list");
        let phase = |one: &Value| one["interaction"]["phase"].as_str().unwrap_or_default().to_owned();
        let mut phases: Vec<_> = interactions.iter().map(phase).collect();
        phases.sort_unstable();
        phases
    }

    /// How many interactions lie in workbins.
    pub(crate) fn in_workbins(&self) -> usize {
        let items = self.reads(CHANGES)["items"].take();
        // Nothing is told where there is nothing.
        let items: Vec<Value> = serde_json::from_value(items).unwrap_or_default();
        items.iter().filter(|item| item["interaction"]["phase"] == "in_workbin").count()
    }

    /// So many contacts write, and are answered from another desktop.
    pub(crate) fn talk_to(&self, contacts: usize) {
        for number in 0..contacts {
            let say = json!({"contact": format!("1555010080{number}"), "text": format!("Question {number}")});
            let mut command = curl();
            command.args(["--header", "Content-Type: application/json", "--data-binary", &say.to_string()]);
            must(command.arg(format!("{}/control/say", self.simulator_url)));
        }
        let token = self.token();
        let mut answered = BTreeSet::<InteractionId>::new();
        until("all are answered", 30, || {
            let interactions = self.reads(api::EVENTS)["snapshot"]["interactions"].take();
            let interactions: Vec<Value> = serde_json::from_value(interactions).expect("a list");
            for one in interactions {
                let id = one["interaction"]["id"].as_str().expect("an id").parse().expect("an id");
                if answered.insert(id) {
                    let client_ref = ClientRef::new(Clock::system().now(), random::bytes());
                    let body = json!({"type": "text", "text": format!("Answer {}", answered.len())});
                    let message = json!({"client_ref": client_ref, "body": body});
                    self.post(&api::messages(id), &message, Some(&token));
                }
            }
            (answered.len() == contacts).then_some(())
        });
    }

    /// No desktop of the agent is heard of for so long that the gateway counts them as gone: what is due then is done.
    pub(crate) fn goes_unheard(&self) {
        let database = self.path("gateway/waxwing.db");
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let now = Clock::system().now();
            let store = Store::open(&database).await.expect("opens");
            let mut change = store.begin().await.expect("begins");
            due::run(&mut change, now - AWAY, now + AWAY).await.expect("runs");
            change.commit().await.expect("commits");
            store.close().await;
        });
    }
}
