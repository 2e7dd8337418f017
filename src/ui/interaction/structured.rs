//! What the bubble of a notification says: the template's name, what stands above the body, the body, and its buttons; the
//! cards of a carousel one below the other.

use waxwing_protocol::notification::{
    Notification, NotificationButton, NotificationHeader, NotificationOffer,
};

use super::{
    super::View,
    attachment::File,
    script::{Item, Line, LineLook, Script, of_file},
};
use crate::desk::notification::OutgoingNotification;

impl Script {
    /// A structured message that the gateway has.
    pub(super) fn notification(&mut self, view: View<'_>, notification: &Notification) {
        self.structured(view, notification, &|_card| None);
    }

    /// One that has not left this machine, with the files that stand in it.
    pub(super) fn leaving_notification(&mut self, view: View<'_>, leaving: &OutgoingNotification) {
        self.structured(view, &leaving.shown, &|card| leaving.header_file(card).map(File::of_slot));
    }

    fn structured(
        &mut self,
        view: View<'_>,
        notification: &Notification,
        file: &dyn Fn(Option<u8>) -> Option<File>,
    ) {
        self.note(format!("Notification · {}", notification.name));
        self.header(notification.header.as_ref(), file(None));
        if let Some(offer) = &notification.offer {
            self.offer(view, offer);
        }
        self.marked(&notification.text);
        if let Some(footer) = &notification.footer {
            self.note(footer.as_str());
        }
        self.buttons(&notification.buttons);
        for (number, card) in (0..=u8::MAX).zip(&notification.cards) {
            self.items.push(Item::Rule);
            self.note(format!("Card {} of {}", number + 1, notification.cards.len()));
            self.header(card.header.as_ref(), file(Some(number)));
            if !card.text.is_empty() {
                self.marked(&card.text);
            }
            self.buttons(&card.buttons);
        }
    }

    fn header(&mut self, header: Option<&NotificationHeader>, file: Option<File>) {
        match (header, file) {
            (Some(NotificationHeader::Media(_)), Some(file)) => self.items.push(of_file(file)),
            (Some(NotificationHeader::Media(media)), None) => self.media(media),
            (Some(NotificationHeader::Text { text }), _) => self.line(text.as_str(), LineLook::Title),
            (Some(NotificationHeader::Location { latitude, longitude, name, address }), _) => {
                self.place((*latitude, *longitude), Some(name), Some(address));
            }
            (Some(NotificationHeader::Product { product }), _) => {
                self.line(format!("Product {product}"), LineLook::Title);
            }
            (Some(NotificationHeader::Unknown) | None, _) => {}
        }
    }

    fn offer(&mut self, view: View<'_>, offer: &NotificationOffer) {
        self.line(offer.text.as_str(), LineLook::Title);
        if let Some(at) = offer.expires_at {
            self.note(format!("Ends {}", view.date_and_time(at)));
        }
    }

    fn buttons(&mut self, buttons: &[NotificationButton]) {
        self.items.extend(buttons.iter().map(|button| {
            let line = Line { text: button.text.clone(), look: LineLook::Title };
            Item::Button(button.deed.clone(), line)
        }));
    }
}
