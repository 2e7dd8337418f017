//! The transcript: what is laid out of it, moving in it, and that nothing moves the reader but the reader.

use chrono::TimeDelta;
use egui::{Key, Modifiers, vec2};
use egui_kittest::kittest::Queryable as _;
use waxwing::{desk::input::Command, ui::Action};
use waxwing_protocol::{delivery::Delivery, event::Event, message::Message};

use crate::{
    fixture::{answered, desk, interaction, interaction_id, window, with_active, wrote},
    hand::{arrives, asked, click, command, key, laid_out, many, open, place, tell, type_in, wheel},
};

const NEWEST: &str = "To the newest message";

/// Words that fill several rows where there is little room.
fn wordy(count: i64) -> Vec<Message> {
    let words = "words that go on for a good while, so that they do not fit into one row. ".repeat(3);
    (0..count).map(|n| wrote(1, 60 * (count - n), &format!("message {n}: {words}"))).collect()
}

#[test]
fn of_six_hundred_messages_only_those_in_view_are_laid_out() {
    let harness = open(many(600));
    let seen = laid_out(&harness);
    assert!((5..40).contains(&seen.len()), "{seen:?}");
    assert_eq!(seen.last(), Some(&599), "the newest is in view");
    assert_eq!(
        seen,
        (600 - i64::try_from(seen.len()).expect("few")..600).collect::<Vec<_>>(),
        "none is missing"
    );
}

#[test]
fn the_wheel_and_the_keys_move_it_and_both_ends_hold() {
    let mut harness = open(many(200));
    let end = place(&harness, "message 199");
    wheel(&mut harness, 300.0);
    let moved = laid_out(&harness);
    assert!(!moved.contains(&199), "{moved:?}");
    let first = moved[0];
    key(&mut harness, Modifiers::NONE, Key::PageUp);
    let page_up = laid_out(&harness)[0];
    assert!(page_up + 5 < first, "{page_up} {first}");
    key(&mut harness, Modifiers::NONE, Key::PageDown);
    assert_eq!(laid_out(&harness)[0], first);
    wheel(&mut harness, -5000.0);
    assert_eq!(place(&harness, "message 199"), end);
    for _ in 0..40 {
        key(&mut harness, Modifiers::NONE, Key::PageUp);
    }
    assert_eq!(laid_out(&harness)[0], 0);
    let begin = place(&harness, "message 0");
    wheel(&mut harness, 500.0);
    assert_eq!(place(&harness, "message 0"), begin);
}

#[test]
fn at_the_newest_end_it_sticks_to_it() {
    let mut harness = open(many(100));
    let end = place(&harness, "message 99").bottom();
    arrives(&mut harness, wrote(1, 5, "something new"));
    assert!((place(&harness, "something new").bottom() - end).abs() < 0.6);
    assert!(place(&harness, "message 99").bottom() < end);
    assert!(harness.query_by_label_contains(NEWEST).is_none());
}

#[test]
fn a_reader_further_up_is_not_moved_by_what_comes() {
    let mut harness = open(many(100));
    wheel(&mut harness, 900.0);
    let chosen = format!("message {}", laid_out(&harness)[4]);
    let before = place(&harness, &chosen);
    for second in 0..5 {
        arrives(&mut harness, wrote(1, 9 - second, &format!("new {second}")));
    }
    assert_eq!(place(&harness, &chosen), before);
    assert!(harness.query_by_label("new 4").is_none());
}

#[test]
fn a_reader_further_up_keeps_their_place_in_another_width_and_size() {
    let mut harness = open(wordy(60));
    wheel(&mut harness, 1500.0);
    let first = |harness: &egui_kittest::Harness<'_, _>| {
        harness.query_all_by_label_contains("message ").map(|node| node.rect()).next().expect("something")
    };
    let top = first(&harness).top();
    let label =
        harness.query_all_by_label_contains("message ").find_map(|node| node.value()).expect("something");
    let tall = first(&harness).height();
    harness.set_size(vec2(900.0, 900.0));
    harness.run_steps(3);
    assert!(first(&harness).height() > tall, "it is wrapped anew");
    assert!((place(&harness, &label).top() - top).abs() < 1.0);
    harness.set_size(vec2(1440.0, 900.0));
    harness.run_steps(3);
    assert!((place(&harness, &label).top() - top).abs() < 1.0);
    harness.ctx.set_zoom_factor(1.25);
    harness.run_steps(4);
    assert!((place(&harness, &label).top() - top).abs() < 1.0);
}

#[test]
fn a_button_leads_to_the_newest_and_says_how_many_came() {
    let mut harness = open(many(100));
    assert!(harness.query_by_label_contains(NEWEST).is_none());
    wheel(&mut harness, 900.0);
    place(&harness, NEWEST);
    arrives(&mut harness, wrote(1, 9, "one"));
    place(&harness, "To the newest message, 1 new");
    arrives(&mut harness, wrote(1, 8, "two"));
    arrives(&mut harness, answered(1, 7, "ours, from elsewhere", Delivery::Sent));
    click(&mut harness, "To the newest message, 2 new");
    place(&harness, "two");
    place(&harness, "ours, from elsewhere");
    assert!(harness.query_by_label_contains(NEWEST).is_none());
    wheel(&mut harness, 900.0);
    place(&harness, NEWEST);
}

