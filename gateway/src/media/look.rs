//! Looks into files: what each really is, whether it may be opened, what it looks like from afar. Files of strangers are looked
//! into in a process of their own.

use waxwing_media::{
    sending::{self, Outgoing},
    verdict::Policy,
};
use waxwing_protocol::{
    attachment::{About, Opening},
    message::MediaKind,
};

use super::files::{Files, FilesError};
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

/// Looks into files. Clones share the workshop.
#[derive(Debug, Clone, Default)]
pub struct Looking {
    policy: Policy,
}

impl Looking {
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
        let Some(mut opened) = files.lend(file).await? else { return Ok(Self::nothing_known()) };
        let asked = asked.clone();
        let policy = self.policy;
        let found = tokio::task::spawn_blocking(move || {
            let found = waxwing_media::inspect::look(&mut opened)?;
            let claim = waxwing_media::verdict::Claim {
                declared_mime: asked.mime.as_deref(),
                name: asked.name.as_deref(),
            };
            let opening = waxwing_media::verdict::verdict(&found, &claim, &policy);
            let mime = waxwing_media::verdict::agreed(&found, &claim).unwrap_or(found.file_type).mime();
            Ok::<_, std::io::Error>((found, opening, mime))
        });
        let (found, opening, mime) = found.await.map_err(std::io::Error::other)??;
        let nothing = Self::nothing_known();
        let about = About { mime: mime.to_owned(), opening, pages: found.pages, ..nothing.about };
        Ok(Looked { about, seen: Some(Seen { found, video_ok: None }) })
    }
}

/// Whether a file may be sent as that kind; if not, why, in a sentence or two.
pub fn sendable(
    looked: &Looked,
    (name, size_bytes): (&str, u64),
    kind: MediaKind,
) -> Result<(), String> {
    let Some(Seen { found, video_ok }) = &looked.seen else { return Err(UNSEEN.to_owned()) };
    let file = Outgoing { found, name, size_bytes, as_kind: Some(kind), video_ok: *video_ok };
    let accepted = sending::check(&file).map_err(|problem| problem.to_string())?;
    if accepted.convert() { Err(OTHER_PICTURE.to_owned()) } else { Ok(()) }
}
