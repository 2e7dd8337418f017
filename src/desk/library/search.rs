//! Looking for prepared replies: as the agent types, and for what the contact wrote last.
//!
//! Whoever types a name, a shortcut or the beginning of a name means that; the rest is ranked by how telling the words are and
//! how much of a reply they make (`rank`).

use std::{cmp::Ordering, collections::BTreeSet, ops::Range, sync::Arc};

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    id::{BusinessNumberId, CategoryId},
    response::StandardResponse,
    template::Template,
};

use super::{
    Library, fold,
    index::Indexed,
    rank::{self, Word},
};

/// The most responses that a search gives.
pub const MOST_HITS: usize = 100;
/// The most words of a search that count.
const MOST_WORDS: usize = 128;
/// The most responses that are suggested.
const MOST_SUGGESTED: usize = 5;
/// What fits less is not suggested.
const LEAST_RELEVANT: f32 = 0.3;
/// No score of words is as high: what is meant by its name stands above.
const ABOVE: f32 = 10_000.0;

/// How the words of a search are to be found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Matching {
    /// Each of them, wherever.
    #[default]
    AllWords,
    /// At least one of them.
    AnyWord,
    /// All of them, one after another.
    Exact,
}

/// What is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// As typed: the last word may be one that is just begun.
    pub words: String,
    /// How they are to be found.
    pub matching: Matching,
    /// Only what is in this language, or in none: `pt` is also `pt-BR`.
    pub language: Option<String>,
    /// Only what stands in this category or below it.
    pub category: Option<CategoryId>,
}

/// Where in a response words were found, in bytes, in order, none touching another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    /// In its name.
    pub name: Vec<Range<usize>>,
    /// In its body, as it stands in the library.
    pub body: Vec<Range<usize>>,
}

/// A response that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Which.
    pub response: Arc<StandardResponse>,
    /// How well it fits; only to be compared with others of the same search.
    pub score: f32,
    /// Where the words stand.
    pub marks: Marks,
}

/// A response that may answer what the contact wrote.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// Which.
    pub response: Arc<StandardResponse>,
    /// How well it fits, 0 to 1.
    pub relevance: f32,
}

