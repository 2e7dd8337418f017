//! How soon prepared replies are found: ten thousand of them in several scripts, and what agents type: words that are just
//! begun, several words, words with a slip of the fingers, phrases. Beside it, looking through all of them for the letters.

use std::{hint::black_box, time::Duration};

use chrono::{DateTime, Utc};
use waxwing::desk::library::{
    Library,
    search::{Matching, Wanted},
};
use waxwing_gateway::random::Seeded;
use waxwing_protocol::{
    id::{CategoryId, ResponseId},
    library::LibraryPage,
    response::{Category, ResponseContent, StandardResponse},
};

use crate::{
    kit::wait::now as clock,
    report::{Row, percentile},
};

/// How many replies there are.
const REPLIES: usize = 10_000;
/// How many searches are made.
const SEARCHES: usize = 2_000;
/// What a search may take, in milliseconds.
const LIMIT: f64 = 5.0;
/// How many words of each script there are to write with.
const VOCABULARY: usize = 5_000;

/// Syllables of Latin, accented Latin, Cyrillic, Arabic, Devanagari, and letters that are words.
const SYLLABLES: [&[&str]; 6] = [
    &[
        "de", "li", "ve", "ry", "re", "fund", "or", "der", "pay", "ment", "ad", "dress", "to", "day", "par",
        "cel",
    ],
    &["ção", "en", "tre", "ga", "pé", "di", "do", "ré", "pon", "se", "é", "mañ", "ana", "zu", "rück", "ö"],
    &["за", "каз", "до", "став", "ка", "воз", "врат", "день", "ги", "се", "год", "ня"],
    &["طل", "ب", "توص", "يل", "الي", "وم", "عن", "وان", "شك", "را"],
    &["आ", "दे", "श", "भु", "गता", "न", "पता", "कल", "धन्", "यवाद"],
    &["配", "送", "注", "文", "返", "金", "今", "日", "住", "所", "支", "払"],
];

/// The row.
pub(crate) fn row() -> Row {
    let mut chance = Seeded::new(5);
    let words: Vec<Vec<String>> =
        SYLLABLES.iter().map(|syllables| vocabulary(syllables, &mut chance)).collect();
    let replies: Vec<_> = (0..REPLIES).map(|number| reply(number, &words, &mut chance)).collect();
    let searches: Vec<_> = (0..SEARCHES).map(|number| wanted(number, &replies, &mut chance)).collect();
    let now = DateTime::UNIX_EPOCH;
    let mut library = Library::default();
    let category = Category { id: category(), parent: None, name: "Orders".to_owned() };
    let page = LibraryPage {
        whole: true,
        categories: vec![category],
        responses: replies.clone(),
        ..LibraryPage::default()
    };
    library.take(page);
    let found = |wanted: &Wanted| library.search(wanted, now).len();
    let hits = searches.iter().filter(|wanted| found(wanted) > 0).count();
    let spans = timed(&searches, |wanted| found(wanted));
    let plain = timed(&searches, |wanted| scan(&replies, wanted, now));
    Row::new("responses_search_ms_p95", percentile(&spans, 95), "ms")
        .beside(percentile(&plain, 95))
        .at_most(LIMIT)
        .by_chance(5, format!("{hits} of {SEARCHES} found something"))
        .only_if(hits > SEARCHES * 9 / 10)
}

fn timed(searches: &[Wanted], find: impl Fn(&Wanted) -> usize) -> Vec<Duration> {
    let span = |wanted: &Wanted| {
        let began = clock();
        black_box(find(wanted));
        began.elapsed()
    };
    searches.iter().map(span).collect()
}

/// Goes through all replies and looks for the letters.
fn scan(replies: &[StandardResponse], wanted: &Wanted, now: DateTime<Utc>) -> usize {
    let words = wanted.words.to_lowercase();
    let has = |text: &str| text.to_lowercase().contains(&words);
    let offered = replies.iter().filter(|held| held.content.is_offered(now));
    offered.filter(|held| has(&held.content.name) || has(&held.content.body)).count()
}

