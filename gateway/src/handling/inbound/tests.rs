//! What contacts send, played on the stage: what they answer, and how long they may be answered.

use serde_json::{Value, json};
use waxwing_protocol::{
    api::{OutgoingBody, SendMessage},
    delivery::{Delivery, DeliveryState},
    event::Event,
    id::{AgentId, ClientRef, InteractionId},
    message::{Body, Message, Quote},
    problem::ProblemCode,
};

use crate::handling::{
    Refusal, outbound,
    stage::{Stage, at},
};

const ANA: &str = "15550000001";

async fn begin() -> (Stage, AgentId, InteractionId) {
    let stage = Stage::new().await;
    let masha = stage.agent("masha", 5).await;
    stage.ready(masha, 1).await;
    stage.write(ANA, "wamid.1", "hello?", 10).await;
    let id = stage.owned(masha).await[0].id;
    (stage, masha, id)
}

/// Has Ana send an element, completed by who and when.
async fn say(stage: &Stage, wamid: &str, mut element: Value, seconds: i64) {
    element["from"] = json!(ANA);
    element["id"] = json!(wamid);
    element["timestamp"] = json!(at(seconds).timestamp().to_string());
    stage.arrive(json!({"messages": [element]}), seconds).await;
}

async fn newest(stage: &Stage, id: InteractionId) -> Message {
    stage.transcript(id).await.pop().expect("a message")
}

fn reply_to(wamid: &str) -> Value {
    json!({"type": "text", "text": {"body": "this one"}, "context": {"from": "15550100001", "id": wamid}})
}

#[tokio::test]
async fn a_reply_names_its_message_also_one_of_an_earlier_session() {
    let (stage, masha, id) = begin().await;
    let theirs = newest(&stage, id).await.id;
    let ours = stage.said(masha, id, "wamid.ours", 20).await.id;
    say(&stage, "wamid.2", reply_to("wamid.ours"), 30).await;
    let quote = newest(&stage, id).await.quote;
    assert_eq!(
        quote,
        Some(Quote { message: Some(ours), excerpt: "wamid.ours".to_owned(), by_contact: false })
    );
    stage.done(masha, id, 40).await;
    say(&stage, "wamid.3", reply_to("wamid.1"), 50).await;
    let later = stage.owned(masha).await[0].id;
    assert_ne!(later, id);
    let quote = newest(&stage, later).await.quote;
    assert_eq!(quote, Some(Quote { message: Some(theirs), excerpt: "hello?".to_owned(), by_contact: true }));

    let wanted = SendMessage {
        client_ref: ClientRef::new(at(60), [6; 10]),
        body: OutgoingBody::Text { text: "that one".to_owned() },
        quote: Some(ours),
        responses: Vec::new(),
    };
    let mut change = stage.store.begin().await.expect("begins");
    let sent =
        outbound::send(&mut change, masha, (later, &wanted), &crate::limits::Limits::default(), at(60))
            .await
            .expect("sends")
            .message;
    assert_eq!(sent.quote.and_then(|quote| quote.message), Some(ours));
}

#[tokio::test]
async fn a_quote_of_anything_says_in_words_what_it_was() {
    let (stage, masha, id) = begin().await;
    for (wamid, element, excerpt) in [
        (
            "wamid.a",
            json!({"type": "location", "location": {"latitude": 1.5, "longitude": 2.5, "name": "Here"}}),
            "[Location] Here, https://maps.google.com/?q=1.5,2.5",
        ),
        ("wamid.b", json!({"type": "sticker", "sticker": {"mime_type": "image/webp"}}), "[Sticker]"),
        (
            "wamid.c",
            json!({"type": "image", "image": {"caption": "Look", "mime_type": "image/png"}}),
            "[Picture] Look",
        ),
        (
            "wamid.d",
            json!({"type": "order", "order": {"product_items": [{"product_retailer_id": "b", "quantity": 2, "item_price": 3, "currency": "EUR"}]}}),
            "[Order]\n2 × b at 3 EUR",
        ),
    ] {
        say(&stage, wamid, element, 20).await;
        say(&stage, &format!("{wamid}.reply"), reply_to(wamid), 21).await;
        let transcript = stage.transcript(id).await;
        let reply = transcript.iter().rfind(|message| message.quote.is_some()).expect("a reply");
        assert_eq!(reply.quote.as_ref().map(|quote| &*quote.excerpt), Some(excerpt));
    }
    assert_eq!(stage.owned(masha).await.len(), 1);
}

#[tokio::test]
async fn a_clock_that_runs_ahead_does_not_hold_the_window_open() {
    let (stage, _masha, id) = begin().await;
    let ahead = json!({"from": ANA, "id": "wamid.2", "timestamp": at(90_000).timestamp().to_string(), "type": "text", "text": {"body": "from tomorrow"}});
    stage.arrive(json!({"messages": [ahead]}), 20).await;
    let interaction = stage.interaction(id).await;
    assert_eq!(interaction.window.last_inbound_at, Some(at(20)));
    stage.write(ANA, "wamid.3", "late", 15).await;
    assert_eq!(stage.interaction(id).await.window, interaction.window, "it never goes back");
}

