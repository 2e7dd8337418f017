//! A notification as WhatsApp wants it written: only what is filled in is said, by its place, and what a tap on a quick reply is
//! to bring back (Cloud API, template messages).

use std::collections::BTreeMap;

use serde_json::{Value, json};
use waxwing_protocol::{
    id::AttachmentId,
    message::{Media, MediaKind},
    notification::{ButtonDeed, Notification, NotificationButton, NotificationHeader},
    slot::{Mark, Place, Slot, SlotValue},
    template::ParameterFormat,
};

/// The longest title of a section of products (Cloud API: 24 characters).
const LONGEST_TITLE: usize = 24;

/// A notification whose files WhatsApp has.
#[derive(Clone)]
pub struct OutgoingNotification {
    /// What it says.
    pub notification: Box<Notification>,
    /// What WhatsApp calls each of its files.
    pub media: BTreeMap<AttachmentId, String>,
}

impl OutgoingNotification {
    /// The object of the name `template`. `token` comes back with the answers to a form.
    pub(super) fn to_json(&self, token: &str) -> Value {
        let notification = &*self.notification;
        let message = Part { of: self, card: None, token };
        let mut components = message.before_buttons(notification.header.as_ref());
        if let Some(at) = notification.offer.as_ref().and_then(|offer| offer.expires_at) {
            let ends = json!({"expiration_time_ms": at.timestamp_millis()});
            let parameter = json!({"type": "limited_time_offer", "limited_time_offer": ends});
            components.push(json!({"type": "limited_time_offer", "parameters": [parameter]}));
        }
        components.extend(message.buttons(&notification.buttons));
        if !notification.cards.is_empty() {
            let cards = (0..=u8::MAX).zip(&notification.cards).map(|(number, card)| {
                let part = Part { of: self, card: Some(number), token };
                let mut components = part.before_buttons(card.header.as_ref());
                components.extend(part.buttons(&card.buttons));
                json!({"card_index": number, "components": components})
            });
            let cards: Vec<Value> = cards.collect();
            components.push(json!({"type": "carousel", "cards": cards}));
        }
        let mut template = json!({"name": notification.name, "language": {"code": notification.language}});
        if !components.is_empty() {
            template["components"] = json!(components);
        }
        template
    }
}

/// The message itself, or one of its cards.
struct Part<'a> {
    of: &'a OutgoingNotification,
    card: Option<u8>,
    token: &'a str,
}

