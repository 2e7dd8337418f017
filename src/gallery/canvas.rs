//! What egui would send to the graphics card, painted here: a frame as pixels, without a card and without a screen.
//!
//! As `egui_glow` does it: a pixel belongs to the triangle that holds its middle (of two triangles that share the edge it
//! lies on, to one), textures are filtered between texels, and colours are multiplied and blended as they are stored, in
//! sRGB. Only the noise is left out with which it hides the steps of long shades.

use std::{collections::HashMap, ops::Range};

use egui::{
    ClippedPrimitive, Color32, FullOutput, ImageData, Pos2, Rect, TextureFilter, TextureId, TexturesDelta,
    epaint::{Mesh, Primitive, Vertex},
};

/// How finely the place of a corner is told: in so many parts of a pixel.
const PARTS: i64 = 256;

/// A canvas that remembers its textures from frame to frame, as a graphics card does.
#[derive(Debug, Default)]
pub struct Canvas {
    textures: HashMap<TextureId, Texture>,
    uploaded: usize,
}

#[derive(Debug, Default)]
struct Texture {
    width: usize,
    height: usize,
    pixels: Vec<Color32>,
    is_smooth: bool,
}

/// A painted frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// In pixels.
    pub width: usize,
    /// In pixels.
    pub height: usize,
    /// Row by row from the top.
    pub pixels: Vec<Color32>,
}

impl Canvas {
    /// How many pixels of textures were sent since the canvas was made.
    #[must_use]
    pub fn uploaded(&self) -> usize {
        self.uploaded
    }

    /// Paints a frame of that width and height in pixels, on white.
    pub fn paint(&mut self, ctx: &egui::Context, mut output: FullOutput, size: [usize; 2]) -> Frame {
        self.take(&output.textures_delta);
        let scale = output.pixels_per_point;
        let mut frame =
            Frame { width: size[0], height: size[1], pixels: vec![Color32::WHITE; size[0] * size[1]] };
        for ClippedPrimitive { clip_rect, primitive } in
            ctx.tessellate(std::mem::take(&mut output.shapes), scale)
        {
            let Primitive::Mesh(mesh) = primitive else { continue };
            let Some(texture) = self.textures.get(&mesh.texture_id) else { continue };
            frame.mesh(&mesh, texture, scale, clip_rect * scale);
        }
        self.end(&mut output.textures_delta);
        frame
    }

    /// Takes in what a frame sends that nobody looks at.
    pub fn skip(&mut self, mut output: FullOutput) {
        self.take(&output.textures_delta);
        self.end(&mut output.textures_delta);
    }

    fn take(&mut self, delta: &TexturesDelta) {
        for (id, delta) in delta.set.iter().flat_map(|(id, all)| all.iter().map(move |one| (id, one))) {
            let ImageData::Color(image) = &delta.image;
            self.uploaded += image.pixels.len();
            let texture = self.textures.entry(*id).or_default();
            texture.is_smooth = delta.options.magnification == TextureFilter::Linear;
            match delta.pos {
                None => {
                    (texture.width, texture.height) = (image.width(), image.height());
                    texture.pixels.clone_from(&image.pixels);
                }
                Some([left, top]) => {
                    for (y, row) in image.pixels.chunks(image.width()).enumerate() {
                        let at = (top + y) * texture.width + left;
                        texture.pixels[at..at + row.len()].copy_from_slice(row);
                    }
                }
            }
        }
    }

    fn end(&mut self, delta: &mut TexturesDelta) {
        self.textures.retain(|id, _texture| !delta.free.contains(id));
        delta.clear();
    }
}

impl Frame {
    /// The pixel there, white outside.
    #[must_use]
    pub fn at(&self, x: usize, y: usize) -> Color32 {
        let inside = x < self.width && y < self.height;
        if inside { self.pixels[y * self.width + x] } else { Color32::WHITE }
    }

