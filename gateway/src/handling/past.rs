//! How an interaction is found again, and what happened to it. Everybody may see what was said with any contact; what another
//! agent handled is told as such to whoever leads a team.

use waxwing_protocol::{
    directory::DirectoryQuery,
    history::{
        HistoryEntry, HistoryHit, HistoryPage, HistoryQuery, InteractionRecord, MAX_HISTORY_PAGE, MAX_HITS,
        MAX_WHO,
    },
    id::{AgentId, ContactId, InteractionId},
    problem::ProblemCode,
};

use super::{Refusal, library, phones::Phones};
use crate::store::{
    Read, StoreError, contacts,
    directory::{Sought, by_words},
    handled, interactions, life,
    past::{self, Beginning, Filter, Found, Spoken},
    said::Finder,
    words::{Matcher, beginning},
};

/// How much may be looked for: bytes, and words.
const MAX_SOUGHT: (usize, usize) = (500, 20);
/// How many interactions are looked into for a page of those in which words were said, and how many at a time.
const LOOKED_INTO: (usize, usize) = (10_000, 250);
/// How many interactions with one contact are looked through for words for a page.
const LOOKED_THROUGH: usize = 2_000;

/// What was found, and where to go on: behind the interaction of that number, if there may be more.
struct Stretch {
    found: Vec<Found>,
    on: Option<InteractionId>,
}

/// Reads a page of the history.
pub async fn page(
    read: &mut Read,
    agent: AgentId,
    query: &HistoryQuery,
    phones: Phones,
) -> Result<HistoryPage, Refusal> {
    check(query)?;
    if query.contact.is_none() && query.agent.is_some_and(|other| other != agent) {
        library::only_for_leads(read, agent).await.map_err(|refused| match refused {
            Refusal::Problem(_) => {
                Refusal::new(ProblemCode::NotAllowed, "What others handled is for whoever leads a team.")
            }
            store @ Refusal::Store(_) => store,
        })?;
    }
    let filter = filter(read, query, phones).await?;
    let mut before = past::behind(read.db(), query.to).await?;
    if let Some(after) = query.after {
        match past::number_of(read.db(), after).await? {
            Some(number) => before = before.min(number),
            None => return Err(Refusal::new(ProblemCode::BadRequest, "There is no such page.")),
        }
    }
    let limit = usize::try_from(query.limit).unwrap_or(usize::MAX);
    let typed = query.words.as_deref().map(str::trim).filter(|words| !words.is_empty());
    let matcher = typed.and_then(Matcher::new);
    let stretch = match (typed, &matcher) {
        (None, _) => walked(read, &filter, before, limit).await?,
        (Some(_), None) => return Ok(HistoryPage::default()),
        (Some(_), Some(matcher)) if filter.contact.is_some() => {
            looked_through(read, (&filter, matcher), before, limit).await?
        }
        (Some(typed), Some(_)) => searched(read, (&filter, typed), before, limit).await?,
    };
    Ok(HistoryPage { entries: entries(read, &stretch.found, matcher.as_ref()).await?, next: stretch.on })
}

fn check(query: &HistoryQuery) -> Result<(), Refusal> {
    if !(1..=MAX_HISTORY_PAGE).contains(&query.limit) {
        let detail = format!("A page holds 1 to {MAX_HISTORY_PAGE} interactions.");
        return Err(Refusal::new(ProblemCode::BadRequest, &detail));
    }
    for words in [&query.words, &query.who].into_iter().flatten() {
        if words.len() > MAX_SOUGHT.0 || words.split_whitespace().count() > MAX_SOUGHT.1 {
            return Err(Refusal::new(
                ProblemCode::BadRequest,
                "Look for 20 words at most, 500 bytes in all.",
            ));
        }
    }
    Ok(())
}

async fn filter(read: &mut Read, query: &HistoryQuery, phones: Phones) -> Result<Filter, StoreError> {
    let contact = match query.contact {
        // Who is part of another contact has their history there.
        Some(contact) => Some(contacts::resolve(read.db(), contact).await?.unwrap_or(contact)),
        None => None,
    };
    let given = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    let contacts = match given(&query.who) {
        Some(words) => Some(who(read, words, phones).await?),
        None => None,
    };
    Ok(Filter {
        contact,
        contacts,
        agent: query.agent,
        number: query.number,
        state: query.state,
        from: query.from,
        to: query.to,
        disposition: given(&query.disposition),
        case: given(&query.case_key).map(|key| (key, given(&query.case_value))),
    })
}

/// Who is found in the directory by words.
async fn who(read: &mut Read, words: String, phones: Phones) -> Result<Vec<ContactId>, StoreError> {
    let query = DirectoryQuery { words: Some(words), ..DirectoryQuery::default() };
    match Sought::of(&query, |typed| phones.forms(typed)) {
        Some(sought) => by_words(read.db(), &sought, (0, MAX_WHO)).await,
        None => Ok(Vec::new()),
    }
}

