//! Our reactions: which are taken in, what becomes of them, and what they leave alone.

use serde_json::json;
use waxwing_protocol::{
    delivery::{Delivery, DeliveryFailure},
    event::Event,
    id::{AgentId, InteractionId, MessageId},
    message::{Author, Message},
    problem::ProblemCode,
};

use super::*;
use crate::handling::{
    delivery,
    stage::{Stage, at},
};

/// A stage with an agent whose contact has said `wamid.1`.
async fn begin() -> (Stage, AgentId, InteractionId, MessageId) {
    let stage = Stage::new().await;
    let masha = stage.agent("masha", 5).await;
    stage.ready(masha, 1).await;
    stage.write("15550000001", "wamid.1", "hello?", 10).await;
    let id = stage.owned(masha).await[0].id;
    let message = stage.transcript(id).await[0].id;
    (stage, masha, id, message)
}

async fn put(
    stage: &Stage,
    (agent, interaction, message): (AgentId, InteractionId, MessageId),
    emoji: Option<&str>,
    seconds: i64,
) -> Result<Message, ProblemCode> {
    let mut change = stage.store.begin().await.expect("begins");
    match react(&mut change, agent, (interaction, message), emoji, at(seconds)).await {
        Ok(message) => {
            change.commit().await.expect("commits");
            Ok(message)
        }
        Err(Refusal::Problem(problem)) => Err(problem.code),
        Err(Refusal::Store(error)) => panic!("{error}"),
    }
}

fn shown(message: &Message) -> Vec<(&str, Option<&Delivery>)> {
    message.reactions.iter().map(|one| (&*one.emoji, one.sending.as_ref())).collect()
}

fn failure() -> DeliveryFailure {
    let failure = crate::whatsapp::graph_error::failure_of(Some(131_009), "no");
    let Delivery::Failed(failure) = in_words(Delivery::Failed(failure)) else { panic!("failed") };
    assert!(failure.reason.contains("too old"), "{failure:?}");
    failure
}

