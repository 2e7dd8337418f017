//! The index over everything that was said. A message stands in it under its place: the number of its interaction, and its own
//! in it. So the index goes through interactions in the order in which they began, and what it costs to find the newest in which
//! some words were said does not depend on how many there are.
//!
//! It is written in the change that writes the message: what is edited is found by its new words alone, and of what was taken
//! back nothing is left.

use sqlx::SqliteConnection;
use waxwing_protocol::id::{InteractionId, MessageId};

use super::{
    Store, StoreError, codec,
    words::{self, Ending, parted, phrase},
};

/// How many bits of a place are the message's own number.
const OWN_BITS: u32 = 20;
/// How many messages of an earlier gateway are gone through in one commit.
const AT_ONCE: i64 = 200;
/// How many places are read at a time, at first and at most.
const READ: (i64, i64) = (500, 20_000);

/// Gives a message a place behind those of its interaction, and puts what it says there.
pub(super) async fn add(
    db: &mut SqliteConnection,
    message: MessageId,
    interaction: InteractionId,
    folded: &str,
) -> Result<(), StoreError> {
    let place: i64 = sqlx::query_scalar(
        "UPDATE messages SET place = 1 + (
             SELECT COALESCE((SELECT MAX(m.place) FROM messages m
                              WHERE m.place > i.number << $3 AND m.place < (i.number + 1) << $3), i.number << $3)
             FROM interactions i WHERE i.id = $2)
         WHERE id = $1 RETURNING place",
    )
    .bind(message.to_string())
    .bind(interaction.to_string())
    .bind(OWN_BITS)
    .fetch_one(&mut *db)
    .await?;
    put(db, place, folded).await
}

async fn put(db: &mut SqliteConnection, place: i64, folded: &str) -> Result<(), StoreError> {
    if folded.is_empty() {
        return Ok(());
    }
    sqlx::query("INSERT INTO message_words (rowid, said) VALUES ($1, $2)")
        .bind(place)
        .bind(parted(folded))
        .execute(db)
        .await?;
    Ok(())
}

async fn take_out(db: &mut SqliteConnection, place: i64, folded: &str) -> Result<(), StoreError> {
    if folded.is_empty() {
        return Ok(());
    }
    sqlx::query("INSERT INTO message_words (message_words, rowid, said) VALUES ('delete', $1, $2)")
        .bind(place)
        .bind(parted(folded))
        .execute(db)
        .await?;
    Ok(())
}

/// Takes out what a message says before it says something else; gives where it stands, if it does.
pub(super) async fn lift(db: &mut SqliteConnection, message: MessageId) -> Result<Option<i64>, StoreError> {
    let row: Option<(Option<i64>, Option<String>)> =
        sqlx::query_as("SELECT place, folded FROM messages WHERE id = $1")
            .bind(message.to_string())
            .fetch_optional(&mut *db)
            .await?;
    let Some((Some(place), folded)) = row else { return Ok(None) };
    take_out(db, place, folded.as_deref().unwrap_or_default()).await?;
    Ok(Some(place))
}

/// Puts back what a message says now.
pub(super) async fn lay(
    db: &mut SqliteConnection,
    message: MessageId,
    place: Option<i64>,
) -> Result<(), StoreError> {
    let Some(place) = place else { return Ok(()) };
    let folded: Option<String> = sqlx::query_scalar("SELECT folded FROM messages WHERE id = $1")
        .bind(message.to_string())
        .fetch_one(&mut *db)
        .await?;
    put(db, place, folded.as_deref().unwrap_or_default()).await
}

/// Gives everything said in an interaction places behind those of another one, to which it goes.
pub(super) async fn move_to(
    db: &mut SqliteConnection,
    from: InteractionId,
    to: InteractionId,
) -> Result<(), StoreError> {
    let rows: Vec<(String, Option<i64>, Option<String>)> = sqlx::query_as(
        "SELECT id, place, folded FROM messages WHERE interaction_id = $1 ORDER BY sent_at, stored_at, id",
    )
    .bind(from.to_string())
    .fetch_all(&mut *db)
    .await?;
    for (id, place, folded) in rows {
        let (Some(place), Some(folded)) = (place, folded) else { continue };
        take_out(&mut *db, place, &folded).await?;
        add(&mut *db, codec::id(&id, "messages.id")?, to, &folded).await?;
    }
    Ok(())
}

