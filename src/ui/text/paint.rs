//! A galley on the screen: one mesh of glyphs, with what lies behind and before them.
//!
//! Where each glyph's picture is gets remembered with the galley; the colours are put in at each painting, and rows out
//! of sight are left out.

use std::ops::Range;

use egui::{Color32, Mesh, Painter, Pos2, Rect, Shape, TextureId, Vec2, epaint::Vertex, pos2, vec2};
use parley::PositionedLayoutItem;

use super::{
    atlas::{Atlas, Known, Picture},
    engine::Engine,
    galley::Galley,
    raster::Request,
    shape::Tint,
    words::{Ink, Look},
};

/// How far ink may reach over a row's edges, in parts of the row's height. Letters stay below it; piles of accents are
/// cut, so that they stain nothing else.
const OVERHANG: f32 = 0.2;

/// Where the pictures of a galley's glyphs are.
pub(super) struct Drawn {
    epoch: u64,
    /// If some are still being drawn: how often drawings had come before.
    lacks_since: Option<u64>,
    quads: Vec<Quad>,
    /// The quads of each row.
    rows: Vec<Range<usize>>,
    pages: Vec<usize>,
    marks: Vec<Mark>,
}

/// A glyph.
#[derive(Clone, Copy)]
struct Quad {
    page: usize,
    /// In pixels from the galley's corner.
    rect: Rect,
    uv: Rect,
    /// [`None`]: it has colours of its own.
    tint: Option<Tint>,
}

/// A rectangle behind or before the letters, in points from the galley's corner.
#[derive(Clone, Copy)]
struct Mark {
    rect: Rect,
    look: Look,
    tint: Tint,
}

impl Drawn {
    fn is_current(&self, atlas: &Atlas) -> bool {
        self.epoch == atlas.epoch && self.lacks_since.is_none_or(|arrived| arrived == atlas.arrived)
    }
}

impl Galley {
    /// Has its glyphs drawn, if they never were; says whether all of them are there. If not, the window wakes when they are.
    pub fn prepare(&self, ctx: &egui::Context) -> bool {
        let engine = Engine::of(ctx);
        let mut engine = engine.lock();
        self.refresh(&mut self.drawn.lock(), ctx, &mut engine).lacks_since.is_none()
    }

    /// Paints it, its top left corner there.
    pub fn paint(&self, painter: &Painter, at: Pos2, ink: &Ink) {
        let ctx = painter.ctx();
        let engine = Engine::of(ctx);
        let mut engine = engine.lock();
        let mut drawn = self.drawn.lock();
        let drawn = self.refresh(&mut drawn, ctx, &mut engine);
        let pass = engine.pass;
        for page in &drawn.pages {
            engine.atlas.use_page(*page, pass);
        }
        let textures: Vec<(usize, TextureId)> =
            drawn.pages.iter().filter_map(|page| Some((*page, engine.atlas.texture(*page)?))).collect();
        drop(engine);
        let at = (at.to_vec2() * self.scale).round() / self.scale;
        let visible = self.visible_rows(painter.clip_rect().translate(-at));
        let mut behind = Mesh::default();
        let mut before = Mesh::default();
        for mark in &drawn.marks {
            let rect = mark.rect.translate(at);
            match mark.look {
                Look::Code => behind.add_colored_rect(rect, ink.code),
                Look::Match => behind.add_colored_rect(rect, ink.found),
                Look::Filled => {
                    painter.rect_filled(rect, 4.0, ink.filled[1]);
                }
                Look::Blank => {
                    painter.rect_filled(rect, 4.0, ink.blank[1]);
                }
                _ => before.add_colored_rect(rect, ink.of_tint(mark.tint)),
            }
        }
        add(painter, behind);
        let first = drawn.rows.get(visible.start).map_or(0, |row| row.start);
        let last =
            visible.end.checked_sub(1).and_then(|row| drawn.rows.get(row)).map_or(first, |row| row.end);
        for (page, texture) in textures {
            let mut mesh = Mesh::with_texture(texture);
            mesh.reserve_vertices((last - first) * 4);
            mesh.reserve_triangles((last - first) * 2);
            for quad in drawn.quads[first..last].iter().filter(|quad| quad.page == page) {
                let colour =
                    quad.tint.map_or_else(|| Color32::from_white_alpha(ink.text.a()), |it| ink.of_tint(it));
                push(&mut mesh, quad, at, 1.0 / self.scale, colour);
            }
            add(painter, mesh);
        }
        add(painter, before);
    }

