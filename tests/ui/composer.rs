//! The composer: what Enter does, what it refuses, what it keeps.

use chrono::TimeDelta;
use egui::{Key, Modifiers};
use egui_kittest::{Harness, kittest::Queryable as _};
use waxwing::{desk::input::Command, ui::Action};

use crate::fixture::{Window, desk, interaction, interaction_id, now, window, with_active, wrote};

fn open<'a>() -> Harness<'a, Window> {
    let said = vec![wrote(1, 38, "hi")];
    window(with_active(desk(vec![interaction(1, "Ada", Some(38), said)], Vec::new()), 1), 1440.0)
}

fn write(harness: &mut Harness<'_, Window>, text: &str) {
    harness.get_by_label("Message to Ada").focus();
    harness.run_steps(2);
    harness.event(egui::Event::Text(text.to_owned()));
    harness.run_steps(2);
}

fn sent(harness: &Harness<'_, Window>) -> Vec<String> {
    let sent = |action: &Action| match action {
        Action::Send { interaction, text, .. } if *interaction == interaction_id(1) => Some(text.clone()),
        _ => None,
    };
    harness.state().actions.iter().filter_map(sent).collect()
}

#[test]
fn enter_sends_and_shift_enter_breaks_the_line() {
    let mut harness = open();
    write(&mut harness, "one");
    harness.key_press_modifiers(Modifiers::SHIFT, Key::Enter);
    harness.run_steps(2);
    write(&mut harness, "two");
    assert_eq!(sent(&harness), Vec::<String>::new());
    harness.key_press(Key::Enter);
    harness.run_steps(2);
    assert_eq!(sent(&harness), ["one\ntwo"]);
    harness.get_by_label("0 / 4,096");
}

#[test]
fn the_conversation_in_front_can_be_written_in_at_once() {
    let mut harness = open();
    harness.event(egui::Event::Text("no click".to_owned()));
    harness.run_steps(2);
    harness.key_press(Key::Enter);
    harness.run_steps(2);
    assert_eq!(sent(&harness), ["no click"]);
}

#[test]
fn the_keys_can_be_swapped() {
    let mut harness = open();
    harness.state_mut().choices.window.enter_sends = false;
    write(&mut harness, "one");
    harness.key_press(Key::Enter);
    harness.run_steps(2);
    write(&mut harness, "two");
    assert_eq!(sent(&harness), Vec::<String>::new());
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    harness.run_steps(2);
    assert_eq!(sent(&harness), ["one\ntwo"]);
}

#[test]
fn nothing_and_white_space_are_not_sent() {
    let mut harness = open();
    write(&mut harness, "  ");
    harness.key_press(Key::Enter);
    harness.run_steps(2);
    assert_eq!(sent(&harness), Vec::<String>::new());
}

#[test]
fn the_limit_counts_bytes_and_holds() {
    let mut harness = open();
    write(&mut harness, &"é".repeat(2048));
    harness.get_by_label("4,096 / 4,096");
    write(&mut harness, "x");
    harness.get_by_label("4,097 / 4,096");
    harness.get_by_label_contains("1 bytes too long");
    harness.key_press(Key::Enter);
    harness.run_steps(2);
    assert_eq!(sent(&harness), Vec::<String>::new());
}

#[test]
fn what_is_typed_is_kept_on_a_pause_and_only_once() {
    let mut harness = open();
    write(&mut harness, "half a thou");
    let kept = |harness: &Harness<'_, Window>| {
        harness
            .state()
            .actions
            .iter()
            .filter(|action| matches!(action, Action::Command(Command::KeepDraft { .. })))
            .count()
    };
    assert_eq!(kept(&harness), 0);
    harness.state_mut().now = now() + TimeDelta::milliseconds(450);
    harness.run_steps(3);
    assert_eq!(kept(&harness), 1);
    let draft = Action::Command(Command::KeepDraft {
        interaction: interaction_id(1),
        text: "half a thou".to_owned(),
        quote: None,
        seq: 0,
    });
    assert!(harness.state().actions.contains(&draft));
}

#[test]
fn a_closed_reply_window_is_said_and_holds() {
    let mut harness = open();
    write(&mut harness, "too late");
    harness.state_mut().now = now() + TimeDelta::hours(25);
    harness.run_steps(2);
    harness
        .get_by_label("The reply window is closed: the contact has to write first, or take a notification.");
    harness.key_press(Key::Enter);
    harness.run_steps(2);
    assert_eq!(sent(&harness), Vec::<String>::new());
}
