//! The interaction bar, the top bar and the lines under it.

use chrono::TimeDelta;
use egui_kittest::kittest::Queryable as _;
use waxwing::{desk::input::Command, ui::Action};
use waxwing_protocol::{agent::AgentStatus, event::NumberAlert, id::BusinessNumberId, interaction::Phase};

use crate::fixture::{desk, interaction, interaction_id, now, window, with_active, wrote};

fn three_waiting() -> waxwing::desk::Desk {
    desk(
        vec![
            interaction(1, "Fresh Freya", Some(9), vec![wrote(1, 9, "hello")]),
            interaction(2, "Overdue Otto", Some(72), vec![wrote(2, 72, "hello?")]),
            interaction(3, "Late Lena", Some(38), vec![wrote(3, 38, "hello!")]),
            interaction(4, "Answered Ann", None, vec![wrote(4, 100, "thanks")]),
        ],
        Vec::new(),
    )
}

#[test]
fn who_has_waited_longest_stands_first_and_is_told_in_words() {
    let harness = window(three_waiting(), 1440.0);
    let top = |label: &str| harness.get_by_label(label).rect().top();
    let order = [
        top("Overdue Otto, overdue 01:12"),
        top("Late Lena, waiting long 00:38"),
        top("Fresh Freya, waiting 00:09"),
        top("Answered Ann"),
    ];
    assert!(order.is_sorted(), "{order:?}");
}

#[test]
fn the_stage_follows_the_time() {
    let mut harness = window(three_waiting(), 1440.0);
    harness.state_mut().now = now() + TimeDelta::seconds(41);
    harness.run_steps(1);
    harness.get_by_label("Fresh Freya, overdue 00:50");
    harness.get_by_label("Late Lena, overdue 01:19");
}

#[test]
fn a_click_on_the_card_and_a_key_lead_to_the_interaction() {
    let mut harness = window(three_waiting(), 1440.0);
    harness.get_by_label("Late Lena, waiting long 00:38").click();
    harness.run_steps(2);
    assert_eq!(harness.state().actions, [Action::Command(Command::Activate(Some(interaction_id(3))))]);
    harness.state_mut().actions.clear();
    harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::J);
    harness.run_steps(2);
    assert_eq!(harness.state().actions, [Action::Command(Command::Activate(Some(interaction_id(2))))]);
}

#[test]
fn a_card_says_that_its_session_has_ended() {
    let mut ended = interaction(1, "Tom Becker", None, vec![wrote(1, 60, "bye")]);
    ended.interaction.phase = Phase::Ended;
    let again = interaction(2, "Tom Becker", None, vec![wrote(2, 30, "hello again")]);
    let harness = window(desk(vec![ended, again], Vec::new()), 1440.0);
    harness.get_by_label("Tom Becker, ended");
    harness.get_by_label("Tom Becker");
    assert_eq!(harness.get_all_by_label("Ended").count(), 1);
}

#[test]
fn a_narrow_window_keeps_every_contact_within_reach() {
    let mut harness = window(three_waiting(), 700.0);
    harness.get_by_label("Overdue Otto, overdue 01:12").click();
    harness.run_steps(2);
    assert_eq!(harness.state().actions, [Action::Command(Command::Activate(Some(interaction_id(2))))]);
}

#[test]
fn an_empty_bar_says_what_to_expect() {
    let harness = window(desk(Vec::new(), Vec::new()), 1440.0);
    harness.get_by_label("No interactions");
    harness.get_by_label("Nobody is waiting");
}

#[test]
fn the_status_menu_offers_reasons() {
    let mut harness = window(three_waiting(), 1440.0);
    harness.get_by_label("Status: Ready").click();
    harness.run_steps(3);
    harness.get_by_label("Not Ready · Lunch").click();
    harness.run_steps(2);
    let wanted = AgentStatus::NotReady { reason: Some("Lunch".to_owned()) };
    assert_eq!(harness.state().actions, [Action::Command(Command::SetStatus(wanted))]);
}

#[test]
fn a_key_makes_ready_and_not_ready() {
    let mut harness = window(three_waiting(), 1440.0);
    harness.key_press_modifiers(egui::Modifiers::COMMAND | egui::Modifiers::SHIFT, egui::Key::R);
    harness.run_steps(2);
    assert_eq!(
        harness.state().actions,
        [Action::Command(Command::SetStatus(AgentStatus::NotReady { reason: None }))]
    );
}

#[test]
fn what_stops_a_number_stands_above_everything() {
    let alert = NumberAlert {
        number: BusinessNumberId::new(now(), [1; 10]),
        display_number: "+1 555 078 3881".to_owned(),
        text: "the access token has expired: put a new one in".to_owned(),
        since: now(),
    };
    let harness =
        window(with_active(desk(vec![interaction(1, "Ada", None, Vec::new())], vec![alert]), 1), 1440.0);
    harness.get_by_label_contains("the access token has expired");
}
