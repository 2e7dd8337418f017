//! What a contact writes while they are blocked is held: nothing is opened, nobody hears of it. When they no longer are, it
//! takes its place in the transcript, and nobody is made to answer it.

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    event::Event,
    id::{BusinessNumberId, ContactId, InteractionId},
    interaction::Origin,
    message::Author,
};

use super::{inbound, moving, operations, save, tell_owner};
use crate::{
    life::{Command, Target},
    store::{Change, StoreError, contacts, held, interactions},
    whatsapp::webhook::{Content, InboundMessage},
};

/// Holds what a contact wrote if they are blocked; false if they are not.
pub(super) async fn hold(
    change: &mut Change,
    (contact, number): (ContactId, BusinessNumberId),
    message: &InboundMessage,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    if !contacts::is_blocked(change.db(), contact).await? {
        return Ok(false);
    }
    let text = serde_json::to_string(message)
        .map_err(|_unwritable| StoreError::Unreadable { what: "message to be held" })?;
    held::add(change.db(), (contact, number), &text, now).await?;
    tracing::info!(contact.id = %contact, "a message of a blocked contact is held");
    Ok(true)
}

/// Puts what was held into the transcript.
pub(super) async fn release(
    change: &mut Change,
    contact: ContactId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    for held in held::take(change.db(), contact).await? {
        let message: InboundMessage = serde_json::from_str(&held.message)
            .map_err(|_invalid| StoreError::Unreadable { what: "held_messages.message" })?;
        match &message.content {
            Content::Said(said) => {
                let id = place(change, (contact, held.number), now).await?;
                let mut interaction = interactions::known(change.db(), id).await?;
                let stored =
                    inbound::store(change, &interaction, (&message, said), Author::Contact, now).await?;
                interactions::heard(change.db(), &mut interaction, stored.sent_at.min(now)).await?;
                save(change, &mut interaction, now).await?;
                let event = Event::MessageAdded { message: Box::new(stored) };
                tell_owner(change, &interaction, &event, now).await?;
                operations::apply_waiting(change, &message.wamid, now).await?;
            }
            Content::Operation { target, operation } => {
                let at = message.sent_at.unwrap_or(held.at);
                operations::operate(change, contact, target, (operation, at), now).await?;
            }
            // Names are followed at once, also of those who are blocked.
            Content::IdentityChange { .. } => {}
        }
    }
    Ok(())
}

/// Where something goes that nobody is to be troubled with: into what is under way, else into what was last, else into an
/// interaction of its own that is done.
async fn place(
    change: &mut Change,
    (contact, number): (ContactId, BusinessNumberId),
    now: DateTime<Utc>,
) -> Result<InteractionId, StoreError> {
    if let Some(open) = interactions::open_with(change.db(), contact, number).await? {
        return Ok(open);
    }
    if let Some(last) = interactions::last_with(change.db(), contact, number).await? {
        return Ok(last);
    }
    let id = interactions::open(change.db(), (contact, number), Origin::Inbound, now).await?;
    let mut interaction = interactions::known(change.db(), id).await?;
    let begin = Command::Begin { to: Target::Queue, by: None };
    moving::go(change, &mut interaction, &begin, now).await?;
    moving::go(change, &mut interaction, &Command::Finish { by: None }, now).await?;
    Ok(id)
}
