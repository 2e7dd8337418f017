//! Statuses that are about more than their message, and statuses that come when nothing fits any more.

use proptest::prelude::*;
use serde_json::json;
use waxwing_protocol::{
    delivery::{Delivery, DeliveryState},
    event::Event,
    id::MessageId,
};

use crate::{
    handling::{
        delivery,
        stage::{Stage, at},
    },
    store::{
        accounts,
        numbers::{self, AlertSource},
        sending::{self, Attempt},
    },
};

/// An agent's answer that WhatsApp calls `wamid`.
async fn answered(stage: &Stage, wamid: &str, seconds: i64) -> MessageId {
    let known: Option<String> = sqlx::query_scalar("SELECT id FROM agents")
        .fetch_optional(stage.store.reader())
        .await
        .expect("reads");
    let masha = if let Some(id) = known {
        id.parse().expect("an id")
    } else {
        let masha = stage.agent("masha", 5).await;
        stage.ready(masha, 1).await;
        stage.write("15550000001", "wamid.in", "hello?", 2).await;
        masha
    };
    let id = stage.owned(masha).await[0].id;
    let message = stage.answer(masha, id, wamid, seconds).await.expect("sends").id;
    let mut change = stage.store.begin().await.expect("begins");
    sending::name_attempt(change.db(), Attempt::of_message(message, 1), wamid).await.expect("names");
    delivery::set(&mut change, Attempt::of_message(message, 1), Delivery::Sent, at(seconds))
        .await
        .expect("sets");
    change.commit().await.expect("commits");
    message
}

/// As WhatsApp reports failures: without our correlation, and without `contacts`.
async fn fail(stage: &Stage, wamid: &str, code: u32, seconds: i64) {
    let failed = json!({"id": wamid, "status": "failed", "timestamp": at(seconds).timestamp().to_string(), "recipient_id": "15550000001", "errors": [{"code": code, "title": "no"}]});
    stage.arrive(json!({"statuses": [failed]}), seconds).await;
}

async fn alerts(stage: &Stage) -> Vec<String> {
    let alerts = accounts::alerts(stage.store.read().await.expect("reads").db()).await.expect("reads");
    alerts.into_iter().map(|alert| alert.text).collect()
}

async fn state(stage: &Stage, message: MessageId) -> Delivery {
    let mut read = stage.store.read().await.expect("reads");
    let message = crate::store::messages::get(read.db(), message).await.expect("reads").expect("is there");
    message.delivery.expect("a state").delivery
}

#[tokio::test]
async fn an_unpaid_bill_in_a_status_is_an_alert_until_a_message_gets_through() {
    let stage = Stage::new().await;
    let message = answered(&stage, "wamid.1", 10).await;
    fail(&stage, "wamid.1", 131_026, 20).await;
    assert!(alerts(&stage).await.is_empty(), "what is wrong with one message is no alert");
    assert!(
        matches!(state(&stage, message).await, Delivery::Failed(failure) if failure.code == Some(131_026))
    );

    answered(&stage, "wamid.2", 30).await;
    fail(&stage, "wamid.2", 131_042, 40).await;
    let [text] = &*alerts(&stage).await else { panic!("one alert") };
    assert!(text.contains("payment"), "{text}");
    let masha =
        sqlx::query_scalar::<_, String>("SELECT id FROM agents").fetch_one(stage.store.reader()).await;
    let feed = stage.feed(masha.expect("reads").parse().expect("an id")).await;
    assert!(feed.iter().any(|event| matches!(event, Event::NumberAlertRaised { .. })));

    let number = numbers::list(stage.store.read().await.expect("reads").db()).await.expect("lists")[0].id;
    let mut change = stage.store.begin().await.expect("begins");
    let by_answer = (AlertSource::Answer, at(50));
    assert!(
        !numbers::clear_alert(&mut change, number, by_answer, at(50)).await.expect("asks"),
        "a 200 proves nothing"
    );
    change.commit().await.expect("commits");
    stage.status("wamid.2", "sent", None, 39).await;
    assert_eq!(alerts(&stage).await.len(), 1, "nor does what got through before");
    answered(&stage, "wamid.3", 60).await;
    stage.status("wamid.3", "sent", None, 61).await;
    assert!(alerts(&stage).await.is_empty());
}

#[tokio::test]
async fn a_failure_after_the_delivery_changes_nothing_and_an_unknown_status_is_kept() {
    let stage = Stage::new().await;
    let message = answered(&stage, "wamid.1", 10).await;
    stage.status("wamid.1", "delivered", None, 20).await;
    fail(&stage, "wamid.1", 131_026, 30).await;
    stage.status("wamid.1", "teleported", None, 31).await;
    assert_eq!(state(&stage, message).await, Delivery::Delivered);
    assert_eq!(stage.count("SELECT COUNT(*) FROM statuses WHERE wamid = 'wamid.1'").await, 3);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// Whatever the order and however often: the state is the furthest one, and the feed tells it step by step.
    #[test]
    fn statuses_in_any_order_end_at_the_same_place(
        order in prop::collection::vec(prop::sample::select(vec!["sent", "delivered", "read", "played", "failed"]), 1..12),
        named_at in 0_usize..12,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let stage = Stage::new().await;
            let masha = stage.agent("masha", 5).await;
            stage.ready(masha, 1).await;
            stage.write("15550000001", "wamid.1", "hello", 10).await;
            let id = stage.owned(masha).await[0].id;
            let message = stage.answer(masha, id, "answer", 20).await.expect("sends").id;
            for n in 0..order.len().max(named_at + 1) {
                if n == named_at {
                    let mut change = stage.store.begin().await.expect("begins");
                    sending::name_attempt(change.db(), Attempt::of_message(message, 1), "wamid.out").await.expect("names");
                    delivery::apply_waiting_statuses(&mut change, "wamid.out", at(30)).await.expect("applies");
                    change.commit().await.expect("commits");
                }
                if let Some(status) = order.get(n) {
                    stage.status("wamid.out", status, None, 30).await;
                }
            }
            let rank = |status: &str| match status {
                "sent" => 4, "failed" => 5, "delivered" => 6, "read" => 7, _ => 8,
            };
            let furthest = order.iter().map(|status| rank(status)).max();
            let state = stage.transcript(id).await.remove(1).delivery.expect("a state");
            assert_eq!(Some(state.delivery.rank()), furthest);
            assert_eq!(stage.interaction(id).await.pending_since.is_some(), state.delivery.is_failed());
            let told: Vec<_> = stage.feed(masha).await.into_iter().filter_map(|event| match event {
                Event::DeliveryChanged { state, .. } => Some(state),
                _ => None,
            }).collect();
            let further = |pair: &[DeliveryState]| {
                (pair[0].delivery.rank(), pair[0].reached.len()) < (pair[1].delivery.rank(), pair[1].reached.len())
            };
            assert!(told.windows(2).all(further), "{told:?}");
            let told = told.last().map(|state| state.delivery.rank());
            assert_eq!(told, furthest);
        });
    }
}
