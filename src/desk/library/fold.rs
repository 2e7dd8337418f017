//! Text as it is searched: words that differ only in what people leave out when they type are the same.
//!
//! Letters are folded as the gateway folds what was said: compatibility forms are what they stand for (NFKD), case is folded in
//! every script, accents and vowel signs that are left out in writing are left out. Words are those of UAX #29; where a script
//! puts no blanks between them (Chinese, Japanese, Thai, Khmer, Lao, Burmese), each two letters that stand together are a word.

use std::ops::Range;

use icu_casemap::CaseMapper;
use icu_normalizer::DecomposingNormalizerBorrowed;
use unicode_segmentation::UnicodeSegmentation as _;

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// Where it stands, in bytes.
    pub(super) range: Range<usize>,
    /// As it is searched; never empty, without white space.
    pub(super) text: String,
    /// Whether it is a single letter of a script without blanks: the beginning of many words.
    pub(super) is_letter: bool,
}

/// The words of a text, in order.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut run: Vec<(Range<usize>, String)> = Vec::new();
    for (at, word) in text.unicode_word_indices() {
        let is_dense = word.chars().next().is_some_and(is_dense);
        if !is_dense || run.last().is_some_and(|(range, _)| range.end != at) {
            end_run(&mut run, &mut tokens);
        }
        if is_dense {
            let folded = fold(word);
            if !folded.is_empty() {
                run.push((at..at + word.len(), folded));
            }
            continue;
        }
        let mut start = at;
        // `HSM_payment.confirmation` is three words to whoever looks for one of them.
        for part in word.split(['_', '.', ':']) {
            let folded = fold(part);
            if !folded.is_empty() {
                tokens.push(Token { range: start..start + part.len(), text: folded, is_letter: false });
            }
            start += part.len() + 1;
        }
    }
    end_run(&mut run, &mut tokens);
    tokens
}

fn end_run(run: &mut Vec<(Range<usize>, String)>, tokens: &mut Vec<Token>) {
    if let [(range, text)] = run.as_slice() {
        tokens.push(Token { range: range.clone(), text: text.clone(), is_letter: true });
    }
    tokens.extend(run.windows(2).map(|pair| Token {
        range: pair[0].0.start..pair[1].0.end,
        text: format!("{}{}", pair[0].1, pair[1].1),
        is_letter: false,
    }));
    run.clear();
}

/// A word as it is searched.
pub(in crate::desk) fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let apart = DecomposingNormalizerBorrowed::new_nfkd().normalize_iter(word.chars());
    let kept = apart.filter(|c| !is_left_out(*c) && !c.is_whitespace());
    let kept: String = kept.map(|c| if c == 'ı' { 'i' } else { c }).collect();
    CaseMapper::new().fold_string(&kept).into_owned()
}

/// How many bytes of a word make at least so many letters as it is searched.
pub(super) fn bytes_of(word: &str, letters: usize) -> usize {
    let ends = word.char_indices().skip(1).map(|(at, _)| at).chain([word.len()]);
    let mut enough = ends.filter(|end| fold(&word[..*end]).chars().count() >= letters);
    enough.next().unwrap_or(word.len())
}

const fn is_dense(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3041}'..='\u{309f}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

const fn is_left_out(c: char) -> bool {
    let accent = matches!(c, '\u{300}'..='\u{36f}');
    let vowel_sign = matches!(c, '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}'..='\u{5c7}' | '\u{640}' | '\u{64b}'..='\u{652}');
    let unseen = matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}');
    accent || vowel_sign || unseen
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(text: &str) -> Vec<String> {
        tokens(text).into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn words_are_alike_in_whatever_case_and_with_whatever_accents() {
        assert_eq!(words("Olá, JOÃO! Straße"), ["ola", "joao", "strasse"]);
        assert_eq!(words("ПРИВЕТ Όχι شُكْرًا"), ["привет", "οχι", "شكرا"]);
        assert_eq!(words("HSM_payment_confirmation v2.1"), ["hsm", "payment", "confirmation", "v2", "1"]);
        assert_eq!(words("don't wi-fi"), ["don't", "wi", "fi"]);
        assert_eq!(words(" … 🌷 !"), Vec::<String>::new());
    }

    #[test]
    fn a_script_without_blanks_is_read_by_twos() {
        assert_eq!(words("配送状況"), ["配送", "送状", "状況"]);
        assert_eq!(words("配"), ["配"]);
        assert_eq!(words("ご注文 A 様"), ["こ\u{3099}注", "注文", "a", "様"]);
        assert!(words("ขอบคุณ").len() > 2);
        assert_eq!(tokens("配送")[0].range, 0..6);
    }

    #[test]
    fn a_part_of_a_word_is_found_in_its_bytes() {
        assert_eq!(bytes_of("João", 3), 4);
        assert_eq!(bytes_of("Straße", 6), 6);
        assert_eq!(bytes_of("ab", 9), 2);
    }

    proptest! {
        #[test]
        fn tokens_stand_where_they_say(text in "\\PC{0,40}") {
            let mut from = 0;
            for token in tokens(&text) {
                prop_assert!(token.range.start >= from);
                prop_assert!(!token.text.is_empty() && !token.text.contains(char::is_whitespace));
                prop_assert!(text.get(token.range.clone()).is_some_and(|word| !word.is_empty()));
                from = token.range.start;
            }
        }

        #[test]
        fn what_is_folded_stays_so(text in "\\PC{0,20}") {
            let folded = fold(&text);
            prop_assert_eq!(fold(&folded), folded);
        }
    }
}
