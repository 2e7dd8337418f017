//! Whether a file may be opened.
//!
//! Its bytes decide what it is; its name and its declared type have to agree with them, or somebody is trying to pass one
//! thing off as another. Whatever is refused can still be saved, with the reason told.

use serde::{Deserialize, Serialize};
use waxwing_protocol::attachment::Opening;

use crate::{
    inspect::{ActiveContent, Flaw, Found},
    kind::{FileType, Standing, is_dangerous_extension},
    name::extension_of,
};

/// What is done with files that are not harmless as such.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Handling {
    /// They are opened.
    Allow,
    /// They are opened once the agent has read what may be wrong with them.
    Warn,
    /// They can only be saved.
    #[default]
    Block,
}

/// What an administrator allows; nothing, unless told otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// Documents with macros or other active content.
    pub macros: Handling,
    /// Documents that are encrypted, so that nothing has looked into them.
    pub encrypted: Handling,
    /// Archives.
    pub archives: Handling,
}

/// What others say a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Claim<'a> {
    /// The declared MIME type; parameters don't matter.
    pub declared_mime: Option<&'a str>,
    /// The name its sender gave it.
    pub name: Option<&'a str>,
}

/// The type that a file's bytes, name and declared type agree on; none where they don't.
pub fn agreed(found: &Found, claim: &Claim<'_>) -> Option<FileType> {
    let readings = found.file_type.readings();
    let itself = [found.file_type];
    let readings = if readings.is_empty() { itself.as_slice() } else { readings };
    let mime = claim.declared_mime.and_then(specific);
    let extension = claim.name.and_then(extension_of);
    readings.iter().copied().find(|reading| {
        mime.as_deref().is_none_or(|mime| reading.mimes().contains(&mime))
            && extension.as_deref().is_none_or(|extension| reading.extensions().contains(&extension))
    })
}

/// Whether a file may be opened.
pub fn verdict(found: &Found, claim: &Claim<'_>, policy: &Policy) -> Opening {
    if let Some(reason) = refusal(found, claim) {
        return Opening::SaveOnly { reason };
    }
    let Some(file_type) = agreed(found, claim) else {
        return Opening::SaveOnly { reason: disagreement(found, claim) };
    };
    let doubts = doubts(found, file_type, *policy);
    let worst = doubts.iter().map(|(handling, _reason)| *handling).max_by_key(|handling| handling.weight());
    let told = |least: Handling| -> String {
        let told = doubts.iter().filter(|(handling, _reason)| *handling == least);
        told.map(|(_handling, reason)| reason.as_str()).collect::<Vec<_>>().join(" ")
    };
    match worst {
        None | Some(Handling::Allow) => Opening::Allowed,
        Some(Handling::Warn) => Opening::Warned { reason: told(Handling::Warn) },
        Some(Handling::Block) => Opening::SaveOnly { reason: told(Handling::Block) },
    }
}

impl Handling {
    const fn weight(self) -> u8 {
        match self {
            Self::Allow => 0,
            Self::Warn => 1,
            Self::Block => 2,
        }
    }
}

/// Why no policy can let this file be opened.
fn refusal(found: &Found, claim: &Claim<'_>) -> Option<String> {
    let label = found.file_type.label();
    if found.file_type.standing() == Standing::Dangerous {
        return Some(format!(
            "This file is a {label}. Waxwing never opens these, because they can harm your computer."
        ));
    }
    if let Some(extension) = claim.name.and_then(extension_of).filter(|it| is_dangerous_extension(it)) {
        return Some(format!(
            "The name of this file ends in .{extension}. Waxwing never opens such files, because they can start programs."
        ));
    }
    if let Some(also) = found.also {
        return Some(format!(
            "This file is a {label} and a {} at the same time. Harmless files are not built like that.",
            also.label()
        ));
    }
    match found.flaw {
        Some(Flaw::Damaged) => {
            return Some(
                "This file is damaged or not complete. Waxwing cannot tell what is in it.".to_owned(),
            );
        }
        Some(Flaw::TooMuch) => {
            return Some(
                "This file would unpack to far more than it should. It can be an attack on your computer."
                    .to_owned(),
            );
        }
        None => {}
    }
    if found.holds_programs {
        return Some(
            "This archive contains programs or scripts. Waxwing does not open it, because they can harm your computer."
                .to_owned(),
        );
    }
    match found.file_type {
        FileType::Unknown => Some(
            "Waxwing does not know what this file is, so it cannot tell that it is safe to open.".to_owned(),
        ),
        _ if found.file_type.standing() == Standing::Other => {
            Some(format!("This file is a {label}. Waxwing does not open files of this type."))
        }
        _ => None,
    }
}

/// What speaks against opening, and how much of it the policy lets pass.
fn doubts(found: &Found, file_type: FileType, policy: Policy) -> Vec<(Handling, String)> {
    let mut doubts = Vec::new();
    if file_type.standing() == Standing::Archive {
        let reason = "This file is an archive. The files in it are not checked.";
        doubts.push((policy.archives, reason.to_owned()));
    }
    if found.encrypted {
        let reason = "This file is encrypted. Waxwing cannot check what is in it.";
        doubts.push((policy.encrypted, reason.to_owned()));
    }
    let active = found.active.iter().filter(|active| matters(**active, file_type));
    let mut active: Vec<&str> = active.map(|active| active.label()).collect();
    if matches!(file_type, FileType::Docm | FileType::Xlsm | FileType::Pptm) && active.is_empty() {
        active.push(ActiveContent::Macros.label());
    }
    if !active.is_empty() {
        let reason =
            format!("This document contains {}. These can do things when it is opened.", active.join(", "));
        doubts.push((policy.macros, reason));
    }
    doubts
}

/// A command in a cell does something in a table; in a text it is a line of text.
fn matters(active: ActiveContent, file_type: FileType) -> bool {
    !(active == ActiveContent::Commands && file_type == FileType::Text)
}

/// Why a file's name or declared type is not that of its bytes.
fn disagreement(found: &Found, claim: &Claim<'_>) -> String {
    let label = found.file_type.label();
    let only_name = Claim { declared_mime: None, ..*claim };
    match claim.name.and_then(extension_of).filter(|_extension| agreed(found, &only_name).is_none()) {
        Some(extension) => format!(
            "The name of this file ends in .{extension}, but the file is a {label}. A file that hides what it is can be harmful."
        ),
        None => format!(
            "This file was sent as another type than it is: it is a {label}. A file that hides what it is can be harmful."
        ),
    }
}

/// A declared type without its parameters and in lower case (RFC 9110, 8.3.1); none where it says nothing.
fn specific(declared: &str) -> Option<String> {
    const GENERIC: [&str; 6] = [
        "",
        "*/*",
        "application/octet-stream",
        "application/unknown",
        "application/x-download",
        "binary/octet-stream",
    ];
    let mime = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    (!GENERIC.contains(&mime.as_str())).then_some(mime)
}
