//! Webhooks as WhatsApp posts them, signed, ready for the wire.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use waxwing_gateway::{clock::Clock, simulator::SimulatorConfig};

/// Signs and frames bodies for one business number.
pub(crate) struct Writer {
    number: SimulatorConfig,
}

impl Writer {
    /// For the number that every house has.
    pub(crate) fn new() -> Self {
        Self { number: SimulatorConfig::sample(String::new()) }
    }

    /// A text message, about 600 bytes, as a whole request. Contact and time follow from the numbers.
    pub(crate) fn message(&self, wamid: &str, contact: usize, text: &str) -> Vec<u8> {
        let (phone, user_id) = (phone(contact), user_id(contact));
        self.request(&json!({
            "contacts": [{"profile": {"name": format!("Contact {contact}")}, "wa_id": phone, "user_id": user_id}],
            "messages": [{
                "from": phone, "from_user_id": user_id, "id": wamid, "timestamp": timestamp(),
                "type": "text", "text": {"body": text},
            }],
        }))
    }

    /// A status of a message of ours, as a whole request.
    pub(crate) fn status(&self, wamid: &str, status: &str) -> Vec<u8> {
        self.request(&json!({
            "statuses": [{
                "id": wamid, "status": status, "timestamp": timestamp(), "recipient_id": phone(0),
            }],
        }))
    }

    fn request(&self, value: &Value) -> Vec<u8> {
        let mut value = value.clone();
        value["messaging_product"] = json!("whatsapp");
        value["metadata"] = json!({
            "display_phone_number": self.number.display_number,
            "phone_number_id": self.number.phone_number_id,
        });
        let changes = json!([{"field": "messages", "value": value}]);
        let entry = json!([{"id": self.number.account_id, "changes": changes}]);
        let body = json!({"object": "whatsapp_business_account", "entry": entry}).to_string();
        let signature = self.sign(&body);
        format!(
            "POST /webhooks/whatsapp HTTP/1.1\r\nhost: gateway\r\ncontent-type: application/json\r\n\
             x-hub-signature-256: sha256={signature}\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
        .into_bytes()
    }

    fn sign(&self, body: &str) -> String {
        let mac = Hmac::<Sha256>::new_from_slice(self.number.app_secret.as_bytes()).expect("any key will do");
        let code = mac.chain_update(body).finalize().into_bytes();
        code.iter().fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").expect("a string can be written");
            text
        })
    }
}

/// Now, as WhatsApp writes it: whoever wrote a day ago can't be answered.
fn timestamp() -> String {
    Clock::system().now().timestamp().to_string()
}

/// The phone number of a contact.
pub(crate) fn phone(contact: usize) -> String {
    format!("1555{contact:07}")
}

/// The business-scoped user id of a contact.
pub(crate) fn user_id(contact: usize) -> String {
    format!("US.{contact:015}")
}

/// An id of WhatsApp's form, one for each name.
pub(crate) fn wamid(name: &str) -> String {
    format!("wamid.HBgLMTU1NTAxMDA5OTkVAgASGBQz{name}AA==")
}
