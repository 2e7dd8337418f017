//! Notifications that may be sent: message templates of the WhatsApp Business Account, as WhatsApp lists them (Cloud API,
//! `GET /{waba}/message_templates`).
//!
//! A template is called by its name and language. Its texts hold marks, `{{1}}` or `{{first_name}}`, for which values are
//! given when it is sent: [`notification`](crate::notification) says which, checks them and fills them in.

use serde::{Deserialize, Serialize};

use crate::{
    id::{BusinessNumberId, TemplateId},
    message::MediaKind,
};

/// Whether WhatsApp lets a template be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum TemplateStatus {
    /// It can be sent: the only status in which it can.
    Approved,
    /// WhatsApp has not decided yet.
    Pending,
    /// WhatsApp said no.
    Rejected,
    /// Stopped for some hours because contacts did not like it.
    Paused,
    /// Stopped for good.
    Disabled,
    /// A refusal is looked at again.
    InAppeal,
    /// It goes soon.
    PendingDeletion,
    /// It is gone.
    Deleted,
    /// The account has too many templates.
    LimitExceeded,
    /// Put away.
    Archived,
    /// A status of a newer gateway or of a newer WhatsApp.
    #[serde(other)]
    Unknown,
}

/// What a template is for, which decides what it costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum TemplateCategory {
    /// Offers; contacts may have opted out of them.
    Marketing,
    /// What belongs to an order, an appointment, an account.
    Utility,
    /// One-time codes.
    Authentication,
    /// A category of a newer gateway or of a newer WhatsApp.
    #[serde(other)]
    Unknown,
}

/// How contacts take a template, as WhatsApp rates it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum TemplateQuality {
    /// Well.
    Green,
    /// Some block or report it.
    Yellow,
    /// Many do: WhatsApp may pause it.
    Red,
    /// Not rated yet.
    #[default]
    #[serde(other)]
    Unknown,
}

/// How the marks of a template are called.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ParameterFormat {
    /// `{{1}}`, `{{2}}`, … in order.
    #[default]
    Positional,
    /// `{{first_name}}`.
    Named,
}

/// An example of what may stand in place of a mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Example {
    /// The mark, without braces.
    pub mark: String,
    /// What whoever made the template gave as an example.
    pub example: String,
}

/// A text with marks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Marked {
    /// The text, with its marks and with WhatsApp's formatting marks.
    pub text: String,
    /// Examples, as far as there are any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<Example>,
}

impl Marked {
    /// The example for a mark.
    #[must_use]
    pub fn example(&self, mark: &str) -> Option<&str> {
        self.examples.iter().find(|example| example.mark == mark).map(|example| example.example.as_str())
    }

    /// Its marks, each once, in the order in which they are counted: numbers by number, names as they stand in the text.
    #[must_use]
    pub fn marks(&self) -> Vec<String> {
        let mut marks: Vec<String> = Vec::new();
        for part in parts(&self.text) {
            if let Part::Mark(mark) = part
                && !marks.iter().any(|known| known == mark)
            {
                marks.push(mark.to_owned());
            }
        }
        if marks.iter().all(|mark| mark.parse::<u32>().is_ok()) {
            marks.sort_by_key(|mark| mark.parse::<u32>().unwrap_or(u32::MAX));
        }
        marks
    }
}

/// A part of a text with marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'a> {
    /// Words.
    Text(&'a str),
    /// A mark, without braces.
    Mark(&'a str),
}

/// Takes a text with marks apart. A mark is made of letters, digits and underscores; blanks within its braces are tolerated.
#[must_use]
pub fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut plain_from, mut at) = (0, 0);
    while let Some(found) = text[at..].find("{{") {
        let start = at + found;
        let inside = &text[start + 2..];
        let mark = inside.find("}}").map(|end| (inside[..end].trim(), end));
        let is_mark = |mark: &str| !mark.is_empty() && mark.chars().all(|c| c.is_alphanumeric() || c == '_');
        match mark.filter(|(mark, _)| is_mark(mark)) {
            Some((mark, end)) => {
                if plain_from < start {
                    parts.push(Part::Text(&text[plain_from..start]));
                }
                parts.push(Part::Mark(mark));
                at = start + end + 4;
                plain_from = at;
            }
            None => at = start + 1,
        }
    }
    if plain_from < text.len() {
        parts.push(Part::Text(&text[plain_from..]));
    }
    parts
}

/// What stands above the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "format", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum TemplateHeader {
    /// A line of text, in which WhatsApp's formatting marks count for nothing; at most one mark.
    Text(Marked),
    /// A picture, a film or a document, chosen when it is sent.
    Media {
        /// Which of these.
        kind: MediaKind,
    },
    /// A place on the map, chosen when it is sent.
    Location,
    /// A product of the catalogue.
    Product,
    /// A header of a newer gateway or of a newer WhatsApp: the template can't be sent from here.
    #[serde(other)]
    Unknown,
}

/// How a one-time code gets from the message into the contact's app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum OtpKind {
    /// They copy it.
    CopyCode,
    /// With a tap.
    OneTap,
    /// By itself.
    ZeroTap,
    /// A way of a newer gateway.
    #[serde(other)]
    Unknown,
}

