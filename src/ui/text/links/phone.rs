//! Phone numbers in running text.
//!
//! What counts is an international number (ITU E.164): `+`, then 7 to 15 digits, in groups however people write them. A
//! number without its country code is one only with its area code in brackets, `(030) 123 456`; or behind `tel:`.
//! Without the agent's country nothing else can be told from order numbers, dates, prices and account numbers, and a
//! wrong link is worse than none.

use std::ops::Range;

/// How many digits a number has (E.164), with its country code.
const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// The numbers outside the ranges that are taken, with what to dial.
pub(super) fn find(text: &str, taken: &[Range<usize>]) -> Vec<(Range<usize>, String)> {
    let mut found = Vec::new();
    let mut taken = taken.iter().peekable();
    let mut at = 0;
    while let Some(offset) = text[at..].find(begins) {
        let start = at + offset;
        while taken.next_if(|range| range.end <= start).is_some() {}
        let limit = taken.peek().map_or(text.len(), |range| range.start);
        if limit <= start {
            at = taken.next().map_or(text.len(), |range| range.end);
            continue;
        }
        let before = text[..start].chars().next_back();
        let read = read(&text[start..limit]);
        at = start + read.length.max(1);
        while !text.is_char_boundary(at) {
            at += 1;
        }
        let ends_well = !goes_on(&text[start + read.length..]);
        if before.is_none_or(may_stand_before) && ends_well && read.is_number() {
            found.push((start..start + read.length, read.number));
        }
    }
    found
}

/// What to dial for a number that is said to be one, as behind `tel:`; digits, with `+` if it is international.
pub(super) fn number(text: &str) -> Option<String> {
    let read = read(text.trim());
    let is_all = read.length == text.trim().len();
    let digits = read.number.trim_start_matches('+').len();
    (is_all && (3..=*DIGITS.end()).contains(&digits)).then_some(read.number)
}

/// A run of digits and of what people put between them.
struct Run {
    /// What to dial.
    number: String,
    /// How many bytes it has, up to its last digit.
    length: usize,
    /// Whether it begins with brackets around three to five digits.
    has_area: bool,
    /// How many groups it has, and how long the last one is.
    groups: (usize, usize),
    /// Whether full stops are all that stands between the groups.
    is_dotted: bool,
}

impl Run {
    fn is_number(&self) -> bool {
        let (groups, last) = self.groups;
        // `+1234567.89` is an amount.
        let is_amount = self.is_dotted && groups == 2 && last <= 2;
        match self.number.strip_prefix('+') {
            Some(digits) => DIGITS.contains(&digits.len()) && !digits.starts_with('0') && !is_amount,
            None => self.has_area && groups > 1 && DIGITS.contains(&self.number.len()),
        }
    }
}

/// Reads digits, with at most two separators in a row between them.
fn read(text: &str) -> Run {
    let mut run = Run { number: String::new(), length: 0, has_area: false, groups: (0, 0), is_dotted: true };
    let (mut between, mut open, mut last) = (0, None, ' ');
    for (at, letter) in text.char_indices() {
        #[cfg(test)]
        super::tests::step(1);
        let end = at + letter.len_utf8();
        if let Some(digit) = digit(letter) {
            if between > 0 || run.groups.0 == 0 {
                run.groups = (run.groups.0 + 1, 0);
            }
            run.number.push(digit);
            run.groups.1 += 1;
            (run.length, between, last) = (end, 0, letter);
            continue;
        }
        match letter {
            '+' | '＋' if at == 0 => run.number.push('+'),
            '(' if open.is_none() => open = Some(run.number.len()),
            ')' if open.is_some() => {
                let since = open.take().unwrap_or(0);
                let digits = run.number.len() - since;
                run.has_area |= text.starts_with('(') && run.groups.0 == 1 && (2..=5).contains(&digits);
                if run.number.starts_with('+') && &run.number[since..] == "0" {
                    // `+49 (0)30`: dialled only at home.
                    run.number.pop();
                }
            }
            // `(+49) 30`
            ')' if run.number.starts_with('+') && run.number.len() <= 4 => {}
            ' ' | '\u{a0}' | '\u{202f}' if last == '.' => break,
            ' ' | '\u{a0}' | '\u{202f}' | '-' | '\u{2010}' | '\u{2011}' | '/' if run.length > 0 => {
                run.is_dotted = false;
            }
            '.' if run.length > 0 => {}
            _ => break,
        }
        last = letter;
        between += usize::from(letter != '+' && letter != '＋');
        if between > 2 || run.number.len() > DIGITS.end() + 2 {
            break;
        }
    }
    run
}

fn begins(letter: char) -> bool {
    matches!(letter, '+' | '＋' | '(')
}

/// ASCII, wide, Arabic and Persian digits, as ASCII.
fn digit(letter: char) -> Option<char> {
    let zero = match letter {
        '0'..='9' => return Some(letter),
        '٠'..='٩' => '٠',
        '۰'..='۹' => '۰',
        '０'..='９' => '０',
        _ => return None,
    };
    char::from_digit(u32::from(letter) - u32::from(zero), 10)
}

fn may_stand_before(letter: char) -> bool {
    super::letters::needs_no_space(letter)
        || !letter.is_alphanumeric()
            && !matches!(letter, '+' | '-' | '/' | '=' | '_' | '@' | '#' | '&' | '%' | '.' | '\\')
}

/// Whether what is behind a run makes it something else: more letters or digits, an amount, a range of something.
fn goes_on(rest: &str) -> bool {
    let mut letters = rest.chars();
    match (letters.next(), letters.next()) {
        (Some(next), _) if next.is_alphanumeric() && !super::letters::needs_no_space(next) => true,
        (Some('_' | '@' | '=' | '#' | '+' | '*'), Some(after)) if after.is_alphanumeric() => true,
        (Some(',' | '.' | ':' | '-' | '/'), Some(after)) if after.is_numeric() => true,
        (Some(next), _) if is_unit(next) => true,
        (Some(' ' | '\u{a0}' | '\u{202f}'), Some(after)) => is_unit(after),
        _ => false,
    }
}

/// Currencies and the like.
fn is_unit(letter: char) -> bool {
    matches!(letter, '$' | '¢'..='¥' | '\u{20a0}'..='\u{20cf}' | '؋' | '฿' | '﷼' | '%' | '‰' | '°')
}
