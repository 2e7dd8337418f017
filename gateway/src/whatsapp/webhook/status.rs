//! Reads one element of `value.statuses[]`.

use serde_json::Value;
use waxwing_protocol::{contact::WhatsAppId, delivery::Delivery};

use super::{Element, Person, StatusUpdate, complete, json};
use crate::whatsapp::graph_error::failure_of;

/// Reads a status. One without a message's id says nothing about anything.
pub(super) fn read(element: &Value, people: &[Person]) -> Element {
    let (Some(wamid), Some(status)) = (json::text(element, "id"), json::text(element, "status")) else {
        return Element::Other {
            field: "messages".to_owned(),
            note: "a status without id or status".to_owned(),
        };
    };
    let delivery = match status.as_str() {
        "sent" => Some(Delivery::Sent),
        "delivered" => Some(Delivery::Delivered),
        "read" => Some(Delivery::Read),
        "played" => Some(Delivery::Played),
        "failed" => Some(failure(element)),
        _ => None,
    };
    Element::Status(Box::new(StatusUpdate {
        wamid,
        delivery,
        at: json::time(element, "timestamp"),
        correlation: json::text(element, "biz_opaque_callback_data"),
        recipient: recipient(element, people),
        raw: element.to_string(),
        status,
    }))
}

/// Reads a status that was kept as WhatsApp's own object.
#[must_use]
pub fn read_kept(raw: &str) -> Option<StatusUpdate> {
    match read(&serde_json::from_str(raw).ok()?, &[]) {
        Element::Status(status) => Some(*status),
        _ => None,
    }
}

fn recipient(element: &Value, people: &[Person]) -> Person {
    if json::text(element, "recipient_type").as_deref() == Some("group") {
        return Person::default();
    }
    let id = WhatsAppId {
        user_id: json::text(element, "recipient_user_id"),
        phone: json::phone(element, "recipient_id"),
    };
    complete(id, people)
}

fn failure(element: &Value) -> Delivery {
    let Some(error) = json::list(element, "errors").first() else {
        return Delivery::Failed(failure_of(None, ""));
    };
    let code = json::whole(error, "code").and_then(|code| u32::try_from(code).ok());
    let details = json::object(error, "error_data")
        .and_then(|data| json::text(data, "details"))
        .or_else(|| json::text(error, "details"))
        .or_else(|| json::text(error, "message"))
        .or_else(|| json::text(error, "title"))
        .unwrap_or_default();
    Delivery::Failed(failure_of(code, &details))
}
