//! The pending-response indicator: a clock in the colour of its stage, with a shape and words of its own, so that
//! colour is never alone in telling.

use std::time::Duration;

use chrono::TimeDelta;
use egui::{
    Align2, Color32, CornerRadius, FontId, Response, Role, Sense, Stroke, Ui, Vec2, WidgetInfo, pos2, vec2,
};

use super::super::{View, theme, time};
use crate::desk::{
    conversation::Conversation,
    pending::{PendingResponse, PendingStage},
};

/// How long the contact of a conversation has waited and how bad that is.
pub(crate) fn waiting(view: View<'_>, conversation: &Conversation) -> Option<(TimeDelta, PendingStage)> {
    conversation.pending().at(view.now, view.desk.settings().thresholds)
}

/// What a stage is called.
pub(crate) const fn words(stage: PendingStage) -> &'static str {
    match stage {
        PendingStage::Fresh => "waiting",
        PendingStage::Late => "waiting long",
        PendingStage::Overdue => "overdue",
    }
}

/// The colour of the ring around an avatar.
pub(crate) const fn ring(view: View<'_>, stage: PendingStage) -> Color32 {
    match stage {
        PendingStage::Fresh => view.theme.fresh,
        PendingStage::Late => view.theme.late_ring,
        PendingStage::Overdue => view.theme.overdue,
    }
}

/// Whether an overdue indicator is in the dimmer half of its second (1 Hz), and asks for the frame in which that
/// changes. Never with reduced motion.
pub(crate) fn is_dimmed(ui: &Ui, view: View<'_>, stage: PendingStage) -> bool {
    if stage != PendingStage::Overdue || view.choices.window.reduced_motion {
        return false;
    }
    let millis = view.now.timestamp_subsec_millis();
    ui.ctx().request_repaint_after(Duration::from_millis(u64::from(500 - millis % 500)));
    millis >= 500
}

/// Draws the indicator of a conversation; nothing while nobody waits.
pub(crate) fn show(ui: &mut Ui, view: View<'_>, conversation: &Conversation) -> Option<Response> {
    let (waited, stage) = waiting(view, conversation)?;
    if let PendingResponse::Waiting { since } = conversation.pending() {
        ui.ctx().request_repaint_after(time::until_next_second(since, view.now));
    }
    let dimmed = is_dimmed(ui, view, stage);
    let (ground, front) = match (stage, dimmed) {
        (PendingStage::Fresh, _) => (view.theme.fresh_soft, view.theme.fresh),
        (PendingStage::Late, _) => (view.theme.late_soft, view.theme.late),
        (PendingStage::Overdue, false) => (view.theme.overdue, view.theme.on_overdue),
        (PendingStage::Overdue, true) => (view.theme.overdue_soft, view.theme.overdue),
    };
    let text = time::clock(waited);
    let font = FontId::new(12.0, theme::semibold());
    let galley = ui.painter().layout_no_wrap(text.clone(), font, front);
    let size = vec2(galley.size().x + 28.0, 18.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let painter = ui.painter();
    painter.rect_filled(rect, CornerRadius::same(9), ground);
    let mark = pos2(rect.left() + 11.0, rect.center().y);
    match stage {
        PendingStage::Fresh => {
            painter.circle_stroke(mark, 3.2, Stroke::new(1.6, front));
        }
        PendingStage::Late => {
            painter.circle_filled(mark, 4.0, front);
        }
        PendingStage::Overdue => {
            let tip = |x: f32, y: f32| mark + Vec2::new(x, y);
            let triangle = vec![tip(0.0, -4.5), tip(4.8, 3.8), tip(-4.8, 3.8)];
            painter.add(egui::Shape::convex_polygon(triangle, front, Stroke::NONE));
        }
    }
    let at = Align2::LEFT_CENTER.align_size_within_rect(
        galley.size(),
        egui::Rect::from_min_max(pos2(rect.left() + 20.0, rect.top()), rect.right_bottom()),
    );
    painter.galley(at.min, galley, front);
    let told = format!("Pending response, {}: {text}", words(stage));
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &told));
    Some(response.on_hover_text(told))
}
