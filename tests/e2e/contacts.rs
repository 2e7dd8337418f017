//! Contacts and the past: somebody is found, given a name that every desktop sees, and written to first.

use egui::{Key, Modifiers};

use crate::{
    wait,
    window::Window,
    world::{CONTACT, LEAD, World},
};

/// The contact of [`CONTACT`], as somebody would type the number.
const TYPED: &str = "+1 (555) 010-0999";

#[test]
fn whoever_wrote_is_found_by_their_number_and_a_name_given_to_them_is_seen_on_another_desktop() {
    let world = World::start();
    let mut window = Window::open(&world);
    world.say(CONTACT, "Is it blue?");
    window.click(", waiting 00:");
    window.see("Is it blue?");
    let mut other = Window::open_on(&world, "laptop");
    other.see(", waiting 00:");

    window.key(Modifiers::COMMAND, Key::Num4);
    window.fill("Search contacts", TYPED);
    // Whoever is in front is found, and is looked at with the first arrow.
    window.see("Favourite ");
    window.key(Modifiers::NONE, Key::Escape);
    window.key(Modifiers::NONE, Key::ArrowDown);
    window.press("Edit");
    window.fill("Name", "Nina Novák");
    window.press("Save");
    window.see("Favourite Nina Novák");
    other.see("Nina Novák, ");
}

#[test]
fn somebody_new_is_kept_once_and_a_chat_with_them_begins_with_a_notification() {
    const NEW: &str = "+49 30 901820";
    let world = World::start();
    let mut window = Window::open(&world);
    window.key(Modifiers::COMMAND, Key::Num4);
    window.press("New contact");
    window.fill("Phone number on WhatsApp", NEW);
    window.fill("Name", "Nobody Yet");
    window.press("Save");
    window.see("Favourite Nobody Yet");
    window.press("Create new chat");
    // Nothing else may be sent to somebody who never wrote.
    window.see("Search notifications");
    window.see("hello_world, Utility");
    window.type_in("hello_world");
    window.lose("HSM_payment_confirmation, Utility");
    window.key(Modifiers::NONE, Key::Enter);
    window.see("· Approved · ");
    window.click("Send");
    let sent = wait::until("it is sent", || {
        window.step();
        world.sent().into_iter().rfind(|body| body["type"] == "template")
    });
    assert_eq!(sent["to"], "+4930901820", "{sent}");
    assert_eq!(sent["template"]["name"], "hello_world");

    window.key(Modifiers::COMMAND, Key::Num4);
    window.press("New contact");
    window.fill("Phone number on WhatsApp", NEW);
    window.press("Save");
    window.see("Not saved. ");
    window.see("Look for them");
}

#[test]
fn words_lead_to_a_past_interaction_and_on_from_there_to_a_new_chat() {
    let world = World::start();
    let mut window = Window::open(&world);
    world.say(CONTACT, "My bouquet of tulips came too late");
    window.click(", waiting 00:");
    window.see("My bouquet of tulips came too late");
    window.send("We are sorry");
    window.lose("Pending response");
    window.press("Done");
    window.lose("Message to ");

    window.key(Modifiers::COMMAND, Key::Num3);
    window.press("Interaction Search");
    window.fill("Search messages", "tulips");
    window.click("Hit: My bouquet of tulips came too late");
    window.see("Read only. ");
    window.see("We are sorry");
    window.press("What happened");
    window.see("marked it done");
    window.press("Create new chat");
    window.see("Message to ");
    window.send("Here is a voucher");
    wait::until("it arrives", || {
        window.step();
        world.received().contains(&"Here is a voucher".to_owned()).then_some(())
    });
}

#[test]
fn an_unknown_sender_is_assigned_to_somebody_known_and_parted_from_them_again_on_every_desktop() {
    const UNKNOWN: &str = "15550100222";
    let world = World::start();
    let mut ana = Window::open(&world);
    world.say(CONTACT, "My bicycle is broken");
    ana.click(", waiting 00:");
    ana.send("Bring it here");
    ana.see("Read · ");
    ana.press("Done");
    ana.lose("Message to ");
    ana.key(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::R);
    ana.see("Status: Not Ready");
    let mut leo = Window::open_as(&world, "leo", LEAD);
    world.say(UNKNOWN, "It is broken again");
    leo.click(", waiting 00:");
    leo.see(&format!("Message to {UNKNOWN}"));

    ana.key(Modifiers::COMMAND, Key::Num4);
    ana.press(CONTACT);
    ana.press("Edit");
    ana.fill("Name", "Nina Novák");
    ana.press("Save");
    ana.see("Favourite Nina Novák");
    ana.press("More with this contact");
    ana.press("Merge with…");
    ana.see("Choose in the list whom");
    ana.press(UNKNOWN);
    ana.press("The other way round");
    ana.press("Make them one");
    ana.see("They are one contact now.");
    leo.see("Message to Nina Novák");
    ana.lose(&format!("Favourite {UNKNOWN}"));
    leo.press("See older messages…");
    leo.see("My bicycle is broken");
    // What was said with either is hers, and what they write next.
    ana.press("History");
    ana.see("My bicycle is broken, ");
    ana.see("It is broken again, ");
    world.say(UNKNOWN, "Is anybody there?");
    leo.see("Is anybody there?");
    leo.see("Message to Nina Novák");

    ana.press("Undo");
    leo.see(&format!("Message to {UNKNOWN}"));
    leo.lose("My bicycle is broken");
    ana.see(&format!("Favourite {UNKNOWN}"));
    ana.see("Favourite Nina Novák");
    leo.send("We are here");
    wait::until("it arrives at whoever wrote", || {
        leo.step();
        let sent = world.sent();
        sent.iter()
            .any(|body| body["text"]["body"] == "We are here" && body["to"] == format!("+{UNKNOWN}"))
            .then_some(())
    });
}
