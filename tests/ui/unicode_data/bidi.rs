//! The order of letters (UAX #9): `BidiTest` says it for classes of characters, `BidiCharacterTest` for characters.

use unicode_bidi::{BidiClass, bidi_class};
use unicode_segmentation::UnicodeSegmentation as _;

use super::*;

/// One text in one direction, and what Unicode says of it.
struct Case<'a> {
    /// Its characters, without a paragraph separator at the end: our layer takes that for the end of a paragraph.
    letters: &'a [char],
    base: BaseDirection,
    /// The level of the paragraph.
    paragraph: u8,
    /// The level of each character; none for what rule X9 takes out.
    levels: &'a [Option<u8>],
    /// The indices of characters from left to right.
    order: &'a [usize],
    /// Which characters rule L1 moves.
    by_l1: &'a [bool],
}

/// Which characters rule L1 puts back to the paragraph's level: tabs, and white space and isolates at the end or before a
/// tab. parley leaves out L1, which moves nothing that has ink; and our layer shows a tab as a space.
fn reset_by_l1(letters: &[char]) -> Vec<bool> {
    use BidiClass::{B, BN, FSI, LRE, LRI, LRO, PDF, PDI, RLE, RLI, RLO, S, WS};
    let mut at_the_end = true;
    let mut reset: Vec<bool> = Vec::with_capacity(letters.len());
    for class in letters.iter().rev().map(|c| bidi_class(*c)) {
        let is_space = matches!(class, B | BN | FSI | LRE | LRI | LRO | PDF | PDI | RLE | RLI | RLO | S | WS);
        at_the_end = is_space && (at_the_end || class == S);
        reset.push(at_the_end);
    }
    reset.reverse();
    reset
}

impl Case<'_> {
    /// What the analysis makes of it.
    fn analysed(&self, analyses: &mut Analyses) -> Result<(), String> {
        let text: String = self.letters.iter().collect();
        let analysis = analyses.of(&text, self.base);
        let paragraph = analysis.paragraph_level().to_u8();
        if paragraph != self.paragraph {
            return Err(format!("{text:?} {:?}: the paragraph has level {paragraph}", self.base));
        }
        let levels = analysis.bidi_levels();
        for (index, expected) in self.levels.iter().enumerate() {
            let Some(expected) = expected.filter(|_| !self.by_l1[index]) else { continue };
            let level = levels.get(index).map_or(0, |level| level.to_u8());
            if level != expected {
                return Err(format!("{text:?} {:?}: {index} has level {level}, not {expected}", self.base));
            }
        }
        Ok(())
    }

    /// What a galley paints. A direction that is not the text's own is given by a mark before it, which is to the rules
    /// what a paragraph's direction is.
    fn painted(&self, layouts: &mut Layouts) -> Result<(), String> {
        let mark = match self.base {
            BaseDirection::Auto => "",
            BaseDirection::Ltr => "\u{200e}",
            BaseDirection::Rtl => "\u{200f}",
        };
        let text = mark.chars().chain(self.letters.iter().copied()).collect::<String>();
        let galley = layouts.of(&text, Wrap::at(f32::INFINITY));
        let direction = if self.paragraph == 1 { Direction::RightToLeft } else { Direction::LeftToRight };
        if galley.direction() != direction && !text.is_empty() {
            return Err(format!("{text:?}: {:?}", galley.direction()));
        }
        let mut found: Vec<(f32, usize)> = Vec::new();
        let mut index = 0;
        for (at, grapheme) in text[mark.len()..].grapheme_indices(true) {
            let first = index;
            index += grapheme.chars().count();
            if self.is_seen(first) {
                let start = mark.len() + at;
                let rects = galley.rects(start..start + grapheme.len());
                let [rect] = rects[..] else {
                    return Err(format!("{text:?}: {} places for {grapheme:?} at {start}", rects.len()));
                };
                found.push((rect.center().x, first));
            }
        }
        found.sort_by(|a, b| a.0.total_cmp(&b.0));
        let found: Vec<usize> = found.into_iter().map(|(_x, index)| index).collect();
        let expected: Vec<usize> = self.order.iter().copied().filter(|at| found.contains(at)).collect();
        if found == expected { Ok(()) } else { Err(format!("{text:?}: {found:?}, not {expected:?}")) }
    }

    /// Whether the character at an index is seen where it is: it has ink of its own, or a width amid the text.
    fn is_seen(&self, index: usize) -> bool {
        let c = self.letters[index];
        self.levels[index].is_some()
            && !text::isolate::is_invisible(c)
            && bidi_class(c) != BidiClass::NSM
            && !self.by_l1[index]
    }
}

/// Panics with the first of what differs.
fn all_agree(cases: usize, least: usize, differing: &[String]) {
    let few = &differing[..differing.len().min(20)];
    assert!(few.is_empty(), "{} of {cases} differ: {few:#?}", differing.len());
    assert!(cases >= least, "only {cases} cases: is the file whole?");
}

