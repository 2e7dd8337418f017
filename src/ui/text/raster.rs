//! A glyph as pixels: its outline filled, or its colours painted, by `vello_cpu`.

use egui::{Color32, epaint::FontColorTransferFunction};
use parley::FontData;
use skrifa::{
    FontRef, GlyphId, MetadataProvider as _,
    instance::{LocationRef, NormalizedCoord, Size},
    outline::{DrawSettings, OutlinePen},
};
use vello_cpu::{
    Glyph, Pixmap, RenderContext, Resources,
    color::{OpaqueColor, Srgb},
    kurbo::{Affine, BezPath, Point, Rect, Stroke},
};

/// No glyph is drawn larger than this, in pixels; a font could ask for any size.
const MAX_SIDE: f64 = 512.0;
/// How much thicker letters get that have no heavier font, in parts of their size.
pub(super) const EMBOLDEN: f32 = 1.0 / 24.0;

/// Which picture of which glyph.
#[derive(Debug, Clone)]
pub(super) struct Request<'a> {
    pub(super) font: &'a FontData,
    pub(super) glyph: u32,
    /// In pixels.
    pub(super) size: f32,
    /// In quarters of a pixel.
    pub(super) shift: u8,
    pub(super) coords: &'a [i16],
    pub(super) embolden: bool,
    /// By how many degrees the letters lean.
    pub(super) skew: f32,
}

/// The pixels of a glyph.
pub(super) struct Bitmap {
    pub(super) width: usize,
    pub(super) height: usize,
    /// Where its top left corner is, in pixels from the pen.
    pub(super) left: i32,
    pub(super) top: i32,
    /// Premultiplied; white, if it takes the colour of the text.
    pub(super) pixels: Vec<Color32>,
    pub(super) is_colour: bool,
}

/// Keeps the memory that drawing needs from one glyph to the next.
pub(super) struct Raster {
    context: RenderContext,
    resources: Resources,
    pixels: Pixmap,
}

impl Default for Raster {
    fn default() -> Self {
        Self { context: RenderContext::new(1, 1), resources: Resources::new(), pixels: Pixmap::new(1, 1) }
    }
}

impl Raster {
    /// Draws a glyph; [`None`] if it has no ink.
    pub(super) fn draw(&mut self, request: &Request<'_>) -> Option<Bitmap> {
        let font = font_of(request)?;
        if are_colours(&font, request) { self.colours(request) } else { self.outline(&font, request) }
    }

    fn outline(&mut self, font: &FontRef<'_>, request: &Request<'_>) -> Option<Bitmap> {
        let coords: Vec<NormalizedCoord> =
            request.coords.iter().map(|coord| NormalizedCoord::from_bits(*coord)).collect();
        let mut pen = Pen(BezPath::new());
        let settings = DrawSettings::unhinted(Size::new(request.size), LocationRef::new(&coords));
        font.outline_glyphs().get(GlyphId::new(request.glyph))?.draw(settings, &mut pen).ok()?;
        let mut path = pen.0;
        if request.skew != 0.0 {
            path.apply_affine(Affine::skew(-f64::from(request.skew).to_radians().tan(), 0.0));
        }
        path.apply_affine(Affine::translate((f64::from(request.shift) / 4.0, 0.0)));
        let stroke = if request.embolden { f64::from(request.size * EMBOLDEN) } else { 0.0 };
        let bounds = path.control_box().inflate(stroke, stroke).expand();
        let (width, height) = self.canvas(bounds)?;
        self.context.set_transform(Affine::translate((-bounds.x0, -bounds.y0)));
        self.context.fill_path(&path);
        if request.embolden {
            self.context.set_stroke(Stroke::new(stroke));
            self.context.stroke_path(&path);
        }
        self.context.flush();
        self.context.render(&mut self.pixels, &mut self.resources);
        let transfer = FontColorTransferFunction::default();
        let pixels = self.colours_of_pixels().map(|colour| transfer.to_atlas_color(colour)).collect();
        let (left, top) = corner(bounds);
        Some(Bitmap { width, height, left, top, pixels, is_colour: false })
    }

