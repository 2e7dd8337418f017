//! Structured messages: a [`Template`] with a value for each of its [slots](crate::slot).
//!
//! [`fill`] makes the [`Notification`] that the contact sees, or says what is missing: there is no other way to one, so nothing
//! leaves with a mark in it. The gateway fills again what a desktop asks it to send.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    id::TemplateId,
    message::{Media, MediaKind},
    slot::{Mark, Place, Slot, SlotProblem, SlotValue, SlotValues, check, check_length, slots},
    template::{
        OtpKind, ParameterFormat, Part, Template, TemplateButton, TemplateCategory, TemplateHeader, parts,
    },
};

/// The longest header, in characters (Cloud API, template header text: 60).
pub const MAX_HEADER_CHARS: usize = 60;
/// The longest body, in characters, when it is filled in (Cloud API, template body: 1,024; error 132005).
pub const MAX_BODY_CHARS: usize = 1024;

/// What stands above the body of a filled-in message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "format", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum NotificationHeader {
    /// A line of text.
    Text {
        /// The line.
        text: String,
    },
    /// A file.
    Media(Media),
    /// A place on the map.
    Location {
        /// Degrees north.
        latitude: f64,
        /// Degrees east.
        longitude: f64,
        /// What it is called.
        name: String,
        /// Where it is.
        address: String,
    },
    /// A product of the catalogue.
    Product {
        /// The shop's own number of it.
        product: String,
    },
    /// A header of a newer gateway.
    #[serde(other)]
    Unknown,
}

/// What a button of a filled-in message does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "button", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ButtonDeed {
    /// Sends its text back to us.
    QuickReply,
    /// Opens a web page.
    Url {
        /// Which.
        url: String,
    },
    /// Calls a phone number.
    PhoneNumber {
        /// Which.
        phone_number: String,
    },
    /// Copies a coupon code.
    CopyCode {
        /// Which.
        code: String,
    },
    /// Hands the code of the body on.
    Otp {
        /// How.
        otp: OtpKind,
    },
    /// Opens a form.
    Flow,
    /// Opens the catalogue.
    Catalog,
    /// Shows several products.
    MultiProduct {
        /// The shop's own numbers of them.
        products: Vec<String>,
    },
    /// Shows the product of the header.
    SingleProduct,
    /// Calls us through WhatsApp.
    VoiceCall,
    /// Asks for the contact's phone number.
    RequestContactInfo,
    /// Something that this desktop does not know.
    #[serde(other)]
    Unknown,
}

/// A button of a filled-in message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotificationButton {
    /// What it says.
    pub text: String,
    /// What it does.
    #[serde(flatten)]
    pub deed: ButtonDeed,
}

/// A card of a filled-in carousel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotificationCard {
    /// What stands above its body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<NotificationHeader>,
    /// What it says.
    #[serde(default)]
    pub text: String,
    /// Its buttons, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<NotificationButton>,
}

/// An offer that ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotificationOffer {
    /// What is offered.
    pub text: String,
    /// When it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<DateTime<Utc>>,
}

/// A filled-in message, as the contact sees it, with what it was made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Notification {
    /// Which template it was made of, as the gateway called it then.
    pub template: TemplateId,
    /// What WhatsApp calls that, together with the language.
    pub name: String,
    /// WhatsApp's code of its language.
    pub language: String,
    /// What it was for.
    pub category: TemplateCategory,
    /// How its marks are called.
    #[serde(default)]
    pub parameter_format: ParameterFormat,
    /// What stands above the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<NotificationHeader>,
    /// What it says.
    pub text: String,
    /// The small print.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub footer: Option<String>,
    /// An offer that ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<NotificationOffer>,
    /// Its buttons, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<NotificationButton>,
    /// The cards of a carousel, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cards: Vec<NotificationCard>,
    /// What was filled in: *Edit* starts a new one from it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, SlotValue>))]
    pub values: SlotValues,
}

impl Notification {
    /// As plain text, for lists, quotes and desktops that can't draw it: header, body, footer, buttons, cards, a line each.
    #[must_use]
    pub fn as_text(&self) -> String {
        let mut lines = Vec::new();
        lines.extend(self.header.as_ref().map(header_line));
        lines.extend(self.offer.as_ref().map(|offer| offer.text.clone()));
        lines.push(self.text.clone());
        lines.extend(self.footer.clone());
        lines.extend(self.buttons.iter().map(button_line));
        for card in &self.cards {
            lines.extend(card.header.as_ref().map(header_line));
            lines.push(card.text.clone());
            lines.extend(card.buttons.iter().map(button_line));
        }
        lines.retain(|line| !line.is_empty());
        lines.join("\n")
    }
}

