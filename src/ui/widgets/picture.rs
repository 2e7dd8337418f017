//! Pictures as textures: uploaded when a frame is first drawn, kept as long as their picture is drawn and a while longer. Of
//! small pictures one is uploaded in a pass, so that several that come into view at once don't hold it up.

use std::{
    collections::BTreeMap,
    sync::{Arc, Weak},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use egui::{
    Color32, ColorImage, CornerRadius, Plugin, Rect, TextureFilter, TextureHandle, TextureOptions, Ui, Vec2,
    epaint::RectShape, pos2, vec2,
};

use crate::desk::picture::{Picture, PictureKey};

/// How long the textures of a picture that is not drawn any more are kept, in seconds: somebody may scroll back.
const KEPT_FOR: f64 = 10.0;
/// Drawn much smaller than it is, a picture is clear only with smaller copies of itself.
const OPTIONS: TextureOptions = TextureOptions::LINEAR.with_mipmap_mode(Some(TextureFilter::Linear));
/// So many pixels are uploaded in a pass, and one picture in any case: as many as a preview has at most.
const UPLOADED_AT_ONCE: usize = 640 * 640;
/// The longest thumb hash, in characters of base64.
const LONGEST_HASH: usize = 64;

/// The textures. There is one set for each egui context, as its plugin, so that it is tidied up whatever is drawn.
#[derive(Default)]
struct Textures {
    pictures: BTreeMap<PictureKey, Drawn>,
    /// What pictures look like from afar, by their thumb hash; none where that is not one.
    blurs: BTreeMap<String, (Option<TextureHandle>, f64)>,
    /// In which pass something was uploaded last, and how many pixels.
    uploaded: (u64, usize),
}

impl Textures {
    const fn uploaded_in(&self, pass: u64) -> usize {
        if self.uploaded.0 == pass { self.uploaded.1 } else { 0 }
    }
}

struct Drawn {
    /// What the textures were made of; let go, if nobody else holds it.
    picture: Weak<Picture>,
    frames: Vec<Vec<Tile>>,
    /// When it was drawn last, by egui's clock, in seconds.
    at: f64,
}

/// A part of a frame: a graphics card takes pictures up to a certain size only.
#[derive(Clone)]
struct Tile {
    /// Which part, in pixels.
    part: Rect,
    texture: TextureHandle,
}

/// Paints one frame of a picture as large as it fits into `rect`.
pub(crate) fn paint(ui: &Ui, key: PictureKey, picture: &Arc<Picture>, frame: usize, rect: Rect) {
    let size = size_of(picture);
    let place = fit(size, rect);
    for tile in tiles(ui, key, picture, frame) {
        let at = |corner: Vec2| place.min + corner / size * place.size();
        let part = Rect::from_min_max(at(tile.part.min.to_vec2()), at(tile.part.max.to_vec2()));
        ui.painter().image(tile.texture.id(), part, WHOLE, Color32::WHITE);
    }
}

/// Fills `rect`, which has round corners, with the first frame of a picture; what does not fit is cut off evenly. Says whether
/// it is there: if not, it will be in the next frame.
pub(crate) fn fill(ui: &Ui, key: PictureKey, picture: &Arc<Picture>, (rect, round): (Rect, u8)) -> bool {
    if must_wait(ui, key, picture) {
        ui.ctx().request_repaint();
        return false;
    }
    if let [Tile { texture, .. }] = tiles(ui, key, picture, 0).as_slice() {
        cover(ui, texture, (rect, round));
    }
    true
}

/// Whether a picture is not uploaded, and this pass has no time for it.
fn must_wait(ui: &Ui, key: PictureKey, picture: &Arc<Picture>) -> bool {
    let textures = ui.ctx().plugin_or_default::<Textures>();
    let textures = textures.lock();
    let this = Arc::downgrade(picture);
    let drawn = textures.pictures.get(&key).filter(|drawn| drawn.picture.ptr_eq(&this));
    let is_there = drawn.and_then(|drawn| drawn.frames.first()).is_some_and(|tiles| !tiles.is_empty());
    let uploaded = textures.uploaded_in(ui.ctx().cumulative_pass_nr());
    !is_there && uploaded > 0 && uploaded + pixels(picture) > UPLOADED_AT_ONCE
}

/// Fills `rect` with what a picture looks like from afar; says whether there was something to be seen.
pub(crate) fn blur(ui: &Ui, hash: &str, (rect, round): (Rect, u8)) -> bool {
    let textures = ui.ctx().plugin_or_default::<Textures>();
    let mut textures = textures.lock();
    let now = ui.input(|input| input.time);
    if !textures.blurs.contains_key(hash) {
        let texture =
            blurred(hash).map(|image| ui.ctx().load_texture("thumb hash", image, TextureOptions::LINEAR));
        textures.blurs.insert(hash.to_owned(), (texture, now));
    }
    let Some((texture, at)) = textures.blurs.get_mut(hash) else { return false };
    *at = now;
    let texture = texture.clone();
    drop(textures);
    if let Some(texture) = &texture {
        cover(ui, texture, (rect, round));
    }
    texture.is_some()
}

/// A thumb hash as a tiny picture; none if it is not one.
fn blurred(hash: &str) -> Option<ColorImage> {
    let bytes = STANDARD.decode(hash.get(..hash.len().min(LONGEST_HASH))?).ok()?;
    let (width, height, rgba) = thumbhash::thumb_hash_to_rgba(&bytes).ok()?;
    // A header can promise a picture of no height.
    (width > 0 && height > 0).then(|| ColorImage::from_rgba_unmultiplied([width, height], &rgba))
}

const WHOLE: Rect = Rect { min: pos2(0.0, 0.0), max: pos2(1.0, 1.0) };

fn cover(ui: &Ui, texture: &TextureHandle, (rect, round): (Rect, u8)) {
    let shape = RectShape::filled(rect, CornerRadius::same(round), Color32::WHITE);
    ui.painter().add(shape.with_texture(texture.id(), middle(texture.size_vec2(), rect.size())));
}

/// The part in the middle of a picture of that size that has the shape of `wanted`, as parts of its width and height.
fn middle(size: Vec2, wanted: Vec2) -> Rect {
    let scale = (wanted / size).max_elem();
    Rect::from_center_size(WHOLE.center(), wanted / (size * scale))
}

#[expect(clippy::cast_precision_loss, reason = "the sides of a picture")]
fn size_of(picture: &Picture) -> Vec2 {
    let [width, height] = picture.size();
    vec2(width as f32, height as f32)
}

fn pixels(picture: &Picture) -> usize {
    picture.size().map(|side| side as usize).iter().product()
}

fn tiles(ui: &Ui, key: PictureKey, picture: &Arc<Picture>, frame: usize) -> Vec<Tile> {
    let textures = ui.ctx().plugin_or_default::<Textures>();
    let mut textures = textures.lock();
    let (now, this) = (ui.input(|input| input.time), Arc::downgrade(picture));
    let fresh = || Drawn { picture: this.clone(), frames: vec![Vec::new(); picture.frames().len()], at: now };
    let drawn = textures.pictures.entry(key).or_insert_with(fresh);
    if !drawn.picture.ptr_eq(&this) {
        *drawn = fresh();
    }
    drawn.at = now;
    let Some(place) = drawn.frames.get_mut(frame) else { return Vec::new() };
    if place.is_empty() {
        let most = ui.input(|input| input.max_texture_side);
        *place = parts(picture.size().map(|side| side as usize), most)
            .map(|part| {
                let image = cut(picture, frame, part);
                let texture = ui.ctx().load_texture(format!("{key:?}"), image, OPTIONS);
                Tile { part: part.to_rect(), texture }
            })
            .collect();
        let made = place.clone();
        let pass = ui.ctx().cumulative_pass_nr();
        textures.uploaded = (pass, textures.uploaded_in(pass) + pixels(picture));
        return made;
    }
    place.clone()
}

/// A part of a picture, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part {
    at: [usize; 2],
    size: [usize; 2],
}

