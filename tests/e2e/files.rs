//! Files, both ways: what the agent attaches arrives byte for byte behind their words; what contacts send can be had.

use std::{f32::consts::TAU, io::Write as _};

use serde_json::{Value, json};
use waxwing::platform::recorder::Block;
use waxwing_media::audio::{self, Codec};

use crate::{
    wait,
    window::Window,
    world::{CONTACT, World},
};

fn fixture(name: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("media/tests/fixtures").join(name)
}

/// Waits until so many messages are at WhatsApp.
fn sent(world: &World, count: usize) -> Vec<Value> {
    wait::until("they are sent", || Some(world.sent()).filter(|sent| sent.len() >= count))
}

#[test]
fn files_follow_the_words_one_after_another_and_arrive_as_they_are() {
    let world = World::start();
    let script = world.folder_of("").join("invoice.pdf");
    std::fs::write(&script, "#!/bin/sh\necho gotcha\n").expect("writes");
    let mut window = Window::open(&world);
    world.say(CONTACT, "Which one is it?");
    window.click(", waiting 00:");
    window.drop_files(&[fixture("still.png"), script, fixture("voice.ogg")]);
    window.see("Remove \u{2068}voice.ogg");
    window.see("Can't be sent");
    window.lose("Looking at it…");
    window.send("These two.");
    let sent = sent(&world, 3);
    let kinds: Vec<_> = sent.iter().map(|body| body["type"].as_str().expect("a type")).collect();
    assert_eq!(kinds, ["text", "image", "audio"]);
    let voice = sent[2]["audio"]["id"].as_str().expect("by id");
    assert_eq!(world.file(voice), std::fs::read(fixture("voice.ogg")).expect("reads"));
    window.lose("Pending response");
    window.see("Can't be sent");
}

#[test]
fn a_file_goes_on_where_it_was_when_the_gateway_comes_back() {
    let mut world = World::start();
    let mut window = Window::open(&world);
    world.say(CONTACT, "Send it over");
    window.click(", waiting 00:");
    let large = world.folder_of("").join("notes.txt");
    let line = "All work and no play makes a long file.\n";
    std::fs::write(&large, line.repeat(200_000)).expect("writes");
    window.drop_files(std::slice::from_ref(&large));
    window.see("Caption of \u{2068}notes.txt");
    world.stop_gateway();
    window.send("Here it comes.");
    window.see("Kept here");
    world.start_gateway();
    let sent = sent(&world, 2);
    assert_eq!(sent[0]["text"]["body"], "Here it comes.");
    assert_eq!(sent[1]["document"]["filename"], "notes.txt");
    let id = sent[1]["document"]["id"].as_str().expect("by id");
    assert_eq!(world.file(id), std::fs::read(large).expect("reads"));
}

#[test]
fn what_the_administrator_does_not_let_out_is_told_on_the_strip() {
    let mut world = World::start();
    world.stop_gateway();
    world.limit_files("outgoing = [{ type = 'audio/*', allow = false }]");
    world.start_gateway();
    let mut window = Window::open(&world);
    world.say(CONTACT, "Which one is it?");
    window.click(", waiting 00:");
    window.drop_files(&[fixture("still.png"), fixture("voice.ogg")]);
    window.see("Your administrator does not let files of this type be sent (audio/ogg).");
    window.see("Caption of \u{2068}still.png");
    window.send("This one.");
    let sent = sent(&world, 2);
    assert_eq!(sent[1]["type"], "image");
    window.see("Can't be sent");

    // The rule goes while the gateway is away: what is attached next may be sent.
    world.stop_gateway();
    world.limit_files("");
    window.see("Reconnecting");
    world.start_gateway();
    window.lose("Reconnecting");
    window.click("Remove \u{2068}voice.ogg");
    window.drop_files(&[fixture("voice.ogg")]);
    window.see("Remove \u{2068}voice.ogg");
    window.lose("Looking at it…");
    window.send("And this.");
    assert_eq!(self::sent(&world, 4)[3]["type"], "audio");
}

#[test]
fn what_is_said_into_the_microphone_arrives_as_a_voice_message() {
    let world = World::start();
    let mut window = Window::open(&world);
    world.say(CONTACT, "Call me?");
    window.click(", waiting 00:");
    window.press("Record a voice message");
    let tone = |frame: u16| (TAU * 440.0 * f32::from(frame) / 48_000.0).sin() * 0.5;
    window.speak(Block { rate: 48_000, channels: 1, samples: (0..48_000).map(tone).collect() });
    window.press("Finish");
    window.see("Remove \u{2068}Voice message");
    window.lose("Looking at it…");
    window.send("Listen:");
    let sent = sent(&world, 2);
    assert_eq!(sent[0]["text"]["body"], "Listen:");
    assert_eq!((&sent[1]["type"], &sent[1]["audio"]["voice"]), (&json!("audio"), &json!(true)));
    let voice = world.file(sent[1]["audio"]["id"].as_str().expect("by id"));
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(&voice).expect("writes");
    let about = audio::about(file).expect("it can be heard");
    assert_eq!((about.codec, about.channels), (Codec::Opus, 1));
    assert!((990..=1_010).contains(&about.duration_ms), "{}", about.duration_ms);
}

#[test]
fn what_a_contact_sends_is_what_it_is_whatever_it_says() {
    let world = World::start();
    let mut window = Window::open(&world);
    let file = |bytes: &[u8], mime: &str| world.add_bytes(mime, bytes);
    let picture = file(&std::fs::read(fixture("turned.jpg")).expect("reads"), "image/jpeg");
    world
        .say_payload(CONTACT, &json!({"type": "image", "image": {"id": picture, "mime_type": "image/jpeg"}}));
    let script = file(b"#!/bin/sh\necho gotcha\n", "application/pdf");
    let name = "../../\u{202e}fdp.bill.sh";
    let document = json!({"id": script, "mime_type": "application/pdf", "filename": name});
    world.say_payload(CONTACT, &json!({"type": "document", "document": document}));
    window.click(", waiting 00:");
    window.see("Picture, ");
    window.see("Waxwing never opens");
    assert!(!window.shows("\u{202e}"), "nothing turns the words beside it round");
}
