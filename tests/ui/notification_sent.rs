//! Notifications in the transcript: what is read of them, what can be done with them, and where they are offered instead of
//! words.

use chrono::TimeDelta;
use egui::Key;
use egui_kittest::kittest::Queryable as _;
use waxwing::{
    desk::input::{CallError, Command, Outcome},
    ui::Action,
};
use waxwing_protocol::{
    delivery::{Delivery, DeliveryFailure},
    id::ClientRef,
    message::{Body, Message, Quote},
    notification::preview,
    problem::{Problem, ProblemCode},
    slot::{SlotValue, SlotValues},
    template::TemplateButton,
};

use crate::{
    fixture::{answered, desk_with_templates, interaction, interaction_id, message, now, window, wrote},
    hand::{asked, click, command, outcome, pick, place},
    notification::{FIELDS, filling, open, payment, sent, slot, template},
};

fn values() -> SlotValues {
    let words = ["Masha Ivanova", "flowers", "$10", "credit", "on Monday"];
    (1..).zip(words).map(|(n, text)| (slot(&format!("body.{n}")), SlotValue::text(text))).collect()
}

/// A payment confirmation of ours with buttons, as the gateway tells of it.
fn confirmation(delivery: Delivery) -> Message {
    let mut template = payment();
    template.footer = Some("The shop".to_owned());
    template.buttons = vec![
        TemplateButton::QuickReply { text: "Yes".to_owned() },
        TemplateButton::Url {
            text: "See the bill".to_owned(),
            url: "https://shop.example/bill".to_owned(),
            example: None,
        },
        TemplateButton::CopyCode { text: "Copy offer code".to_owned(), example: None },
    ];
    let mut values = values();
    values.insert(slot("button.2"), SlotValue::text("SUMMER20"));
    let made = preview(&template, &values);
    let fallback = made.as_text();
    Message { fallback, ..message(1, 50, Body::Notification(Box::new(made)), Some(delivery)) }
}

#[test]
fn it_reads_as_the_contact_sees_it() {
    let said = vec![wrote(1, 60, "hello"), confirmation(Delivery::Read)];
    let desk = desk_with_templates(vec![interaction(1, "Ada", None, said)], vec![payment()]);
    let mut harness = window(desk, 1440.0);
    place(&harness, "Notification · HSM_payment_confirmation");
    harness.get_by_label_contains("Hello Masha Ivanova.");
    place(&harness, "The shop");
    place(&harness, "Button Yes");
    place(&harness, "Button Copy offer code, SUMMER20");
    asked(&mut harness);
    click(&mut harness, "Button See the bill, https://shop.example/bill");
    assert_eq!(asked(&mut harness), [Action::OpenLink("https://shop.example/bill".to_owned())]);
    harness.state_mut().copied.clear();
    click(&mut harness, "Button Copy offer code, SUMMER20");
    assert_eq!(harness.state().copied, ["SUMMER20"]);
    harness.state_mut().copied.clear();
    pick(&mut harness, "The shop", "Copy");
    let copied = harness.state().copied.last().cloned().unwrap_or_default();
    assert!(copied.starts_with("Notification · HSM_payment_confirmation\nHello Masha Ivanova.\nHave you"));
    assert!(
        copied.ends_with("Thanks, Masha Ivanova.\nThe shop\nYes\nSee the bill\nCopy offer code"),
        "{copied}"
    );
}

#[test]
fn a_tap_on_its_button_leads_back_to_it() {
    let ours = confirmation(Delivery::Read);
    let quote = Quote { message: Some(ours.id), excerpt: ours.fallback.clone(), by_contact: false };
    let reply = Body::Reply { title: "Yes".to_owned(), description: None, answers: Vec::new() };
    let tap = Message { quote: Some(quote), fallback: "Yes".to_owned(), ..message(1, 20, reply, None) };
    let id = ours.id;
    let desk = desk_with_templates(vec![interaction(1, "Ada", Some(20), vec![ours, tap])], vec![payment()]);
    let mut harness = window(desk, 1440.0);
    asked(&mut harness);
    harness.get_by_label_contains("Answers You: Hello Masha Ivanova.").click();
    harness.run_steps(3);
    let go = Command::GoTo { interaction: interaction_id(1), message: id };
    assert!(asked(&mut harness).contains(&Action::Command(go)));
}

