//! How texts are written for the full-text indexes (SQLite's FTS5), and what is looked for in them.
//!
//! The tokenizer parts a text wherever a character is neither letter, mark nor digit. Scripts that put no blanks between their
//! words get one around each character, and what is looked for in them likewise, as a phrase: so a word is found wherever it
//! begins. Everything that people type stands in quotation marks, so that nothing of it is read as an operator.

mod matching;

pub use self::matching::{Matcher, beginning};
use super::search::fold;

/// A text as it is indexed.
pub(super) fn indexed(text: &str) -> String {
    parted(&fold(text))
}

/// A text that is folded already, as it is indexed.
pub(super) fn parted(folded: &str) -> String {
    if !folded.contains(has_no_blanks) {
        return folded.to_owned();
    }
    let mut parted = String::with_capacity(folded.len() * 2);
    for c in folded.chars() {
        if has_no_blanks(c) {
            parted.extend([' ', c, ' ']);
        } else {
            parted.push(c);
        }
    }
    parted
}

/// Whether a character belongs to a script without blanks: Thai to Myanmar, Khmer, kana and Han.
pub(super) const fn has_no_blanks(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3005}'..='\u{3007}'
        | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// How the last word of a phrase is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// As it stands.
    Whole,
    /// As the beginning of a word.
    Beginning,
}

/// What finds a text that is written as it is indexed; none if no word is in it.
pub(super) fn phrase(indexed: &str, ending: Ending) -> Option<String> {
    if !indexed.chars().any(is_in_words) {
        return None;
    }
    let quoted = indexed.replace('\0', " ").replace('"', "\"\"");
    Some(match ending {
        // What ends in a sign ends in a whole word.
        Ending::Beginning if indexed.trim_end().ends_with(is_in_words) => format!("\"{quoted}\" *"),
        Ending::Beginning | Ending::Whole => format!("\"{quoted}\""),
    })
}

/// Whether a character stands in words, as far as the tokenizer is concerned; marks never begin one.
pub(super) fn is_in_words(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\u{e000}'..='\u{f8ff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_looked_for_is_a_phrase_and_nothing_in_it_is_an_operator() {
        for (typed, ending, expected) in [
            ("order", Ending::Whole, Some("\"order\"")),
            ("Ord", Ending::Beginning, Some("\"ord\" *")),
            ("a\" OR b", Ending::Beginning, Some("\"a\"\" or b\" *")),
            ("o'neil", Ending::Beginning, Some("\"o'neil\" *")),
            ("wait!", Ending::Beginning, Some("\"wait!\"")),
            ("東京", Ending::Beginning, Some("\" 東  京 \" *")),
            ("%", Ending::Beginning, None),
            ("", Ending::Whole, None),
        ] {
            assert_eq!(phrase(&indexed(typed), ending).as_deref(), expected, "{typed}");
        }
    }
}
