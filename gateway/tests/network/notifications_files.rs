//! Notifications with files: each goes to WhatsApp before the message, once, whatever happens to the gateway.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use waxwing_gateway::clock::Clock;
use waxwing_protocol::{
    api::SendAccepted,
    attachment::AttachmentState,
    delivery::Delivery,
    id::{AttachmentId, ClientRef, InteractionId},
    message::Body,
    notification::{Notification, NotificationHeader},
    upload::{self, Upload, UploadState},
};

use crate::{
    bench::Bench,
    notifications::{ask, template, text},
};

const ANA: &str = "15550100999";
const PICTURE: &[u8] = include_bytes!("../../assets/media/picture.jpg");

/// Has the gateway take a file in.
async fn uploaded(
    bench: &Bench,
    to: InteractionId,
    bytes: &[u8],
    (kind, name, seed): (&str, &str, u8),
) -> AttachmentId {
    let client_ref = ClientRef::new(Clock::system().now(), [seed; 10]);
    let hash: Vec<String> = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let announced = json!({"client_ref": client_ref, "kind": kind, "file_name": name, "size_bytes": bytes.len(),
        "sha256": hash.concat()});
    let begun: Upload = bench.desktop.call(Method::POST, &upload::uploads(to), Some(&announced)).await;
    let url = format!("{}{}", bench.desktop.url, upload::piece(begun.attachment, 0));
    let put = bench.desktop.http.put(url).bearer_auth(&bench.desktop.token).body(bytes.to_vec()).send().await;
    let put: Upload = put.expect("answers").json().await.expect("an upload");
    assert!(matches!(put.state, UploadState::Ready { .. }), "{put:?}");
    begun.attachment
}

fn media(id: AttachmentId) -> Value {
    json!({"value": "media", "attachment": id})
}

async fn accepted(
    bench: &Bench,
    to: InteractionId,
    what: (&waxwing_protocol::template::Template, &Value),
    seed: u8,
) -> (waxwing_protocol::message::Message, Notification) {
    let (status, accepted) = ask(bench, to, what, seed).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{accepted}");
    let accepted: SendAccepted = serde_json::from_value(accepted).expect("is accepted");
    let Body::Notification(sent) = &accepted.message.body else { panic!("{accepted:?}") };
    let sent = (**sent).clone();
    (accepted.message, sent)
}

