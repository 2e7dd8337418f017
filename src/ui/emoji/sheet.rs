//! Pictures of emoji, a few more in each frame: to draw one takes a while, so that is done elsewhere, and a picker shows a
//! hundred.

use std::{collections::HashMap, sync::Arc};

use egui::{Context, Rect, Ui};

use super::super::{
    text::{self, Galley, Ink, Style, Words, Wrap},
    theme::Theme,
};

/// How large the emoji are, in points.
const SIZE: f32 = 22.0;
/// So many are laid out in a frame at most.
const PER_FRAME: usize = 16;
/// Beyond this the pictures are forgotten and made anew.
const MOST: usize = 1_000;

/// The pictures that have been made.
#[derive(Default)]
pub(super) struct Sheet {
    made: HashMap<&'static str, Arc<Galley>>,
    /// Pixels per point, in bits.
    scale: u32,
    /// In which pass something was made last, and how many.
    pass: (u64, usize),
    /// Whether something else took the time of this frame.
    rests: bool,
}

impl Sheet {
    /// Has the picture of an emoji made, unless enough were begun in this frame; gives it if it is there. Otherwise the window
    /// wakes when there is more.
    pub(super) fn prepare(&mut self, ctx: &Context, emoji: &'static str) -> Option<&Arc<Galley>> {
        let (pass, scale) = (ctx.cumulative_pass_nr(), ctx.pixels_per_point().to_bits());
        if self.pass.0 != pass {
            self.pass = (pass, if std::mem::take(&mut self.rests) { PER_FRAME } else { 0 });
        }
        if self.scale != scale || self.made.len() > MOST {
            self.made.clear();
            self.scale = scale;
        }
        if !self.made.contains_key(emoji) {
            if self.pass.1 >= PER_FRAME {
                ctx.request_repaint();
                return None;
            }
            self.pass.1 += 1;
            let galley =
                text::layout(ctx, &Words::plain(emoji, Style::new(SIZE)), Wrap::one_row(f32::INFINITY));
            self.made.insert(emoji, galley);
        }
        self.made.get(emoji).filter(|galley| galley.prepare(ctx))
    }

    /// Makes nothing more in this frame.
    pub(super) const fn rest(&mut self) {
        self.pass.1 = PER_FRAME;
        self.rests = true;
    }

    /// Paints an emoji in the middle of a rectangle, as soon as its picture is there.
    pub(super) fn paint(&mut self, ui: &Ui, theme: &Theme, emoji: &'static str, rect: Rect) {
        if let Some(galley) = self.prepare(ui.ctx(), emoji) {
            galley.paint(ui.painter(), rect.center() - galley.size() * 0.5, &Ink::of(theme));
        } else {
            ui.painter().circle_filled(rect.center(), SIZE * 0.4, theme.sunken);
        }
    }
}

impl std::fmt::Debug for Sheet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sheet").field("made", &self.made.len()).finish_non_exhaustive()
    }
}
