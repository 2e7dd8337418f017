//! What is said of templates: what they are for, how they stand, how contacts take them.

use egui::Color32;
use waxwing_protocol::{
    contact::BusinessNumber,
    template::{Template, TemplateCategory, TemplateQuality, TemplateStatus},
};

use super::super::{languages, theme::Theme};

/// What it is for.
pub(super) const fn category(category: TemplateCategory) -> &'static str {
    match category {
        TemplateCategory::Marketing => "Marketing",
        TemplateCategory::Utility => "Utility",
        TemplateCategory::Authentication => "Authentication",
        TemplateCategory::Unknown => "Other",
    }
}

/// What it costs, in words: WhatsApp bills by category.
pub(super) const fn cost(category: TemplateCategory) -> &'static str {
    match category {
        TemplateCategory::Marketing => {
            "WhatsApp charges its marketing rate for this message; contacts may have opted out of such messages."
        }
        TemplateCategory::Utility => {
            "WhatsApp charges its utility rate for this message; within an open reply window it is free."
        }
        TemplateCategory::Authentication => "WhatsApp charges its authentication rate for this message.",
        TemplateCategory::Unknown => "WhatsApp charges for this message by its category.",
    }
}

/// How it stands.
pub(super) const fn status(status: TemplateStatus) -> &'static str {
    match status {
        TemplateStatus::Approved => "Approved",
        TemplateStatus::Pending => "Pending",
        TemplateStatus::Rejected => "Rejected",
        TemplateStatus::Paused => "Paused",
        TemplateStatus::Disabled => "Disabled",
        TemplateStatus::InAppeal => "In appeal",
        TemplateStatus::PendingDeletion | TemplateStatus::Deleted => "Deleted",
        TemplateStatus::LimitExceeded => "Limit exceeded",
        TemplateStatus::Archived => "Archived",
        TemplateStatus::Unknown => "Not approved",
    }
}

/// The colour of a status.
pub(super) const fn colour(template: &Template, theme: &Theme) -> Color32 {
    match template.status {
        TemplateStatus::Approved => theme.fresh,
        TemplateStatus::Pending | TemplateStatus::InAppeal | TemplateStatus::Paused => theme.late,
        TemplateStatus::Archived => theme.muted,
        TemplateStatus::Rejected
        | TemplateStatus::Disabled
        | TemplateStatus::PendingDeletion
        | TemplateStatus::Deleted
        | TemplateStatus::LimitExceeded
        | TemplateStatus::Unknown => theme.overdue,
    }
}

/// How contacts take it; nothing where they take it well or nobody knows.
pub(super) const fn quality(quality: TemplateQuality) -> Option<&'static str> {
    match quality {
        TemplateQuality::Green | TemplateQuality::Unknown => None,
        TemplateQuality::Yellow => Some("Medium quality"),
        TemplateQuality::Red => Some("Low quality"),
    }
}

/// `Utility · English (US) · Approved`.
pub(super) fn in_short(template: &Template) -> String {
    let quality = quality(template.quality).map_or_else(String::new, |quality| format!(" · {quality}"));
    let (category, status) = (category(template.category), status(template.status));
    format!("{category} · {} · {status}{quality}", languages::name(&template.language))
}

/// The same with the number it is sent from.
pub(super) fn whole_line(template: &Template, number: &BusinessNumber) -> String {
    format!("{} · {}", in_short(template), number.display_number)
}

/// Why it can't be sent, with WhatsApp's own reason where there is one.
pub(super) fn why_not(template: &Template) -> Option<String> {
    let why = template.why_not()?;
    let reason = template.reason.as_deref().filter(|reason| !reason.is_empty() && *reason != "NONE");
    Some(match reason {
        Some(reason) => format!("{why} WhatsApp's reason: {}.", in_words(reason).trim_end_matches('.')),
        None => why.to_owned(),
    })
}

/// WhatsApp's words for why it rejected a template (Cloud API, `message_template_status_update`, `reason`); a sentence of
/// WhatsApp's stays as it is.
fn in_words(reason: &str) -> &str {
    match reason {
        "ABUSIVE_CONTENT" => "it insults or threatens",
        "CATEGORY_NOT_AVAILABLE" => "its category can't be used",
        "INCORRECT_CATEGORY" => "it belongs to another category",
        "INVALID_FORMAT" => "its places or its form are not as WhatsApp wants them",
        "PROMOTIONAL" => "it advertises, and its category does not allow that",
        "SCAM" => "it looks like a fraud",
        "TAG_CONTENT_MISMATCH" => "its text is not of its category or language",
        other => other,
    }
}