#[test]
fn edit_begins_a_new_one_with_the_same_values() {
    let said = vec![wrote(1, 60, "hello"), confirmation(Delivery::Read)];
    let desk = desk_with_templates(vec![interaction(1, "Ada", None, said)], vec![payment()]);
    let mut harness = window(desk, 1440.0);
    pick(&mut harness, "The shop", "Edit as new notification");
    assert_eq!(harness.get_by_label(FIELDS[1]).value().as_deref(), Some("flowers"));
    harness.get_by_label(FIELDS[4]).focus();
    harness.run_steps(2);
    asked(&mut harness);
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    assert_eq!(sent(&mut harness)[0].values, values());
}

#[test]
fn edit_of_a_template_that_is_gone_says_so() {
    let said = vec![wrote(1, 60, "hello"), confirmation(Delivery::Read)];
    let desk =
        desk_with_templates(vec![interaction(1, "Ada", None, said)], vec![template(9, "another", "x")]);
    let mut harness = window(desk, 1440.0);
    pick(&mut harness, "The shop", "Edit as new notification");
    place(&harness, "The template HSM_payment_confirmation in English (US) is not there for this number.");
}

#[test]
fn what_was_sent_stands_in_the_transcript_at_once_and_a_refused_one_can_be_edited_or_removed() {
    let mut harness = filling(template(1, "note", "Thanks, {{1}}."));
    crate::hand::type_in(&mut harness, "Masha");
    asked(&mut harness);
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    let notification = Box::new(sent(&mut harness).remove(0));
    let (interaction, client_ref) = (interaction_id(1), ClientRef::new(now(), [5; 10]));
    command(&mut harness, Command::SendNotification { interaction, client_ref, notification });
    place(&harness, "Notification · note");
    place(&harness, "Thanks, Masha.");
    let refused =
        CallError::Refused(Problem::new(ProblemCode::UnacceptableBody, "The template has changed."));
    outcome(&mut harness, Outcome::Sent { interaction, client_ref, result: Err(refused) });
    harness.get_by_label_contains("The template has changed.");
    click(&mut harness, "Edit");
    assert_eq!(harness.get_by_label("1 Thanks, …").value().as_deref(), Some("Masha"));
    asked(&mut harness);
    click(&mut harness, "Remove");
    assert_eq!(asked(&mut harness), [Action::Command(Command::Discard { interaction, client_ref })]);
    assert_eq!(
        harness.get_by_label("Message to Ada").value().as_deref(),
        Some(""),
        "no words of it in the composer"
    );
}

#[test]
fn a_closed_reply_window_offers_a_notification_and_keeps_what_is_typed() {
    let mut harness = open(vec![payment()]);
    harness.key_press_modifiers(egui::Modifiers::COMMAND.plus(egui::Modifiers::SHIFT), Key::N);
    harness.run_steps(3);
    harness.get_by_label("Message to Ada").focus();
    harness.run_steps(2);
    crate::hand::type_in(&mut harness, "half a thought");
    assert!(harness.query_by_label("Send a notification").is_none());
    harness.state_mut().now = now() + TimeDelta::hours(25);
    harness.run_steps(2);
    click(&mut harness, "Send a notification");
    harness.get_by_label_contains("HSM_payment_confirmation, Utility");
    assert_eq!(harness.get_by_label("Message to Ada").value().as_deref(), Some("half a thought"));
}

#[test]
fn words_that_whatsapp_refused_for_the_window_offer_one_too() {
    let failure = DeliveryFailure {
        code: Some(131_047),
        reason: "WhatsApp says that the window is closed.".to_owned(),
        advice: "Send a notification.".to_owned(),
        can_retry: false,
    };
    let said = vec![wrote(1, 60, "hello"), answered(1, 30, "there?", Delivery::Failed(failure))];
    let desk = desk_with_templates(vec![interaction(1, "Ada", None, said)], vec![payment()]);
    let mut harness = window(desk, 1440.0);
    harness.get_by_label_contains("WhatsApp says that the reply window is closed:");
    assert_eq!(
        harness.get_all_by_label("Send a notification").count(),
        2,
        "below the message and in the composer"
    );
    harness.get_all_by_label("Send a notification").next().expect("one").click();
    harness.run_steps(3);
    harness.get_by_label_contains("HSM_payment_confirmation, Utility");
}
