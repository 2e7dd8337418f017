//! Files that are about to be sent: how they come onto the strip, what is done with them there, and when they go.

use std::{path::PathBuf, sync::Arc};

use chrono::TimeDelta;
use egui::{ColorImage, DroppedFile, Event, HoveredFile, Key, Modifiers, PointerButton, pos2, vec2};
use egui_kittest::{Harness, kittest::Queryable as _};
use waxwing::{
    desk::{
        file::{FileRefused, FileSource, ReadyFile, WayOut},
        input::{Command, Outcome},
        picture::PictureKey,
    },
    ui::Action,
};
use waxwing_protocol::{
    attachment::About,
    id::ClientRef,
    message::{MAX_CAPTION_CHARS, MediaKind},
};

use crate::{
    attachments::{about, photo, plain},
    fixture::{Window, desk, interaction, interaction_id, now, window, with_active, wrote},
    hand::{MIDDLE, asked, click, command, drag, key, open, outcome, place, type_in},
};

fn client_ref(number: u8) -> ClientRef {
    ClientRef::new(now(), [number; 10])
}

fn ready(name: &str, kind: MediaKind, about: About) -> ReadyFile {
    ReadyFile { name: name.to_owned(), kind, size_bytes: 1_200_000, about: Box::new(about), voice: false }
}

/// A window on a conversation with Ada, with files on the strip that are being looked at.
fn with_files<'a>(names: &[&str]) -> Harness<'a, Window> {
    let mut harness = open(vec![wrote(1, 60, "hello")]);
    let source = |name: &&str| FileSource::Path(PathBuf::from(format!("/home/jana/{name}")));
    let files = (1..).zip(names).map(|(number, name)| (client_ref(number), source(name))).collect();
    command(&mut harness, Command::Attach { interaction: interaction_id(1), files });
    asked(&mut harness);
    harness
}

fn taken_in(harness: &mut Harness<'_, Window>, number: u8, result: Result<ReadyFile, FileRefused>) {
    let (interaction, client_ref) = (interaction_id(1), client_ref(number));
    outcome(harness, Outcome::TakenIn { interaction, client_ref, result });
    asked(harness);
}

/// The same, with all of them ready as documents.
fn with_ready_files<'a>(names: &[&str]) -> Harness<'a, Window> {
    let mut harness = with_files(names);
    for (number, name) in (1..).zip(names) {
        taken_in(&mut harness, number, Ok(ready(name, MediaKind::Document, about("application/pdf"))));
    }
    harness
}

fn card(number: usize, of: usize, name: &str) -> String {
    format!("File {number} of {of}: \u{2068}{name}\u{2069}, 1.2 MB")
}

fn commands(harness: &mut Harness<'_, Window>) -> Vec<Command> {
    let command = |action| match action {
        Action::Command(Command::Seen { .. } | Command::Typing { .. } | Command::KeepDraft { .. }) => None,
        Action::Command(command) => Some(command),
        _ => None,
    };
    asked(harness).into_iter().filter_map(command).collect()
}

fn sends(harness: &mut Harness<'_, Window>) -> Vec<String> {
    let sent = |action| match action {
        Action::Send { text, .. } => Some(text),
        _ => None,
    };
    asked(harness).into_iter().filter_map(sent).collect()
}

#[test]
fn files_are_chosen_by_a_button_and_by_a_key() {
    let mut harness = open(vec![wrote(1, 60, "hello")]);
    click(&mut harness, "Attach files");
    assert!(asked(&mut harness).contains(&Action::PickFiles(interaction_id(1))));
    key(&mut harness, Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::A);
    assert_eq!(asked(&mut harness), [Action::PickFiles(interaction_id(1))]);
}

#[test]
fn each_file_tells_how_it_stands_and_how_it_can_be_sent_after_all() {
    let mut harness = with_files(&["scan.png", "box.jpg"]);
    place(&harness, "File 1 of 2: \u{2068}scan.png\u{2069}, looking at it");
    let reason = "It is a picture of 7.4 MB, and WhatsApp takes 5 MB at most.".to_owned();
    let ways_out = vec![WayOut::MakeSmaller, WayOut::SendAsDocument];
    taken_in(&mut harness, 1, Err(FileRefused { reason: reason.clone(), ways_out }));
    place(&harness, &format!("File 1 of 2: \u{2068}scan.png\u{2069}, {reason}"));
    place(&harness, &reason);
    taken_in(&mut harness, 2, Err(FileRefused { reason: "It is empty.".to_owned(), ways_out: Vec::new() }));
    place(&harness, "None of the files can be sent as it is.");
    let rework = |way| Command::Rework { interaction: interaction_id(1), client_ref: client_ref(1), way };
    click(&mut harness, "Make smaller");
    assert_eq!(commands(&mut harness), [rework(WayOut::MakeSmaller)]);
    click(&mut harness, "Send as document");
    assert_eq!(commands(&mut harness), [rework(WayOut::SendAsDocument)]);
}

