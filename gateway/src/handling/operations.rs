//! What contacts do to earlier messages: react, edit, take back. What is about a message that is not known yet waits for it.

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    event::Event,
    id::ContactId,
    message::{Author, Body, Earlier, Message, Reaction},
};

use super::{history_files, known_message, tell_reader};
use crate::{
    store::{
        Change, StoreError, interactions, lying, messages,
        reactions::{self, KeptReaction},
    },
    whatsapp::webhook::{Operation, Said},
};

/// What a message that was taken back says.
const TAKEN_BACK: &str = "[The contact took this message back]";

/// How many earlier versions of a message are kept; WhatsApp lets a message be changed for 15 minutes.
const MAX_EARLIER: usize = 50;

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
    lying::touch(change, interaction.id).await?;
    let message = Box::new(known_message(change, message.id).await?);
    tell_reader(change, &interaction, &Event::MessageChanged { message }, now).await
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
            let kept = KeptReaction { reaction, at, attempt: None, taken_off: None };
            reactions::put(change.db(), message.id, kept).await
        }
        // Nobody edits or takes back what somebody else wrote.
        Operation::Edit(_) | Operation::Revoke if !message.is_by_contact() => Ok(false),
        Operation::Edit(said) => {
            let body = history_files::with_file_of(&said.body, &message.body);
            edit(change, message, &Said { body, ..said.clone() }, at).await
        }
        Operation::Revoke => {
            messages::set_earlier(change.db(), message.id, &[]).await?;
            messages::erase(change.db(), message.id, TAKEN_BACK).await?;
            history_files::erase(change, message.id).await?;
            Ok(true)
        }
    }
}

/// Says a message differently, and keeps what it said before. An edit that comes after a later one has come takes its place
/// among what was said before.
async fn edit(
    change: &mut Change,
    message: &Message,
    said: &Said,
    at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    if message.body == Body::Deleted {
        return Ok(false);
    }
    let mut earlier = message.earlier.clone();
    match messages::edited_at(change.db(), message.id).await? {
        Some(newest) if at < newest => insert(&mut earlier, &said.fallback, (at, newest)),
        _ => {
            earlier.push(Earlier { text: message.fallback.clone(), until: at });
            messages::rewrite(change.db(), message.id, &said.body, &said.fallback, at).await?;
        }
    }
    if earlier.len() > MAX_EARLIER {
        // What was written first says most about what was changed.
        earlier.remove(1);
    }
    messages::set_earlier(change.db(), message.id, &earlier).await?;
    Ok(true)
}

/// Puts what was said from `at` on between its neighbours: it ended what was said before it, and was ended by what came next,
/// at `newest` if that is what stands now.
fn insert(earlier: &mut Vec<Earlier>, text: &str, (at, newest): (DateTime<Utc>, DateTime<Utc>)) {
    let place = earlier.partition_point(|one| one.until <= at);
    let until = match earlier.get_mut(place) {
        Some(before) => std::mem::replace(&mut before.until, at),
        None => newest,
    };
    earlier.insert((place + 1).min(earlier.len()), Earlier { text: text.to_owned(), until });
}

#[cfg(test)]
mod tests;
