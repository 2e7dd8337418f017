//! Short codes as they are typed: `:smi` at the beginning of a word asks for emoji, `:smile:` is one.
//!
//! Times (`10:30`), addresses (`https://`) and smileys (`:)`) ask for nothing: a colon after a letter or digit is no
//! beginning, and what follows it must be a word.

use std::ops::Range;

/// Fewer letters ask for nothing.
const LEAST: usize = 2;
/// No short code is longer, in letters.
const MOST: usize = 50;

/// The beginning of a short code before the caret: where it stands, colon included, and its letters.
pub(super) fn begun(text: &str, caret: usize) -> Option<(Range<usize>, &str)> {
    let before = text.get(..caret)?;
    let colon = before.rfind(':')?;
    let code = &before[colon + 1..];
    // Within a word that goes on behind the caret nothing is asked for.
    let goes_on = text[caret..].starts_with(|c: char| c.is_alphanumeric() || c == ':');
    let is_word = code.starts_with(|c: char| c.is_alphabetic() || matches!(c, '+' | '-')) && is_code(code);
    let asks = begins(before, colon) && is_word && code.chars().count() >= LEAST && !goes_on;
    asks.then_some((colon..caret, code))
}

/// A short code that ends with the colon before the caret: where it stands, colons included, and its letters.
pub(super) fn closed(text: &str, caret: usize) -> Option<(Range<usize>, &str)> {
    let before = text.get(..caret)?.strip_suffix(':')?;
    let colon = before.rfind(':')?;
    let code = &before[colon + 1..];
    (begins(before, colon) && is_code(code)).then_some((colon..caret, code))
}

/// Whether a colon stands where a word begins.
fn begins(before: &str, colon: usize) -> bool {
    before[..colon].chars().next_back().is_none_or(|c| !c.is_alphanumeric() && !matches!(c, ':' | '/' | '_'))
}

/// Whether this could be what is typed of a name.
fn is_code(code: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '+') || is_mark(c);
    !code.is_empty() && code.chars().take(MOST + 1).count() <= MOST && code.chars().all(is_part)
}

/// Accents and vowel signs, which are no letters by themselves.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{652}' | '\u{900}'..='\u{e7f}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_word_after_a_colon_asks() {
        for (text, code) in [
            (":sm", "sm"),
            ("hi :sm", "sm"),
            ("(:heart", "heart"),
            ("😀:heart", "heart"),
            ("a\n:lä", "lä"),
            (":+1", "+1"),
            (":दिल", "दिल"),
            (":thumbs_u", "thumbs_u"),
            ("see: :he", "he"),
        ] {
            let found = begun(text, text.len());
            assert_eq!(found.as_ref().map(|(_, code)| *code), Some(code), "{text}");
            assert_eq!(&text[found.unwrap().0], format!(":{code}"), "{text}");
        }
        assert_eq!(begun("a :he b", 5).map(|(range, _)| range), Some(2..5));
    }

    #[test]
    fn times_addresses_and_smileys_do_not() {
        for text in [
            "10:30",
            "10:ab",
            "at :30",
            ":)",
            ":-)",
            ":D",
            ":s",
            "::ab",
            "a:bc",
            "https://ab",
            "note: ab",
            ":a b",
            ":",
            "",
            "c:/ab",
            ":a.b",
        ] {
            assert_eq!(begun(text, text.len()), None, "{text}");
        }
        assert_eq!(begun(":heart", 3), None, "within a word");
    }

    #[test]
    fn a_second_colon_closes() {
        for (text, code) in [(":smile:", "smile"), ("a :+1:", "+1"), (":100:", "100")] {
            assert_eq!(closed(text, text.len()).map(|(_, code)| code), Some(code), "{text}");
        }
        for text in ["10:30:", "a:b:", "::", ": a:", ":smile", "https://a:", ":a b:"] {
            assert_eq!(closed(text, text.len()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_can_be_looked_at(text in any::<String>(), caret in 0_usize..200) {
            let caret = text.floor_char_boundary(caret.min(text.len()));
            for found in [begun(&text, caret), closed(&text, caret)].into_iter().flatten() {
                prop_assert!(text[found.0].contains(found.1));
            }
        }
    }
}
