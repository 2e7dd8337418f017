//! A sticker in a bubble.

use egui::{Align2, FontFamily, FontId, Rect, Role, Sense, Ui, WidgetInfo};
use waxwing_protocol::id::AttachmentId;

use super::super::View;

pub(super) fn show(ui: &Ui, view: View<'_>, attachment: AttachmentId, rect: Rect) {
    let font = FontId::new(13.0, FontFamily::Proportional);
    ui.painter().text(rect.center(), Align2::CENTER_CENTER, "Sticker", font, view.theme.muted);
    let response = ui.interact(rect, ui.scope_id().with(attachment), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, "Sticker"));
}
