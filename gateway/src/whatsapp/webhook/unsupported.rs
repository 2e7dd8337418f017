//! Messages that WhatsApp itself does not pass on: what they were, in words. Source: the kinds that the Cloud API lists for
//! `unsupported.type` in 2026.

use serde_json::Value;
use waxwing_protocol::message::Body;

use super::{Said, json};

/// What a kind is, and what the agent can do where there is more to do than to ask.
const KINDS: &[(&str, &str, &str)] = &[
    ("edit", "A changed message", "Ask the contact to write it again."),
    ("ephemeral", "A disappearing message", ASK),
    ("errors", "A message with an error", ASK),
    ("gif", "A GIF", "Ask the contact to send it as a video."),
    ("group_invite", "An invitation to a group", "Businesses can't join groups this way."),
    ("hsm", "A notification of another business", ASK),
    ("image", "A picture", "It may have been for viewing once: ask for an ordinary one."),
    ("interactive", "An interactive message", ASK),
    ("keep_in_chat", "A mark to keep a disappearing message", NOTHING),
    ("link_preview", "A link with a preview", "Ask the contact to send the link alone."),
    ("list", "A list", ASK),
    ("location", "A live location", "Ask the contact for their current location instead."),
    ("media_placeholder", "A file", "It may still be on its way; if it does not come, ask for it again."),
    ("order", "An order", "Ask the contact to write what they want."),
    ("pin", "A mark on a pinned message", NOTHING),
    ("poll_creation", "A poll", "Ask the contact to write the question."),
    ("poll_update", "A vote in a poll", "Ask the contact to write their choice."),
    ("product", "A product", "Ask the contact for its name or number."),
    ("reaction", "A reaction", NOTHING),
];

const ASK: &str = "Ask the contact to write it as text.";
const NOTHING: &str = "There is nothing to answer.";

/// Reads what is known of it: it says so by its type, or by errors where the body should be.
pub(super) fn read(kind: &str, element: &Value) -> Option<Said> {
    let error = json::list(element, "errors").first();
    if !matches!(kind, "unsupported" | "unknown" | "ephemeral") && error.is_none() {
        return None;
    }
    let named = json::object(element, "unsupported").and_then(|part| json::text(part, "type"));
    let of_kind =
        named.or_else(|| (!matches!(kind, "unsupported" | "unknown" | "")).then(|| kind.to_owned()));
    let known = of_kind.as_deref().and_then(|kind| KINDS.iter().find(|(name, ..)| *name == kind));
    let reason = known
        .map(|(_, what, advice)| format!("{what}, which WhatsApp does not pass on to businesses. {advice}"))
        .or_else(|| error.and_then(of_whatsapp));
    let fallback = match (known, &of_kind) {
        (Some((_, what, _)), _) => format!("[{what}, which WhatsApp does not pass on]"),
        (None, Some(kind)) => {
            let kind: String = kind.chars().filter(|c| !c.is_control()).take(60).collect();
            format!("[A message that WhatsApp does not pass on: {kind}]")
        }
        (None, None) => "[A message that WhatsApp does not pass on]".to_owned(),
    };
    Some(Said { body: Body::Unsupported { kind: of_kind, reason }, fallback, file: None })
}

/// WhatsApp's own words.
fn of_whatsapp(error: &Value) -> Option<String> {
    json::object(error, "error_data")
        .and_then(|data| json::text(data, "details"))
        .or_else(|| json::text(error, "message"))
        .or_else(|| json::text(error, "title"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(kind: &str) -> Said {
        let element = json!({"type": "unsupported", "unsupported": {"type": kind},
            "errors": [{"code": 131_051, "title": "t", "error_data": {"details": "Message type is not supported."}}]});
        read("unsupported", &element).expect("is unsupported")
    }

    #[test]
    fn every_kind_that_is_known_is_told_in_words() {
        assert!(KINDS.is_sorted_by_key(|(name, ..)| *name));
        for (name, what, advice) in KINDS {
            let said = of(name);
            let Body::Unsupported { kind, reason: Some(reason) } = said.body else { panic!("{name}") };
            assert_eq!(kind.as_deref(), Some(*name));
            assert!(
                reason.starts_with(what) && reason.ends_with(advice) && advice.ends_with('.'),
                "{reason}"
            );
            assert_eq!(said.fallback, format!("[{what}, which WhatsApp does not pass on]"));
        }
    }

    #[test]
    fn a_kind_that_is_not_known_shows_whatsapps_words() {
        let said = of("hologram\u{7}");
        let Body::Unsupported { reason, .. } = said.body else { panic!("unsupported") };
        assert_eq!(reason.as_deref(), Some("Message type is not supported."));
        assert_eq!(said.fallback, "[A message that WhatsApp does not pass on: hologram]");
        assert_eq!(read("text", &json!({"type": "text"})), None);
    }
}