    fn mesh(&mut self, mesh: &Mesh, texture: &Texture, scale: f32, clip: Rect) {
        let part =
            |from: f32, to: f32, side: usize| pixel(from.round()).min(side)..pixel(to.round()).min(side);
        let clip = Clip {
            columns: part(clip.left(), clip.right(), self.width),
            rows: part(clip.top(), clip.bottom(), self.height),
        };
        if clip.columns.is_empty() || clip.rows.is_empty() {
            return;
        }
        for corners in mesh.indices.chunks_exact(3) {
            let corners = [0, 1, 2].map(|i| mesh.vertices[corners[i] as usize]);
            if let Some(triangle) = Triangle::new(corners, scale) {
                self.triangle(&triangle, texture, &clip);
            }
        }
    }

    fn triangle(&mut self, triangle: &Triangle, texture: &Texture, clip: &Clip) {
        let plain = triangle.plain(texture);
        for y in triangle.rows(clip) {
            let (columns, weights) = triangle.row(y, clip);
            let row = &mut self.pixels[y * self.width..][columns];
            for (step, below) in (0_i64..).zip(row) {
                let colour = plain.unwrap_or_else(|| triangle.colour(texture, weights.after(step)));
                *below = over(colour, *below);
            }
        }
    }
}

/// Which pixels may be painted.
struct Clip {
    columns: Range<usize>,
    rows: Range<usize>,
}

/// A triangle in parts of a pixel, so that whether a pixel lies in it is decided exactly.
struct Triangle {
    corners: [Vertex; 3],
    places: [[i64; 2]; 3],
    /// Twice its area.
    area: i64,
}

/// How much each corner counts at a pixel, in parts of the area, and how that changes from one pixel to the next.
#[derive(Clone, Copy)]
struct Weights {
    at: [i64; 3],
    step: [i64; 3],
    area: i64,
}

impl Weights {
    #[expect(clippy::cast_precision_loss, reason = "as precise as a colour needs it")]
    fn after(&self, steps: i64) -> [f32; 3] {
        [0, 1, 2].map(|i| (self.at[i] + self.step[i] * steps) as f32 / self.area as f32)
    }
}

impl Triangle {
    /// None if there is nothing in it.
    fn new(mut corners: [Vertex; 3], scale: f32) -> Option<Self> {
        let mut places = corners.map(|corner| parts(corner.pos, scale));
        let mut area = cross(places[0], places[1], places[2]);
        if area < 0 {
            corners.swap(1, 2);
            places.swap(1, 2);
            area = -area;
        }
        (area > 0).then_some(Self { corners, places, area })
    }

    /// The rows of pixels whose middle it may hold.
    fn rows(&self, clip: &Clip) -> Range<usize> {
        let ys = self.places.map(|place| place[1]);
        let first = ys.into_iter().min().unwrap_or_default().div_euclid(PARTS);
        let last = ys.into_iter().max().unwrap_or_default().div_euclid(PARTS) + 1;
        let index = |y: i64| usize::try_from(y).unwrap_or_default();
        index(first).max(clip.rows.start)..index(last).min(clip.rows.end)
    }

    /// The pixels of a row that are in it, and the weights at the first of them.
    fn row(&self, y: usize, clip: &Clip) -> (Range<usize>, Weights) {
        let middle = |pixel: usize| i64::try_from(pixel).unwrap_or(i64::MAX / PARTS) * PARTS + PARTS / 2;
        let start = [middle(clip.columns.start), middle(y)];
        let mut weights = Weights { at: [0; 3], step: [0; 3], area: self.area };
        let (mut first, mut last) = (0, i64::try_from(clip.columns.len()).unwrap_or(i64::MAX) - 1);
        for corner in 0..3 {
            let (from, to) = (self.places[(corner + 1) % 3], self.places[(corner + 2) % 3]);
            let at = cross(from, to, start);
            let step = -(to[1] - from[1]) * PARTS;
            // A middle on an edge belongs to the triangle that has the edge at its top or at its left.
            let is_top_left = to[1] < from[1] || (to[1] == from[1] && to[0] > from[0]);
            let inside = at - i64::from(!is_top_left);
            match step {
                0 if inside < 0 => last = -1,
                0 => {}
                1.. => {
                    first = first.max((-inside).div_euclid(step) + i64::from((-inside).rem_euclid(step) > 0));
                }
                _ => last = last.min(inside.div_euclid(-step)),
            }
            (weights.at[corner], weights.step[corner]) = (at, step);
        }
        if first > last {
            return (0..0, weights);
        }
        for corner in 0..3 {
            weights.at[corner] += weights.step[corner] * first;
        }
        let column = |step: i64| clip.columns.start + usize::try_from(step).unwrap_or_default();
        (column(first)..column(last + 1), weights)
    }

