//! The places of a template for which values are given: [`slots`] says what is wanted, [`check`] whether a value will do.

use std::{collections::BTreeMap, fmt, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    id::AttachmentId,
    message::MediaKind,
    template::{Marked, Template, TemplateButton, TemplateCard, TemplateHeader},
};

mod check;

pub use check::{MAX_COUPON_CHARS, MAX_PRODUCTS, MAX_URL_CHARS, SlotProblem, check, check_length};

/// A place of a template for which a value is given. The order is that in which an agent fills them in.
///
/// On the wire a text: `header.1`, `header.media`, `header.location`, `header.product`, `offer.expires`, `body.name`,
/// `button.0`; on a card of a carousel with `card.0.` before it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Slot {
    /// On which card of a carousel, from 0; none for the message itself.
    pub card: Option<u8>,
    /// Where there.
    pub place: Place,
}

/// Where in a message, or on a card, a value belongs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// The file of the header.
    HeaderMedia,
    /// The place on the map of the header.
    HeaderLocation,
    /// The product of the header.
    HeaderProduct,
    /// A mark of the header.
    Header(Mark),
    /// When the offer ends.
    OfferExpires,
    /// A mark of the body.
    Body(Mark),
    /// A button, from 0: the rest of its address, its coupon code, its products.
    Button(u8),
}

/// What a mark is called, without braces: numbers are in the order of numbers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// `{{1}}`.
    Number(u32),
    /// `{{first_name}}`.
    Name(String),
}

impl Mark {
    /// Reads what stands between the braces.
    #[must_use]
    pub fn new(mark: &str) -> Self {
        // `{{01}}` is a name: it must read back as itself.
        let number = mark.parse().ok().filter(|number: &u32| number.to_string() == mark);
        number.map_or_else(|| Self::Name(mark.to_owned()), Self::Number)
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Name(name) => name.fmt(f),
        }
    }
}

impl From<Place> for Slot {
    fn from(place: Place) -> Self {
        Self { card: None, place }
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(card) = self.card {
            write!(f, "card.{card}.")?;
        }
        match &self.place {
            Place::HeaderMedia => f.write_str("header.media"),
            Place::HeaderLocation => f.write_str("header.location"),
            Place::HeaderProduct => f.write_str("header.product"),
            // A mark may be called "media": that is told apart by its braces.
            Place::Header(mark) => write!(f, "header.{{{mark}}}"),
            Place::OfferExpires => f.write_str("offer.expires"),
            Place::Body(mark) => write!(f, "body.{mark}"),
            Place::Button(button) => write!(f, "button.{button}"),
        }
    }
}

/// A text that names no place of a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a place of a template")]
pub struct InvalidSlot;

impl FromStr for Slot {
    type Err = InvalidSlot;

    fn from_str(text: &str) -> Result<Self, InvalidSlot> {
        let (card, rest) = match text.strip_prefix("card.").and_then(|rest| rest.split_once('.')) {
            Some((card, rest)) => (Some(card.parse().map_err(|_invalid| InvalidSlot)?), rest),
            None => (None, text),
        };
        let mark = |mark: &str| {
            let is_mark = !mark.is_empty() && mark.chars().all(|c| c.is_alphanumeric() || c == '_');
            is_mark.then(|| Mark::new(mark)).ok_or(InvalidSlot)
        };
        let place = match rest.split_once('.').ok_or(InvalidSlot)? {
            ("header", "media") => Place::HeaderMedia,
            ("header", "location") => Place::HeaderLocation,
            ("header", "product") => Place::HeaderProduct,
            ("header", name) => {
                let inside = name.strip_prefix('{').and_then(|name| name.strip_suffix('}'));
                Place::Header(mark(inside.unwrap_or(name))?)
            }
            ("offer", "expires") => Place::OfferExpires,
            ("body", name) => Place::Body(mark(name)?),
            ("button", button) => Place::Button(button.parse().map_err(|_invalid| InvalidSlot)?),
            _ => return Err(InvalidSlot),
        };
        Ok(Self { card, place })
    }
}

impl From<Slot> for String {
    fn from(slot: Slot) -> Self {
        slot.to_string()
    }
}

impl TryFrom<String> for Slot {
    type Error = InvalidSlot;

    fn try_from(text: String) -> Result<Self, InvalidSlot> {
        text.parse()
    }
}

/// What stands in a slot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "value", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum SlotValue {
    /// Words: of a mark, the rest of an address, a coupon code. In a standard response they may hold field codes.
    Text {
        /// The words.
        text: String,
    },
    /// An amount, which WhatsApp writes in the contact's language where it can.
    Currency {
        /// As it is written here, and where WhatsApp can't.
        fallback: String,
        /// ISO 4217 code.
        code: String,
        /// The amount times 1,000.
        amount_1000: i64,
    },
    /// A date or a time.
    DateTime {
        /// As it is written.
        fallback: String,
    },
    /// A file that the gateway has.
    Media {
        /// Which.
        attachment: AttachmentId,
        /// What the contact sees as its name; for documents.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        file_name: Option<String>,
    },
    /// A place on the map.
    Location {
        /// Degrees north, −90 to 90.
        latitude: f64,
        /// Degrees east, −180 to 180.
        longitude: f64,
        /// What it is called.
        name: String,
        /// Where it is.
        address: String,
    },
    /// Products of the catalogue.
    Products {
        /// The catalogue's own number; needed for a product in the header.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        catalog: Option<String>,
        /// The shop's own numbers of them; the first one is shown.
        products: Vec<String>,
    },
    /// When an offer ends.
    Expires {
        /// The moment.
        at: DateTime<Utc>,
    },
}

