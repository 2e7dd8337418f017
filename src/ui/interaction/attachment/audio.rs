//! Sound: a sign, what it is, and what can be done with it.

use egui::{Align2, Color32, Rect, Ui, Vec2, pos2, vec2};

use super::{
    super::super::{
        icon,
        text::{self, Ink, Style, Words, Wrap},
        theme,
    },
    card::{LINE, Part},
};

/// The room of the sign, in points.
pub(super) const SIGN: Vec2 = vec2(40.0, 44.0);

/// The room of a sound.
pub(super) fn room(widest: f32) -> Vec2 {
    vec2((SIGN.x + 10.0 + LINE.x).min(widest), SIGN.y)
}

/// Draws it.
pub(super) fn show(ui: &Ui, part: &mut Part<'_, '_>) {
    let body = Rect::from_min_size(part.rect.min, vec2(part.rect.width(), SIGN.y));
    part.surface(ui, (body.expand(3.0), theme::CARD_RADIUS), None);
    let (file, theme) = (&part.laid.file, part.view().theme);
    let centre = body.min + SIGN * 0.5;
    ui.painter().circle_filled(centre, SIGN.x * 0.5, theme.accent.gamma_multiply(0.14));
    let sign = if file.voice { icon::MIC } else { icon::MUSIC };
    let galley = ui.painter().layout_no_wrap(sign.to_string(), icon::font(18.0), theme.accent);
    let at =
        Align2::CENTER_CENTER.align_size_within_rect(galley.size(), Rect::from_center_size(centre, SIGN));
    ui.painter().galley(at.min, galley, Color32::PLACEHOLDER);
    let left = body.left() + SIGN.x + 10.0;
    let title = file.title();
    let words = Words::plain(&title, Style::new(14.0).semibold());
    let title = text::layout(ui.ctx(), &words, Wrap::one_row(body.right() - left));
    title.paint(ui.painter(), pos2(left, body.top() + 2.0), &Ink::of(theme));
    part.line(ui, pos2(left, body.bottom() - LINE.y), body.right());
}
