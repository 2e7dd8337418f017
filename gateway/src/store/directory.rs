//! The directory as it is kept: a line for each contact, with what they are sorted and found by, and a full-text index over
//! the lines. A line is written anew in the change that changes its contact ([`refresh`]).
//!
//! # What is found by what
//!
//! * names, also of contacts that became part of this one, and the words of addresses, companies and attributes, by the beginnings of their words, folded as messages are;
//! * phone numbers, also those of contacts that became part of this one, by any three of their digits or more: every place in a number is indexed with the four digits from there
//!   on, so a run of digits is a phrase of such places, and a run of three the beginning of one;
//! * e-mail addresses and attributes as a whole: each is one word of the index, in which signs are letters of ours.

mod find;
mod lists;
mod sought;

use sqlx::SqliteConnection;
use waxwing_protocol::{
    contact::{Contact, DetailKind},
    id::ContactId,
};

pub use self::{
    find::{by_name, by_words, those_of},
    lists::{blocked, every, favourites, is_favourite, last_in_touch, recent, set_favourites},
    sought::{Sought, digits_in},
};
use super::{Store, StoreError, codec, contacts, merges, search::fold, words};

/// How many contacts of an earlier gateway are gone through in one commit.
const AT_ONCE: i64 = 200;
/// How many digits of a number are indexed.
const MAX_DIGITS: usize = 40;
/// What begins the word of a place in a phone number, of an e-mail address, of an attribute's key, of an attribute.
const PLACE: char = '\u{e000}';
const MAIL: char = '\u{e001}';
const KEY: char = '\u{e002}';
const FACT: char = '\u{e003}';
/// What stands between the key of an attribute and its value.
const BETWEEN: char = '\u{e004}';
/// From here on, signs are letters of ours: a sign stands as this much further.
const SIGNS: u32 = 0xe100;

/// A contact as a line of the directory.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
struct Line {
    sort_name: String,
    phone: Option<String>,
    names: String,
    words: String,
    mails: String,
    facts: String,
    digits: String,
}

impl Line {
    /// `others` are numbers by which they are found, too: those among the details without what makes no difference, and those
    /// that they have or had on WhatsApp; `parts` what those were called who became part of them.
    fn of(contact: &Contact, others: &[String], parts: &[String]) -> Self {
        let names = [&contact.name, &contact.profile_name, &contact.user_name].map(Option::as_deref);
        let parts = parts.iter().map(String::as_str);
        let details = || contact.details.iter();
        let values = details().map(|detail| detail.value.as_str());
        let whose = details().filter_map(|detail| detail.name.as_deref());
        let known = contact.attributes.iter().map(|attribute| attribute.value.as_str());
        let mails =
            details().filter(|detail| detail.kind == DetailKind::Email).map(|detail| mail(&detail.value));
        let facts = contact
            .attributes
            .iter()
            .flat_map(|attribute| [key(&attribute.key), fact(&attribute.key, &attribute.value)]);
        let written = details()
            .filter(|detail| detail.kind == DetailKind::Phone)
            .map(|detail| digits_in(&detail.value));
        let mut numbers: Vec<String> = Vec::new();
        for number in contact.whatsapp.phone.iter().cloned().chain(written).chain(others.iter().cloned()) {
            if !numbers.contains(&number) {
                numbers.push(number);
            }
        }
        Self {
            sort_name: fold(&contact.title()),
            phone: contact.whatsapp.phone.clone(),
            names: joined(names.into_iter().flatten().chain(parts)),
            words: joined(values.chain(whose).chain(known)),
            mails: mails.collect::<Vec<_>>().join(" "),
            facts: facts.collect::<Vec<_>>().join(" "),
            digits: numbers.iter().map(|number| places(number)).collect::<Vec<_>>().join(" "),
        }
    }
}

/// A line as it is kept.
#[derive(sqlx::FromRow)]
struct Kept {
    /// What it is called in the index.
    number: i64,
    #[sqlx(flatten)]
    line: Line,
}

/// Texts one after another, with something between them that no phrase goes across.
fn joined<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    texts.map(words::indexed).collect::<Vec<_>>().join(" \u{e0ff} ")
}

/// Every place in a number.
fn places(number: &str) -> String {
    let number = &number[..number.len().min(MAX_DIGITS)];
    let places = (0..number.len().saturating_sub(2)).map(|at| place(&number[at..(at + 4).min(number.len())]));
    places.collect::<Vec<_>>().join(" ")
}

fn place(digits: &str) -> String {
    format!("{PLACE}{digits}")
}

fn mail(address: &str) -> String {
    format!("{MAIL}{}", as_one_word(address))
}

fn key(key: &str) -> String {
    format!("{KEY}{}", as_one_word(key))
}

fn fact(key: &str, value: &str) -> String {
    format!("{FACT}{}{BETWEEN}{}", as_one_word(key), as_one_word(value))
}