/// What holds everything that is given, words aside.
async fn walked(read: &mut Read, filter: &Filter, before: i64, limit: usize) -> Result<Stretch, StoreError> {
    let wanted = i64::try_from(limit + 1).unwrap_or(i64::MAX);
    let (mut found, looked) = past::walk(read.db(), filter, before, wanted).await?;
    if found.len() > limit {
        found.truncate(limit);
        return Ok(Stretch { on: found.last().map(|last| last.id), found });
    }
    let on = match looked {
        Some(number) => {
            past::among(read.db(), &Filter::default(), &[number]).await?.first().map(|one| one.id)
        }
        None => None,
    };
    Ok(Stretch { found, on })
}

/// Those of one contact in which the words were said: there are few, so what was said is looked through.
async fn looked_through(
    read: &mut Read,
    (filter, matcher): (&Filter, &Matcher),
    mut before: i64,
    limit: usize,
) -> Result<Stretch, StoreError> {
    let mut stretch = Stretch { found: Vec::new(), on: None };
    let mut looked = 0;
    loop {
        let (some, _) = past::walk(read.db(), filter, before, 50).await?;
        let Some(last) = some.last() else { return Ok(Stretch { on: None, ..stretch }) };
        before = last.number;
        for one in some {
            if stretch.found.len() == limit || looked == LOOKED_THROUGH {
                return Ok(stretch);
            }
            looked += 1;
            stretch.on = Some(one.id);
            let spoken = past::spoken(read.db(), one.id).await?;
            let each = spoken.iter().map(|spoken| matcher.found_in(&spoken.folded));
            let all =
                each.reduce(|one, other| one.iter().zip(&other).map(|(one, other)| *one || *other).collect());
            if all.is_some_and(|all| all.into_iter().all(|found| found)) {
                stretch.found.push(one);
            }
        }
    }
}

/// Those in which the words were said, out of all.
async fn searched(
    read: &mut Read,
    (filter, typed): (&Filter, &str),
    before: i64,
    limit: usize,
) -> Result<Stretch, StoreError> {
    let Some(mut finder) = Finder::new(typed, before) else {
        return Ok(Stretch { found: Vec::new(), on: None });
    };
    let mut stretch = Stretch { found: Vec::new(), on: None };
    let mut looked = 0;
    while looked < LOOKED_INTO.0 {
        let mut numbers = Vec::new();
        while numbers.len() < LOOKED_INTO.1.min(limit + 1) {
            let Some(number) = finder.next(read.db()).await? else { break };
            numbers.push(number);
        }
        let Some(last) = numbers.last() else { return Ok(Stretch { on: None, ..stretch }) };
        looked += numbers.len();
        stretch.found.extend(past::among(read.db(), filter, &numbers).await?);
        if stretch.found.len() > limit {
            stretch.found.truncate(limit);
            stretch.on = stretch.found.last().map(|last| last.id);
            return Ok(stretch);
        }
        stretch.on = past::among(read.db(), &Filter::default(), &[*last]).await?.first().map(|one| one.id);
    }
    Ok(stretch)
}

async fn entries(
    read: &mut Read,
    found: &[Found],
    matcher: Option<&Matcher>,
) -> Result<Vec<HistoryEntry>, StoreError> {
    let ids = || found.iter().map(|one| one.id);
    let mut known = interactions::each(read.db(), ids()).await?;
    let mut beginnings = past::beginnings(read.db(), ids()).await?;
    let mut agents = handled::by(read.db(), ids()).await?;
    let mut entries = Vec::with_capacity(found.len());
    for id in ids() {
        let Some(interaction) = known.remove(&id) else { continue };
        let hits = match matcher {
            Some(matcher) => hits(&past::spoken(read.db(), id).await?, matcher),
            None => Vec::new(),
        };
        let Beginning { messages, first } = beginnings.remove(&id).unwrap_or_default();
        let about = first.as_deref().map(beginning).unwrap_or_default();
        let agents = agents.remove(&id).unwrap_or_default();
        entries.push(HistoryEntry { interaction, agents, messages, about, hits });
    }
    Ok(entries)
}

/// Where the words were said: where all of them stand first, for these say most.
fn hits(spoken: &[Spoken], matcher: &Matcher) -> Vec<HistoryHit> {
    let count = |one: &&Spoken| matcher.found_in(&one.folded).into_iter().filter(|found| *found).count();
    let mut hits: Vec<(usize, &Spoken)> =
        spoken.iter().map(|one| (count(&one), one)).filter(|(count, _)| *count > 0).collect();
    hits.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    hits.truncate(MAX_HITS);
    hits.sort_by_key(|(_, one)| std::cmp::Reverse(one.at));
    let hit = |one: &Spoken| HistoryHit { message: one.id, at: one.at, excerpt: matcher.excerpt(&one.text) };
    hits.into_iter().map(|(_, one)| hit(one)).collect()
}

/// An interaction with all that happened to it.
pub async fn record(read: &mut Read, id: InteractionId) -> Result<InteractionRecord, Refusal> {
    let found = interactions::get(read.db(), id).await?;
    let interaction =
        found.ok_or_else(|| Refusal::new(ProblemCode::NotFound, "There is no such interaction."))?;
    Ok(InteractionRecord { interaction, steps: life::steps(read.db(), id).await? })
}

#[cfg(test)]
mod tests;
