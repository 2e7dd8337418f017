//! Reads the marks within one line.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation as _;

use super::{
    Block, Mark, Span,
    fence::{FENCE, Fence},
};

/// Reads lines one after the other, from the top to the bottom of a text.
pub(super) struct Reader<'a> {
    text: &'a str,
    /// What isn't read letter by letter, in order; what is before the current line is left behind.
    whole: &'a [Whole],
}

/// A stretch within a line in which nothing is read.
pub(super) struct Whole {
    range: Range<usize>,
    kind: Kind,
}

/// The code between fences within lines and the addresses, in order. An address with a fence in it is none.
pub(super) fn whole(fences: &[Fence], addresses: &[Range<usize>]) -> Vec<Whole> {
    let mut whole = Vec::with_capacity(fences.len() + addresses.len());
    let mut addresses = addresses.iter().peekable();
    for fence in fences {
        while let Some(before) = addresses.next_if(|address| address.end <= fence.outer.start) {
            whole.push(Whole { range: before.clone(), kind: Kind::Word });
        }
        while addresses.next_if(|address| address.start < fence.outer.end).is_some() {}
        if !fence.is_block {
            whole.push(Whole { range: fence.outer.clone(), kind: Kind::Fence });
        }
    }
    whole.extend(addresses.map(|address| Whole { range: address.clone(), kind: Kind::Word }));
    whole
}

/// One letter of a line, or something that counts as one.
struct Unit {
    at: usize,
    kind: Kind,
}

/// What a unit is to the marks beside it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Mark(Mark),
    /// White space.
    Space,
    /// A letter, a digit, or an address.
    Word,
    /// Punctuation, symbols, emoji.
    Other,
    /// Code between fences.
    Fence,
}

/// What a mark could do, by its neighbours.
#[derive(Clone, Copy, Default)]
struct Ability {
    opens: bool,
    closes: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, whole: &'a [Whole]) -> Self {
        Self { text, whole }
    }

    /// Reads the line, or what is behind the mark at its start, and shows it at the end of `block`.
    pub(super) fn read_line(&mut self, line: Range<usize>, block: &mut Block) {
        if !self.text[line.clone()].contains(['*', '_', '~', '`']) {
            block.keep(self.text, line);
            return;
        }
        let units = self.units(line.clone());
        let marks = pair(&units, &abilities(&units));
        self.show(&units, &marks, line.end, block);
    }

    /// The line's letters as the eye counts them (UAX #29), so that a mark under an accent or in an emoji isn't one.
    fn units(&mut self, line: Range<usize>) -> Vec<Unit> {
        let mut units = Vec::new();
        let mut at = line.start;
        while at < line.end {
            let behind = self.whole.iter().take_while(|whole| whole.range.end <= at).count();
            self.whole = &self.whole[behind..];
            let next = self.whole.first().filter(|whole| whole.range.start < line.end);
            let end = next.map_or(line.end, |whole| whole.range.start);
            for (offset, letter) in self.text[at..end].grapheme_indices(true) {
                #[cfg(test)]
                super::tests::step();
                units.push(Unit { at: at + offset, kind: kind(letter) });
            }
            at = end;
            if let Some(whole) = next {
                units.push(Unit { at, kind: whole.kind });
                at = whole.range.end;
            }
        }
        units
    }

    /// Shows the units, without those that turned out to be marks.
    fn show(&self, units: &[Unit], marks: &[Pair], line_end: usize, block: &mut Block) {
        let mut hidden = vec![false; units.len()];
        for pair in marks {
            hidden[pair.open] = true;
            hidden[pair.close] = true;
        }
        let mut shown = Vec::with_capacity(units.len());
        for (index, unit) in units.iter().enumerate() {
            let end = units.get(index + 1).map_or(line_end, |next| next.at);
            shown.push(block.text.len());
            match unit.kind {
                _ if hidden[index] => {}
                Kind::Fence => block.keep(self.text, unit.at + FENCE.len()..end - FENCE.len()),
                _ => block.keep(self.text, unit.at..end),
            }
        }
        shown.push(block.text.len());
        let mut marks = marks.iter().peekable();
        for (index, unit) in units.iter().enumerate() {
            let end = |index: usize| units.get(index + 1).map_or(line_end, |next| next.at);
            if unit.kind == Kind::Fence {
                let span = Span {
                    range: shown[index]..shown[index + 1],
                    mark: Mark::Code,
                    source: unit.at..end(index),
                };
                block.spans.push(span);
            }
            while let Some(pair) = marks.next_if(|pair| pair.open == index) {
                block.spans.push(Span {
                    range: shown[pair.open]..shown[pair.close],
                    mark: pair.mark,
                    source: unit.at..end(pair.close),
                });
            }
        }
    }
}

