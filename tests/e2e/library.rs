//! Prepared replies: from whoever leads the team to the agent's composer, and from there to the contact, once each.

use std::time::Duration;

use chrono::DateTime;
use egui::{Key, Modifiers};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use waxwing_protocol::{
    id::{ClientRef, ResponseId},
    library, upload,
};

use crate::{
    wait,
    window::Window,
    world::{CONTACT, World},
};

const POLICY: &[u8] = b"Money comes back within three days.";

impl World {
    /// Puts a reply into the library, or changes it.
    fn put_response(&self, number: u8, content: &Value) {
        let id = ResponseId::new(DateTime::UNIX_EPOCH, [number; 10]);
        self.as_lead(Method::PUT, &library::response(id), content.to_string().into_bytes());
    }

    /// Brings a file into the library; says what a response calls it.
    fn put_file(&self, name: &str, bytes: &[u8]) -> Value {
        let hash: Vec<String> = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let begin = json!({
            "client_ref": ClientRef::new(DateTime::UNIX_EPOCH, [7; 10]), "kind": "document", "file_name": name,
            "size_bytes": bytes.len(), "sha256": hash.concat(),
        });
        let begun = self.as_lead(Method::POST, library::LIBRARY_UPLOADS, begin.to_string().into_bytes());
        let attachment = begun["attachment"].as_str().expect("an id").parse().expect("an id");
        let ended = self.as_lead(Method::PUT, &upload::piece(attachment, 0), bytes.to_vec());
        assert_eq!(ended["state"], "ready", "{ended}");
        json!({"attachment": begun["attachment"], "kind": "document", "file_name": name, "size_bytes": bytes.len()})
    }

    fn delivery_today(&self) {
        let file = self.put_file("policy.txt", POLICY);
        self.put_response(
            1,
            &json!({
                "based_on": 0, "name": "Delivery today", "shortcut": "dt", "active": true, "files": [file],
                "body": "The courier for {{what}} comes before {{time}}. <$Agent.FirstName$>",
            }),
        );
    }

    fn uses(&self) -> Value {
        self.as_lead(Method::GET, library::USAGE, Vec::new())["responses"].take()
    }
}

/// A window on the contact's conversation, once the library is there.
fn opened(world: &World) -> Window {
    let mut window = Window::open(world);
    world.say(CONTACT, "When does it come?");
    window.click(", waiting 00:");
    window.see("Message to ");
    window
}

/// Types a shortcut until it is offered, then takes it.
fn insert(window: &mut Window, shortcut: &str, offered: &str) {
    window.write(shortcut);
    window.see(offered);
    window.key(Modifiers::NONE, Key::Tab);
}

fn kinds(sent: &[Value]) -> Vec<&str> {
    sent.iter().map(|body| body["type"].as_str().expect("a type")).collect()
}

#[test]
fn a_shortcut_brings_it_and_the_words_leave_before_the_file() {
    let world = World::start();
    world.delivery_today();
    let mut window = opened(&world);
    insert(&mut window, "/dt", "Delivery today /dt");
    window.reads("The courier for {{what}} comes before {{time}}. Ana");
    window.see("policy.txt");
    window.key(Modifiers::NONE, Key::Enter);
    window.see("Fill in {{what}} first");
    window.type_in("the tulips");
    window.key(Modifiers::NONE, Key::Tab);
    window.type_in("noon");
    window.reads("The courier for the tulips comes before noon. Ana");
    window.key(Modifiers::NONE, Key::Enter);
    let sent = wait::until("both are sent", || Some(world.sent()).filter(|sent| sent.len() == 2));
    assert_eq!(kinds(&sent), ["text", "document"]);
    assert_eq!(sent[0]["text"]["body"], "The courier for the tulips comes before noon. Ana");
    assert_eq!(sent[1]["document"]["filename"], "policy.txt");
    assert_eq!(world.file(sent[1]["document"]["id"].as_str().expect("by id")), POLICY);
    window.lose("Remove \u{2068}policy.txt");
    wait::until("it is counted once", || (world.uses()[0]["uses"] == 1).then_some(()));
}

#[test]
fn a_desktop_that_ends_half_way_finishes_once() {
    let mut world = World::start();
    world.delivery_today();
    let mut window = opened(&world);
    insert(&mut window, "/dt", "Delivery today /dt");
    window.type_in("it");
    window.key(Modifiers::NONE, Key::Tab);
    window.type_in("noon");
    window.reads("The courier for it comes before noon. Ana");
    wait::until("the draft is kept", || {
        window.step();
        let draft = &world.snapshot()["interactions"][0]["draft"]["text"];
        (draft == "The courier for it comes before noon. Ana").then_some(())
    });
    drop(window);

    let mut window = Window::open(&world);
    window.see("policy.txt");
    window.reads("The courier for it comes before noon. Ana");
    world.stop_gateway();
    window.see("Reconnecting since");
    window.write("!");
    window.key(Modifiers::NONE, Key::Enter);
    window.see("Queued · ");
    drop(window);

    world.start_gateway();
    let mut window = Window::open(&world);
    let sent = wait::until("both are sent", || {
        window.step();
        Some(world.sent()).filter(|sent| sent.len() >= 2)
    });
    window.lose("Queued · ");
    assert_eq!(kinds(&sent), ["text", "document"]);
    assert_eq!(world.sent().len(), 2, "once each");
    wait::until("it is counted once", || (world.uses()[0]["uses"] == 1).then_some(()));
}

#[test]
fn what_somebody_else_changes_is_there_within_a_second() {
    let world = World::start();
    world.delivery_today();
    let mut window = opened(&world);
    window.write("/tulip");
    assert!(!window.shows("Tulips are back /tulip"));
    world.put_response(
        2,
        &json!({
            "based_on": 0, "name": "Tulips are back", "shortcut": "tulip", "active": true, "body": "They are back.",
        }),
    );
    wait::within(Duration::from_secs(1), "the new one", || {
        window.shows("Tulips are back /tulip").then_some(())
    });
    window.key(Modifiers::NONE, Key::Tab);
    window.reads("They are back.");
}