fn header_line(header: &NotificationHeader) -> String {
    match header {
        NotificationHeader::Text { text } => text.clone(),
        NotificationHeader::Media(media) => match media.kind {
            MediaKind::Image => "[Picture]".to_owned(),
            MediaKind::Video => "[Film]".to_owned(),
            _ => format!("[{}]", media.file_name.as_deref().unwrap_or("Document")),
        },
        NotificationHeader::Location { name, address, .. } => format!("[{name}, {address}]"),
        NotificationHeader::Product { product } => format!("[Product {product}]"),
        NotificationHeader::Unknown => String::new(),
    }
}

fn button_line(button: &NotificationButton) -> String {
    match &button.deed {
        ButtonDeed::Url { url } => format!("[{}] {url}", button.text),
        ButtonDeed::PhoneNumber { phone_number } => format!("[{}] {phone_number}", button.text),
        ButtonDeed::CopyCode { code } => format!("[{}] {code}", button.text),
        _ => format!("[{}]", button.text),
    }
}

/// Fills a template in, or says what is missing or wrong, slot by slot. Values for which there is no slot are left out.
/// The files of a message are named as media without an attachment; the gateway puts its own in.
pub fn fill(
    template: &Template,
    values: &SlotValues,
    now: DateTime<Utc>,
) -> Result<Notification, Vec<(Slot, SlotProblem)>> {
    let wanted = slots(template);
    let problems: Vec<_> = wanted
        .iter()
        .filter_map(|wanted| Some((wanted.slot.clone(), check(wanted, values.get(&wanted.slot), now).err()?)))
        .collect();
    if !problems.is_empty() {
        return Err(problems);
    }
    let values: SlotValues = wanted
        .into_iter()
        .filter_map(|wanted| Some((wanted.slot.clone(), values.get(&wanted.slot)?.clone())))
        .collect();
    let made = preview(template, &values);
    let too_long = too_long(&made, &values);
    if too_long.is_empty() { Ok(made) } else { Err(too_long) }
}

/// What the contact would see; marks without a value stay as they are. For looking at while it is filled in: what is sent is
/// made by [`fill`].
#[must_use]
pub fn preview(template: &Template, values: &SlotValues) -> Notification {
    let offer = template.offer.as_ref().map(|offer| NotificationOffer {
        text: offer.text.clone(),
        expires_at: match values.get(&Place::OfferExpires.into()) {
            Some(SlotValue::Expires { at }) if offer.expires => Some(*at),
            _ => None,
        },
    });
    let cards = (0..=u8::MAX).zip(&template.cards).map(|(number, card)| {
        let on_card = OnCard { card: Some(number), values };
        NotificationCard {
            header: card.header.as_ref().and_then(|header| on_card.header(header)),
            text: card.body.as_ref().map(|body| on_card.words(&body.text, Place::Body)).unwrap_or_default(),
            buttons: on_card.buttons(&card.buttons),
        }
    });
    let message = OnCard { card: None, values };
    Notification {
        template: template.id,
        name: template.name.clone(),
        language: template.language.clone(),
        category: template.category,
        parameter_format: template.parameter_format,
        header: template.header.as_ref().and_then(|header| message.header(header)),
        text: message.words(&template.body.text, Place::Body),
        footer: template.footer.clone(),
        offer,
        buttons: message.buttons(&template.buttons),
        cards: cards.collect(),
        values: values.clone(),
    }
}

/// The values of a message itself or of one of its cards.
struct OnCard<'a> {
    card: Option<u8>,
    values: &'a SlotValues,
}

