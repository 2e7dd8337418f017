//! Finds words in what was said. Every message is kept a second time as it is searched, in `messages.folded`, and the index
//! that orders a session holds that text, so a search reads nothing else, newest first, and stops when it has enough.
//!
//! # What is the same
//!
//! Text is folded when it is stored, and what is looked for in the same way:
//!
//! * compatibility forms are what they stand for (NFKD, UAX #15): `ﬁ` is `fi`, full-width letters are letters;
//! * case is folded in full, in every script (Unicode, default case folding): `STRASSE` is `straße`, `ΟΔΟΣ` is `οδος`; and
//!   `ı` is `i`, as it would otherwise not be its own capital;
//! * marks that people leave out when they type are left out: accents of Latin, Greek and Cyrillic letters, Hebrew points,
//!   Arabic vowel signs and lengthening. `joao` finds `João`. Marks that are letters in their script, as in Hindi or Thai, stay;
//! * what can't be seen is left out: soft hyphens, joiners, marks of direction, variation selectors.
//!
//! The rest is put together again (NFC), so that half a Korean syllable or a kana without its mark finds nothing.

use icu_casemap::CaseMapper;
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};
use waxwing_protocol::{id::MessageId, message::Body};

use super::{
    Store, StoreError, codec,
    pages::{self, Direction, Thread},
};

/// How many messages of an earlier gateway are gone through in one commit.
const AT_ONCE: i64 = 200;

/// A text as it is searched.
#[must_use]
pub fn fold(text: &str) -> String {
    let apart = DecomposingNormalizerBorrowed::new_nfkd().normalize_iter(text.chars());
    let seen: String = apart.filter(|c| !is_left_out(*c)).map(|c| if c == 'ı' { 'i' } else { c }).collect();
    let folded = CaseMapper::new().fold_string(&seen);
    ComposingNormalizerBorrowed::new_nfc().normalize(&folded).into_owned()
}

const fn is_left_out(c: char) -> bool {
    let accent = matches!(c, '\u{300}'..='\u{36f}');
    let vowel_sign = matches!(c, '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}'..='\u{5c7}' | '\u{640}' | '\u{64b}'..='\u{652}');
    let unseen = matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}');
    accent || vowel_sign || unseen
}

/// A message as it is searched. Of what was taken back there is nothing to be found.
pub(super) fn folded(body: &Body, fallback: &str) -> String {
    if *body == Body::Deleted { String::new() } else { fold(fallback) }
}

/// The newest messages of a thread in which each of these words stands, at most `limit` of them.
///
/// The words are folded here.
pub async fn find(
    db: &mut SqliteConnection,
    thread: Thread,
    words: &[&str],
    limit: usize,
) -> Result<Vec<MessageId>, StoreError> {
    let patterns: Vec<String> = words.iter().map(|word| pattern(&fold(word))).collect();
    let mut found = Vec::new();
    let mut session = pages::next_session(db, thread, None, Direction::Older).await?;
    while let Some(within) = session.filter(|_| found.len() < limit) {
        let left = i64::try_from(limit - found.len()).unwrap_or(i64::MAX);
        let ids: Vec<String> =
            query(within.id(), &patterns, left).build_query_scalar().fetch_all(&mut *db).await?;
        for id in ids {
            found.push(codec::id(&id, "messages.id")?);
        }
        session = pages::next_session(db, thread, Some(&within), Direction::Older).await?;
    }
    Ok(found)
}

fn query<'a>(session: &'a str, patterns: &'a [String], limit: i64) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new("SELECT id FROM messages WHERE session_id = ");
    query.push_bind(session.to_owned());
    for pattern in patterns {
        query.push(" AND folded LIKE ").push_bind(pattern.clone()).push(r" ESCAPE '\'");
    }
    query.push(" ORDER BY sent_at DESC, stored_at DESC, id DESC LIMIT ").push_bind(limit);
    query
}

/// A pattern that finds a word wherever it stands; what LIKE reads as a sign stands for itself.
fn pattern(word: &str) -> String {
    let mut pattern = String::from("%");
    for c in word.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// Goes through messages of an earlier gateway, so that they can be found; others are written in between. Says how many
/// there were.
pub async fn catch_up(store: &Store) -> Result<u64, StoreError> {
    let mut gone_through = 0;
    loop {
        let rows: Vec<(String, String, String)> =
            sqlx::query_as("SELECT id, body, fallback FROM messages WHERE folded IS NULL LIMIT $1")
                .bind(AT_ONCE)
                .fetch_all(store.reader())
                .await?;
        if rows.is_empty() {
            return Ok(gone_through);
        }
        let mut texts = Vec::with_capacity(rows.len());
        for (id, body, fallback) in rows {
            let body: Body = codec::from_json(&body, "messages.body")?;
            texts.push((id, folded(&body, &fallback)));
        }
        let mut change = store.begin().await?;
        for (id, text) in texts {
            // One that was edited since it was read has been folded with it.
            gone_through += sqlx::query("UPDATE messages SET folded = $2 WHERE id = $1 AND folded IS NULL")
                .bind(id)
                .bind(text)
                .execute(change.db())
                .await?
                .rows_affected();
        }
        change.commit().await?;
    }
}

#[cfg(test)]
mod tests;
