//! What the agent has written and not sent: on every machine of theirs, whatever happens to one.

use egui::{Key, Modifiers};

use crate::{
    wait,
    window::Window,
    world::{CONTACT, World},
};

#[test]
fn a_draft_follows_the_agent_to_another_machine_and_back_through_a_restart() {
    let world = World::start();
    let mut office = Window::open_on(&world, "office");
    world.say(CONTACT, "Is it blue?");
    office.click(", waiting 00:");
    office.pick("Is it blue?", "Reply");
    office.see("Answering");
    office.type_in("It is not");
    office.reads("It is not");

    let mut home = Window::open_on(&world, "home");
    home.click(", waiting ");
    wait::until("the draft arrives", || {
        office.shows("Answering");
        (home.written() == "It is not").then_some(())
    });
    home.see("Answering");
    home.write(" blue");
    wait::until("the words come back", || {
        home.shows("Answering");
        (office.written() == "It is not blue").then_some(())
    });
    drop((office, home));

    let mut office = Window::open_on(&world, "office");
    office.see("Message to ");
    office.reads("It is not blue");
    office.see("Answering");
    office.send("!");
    office.see("Read · ");
    let sent = world.sent().pop().expect("it was sent");
    assert_eq!(sent["text"]["body"], "It is not blue!");
    assert!(sent["context"]["message_id"].is_string());
}

#[test]
fn words_written_on_two_machines_at_once_are_both_kept() {
    let mut world = World::start();
    let (mut office, mut home) = (Window::open_on(&world, "office"), Window::open_on(&world, "home"));
    world.say(CONTACT, "Is it blue?");
    for window in [&mut office, &mut home] {
        window.click(", waiting ");
        window.see("Is it blue?");
    }
    world.stop_gateway();
    office.see("Reconnecting since");
    home.see("Reconnecting since");
    office.write("words of the office");
    home.write("words of the home");
    world.start_gateway();
    let both = |window: &mut Window, other: &mut Window| {
        wait::until("both are kept", || {
            other.step();
            let aside = window.shows("Also written, on ");
            aside.then(|| window.written())
        })
    };
    let first = both(&mut office, &mut home);
    let second = both(&mut home, &mut office);
    assert!(["words of the office", "words of the home"].contains(&first.as_str()), "{first}");
    assert!(["words of the office", "words of the home"].contains(&second.as_str()), "{second}");
    office.press("Use");
    let all = wait::until("they are taken up", || {
        let written = office.written();
        (written.contains("office") && written.contains("home")).then_some(written)
    });
    office.key(Modifiers::NONE, Key::Enter);
    let is_sent = || (world.received().len() == 1).then_some(());
    wait::until("they are sent", || {
        office.step();
        is_sent()
    });
    assert_eq!(world.received(), [all]);
}