impl Part {
    #[expect(clippy::cast_precision_loss, reason = "the sides of a picture")]
    fn to_rect(self) -> Rect {
        let [x, y] = self.at.map(|side| side as f32);
        let [width, height] = self.size.map(|side| side as f32);
        Rect::from_min_size(pos2(x, y), vec2(width, height))
    }
}

/// Cuts a picture into parts of at most that many pixels a side.
fn parts([width, height]: [usize; 2], most: usize) -> impl Iterator<Item = Part> {
    let most = most.max(1);
    (0..height).step_by(most).flat_map(move |y| {
        (0..width)
            .step_by(most)
            .map(move |x| Part { at: [x, y], size: [most.min(width - x), most.min(height - y)] })
    })
}

fn cut(picture: &Picture, frame: usize, part: Part) -> ColorImage {
    let (whole, rgba) = (picture.size().map(|side| side as usize), &picture.frames()[frame].rgba);
    if part.size == whole {
        return ColorImage::from_rgba_unmultiplied(whole, rgba);
    }
    let row = |y: usize| {
        let start = 4 * (y * whole[0] + part.at[0]);
        &rgba[start..start + 4 * part.size[0]]
    };
    let bytes: Vec<u8> =
        (part.at[1]..part.at[1] + part.size[1]).flat_map(|y| row(y).iter().copied()).collect();
    ColorImage::from_rgba_unmultiplied(part.size, &bytes)
}

