//! The order of letters and the breaks of rows, against other implementations of the Unicode rules. Only the
//! shipped fonts are used: what they lack has a box for a letter, and boxes are ordered and broken like letters.

use std::sync::{Arc, LazyLock};

use egui::Context;
use proptest::prelude::*;
use unicode_bidi::{BidiInfo, Level};
use waxwing::ui::text::{self, Direction, Galley, Style, Words, Wrap};

/// One for all, because it reads the fonts.
static CONTEXT: LazyLock<Context> = LazyLock::new(Context::default);

fn one_line(text: &str) -> Arc<Galley> {
    text::layout(&CONTEXT, &Words::plain(text, Style::new(14.0)), Wrap::at(f32::INFINITY))
}

/// The letters of the text from left to right as they are painted; what has no width is left out.
fn painted(text: &str) -> String {
    let galley = one_line(text);
    let mut letters: Vec<(f32, char)> = Vec::new();
    for (at, letter) in text.char_indices().filter(|(_at, letter)| has_width(*letter)) {
        let rects = galley.rects(at..at + letter.len_utf8());
        assert_eq!(rects.len(), 1, "{letter:?} at {at} of {text:?}");
        letters.push((rects[0].center().x, letter));
    }
    letters.sort_by(|a, b| a.0.total_cmp(&b.0));
    letters.into_iter().map(|(_x, letter)| letter).collect()
}

/// The same as `unicode-bidi` orders it.
fn expected(text: &str) -> String {
    let info = BidiInfo::new(text, None);
    let Some(paragraph) = info.paragraphs.first() else { return String::new() };
    let levels = info.reordered_levels_per_char(paragraph, paragraph.range.clone());
    let letters: Vec<char> = text.chars().collect();
    let order = BidiInfo::reorder_visual(&levels[..letters.len()]);
    order.into_iter().map(|index| letters[index]).filter(|letter| has_width(*letter)).collect()
}

fn has_width(letter: char) -> bool {
    !text::isolate::is_invisible(letter)
}

fn direction(text: &str) -> Direction {
    let info = BidiInfo::new(text, None);
    match info.paragraphs.first() {
        Some(paragraph) if paragraph.level == Level::rtl() => Direction::RightToLeft,
        _ => Direction::LeftToRight,
    }
}

#[test]
fn sentences_read_as_their_readers_expect() {
    let sentences = [
        "مرحبا، أين طلبي رقم 48213؟",
        "أريد iPhone 15 Pro باللون الأسود من فضلك",
        "שלום, מתי תגיע ההזמנה שלי 48213? (דרך WhatsApp)",
        "ההזמנה מ-12/05/2026 עלתה 250₪ ולא 300₪.",
        "سلام، سفارش من به شمارهٔ ۴۸۲۱۳ کجاست؟",
        "میرا آرڈر نمبر 48213 کہاں ہے؟",
        "The name is محمد علي, call +971 50 123 4567.",
        "Price: 100% — السعر 100٪ [sic] {ok}",
        "1. ראשון 2. second",
        "قال: \u{2067}שלום abc\u{2069} ثم ذهب",
        "a \u{202b}b ב 12\u{202c} c",
    ];
    for sentence in sentences {
        // Arabic marks and the lam-alef pair share a place with their letter; the letters alone tell the order.
        let plain: String =
            sentence.chars().filter(|c| !('\u{64b}'..='\u{65f}').contains(c) && *c != 'ٔ').collect();
        assert_eq!(painted(&plain), expected(&plain), "{plain}");
        assert_eq!(one_line(&plain).direction(), direction(&plain), "{plain}");
    }
}

#[test]
fn each_paragraph_has_a_direction_of_its_own() {
    let text = "first\nשני\n3. third\n١ רביעי";
    let galley = one_line(text);
    let right = galley.size().x;
    let at_the_left: Vec<bool> = galley.rows().iter().map(|row| row.rect.left() < 0.5).collect();
    let at_the_right: Vec<bool> = galley.rows().iter().map(|row| right - row.rect.right() < 1.5).collect();
    assert_eq!(galley.rows().len(), 4);
    assert!(at_the_left[0] && at_the_right[1] && at_the_left[2] && at_the_right[3]);
    assert_eq!(galley.direction(), Direction::LeftToRight);
}

#[test]
fn a_strangers_name_changes_nothing_beside_it() {
    let names = ["Ada", "محمد", "\u{202e}evil", "x\u{2067}", "\u{2069}\u{202c}y", "ب\u{202d}\u{2066}1"];
    for name in names {
        let sentence = format!("{} joined at 10:30, room 5", text::isolate::isolated(name));
        let painted = painted(&sentence);
        assert!(painted.ends_with(" joined at 10:30, room 5"), "{name:?}: {painted:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    /// UAX #9 over letters, numbers of both kinds, separators, brackets, spaces, isolates, embeddings and overrides.
    #[test]
    fn letters_are_ordered_as_uax_9_orders_them(
        text in "[abcאבגدرو123١٢+\\-.,:$%()\\[\\]<> \u{200e}\u{200f}\u{61c}\u{202a}-\u{202e}\u{2066}-\u{2069}]{1,24}"
    ) {
        // Parley leaves white space at the end of a row where its letters are ordered (L1 puts it at the row's end): it
        // has no ink there either.
        let text = text.trim_end_matches(|c| c == ' ' || !has_width(c));
        prop_assert_eq!(painted(text), expected(text));
        prop_assert_eq!(one_line(text).direction(), direction(text));
    }

    /// UAX #14 over letters, numbers, punctuation and characters of Chinese, Japanese and Korean.
    #[test]
    fn rows_break_where_uax_14_lets_them(text in "[abא1 ,.!?()/$%漢字かな。、한글\\-]{2,24}") {
        let allowed: Vec<usize> = unicode_linebreak::linebreaks(&text).map(|(at, _kind)| at).collect();
        let narrow = text::layout(
            &CONTEXT,
            &Words::plain(&text, Style::new(14.0)),
            Wrap::at(40.0),
        );
        for row in narrow.rows() {
            let inside = allowed.iter().any(|at| row.range.contains(at) && *at > row.range.start);
            // A row that had no place to break is broken anywhere; otherwise only where the rules let it.
            prop_assert!(allowed.contains(&row.range.end) || !inside, "{:?} of {text:?}", row.range);
        }
    }
}
