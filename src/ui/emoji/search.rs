//! Finding emoji by name, short code and keyword, in the agent's language and in English.
//!
//! All words stand folded in one text, so that a search is one pass over it, of some hundred kilobytes. What the query is
//! exactly comes first, then what begins with it, then what has a word that does, then what has it anywhere; of several
//! words each must be there.

use memchr::memmem;

use super::{
    catalogue::{Catalogue, bare},
    fold::folded,
    words::Words,
};

/// Stands before a name or short code.
const NAME: char = '\n';
/// Stands before a keyword, and after all.
const KEYWORD: char = '\t';
/// Longer queries are cut, in bytes.
const LONGEST: usize = 100;

/// How well something was found; less is better.
type Rank = u8;
const SAME_NAME: Rank = 0;
const SAME_KEYWORD: Rank = 1;
const BEGINS: Rank = 2;
const BEGINS_WORD: Rank = 3;
const WITHIN: Rank = 4;
const NOT: Rank = u8::MAX;

/// The words of a catalogue.
pub struct Index {
    /// For each entry: a [`NAME`] or [`KEYWORD`] and what it is called, several times.
    text: String,
    /// Where each entry begins, and where the last one ends.
    starts: Vec<usize>,
    /// What each entry is called in the agent's language.
    names: Vec<String>,
}

impl Index {
    /// Reads the words of the agent's language, by its tag, and the English ones.
    #[must_use]
    pub fn new(catalogue: &Catalogue, language: &str) -> Self {
        let (local, english) = (Words::of(language), Words::english());
        let tables: Vec<_> = local.iter().chain([&english]).map(Words::called).collect();
        let mut index = Self { text: String::new(), starts: vec![0], names: Vec::new() };
        for entry in catalogue.entries() {
            let emoji = bare(entry.emoji.as_str());
            let called = || tables.iter().filter_map(|table| table.get(&*emoji));
            let name = called().next().map_or(entry.emoji.name(), |called| called.name);
            index.names.push(name.to_owned());
            let codes = entry.emoji.shortcodes().filter(|code| *code != entry.shortcode);
            for code in std::iter::once(&*entry.shortcode).chain(codes) {
                index.add(NAME, code);
                // So that its words are found too.
                if code.contains('_') {
                    index.add(KEYWORD, &code.replace('_', " "));
                }
            }
            for called in called() {
                index.add(NAME, &folded(called.name));
                called.keywords.split('|').for_each(|keyword| index.add(KEYWORD, keyword));
            }
            index.text.push(KEYWORD);
            index.starts.push(index.text.len());
        }
        index
    }

    fn add(&mut self, kind: char, words: &str) {
        self.text.push(kind);
        self.text.push_str(words);
    }

    /// What an entry is called in the agent's language.
    #[must_use]
    pub fn name(&self, entry: usize) -> &str {
        self.names.get(entry).map_or("", String::as_str)
    }

    /// The entries that a query means, best first; none for a query without letters.
    #[must_use]
    pub fn find(&self, query: &str) -> Vec<usize> {
        let query = folded(&query[..query.floor_char_boundary(LONGEST)]);
        let words: Vec<&str> = query.split(' ').filter(|word| !word.is_empty()).collect();
        let Some(first) = words.first() else { return Vec::new() };
        let mut ranks = self.ranks(&query);
        if words.len() > 1 {
            let mut each = self.ranks(first);
            for word in &words[1..] {
                let further = self.ranks(word);
                each.iter_mut().zip(further).for_each(|(rank, other)| *rank = (*rank).max(other));
            }
            // As it stands is better than in parts.
            let in_parts = |rank: Rank| if rank == NOT { NOT } else { rank + WITHIN };
            ranks.iter_mut().zip(each).for_each(|(rank, other)| *rank = (*rank).min(in_parts(other)));
        }
        let mut found: Vec<usize> = (0..ranks.len()).filter(|entry| ranks[*entry] != NOT).collect();
        found.sort_by_key(|entry| ranks[*entry]);
        found
    }

    /// How well each entry has this.
    fn ranks(&self, wanted: &str) -> Vec<Rank> {
        let mut ranks = vec![NOT; self.names.len()];
        let finder = memmem::Finder::new(wanted);
        let (mut entry, mut from) = (0, 0);
        while let Some(at) = finder.find(&self.text.as_bytes()[from..]).map(|at| from + at) {
            while self.starts[entry + 1] <= at {
                entry += 1;
            }
            let rank = self.rank(at, wanted.len());
            ranks[entry] = ranks[entry].min(rank);
            // No rank is better than the best.
            from = if rank == SAME_NAME { self.starts[entry + 1] } else { at + wanted.len() };
        }
        ranks
    }

