//! The rules of filling in, by example and at random.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{
    id::AttachmentId,
    template::{Example, Marked, TemplateCard, TemplateOffer, TemplateQuality, TemplateStatus},
};

fn now() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH
}

fn template(body: &str) -> Template {
    Template {
        id: TemplateId::from_uuid(Uuid::nil()),
        name: "HSM_payment_confirmation".to_owned(),
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
        numbers: Vec::new(),
    }
}

fn values(given: &[(&str, SlotValue)]) -> SlotValues {
    given.iter().map(|(slot, value)| (slot.parse().expect("a slot"), value.clone())).collect()
}

fn words(given: &[(&str, &str)]) -> SlotValues {
    given.iter().map(|(slot, text)| (slot.parse().expect("a slot"), SlotValue::text(*text))).collect()
}

fn problem_of(template: &Template, values: &SlotValues) -> Vec<(String, SlotProblem)> {
    let problems = fill(template, values, now()).expect_err("refused");
    problems.into_iter().map(|(slot, problem)| (slot.to_string(), problem)).collect()
}

#[test]
fn the_payment_confirmation_is_filled_in() {
    let template = template(
        "Hello {{1}}.\nHave you ordered {{2}}?\nIf yes, please, confirm {{3}} payment issued to your {{4}} card.\nWe will send you {{5}}.\nThanks, {{1}}.",
    );
    let names: Vec<_> = slots(&template).into_iter().map(|wanted| wanted.slot.to_string()).collect();
    assert_eq!(names, ["body.1", "body.2", "body.3", "body.4", "body.5"]);
    let mut given =
        words(&[("body.1", "Masha Ivanova"), ("body.2", "flowers"), ("body.3", "$10"), ("body.4", "credit")]);
    assert_eq!(problem_of(&template, &given), [("body.5".to_owned(), SlotProblem::Missing)]);
    given.extend(words(&[("body.5", "on Monday")]));
    let made = fill(&template, &given, now()).expect("filled in");
    assert_eq!(
        made.text,
        "Hello Masha Ivanova.\nHave you ordered flowers?\nIf yes, please, confirm $10 payment issued to your credit card.\nWe will send you on Monday.\nThanks, Masha Ivanova."
    );
    assert_eq!(made.values, given);
}

#[test]
fn every_part_of_a_template_has_its_slots_and_is_filled_in() {
    let mut template = template("Your {{thing}}");
    template.header = Some(TemplateHeader::Text(Marked {
        text: "For {{media}}".to_owned(),
        examples: vec![Example { mark: "media".to_owned(), example: "Pablo".to_owned() }],
    }));
    template.offer = Some(TemplateOffer { text: "25% off".to_owned(), expires: true });
    template.buttons = vec![
        TemplateButton::QuickReply { text: "Stop".to_owned() },
        TemplateButton::Url {
            text: "Track".to_owned(),
            url: "https://shop.example/t/{{1}}".to_owned(),
            example: Some("https://shop.example/t/7".to_owned()),
        },
        TemplateButton::CopyCode { text: String::new(), example: Some("SUMMER20".to_owned()) },
        TemplateButton::MultiProduct { text: "View".to_owned() },
        TemplateButton::PhoneNumber { text: "Call".to_owned(), phone_number: "+1555".to_owned() },
    ];
    template.cards = vec![TemplateCard {
        header: Some(TemplateHeader::Media { kind: MediaKind::Image }),
        body: Some(Marked { text: "Only {{1}}".to_owned(), examples: Vec::new() }),
        buttons: vec![TemplateButton::QuickReply { text: "More".to_owned() }],
    }];
    let wanted = slots(&template);
    let told: Vec<_> =
        wanted.iter().map(|wanted| (wanted.slot.to_string(), wanted.example.as_deref())).collect();
    assert_eq!(
        told,
        [
            ("header.{media}".to_owned(), Some("Pablo")),
            ("offer.expires".to_owned(), None),
            ("body.thing".to_owned(), None),
            ("button.1".to_owned(), Some("7")),
            ("button.2".to_owned(), Some("SUMMER20")),
            ("button.3".to_owned(), None),
            ("card.0.header.media".to_owned(), None),
            ("card.0.body.1".to_owned(), None),
        ]
    );
    let attachment = AttachmentId::from_uuid(Uuid::nil());
    let at = now() + chrono::TimeDelta::hours(1);
    let given = values(&[
        ("header.{media}", SlotValue::text("Masha")),
        ("offer.expires", SlotValue::Expires { at }),
        ("body.thing", SlotValue::text("order")),
        ("button.1", SlotValue::text("48213?a=b")),
        ("button.2", SlotValue::text("SUMMER20")),
        ("button.3", SlotValue::Products { catalog: None, products: vec!["sku-1".to_owned()] }),
        ("card.0.header.media", SlotValue::Media { attachment, file_name: None }),
        (
            "card.0.body.1",
            SlotValue::Currency { fallback: "$9".to_owned(), code: "USD".to_owned(), amount_1000: 9000 },
        ),
    ]);
    let made = fill(&template, &given, now()).expect("filled in");
    assert_eq!(
        made.as_text(),
        "For Masha\n25% off\nYour order\n[Stop]\n[Track] https://shop.example/t/48213?a=b\n[Copy code] SUMMER20\n[View]\n[Call] +1555\n[Picture]\nOnly $9\n[More]"
    );
    assert_eq!(made.offer.and_then(|offer| offer.expires_at), Some(at));
}

