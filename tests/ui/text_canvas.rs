//! What egui would send to the graphics card, painted here: a frame as pixels, without a card and without a screen.

use std::collections::HashMap;

use egui::{
    ClippedPrimitive, Color32, FullOutput, ImageData, Pos2, Rect, TextureId, TexturesDelta,
    epaint::{Mesh, Primitive, Vertex},
    pos2,
};

/// A canvas that remembers its textures from frame to frame, as a graphics card does.
#[derive(Default)]
pub(crate) struct Canvas {
    textures: HashMap<TextureId, Texture>,
    /// How many pixels of textures were sent since the canvas was made.
    pub(crate) uploaded: usize,
}

#[derive(Default)]
struct Texture {
    width: usize,
    pixels: Vec<Color32>,
}

/// A painted frame.
pub(crate) struct Frame {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) pixels: Vec<Color32>,
}

impl Canvas {
    /// Paints a frame on white.
    pub(crate) fn paint(&mut self, ctx: &egui::Context, mut output: FullOutput, size: [usize; 2]) -> Frame {
        self.take(&output.textures_delta);
        output.textures_delta.clear();
        let scale = output.pixels_per_point;
        let mut frame =
            Frame { width: size[0], height: size[1], pixels: vec![Color32::WHITE; size[0] * size[1]] };
        for ClippedPrimitive { clip_rect, primitive } in ctx.tessellate(output.shapes, scale) {
            let Primitive::Mesh(mesh) = primitive else { continue };
            let clip = clip_rect * scale;
            let Some(texture) = self.textures.get(&mesh.texture_id) else { continue };
            frame.mesh(&mesh, texture, scale, clip);
        }
        frame
    }

    fn take(&mut self, delta: &TexturesDelta) {
        for (id, delta) in delta.set.iter().flat_map(|(id, all)| all.iter().map(move |one| (id, one))) {
            let ImageData::Color(image) = &delta.image;
            self.uploaded += image.pixels.len();
            let texture = self.textures.entry(*id).or_default();
            match delta.pos {
                None => *texture = Texture { width: image.width(), pixels: image.pixels.clone() },
                Some([left, top]) => {
                    for (y, row) in image.pixels.chunks(image.width()).enumerate() {
                        let at = (top + y) * texture.width + left;
                        texture.pixels[at..at + row.len()].copy_from_slice(row);
                    }
                }
            }
        }
    }
}

impl Frame {
    /// The pixel there, white outside.
    pub(crate) fn at(&self, x: usize, y: usize) -> Color32 {
        self.pixels.get(y * self.width + x).copied().unwrap_or(Color32::WHITE)
    }

    /// The rows of pixels, from and to, that are not all white.
    pub(crate) fn inked_rows(&self) -> Option<(usize, usize)> {
        let inked = |y: &usize| (0..self.width).any(|x| self.at(x, *y) != Color32::WHITE);
        Some(((0..self.height).find(inked)?, (0..self.height).rfind(inked)?))
    }

    /// How many pixels have a colour in them that is not a grey.
    pub(crate) fn coloured(&self) -> usize {
        let spread = |c: &&Color32| c.r().abs_diff(c.g()).max(c.g().abs_diff(c.b())) > 24;
        self.pixels.iter().filter(spread).count()
    }

    fn mesh(&mut self, mesh: &Mesh, texture: &Texture, scale: f32, clip: Rect) {
        for corners in mesh.indices.chunks(3) {
            let mut corners = [0, 1, 2].map(|i| mesh.vertices[corners[i] as usize]);
            for corner in &mut corners {
                corner.pos = (corner.pos.to_vec2() * scale).to_pos2();
            }
            self.triangle(corners, texture, clip);
        }
    }

    fn triangle(&mut self, corners: [Vertex; 3], texture: &Texture, clip: Rect) {
        let bounds = Rect::from_points(&corners.map(|corner| corner.pos)).intersect(clip);
        for y in pixel(bounds.top())..pixel(bounds.bottom().ceil()).min(self.height) {
            for x in pixel(bounds.left())..pixel(bounds.right().ceil()).min(self.width) {
                let at = pos2(middle(x), middle(y));
                let Some(weights) = weights(&corners, at).filter(|_| clip.contains(at)) else { continue };
                let colour = texture.colour(&corners, weights);
                let below = &mut self.pixels[y * self.width + x];
                *below = below.blend(colour);
            }
        }
    }
}

impl Texture {
    /// The texel there, in the corners' colours.
    fn colour(&self, corners: &[Vertex; 3], weights: [f32; 3]) -> Color32 {
        let mix = |of: fn(&Vertex) -> f32| -> f32 {
            corners.iter().zip(weights).map(|(corner, weight)| of(corner) * weight).sum()
        };
        let height = self.pixels.len() / self.width;
        #[expect(clippy::cast_precision_loss, reason = "a small picture")]
        let texel = |part: f32, side: usize| pixel(part * side as f32).min(side - 1);
        let (x, y) = (texel(mix(|it| it.uv.x), self.width), texel(mix(|it| it.uv.y), height));
        // Nothing here is painted in shades: a triangle is of the colour of its corners.
        self.pixels[y * self.width + x] * corners[0].color
    }
}

/// How much each corner counts at a place, if that is inside the triangle.
fn weights(corners: &[Vertex; 3], at: Pos2) -> Option<[f32; 3]> {
    let [first, second, third] = corners.map(|corner| corner.pos);
    let area = (second - first).rot90().dot(third - first);
    let part = |from: Pos2, to: Pos2| (from - at).rot90().dot(to - at) / area;
    let weights = [part(second, third), part(third, first), part(first, second)];
    // The middle of a pixel on the line between two triangles belongs to one of them.
    let inside = area != 0.0 && weights[0] > 0.0 && weights[1] >= 0.0 && weights[2] >= 0.0;
    inside.then_some(weights)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates at the edge")]
fn pixel(place: f32) -> usize {
    place as usize
}

#[expect(clippy::cast_precision_loss, reason = "a small picture")]
fn middle(pixel: usize) -> f32 {
    pixel as f32 + 0.5
}