#[test]
fn a_picture_is_seen_on_its_card() {
    let mut harness = with_files(&["box.jpg"]);
    let file = ready("box.jpg", MediaKind::Image, photo([400, 300]));
    let (interaction, client_ref) = (interaction_id(1), client_ref(1));
    outcome(&mut harness, Outcome::TakenIn { interaction, client_ref, result: Ok(file) });
    let wanted = Action::WantPicture(PictureKey::Ours(client_ref));
    assert!(asked(&mut harness).contains(&wanted));
    harness.state_mut().album.0.insert(PictureKey::Ours(client_ref), plain());
    harness.run_steps(2);
    assert_eq!(asked(&mut harness), []);
}

#[test]
fn nothing_goes_while_a_file_is_looked_at_and_files_go_without_words() {
    let mut harness = with_files(&["offer.pdf"]);
    place(&harness, "Wait a moment: a file is still being looked at.");
    type_in(&mut harness, "Here");
    key(&mut harness, Modifiers::NONE, Key::Enter);
    assert_eq!(sends(&mut harness), [""; 0]);
    taken_in(&mut harness, 1, Ok(ready("offer.pdf", MediaKind::Document, about("application/pdf"))));
    key(&mut harness, Modifiers::NONE, Key::Enter);
    assert_eq!(sends(&mut harness), ["Here"]);
    key(&mut harness, Modifiers::NONE, Key::Enter);
    assert_eq!(sends(&mut harness), [""], "a file needs no words");
}

#[test]
fn captions_are_kept_counted_and_never_cut() {
    let mut harness = with_ready_files(&["offer.pdf"]);
    let field = "Caption of \u{2068}offer.pdf\u{2069}";
    click(&mut harness, field);
    type_in(&mut harness, "The offer");
    let (interaction, client_ref) = (interaction_id(1), client_ref(1));
    let kept = |caption: &str| Command::Caption { interaction, client_ref, caption: caption.to_owned() };
    assert_eq!(commands(&mut harness), [], "typing goes on");
    harness.state_mut().now = now() + TimeDelta::milliseconds(450);
    harness.run_steps(3);
    assert_eq!(commands(&mut harness), [kept("The offer")], "at a pause");
    type_in(&mut harness, "!");
    key(&mut harness, Modifiers::NONE, Key::Enter);
    let mut all = asked(&mut harness)
        .into_iter()
        .skip_while(|action| !matches!(action, Action::Command(Command::Caption { .. })));
    assert_eq!(all.next(), Some(Action::Command(kept("The offer!"))), "what is sent is kept before");
    let sent = Action::Send { interaction, text: String::new(), quote: None };
    assert_eq!(all.next(), Some(sent), "the key that sends does so here too");

    click(&mut harness, field);
    let long = "x".repeat(MAX_CAPTION_CHARS);
    type_in(&mut harness, &long);
    place(&harness, "1,033 / 1,024");
    place(&harness, "A caption holds 1,024 characters at most.");
    asked(&mut harness);
    key(&mut harness, Modifiers::NONE, Key::Enter);
    assert_eq!(sends(&mut harness), [""; 0]);
    assert_eq!(harness.get_by_label(field).value(), Some(format!("The offer{long}")));
}

#[test]
fn files_are_removed_one_by_one_and_all_at_once() {
    let mut harness = with_ready_files(&["a.pdf", "b.pdf"]);
    let detach = |number| Command::Detach { interaction: interaction_id(1), client_ref: client_ref(number) };
    click(&mut harness, "Remove \u{2068}b.pdf\u{2069}");
    assert_eq!(commands(&mut harness), [detach(2)]);
    click(&mut harness, "Remove all");
    assert_eq!(commands(&mut harness), [detach(1), detach(2)]);
    harness.get_by_label(&card(1, 2, "a.pdf")).focus();
    harness.run_steps(2);
    key(&mut harness, Modifiers::NONE, Key::Delete);
    assert_eq!(commands(&mut harness), [detach(1)]);
}

