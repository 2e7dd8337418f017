//! A window on a desk that no service owns: for what has nothing to do with where messages come from.

use std::time::Duration;

use egui::{Context, Event, Key, Modifiers, RawInput, Rect, pos2};
use waxwing::{
    config::Choices,
    desk::{
        Desk,
        picture::{Fetched, PictureKey},
    },
    ui::{self, Pictures, View, ViewState, fonts, language::Language, text, theme::Theme},
};

use super::{
    said,
    screen::{FRAME, worked},
};

/// Frames in which a new window comes to rest.
const FIRST: usize = 30;
/// Frames in which all letters must be there.
const MOST: usize = 1_000;

/// No pictures.
#[derive(Debug)]
struct NoPictures;

impl Pictures for NoPictures {
    fn get(&self, _key: PictureKey) -> Fetched {
        Fetched::NotAsked
    }
}

/// A window.
pub(super) struct Bare {
    ctx: Context,
    state: Box<ViewState>,
    theme: Theme,
    choices: Choices,
    language: Language,
}

impl Bare {
    /// Opens a window; it stands still then.
    pub(super) fn open(desk: &Desk) -> Self {
        let ctx = Context::default();
        fonts::install(&ctx);
        let finder = text::install(&ctx);
        std::thread::Builder::new().name("fonts".to_owned()).spawn(move || finder.run()).expect("is started");
        Theme::install(&ctx);
        let mut window = Self {
            ctx,
            state: Box::default(),
            theme: Theme::shipped(egui::Theme::Light),
            choices: Choices::default(),
            language: Language::first_of(["en"]),
        };
        for _ in 0..FIRST {
            window.frame(desk, Vec::new());
        }
        window
    }

    /// Draws until all letters are there; says what the slowest frame cost.
    pub(super) fn settle(&mut self, desk: &Desk) -> Duration {
        let mut slowest = self.frame(desk, Vec::new());
        for _ in 0..MOST {
            if !text::is_looking(&self.ctx) {
                break;
            }
            std::thread::sleep(FRAME);
            slowest = slowest.max(self.frame(desk, Vec::new()));
        }
        slowest.max(self.frame(desk, Vec::new()))
    }

    /// As if a screen reader listened.
    pub(super) fn listened_to(self) -> Self {
        self.ctx.enable_accesskit();
        self
    }

    /// Draws a frame; says how long the processor worked on it.
    pub(super) fn frame(&mut self, desk: &Desk, events: Vec<Event>) -> Duration {
        let view = View {
            desk,
            now: said::now(),
            theme: &self.theme,
            choices: &self.choices,
            language: &self.language,
            pictures: &NoPictures,
            files: &(),
            sound: &(),
            spelling: &(),
            zone: ui::Zone::Utc,
            gateway: "http://127.0.0.1",
        };
        let screen_rect = Some(Rect::from_min_size(pos2(0.0, 0.0), egui::vec2(1440.0, 900.0)));
        let input = RawInput { screen_rect, events, focused: true, ..RawInput::default() };
        let (before, state) = (worked(), &mut self.state);
        let mut output = self.ctx.run_ui(input, |ui| drop(ui::show(ui, view, state)));
        std::hint::black_box(self.ctx.tessellate(output.shapes, output.pixels_per_point));
        let work = worked().saturating_sub(before);
        output.textures_delta.clear();
        work
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        // Its threads end.
        self.ctx.on_exit();
    }
}

/// A key, pressed and let go.
pub(super) fn press(modifiers: Modifiers, key: Key) -> Vec<Event> {
    let press = |pressed| Event::Key { key, physical_key: None, pressed, repeat: false, modifiers };
    vec![press(true), press(false)]
}