#[test]
fn each_value_is_checked_for_itself() {
    let mut template = template("{{1}}");
    template.buttons = vec![
        TemplateButton::Url {
            text: "T".to_owned(),
            url: "https://a.example/{{1}}".to_owned(),
            example: None,
        },
        TemplateButton::CopyCode { text: String::new(), example: None },
    ];
    let fine = words(&[("body.1", "x"), ("button.0", "x"), ("button.1", "X1")]);
    assert!(fill(&template, &fine, now()).is_ok());
    for (slot, text, expected) in [
        ("body.1", " ", SlotProblem::Missing),
        ("body.1", "a\nb", SlotProblem::Spacing),
        ("body.1", "a\tb", SlotProblem::Spacing),
        ("body.1", "a     b", SlotProblem::Spacing),
        ("body.1", "Hi {{name}}", SlotProblem::Blank),
        ("body.1", "<$Contact.Name$>", SlotProblem::Blank),
        ("button.0", "a b", SlotProblem::Url),
        ("button.0", "a\"b", SlotProblem::Url),
        ("button.1", "SUMMER 20", SlotProblem::Coupon),
        ("button.1", "ABCDEFGHIJKLMNOPQRSTU", SlotProblem::TooLong { over: 1 }),
    ] {
        let mut given = fine.clone();
        given.extend(words(&[(slot, text)]));
        assert_eq!(problem_of(&template, &given), [(slot.to_owned(), expected)], "{slot} {text:?}");
    }
    let mut given = fine.clone();
    given.extend(values(&[("button.1", SlotValue::Expires { at: now() })]));
    assert_eq!(problem_of(&template, &given), [("button.1".to_owned(), SlotProblem::WrongKind)]);
}

#[test]
fn a_text_that_its_values_make_too_long_is_told_at_the_longest() {
    let template = template("{{1}} {{2}}");
    let given = words(&[("body.1", "x"), ("body.2", &"y".repeat(MAX_BODY_CHARS))]);
    assert_eq!(problem_of(&template, &given), [("body.2".to_owned(), SlotProblem::TooLong { over: 2 })]);
}

#[test]
fn an_offer_that_is_over_a_place_off_the_map_and_products_without_a_catalogue_are_refused() {
    let mut template = template("Hi");
    template.header = Some(TemplateHeader::Location);
    template.offer = Some(TemplateOffer { text: "Now".to_owned(), expires: true });
    let place = |latitude| SlotValue::Location {
        latitude,
        longitude: 4.9,
        name: "Shop".to_owned(),
        address: "Dam 1".to_owned(),
    };
    let given =
        values(&[("header.location", place(91.0)), ("offer.expires", SlotValue::Expires { at: now() })]);
    assert_eq!(
        problem_of(&template, &given),
        [
            ("header.location".to_owned(), SlotProblem::Location),
            ("offer.expires".to_owned(), SlotProblem::Over)
        ]
    );
    template.header = Some(TemplateHeader::Product);
    template.offer = None;
    let product = SlotValue::Products { catalog: None, products: vec!["1".to_owned()] };
    assert_eq!(
        problem_of(&template, &values(&[("header.product", product)])),
        [("header.product".to_owned(), SlotProblem::Catalog)]
    );
}

proptest! {
    #[test]
    fn nothing_filled_in_has_a_mark_left(
        body in "(\\PC|\\{\\{[0-9a-z_]{1,3}\\}\\}|[{}]){0,30}",
        value in "(\\PC|[{}]){0,12}",
        leave_out in 0_usize..4,
    ) {
        let template = template(&body);
        let wanted = slots(&template);
        let given: SlotValues = wanted.iter().enumerate()
            .filter(|(place, _)| place + 1 != leave_out)
            .map(|(_, wanted)| (wanted.slot.clone(), SlotValue::text(value.clone())))
            .collect();
        match fill(&template, &given, now()) {
            Ok(made) => {
                prop_assert_eq!(given.len(), wanted.len());
                // Single braces of the words and of a value may come to stand beside each other; they are not ours.
                prop_assert!(wanted.is_empty() || !value.trim().is_empty());
                prop_assert!(wanted.is_empty() || !value.contains("{{"));
                if !body.contains("{{{") && !body.contains("}}}") && !value.contains(['{', '}']) {
                    prop_assert!(parts(&made.text).iter().all(|part| matches!(part, Part::Text(_))), "{}", made.text);
                }
            }
            Err(problems) => prop_assert!(!problems.is_empty()),
        }
    }

    #[test]
    fn a_slot_reads_back_as_itself(card in proptest::option::of(0_u8..10), mark in "[0-9a-z_]{1,8}", button in 0_u8..10) {
        for place in [
            Place::HeaderMedia, Place::HeaderLocation, Place::HeaderProduct, Place::OfferExpires, Place::Button(button),
            Place::Header(Mark::new(&mark)), Place::Body(Mark::new(&mark)),
        ] {
            let slot = Slot { card, place };
            prop_assert_eq!(slot.to_string().parse(), Ok(slot));
        }
    }

    #[test]
    fn no_text_panics_as_a_slot(text in "\\PC{0,20}") {
        if let Ok(slot) = text.parse::<Slot>() {
            prop_assert_eq!(slot.to_string().parse(), Ok(slot));
        }
    }
}
