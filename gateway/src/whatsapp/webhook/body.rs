//! What a message says: WhatsApp's `type` and the object of that name, as a [`Body`] and as plain text.

use serde_json::Value;
use waxwing_protocol::message::{Body, Media, MediaKind, OrderItem};

use super::{FileRef, Said, cards, json, unsupported};

/// Reads the body of a message; something that can be shown comes out whatever is in it.
pub(super) fn read(element: &Value) -> Said {
    let kind = json::text(element, "type").unwrap_or_default();
    let part = json::object(element, &kind);
    let known = match (kind.as_str(), part) {
        ("text", Some(part)) => {
            json::text(part, "body").map(|text| said(Body::Text { text: text.clone() }, text))
        }
        ("image", Some(part)) => Some(media(MediaKind::Image, part)),
        ("video", Some(part)) => Some(media(MediaKind::Video, part)),
        ("audio" | "voice", Some(part)) => Some(media(MediaKind::Audio, part)),
        ("document", Some(part)) => Some(media(MediaKind::Document, part)),
        ("sticker", Some(part)) => Some(media(MediaKind::Sticker, part)),
        ("location", Some(part)) => location(part),
        ("contacts", _) => cards::read(json::list(element, "contacts")),
        ("button", Some(part)) => json::text(part, "text")
            .or_else(|| json::text(part, "payload"))
            .map(|title| reply(title, None, Vec::new())),
        ("interactive", Some(part)) => interactive(part),
        ("order", Some(part)) => Some(order(part)),
        ("system", Some(part)) => json::text(part, "body").map(system),
        ("request_welcome", _) => Some(system("The contact opened this chat.".to_owned())),
        _ => None,
    };
    known.or_else(|| unsupported::read(&kind, element)).unwrap_or_else(|| unknown(&kind))
}

const fn said(body: Body, fallback: String) -> Said {
    Said { body, fallback, file: None }
}

fn system(text: String) -> Said {
    said(Body::System { text: text.clone() }, text)
}

fn unknown(kind: &str) -> Said {
    let kind: String = kind.chars().filter(|c| !c.is_control()).take(60).collect();
    let kind = if kind.is_empty() { "without a name".to_owned() } else { kind };
    said(Body::Unknown, format!("[WhatsApp message of a kind Waxwing does not know: {kind}]"))
}

fn media(kind: MediaKind, part: &Value) -> Said {
    let mime = json::text(part, "mime_type")
        .map(|mime| mime.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
        .filter(|mime| !mime.is_empty());
    let media = Media {
        kind,
        mime,
        caption: json::text(part, "caption"),
        file_name: json::text(part, "filename"),
        voice: json::flag(part, "voice"),
        animated: json::flag(part, "animated"),
        attachment: None,
    };
    let fallback = fallback_of(&media);
    let file =
        json::text(part, "id").map(|media_id| FileRef { media_id, sha256: json::text(part, "sha256") });
    Said { file, ..said(Body::Media(media), fallback) }
}

/// A file as plain text.
#[must_use]
pub fn fallback_of(media: &Media) -> String {
    let name = match (media.kind, &media.file_name) {
        (MediaKind::Image, _) => "Picture".to_owned(),
        (MediaKind::Video, _) => "Video".to_owned(),
        (MediaKind::Audio, _) if media.voice => "Voice message".to_owned(),
        (MediaKind::Audio, _) => "Sound file".to_owned(),
        (MediaKind::Sticker, _) => "Sticker".to_owned(),
        (MediaKind::Document | MediaKind::Unknown, Some(name)) => format!("Document: {name}"),
        (MediaKind::Document | MediaKind::Unknown, None) => "Document".to_owned(),
    };
    media.caption.as_ref().map_or_else(|| format!("[{name}]"), |caption| format!("[{name}] {caption}"))
}

fn location(part: &Value) -> Option<Said> {
    let latitude = json::number(part, "latitude").filter(|degrees| degrees.abs() <= 90.0)?;
    let longitude = json::number(part, "longitude").filter(|degrees| degrees.abs() <= 180.0)?;
    let (name, address) = (json::text(part, "name"), json::text(part, "address"));
    let mut words: Vec<&str> = [&name, &address].into_iter().filter_map(Option::as_deref).collect();
    let link = format!("https://maps.google.com/?q={latitude},{longitude}");
    words.push(&link);
    let fallback = format!("[Location] {}", words.join(", "));
    Some(said(Body::Location { latitude, longitude, name, address, url: json::text(part, "url") }, fallback))
}

fn reply(title: String, description: Option<String>, answers: Vec<(String, String)>) -> Said {
    let mut fallback = title.clone();
    for line in
        description.iter().cloned().chain(answers.iter().map(|(key, value)| format!("{key}: {value}")))
    {
        fallback.push('\n');
        fallback.push_str(&line);
    }
    said(Body::Reply { title, description, answers }, fallback)
}

fn interactive(part: &Value) -> Option<Said> {
    let kind = json::text(part, "type")?;
    let inner = json::object(part, &kind)?;
    match kind.as_str() {
        "button_reply" | "list_reply" => {
            let title = json::text(inner, "title").or_else(|| json::text(inner, "id"))?;
            Some(reply(title, json::text(inner, "description"), Vec::new()))
        }
        "nfm_reply" => {
            let title = json::text(inner, "body").or_else(|| json::text(inner, "name"));
            Some(reply(title.unwrap_or_else(|| "Form".to_owned()), None, answers(inner)))
        }
        "call_permission_reply" => {
            let accepted = json::text(inner, "response").as_deref() == Some("accept");
            let title = if accepted { "May be called" } else { "Does not want to be called" };
            Some(reply(title.to_owned(), None, Vec::new()))
        }
        _ => None,
    }
}

/// The fields of a form: `response_json` is JSON written as a text, shown by field name; anything but an object is one answer
/// without a name. The flow's token is ours, not an answer.
fn answers(inner: &Value) -> Vec<(String, String)> {
    let response = match inner.get("response_json") {
        Some(Value::String(text)) => {
            serde_json::from_str(text).unwrap_or_else(|_not_json| Value::String(text.clone()))
        }
        Some(other) => other.clone(),
        None => return Vec::new(),
    };
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match response {
        Value::Object(fields) => fields
            .iter()
            .filter(|(key, _)| *key != "flow_token")
            .map(|(key, value)| (key.clone(), plain(value)))
            .collect(),
        Value::Null => Vec::new(),
        other => vec![("answer".to_owned(), plain(&other))],
    }
}

fn order(part: &Value) -> Said {
    let items: Vec<OrderItem> = json::list(part, "product_items")
        .iter()
        .map(|item| OrderItem {
            product: json::text(item, "product_retailer_id").unwrap_or_default(),
            quantity: json::number(item, "quantity").unwrap_or(1.0),
            price: json::number(item, "item_price").unwrap_or(0.0),
            currency: json::text(item, "currency").unwrap_or_default(),
        })
        .collect();
    let text = json::text(part, "text");
    let lines = items
        .iter()
        .map(|item| format!("{} × {} at {} {}", item.quantity, item.product, item.price, item.currency));
    let fallback =
        std::iter::once("[Order]".to_owned()).chain(lines).chain(text.clone()).collect::<Vec<_>>().join("\n");
    said(Body::Order { text, items }, fallback)
}
