//! What the agent does to messages reaches WhatsApp: quotes, reactions, how far they have read, that they write.

use serde_json::{Value, json};

use crate::{
    wait,
    window::Window,
    world::{CONTACT, World},
};

fn sent(world: &World, kind: &str) -> Option<Value> {
    world.sent().into_iter().rev().find(|body| body["type"] == kind)
}

#[test]
fn an_answer_carries_the_message_that_it_answers() {
    let world = World::start();
    let mut window = Window::open(&world);
    let first = world.say_payload(CONTACT, &json!({"type": "text", "text": {"body": "Is it blue?"}}));
    world.say(CONTACT, "And is it large?");
    window.click(", waiting 00:");
    window.see("And is it large?");
    window.pick("Is it blue?", "Reply");
    window.see("Answering");
    window.send("It is blue");
    window.see("Read · ");
    window.see("Is it blue?");
    let body = sent(&world, "text").expect("it was sent");
    assert_eq!(
        (&body["text"]["body"], &body["context"]["message_id"]),
        (&json!("It is blue"), &json!(first))
    );
    assert!(window.shows(": Is it blue?"), "the quote is shown");
    window.send("And large");
    wait::until("the second answer leaves", || (world.received().len() == 2).then_some(()));
    assert_eq!(sent(&world, "text").expect("sent")["context"], Value::Null, "a quote is for one message");
}

#[test]
fn a_reaction_is_put_on_and_taken_off() {
    let world = World::start();
    let mut window = Window::open(&world);
    let said = world.say_payload(CONTACT, &json!({"type": "text", "text": {"body": "thank you!"}}));
    window.click(", waiting 00:");
    window.pick("thank you!", "👍");
    window.see("👍 by You");
    window.lose("on its way");
    let reaction = |emoji: &str| {
        wait::until("the reaction leaves", || {
            sent(&world, "reaction").filter(|it| it["reaction"]["emoji"] == emoji)
        })
    };
    assert_eq!(reaction("👍")["reaction"]["message_id"], json!(said));
    window.click("👍 by You");
    window.lose("👍 by You");
    assert_eq!(reaction("")["reaction"]["message_id"], json!(said));
}

#[test]
fn whatsapp_is_told_what_was_seen_and_that_the_agent_writes() {
    let world = World::start();
    let mut window = Window::open(&world);
    window.focus(false);
    let said = world.say_payload(CONTACT, &json!({"type": "text", "text": {"body": "Hello?"}}));
    window.click(", waiting 00:");
    window.see("Hello?");
    assert_eq!(world.told("reads"), Vec::<Value>::new(), "nobody has looked yet");
    window.focus(true);
    let told = |window: &mut Window, what: &'static str| {
        wait::until(what, || {
            window.shows("Hello?");
            world.told(what).into_iter().next()
        })
    };
    assert_eq!(told(&mut window, "reads")["body"]["message_id"], json!(said));
    assert_eq!(world.told("typing"), Vec::<Value>::new());
    window.write("Hold");
    assert_eq!(told(&mut window, "typing")["body"]["message_id"], json!(said));
}

#[test]
fn a_card_is_added_to_the_contact() {
    let world = World::start();
    let mut window = Window::open(&world);
    let card = json!({"name": {"formatted_name": "Piet Jansen", "first_name": "Piet"},
        "phones": [{"phone": "+31 6 1234 5678"}], "emails": [{"email": "piet@example.org"}]});
    world.say_payload(CONTACT, &json!({"type": "contacts", "contacts": [card]}));
    window.click(", waiting 00:");
    window.press("Add to contact");
    let details = wait::until("the card is added", || {
        window.step();
        let details = world.snapshot()["interactions"][0]["interaction"]["contact"]["details"].take();
        details.as_array().is_some_and(|all| !all.is_empty()).then_some(details)
    });
    let values: Vec<_> = details.as_array().expect("a list").iter().map(|it| &it["value"]).collect();
    assert_eq!(values, ["+31 6 1234 5678", "piet@example.org"]);
    assert!(details[0]["name"] == "Piet Jansen", "{details}");
}
