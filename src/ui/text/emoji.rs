//! Which parts of a text are drawn with the colour emoji font.
//!
//! UTS #51: a grapheme whose default is the emoji presentation, or that asks for it with U+FE0F, or that is a sequence
//! (skin tones, families, flags, keycaps). What is text by default (`©`, `™`, digits) stays with the letters.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation as _;

/// The stretches of emoji in a text, in bytes, in order; neighbours are joined.
pub(super) fn ranges(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    // Nothing below U+00A9 begins an emoji but keycaps, and those end above it.
    if text.chars().all(|c| c < '\u{a9}') {
        return found;
    }
    for (start, grapheme) in text.grapheme_indices(true) {
        if !is_emoji(grapheme) {
            continue;
        }
        let end = start + grapheme.len();
        match found.last_mut() {
            Some(last) if last.end == start => last.end = end,
            _ => found.push(start..end),
        }
    }
    found
}

/// Whether this grapheme is shown as an emoji.
fn is_emoji(grapheme: &str) -> bool {
    if grapheme.is_ascii() {
        return false;
    }
    let alone = grapheme.chars().nth(1).is_none();
    emojis::get(grapheme).is_some_and(|emoji| !alone || emoji.as_str() == grapheme)
}

#[cfg(test)]
mod tests {
    use parley::PositionedLayoutItem;
    use skrifa::{FontRef, GlyphId, MetadataProvider as _};

    use super::{
        super::{
            engine::Engine,
            galley::Galley,
            shape::Room,
            words::{Style, Words, Wrap},
        },
        *,
    };

    /// Whether the glyphs of a text have colours of their own, for each that takes room.
    fn are_in_colour(galley: &Galley) -> Vec<bool> {
        let lines = galley.paragraphs.iter().flat_map(|paragraph| paragraph.layout.lines());
        let runs = lines.flat_map(|line| {
            line.items().filter_map(|item| match item {
                PositionedLayoutItem::GlyphRun(run) => Some(run),
                PositionedLayoutItem::InlineBox(_) => None,
            })
        });
        runs.flat_map(|run| {
            let font = run.run().font();
            let font = FontRef::from_index(font.data.as_ref(), font.index).unwrap();
            let in_colour = |id| font.color_glyphs().get(GlyphId::new(id)).is_some();
            let seen = run.glyphs().filter(|glyph| glyph.id == 0 || glyph.advance > 0.0);
            seen.map(|glyph| glyph.id != 0 && in_colour(glyph.id)).collect::<Vec<_>>()
        })
        .collect()
    }

    #[test]
    fn every_emoji_up_to_17_is_one_glyph_in_colour() {
        let mut engine = Engine::default();
        let room = Room { wrap: Wrap::one_row(f32::INFINITY), scale: 1.0, fills: false };
        let mut poor = Vec::new();
        for plain in emojis::iter().filter(|emoji| emoji.emoji_version() <= emojis::EmojiVersion::new(17, 0))
        {
            for emoji in std::iter::once(plain).chain(plain.skin_tones().into_iter().flatten()) {
                let galley = engine.layout(&Words::plain(emoji.as_str(), Style::new(22.0)), room);
                if galley.lacking || are_in_colour(&galley) != [true] {
                    poor.push(emoji.as_str());
                }
            }
        }
        assert_eq!(poor, Vec::<&str>::new());
    }

    #[test]
    fn what_unicode_shows_as_emoji_is_found() {
        for emoji in ["😀", "❤️", "👍🏽", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🇩🇪", "1️⃣", "#️⃣", "☺️", "⌚"]
        {
            assert_eq!(ranges(emoji).first(), Some(&(0..emoji.len())), "{emoji}");
        }
        assert_eq!(ranges("a 😀👍🏽 b").first(), Some(&(2..14)));
    }

    #[test]
    fn text_stays_text() {
        for text in ["1", "#", "12*3", "©", "™", "❤", "☺", "❤\u{fe0e}", "é", "漢字", "مرحبا", "1\u{20e3}a"]
        {
            let found = ranges(text);
            assert!(found.is_empty() || text.starts_with("1\u{20e3}"), "{text}: {found:?}");
        }
    }

    #[test]
    fn every_emoji_there_is_is_found() {
        for emoji in emojis::iter() {
            for emoji in emoji.skin_tones().into_iter().flatten().chain([emoji]) {
                let emoji = emoji.as_str();
                assert_eq!(ranges(emoji).first(), Some(&(0..emoji.len())), "{emoji}");
            }
        }
    }
}
