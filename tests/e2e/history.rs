//! What was said in earlier sessions: on request, and where a search leads.

use egui::{Key, Modifiers};

use crate::{
    window::Window,
    world::{CONTACT, World},
};

/// A conversation that was done, and the next one with the same contact.
fn second_session() -> (World, Window) {
    let world = World::start();
    let mut window = Window::open(&world);
    world.say(CONTACT, "My bicycle is broken");
    window.click(", waiting 00:");
    window.send("Bring it here");
    window.see("Read · ");
    window.click("Done");
    window.see("No interactions");
    world.say(CONTACT, "Another thing");
    window.click(", waiting 00:");
    window.see("Another thing");
    (world, window)
}

#[test]
fn an_earlier_session_comes_on_request() {
    let (_world, mut window) = second_session();
    window.press("See older messages…");
    window.see("My bicycle is broken");
    window.see("Bring it here");
    window.see("Session · ");
    window.see("Ana Ruiz");
    window.lose("See older messages…");
    window.see("Another thing");
}

#[test]
fn a_search_leads_into_an_earlier_session() {
    let (_world, mut window) = second_session();
    assert!(!window.shows("My bicycle is broken"));
    window.key(Modifiers::COMMAND, Key::F);
    window.type_in("BICYCLE");
    window.see("1 of 1");
    window.see("My bicycle is broken");
    window.key(Modifiers::NONE, Key::Escape);
    window.lose("1 of 1");
    window.send("About the bicycle");
    window.see("Another thing");
    window.see("About the bicycle");
}
