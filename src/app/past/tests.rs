//! An interaction to write down: with what people should not get away with, and what must not be lost.

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    agent::Colleague,
    delivery::{Delivery, DeliveryState},
    history::{InteractionRecord, LifeReason, LifeStep},
    id::AgentId,
    interaction::CaseDatum,
    message::{Author, Body, Earlier, Message, Reaction},
    wrap_up::{Disposition, Field, FieldKind},
};

use super::*;
use crate::desk::{
    past::Whole,
    tests::{at, int, interaction, said},
};

const NASTY: &str = "<script>alert('x')</script> & \"quoted\"\u{202e}\u{0}";

/// A message of the contact's.
pub(super) fn message(number: u32, seconds: i64, text: &str) -> Message {
    let mut message = said(number, int(1), seconds);
    message.body = Body::Text { text: text.to_owned() };
    message
}

/// An interaction in which that was said.
pub(super) fn whole(messages: Vec<Message>) -> Whole {
    let mut interaction = interaction(1);
    interaction.contact.name = Some("<i>Masha</i>".to_owned());
    let by = Some(Colleague { id: AgentId::new(at(0), [1; 10]), display_name: "Jana".to_owned() });
    let step =
        LifeStep { at: at(90), phase: "done".to_owned(), owner: None, by, why: LifeReason::MarkedDone };
    Whole { record: InteractionRecord { interaction, steps: vec![step] }, messages }
}

/// What is made of it.
pub(super) fn made<T>(whole: &Whole, language: &str, make: impl FnOnce(&Sheet<'_>) -> T) -> T {
    let language = Language::first_of([language]);
    let local = |at: DateTime<Utc>| at.fixed_offset();
    make(&Sheet::of(whole, (&language, &rules()), &local))
}

/// What the house calls things.
fn rules() -> Rules {
    Rules {
        dispositions: vec![Disposition {
            code: "complaint".to_owned(),
            name: "Complaint settled".to_owned(),
            parent: None,
        }],
        case_fields: vec![Field {
            key: "Order".to_owned(),
            name: "Order number".to_owned(),
            kind: FieldKind::Text,
        }],
        ..Rules::default()
    }
}

/// What is made of a small one with a little of everything.
pub(super) fn sheet<T>(make: impl FnOnce(&Sheet<'_>) -> T) -> T {
    let asked = message(1, 0, NASTY);
    let mut answered = message(2, 60, "مرحبا 🌷\nsecond line");
    answered.author = Author::Agent { agent: AgentId::new(at(0), [1; 10]), name: "O'Neil <b>".to_owned() };
    answered.delivery = Some(DeliveryState::new(1, Delivery::Read, at(60)));
    answered.reactions = vec![Reaction { author: Author::Contact, emoji: "👍".to_owned(), sending: None }];
    answered.earlier = vec![Earlier { text: "marhaba".to_owned(), until: at(70) }];
    made(&whole(vec![asked, answered]), "en-GB", make)
}

fn paper(form: PaperForm) -> Paper {
    Paper { number: 1, form, whole: whole(vec![message(1, 0, "words")]).into() }
}

#[test]
fn each_form_is_what_its_name_says() {
    let written = |form| written(&paper(form), "en-GB", &rules());
    assert!(written(PaperForm::Pdf).starts_with(b"%PDF-") && written(PaperForm::Print).starts_with(b"%PDF-"));
    assert!(written(PaperForm::Html).starts_with(b"<!doctype html>"));
    let json: serde_json::Value = serde_json::from_slice(&written(PaperForm::Json)).unwrap();
    assert_eq!(json["messages"][0]["body"]["text"], "words");
    assert_eq!(file_name(&paper(PaperForm::Pdf)), "interaction-2026-09-21-1413");
}

#[test]
fn what_was_noted_stands_there_by_the_names_that_the_house_has_for_it() {
    let mut whole = whole(vec![message(1, 0, "words")]);
    let interaction = &mut whole.record.interaction;
    interaction.disposition = Some("complaint".to_owned());
    let datum = |key: &str, value: &str| CaseDatum { key: key.to_owned(), value: value.to_owned() };
    interaction.case_data = vec![datum("Order", "4711"), datum("Colour", "red")];
    let facts = made(&whole, "en-GB", |sheet| {
        sheet.facts.iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>()
    });
    assert_eq!(facts, ["Order number: 4711", "Colour: red", "What came of it: Complaint settled"]);
}
