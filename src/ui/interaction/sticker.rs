//! A sticker, still or moving: drawn when it is there, asked for when it can be seen, told in words when it can't be had.

use chrono::{DateTime, TimeDelta, Utc};
use egui::{
    Align, CornerRadius, FontId, Id, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo,
    text::{LayoutJob, TextFormat},
};
use waxwing_protocol::id::AttachmentId;

use super::super::{Action, View, theme, widgets::picture};
use crate::desk::picture::{Fetched, Picture, PictureKey};

/// Draws a sticker into `rect`.
///
/// It moves while it can be seen and the window has the focus, and asks for its next frame itself. With reduced motion it
/// stands still until somebody points at it or clicks it.
pub fn show(ui: &mut Ui, view: View<'_>, attachment: AttachmentId, rect: Rect, actions: &mut Vec<Action>) {
    let id = ui.scope_id().with(("sticker", attachment));
    if !ui.is_rect_visible(rect) {
        // Out of sight it is neither fetched nor kept at hand.
        name(&ui.interact(rect, id, Sense::hover()), Role::Image, "Sticker");
        return;
    }
    match view.pictures.get(PictureKey::Sticker(attachment)) {
        Fetched::NotAsked => {
            actions.push(want(attachment));
            pending(ui, view, id, rect);
        }
        Fetched::Pending => pending(ui, view, id, rect),
        Fetched::Failed { why } => {
            if failed(ui, view, id, rect, &why) {
                actions.push(want(attachment));
            }
        }
        Fetched::Ready(sticker) => {
            let frame = frame(ui, view, id, rect, &sticker);
            picture::paint(ui, PictureKey::Sticker(attachment), &sticker, frame, rect);
        }
    }
}

const fn want(attachment: AttachmentId) -> Action {
    Action::WantPicture(PictureKey::Sticker(attachment))
}

fn name(response: &Response, role: Role, name: &str) {
    response.widget_info(|| WidgetInfo::labeled(role, true, name));
}

fn ground(ui: &Ui, view: View<'_>, rect: Rect) {
    ui.painter().rect_filled(rect, CornerRadius::same(theme::CARD_RADIUS), view.theme.sunken);
}

fn show_focus(ui: &Ui, view: View<'_>, response: &Response) {
    if response.has_focus() {
        let (radius, stroke) = (CornerRadius::same(theme::CARD_RADIUS), Stroke::new(2.0, view.theme.accent));
        ui.painter().rect_stroke(response.rect, radius, stroke, StrokeKind::Inside);
    }
}

fn pending(ui: &Ui, view: View<'_>, id: Id, rect: Rect) {
    ground(ui, view, rect);
    name(&ui.interact(rect, id, Sense::hover()), Role::Image, "Sticker, on its way");
}

/// Tells why there is nothing to see; says whether the agent wants it tried again.
fn failed(ui: &Ui, view: View<'_>, id: Id, rect: Rect, why: &str) -> bool {
    let words = format!("This sticker can't be shown: {why}. Click to try again.");
    let response = ui.interact(rect, id, Sense::click());
    name(&response, Role::Button, &words);
    ground(ui, view, rect);
    let inner = rect.shrink(10.0);
    let format = TextFormat::simple(FontId::proportional(12.0), view.theme.muted);
    let mut job = LayoutJob::single_section(words.clone(), format);
    job.halign = Align::Center;
    job.wrap.max_width = inner.width();
    let galley = ui.painter().layout_job(job);
    let top = inner.center().y - galley.size().y.min(inner.height()) / 2.0;
    ui.painter().with_clip_rect(inner.intersect(ui.clip_rect())).galley(
        egui::pos2(inner.center().x, top),
        galley,
        view.theme.muted,
    );
    show_focus(ui, view, &response);
    response.on_hover_text(words).clicked()
}

/// How a moving sticker moves; remembered from frame to frame.
#[derive(Clone, Copy, Default)]
struct Motion {
    /// When its first frame came up; none while it stands still.
    since: Option<DateTime<Utc>>,
    /// Whether the agent clicked it into motion.
    clicked: bool,
}

/// The number of the frame to draw.
fn frame(ui: &Ui, view: View<'_>, id: Id, rect: Rect, sticker: &Picture) -> usize {
    let reduced = view.choices.window.reduced_motion;
    let on_demand = reduced && sticker.is_animated();
    let response = ui.interact(rect, id, if on_demand { Sense::click() } else { Sense::hover() });
    name(&response, Role::Image, "Sticker");
    if !sticker.is_animated() {
        return 0;
    }
    show_focus(ui, view, &response);
    let mut motion: Motion = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    motion.clicked ^= response.clicked();
    let moves = !reduced || motion.clicked || response.hovered();
    let begun = motion.since.filter(|since| *since <= view.now).unwrap_or(view.now);
    motion.since = moves.then_some(begun);
    ui.data_mut(|data| data.insert_temp(id, motion));
    let moment = sticker.at(motion.since.map_or(TimeDelta::zero(), |since| view.now - since));
    if let Some(left) = moment.left.filter(|_| moves && ui.input(|input| input.focused)) {
        ui.ctx().request_repaint_after(left.to_std().unwrap_or_default());
    }
    moment.frame
}
