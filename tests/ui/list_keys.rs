//! The keys of the lists of the history and of contacts.

use egui::{Key, Modifiers};
use egui_kittest::{Harness, kittest::Queryable as _};
use waxwing::{
    config::layout::Workplace,
    desk::{directory::DirectoryWish, input::Command, past::PastList},
    ui::Action,
};
use waxwing_protocol::{agent::Role, id::InteractionId};

use crate::{
    directory::{contact, directory, open, wishes},
    fixture::{Window, desk, interaction, interaction_id, window, wrote},
    hand::{click, key},
    history::{entry, listed},
};

/// A window of that width on a history of so many; the one of number 1 is on the desk, too.
fn history<'a>(width: f32, count: u8) -> Harness<'a, Window> {
    let mut desk = desk(vec![interaction(1, "Ada", None, vec![wrote(1, 60, "hello")])], Vec::new());
    let entries = (1..=count).map(|number| entry(number, &format!("Contact {number}"))).collect();
    listed(&mut desk, PastList::Mine, entries);
    let mut harness = window(desk, width);
    key(&mut harness, Modifiers::COMMAND, Key::Num3);
    harness.run_steps(2);
    read(&mut harness);
    harness
}

/// What was asked for to be read.
fn read(harness: &mut Harness<'_, Window>) -> Vec<InteractionId> {
    let review = |action| match action {
        Action::Command(Command::Review(id)) => Some(id),
        _ => None,
    };
    std::mem::take(&mut harness.state_mut().actions).into_iter().filter_map(review).collect()
}

fn pressed(harness: &mut Harness<'_, Window>, wanted: Key) -> Vec<InteractionId> {
    key(harness, Modifiers::NONE, wanted);
    harness.run_steps(2);
    read(harness)
}

#[test]
fn whoever_goes_through_the_history_reads_what_they_are_at() {
    let mut harness = history(1440.0, 40);
    click(&mut harness, "Search messages");
    let mut at = |key, number| assert_eq!(pressed(&mut harness, key), [interaction_id(number)], "{key:?}");
    at(Key::ArrowDown, 1);
    at(Key::ArrowDown, 2);
    at(Key::PageDown, 12);
    at(Key::ArrowUp, 11);
    at(Key::PageUp, 1);
    at(Key::End, 40);
    assert_eq!(pressed(&mut harness, Key::ArrowDown), [], "there is none after the last");
    assert!(harness.query_all_by_label_contains("Contact 40, ").next().is_some(), "it is in view");
    assert_eq!(pressed(&mut harness, Key::Home), [interaction_id(1)]);
    assert!(harness.query_all_by_label_contains("Contact 40, ").next().is_none());
}

#[test]
fn enter_gives_the_transcript_the_pages_and_goes_to_what_is_on_the_desk() {
    let mut harness = history(1440.0, 40);
    pressed(&mut harness, Key::ArrowDown);
    pressed(&mut harness, Key::ArrowDown);
    assert_eq!(pressed(&mut harness, Key::Enter), [], "it is read already");
    assert_eq!(pressed(&mut harness, Key::PageDown), [], "that goes through its transcript");
    pressed(&mut harness, Key::Escape);
    assert_eq!(pressed(&mut harness, Key::PageDown), [interaction_id(12)]);
    pressed(&mut harness, Key::Home);
    key(&mut harness, Modifiers::NONE, Key::Enter);
    let there = Action::Command(Command::Activate(Some(interaction_id(1))));
    assert!(harness.state().actions.contains(&there));
    assert_eq!(harness.state().layout().workplace, Workplace::Active);
}

#[test]
fn with_room_for_the_list_alone_enter_opens_and_escape_leads_back() {
    let mut harness = history(900.0, 9);
    assert_eq!(pressed(&mut harness, Key::ArrowDown), []);
    assert_eq!(pressed(&mut harness, Key::ArrowDown), []);
    assert_eq!(pressed(&mut harness, Key::Enter), [interaction_id(2)]);
    harness.get_by_label("‹ Back to the list");
    pressed(&mut harness, Key::Escape);
    pressed(&mut harness, Key::Escape);
    assert!(harness.query_by_label("‹ Back to the list").is_none());
    assert_eq!(pressed(&mut harness, Key::ArrowDown), []);
    assert_eq!(pressed(&mut harness, Key::Enter), [interaction_id(3)]);
}

#[test]
fn contacts_are_gone_through_in_the_same_way() {
    let names: Vec<_> = (1..=60).map(|number| format!("Contact {number}")).collect();
    let mut harness = directory(&names.iter().map(String::as_str).collect::<Vec<_>>(), Role::Agent);
    wishes(&mut harness);
    click(&mut harness, "Search contacts");
    let mut at = |pressed, number: u8| {
        key(&mut harness, Modifiers::NONE, pressed);
        harness.run_steps(2);
        let wished = wishes(&mut harness);
        assert_eq!(wished, [DirectoryWish::Open(contact(number, "").id)], "{pressed:?}");
    };
    at(Key::ArrowDown, 1);
    at(Key::PageDown, 11);
    at(Key::ArrowUp, 10);
    at(Key::End, 60);
    harness.get_by_label("Contact 60");
}

#[test]
fn who_is_to_be_made_one_with_another_is_chosen_with_enter_alone() {
    let mut harness = directory(&["Masha Ivanova", "Maria Ivanova", "Tom Baker"], Role::Agent);
    open(&mut harness, contact(1, "Masha Ivanova"));
    click(&mut harness, "More with this contact");
    click(&mut harness, "Merge with…");
    wishes(&mut harness);
    key(&mut harness, Modifiers::NONE, Key::ArrowDown);
    assert!(harness.query_by_label("GOES OVER TO THEM").is_none());
    key(&mut harness, Modifiers::NONE, Key::Enter);
    harness.run_steps(3);
    assert_eq!(wishes(&mut harness), [], "nobody else is looked at");
    harness.get_by_label("GOES OVER TO THEM");
}