    /// Its one colour, if all of it has the same.
    fn plain(&self, texture: &Texture) -> Option<[f32; 4]> {
        let [first, second, third] = &self.corners;
        let same = |a: &Vertex, b: &Vertex| a.uv == b.uv && a.color == b.color;
        (same(first, second) && same(first, third)).then(|| self.colour(texture, [1.0, 0.0, 0.0]))
    }

    fn colour(&self, texture: &Texture, weights: [f32; 3]) -> [f32; 4] {
        let mix = |of: &dyn Fn(&Vertex) -> f32| -> f32 {
            self.corners.iter().zip(weights).map(|(corner, weight)| of(corner) * weight).sum()
        };
        let texel = texture.at(mix(&|it| it.uv.x), mix(&|it| it.uv.y));
        [0, 1, 2, 3].map(|part| texel[part] * mix(&|it| f32::from(it.color[part])) / 255.0)
    }
}

impl Texture {
    /// The colour there, 0 to 1 each way, in parts from 0 to 255.
    #[expect(clippy::cast_precision_loss, reason = "textures are a few thousand texels wide")]
    fn at(&self, u: f32, v: f32) -> [f32; 4] {
        let (x, y) = (u * self.width as f32, v * self.height as f32);
        if !self.is_smooth {
            return self.texel(pixel(x), pixel(y));
        }
        let (x, y) = ((x - 0.5).max(0.0), (y - 0.5).max(0.0));
        let (right, down) = (x - x.floor(), y - y.floor());
        let (x, y) = (pixel(x), pixel(y));
        let between = |a: [f32; 4], b: [f32; 4], part: f32| [0, 1, 2, 3].map(|i| a[i] + (b[i] - a[i]) * part);
        let above = between(self.texel(x, y), self.texel(x + 1, y), right);
        let below = between(self.texel(x, y + 1), self.texel(x + 1, y + 1), right);
        between(above, below, down)
    }

    fn texel(&self, x: usize, y: usize) -> [f32; 4] {
        let (x, y) = (x.min(self.width.saturating_sub(1)), y.min(self.height.saturating_sub(1)));
        let texel = self.pixels.get(y * self.width + x).copied().unwrap_or(Color32::TRANSPARENT);
        texel.to_array().map(f32::from)
    }
}

/// A colour, premultiplied, on top of another.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates between 0 and 255")]
fn over(colour: [f32; 4], below: Color32) -> Color32 {
    let shows = 1.0 - colour[3] / 255.0;
    let below = below.to_array();
    let [r, g, b, a] = [0, 1, 2, 3].map(|i| (colour[i] + f32::from(below[i]) * shows).round() as u8);
    Color32::from_rgba_premultiplied(r, g, b, a)
}

/// Twice the area of a triangle; above zero if the corners go clockwise on the screen.
fn cross(a: [i64; 2], b: [i64; 2], c: [i64; 2]) -> i64 {
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "kept so near that nothing overflows"
)]
fn parts(place: Pos2, scale: f32) -> [i64; 2] {
    let limit = 1e6;
    [place.x, place.y].map(|it| ((it * scale).clamp(-limit, limit) * PARTS as f32).round() as i64)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates at the edge")]
fn pixel(place: f32) -> usize {
    place as usize
}
