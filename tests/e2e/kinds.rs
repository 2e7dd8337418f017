//! A customer sends everything WhatsApp knows: what a screen reader would tell of it.

use serde_json::{Value, json};
use waxwing_gateway::simulator::samples;

use crate::{
    window::Window,
    world::{CONTACT, World},
};

/// A message, and what is heard of it.
type Case = (Value, &'static [&'static str]);

fn words() -> Vec<Case> {
    let text = |body: &str| json!({"type": "text", "text": {"body": body}});
    let mut passed_on = text("look at this");
    passed_on["context"] = json!({"forwarded": true});
    let mut often = text("look at this too");
    often["context"] = json!({"frequently_forwarded": true});
    let mut from_ad = text("what does it cost?");
    from_ad["referral"] = json!({
        "source_url": "https://ad.example/7", "source_id": "7", "source_type": "ad",
        "headline": "Spring service", "body": "Bring your bike in", "media_type": "image",
    });
    let mut about_product = text("still there?");
    about_product["context"] = json!({"from": "15550783881", "id": "wamid.PRODUCT",
        "referred_product": {"catalog_id": "5001", "product_retailer_id": "bell-2"}});
    vec![
        (text("*bold* and _slanted_"), &["bold and slanted"]),
        (text("مرحبا, see www.example.com"), &["مرحبا, see www.example.com"]),
        (passed_on, &["Forwarded", "look at this"]),
        (often, &["Forwarded many times", "look at this too"]),
        (from_ad, &["Came from an ad", "Spring service", "Bring your bike in", "https://ad.example/7"]),
        (about_product, &["Asks about a product", "bell-2", "still there?"]),
    ]
}

fn files(world: &World) -> Vec<Case> {
    let file = |kind: &str, part: Value| {
        let mut message = json!({"type": kind});
        message[kind] = part;
        message
    };
    let film = world.add_file("video/mp4", "TWVvdw==");
    let bill = world.add_file("application/pdf", "TWVvdw==");
    let song = world.add_file("audio/mpeg", "TWVvdw==");
    vec![
        (file("image", json!({"id": samples::PICTURE, "caption": "the *dent*"})), &["Picture", "the dent"]),
        (file("video", json!({"id": film})), &["Video", "4 bytes"]),
        (file("audio", json!({"id": song, "voice": false})), &["Sound file"]),
        (file("audio", json!({"id": samples::VOICE, "voice": true})), &["Voice message"]),
        (
            file("document", json!({"id": bill, "filename": "bill.pdf", "caption": "the bill"})),
            &["\u{2068}bill.pdf\u{2069}", "the bill"],
        ),
        (file("sticker", json!({"id": samples::STICKER, "animated": false})), &["Sticker"]),
        (file("sticker", json!({"id": samples::ANIMATED_STICKER, "animated": true})), &["Sticker"]),
    ]
}

fn things() -> Vec<Case> {
    let card = json!({
        "name": {"formatted_name": "Piet Jansen", "first_name": "Piet"}, "org": {"company": "Wielen BV"},
        "phones": [{"phone": "+31 6 1234 5678", "type": "MOBILE"}], "emails": [{"email": "piet@example.org"}],
    });
    let interactive = |kind: &str, part: Value| {
        let mut message = json!({"type": "interactive", "interactive": {"type": kind}});
        message["interactive"][kind] = part;
        message
    };
    let form = json!({"name": "flow", "body": "Sent", "response_json": "{\"flow_token\": \"t\", \"day\": \"Monday\"}"});
    let order = json!({"catalog_id": "5001", "text": "quickly please", "product_items": [
        {"product_retailer_id": "bell-2", "quantity": 2, "item_price": 4.5, "currency": "EUR"},
        {"product_retailer_id": "lamp", "quantity": 1, "item_price": 10, "currency": "EUR"},
    ]});
    let place =
        json!({"latitude": 52.0907, "longitude": 5.1214, "name": "Domtoren", "address": "Domplein 21"});
    vec![
        (json!({"type": "location", "location": place}), &["Domtoren", "Domplein 21", "Open in a map"]),
        (
            json!({"type": "contacts", "contacts": [card]}),
            &["Piet Jansen", "Wielen BV", "+31 6 1234 5678", "piet@example.org", "Add to contact"],
        ),
        (json!({"type": "button", "button": {"payload": "stop", "text": "No more"}}), &["No more"]),
        (interactive("button_reply", json!({"id": "b", "title": "Change it"})), &["Change it"]),
        (
            interactive("list_reply", json!({"id": "l", "title": "Express", "description": "Next day"})),
            &["Express", "Next day"],
        ),
        (interactive("nfm_reply", form), &["Sent", "day: \u{2068}Monday\u{2069}"]),
        (
            json!({"type": "order", "order": order}),
            &["Order", "Total: \u{2068}19.00 EUR\u{2069}", "quickly please"],
        ),
    ]
}

fn oddities() -> Vec<Case> {
    let error = json!({"code": 131_051, "title": "Message type unknown", "message": "Message type unknown",
        "error_data": {"details": "Message type is currently not supported."}});
    vec![
        (
            json!({"type": "unsupported", "errors": [error], "unsupported": {"type": "poll_creation"}}),
            &["[A poll, which WhatsApp does not pass on]"],
        ),
        (json!({"type": "hologram", "hologram": {"depth": 3}}), &["hologram"]),
        (
            json!({"type": "system", "system": {"body": "User changed from 15550100999 to 15550100998",
                "wa_id": "15550100998", "type": "user_changed_number"}}),
            &["User changed from 15550100999 to 15550100998"],
        ),
    ]
}

#[test]
fn everything_a_customer_can_send_is_told_to_whoever_cannot_see_it() {
    let world = World::start();
    let mut window = Window::open(&world);
    world.say(CONTACT, "Hi");
    window.click(", waiting 00:");
    for (message, labels) in [words(), files(&world), things(), oddities()].concat() {
        world.say_payload(CONTACT, &message);
        for label in labels {
            window.see(label);
        }
    }
}

#[test]
fn what_a_customer_does_to_messages_is_told() {
    let world = World::start();
    let mut window = Window::open(&world);
    world.say(CONTACT, "first words");
    window.click(", waiting 00:");
    window.see("first words");
    let edit = json!({"original_message_id": "$said", "message": {"type": "text", "text": {"body": "better words"}}});
    world.say_payload(CONTACT, &json!({"type": "edit", "edit": edit}));
    window.see("better words");
    window.see("Edited · Received");
    window.pick("better words", "Earlier words");
    window.see("first words");

    window.send("our answer");
    window.see("Read · ");
    let react = |emoji: Option<&str>| json!({"type": "reaction", "reaction": {"message_id": "$last", "emoji": emoji}});
    world.say_payload(CONTACT, &react(Some("❤️")));
    window.see("❤️ by ");
    world.say_payload(CONTACT, &react(None));
    window.lose("❤️ by ");

    let mut reply = json!({"type": "text", "text": {"body": "about that"}});
    reply["context"] = json!({"from": "15550783881", "id": "$last"});
    world.say_payload(CONTACT, &reply);
    window.see("Answers You: our answer");

    world.say(CONTACT, "said too much");
    window.see("said too much");
    world.say_payload(CONTACT, &json!({"type": "revoke", "revoke": {"original_message_id": "$said"}}));
    window.see("This message was deleted");
    window.lose("said too much");
}
