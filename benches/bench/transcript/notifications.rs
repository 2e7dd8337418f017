//! How long the frame takes in which the Notification tab opens on a number with five hundred templates.

use std::time::Duration;

use chrono::NaiveDate;
use egui::{Context, Event, Key, Modifiers, RawInput, Rect, pos2};
use waxwing::{
    config::Choices,
    desk::{
        Desk,
        input::Input,
        picture::{Fetched, PictureKey},
        restore::Restored,
    },
    ui::{self, Pictures, View, ViewState, fonts, language::Language, theme::Theme},
};
use waxwing_protocol::{
    event::{Cursor, InteractionSnapshot},
    id::TemplateId,
    library::LibraryPage,
    template::{Marked, ParameterFormat, Template, TemplateCategory, TemplateQuality, TemplateStatus},
};

use super::{said, screen::worked};
use crate::report::Row;

/// How many templates the number has.
const TEMPLATES: u16 = 500;
/// How often the tab is opened, in a new window each time.
const OPENINGS: usize = 5;
/// All of it is drawn within so many frames.
const OPENING: usize = 6;
/// What a frame may cost, in milliseconds: one at sixty a second.
const FRAME_LIMIT: f64 = 16.0;

/// No pictures.
#[derive(Debug)]
struct NoPictures;

impl Pictures for NoPictures {
    fn get(&self, _key: PictureKey) -> Fetched {
        Fetched::NotAsked
    }
}

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

fn desk() -> Desk {
    let local_day = |at: chrono::DateTime<chrono::Utc>| -> NaiveDate { at.date_naive() };
    let mut desk = Desk::new(Choices::default().settings(), local_day);
    let templates = (0..TEMPLATES).map(template).collect();
    let transcript = (0..40).rev().map(said::message).collect();
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
    let (desk, theme) = (desk(), Theme::shipped(egui::Theme::Light));
    let (choices, language) = (Choices::default(), Language::first_of(["en"]));
    let view = View {
        desk: &desk,
        now: said::now(),
        theme: &theme,
        choices: &choices,
        language: &language,
        pictures: &NoPictures,
        files: &(),
        sound: &(),
        spelling: &(),
        zone: ui::Zone::Utc,
        gateway: "http://127.0.0.1",
    };
    let mut slowest = Duration::ZERO;
    for _ in 0..OPENINGS {
        let (ctx, mut state) = (Context::default(), ViewState::default());
        fonts::install(&ctx);
        Theme::install(&ctx);
        let mut draw = |events: Vec<Event>| {
            let screen_rect = Some(Rect::from_min_max(pos2(0.0, 0.0), pos2(1440.0, 900.0)));
            let input = RawInput { screen_rect, events, focused: true, ..RawInput::default() };
            let before = worked();
            let mut output = ctx.run_ui(input, |ui| drop(ui::show(ui, view, &mut state)));
            std::hint::black_box(ctx.tessellate(output.shapes, output.pixels_per_point));
            let work = worked().saturating_sub(before);
            output.textures_delta.clear();
            work
        };
        // The window stands still before.
        for _ in 0..30 {
            draw(Vec::new());
        }
        let mut events = vec![key(true), key(false)];
        for _ in 0..OPENING {
            slowest = slowest.max(draw(std::mem::take(&mut events)));
        }
    }
    Row::new("notification_tab_open_ms", slowest.as_secs_f64() * 1000.0, "ms").at_most(FRAME_LIMIT)
}

fn key(pressed: bool) -> Event {
    let modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);
    Event::Key { key: Key::N, physical_key: None, pressed, repeat: false, modifiers }
}