/// The largest place of that shape in the middle of `rect`.
fn fit(size: Vec2, rect: Rect) -> Rect {
    let scale = (rect.size() / size).min_elem();
    Rect::from_center_size(rect.center(), size * scale)
}

impl Plugin for Textures {
    fn debug_name(&self) -> &'static str {
        "pictures"
    }

    fn on_end_pass(&mut self, ui: &mut Ui) {
        let now = ui.input(|input| input.time);
        self.pictures.retain(|_key, drawn| now - drawn.at < KEPT_FOR);
        self.blurs.retain(|_hash, (_texture, at)| now - *at < KEPT_FOR);
        let times = self.pictures.values().map(|drawn| drawn.at);
        let idle = times.chain(self.blurs.values().map(|(_texture, at)| *at)).filter(|at| *at < now);
        if let Some(first) = idle.min_by(f64::total_cmp) {
            let left = std::time::Duration::try_from_secs_f64(KEPT_FOR - (now - first));
            ui.ctx().request_repaint_after(left.unwrap_or_default());
        }
    }
}

#[cfg(test)]
mod tests {
    use waxwing_protocol::id::AttachmentId;

    use super::*;

    #[test]
    fn a_picture_keeps_its_shape() {
        let rect = Rect::from_min_size(pos2(10.0, 10.0), vec2(100.0, 100.0));
        let wide = fit(vec2(200.0, 100.0), rect);
        assert_eq!((wide.size(), wide.center()), (vec2(100.0, 50.0), rect.center()));
        assert_eq!(fit(vec2(10.0, 20.0), rect).size(), vec2(50.0, 100.0));
    }

    #[test]
    fn what_does_not_fit_is_cut_off_evenly() {
        let wide = middle(vec2(400.0, 100.0), vec2(100.0, 100.0));
        assert_eq!(wide, Rect::from_min_max(pos2(0.375, 0.0), pos2(0.625, 1.0)));
        assert_eq!(middle(vec2(50.0, 50.0), vec2(200.0, 200.0)), WHOLE);
    }

    #[test]
    fn a_picture_that_is_too_large_is_cut_into_parts() {
        let all: Vec<_> = parts([5, 3], 2).collect();
        assert_eq!(all.len(), 6);
        assert_eq!(all[2], Part { at: [4, 0], size: [1, 2] });
        assert_eq!(all[5], Part { at: [4, 2], size: [1, 1] });
        assert_eq!(parts([5, 3], 8).collect::<Vec<_>>(), [Part { at: [0, 0], size: [5, 3] }]);
        let rgba: Vec<u8> = (0..6).flat_map(|n| [n, n, n, 255]).collect();
        let frame =
            crate::desk::picture::Frame { rgba: rgba.into(), shown_for: chrono::TimeDelta::seconds(1) };
        let picture = Picture::new([3, 2], vec![frame]).unwrap();
        let last = cut(&picture, 0, Part { at: [2, 0], size: [1, 2] });
        assert_eq!(last.pixels, [Color32::from_gray(2), Color32::from_gray(5)]);
    }

    #[test]
    fn pictures_that_come_into_view_at_once_are_uploaded_one_after_the_other() {
        let frame = || crate::desk::picture::Frame {
            rgba: vec![9; 640 * 480 * 4].into(),
            shown_for: chrono::TimeDelta::seconds(1),
        };
        let key = |byte| PictureKey::Preview(AttachmentId::new(chrono::DateTime::UNIX_EPOCH, [byte; 10]));
        let pictures =
            [1, 2, 3].map(|n| (key(n), Arc::new(Picture::new([640, 480], vec![frame()]).unwrap())));
        let place = (Rect::from_min_size(pos2(0.0, 0.0), vec2(320.0, 240.0)), 8);
        let ctx = egui::Context::default();
        let pass = || {
            let mut there = Vec::new();
            let mut output = ctx.run_ui(egui::RawInput::default(), |ui| {
                there = pictures.each_ref().map(|(key, picture)| fill(ui, *key, picture, place)).to_vec();
            });
            output.textures_delta.clear();
            there.iter().filter(|is_there| **is_there).count()
        };
        assert_eq!([pass(), pass(), pass(), pass()], [1, 2, 3, 3]);
    }

    #[test]
    fn what_is_no_thumb_hash_is_no_picture() {
        assert!(blurred("3OcRJYB4d3h/iIeHeEh3eIhw+j3A").is_some());
        for hash in ["", "AAAA", "not base64!", "3OcRJQ==", &"A".repeat(5000), "ä"] {
            assert!(blurred(hash).is_none(), "{hash:.20}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_thumb_hash_does_harm(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..40)) {
            blurred(&STANDARD.encode(bytes));
        }
    }
}
