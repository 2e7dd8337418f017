//! One message, whichever way it went, and everything WhatsApp may put into it.
//!
//! Every message carries a [`Message::fallback`]: plain text made by the gateway, shown where a desktop can't draw the
//! body. So a kind of message that nobody knows yet shows something, never nothing.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    attachment::Attachment,
    delivery::{Delivery, DeliveryState},
    id::{AgentId, ClientRef, InteractionId, MessageId, SessionId},
    notification::Notification,
};

/// The longest text that WhatsApp takes (Cloud API, `text.body`: 4096), counted here in UTF-8 bytes, the strictest reading.
pub const MAX_TEXT_BYTES: usize = 4096;

/// The longest text under a file that WhatsApp takes, in characters (Cloud API, `caption`: 1,024).
pub const MAX_CAPTION_CHARS: usize = 1024;

/// Who wrote a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "author", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Author {
    /// The customer.
    Contact,
    /// One of us.
    Agent {
        /// Who.
        agent: AgentId,
        /// Their name at the time.
        name: String,
    },
    /// WhatsApp or the gateway: somebody joined, a number changed, something went wrong.
    #[serde(other)]
    System,
}

/// What kind of file a message carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum MediaKind {
    /// A picture.
    Image,
    /// A film, or a GIF sent as one.
    Video,
    /// Sound: a voice note or a sound file.
    Audio,
    /// Any other file.
    Document,
    /// A sticker, still or animated.
    Sticker,
    /// A kind of a newer gateway.
    #[serde(other)]
    Unknown,
}

/// A file as WhatsApp announced it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Media {
    /// What kind of file.
    pub kind: MediaKind,
    /// The declared type without parameters, such as `audio/ogg`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mime: Option<String>,
    /// Text under the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// The name the sender's file had; not to be trusted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    /// Whether it was recorded as a voice note.
    #[serde(default)]
    pub voice: bool,
    /// Whether a sticker moves.
    #[serde(default)]
    pub animated: bool,
    /// Our own copy of it, and how getting that stands; none from a gateway that keeps none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachment: Option<Attachment>,
}

/// A person or company the contact passed on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContactCard {
    /// The whole name; empty where none was given.
    pub name: String,
    /// Phone numbers as written.
    #[serde(default)]
    pub phones: Vec<String>,
    /// E-mail addresses as written.
    #[serde(default)]
    pub emails: Vec<String>,
    /// Where they work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    /// Postal addresses, each in one line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<String>,
    /// Web addresses as written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub urls: Vec<String>,
}

/// A line of an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrderItem {
    /// The shop's own number of the thing.
    pub product: String,
    /// How many.
    pub quantity: f64,
    /// Price of one, in `currency`.
    pub price: f64,
    /// ISO 4217 code.
    pub currency: String,
}

/// What a message says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Body {
    /// Words, with WhatsApp's marks as written.
    Text {
        /// The words.
        text: String,
    },
    /// A file.
    Media(Media),
    /// A place on the map.
    Location {
        /// Degrees north, −90 to 90.
        latitude: f64,
        /// Degrees east, −180 to 180.
        longitude: f64,
        /// What the place is called.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// Where it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        address: Option<String>,
        /// The place's own page, as the contact's WhatsApp gave it; not to be trusted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        url: Option<String>,
    },
    /// A structured message of ours.
    Notification(Box<Notification>),
    /// People or companies passed on.
    Contacts {
        /// One card each.
        cards: Vec<ContactCard>,
    },
    /// A tap on a button or a list row of ours, or a filled-in form.
    Reply {
        /// What the contact saw on it.
        title: String,
        /// The small print under the title.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        description: Option<String>,
        /// The fields of a filled-in form, in order.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        answers: Vec<(String, String)>,
    },
    /// A basket from the catalogue.
    Order {
        /// What the contact wrote with it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
        /// What they want.
        items: Vec<OrderItem>,
    },
    /// Something that happened to the contact's account.
    System {
        /// A sentence that says what.
        text: String,
    },
    /// The contact took a message back.
    Deleted,
    /// WhatsApp did not pass it on.
    Unsupported {
        /// WhatsApp's name of the kind, such as `poll_creation`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kind: Option<String>,
        /// WhatsApp's reason.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// A kind that this desktop, or the gateway, does not know: show the fallback.
    #[serde(other)]
    Unknown,
}

/// The message that another one answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Quote {
    /// Which, if the gateway has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<MessageId>,
    /// Its text, shortened; empty if the gateway does not have it.
    #[serde(default)]
    pub excerpt: String,
    /// Whether the contact wrote it.
    #[serde(default)]
    pub by_contact: bool,
}

/// How often a message had been forwarded when it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Forwarded {
    /// Up to five times.
    Forwarded,
    /// More than five times.
    Frequently,
}

/// An emoji somebody put on a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reaction {
    /// Who.
    #[serde(flatten)]
    pub author: Author,
    /// One emoji.
    pub emoji: String,
    /// How far it has got, on our own ones: WhatsApp tells *sent* or an error of a reaction, nothing more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sending: Option<Delivery>,
}

/// What a message said before its author changed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Earlier {
    /// The body of then, as plain text.
    pub text: String,
    /// When it was changed: WhatsApp's timestamp of the edit that replaced it.
    pub until: DateTime<Utc>,
}

/// The advertisement, post or product page from which a contact came to write (Cloud API, `referral` and
/// `context.referred_product`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Referral {
    /// WhatsApp's word for what it was: `ad`, `post`, `product`.
    pub kind: String,
    /// Its headline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headline: Option<String>,
    /// Its words, or the shop's number of the product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Where it is; not to be trusted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Message {
    /// What it is called by.
    pub id: MessageId,
    /// The work it belongs to.
    pub interaction: InteractionId,
    /// The exchange it belongs to.
    pub session: SessionId,
    /// Who wrote it.
    #[serde(flatten)]
    pub author: Author,
    /// What it says.
    pub body: Body,
    /// The body as plain text, for lists, quotes and desktops that can't draw it.
    pub fallback: String,
    /// When it was written: WhatsApp's timestamp for the contact's, the gateway's clock for ours.
    pub sent_at: DateTime<Utc>,
    /// When the gateway stored it, by its clock; messages are shown in the order of `sent_at`, then of this.
    pub stored_at: DateTime<Utc>,
    /// The desktop's own name for it, if a desktop sent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_ref: Option<ClientRef>,
    /// Where the sending stands; only on our own messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<DeliveryState>,
    /// What it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<Quote>,
    /// How often it had been forwarded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forwarded: Option<Forwarded>,
    /// Emoji put on it, in order of arrival.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<Reaction>,
    /// What it said before, oldest first; empty if it was never changed, or taken back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Earlier>,
    /// What brought the contact here, on the message they came with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referral: Option<Referral>,
}

impl Message {
    /// Whether the customer wrote it.
    #[must_use]
    pub const fn is_by_contact(&self) -> bool {
        matches!(self.author, Author::Contact)
    }

    /// The order in which messages stand in a transcript.
    #[must_use]
    pub const fn order(&self) -> (DateTime<Utc>, DateTime<Utc>, MessageId) {
        (self.sent_at, self.stored_at, self.id)
    }
}
