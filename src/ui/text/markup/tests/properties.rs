//! What must hold for the marks of every text, however hostile.

use proptest::prelude::*;

use super::super::*;

/// Texts full of what the rules look at.
fn marked_text() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "*",
        "_",
        "~",
        "`",
        "```",
        "> ",
        "- ",
        "* ",
        "1. ",
        "\n",
        "\r\n",
        " ",
        "a",
        "bc",
        "7",
        ".",
        "é",
        "u\u{308}",
        "😀",
        "*️⃣",
        "世",
        "مر",
        "\u{200f}",
        "\u{200b}",
        "\u{301}",
        "https://a.example/b_c_",
        "a_b@c.example",
    ]);
    prop::collection::vec(pieces, 0..40).prop_map(|pieces| pieces.concat())
}

fn holds_for(text: &str) -> Result<(), TestCaseError> {
    let document = parse(text);
    let mut at = 0;
    for block in &document.blocks {
        prop_assert!(["", "\n"].contains(&&text[at..block.source.start]), "between the blocks of {:?}", text);
        at = block.source.end;
        prop_assert!(block.kept.iter().all(|kept| kept.length > 0));
        let (mut last, mut shown) = (block.source.start, String::new());
        for kept in &block.kept {
            prop_assert_eq!(kept.shown, shown.len());
            prop_assert!(last <= kept.written);
            last = kept.written + kept.length;
            shown.push_str(&text[kept.written..last]);
        }
        prop_assert!(last <= block.source.end);
        prop_assert_eq!(&shown, &block.text);
        for span in &block.spans {
            prop_assert!(span.range.start < span.range.end, "{:?} in {:?}", span, text);
            let (inner, outer) = (&block.text[span.range.clone()], &text[span.source.clone()]);
            prop_assert!(outer.len() > inner.len() && span.source.end <= block.source.end);
            for other in &block.spans {
                let apart = span.range.end <= other.range.start || other.range.end <= span.range.start;
                let nested = (span.range.start >= other.range.start && span.range.end <= other.range.end)
                    || (other.range.start >= span.range.start && other.range.end <= span.range.end);
                prop_assert!(apart || nested, "{:?} and {:?} in {:?}", span, other, text);
            }
        }
    }
    prop_assert_eq!(at, text.len());
    Ok(())
}

proptest! {
    #[test]
    fn blocks_cover_the_text_and_show_it_in_order(text in marked_text()) {
        holds_for(&text)?;
    }

    #[test]
    fn any_text_can_be_taken_apart(text in any::<String>()) {
        holds_for(&text)?;
    }

    #[test]
    fn text_without_marks_is_shown_as_it_is(text in "[^*_~`]{1,60}") {
        let is_listed = text.split('\n').any(|line| classify(line).1 > 0);
        prop_assume!(!is_listed);
        let document = parse(&text);
        prop_assert_eq!(document.blocks.len(), 1);
        prop_assert_eq!(&document.blocks[0].text, &text);
        prop_assert_eq!(&document.blocks[0].spans, &[]);
    }

    #[test]
    fn a_selection_is_what_was_written_in_order(text in marked_text(), one: usize, other: usize) {
        for block in &parse(&text).blocks {
            let letters: Vec<usize> =
                block.text.char_indices().map(|(at, _)| at).chain([block.text.len()]).collect();
            let (one, other) = (letters[one % letters.len()], letters[other % letters.len()]);
            let (start, end) = (one.min(other), one.max(other));
            let source = block.source_range(start..end);
            prop_assert!(block.source.start <= source.start && source.end <= block.source.end);
            let copied = text.get(source.clone());
            prop_assert!(copied.is_some(), "on letters' borders");
            // What is shown stands in what is copied, letter by letter in the same order.
            let mut written = copied.unwrap_or_default().chars();
            prop_assert!(block.text[start..end].chars().all(|letter| written.any(|other| other == letter)));
            for (here, next) in letters.iter().zip(&letters[1..]) {
                prop_assert!(block.source_of(*here) < block.source_of(*next) || *next == block.text.len());
                prop_assert_eq!(block.shown_of(block.source_of(*here)), *here, "{:?}", text);
            }
        }
    }

    #[test]
    fn addresses_are_shown_as_they_were_written(text in marked_text()) {
        // Code goes before addresses.
        let text = text.replace('`', "");
        let document = parse(&text);
        for range in crate::ui::text::links::find_addresses(&text) {
            let block = document.blocks.iter().find(|block| block.source.end >= range.end).expect("covers the text");
            let at = block.shown_of(range.start);
            prop_assert_eq!(block.text.get(at..at + range.len()), Some(&text[range]));
        }
    }

    #[test]
    fn nothing_is_added_or_taken_by_parsing_what_was_copied_whole(text in marked_text()) {
        let document = parse(&text);
        let Some(last) = document.blocks.len().checked_sub(1) else { return Ok(()) };
        let to = Place { block: last, offset: usize::MAX };
        let source = document.source_range(Place { block: 0, offset: 0 }, to);
        prop_assert_eq!(source, 0..text.len());
    }
}
