//! Files on their way into the library: copied, looked into and brought to the gateway in one go. Whoever waits looks at a form
//! and can ask again, so nothing of it outlives the attempt.

use std::sync::Arc;

use waxwing_media::child::Workshop;
use waxwing_protocol::{
    id::{AttachmentId, ClientRef, InteractionId},
    library::LIBRARY_UPLOADS,
    response::ResponseFile,
    upload::uploads,
};

use super::{
    Outgoing,
    copies::{Copy, CopyTrouble},
    look,
    upload::Uploading,
};
use crate::desk::{
    file::{FileSource, ReadyFile},
    input::{CallError, Outcome},
    library::manage::Managed,
};

/// Where a file goes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Destination {
    /// To a contact.
    Conversation(InteractionId),
    /// Into the library.
    Library,
}

impl Destination {
    /// Where it is announced.
    pub(super) fn path(self) -> String {
        match self {
            Self::Conversation(interaction) => uploads(interaction),
            Self::Library => LIBRARY_UPLOADS.to_owned(),
        }
    }

    /// More of it is there.
    pub(super) const fn moved(self, client_ref: ClientRef, sent_bytes: u64) -> Outcome {
        match self {
            Self::Conversation(interaction) => Outcome::UploadMoved { interaction, client_ref, sent_bytes },
            Self::Library => Outcome::Managed(Managed::FileMoved { client_ref, sent_bytes }),
        }
    }

    /// All of it is there, or it is not taken.
    pub(super) fn uploaded(
        self,
        (client_ref, file): (ClientRef, &ReadyFile),
        result: Result<Result<AttachmentId, String>, CallError>,
    ) -> Outcome {
        match self {
            Self::Conversation(interaction) => Outcome::Uploaded { interaction, client_ref, result },
            Self::Library => {
                let named = |attachment| {
                    Box::new(ResponseFile {
                        attachment,
                        kind: file.kind,
                        file_name: file.name.clone(),
                        size_bytes: file.size_bytes,
                        caption: None,
                        about: Some(file.about.clone()),
                    })
                };
                let result = result.map(|taken| taken.map(named));
                Outcome::Managed(Managed::FileBrought { client_ref, result })
            }
        }
    }
}

impl Outgoing {
    /// Brings a file to the gateway for a response.
    pub(super) fn bring(&mut self, client_ref: ClientRef, source: FileSource) {
        let copy = self.copy(client_ref);
        let (client, workshop) = (Arc::clone(&self.client), self.workshop.clone());
        let (progress, kept) = (self.progress.0.clone(), copy.clone());
        let handle = self.uploads.spawn(async move {
            let at = Destination::Library;
            let looked = tokio::task::spawn_blocking(move || take(&workshop, &kept, &source)).await;
            let broken = |_panic| Err("Looking into this file went wrong. Choose it again.".to_owned());
            let outcome = match looked.unwrap_or_else(broken) {
                Ok(file) => {
                    let (file, copy) = (Box::new(file), copy.clone());
                    Uploading { at, client_ref, file, copy, progress }.run(&client).await
                }
                Err(why) => Outcome::Managed(Managed::FileBrought { client_ref, result: Ok(Err(why)) }),
            };
            if let Err(error) = tokio::task::spawn_blocking(move || copy.remove()).await {
                tracing::error!(%error, "removing a file ended badly");
            }
            outcome
        });
        self.uploading.insert(client_ref, handle);
    }
}

/// Copies a file and looks into it; or a sentence that says why it can't be had.
fn take(workshop: &Workshop, copy: &Copy, source: &FileSource) -> Result<ReadyFile, String> {
    copy.take(source).map_err(|trouble: CopyTrouble| trouble.to_string())?;
    look::prepare(workshop, copy, None).map_err(|refused| refused.reason)
}
