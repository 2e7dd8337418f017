//! Two desktops at one gateway: what is left behind lies in a workbin, leaves it when the contact writes, and is nobody's twice.

use egui::{Key, Modifiers};

use crate::{
    wait,
    window::Window,
    world::{CONTACT, LEAD, USER_NAME, World},
};

/// Ana answers a contact and logs off; what she had lies in her workbin.
fn left_behind(world: &World) {
    let mut ana = Window::open_as(world, "ana", USER_NAME);
    world.say(CONTACT, "Is it blue?");
    ana.click(", waiting 00:");
    ana.send("It is blue");
    wait::until("the answer leaves", || (world.received().len() == 1).then_some(()));
    ana.see("Read · ");
    ana.click("Agent: Ana Ruiz");
    ana.press("Log off");
    ana.see("Sign in");
}

/// The lead looks into Ana's workbin.
fn look(world: &World) -> Window {
    let mut leo = Window::open_as(world, "leo", LEAD);
    leo.key(Modifiers::COMMAND, Key::Num2);
    leo.click("Ana Ruiz, 1");
    leo.see(", It is blue");
    leo
}

#[test]
fn what_is_left_behind_can_be_read_and_goes_to_whoever_had_it_when_the_contact_writes() {
    let world = World::start();
    left_behind(&world);
    let mut leo = look(&world);
    leo.click(", It is blue");
    leo.see("Read only. Open the interaction to answer.");
    leo.see("Read · ");
    let mut ana = Window::open_as(&world, "ana", USER_NAME);
    assert!(!ana.shows("Message to "), "it waits in the workbin until somebody takes it");
    world.say(CONTACT, "And is it large?");
    ana.click(", waiting 00:");
    ana.see("And is it large?");
    leo.see("Ana Ruiz, 0");
    leo.lose(", It is blue");
    leo.key(Modifiers::COMMAND, Key::Num1);
    assert!(!leo.shows("Message to "), "the contact is known to Ana");
}

#[test]
fn of_two_who_open_it_at_once_one_has_it() {
    let world = World::start();
    left_behind(&world);
    let mut leo = look(&world);
    let mut ana = Window::open_as(&world, "ana", USER_NAME);
    ana.key(Modifiers::COMMAND, Key::Num2);
    for window in [&mut ana, &mut leo] {
        window.click(", It is blue");
        window.see("Read only. ");
    }
    for window in [&mut ana, &mut leo] {
        window.key(Modifiers::NONE, Key::Enter);
    }
    let has_it = |window: &mut Window| window.shows("Message to ");
    wait::until("somebody has it", || (has_it(&mut ana) || has_it(&mut leo)).then_some(()));
    wait::until("the other one has not", || {
        let (winner, loser) = if has_it(&mut ana) { (&mut ana, &mut leo) } else { (&mut leo, &mut ana) };
        let told = loser.shows("Not opened: ") || !loser.shows(", It is blue");
        (told && has_it(winner) && !has_it(loser)).then_some(())
    });
}
