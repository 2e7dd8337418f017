//! Small things that several panels draw.

use egui::{Frame, Margin, Ui};

pub(super) mod avatar;
pub(super) mod button;
pub(super) mod count_badge;
pub(super) mod field;
pub(super) mod list_foot;
pub(super) mod pending_badge;
pub(super) mod picture;
pub(super) mod tick_box;

/// The frame of a question in front of all.
pub(super) fn dialog(ui: &Ui) -> Frame {
    Frame::popup(ui.style()).inner_margin(Margin::same(16))
}
