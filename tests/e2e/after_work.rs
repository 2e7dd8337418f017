//! What comes after a conversation: its end, what is noted about it, *Done* and that taken back, and the next one, which we begin.

use egui::{Key, Modifiers};
use reqwest::{Method, StatusCode};
use serde_json::Value;
use waxwing_gateway::config::Config;
use waxwing_protocol::{id::InteractionId, wrap_up::undo_done};

use crate::{
    wait,
    window::Window,
    world::{CONTACT, LEAD, USER_NAME, World},
};

const SHIFTED: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);
const FAREWELL: &str = "Thank you, and goodbye.";

/// A house that says goodbye, and wants to know what came of everything.
fn house(config: &mut Config) {
    config.wrap_up = toml::from_str(&format!(
        r#"farewell = "{FAREWELL}"
        required = true
        dispositions = [
            {{ code = "money", name = "Money" }},
            {{ code = "refund", name = "Refunded", parent = "money" }},
            {{ code = "other", name = "Something else" }},
        ]"#
    ))
    .expect("reads");
}

/// A conversation in which a contact was answered.
fn answered(world: &World) -> Window {
    let mut window = Window::open(world);
    world.say(CONTACT, "Is it blue?");
    window.click(", waiting 00:");
    window.send("It is");
    window.see("Read · ");
    window
}

/// What lies before the agent.
fn before_them(world: &World) -> Vec<Value> {
    let interactions = world.snapshot()["interactions"].take();
    let mut interactions: Vec<Value> = serde_json::from_value(interactions).expect("a list");
    interactions.iter_mut().map(|one| one["interaction"].take()).collect()
}

#[test]
fn an_end_is_told_to_the_contact_noted_and_done_and_that_can_be_undone_for_ten_seconds() {
    let world = World::start_with(house);
    let mut window = answered(&world);
    window.press("End");
    window.see("The session has ended.");
    window.see(FAREWELL);
    wait::until("the contact reads the farewell", || {
        window.step();
        (world.received() == ["It is", FAREWELL]).then_some(())
    });
    window.key(SHIFTED, Key::T);
    window.fill("Note on this interaction", "sent the colour chart");
    window.press("Done");
    window.see("Choose what came of it; then it is done.");
    window.press("Money › Refunded");
    window.lose("The session has ended.");
    assert!(before_them(&world).is_empty(), "it is done");

    window.click("Undo (");
    window.see("The session has ended.");
    let back = before_them(&world);
    assert_eq!((back.len(), &back[0]["phase"]), (1, &Value::from("ended")), "{back:?}");
    assert_eq!(
        (&back[0]["note"]["text"], &back[0]["disposition"]),
        (&Value::from("sent the colour chart"), &Value::from("refund"))
    );

    window.press("Done");
    window.lose("The session has ended.");
    window.see("Undo (");
    let id: InteractionId = back[0]["id"].as_str().expect("an id").parse().expect("an id");
    world.pass(11);
    let (status, told) = world.asks(USER_NAME, Method::POST, &undo_done(id), Vec::new());
    assert_eq!(
        (status, &told["detail"]),
        (StatusCode::CONFLICT, &Value::from("This can't be undone any more."))
    );
    // With the next thing that it hears, the desktop knows how late it is.
    world.say("15550100998", "Me, too");
    window.see(", waiting 00:");
    window.lose("Undo (");
    assert_eq!(world.received(), ["It is", FAREWELL], "it was said once");
}

#[test]
fn a_session_that_has_ended_is_gone_on_with_in_a_new_one_which_is_never_doubled() {
    let world = World::start();
    let mut window = answered(&world);
    // Words that were not sent go along.
    window.write("One more thing");
    window.press("End");
    window.press("Create new session");
    window.reads("One more thing");
    window.key(Modifiers::NONE, Key::Enter);
    wait::until("it arrives", || {
        window.step();
        (world.received() == ["It is", "One more thing"]).then_some(())
    });
    // From then on it is like any other.
    world.say(CONTACT, "Which one?");
    window.see("Which one?");
    window.see(", waiting 00:");
    let both = before_them(&world);
    let phases: Vec<_> = both.iter().map(|one| &one["phase"]).collect();
    assert_eq!(phases.len(), 2, "{both:?}");
    assert!(phases.contains(&&Value::from("ended")) && phases.contains(&&Value::from("open")), "{both:?}");
    assert_ne!(both[0]["session"], both[1]["session"]);

    // The ended one stands below, as nobody waits there.
    window.key(Modifiers::ALT, Key::ArrowDown);
    window.press("Create new session");
    window.see("was under way already: you go on with it.");
    window.see("Message to ");
    assert_eq!(before_them(&world).len(), 2, "it was joined");
}

#[test]
fn a_new_chat_from_my_history_is_joined_from_the_directory_and_a_colleague_reads_who_has_it() {
    let world = World::start();
    let mut window = answered(&world);
    window.press("Done");
    window.lose("Message to ");
    window.key(Modifiers::COMMAND, Key::Num3);
    window.click(&format!("{CONTACT}, "));
    window.see("Read only. ");
    window.press("Create new chat");
    window.send("Here is a voucher");
    wait::until("it arrives", || {
        window.step();
        (world.received() == ["It is", "Here is a voucher"]).then_some(())
    });

    window.key(Modifiers::COMMAND, Key::Num4);
    window.press(CONTACT);
    window.press("Create new chat");
    window.see("was under way already: you go on with it.");
    window.see("Message to ");
    assert_eq!(before_them(&world).len(), 1, "it was joined");

    let mut leo = Window::open_as(&world, "leo", LEAD);
    leo.key(Modifiers::COMMAND, Key::Num4);
    leo.press(CONTACT);
    leo.press("Create new chat");
    leo.see("Ana Ruiz has the conversation with this contact before them.");
    leo.key(Modifiers::COMMAND, Key::Num1);
    assert!(!leo.shows("Message to "), "nobody is two agents'");
}
