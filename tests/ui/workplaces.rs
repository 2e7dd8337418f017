//! The switch of workplaces, and reading what is not ours.

use egui_kittest::kittest::Queryable as _;
use waxwing::{
    config::layout::Workplace,
    desk::input::{Command, Input, Outcome},
    ui::Action,
};
use waxwing_protocol::{api::TranscriptPage, delivery::Delivery, history::InteractionRecord};

use crate::fixture::{answered, desk, interaction, interaction_id, now, window, wrote};

fn one_waits() -> waxwing::desk::Desk {
    desk(vec![interaction(2, "Overdue Otto", Some(72), vec![wrote(2, 72, "hello?")])], Vec::new())
}

/// A desk on which an interaction is read that is somebody else's.
fn one_is_read() -> waxwing::desk::Desk {
    let mut desk = one_waits();
    let mut read = interaction(7, "Rita Read", None, Vec::new()).interaction;
    read.owner = None;
    let id = interaction_id(7);
    desk.step(Input::Command(Command::Review(id)), now());
    let record = InteractionRecord { interaction: read, steps: Vec::new() };
    let effects = desk
        .step(Input::Outcome(Outcome::RecordTold { interaction: id, result: Ok(Box::new(record)) }), now());
    let load = effects.iter().find_map(|effect| match effect {
        waxwing::desk::effect::Effect::Load(load) => Some(load.clone()),
        _ => None,
    });
    let page = TranscriptPage {
        messages: vec![wrote(7, 90, "is it late?"), answered(7, 80, "it is not", Delivery::Read)],
        sessions: Vec::new(),
        older: false,
        newer: false,
    };
    let result =
        Outcome::Loaded { load: load.expect("the transcript is asked for"), kept: false, result: Ok(page) };
    desk.step(Input::Outcome(result), now());
    desk
}

#[test]
fn each_workplace_is_a_click_or_a_key_away_and_is_remembered() {
    let mut harness = window(one_waits(), 1440.0);
    harness.get_by_label("Workplace Workbins").click();
    harness.run_steps(2);
    assert_eq!(harness.state().layout().workplace, Workplace::Workbins);
    for (key, workplace, title) in [
        (egui::Key::Num3, Workplace::History, "My History"),
        (egui::Key::Num4, Workplace::Contacts, "Contacts"),
    ] {
        harness.key_press_modifiers(egui::Modifiers::COMMAND, key);
        harness.run_steps(2);
        assert_eq!(harness.state().layout().workplace, workplace);
        assert!(harness.query_all_by_label(title).next().is_some(), "{title}");
    }
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::Num1);
    harness.run_steps(2);
    harness.get_by_label("Overdue Otto, overdue 01:12");
}

#[test]
fn whoever_waits_is_told_of_elsewhere_and_a_key_leads_there() {
    let mut harness = window(one_waits(), 1440.0);
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::Num3);
    harness.run_steps(2);
    harness.get_by_label("Workplace Active, 1");
    harness.state_mut().actions.clear();
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::J);
    harness.run_steps(2);
    let activated = Action::Command(Command::Activate(Some(interaction_id(2))));
    assert!(harness.state().actions.contains(&activated));
    assert_eq!(harness.state().layout().workplace, Workplace::Active);
}

#[test]
fn what_is_read_is_held_apart_from_what_is_ours() {
    let desk = one_is_read();
    let read = desk.review().expect("it is held");
    assert_eq!(read.interaction().id, interaction_id(7));
    assert!(desk.conversation(interaction_id(7)).is_none());
    assert_eq!(
        read.rows()
            .iter()
            .filter(|row| matches!(row.kind, waxwing::desk::conversation::RowKind::Message { .. }))
            .count(),
        2
    );
}
