//! Pictures: of the right size at once, seen from afar until they are there, larger at a click.

use egui::{Align2, Color32, CornerRadius, FontId, Rect, Ui, Vec2, pos2, vec2};

use super::{
    super::super::{Action, theme, widgets::picture},
    Place,
    card::Part,
    progress::{self, Doing},
};
use crate::{
    desk::picture::{Fetched, PictureKey},
    ui::interaction::menu::Chosen,
};

/// How large a picture is drawn at most, in points.
const MOST: Vec2 = vec2(320.0, 320.0);
/// How large it is drawn at least: what is narrower than that is cut off at its long ends.
const LEAST: Vec2 = vec2(120.0, 90.0);
/// Below this width what goes on over it has less room around it, in points.
const NARROW: f32 = 180.0;
/// Radius of its corners, in points.
pub(super) const ROUND: u8 = 8;

/// The room of a picture of so many pixels: never larger than it is, and never wider than `widest`.
pub(in super::super) fn room(pixels: [u32; 2], widest: f32) -> Vec2 {
    #[expect(clippy::cast_precision_loss, reason = "the sides of a picture")]
    let [width, height] = pixels.map(|side| side.max(1) as f32);
    let most = vec2(MOST.x.min(widest), MOST.y);
    let scale = (most / vec2(width, height)).min_elem().min(1.0);
    (vec2(width, height) * scale).max(LEAST.min(most)).round()
}

/// Draws it.
pub(super) fn show(ui: &mut Ui, part: &mut Part<'_, '_>) {
    let rect = Rect::from_min_size(part.rect.min, part.laid.picture);
    let failed = face(ui, part, rect);
    let what = match (&failed, part.is_kept()) {
        (Some(why), _) => Some(why.as_str()),
        (None, true) => Some("Click to look at it"),
        (None, false) => None,
    };
    if part.surface(ui, (rect, ROUND), what) {
        match failed {
            Some(_) => part.actions.push(Action::WantPicture(part.laid.file.picture)),
            // A message of several pictures, as a carousel is, has one that is looked at in full; the others are opened.
            None if part.is_of_message() => {
                part.chosen = part.scene.message().map(Chosen::View).or(part.chosen.take());
            }
            None => part.chosen = part.laid.file.open(part.actions).or(part.chosen.take()),
        }
    }
    over(ui, part, rect);
}

/// Draws the picture of a file, or what stands for it; if it can't be had says so, and gives these words.
pub(super) fn face(ui: &Ui, part: &mut Part<'_, '_>, rect: Rect) -> Option<String> {
    if !ui.is_rect_visible(rect) {
        // Out of sight it is neither fetched nor kept at hand.
        return None;
    }
    let key = part.laid.file.picture;
    match part.view().pictures.get(key) {
        Fetched::NotAsked => {
            part.actions.push(Action::WantPicture(key));
            meanwhile(ui, part, rect);
        }
        Fetched::Ready(ready) if picture::fill(ui, key, &ready, (rect, ROUND)) => {}
        Fetched::Pending | Fetched::Ready(_) => meanwhile(ui, part, rect),
        Fetched::Failed { why } => {
            meanwhile(ui, part, rect);
            let words = format!("It can't be shown: {why}. Click to try again");
            scrim(ui, part, rect, &words);
            return Some(words);
        }
    }
    None
}

/// What is drawn until the picture is there: the one that we sent, if this machine still has it, or what it looks like
/// from afar.
fn meanwhile(ui: &Ui, part: &Part<'_, '_>, rect: Rect) {
    let view = part.view();
    let sent = part.scene.said().and_then(|message| message.client_ref).map(PictureKey::Ours);
    if let Some(key) = sent
        && let Fetched::Ready(ready) = view.pictures.get(key)
        && picture::fill(ui, key, &ready, (rect, ROUND))
    {
        return;
    }
    let hash = part.laid.file.about.as_ref().and_then(|about| about.thumb_hash.as_deref());
    if !hash.is_some_and(|hash| picture::blur(ui, hash, (rect, ROUND))) {
        ui.painter().rect_filled(rect, CornerRadius::same(ROUND), view.theme.sunken);
    }
}

/// Words over a picture.
fn scrim(ui: &Ui, part: &Part<'_, '_>, rect: Rect, words: &str) {
    let theme = part.view().theme;
    ui.painter().rect_filled(rect, CornerRadius::same(ROUND), theme.surface.gamma_multiply(0.86));
    let font = FontId::proportional(12.0);
    let galley = ui.painter().layout(words.to_owned(), font, theme.muted, rect.width() - 16.0);
    let at = Align2::CENTER_CENTER.align_size_within_rect(galley.size(), rect);
    ui.painter().with_clip_rect(rect.intersect(ui.clip_rect())).galley(at.min, galley, theme.muted);
}

/// Over the picture: how far it is, and what can be done about it.
pub(super) fn over(ui: &Ui, part: &mut Part<'_, '_>, rect: Rect) {
    let theme = part.view().theme;
    let doing = Doing::of(part.scene, &part.laid.file);
    let part_done = match &doing {
        Doing::Rest => return,
        Doing::Moving { part, .. } => Some(*part),
        Doing::Stuck { .. } => None,
    };
    let (margin, pad) = if rect.width() < NARROW { (4.0, 5.0) } else { (12.0, 8.0) };
    let size = vec2(rect.width().min(super::card::LINE.x) - margin, 26.0);
    let at = pos2(rect.center().x - size.x / 2.0, rect.bottom() - size.y - 6.0);
    let pill = Rect::from_min_size(at, size);
    ui.painter().rect_filled(pill, CornerRadius::same(theme::BUTTON_RADIUS), theme.surface);
    let mut left = pill.left() + pad;
    if let Some(done) = part_done
        && matches!(part.laid.file.at, Place::Ours(_) | Place::Kept(_))
    {
        let colours = (theme.muted.gamma_multiply(0.25), theme.accent);
        progress::ring(ui.painter(), pos2(left + 7.0, pill.center().y), 7.0, done, colours);
        left += 22.0;
    }
    part.line(ui, pos2(left, pill.center().y - 9.0), pill.right() - pad);
}

/// Words on a dark ground, in a corner of a picture.
pub(super) fn tag(ui: &Ui, at: egui::Pos2, words: &str, (ground, front): (Color32, Color32)) {
    let galley = ui.painter().layout_no_wrap(words.to_owned(), FontId::new(11.0, theme::semibold()), front);
    let rect = Rect::from_min_size(at, galley.size() + vec2(10.0, 4.0));
    ui.painter().rect_filled(rect, CornerRadius::same(5), ground);
    ui.painter().galley(rect.min + vec2(5.0, 2.0), galley, front);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_its_shape_and_its_bounds() {
        assert_eq!(room([4000, 3000], 600.0), vec2(320.0, 240.0));
        assert_eq!(room([3000, 4000], 600.0), vec2(240.0, 320.0));
        assert_eq!(room([200, 150], 600.0), vec2(200.0, 150.0), "never larger than it is");
        assert_eq!(room([4000, 3000], 200.0), vec2(200.0, 150.0), "never wider than there is room");
        assert_eq!(room([10_000, 400], 600.0), vec2(320.0, 90.0), "a panorama is cut off");
        assert_eq!(room([100, 9000], 600.0), vec2(120.0, 320.0));
        assert_eq!(room([0, 0], 600.0), LEAST);
        assert_eq!(room([4000, 3000], 60.0), vec2(60.0, 90.0), "nor if there is hardly any");
    }
}
