//! The customer. Identity on WhatsApp is the business-scoped user id; a phone number is an attribute that may be missing.

use serde::{Deserialize, Serialize};

use crate::id::{BusinessNumberId, ContactId};

/// How WhatsApp names a customer. At least one of `user_id` and `phone` is there (WhatsApp Cloud API, business-scoped
/// user ids, April 2026: the phone number is left out for people with a user name).
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WhatsAppId {
    /// Business-scoped user id, such as `US.13491208655302741918`; sent back byte for byte.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// Digits with country code, without `+`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// A customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Contact {
    /// Our own id, which outlives changes of phone number and user id.
    pub id: ContactId,
    /// How WhatsApp names them.
    pub whatsapp: WhatsAppId,
    /// The name they gave WhatsApp.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile_name: Option<String>,
    /// Their WhatsApp user name, without `@`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    /// What agents call them, whatever they call themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Further ways to reach them, as agents added them, in that order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<ContactDetail>,
    /// What is known of them, in the order in which it is shown; each key once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<ContactAttribute>,
    /// What agents noted about them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Whether nothing they write reaches an agent.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub blocked: bool,
    /// Rises with every change by an agent; see [`PutContact`](crate::directory::PutContact). 0 as long as nobody changed them.
    #[serde(default)]
    pub revision: u64,
}

/// Something known of a contact, such as their segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContactAttribute {
    /// What it is called, such as `Segment`; see [`Field`](crate::wrap_up::Field).
    pub key: String,
    /// What it is.
    pub value: String,
}

/// What kind of address a detail is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum DetailKind {
    /// A phone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A postal address, in one line.
    Address,
    /// A web address.
    Url,
    /// A company.
    Company,
    /// A kind of a newer gateway.
    #[serde(other)]
    Unknown,
}

/// A further way to reach a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContactDetail {
    /// What it is.
    pub kind: DetailKind,
    /// As written.
    pub value: String,
    /// Whose it is, where it is not the contact's own: the name on the card it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Contact {
    /// The value of an attribute, if it is known.
    #[must_use]
    pub fn attribute(&self, key: &str) -> Option<&str> {
        self.attributes.iter().find(|held| held.key == key).map(|held| held.value.as_str())
    }

    /// What to call them on screen: the name agents gave them, else the profile name, else `@user_name`, else the phone
    /// number with `+`, else *Unknown contact*.
    #[must_use]
    pub fn title(&self) -> String {
        let names = [self.name.as_deref(), self.profile_name.as_deref()];
        let named = names.into_iter().flatten().map(str::trim).find(|name| !name.is_empty());
        match (named, &self.user_name, &self.whatsapp.phone) {
            (Some(name), _, _) => name.to_owned(),
            (None, Some(user_name), _) => format!("@{user_name}"),
            (None, None, Some(phone)) => format!("+{phone}"),
            (None, None, None) => "Unknown contact".to_owned(),
        }
    }

    /// The line under the name: the phone number, else the user name, else the words that there is neither.
    #[must_use]
    pub fn address(&self) -> String {
        match (&self.whatsapp.phone, &self.user_name) {
            (Some(phone), _) => format!("+{phone}"),
            (None, Some(user_name)) => format!("@{user_name}"),
            (None, None) => "Phone number not shared".to_owned(),
        }
    }
}

/// One of our WhatsApp numbers, as the desktop needs to know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BusinessNumber {
    /// Our own id of it.
    pub id: BusinessNumberId,
    /// As people write it, such as `+1 555 078 3881`.
    pub display_number: String,
    /// What the house calls it.
    pub name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contact(name: Option<&str>, user: Option<&str>, phone: Option<&str>) -> Contact {
        Contact {
            id: ContactId::from_uuid(uuid::Uuid::nil()),
            whatsapp: WhatsAppId { user_id: None, phone: phone.map(str::to_owned) },
            profile_name: name.map(str::to_owned),
            user_name: user.map(str::to_owned),
            name: None,
            details: Vec::new(),
            attributes: Vec::new(),
            note: None,
            blocked: false,
            revision: 0,
        }
    }

    #[test]
    fn a_contact_always_has_a_title_and_an_address() {
        assert_eq!(contact(Some("Masha"), Some("m"), Some("16505551234")).title(), "Masha");
        assert_eq!(contact(Some("  "), Some("m"), None).title(), "@m");
        assert_eq!(contact(None, None, Some("16505551234")).title(), "+16505551234");
        assert_eq!(contact(None, None, None).title(), "Unknown contact");
        let renamed = Contact { name: Some("Dr. Ivanova".to_owned()), ..contact(Some("Masha"), None, None) };
        assert_eq!(renamed.title(), "Dr. Ivanova");
        assert_eq!(contact(None, None, None).address(), "Phone number not shared");
    }
}
