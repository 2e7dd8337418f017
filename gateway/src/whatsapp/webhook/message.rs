//! Reads one element of `value.messages[]`, and of `value.user_id_update[]`.

use serde_json::Value;
use waxwing_protocol::{
    contact::WhatsAppId,
    message::Forwarded,
    slot::{Place, Slot},
};

use super::{
    Content, Element, IdentityChange, InboundMessage, Operation, Person, body, case_data, complete, json,
    made_up_id, referral,
};

/// Reads a message. One without sender is of the only person beside it, if there is one.
pub(super) fn read(element: &Value, people: &[Person]) -> Element {
    if !element.is_object() {
        return Element::Other {
            field: "messages".to_owned(),
            note: "a message that is no object".to_owned(),
        };
    }
    let id = WhatsAppId { user_id: json::text(element, "from_user_id"), phone: json::phone(element, "from") };
    let content = content(element);
    let about = json::object(element, "context");
    let is_plain = matches!(&content, Content::Said(said) if json::text(element, "type").as_deref() == Some("text") && !said.fallback.is_empty());
    Element::Message(Box::new(InboundMessage {
        wamid: json::text(element, "id").unwrap_or_else(|| made_up_id(element)),
        from: before_change(&content, element, complete(id, people)),
        sent_at: json::time(element, "timestamp"),
        content,
        // A question about a product points to a message that nobody sent.
        quotes: about
            .filter(|context| json::object(context, "referred_product").is_none())
            .and_then(|context| json::text(context, "id")),
        tapped: tapped(element),
        forwarded: about.and_then(forwarded),
        case_data: case_data::read(element),
        referral: referral::read(element),
        raw: (!is_plain).then(|| element.to_string()),
    }))
}

/// The button that was tapped: its payload is the name that we gave it; others' payloads name nothing.
fn tapped(element: &Value) -> Option<Slot> {
    let payload = json::text(json::object(element, "button")?, "payload")?;
    payload.parse().ok().filter(|slot: &Slot| matches!(slot.place, Place::Button(_)))
}

fn forwarded(context: &Value) -> Option<Forwarded> {
    if json::flag(context, "frequently_forwarded") {
        Some(Forwarded::Frequently)
    } else {
        json::flag(context, "forwarded").then_some(Forwarded::Forwarded)
    }
}

fn content(element: &Value) -> Content {
    let kind = json::text(element, "type").unwrap_or_default();
    let part = json::object(element, &kind);
    let operation = part.and_then(|part| match kind.as_str() {
        "reaction" => Some((json::text(part, "message_id")?, Operation::React(json::text(part, "emoji")))),
        "revoke" => Some((json::text(part, "original_message_id")?, Operation::Revoke)),
        "edit" => {
            let edited = json::object(part, "message")?;
            Some((json::text(part, "original_message_id")?, Operation::Edit(body::read(edited))))
        }
        _ => None,
    });
    match (operation, part) {
        (Some((target, operation)), _) => Content::Operation { target, operation },
        (None, Some(part)) if kind == "system" => system(part, element),
        _ => Content::Said(body::read(element)),
    }
}

/// A change of number or user id is news about who the contact is; any other system message is something said.
fn system(part: &Value, element: &Value) -> Content {
    let now = WhatsAppId {
        user_id: json::text(part, "user_id"),
        phone: json::phone(part, "wa_id").or_else(|| json::phone(part, "new_wa_id")),
    };
    let what = json::text(part, "type").unwrap_or_default();
    let is_change =
        matches!(what.as_str(), "user_changed_number" | "customer_changed_number" | "user_changed_user_id");
    if !is_change || now == WhatsAppId::default() {
        return Content::Said(body::read(element));
    }
    let text =
        json::text(part, "body").unwrap_or_else(|| "The contact has another WhatsApp number now.".to_owned());
    Content::IdentityChange { now, text }
}

/// Who the contact was before a change: `from` names them by what they were called, `system.customer` in older versions, and
/// where both are missing the sentence does.
fn before_change(content: &Content, element: &Value, from: Person) -> Person {
    let Content::IdentityChange { now, text } = content else { return from };
    let system = &element["system"];
    let named = |id: &Option<String>, new: &Option<String>| id.clone().filter(|id| Some(id) != new.as_ref());
    let user_id = named(&from.whatsapp.user_id, &now.user_id).or_else(|| {
        now.user_id.as_ref()?;
        let words =
            text.split(|c: char| !c.is_ascii_alphanumeric() && c != '.').map(|word| word.trim_matches('.'));
        words
            .filter(|word| is_user_id(word))
            .map(str::to_owned)
            .find(|word| Some(word) != now.user_id.as_ref())
    });
    let phone = from.whatsapp.phone.clone().or_else(|| json::phone(system, "customer"));
    Person { whatsapp: WhatsAppId { user_id, phone }, ..from }
}

/// Whether a word has the form of a business-scoped user id: `US.` and 1 to 128 letters and digits.
fn is_user_id(word: &str) -> bool {
    let Some((country, id)) = word.split_once('.') else { return false };
    country.len() == 2
        && country.bytes().all(|byte| byte.is_ascii_uppercase())
        && (1..=128).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Reads an element of the field `user_id_update`.
pub(super) fn read_user_id_update(element: &Value) -> Element {
    let ids = json::object(element, "user_id");
    let before = ids.and_then(|ids| json::text(ids, "previous"));
    let now = ids.and_then(|ids| json::text(ids, "current"));
    let phone = json::phone(element, "wa_id");
    if now.is_none() || (before.is_none() && phone.is_none()) {
        return Element::Other { field: "user_id_update".to_owned(), note: "without ids".to_owned() };
    }
    Element::IdentityChange(IdentityChange {
        before: WhatsAppId { user_id: before, phone: phone.clone() },
        now: WhatsAppId { user_id: now, phone },
        at: json::time(element, "timestamp"),
    })
}
