//! The pictures of glyphs, on textures. Each is drawn once and sent to the screen alone, not with all others. What takes
//! long to draw is ordered from the [`drawer`](super::drawer), if there is one.
//!
//! One page holds a few thousand glyphs, which is more than a screen shows; when it is full there is a second, and when
//! there are too many the one that was not used for longest is emptied, but never one that is on a screen.

use std::collections::HashMap;

use egui::{Color32, ColorImage, Rect, TextureHandle, TextureId, TextureOptions, mutex::Mutex, pos2};

use super::{
    drawer::{Order, Orders, Taken},
    engine::PASSES,
    raster::{Bitmap, Raster, Request, has_colours},
};

/// Width and height of a page, in pixels.
const SIDE: usize = 1024;
/// Pages beyond this are emptied before there are more.
const PAGES: usize = 4;
/// So many letters are drawn by the window itself in a pass: more than come into view at once when nobody means harm.
const AT_ONCE: usize = 400;
/// So many drawings are taken in in a pass.
const TAKEN_AT_ONCE: usize = 64;

/// What tells one picture of a glyph from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Key {
    font: (u64, u32),
    glyph: u32,
    size: u32,
    shift: u8,
    embolden: bool,
    skew: u32,
    coords: u64,
}

impl Key {
    fn of(request: &Request<'_>) -> Self {
        Self {
            font: (request.font.data.id(), request.font.index),
            glyph: request.glyph,
            size: request.size.to_bits(),
            shift: request.shift,
            embolden: request.embolden,
            skew: request.skew.to_bits(),
            coords: if request.coords.is_empty() { 0 } else { egui::util::hash(request.coords) },
        }
    }
}

/// What is known of a glyph.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Known {
    /// It has no ink.
    Blank,
    /// It is being drawn.
    Coming,
    /// Here it is.
    Drawn(Picture),
}

/// A picture of a glyph on its page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Picture {
    pub(super) page: usize,
    /// On the page, in parts of its side.
    pub(super) uv: Rect,
    /// From the pen, in pixels.
    pub(super) left: i32,
    pub(super) top: i32,
    pub(super) width: u16,
    pub(super) height: u16,
    /// It has colours of its own.
    pub(super) is_colour: bool,
}

/// All pages.
#[derive(Default)]
pub(super) struct Atlas {
    pages: Vec<Page>,
    pictures: HashMap<Key, Known>,
    /// In a lock only because a plugin must be [`Sync`].
    raster: Mutex<Raster>,
    /// What is drawn elsewhere.
    pub(super) orders: Orders,
    /// In which pass the window drew last, and how many.
    at_once: (u64, usize),
    /// Counts how often drawings came: what lacked some is to be looked at again.
    pub(super) arrived: u64,
    /// Counts how often a page was emptied: what was remembered of pictures before is wrong then.
    pub(super) epoch: u64,
}

struct Page {
    texture: TextureHandle,
    shelves: Vec<Shelf>,
    used_in: u64,
}

/// A row of pictures on a page.
struct Shelf {
    top: usize,
    height: usize,
    filled: usize,
}

impl Atlas {
    pub(super) fn new(orders: Orders) -> Self {
        Self { orders, ..Self::default() }
    }

    /// The picture of a glyph, drawn or ordered now if it never was; `pass` is the number of this pass.
    pub(super) fn picture(&mut self, ctx: &egui::Context, request: &Request<'_>, pass: u64) -> Known {
        let key = Key::of(request);
        if let Some(known) = self.pictures.get(&key) {
            let known = *known;
            if let Known::Drawn(picture) = known {
                self.use_page(picture.page, pass);
            }
            return known;
        }
        if self.takes_long(request, pass) {
            match self.orders.order(Order::new(key, request)) {
                Taken::Yes => {
                    self.pictures.insert(key, Known::Coming);
                    return Known::Coming;
                }
                Taken::Later => return Known::Coming,
                Taken::Never => self.pictures.retain(|_key, known| *known != Known::Coming),
            }
        }
        let bitmap = self.raster.lock().draw(request);
        self.keep(ctx, key, bitmap, pass)
    }

    /// Takes in what was drawn elsewhere.
    pub(super) fn take_drawings(&mut self, ctx: &egui::Context, pass: u64) {
        let (drawings, more) = self.orders.take(TAKEN_AT_ONCE);
        self.arrived += u64::from(!drawings.is_empty());
        for (key, bitmap) in drawings {
            self.keep(ctx, key, bitmap, pass);
        }
        if more {
            ctx.request_repaint();
        }
    }