#[tokio::test]
async fn a_window_that_whatsapp_says_is_closed_opens_when_the_contact_writes_again() {
    let (stage, masha, id) = begin().await;
    let ours = stage.said(masha, id, "wamid.ours", 20).await.id;
    let refused = json!({"id": "wamid.ours", "status": "failed", "timestamp": at(30).timestamp().to_string(),
        "errors": [{"code": 131_047, "title": "Re-engagement message"}]});
    stage.arrive(json!({"statuses": [refused]}), 31).await;
    let closed = stage.interaction(id).await;
    assert_eq!(closed.window.left(at(31)), None);
    assert_eq!(closed.pending_since, Some(at(10)), "nobody has answered");
    let Some(DeliveryState { delivery: Delivery::Failed(failure), .. }) = stage.message(ours).await.delivery
    else {
        panic!("failed")
    };
    assert!(failure.reason.contains("24 hours") && failure.advice.contains("notification"), "{failure:?}");
    let told = stage.feed(masha).await.into_iter().any(|event| {
        matches!(event, Event::InteractionChanged { interaction } if interaction.window.left(at(31)).is_none())
    });
    assert!(told);
    let refused = stage.answer(masha, id, "once more", 32).await.expect_err("the window is closed");
    assert!(matches!(refused, Refusal::Problem(problem) if problem.code == ProblemCode::WindowClosed));

    stage.write(ANA, "wamid.2", "I am here", 40).await;
    assert_eq!(stage.interaction(id).await.window.last_inbound_at, Some(at(40)));
    stage.answer(masha, id, "Good!", 41).await.expect("may be sent");
}

#[tokio::test]
async fn a_refusal_from_before_the_contact_wrote_again_closes_nothing() {
    let (stage, masha, id) = begin().await;
    stage.said(masha, id, "wamid.ours", 20).await;
    stage.write(ANA, "wamid.2", "I am here", 40).await;
    let refused = json!({"id": "wamid.ours", "status": "failed", "timestamp": at(30).timestamp().to_string(),
        "errors": [{"code": 131_047, "title": "Re-engagement message"}]});
    stage.arrive(json!({"statuses": [refused]}), 41).await;
    assert!(stage.interaction(id).await.window.left(at(41)).is_some());
}

#[tokio::test]
async fn what_brought_a_contact_here_stands_on_their_message() {
    let (stage, _masha, id) = begin().await;
    let ad = json!({"type": "text", "text": {"body": "How much?"}, "referral": {"source_type": "ad", "source_url": "https://fb.me/x", "headline": "Bikes", "body": "New ones"}});
    say(&stage, "wamid.2", ad, 20).await;
    let product = json!({"type": "text", "text": {"body": "This one?"}, "context": {"from": "15550100001", "id": "wamid.p", "referred_product": {"catalog_id": "1", "product_retailer_id": "bell-2"}}});
    say(&stage, "wamid.3", product, 21).await;
    let transcript = stage.transcript(id).await;
    let told: Vec<(&str, Option<&str>)> = transcript
        .iter()
        .filter_map(|message| message.referral.as_ref())
        .map(|referral| (&*referral.kind, referral.text.as_deref()))
        .collect();
    assert_eq!(told, [("ad", Some("New ones")), ("product", Some("bell-2"))]);
    assert_eq!(transcript[2].quote, None, "nobody sent the product");
}

#[tokio::test]
async fn news_about_the_contacts_account_is_told_and_makes_nobody_wait() {
    let (stage, masha, id) = begin().await;
    stage.answer(masha, id, "Hello", 15).await.expect("sends");
    for (wamid, system) in [
        ("wamid.s1", json!({"body": "Ana's security code changed", "type": "customer_identity_changed"})),
        (
            "wamid.s2",
            json!({"body": "Ana changed from 15550000001 to 15550000009", "wa_id": "15550000009", "type": "user_changed_number"}),
        ),
        (
            "wamid.s3",
            json!({"body": "Ana changed", "wa_id": "15550000009", "user_id": "US.9", "type": "user_changed_user_id"}),
        ),
    ] {
        say(&stage, wamid, json!({"type": "system", "system": system}), 20).await;
    }
    let lines: Vec<String> = stage
        .transcript(id)
        .await
        .into_iter()
        .filter(|message| matches!(message.body, Body::System { .. }))
        .map(|message| message.fallback)
        .collect();
    let changed = "Ana changed from 15550000001 to 15550000009";
    assert_eq!(lines, ["Ana's security code changed", changed, "Ana changed"]);
    let interaction = stage.interaction(id).await;
    assert_eq!(interaction.pending_since, None);
    assert_eq!(interaction.contact.whatsapp.phone.as_deref(), Some("15550000009"));
    assert_eq!(interaction.contact.whatsapp.user_id.as_deref(), Some("US.9"));
    assert_eq!(stage.owned(masha).await.len(), 1, "they are the same contact still");
}
