//! What single characters mean to addresses.

use unicode_script::{Script, UnicodeScript as _};

/// Whether this ends every address: white space, and punctuation that no address has as it is.
pub(super) fn is_separator(letter: char) -> bool {
    letter.is_whitespace()
        || matches!(letter,
            // Quotes, dashes, the ellipsis, guillemets.
            '\u{2010}'..='\u{201f}' | '\u{2026}' | '\u{2039}' | '\u{203a}' | '«' | '»'
            // Arabic, Armenian, Indic, Thai, Burmese, Khmer, Ethiopic, Tibetan.
            | '،' | '؛' | '؟' | '۔' | '։' | '।' | '॥' | '๏' | '၊' | '။' | '។' | '៕' | '፡'..='፨' | '།'
            // CJK, and its wide and small forms.
            | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301f}' | '・'
            | '！' | '（' | '）' | '，' | '：' | '；' | '＜' | '＞' | '？' | '［' | '］' | '｛'..='､')
}

/// Whether this can't be seen: control characters (C0, C1) and Unicode's default ignorable code points.
pub(super) fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether this belongs to words and emoji though it can't be seen: the joiners that Persian and the Indic scripts are
/// written with, and the variation selectors. Outside a host's name that is no disguise.
pub(super) fn joins(letter: char) -> bool {
    matches!(letter, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}')
}

/// Whether an address doesn't end, and a name doesn't begin, with this: symbols, emoji, direction marks.
pub(super) fn is_beside(letter: char) -> bool {
    matches!(letter, '\u{61c}' | '\u{2000}'..='\u{2bff}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{1f000}'..='\u{1fbff}' | '\u{e0020}'..='\u{e007f}')
}

/// Whether this turns the order of all letters behind it on its line.
pub(super) fn overrides_direction(letter: char) -> bool {
    matches!(letter, '\u{202d}' | '\u{202e}')
}

/// Whether words of this letter's script stand beside others without a space, so that a name can begin or end there.
pub(super) fn needs_no_space(letter: char) -> bool {
    matches!(
        letter.script(),
        Script::Han
            | Script::Hiragana
            | Script::Katakana
            | Script::Hangul
            | Script::Bopomofo
            | Script::Thai
            | Script::Lao
            | Script::Khmer
            | Script::Myanmar
    ) || letter == 'ー'
}
