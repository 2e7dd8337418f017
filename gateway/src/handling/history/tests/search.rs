//! What a search finds of what contacts say, change and take back.

use serde_json::json;

use crate::{
    handling::stage::{Stage, at},
    store::{interactions, messages, pages::Thread, search},
};

const PHONE: &str = "15550000001";

async fn hits(stage: &Stage, words: &[&str]) -> Vec<String> {
    let mut read = stage.store.read().await.expect("reads");
    let id: String = sqlx::query_scalar("SELECT id FROM interactions ORDER BY created_at LIMIT 1")
        .fetch_one(read.db())
        .await
        .expect("reads");
    let interaction = interactions::known(read.db(), id.parse().expect("an id")).await.expect("reads");
    let mut said = Vec::new();
    for id in search::find(read.db(), Thread::of(&interaction), words, 3).await.expect("finds") {
        let message = messages::get(read.db(), id).await.expect("reads").expect("is there");
        said.push(message.fallback);
    }
    said
}

#[tokio::test]
async fn all_words_must_stand_somewhere_and_the_newest_come_first() {
    let stage = Stage::new().await;
    for (second, words) in
        (1..).zip(["order 4711", "Order late", "ORDER 4711 is late", "100% off", "my_file\\x"])
    {
        stage.write(PHONE, &format!("wamid.{second}"), words, second).await;
    }
    stage.write("15550000002", "wamid.other", "order of somebody else", 9).await;
    assert_eq!(hits(&stage, &["order"]).await, ["ORDER 4711 is late", "Order late", "order 4711"]);
    assert_eq!(hits(&stage, &["4711", "ORDER"]).await, ["ORDER 4711 is late", "order 4711"]);
    assert_eq!(hits(&stage, &["late", "4711"]).await, ["ORDER 4711 is late"]);
    assert_eq!(hits(&stage, &["%"]).await, ["100% off"]);
    assert_eq!(hits(&stage, &["_"]).await, ["my_file\\x"]);
    assert_eq!(hits(&stage, &["\\"]).await, ["my_file\\x"]);
    assert_eq!(hits(&stage, &["e"]).await.len(), 3, "as many as asked for");
    assert_eq!(hits(&stage, &["nothing"]).await, [""; 0]);
}

#[tokio::test]
async fn the_present_text_counts_and_nothing_of_what_was_taken_back() {
    let stage = Stage::new().await;
    stage.write(PHONE, "wamid.1", "blue", 1).await;
    stage.write(PHONE, "wamid.2", "secret", 2).await;
    let act = async |wamid: &str, kind: &str, part| {
        let mut message =
            json!({"from": PHONE, "id": wamid, "timestamp": at(5).timestamp().to_string(), "type": kind});
        message[kind] = part;
        stage.arrive(json!({"messages": [message]}), 5).await;
    };
    let text = json!({"type": "text", "text": {"body": "green"}});
    act("wamid.3", "edit", json!({"original_message_id": "wamid.1", "message": text})).await;
    act("wamid.4", "revoke", json!({"original_message_id": "wamid.2"})).await;
    assert_eq!(hits(&stage, &["blue"]).await, [""; 0]);
    assert_eq!(hits(&stage, &["green"]).await, ["green"]);
    for gone in ["secret", "took", "back"] {
        assert_eq!(hits(&stage, &[gone]).await, [""; 0]);
    }
}

#[tokio::test]
async fn messages_of_an_earlier_gateway_are_found_once_they_were_gone_through() {
    let stage = Stage::new().await;
    for second in 1..=1_100 {
        stage.write(PHONE, &format!("wamid.{second}"), &format!("number {second}"), second).await;
    }
    let mut change = stage.store.begin().await.expect("begins");
    sqlx::query("UPDATE messages SET folded = NULL").execute(change.db()).await.expect("writes");
    sqlx::query("UPDATE messages SET body = '{\"type\":\"deleted\"}' WHERE fallback = 'number 7'")
        .execute(change.db())
        .await
        .expect("writes");
    change.commit().await.expect("commits");
    assert_eq!(hits(&stage, &["number"]).await, [""; 0]);
    assert_eq!(search::catch_up(&stage.store).await.expect("catches up"), 1_100);
    assert_eq!(search::catch_up(&stage.store).await.expect("catches up"), 0);
    assert_eq!(hits(&stage, &["number", "1099"]).await, ["number 1099"]);
    assert_eq!(hits(&stage, &["7"]).await.len(), 3);
    assert_eq!(stage.count("SELECT COUNT(*) FROM messages WHERE folded = ''").await, 1);
}
