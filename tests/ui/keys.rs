//! Who has the keys beside a conversation: what is typed at the side, or into a window over it, never reaches the customer.

use egui::{Event, Key, Modifiers, pos2, vec2};
use egui_kittest::{Harness, kittest::Queryable as _};
use waxwing::ui::Action;
use waxwing_protocol::agent::Role;

use crate::{
    fixture::{Window, desk_with_library, interaction, window, wrote},
    hand::{asked, click, clicks, key, type_in},
    notification::{FIELDS, filling, payment},
    responses::{library, response},
    responses_care::editing,
};

const FIELD: &str = "Message to Ada";
const NOTIFY: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);

fn composed(harness: &Harness<'_, Window>) -> String {
    harness.get_by_label(FIELD).value().unwrap_or_default()
}

fn sends(harness: &mut Harness<'_, Window>) -> usize {
    asked(harness).into_iter().filter(|action| matches!(action, Action::Send { .. })).count()
}

#[test]
fn what_is_typed_on_the_ground_of_the_side_panel_reaches_nobody() {
    let mut harness = filling(payment());
    clicks(&mut harness, pos2(1120.0, 270.0), 1);
    type_in(&mut harness, "EUR 49.90");
    key(&mut harness, Modifiers::NONE, Key::Enter);
    assert_eq!((composed(&harness), sends(&mut harness)), (String::new(), 0));
    clicks(&mut harness, pos2(700.0, 400.0), 1);
    type_in(&mut harness, "hello");
    assert_eq!(composed(&harness), "hello", "in the conversation it is meant for the contact");
}

#[test]
fn the_keys_of_an_open_panel_lead_into_it_and_only_then_close_it() {
    let mut harness = filling(payment());
    click(&mut harness, "Cancel");
    type_in(&mut harness, "to Ada");
    assert_eq!(composed(&harness), "to Ada");
    key(&mut harness, NOTIFY, Key::N);
    harness.run_steps(2);
    type_in(&mut harness, "HSM");
    assert_eq!(composed(&harness), "to Ada");
    assert_eq!(harness.get_by_label("Search notifications").value().as_deref(), Some("HSM"));
    key(&mut harness, NOTIFY, Key::N);
    harness.run_steps(2);
    assert!(harness.query_by_label("Search notifications").is_none());
}

#[test]
fn values_that_are_typed_faster_than_frames_come_each_stand_in_their_own_field() {
    let mut harness = filling(payment());
    let enter = |pressed| Event::Key {
        key: Key::Enter,
        physical_key: None,
        pressed,
        repeat: false,
        modifiers: Modifiers::NONE,
    };
    let words = ["Masha", "flowers", "$10", "credit", "on Monday"];
    for (number, words) in words.into_iter().enumerate() {
        if number > 0 {
            harness.input_mut().events.extend([enter(true), enter(false)]);
        }
        harness.input_mut().events.push(Event::Text(words.to_owned()));
    }
    harness.run_steps(16);
    for (field, words) in FIELDS.iter().zip(words) {
        assert_eq!(harness.get_by_label(field).value().as_deref(), Some(words), "{field}");
    }
}

/// What stands in the field for a response's name, below the word that says so.
fn named(harness: &Harness<'_, Window>) -> String {
    harness.query_all_by_label("Name").last().and_then(|field| field.value()).unwrap_or_default()
}

#[test]
fn a_form_over_the_conversation_has_the_keys_at_once_and_escape_leaves_it() {
    let mut harness = editing();
    harness.run_steps(3);
    let before = named(&harness);
    key(&mut harness, Modifiers::NONE, Key::Escape);
    harness.run_steps(2);
    assert!(harness.query_all_by_label("Name").count() == 0, "nothing was written in it");
    let mut harness = editing();
    harness.run_steps(3);
    type_in(&mut harness, "Xmas");
    let after = named(&harness);
    assert_eq!((after.len(), composed(&harness)), (before.len() + 4, String::new()));
    key(&mut harness, Modifiers::NONE, Key::Escape);
    harness.run_steps(2);
    assert!(harness.query_all_by_label("Name").count() > 0, "it asks before it throws words away");
}

#[test]
fn in_a_narrow_window_the_search_has_the_keys_and_an_inserted_reply_makes_room_for_the_composer() {
    let ada = interaction(1, "Ada", Some(38), vec![wrote(1, 38, "Good morning")]);
    let page = library(vec![response(1, "Late", "It is late.")]);
    let mut harness = window(desk_with_library(vec![ada], page, Role::Agent), 900.0);
    harness.set_size(vec2(900.0, 700.0));
    key(&mut harness, Modifiers::COMMAND, Key::L);
    harness.run_steps(2);
    type_in(&mut harness, "late");
    assert_eq!(composed(&harness), "");
    key(&mut harness, Modifiers::NONE, Key::Enter);
    harness.run_steps(3);
    assert!(harness.query_by_label("Search responses").is_none(), "it lay over the composer");
}
