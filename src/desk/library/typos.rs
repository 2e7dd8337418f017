//! Words that are meant although they are misspelled: a letter too many, too few, another one, or two that changed places.

/// No word longer than this is taken for another.
pub(super) const LONGEST: usize = 40;

/// How many slips a word of so many letters may have.
pub(super) const fn allowed(letters: usize) -> usize {
    match letters {
        0..=3 => 0,
        4..=7 => 1,
        8..=LONGEST => 2,
        _ => 0,
    }
}

/// Which letters a word has, as a set of few bits: words whose sets differ much differ much.
pub(super) fn sketch(word: &str) -> u32 {
    word.chars().fold(0, |set, c| set | 1 << (u32::from(c) % 32))
}

/// Whether words of these sketches may be so close, `begun` telling that the first is only the beginning of one.
pub(super) const fn may_be_close(typed: u32, other: u32, slips: u32, begun: bool) -> bool {
    // A slip changes one letter into another: one bit goes, one comes.
    let missing = (typed & !other).count_ones();
    let further = (other & !typed).count_ones();
    missing <= slips && (begun || further <= slips)
}

/// How many slips lie between two words, if no more than `most`; where `begun`, between the first and the best beginning of
/// the second (optimal string alignment).
pub(super) fn slips(typed: &[char], other: &str, most: usize, begun: bool) -> Option<usize> {
    const FAR: u8 = u8::MAX / 2;
    let letters: Vec<char> = other.chars().take(typed.len() + most + 1).collect();
    let is_longer = letters.len() > typed.len() + most;
    if typed.len() > LONGEST || letters.len() + most < typed.len() || is_longer && !begun {
        return None;
    }
    let width = letters.len().min(LONGEST + 2);
    // Rows of the table: what was typed up to there against each beginning of the other word.
    let mut rows = [[FAR; LONGEST + 3]; 3];
    for (column, cell) in (0..).zip(rows[1].iter_mut().take(width + 1)) {
        *cell = column;
    }
    for (row, letter) in typed.iter().enumerate() {
        rows[2] = [FAR; LONGEST + 3];
        rows[2][0] = u8::try_from(row + 1).unwrap_or(FAR);
        for column in 1..=width {
            let same = letters[column - 1] == *letter;
            let mut least =
                (rows[1][column - 1] + u8::from(!same)).min(rows[1][column] + 1).min(rows[2][column - 1] + 1);
            let swapped = row > 0
                && column > 1
                && letters[column - 2] == *letter
                && letters[column - 1] == typed[row - 1];
            if swapped {
                least = least.min(rows[0][column - 2] + 1);
            }
            rows[2][column] = least.min(FAR);
        }
        if rows[2][..=width].iter().all(|cell| usize::from(*cell) > most) {
            return None;
        }
        rows.rotate_left(1);
    }
    let last = &rows[1][..=width];
    let found = if begun { last.iter().min().copied() } else { last.last().copied() };
    found.map(usize::from).filter(|found| *found <= most)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn between(typed: &str, other: &str, most: usize, begun: bool) -> Option<usize> {
        slips(&typed.chars().collect::<Vec<_>>(), other, most, begun)
    }

    #[test]
    fn each_kind_of_slip_is_one() {
        for typed in ["delivery", "delivry", "deliveryy", "delovery", "delievry"] {
            assert!(between(typed, "delivery", 1, false).is_some(), "{typed}");
        }
        assert_eq!(between("dleivrey", "delivery", 1, false), None);
        assert_eq!(between("dleivrey", "delivery", 2, false), Some(2));
        assert_eq!(between("refnud", "refund", 2, false), Some(1));
    }

    #[test]
    fn what_is_only_begun_may_have_slips_too() {
        assert_eq!(between("dleiv", "delivery", 1, true), Some(1));
        assert_eq!(between("dleiv", "delivery", 1, false), None);
        assert_eq!(between("deliv", "delivery", 1, true), Some(0));
    }

    proptest! {
        #[test]
        fn one_slip_is_found_and_never_sketched_away(word in "[a-zäж]{4,12}", at in 0_usize..12, letter in "[a-zж]", kind in 0..4) {
            let mut letters: Vec<char> = word.chars().collect();
            let at = at % letters.len();
            match kind {
                0 => drop(letters.remove(at)),
                1 => letters.insert(at, letter.chars().next().unwrap()),
                2 => letters[at] = letter.chars().next().unwrap(),
                _ => if at > 0 { letters.swap(at, at - 1) },
            }
            let typed: String = letters.iter().collect();
            prop_assert!(slips(&letters, &word, 1, false).is_some());
            prop_assert!(slips(&letters, &word, 1, true).is_some());
            prop_assert!(may_be_close(sketch(&typed), sketch(&word), 1, false));
            prop_assert!(may_be_close(sketch(&typed), sketch(&word), 1, true));
        }

        #[test]
        fn nothing_panics(typed in "\\PC{0,50}", other in "\\PC{0,60}", most in 0_usize..3, begun: bool) {
            let _ = between(&typed, &other, most, begun);
        }
    }
}