/// Goes through messages of an earlier gateway, so that they can be found among all; others are written in between. Says how many
/// there were.
pub async fn catch_up(store: &Store) -> Result<u64, StoreError> {
    let (mut gone_through, mut after) = (0, String::new());
    loop {
        let mut change = store.begin().await?;
        let rows: Vec<(String, String, String)> = sqlx::query_as(
            "SELECT id, interaction_id, folded FROM messages INDEXED BY messages_unplaced
             WHERE place IS NULL AND folded IS NOT NULL AND id > $1 ORDER BY id LIMIT $2",
        )
        .bind(&after)
        .bind(AT_ONCE)
        .fetch_all(change.db())
        .await?;
        let Some((last, ..)) = rows.last() else { return Ok(gone_through) };
        after.clone_from(last);
        for (id, interaction, folded) in rows {
            let (id, interaction) =
                (codec::id(&id, "messages.id")?, codec::id(&interaction, "messages.interaction_id")?);
            add(change.db(), id, interaction, &folded).await?;
            gone_through += 1;
        }
        change.commit().await?;
    }
}

/// The interactions in which each of some words was said, the newest first.
#[derive(Debug)]
pub struct Finder {
    words: Vec<Said>,
    next: i64,
}

/// Where one of the words was said.
#[derive(Debug)]
struct Said {
    expression: String,
    /// The numbers of interactions, the highest last.
    read: Vec<i64>,
    /// Places from here on have been read.
    from: i64,
    at_once: i64,
}

impl Finder {
    /// Looks for words, the last of which may be the beginning of one, in interactions before that of a number. None if there is
    /// no word in them.
    #[must_use]
    pub fn new(typed: &str, before: i64) -> Option<Self> {
        let words: Vec<Said> = expressions(typed)
            .into_iter()
            .map(|expression| Said {
                expression,
                read: Vec::new(),
                from: before << OWN_BITS,
                at_once: READ.0,
            })
            .collect();
        (!words.is_empty()).then_some(Self { words, next: before - 1 })
    }

    /// The number of the next interaction.
    pub async fn next(&mut self, db: &mut SqliteConnection) -> Result<Option<i64>, StoreError> {
        let (mut number, mut agreed, mut at) = (self.next, 0, 0);
        // Each word in turn says where it was said last up to there, until all say the same.
        while agreed < self.words.len() {
            let Some(found) = self.words[at].up_to(db, number).await? else { return Ok(None) };
            agreed = if found == number { agreed + 1 } else { 1 };
            number = found;
            at = (at + 1) % self.words.len();
        }
        self.next = number - 1;
        Ok(Some(number))
    }
}

impl Said {
    /// The newest interaction up to a number in which it was said.
    async fn up_to(&mut self, db: &mut SqliteConnection, number: i64) -> Result<Option<i64>, StoreError> {
        loop {
            while let Some(last) = self.read.last() {
                if *last <= number {
                    return Ok(Some(*last));
                }
                self.read.pop();
            }
            let before = self.from.min((number + 1) << OWN_BITS);
            let places: Vec<i64> = sqlx::query_scalar(
                "SELECT rowid FROM message_words WHERE message_words MATCH $1 AND rowid < $2
                 ORDER BY rowid DESC LIMIT $3",
            )
            .bind(&self.expression)
            .bind(before)
            .bind(self.at_once)
            .fetch_all(&mut *db)
            .await?;
            let Some(last) = places.last() else { return Ok(None) };
            self.from = *last;
            self.at_once = (self.at_once * 2).min(READ.1);
            self.read = places.iter().rev().map(|place| place >> OWN_BITS).collect();
            self.read.dedup();
        }
    }
}

/// What finds each word.
fn expressions(typed: &str) -> Vec<String> {
    let words: Vec<&str> = typed.split_whitespace().collect();
    let last = words.len().saturating_sub(1);
    let ending = |at: usize| if at == last { Ending::Beginning } else { Ending::Whole };
    words.iter().enumerate().filter_map(|(at, word)| phrase(&words::indexed(word), ending(at))).collect()
}

#[cfg(test)]
mod tests;
