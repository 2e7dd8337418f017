//! Which words of a text are looked up.

use std::ops::Range;

use unicode_script::{Script, UnicodeScript as _};
use unicode_segmentation::UnicodeSegmentation as _;

use super::dictionary::Dictionaries;

/// Longer texts are looked at up to here, in bytes.
const LONGEST_TEXT: usize = 64 * 1024;
/// Longer words are no words, in characters.
const LONGEST_WORD: usize = 64;
/// Capitals up to this many characters are a code: a unit, an airport, a size.
const LONGEST_CODE: usize = 5;

/// The words that no dictionary knows, in order.
pub(super) fn misspelled(text: &str, dictionaries: &Dictionaries) -> Vec<Range<usize>> {
    let known = |word: &str| dictionaries.knows(word);
    words(text)
        .filter(|(word, _)| dictionaries.is_written_in(script(word)) && !known(word))
        .map(|(_, at)| at)
        .collect()
}

/// The words of a text that are to be looked up (UAX #29), with where they stand.
pub(super) fn words(text: &str) -> impl Iterator<Item = (&str, Range<usize>)> {
    let text = &text[..text.floor_char_boundary(LONGEST_TEXT)];
    let mut end = 0;
    text.split_inclusive(char::is_whitespace)
        .map(move |token| {
            end += token.len();
            (end - token.len(), token.trim_end())
        })
        .filter(|(_, token)| !is_address(token))
        .flat_map(|(start, token)| token.unicode_word_indices().map(move |(at, word)| (start + at, word)))
        .filter_map(|(at, word)| {
            // The underscore is a letter to UAX #29, and a mark to WhatsApp.
            let inner = word.trim_start_matches('_');
            let at = at + word.len() - inner.len();
            let word = inner.trim_end_matches('_');
            is_looked_up(word).then(|| (word, at..at + word.len()))
        })
}

/// Whether this is a web or e-mail address, a path or the like, all of whose words are nobody's.
fn is_address(token: &str) -> bool {
    let inner = token.trim_matches(|letter: char| !letter.is_alphanumeric());
    let dotted = inner.match_indices('.').any(|(at, _)| {
        let around = (inner[..at].chars().next_back(), inner[at + 1..].chars().next());
        matches!(around, (Some(before), Some(after)) if before.is_ascii_alphanumeric() && after.is_ascii_alphanumeric())
    });
    dotted
        || token.contains(['@', '\\', '#'])
        || inner.contains("://")
        || token.starts_with(['/', '~']) && inner.contains('/')
}

fn is_looked_up(word: &str) -> bool {
    let length = word.chars().count();
    let is_code = length <= LONGEST_CODE
        && !word.chars().any(char::is_lowercase)
        && word.chars().any(char::is_uppercase);
    let is_plain = word.chars().all(|letter| !letter.is_numeric() && letter != '_');
    (2..=LONGEST_WORD).contains(&length) && is_plain && !is_code
}

/// The script of a word, by its first letter that has one.
pub(super) fn script(word: &str) -> Script {
    let scripts = word.chars().map(|letter| letter.script());
    scripts
        .into_iter()
        .find(|script| !matches!(script, Script::Common | Script::Inherited))
        .unwrap_or(Script::Common)
}
