//! Looking for prepared replies: as the agent types, and for what the contact wrote last.

use std::{ops::Range, sync::Arc};

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    id::{BusinessNumberId, CategoryId},
    response::StandardResponse,
    template::Template,
};

use super::Library;

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
        let words = wanted.words.trim().to_lowercase();
        let fits = |response: &&Arc<StandardResponse>| {
            let content = &response.content;
            !words.is_empty()
                && content.is_offered(now)
                && (content.name.to_lowercase().contains(&words)
                    || content.body.to_lowercase().contains(&words))
        };
        let found = self.responses().filter(fits).cloned();
        found.map(|response| Hit { response, score: 1.0, marks: Marks::default() }).take(MOST_HITS).collect()
    }

    /// What may answer a contact who wrote `text`, best first; nothing where nothing fits well.
    #[must_use]
    pub fn suggest(&self, text: &str, now: DateTime<Utc>) -> Vec<Suggestion> {
        let words = text.trim().to_owned();
        let found = self.search(&Wanted { words, ..Wanted::default() }, now);
        found.into_iter().map(|hit| Suggestion { response: hit.response, relevance: 1.0 }).collect()
    }

    /// The templates that a number may send and that have these words in their name, language or text; without words all,
    /// in the order of their names.
    #[must_use]
    pub fn search_templates(&self, words: &str, number: BusinessNumberId) -> Vec<Arc<Template>> {
        let words = words.trim().to_lowercase();
        let fits = |template: &&Arc<Template>| {
            template.numbers.contains(&number)
                && (template.name.to_lowercase().contains(&words)
                    || template.body.text.to_lowercase().contains(&words))
        };
        let mut found: Vec<_> = self.templates().filter(fits).cloned().collect();
        found.sort_by(|one, other| (&one.name, &one.language).cmp(&(&other.name, &other.language)));
        found
    }
}

/// The most responses that a search gives.
pub const MOST_HITS: usize = 200;