#[test]
fn files_are_put_in_order_by_keys_and_by_dragging() {
    let mut harness = with_ready_files(&["a.pdf", "b.pdf", "c.pdf"]);
    let reorder = |number, place| Command::Reorder {
        interaction: interaction_id(1),
        client_ref: client_ref(number),
        place,
    };
    harness.get_by_label(&card(2, 3, "b.pdf")).focus();
    harness.run_steps(2);
    for (arrow, place) in [(Key::ArrowLeft, 0), (Key::ArrowRight, 2)] {
        key(&mut harness, Modifiers::ALT, arrow);
        assert_eq!(commands(&mut harness), [reorder(2, place)]);
    }
    let (first, last) = (place(&harness, &card(1, 3, "a.pdf")), place(&harness, &card(3, 3, "c.pdf")));
    let grip = vec2(20.0, 20.0);
    drag(&mut harness, first.min + grip, last.right_top() + vec2(-4.0, 20.0));
    assert_eq!(commands(&mut harness), [reorder(1, 2)]);
    drag(&mut harness, last.min + grip, first.min + grip);
    assert_eq!(commands(&mut harness), [reorder(3, 0)]);
    drag(&mut harness, first.min + grip, first.min + grip + vec2(30.0, 0.0));
    assert_eq!(commands(&mut harness), [], "it stays where it is");
}

#[derive(Debug)]
struct Dropped(PathBuf);

impl DroppedFile for Dropped {
    fn path(&self) -> &std::path::Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        Err("a frame reads no file".to_owned())
    }
}

fn drops(harness: &mut Harness<'_, Window>) {
    harness.input_mut().hovered_files.clear();
    harness.input_mut().dropped_files = vec![Arc::new(Dropped("/home/jana/box.jpg".into()))];
    harness.run_steps(1);
    harness.input_mut().dropped_files.clear();
    harness.run_steps(2);
}

fn attach(number: u8) -> Action {
    let files = vec![FileSource::Path("/home/jana/box.jpg".into())];
    Action::Attach { interaction: interaction_id(number), files }
}

#[test]
fn files_are_dropped_onto_a_target() {
    let mut harness = open(vec![wrote(1, 60, "hello")]);
    asked(&mut harness);
    harness.hover_at(MIDDLE);
    harness.input_mut().hovered_files = vec![HoveredFile::default()];
    harness.run_steps(2);
    place(&harness, "Drop to attach to \u{2068}Ada\u{2069}");
    drops(&mut harness);
    assert_eq!(asked(&mut harness), [attach(1)]);
    assert!(harness.query_by_label_contains("Drop to attach").is_none());
}

#[test]
fn files_dropped_where_nobody_is_are_told_of() {
    let desk = desk(vec![interaction(1, "Ada", None, vec![wrote(1, 60, "hello")])], Vec::new());
    let mut harness = window(desk, 1440.0);
    let words = "Open a conversation first, then drop the files there.";
    harness.hover_at(MIDDLE);
    harness.input_mut().hovered_files = vec![HoveredFile::default()];
    harness.run_steps(2);
    place(&harness, words);
    harness.input_mut().hovered_files.clear();
    harness.run_steps(2);
    assert!(harness.query_by_label(words).is_none());
    drops(&mut harness);
    place(&harness, words);
    assert_eq!(asked(&mut harness), []);
    harness.state_mut().activate(1);
    harness.run_steps(2);
    assert!(harness.query_by_label(words).is_none());
}

#[test]
fn files_are_dropped_onto_the_window_of_their_conversation() {
    let two = vec![
        interaction(1, "Ada", None, vec![wrote(1, 60, "hello")]),
        interaction(2, "Bob", None, vec![wrote(2, 60, "good day")]),
    ];
    let mut harness = window(with_active(desk(two, Vec::new()), 2), 1440.0);
    key(&mut harness, Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::O);
    harness.state_mut().activate(1);
    harness.run_steps(4);
    asked(&mut harness);
    let own = place(&harness, "good day");
    harness.hover_at(own.center());
    harness.run_steps(2);
    drops(&mut harness);
    assert!(asked(&mut harness).contains(&attach(2)));
}

