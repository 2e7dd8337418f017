//! Films: a picture of them, how long they are, and a sign to play them, which the default player does.

use egui::{Align2, Color32, Rect, Ui, Vec2, pos2, vec2};

use super::{
    super::super::icon,
    May,
    card::{LINE, Part},
    image,
    opening::may_open,
    progress::{self, Doing},
};

/// Radius of the sign to play it, in points.
const PLAY: f32 = 24.0;

/// Draws it.
pub(super) fn show(ui: &mut Ui, part: &mut Part<'_, '_>) {
    let rect = Rect::from_min_size(part.rect.min, part.laid.picture);
    image::face(ui, part, rect);
    let what = match may_open(&part.laid.file) {
        May::Open if part.is_kept() => Some("Click to play it"),
        May::Ask(_) if part.is_kept() => Some("Click to play it after a question"),
        _ => None,
    };
    if part.surface(ui, (rect, image::ROUND), what) {
        let chosen = part.laid.file.open(part.actions);
        part.chosen = chosen.or(part.chosen.take());
    }
    let theme = part.view().theme;
    let colours = (theme.surface.gamma_multiply(0.86), theme.text);
    ui.painter().circle_filled(rect.center(), PLAY, colours.0);
    match Doing::of(part.scene, &part.laid.file) {
        Doing::Moving { part: done, .. } => {
            let ring = (theme.muted.gamma_multiply(0.25), theme.accent);
            progress::ring(ui.painter(), rect.center(), PLAY - 5.0, done, ring);
        }
        Doing::Rest | Doing::Stuck { .. } => {
            let sign = ui.painter().layout_no_wrap(icon::PLAY.to_string(), icon::font(22.0), colours.1);
            let place = Rect::from_center_size(rect.center() + vec2(1.5, 0.0), Vec2::splat(PLAY));
            let at = Align2::CENTER_CENTER.align_size_within_rect(sign.size(), place);
            ui.painter().galley(at.min, sign, Color32::PLACEHOLDER);
        }
    }
    let file = &part.laid.file;
    let tag = if file.is_gif() { Some("GIF".to_owned()) } else { file.extent() };
    if let Some(tag) = tag {
        image::tag(ui, pos2(rect.left() + 8.0, rect.bottom() - 26.0), &tag, colours);
    }
    part.line(ui, pos2(rect.left(), rect.bottom() + 4.0), part.rect.right().max(rect.left() + LINE.x));
}
