//! Which columns a list has, how wide they are, and in which order it is.

use crate::{
    config::layout::WorkbinList,
    desk::workbins::list::{Column, Order, Way},
};

/// How wide the box at the left of each row is, in points.
pub(super) const TICK: f32 = 44.0;
/// How narrow the column of what was said may get, in points.
const NARROWEST: f32 = 150.0;
/// What goes first where there is no room for all.
const FIRST_TO_GO: [Column; 5] =
    [Column::Segment, Column::Owner, Column::Number, Column::Pending, Column::InWorkbin];

/// The columns of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Columns {
    hidden: Vec<Column>,
    order: Order,
}

/// A column in its place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Placed {
    pub(super) column: Column,
    /// From the left edge of the list.
    pub(super) left: f32,
    pub(super) width: f32,
}

/// What a column is kept as.
const fn key(column: Column) -> &'static str {
    match column {
        Column::Contact => "contact",
        Column::Number => "number",
        Column::Segment => "segment",
        Column::LastMessage => "last_message",
        Column::InWorkbin => "in_workbin",
        Column::ReplyWindow => "reply_window",
        Column::Pending => "pending",
        Column::Owner => "owner",
    }
}

fn of_key(text: &str) -> Option<Column> {
    Column::ALL.into_iter().find(|column| key(*column) == text)
}

/// How wide a column is, in points; none takes what is left.
const fn width(column: Column) -> Option<f32> {
    match column {
        Column::Contact => Some(170.0),
        Column::Number => Some(150.0),
        Column::Segment => Some(90.0),
        Column::LastMessage => None,
        Column::InWorkbin => Some(106.0),
        Column::ReplyWindow => Some(118.0),
        Column::Pending => Some(92.0),
        Column::Owner => Some(112.0),
    }
}

impl Columns {
    pub(super) fn restored(kept: &WorkbinList) -> Self {
        let hidden =
            kept.hidden.iter().filter_map(|name| of_key(name)).filter(|column| may_go(*column)).collect();
        let order = kept.order.as_deref().and_then(|name| match name.strip_prefix('-') {
            Some(name) => of_key(name).map(|column| Order { column, way: Way::Down }),
            None => of_key(name).map(|column| Order { column, way: Way::Up }),
        });
        Self { hidden, order: order.unwrap_or_default() }
    }

    pub(super) fn layout(&self) -> WorkbinList {
        let Order { column, way } = self.order;
        let sign = if way == Way::Down { "-" } else { "" };
        let order = (self.order != Order::default()).then(|| format!("{sign}{}", key(column)));
        WorkbinList { hidden: self.hidden.iter().map(|column| key(*column).to_owned()).collect(), order }
    }

    pub(super) const fn order(&self) -> Order {
        self.order
    }

    /// Sorts by a column; the other way round if it is sorted by that already.
    pub(super) fn sort_by(&mut self, column: Column) {
        let way = if self.order.column == column { self.order.way.turned() } else { Way::Up };
        self.order = Order { column, way };
    }

    pub(super) fn is_shown(&self, column: Column) -> bool {
        !self.hidden.contains(&column)
    }

    /// Shows a column, or hides it.
    pub(super) fn toggle(&mut self, column: Column) {
        if self.is_shown(column) {
            self.hidden.push(column);
        } else {
            self.hidden.retain(|hidden| *hidden != column);
        }
    }

    /// The columns for which there is room, in their places.
    pub(super) fn placed(&self, whole: f32) -> Vec<Placed> {
        let mut shown: Vec<_> = Column::ALL.into_iter().filter(|column| self.is_shown(*column)).collect();
        let taken = |shown: &[Column]| -> f32 {
            TICK + shown.iter().map(|column| width(*column).unwrap_or(NARROWEST)).sum::<f32>()
        };
        for column in FIRST_TO_GO {
            if taken(&shown) > whole {
                shown.retain(|held| *held != column);
            }
        }
        let fixed: f32 = shown.iter().filter_map(|column| width(*column)).sum();
        let rest = (whole - TICK - fixed).max(NARROWEST.min(whole * 0.4));
        let mut left = TICK;
        let place = |column: &Column| {
            let width = width(*column).unwrap_or(rest);
            let placed = Placed { column: *column, left, width };
            left += width;
            placed
        };
        shown.iter().map(place).collect()
    }
}

/// Whether a column can be hidden: who it is about is always told.
pub(super) fn may_go(column: Column) -> bool {
    column != Column::Contact
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_chosen_is_kept_and_nonsense_is_passed_over() {
        let mut columns = Columns::default();
        assert_eq!(columns.layout(), WorkbinList::default());
        columns.toggle(Column::Segment);
        columns.sort_by(Column::Contact);
        columns.sort_by(Column::Contact);
        assert_eq!(Columns::restored(&columns.layout()), columns);
        let kept = WorkbinList {
            hidden: vec!["contact".to_owned(), "nonsense".to_owned()],
            order: Some("-nonsense".to_owned()),
        };
        assert_eq!(Columns::restored(&kept), Columns::default());
    }

    #[test]
    fn where_there_is_no_room_columns_go_one_after_another_and_never_overlap() {
        let columns = Columns::default();
        assert_eq!(columns.placed(1144.0).len(), 8);
        for width in [1144.0, 900.0, 700.0, 500.0, 320.0] {
            let placed = columns.placed(width);
            assert_eq!(placed[0].column, Column::Contact);
            assert!(placed.iter().any(|placed| placed.column == Column::LastMessage));
            assert!(placed.windows(2).all(|two| two[0].left + two[0].width <= two[1].left + 0.1));
        }
    }
}