fn kind(letter: &str) -> Kind {
    match letter {
        "*" => Kind::Mark(Mark::Bold),
        "_" => Kind::Mark(Mark::Italic),
        "~" => Kind::Mark(Mark::Strike),
        "`" => Kind::Mark(Mark::Code),
        _ if letter.starts_with(char::is_whitespace) => Kind::Space,
        _ if letter.starts_with(char::is_alphanumeric) => Kind::Word,
        _ => Kind::Other,
    }
}

/// What each mark could do. Seen from the outside a run of the same mark is one mark: in `2**3**4` none can do anything.
fn abilities(units: &[Unit]) -> Vec<Ability> {
    let mut abilities = vec![Ability::default(); units.len()];
    let mut outside_is_word = false;
    for (index, unit) in units.iter().enumerate() {
        let before = index.checked_sub(1).map(|before| units[before].kind);
        if before != Some(unit.kind) {
            outside_is_word = before == Some(Kind::Word);
        }
        let after = units.get(index + 1).map(|after| after.kind);
        let touches = after.is_some_and(|after| after != Kind::Space && after != unit.kind);
        abilities[index].opens = matches!(unit.kind, Kind::Mark(_)) && touches && !outside_is_word;
    }
    for (index, unit) in units.iter().enumerate().rev() {
        let after = units.get(index + 1).map(|after| after.kind);
        if after != Some(unit.kind) {
            outside_is_word = after == Some(Kind::Word);
        }
        let before = index.checked_sub(1).map(|before| units[before].kind);
        let touches = before.is_some_and(|before| before != Kind::Space && before != unit.kind);
        abilities[index].closes = matches!(unit.kind, Kind::Mark(_)) && touches && !outside_is_word;
    }
    abilities
}

/// Two marks that belong together, by the index of their unit.
struct Pair {
    mark: Mark,
    open: usize,
    close: usize,
}

/// Which marks belong together, by where they open.
fn pair(units: &[Unit], abilities: &[Ability]) -> Vec<Pair> {
    let code_ends = code_ends(units, abilities);
    let mut pairs: Vec<Option<Pair>> = Vec::new();
    // At most one of each kind is open: what could open a second one is a letter.
    let mut open: Vec<(Mark, usize, usize)> = Vec::new();
    let mut index = 0;
    while index < units.len() {
        #[cfg(test)]
        super::tests::step();
        let Kind::Mark(mark) = units[index].kind else {
            index += 1;
            continue;
        };
        let depth = open.iter().position(|(opened, ..)| *opened == mark);
        match (mark, depth) {
            (Mark::Code, _) => {
                if abilities[index].opens
                    && let Some(close) = code_ends[index]
                {
                    pairs.push(Some(Pair { mark, open: index, close }));
                    index = close;
                }
            }
            (_, Some(depth)) if abilities[index].closes => {
                let (_, start, slot) = open[depth];
                pairs[slot] = Some(Pair { mark, open: start, close: index });
                open.truncate(depth);
            }
            (_, None) if abilities[index].opens => {
                open.push((mark, index, pairs.len()));
                pairs.push(None);
            }
            _ => {}
        }
        index += 1;
    }
    pairs.into_iter().flatten().collect()
}

/// For each unit the next one behind it that can close code.
fn code_ends(units: &[Unit], abilities: &[Ability]) -> Vec<Option<usize>> {
    let mut ends = vec![None; units.len()];
    let mut next = None;
    for index in (0..units.len()).rev() {
        ends[index] = next;
        if units[index].kind == Kind::Mark(Mark::Code) && abilities[index].closes {
            next = Some(index);
        }
    }
    ends
}
