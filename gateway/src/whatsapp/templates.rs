//! Reads message templates as WhatsApp lists them (Cloud API, `GET /{waba}/message_templates`), and what its webhooks say of one.
//!
//! WhatsApp writes the same thing in several ways: types in either case, ids as numbers or texts, languages with a hyphen or an
//! underscore, examples as a text, a list or a list of lists. All of them are read alike. What is not known stays in the
//! template by its name, so that it is shown and not sent.

mod buttons;
mod news;

use serde_json::Value;
use waxwing_protocol::{
    id::{BusinessNumberId, TemplateId},
    message::MediaKind,
    template::{
        Example, Marked, ParameterFormat, Template, TemplateButton, TemplateCard, TemplateCategory,
        TemplateHeader, TemplateOffer, TemplateQuality, TemplateStatus,
    },
};

use super::webhook::json;

pub(super) use self::news::read as read_news;
pub use self::news::{TemplateChange, TemplateNews};

/// What WhatsApp writes above a one-time code, where the list leaves it out (Cloud API, authentication templates).
const CODE_TEXT: &str = "*{{1}}* is your verification code.";
/// What stands behind that, if the template asks for it.
const CODE_WARNING: &str = " For your security, do not share this code.";

/// A template as WhatsApp lists it.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// Together with the language, what it is called by.
    pub name: String,
    /// WhatsApp's code of its language, with an underscore.
    pub language: String,
    /// WhatsApp's own number of it.
    pub whatsapp_id: Option<String>,
    object: Value,
}

impl Listed {
    /// Takes an object of the list; none if it says no name or language.
    #[must_use]
    pub fn new(object: Value) -> Option<Self> {
        let (name, language) = (json::text(&object, "name")?, language_of(&object, "language")?);
        Some(Self { name, language, whatsapp_id: json::text(&object, "id"), object })
    }

    /// The template, under our own id, for these numbers of ours.
    #[must_use]
    pub fn template(&self, id: TemplateId, numbers: Vec<BusinessNumberId>) -> Template {
        let category = category_of(&word(&self.object, "category"));
        let parts = Parts::read(json::list(&self.object, "components"), category, "");
        let format = word(&self.object, "parameter_format");
        let parameter_format = if format == "named" || (format.is_empty() && parts.has_names()) {
            ParameterFormat::Named
        } else {
            ParameterFormat::Positional
        };
        Template {
            id,
            name: self.name.clone(),
            language: self.language.clone(),
            status: status_of(&word(&self.object, "status")),
            reason: reason_of(&self.object, "rejected_reason"),
            category,
            quality: quality_of(&self.object),
            parameter_format,
            header: parts.header,
            body: parts.body.unwrap_or_default(),
            footer: parts.footer,
            offer: parts.offer,
            buttons: parts.buttons,
            cards: parts.cards,
            unknown_parts: parts.unknown,
            numbers,
        }
    }
}

/// The language that an object names: WhatsApp writes `en-US` in some places and `en_US` in others.
fn language_of(object: &Value, key: &str) -> Option<String> {
    json::text(object, key).map(|language| language.replace('-', "_"))
}

/// A word of WhatsApp's in small letters; empty if there is none.
fn word(object: &Value, key: &str) -> String {
    json::text(object, key).unwrap_or_default().to_ascii_lowercase()
}

fn status_of(word: &str) -> TemplateStatus {
    match word {
        "approved" => TemplateStatus::Approved,
        "pending" => TemplateStatus::Pending,
        "rejected" => TemplateStatus::Rejected,
        "paused" => TemplateStatus::Paused,
        "disabled" => TemplateStatus::Disabled,
        "in_appeal" => TemplateStatus::InAppeal,
        "pending_deletion" => TemplateStatus::PendingDeletion,
        "deleted" => TemplateStatus::Deleted,
        "limit_exceeded" => TemplateStatus::LimitExceeded,
        "archived" => TemplateStatus::Archived,
        _ => TemplateStatus::Unknown,
    }
}

fn category_of(word: &str) -> TemplateCategory {
    match word {
        "marketing" => TemplateCategory::Marketing,
        "utility" => TemplateCategory::Utility,
        "authentication" => TemplateCategory::Authentication,
        _ => TemplateCategory::Unknown,
    }
}

fn quality_named(word: &str) -> TemplateQuality {
    match word {
        "green" => TemplateQuality::Green,
        "yellow" => TemplateQuality::Yellow,
        "red" => TemplateQuality::Red,
        _ => TemplateQuality::Unknown,
    }
}

fn quality_of(object: &Value) -> TemplateQuality {
    let score = json::object(object, "quality_score")
        .map_or_else(|| word(object, "quality_score"), |quality| word(quality, "score"));
    quality_named(&score)
}

