//! Conversations in windows of their own. Without a window system egui draws these within the main window.

use egui::{Key, Modifiers};
use egui_kittest::{Harness, kittest::Queryable as _};
use waxwing::{config::layout::Layout, ui::Action};

use crate::fixture::{Window, desk, interaction, interaction_id, window, with_active, wrote};

const OUT: &str = "Take out into a window of its own";

fn two<'a>() -> Harness<'a, Window> {
    let ada = interaction(1, "Ada", Some(38), vec![wrote(1, 38, "hi")]);
    let grace = interaction(2, "Grace", Some(20), vec![wrote(2, 20, "hello")]);
    window(with_active(desk(vec![ada, grace], Vec::new()), 1), 1600.0)
}

fn press(harness: &mut Harness<'_, Window>, modifiers: Modifiers, key: Key) {
    harness.key_press_modifiers(modifiers, key);
    harness.run_steps(4);
}

fn click(harness: &mut Harness<'_, Window>, label: &str) {
    harness.get_by_label(label).click();
    harness.run_steps(4);
}

fn write(harness: &mut Harness<'_, Window>, text: &str) {
    harness.event(egui::Event::Text(text.to_owned()));
    harness.run_steps(2);
}

fn typed(harness: &Harness<'_, Window>) -> String {
    harness.get_by_label("Message to Ada").value().unwrap_or_default()
}

fn out(harness: &Harness<'_, Window>) -> Vec<waxwing_protocol::id::InteractionId> {
    harness.state().layout().conversations.into_keys().collect()
}

#[test]
fn taken_out_it_is_written_in_and_sent_from_and_brought_back_with_its_words() {
    let mut harness = two();
    write(&mut harness, "half ");
    click(&mut harness, OUT);
    assert_eq!(out(&harness), [interaction_id(1)]);
    harness.get_by_label("It is in a window of its own");
    harness.get_by_label_contains("Ada – Waxwing");
    assert_eq!(typed(&harness), "half ", "there is one composer, in whichever window");

    write(&mut harness, "a thought");
    assert_eq!(typed(&harness), "half a thought", "its composer has the focus at once");
    press(&mut harness, Modifiers::NONE, Key::Enter);
    let sent = |action: &Action| matches!(action, Action::Send { interaction, text, .. } if *interaction == interaction_id(1) && text == "half a thought");
    assert_eq!(harness.state().actions.iter().filter(|action| sent(action)).count(), 1);

    write(&mut harness, "and another");
    click(&mut harness, "Bring back");
    assert_eq!(out(&harness), []);
    assert!(harness.query_by_label("It is in a window of its own").is_none());
    assert_eq!(typed(&harness), "and another");
    write(&mut harness, "!");
    assert_eq!(typed(&harness), "and another!", "and can be written in at once");
}

#[test]
fn the_note_in_the_main_window_brings_it_back() {
    let mut harness = two();
    click(&mut harness, OUT);
    harness.get_by_label("Show it");
    click(&mut harness, "Bring it back");
    assert_eq!(out(&harness), []);
    harness.get_by_label(OUT);
}

#[test]
fn keys_take_it_out_and_back_and_look_for_words_in_it() {
    let mut harness = two();
    press(&mut harness, Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::O);
    assert_eq!(out(&harness), [interaction_id(1)]);
    press(&mut harness, Modifiers::COMMAND, Key::F);
    write(&mut harness, "hi");
    assert_eq!(harness.get_all_by_label("Close the search").count(), 1);
    press(&mut harness, Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::O);
    assert_eq!(out(&harness), []);
    harness.get_by_label("Close the search");
}

#[test]
fn its_card_says_where_it_is() {
    let mut harness = two();
    let cards =
        |harness: &Harness<'_, Window>| harness.query_all_by_label_contains("in a window of its own").count();
    assert_eq!(cards(&harness), 0);
    click(&mut harness, OUT);
    assert!(cards(&harness) > 0);
    harness.get_by_label("Ada, waiting long 00:38, in a window of its own");
}

#[test]
fn both_windows_show_a_conversation_each() {
    let mut harness = two();
    click(&mut harness, OUT);
    harness.state_mut().activate(2);
    harness.run_steps(4);
    harness.get_by_label("Message to Ada");
    harness.get_by_label("Message to Grace");
    assert!(harness.query_by_label("It is in a window of its own").is_none());
}

#[test]
fn what_was_out_the_last_time_is_out_again_and_who_is_gone_is_forgotten() {
    let mut harness = two();
    click(&mut harness, OUT);
    let layout = harness.state().layout();
    let restart = |people| {
        let mut harness = two();
        harness.state_mut().restart(layout.clone(), desk(people, Vec::new()));
        harness.run_steps(4);
        harness
    };
    let ada = interaction(1, "Ada", None, vec![wrote(1, 38, "hi")]);
    let again = restart(vec![ada]);
    again.get_by_label("Message to Ada");
    assert_eq!(out(&again), [interaction_id(1)]);

    let gone = restart(Vec::new());
    assert!(gone.query_by_label("Message to Ada").is_none());
    assert_eq!(gone.state().layout().conversations, Layout::default().conversations);
}

#[test]
fn nobody_is_forgotten_before_the_agent_is_signed_in() {
    let mut harness = two();
    click(&mut harness, OUT);
    let layout = harness.state().layout();
    harness.state_mut().restart(layout, crate::fixture::empty_desk());
    harness.run_steps(4);
    assert!(harness.query_by_label("Message to Ada").is_none(), "but nothing is shown of them");
    assert_eq!(out(&harness), [interaction_id(1)]);
}
