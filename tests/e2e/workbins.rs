//! Two desktops at one gateway: what is left behind lies in a workbin, leaves it when the contact writes, goes to whoever knows
//! them or else to somebody who is there, and is nobody's twice.

use egui::{Key, Modifiers};
use reqwest::Method;
use waxwing_protocol::workbin::CHANGES;

use crate::{
    wait,
    window::Window,
    world::{CONTACT, LEAD, USER_NAME, World},
};

const SHIFTED: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);
/// The only queue, with one who waits there.
const ONE_WAITS: &str = "Waxwing Supplies, 1";

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
fn whoever_writes_while_their_agent_is_gone_gets_another_one_who_reads_what_was_said() {
    let world = World::start();
    left_behind(&world);
    let mut leo = look(&world);
    world.say(CONTACT, "And is it large?");
    leo.lose(", It is blue");
    leo.key(Modifiers::COMMAND, Key::Num1);
    leo.click(", waiting 00:");
    leo.see("And is it large?");
    leo.see("It is blue");
    let mut ana = Window::open_as(&world, "ana", USER_NAME);
    ana.key(Modifiers::COMMAND, Key::Num2);
    ana.see("My WhatsApp workbin, 0");
    leo.send("Very large");
    wait::until("the answer leaves", || {
        leo.step();
        (world.received() == ["It is blue", "Very large"]).then_some(())
    });
}

/// The contact writes again while Ana is back but not ready; the lead is, and gets nobody.
fn kept_for_ana(world: &World) -> (Window, Window) {
    left_behind(world);
    let mut leo = look(world);
    let mut ana = Window::open_as(world, "ana", USER_NAME);
    ana.key(SHIFTED, Key::R);
    ana.see("Status: Not Ready");
    world.say(CONTACT, "And is it large?");
    leo.see(ONE_WAITS);
    leo.key(Modifiers::COMMAND, Key::Num1);
    assert!(!leo.shows("Message to "), "the contact is known to Ana");
    (ana, leo)
}

#[test]
fn the_agent_who_had_a_contact_gets_them_again_by_being_ready_in_time() {
    let world = World::start();
    let (mut ana, mut leo) = kept_for_ana(&world);
    ana.key(SHIFTED, Key::R);
    ana.click(", waiting 00:");
    ana.see("And is it large?");
    leo.key(Modifiers::COMMAND, Key::Num2);
    leo.see("Waxwing Supplies, 0");
    leo.key(Modifiers::COMMAND, Key::Num1);
    assert!(!leo.shows("Message to "), "nobody else has them");
}

#[test]
fn a_contact_whose_agent_does_not_come_in_time_gets_another_one() {
    let world = World::start();
    let (mut ana, mut leo) = kept_for_ana(&world);
    world.pass(61);
    // What is due is done as soon as somebody signs in.
    world.as_lead(Method::GET, CHANGES, Vec::new());
    leo.click(&format!("{CONTACT}, "));
    leo.see("And is it large?");
    ana.key(SHIFTED, Key::R);
    ana.see("Status: Ready");
    assert!(!ana.shows("Message to "), "nobody is two agents'");
}

#[test]
fn of_two_who_open_it_at_once_one_has_it_and_the_other_reads_who() {
    let world = World::start();
    left_behind(&world);
    let mut leo = look(&world);
    let mut ana = Window::open_as(&world, "ana", USER_NAME);
    ana.key(Modifiers::COMMAND, Key::Num2);
    for window in [&mut ana, &mut leo] {
        window.click(", It is blue");
        window.see("Read only. ");
    }
    // So both are asked for before either is granted.
    world.while_nothing_is_written(|| {
        for window in [&mut ana, &mut leo] {
            window.key(Modifiers::NONE, Key::Enter);
        }
    });
    let has_it = |window: &mut Window| window.shows("Message to ");
    let winner = wait::until("somebody has it", || {
        if has_it(&mut ana) {
            return Some("Ana Ruiz");
        }
        has_it(&mut leo).then_some("Leo Lind")
    });
    let loser = if winner == "Ana Ruiz" { &mut leo } else { &mut ana };
    // Its row has gone with that, so it is said where it stays until it is read.
    loser.lose(", It is blue");
    loser.see(&format!("{CONTACT}. Not opened: {winner} has this interaction open."));
    loser.key(Modifiers::COMMAND, Key::Num1);
    assert!(!has_it(loser), "nobody is two agents'");
}
