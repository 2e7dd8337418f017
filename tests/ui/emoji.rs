//! Emoji: the picker by mouse and by keys, short codes as they are typed, reactions, tones, and what is remembered.

use egui::{Event, Key, Modifiers, accesskit::Role};
use egui_kittest::{Harness, kittest::NodeT as _, kittest::Queryable as _};
use waxwing::{
    config::emoji::{EmojiGroup, EmojiHabits, EmojiSet, SkinTone},
    desk::input::Command,
    ui::{Action, language::Language},
};

use crate::{
    fixture::{Window, answered, interaction_id, wrote},
    hand::{asked, click, command, key, open, type_in},
};

const FIELD: &str = "Message to Ada";
const SEARCH: &str = "Search emoji";

fn started<'a>() -> Harness<'a, Window> {
    open(vec![wrote(1, 38, "hi")])
}

fn picker(harness: &mut Harness<'_, Window>) {
    key(harness, Modifiers::COMMAND, Key::Period);
    harness.run_steps(10);
}

fn press(harness: &mut Harness<'_, Window>, wanted: Key) {
    key(harness, Modifiers::NONE, wanted);
}

/// An emoji of the picker, by what it is called.
fn cell<'a>(harness: &'a Harness<'_, Window>, name: &'a str) -> egui_kittest::Node<'a> {
    harness.get_by_role_and_label(Role::Button, name)
}

#[track_caller]
fn click_cell(harness: &mut Harness<'_, Window>, name: &str) {
    cell(harness, name).click();
    harness.run_steps(3);
}

#[track_caller]
fn written(harness: &Harness<'_, Window>) -> String {
    harness.get_by_label(FIELD).value().unwrap_or_default()
}

fn is_open(harness: &Harness<'_, Window>) -> bool {
    harness.query_by_label(SEARCH).is_some()
}

fn sent(harness: &mut Harness<'_, Window>) -> usize {
    asked(harness).iter().filter(|action| matches!(action, Action::Send { .. })).count()
}

#[test]
fn the_smiley_opens_the_picker_and_a_click_inserts() {
    let mut harness = started();
    click(&mut harness, "Insert emoji");
    assert!(is_open(&harness) && cell(&harness, "grinning face").is_focused(), "where the keys are");
    harness.run_steps(10);
    click_cell(&mut harness, "grinning face");
    assert_eq!(written(&harness), "😀");
    assert!(!is_open(&harness));
    assert!(harness.get_by_label(FIELD).is_focused());
    click(&mut harness, "Insert emoji");
    assert!(is_open(&harness));
    click(&mut harness, "Insert emoji");
    assert!(!is_open(&harness), "the same button closes it");
}

#[test]
fn a_search_and_enter_insert_at_the_caret_and_can_be_undone() {
    let mut harness = started();
    type_in(&mut harness, "ab");
    press(&mut harness, Key::ArrowLeft);
    picker(&mut harness);
    type_in(&mut harness, "tulip");
    press(&mut harness, Key::Enter);
    assert_eq!(written(&harness), "a🌷b");
    assert!(!is_open(&harness) && harness.get_by_label(FIELD).is_focused());
    assert_eq!(sent(&mut harness), 0, "Enter was the picker's");
    type_in(&mut harness, "!");
    assert_eq!(written(&harness), "a🌷!b");
    press(&mut harness, Key::Backspace);
    press(&mut harness, Key::Backspace);
    assert_eq!(written(&harness), "ab");
    for _ in 0..3 {
        key(&mut harness, Modifiers::COMMAND, Key::Z);
    }
    assert_eq!(written(&harness), "ab", "step by step back to before the tulip");
}

#[test]
fn keys_go_through_the_grid_and_shift_enter_stays() {
    let mut harness = started();
    picker(&mut harness);
    press(&mut harness, Key::ArrowRight);
    press(&mut harness, Key::ArrowDown);
    press(&mut harness, Key::ArrowUp);
    key(&mut harness, Modifiers::SHIFT, Key::Enter);
    assert!(is_open(&harness));
    assert_eq!(written(&harness), "😃");
    type_in(&mut harness, "tada");
    key(&mut harness, Modifiers::SHIFT, Key::Enter);
    assert_eq!(written(&harness), "😃🎉");
    press(&mut harness, Key::Escape);
    assert!(is_open(&harness), "the first one empties the search");
    press(&mut harness, Key::End);
    harness.run_steps(4);
    press(&mut harness, Key::Enter);
    assert_eq!(written(&harness), "😃🎉🏴󠁧󠁢󠁷󠁬󠁳󠁿", "the last flag");
    picker(&mut harness);
    press(&mut harness, Key::PageDown);
    press(&mut harness, Key::Home);
    press(&mut harness, Key::Escape);
    assert!(!is_open(&harness) && harness.get_by_label(FIELD).is_focused());
    assert_eq!(sent(&mut harness), 0);
}

