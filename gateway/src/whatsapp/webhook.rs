//! Reads a webhook body into [`Inbound`] elements, each on its own: one that can't be read never takes its neighbours along.
//!
//! The forms are those of the WhatsApp Cloud API, `whatsapp_business_account` webhooks, v23.0 to v26.0. WhatsApp adds fields
//! and kinds without notice and leaves others out, so nothing here insists: what is not understood becomes an element that
//! says so, with WhatsApp's own object beside it.

mod body;
mod cards;
mod case_data;
pub(super) mod json;
mod message;
mod referral;
mod status;
mod unsupported;

pub use self::{body::fallback_of, status::read_kept as read_kept_status};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use waxwing_protocol::{
    contact::WhatsAppId,
    delivery::Delivery,
    interaction::CaseDatum,
    message::{Body, Forwarded, Referral},
    slot::Slot,
};

use super::templates::{self, TemplateNews};

/// The body is not JSON, or JSON of no known envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the webhook body is not a WhatsApp envelope")]
pub struct NotAnEnvelope;

/// One element of a webhook.
#[derive(Debug, Clone, PartialEq)]
pub struct Inbound {
    /// WhatsApp's id of the business number it came to, where it says.
    pub phone_number_id: Option<String>,
    /// What it is.
    pub element: Element,
}

/// What an element of a webhook is.
#[derive(Debug, Clone, PartialEq)]
pub enum Element {
    /// Something from a contact.
    Message(Box<InboundMessage>),
    /// How far a message of ours got.
    Status(Box<StatusUpdate>),
    /// A contact is called something else from now on.
    IdentityChange(IdentityChange),
    /// Something has changed about a template.
    Template(TemplateNews),
    /// Nothing that Waxwing acts upon: management news, errors of the account, fields of the future.
    Other {
        /// WhatsApp's name of the field.
        field: String,
        /// What it was about, without customer data.
        note: String,
    },
}

/// Who sent or got something, as far as WhatsApp says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// How WhatsApp names them.
    pub whatsapp: WhatsAppId,
    /// The name they gave WhatsApp.
    pub profile_name: Option<String>,
    /// Their user name, without `@`.
    pub user_name: Option<String>,
}

/// Something from a contact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InboundMessage {
    /// WhatsApp's id of it; a hash of the object if WhatsApp gave none.
    pub wamid: String,
    /// Who sent it.
    pub from: Person,
    /// WhatsApp's timestamp.
    pub sent_at: Option<DateTime<Utc>>,
    /// What it is.
    pub content: Content,
    /// The wamid of the message it answers.
    pub quotes: Option<String>,
    /// The button of that message which was tapped, where it was sent with [a name](super::cloud_api).
    pub tapped: Option<Slot>,
    /// How often it had been forwarded.
    pub forwarded: Option<Forwarded>,
    /// Facts for the interaction: the ad or product the contact came from.
    pub case_data: Vec<CaseDatum>,
    /// The same ad or product, as a line above the message.
    pub referral: Option<Referral>,
    /// WhatsApp's own object, where Waxwing does not show all of it.
    pub raw: Option<String>,
}

/// What came from a contact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Content {
    /// A message to be read and answered.
    Said(Said),
    /// A change to an earlier message.
    Operation {
        /// The wamid of that message.
        target: String,
        /// What happens to it.
        operation: Operation,
    },
    /// The contact is called something else from now on.
    IdentityChange {
        /// What they are called now.
        now: WhatsAppId,
        /// WhatsApp's sentence about it.
        text: String,
    },
}

/// Words, files, places: what a message says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Said {
    /// What it says.
    pub body: Body,
    /// The same as plain text.
    pub fallback: String,
    /// Where the file of it is, if it has one.
    #[serde(default)]
    pub file: Option<FileRef>,
}

/// Where WhatsApp keeps a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRef {
    /// WhatsApp's id of it, good for 7 days (Cloud API, media of webhooks).
    pub media_id: String,
    /// SHA-256 of it in base64, as announced.
    pub sha256: Option<String>,
}

/// What a contact does to an earlier message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Puts an emoji on it, or takes theirs off.
    React(Option<String>),
    /// Says it differently.
    Edit(Said),
    /// Takes it back.
    Revoke,
}

/// How far a message of ours got.
#[derive(Debug, Clone, PartialEq)]
pub struct StatusUpdate {
    /// WhatsApp's id of the message.
    pub wamid: String,
    /// WhatsApp's word for the status.
    pub status: String,
    /// What that means; none for a word that is not known.
    pub delivery: Option<Delivery>,
    /// WhatsApp's timestamp.
    pub at: Option<DateTime<Utc>>,
    /// What we attached when sending: `message:attempt`.
    pub correlation: Option<String>,
    /// Who got it.
    pub recipient: Person,
    /// WhatsApp's own object.
    pub raw: String,
}