impl Library {
    /// What is offered at `now` and fits, best first; at most [`MOST_HITS`]. Without words nothing fits.
    #[must_use]
    pub fn search(&self, wanted: &Wanted, now: DateTime<Utc>) -> Vec<Hit> {
        let words = wanted.words.trim();
        let words = words.strip_prefix('/').unwrap_or(words);
        let query = Query::new(words, !wanted.words.ends_with(char::is_whitespace));
        if query.words.is_empty() {
            return self.search_signs(words, wanted, now);
        }
        let index = &self.index;
        let found = rank::rank(index, &query.words);
        let within = wanted.category.map(|category| self.below(category));
        let least = if wanted.matching == Matching::AnyWord { 1 } else { query.words.len() };
        let mut ranked = Vec::new();
        for (slot, score) in found.fitting(least) {
            let Some(reply) = index.reply(slot) else { continue };
            let fits = is_wanted(&reply.response, wanted, within.as_ref(), now)
                && (wanted.matching != Matching::Exact || query.stands_in(reply));
            if fits {
                ranked.push(Ranked { tier: query.tier(words, reply), score, reply });
            }
        }
        if ranked.len() > MOST_HITS {
            ranked.select_nth_unstable_by(MOST_HITS, Ranked::order);
            ranked.truncate(MOST_HITS);
        }
        ranked.sort_unstable_by(Ranked::order);
        let hit = |Ranked { score, reply, tier }: Ranked<'_>| Hit {
            response: Arc::clone(&reply.response),
            score: score + f32::from(tier) * ABOVE,
            marks: found.marks(&reply.response),
        };
        ranked.into_iter().map(hit).collect()
    }

    /// What has signs in it that are no words, such as emoji.
    fn search_signs(&self, signs: &str, wanted: &Wanted, now: DateTime<Utc>) -> Vec<Hit> {
        if signs.is_empty() {
            return Vec::new();
        }
        let within = wanted.category.map(|category| self.below(category));
        let places = |text: &str| text.match_indices(signs).map(|(at, found)| at..at + found.len()).collect();
        let offered = self.responses().filter(|held| is_wanted(held, wanted, within.as_ref(), now));
        let mut hits: Vec<Hit> = Vec::new();
        for response in offered {
            let content = &response.content;
            let marks = Marks { name: places(&content.name), body: places(&content.body) };
            if marks != Marks::default() {
                let is_name = content.name.trim() == signs;
                let score = if is_name { ABOVE } else { 0.0 };
                hits.push(Hit { response: Arc::clone(response), score, marks });
            }
        }
        hits.sort_by(|one, other| {
            other
                .score
                .total_cmp(&one.score)
                .then_with(|| one.response.content.name.cmp(&other.response.content.name))
        });
        hits.truncate(MOST_HITS);
        hits
    }

    /// What somebody may mean who has typed `begun` after a slash: replies whose shortcut begins so, the shortest first and
    /// their own before those of the house; then those of that name.
    #[must_use]
    pub fn completing(&self, begun: &str, now: DateTime<Utc>, most: usize) -> Vec<Arc<StandardResponse>> {
        let begun_as = fold::fold(begun);
        let mut called: Vec<_> = self
            .responses()
            .filter(|held| held.content.is_offered(now))
            .filter_map(|held| {
                let shortcut = fold::fold(held.content.shortcut.as_deref()?);
                shortcut.starts_with(&begun_as).then_some((shortcut, held.content.owner.is_none(), held))
            })
            .collect();
        called.sort_by(|(one, one_shared, _), (other, other_shared, _)| {
            (one.chars().count(), one_shared, one).cmp(&(other.chars().count(), other_shared, other))
        });
        let mut found: Vec<_> = called.into_iter().map(|(_, _, held)| Arc::clone(held)).take(most).collect();
        if found.len() < most {
            let named = self
                .named(begun, now)
                .into_iter()
                .filter(|held| found.iter().all(|known| known.id != held.id));
            let named: Vec<_> = named.take(most - found.len()).collect();
            found.extend(named);
        }
        found
    }

    /// The replies in whose name a word begins so.
    fn named(&self, begun: &str, now: DateTime<Utc>) -> Vec<Arc<StandardResponse>> {
        let hits = self.search(&Wanted { words: begun.to_owned(), ..Wanted::default() }, now);
        hits.into_iter().filter(|hit| !hit.marks.name.is_empty()).map(|hit| hit.response).collect()
    }

    /// What may answer a contact who wrote `text`, best first, at most five; nothing where nothing fits well.
    #[must_use]
    pub fn suggest(&self, text: &str, now: DateTime<Utc>) -> Vec<Suggestion> {
        let telling = rank::telling(&self.index, text);
        let found = rank::rank(&self.index, &telling.words);
        let mut suggestions: Vec<Suggestion> = Vec::new();
        for (slot, score) in found.fitting(1) {
            let Some(reply) = self.index.reply(slot) else { continue };
            let relevance = (score / telling.best).clamp(0.0, 1.0);
            if relevance >= LEAST_RELEVANT && reply.response.content.is_offered(now) {
                suggestions.push(Suggestion { response: Arc::clone(&reply.response), relevance });
            }
        }
        suggestions.sort_by(|one, other| {
            let by_relevance = other.relevance.total_cmp(&one.relevance);
            by_relevance.then_with(|| one.response.content.name.cmp(&other.response.content.name))
        });
        suggestions.truncate(MOST_SUGGESTED);
        suggestions
    }

    /// The templates that a number may send and that have these words in their name, language or text; without words all,
    /// in the order of their names.
    #[must_use]
    pub fn search_templates(&self, words: &str, number: BusinessNumberId) -> Vec<Arc<Template>> {
        let words: Vec<String> = fold::tokens(words).into_iter().map(|token| token.text).collect();
        let fits = |template: &&Arc<Template>| {
            if !template.numbers.contains(&number) {
                return false;
            }
            let text = format!("{} {} {}", template.name, template.language, template.body.text);
            let held = fold::fold(&text.replace('_', " "));
            words.iter().all(|word| held.contains(word.as_str()))
        };
        let mut found: Vec<_> = self.templates().filter(fits).cloned().collect();
        found.sort_by(|one, other| (&one.name, &one.language).cmp(&(&other.name, &other.language)));
        found
    }

    /// A category and all that stand below it.
    fn below(&self, category: CategoryId) -> BTreeSet<CategoryId> {
        let mut within = BTreeSet::from([category]);
        loop {
            let below =
                self.categories().filter(|held| held.parent.is_some_and(|above| within.contains(&above)));
            let new: Vec<_> = below.map(|held| held.id).filter(|id| !within.contains(id)).collect();
            if new.is_empty() {
                return within;
            }
            within.extend(new);
        }
    }
}

