//! An interaction is put aside and comes back by itself, with what was written in it.

use egui::{Key, Modifiers};
use waxwing_protocol::workbin::CHANGES;

use crate::{
    wait,
    window::Window,
    world::{CONTACT, World},
};

const SHIFTED: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);

#[test]
fn what_was_put_aside_lies_in_the_workbin_and_comes_back_with_its_draft_when_the_contact_writes() {
    let world = World::start();
    let mut window = Window::open(&world);
    world.say(CONTACT, "Is it blue?");
    window.click(", waiting 00:");
    window.see("Is it blue?");
    window.write("I am asking the");
    window.key(SHIFTED, Key::W);
    window.see("Look for a workbin");
    window.fill("Comment", "the warehouse knows");
    window.key(Modifiers::NONE, Key::Enter);
    window.lose("Message to ");
    let item = wait::until("it lies there", || {
        window.step();
        let item = world.reads(CHANGES)["items"][0].take();
        item.is_object().then_some(item)
    });
    let interaction = &item["interaction"];
    assert_eq!(interaction["phase"], "in_workbin", "{item}");
    assert_eq!(interaction["stored"]["comment"], "the warehouse knows");
    assert!(interaction["owner"].is_null(), "nobody has it");

    world.say(CONTACT, "Hello?");
    window.click(", waiting 00:");
    window.see("Hello?");
    window.reads("I am asking the");
}
