//! Finds words in a text by the rules of the index, and what stands around them.

use std::ops::Range;

use super::{Ending, has_no_blanks, is_in_words};
use crate::store::search::fold;

/// How much of a text is repeated before the words, and in all, in characters.
const EXCERPT: (usize, usize) = (40, 160);

/// Words that are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matcher {
    words: Vec<(Vec<String>, Ending)>,
}

impl Matcher {
    /// Looks for words, the last of which may be the beginning of one. None if there is no word in them.
    #[must_use]
    pub fn new(typed: &str) -> Option<Self> {
        let all: Vec<&str> = typed.split_whitespace().collect();
        let last = all.len().saturating_sub(1);
        let read = |(at, word): (usize, &&str)| {
            let folded = fold(word);
            let tokens: Vec<String> =
                tokens(&folded).into_iter().map(|place| folded[place].to_owned()).collect();
            let ends_in_word = folded.trim_end().ends_with(is_in_words);
            let ending = if at == last && ends_in_word { Ending::Beginning } else { Ending::Whole };
            (!tokens.is_empty()).then_some((tokens, ending))
        };
        let words: Vec<_> = all.iter().enumerate().filter_map(read).collect();
        (!words.is_empty()).then_some(Self { words })
    }

    /// Which of the words stand in a folded text, by their order.
    #[must_use]
    pub fn found_in(&self, folded: &str) -> Vec<bool> {
        let tokens: Vec<&str> = tokens(folded).into_iter().map(|place| &folded[place]).collect();
        self.words.iter().map(|word| place_of(word, &tokens).is_some()).collect()
    }

    /// What stands around the first of the words in a text, on one line.
    #[must_use]
    pub fn excerpt(&self, text: &str) -> String {
        let places = tokens(text);
        let folded: Vec<String> = places.iter().map(|place| fold(&text[place.clone()])).collect();
        let folded: Vec<&str> = folded.iter().map(String::as_str).collect();
        let first = self.words.iter().filter_map(|word| place_of(word, &folded)).min();
        around(text, first.map_or(0, |first| places[first].start))
    }
}

/// What stands around a place in a text, on one line.
fn around(text: &str, at: usize) -> String {
    let start = text[..at].char_indices().rev().take(EXCERPT.0).last().map_or(at, |(start, _)| start);
    let mut excerpt: String =
        text[start..].chars().take(EXCERPT.1).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text[start..].chars().count() > EXCERPT.1 {
        excerpt.push('…');
    }
    if start > 0 { format!("…{}", excerpt.trim_start()) } else { excerpt }
}

/// The beginning of a text, on one line.
#[must_use]
pub fn beginning(text: &str) -> String {
    around(text, 0)
}

/// Where a word stands among others.
fn place_of((word, ending): &(Vec<String>, Ending), among: &[&str]) -> Option<usize> {
    let (last, before) = word.split_last()?;
    among.windows(word.len()).position(|stretch| {
        let Some((end, begin)) = stretch.split_last() else { return false };
        let ends = match ending {
            Ending::Whole => *end == last.as_str(),
            Ending::Beginning => end.starts_with(last.as_str()),
        };
        ends && begin.iter().zip(before).all(|(one, other)| one == other)
    })
}

/// The words of a text; in scripts without blanks each character.
fn tokens(text: &str) -> Vec<Range<usize>> {
    let (mut tokens, mut begun): (Vec<Range<usize>>, Option<usize>) = (Vec::new(), None);
    for (at, c) in text.char_indices() {
        let alone = has_no_blanks(c);
        // What is left out when a text is folded, such as an accent that follows its letter, parts no words.
        let inside = !alone
            && (is_in_words(c)
                || (begun.is_some() && !c.is_ascii() && fold(c.encode_utf8(&mut [0; 4])).is_empty()));
        match (begun, inside) {
            (None, true) => begun = Some(at),
            (Some(start), false) => {
                tokens.push(start..at);
                begun = None;
            }
            _ => {}
        }
        if alone {
            tokens.push(at..at + c.len_utf8());
        }
    }
    tokens.extend(begun.map(|start| start..text.len()));
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(typed: &str, text: &str) -> bool {
        let matcher = Matcher::new(typed).expect("words");
        matcher.found_in(&fold(text)).into_iter().all(|found| found)
    }

    #[test]
    fn words_are_whole_and_the_last_may_be_a_beginning() {
        for (typed, text, found) in [
            ("order", "Where is my ORDER?", true),
            ("ord", "Where is my order?", true),
            ("ord where", "Where is my order?", false),
            ("order st", "My order from the store", true),
            ("tore", "my store", false),
            ("joao", "Olá, Joa\u{303}o!", true),
            ("o'neil", "Mr O'Neil", true),
            ("o'ne mr", "Mr O'Neil", false),
            ("帮助", "谢谢您的帮助", true),
            ("助帮", "谢谢您的帮助", false),
        ] {
            assert_eq!(finds(typed, text), found, "{typed} in {text}");
        }
        assert_eq!(Matcher::new(" % - "), None);
    }

    #[test]
    fn an_excerpt_is_what_stands_around_the_words() {
        let matcher = Matcher::new("refu").expect("words");
        assert_eq!(matcher.excerpt("I want\na refund."), "I want a refund.");
        let long = format!("{} a refund {}", "x ".repeat(100), "y".repeat(300));
        let excerpt = matcher.excerpt(&long);
        assert!(
            excerpt.starts_with("…x") && excerpt.contains(" a refund y") && excerpt.ends_with('…'),
            "{excerpt}"
        );
        assert!(excerpt.chars().count() <= EXCERPT.1 + 2);
    }
}
