//! What WhatsApp's webhooks say of a template. They are read by what is in them: the field of a webhook is not always the one that
//! its value belongs to.

use serde_json::Value;
use waxwing_protocol::template::{
    Template, TemplateCategory, TemplateHeader, TemplateQuality, TemplateStatus,
};

use super::{category_of, json, language_of, quality_named, reason_of, status_of, word};

/// Something has changed about a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateNews {
    /// WhatsApp's id of the account.
    pub account: String,
    /// What the template is called.
    pub name: String,
    /// In which language.
    pub language: String,
    /// What has changed.
    pub change: TemplateChange,
}

/// What has changed about a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplateChange {
    /// Whether it can be sent.
    Status {
        /// What it is now.
        status: TemplateStatus,
        /// Why, where WhatsApp says.
        reason: Option<String>,
    },
    /// How contacts take it.
    Quality(TemplateQuality),
    /// What it is for.
    Category(TemplateCategory),
    /// What it says; the rest is seen in the list.
    Words {
        /// The line above the body, if it is a text.
        header: Option<String>,
        /// What it says.
        body: String,
        /// The small print.
        footer: Option<String>,
    },
    /// Something that only the list tells.
    Other,
}

impl TemplateChange {
    /// Makes the change.
    pub fn apply(&self, template: &mut Template) {
        match self {
            Self::Status { status, reason } => {
                template.status = *status;
                template.reason.clone_from(reason);
            }
            Self::Quality(quality) => template.quality = *quality,
            Self::Category(category) => template.category = *category,
            Self::Words { header, body, footer } => {
                if let (Some(TemplateHeader::Text(line)), Some(header)) = (&mut template.header, header) {
                    line.text.clone_from(header);
                }
                template.body.text.clone_from(body);
                template.footer.clone_from(footer);
            }
            Self::Other => {}
        }
    }
}

/// Reads the value of a webhook about templates of `account`; none if it names no template.
pub(in crate::whatsapp) fn read(account: &str, value: &Value) -> Option<TemplateNews> {
    Some(TemplateNews {
        account: account.to_owned(),
        name: json::text(value, "message_template_name")?,
        language: language_of(value, "message_template_language")?,
        change: change_of(value),
    })
}

fn change_of(value: &Value) -> TemplateChange {
    if value.get("new_quality_score").is_some() {
        return TemplateChange::Quality(quality_named(&word(value, "new_quality_score")));
    }
    if value.get("new_category").is_some() {
        return TemplateChange::Category(category_of(&word(value, "new_category")));
    }
    if let Some(body) = json::text(value, "message_template_element") {
        let header = json::text(value, "message_template_title");
        return TemplateChange::Words { header, body, footer: json::text(value, "message_template_footer") };
    }
    let status = match word(value, "event").as_str() {
        // It was stopped and is not any more.
        "reinstated" => TemplateStatus::Approved,
        event => status_of(event),
    };
    if status == TemplateStatus::Unknown {
        // `FLAGGED` and `LOCKED` among them, which stop nothing.
        return TemplateChange::Other;
    }
    let told = json::object(value, "rejection_info").and_then(|info| json::text(info, "reason"));
    TemplateChange::Status { status, reason: told.or_else(|| reason_of(value, "reason")) }
}