/// A text that the tokenizer leaves whole: what is no letter becomes one.
fn as_one_word(text: &str) -> String {
    let letter = |c: char| {
        if c.is_alphanumeric() {
            return c;
        }
        // Signs beyond the first thousand share one letter; they are not what addresses and keys differ by.
        char::from_u32(SIGNS + (c as u32).min(0x3ff)).unwrap_or(BETWEEN)
    };
    fold(text.trim()).chars().map(letter).collect()
}

/// Writes a contact's line anew, or takes it out if they are part of another contact.
pub async fn refresh(db: &mut SqliteConnection, id: ContactId) -> Result<(), StoreError> {
    let kept: Option<Kept> = sqlx::query_as(
        "SELECT line AS number, sort_name, phone, names, words, mails, facts, digits FROM contact_lines WHERE contact_id = $1",
    )
    .bind(id.to_string())
    .fetch_optional(&mut *db)
    .await?;
    let kept = kept.map(|kept| (kept.number, kept.line));
    let wanted = if contacts::is_part(db, id).await? {
        None
    } else {
        let contact = contacts::get(db, id).await?;
        let others = [plain_numbers(db, id).await?, contacts::phones(db, id).await?].concat();
        Some(Line::of(&contact, &others, &merges::names_of_parts(db, id).await?))
    };
    match (kept, wanted) {
        (Some((_, kept)), Some(wanted)) if kept == wanted => Ok(()),
        (kept, wanted) => {
            let line = match &kept {
                Some((line, before)) => {
                    unindex(db, *line, before).await?;
                    Some(*line)
                }
                None => None,
            };
            write(db, id, line, wanted.as_ref()).await
        }
    }
}

async fn write(
    db: &mut SqliteConnection,
    id: ContactId,
    line: Option<i64>,
    wanted: Option<&Line>,
) -> Result<(), StoreError> {
    let Some(wanted) = wanted else {
        sqlx::query("DELETE FROM contact_lines WHERE contact_id = $1")
            .bind(id.to_string())
            .execute(db)
            .await?;
        return Ok(());
    };
    let line: i64 = sqlx::query_scalar(
        "INSERT INTO contact_lines (line, contact_id, sort_name, phone, names, words, mails, facts, digits)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (line) DO UPDATE SET sort_name = excluded.sort_name, phone = excluded.phone, names = excluded.names,
             words = excluded.words, mails = excluded.mails, facts = excluded.facts, digits = excluded.digits
         RETURNING line",
    )
    .bind(line)
    .bind(id.to_string())
    .bind(&wanted.sort_name)
    .bind(&wanted.phone)
    .bind(&wanted.names)
    .bind(&wanted.words)
    .bind(&wanted.mails)
    .bind(&wanted.facts)
    .bind(&wanted.digits)
    .fetch_one(&mut *db)
    .await?;
    let index = "INSERT INTO contact_words (rowid, names, words, mails, facts, digits) VALUES ($1, $2, $3, $4, $5, $6)";
    bound(index, line, wanted).execute(db).await?;
    Ok(())
}

async fn unindex(db: &mut SqliteConnection, line: i64, before: &Line) -> Result<(), StoreError> {
    let sql = "INSERT INTO contact_words (contact_words, rowid, names, words, mails, facts, digits)
               VALUES ('delete', $1, $2, $3, $4, $5, $6)";
    bound(sql, line, before).execute(db).await?;
    Ok(())
}

fn bound<'a>(
    sql: &'static str,
    line: i64,
    of: &'a Line,
) -> sqlx::query::Query<'a, sqlx::Sqlite, sqlx::sqlite::SqliteArguments> {
    sqlx::query(sql)
        .bind(line)
        .bind(&of.names)
        .bind(&of.words)
        .bind(&of.mails)
        .bind(&of.facts)
        .bind(&of.digits)
}

async fn plain_numbers(db: &mut SqliteConnection, id: ContactId) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT same FROM contact_details WHERE contact_id = $1 AND kind = $2 ORDER BY position, same";
    let same: Vec<String> = sqlx::query_scalar(sql)
        .bind(id.to_string())
        .bind(codec::to_json(&DetailKind::Phone)?)
        .fetch_all(db)
        .await?;
    Ok(same.iter().map(|same| digits_in(same)).collect())
}

/// Goes through contacts of an earlier gateway, so that they stand in the directory; others are written in between. Says how
/// many there were.
pub async fn catch_up(store: &Store) -> Result<u64, StoreError> {
    let (mut gone_through, mut after) = (0, String::new());
    loop {
        let ids: Vec<String> = sqlx::query_scalar(
            "SELECT id FROM contacts c WHERE id > $1 AND merged_into IS NULL
                 AND NOT EXISTS (SELECT 1 FROM contact_lines l WHERE l.contact_id = c.id)
             ORDER BY id LIMIT $2",
        )
        .bind(&after)
        .bind(AT_ONCE)
        .fetch_all(store.reader())
        .await?;
        let Some(last) = ids.last() else { return Ok(gone_through) };
        after.clone_from(last);
        let mut change = store.begin().await?;
        for id in ids {
            refresh(change.db(), codec::id(&id, "contacts.id")?).await?;
            gone_through += 1;
        }
        change.commit().await?;
    }
}

#[cfg(test)]
mod tests;
