//! Text that people write: laid out by parley, drawn from an atlas of our own. Chrome keeps egui's text, which does not
//! reorder right-to-left words.
//!
//! To read it: [`Words`] is what there is to lay out (`words`), [`layout`] makes a [`Galley`] of it (`shape`, `galley`),
//! which knows what lies where and paints itself (`paint`, from the `atlas`, whose pictures `raster` draws). [`Label`]
//! is a widget of one galley, [`editor`] a field to write in. `engine` remembers what was laid out; `faces` are the
//! fonts in memory, and the `finder` looks for others on a thread of its own. Emoji are drawn on another thread, the
//! `drawer`'s, and painted as soon as they are there. [`isolate`] keeps strangers' text from disturbing what stands
//! beside it. [`mod@print`] lays out for paper, where nothing is painted.
//!
//! **Fonts.** A frame never waits for the disk. A text whose letters no font in memory has is laid out without them,
//! blank; its letters go to the [`Finder`], and when it has found fonts the window wakes and the text is laid out again.
//! Whoever remembers sizes forgets them when [`generation`] changes. Without a finder, as in tests, the shipped fonts
//! are all there is, so pictures are the same everywhere.
//!
//! **Offsets** are bytes of the logical text everywhere, and always lie between letters.

use std::sync::Arc;

use egui::Context;

mod atlas;
mod drawer;
pub mod editor;
mod emoji;
mod engine;
mod faces;
mod finder;
mod galley;
pub mod isolate;
pub mod jumbo;
mod label;
pub mod links;
pub mod markup;
mod motion;
mod paint;
pub mod print;
mod raster;
mod shape;
mod words;

pub use finder::Finder;
pub use galley::{Caret, Galley, Row};
pub use label::{Label, on_hover_whole};
use shape::Room;
pub use words::{Direction, Ink, Look, Span, Style, Weight, Words, Wrap};

/// Makes the system's fonts usable in this context, as soon as somebody gives [`Finder::run`] a thread.
#[must_use = "fonts are found only while it runs"]
pub fn install(ctx: &Context) -> Finder {
    let (drawer, orders) = drawer::Drawer::new(ctx);
    let (finder, asking) = Finder::new(ctx, drawer);
    ctx.add_plugin(engine::Engine::new(asking, orders));
    finder
}

/// Lays a text out, or finds it laid out already. Cheap when it was asked for in the frame before.
#[must_use]
pub fn layout(ctx: &Context, words: &Words<'_>, wrap: Wrap) -> Arc<Galley> {
    let room = Room { wrap, scale: ctx.pixels_per_point(), fills: false };
    engine::Engine::of(ctx).lock().layout(words, room)
}

/// The same, with paragraphs at the edges of a field of that width.
fn layout_field(ctx: &Context, words: &Words<'_>, width: f32) -> Arc<Galley> {
    let room = Room { wrap: Wrap::at(width), scale: ctx.pixels_per_point(), fills: true };
    engine::Engine::of(ctx).lock().layout(words, room)
}

/// The same in one row, wider than the field where the text is; line breaks are spaces.
fn layout_line(ctx: &Context, words: &Words<'_>, width: f32) -> Arc<Galley> {
    // A space takes as many bytes as a line break: every place in the text stays what it is.
    let text = words.text.replace('\n', " ");
    let words = Words { text: &text, ..*words };
    let natural = layout(ctx, &words, Wrap::at(f32::INFINITY)).size().x;
    layout_field(ctx, &words, width.max(natural.ceil() + 1.0))
}

/// Counts how often fonts were added: sizes remembered from before may be wrong.
#[must_use]
pub fn generation(ctx: &Context) -> u64 {
    engine::Engine::of(ctx).lock().generation()
}

/// Whether fonts are being looked for or glyphs drawn: what is painted now may look otherwise once they are there.
#[must_use]
pub fn is_looking(ctx: &Context) -> bool {
    engine::Engine::of(ctx).lock().is_looking()
}

#[cfg(test)]
mod tests;
