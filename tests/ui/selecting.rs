//! Selecting with the mouse and copying: what comes on the clipboard is what was written.

use egui::{Modifiers, Pos2, Rect, vec2};
use egui_kittest::Harness;
use waxwing_protocol::{delivery::Delivery, message::Body};

use crate::{
    fixture::{Window, answered, message, wrote},
    hand::{click, clicks, copy, drag, open, pick, place, type_in},
};

fn start(rect: Rect) -> Pos2 {
    rect.left_top() + vec2(0.5, 8.0)
}

fn end(rect: Rect) -> Pos2 {
    rect.right_bottom() + vec2(2.0, -8.0)
}

/// Selects from the beginning of one text to the end of another, and copies.
fn taken(harness: &mut Harness<'_, Window>, from: &str, to: &str, modifiers: Modifiers) -> String {
    let (from, to) = (place(harness, from), place(harness, to));
    drag(harness, start(from), end(to));
    copy(harness, modifiers)
}

#[test]
fn what_is_copied_is_what_was_written_with_its_marks() {
    let mut harness = open(vec![wrote(1, 60, "one *bold* and _slanted_ `word`")]);
    let shown = "one bold and slanted word";
    assert_eq!(taken(&mut harness, shown, shown, Modifiers::NONE), "one *bold* and _slanted_ `word`");
    let rect = place(&harness, shown);
    clicks(&mut harness, start(rect), 2);
    assert_eq!(copy(&mut harness, Modifiers::NONE), "one");
    clicks(&mut harness, start(rect), 3);
    assert_eq!(copy(&mut harness, Modifiers::NONE), "one *bold* and _slanted_ `word`");
}

#[test]
fn it_goes_over_several_messages_either_way() {
    let said = vec![
        wrote(1, 60, "first"),
        answered(1, 50, "ours *too*", Delivery::Read),
        wrote(1, 40, "- a list\n- of two"),
        wrote(1, 30, "last"),
    ];
    let mut harness = open(said);
    let all = "first\nours *too*\n- a list\n- of two\nlast";
    assert_eq!(taken(&mut harness, "first", "last", Modifiers::NONE), all);
    let (from, to) = (place(&harness, "last"), place(&harness, "first"));
    drag(&mut harness, end(from), start(to));
    assert_eq!(copy(&mut harness, Modifiers::NONE), all);
    assert_eq!(taken(&mut harness, "ours too", "a list", Modifiers::NONE), "ours *too*\n- a list");
}

#[test]
fn with_shift_names_and_times_come_with_it() {
    let mut harness =
        open(vec![wrote(1, 60, "first"), answered(1, 50, "second", Delivery::Read), wrote(1, 40, "third")]);
    let copied = taken(&mut harness, "first", "second", Modifiers::SHIFT);
    let lines: Vec<_> = copied.lines().collect();
    assert_eq!(lines.len(), 2, "{copied}");
    assert!(lines[0].starts_with("[Today, ") && lines[0].ends_with("] Ada: first"), "{copied}");
    assert!(lines[1].ends_with("] Jana Roth: second"), "{copied}");
}

#[test]
fn a_click_beside_it_ends_it() {
    let mut harness = open(vec![wrote(1, 60, "first"), wrote(1, 50, "second")]);
    assert_eq!(taken(&mut harness, "first", "second", Modifiers::NONE), "first\nsecond");
    let beside = place(&harness, "first").right_center() + vec2(300.0, 0.0);
    clicks(&mut harness, beside, 1);
    assert_eq!(copy(&mut harness, Modifiers::NONE), "");
}

#[test]
fn the_menu_copies_one_message_or_the_selection() {
    let mut harness = open(vec![wrote(1, 60, "one *bold*"), wrote(1, 50, "two")]);
    pick(&mut harness, "one bold", "Copy");
    assert_eq!(harness.state().copied, ["one *bold*"]);
    pick(&mut harness, "two", "Copy with names and times");
    let copied = harness.state().copied.last().cloned().expect("something");
    assert!(copied.starts_with("[Today, ") && copied.ends_with("] Ada: two"), "{copied}");
    taken(&mut harness, "one bold", "two", Modifiers::NONE);
    pick(&mut harness, "two", "Copy selection");
    assert_eq!(harness.state().copied.last().map(String::as_str), Some("one *bold*\ntwo"));
}

#[test]
fn the_composer_copies_its_own_words_though_something_is_selected_above() {
    let mut harness = open(vec![wrote(1, 60, "in the transcript")]);
    taken(&mut harness, "in the transcript", "in the transcript", Modifiers::NONE);
    click(&mut harness, "Message to Ada");
    type_in(&mut harness, "in the composer");
    harness.key_press_modifiers(Modifiers::COMMAND, egui::Key::A);
    harness.run_steps(1);
    assert_eq!(copy(&mut harness, Modifiers::NONE), "in the composer");
}

#[test]
fn values_are_copied_without_what_holds_them_apart() {
    let answers = vec![("Colour".to_owned(), "blue".to_owned())];
    let body = Body::Reply { title: "Form".to_owned(), description: None, answers };
    let mut harness = open(vec![message(1, 60, body, None)]);
    pick(&mut harness, "Form", "Copy");
    assert_eq!(harness.state().copied, ["Form\nColour: blue"]);
}

#[test]
fn words_of_before_a_change_are_copied_too() {
    let mut changed = wrote(1, 60, "the new words");
    let until = changed.sent_at;
    changed.earlier = vec![waxwing_protocol::message::Earlier { text: "the old words".to_owned(), until }];
    let mut harness = open(vec![changed]);
    pick(&mut harness, "the new words", "Earlier words");
    assert_eq!(taken(&mut harness, "the old words", "the old words", Modifiers::NONE), "the old words");
}