impl Part<'_> {
    fn value(&self, place: Place) -> Option<&SlotValue> {
        self.of.notification.values.get(&Slot { card: self.card, place })
    }

    /// Header and body, as far as something is filled into them.
    fn before_buttons(&self, header: Option<&NotificationHeader>) -> Vec<Value> {
        let header = match header {
            Some(NotificationHeader::Text { .. }) => self.marks(|place| match place {
                Place::Header(mark) => Some(mark),
                _ => None,
            }),
            Some(header) => self.header(header).into_iter().collect(),
            None => Vec::new(),
        };
        let body = self.marks(|place| match place {
            Place::Body(mark) => Some(mark),
            _ => None,
        });
        [("header", header), ("body", body)]
            .into_iter()
            .filter(|(_, parameters)| !parameters.is_empty())
            .map(|(kind, parameters)| json!({"type": kind, "parameters": parameters}))
            .collect()
    }

    fn header(&self, header: &NotificationHeader) -> Option<Value> {
        match header {
            NotificationHeader::Media(media) => self.file(media),
            NotificationHeader::Location { latitude, longitude, name, address } => {
                let (latitude, longitude) = (latitude.to_string(), longitude.to_string());
                let location =
                    json!({"latitude": latitude, "longitude": longitude, "name": name, "address": address});
                Some(json!({"type": "location", "location": location}))
            }
            NotificationHeader::Product { product } => {
                let mut named = json!({"product_retailer_id": product});
                if let Some(SlotValue::Products { catalog: Some(catalog), .. }) =
                    self.value(Place::HeaderProduct)
                {
                    named["catalog_id"] = json!(catalog);
                }
                Some(json!({"type": "product", "product": named}))
            }
            NotificationHeader::Text { .. } | NotificationHeader::Unknown => None,
        }
    }

    fn file(&self, media: &Media) -> Option<Value> {
        let id = self.of.media.get(&media.attachment.as_ref()?.id)?;
        let kind = match media.kind {
            MediaKind::Image => "image",
            MediaKind::Video => "video",
            _ => "document",
        };
        let mut file = json!({"id": id});
        if let (Some(name), "document") = (&media.file_name, kind) {
            file["filename"] = json!(name);
        }
        Some(json!({"type": kind, kind: file}))
    }

    /// What stands in place of marks, in the order of the marks.
    fn marks(&self, mark_of: fn(&Place) -> Option<&Mark>) -> Vec<Value> {
        let notification = &self.of.notification;
        let here = notification.values.iter().filter(|(slot, _)| slot.card == self.card);
        let filled = here.filter_map(|(slot, value)| {
            let mark = mark_of(&slot.place)?;
            let mut parameter = match value {
                SlotValue::Currency { fallback, code, amount_1000 } => json!({"type": "currency",
                    "currency": {"fallback_value": fallback, "code": code, "amount_1000": amount_1000}}),
                SlotValue::DateTime { fallback } => {
                    json!({"type": "date_time", "date_time": {"fallback_value": fallback}})
                }
                other => json!({"type": "text", "text": other.as_text()}),
            };
            if notification.parameter_format == ParameterFormat::Named {
                parameter["parameter_name"] = json!(mark.to_string());
            }
            Some(parameter)
        });
        filled.collect()
    }

    fn buttons(&self, buttons: &[NotificationButton]) -> Vec<Value> {
        let filled = (0..=u8::MAX).zip(buttons).filter_map(|(number, button)| {
            let (kind, parameter) = self.button(number, button)?;
            let index = number.to_string();
            Some(json!({"type": "button", "sub_type": kind, "index": index, "parameters": [parameter]}))
        });
        filled.collect()
    }

    /// What is said of a button: what is filled into it, or the name by which a tap on it comes back; none if it is nothing.
    fn button(&self, number: u8, button: &NotificationButton) -> Option<(&'static str, Value)> {
        let text = |text: &str| json!({"type": "text", "text": text});
        match &button.deed {
            ButtonDeed::Url { .. } => {
                let rest = self.value(Place::Button(number))?;
                Some(("url", text(rest.as_text())))
            }
            ButtonDeed::CopyCode { code } => {
                Some(("copy_code", json!({"type": "coupon_code", "coupon_code": code})))
            }
            ButtonDeed::Otp { .. } => Some(("url", text(self.code()?))),
            ButtonDeed::Flow => {
                Some(("flow", json!({"type": "action", "action": {"flow_token": self.token}})))
            }
            ButtonDeed::MultiProduct { products } => {
                let title: String = button.text.chars().take(LONGEST_TITLE).collect();
                let items: Vec<Value> =
                    products.iter().map(|product| json!({"product_retailer_id": product})).collect();
                let sections = json!([{"title": title, "product_items": items}]);
                let action =
                    json!({"thumbnail_product_retailer_id": products.first()?, "sections": sections});
                Some(("mpm", json!({"type": "action", "action": action})))
            }
            // A tap brings it back: two cards may have the same words on a button.
            ButtonDeed::QuickReply => {
                let slot = Slot { card: self.card, place: Place::Button(number) };
                Some(("quick_reply", json!({"type": "payload", "payload": slot.to_string()})))
            }
            ButtonDeed::PhoneNumber { .. }
            | ButtonDeed::Catalog
            | ButtonDeed::SingleProduct
            | ButtonDeed::VoiceCall
            | ButtonDeed::RequestContactInfo
            | ButtonDeed::Unknown => None,
        }
    }

    /// A one-time code: it stands in the body.
    fn code(&self) -> Option<&str> {
        let mut values = self.of.notification.values.iter();
        let (_, code) = values.find(|(slot, _)| matches!(slot.place, Place::Body(_)))?;
        Some(code.as_text())
    }
}

#[cfg(test)]
mod tests;