#[test]
fn exactly_one_emoji_is_a_reaction() {
    for (given, written) in [
        ("👍", "👍"),
        ("👍🏽", "👍🏽"),
        ("❤", "❤️"),
        ("❤️", "❤️"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
        ("👩🏽‍❤️‍💋‍👨🏿", "👩🏽‍❤️‍💋‍👨🏿"),
        ("🇳🇱", "🇳🇱"),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"),
        ("1️⃣", "1️⃣"),
        ("🫶", "🫶"),
    ] {
        assert_eq!(one_emoji(given), Some(written), "{given}");
    }
    for given in ["", " ", "a", "👍👍", "👍 ", "ok", "🇳", "\u{FE0F}", "\u{200D}", "1"] {
        assert!(one_emoji(given).is_none(), "{given:?}");
    }
}

#[tokio::test]
async fn a_reaction_is_shown_leaves_once_and_is_sent() {
    let (stage, masha, id, message) = begin().await;
    let reacted = put(&stage, (masha, id, message), Some("👍"), 20).await.expect("is taken in");
    assert_eq!(shown(&reacted), [("👍", Some(&Delivery::Accepted))]);
    assert_eq!(reacted.reactions[0].author, Author::Agent { agent: masha, name: "MASHA".to_owned() });
    let again = put(&stage, (masha, id, message), Some("👍"), 21).await.expect("twice is fine");
    assert_eq!(again, reacted);
    assert_eq!(stage.count("SELECT COUNT(*) FROM outbox WHERE kind = 'reaction'").await, 1);
    assert_eq!(stage.interaction(id).await.pending_since, Some(at(10)), "a reaction is no answer");

    stage.took(Attempt::of_reaction(message, 1), "wamid.r1", 22).await;
    assert_eq!(shown(&stage.message(message).await), [("👍", Some(&Delivery::Sent))]);
    stage.status("wamid.r1", "sent", Some(&format!("{message}:r1")), 23).await;
    let changes: Vec<Event> = stage
        .feed(masha)
        .await
        .into_iter()
        .filter(|event| matches!(event, Event::MessageChanged { .. }))
        .collect();
    assert_eq!(changes.len(), 2, "accepted and sent, each told once: {changes:?}");
}

#[tokio::test]
async fn a_newer_reaction_takes_the_place_of_one_that_has_not_left() {
    let (stage, masha, id, message) = begin().await;
    put(&stage, (masha, id, message), Some("👍"), 20).await.expect("is taken in");
    put(&stage, (masha, id, message), Some("❤️"), 21).await.expect("is taken in");
    assert_eq!(stage.count("SELECT COUNT(*) FROM outbox").await, 1);
    assert_eq!(shown(&stage.message(message).await), [("❤️", Some(&Delivery::Accepted))]);
    // What WhatsApp says of the one before has no say any more.
    let mut change = stage.store.begin().await.expect("begins");
    let lost = Delivery::Failed(failure());
    delivery::set(&mut change, Attempt::of_reaction(message, 1), lost, at(22)).await.expect("sets");
    change.commit().await.expect("commits");
    assert_eq!(shown(&stage.message(message).await), [("❤️", Some(&Delivery::Accepted))]);

    put(&stage, (masha, id, message), None, 23).await.expect("is taken off");
    assert!(stage.message(message).await.reactions.is_empty());
    assert_eq!(stage.count("SELECT COUNT(*) FROM outbox").await, 1, "taking off has to leave, too");
}

#[tokio::test]
async fn the_other_agents_reaction_is_ours_and_the_contacts_is_not() {
    let (stage, masha, id, message) = begin().await;
    let theirs = json!({"from": "15550000001", "id": "wamid.2", "timestamp": at(12).timestamp().to_string(),
        "type": "reaction", "reaction": {"message_id": "wamid.1", "emoji": "🙏"}});
    stage.arrive(json!({"messages": [theirs]}), 12).await;
    put(&stage, (masha, id, message), Some("👍"), 20).await.expect("is taken in");
    stage.done(masha, id, 30).await;
    stage.pause(masha, 31).await;
    let pasha = stage.agent("pasha", 5).await;
    stage.ready(pasha, 40).await;
    stage.write("15550000001", "wamid.3", "me again", 41).await;
    let theirs = stage.owned(pasha).await[0].id;
    let reacted = put(&stage, (pasha, theirs, message), Some("🎉"), 42).await.expect("of an earlier session");
    let emoji: Vec<&str> = reacted.reactions.iter().map(|one| &*one.emoji).collect();
    assert_eq!(emoji, ["🙏", "🎉"]);
    let feed = stage.feed(pasha).await;
    assert!(
        matches!(feed.last(), Some(Event::MessageChanged { message: told }) if told.id == message),
        "whoever has the conversation now is told"
    );
    assert_eq!(put(&stage, (masha, theirs, message), Some("👍"), 43).await, Err(ProblemCode::NotFound));
}

#[tokio::test]
async fn a_failure_is_shown_and_what_could_not_be_taken_off_is_there_again() {
    let (stage, masha, id, message) = begin().await;
    put(&stage, (masha, id, message), Some("👍"), 20).await.expect("is taken in");
    stage.took(Attempt::of_reaction(message, 1), "wamid.r1", 21).await;
    let refused = json!({"id": "wamid.r1", "status": "failed", "timestamp": at(22).timestamp().to_string(),
        "recipient_id": "15550000001", "errors": [{"code": 131_009, "title": "no"}]});
    stage.arrive(json!({"statuses": [refused]}), 22).await;
    let failed = Delivery::Failed(failure());
    assert_eq!(shown(&stage.message(message).await), [("👍", Some(&failed))]);
    assert_eq!(stage.interaction(id).await.pending_since, Some(at(10)));

    put(&stage, (masha, id, message), Some("👍"), 30).await.expect("may be tried again");
    stage.took(Attempt::of_reaction(message, 2), "wamid.r2", 31).await;
    put(&stage, (masha, id, message), None, 32).await.expect("is taken off");
    let mut change = stage.store.begin().await.expect("begins");
    let attempt = Attempt::of_reaction(message, 3);
    delivery::set(&mut change, attempt, failed.clone(), at(33)).await.expect("sets");
    change.commit().await.expect("commits");
    assert_eq!(shown(&stage.message(message).await), [("👍", Some(&failed))]);
}

#[tokio::test]
async fn a_status_settles_a_reaction_whose_answer_got_lost() {
    let (stage, masha, id, message) = begin().await;
    put(&stage, (masha, id, message), Some("👍"), 20).await.expect("is taken in");
    let mut change = stage.store.begin().await.expect("begins");
    let attempt = Attempt::of_reaction(message, 1);
    delivery::set(&mut change, attempt, Delivery::Uncertain, at(21)).await.expect("sets");
    change.commit().await.expect("commits");
    stage.status("wamid.r1", "sent", Some(&attempt.to_string()), 22).await;
    assert_eq!(shown(&stage.message(message).await), [("👍", Some(&Delivery::Sent))]);
    assert_eq!(stage.count("SELECT COUNT(*) FROM outbox").await, 0);
}

#[tokio::test]
async fn what_whatsapp_would_not_take_is_refused() {
    let (stage, masha, id, message) = begin().await;
    let day = 24 * 60 * 60;
    let ours = stage.answer(masha, id, "on its way", 20).await.expect("sends").id;
    assert_eq!(put(&stage, (masha, id, ours), Some("👍"), 21).await, Err(ProblemCode::Conflict), "no wamid");
    let unknown = MessageId::new(at(1), [9; 10]);
    assert_eq!(put(&stage, (masha, id, unknown), Some("👍"), 21).await, Err(ProblemCode::NotFound));
    assert_eq!(put(&stage, (masha, id, message), Some("ok"), 21).await, Err(ProblemCode::UnacceptableBody));
    assert_eq!(put(&stage, (masha, id, message), Some("👍"), 2 * day).await, Err(ProblemCode::WindowClosed));

    stage.write("15550000001", "wamid.2", "still there", 31 * day).await;
    let late = put(&stage, (masha, id, message), Some("👍"), 31 * day + 60).await;
    assert_eq!(late, Err(ProblemCode::Conflict), "older than 30 days");

    stage.write("15550000002", "wamid.3", "somebody else", 31 * day).await;
    let other = stage.owned(masha).await[1].id;
    let theirs = put(&stage, (masha, other, message), Some("👍"), 31 * day + 60).await;
    assert_eq!(theirs, Err(ProblemCode::NotFound), "of another contact");

    let newest = stage.transcript(id).await.last().expect("a message").id;
    let revoke = json!({"from": "15550000001", "id": "wamid.4", "timestamp": at(31 * day).timestamp().to_string(),
        "type": "revoke", "revoke": {"original_message_id": "wamid.2"}});
    stage.arrive(json!({"messages": [revoke]}), 31 * day + 1).await;
    let gone = put(&stage, (masha, id, newest), Some("👍"), 31 * day + 60).await;
    assert_eq!(gone, Err(ProblemCode::Conflict), "taken back");
    stage.done(masha, id, 31 * day + 61).await;
    let over = put(&stage, (masha, id, newest), Some("👍"), 31 * day + 62).await;
    assert_eq!(over, Err(ProblemCode::Conflict), "done");
}
