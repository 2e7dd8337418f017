//! Prepared replies in the composer: those that a shortcut offers, and one with blanks to be filled in.

use chrono::DateTime;
use egui::{Key, Modifiers};
use waxwing_protocol::{
    id::ResponseId,
    response::{ResponseContent, StandardResponse},
};

use super::{
    super::{
        desk::{Table, Thread},
        stage::Gesture,
    },
    Page,
};

const SIZE: [f32; 2] = [760.0, 420.0];

/// The pages.
pub(super) fn pages() -> Vec<Page> {
    let typed = Gesture::Write("/d".to_owned());
    let taken = [typed.clone(), Gesture::Press(Modifiers::NONE, Key::Tab)];
    vec![
        page("composer-shorthand").with([typed]),
        page("composer-blanks").with(taken.clone()),
        page("composer-blank-left")
            .with([&taken[..], &[Gesture::Press(Modifiers::NONE, Key::Enter)]].concat()),
    ]
}

fn page(name: &'static str) -> Page {
    let mut thread = Thread::new(1, "Marta Szkoła", 900).waiting(24);
    thread.wrote("Good afternoon! Where is my parcel?");
    let responses = vec![
        response(
            1,
            "Delivery today",
            "dt",
            "Thank you, <$Contact.FirstName$>. It comes {{when}}, before {{time}}.",
        ),
        response(
            2,
            "Delivery delayed",
            "delay",
            "I am sorry for the delay with order <$Interaction.AttachedData(\"Order\")$>.",
        ),
        response(3, "توصيل اليوم", "dar", "شكراً لك، سيصل المندوب اليوم."),
    ];
    Page::new(name, SIZE, Table::with(vec![thread]).with_responses(responses).laid())
}

fn response(number: u8, name: &str, shortcut: &str, body: &str) -> StandardResponse {
    StandardResponse {
        id: ResponseId::new(DateTime::UNIX_EPOCH, [number; 10]),
        content: ResponseContent {
            name: name.to_owned(),
            shortcut: Some(shortcut.to_owned()),
            body: body.to_owned(),
            active: true,
            ..ResponseContent::default()
        },
        version: 1,
        changed_at: DateTime::UNIX_EPOCH,
        changed_by: "Jo Reed".to_owned(),
    }
}