/// Why WhatsApp said no; it says `NONE` where it did not.
fn reason_of(object: &Value, key: &str) -> Option<String> {
    json::text(object, key).filter(|reason| !reason.eq_ignore_ascii_case("none"))
}

/// The parts of a template or of a card.
#[derive(Default)]
struct Parts {
    header: Option<TemplateHeader>,
    body: Option<Marked>,
    footer: Option<String>,
    offer: Option<TemplateOffer>,
    buttons: Vec<TemplateButton>,
    cards: Vec<TemplateCard>,
    unknown: Vec<String>,
}

impl Parts {
    fn read(components: &[Value], category: TemplateCategory, within: &str) -> Self {
        let mut parts = Self::default();
        for component in components {
            parts.add(component, category, within);
        }
        parts
    }

    fn add(&mut self, component: &Value, category: TemplateCategory, within: &str) {
        let kind = word(component, "type");
        match kind.as_str() {
            "header" => self.header = Some(header_of(component)),
            "body" => self.body = Some(body_of(component, category)),
            "footer" => self.footer = footer_of(component),
            "buttons" => self.buttons = buttons::read(json::list(component, "buttons"), category),
            "limited_time_offer" => match json::object(component, "limited_time_offer") {
                Some(offer) => {
                    let text = json::text(offer, "text").unwrap_or_default();
                    self.offer = Some(TemplateOffer { text, expires: json::flag(offer, "has_expiration") });
                }
                None => self.unknown.push(format!("{within}LIMITED_TIME_OFFER")),
            },
            "carousel" if within.is_empty() => {
                for card in json::list(component, "cards") {
                    let inner = Self::read(json::list(card, "components"), category, "CAROUSEL.");
                    self.unknown.extend(inner.unknown);
                    let (header, body, buttons) = (inner.header, inner.body, inner.buttons);
                    self.cards.push(TemplateCard { header, body, buttons });
                }
            }
            _ => self.unknown.push(format!("{within}{}", kind.to_ascii_uppercase())),
        }
    }

    /// Whether a mark has a name, as it has where WhatsApp forgets to say so.
    fn has_names(&self) -> bool {
        let header = match &self.header {
            Some(TemplateHeader::Text(text)) => Some(text),
            _ => None,
        };
        let mut texts = header.into_iter().chain(&self.body);
        texts.any(|text| text.marks().iter().any(|mark| mark.parse::<u32>().is_err()))
    }
}

fn header_of(component: &Value) -> TemplateHeader {
    let media = |kind| TemplateHeader::Media { kind };
    match word(component, "format").as_str() {
        "text" | "" => TemplateHeader::Text(marked(
            component,
            json::text(component, "text").unwrap_or_default(),
            "header_text",
        )),
        "image" => media(MediaKind::Image),
        "video" => media(MediaKind::Video),
        "document" => media(MediaKind::Document),
        "location" => TemplateHeader::Location,
        "product" => TemplateHeader::Product,
        // Moving pictures among them: only the Marketing Messages API sends those.
        _ => TemplateHeader::Unknown,
    }
}

fn body_of(component: &Value, category: TemplateCategory) -> Marked {
    let text = json::text(component, "text").unwrap_or_else(|| {
        if category != TemplateCategory::Authentication {
            return String::new();
        }
        let warning = if json::flag(component, "add_security_recommendation") { CODE_WARNING } else { "" };
        format!("{CODE_TEXT}{warning}")
    });
    marked(component, text, "body_text")
}

fn footer_of(component: &Value) -> Option<String> {
    let expiry = || {
        let minutes = json::whole(component, "code_expiration_minutes")?;
        let plural = if minutes == 1 { "" } else { "s" };
        Some(format!("This code expires in {minutes} minute{plural}."))
    };
    json::text(component, "text").or_else(expiry)
}

/// A text with its examples: `body_text: [["a", "b"]]`, `header_text: ["a"]`, or by name.
fn marked(component: &Value, text: String, key: &str) -> Marked {
    let mut marked = Marked { text, examples: Vec::new() };
    let Some(example) = json::object(component, "example") else { return marked };
    let named = json::list(example, &format!("{key}_named_params")).iter().filter_map(|param| {
        Some(Example { mark: json::text(param, "param_name")?, example: json::text(param, "example")? })
    });
    marked.examples = named.collect();
    if marked.examples.is_empty() {
        let values = example.get(key).map(texts).unwrap_or_default();
        let pairs = marked.marks().into_iter().zip(values);
        marked.examples = pairs.map(|(mark, example)| Example { mark, example }).collect();
    }
    marked
}

/// The texts in a text, a list of texts, or a list whose first element is such a list.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Number(number) => vec![number.to_string()],
        Value::Array(list) => match list.first() {
            Some(first @ Value::Array(_)) => texts(first),
            _ => list.iter().flat_map(texts).collect(),
        },
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests;