/// A character of a class. Paragraph separators end a text.
fn of_class(class: &str) -> char {
    match class {
        "L" => 'a',
        "R" => 'א',
        "AL" => 'د',
        "EN" => '1',
        "ES" => '+',
        "ET" => '$',
        "AN" => '١',
        "CS" => ',',
        "S" => '\t',
        "WS" => ' ',
        "ON" => '!',
        "BN" => '\u{200b}',
        "NSM" => '\u{300}',
        "LRE" => '\u{202a}',
        "RLE" => '\u{202b}',
        "PDF" => '\u{202c}',
        "LRO" => '\u{202d}',
        "RLO" => '\u{202e}',
        "LRI" => '\u{2066}',
        "RLI" => '\u{2067}',
        "FSI" => '\u{2068}',
        "PDI" => '\u{2069}',
        _ => panic!("no character of class {class}"),
    }
}

/// Goes through `BidiTest`.
fn each_of_bidi_test(mut each: impl FnMut(&Case<'_>)) {
    let (mut levels, mut order) = (Vec::new(), Vec::new());
    for line in read("BidiTest.txt").lines() {
        if let Some(given) = line.strip_prefix("@Levels:") {
            levels = given.split_whitespace().map(|level| level.parse().ok()).collect();
        } else if let Some(given) = line.strip_prefix("@Reorder:") {
            order = given.split_whitespace().map(|at| at.parse().expect("an index")).collect();
        } else if let Some((classes, directions)) = line.split_once(';').filter(|_| !line.starts_with('#')) {
            let letters: Vec<char> =
                classes.split_whitespace().filter(|class| *class != "B").map(of_class).collect();
            let by_l1 = reset_by_l1(&letters);
            let directions: u8 = directions.trim().parse().expect("a set of directions");
            let auto = u8::from(is_right_to_left(&letters));
            let all =
                [(1, BaseDirection::Auto, auto), (2, BaseDirection::Ltr, 0), (4, BaseDirection::Rtl, 1)];
            for (_bit, base, paragraph) in all.into_iter().filter(|(bit, ..)| directions & bit != 0) {
                each(&Case {
                    letters: &letters,
                    base,
                    paragraph,
                    levels: &levels[..letters.len()],
                    order: &order,
                    by_l1: &by_l1,
                });
            }
        }
    }
}

/// Whether rules P2 and P3 make a right-to-left paragraph of it; `BidiTest` doesn't say it.
fn is_right_to_left(letters: &[char]) -> bool {
    let mut isolates = 0_u32;
    for class in letters.iter().map(|c| bidi_class(*c)) {
        match class {
            BidiClass::LRI | BidiClass::RLI | BidiClass::FSI => isolates += 1,
            BidiClass::PDI => isolates = isolates.saturating_sub(1),
            BidiClass::L if isolates == 0 => return false,
            BidiClass::R | BidiClass::AL if isolates == 0 => return true,
            _ => {}
        }
    }
    false
}

/// Goes through `BidiCharacterTest`.
fn each_of_character_test(mut each: impl FnMut(&Case<'_>)) {
    for line in
        read("BidiCharacterTest.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        let fields: Vec<&str> = line.split(';').collect();
        let [letters, base, paragraph, levels, order] = fields[..] else { panic!("{line}: five fields") };
        let base = match base {
            "0" => BaseDirection::Ltr,
            "1" => BaseDirection::Rtl,
            "2" => BaseDirection::Auto,
            _ => panic!("{line}: a direction"),
        };
        let letters: Vec<char> = letters.split_whitespace().map(letter).collect();
        each(&Case {
            letters: &letters,
            base,
            paragraph: paragraph.parse().expect("a level"),
            levels: &levels.split_whitespace().map(|level| level.parse().ok()).collect::<Vec<_>>(),
            order: &order.split_whitespace().map(|at| at.parse().expect("an index")).collect::<Vec<_>>(),
            by_l1: &reset_by_l1(&letters),
        });
    }
}

#[test]
fn every_case_of_bidi_test_is_ordered_as_unicode_orders_it() {
    let (mut analyses, mut cases, mut differing) = (Analyses::default(), 0, Vec::new());
    each_of_bidi_test(|case| {
        cases += 1;
        differing.extend(case.analysed(&mut analyses).err());
    });
    all_agree(cases, 770_000, &differing);
}

#[test]
fn every_case_of_bidi_character_test_is_ordered_as_unicode_orders_it() {
    let (mut analyses, mut cases, mut differing) = (Analyses::default(), 0, Vec::new());
    each_of_character_test(|case| {
        cases += 1;
        differing.extend(case.analysed(&mut analyses).err());
    });
    all_agree(cases, 91_000, &differing);
}

/// A tab amid letters turns their order as no other white space does (L1); our layer shows it as a space, in that order.
fn has_tab(letters: &[char]) -> bool {
    letters.contains(&'\t')
}

/// One in so many of `BidiTest`'s cases is painted too, and one in so many of `BidiCharacterTest`'s. Both are primes, so
/// that no kind of case is left out.
const PAINTED: (usize, usize) = (211, 29);

#[test]
fn letters_are_painted_in_the_order_of_unicodes_cases() {
    let (mut layouts, mut cases, mut painted, mut differing) = (Layouts::default(), 0, 0, Vec::new());
    let mut paint = |case: &Case<'_>, one_in: usize| {
        cases += 1;
        if (cases % one_in == 0 || case.letters.len() < 3) && !has_tab(case.letters) {
            painted += 1;
            differing.extend(case.painted(&mut layouts).err());
        }
    };
    each_of_bidi_test(|case| paint(case, PAINTED.0));
    each_of_character_test(|case| paint(case, PAINTED.1));
    all_agree(painted, 6_000, &differing);
}
