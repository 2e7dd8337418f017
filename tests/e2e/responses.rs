//! Prepared replies between the machines of an agent.

use egui::{Key, Modifiers};

use crate::{
    window::Window,
    world::{CONTACT, World},
};

#[test]
fn a_reply_written_on_one_machine_is_found_and_sent_on_another() {
    let world = World::start();
    let (mut office, mut home) = (Window::open_on(&world, "office"), Window::open_on(&world, "home"));
    world.say(CONTACT, "Is it blue?");
    for window in [&mut office, &mut home] {
        window.click(", waiting ");
        window.see("Is it blue?");
        window.key(Modifiers::COMMAND, Key::L);
        window.see("Welcome");
    }
    office.click("More with responses");
    office.press("New response of your own");
    office.fill("Name", "Colours");
    office.fill("Text", "Yes, it is blue.");
    office.press("Save");
    office.lose("New response of your own");

    home.see("Colours");
    home.fill("Search responses", "blue");
    home.key(Modifiers::COMMAND, Key::Enter);
    office.see("Read · ");
    assert_eq!(world.received(), ["Yes, it is blue."]);
}
