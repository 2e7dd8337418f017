//! Pictures as textures: uploaded when a frame is first drawn, kept as long as their picture is drawn and a while longer.

use std::{
    collections::BTreeMap,
    sync::{Arc, Weak},
};

use egui::{Color32, ColorImage, Plugin, Rect, TextureHandle, TextureOptions, Ui, Vec2, pos2};

use crate::desk::picture::{Picture, PictureKey};

/// How long the textures of a picture that is not drawn any more are kept, in seconds: somebody may scroll back.
const KEPT_FOR: f64 = 10.0;

/// The textures. There is one set for each egui context, as its plugin, so that it is tidied up whatever is drawn.
#[derive(Default)]
struct Textures(BTreeMap<PictureKey, Drawn>);

struct Drawn {
    /// What the textures were made of; let go, if nobody else holds it.
    picture: Weak<Picture>,
    frames: Vec<Option<TextureHandle>>,
    /// When it was drawn last, by egui's clock, in seconds.
    at: f64,
}

/// Paints one frame of a picture as large as it fits into `rect`.
pub(crate) fn paint(ui: &Ui, key: PictureKey, picture: &Arc<Picture>, frame: usize, rect: Rect) {
    let Some(texture) = texture(ui, key, picture, frame) else { return };
    let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
    ui.painter().image(texture.id(), fit(texture.size_vec2(), rect), whole, Color32::WHITE);
}

fn texture(ui: &Ui, key: PictureKey, picture: &Arc<Picture>, frame: usize) -> Option<TextureHandle> {
    let textures = ui.ctx().plugin_or_default::<Textures>();
    let mut textures = textures.lock();
    let (now, this) = (ui.input(|input| input.time), Arc::downgrade(picture));
    let fresh = || Drawn { picture: this.clone(), frames: vec![None; picture.frames().len()], at: now };
    let drawn = textures.0.entry(key).or_insert_with(fresh);
    if !drawn.picture.ptr_eq(&this) {
        *drawn = fresh();
    }
    drawn.at = now;
    let place = drawn.frames.get_mut(frame)?;
    if place.is_none() {
        let size = picture.size().map(|side| side as usize);
        let image = ColorImage::from_rgba_unmultiplied(size, &picture.frames()[frame].rgba);
        *place = Some(ui.ctx().load_texture(format!("{key:?}"), image, TextureOptions::LINEAR));
    }
    place.clone()
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
        self.0.retain(|_key, drawn| now - drawn.at < KEPT_FOR);
        let idle = self.0.values().map(|drawn| drawn.at).filter(|at| *at < now);
        if let Some(first) = idle.min_by(f64::total_cmp) {
            let left = std::time::Duration::try_from_secs_f64(KEPT_FOR - (now - first));
            ui.ctx().request_repaint_after(left.unwrap_or_default());
        }
    }
}

#[cfg(test)]
mod tests {
    use egui::vec2;

    use super::*;

    #[test]
    fn a_picture_keeps_its_shape() {
        let rect = Rect::from_min_size(pos2(10.0, 10.0), vec2(100.0, 100.0));
        let wide = fit(vec2(200.0, 100.0), rect);
        assert_eq!((wide.size(), wide.center()), (vec2(100.0, 50.0), rect.center()));
        assert_eq!(fit(vec2(10.0, 20.0), rect).size(), vec2(50.0, 100.0));
    }
}
