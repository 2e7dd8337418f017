//! What contacts change about what they said, in whatever order the news of it comes.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::handling::stage::{Stage, at};

async fn edit(stage: &Stage, wamid: &str, words: &str, seconds: i64) {
    let edit = json!({"from": "15550000001", "id": wamid, "timestamp": at(seconds).timestamp().to_string(),
        "type": "edit", "edit": {"original_message_id": "wamid.1",
            "message": {"type": "text", "text": {"body": words}}}});
    stage.arrive(json!({"messages": [edit]}), seconds).await;
}

async fn revoke(stage: &Stage, seconds: i64) {
    let revoke = json!({"from": "15550000001", "id": "wamid.revoke", "timestamp": at(seconds).timestamp().to_string(),
        "type": "revoke", "revoke": {"original_message_id": "wamid.1"}});
    stage.arrive(json!({"messages": [revoke]}), seconds).await;
}

fn earlier(message: &Message) -> Vec<(&str, DateTime<Utc>)> {
    message.earlier.iter().map(|one| (&*one.text, one.until)).collect()
}

#[tokio::test]
async fn what_was_said_before_an_edit_is_kept_until_it_is_taken_back() {
    let stage = Stage::new().await;
    let masha = stage.agent("masha", 5).await;
    stage.ready(masha, 1).await;
    stage.write("15550000001", "wamid.1", "at noon", 10).await;
    let id = stage.owned(masha).await[0].id;
    edit(&stage, "wamid.2", "at one", 20).await;
    edit(&stage, "wamid.3", "at three", 40).await;
    edit(&stage, "wamid.4", "at two", 30).await;
    edit(&stage, "wamid.3", "at three", 40).await;
    let message = stage.transcript(id).await.remove(0);
    assert_eq!(message.fallback, "at three");
    assert_eq!(earlier(&message), [("at noon", at(20)), ("at one", at(30)), ("at two", at(40))]);
    let told = stage.feed(masha).await;
    assert!(matches!(told.last(), Some(Event::MessageChanged { message: last }) if **last == message));

    revoke(&stage, 50).await;
    edit(&stage, "wamid.5", "never mind", 45).await;
    let message = stage.transcript(id).await.remove(0);
    assert_eq!((&message.body, earlier(&message)), (&Body::Deleted, Vec::new()));
    let left = stage.count("SELECT COUNT(*) FROM messages WHERE earlier <> '[]' OR raw IS NOT NULL").await;
    assert_eq!(left, 0, "nothing of it is kept");
}

#[tokio::test]
async fn a_message_that_was_changed_a_hundred_times_keeps_how_it_began() {
    let stage = Stage::new().await;
    stage.write("15550000001", "wamid.1", "first", 10).await;
    for n in 0..100 {
        edit(&stage, &format!("wamid.e{n}"), &n.to_string(), 20 + n).await;
    }
    let masha = stage.agent("masha", 5).await;
    stage.ready(masha, 200).await;
    let id = stage.owned(masha).await[0].id;
    let message = stage.transcript(id).await.remove(0);
    assert_eq!((message.earlier.len(), &*message.earlier[0].text), (MAX_EARLIER, "first"));
    assert_eq!(message.earlier.last().map(|one| &*one.text), Some("98"));
}

proptest! {
    /// Texts are what was said from the second of the same number on.
    #[test]
    fn edits_in_any_order_tell_the_same_story(order in Just((1..8_i64).collect::<Vec<_>>()).prop_shuffle()) {
        let (mut earlier, mut newest) = (vec![Earlier { text: "0".to_owned(), until: at(order[0]) }], order[0]);
        for &next in &order[1..] {
            if next > newest {
                earlier.push(Earlier { text: newest.to_string(), until: at(next) });
                newest = next;
            } else {
                insert(&mut earlier, &next.to_string(), (at(next), at(newest)));
            }
        }
        let told: Vec<(String, DateTime<Utc>)> = earlier.into_iter().map(|one| (one.text, one.until)).collect();
        let expected: Vec<_> = (0..7).map(|n: i64| (n.to_string(), at(n + 1))).collect();
        prop_assert_eq!((told, newest), (expected, 7));
    }
}
