//! What a frame costs in bare egui that shows as many of the same messages as plain labels, without bubbles, and without
//! reading them the right way round.

use std::time::Duration;

use egui::{Context, RawInput, Rect, pos2};
use waxwing::ui::{fonts, theme::Theme};

use super::{said, screen::worked, words};

/// How many messages fill the window.
const VISIBLE: i64 = 14;
/// How many frames are drawn.
const FRAMES: i64 = 600;

/// Frames in which the labels stand still, or go on by one message each.
pub(super) fn frames(moves: bool) -> Vec<Duration> {
    let ctx = Context::default();
    fonts::install(&ctx);
    Theme::install(&ctx);
    let draw = |number: i64| {
        let first = if moves { number } else { 0 };
        let texts: Vec<_> =
            (first..first + VISIBLE).map(|back| words::fallback(&said::message(back).body)).collect();
        let before = worked();
        let screen_rect = Some(Rect::from_min_max(pos2(0.0, 0.0), pos2(1440.0, 900.0)));
        let mut output = ctx.run_ui(RawInput { screen_rect, ..RawInput::default() }, |ui| {
            ui.set_max_width(700.0);
            for text in &texts {
                ui.label(text);
            }
        });
        std::hint::black_box(ctx.tessellate(output.shapes, output.pixels_per_point));
        let work = worked().saturating_sub(before);
        output.textures_delta.clear();
        work
    };
    // The first ones set everything up.
    (0..FRAMES).map(draw).skip(10).collect()
}
