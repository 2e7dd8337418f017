//! What WhatsApp says to files that it is given, and to messages that name them: its table of supported media, as an own reading
//! of it.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::{
    graph::{Refusal, refusal},
    media::StoredFile,
};

const KB: usize = 1024;
const MB: usize = 1024 * KB;
/// How long a file is kept that was uploaded (Cloud API: 30 days).
const KEPT_FOR: TimeDelta = TimeDelta::days(30);
/// The subcode that says that something is not there, or not any more.
const NOT_THERE: u32 = 33;
/// The longest text under a file (Cloud API, `caption`).
const LONGEST_CAPTION: usize = 1024;

/// Which types a kind takes, and how long a file of it may be; of documents, all but what it can't tell.
const KINDS: [(&str, &[&str], usize); 5] = [
    ("audio", &["audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg; codecs=opus"], 16 * MB),
    ("image", &["image/jpeg", "image/png"], 5 * MB),
    ("video", &["video/mp4", "video/3gpp"], 16 * MB),
    ("sticker", &["image/webp"], 500 * KB),
    ("document", &[], 100 * MB - 1),
];

/// What WhatsApp says to a file that it is given.
pub(super) fn take(mime: &str, length: usize) -> Result<(), Refusal> {
    let is_type = mime.split_once('/').is_some_and(|(family, name)| !family.is_empty() && !name.is_empty());
    if !is_type || mime == "audio/ogg" {
        let details = format!(
            "Param file must be a file with one of the following types: audio/aac, audio/mp4, … Received file of type '{mime}'."
        );
        return Err(refusal(100, &details));
    }
    if length == 0 {
        return Err(refusal(100, "Param file must not be empty"));
    }
    let limit = match mime.split_once('/') {
        Some(("audio" | "video", _)) => 16 * MB,
        _ => 100 * MB - 1,
    };
    // A film of more than that is taken as a document, which an upload does not say.
    if length > limit && !mime.starts_with("video/") || length >= 100 * MB {
        return Err(refusal(131_053, "The file is too large"));
    }
    Ok(())
}

/// What WhatsApp says to a message that names a file.
pub(super) fn check(
    files: &BTreeMap<String, StoredFile>,
    kind: &str,
    part: &Value,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let Some((_, types, limit)) = KINDS.into_iter().find(|(of, ..)| *of == kind) else { return Ok(()) };
    let not_there = || Refusal {
        subcode: Some(NOT_THERE),
        ..refusal(100, "Object with this id does not exist, or can not be loaded")
    };
    let id = part["id"].as_str().ok_or_else(|| refusal(131_008, "The parameter id is missing"))?;
    let file = files.get(id).ok_or_else(not_there)?;
    if file.uploaded_at.is_none_or(|at| now - at > KEPT_FOR) {
        return Err(not_there());
    }
    if !types.is_empty() && !types.contains(&file.mime.as_str()) {
        let details = format!("A file of type '{}' can not be sent as {kind}", file.mime);
        return Err(refusal(131_053, &details));
    }
    if file.bytes.len() > limit {
        return Err(refusal(131_053, &format!("The file is too large to be sent as {kind}")));
    }
    for (key, kinds) in
        [("caption", &["image", "video", "document"][..]), ("filename", &["document"]), ("voice", &["audio"])]
    {
        if part.get(key).is_some() && !kinds.contains(&kind) {
            return Err(refusal(100, &format!("Unexpected key \"{key}\" on param \"{kind}\"")));
        }
    }
    if part["caption"].as_str().is_some_and(|caption| caption.chars().count() > LONGEST_CAPTION) {
        return Err(refusal(100, "Param caption must be at most 1024 characters long"));
    }
    if part["voice"] == true && file.mime != "audio/ogg; codecs=opus" {
        return Err(refusal(131_053, "A voice message has to be Ogg with Opus"));
    }
    Ok(())
}