    /// Whether a frame has no time to draw this.
    fn takes_long(&mut self, request: &Request<'_>, pass: u64) -> bool {
        if self.at_once.0 != pass {
            self.at_once = (pass, 0);
        }
        self.at_once.1 += 1;
        self.at_once.1 > AT_ONCE || has_colours(request)
    }

    /// Puts a drawing on a page.
    fn keep(&mut self, ctx: &egui::Context, key: Key, bitmap: Option<Bitmap>, pass: u64) -> Known {
        let known = bitmap.map_or(Known::Blank, |bitmap| {
            let (page, [x, y]) = self.place(ctx, [bitmap.width, bitmap.height], pass);
            let image = ColorImage::new([bitmap.width, bitmap.height], bitmap.pixels);
            self.pages[page].texture.set_partial([x, y], image, TextureOptions::LINEAR);
            let uv = |x: usize, y: usize| pos2(part(x), part(y));
            Known::Drawn(Picture {
                page,
                uv: Rect::from_min_max(uv(x, y), uv(x + bitmap.width, y + bitmap.height)),
                left: bitmap.left,
                top: bitmap.top,
                width: u16::try_from(bitmap.width).unwrap_or(u16::MAX),
                height: u16::try_from(bitmap.height).unwrap_or(u16::MAX),
                is_colour: bitmap.is_colour,
            })
        });
        self.pictures.insert(key, known);
        known
    }

    /// Keeps a page from being emptied while this frame is drawn.
    pub(super) fn use_page(&mut self, page: usize, pass: u64) {
        if let Some(page) = self.pages.get_mut(page) {
            page.used_in = pass;
        }
    }

    pub(super) fn texture(&self, page: usize) -> Option<TextureId> {
        self.pages.get(page).map(|page| page.texture.id())
    }

    /// Finds room on a page.
    fn place(&mut self, ctx: &egui::Context, size: [usize; 2], pass: u64) -> (usize, [usize; 2]) {
        for (index, page) in self.pages.iter_mut().enumerate() {
            if let Some(at) = page.place(size) {
                page.used_in = pass;
                return (index, at);
            }
        }
        let oldest = self.pages.iter().enumerate().min_by_key(|(_index, page)| page.used_in);
        let index = match oldest {
            Some((index, page)) if self.pages.len() >= PAGES && page.used_in + PASSES < pass => {
                self.empty(index);
                index
            }
            _ => {
                self.pages.push(Page::new(ctx));
                self.pages.len() - 1
            }
        };
        let page = &mut self.pages[index];
        page.used_in = pass;
        (index, page.place(size).expect("a picture is smaller than an empty page"))
    }

    fn empty(&mut self, index: usize) {
        self.pages[index].shelves.clear();
        let is_there = |known: &Known| matches!(known, Known::Drawn(picture) if picture.page == index);
        self.pictures.retain(|_key, known| !is_there(known));
        self.epoch += 1;
    }
}

impl Page {
    fn new(ctx: &egui::Context) -> Self {
        let blank = ColorImage::filled([SIDE, SIDE], Color32::TRANSPARENT);
        Self {
            texture: ctx.load_texture("text", blank, TextureOptions::LINEAR),
            shelves: Vec::new(),
            used_in: 0,
        }
    }

    /// Finds room for a picture with a blank pixel to its right and below it.
    fn place(&mut self, [width, height]: [usize; 2]) -> Option<[usize; 2]> {
        let (width, height) = (width + 1, height + 1);
        // Heights in steps, so that letters of nearly one height share a shelf.
        let step = height.next_multiple_of(4);
        let shelf = self.shelves.iter_mut().find(|it| it.height == step && it.filled + width <= SIDE);
        if let Some(shelf) = shelf {
            let at = [shelf.filled, shelf.top];
            shelf.filled += width;
            return Some(at);
        }
        let top = self.shelves.last().map_or(0, |last| last.top + last.height);
        (top + step <= SIDE && width <= SIDE).then(|| {
            self.shelves.push(Shelf { top, height: step, filled: width });
            [0, top]
        })
    }
}

fn part(pixel: usize) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "at most SIDE")]
    (pixel as f32 / SIDE as f32)
}
