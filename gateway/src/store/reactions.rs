//! Emoji on messages as they are kept: one of the contact's and one of ours at most, whichever of us put it there, as
//! WhatsApp has it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::SqliteConnection;
use waxwing_protocol::{
    delivery::Delivery,
    id::MessageId,
    message::{Author, Reaction},
};

use super::{StoreError, codec};

/// A reaction with what decides between two of the same side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptReaction {
    /// Who put what on it; no emoji at all if they took it off.
    #[serde(flatten)]
    pub reaction: Reaction,
    /// WhatsApp's timestamp of a contact's, the gateway's clock for ours.
    pub at: DateTime<Utc>,
    /// Which of our attempts it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u32>,
    /// What was there before we took it off: it is still there if that fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_off: Option<String>,
}

impl KeptReaction {
    fn is_same_side(&self, other: &Self) -> bool {
        matches!(self.reaction.author, Author::Contact) == matches!(other.reaction.author, Author::Contact)
    }

    /// Whether it is one of ours.
    #[must_use]
    pub const fn is_ours(&self) -> bool {
        self.attempt.is_some()
    }

    /// Takes over how far it got. A reaction that could not be taken off is there again.
    pub fn advance(&mut self, next: Delivery) -> bool {
        let Some(sending) = &mut self.reaction.sending else { return false };
        if !sending.advance(next) {
            return false;
        }
        if sending.is_failed()
            && let Some(still_there) = &self.taken_off
        {
            self.reaction.emoji.clone_from(still_there);
        }
        true
    }
}

/// What there is to be seen in a column of reactions.
pub(super) fn shown(column: &str) -> Result<Vec<Reaction>, StoreError> {
    let kept: Vec<KeptReaction> = codec::from_json(column, "messages.reactions")?;
    let reactions = kept.into_iter().map(|kept| kept.reaction);
    Ok(reactions.filter(|reaction| !reaction.emoji.is_empty()).collect())
}

/// Everything kept about the reactions to a message.
pub async fn of(db: &mut SqliteConnection, id: MessageId) -> Result<Vec<KeptReaction>, StoreError> {
    let kept: String = sqlx::query_scalar("SELECT reactions FROM messages WHERE id = $1")
        .bind(id.to_string())
        .fetch_one(db)
        .await?;
    codec::from_json(&kept, "messages.reactions")
}

/// Our reaction to a message, also one that was taken off.
pub async fn ours(db: &mut SqliteConnection, id: MessageId) -> Result<Option<KeptReaction>, StoreError> {
    Ok(of(db, id).await?.into_iter().find(KeptReaction::is_ours))
}

/// Keeps a reaction in place of the former one of the same side; false if that one is newer.
pub async fn put(
    db: &mut SqliteConnection,
    id: MessageId,
    reaction: KeptReaction,
) -> Result<bool, StoreError> {
    let mut kept = of(&mut *db, id).await?;
    if kept.iter().any(|other| other.is_same_side(&reaction) && other.at > reaction.at) {
        return Ok(false);
    }
    kept.retain(|other| !other.is_same_side(&reaction));
    kept.push(reaction);
    keep(db, id, &kept).await?;
    Ok(true)
}

/// Takes over how far one of our attempts to react got; false if that is no news, or it has been replaced since.
pub async fn advance(
    db: &mut SqliteConnection,
    id: MessageId,
    attempt: u32,
    next: Delivery,
) -> Result<bool, StoreError> {
    let mut kept = of(&mut *db, id).await?;
    let Some(ours) = kept.iter_mut().find(|kept| kept.attempt == Some(attempt)) else { return Ok(false) };
    let moved = ours.advance(next);
    if moved {
        keep(db, id, &kept).await?;
    }
    Ok(moved)
}

async fn keep(db: &mut SqliteConnection, id: MessageId, kept: &[KeptReaction]) -> Result<(), StoreError> {
    sqlx::query("UPDATE messages SET reactions = $2 WHERE id = $1")
        .bind(id.to_string())
        .bind(codec::to_json(kept)?)
        .execute(db)
        .await?;
    Ok(())
}
