//! What is sent, as WhatsApp wants it written.

use serde_json::{Value, json};
use waxwing_protocol::{contact::WhatsAppId, message::MediaKind};

use super::{OutgoingNotification, Wamid};

/// A file that WhatsApp has, as it is to be sent.
#[derive(Clone)]
pub struct OutgoingFile {
    /// As what.
    pub kind: MediaKind,
    /// WhatsApp's id of it.
    pub media_id: String,
    /// Text under it; for pictures, films and documents.
    pub caption: Option<String>,
    /// What it is called; for documents.
    pub file_name: Option<String>,
    /// Whether sound is a voice note.
    pub voice: bool,
}

impl OutgoingFile {
    fn to_json(&self) -> (&'static str, Value) {
        let mut part = json!({"id": self.media_id});
        let kind = match self.kind {
            MediaKind::Image => "image",
            MediaKind::Video => "video",
            MediaKind::Audio => "audio",
            MediaKind::Sticker => "sticker",
            MediaKind::Document | MediaKind::Unknown => "document",
        };
        if let (Some(caption), "image" | "video" | "document") = (&self.caption, kind) {
            part["caption"] = json!(caption);
        }
        if let (Some(file_name), "document") = (&self.file_name, kind) {
            part["filename"] = json!(file_name);
        }
        if self.voice && kind == "audio" {
            part["voice"] = json!(true);
        }
        (kind, part)
    }
}

/// What is to be sent.
#[derive(Clone)]
pub enum Outgoing {
    /// Words.
    Text {
        /// The words.
        text: String,
        /// Which message they answer.
        quote: Option<Wamid>,
    },
    /// A file.
    File {
        /// Which.
        file: OutgoingFile,
        /// Which message it answers.
        quote: Option<Wamid>,
    },
    /// A notification.
    Notification {
        /// What it says.
        notification: OutgoingNotification,
        /// Which message it answers.
        quote: Option<Wamid>,
    },
    /// An emoji on a message.
    Reaction {
        /// Which message.
        target: Wamid,
        /// One emoji; empty takes ours off.
        emoji: String,
    },
}

/// Something to send to somebody.
#[derive(Clone)]
pub struct OutgoingMessage {
    /// To whom: by phone number where it is known, else by user id.
    pub to: WhatsAppId,
    /// What.
    pub content: Outgoing,
    /// Comes back with each status (`biz_opaque_callback_data`, at most 512 characters).
    pub correlation: String,
}

impl OutgoingMessage {
    pub(super) fn to_json(&self) -> Value {
        let mut body = json!({
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "biz_opaque_callback_data": self.correlation,
        });
        if let Some(phone) = &self.to.phone {
            body["to"] = json!(format!("+{phone}"));
        } else {
            body["recipient"] = json!(self.to.user_id);
        }
        match &self.content {
            Outgoing::Text { text, quote } => {
                body["type"] = json!("text");
                body["text"] = json!({"body": text, "preview_url": true});
                answer(&mut body, quote.as_ref());
            }
            Outgoing::File { file, quote } => {
                let (kind, part) = file.to_json();
                body["type"] = json!(kind);
                body[kind] = part;
                answer(&mut body, quote.as_ref());
            }
            Outgoing::Notification { notification, quote } => {
                body["type"] = json!("template");
                body["template"] = notification.to_json(&self.correlation);
                answer(&mut body, quote.as_ref());
            }
            Outgoing::Reaction { target: Wamid(target), emoji } => {
                body["type"] = json!("reaction");
                body["reaction"] = json!({"message_id": target, "emoji": emoji});
            }
        }
        body
    }
}

/// Names the message that this one answers.
fn answer(body: &mut Value, quote: Option<&Wamid>) {
    if let Some(Wamid(quoted)) = quote {
        body["context"] = json!({"message_id": quoted});
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(kind: MediaKind) -> OutgoingFile {
        let (caption, file_name) = (Some("As agreed".to_owned()), Some("offer.pdf".to_owned()));
        OutgoingFile { kind, media_id: "1376223850470843".to_owned(), caption, file_name, voice: true }
    }

    #[test]
    fn a_file_carries_what_its_kind_may_and_nothing_else() {
        let id = "1376223850470843";
        for (kind, name, expected) in [
            (MediaKind::Image, "image", json!({"id": id, "caption": "As agreed"})),
            (MediaKind::Video, "video", json!({"id": id, "caption": "As agreed"})),
            (MediaKind::Audio, "audio", json!({"id": id, "voice": true})),
            (MediaKind::Sticker, "sticker", json!({"id": id})),
            (
                MediaKind::Document,
                "document",
                json!({"id": id, "caption": "As agreed", "filename": "offer.pdf"}),
            ),
        ] {
            let content = Outgoing::File { file: file(kind), quote: Some(Wamid("wamid.1".to_owned())) };
            let body = OutgoingMessage { content, ..text(WhatsAppId::default()) }.to_json();
            assert_eq!((&body["type"], &body[name]), (&json!(name), &expected));
            assert_eq!(body["context"]["message_id"], "wamid.1");
        }
        let content =
            Outgoing::File { file: OutgoingFile { voice: false, ..file(MediaKind::Audio) }, quote: None };
        let body = OutgoingMessage { content, ..text(WhatsAppId::default()) }.to_json();
        assert_eq!((&body["audio"], body.get("context")), (&json!({"id": id}), None));
    }

    fn text(to: WhatsAppId) -> OutgoingMessage {
        let content = Outgoing::Text { text: "Olá".to_owned(), quote: None };
        OutgoingMessage { to, content, correlation: "msg_1:1".to_owned() }
    }

    #[test]
    fn a_phone_number_is_written_with_plus_and_wins_over_the_user_id() {
        let both = WhatsAppId { user_id: Some("US.1".to_owned()), phone: Some("16505551234".to_owned()) };
        let body = text(both).to_json();
        assert_eq!(body["to"], "+16505551234");
        assert_eq!(body.get("recipient"), None);
        let hidden = WhatsAppId { user_id: Some("US.1".to_owned()), phone: None };
        let body = text(hidden).to_json();
        assert_eq!((body.get("to"), &body["recipient"]), (None, &json!("US.1")));
    }

    #[test]
    fn a_quote_and_the_correlation_go_along() {
        let content = Outgoing::Text { text: "Olá".to_owned(), quote: Some(Wamid("wamid.1".to_owned())) };
        let message = OutgoingMessage { content, ..text(WhatsAppId::default()) };
        let body = message.to_json();
        assert_eq!(body["context"]["message_id"], "wamid.1");
        assert_eq!(body["biz_opaque_callback_data"], "msg_1:1");
        assert_eq!(body["text"]["body"], "Olá");
    }

    #[test]
    fn a_reaction_names_its_message_and_never_quotes_one() {
        let content =
            Outgoing::Reaction { target: Wamid("wamid.1".to_owned()), emoji: "👍🏽".to_owned() };
        let body = OutgoingMessage { content, ..text(WhatsAppId::default()) }.to_json();
        assert_eq!(body["type"], "reaction");
        assert_eq!(body["reaction"], json!({"message_id": "wamid.1", "emoji": "👍🏽"}));
        assert_eq!((body.get("text"), body.get("context")), (None, None));
        assert_eq!(body["biz_opaque_callback_data"], "msg_1:1");
    }
}
