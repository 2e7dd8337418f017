//! A sticker: asked for when it is seen, told in words, moving in time and no more often than that.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use egui::{Context, Event, Modifiers, PointerButton, Pos2, RawInput, Rect, ViewportId, pos2, vec2};
use egui_kittest::{Harness, kittest::Queryable as _};
use waxwing::{
    config::Choices,
    desk::{
        Desk,
        picture::{Fetched, Frame, Picture, PictureKey},
    },
    ui::{self, Action, View, interaction::sticker, language::Language, theme::Theme},
};
use waxwing_protocol::id::AttachmentId;

use crate::fixture::{Album, empty_desk, now};

fn attachment() -> AttachmentId {
    AttachmentId::new(now(), [1; 10])
}

/// A sticker whose frames stand for so many milliseconds.
fn moving(millis: &[i64]) -> Fetched {
    let frame = |millis: &i64| Frame { rgba: [9; 16].into(), shown_for: TimeDelta::milliseconds(*millis) };
    Fetched::Ready(Arc::new(Picture::new([2, 2], millis.iter().map(frame).collect()).expect("is a picture")))
}

/// A window with nothing but a sticker in it.
struct Sheet {
    desk: Desk,
    theme: Theme,
    album: Album,
    choices: Choices,
    now: DateTime<Utc>,
    at: Rect,
    actions: Vec<Action>,
}

impl Sheet {
    fn with(sticker: Fetched) -> Self {
        Self {
            desk: empty_desk(),
            theme: Theme::shipped(egui::Theme::Light),
            album: Album([(PictureKey::Sticker(attachment()), sticker)].into()),
            choices: Choices::default(),
            now: now(),
            at: Rect::from_min_size(pos2(20.0, 20.0), vec2(160.0, 160.0)),
            actions: Vec::new(),
        }
    }

    fn draw(&mut self, ui: &mut egui::Ui) {
        let language = Language::first_of([]);
        let view = View {
            desk: &self.desk,
            now: self.now,
            theme: &self.theme,
            choices: &self.choices,
            language: &language,
            zone: ui::Zone::Utc,
            pictures: &self.album,
            files: &(),
            sound: &(),
            spelling: &(),
            gateway: "https://chat.example.com",
        };
        sticker::show(ui, view, attachment(), self.at, &mut self.actions);
    }

    fn opened<'a>(self) -> Harness<'a, Self> {
        let mut harness = Harness::builder()
            .with_size([200.0, 200.0])
            .with_context_setup(|ctx| {
                ui::fonts::install(ctx);
                Theme::install(ctx);
            })
            .build_ui_state(|ui, sheet: &mut Self| sheet.draw(ui), self);
        harness.run_steps(2);
        harness
    }
}

/// The sheet as egui itself sees it, a frame at a time, by a clock of its own.
struct Screen {
    ctx: Context,
    sheet: Sheet,
    focused: bool,
    seconds: f64,
    pointer: Vec<Event>,
}

impl Screen {
    fn with(sheet: Sheet) -> Self {
        let ctx = Context::default();
        ui::fonts::install(&ctx);
        let mut screen = Self { ctx, sheet, focused: true, seconds: 0.0, pointer: Vec::new() };
        for _ in 0..3 {
            screen.frame();
        }
        screen
    }

    /// Draws a frame; says when the next one is wanted.
    fn frame(&mut self) -> Duration {
        self.seconds += 0.001;
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, vec2(200.0, 200.0))),
            time: Some(self.seconds),
            focused: self.focused,
            events: std::mem::take(&mut self.pointer),
            ..RawInput::default()
        };
        let (ctx, sheet) = (&self.ctx, &mut self.sheet);
        let mut output = ctx.run_ui(input, |ui| sheet.draw(ui));
        output.textures_delta.clear();
        output.viewport_output[&ViewportId::ROOT].repaint_delay
    }

    fn textures(&self) -> usize {
        let manager = self.ctx.tex_manager();
        let manager = manager.read();
        let id = format!("{:?}", PictureKey::Sticker(attachment()));
        manager.allocated().filter(|(_, about)| about.name == id).count()
    }
}

#[test]
fn it_is_asked_for_once_it_can_be_seen() {
    let asked = Action::WantPicture(PictureKey::Sticker(attachment()));
    let mut seen = Sheet::with(Fetched::NotAsked).opened();
    seen.get_by_label("Sticker, on its way");
    assert_eq!(seen.state().actions.first(), Some(&asked));
    seen.state_mut().album = Album([(PictureKey::Sticker(attachment()), Fetched::Pending)].into());
    seen.state_mut().actions.clear();
    seen.run_steps(3);
    seen.get_by_label("Sticker, on its way");
    assert_eq!(seen.state().actions, []);

    let out_of_sight = Rect::from_min_size(pos2(0.0, 5000.0), vec2(160.0, 160.0));
    let unseen = Sheet { at: out_of_sight, ..Sheet::with(Fetched::NotAsked) }.opened();
    assert_eq!(unseen.state().actions, []);
}

