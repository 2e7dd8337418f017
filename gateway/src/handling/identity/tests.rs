//! Who is taken for whom: recycled phone numbers, changes announced early, late and never.

use serde_json::{Value, json};
use waxwing_protocol::{contact::Contact, event::Event};

use crate::handling::stage::{Stage, at};

const PHONE: &str = "15550000001";
const OTHER: &str = "15550000002";

/// A text by whoever `names` says, written at `seconds`.
fn text(names: &Value, wamid: &str, seconds: i64) -> Value {
    let mut message = json!({"id": wamid, "timestamp": at(seconds).timestamp().to_string(), "type": "text", "text": {"body": wamid}});
    for (key, value) in names.as_object().expect("an object") {
        message[key] = value.clone();
    }
    json!({"messages": [message]})
}

fn both(user_id: &str, phone: &str) -> Value {
    json!({"from_user_id": user_id, "from": phone})
}

/// WhatsApp's news of a change, in the words of `messages[].system`.
fn news(from: &Value, wamid: &str, part: &Value, seconds: i64) -> Value {
    let mut news = text(from, wamid, seconds);
    let message = &mut news["messages"][0];
    message["type"] = json!("system");
    message["system"] = part.clone();
    news
}

/// Every open interaction's contact with what was said there.
async fn conversations(stage: &Stage) -> Vec<(Contact, Vec<String>)> {
    let ids: Vec<String> =
        sqlx::query_scalar("SELECT id FROM interactions WHERE is_open = 1 ORDER BY created_at, id")
            .fetch_all(stage.store.reader())
            .await
            .expect("reads");
    let mut conversations = Vec::new();
    for id in ids {
        let id = id.parse().expect("an id");
        let said = stage.transcript(id).await.into_iter().map(|message| message.fallback).collect();
        conversations.push((stage.interaction(id).await.contact, said));
    }
    conversations
}

fn names(contact: &Contact) -> (Option<&str>, Option<&str>) {
    (contact.whatsapp.user_id.as_deref(), contact.whatsapp.phone.as_deref())
}

#[tokio::test]
async fn a_recycled_phone_number_is_somebody_else_and_takes_the_number_along() {
    let stage = Stage::new().await;
    let masha = stage.agent("masha", 5).await;
    stage.ready(masha, 1).await;
    stage.arrive(text(&both("US.1", PHONE), "first owner", 10), 10).await;
    stage.arrive(text(&both("US.2", PHONE), "second owner", 90), 90).await;
    let open = conversations(&stage).await;
    let [(first, said), (second, said_next)] = &*open else { panic!("{open:?}") };
    assert_eq!(names(first), (Some("US.1"), None), "is no longer written to at that number");
    assert_eq!(names(second), (Some("US.2"), Some(PHONE)));
    assert_eq!(
        (&*said[0], said.len(), &*said_next[0], said_next.len()),
        ("first owner", 1, "second owner", 1)
    );
    let told = |event: &Event| matches!(event, Event::ContactChanged { contact } if **contact == *first);
    assert!(stage.feed(masha).await.iter().any(told), "the agent sees it");

    // What the first owner wrote before comes late: it is theirs, and the number stays where it is.
    stage.arrive(text(&both("US.1", PHONE), "late", 20), 100).await;
    // A status about something sent to the number says who got it; nobody becomes somebody else by it.
    let update = json!({"id": "wamid.out", "status": "sent", "timestamp": at(30).timestamp().to_string(), "recipient_id": PHONE, "recipient_user_id": "US.3"});
    stage.arrive(json!({"statuses": [update]}), 101).await;
    let open = conversations(&stage).await;
    assert_eq!(
        open.iter().map(|(contact, _)| names(contact)).collect::<Vec<_>>(),
        [(Some("US.1"), None), (Some("US.2"), Some(PHONE))]
    );
    assert_eq!(open[0].1, ["first owner", "late"]);
}

#[tokio::test]
async fn whoever_wrote_under_the_new_names_before_the_news_is_one_after_it() {
    let number = json!({"type": "user_changed_number", "wa_id": OTHER, "body": "User moved"});
    let user_id = json!({"type": "user_changed_user_id", "user_id": "US.2", "wa_id": OTHER, "body": "User US.1 is US.2 now"});
    for part in [number, user_id] {
        let stage = Stage::new().await;
        stage.arrive(text(&both("US.1", PHONE), "before", 10), 10).await;
        stage.arrive(text(&both("US.2", OTHER), "after", 60), 60).await;
        assert_eq!(conversations(&stage).await.len(), 2);
        stage.arrive(news(&both("US.1", PHONE), "news", &part, 50), 70).await;
        let open = conversations(&stage).await;
        let [(contact, said)] = &*open else { panic!("{open:?}") };
        assert_eq!(names(contact), (Some("US.2"), Some(OTHER)));
        assert_eq!((said.len(), &*said[0], &*said[2]), (3, "before", "after"));
        stage.arrive(text(&both("US.1", PHONE), "late", 40), 80).await;
        let open = conversations(&stage).await;
        assert_eq!(
            (open.len(), names(&open[0].0)),
            (1, (Some("US.2"), Some(OTHER))),
            "late webhooks bring no old name back"
        );
    }
}

