//! The picker's emoji in rows under titles, and where the keys lead in them.

use std::ops::Range;

use egui::Key;
use emojis::Emoji;

use crate::config::emoji::EmojiGroup;

/// Emoji in a row.
pub(super) const COLUMNS: usize = 9;
/// How high and wide a cell is, in points.
pub(super) const CELL: f32 = 36.0;
/// How high a title is, in points.
pub(super) const TITLE: f32 = 24.0;
/// Page Up and Page Down go so many rows.
const PAGE: usize = 5;

/// What stands over some rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Title {
    Recent,
    Group(EmojiGroup),
    Found,
    Tones,
}

impl Title {
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Recent => "Recent",
            Self::Found => "Found",
            Self::Tones => "Skin tones",
            Self::Group(group) => match group {
                EmojiGroup::Smileys => "Smileys",
                EmojiGroup::People => "People",
                EmojiGroup::Animals => "Animals and nature",
                EmojiGroup::Food => "Food and drink",
                EmojiGroup::Travel => "Travel and places",
                EmojiGroup::Activities => "Activities",
                EmojiGroup::Objects => "Objects",
                EmojiGroup::Symbols => "Symbols",
                EmojiGroup::Flags => "Flags",
            },
        }
    }

    /// The emoji that stands for it on its tab.
    pub(super) const fn sign(self) -> &'static str {
        match self {
            Self::Recent => "🕘",
            Self::Found => "🔎",
            Self::Tones => "✋",
            Self::Group(group) => match group {
                EmojiGroup::Smileys => "😀",
                EmojiGroup::People => "👋",
                EmojiGroup::Animals => "🐻",
                EmojiGroup::Food => "🍔",
                EmojiGroup::Travel => "🚗",
                EmojiGroup::Activities => "⚽",
                EmojiGroup::Objects => "💡",
                EmojiGroup::Symbols => "💟",
                EmojiGroup::Flags => "🏁",
            },
        }
    }
}

/// An emoji to pick, as it would be inserted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    pub(super) emoji: &'static Emoji,
    /// Its number in the catalogue.
    pub(super) entry: usize,
}

/// A row of the picker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Row {
    Title(Title),
    /// These of the cells.
    Cells(Range<usize>),
}

/// All that can be scrolled through.
#[derive(Debug, Default)]
pub(super) struct Grid {
    cells: Vec<Cell>,
    /// Each with where it begins, in points from the top.
    rows: Vec<(f32, Row)>,
    height: f32,
}

impl Grid {
    /// Adds a title with its emoji, unless there are none.
    pub(super) fn add(&mut self, title: Title, cells: impl IntoIterator<Item = Cell>) {
        let mut start = self.cells.len();
        self.cells.extend(cells);
        if self.cells.len() > start {
            self.push(Row::Title(title), TITLE);
        }
        while start < self.cells.len() {
            let end = (start + COLUMNS).min(self.cells.len());
            self.push(Row::Cells(start..end), CELL);
            start = end;
        }
    }

    fn push(&mut self, row: Row, height: f32) {
        self.rows.push((self.height, row));
        self.height += height;
    }

    pub(super) fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// How high all of it is, in points.
    pub(super) const fn height(&self) -> f32 {
        self.height
    }

    /// The rows that can be seen between two heights, each with where it begins.
    pub(super) fn between(&self, top: f32, bottom: f32) -> &[(f32, Row)] {
        let first = self.rows.partition_point(|(at, _)| *at <= top).saturating_sub(1);
        let end = self.rows.partition_point(|(at, _)| *at < bottom).max(first);
        &self.rows[first..end]
    }

    /// The titles, each with where it begins.
    pub(super) fn titles(&self) -> impl Iterator<Item = (f32, Title)> {
        self.rows.iter().filter_map(|(top, row)| match row {
            Row::Title(title) => Some((*top, *title)),
            Row::Cells(_) => None,
        })
    }

    /// Where the row of a cell begins; with its title, if it is the first one below it.
    pub(super) fn top_of(&self, cell: usize) -> Option<Range<f32>> {
        let at = self.row_of(cell)?;
        let (top, _) = self.rows[at];
        let below_title = at.checked_sub(1).is_some_and(|above| matches!(self.rows[above].1, Row::Title(_)));
        Some(if below_title { top - TITLE } else { top }..top + CELL)
    }

