//! The Notification tab: choosing, filling in, what it says of what is missing, sending once, and leaving no trace.

use chrono::TimeDelta;
use egui::{Event, Key, Modifiers};
use egui_kittest::{
    Harness,
    kittest::{NodeT, Queryable as _},
};
use waxwing::{
    desk::{
        effect::Call,
        file::{FileSource, ReadyFile},
        input::{Command, Outcome},
        notification::FilledIn,
    },
    ui::Action,
};
use waxwing_protocol::{
    attachment::{About, Opening},
    id::{ClientRef, TemplateId},
    message::MediaKind,
    slot::{Slot, SlotValue},
    template::{
        Example, Marked, ParameterFormat, Template, TemplateButton, TemplateCard, TemplateCategory,
        TemplateHeader, TemplateOffer, TemplateQuality, TemplateStatus,
    },
};

use crate::{
    fixture::{Window, desk_with_templates, interaction, interaction_id, now, number_id, window, wrote},
    hand::{asked, calls, click, command, key, outcome, place, type_in},
};

pub(crate) fn template(number: u8, name: &str, body: &str) -> Template {
    Template {
        id: TemplateId::new(now(), [number; 10]),
        name: name.to_owned(),
        language: "en_US".to_owned(),
        status: TemplateStatus::Approved,
        reason: None,
        category: TemplateCategory::Utility,
        quality: TemplateQuality::Green,
        parameter_format: ParameterFormat::Positional,
        header: None,
        body: Marked { text: body.to_owned(), examples: Vec::new() },
        footer: None,
        offer: None,
        buttons: Vec::new(),
        cards: Vec::new(),
        unknown_parts: Vec::new(),
        numbers: vec![number_id()],
    }
}

/// The example of the product's help page.
pub(crate) fn payment() -> Template {
    let mut payment = template(
        1,
        "HSM_payment_confirmation",
        "Hello {{1}}.\nHave you ordered {{2}}?\nIf yes, please, confirm {{3}} payment issued to your {{4}} card.\nWe will send you {{5}}.\nThanks, {{1}}.",
    );
    payment.body.examples = vec![Example { mark: "1".to_owned(), example: "Pablo".to_owned() }];
    payment
}

/// The names of its five fields.
pub(crate) const FIELDS: [&str; 5] = [
    "1 Hello …",
    "2 Have you ordered …",
    "3 yes, please, confirm …",
    "4 issued to your …",
    "5 will send you …",
];

pub(crate) fn open<'a>(templates: Vec<Template>) -> Harness<'a, Window> {
    let ada = interaction(1, "Ada", Some(38), vec![wrote(1, 60, "hello")]);
    let ben = interaction(2, "Ben", None, vec![wrote(2, 90, "hi")]);
    let mut harness = window(desk_with_templates(vec![ada, ben], templates), 1440.0);
    key(&mut harness, Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::N);
    asked(&mut harness);
    harness
}

/// The same, with the first template chosen by the key.
pub(crate) fn filling<'a>(template: Template) -> Harness<'a, Window> {
    let mut harness = open(vec![template]);
    key(&mut harness, Modifiers::NONE, Key::Enter);
    asked(&mut harness);
    harness
}

fn write(harness: &mut Harness<'_, Window>, field: &str, words: &str) {
    harness.get_by_label(field).focus();
    harness.run_steps(2);
    type_in(harness, words);
}

/// What was asked to be sent.
pub(crate) fn sent(harness: &mut Harness<'_, Window>) -> Vec<FilledIn> {
    let sent = |action| match action {
        Action::SendNotification { notification, .. } => Some(*notification),
        _ => None,
    };
    asked(harness).into_iter().filter_map(sent).collect()
}

fn is_enabled(harness: &Harness<'_, Window>) -> bool {
    // The composer has a button of that name too; that of the form stands at its right.
    let sends = harness.get_all_by_label("Send");
    let form = sends.max_by(|a, b| a.rect().right().total_cmp(&b.rect().right())).expect("a form");
    !NodeT::accesskit_node(&form).is_disabled()
}

fn press_send(harness: &mut Harness<'_, Window>) {
    let sends = harness.get_all_by_label("Send");
    sends.max_by(|a, b| a.rect().right().total_cmp(&b.rect().right())).expect("a form").click();
    harness.run_steps(3);
}

pub(crate) fn slot(slot: &str) -> Slot {
    slot.parse().expect("a slot")
}

