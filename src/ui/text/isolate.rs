//! Text of strangers beside our own: what it may do to its surroundings, which is nothing.
//!
//! Laid out on its own, a text is a paragraph of its own and cannot disturb others (UAX #9). Put into one of our
//! sentences it must be isolated; a file name must also be seen as what it is.

use std::{borrow::Cow, fmt::Write as _};

/// FIRST STRONG ISOLATE: what follows has a direction of its own.
const FSI: char = '\u{2068}';
/// POP DIRECTIONAL ISOLATE.
const PDI: char = '\u{2069}';
/// POP DIRECTIONAL FORMATTING: closes embeddings and overrides.
const PDF: char = '\u{202c}';

/// What [`isolated`] puts around a text: to be left out where the text is copied.
pub const MARKS: [char; 2] = [FSI, PDI];

/// The text for use inside a sentence: between FSI and PDI (UAX #9, section 6.3), with its own unpaired controls closed
/// or left out, so that what stands after it is ordered as if it were not there.
#[must_use]
pub fn isolated(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 6);
    out.push(FSI);
    // What is open, innermost last: isolates are closed by PDI, the others by PDF.
    let mut open: Vec<char> = Vec::new();
    for c in text.chars() {
        match c {
            '\u{2066}'..='\u{2068}' => open.push(PDI),
            '\u{202a}' | '\u{202b}' | '\u{202d}' | '\u{202e}' => open.push(PDF),
            PDI => {
                let Some(isolate) = open.iter().rposition(|closing| *closing == PDI) else { continue };
                open.truncate(isolate);
            }
            PDF if open.pop_if(|closing| *closing == PDF).is_none() => continue,
            // A paragraph separator would end the isolate, and is no part of a sentence.
            _ if breaks_paragraph(c) => {
                out.push(' ');
                continue;
            }
            _ => {}
        }
        out.push(c);
    }
    out.extend(open.iter().rev());
    out.push(PDI);
    out
}

/// A file name as it really is: bidi controls, control characters and everything else that has no shape of its own are
/// spelled out, as in `exe<U+202E>gpj`, and the whole is isolated.
#[must_use]
pub fn file_name(name: &str) -> String {
    let mut seen = String::with_capacity(name.len());
    let mut before = None;
    for c in name.chars() {
        let joins = matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe0f}')
            && before.is_some_and(|c: char| c > '\u{a8}' && !is_invisible(c));
        if is_invisible(c) && !joins {
            write!(seen, "<U+{:04X}>", u32::from(c)).expect("a string takes all that is written");
        } else {
            seen.push(c);
        }
        before = Some(c);
    }
    isolated(&seen)
}

/// Whether a character has no ink and no width that could be seen: controls, format characters, fillers.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a new paragraph begins after this character, for direction as for rows (UAX #9 class B, UAX #14 BK).
pub(super) fn breaks_paragraph(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// The text as it is shaped: of the same length in bytes, with what has no business in a paragraph shown as a space.
/// Fonts draw boxes for control characters, or nothing, as they like.
pub(super) fn shown(paragraph: &str) -> Cow<'_, str> {
    if !paragraph.chars().any(is_blank) {
        return Cow::Borrowed(paragraph);
    }
    let mut out = String::with_capacity(paragraph.len());
    for c in paragraph.chars() {
        match c.len_utf8() {
            _ if !is_blank(c) => out.push(c),
            1 => out.push(' '),
            2 => out.push('\u{a0}'),
            _ => out.push('\u{3000}'),
        }
    }
    Cow::Owned(out)
}

fn is_blank(c: char) -> bool {
    c.is_control() || breaks_paragraph(c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// How deep the text opens below and above where it began: both are 0 if it is closed in itself.
    fn balance(text: &str) -> (i32, i32) {
        let (mut isolates, mut lowest) = (0, 0);
        for c in text.chars() {
            match c {
                '\u{2066}'..='\u{2068}' => isolates += 1,
                PDI => isolates -= 1,
                _ => {}
            }
            lowest = lowest.min(isolates);
        }
        (isolates, lowest)
    }

    #[test]
    fn a_plain_name_is_wrapped_and_unchanged() {
        assert_eq!(isolated("Ada"), "\u{2068}Ada\u{2069}");
        assert_eq!(isolated("نورة"), "\u{2068}نورة\u{2069}");
    }

    #[test]
    fn what_is_open_is_closed_and_what_closes_nothing_is_left_out() {
        assert_eq!(isolated("a\u{202e}b"), "\u{2068}a\u{202e}b\u{202c}\u{2069}");
        assert_eq!(isolated("\u{2069}a\u{202c}"), "\u{2068}a\u{2069}");
        assert_eq!(isolated("\u{2067}\u{202e}a"), "\u{2068}\u{2067}\u{202e}a\u{202c}\u{2069}\u{2069}");
        assert_eq!(isolated("a\nb"), "\u{2068}a b\u{2069}");
    }

    #[test]
    fn a_turned_file_name_is_seen_as_what_it_is() {
        assert_eq!(file_name("photo\u{202e}gpj.exe"), "\u{2068}photo<U+202E>gpj.exe\u{2069}");
        assert_eq!(file_name("a\u{200b}b\0"), "\u{2068}a<U+200B>b<U+0000>\u{2069}");
        assert_eq!(file_name("تقرير ۱.pdf"), "\u{2068}تقرير ۱.pdf\u{2069}");
        assert_eq!(file_name("می\u{200c}خواهم.txt"), "\u{2068}می\u{200c}خواهم.txt\u{2069}");
    }

    #[test]
    fn what_is_shaped_is_as_long_as_what_was_written() {
        for text in ["a\0b", "a\tb\u{85}c", "a\u{2028}b", "plain"] {
            assert_eq!(shown(text).len(), text.len());
            assert!(!shown(text).chars().any(is_blank));
        }
    }

    proptest! {
        #[test]
        fn nothing_gets_out(text in "[a-z\u{5d0}-\u{5d4}\u{202a}-\u{202e}\u{2066}-\u{2069}\n ]{0,24}") {
            let safe = isolated(&text);
            prop_assert_eq!(balance(&safe), (0, 0));
            let inner = &safe[FSI.len_utf8()..safe.len() - PDI.len_utf8()];
            prop_assert_eq!(balance(inner), (0, 0), "its own isolates are closed inside");
            prop_assert!(!safe.chars().any(breaks_paragraph));
        }

        #[test]
        fn a_file_name_hides_nothing(name in any::<String>()) {
            let seen = file_name(&name);
            let inner = &seen[FSI.len_utf8()..seen.len() - PDI.len_utf8()];
            let hidden = inner.chars().filter(|c| !matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe0f}'));
            prop_assert!(!hidden.clone().any(is_invisible), "{inner:?}");
        }
    }
}
