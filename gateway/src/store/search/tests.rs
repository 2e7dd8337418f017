//! What finds what, in many scripts, and what a search reads.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{
    handling::stage::{Stage, at},
    store::interactions,
};

/// Whether a message that says `said` is found by `word`.
fn finds(said: &str, word: &str) -> bool {
    fold(said).contains(&fold(word))
}

#[test]
fn case_accents_and_forms_make_no_difference() {
    for (said, word) in [
        ("Where is my ORDER?", "order"),
        ("Straße 5", "STRASSE"),
        ("STRASSE 5", "straße"),
        ("João, café", "JOAO"),
        ("Joao", "joão"),
        ("Jo\u{e3}o", "joa\u{303}o"),
        ("ΟΔΟΣ", "οδος"),
        ("Ένα", "ενα"),
        ("МОСКВА", "москва"),
        ("ёлка", "Елка"),
        ("IŞIK", "ışık"),
        ("İstanbul", "istanbul"),
        ("ﬁnal", "FINAL"),
        ("ＷＡＸ１２", "wax12"),
        ("السَّلامُ عليكم", "السلام"),
        ("مرحـــبا", "مرحبا"),
        ("שָׁלוֹם", "שלום"),
        ("प्रिया शर्मा", "शर्मा"),
        ("ありがとうございます", "がとう"),
        ("ｶﾞｷﾞ", "ガギ"),
        ("감사합니다", "감사"),
        ("谢谢您的帮助", "帮助"),
        ("ไม่เป็นไร", "เป็น"),
        ("so\u{ad}ft hy\u{200b}phen", "soft"),
        ("I ❤\u{fe0f} it", "❤"),
        ("👋🏽 hi", "👋🏽"),
    ] {
        assert!(finds(said, word), "{said:?} has {word:?}");
    }
    for (said, word) in [
        ("감사합니다", "가"),
        ("か", "が"),
        ("ไม่", "ไมั"),
        ("कि", "की"),
        ("order", "orders"),
        ("100%", "100 %"),
    ] {
        assert!(!finds(said, word), "{said:?} lacks {word:?}");
    }
}

proptest! {
    #[test]
    fn what_is_folded_is_folded_for_good(text: String) {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once);
    }

    #[test]
    fn whatever_was_said_finds_itself(before: String, word: String, after: String) {
        // A word that joins what stands beside it into one letter is not that word any more.
        let (said, word) = (format!("{before} {word} {after}"), format!(" {word} "));
        prop_assert!(finds(&said, &word));
    }
}

const PHONE: &str = "15550000001";

async fn hits(stage: &Stage, words: &[&str]) -> Vec<String> {
    let mut read = stage.store.read().await.expect("reads");
    let id: String = sqlx::query_scalar("SELECT id FROM interactions ORDER BY created_at LIMIT 1")
        .fetch_one(read.db())
        .await
        .expect("reads");
    let interaction = interactions::known(read.db(), id.parse().expect("an id")).await.expect("reads");
    let mut said = Vec::new();
    for id in find(read.db(), Thread::of(&interaction), words, 3).await.expect("finds") {
        let message = super::super::messages::get(read.db(), id).await.expect("reads").expect("is there");
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
    assert_eq!(catch_up(&stage.store).await.expect("catches up"), 1_100);
    assert_eq!(catch_up(&stage.store).await.expect("catches up"), 0);
    assert_eq!(hits(&stage, &["number", "1099"]).await, ["number 1099"]);
    assert_eq!(hits(&stage, &["7"]).await.len(), 3);
    assert_eq!(stage.count("SELECT COUNT(*) FROM messages WHERE folded = ''").await, 1);
}

#[tokio::test]
async fn a_search_reads_one_index_alone() {
    let stage = Stage::new().await;
    let patterns = [pattern("a"), pattern("b")];
    let sql = format!("EXPLAIN QUERY PLAN {}", query("ses_1", &patterns, 5).sql().as_str());
    let steps: Vec<(i64, i64, i64, String)> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind("ses_1")
        .bind(&patterns[0])
        .bind(&patterns[1])
        .bind(5)
        .fetch_all(stage.store.reader())
        .await
        .expect("plans");
    let plan: Vec<&str> = steps.iter().map(|(.., step)| &**step).collect();
    assert_eq!(plan, ["SEARCH messages USING COVERING INDEX messages_by_session (session_id=?)"]);
}