/// What the contact got by that id.
async fn got(bench: &Bench, id: &Value) -> Vec<u8> {
    let url = format!("{}/control/media/{}", bench.simulator.url(), id.as_str().expect("an id"));
    bench.desktop.http.get(url).send().await.expect("answers").bytes().await.expect("bytes").to_vec()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_killed_while_it_uploads_the_picture_of_a_header_goes_on_and_sends_once() {
    let mut bench = Bench::start().await;
    let sale = template(&mut bench, ("autumn_sale", "en_US"), |_| true).await;
    let to = bench.hear(ANA, "anything new?").await.id;
    let picture = uploaded(&bench, to, PICTURE, ("image", "sale.jpg", 1)).await;
    bench.control("faults", &json!({"fault": "hang", "to": "media"})).await;
    let values = json!({"header.media": media(picture), "body.1": text("Ana"), "body.2": text("25%"),
        "button.0": text("ana"), "button.1": text("AUTUMN25")});
    let (message, sent) = accepted(&bench, to, (&sale, &values), 1).await;
    let Some(NotificationHeader::Media(header)) = &sent.header else { panic!("{sent:?}") };
    let attachment = header.attachment.as_ref().expect("is there");
    assert!(matches!(attachment.state, AttachmentState::Ready { about: Some(_), .. }));
    let other = bench.hear("15550100108", "hello?").await.id;
    let text = bench.send(other, "one moment").await;
    bench.delivered(text, |delivery| *delivery == Delivery::Sent).await;
    bench.kill_gateway();
    bench.start_gateway();
    bench.delivered(message.id, |delivery| *delivery == Delivery::Sent).await;
    let all = bench.received(2).await;
    let sent: Vec<&Value> =
        all.iter().map(|one| &one.body).filter(|body| body["type"] == "template").collect();
    assert_eq!(sent.len(), 1, "once");
    let id = sent[0]["template"]["components"][0]["parameters"][0]["image"]["id"].clone();
    assert_eq!(
        sent[0]["template"]["components"],
        json!([
            {"type": "header", "parameters": [{"type": "image", "image": {"id": id}}]},
            {"type": "body", "parameters": [{"type": "text", "text": "Ana"}, {"type": "text", "text": "25%"}]},
            {"type": "button", "sub_type": "url", "index": "0", "parameters": [{"type": "text", "text": "ana"}]},
            {"type": "button", "sub_type": "copy_code", "index": "1",
                "parameters": [{"type": "coupon_code", "coupon_code": "AUTUMN25"}]},
            {"type": "button", "sub_type": "quick_reply", "index": "2",
                "parameters": [{"type": "payload", "payload": "button.2"}]},
        ])
    );
    assert!(got(&bench, &id).await == PICTURE, "byte for byte");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_card_of_a_carousel_has_its_picture_and_a_second_one_uploads_nothing_anew() {
    let mut bench = Bench::start().await;
    let collection = template(&mut bench, ("new_collection", "en_US"), |_| true).await;
    let to = bench.hear(ANA, "anything new?").await.id;
    let mut other_picture = PICTURE.to_vec();
    other_picture.extend_from_slice(&[0; 16]);
    let jacket = uploaded(&bench, to, PICTURE, ("image", "jacket.jpg", 1)).await;
    let socks = uploaded(&bench, to, &other_picture, ("image", "socks.jpg", 2)).await;
    let values = |first: AttachmentId, second: AttachmentId| {
        json!({"body.1": text("Ana"),
            "card.0.header.media": media(first), "card.0.body.1": text("€89.90"), "card.0.button.1": text("rain-jacket"),
            "card.1.header.media": media(second), "card.1.body.1": text("€19.50"), "card.1.button.1": text("wool-socks")})
    };
    let (message, sent) = accepted(&bench, to, (&collection, &values(jacket, socks)), 1).await;
    bench.delivered(message.id, |delivery| *delivery == Delivery::Sent).await;
    let cards = |body: &Value| body["template"]["components"][1]["cards"].clone();
    let first = cards(&bench.received(1).await[0].body);
    let id_of =
        |cards: &Value, card: usize| cards[card]["components"][0]["parameters"][0]["image"]["id"].clone();
    assert_eq!((first[0]["card_index"].clone(), first[1]["card_index"].clone()), (json!(0), json!(1)));
    assert!(got(&bench, &id_of(&first, 0)).await == PICTURE);
    assert!(got(&bench, &id_of(&first, 1)).await == other_picture);
    assert_eq!(
        first[1]["components"][2],
        json!({"type": "button", "sub_type": "quick_reply", "index": "0",
            "parameters": [{"type": "payload", "payload": "card.1.button.0"}]})
    );
    assert_eq!(
        first[1]["components"][3],
        json!({"type": "button", "sub_type": "url", "index": "1", "parameters": [{"type": "text", "text": "wool-socks"}]})
    );

    // The same once more, and one picture on both cards.
    let kept = sent.values.values().filter_map(|value| match value {
        waxwing_protocol::slot::SlotValue::Media { attachment, .. } => Some(*attachment),
        _ => None,
    });
    let kept: Vec<AttachmentId> = kept.collect();
    let (message, _) = accepted(&bench, to, (&collection, &values(kept[1], kept[1])), 2).await;
    bench.delivered(message.id, |delivery| *delivery == Delivery::Sent).await;
    let second = cards(&bench.received(2).await[1].body);
    assert_eq!(id_of(&second, 0), id_of(&first, 1));
    assert_eq!(id_of(&second, 1), id_of(&first, 1));
    bench.control("tap", &json!({"contact": ANA, "button": "Keep one for me"})).await;
    assert_eq!(bench.said("Keep one for me").await.quote.and_then(|quote| quote.message), Some(message.id));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_has_its_name_and_what_is_no_picture_is_no_header() {
    let mut bench = Bench::start().await;
    let invoice = template(&mut bench, ("invoice", "en_US"), |_| true).await;
    let sale = template(&mut bench, ("autumn_sale", "en_US"), |_| true).await;
    let to = bench.hear(ANA, "the invoice, please").await.id;
    let pdf = include_bytes!("../../assets/media/order.pdf");
    let file = uploaded(&bench, to, pdf, ("document", "scan 17.pdf", 1)).await;
    let wrong = json!({"header.media": media(file), "body.1": text("Ana"), "body.2": text("25%"),
        "button.0": text("ana"), "button.1": text("AUTUMN25")});
    let (status, refused) = ask(&bench, to, (&sale, &wrong), 1).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{refused}");
    let mut header = media(file);
    header["file_name"] = json!("Invoice 4711.pdf");
    let values = json!({"header.media": header, "body.1": text("Ana"), "body.2": text("4711"),
        "body.3": {"value": "currency", "fallback": "€89.90", "code": "EUR", "amount_1000": 89_900},
        "body.4": {"value": "date_time", "fallback": "15 December 2026"}});
    let (message, _) = accepted(&bench, to, (&invoice, &values), 2).await;
    bench.delivered(message.id, |delivery| *delivery == Delivery::Sent).await;
    let sent = bench.received(1).await[0].body.clone();
    let document = &sent["template"]["components"][0]["parameters"][0]["document"];
    assert_eq!(document["filename"], "Invoice 4711.pdf");
    assert_eq!(
        sent["template"]["components"][1]["parameters"],
        json!([
            {"type": "text", "text": "Ana"},
            {"type": "text", "text": "4711"},
            {"type": "currency", "currency": {"fallback_value": "€89.90", "code": "EUR", "amount_1000": 89_900}},
            {"type": "date_time", "date_time": {"fallback_value": "15 December 2026"}},
        ])
    );
    assert!(got(&bench, &document["id"]).await == pdf);
}
