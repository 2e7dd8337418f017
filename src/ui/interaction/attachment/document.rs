//! Documents: the sign of what they really are, the name they came with, and what is known of them.

use egui::{Align2, Color32, CornerRadius, FontId, Painter, Rect, Ui, Vec2, vec2};

use super::{
    super::super::{
        icon,
        theme::{self, Theme},
    },
    May,
    card::{LINE, Part},
    kind::Kind,
    opening::may_open,
    progress::{self, Doing},
};

/// The room of the sign, in points.
pub(super) const SIGN: Vec2 = vec2(40.0, 44.0);
/// Where the name begins, right of the sign, in points.
pub(in super::super) const BESIDE_SIGN: f32 = SIGN.x + 10.0;
/// The height of the bar that tells how far it is, in points.
const BAR: f32 = 4.0;

/// The room of a document whose name takes this much.
pub(super) fn room(title: Vec2, widest: f32) -> Vec2 {
    let beside = vec2(title.x.max(LINE.x), title.y + LINE.y + BAR);
    vec2((BESIDE_SIGN + beside.x).min(widest.max(BESIDE_SIGN + title.x)), beside.y.max(SIGN.y))
}

/// Draws it; its name is drawn with the words of the bubble.
pub(super) fn show(ui: &Ui, part: &mut Part<'_, '_>) {
    let (laid, rect) = (part.laid, part.rect);
    let foot = laid.reason.as_ref().map_or(0.0, |reason| reason.size().y + super::card::BEFORE_REASON);
    let body = Rect::from_min_max(rect.min, rect.max - vec2(0.0, foot));
    let what = match may_open(&laid.file) {
        May::Open if part.is_kept() => Some("Click to open"),
        May::Ask(_) if part.is_kept() => Some("Click to open after a question"),
        _ => None,
    };
    if part.surface(ui, (rect.expand(3.0), theme::CARD_RADIUS), what) {
        let chosen = laid.file.open(part.actions);
        part.chosen = chosen.or(part.chosen.take());
    }
    let theme = part.view().theme;
    sign(ui.painter(), theme, Rect::from_min_size(body.min, SIGN), laid.file.sort());
    let left = body.left() + BESIDE_SIGN;
    let line = egui::pos2(left, body.bottom() - LINE.y - BAR + 1.0);
    part.line(ui, line, body.right());
    if let Doing::Moving { part: done, .. } = Doing::of(part.scene, &laid.file) {
        let bar = Rect::from_min_max(egui::pos2(left, body.bottom() - BAR + 1.0), body.max);
        progress::bar(ui.painter(), bar, done, (theme.muted.gamma_multiply(0.25), theme.accent));
    }
}

/// The sign of a type: its name on its colour.
fn sign(painter: &Painter, theme: &Theme, rect: Rect, kind: Kind) {
    let colour = kind.colour(theme);
    painter.rect_filled(rect, CornerRadius::same(6), colour.gamma_multiply(0.14));
    let (text, font) = match kind.label {
        "" => (kind.icon().to_string(), icon::font(20.0)),
        label if label.len() > 3 => (label.to_owned(), FontId::new(10.5, theme::semibold())),
        label => (label.to_owned(), FontId::new(12.0, theme::semibold())),
    };
    let galley = painter.layout_no_wrap(text, font, colour);
    let at = Align2::CENTER_CENTER.align_size_within_rect(galley.size(), rect);
    painter.galley(at.min, galley, Color32::PLACEHOLDER);
}

/// The sign of a MIME type.
pub(in super::super) fn sign_of(painter: &Painter, theme: &Theme, rect: Rect, mime: &str) {
    sign(painter, theme, rect, Kind::of(mime));
}