/// A button below the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "button", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum TemplateButton {
    /// Sends its text back to us.
    QuickReply {
        /// What it says.
        text: String,
    },
    /// Opens a web page.
    Url {
        /// What it says.
        text: String,
        /// Where it leads; may end in a mark.
        url: String,
        /// An example of the whole address.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        example: Option<String>,
    },
    /// Calls a phone number.
    PhoneNumber {
        /// What it says.
        text: String,
        /// Which.
        phone_number: String,
    },
    /// Copies a coupon code.
    CopyCode {
        /// What it says; WhatsApp writes it in the contact's language.
        #[serde(default)]
        text: String,
        /// An example of the code.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        example: Option<String>,
    },
    /// Hands a one-time code on: that of the body.
    Otp {
        /// What it says.
        text: String,
        /// How.
        otp: OtpKind,
    },
    /// Opens a form.
    Flow {
        /// What it says.
        text: String,
    },
    /// Opens the catalogue.
    Catalog {
        /// What it says.
        text: String,
    },
    /// Shows several products.
    MultiProduct {
        /// What it says.
        text: String,
    },
    /// Shows the product of the header.
    SingleProduct {
        /// What it says.
        text: String,
    },
    /// Calls us through WhatsApp.
    VoiceCall {
        /// What it says.
        text: String,
    },
    /// Asks for the contact's phone number.
    RequestContactInfo {
        /// What it says.
        text: String,
    },
    /// A button of a newer gateway or of a newer WhatsApp.
    #[serde(other)]
    Unknown,
}

impl TemplateButton {
    /// What it says.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::QuickReply { text }
            | Self::Url { text, .. }
            | Self::PhoneNumber { text, .. }
            | Self::CopyCode { text, .. }
            | Self::Otp { text, .. }
            | Self::Flow { text }
            | Self::Catalog { text }
            | Self::MultiProduct { text }
            | Self::SingleProduct { text }
            | Self::VoiceCall { text }
            | Self::RequestContactInfo { text } => text,
            Self::Unknown => "",
        }
    }
}

/// A card of a carousel.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TemplateCard {
    /// What stands above its body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<TemplateHeader>,
    /// What it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Marked>,
    /// Its buttons, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<TemplateButton>,
}

/// An offer that ends (Cloud API, `LIMITED_TIME_OFFER`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TemplateOffer {
    /// What is offered, in at most 16 characters.
    pub text: String,
    /// Whether it tells when it ends; then that is given when it is sent.
    #[serde(default)]
    pub expires: bool,
}

/// A template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Template {
    /// What the gateway calls it.
    pub id: TemplateId,
    /// What WhatsApp calls it, together with the language.
    pub name: String,
    /// WhatsApp's code of its language, such as `en_US`.
    pub language: String,
    /// Whether it can be sent.
    pub status: TemplateStatus,
    /// Why not, in WhatsApp's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What it is for.
    pub category: TemplateCategory,
    /// How contacts take it.
    #[serde(default)]
    pub quality: TemplateQuality,
    /// How its marks are called.
    #[serde(default)]
    pub parameter_format: ParameterFormat,
    /// What stands above the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<TemplateHeader>,
    /// What it says.
    pub body: Marked,
    /// The small print.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub footer: Option<String>,
    /// An offer that ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<TemplateOffer>,
    /// Its buttons, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<TemplateButton>,
    /// The cards of a carousel, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cards: Vec<TemplateCard>,
    /// Parts that the gateway does not know, by WhatsApp's names: with any, the template can't be sent from here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown_parts: Vec<String>,
    /// Our numbers that may send it: those of its account.
    #[serde(default)]
    pub numbers: Vec<BusinessNumberId>,
}

impl Template {
    /// Why it can't be sent, in a sentence; none if it can.
    #[must_use]
    pub fn why_not(&self) -> Option<&'static str> {
        match self.status {
            TemplateStatus::Approved => {}
            TemplateStatus::Pending => return Some("WhatsApp has not approved it yet."),
            TemplateStatus::Rejected => return Some("WhatsApp rejected it."),
            TemplateStatus::Paused => {
                return Some("WhatsApp paused it for some hours, because contacts blocked or reported it.");
            }
            TemplateStatus::Disabled => {
                return Some("WhatsApp disabled it for good, because contacts blocked or reported it.");
            }
            TemplateStatus::InAppeal => return Some("WhatsApp rejected it; the appeal is not decided yet."),
            TemplateStatus::PendingDeletion | TemplateStatus::Deleted => return Some("It was deleted."),
            TemplateStatus::LimitExceeded => {
                return Some("The account has more templates than WhatsApp allows.");
            }
            TemplateStatus::Archived => return Some("It was archived."),
            TemplateStatus::Unknown => return Some("WhatsApp has not approved it."),
        }
        let cards = || self.cards.iter();
        let mut headers = self.header.iter().chain(cards().filter_map(|card| card.header.as_ref()));
        let mut buttons = self.buttons.iter().chain(cards().flat_map(|card| &card.buttons));
        let is_known = self.unknown_parts.is_empty()
            && headers.all(|header| *header != TemplateHeader::Unknown)
            && buttons.all(|button| *button != TemplateButton::Unknown);
        (!is_known).then_some("It has a part that this version can't fill in.")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn marked(text: &str) -> Marked {
        Marked { text: text.to_owned(), examples: Vec::new() }
    }

    #[test]
    fn marks_are_counted_once_and_numbers_by_number() {
        assert_eq!(marked("{{2}} and {{ 1 }}, {{10}}, {{2}}").marks(), ["1", "2", "10"]);
        assert_eq!(marked("{{to}} {{from}} {{to}}").marks(), ["to", "from"]);
        assert_eq!(marked("none {{}} {{a b}} {{").marks(), Vec::<String>::new());
    }

    #[test]
    fn a_text_is_taken_apart() {
        assert_eq!(parts("Hi {{{1}}}, you"), [Part::Text("Hi {"), Part::Mark("1"), Part::Text("}, you")]);
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "(\\PC|[{}]){0,40}") {
            let words: usize = parts(&text).iter().map(|part| match part { Part::Text(text) => text.len(), Part::Mark(_) => 0 }).sum();
            prop_assert!(words <= text.len());
        }
    }
}
