//! A customer writes: the agent sees them wait, and the taskbar asks for attention.

use egui::UserAttentionType;
use serde_json::json;

use crate::{
    window::Window,
    world::{CONTACT, World},
};

#[test]
fn a_message_reaches_the_card_and_the_conversation_and_the_taskbar_asks_until_the_agent_goes_there() {
    let world = World::start();
    let mut window = Window::open(&world);
    window.focus(false);
    world.say(CONTACT, "Hi! My flowers have not arrived yet 🌷");
    window.see(", waiting 00:0");
    window.see("1 not seen");
    assert_eq!(window.attention.last(), Some(&UserAttentionType::Critical));

    // The window gets the focus, but the agent has not gone to the interaction yet.
    window.focus(true);
    assert_eq!(window.attention.last(), Some(&UserAttentionType::Critical));
    window.click(", waiting 00:0");
    window.see("Hi! My flowers have not arrived yet 🌷");
    window.see("WhatsApp interaction");
    window.see("Pending response, waiting");
    window.lose("1 not seen");
    assert_eq!(window.attention.last(), Some(&UserAttentionType::Reset));
}

#[test]
fn what_nobody_knows_is_shown_as_a_placeholder_and_holds_nothing_up() {
    let world = World::start();
    let mut window = Window::open(&world);
    world.say_payload(CONTACT, &json!({"type": "hologram", "hologram": {"depth": 3}}));
    world.say(CONTACT, "and a word");
    window.click(", waiting 00:");
    window.see("hologram");
    window.see("and a word");
}
