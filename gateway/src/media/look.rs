//! Looks into files: what each really is, whether it may be opened, what it looks like from afar. Files of strangers are looked
//! into in a process of their own.

use std::io;

use tokio::task::spawn_blocking;
use waxwing_media::{
    child::{Described, Workshop},
    sending::{self, Outgoing},
    verdict::{Claim, Policy},
};
use waxwing_protocol::{
    attachment::{About, Opening},
    message::MediaKind,
};

use super::files::{Files, FilesError, preview_of};
use crate::store::attachments::{Looked, Seen};

/// What an agent reads about a file of theirs that could not be looked into.
const UNSEEN: &str = "The gateway could not look into this file, so it can't be sent. Try again; tell your administrator \
                      if it goes on.";
/// What an agent reads about a picture that their desktop should have made into another one.
const OTHER_PICTURE: &str = "WhatsApp does not take pictures of this type. Send it as a document.";

/// What others say that a file is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// The declared type.
    pub mime: Option<String>,
    /// What its sender calls it.
    pub name: Option<String>,
}

/// Looks into files; the default knows nothing of any.
#[derive(Debug, Clone, Default)]
pub struct Looking {
    workshop: Option<Workshop>,
    policy: Policy,
}

impl Looking {
    /// Looks into files in that workshop; the policy says what may be opened of what is not harmless as such.
    #[must_use]
    pub const fn new(workshop: Workshop, policy: Policy) -> Self {
        Self { workshop: Some(workshop), policy }
    }

    /// What is said of a file of which nothing is known.
    #[must_use]
    pub fn nothing_known() -> Looked {
        let about = About {
            mime: "application/octet-stream".to_owned(),
            opening: Opening::SaveOnly { reason: "The gateway could not look into this file.".to_owned() },
            size: None,
            duration_ms: None,
            waveform: Vec::new(),
            has_sound: false,
            pages: None,
            thumb_hash: None,
            preview: false,
        };
        Looked { about, seen: None }
    }

    /// Says what a file is, and keeps its preview beside it. Whatever is wrong with the file, something can be said of it.
    pub async fn describe(&self, files: &Files, file: &str, asked: &Asked) -> Result<Looked, FilesError> {
        let (Some(workshop), Some(lent)) = (self.workshop.clone(), files.lend(file).await?) else {
            return Ok(Self::nothing_known());
        };
        let (asked, policy) = (asked.clone(), self.policy);
        let described = spawn_blocking(move || {
            let claim = Claim { declared_mime: asked.mime.as_deref(), name: asked.name.as_deref() };
            workshop.describe(lent, &claim, policy)
        });
        let Described { about, found, preview, video_ok } = match described.await.map_err(io::Error::other)? {
            Ok(described) => described,
            Err(trouble) => {
                tracing::warn!(?trouble, "a file could not be looked into");
                return Ok(Self::nothing_known());
            }
        };
        if let Some(preview) = preview {
            files.keep(&preview_of(file), preview.into()).await?;
        }
        Ok(Looked { about, seen: Some(Seen { found, video_ok }) })
    }
}

/// Whether a file may be sent as that kind; if not, why, in a sentence or two.
pub fn sendable(looked: &Looked, (name, size_bytes): (&str, u64), kind: MediaKind) -> Result<(), String> {
    let Some(Seen { found, video_ok }) = &looked.seen else { return Err(UNSEEN.to_owned()) };
    let file = Outgoing { found, name, size_bytes, as_kind: Some(kind), video_ok: *video_ok };
    let accepted = sending::check(&file).map_err(|problem| problem.to_string())?;
    if accepted.convert() { Err(OTHER_PICTURE.to_owned()) } else { Ok(()) }
}