#[test]
fn only_what_is_in_view_is_drawn_and_a_tab_leads_on() {
    let mut harness = started();
    picker(&mut harness);
    cell(&harness, "grinning face");
    assert!(harness.query_by_label("pizza").is_none());
    click(&mut harness, "Food and drink");
    harness.run_steps(10);
    cell(&harness, "grapes");
    assert!(harness.query_by_role_and_label(Role::Button, "grinning face").is_none());
    let drawn = harness.query_all_by_role(Role::Button).count();
    assert!(drawn < 120, "{drawn}");
}

#[test]
fn names_are_the_agents_and_english_is_understood() {
    let mut harness = started();
    harness.state_mut().language = Language::first_of(["de-AT"]);
    picker(&mut harness);
    cell(&harness, "grinsendes Gesicht");
    type_in(&mut harness, "rotes herz");
    cell(&harness, "rotes Herz");
    press(&mut harness, Key::Escape);
    type_in(&mut harness, "red heart");
    press(&mut harness, Key::Enter);
    assert_eq!(written(&harness), "❤️");
}

#[test]
fn nothing_found_inserts_nothing() {
    let mut harness = started();
    picker(&mut harness);
    type_in(&mut harness, "qwxyzzy");
    press(&mut harness, Key::Enter);
    press(&mut harness, Key::ArrowDown);
    assert!(is_open(&harness));
    assert_eq!(written(&harness), "");
}

#[test]
fn a_click_elsewhere_or_another_conversation_closes_it() {
    let mut harness = started();
    picker(&mut harness);
    harness.hover_at(crate::hand::MIDDLE);
    crate::hand::clicks(&mut harness, egui::pos2(1300.0, 300.0), 1);
    harness.run_steps(2);
    assert!(!is_open(&harness));
    picker(&mut harness);
    assert!(is_open(&harness));
    command(&mut harness, Command::Activate(None));
    assert!(!is_open(&harness));
}

#[test]
fn escape_closes_the_picker_and_not_the_answer() {
    let mut harness = started();
    crate::hand::pick(&mut harness, "hi", "Reply");
    harness.get_by_label("Answer no message");
    picker(&mut harness);
    press(&mut harness, Key::Escape);
    assert!(!is_open(&harness));
    harness.get_by_label("Answer no message");
}

#[test]
fn what_was_used_comes_first_and_is_there_after_a_restart() {
    let mut harness = started();
    for name in ["tulip", "pizza", "tulip"] {
        picker(&mut harness);
        type_in(&mut harness, name);
        press(&mut harness, Key::Enter);
    }
    let habits = harness.state().emoji_habits().clone();
    assert_eq!(habits.most_used(), ["🌷", "🍕"]);
    harness.state_mut().restart_with_emoji(&EmojiSet::default(), habits);
    harness.run_steps(3);
    picker(&mut harness);
    harness.get_by_label("Recent");
    press(&mut harness, Key::ArrowRight);
    press(&mut harness, Key::Enter);
    assert_eq!(written(&harness), "🍕");
}

#[test]
fn a_tone_can_be_taken_once_or_for_all() {
    let mut harness = started();
    picker(&mut harness);
    type_in(&mut harness, "waving hand");
    key(&mut harness, Modifiers::SHIFT, Key::F10);
    cell(&harness, "waving hand: medium skin tone");
    press(&mut harness, Key::Escape);
    cell(&harness, "waving hand").click_secondary();
    harness.run_steps(3);
    click_cell(&mut harness, "waving hand: dark skin tone");
    assert_eq!(written(&harness), "👋🏿");
    assert_eq!(harness.state().emoji_habits().tone, SkinTone::None);

    picker(&mut harness);
    click(&mut harness, "Skin tone of all emoji");
    click_cell(&mut harness, "raised hand: light skin tone");
    assert_eq!(harness.state().emoji_habits().tone, SkinTone::Light);
    type_in(&mut harness, "waving hand");
    press(&mut harness, Key::Enter);
    assert_eq!(written(&harness), "👋🏿👋🏻");
    type_in(&mut harness, " :+1:");
    assert_eq!(written(&harness), "👋🏿👋🏻 👍🏻");
}

#[test]
fn a_short_code_offers_and_enter_takes_instead_of_sending() {
    let mut harness = started();
    type_in(&mut harness, "hi :tu");
    harness.get_by_label("tulip :tulip:");
    type_in(&mut harness, "lip");
    press(&mut harness, Key::Enter);
    assert_eq!(written(&harness), "hi 🌷");
    assert_eq!(sent(&mut harness), 0);
    assert!(harness.query_by_label("tulip :tulip:").is_none());
    press(&mut harness, Key::Enter);
    assert_eq!(sent(&mut harness), 1);
}

