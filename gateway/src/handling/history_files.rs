//! Our own copies of the files that messages carry: announced with the message, settled when the file is there or never will
//! be, gone when the message is taken back.

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    attachment::{About, Attachment, AttachmentState},
    event::Event,
    id::{AgentId, AttachmentId, InteractionId, MessageId},
    interaction::Interaction,
    message::{Body, Message},
    problem::ProblemCode,
};

use super::{Refusal, known_message, outbound, tell_reader, workbins::may_read};
use crate::{
    media::draw_name,
    random,
    store::{
        Bell, Change, Read, StoreError,
        attachments::{self, Announced, Looked, Readable, Unseen, Wanted},
        interactions, messages,
    },
    whatsapp::webhook::Said,
};

/// What an agent reads about a file that WhatsApp gave no id for.
const WITHOUT_ID: &str = "WhatsApp did not say where this file is. Ask the contact to send it again.";

/// What was said, with our copy of its file announced, and what is to be kept of that with the message.
#[must_use]
pub fn announced(said: &Said, now: DateTime<Utc>) -> (Body, Option<Announced>) {
    let Body::Media(media) = &said.body else { return (said.body.clone(), None) };
    let id = AttachmentId::new(now, random::bytes());
    let (state, announced) = match &said.file {
        Some(file) => {
            let announced = Announced {
                id,
                media_id: file.media_id.clone(),
                kind: media.kind,
                sha256: file.sha256.clone(),
                file: draw_name(),
            };
            (AttachmentState::Fetching, Some(announced))
        }
        None => (AttachmentState::Failed { reason: WITHOUT_ID.to_owned() }, None),
    };
    let mut media = media.clone();
    media.attachment = Some(Attachment { id, state });
    (Body::Media(media), announced)
}

/// Has the file of a message that was stored just now fetched.
pub async fn fetch(
    change: &mut Change,
    (interaction, message): (&Interaction, MessageId),
    announced: &Announced,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let of = (message, interaction.business_number.id);
    attachments::add(change.db(), announced, of, now).await?;
    change.ring(Bell::Media);
    Ok(())
}

/// The body of an edited message with the file that it had: WhatsApp lets people edit what stands under a file, not the file.
#[must_use]
pub fn with_file_of(edited: &Body, before: &Body) -> Body {
    match (edited, before) {
        (Body::Media(edited), Body::Media(before)) if edited.kind == before.kind => {
            let mut media = edited.clone();
            media.attachment.clone_from(&before.attachment);
            Body::Media(media)
        }
        _ => edited.clone(),
    }
}

/// Has the files of a message removed that was taken back.
pub async fn erase(change: &mut Change, message: MessageId) -> Result<(), StoreError> {
    if attachments::erase(change.db(), message).await? {
        change.ring(Bell::Media);
    }
    Ok(())
}

/// Tries again to get the file of a contact's message that could not be had. WhatsApp may have it: what fails for good fails
/// once more, and says why.
pub async fn fetch_again(
    change: &mut Change,
    agent: AgentId,
    (interaction, message): (InteractionId, MessageId),
    now: DateTime<Utc>,
) -> Result<Message, Refusal> {
    let interaction = outbound::owned(change, agent, interaction).await?;
    let Some(mut message) = outbound::said_with(change, &interaction, message).await? else {
        return Err(Refusal::new(ProblemCode::NotFound, "There is no such message in this conversation."));
    };
    let Body::Media(media) = &mut message.body else { return Err(not_failed()) };
    let Some(attachment) = &mut media.attachment else { return Err(not_failed()) };
    if !attachments::want_again(change.db(), attachment.id, now).await? {
        return Err(not_failed());
    }
    attachment.state = AttachmentState::Fetching;
    messages::set_body(change.db(), message.id, &message.body).await?;
    change.ring(Bell::Media);
    let changed = Event::MessageChanged { message: Box::new(message.clone()) };
    tell_reader(change, &interaction, &changed, now).await?;
    Ok(message)
}

fn not_failed() -> Refusal {
    Refusal::new(ProblemCode::Conflict, "This message has no file that could not be had.")
}

/// Writes down how fetching a file ended (how long it is and what, or why it can't be had), and tells whoever has the message
/// before them. False if the message was taken back meanwhile, so that the file is not wanted any more.
pub async fn settle(
    change: &mut Change,
    wanted: &Wanted,
    outcome: Result<(u64, &Looked), &str>,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let id = wanted.announced.id;
    if !attachments::settle(change.db(), id, outcome.ok()).await? {
        return Ok(false);
    }
    let state = match outcome {
        Ok((size_bytes, looked)) => ready(size_bytes, &looked.about),
        Err(reason) => AttachmentState::Failed { reason: reason.to_owned() },
    };
    let message = known_message(change, wanted.message).await?;
    let Body::Media(mut media) = message.body else { return Ok(true) };
    media.attachment = Some(Attachment { id, state });
    messages::set_body(change.db(), message.id, &Body::Media(media)).await?;
    let interaction = interactions::known(change.db(), message.interaction).await?;
    let message = Box::new(known_message(change, message.id).await?);
    tell_reader(change, &interaction, &Event::MessageChanged { message }, now).await?;
    Ok(true)
}

/// Writes down what a file is that was here before anybody looked into it, and tells whoever has its message before them.
pub async fn seen(
    change: &mut Change,
    unseen: &Unseen,
    looked: &Looked,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if !attachments::set_looked(change.db(), unseen.id, looked).await? {
        return Ok(());
    }
    let message = known_message(change, unseen.message).await?;
    let Body::Media(mut media) = message.body else { return Ok(()) };
    let state = ready(unseen.size_bytes, &looked.about);
    media.attachment = Some(Attachment { id: unseen.id, state });
    messages::set_body(change.db(), message.id, &Body::Media(media)).await?;
    let interaction = interactions::known(change.db(), message.interaction).await?;
    let message = Box::new(known_message(change, message.id).await?);
    tell_reader(change, &interaction, &Event::MessageChanged { message }, now).await
}

/// A file that an agent may have: theirs to send or to see, or one of a conversation that they may read.
pub async fn readable(
    read: &mut Read,
    agent: AgentId,
    id: AttachmentId,
) -> Result<Option<Readable>, StoreError> {
    if let Some(theirs) = attachments::readable(read.db(), id, agent).await? {
        return Ok(Some(theirs));
    }
    if !may_read(read.db(), agent).await? {
        return Ok(None);
    }
    attachments::of_message(read.db(), id).await
}

/// A file that is here.
pub(super) fn ready(size_bytes: u64, about: &About) -> AttachmentState {
    AttachmentState::Ready { size_bytes, about: Some(Box::new(about.clone())) }
}

#[cfg(test)]
mod tests;