#[test]
fn what_can_t_be_shown_is_told_and_tried_again_on_a_click() {
    let mut harness = Sheet::with(Fetched::Failed { why: "its file is damaged".into() }).opened();
    let words = "This sticker can't be shown: its file is damaged. Click to try again.";
    harness.get_by_label(words).click();
    harness.run_steps(2);
    let asked = Action::WantPicture(PictureKey::Sticker(attachment()));
    assert_eq!(harness.state().actions, [asked]);
}

#[test]
fn it_has_a_name_and_a_still_one_asks_for_nothing() {
    let harness = Sheet::with(moving(&[40])).opened();
    harness.get_by_role_and_label(egui::accesskit::Role::Image, "Sticker");
    assert_eq!(harness.state().actions, []);
    let mut screen = Screen::with(Sheet::with(moving(&[40])));
    assert_eq!(screen.frame(), Duration::MAX);
}

#[test]
fn the_next_frame_is_asked_for_when_it_is_due() {
    let mut screen = Screen::with(Sheet::with(moving(&[40, 80])));
    assert_eq!(screen.frame(), Duration::from_millis(40));
    screen.sheet.now += TimeDelta::milliseconds(39);
    assert_eq!(screen.frame(), Duration::from_millis(1));
    assert_eq!(screen.textures(), 1);
    screen.sheet.now += TimeDelta::milliseconds(1);
    assert_eq!(screen.frame(), Duration::from_millis(80));
    assert_eq!(screen.textures(), 2, "each frame is uploaded when it is first drawn");
    screen.sheet.now += TimeDelta::milliseconds(120);
    assert_eq!(screen.frame(), Duration::from_millis(80));
    assert_eq!(screen.textures(), 2, "and never again");
}

#[test]
fn nothing_moves_while_nobody_looks() {
    let mut screen = Screen::with(Sheet::with(moving(&[40, 80])));
    screen.focused = false;
    screen.frame();
    assert_eq!(screen.frame(), Duration::MAX);
}

#[test]
fn with_reduced_motion_it_waits_to_be_pointed_at() {
    let mut sheet = Sheet::with(moving(&[40, 80]));
    sheet.choices.window.reduced_motion = true;
    let mut screen = Screen::with(sheet);
    assert_eq!(screen.frame(), Duration::MAX);
    screen.pointer.push(Event::PointerMoved(pos2(100.0, 100.0)));
    screen.frame();
    screen.sheet.now += TimeDelta::milliseconds(10);
    screen.frame();
    assert_eq!(screen.frame(), Duration::from_millis(30), "it moves");
    screen.pointer.push(Event::PointerMoved(pos2(199.0, 199.0)));
    screen.frame();
    screen.frame();
    assert_eq!(screen.frame(), Duration::MAX, "it stands still");
}

#[test]
fn with_reduced_motion_a_click_moves_it_and_another_one_stops_it() {
    let mut sheet = Sheet::with(moving(&[40, 80]));
    sheet.choices.window.reduced_motion = true;
    let mut screen = Screen::with(sheet);
    for moves in [true, false] {
        let at = pos2(100.0, 100.0);
        screen.pointer.push(Event::PointerMoved(at));
        for pressed in [true, false] {
            let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
            screen.pointer.push(Event::PointerButton { pos: at, button, pressed, modifiers });
            screen.frame();
        }
        screen.pointer.push(Event::PointerMoved(pos2(199.0, 199.0)));
        for _ in 0..3 {
            screen.frame();
        }
        assert_eq!(screen.frame() < Duration::from_secs(1), moves);
    }
}

#[test]
fn textures_go_a_while_after_they_were_drawn_last() {
    let mut screen = Screen::with(Sheet::with(moving(&[40, 80])));
    assert_eq!(screen.textures(), 1);
    screen.sheet.at = screen.sheet.at.translate(vec2(0.0, 5000.0));
    let wanted = screen.frame();
    assert_eq!(screen.textures(), 1, "somebody may scroll back");
    assert!(wanted > Duration::from_secs(9) && wanted < Duration::from_secs(11), "{wanted:?}");
    screen.seconds += wanted.as_secs_f64();
    assert_eq!(screen.frame(), Duration::MAX);
    assert_eq!(screen.textures(), 0);
}

#[test]
fn another_picture_takes_the_place_of_the_first() {
    let mut screen = Screen::with(Sheet::with(moving(&[40, 80])));
    screen.sheet.album = Album([(PictureKey::Sticker(attachment()), moving(&[40]))].into());
    screen.frame();
    assert_eq!(screen.textures(), 1);
}