    fn row_of(&self, cell: usize) -> Option<usize> {
        self.rows.iter().position(|(_, row)| matches!(row, Row::Cells(cells) if cells.contains(&cell)))
    }

    /// Where a key leads from a cell; nowhere if it is none of those that move.
    pub(super) fn step(&self, cell: usize, key: Key) -> Option<usize> {
        let last = self.cells.len().checked_sub(1)?;
        let cell = cell.min(last);
        Some(match key {
            Key::ArrowLeft => cell.saturating_sub(1),
            Key::ArrowRight => (cell + 1).min(last),
            Key::Home => 0,
            Key::End => last,
            Key::ArrowUp => self.rows_from(cell, 1, true),
            Key::ArrowDown => self.rows_from(cell, 1, false),
            Key::PageUp => self.rows_from(cell, PAGE, true),
            Key::PageDown => self.rows_from(cell, PAGE, false),
            _ => return None,
        })
    }

    /// So many rows of emoji further up or down, as near to the same column as there are emoji.
    fn rows_from(&self, cell: usize, count: usize, up: bool) -> usize {
        let Some(at) = self.row_of(cell) else { return cell };
        let ranges = |row: &(f32, Row)| match &row.1 {
            Row::Cells(cells) => Some(cells.clone()),
            Row::Title(_) => None,
        };
        let column = ranges(&self.rows[at]).map_or(0, |cells| cell - cells.start);
        let target = if up {
            self.rows[..at].iter().rev().filter_map(ranges).take(count).last()
        } else {
            self.rows[at + 1..].iter().filter_map(ranges).take(count).last()
        };
        target.map_or(cell, |cells| (cells.start + column).min(cells.end - 1))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn grid(sections: &[usize]) -> Grid {
        let mut grid = Grid::default();
        for count in sections {
            let cells = emojis::iter().take(*count).map(|emoji| Cell { emoji, entry: 0 });
            grid.add(Title::Found, cells);
        }
        grid
    }

    #[test]
    fn keys_go_through_rows_of_any_length() {
        let grid = grid(&[3, 0, 20]);
        for (from, key, to) in [
            (0, Key::ArrowLeft, 0),
            (0, Key::ArrowRight, 1),
            (2, Key::ArrowRight, 3),
            (3, Key::ArrowLeft, 2),
            (1, Key::ArrowDown, 4),
            (11, Key::ArrowUp, 2),
            (11, Key::ArrowDown, 20),
            (20, Key::ArrowDown, 22),
            (22, Key::ArrowDown, 22),
            (1, Key::ArrowUp, 1),
            (1, Key::PageDown, 22),
            (22, Key::PageUp, 1),
            (9, Key::Home, 0),
            (9, Key::End, 22),
        ] {
            assert_eq!(grid.step(from, key), Some(to), "{from} {key:?}");
        }
        assert_eq!(grid.step(3, Key::A), None);
        assert_eq!(Grid::default().step(0, Key::ArrowDown), None);
    }

    #[test]
    fn only_rows_in_view_are_given() {
        let grid = grid(&[9, 900]);
        assert_eq!(grid.titles().map(|(top, _)| top).collect::<Vec<_>>(), [0.0, TITLE + CELL]);
        let seen = grid.between(1000.0, 1180.0);
        assert!((5..=7).contains(&seen.len()), "{seen:?}");
        assert!(seen[0].0 <= 1000.0 && seen[0].0 + CELL > 1000.0, "{seen:?}");
        assert_eq!(grid.between(0.0, 10.0).len(), 1);
        assert!(Grid::default().between(0.0, 100.0).is_empty());
    }

    proptest! {
        #[test]
        fn no_key_leads_out(sections in proptest::collection::vec(0_usize..40, 0..5), from in 0_usize..100) {
            let grid = grid(&sections);
            for key in [Key::ArrowUp, Key::ArrowDown, Key::ArrowLeft, Key::ArrowRight, Key::PageUp, Key::PageDown] {
                let to = grid.step(from, key);
                prop_assert_eq!(to.is_none(), grid.cells().is_empty());
                prop_assert!(to.is_none_or(|to| to < grid.cells().len() && grid.top_of(to).is_some()));
            }
        }
    }
}