/// A contact is called something else from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityChange {
    /// What they were called.
    pub before: WhatsAppId,
    /// What they are called now.
    pub now: WhatsAppId,
    /// WhatsApp's timestamp.
    pub at: Option<DateTime<Utc>>,
}

/// Reads a body. An error means that there is nothing to be read in it at all.
pub fn read(body: &[u8]) -> Result<Vec<Inbound>, NotAnEnvelope> {
    let envelope = json::read(body).ok_or(NotAnEnvelope)?;
    if envelope.get("object").and_then(Value::as_str) != Some("whatsapp_business_account") {
        return Err(NotAnEnvelope);
    }
    let mut elements = Vec::new();
    for entry in json::list(&envelope, "entry") {
        let account = json::text(entry, "id").unwrap_or_default();
        for change in json::list(entry, "changes") {
            let field = json::text(change, "field").unwrap_or_default();
            match json::object(change, "value") {
                Some(value) => read_value((&account, &field), value, &mut elements),
                None => elements.push(other(None, &field, "no value")),
            }
        }
    }
    Ok(elements)
}

fn read_value((account, field): (&str, &str), value: &Value, elements: &mut Vec<Inbound>) {
    let number = json::object(value, "metadata").and_then(|metadata| json::text(metadata, "phone_number_id"));
    let before = elements.len();
    match field {
        "messages" => {
            let people = people(value);
            elements.extend(json::list(value, "messages").iter().map(|element| Inbound {
                phone_number_id: number.clone(),
                element: message::read(element, &people),
            }));
            elements.extend(json::list(value, "statuses").iter().map(|element| Inbound {
                phone_number_id: number.clone(),
                element: status::read(element, &people),
            }));
            for error in json::list(value, "errors") {
                let code = json::whole(error, "code").map_or("unknown".to_owned(), |code| code.to_string());
                elements.push(other(number.clone(), field, &format!("error {code}")));
            }
        }
        "user_id_update" => elements.extend(json::list(value, "user_id_update").iter().map(|element| {
            Inbound { phone_number_id: number.clone(), element: message::read_user_id_update(element) }
        })),
        _ if field.contains("template") => {
            let news = templates::read_news(account, value).map(Element::Template);
            elements.extend(news.map(|element| Inbound { phone_number_id: number.clone(), element }));
        }
        _ => {}
    }
    if elements.len() == before {
        elements.push(other(number, field, "not acted upon"));
    }
}

/// WhatsApp's names of fields are short words; the log gets no more than that of anything else.
fn other(phone_number_id: Option<String>, field: &str, note: &str) -> Inbound {
    let field = field.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(60).collect();
    Inbound { phone_number_id, element: Element::Other { field, note: note.to_owned() } }
}

/// The people that `value.contacts[]` names.
fn people(value: &Value) -> Vec<Person> {
    let person = |contact: &Value| Person {
        whatsapp: WhatsAppId {
            user_id: json::text(contact, "user_id"),
            phone: json::phone(contact, "wa_id"),
        },
        profile_name: json::object(contact, "profile").and_then(|profile| json::text(profile, "name")),
        user_name: json::object(contact, "profile").and_then(|profile| json::text(profile, "username")),
    };
    json::list(value, "contacts").iter().map(person).collect()
}

/// Completes what an element says of a person by what `value.contacts[]` says of the same one.
fn complete(id: WhatsAppId, people: &[Person]) -> Person {
    let same = |one: &Option<String>, other: &Option<String>| one.is_some() && one == other;
    let differ =
        |one: &Option<String>, other: &Option<String>| one.is_some() && other.is_some() && one != other;
    let matching = people
        .iter()
        .find(|person| same(&person.whatsapp.user_id, &id.user_id) || same(&person.whatsapp.phone, &id.phone))
        .or_else(|| match people {
            [only]
                if !differ(&only.whatsapp.user_id, &id.user_id)
                    && !differ(&only.whatsapp.phone, &id.phone) =>
            {
                Some(only)
            }
            _ => None,
        });
    let Some(person) = matching else { return Person { whatsapp: id, ..Person::default() } };
    Person {
        whatsapp: WhatsAppId {
            user_id: id.user_id.or_else(|| person.whatsapp.user_id.clone()),
            phone: id.phone.or_else(|| person.whatsapp.phone.clone()),
        },
        ..person.clone()
    }
}

/// A name for an element that WhatsApp gave none, the same whenever the same element comes again.
fn made_up_id(element: &Value) -> String {
    let digest = Sha256::digest(element.to_string().as_bytes());
    let hex: String = digest
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|n| char::from_digit(n.into(), 16))
        .collect();
    format!("sha256.{hex}")
}

#[cfg(test)]
mod tests;