#[tokio::test]
async fn a_new_number_that_had_another_owner_does_not_bring_them_along() {
    let stage = Stage::new().await;
    stage.arrive(text(&both("US.8", OTHER), "former owner", 5), 5).await;
    stage.arrive(text(&both("US.1", PHONE), "before", 10), 10).await;
    let part = json!({"type": "user_changed_number", "wa_id": OTHER, "body": "User moved"});
    stage.arrive(news(&both("US.1", PHONE), "news", &part, 50), 50).await;
    stage.arrive(text(&both("US.2", OTHER), "unannounced id", 60), 60).await;
    let open = conversations(&stage).await;
    let [(former, theirs), (moved, said)] = &*open else { panic!("{open:?}") };
    assert_eq!((names(former), &**theirs), ((Some("US.8"), None), &["former owner".to_owned()][..]));
    assert_eq!(names(moved), (Some("US.2"), Some(OTHER)), "with another number comes another user id");
    assert_eq!(said[..], ["before", "User moved", "unannounced id"]);
}

#[tokio::test]
async fn an_update_of_a_user_id_joins_whoever_wrote_under_it_already() {
    let stage = Stage::new().await;
    stage.arrive(text(&both("US.1", PHONE), "before", 10), 10).await;
    stage.arrive(text(&both("US.2", PHONE), "after", 60), 60).await;
    assert_eq!(conversations(&stage).await.len(), 2);
    let update = json!({"wa_id": PHONE, "user_id": {"previous": "US.1", "current": "US.2"}, "timestamp": at(50).timestamp().to_string()});
    let body = json!({"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "user_id_update", "value": {"user_id_update": [update]}}]}]});
    let mut change = stage.store.begin().await.expect("begins");
    for element in crate::whatsapp::webhook::read(body.to_string().as_bytes()).expect("an envelope") {
        crate::handling::inbound::accept(&mut change, &element, at(70)).await.expect("accepts");
    }
    change.commit().await.expect("commits");
    let open = conversations(&stage).await;
    let [(contact, said)] = &*open else { panic!("{open:?}") };
    assert_eq!((names(contact), said.len()), ((Some("US.2"), Some(PHONE)), 2));
}

#[tokio::test]
async fn the_half_that_was_missing_makes_one_of_two_only_if_nothing_speaks_against_it() {
    let stage = Stage::new().await;
    stage.arrive(text(&json!({"from_user_id": "US.1"}), "by id", 10), 10).await;
    stage.arrive(text(&json!({"from": PHONE}), "by phone", 20), 20).await;
    stage.arrive(text(&both("US.1", PHONE), "by both", 30), 30).await;
    assert_eq!(conversations(&stage).await.len(), 1);
    stage.arrive(text(&json!({"from": OTHER}), "another phone", 40), 40).await;
    stage.arrive(text(&both("US.1", OTHER), "by both again", 50), 50).await;
    let open = conversations(&stage).await;
    let [(one, said), (other, _)] = &*open else { panic!("{open:?}") };
    assert_eq!((names(one), said.len()), ((Some("US.1"), Some(OTHER)), 4));
    assert_eq!(names(other), (None, None), "whoever had the number is not written to there");
}

#[tokio::test]
async fn whoever_turns_out_to_be_somebody_we_know_brings_their_earlier_sessions_to_whoever_talks_to_them() {
    let stage = Stage::new().await;
    let masha = stage.agent("masha", 5).await;
    stage.ready(masha, 1).await;
    stage.arrive(text(&json!({"from_user_id": "US.1"}), "long ago", 10), 10).await;
    let earlier = stage.owned(masha).await[0].id;
    stage.done(masha, earlier, 11).await;
    stage.arrive(text(&json!({"from": PHONE}), "by phone", 20), 20).await;
    let open = stage.owned(masha).await[0].id;
    stage.arrive(text(&both("US.1", PHONE), "by both", 30), 30).await;
    assert_eq!(stage.owned(masha).await.iter().map(|one| one.id).collect::<Vec<_>>(), [open]);
    let told = stage.feed(masha).await.into_iter().rev().find_map(|event| match event {
        Event::InteractionAdded { interaction, older, .. } if interaction.id == open => Some(older),
        _ => None,
    });
    assert_eq!(told, Some(true), "there is something to be read before it now");
}
