//! Messages of emoji alone are shown large, as `WhatsApp` does: one larger than two, two larger than three.

use unicode_segmentation::UnicodeSegmentation as _;

/// More emoji than this are shown in the size of text.
const MOST: usize = 3;

/// A message of one, two or three emoji.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Jumbo {
    /// One emoji.
    One,
    /// Two.
    Two,
    /// Three.
    Three,
}

impl Jumbo {
    /// Whether a message is shown large. White space between the emoji, and around them, doesn't count.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        match count(text)? {
            1 => Some(Self::One),
            2 => Some(Self::Two),
            3 => Some(Self::Three),
            _ => None,
        }
    }

    /// How large the emoji are, as a multiple of the size of text.
    #[must_use]
    pub fn scale(self) -> f32 {
        match self {
            Self::One => 3.0,
            Self::Two => 2.5,
            Self::Three => 2.0,
        }
    }
}

/// How many emoji a message has, if it is emoji and white space alone; a family, a flag or a keycap is one (UAX #29,
/// UTS #51). Stops counting beyond the ones that are shown large.
fn count(text: &str) -> Option<usize> {
    let mut count = 0;
    for letter in text.graphemes(true).filter(|letter| !letter.trim().is_empty()) {
        if count > MOST || !is_emoji(letter) {
            return None;
        }
        count += 1;
    }
    (count > 0).then_some(count)
}

/// Whether this is an emoji, as UTS #51 lists them, or several of them joined.
fn is_emoji(letter: &str) -> bool {
    const JOINER: char = '\u{200d}';
    const SHOWN_AS_EMOJI: char = '\u{fe0f}';
    // ©, ‼ and ™ are text unless they say otherwise; arrows and hearts are sent without saying so.
    let is_text = letter.chars().count() == 1 && letter < "\u{2190}";
    let is_listed = |part: &str| {
        emojis::get(part).is_some()
            || emojis::get(&part.replace(SHOWN_AS_EMOJI, "")).is_some()
            || emojis::get(&format!("{part}{SHOWN_AS_EMOJI}")).is_some()
    };
    // A newer joined sequence than the list knows is still made of emoji.
    !is_text && (is_listed(letter) || letter.contains(JOINER) && letter.split(JOINER).all(is_listed))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_to_three_emoji_are_large() {
        for (text, wanted) in [
            ("😀", Some(Jumbo::One)),
            ("😀😀", Some(Jumbo::Two)),
            ("😀 👍🏽\n", Some(Jumbo::Two)),
            (" 😀 \n😀\u{a0}😀 ", Some(Jumbo::Three)),
            ("😀😀😀😀", None),
            ("😀😀😀😀a", None),
            ("", None),
            (" ", None),
            ("a", None),
            ("😀a", None),
            ("😀!", None),
            ("*😀*", None),
            ("1", None),
            ("3", None),
            ("*", None),
        ] {
            assert_eq!(Jumbo::of(text), wanted, "{text:?}");
        }
    }

    #[test]
    fn what_is_seen_as_one_emoji_counts_as_one() {
        for text in [
            "👍🏽",           // a skin tone
            "👨‍👩‍👧‍👦",           // a family
            "🧑🏻‍❤️‍💋‍🧑🏿",           // two skin tones
            "🇩🇪",           // a flag
            "🏴󠁧󠁢󠁥󠁮󠁧󠁿",           // a flag of tags
            "🏳️‍🌈",           // a flag that is joined
            "1️⃣",           // a keycap
            "*️⃣",           // the asterisk's
            "1\u{20e3}",    // without its selector
            "❤️",           // with its selector
            "❤",            // without
            "❤\u{200d}🔥",  // joined without
            "🫠",           // of Unicode 14
            "🐈\u{200d}👍", // a joined one that nobody has listed yet
        ] {
            assert_eq!(Jumbo::of(text), Some(Jumbo::One), "{text:?}");
        }
    }

    #[test]
    fn what_is_text_stays_small() {
        for text in
            ["©", "™", "‼", "❤\u{fe0e}", "🇩", "#", "\u{fe0f}", "\u{200d}", "\u{200b}", "👍\u{200d}a", "世"]
        {
            assert_eq!(Jumbo::of(text), None, "{text:?}");
        }
        assert_eq!(Jumbo::of("©\u{fe0f}"), Some(Jumbo::One));
    }

    #[test]
    fn every_emoji_there_is_is_large() {
        for emoji in emojis::iter() {
            assert_eq!(Jumbo::of(emoji.as_str()), Some(Jumbo::One), "{emoji}");
            for toned in emoji.skin_tones().into_iter().flatten() {
                assert_eq!(Jumbo::of(toned.as_str()), Some(Jumbo::One), "{toned}");
            }
        }
    }

    #[test]
    fn fewer_are_larger() {
        assert!(Jumbo::One.scale() > Jumbo::Two.scale() && Jumbo::Two.scale() > Jumbo::Three.scale());
        assert!(Jumbo::Three.scale() > 1.0);
    }

    proptest! {
        #[test]
        fn letters_are_never_large(text in "\\PC{0,20}[a-z0-9]\\PC{0,20}") {
            prop_assume!(!text.contains('\u{20e3}'));
            prop_assert_eq!(Jumbo::of(&text), None);
        }
    }
}
