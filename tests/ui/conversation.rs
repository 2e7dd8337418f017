//! The conversation: header, transcript, bubbles, ticks.

use egui_kittest::kittest::Queryable as _;
use waxwing::{desk::input::Command, ui::Action};
use waxwing_protocol::{
    delivery::{Delivery, DeliveryFailure},
    message::Body,
};

use crate::fixture::{answered, desk, interaction, message, window, with_active, wrote};

#[test]
fn the_indicator_stands_in_the_header_and_on_the_card_and_counts() {
    let open = with_active(
        desk(vec![interaction(1, "Ada Lovelace", Some(38), vec![wrote(1, 38, "hi")])], Vec::new()),
        1,
    );
    let harness = window(open, 1440.0);
    let badges: Vec<_> = harness.get_all_by_label("Pending response, waiting long: 00:38").collect();
    assert_eq!(badges.len(), 2);
    harness.get_by_label("WhatsApp interaction");
}

#[test]
fn whatever_the_letters_of_a_name_the_line_under_it_stands_where_it_stood() {
    let line = |name: &str| {
        let open =
            with_active(desk(vec![interaction(1, name, None, vec![wrote(1, 38, "hi")])], Vec::new()), 1);
        window(open, 1440.0).get_by_label_contains(" · Connected · ").rect()
    };
    let usual = line("Ada");
    for name in ["نستعلیق محمد", "ကျော်ကျော်", "བོད་ཡིག་བོད་ཡིག", "Z̤͎̈́͗ͅa̫̠̕l͇̔ğ͎͝o"]
    {
        assert_eq!(line(name).y_range(), usual.y_range(), "{name}");
    }
}

#[test]
fn nothing_pending_shows_no_indicator() {
    let open = with_active(desk(vec![interaction(1, "Ada", None, vec![wrote(1, 38, "hi")])], Vec::new()), 1);
    let harness = window(open, 1440.0);
    assert!(harness.query_by_label_contains("Pending response").is_none());
}

#[test]
fn the_contact_is_left_and_we_are_right() {
    let said = vec![wrote(1, 60, "from the contact"), answered(1, 50, "from us", Delivery::Read)];
    let harness = window(with_active(desk(vec![interaction(1, "Ada", None, said)], Vec::new()), 1), 1440.0);
    let left = harness.get_by_label("from the contact").rect();
    let right = harness
        .get_all_by_label("from us")
        .map(|node| node.rect())
        .fold(0.0_f32, |most, rect| most.max(rect.left()));
    assert!(left.left() < right, "{left:?} {right}");
}

#[test]
fn each_step_of_a_delivery_is_told() {
    let steps = [
        (Delivery::Accepted, "Sending"),
        (Delivery::Sent, "Sent"),
        (Delivery::Delivered, "Delivered"),
        (Delivery::Read, "Read"),
        (Delivery::Played, "Played"),
        (Delivery::Uncertain, "Not confirmed yet"),
    ];
    for (delivery, words) in steps {
        let said = vec![answered(1, 50, "ours", delivery)];
        let harness =
            window(with_active(desk(vec![interaction(1, "Ada", None, said)], Vec::new()), 1), 1440.0);
        harness.get_by_label_contains(&format!("{words} · "));
    }
}

#[test]
fn a_failure_says_why_and_what_to_do_and_offers_another_try() {
    let failure = DeliveryFailure {
        code: Some(131_026),
        reason: "WhatsApp could not deliver this message.".to_owned(),
        advice: "Reach the contact another way.".to_owned(),
        can_retry: true,
    };
    let said = vec![answered(1, 50, "ours", Delivery::Failed(failure))];
    let mut harness =
        window(with_active(desk(vec![interaction(1, "Ada", None, said)], Vec::new()), 1), 1440.0);
    harness.get_by_label_contains("Reach the contact another way.");
    harness.get_by_label("Try again").click();
    harness.run_steps(2);
    assert!(
        matches!(harness.state().actions.as_slice(), [Action::Command(Command::Retry { .. })]),
        "{:?}",
        harness.state().actions
    );
}

#[test]
fn a_kind_that_nobody_knows_shows_its_fallback() {
    let said = vec![message(1, 50, Body::Unknown, None)];
    let harness = window(with_active(desk(vec![interaction(1, "Ada", None, said)], Vec::new()), 1), 1440.0);
    let shown = harness.get_all_by_label("[a kind of message that is shown in words]").count();
    assert!(shown >= 1);
}

#[test]
fn done_is_asked_for_by_its_button() {
    let mut harness =
        window(with_active(desk(vec![interaction(1, "Ada", None, Vec::new())], Vec::new()), 1), 1440.0);
    harness.get_by_label("Done").click();
    harness.run_steps(2);
    assert!(matches!(harness.state().actions.as_slice(), [Action::Command(Command::MarkDone(_))]));
}

#[test]
fn a_text_beyond_measure_is_shown_in_part_until_all_is_wanted() {
    let long = "no end\n".repeat(3000) + "the end";
    let said = vec![wrote(1, 60, "before"), wrote(1, 50, &long)];
    let mut harness =
        window(with_active(desk(vec![interaction(1, "Ada", None, said)], Vec::new()), 1), 1440.0);
    let tallest = |harness: &egui_kittest::Harness<'_, _>| {
        let heights = harness.get_all_by_label(&long).map(|node| node.rect().height());
        heights.fold(0.0, f32::max)
    };
    let in_part = tallest(&harness);
    assert!(in_part <= 400.0 * 20.0, "{in_part}");
    harness.get_by_label("Show all").click();
    harness.run_steps(3);
    assert!(tallest(&harness) >= 3000.0 * 20.0);
    assert!(harness.query_by_label("Show all").is_none());
}

#[test]
fn what_whatsapp_lets_through_is_shown_whole() {
    let said = vec![wrote(1, 50, &"a word or two ".repeat(292))];
    let harness = window(with_active(desk(vec![interaction(1, "Ada", None, said)], Vec::new()), 1), 1440.0);
    assert!(harness.query_by_label("Show all").is_none());
}
