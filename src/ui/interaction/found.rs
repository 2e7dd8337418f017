//! Where in a text the words stand that are searched for.

use std::ops::Range;

/// The places of each of the words, in whatever case, in bytes; ordered, and joined where they touch.
pub(super) fn in_text(text: &str, words: &str) -> Vec<Range<usize>> {
    let wanted: Vec<Vec<char>> =
        words.split_whitespace().map(|word| folded(word).map(|(_, c)| c).collect()).collect();
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

/// The letters in lower case, each with the byte it comes from.
fn folded(text: &str) -> impl Iterator<Item = (usize, char)> {
    text.char_indices().flat_map(|(at, c)| c.to_lowercase().map(move |c| (at, c)))
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