#[test]
fn a_picture_or_files_are_pasted_and_words_are_as_ever() {
    let mut harness = open(vec![wrote(1, 60, "hello")]);
    let pasted = Action::PasteFiles(interaction_id(1));
    asked(&mut harness);
    harness.event(Event::PasteImage(Arc::new(ColorImage::example())));
    harness.run_steps(2);
    assert_eq!(asked(&mut harness), std::slice::from_ref(&pasted));
    harness.event(Event::Paste("file:///home/jana/box.jpg\nfile:///home/jana/b.pdf".to_owned()));
    harness.run_steps(2);
    assert_eq!(asked(&mut harness), [pasted]);
    harness.event(Event::Paste("plain words".to_owned()));
    harness.run_steps(2);
    let field = harness.get_by_label("Message to Ada");
    assert_eq!(field.value().as_deref(), Some("plain words"));
}

#[test]
fn a_paste_for_which_egui_has_no_words_is_tried_as_files() {
    let key_v = |pressed, modifiers| Event::Key {
        key: Key::V,
        physical_key: None,
        pressed,
        repeat: false,
        modifiers,
    };
    let mut harness = open(vec![wrote(1, 60, "hello")]);
    asked(&mut harness);
    // The backend keeps the key to itself as it goes down.
    harness.event_modifiers(key_v(false, Modifiers::COMMAND), Modifiers::COMMAND);
    harness.run_steps(2);
    assert_eq!(asked(&mut harness), [Action::PasteFiles(interaction_id(1))]);
    for events in [
        vec![key_v(true, Modifiers::NONE), key_v(false, Modifiers::NONE)],
        vec![Event::Paste("words".to_owned()), key_v(false, Modifiers::COMMAND)],
    ] {
        for event in events {
            harness.event_modifiers(event, Modifiers::COMMAND);
        }
        harness.run_steps(2);
        let files = |action: &Action| matches!(action, Action::PasteFiles(_));
        assert!(!asked(&mut harness).iter().any(files));
    }
}

#[test]
fn a_path_is_a_file_or_words_as_the_agent_likes() {
    let mut harness = open(vec![wrote(1, 60, "hello")]);
    let paste = |harness: &mut Harness<'_, Window>| {
        harness.event(Event::Paste("/home/jana/box.jpg".to_owned()));
        // The panel grows for the question.
        harness.run_steps(4);
        asked(harness);
    };
    paste(&mut harness);
    click(&mut harness, "Attach the file");
    assert!(asked(&mut harness).contains(&attach(1)));
    paste(&mut harness);
    click(&mut harness, "Paste the words");
    assert_eq!(harness.get_by_label("Message to Ada").value().as_deref(), Some("/home/jana/box.jpg"));
}

#[test]
fn a_file_on_its_way_tells_how_far_it_is_and_is_cancelled() {
    let mut harness = with_ready_files(&["offer.pdf"]);
    let (interaction, client_ref) = (interaction_id(1), client_ref(1));
    let words = ClientRef::new(now(), [99; 10]);
    command(&mut harness, Command::Send { interaction, client_ref: words, text: String::new(), quote: None });
    outcome(&mut harness, Outcome::UploadMoved { interaction, client_ref, sent_bytes: 700_000 });
    place(&harness, "0.7 of 1.2 MB");
    harness.get_by_label_contains("PDF \u{2068}offer.pdf\u{2069}, 1.2 MB, from you");
    asked(&mut harness);
    click(&mut harness, "Cancel");
    assert_eq!(commands(&mut harness), [Command::Discard { interaction, client_ref }]);
    assert_eq!(harness.get_by_label("Message to Ada").value().as_deref(), Some(""));
    let reason = "The gateway does not take files of this kind.".to_owned();
    outcome(&mut harness, Outcome::Uploaded { interaction, client_ref, result: Ok(Err(reason.clone())) });
    harness.get_by_label_contains(&reason);
    click(&mut harness, "Remove");
    assert_eq!(commands(&mut harness), [Command::Discard { interaction, client_ref }]);
}

#[test]
fn only_the_first_button_drags() {
    let mut harness = with_ready_files(&["a.pdf", "b.pdf"]);
    let at = place(&harness, &card(1, 2, "a.pdf")).min + vec2(20.0, 20.0);
    for pressed in [true, false] {
        let (button, modifiers) = (PointerButton::Secondary, Modifiers::NONE);
        harness.event(Event::PointerMoved(at));
        harness.event(Event::PointerButton { pos: at, button, pressed, modifiers });
        harness.event(Event::PointerMoved(pos2(1300.0, at.y)));
        harness.run_steps(1);
    }
    harness.run_steps(2);
    assert_eq!(commands(&mut harness), []);
}
