//! What the window remembers of one transcript while the agent reads it: where they are, what is laid out, what is selected
//! and what is open.

use std::{
    collections::{BTreeSet, HashMap},
    ops::Range,
    rc::Rc,
};

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    id::{InteractionId, MessageId},
    message::Message,
};

use super::{
    super::{FileAsk, View},
    forward::Forwarding,
    roll::Roll,
    row::{LaidRow, message_of},
    script::Script,
};
use crate::desk::conversation::{Conversation, Row, RowKey, RowKind};

/// How many frames a row that is out of view stays laid out.
const KEPT_FRAMES: u64 = 120;

/// What a transcript is looked at for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::ui) enum Purpose {
    /// The agent answers it.
    #[default]
    Answering,
    /// It is only read: nothing in it changes anything.
    Reading,
}

/// What is remembered of one transcript.
#[derive(Debug, Default)]
pub(in crate::ui) struct Reading {
    /// What it is looked at for.
    pub(super) purpose: Purpose,
    /// Where the agent is.
    pub(super) roll: Roll<Option<RowKey>>,
    /// Rows that were in view of late.
    kept: HashMap<RowKey, Kept>,
    /// For what they were laid out.
    laid_for: LaidFor,
    /// What is selected.
    pub(super) selection: Option<Selection>,
    /// The newest message when the reader was at the newest end last.
    pub(super) left_at: Option<(DateTime<Utc>, DateTime<Utc>, MessageId)>,
    /// Older messages are asked for by themselves when the beginning comes into view.
    pub(super) goes_on: bool,
    /// Which jump has been made, and since when its message is lit up.
    pub(super) lit: Option<Lit>,
    /// The messages whose earlier words are shown.
    pub(super) unfolded: BTreeSet<MessageId>,
    /// The rows that are shown whole, however long they are.
    pub(super) whole: BTreeSet<RowKey>,
    /// The file that is opened if the agent still wants to, and what is said of it.
    pub(super) asking: Option<(FileAsk, String)>,
    /// The message that is being forwarded, and to whom.
    pub(super) forwarding: Option<Forwarding>,
    /// The message whose details are shown.
    pub(super) details: Option<MessageId>,
    /// The newest message of the contact that was told as seen.
    pub(super) seen: Option<MessageId>,
}

/// A jump that was made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Lit {
    /// Which jump.
    pub(super) number: u64,
    /// Where to.
    pub(super) message: MessageId,
    /// When.
    pub(super) since: DateTime<Utc>,
}

/// What rows are laid out for.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct LaidFor {
    /// Counts how often fonts were added.
    pub(super) fonts: u64,
    /// Physical pixels to a point.
    pub(super) scale: f32,
    /// Of the rows, in points.
    pub(super) width: f32,
    /// How times are written.
    pub(super) language: String,
}

#[derive(Debug)]
struct Kept {
    revision: u64,
    used: u64,
    row: Rc<LaidRow>,
}

/// How much of a row is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shown {
    /// What it said before it was changed, too.
    pub(super) earlier: bool,
    /// All of it, however long it is.
    pub(super) whole: bool,
}

/// A place in the transcript's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot {
    /// Which row.
    pub(super) row: RowKey,
    /// Which item of its bubble.
    pub(super) item: usize,
    /// Which byte of that.
    pub(super) offset: usize,
}

/// What is selected: from where the mouse went down to where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Selection {
    /// Where it began.
    pub(super) anchor: Spot,
    /// Where it ends.
    pub(super) head: Spot,
}

impl Selection {
    /// Its two ends in the order of the transcript, each with the number of its row; none if a row is gone.
    pub(super) fn ends(&self, rows: &[Row]) -> Option<[(usize, Spot); 2]> {
        let place = |spot: Spot| Some((rows.iter().position(|row| row.key == spot.row)?, spot));
        let (anchor, head) = (place(self.anchor)?, place(self.head)?);
        let order = |(row, spot): &(usize, Spot)| (*row, spot.item, spot.offset);
        Some(if order(&anchor) <= order(&head) { [anchor, head] } else { [head, anchor] })
    }

