//! Notifications: from the account's template over the form to the contact, whose tap leads back; with a picture; and as the
//! only way when the reply window is closed.

use egui::{Key, Modifiers};
use serde_json::{Value, json};

use crate::{
    wait,
    window::Window,
    world::{CONTACT, World},
};

/// Opens the tab and chooses what is found for these words.
fn choose(window: &mut Window, words: &str) {
    window.see("Message to ");
    window.key(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::N);
    window.see("Search notifications");
    // The templates come with the library.
    window.see("HSM_payment_confirmation, Utility");
    window.type_in(words);
    window.lose("hello_world, Utility");
    window.key(Modifiers::NONE, Key::Enter);
}

/// Fills the fields in, one after another, and sends with the last Enter.
fn fill_in(window: &mut Window, values: &[(&str, &str)]) {
    for (field, value) in values {
        window.see(field);
        window.type_in(value);
        if values.last() != Some(&(*field, *value)) {
            window.key(Modifiers::NONE, Key::Enter);
        }
    }
}

const FIVE: [(&str, &str); 5] = [
    ("1 Name", "Masha Ivanova"),
    ("2 Product", "flowers"),
    ("3 Bill", "$10"),
    ("4 Card", "credit"),
    ("5 Date", "on Monday"),
];

/// What WhatsApp got last that was made of a template, without what the gateway itself adds.
fn last_template(world: &World) -> Value {
    let mut sent =
        wait::until("it is sent", || world.sent().into_iter().rfind(|body| body["type"] == "template"));
    sent.as_object_mut().expect("an object").remove("biz_opaque_callback_data");
    sent
}

#[test]
fn the_payment_confirmation_is_filled_in_seen_sent_exactly_and_its_tap_leads_back() {
    let world = World::start();
    let mut window = Window::open(&world);
    world.say(CONTACT, "Did you get my payment?");
    window.click(", waiting 00:");
    choose(&mut window, "payment");
    window.see("Utility · English (US) · Approved · ");
    window.see("Hello [1].\nHave you ordered [2]?");
    fill_in(&mut window, &FIVE);
    window.see("Thanks, Masha Ivanova.");
    window.key(Modifiers::NONE, Key::Enter);
    window.see("Notification · HSM_payment_confirmation");
    window.lose("Pending response");
    window.see("Read · ");
    // What a tap brings back.
    let quick_reply = |number: usize| {
        json!({"type": "button", "sub_type": "quick_reply", "index": number.to_string(),
        "parameters": [{"type": "payload", "payload": format!("button.{number}")}]})
    };
    let parameters: Vec<Value> = FIVE.iter().map(|(_, text)| json!({"type": "text", "text": text})).collect();
    assert_eq!(
        last_template(&world),
        json!({
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": format!("+{CONTACT}"),
            "type": "template",
            "template": {
                "name": "HSM_payment_confirmation",
                "language": {"code": "en_US"},
                "components": [{"type": "body", "parameters": parameters}, quick_reply(0), quick_reply(1)],
            },
        })
    );
    window.see("Hello Masha Ivanova.\nHave you ordered flowers?");
    window.see("Button Confirm");

    world.control("tap", &json!({"contact": CONTACT, "button": "Confirm"}));
    window.click("Answers You: Hello Masha Ivanova.");
    window.see("Button Confirm");

    window.pick("Notification · HSM_payment_confirmation", "Edit as new notification");
    window.see("2 Product");
    window.press("Cancel");
    window.lose("2 Product");
    assert_eq!(world.sent().len(), 1, "to look is not to send");
}

#[test]
fn a_picture_of_the_conversation_stands_in_the_header_and_reaches_the_contact() {
    let world = World::start();
    let mut window = Window::open(&world);
    let bytes = std::fs::read(
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("media/tests/fixtures/still.png"),
    )
    .expect("reads");
    let picture = world.add_bytes("image/png", &bytes);
    let image = json!({"type": "image", "image": {"id": picture, "mime_type": "image/png"}});
    world.say_payload(CONTACT, &image);
    window.click(", waiting 00:");
    window.see("Click to look at it");
    choose(&mut window, "autumn_sale");
    window.press("Files at hand");
    window.press("Picture");
    window.see("Remove the file of Picture");
    window.press("1 Hi …");
    fill_in(
        &mut window,
        &[
            ("1 Hi …", "Masha"),
            ("2 is on! Take …", "25%"),
            ("Go to the shop", "masha"),
            ("Coupon code", "AUTUMN25"),
        ],
    );
    window.key(Modifiers::NONE, Key::Enter);
    window.see("Notification · autumn_sale");
    window.see("Read · ");
    let sent = last_template(&world);
    let components = sent["template"]["components"].as_array().expect("components");
    let header = &components[0]["parameters"][0];
    let id = header["image"]["id"].as_str().expect("by id");
    assert_eq!((header["type"].as_str(), world.file(id)), (Some("image"), bytes));
    window.see("Button Copy code, AUTUMN25");
}

#[test]
fn with_the_reply_window_closed_a_notification_is_the_way() {
    let world = World::start();
    let mut window = Window::open(&world);
    world.say(CONTACT, "Please keep me posted");
    window.click(", waiting 00:");
    window.see("Please keep me posted");
    world.control("silence", &json!({"contact": CONTACT}));
    window.send("Are you still there?");
    window.see("Failed · ");
    window.see("131047");
    window.write("half a thought");
    window.press("Send a notification");
    window.see("Search notifications");
    window.see("HSM_payment_confirmation, Utility");
    window.type_in("payment");
    window.lose("hello_world, Utility");
    window.key(Modifiers::NONE, Key::Enter);
    fill_in(&mut window, &FIVE);
    window.key(Modifiers::NONE, Key::Enter);
    window.see("Read · ");
    assert_eq!(last_template(&world)["template"]["name"], "HSM_payment_confirmation");
    assert_eq!(window.written(), "half a thought");
}
