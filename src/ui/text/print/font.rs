//! A font as somebody needs it who writes its glyphs down. Measures are thousandths of the size, counted upwards.

use std::{
    collections::HashMap,
    hash::{Hash, Hasher},
    sync::Arc,
};

use parley::FontData;
use skrifa::{
    FontRef, GlyphId, MetadataProvider as _, Tag,
    instance::{LocationRef, NormalizedCoord, Size},
    outline::{DrawSettings, OutlinePen},
    raw::TableProvider as _,
    string::StringId,
};

use super::super::{
    raster::{Raster, Request, has_colours},
    shape::Tint,
};

/// In this size things are measured.
const EM: f32 = 1000.0;
/// How large pictures of glyphs are, in pixels for the size of a letter: finer than paper shows it.
const PIXELS: f32 = 96.0;

/// A font, at a place of its axes if it has any.
#[derive(Debug, Clone)]
pub struct Font {
    data: FontData,
    coords: Arc<[i16]>,
}

/// What the measures of a font are.
#[derive(Debug, Clone, Copy)]
pub struct Metrics {
    /// How far letters reach up.
    pub ascent: f32,
    /// How far they reach down; negative.
    pub descent: f32,
    /// How high capitals are.
    pub cap_height: f32,
    /// By how many degrees it leans; negative to the right.
    pub italic_angle: f32,
    /// Around all glyphs: left, bottom, right, top.
    pub bounds: [f32; 4],
}

/// A step of an outline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Step {
    /// Begins there.
    Move([f32; 2]),
    /// Goes straight there.
    Line([f32; 2]),
    /// Goes there round two points.
    Curve([f32; 2], [f32; 2], [f32; 2]),
    /// Goes back to where it began.
    Close,
}

/// A glyph with colours of its own.
pub struct Picture {
    /// In pixels.
    pub width: usize,
    /// In pixels.
    pub height: usize,
    /// Where its lower left corner is, and how large it is.
    pub rect: [f32; 4],
    /// Red, green, blue, as they are without what shines through.
    pub colours: Vec<u8>,
    /// How much of what is behind is covered.
    pub cover: Vec<u8>,
}

impl Font {
    pub(super) fn of(run: &parley::Run<'_, Tint>) -> Self {
        let coords = run.normalized_coords().iter().map(|it| it.to_bits()).collect();
        Self { data: run.font().clone(), coords }
    }

    /// Its file.
    #[must_use]
    pub fn file(&self) -> &[u8] {
        self.data.data.as_ref()
    }

    /// Which font of the file it is.
    #[must_use]
    pub const fn index(&self) -> u32 {
        self.data.index
    }