    /// Whether there is nothing in it.
    pub(super) fn is_empty(&self) -> bool {
        self.anchor == self.head
    }

    /// Which bytes of an item of row number `row` are selected.
    pub(super) fn part(&self, rows: &[Row], row: usize, item: usize) -> Range<usize> {
        let Some([(first, from), (last, to)]) = self.ends(rows) else { return 0..0 };
        let here = (row, item);
        let start = match here.cmp(&(first, from.item)) {
            std::cmp::Ordering::Less => return 0..0,
            std::cmp::Ordering::Equal => from.offset,
            std::cmp::Ordering::Greater => 0,
        };
        match here.cmp(&(last, to.item)) {
            std::cmp::Ordering::Less => start..usize::MAX,
            std::cmp::Ordering::Equal => start..to.offset,
            std::cmp::Ordering::Greater => 0..0,
        }
    }
}

impl Reading {
    /// A row as it is laid out, which `lay_out` does if need be.
    pub(super) fn laid(
        &mut self,
        (key, revision): (RowKey, u64),
        frame: u64,
        lay_out: impl FnOnce() -> LaidRow,
    ) -> Rc<LaidRow> {
        if let Some(kept) = self.kept.get_mut(&key)
            && kept.revision == revision
        {
            kept.used = frame;
            return Rc::clone(&kept.row);
        }
        let laid = Rc::new(lay_out());
        self.kept.insert(key, Kept { revision, used: frame, row: Rc::clone(&laid) });
        laid
    }

    /// Forgets what was laid out for other fonts or another width, and what has not been in view for a while.
    pub(super) fn tidy(&mut self, laid_for: LaidFor, frame: u64) {
        if self.laid_for != laid_for {
            self.laid_for = laid_for;
            self.kept.clear();
            self.roll.forget_heights();
        }
        self.kept.retain(|_, kept| kept.used + KEPT_FRAMES >= frame);
    }

    /// How much of a row is shown.
    pub(super) fn shown(&self, row: &Row) -> Shown {
        let earlier = message_of(row).is_some_and(|message| self.unfolded.contains(&message.id));
        Shown { earlier, whole: self.whole.contains(&row.key) }
    }

    /// Lays the rows of a message out anew: they are shown otherwise.
    pub(super) fn forget(&mut self, message: MessageId, rows: &[Row]) {
        for row in rows.iter().filter(|row| message_of(row).is_some_and(|held| held.id == message)) {
            self.forget_row(row.key);
        }
    }

    /// Lays a row out anew: it is shown otherwise.
    pub(super) fn forget_row(&mut self, key: RowKey) {
        self.kept.remove(&key);
        self.roll.forget(Some(key));
    }
}

/// What is selected, as it was written; with who wrote it and when, where there is a `name`. `script` says what is shown
/// of a message.
pub(super) fn copied(
    (view, conversation): (View<'_>, &Conversation),
    selection: &Selection,
    script: &dyn Fn(&Message) -> Script,
    name: Option<&dyn Fn(&Message) -> String>,
) -> String {
    let rows = conversation.rows();
    let Some([(first, from), (last, to)]) = selection.ends(rows) else { return String::new() };
    let mut copied = Vec::new();
    for (number, row) in rows.iter().enumerate().take(last + 1).skip(first) {
        let start = (number == first).then_some((from.item, from.offset));
        let end = (number == last).then_some((to.item, to.offset));
        match &row.kind {
            RowKind::Message { message, .. } => {
                let words = script(message).copy(start, end);
                copied.push(match name {
                    Some(name) => format!("{}{words}", name(message)),
                    None => words,
                });
            }
            RowKind::Outgoing { outgoing, .. } => {
                copied.push(Script::leaving(view, outgoing).copy(start, end));
            }
            _ => {}
        }
    }
    copied.retain(|words| !words.is_empty());
    copied.join("\n")
}

/// All transcripts that were read in this window.
pub(in crate::ui) type Readings = HashMap<InteractionId, Reading>;
