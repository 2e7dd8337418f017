//! The files that responses carry. One that was uploaded becomes the library's with the first response that names it; it stays
//! as long as a version of any needs it.

use waxwing_protocol::{
    id::{AgentId, AttachmentId},
    message::MediaKind,
    response::{ResponseContent, ResponseFile, StandardResponse},
    slot::SlotValue,
};

use super::{Refusal, unacceptable};
use crate::{
    media::sendable,
    store::{
        Change, StoreError,
        attachments::{self, Origin, Readable},
        library_files::{self, LibraryFile},
        uploads,
    },
};
/// What a file is called that has no name.
const NAMELESS: &str = "File";
/// The longest name of a file, in characters.
const LONGEST_NAME: usize = 255;

/// A file that a response needs.
#[derive(Debug, Clone)]
pub(super) struct Needed {
    id: AttachmentId,
    /// Filled in if it is an upload that is to become the library's.
    adopted: Option<LibraryFile>,
}

/// Finds the files of a response and fills in what the gateway knows of them. `agent` is none for whoever runs the house, who
/// sees every file of the library and has no uploads.
pub(super) async fn find(
    change: &mut Change,
    agent: Option<AgentId>,
    content: &mut ResponseContent,
) -> Result<Vec<Needed>, Refusal> {
    let mut needed = Vec::new();
    for file in &mut content.files {
        let found =
            of_library(change, agent, file.attachment).await?.ok_or_else(|| unknown(&file.file_name))?;
        describe(file, &found)?;
        push(&mut needed, found);
    }
    let values = content.notification.iter_mut().flat_map(|prefilled| prefilled.values.values_mut());
    for value in values {
        let SlotValue::Media { attachment, file_name } = value else { continue };
        let name = file_name.as_deref().unwrap_or_default();
        let found = of_library(change, agent, *attachment).await?.ok_or_else(|| unknown(name))?;
        push(&mut needed, found);
    }
    Ok(needed)
}

struct Found {
    file: LibraryFile,
    is_upload: bool,
}

fn push(needed: &mut Vec<Needed>, Found { file, is_upload }: Found) {
    if needed.iter().all(|other| other.id != file.id) {
        needed.push(Needed { id: file.id, adopted: is_upload.then_some(file) });
    }
}

async fn of_library(
    change: &mut Change,
    agent: Option<AgentId>,
    id: AttachmentId,
) -> Result<Option<Found>, StoreError> {
    let Some(agent) = agent else {
        let file = library_files::get(change.db(), id).await?;
        return Ok(file.map(|file| Found { file, is_upload: false }));
    };
    let Some(readable) = attachments::readable(change.db(), id, agent).await? else { return Ok(None) };
    let is_upload = match readable.origin {
        Origin::Library => false,
        Origin::Upload(None) => true,
        Origin::Upload(Some(_)) | Origin::Message => return Ok(None),
    };
    let Readable { file, size_bytes, looked: Some(looked), kind, file_name, .. } = readable else {
        return Ok(None);
    };
    let file_name = file_name.unwrap_or_default();
    Ok(Some(Found { file: LibraryFile { id, file, kind, file_name, size_bytes, looked }, is_upload }))
}

fn unknown(name: &str) -> Refusal {
    unacceptable(&format!("The file {} is not in the library. Attach it again.", quoted(name)))
}

/// A name of a file as a sentence has it.
fn quoted(name: &str) -> String {
    let name: String = name.chars().filter(|c| !c.is_control()).take(60).collect();
    if name.is_empty() { "of this response".to_owned() } else { format!("“{name}”") }
}

fn describe(file: &mut ResponseFile, found: &Found) -> Result<(), Refusal> {
    let found = &found.file;
    let given = if file.file_name.trim().is_empty() { &found.file_name } else { &file.file_name };
    let name: String = given.trim().chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    file.file_name = if name.is_empty() { NAMELESS.to_owned() } else { name };
    file.size_bytes = found.size_bytes;
    file.about = Some(Box::new(found.looked.about.clone()));
    let caption = file.caption.take().map(|caption| caption.trim().to_owned());
    file.caption = caption.filter(|caption| !caption.is_empty());
    if file.kind == MediaKind::Unknown {
        return Err(unacceptable("The gateway can't send a file of this kind. Send it as a document."));
    }
    if file.caption.is_some() && matches!(file.kind, MediaKind::Audio | MediaKind::Sticker) {
        return Err(unacceptable("WhatsApp takes no text under sound or a sticker."));
    }
    sendable(&found.looked, (&file.file_name, found.size_bytes), file.kind)
        .map_err(|reason| unacceptable(&reason))
}

/// Keeps what the newest version of a response needs.
pub(super) async fn keep(
    change: &mut Change,
    response: &StandardResponse,
    needed: Vec<Needed>,
) -> Result<(), StoreError> {
    for Needed { id, adopted } in needed {
        if let Some(file) = adopted {
            library_files::add(change.db(), &file).await?;
            uploads::mark_sent(change.db(), id).await?;
        }
        library_files::need(change.db(), (response.id, response.version), id).await?;
    }
    Ok(())
}