    /// Paints the selection of a part of it; before [`paint`](Self::paint), which goes on top.
    pub fn paint_selection(&self, painter: &Painter, at: Pos2, range: Range<usize>, ink: &Ink) {
        self.paint_behind(painter, at, range, ink.selection);
    }

    /// Paints a ground behind a part of it, such as a search's hit; before [`paint`](Self::paint).
    pub fn paint_behind(&self, painter: &Painter, at: Pos2, range: Range<usize>, colour: Color32) {
        let mut mesh = Mesh::default();
        for rect in self.rects(range) {
            mesh.add_colored_rect(rect.translate(at.to_vec2()), colour);
        }
        add(painter, mesh);
    }

    /// The rows that can be seen through `clip`, which is counted from the galley's corner.
    fn visible_rows(&self, clip: Rect) -> Range<usize> {
        let margin = self.rows().first().map_or(0.0, |row| row.rect.height() * OVERHANG);
        let start = self.rows().partition_point(|row| row.rect.bottom() + margin < clip.top());
        let end = self.rows().partition_point(|row| row.rect.top() - margin < clip.bottom());
        start..end.max(start)
    }

    /// Where the pictures of its glyphs are now.
    fn refresh<'a>(
        &self,
        drawn: &'a mut Option<Drawn>,
        ctx: &egui::Context,
        engine: &mut Engine,
    ) -> &'a Drawn {
        drawn.take_if(|drawn| !drawn.is_current(&engine.atlas));
        let pass = engine.pass;
        drawn.get_or_insert_with(|| self.draw(ctx, &mut engine.atlas, pass))
    }

    fn draw(&self, ctx: &egui::Context, atlas: &mut Atlas, pass: u64) -> Drawn {
        let mut drawn = self.glyphs(ctx, atlas, pass);
        if drawn.epoch != atlas.epoch {
            // A page was emptied meanwhile; pages of this frame stay, so a second time is enough.
            drawn = self.glyphs(ctx, atlas, pass);
        }
        drawn
    }

    fn glyphs(&self, ctx: &egui::Context, atlas: &mut Atlas, pass: u64) -> Drawn {
        let (mut quads, mut rows) = (Vec::new(), Vec::new());
        let (epoch, mut lacks_some) = (atlas.epoch, false);
        for row in self.rows() {
            let first = quads.len();
            let (index, number) = row.place;
            let paragraph = &self.paragraphs[index];
            let bounds = self.ink_bounds(row.rect);
            let Some(line) = paragraph.layout.get(number) else { continue };
            for item in line.items() {
                let PositionedLayoutItem::GlyphRun(run) = item else { continue };
                let tint = run.style().brush;
                let coords: Vec<i16> = run.run().normalized_coords().iter().map(|it| it.to_bits()).collect();
                let (font_run, synthesis) = (run.run(), run.run().synthesis());
                for glyph in run.positioned_glyphs() {
                    if glyph.id == 0 && self.waiting {
                        continue;
                    }
                    let x = glyph.x + paragraph.shift;
                    let (pen, shift) = quarters(x);
                    let request = Request {
                        font: font_run.font(),
                        glyph: glyph.id,
                        size: font_run.font_size(),
                        shift,
                        coords: &coords,
                        embolden: synthesis.embolden(),
                        skew: synthesis.skew().unwrap_or_default(),
                    };
                    let picture = match atlas.picture(ctx, &request, pass) {
                        Known::Drawn(picture) => picture,
                        Known::Blank => continue,
                        Known::Coming => {
                            lacks_some = true;
                            continue;
                        }
                    };
                    let pen = pos2(pen, (paragraph.top + glyph.y).round());
                    quads.extend(quad(&picture, pen, tint, bounds));
                }
            }
            rows.push(first..quads.len());
        }
        let mut pages: Vec<usize> = quads.iter().map(|quad: &Quad| quad.page).collect();
        pages.sort_unstable();
        pages.dedup();
        let lacks_since = lacks_some.then_some(atlas.arrived);
        Drawn { epoch, lacks_since, quads, rows, pages, marks: self.marks() }
    }

    /// How far the ink of a row may go, in pixels.
    fn ink_bounds(&self, row: Rect) -> Rect {
        let overhang = row.height() * OVERHANG;
        let width = if self.room.wrap.max_width.is_finite() { self.room.wrap.max_width } else { f32::MAX };
        let left = pos2(-self.style.size, row.top() - overhang);
        let right = pos2(width.max(self.size().x) + self.style.size, row.bottom() + overhang);
        Rect::from_min_max(left * self.scale, (right.to_vec2() * self.scale).to_pos2())
    }

    /// Lines through and under letters, and grounds behind them.
    fn marks(&self) -> Vec<Mark> {
        let mut marks = Vec::new();
        let pixel = 1.0 / self.scale;
        let thick = (self.style.size / 14.0 * self.scale).round().max(1.0) * pixel;
        for span in &self.spans {
            let tint = self.tint_of(span.range.start);
            for rect in self.rects(span.range.clone()) {
                let middle = rect.center().y;
                let baseline = self
                    .rows()
                    .iter()
                    .find(|row| middle < row.rect.bottom())
                    .map_or(rect.bottom(), |row| row.baseline);
                let line = |y: f32| {
                    let y = (y * self.scale).round() * pixel;
                    Rect::from_min_size(pos2(rect.left(), y), vec2(rect.width(), thick))
                };
                let rect = match span.look {
                    Look::Strike => line(baseline - self.style.size * 0.3),
                    Look::Underline | Look::Link(_) => line(baseline + self.style.size * 0.12),
                    Look::Code | Look::Match => rect,
                    Look::Filled | Look::Blank => rect.expand2(vec2(2.0, -1.0)),
                    Look::Bold | Look::Italic | Look::Muted => continue,
                };
                marks.push(Mark { rect, look: span.look, tint });
            }
        }
        marks
    }

    fn tint_of(&self, offset: usize) -> Tint {
        let here = self.spans.iter().filter(|span| span.range.contains(&offset));
        here.fold(Tint::Text, |tint, span| match span.look {
            Look::Link(_) => Tint::Link,
            Look::Muted => Tint::Muted,
            Look::Filled => Tint::Filled,
            Look::Blank => Tint::Blank,
            _ => tint,
        })
    }
}

