//! Letters made alike, for searching: whatever the case and the accents.

use icu_normalizer::DecomposingNormalizerBorrowed;

use super::super::text::isolate::is_invisible;

/// A text taken apart (Unicode's NFKD), in lower case, without accents, vowel signs of Hebrew and Arabic and what can't be
/// seen, with single spaces. `scripts/emoji-words.py` does the same to the keywords.
pub(in crate::ui) fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    if text.is_ascii() {
        text.chars().for_each(|c| push(&mut out, c.to_ascii_lowercase()));
    } else {
        let apart = DecomposingNormalizerBorrowed::new_nfkd();
        let letters = apart.normalize_iter(text.chars()).filter(|c| !is_left_out(*c));
        letters.flat_map(char::to_lowercase).for_each(|c| push(&mut out, alike(c)));
    }
    out.truncate(out.trim_end().len());
    out
}

/// White space of any kind and length is one space, and none at the beginning.
fn push(out: &mut String, c: char) {
    if !c.is_whitespace() {
        out.push(c);
    } else if !out.is_empty() && !out.ends_with(' ') {
        out.push(' ');
    }
}

/// Letters with a stroke are not taken apart by Unicode, and typed without it all the same.
const fn alike(c: char) -> char {
    match c {
        'ı' => 'i',
        'đ' => 'd',
        'ł' => 'l',
        'ø' => 'o',
        _ => c,
    }
}

fn is_left_out(c: char) -> bool {
    let vowel_sign = matches!(c, '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}'..='\u{5c7}' | '\u{640}' | '\u{64b}'..='\u{652}');
    matches!(c, '\u{300}'..='\u{36f}') || vowel_sign || is_invisible(c) && !c.is_whitespace()
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn case_accents_and_spaces_make_no_difference() {
        for (text, wanted) in [
            ("  Rotes   HERZ ", "rotes herz"),
            ("Überraschung", "uberraschung"),
            ("Łza", "lza"),
            ("IŞIK ışık", "isik isik"),
            ("שָׁלוֹם", "שלום"),
            ("قَلْب", "قلب"),
            ("ﬁnger", "finger"),
            ("Ｆｕｌｌ", "full"),
            ("\u{200f}a\u{200d}b", "ab"),
            ("é\nb\u{2028}c", "e b c"),
            ("", ""),
            (" \n", ""),
        ] {
            assert_eq!(folded(text), wanted, "{text:?}");
        }
    }
}
