//! The directory: everybody who ever wrote, or was written to. Every agent may look for them, look at them and change what is
//! said of them; to take them out of a file, or into one, is for whoever leads a team.
//!
//! * [`content`]: what may be said of a contact; [`changing`]: who makes and changes one; [`exchange`]: the
//!   directory as a file.

pub mod changing;
pub mod content;
pub mod exchange;

use waxwing_protocol::{
    directory::{
        ContactRecord, DirectoryEntry, DirectoryPage, DirectoryQuery, FavouriteContacts, MAX_DIRECTORY_PAGE,
        Shelf,
    },
    id::{AgentId, ContactId},
    problem::ProblemCode,
};

use super::{Refusal, phones::Phones};
use crate::store::{
    Change, Read, StoreError, contacts,
    directory::{self, Sought},
    merges,
};

/// The most bytes that are looked for.
const MAX_SOUGHT: usize = 500;
/// The most favourites of an agent.
const MAX_FAVOURITES: usize = 500;

/// Reads a page of the directory.
pub async fn page(
    read: &mut Read,
    agent: AgentId,
    query: &DirectoryQuery,
    phones: Phones,
) -> Result<DirectoryPage, Refusal> {
    if !(1..=MAX_DIRECTORY_PAGE).contains(&query.limit) {
        let detail = format!("A page holds 1 to {MAX_DIRECTORY_PAGE} contacts.");
        return Err(Refusal::new(ProblemCode::BadRequest, &detail));
    }
    let texts =
        [&query.words, &query.name, &query.phone, &query.email, &query.attribute_key, &query.attribute_value];
    if texts.into_iter().flatten().any(|text| text.len() > MAX_SOUGHT) {
        return Err(Refusal::new(ProblemCode::BadRequest, "Look for 500 bytes at most."));
    }
    let favourites = directory::favourites(read.db(), agent).await?;
    let mut found = match Sought::of(query, |typed| phones.forms(typed)) {
        Some(sought) => find(read, (agent, query), &sought, &favourites).await?,
        None => Vec::new(),
    };
    let limit = usize::try_from(query.limit).unwrap_or(usize::MAX);
    let more = found.len() > limit;
    found.truncate(limit);
    let last = directory::last_in_touch(read.db(), &found).await?;
    let mut known = contacts::each(read.db(), found.iter().copied()).await?;
    let entry = |id: &ContactId| {
        Some(DirectoryEntry {
            contact: known.remove(id)?,
            last_at: last.get(id).copied().flatten(),
            favourite: favourites.contains(id),
        })
    };
    let entries = found.iter().filter_map(entry).collect();
    Ok(DirectoryPage { entries, more })
}

/// Whoever is found, and one more than a page holds if there is one.
async fn find(
    read: &mut Read,
    (agent, query): (AgentId, &DirectoryQuery),
    sought: &Sought,
    favourites: &[ContactId],
) -> Result<Vec<ContactId>, StoreError> {
    let window = (query.offset, query.limit + 1);
    let among = match query.shelf {
        Shelf::All if sought.is_words_alone() => {
            return directory::by_words(read.db(), sought, window).await;
        }
        Shelf::All => return directory::by_name(read.db(), sought, window).await,
        Shelf::Recent => directory::recent(read.db(), agent).await?,
        Shelf::Favourites => favourites.to_vec(),
        Shelf::Blocked => directory::blocked(read.db()).await?,
    };
    let found = directory::those_of(read.db(), sought, among).await?;
    let size = |count: u32| usize::try_from(count).unwrap_or(usize::MAX);
    Ok(found.into_iter().skip(size(window.0)).take(size(window.1)).collect())
}

/// Everything that is known of a contact; of one who is part of another, what is known of that one.
pub async fn record(read: &mut Read, agent: AgentId, contact: ContactId) -> Result<ContactRecord, Refusal> {
    let id = contacts::resolve(read.db(), contact).await?.ok_or_else(unknown)?;
    Ok(ContactRecord {
        contact: contacts::get(read.db(), id).await?,
        former: contacts::former(read.db(), id).await?,
        merges: merges::of(read.db(), id).await?,
        favourite: directory::is_favourite(read.db(), agent, id).await?,
    })
}

/// Keeps an agent's favourites. Who is not there, or not any more, is passed over.
pub async fn set_favourites(
    change: &mut Change,
    agent: AgentId,
    wanted: &FavouriteContacts,
) -> Result<(), Refusal> {
    if wanted.contacts.len() > MAX_FAVOURITES {
        return Err(Refusal::new(ProblemCode::UnacceptableBody, "500 contacts at most can be favourites."));
    }
    let mut favourites = Vec::new();
    for contact in &wanted.contacts {
        match contacts::resolve(change.db(), *contact).await? {
            Some(id) if !favourites.contains(&id) => favourites.push(id),
            _ => {}
        }
    }
    Ok(directory::set_favourites(change.db(), agent, &favourites).await?)
}

pub(super) fn unknown() -> Refusal {
    Refusal::new(ProblemCode::NotFound, "There is no such contact.")
}

#[cfg(test)]
mod tests;