#[test]
fn arrows_choose_tab_takes_and_a_click_does() {
    let mut harness = started();
    type_in(&mut harness, ":hear");
    let offered = harness.query_all_by_role(Role::ListItem).count();
    assert!((2..=8).contains(&offered), "{offered}");
    let second = harness.query_all_by_role(Role::ListItem).nth(1).unwrap();
    let second = second.accesskit_node().label().unwrap_or_default();
    press(&mut harness, Key::ArrowDown);
    press(&mut harness, Key::Tab);
    let taken = written(&harness);
    assert!(!taken.is_empty() && !taken.contains(':'), "{taken}: {second}");
    assert!(harness.get_by_label(FIELD).is_focused());
    type_in(&mut harness, " :hear");
    click(&mut harness, &second);
    assert_eq!(written(&harness), format!("{taken} {taken}"));
    assert!(harness.get_by_label(FIELD).is_focused());
}

#[test]
fn escape_wants_none_and_enter_sends_then() {
    let mut harness = started();
    crate::hand::pick(&mut harness, "hi", "Reply");
    type_in(&mut harness, "see :tulip");
    harness.get_by_label("tulip :tulip:");
    press(&mut harness, Key::Escape);
    assert!(harness.query_by_label("tulip :tulip:").is_none());
    harness.get_by_label("Answer no message");
    press(&mut harness, Key::Enter);
    assert_eq!(sent(&mut harness), 1);
}

#[test]
fn a_closed_short_code_becomes_an_emoji_and_undo_gives_it_back() {
    let mut harness = started();
    for letter in ":smile:".chars() {
        type_in(&mut harness, &letter.to_string());
    }
    assert_eq!(written(&harness), "😄");
    key(&mut harness, Modifiers::COMMAND, Key::Z);
    assert_eq!(written(&harness), ":smile:");
    assert!(harness.query_all_by_role(Role::ListItem).next().is_none());
}

#[test]
fn times_smileys_and_addresses_stay() {
    for text in ["at 10:30", "ok :)", "https://abc", "10:30:15", "a:smile:", ":nosuchemoji:", "see: this"] {
        let mut harness = started();
        for letter in text.chars() {
            type_in(&mut harness, &letter.to_string());
        }
        assert_eq!(written(&harness), text);
        press(&mut harness, Key::Enter);
        assert_eq!(sent(&mut harness), 1, "{text}");
    }
}

#[test]
fn an_input_method_is_not_disturbed() {
    let mut harness = started();
    type_in(&mut harness, ":");
    let preedit = egui::ImeEvent::Preedit { text: "tu".to_owned(), active_range_chars: None };
    harness.event(Event::Ime(preedit));
    harness.run_steps(2);
    assert!(harness.query_all_by_role(Role::ListItem).next().is_none());
    harness.event(Event::Ime(egui::ImeEvent::Commit("tulip".to_owned())));
    harness.run_steps(2);
    harness.get_by_label("tulip :tulip:");
}

#[test]
fn a_reaction_can_be_any_emoji() {
    let mut harness = started();
    let message = wrote(1, 38, "hi").id;
    crate::hand::pick(&mut harness, "hi", "Another emoji");
    type_in(&mut harness, "tulip");
    key(&mut harness, Modifiers::SHIFT, Key::Enter);
    assert!(!is_open(&harness), "a message has one reaction of ours");
    let emoji = Some("🌷".to_owned());
    assert!(asked(&mut harness).contains(&Action::Command(Command::React {
        interaction: interaction_id(1),
        message,
        emoji
    })));
    assert_eq!(written(&harness), "");
}

#[test]
fn a_window_of_its_own_has_its_own_picker() {
    let mut harness = started();
    key(&mut harness, Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::O);
    harness.run_steps(4);
    click(&mut harness, "Insert emoji");
    harness.run_steps(10);
    type_in(&mut harness, "tulip");
    press(&mut harness, Key::Enter);
    assert_eq!(written(&harness), "🌷");
}

#[test]
fn an_administrator_says_what_is_offered() {
    let mut harness =
        open(vec![answered(1, 40, "hello", waxwing_protocol::delivery::Delivery::Read), wrote(1, 38, "hi")]);
    let set = EmojiSet {
        groups: vec![EmojiGroup::Flags, EmojiGroup::Food],
        only: vec!["🍕".to_owned(), "🇩🇪".to_owned(), "😀".to_owned()],
        quick: vec!["🌷".to_owned()],
    };
    let mut habits = EmojiHabits::default();
    habits.note("😀");
    harness.state_mut().restart_with_emoji(&set, habits);
    harness.run_steps(3);
    picker(&mut harness);
    cell(&harness, "flag: Germany");
    assert!(harness.query_by_label("Recent").is_none() && harness.query_by_label("grinning face").is_none());
    press(&mut harness, Key::ArrowDown);
    press(&mut harness, Key::Enter);
    assert_eq!(written(&harness), "🍕");
    type_in(&mut harness, " :grinning:");
    assert_eq!(written(&harness), "🍕 :grinning:");
    crate::hand::pick(&mut harness, "hi", "🌷");
    let reacted = |action: &Action| matches!(action, Action::Command(Command::React { emoji: Some(emoji), .. }) if emoji == "🌷");
    assert!(asked(&mut harness).iter().any(reacted));
}
