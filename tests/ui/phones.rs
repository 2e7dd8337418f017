//! Phone numbers: shown in groups wherever they are read, copied without, found in any notation.

use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use waxwing_protocol::agent::Role;

use crate::{
    directory,
    fixture::{desk, interaction, window, with_active, wrote},
    hand::{click, key},
    workbins::{opened, three, told},
};

#[test]
fn a_conversation_shows_it_in_groups_and_copies_it_without() {
    let ada = interaction(1, "Ada", None, vec![wrote(1, 60, "hello")]);
    let mut harness = window(with_active(desk(vec![ada], Vec::new()), 1), 1440.0);
    harness.get_by_label_contains("+1 650 555 0001 · Connected");
    key(&mut harness, Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::I);
    harness.get_by_label("+1 650 555 0001");
    click(&mut harness, "Copy phone number");
    assert_eq!(harness.state().copied, ["+16505550001"]);
}

#[test]
fn whoever_has_no_name_is_called_by_it() {
    let mut nameless = interaction(1, "", None, vec![wrote(1, 60, "hello")]);
    nameless.interaction.contact.profile_name = None;
    let harness = window(with_active(desk(vec![nameless], Vec::new()), 1), 1440.0);
    harness.get_by_label("Message to +1 650 555 0001");
    assert!(harness.query_by_label_contains("+16505550001").is_none());
}

#[test]
fn the_directory_shows_and_copies_it_too() {
    let mut harness = directory::directory(&["Masha Ivanova"], Role::Agent);
    directory::open(&mut harness, directory::contact(1, "Masha Ivanova"));
    assert_eq!(harness.query_all_by_label("+1 650 555 0001").count(), 2, "under the name and below");
    click(&mut harness, "Copy phone number");
    assert_eq!(harness.state().copied, ["+16505550001"]);
}

#[test]
fn a_workbin_finds_it_in_any_notation() {
    for typed in ["+1 650 555 0002", "+1 (650) 555-0002", "001 650 5550002", "0650/555.0002", "16505550002"] {
        let mut harness = opened(told(three()));
        harness.get_by_label_contains("Ahmed Hassan, +1 650 555 0002, ");
        harness.get_by_label("Filter the list").focus();
        harness.run_steps(2);
        harness.event(Event::Text(typed.to_owned()));
        harness.run_steps(3);
        harness.get_by_label("1 interaction");
        harness.get_by_label_contains("Ahmed Hassan, ");
    }
}
