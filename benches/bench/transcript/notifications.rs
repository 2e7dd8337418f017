//! How long the frame takes in which the Notification tab opens on a number with five hundred templates.

use std::time::Duration;

use chrono::NaiveDate;
use egui::{Event, Key, Modifiers};
use waxwing::{
    config::Choices,
    desk::{Desk, input::Input, restore::Restored},
};
use waxwing_protocol::{
    event::{Cursor, InteractionSnapshot},
    id::TemplateId,
    library::LibraryPage,
    message::Message,
    template::{Marked, ParameterFormat, Template, TemplateCategory, TemplateQuality, TemplateStatus},
};

use super::{
    bare::{Bare, press},
    said,
};
use crate::report::Row;

/// How many templates the number has.
const TEMPLATES: u16 = 500;
/// How often the tab is opened, in a new window each time.
const OPENINGS: usize = 5;
/// All of it is drawn within so many frames.
const OPENING: usize = 6;
/// What a frame may cost, in milliseconds: one at sixty a second.
const FRAME_LIMIT: f64 = 16.0;

fn template(number: u16) -> Template {
    let [high, low] = number.to_be_bytes();
    Template {
        id: TemplateId::new(said::now(), [high, low, 0, 0, 0, 0, 0, 0, 0, 0]),
        name: format!("order_update_{number}"),
        language: if number.is_multiple_of(7) { "ar" } else { "en_US" }.to_owned(),
        status: if number.is_multiple_of(5) { TemplateStatus::Paused } else { TemplateStatus::Approved },
        reason: None,
        category: TemplateCategory::Utility,
        quality: TemplateQuality::Green,
        parameter_format: ParameterFormat::Named,
        header: None,
        body: Marked {
            text: format!(
                "Hello {{{{name}}}}, your order {number} is on its way and comes {{{{date}}}}.\nThank you!"
            ),
            examples: Vec::new(),
        },
        footer: None,
        offer: None,
        buttons: Vec::new(),
        cards: Vec::new(),
        unknown_parts: Vec::new(),
        numbers: vec![said::long().business_number.id],
    }
}

/// A desk with a conversation, on a number with so many templates.
pub(super) fn desk(templates: u16) -> Desk {
    desk_with(templates, None)
}

/// The same, with one more message.
pub(super) fn desk_with(templates: u16, newest: Option<Message>) -> Desk {
    let local_day = |at: chrono::DateTime<chrono::Utc>| -> NaiveDate { at.date_naive() };
    let mut desk = Desk::new(Choices::default().settings(), local_day);
    let templates = (0..templates).map(template).collect();
    let transcript = (0..40).rev().map(said::message).chain(newest).collect();
    let interaction = said::long();
    let active = Some(interaction.id);
    let restored = Restored {
        has_token: true,
        account: Some((said::agent(), said::status())),
        cursor: Some(Cursor { epoch: 1, number: 1 }),
        interactions: vec![InteractionSnapshot { interaction, transcript, older: false, draft: None }],
        active,
        library: Some(Box::new(LibraryPage { whole: true, templates, next: 1, ..LibraryPage::default() })),
        ..Restored::default()
    };
    desk.step(Input::Restored(Box::new(restored)), said::now());
    desk
}

/// The slowest frame while the tab opens.
pub(super) fn opening() -> Row {
    let desk = desk(TEMPLATES);
    let mut slowest = Duration::ZERO;
    for _ in 0..OPENINGS {
        let mut window = Bare::open(&desk);
        let mut events = keys();
        for _ in 0..OPENING {
            slowest = slowest.max(window.frame(&desk, std::mem::take(&mut events)));
        }
    }
    Row::new("notification_tab_open_ms", slowest.as_secs_f64() * 1000.0, "ms").at_most(FRAME_LIMIT)
}

/// What opens the tab.
pub(super) fn keys() -> Vec<Event> {
    press(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::N)
}