fn vocabulary(syllables: &[&str], chance: &mut Seeded) -> Vec<String> {
    let word = |chance: &mut Seeded| {
        let length = 1 + below(chance, 4);
        (0..length).map(|_| syllables[below(chance, syllables.len())]).collect()
    };
    (0..VOCABULARY).map(|_| word(chance)).collect()
}

fn reply(number: usize, words: &[Vec<String>], chance: &mut Seeded) -> StandardResponse {
    // Most replies of most houses are in one script; some words are in all of them.
    let script = [0, 0, 0, 0, 1, 1, 2, 3, 4, 5][number % 10];
    let text = |count: usize, chance: &mut Seeded| {
        let word = |chance: &mut Seeded| {
            let (one, other) = (below(chance, VOCABULARY), below(chance, VOCABULARY));
            // The smaller of two: some words come often, most come rarely.
            words[script][one.min(other)].as_str()
        };
        (0..count).map(|_| word(chance)).collect::<Vec<_>>().join(" ")
    };
    let (named, said) = (2 + below(chance, 3), 15 + below(chance, 50));
    let name = format!("{} {number}", text(named, chance));
    let body = format!("<$Contact.FirstName$>, {} {{{{time}}}}.", text(said, chance));
    StandardResponse {
        id: ResponseId::new(DateTime::UNIX_EPOCH, id(number)),
        content: ResponseContent {
            category: Some(category()),
            name,
            shortcut: Some(format!("s{number}")),
            body,
            active: true,
            ..ResponseContent::default()
        },
        version: 1,
        changed_at: DateTime::UNIX_EPOCH,
        changed_by: String::new(),
    }
}

/// What an agent types who looks for one of the replies.
fn wanted(number: usize, replies: &[StandardResponse], chance: &mut Seeded) -> Wanted {
    let content = &replies[below(chance, replies.len())].content;
    let said: Vec<&str> = content.body.split(' ').skip(1).collect();
    let word = |chance: &mut Seeded| said[below(chance, said.len() - 1)].to_owned();
    let begun = |word: &str, letters: usize| word.chars().take(letters).collect::<String>();
    let (words, matching) = match number % 8 {
        0 => (begun(&content.name, 1), Matching::AllWords),
        1 => (begun(&word(chance), 3), Matching::AllWords),
        2 => (content.name.clone(), Matching::AllWords),
        3 => (format!("{} {}", word(chance), begun(&word(chance), 2)), Matching::AllWords),
        4 => (slipped(&word(chance), chance), Matching::AllWords),
        5 => (slipped(&format!("{}{}", word(chance), word(chance)), chance), Matching::AnyWord),
        6 => ((0..4).map(|_| word(chance)).collect::<Vec<_>>().join(" "), Matching::AnyWord),
        _ => (said.iter().take(3).copied().collect::<Vec<_>>().join(" "), Matching::Exact),
    };
    // A word that two others make is mostly none; what is looked for besides is there.
    let words = if number % 8 == 5 { format!("{words} {}", word(chance)) } else { words };
    Wanted { words, matching, ..Wanted::default() }
}

/// Two letters change places.
fn slipped(word: &str, chance: &mut Seeded) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    if letters.len() > 4 {
        let at = 1 + below(chance, letters.len() - 2);
        letters.swap(at, at - 1);
    }
    letters.into_iter().collect()
}

fn below(chance: &mut Seeded, bound: usize) -> usize {
    usize::try_from(chance.next() >> 33).unwrap_or(0) % bound.max(1)
}

fn id(number: usize) -> [u8; 10] {
    let mut bytes = [0; 10];
    bytes[2..].copy_from_slice(&u64::try_from(number).unwrap_or(0).to_be_bytes());
    bytes
}

fn category() -> CategoryId {
    CategoryId::new(DateTime::UNIX_EPOCH, [1; 10])
}
