//! The buttons of a template.

use serde_json::Value;
use waxwing_protocol::template::{OtpKind, TemplateButton, TemplateCategory};

use super::{json, texts, word};

/// In the list, a button that hands a one-time code on is often written as the address that it is made of.
const OTP_ADDRESS: &str = "whatsapp.com/otp/";

/// Reads buttons; what is not known stays in its place, since buttons are called by their places.
pub(super) fn read(buttons: &[Value], category: TemplateCategory) -> Vec<TemplateButton> {
    buttons.iter().map(|button| one(button, category)).collect()
}

fn one(button: &Value, category: TemplateCategory) -> TemplateButton {
    let text = json::text(button, "text").unwrap_or_default();
    let example = button.get("example").map(texts).and_then(|texts| texts.into_iter().next());
    match word(button, "type").as_str() {
        "quick_reply" => TemplateButton::QuickReply { text },
        "url" => {
            let url = json::text(button, "url").unwrap_or_default();
            if category == TemplateCategory::Authentication && url.contains(OTP_ADDRESS) {
                return TemplateButton::Otp { text, otp: otp_of(&otp_type_in(&url)) };
            }
            TemplateButton::Url { text, url, example }
        }
        "phone_number" => {
            let phone_number = json::text(button, "phone_number").unwrap_or_default();
            TemplateButton::PhoneNumber { text, phone_number }
        }
        "copy_code" => TemplateButton::CopyCode { text, example },
        "otp" => TemplateButton::Otp { text, otp: otp_of(&word(button, "otp_type")) },
        "flow" => TemplateButton::Flow { text },
        "catalog" => TemplateButton::Catalog { text },
        "mpm" => TemplateButton::MultiProduct { text },
        "spm" => TemplateButton::SingleProduct { text },
        "voice_call" => TemplateButton::VoiceCall { text },
        "request_contact_info" => TemplateButton::RequestContactInfo { text },
        _ => TemplateButton::Unknown,
    }
}

fn otp_type_in(url: &str) -> String {
    let of = |part: &str| part.strip_prefix("otp_type=").map(str::to_ascii_lowercase);
    url.split(['?', '&']).find_map(of).unwrap_or_default()
}

fn otp_of(word: &str) -> OtpKind {
    match word {
        "copy_code" => OtpKind::CopyCode,
        "one_tap" => OtpKind::OneTap,
        "zero_tap" => OtpKind::ZeroTap,
        _ => OtpKind::Unknown,
    }
}