#[test]
fn the_five_parameters_are_filled_in_with_the_keyboard_and_sent_once() {
    let mut harness = filling(payment());
    place(&harness, "HSM_payment_confirmation");
    place(&harness, "Utility · English (US) · Approved · +1 555 078 3881");
    let gaps = harness.get_all_by_label_contains("Hello [1].\nHave you ordered [2]?");
    assert_eq!(gaps.count(), 2, "in the template and in what the contact will see");
    assert!(!is_enabled(&harness));
    for (number, words) in ["Masha Ivanova", "flowers", "$10", "credit", "on Monday"].into_iter().enumerate()
    {
        if number > 0 {
            key(&mut harness, Modifiers::NONE, Key::Enter);
        }
        place(&harness, FIELDS[number]);
        type_in(&mut harness, words);
    }
    harness.get_by_label_contains("We will send you on Monday.\nThanks, Masha Ivanova.");
    assert!(is_enabled(&harness));
    key(&mut harness, Modifiers::NONE, Key::Enter);
    let sent = sent(&mut harness);
    assert_eq!(sent.len(), 1);
    let values: Vec<_> = sent[0].values.values().map(SlotValue::as_text).collect();
    assert_eq!(values, ["Masha Ivanova", "flowers", "$10", "credit", "on Monday"]);
    assert!(harness.query_by_label("5 will send you …").is_none(), "the form is gone");
    type_in(&mut harness, "the composer has the keys");
    place(&harness, "Message to Ada");
    assert!(harness.get_by_label("Message to Ada").value().is_some_and(|text| text.contains("has the keys")));
}

#[test]
fn a_double_click_sends_once() {
    let mut harness = filling(template(1, "note", "Thanks, {{1}}."));
    type_in(&mut harness, "Masha");
    let at = {
        let sends = harness.get_all_by_label("Send");
        sends.map(|send| send.rect()).max_by(|a, b| a.right().total_cmp(&b.right())).expect("a form").center()
    };
    crate::hand::clicks(&mut harness, at, 2);
    assert_eq!(sent(&mut harness).len(), 1);
}

#[test]
fn what_is_missing_and_what_is_wrong_is_said_where_it_is() {
    let mut harness = filling(payment());
    assert!(
        harness.query_by_label("Needed before you can send").is_none(),
        "nothing is said before its time"
    );
    place(&harness, "5 places are not filled in yet.");
    for (field, words) in FIELDS.iter().zip(["Masha", "flowers", "a     b", "credit"]) {
        write(&mut harness, field, words);
    }
    place(&harness, "WhatsApp takes no line break, tab or more than four spaces in a row here");
    harness.get_by_label(FIELDS[4]).focus();
    harness.run_steps(2);
    key(&mut harness, Modifiers::NONE, Key::Enter);
    place(&harness, "Needed before you can send");
    assert_eq!(sent(&mut harness).len(), 0);
    key(&mut harness, Modifiers::COMMAND, Key::A);
    assert!(!is_enabled(&harness));
}

#[test]
fn cancel_and_escape_leave_no_trace_and_give_the_keys_back() {
    for escapes in [false, true] {
        let mut harness = filling(payment());
        type_in(&mut harness, "Masha");
        asked(&mut harness);
        if escapes {
            key(&mut harness, Modifiers::NONE, Key::Escape);
        } else {
            click(&mut harness, "Cancel");
        }
        assert!(harness.query_by_label(FIELDS[0]).is_none());
        let dropped = Command::DropFormFiles { interaction: interaction_id(1), slot: None };
        assert!(asked(&mut harness).contains(&Action::Command(dropped)));
        type_in(&mut harness, "on with it");
        let composer = harness.get_by_label("Message to Ada").value();
        assert_eq!(composer.as_deref(), Some("on with it"), "escaped: {escapes}");
        harness.get_by_label_contains("HSM_payment_confirmation, Utility").click();
        harness.run_steps(3);
        assert_eq!(harness.get_by_label(FIELDS[0]).value().as_deref(), Some(""), "it begins anew");
    }
}

#[test]
fn what_is_typed_stays_while_the_agent_looks_at_another_conversation() {
    let mut harness = filling(payment());
    type_in(&mut harness, "Masha");
    harness.state_mut().activate(2);
    harness.run_steps(3);
    assert!(harness.query_by_label(FIELDS[0]).is_none());
    harness.state_mut().activate(1);
    harness.run_steps(3);
    assert_eq!(harness.get_by_label(FIELDS[0]).value().as_deref(), Some("Masha"));
}

