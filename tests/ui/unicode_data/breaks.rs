//! Where rows may be broken (UAX #14): `LineBreakTest`.

use unicode_linebreak::{BreakClass, break_property};
use unicode_segmentation::UnicodeSegmentation as _;

use super::*;

/// A text, and where Unicode lets a row be broken: offsets in bytes, the text's end among them.
struct Case {
    text: String,
    breaks: Vec<usize>,
}

fn cases() -> Vec<Case> {
    let file = read("auxiliary/LineBreakTest.txt");
    let lines = file.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    lines.filter(|line| !line.is_empty()).map(case).collect()
}

fn case(line: &str) -> Case {
    let (mut text, mut breaks) = (String::new(), Vec::new());
    for token in line.split_whitespace() {
        match token {
            "÷" => breaks.push(text.len()),
            "×" => {}
            code => text.push(letter(code)),
        }
    }
    Case { text, breaks }
}

/// Where a break begins a new paragraph of ours, so that no row is broken there.
fn ends_paragraph(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether the file tells a break at that offset by other rules than those of Unicode 15.1, by which parley goes.
fn by_other_rules(text: &str, at: usize) -> bool {
    numbers(text, at) || quotes(text, at)
}

fn is_mark(c: char) -> bool {
    break_property(u32::from(c)) == BreakClass::CombiningMark
}

/// The classes of what is before an offset and behind it; marks belong to the letter they stand on (LB9).
fn around(text: &str, at: usize) -> Option<(BreakClass, BreakClass)> {
    let before = text[..at].chars().rev().find(|c| !is_mark(*c))?;
    let behind = text[at..].chars().next()?;
    Some((break_property(u32::from(before)), break_property(u32::from(behind))))
}

/// Before Unicode 16 the file breaks numbers as an example of tailoring does (UAX #14, 8.2, example 7). The rule itself,
/// LB25, keeps more together: a closing bracket and a sign of currency or percent, such a sign and an opening bracket,
/// and a separator and the digit behind it, whatever is before.
fn numbers(text: &str, at: usize) -> bool {
    use BreakClass::{
        CloseParenthesis, ClosePunctuation, Hyphen, InfixSeparator, Numeric, OpenPunctuation, Postfix,
        Prefix, Symbol,
    };
    matches!(
        around(text, at),
        Some(
            (ClosePunctuation | CloseParenthesis, Postfix | Prefix)
                | (Postfix | Prefix, OpenPunctuation)
                | (InfixSeparator | Symbol | Hyphen, Numeric)
        )
    )
}

/// Unicode 15.0 kept a quotation mark and an opening bracket together across spaces (LB15); 15.1 tells opening marks
/// from closing ones instead (`LB15a` and `LB15b`).
fn quotes(text: &str, at: usize) -> bool {
    let spaced = text[..at].trim_end_matches(|c| c == ' ' || is_mark(c));
    let (Some(before), Some(behind)) = (spaced.chars().next_back(), text[at..].chars().next()) else {
        return false;
    };
    let opens = |c: char| break_property(u32::from(c)) == BreakClass::OpenPunctuation;
    let quotes = |c: char| break_property(u32::from(c)) == BreakClass::Quotation;
    matches!(before, '«' | '‘' | '“' | '‹')
        || matches!(behind, '»' | '’' | '”' | '›')
        || quotes(before) && opens(behind)
}

/// How many of a thousand cases may differ where the file is of a Unicode later than 15.1: its rules are not parley's
/// yet, and it has letters that were unassigned.
const LATER: usize = 25;

/// Whether the file is of a later Unicode than parley goes by.
fn is_later() -> bool {
    let file = read("auxiliary/LineBreakTest.txt");
    let version = file.lines().next().and_then(|line| line.split_once("LineBreakTest-"));
    let (_name, version) = version.expect("the file says its version");
    let mut numbers = version.split('.');
    let mut next = || numbers.next().and_then(|number| number.parse::<u32>().ok()).expect("a number");
    (next(), next()) > (15, 1)
}

#[test]
fn every_case_of_line_break_test_is_broken_as_unicode_breaks_it() {
    let (mut analyses, mut differing) = (Analyses::default(), Vec::new());
    let cases = cases();
    for Case { text, breaks } in &cases {
        let analysis = analyses.of(text, BaseDirection::Auto);
        let letters = text.char_indices().zip(analysis.char_info());
        for ((at, _letter), info) in letters.skip(1) {
            let expected = breaks.contains(&at) && !text[..at].ends_with(ends_paragraph);
            if info.is_soft_wrap_opportunity() != expected && !by_other_rules(text, at) {
                differing.push(format!("{text:?}: {at}, which should be {expected}"));
            }
        }
    }
    let allowed = if is_later() { cases.len() * LATER / 1000 } else { 0 };
    let few = &differing[..differing.len().min(20)];
    assert!(differing.len() <= allowed, "{} of {} differ: {few:#?}", differing.len(), cases.len());
    assert!(cases.len() > 7000, "only {} cases: is the file whole?", cases.len());
}

/// Whether a row should have been broken in its midst rather than at its end. Without any place to break it is broken
/// between two letters; and no place is one inside a letter, as before a mark that stands on a space, or one with
/// nothing to be seen before it.
fn passed_a_break(Case { text, breaks }: &Case, row: &Range<usize>) -> bool {
    let is_whole = |at: usize| text.grapheme_indices(true).any(|(start, _letter)| start == at);
    let is_seen = |c: char| !text::isolate::is_invisible(c) && !is_mark(c);
    let inside = breaks.iter().filter(|at| row.start < **at && **at < row.end);
    let mut inside = inside.filter(|at| is_whole(**at) && !by_other_rules(text, **at));
    inside.any(|at| text[row.start..*at].chars().any(is_seen))
}

#[test]
fn rows_are_broken_where_unicodes_cases_let_them() {
    let (mut layouts, mut differing, mut broken) = (Layouts::default(), Vec::new(), 0);
    for case @ Case { text, breaks } in &cases() {
        let ends_paragraph = |at: usize| at == text.len() || text[at..].starts_with(ends_paragraph);
        for width in [6.0, 20.0, 40.0] {
            let galley = layouts.of(text, Wrap::at(width));
            for row in galley.rows().iter().map(|row| &row.range).filter(|row| !ends_paragraph(row.end)) {
                broken += 1;
                let is_right = breaks.contains(&row.end) || by_other_rules(text, row.end);
                if !is_right && passed_a_break(case, row) {
                    differing.push(format!("{text:?}: {row:?} in {width}, breaks {breaks:?}"));
                }
            }
        }
    }
    let allowed = if is_later() { broken * LATER / 1000 } else { 0 };
    let few = &differing[..differing.len().min(20)];
    assert!(differing.len() <= allowed, "{} of {broken} differ: {few:#?}", differing.len());
    assert!(broken > 8000, "only {broken} rows were broken");
}
