//! What tests of the rules play on: a store with one business number, agents as wanted, and short ways to say things.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use waxwing_protocol::{
    agent::{AgentStatus, Role},
    api::{OutgoingBody, SendMessage},
    delivery::Delivery,
    event::{Cursor, Event},
    id::{AgentId, ClientRef, InteractionId, MessageId},
    interaction::Interaction,
    message::Message,
};

use super::{Refusal, delivery, inbound, outbound, status, wrap_up};
use crate::{
    limits::Limits,
    random,
    store::{
        Store, agents, events,
        events::Following,
        interactions, messages,
        sending::{self, Attempt},
    },
    whatsapp::webhook,
};

pub(crate) const PHONE_NUMBER_ID: &str = "100200300";

pub(crate) struct Stage {
    pub(crate) store: Store,
    _folder: tempfile::TempDir,
}

/// Seconds after the beginning of the play.
pub(crate) fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_000_000, 0).expect("a time") + TimeDelta::seconds(seconds)
}

impl Stage {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&folder.path().join("waxwing.db")).await.expect("opens");
        let mut change = store.begin().await.expect("begins");
        sqlx::query(
            "INSERT INTO business_numbers (id, name, display_number, phone_number_id, account_id, token, app_secret, verify_token)
             VALUES ($1, 'Shop', '+1 555 010 0001', $2, '900', 'token', 's3cret', 'verify')",
        )
        .bind(waxwing_protocol::id::BusinessNumberId::new(at(0), [1; 10]).to_string())
        .bind(PHONE_NUMBER_ID)
        .execute(change.db())
        .await
        .expect("adds");
        change.commit().await.expect("commits");
        Self { store, _folder: folder }
    }

    /// Adds an agent who is at work and not ready.
    pub(crate) async fn agent(&self, user_name: &str, capacity: u32) -> AgentId {
        self.employ(user_name, capacity, Role::Agent).await
    }

    /// Adds somebody who leads a team, is at work and not ready.
    pub(crate) async fn lead(&self, user_name: &str) -> AgentId {
        self.employ(user_name, 5, Role::TeamLead).await
    }

    async fn employ(&self, user_name: &str, capacity: u32, role: Role) -> AgentId {
        let mut change = self.store.begin().await.expect("begins");
        let new = agents::NewAgent {
            user_name: user_name.to_owned(),
            display_name: user_name.to_uppercase(),
            role,
            capacity,
            team: None,
            password_hash: "none".to_owned(),
        };
        let id = agents::add_agent(&mut change, &new, at(0)).await.expect("adds").expect("a free name");
        status::sign_in(&mut change, id, at(0)).await.expect("signs in");
        change.commit().await.expect("commits");
        id
    }

    pub(crate) async fn ready(&self, agent: AgentId, seconds: i64) {
        let mut change = self.store.begin().await.expect("begins");
        status::set(&mut change, agent, &AgentStatus::Ready, at(seconds)).await.expect("ready");
        change.commit().await.expect("commits");
    }

    pub(crate) async fn pause(&self, agent: AgentId, seconds: i64) {
        let mut change = self.store.begin().await.expect("begins");
        let pause = AgentStatus::NotReady { reason: None };
        status::set(&mut change, agent, &pause, at(seconds)).await.expect("pauses");
        change.commit().await.expect("commits");
    }

    /// Has `value` arrive as the value of a change of the field `messages`.
    pub(crate) async fn arrive(&self, mut value: Value, seconds: i64) -> Vec<inbound::Accepted> {
        value["metadata"] = json!({"phone_number_id": PHONE_NUMBER_ID});
        let body = json!({"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "messages", "value": value}]}]});
        let mut change = self.store.begin().await.expect("begins");
        let mut accepted = Vec::new();
        for inbound in webhook::read(body.to_string().as_bytes()).expect("an envelope") {
            accepted.push(inbound::accept(&mut change, &inbound, at(seconds)).await.expect("accepts"));
        }
        change.commit().await.expect("commits");
        accepted
    }

    /// Has the owner of a phone number write.
    pub(crate) async fn write(&self, phone: &str, wamid: &str, text: &str, seconds: i64) {
        let message = json!({"from": phone, "id": wamid, "timestamp": at(seconds).timestamp().to_string(), "type": "text", "text": {"body": text}});
        self.arrive(json!({"messages": [message]}), seconds).await;
    }

    pub(crate) async fn status(&self, wamid: &str, status: &str, correlation: Option<&str>, seconds: i64) {
        let mut update =
            json!({"id": wamid, "status": status, "timestamp": at(seconds).timestamp().to_string()});
        if let Some(correlation) = correlation {
            update["biz_opaque_callback_data"] = json!(correlation);
        }
        self.arrive(json!({"statuses": [update]}), seconds).await;
    }

    pub(crate) async fn answer(
        &self,
        agent: AgentId,
        interaction: InteractionId,
        text: &str,
        seconds: i64,
    ) -> Result<Message, Refusal> {
        let wanted = SendMessage {
            client_ref: ClientRef::new(at(seconds), random::bytes()),
            body: OutgoingBody::Text { text: text.to_owned() },
            quote: None,
            responses: Vec::new(),
        };
        let mut change = self.store.begin().await.expect("begins");
        let accepted =
            outbound::send(&mut change, agent, (interaction, &wanted), &Limits::default(), at(seconds))
                .await?;
        change.commit().await.expect("commits");
        Ok(accepted.message)
    }

    /// What an agent who has a conversation says is on its way; WhatsApp takes it and calls it `wamid`.
    pub(crate) async fn said(
        &self,
        agent: AgentId,
        interaction: InteractionId,
        wamid: &str,
        seconds: i64,
    ) -> Message {
        let message = self.answer(agent, interaction, wamid, seconds).await.expect("sends");
        self.took(Attempt::of_message(message.id, 1), wamid, seconds).await;
        message
    }

    /// WhatsApp takes an attempt and calls it `wamid`, as the outbox notes it.
    pub(crate) async fn took(&self, attempt: Attempt, wamid: &str, seconds: i64) {
        let mut change = self.store.begin().await.expect("begins");
        assert!(sending::name_attempt(change.db(), attempt, wamid).await.expect("names"));
        sending::withdraw(change.db(), attempt).await.expect("withdraws");
        delivery::set(&mut change, attempt, Delivery::Sent, at(seconds)).await.expect("sets");
        delivery::apply_waiting_statuses(&mut change, wamid, at(seconds)).await.expect("applies");
        change.commit().await.expect("commits");
    }

    pub(crate) async fn message(&self, id: MessageId) -> Message {
        let mut read = self.store.read().await.expect("reads");
        messages::get(read.db(), id).await.expect("reads").expect("is there")
    }

    pub(crate) async fn done(&self, agent: AgentId, interaction: InteractionId, seconds: i64) {
        let mut change = self.store.begin().await.expect("begins");
        wrap_up::done(&mut change, agent, interaction, at(seconds)).await.expect("done");
        change.commit().await.expect("commits");
    }

    pub(crate) async fn owned(&self, agent: AgentId) -> Vec<Interaction> {
        let mut read = self.store.read().await.expect("reads");
        let mut owned = Vec::new();
        for id in interactions::owned_by(read.db(), agent).await.expect("reads") {
            owned.push(interactions::known(read.db(), id).await.expect("reads"));
        }
        owned
    }

    pub(crate) async fn interaction(&self, id: InteractionId) -> Interaction {
        interactions::known(self.store.read().await.expect("reads").db(), id).await.expect("reads")
    }

    pub(crate) async fn transcript(&self, id: InteractionId) -> Vec<Message> {
        messages::transcript(self.store.read().await.expect("reads").db(), id).await.expect("reads")
    }

    /// How many rows a table has.
    pub(crate) async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(self.store.reader()).await.expect("counts")
    }

    /// The whole feed of an agent, having checked that it has no gaps.
    pub(crate) async fn feed(&self, agent: AgentId) -> Vec<Event> {
        let epoch = self.store.epoch();
        let mut read = self.store.read().await.expect("reads");
        let mut cursor = Cursor { epoch, number: 0 };
        let mut feed = Vec::new();
        loop {
            let page = events::after(read.db(), agent, cursor, epoch).await.expect("reads");
            let Following::Events { events, more } = page else { panic!("the feed is lost") };
            for event in events {
                assert!(cursor.is_followed_by(event.cursor), "{cursor} then {}", event.cursor);
                cursor = event.cursor;
                feed.push(event.event);
            }
            if !more {
                return feed;
            }
        }
    }
}
