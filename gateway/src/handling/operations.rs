//! What contacts do to earlier messages: react, edit, take back. What is about a message that is not known yet waits for it.

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    event::Event,
    id::ContactId,
    message::{Author, Message, Reaction},
};

use super::{history_files, known_message, tell_owner};
use crate::{
    store::{
        Change, StoreError, interactions,
        messages::{self, KeptReaction},
    },
    whatsapp::webhook::Operation,
};

/// What a message that was taken back says.
const TAKEN_BACK: &str = "[The contact took this message back]";

/// Does to the message called `target` what `contact` wants done.
pub async fn operate(
    change: &mut Change,
    contact: ContactId,
    target: &str,
    (operation, at): (&Operation, DateTime<Utc>),
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Some(message) = messages::by_wamid(change.db(), target).await? else {
        let operation = serde_json::to_string(operation)
            .map_err(|_unwritable| StoreError::Unreadable { what: "operation to be stored" })?;
        return messages::keep_waiting(change.db(), target, &operation, at).await;
    };
    let interaction = interactions::known(change.db(), message.interaction).await?;
    if interaction.contact.id != contact || !apply(change, &message, operation, at).await? {
        return Ok(());
    }
    let message = Box::new(known_message(change, message.id).await?);
    tell_owner(change, &interaction, &Event::MessageChanged { message }, now).await
}

/// Does what waited for the message called `wamid`, which is known now.
pub async fn apply_waiting(change: &mut Change, wamid: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    for (operation, at) in messages::take_waiting(change.db(), wamid).await? {
        let Some(message) = messages::by_wamid(change.db(), wamid).await? else { continue };
        let contact = interactions::known(change.db(), message.interaction).await?.contact.id;
        if let Ok(operation) = serde_json::from_str(&operation) {
            operate(change, contact, wamid, (&operation, at), now).await?;
        }
    }
    Ok(())
}

/// Says whether anything changed.
async fn apply(
    change: &mut Change,
    message: &Message,
    operation: &Operation,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    match operation {
        Operation::React(emoji) => {
            let reaction =
                Reaction { author: Author::Contact, emoji: emoji.clone().unwrap_or_default(), sending: None };
            messages::react(change.db(), message.id, KeptReaction { reaction, at }).await
        }
        // Nobody edits or takes back what somebody else wrote.
        Operation::Edit(_) | Operation::Revoke if !message.is_by_contact() => Ok(false),
        Operation::Edit(said) => {
            let body = history_files::with_file_of(&said.body, &message.body);
            messages::rewrite(change.db(), message.id, &body, &said.fallback, at).await
        }
        Operation::Revoke => {
            messages::erase(change.db(), message.id, TAKEN_BACK).await?;
            history_files::erase(change, message.id).await?;
            Ok(true)
        }
    }
}