#[test]
fn those_that_can_be_sent_come_first_and_the_others_say_why_not() {
    let mut rejected = template(2, "a_rejected_one", "Words");
    rejected.status = TemplateStatus::Rejected;
    rejected.reason = Some("INVALID_FORMAT".to_owned());
    let mut elsewhere = template(3, "of_another_number", "Words");
    elsewhere.numbers.clear();
    let mut harness = open(vec![rejected, payment(), elsewhere]);
    let can =
        harness.get_by_label_contains("HSM_payment_confirmation, Utility · English (US) · Approved").rect();
    let why = "a_rejected_one, Utility · English (US) · Rejected. WhatsApp rejected it. WhatsApp's reason: its places or its form are not as WhatsApp wants them.";
    assert!(can.bottom() < place(&harness, why).top());
    assert!(harness.query_by_label_contains("of_another_number").is_none());
    type_in(&mut harness, "rejec");
    assert!(harness.query_by_label_contains("HSM_payment").is_none());
    key(&mut harness, Modifiers::NONE, Key::Enter);
    place(&harness, "This template can't be sent.");
    assert!(!is_enabled(&harness));
}

#[test]
fn whatsapp_is_asked_for_the_templates_and_an_empty_list_says_where_they_come_from() {
    let mut harness = open(Vec::new());
    place(&harness, "No templates yet");
    click(&mut harness, "Ask WhatsApp for the templates");
    assert_eq!(asked(&mut harness), [Action::Command(Command::RefreshTemplates)]);
    assert!(matches!(calls(&command(&mut harness, Command::RefreshTemplates))[..], [Call::RefreshTemplates]));
    assert!(harness.query_by_label("Ask WhatsApp for the templates").is_none(), "it is under way");
    outcome(&mut harness, Outcome::TemplatesRefreshed(Ok(())));
    place(&harness, "Ask WhatsApp for the templates");
}

#[test]
fn a_file_of_this_machine_stands_in_the_header() {
    let mut with_picture = template(1, "look", "Look, {{1}}.");
    with_picture.header = Some(TemplateHeader::Media { kind: MediaKind::Image });
    let mut harness = filling(with_picture);
    click(&mut harness, "Choose a file…");
    let (interaction, wanted) = (interaction_id(1), MediaKind::Image);
    let pick = Action::PickForForm { interaction, slot: slot("header.media"), wanted };
    assert_eq!(asked(&mut harness), [pick]);
    let client_ref = ClientRef::new(now(), [7; 10]);
    let source = FileSource::Bytes { name: "box.png".to_owned(), bytes: [1].into(), voice: false };
    let slot = slot("header.media");
    command(&mut harness, Command::ChooseForForm { interaction, slot, wanted, client_ref, source });
    place(&harness, "Looking at it…");
    write(&mut harness, "1 Look, …", "Masha");
    assert!(!is_enabled(&harness));
    let about = About {
        mime: "image/png".to_owned(),
        opening: Opening::Allowed,
        size: Some([40, 30]),
        duration_ms: None,
        waveform: Vec::new(),
        has_sound: false,
        pages: None,
        thumb_hash: None,
        preview: false,
    };
    let name = "box.png".to_owned();
    let file = ReadyFile { name, kind: wanted, size_bytes: 1_200, about: Box::new(about), voice: false };
    outcome(&mut harness, Outcome::TakenIn { interaction, client_ref, result: Ok(file) });
    place(&harness, "2 kB");
    assert!(is_enabled(&harness));
    asked(&mut harness);
    press_send(&mut harness);
    let sent = sent(&mut harness);
    assert_eq!(sent[0].files, [crate::notification::slot("header.media")]);
    assert_eq!(sent[0].values.len(), 1, "what stands for the file stays here");
}