impl Ink {
    fn of_tint(&self, tint: Tint) -> Color32 {
        match tint {
            Tint::Text => self.text,
            Tint::Muted => self.muted,
            Tint::Link => self.link,
            Tint::Filled => self.filled[0],
            Tint::Blank => self.blank[0],
        }
    }
}

fn add(painter: &Painter, mesh: Mesh) {
    if !mesh.is_empty() {
        painter.add(Shape::mesh(mesh));
    }
}

/// The glyph's rectangle, as far as its ink may go.
fn quad(picture: &Picture, pen: Pos2, tint: Tint, bounds: Rect) -> Option<Quad> {
    #[expect(clippy::cast_precision_loss, reason = "a few hundred pixels")]
    let corner = pen + vec2(picture.left as f32, picture.top as f32);
    let full = Rect::from_min_size(corner, vec2(picture.width.into(), picture.height.into()));
    let rect = full.intersect(bounds);
    if !rect.is_positive() {
        return None;
    }
    let uv = |at: Pos2| picture.uv.min + (at - full.min) / full.size() * picture.uv.size();
    let uv = Rect::from_min_max(uv(rect.min), uv(rect.max));
    Some(Quad { page: picture.page, rect, uv, tint: (!picture.is_colour).then_some(tint) })
}

fn push(mesh: &mut Mesh, quad: &Quad, at: Vec2, points: f32, color: Color32) {
    let first = u32::try_from(mesh.vertices.len()).unwrap_or(u32::MAX);
    let min = (quad.rect.min.to_vec2() * points + at).to_pos2();
    let max = (quad.rect.max.to_vec2() * points + at).to_pos2();
    let corner = |x: f32, y: f32, u: f32, v: f32| Vertex { pos: pos2(x, y), uv: pos2(u, v), color };
    mesh.vertices.extend([
        corner(min.x, min.y, quad.uv.min.x, quad.uv.min.y),
        corner(max.x, min.y, quad.uv.max.x, quad.uv.min.y),
        corner(min.x, max.y, quad.uv.min.x, quad.uv.max.y),
        corner(max.x, max.y, quad.uv.max.x, quad.uv.max.y),
    ]);
    mesh.indices.extend([0, 1, 2, 2, 1, 3].map(|corner| first + corner));
}

/// The whole pixel before a position, and how many quarters it is beyond that.
fn quarters(x: f32) -> (f32, u8) {
    let quarters = (x * 4.0).round();
    let whole = (quarters / 4.0).floor();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 3")]
    (whole, (quarters - whole * 4.0) as u8)
}