impl OnCard<'_> {
    fn get(&self, place: Place) -> Option<&SlotValue> {
        self.values.get(&Slot { card: self.card, place })
    }

    fn words(&self, text: &str, place: fn(Mark) -> Place) -> String {
        let mut words = String::new();
        for part in parts(text) {
            match part {
                Part::Text(text) => words.push_str(text),
                Part::Mark(mark) => match self.get(place(Mark::new(mark))).map(SlotValue::as_text) {
                    Some(value) if !value.is_empty() => words.push_str(value),
                    _ => {
                        words.push_str("{{");
                        words.push_str(mark);
                        words.push_str("}}");
                    }
                },
            }
        }
        words
    }

    fn header(&self, header: &TemplateHeader) -> Option<NotificationHeader> {
        match header {
            TemplateHeader::Text(text) => {
                Some(NotificationHeader::Text { text: self.words(&text.text, Place::Header) })
            }
            TemplateHeader::Media { kind } => {
                let file_name = match self.get(Place::HeaderMedia) {
                    Some(SlotValue::Media { file_name, .. }) => file_name.clone(),
                    _ => None,
                };
                Some(NotificationHeader::Media(Media {
                    kind: *kind,
                    mime: None,
                    caption: None,
                    file_name,
                    voice: false,
                    animated: false,
                    attachment: None,
                }))
            }
            TemplateHeader::Location => match self.get(Place::HeaderLocation)? {
                SlotValue::Location { latitude, longitude, name, address } => {
                    Some(NotificationHeader::Location {
                        latitude: *latitude,
                        longitude: *longitude,
                        name: name.clone(),
                        address: address.clone(),
                    })
                }
                _ => None,
            },
            TemplateHeader::Product => match self.get(Place::HeaderProduct)? {
                SlotValue::Products { products, .. } => {
                    Some(NotificationHeader::Product { product: products.first()?.clone() })
                }
                _ => None,
            },
            TemplateHeader::Unknown => Some(NotificationHeader::Unknown),
        }
    }

    fn buttons(&self, buttons: &[TemplateButton]) -> Vec<NotificationButton> {
        let filled = (0..=u8::MAX).zip(buttons).map(|(number, button)| NotificationButton {
            text: match button {
                TemplateButton::CopyCode { text, .. } if text.is_empty() => "Copy code".to_owned(),
                _ => button.text().to_owned(),
            },
            deed: self.deed(number, button),
        });
        filled.collect()
    }

    fn deed(&self, number: u8, button: &TemplateButton) -> ButtonDeed {
        let value = || self.get(Place::Button(number));
        match button {
            TemplateButton::QuickReply { .. } => ButtonDeed::QuickReply,
            TemplateButton::Url { url, .. } => ButtonDeed::Url {
                url: match (url.split_once("{{"), value().map(SlotValue::as_text)) {
                    (Some((before, _)), Some(rest)) if !rest.is_empty() => format!("{before}{rest}"),
                    _ => url.clone(),
                },
            },
            TemplateButton::PhoneNumber { phone_number, .. } => {
                ButtonDeed::PhoneNumber { phone_number: phone_number.clone() }
            }
            TemplateButton::CopyCode { .. } => {
                ButtonDeed::CopyCode { code: value().map(SlotValue::as_text).unwrap_or_default().to_owned() }
            }
            TemplateButton::Otp { otp, .. } => ButtonDeed::Otp { otp: *otp },
            TemplateButton::Flow { .. } => ButtonDeed::Flow,
            TemplateButton::Catalog { .. } => ButtonDeed::Catalog,
            TemplateButton::MultiProduct { .. } => ButtonDeed::MultiProduct {
                products: match value() {
                    Some(SlotValue::Products { products, .. }) => products.clone(),
                    _ => Vec::new(),
                },
            },
            TemplateButton::SingleProduct { .. } => ButtonDeed::SingleProduct,
            TemplateButton::VoiceCall { .. } => ButtonDeed::VoiceCall,
            TemplateButton::RequestContactInfo { .. } => ButtonDeed::RequestContactInfo,
            TemplateButton::Unknown => ButtonDeed::Unknown,
        }
    }
}

/// Texts that their values have made longer than WhatsApp takes: told at the longest value of each.
fn too_long(made: &Notification, values: &SlotValues) -> Vec<(Slot, SlotProblem)> {
    let mut problems = Vec::new();
    let mut look = |card: Option<u8>, text: &str, most: usize, is_there: fn(&Place) -> bool| {
        let Err(problem) = check_length(text.chars().count(), most) else { return };
        let longest = values
            .iter()
            .filter(|(slot, _)| slot.card == card && is_there(&slot.place))
            .max_by_key(|(_, value)| value.as_text().chars().count());
        if let Some((slot, _)) = longest {
            problems.push((slot.clone(), problem));
        }
    };
    let is_header = |place: &Place| matches!(place, Place::Header(_));
    let is_body = |place: &Place| matches!(place, Place::Body(_));
    if let Some(NotificationHeader::Text { text }) = &made.header {
        look(None, text, MAX_HEADER_CHARS, is_header);
    }
    look(None, &made.text, MAX_BODY_CHARS, is_body);
    for (number, card) in (0..=u8::MAX).zip(&made.cards) {
        look(Some(number), &card.text, MAX_BODY_CHARS, is_body);
    }
    problems
}

#[cfg(test)]
mod tests;
