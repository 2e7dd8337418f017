//! What contacts send, played on the stage: what they answer, and how long they may be answered.

use serde_json::{Value, json};
use waxwing_protocol::{
    api::{OutgoingBody, SendMessage},
    id::{AgentId, ClientRef, InteractionId},
    message::{Message, Quote},
};

use crate::handling::{
    outbound,
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
    };
    let mut change = stage.store.begin().await.expect("begins");
    let sent = outbound::send(&mut change, masha, later, &wanted, at(60)).await.expect("sends").message;
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