    /// Colours may lie anywhere, so they are drawn with room around them, which is cut away again.
    fn colours(&mut self, request: &Request<'_>) -> Option<Bitmap> {
        let em = f64::from(request.size);
        let bounds = Rect::new(-em, -2.0 * em, 2.0 * em, em).expand();
        let (width, height) = self.canvas(bounds)?;
        let pen = Point::new(-bounds.x0, -bounds.y0);
        #[expect(clippy::cast_possible_truncation, reason = "within a few hundred")]
        let glyph = Glyph { id: request.glyph, x: pen.x as f32, y: pen.y as f32 };
        self.context
            .glyph_run(&mut self.resources, request.font)
            .font_size(request.size)
            .hint(false)
            .normalized_coords(request.coords)
            .fill_glyphs(std::iter::once(glyph));
        self.context.flush();
        self.context.render(&mut self.pixels, &mut self.resources);
        let all: Vec<Color32> = self.colours_of_pixels().collect();
        let inked = |x: usize, y: usize| all.get(y * width + x).is_some_and(|pixel| pixel.a() > 0);
        let top = (0..height).find(|y| (0..width).any(|x| inked(x, *y)))?;
        let bottom = (0..height).rfind(|y| (0..width).any(|x| inked(x, *y)))?;
        let left = (0..width).find(|x| (top..=bottom).any(|y| inked(*x, y)))?;
        let right = (0..width).rfind(|x| (top..=bottom).any(|y| inked(*x, y)))?;
        let pixels =
            (top..=bottom).flat_map(|y| &all[y * width + left..=y * width + right]).copied().collect();
        let (corner_x, corner_y) = corner(bounds);
        Some(Bitmap {
            width: right - left + 1,
            height: bottom - top + 1,
            left: corner_x + i32::try_from(left).unwrap_or_default(),
            top: corner_y + i32::try_from(top).unwrap_or_default(),
            pixels,
            is_colour: true,
        })
    }

    /// Makes ready to draw within these bounds.
    fn canvas(&mut self, bounds: Rect) -> Option<(usize, usize)> {
        let side = |length: f64| (1.0..=MAX_SIDE).contains(&length).then_some(length);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and MAX_SIDE")]
        let (width, height) = (side(bounds.width())? as u16, side(bounds.height())? as u16);
        self.context.reset_and_resize(width, height);
        self.context.set_paint(OpaqueColor::<Srgb>::WHITE);
        self.pixels.resize(width, height);
        self.pixels.data_as_u8_slice_mut().fill(0);
        Some((width.into(), height.into()))
    }

    fn colours_of_pixels(&self) -> impl Iterator<Item = Color32> + '_ {
        self.pixels.data().iter().map(|it| Color32::from_rgba_premultiplied(it.r, it.g, it.b, it.a))
    }
}

/// Whether a glyph has colours of its own, and so may take long to draw.
pub(super) fn has_colours(request: &Request<'_>) -> bool {
    font_of(request).is_some_and(|font| are_colours(&font, request))
}

fn font_of<'a>(request: &Request<'a>) -> Option<FontRef<'a>> {
    FontRef::from_index(request.font.data.as_ref(), request.font.index).ok()
}

fn are_colours(font: &FontRef<'_>, request: &Request<'_>) -> bool {
    let id = GlyphId::new(request.glyph);
    let strikes = font.bitmap_strikes();
    font.color_glyphs().get(id).is_some() || strikes.glyph_for_size(Size::new(request.size), id).is_some()
}

fn corner(bounds: Rect) -> (i32, i32) {
    #[expect(clippy::cast_possible_truncation, reason = "expanded to whole pixels; saturates")]
    (bounds.x0 as i32, bounds.y0 as i32)
}

/// Turns an outline over: fonts count upwards, the screen downwards.
struct Pen(BezPath);

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to(turned(x, y));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to(turned(x, y));
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.0.quad_to(turned(cx, cy), turned(x, y));
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        self.0.curve_to(turned(cx0, cy0), turned(cx1, cy1), turned(x, y));
    }

    fn close(&mut self) {
        self.0.close_path();
    }
}

fn turned(x: f32, y: f32) -> Point {
    Point::new(f64::from(x), -f64::from(y))
}