impl SlotValue {
    /// Words.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into() }
    }

    /// As it is read in the message; empty for what is no text.
    #[must_use]
    pub fn as_text(&self) -> &str {
        match self {
            Self::Text { text } => text,
            Self::Currency { fallback, .. } | Self::DateTime { fallback } => fallback,
            Self::Media { .. } | Self::Location { .. } | Self::Products { .. } | Self::Expires { .. } => "",
        }
    }
}

/// The values of a message.
pub type SlotValues = BTreeMap<Slot, SlotValue>;

/// What kind of value a slot wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SlotKind {
    /// Words.
    Text,
    /// The rest of an address.
    UrlSuffix {
        /// The address up to there.
        before: String,
    },
    /// A coupon code.
    Coupon,
    /// A file of this kind.
    Media(MediaKind),
    /// A place on the map.
    Location,
    /// One product, with its catalogue.
    Product,
    /// Products.
    Products,
    /// A moment in the future.
    Expires,
}

/// A slot of a template, and what it wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotWanted {
    /// Which.
    pub slot: Slot,
    /// What it wants.
    pub kind: SlotKind,
    /// What it is called: the mark's name, else what it is of.
    pub name: String,
    /// What whoever made the template gave as an example.
    pub example: Option<String>,
}

/// What a template wants to know, in the order in which an agent fills it in.
#[must_use]
pub fn slots(template: &Template) -> Vec<SlotWanted> {
    let mut wanted = Vec::new();
    of_header(None, template.header.as_ref(), &mut wanted);
    if template.offer.as_ref().is_some_and(|offer| offer.expires) {
        wanted.push(SlotWanted {
            slot: Place::OfferExpires.into(),
            kind: SlotKind::Expires,
            name: "End of the offer".to_owned(),
            example: None,
        });
    }
    of_marks(None, &template.body, Place::Body, &mut wanted);
    of_buttons(None, &template.buttons, &mut wanted);
    for (number, TemplateCard { header, body, buttons }) in (0..=u8::MAX).zip(&template.cards) {
        of_header(Some(number), header.as_ref(), &mut wanted);
        if let Some(body) = body {
            of_marks(Some(number), body, Place::Body, &mut wanted);
        }
        of_buttons(Some(number), buttons, &mut wanted);
    }
    wanted
}

fn of_header(card: Option<u8>, header: Option<&TemplateHeader>, wanted: &mut Vec<SlotWanted>) {
    let (place, kind, name) = match header {
        None | Some(TemplateHeader::Unknown) => return,
        Some(TemplateHeader::Text(text)) => return of_marks(card, text, Place::Header, wanted),
        Some(TemplateHeader::Media { kind }) => (
            Place::HeaderMedia,
            SlotKind::Media(*kind),
            match kind {
                MediaKind::Image => "Picture",
                MediaKind::Video => "Film",
                _ => "Document",
            },
        ),
        Some(TemplateHeader::Location) => (Place::HeaderLocation, SlotKind::Location, "Place"),
        Some(TemplateHeader::Product) => (Place::HeaderProduct, SlotKind::Product, "Product"),
    };
    wanted.push(SlotWanted { slot: Slot { card, place }, kind, name: name.to_owned(), example: None });
}

fn of_marks(card: Option<u8>, text: &Marked, place: fn(Mark) -> Place, wanted: &mut Vec<SlotWanted>) {
    wanted.extend(text.marks().into_iter().map(|mark| SlotWanted {
        slot: Slot { card, place: place(Mark::new(&mark)) },
        kind: SlotKind::Text,
        example: text.example(&mark).map(str::to_owned),
        name: mark,
    }));
}

fn of_buttons(card: Option<u8>, buttons: &[TemplateButton], wanted: &mut Vec<SlotWanted>) {
    for (number, button) in (0..=u8::MAX).zip(buttons) {
        let (kind, example) = match button {
            TemplateButton::Url { url, example, .. } => {
                let Some((before, _)) = url.split_once("{{") else { continue };
                let example =
                    example.as_ref().map(|whole| whole.strip_prefix(before).unwrap_or(whole).to_owned());
                (SlotKind::UrlSuffix { before: before.to_owned() }, example)
            }
            TemplateButton::CopyCode { example, .. } => (SlotKind::Coupon, example.clone()),
            TemplateButton::MultiProduct { .. } => (SlotKind::Products, None),
            // The code of an `Otp` button is that of the body; the others want nothing.
            _ => continue,
        };
        let name = if button.text().is_empty() { "Coupon code" } else { button.text() };
        let slot = Slot { card, place: Place::Button(number) };
        wanted.push(SlotWanted { slot, kind, name: name.to_owned(), example });
    }
}
