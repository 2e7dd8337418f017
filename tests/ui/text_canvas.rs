//! What egui would send to the graphics card, painted here: a frame as pixels, without a card and without a screen.

use std::collections::HashMap;

use egui::{
    ClippedPrimitive, Color32, FullOutput, ImageData, TextureId, TexturesDelta,
    epaint::{Mesh, Primitive, Vertex},
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

    fn mesh(&mut self, mesh: &Mesh, texture: &Texture, scale: f32, clip: egui::Rect) {
        for corners in mesh.indices.chunks(3) {
            let corners = [0, 1, 2].map(|i| mesh.vertices[corners[i] as usize]);
            self.triangle(corners, texture, scale, clip);
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "pixels"
    )]
    fn triangle(&mut self, [a, b, c]: [Vertex; 3], texture: &Texture, scale: f32, clip: egui::Rect) {
        let [p, q, r] = [a, b, c].map(|corner| corner.pos.to_vec2() * scale);
        let cross = |u: egui::Vec2, v: egui::Vec2| u.x * v.y - u.y * v.x;
        let area = cross(q - p, r - p);
        if area == 0.0 {
            return;
        }
        let (low, high) = (p.min(q).min(r).max(clip.min.to_vec2()), p.max(q).max(r).min(clip.max.to_vec2()));
        for y in low.y.floor().max(0.0) as usize..(high.y.ceil().max(0.0) as usize).min(self.height) {
            for x in low.x.floor().max(0.0) as usize..(high.x.ceil().max(0.0) as usize).min(self.width) {
                let at = egui::vec2(x as f32 + 0.5, y as f32 + 0.5);
                if !clip.contains(at.to_pos2()) {
                    continue;
                }
                let u = cross(q - at, r - at) / area;
                let v = cross(r - at, p - at) / area;
                let w = 1.0 - u - v;
                // The upper and left edges belong to a triangle, so that none is painted twice.
                if u < 0.0 || v < 0.0 || w < -1e-5 || (u == 0.0 && v == 0.0) {
                    continue;
                }
                let uv = a.uv.to_vec2() * u + b.uv.to_vec2() * v + c.uv.to_vec2() * w;
                let height = texture.pixels.len() / texture.width;
                let s = ((uv.x * texture.width as f32) as usize).min(texture.width - 1);
                let t = ((uv.y * height as f32) as usize).min(height - 1);
                let texel = texture.pixels[t * texture.width + s];
                let mix = |f: fn(&Color32) -> u8| {
                    let tint = f(&a.color) as f32 * u + f(&b.color) as f32 * v + f(&c.color) as f32 * w;
                    f(&texel) as f32 * tint / 255.0
                };
                let alpha = mix(Color32::a) / 255.0;
                let below = &mut self.pixels[y * self.width + x];
                let over = |top: f32, below: u8| (top + f32::from(below) * (1.0 - alpha)).round() as u8;
                *below = Color32::from_rgba_premultiplied(
                    over(mix(Color32::r), below.r()),
                    over(mix(Color32::g), below.g()),
                    over(mix(Color32::b), below.b()),
                    255,
                );
            }
        }
    }
}
