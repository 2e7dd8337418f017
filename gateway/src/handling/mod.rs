//! What the gateway decides. Each function takes part in one [`Change`]: what it stores and what it tells agents becomes true
//! together or not at all. The time is an argument.
//!
//! * [`inbound`]: what WhatsApp reports; [`identity`]: who that is; [`operations`]: changes to earlier messages.
//! * [`routing`]: who gets an interaction; [`workbins`]: where it lies that nobody handles just now. Both ask the machine of its
//!   life ([`crate::life`]), and what that decides is done in one place.
//! * [`outbound`]: what agents say; [`outgoing_files`]: the files in it; [`reacting`]: the emoji they put on messages; [`delivery`]: how far both get.
//! * [`drafts`]: what agents are writing; [`reading`]: what they have read; [`details`]: what they add to contacts.
//! * [`directory`]: who the contacts are, as agents know them; [`phones`]: numbers as people write them.
//! * [`chats`]: chats that agents begin.
//! * [`past`]: how interactions are found again; [`merging`]: contacts that agents make one.
//! * [`history`]: what was said before; [`history_files`]: our copies of its files.
//! * [`uploads`]: files on their way from desktops.
//! * [`templates`]: what may be sent as a notification; [`notifying`]: one that is sent.
//! * [`library`]: prepared replies, who may change them, and who has used them.
//! * [`wrap_up`]: how work ends, and what is kept of it.
//! * [`status`]: agents come, go and pause; [`due`]: what happens by itself when its time has come.

mod blocking;
mod cells;
pub mod chats;
pub mod delivery;
pub mod details;
pub mod directory;
pub mod drafts;
pub mod due;
pub mod history;
pub mod history_files;
pub mod identity;
pub mod inbound;
pub mod library;
pub mod merging;
mod moving;
pub mod notifying;
pub mod operations;
pub mod outbound;
pub mod outgoing_files;
pub mod past;
pub mod phones;
pub mod reacting;
pub mod reading;
pub mod routing;
pub mod status;
pub mod templates;
pub mod uploads;
pub mod workbins;
pub mod wrap_up;

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    event::Event,
    id::MessageId,
    interaction::Interaction,
    message::Message,
    problem::{Problem, ProblemCode},
};

use crate::store::{Change, StoreError, interactions, messages};

/// Why something asked for was not done.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// It may not be done, and the caller is told why.
    #[error(transparent)]
    Problem(#[from] Problem),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Refusal {
    fn new(code: ProblemCode, detail: &str) -> Self {
        Self::Problem(Problem::new(code, detail))
    }
}

/// Tells an interaction's owner, if it has one.
async fn tell_owner(
    change: &mut Change,
    interaction: &Interaction,
    event: &Event,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    match interaction.owner {
        Some(owner) => change.emit(owner, event, now).await,
        None => Ok(()),
    }
}

/// Tells whoever has a message before them: the owner of its interaction or, once that is over, of the one that goes on with
/// the same contact, since the transcript there reaches back.
async fn tell_reader(
    change: &mut Change,
    interaction: &Interaction,
    event: &Event,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (contact, number) = (interaction.contact.id, interaction.business_number.id);
    match interactions::open_with(change.db(), contact, number).await? {
        Some(open) if open != interaction.id => {
            let open = interactions::known(change.db(), open).await?;
            tell_owner(change, &open, event, now).await
        }
        _ => tell_owner(change, interaction, event, now).await,
    }
}

/// Keeps an interaction that was changed and tells its owner.
async fn save(
    change: &mut Change,
    interaction: &mut Interaction,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    interactions::save(change, interaction).await?;
    let event = Event::InteractionChanged { interaction: Box::new(interaction.clone()) };
    tell_owner(change, interaction, &event, now).await
}

/// A message that must be there, because it was found a moment ago in the same change.
async fn known_message(change: &mut Change, id: MessageId) -> Result<Message, StoreError> {
    let message = messages::get(change.db(), id).await?;
    message.ok_or(StoreError::Unreadable { what: "message that something points to" })
}

#[cfg(test)]
pub(crate) mod stage;
#[cfg(test)]
mod tests;
