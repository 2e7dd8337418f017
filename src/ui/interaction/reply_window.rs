//! Whether the contact can be written to freely; where not, the composer says so and offers a notification.

use egui::{RichText, Ui};
use waxwing_protocol::{delivery::Delivery, id::InteractionId, interaction::Phase};

use super::super::{
    View,
    side_panel::{SidePanel, Tab},
    widgets::button,
};
use crate::desk::{conversation::Conversation, outbox::asks_for_notification};

/// Whether the contact can be written to freely.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ReplyWindow {
    Open,
    /// The 24 hours are over.
    Closed,
    /// They should not be over, but WhatsApp said that they are.
    ClosedByWhatsApp,
}

/// How the window of a conversation stands.
pub(super) fn of(view: View<'_>, conversation: &Conversation) -> ReplyWindow {
    let interaction = conversation.interaction();
    if interaction.window.left(view.now).is_none() {
        return ReplyWindow::Closed;
    }
    let last = conversation.last_message().and_then(|message| message.delivery.as_ref());
    match last.map(|state| &state.delivery) {
        Some(Delivery::Failed(failure)) if asks_for_notification(failure) => ReplyWindow::ClosedByWhatsApp,
        _ => ReplyWindow::Open,
    }
}

impl ReplyWindow {
    /// Why words can't be sent, with the way out; nothing where they can.
    pub(super) fn tell(self, ui: &mut Ui, (view, id): (View<'_>, InteractionId), side: &mut SidePanel) {
        let why = match self {
            Self::Open => return,
            Self::Closed => {
                "The reply window is closed: the contact has to write first, or take a notification."
            }
            Self::ClosedByWhatsApp => {
                "WhatsApp says that the reply window is closed: the contact has to write first, or take a notification."
            }
        };
        let is_open = view.desk.conversation(id).is_some_and(|held| held.interaction().phase == Phase::Open);
        ui.horizontal(|ui| {
            let button = is_open.then(|| button::plain(ui, "Send a notification"));
            ui.add(egui::Label::new(RichText::new(why).size(12.0).color(view.theme.late)).wrap());
            let button =
                button.map(|button| button.on_hover_text("Approved messages can be sent at any time"));
            if button.is_some_and(|button| button.clicked()) {
                side.show(Tab::Notification, id);
            }
        });
    }
}
