//! How far was read, and when WhatsApp is to be told.

use serde_json::json;
use waxwing_protocol::{
    id::{AgentId, InteractionId, MessageId},
    problem::ProblemCode,
};

use super::*;
use crate::handling::stage::{Stage, at};

const DAY: i64 = 24 * 60 * 60;

async fn begin() -> (Stage, AgentId, InteractionId) {
    let stage = Stage::new().await;
    let masha = stage.agent("masha", 5).await;
    stage.ready(masha, 1).await;
    for n in 1..=3 {
        stage.write("15550000001", &format!("wamid.{n}"), "hello?", 10 * n).await;
    }
    let id = stage.owned(masha).await[0].id;
    (stage, masha, id)
}

async fn read(
    stage: &Stage,
    (agent, interaction): (AgentId, InteractionId),
    message: MessageId,
    seconds: i64,
) -> Result<(), ProblemCode> {
    let mut change = stage.store.begin().await.expect("begins");
    match mark(&mut change, agent, (interaction, message), at(seconds)).await {
        Ok(()) => {
            change.commit().await.expect("commits");
            Ok(())
        }
        Err(Refusal::Problem(problem)) => Err(problem.code),
        Err(Refusal::Store(error)) => panic!("{error}"),
    }
}

async fn due(stage: &Stage, seconds: i64) -> Vec<String> {
    let mut look = stage.store.read().await.expect("reads");
    let due = reads::due(look.db(), at(seconds), 10).await.expect("reads");
    due.into_iter().filter_map(|unread| unread.wamid).collect()
}

#[tokio::test]
async fn only_the_newest_is_told_and_it_never_goes_back() {
    let (stage, masha, id) = begin().await;
    let said: Vec<MessageId> = stage.transcript(id).await.iter().map(|message| message.id).collect();
    read(&stage, (masha, id), said[0], 40).await.expect("is noted");
    read(&stage, (masha, id), said[2], 41).await.expect("is noted");
    read(&stage, (masha, id), said[1], 42).await.expect("older is fine");
    assert_eq!(due(&stage, 50).await, ["wamid.3"]);
    let mut change = stage.store.begin().await.expect("begins");
    let unread = reads::due(change.db(), at(50), 1).await.expect("reads").remove(0);
    reads::try_again(change.db(), &unread, at(60)).await.expect("waits");
    assert!(reads::due(change.db(), at(59), 1).await.expect("reads").is_empty());
    assert_eq!(reads::next_due(change.db()).await.expect("reads"), Some(at(60)));
    reads::settle(change.db(), &unread).await.expect("settles");
    change.commit().await.expect("commits");
    read(&stage, (masha, id), said[2], 70).await.expect("twice is fine");
    assert_eq!(due(&stage, 100).await, [""; 0], "told once");

    stage.write("15550000001", "wamid.4", "more", 110).await;
    let newest = stage.transcript(id).await[3].id;
    read(&stage, (masha, id), newest, 111).await.expect("is noted");
    let mut change = stage.store.begin().await.expect("begins");
    reads::settle(change.db(), &unread).await.expect("settles");
    change.commit().await.expect("commits");
    assert_eq!(due(&stage, 120).await, ["wamid.4"], "an answer about the one before settles nothing");
}

#[tokio::test]
async fn what_whatsapp_would_not_take_is_noted_and_not_told() {
    let (stage, masha, id) = begin().await;
    let unnamed = json!({"from": "15550000001", "timestamp": at(35).timestamp().to_string(), "type": "text", "text": {"body": "no id"}});
    stage.arrive(json!({"messages": [unnamed]}), 35).await;
    let transcript = stage.transcript(id).await;
    read(&stage, (masha, id), transcript[3].id, 40).await.expect("is noted");
    assert_eq!(due(&stage, 50).await, [""; 0], "WhatsApp has no name for it");
    stage.write("15550000001", "wamid.9", "hello?", 60).await;
    let late = stage.transcript(id).await[4].id;
    read(&stage, (masha, id), late, 60 + 31 * DAY).await.expect("is noted");
    assert_eq!(due(&stage, 32 * DAY).await, [""; 0], "older than 30 days");

    let ours = stage.said(masha, id, "wamid.ours", 70).await.id;
    assert_eq!(read(&stage, (masha, id), ours, 71).await, Err(ProblemCode::BadRequest));
    let pasha = stage.agent("pasha", 5).await;
    assert_eq!(read(&stage, (pasha, id), late, 71).await, Err(ProblemCode::NotFound));
    let unknown = MessageId::new(at(0), [9; 10]);
    assert_eq!(read(&stage, (masha, id), unknown, 71).await, Err(ProblemCode::NotFound));
}

#[tokio::test]
async fn writing_is_attached_to_the_contacts_newest_message_while_the_window_is_open() {
    let (stage, masha, id) = begin().await;
    stage.said(masha, id, "wamid.ours", 70).await;
    let mut look = stage.store.read().await.expect("reads");
    let on = attachable(&mut look, masha, id, at(80)).await.expect("is theirs");
    assert_eq!(on.map(|on| on.wamid).as_deref(), Some("wamid.3"));
    assert_eq!(attachable(&mut look, masha, id, at(2 * DAY)).await.expect("is theirs"), None);
    let pasha = stage.agent("pasha", 5).await;
    assert!(matches!(attachable(&mut look, pasha, id, at(80)).await, Err(Refusal::Problem(_))));
}