    /// Whether its glyphs are in the file as they are drawn: in tables that every program reads, and not moved along axes.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        let has = |tag| self.font().is_some_and(|font| font.table_data(Tag::new(tag)).is_some());
        self.coords.iter().all(|coord| *coord == 0) && (has(b"glyf") || has(b"CFF "))
    }

    /// Its name for programs, as far as that is letters and digits.
    #[must_use]
    pub fn name(&self) -> String {
        let font = self.font();
        let named = font.and_then(|font| font.localized_strings(StringId::POSTSCRIPT_NAME).next());
        let name: String = named.map(|name| name.chars().collect()).unwrap_or_default();
        let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(60).collect();
        if name.is_empty() { "Font".to_owned() } else { name }
    }

    /// Its measures.
    #[must_use]
    pub fn metrics(&self) -> Metrics {
        let Some(font) = self.font() else {
            return Metrics {
                ascent: 0.0,
                descent: 0.0,
                cap_height: 0.0,
                italic_angle: 0.0,
                bounds: [0.0; 4],
            };
        };
        let coords = self.location();
        let held = font.metrics(Size::new(EM), LocationRef::new(&coords));
        let bounds = held.bounds.map_or([0.0, held.descent, EM, held.ascent], |bounds| {
            [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max]
        });
        Metrics {
            ascent: held.ascent,
            descent: held.descent,
            cap_height: held.cap_height.unwrap_or(held.ascent),
            italic_angle: held.italic_angle,
            bounds,
        }
    }

    /// How wide a glyph is.
    #[must_use]
    pub fn width(&self, glyph: u32) -> f32 {
        let coords = self.location();
        let metrics = self.font().map(|font| font.glyph_metrics(Size::new(EM), LocationRef::new(&coords)));
        metrics.and_then(|metrics| metrics.advance_width(GlyphId::new(glyph))).unwrap_or_default()
    }

    /// Whether a glyph has colours of its own.
    #[must_use]
    pub fn is_coloured(&self, glyph: u32) -> bool {
        has_colours(&self.request(glyph))
    }

    /// A glyph as lines; none if it has no ink.
    #[must_use]
    pub fn outline(&self, glyph: u32) -> Vec<Step> {
        let (coords, mut pen) = (self.location(), Pen::default());
        let settings = DrawSettings::unhinted(Size::new(EM), LocationRef::new(&coords));
        let outline = self.font().and_then(|font| font.outline_glyphs().get(GlyphId::new(glyph)));
        match outline.map(|outline| outline.draw(settings, &mut pen)) {
            Some(Ok(_)) => pen.steps,
            Some(Err(_)) | None => Vec::new(),
        }
    }

    /// A glyph in its colours; none if it has no ink.
    #[must_use]
    pub fn picture(&self, glyph: u32) -> Option<Picture> {
        let drawn = Raster::default().draw(&self.request(glyph))?;
        let (mut colours, mut cover) = (Vec::new(), Vec::new());
        for pixel in &drawn.pixels {
            let [red, green, blue, alpha] = pixel.to_srgba_unmultiplied();
            colours.extend([red, green, blue]);
            cover.push(alpha);
        }
        #[expect(clippy::cast_precision_loss, reason = "a few hundred pixels")]
        let [left, top, width, height] =
            [drawn.left as f32, drawn.top as f32, drawn.width as f32, drawn.height as f32]
                .map(|pixels| pixels * EM / PIXELS);
        let rect = [left, -top - height, width, height];
        Some(Picture { width: drawn.width, height: drawn.height, rect, colours, cover })
    }

    /// The letters that the font itself has glyphs for, by these; of several, the first.
    #[must_use]
    pub fn letters(&self) -> HashMap<u32, char> {
        let mut letters = HashMap::new();
        for (code, glyph) in self.font().iter().flat_map(|font| font.charmap().mappings()) {
            if let Some(letter) = char::from_u32(code) {
                letters.entry(glyph.to_u32()).or_insert(letter);
            }
        }
        letters
    }

    fn font(&self) -> Option<FontRef<'_>> {
        FontRef::from_index(self.file(), self.data.index).ok()
    }

    fn location(&self) -> Vec<NormalizedCoord> {
        self.coords.iter().map(|coord| NormalizedCoord::from_bits(*coord)).collect()
    }

    fn request(&self, glyph: u32) -> Request<'_> {
        Request {
            font: &self.data,
            glyph,
            size: PIXELS,
            shift: 0,
            coords: &self.coords,
            embolden: false,
            skew: 0.0,
        }
    }
}

impl PartialEq for Font {
    fn eq(&self, other: &Self) -> bool {
        (self.data.data.id(), self.data.index, &self.coords)
            == (other.data.data.id(), other.data.index, &other.coords)
    }
}

impl Eq for Font {}

impl Hash for Font {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.data.data.id(), self.data.index, &self.coords).hash(state);
    }
}

/// A table of a font file.
#[must_use]
pub fn table<'a>(file: &'a [u8], tag: &[u8; 4]) -> Option<&'a [u8]> {
    Some(FontRef::new(file).ok()?.data_for_tag(Tag::new(tag))?.as_bytes())
}

#[derive(Default)]
struct Pen {
    steps: Vec<Step>,
    at: [f32; 2],
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.at = [x, y];
        self.steps.push(Step::Move(self.at));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.at = [x, y];
        self.steps.push(Step::Line(self.at));
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        let near =
            |from: [f32; 2]| [from[0] + (cx - from[0]) * 2.0 / 3.0, from[1] + (cy - from[1]) * 2.0 / 3.0];
        let (first, second) = (near(self.at), near([x, y]));
        self.at = [x, y];
        self.steps.push(Step::Curve(first, second, self.at));
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        self.at = [x, y];
        self.steps.push(Step::Curve([cx0, cy0], [cx1, cy1], self.at));
    }

    fn close(&mut self) {
        self.steps.push(Step::Close);
    }
}