/// Whether a response may be among what is found at all.
fn is_wanted(
    response: &StandardResponse,
    wanted: &Wanted,
    within: Option<&BTreeSet<CategoryId>>,
    now: DateTime<Utc>,
) -> bool {
    let content = &response.content;
    let speaks = |language: &str| match &content.language {
        None => true,
        Some(held) => {
            let parts = language.split('-').zip(held.split('-').map(Some).chain(std::iter::repeat(None)));
            parts.into_iter().all(|(part, held)| held.is_some_and(|held| held.eq_ignore_ascii_case(part)))
        }
    };
    content.is_offered(now)
        && wanted.language.as_deref().is_none_or(speaks)
        && within.is_none_or(|within| content.category.is_some_and(|category| within.contains(&category)))
}

/// What was typed, as words.
struct Query {
    words: Vec<Word>,
    /// The words with a blank before each; with one behind, unless the last is only begun.
    phrase: String,
    /// The words as a whole field.
    field: String,
}

impl Query {
    fn new(words: &str, begun: bool) -> Self {
        let tokens = fold::tokens(words);
        let last = tokens.len().saturating_sub(1);
        let mut phrase = String::new();
        for token in &tokens {
            phrase.push(' ');
            phrase.push_str(&token.text);
        }
        let field = format!("{phrase} \n");
        if !begun {
            phrase.push(' ');
        }
        let word = |(place, token): (usize, fold::Token)| {
            let is_begun = token.is_letter || begun && place == last;
            Word { text: token.text, is_begun, has_slips: true }
        };
        Self { words: tokens.into_iter().enumerate().take(MOST_WORDS).map(word).collect(), phrase, field }
    }

    /// Whether the words stand one after another in the name or in the body.
    fn stands_in(&self, reply: &Indexed) -> bool {
        let mut fields = reply.folded.lines();
        let (name, body) = (fields.next(), fields.nth(2));
        name.into_iter().chain(body).any(|field| field.contains(&self.phrase))
    }

    /// Whether somebody who typed this means just this response: by its name, by its shortcut, by the beginning of its name.
    fn tier(&self, words: &str, reply: &Indexed) -> u8 {
        let content = &reply.response.content;
        if content.name.trim() == words.trim() {
            return 4;
        }
        let is_shortcut = || {
            let shortcut =
                content.shortcut.as_deref().filter(|held| held.chars().count() == words.chars().count());
            shortcut.is_some_and(|held| held.to_lowercase() == words.to_lowercase())
        };
        if reply.folded.starts_with(&self.field) {
            3
        } else if is_shortcut() {
            2
        } else {
            u8::from(reply.folded.starts_with(&self.phrase))
        }
    }
}

/// A response on its way into the list.
struct Ranked<'a> {
    tier: u8,
    score: f32,
    reply: &'a Indexed,
}

impl Ranked<'_> {
    /// Best first; the same wherever the replies stand in the index.
    fn order(one: &Self, other: &Self) -> Ordering {
        let by_fit = other.tier.cmp(&one.tier).then(other.score.total_cmp(&one.score));
        let key = |ranked: &Self| ranked.reply.response.id;
        by_fit.then_with(|| one.reply.folded.cmp(&other.reply.folded)).then_with(|| key(one).cmp(&key(other)))
    }
}
