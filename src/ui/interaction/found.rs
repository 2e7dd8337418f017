//! Where in a text the words stand that are searched for.

use std::{iter, ops::Range};

use icu_normalizer::DecomposingNormalizerBorrowed;

use super::super::text::isolate::is_invisible;

/// The places of each of the words, in whatever case and with whatever accents, in bytes; ordered, and joined where they touch.
pub(in crate::ui) fn in_text(text: &str, words: &str) -> Vec<Range<usize>> {
    let wanted: Vec<Vec<char>> =
        words.split_whitespace().map(|word| folded(word).map(|(_, c)| c).collect()).collect();
    let wanted: Vec<_> = wanted.into_iter().filter(|word| !word.is_empty()).collect();
    if wanted.is_empty() {
        return Vec::new();
    }
    let letters: Vec<(usize, char)> = folded(text).collect();
    let mut found = Vec::new();
    for word in &wanted {
        for start in 0..letters.len().saturating_sub(word.len() - 1) {
            let here = &letters[start..start + word.len()];
            if here.iter().map(|(_, c)| c).eq(word) {
                let end = letters.get(start + word.len()).map_or(text.len(), |(at, _)| *at);
                found.push(here[0].0..end);
            }
        }
    }
    join(found)
}

/// The letters made alike, as the gateway's search makes them, each with the byte it comes from: taken apart (Unicode's NFKD),
/// in lower case, without accents, vowel signs and what can't be seen.
fn folded(text: &str) -> impl Iterator<Item = (usize, char)> {
    let apart = DecomposingNormalizerBorrowed::new_nfkd();
    text.char_indices().flat_map(move |(at, c)| {
        let letters = apart.normalize_iter(iter::once(c)).filter(|c| !is_left_out(*c));
        letters
            .flat_map(char::to_lowercase)
            .map(move |c| (at, if c == 'ı' { 'i' } else { c }))
            .collect::<Vec<_>>()
    })
}

fn is_left_out(c: char) -> bool {
    let vowel_sign = matches!(c, '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}'..='\u{5c7}' | '\u{640}' | '\u{64b}'..='\u{652}');
    matches!(c, '\u{300}'..='\u{36f}') || vowel_sign || is_invisible(c)
}

fn join(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.retain(|range| !range.is_empty());
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut joined: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::in_text;

    #[test]
    fn words_are_found_in_whatever_case_and_script() {
        assert_eq!(in_text("The Blue bell, blue", "blue"), [4..8, 15..19]);
        assert_eq!(in_text("ПРИВЕТ, привет", "Привет"), [0..12, 14..26]);
        assert_eq!(in_text("bluebell", "blue bell").first(), Some(&(0..8)));
        assert_eq!(in_text("Oi, João!", "joao"), in_text("Oi, João!", "JOÃO"));
        assert_eq!(in_text("Oi, João!", "joao").first(), Some(&(4..9)));
        assert_eq!(in_text("شُكْرًا", "شكرا").len(), 1);
        assert_eq!(in_text("anything", "  "), Vec::<std::ops::Range<usize>>::new());
        assert_eq!(in_text("", "x"), Vec::<std::ops::Range<usize>>::new());
    }

    proptest! {
        #[test]
        fn what_is_found_lies_between_letters(text: String, words: String) {
            for range in in_text(&text, &words) {
                prop_assert!(text.get(range).is_some_and(|found| !found.is_empty()));
            }
        }
    }
}
