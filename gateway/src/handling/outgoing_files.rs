//! Files that agents send: one that they have uploaded, or one of a message before them or of the library, which goes on without
//! being stored twice.

use chrono::{DateTime, Utc};
use waxwing_media::{
    inspect::PictureForm,
    kind::FileType,
    name::{CleanName, extension_of},
    verdict::{Claim, agreed},
};
use waxwing_protocol::{
    attachment::Attachment,
    id::{AgentId, AttachmentId, MessageId},
    interaction::Interaction,
    message::{MAX_CAPTION_CHARS, Media, MediaKind},
    problem::ProblemCode,
};

use super::{Refusal, history_files::ready};
use crate::{
    limits::{Direction, Limits},
    media::sendable,
    random,
    store::{
        Change, StoreError,
        attachments::{self, Kept, Origin, Readable, Seen},
        uploads,
    },
};

/// What a document is called that has no name.
const NAMELESS: &str = "Document";

/// A file that is to become part of a message.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// As the message shows it.
    pub media: Media,
    /// Our copy's name in this message.
    pub id: AttachmentId,
    from: Readable,
}

impl Outgoing {
    /// The same file once more in the same message.
    #[must_use]
    pub fn once_more(mut self, now: DateTime<Utc>) -> Self {
        self.id = AttachmentId::new(now, random::bytes());
        // The upload it was is the first one's.
        self.from.origin = Origin::Message;
        if let Some(attachment) = &mut self.media.attachment {
            attachment.id = self.id;
        }
        self
    }
}

/// What is wanted of a file.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// As what it goes.
    pub kind: MediaKind,
    /// Text under it.
    pub caption: Option<&'a str>,
    /// What the contact sees as its name.
    pub file_name: Option<&'a str>,
    /// Whether it goes as a voice note.
    pub voice: bool,
}

/// Takes a file out that this agent may send to this contact. The rules are WhatsApp's (Cloud API, supported media types) and the
/// administrator's.
pub async fn take(
    change: &mut Change,
    (agent, interaction): (AgentId, &Interaction),
    (attachment, wanted): (AttachmentId, Wanted<'_>),
    limits: &Limits,
    now: DateTime<Utc>,
) -> Result<Outgoing, Refusal> {
    let missing = || Refusal::new(ProblemCode::NotFound, "There is no such file.");
    let from = attachments::readable(change.db(), attachment, agent).await?.ok_or_else(missing)?;
    if matches!(from.origin, Origin::Upload(Some(to)) if to != interaction.id) {
        return Err(missing());
    }
    let caption = wanted.caption.map(str::trim).filter(|caption| !caption.is_empty());
    let wanted = Wanted { caption, ..wanted };
    let mut media = acceptable(&wanted, &from, limits)?;
    // What goes on belongs to two things from now on, and each may go by itself.
    let id = match from.origin {
        Origin::Upload(_) => attachment,
        Origin::Message | Origin::Library => AttachmentId::new(now, random::bytes()),
    };
    if let Some(looked) = &from.looked {
        media.attachment = Some(Attachment { id, state: ready(from.size_bytes, &looked.about) });
    }
    Ok(Outgoing { media, id, from })
}

/// The file as it is sent, or why it is not.
fn acceptable(wanted: &Wanted<'_>, from: &Readable, limits: &Limits) -> Result<Media, Refusal> {
    let refused = |detail: &str| Err(Refusal::new(ProblemCode::UnacceptableBody, detail));
    let Some(looked) = &from.looked else {
        let soon = "The gateway is still looking into this file. Try again in a moment.";
        return Err(Refusal::new(ProblemCode::Conflict, soon));
    };
    let kind = wanted.kind;
    if kind == MediaKind::Unknown {
        return refused("The gateway can't send a file of this kind. Send it as a document.");
    }
    let name = wanted.file_name.or(from.file_name.as_deref()).unwrap_or_default();
    if let Err(reason) = sendable(looked, (name, from.size_bytes), kind)
        .and_then(|()| limits.admit(Direction::Outgoing, &looked.about.mime, from.size_bytes))
    {
        return refused(&reason);
    }
    if wanted.caption.is_some() && matches!(kind, MediaKind::Audio | MediaKind::Sticker) {
        return refused("WhatsApp takes no text under sound or a sticker. Send it by itself.");
    }
    if wanted.caption.is_some_and(|caption| caption.chars().count() > MAX_CAPTION_CHARS) {
        return refused("The text under this file is longer than the 1,024 characters that WhatsApp takes.");
    }
    let seen = looked.seen.as_ref();
    let file_type = seen.map_or(FileType::Unknown, |seen| type_of(seen, name));
    if wanted.voice && (kind != MediaKind::Audio || file_type != FileType::OggOpus) {
        return refused("Only sound in Ogg with Opus can be sent as a voice message.");
    }
    Ok(Media {
        kind,
        mime: Some(looked.about.mime.clone()),
        caption: wanted.caption.map(str::to_owned),
        file_name: (kind == MediaKind::Document).then(|| cleaned(name, file_type)),
        voice: wanted.voice,
        animated: kind == MediaKind::Sticker
            && seen.is_some_and(|seen| seen.found.picture == PictureForm::Animated),
        attachment: None,
    })
}

fn type_of(seen: &Seen, name: &str) -> FileType {
    let claim = Claim { declared_mime: None, name: Some(name) };
    agreed(&seen.found, &claim).unwrap_or(seen.found.file_type)
}

/// The name that the contact sees: without what could mislead, with the extension of what the file is. Of a type that nobody
/// knows an extension of, the agent's own stays.
fn cleaned(name: &str, file_type: FileType) -> String {
    let clean = CleanName::new(Some(name), NAMELESS, file_type);
    if file_type.extensions().is_empty() && extension_of(clean.stem()).is_some() {
        return clean.stem().to_owned();
    }
    clean.to_string()
}

/// Makes a file part of a message that was stored just now.
pub async fn attach(
    change: &mut Change,
    (interaction, message): (&Interaction, MessageId),
    outgoing: Outgoing,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Outgoing { id, media: Media { kind, .. }, from } = outgoing;
    let Some(looked) = from.looked else { return Ok(()) };
    let number = interaction.business_number.id;
    let kept = Kept { id, message, number, kind, file: from.file, size_bytes: from.size_bytes, looked };
    attachments::keep(change.db(), &kept, now).await?;
    if matches!(from.origin, Origin::Upload(_)) {
        uploads::mark_sent(change.db(), id).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
