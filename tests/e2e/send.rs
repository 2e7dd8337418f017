//! The agent answers: out through the Graph API once, ticks to the blue ones, failures with a way on.

use serde_json::json;

use crate::{
    wait,
    window::Window,
    world::{CONTACT, World},
};

#[test]
fn an_answer_leaves_once_and_is_seen_to_be_read() {
    let world = World::start();
    let mut window = Window::open(&world);
    world.say(CONTACT, "Is it blue?");
    window.click(", waiting 00:");
    window.send("It is. न नीला 🙂");
    window.lose("Pending response");
    window.see("Read · ");
    assert_eq!(world.received(), ["It is. न नीला 🙂"]);
}

#[test]
fn a_refused_answer_says_why_brings_the_indicator_back_and_can_be_tried_again() {
    let world = World::start();
    let mut window = Window::open(&world);
    world.say(CONTACT, "Hello?");
    window.click(", waiting 00:");
    world.control("faults", &json!({"fault": "fail_with", "code": 131_048}));
    window.send("Are you there?");
    window.see("Failed · ");
    window.see("WhatsApp error 131048");
    window.see("Pending response");
    assert_eq!(world.received(), Vec::<String>::new());
    window.click("Try again");
    window.see("Read · ");
    window.lose("Pending response");
    assert_eq!(world.received(), ["Are you there?"]);
}

#[test]
fn an_interaction_that_is_done_leaves_the_bar_and_comes_back_with_the_next_message() {
    let world = World::start();
    let mut window = Window::open(&world);
    world.say(CONTACT, "One thing");
    window.click(", waiting 00:");
    window.send("Settled");
    window.see("Read · ");
    window.click("Done");
    window.see("No interactions");
    world.say(CONTACT, "Another thing");
    window.click(", waiting 00:");
    window.see("Another thing");
    wait::until("the old session is not shown", || (!window.shows("One thing")).then_some(()));
}