#[test]
fn every_kind_of_place_has_a_field_that_helps() {
    let mut all = template(1, "all", "Hi {{1}}.");
    all.header = Some(TemplateHeader::Location);
    all.offer = Some(TemplateOffer { text: "25% off".to_owned(), expires: true });
    all.buttons = vec![
        TemplateButton::Url {
            text: "Track".to_owned(),
            url: "https://shop.example/t/{{1}}".to_owned(),
            example: None,
        },
        TemplateButton::CopyCode { text: String::new(), example: None },
        TemplateButton::MultiProduct { text: "View".to_owned() },
    ];
    let mut harness = filling(all);
    write(&mut harness, "Place, name", "The shop");
    write(&mut harness, "Place, address", "Dam 1");
    write(&mut harness, "Place, latitude", "https://maps.google.com/?q=52.3731,4.8926");
    assert_eq!(harness.get_by_label("Place, longitude").value().as_deref(), Some("4.8926"));
    write(&mut harness, "End of the offer", "tomorrow");
    place(&harness, "This can't stand here");
    key(&mut harness, Modifiers::COMMAND, Key::A);
    let tomorrow = now() + TimeDelta::days(1);
    type_in(&mut harness, &tomorrow.format("%Y-%m-%d %H:%M").to_string());
    write(&mut harness, "1 Hi …", "Masha");
    write(&mut harness, "Track", "48213 ?");
    place(&harness, "Only what may stand in a web address, without blanks");
    key(&mut harness, Modifiers::COMMAND, Key::A);
    type_in(&mut harness, "48213");
    place(&harness, "https://shop.example/t/48213");
    write(&mut harness, "Coupon code", "SUMMER20");
    place(&harness, "8 / 20");
    write(&mut harness, "View", "tulips, roses");
    assert!(is_enabled(&harness));
    asked(&mut harness);
    press_send(&mut harness);
    let sent = sent(&mut harness).remove(0);
    let products = ["tulips", "roses"].map(str::to_owned).to_vec();
    assert_eq!(sent.values[&slot("button.2")], SlotValue::Products { catalog: None, products });
    assert!(
        matches!(sent.values[&slot("offer.expires")], SlotValue::Expires { at } if at == tomorrow - TimeDelta::seconds(tomorrow.timestamp() % 60))
    );
}

#[test]
fn a_date_and_an_amount_are_written_as_the_templates_language_has_them() {
    let mut german = template(1, "mahnung", "Bitte {{betrag}} bis {{tag}}.");
    german.language = "de".to_owned();
    let mut harness = filling(german);
    click(&mut harness, "Date or amount for 2 Tag");
    click(&mut harness, "20 May 2026");
    assert_eq!(harness.get_by_label("2 Tag").value().as_deref(), Some("20. Mai 2026"));
    click(&mut harness, "Date or amount for 1 Betrag");
    write(&mut harness, "Amount", "10,5");
    write(&mut harness, "Currency", "EUR");
    click(&mut harness, "Use");
    asked(&mut harness);
    press_send(&mut harness);
    let sent = sent(&mut harness).remove(0);
    let amount = SlotValue::Currency {
        fallback: "10,50\u{a0}€".to_owned(),
        code: "EUR".to_owned(),
        amount_1000: 10_500,
    };
    assert_eq!(sent.values[&slot("body.betrag")], amount);
    assert_eq!(sent.values[&slot("body.tag")], SlotValue::DateTime { fallback: "20. Mai 2026".to_owned() });
}

#[test]
fn the_cards_of_a_carousel_have_their_own_fields_out_of_sight_at_a_click() {
    let mut carousel = template(1, "flowers", "Fresh:");
    let card = TemplateCard {
        header: None,
        body: Some(Marked { text: "{{flower}}".to_owned(), examples: Vec::new() }),
        buttons: Vec::new(),
    };
    carousel.cards = vec![card.clone(), card];
    let mut harness = filling(carousel);
    write(&mut harness, "Card 1: 1 Flower", "Tulips");
    click(&mut harness, "Card 1 of 2");
    assert!(harness.query_by_label("Card 1: 1 Flower").is_none());
    write(&mut harness, "Card 2: 2 Flower", "Roses");
    assert!(is_enabled(&harness));
}

#[test]
fn a_value_without_an_end_is_taken_in_as_far_as_anybody_could_want_and_said_to_be_too_long() {
    let mut harness = filling(template(1, "endless", "About {{subject}}."));
    harness.get_by_label("1 Subject").focus();
    harness.run_steps(2);
    harness.event(Event::Paste("é".repeat(70_000)));
    harness.run_steps(2);
    type_in(&mut harness, "x");
    let written = harness.get_by_label("1 Subject").value().unwrap_or_default();
    assert_eq!((written.len(), written.contains('x')), (8192, false));
    assert!(!is_enabled(&harness), "WhatsApp takes 1,024 letters");
    key(&mut harness, Modifiers::COMMAND, Key::A);
    type_in(&mut harness, "tea");
    assert_eq!(harness.get_by_label("1 Subject").value().as_deref(), Some("tea"));
    assert!(is_enabled(&harness));
}