#[test]
fn a_key_leads_to_the_newest_and_so_does_sending() {
    let mut harness = open(many(100));
    wheel(&mut harness, 900.0);
    key(&mut harness, Modifiers::ALT, Key::End);
    place(&harness, "message 99");
    wheel(&mut harness, 900.0);
    assert!(harness.query_by_label("message 99").is_none());
    type_in(&mut harness, "an answer");
    key(&mut harness, Modifiers::NONE, Key::Enter);
    place(&harness, "message 99");
}

#[test]
fn coming_back_to_the_newest_by_hand_is_told_once() {
    let mut harness = open(many(100));
    let newest = Action::Command(Command::ShowNewest { interaction: interaction_id(1) });
    wheel(&mut harness, 900.0);
    assert!(!asked(&mut harness).contains(&newest));
    wheel(&mut harness, -5000.0);
    harness.run_steps(3);
    assert_eq!(asked(&mut harness).iter().filter(|action| **action == newest).count(), 1);
}

#[test]
fn each_conversation_remembers_where_the_reader_was() {
    let two = vec![
        interaction(1, "Ada", None, many(100)),
        interaction(2, "Bob", None, vec![wrote(2, 50, "hello")]),
    ];
    let mut harness = window(with_active(desk(two, Vec::new()), 1), 1440.0);
    wheel(&mut harness, 900.0);
    let chosen = format!("message {}", laid_out(&harness)[4]);
    let before = place(&harness, &chosen);
    command(&mut harness, Command::Activate(Some(interaction_id(2))));
    place(&harness, "hello");
    command(&mut harness, Command::Activate(Some(interaction_id(1))));
    assert_eq!(place(&harness, &chosen), before);
}

#[test]
fn a_line_stands_above_what_is_new() {
    let two = vec![
        interaction(1, "Ada", None, vec![wrote(1, 90, "old"), answered(1, 80, "answer", Delivery::Read)]),
        interaction(2, "Bob", None, vec![wrote(2, 50, "hello")]),
    ];
    let mut harness = window(with_active(desk(two, Vec::new()), 2), 1440.0);
    arrives(&mut harness, wrote(1, 20, "first new one"));
    arrives(&mut harness, wrote(1, 10, "second new one"));
    command(&mut harness, Command::Activate(Some(interaction_id(1))));
    let line = place(&harness, "New");
    assert!(place(&harness, "answer").bottom() <= line.top());
    assert!(line.bottom() <= place(&harness, "first new one").top());
}

#[test]
fn rows_grow_where_they_stand_when_a_message_changes() {
    let mut harness = open(many(100));
    wheel(&mut harness, 900.0);
    let numbers = laid_out(&harness);
    let (chosen, below) = (numbers[2], numbers[4]);
    let (top, next) =
        (place(&harness, &format!("message {chosen}")), place(&harness, &format!("message {below}")));
    let mut changed = many(100).swap_remove(usize::try_from(chosen).expect("a number"));
    changed.body = waxwing_protocol::message::Body::Text { text: "one\ntwo\nthree\nfour".to_owned() };
    tell(&mut harness, Event::MessageChanged { message: Box::new(changed) });
    assert!((place(&harness, "one\ntwo\nthree\nfour").top() - top.top()).abs() < 0.6);
    assert!(place(&harness, &format!("message {below}")).top() > next.top() + 40.0);
}

fn seen(actions: &[Action]) -> Vec<&Action> {
    actions.iter().filter(|action| matches!(action, Action::Command(Command::Seen { .. }))).collect()
}

#[test]
fn only_what_is_in_view_of_a_focused_window_counts_as_seen() {
    let said = many(100);
    let newest = Action::Command(Command::Seen { interaction: interaction_id(1), up_to: said[99].id });
    let mut harness = open(said);
    assert_eq!(seen(&asked(&mut harness)), [&newest]);
    harness.run_steps(3);
    assert_eq!(seen(&asked(&mut harness)), Vec::<&Action>::new(), "it is told once");
    wheel(&mut harness, 900.0);
    arrives(&mut harness, wrote(1, 9, "below the view"));
    assert_eq!(seen(&asked(&mut harness)), Vec::<&Action>::new());

    harness.input_mut().viewports.entry(egui::ViewportId::ROOT).or_default().focused = Some(false);
    key(&mut harness, Modifiers::ALT, Key::End);
    assert_eq!(seen(&asked(&mut harness)), Vec::<&Action>::new(), "nobody looks");
    harness.input_mut().viewports.entry(egui::ViewportId::ROOT).or_default().focused = Some(true);
    harness.run_steps(2);
    assert_eq!(seen(&asked(&mut harness)).len(), 1);
}

#[test]
fn nothing_is_told_as_seen_where_the_agent_wants_it_so() {
    let mut harness = open(many(3));
    asked(&mut harness);
    harness.state_mut().choices.conversation.mark_read = false;
    arrives(&mut harness, wrote(1, 9, "hello"));
    harness.state_mut().now += TimeDelta::seconds(5);
    harness.run_steps(3);
    assert_eq!(seen(&asked(&mut harness)), Vec::<&Action>::new());
}