    fn rank(&self, at: usize, length: usize) -> Rank {
        let before = self.text[..at].chars().next_back();
        let ends = matches!(self.text[at + length..].chars().next(), Some(NAME | KEYWORD));
        match before {
            Some(NAME) if ends => SAME_NAME,
            Some(KEYWORD) if ends => SAME_KEYWORD,
            Some(NAME | KEYWORD) => BEGINS,
            Some(before) if !before.is_alphanumeric() => BEGINS_WORD,
            _ => WITHIN,
        }
    }
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").field("entries", &self.names.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;
    use crate::config::emoji::EmojiSet;

    static ALL: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::new(&EmojiSet::default()));
    static ENGLISH: LazyLock<Index> = LazyLock::new(|| Index::new(&ALL, "en-GB"));
    static GERMAN: LazyLock<Index> = LazyLock::new(|| Index::new(&ALL, "de-AT"));

    fn found(index: &Index, query: &str) -> Vec<&'static str> {
        index.find(query).into_iter().map(|entry| ALL.entries()[entry].emoji.as_str()).collect()
    }

    #[test]
    fn the_best_comes_first() {
        for (query, first) in [
            ("heart", "❤️"),
            ("HEART ", "❤️"),
            ("red heart", "❤️"),
            ("smile", "😄"),
            ("grinning", "😀"),
            ("thumbsup", "👍"),
            ("+1", "👍"),
            ("tulip", "🌷"),
            ("face with bags", "🫩"),
            ("pizza", "🍕"),
            ("germany", "🇩🇪"),
            ("1st_place_medal", "🥇"),
        ] {
            assert_eq!(found(&ENGLISH, query).first(), Some(&first), "{query}");
        }
    }

    #[test]
    fn what_begins_so_comes_before_words_and_those_before_parts() {
        let ranks = ENGLISH.ranks("ring");
        let order: Vec<_> = ENGLISH.find("ring").into_iter().map(|entry| ranks[entry]).collect();
        assert!(order.is_sorted() && order[0] == SAME_NAME && order.contains(&WITHIN), "{order:?}");
        let of = |emoji: &str| ranks[ALL.entries().iter().position(|e| e.emoji.as_str() == emoji).unwrap()];
        assert_eq!(of("💍"), SAME_NAME);
        assert_eq!(of("🪐"), BEGINS, "ringed planet");
        assert_eq!(of("🎁"), NOT);
    }

    #[test]
    fn the_agents_language_has_english_beside_it() {
        assert!(found(&GERMAN, "herz").contains(&"❤️"));
        assert_eq!(found(&GERMAN, "rotes herz").first(), Some(&"❤️"));
        assert_eq!(found(&GERMAN, "heart").first(), Some(&"❤️"));
        assert_eq!(found(&GERMAN, "FROHLICH"), found(&GERMAN, "fröhlich"));
        let grinning = GERMAN.find("grinning")[0];
        assert_eq!((GERMAN.name(grinning), ENGLISH.name(grinning)), ("grinsendes Gesicht", "grinning face"));
        assert!(found(&ENGLISH, "gesicht").is_empty());
    }

    #[test]
    fn every_language_finds_a_heart_by_its_own_name() {
        for tag in [
            "ar", "fa", "he", "hi", "ja", "ko", "ru", "th", "tr", "uk", "ur", "vi", "zh-TW", "zh", "el", "pl",
        ] {
            let index = Index::new(&ALL, tag);
            let heart = ALL.entries().iter().position(|entry| entry.emoji.as_str() == "❤️").unwrap();
            let name = index.name(heart);
            assert_ne!(name, "red heart", "{tag}");
            assert_eq!(found(&index, name).first(), Some(&"❤️"), "{tag}: {name}");
        }
    }

    #[test]
    fn each_word_must_be_there() {
        let cat_heart = found(&ENGLISH, "heart cat");
        assert_eq!(cat_heart.first(), Some(&"😻"));
        assert!(!cat_heart.contains(&"❤️"));
        assert!(found(&ENGLISH, "heart qwxyz").is_empty());
    }

    #[test]
    fn each_emoji_is_found_by_its_name_and_its_short_code() {
        for (number, entry) in ALL.entries().iter().enumerate() {
            for query in [ENGLISH.name(number), &entry.shortcode] {
                let at = ENGLISH.find(query).into_iter().position(|found| found == number);
                assert!(at.is_some_and(|at| at < 3), "{query}: {at:?}");
            }
        }
    }

    #[test]
    fn nothing_is_found_for_nothing() {
        for query in ["", " ", "\n", "\t", "\u{200d}", "\u{301}"] {
            assert!(ENGLISH.find(query).is_empty(), "{query:?}");
        }
    }

    proptest! {
        #[test]
        fn any_query_can_be_asked(query in any::<String>()) {
            let found = GERMAN.find(&query);
            prop_assert!(found.iter().all(|entry| *entry < ALL.entries().len()));
        }

        #[test]
        fn a_longer_query_finds_nothing_else(word in "[a-zäöü]{2,8}") {
            let shorter: String = word.chars().take(word.chars().count() - 1).collect();
            let wider = GERMAN.find(&shorter);
            prop_assert!(GERMAN.find(&word).iter().all(|entry| wider.contains(entry)));
        }
    }
}
