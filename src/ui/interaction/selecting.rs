//! Selecting words with the mouse, over as many messages as it goes, and copying them as they were written.

use std::rc::Rc;

use egui::{Event, OutputCommand, PointerButton, Pos2, Rect, Response, Ui};
use waxwing_protocol::message::Message;

use super::{
    super::View,
    bubble::words_at,
    laid::{Passage, Piece, PieceKind},
    menu,
    reading::{self, Reading, Selection, Spot},
    row::{LaidKind, LaidRow},
    script::Script,
};
use crate::desk::conversation::{Conversation, RowKey};

/// How fast a selection that is drawn beyond the edge takes the transcript along, as a part of how far beyond, each frame.
const PULL: f32 = 0.2;

/// A bubble that is in view.
pub(super) struct Seen {
    /// Its row.
    pub(super) key: RowKey,
    /// Which of the conversation's rows that is.
    pub(super) number: usize,
    /// The bubble.
    pub(super) rect: Rect,
    /// Where its words stand.
    pub(super) inside: Rect,
    /// What stands there.
    pub(super) laid: Rc<LaidRow>,
    /// What the mouse does to it.
    pub(super) response: Response,
}

/// Selects and copies.
pub(super) fn select(
    ui: &Ui,
    view: View<'_>,
    conversation: &Conversation,
    reading: &mut Reading,
    (seen, rect): (&[Seen], Rect),
) {
    let pointer = ui.input(|input| input.pointer.interact_pos());
    for bubble in seen {
        if bubble.response.drag_started_by(PointerButton::Primary) {
            let pressed = ui.input(|input| input.pointer.press_origin()).or(pointer);
            reading.selection =
                pressed.and_then(|at| spot(seen, at)).map(|spot| Selection { anchor: spot, head: spot });
        } else if bubble.response.dragged_by(PointerButton::Primary) {
            drag(ui, reading, (seen, rect), pointer);
        } else if bubble.response.double_clicked() || bubble.response.triple_clicked() {
            let whole = bubble.response.triple_clicked();
            reading.selection = pointer.and_then(|at| word(seen, at, whole));
        } else if bubble.response.clicked() {
            reading.selection = None;
        }
    }
    let pressed = ui.input(|input| input.pointer.primary_pressed());
    let beside = || pointer.is_some_and(|at| !seen.iter().any(|bubble| bubble.rect.contains(at)));
    // What lies in front of the transcript, as a menu does, ends no selection.
    if pressed && ui.rect_contains_pointer(rect) && beside() {
        reading.selection = None;
    }
    copy(ui, view, conversation, reading);
}

fn drag(ui: &Ui, reading: &mut Reading, (seen, view): (&[Seen], Rect), pointer: Option<Pos2>) {
    let Some(at) = pointer else { return };
    if let (Some(selection), Some(spot)) = (&mut reading.selection, spot(seen, at)) {
        selection.head = spot;
    }
    let beyond = (at.y - view.bottom()).max(0.0) - (view.top() - at.y).max(0.0);
    if beyond != 0.0 {
        reading.roll.scroll(-beyond * PULL);
        ui.ctx().request_repaint();
    }
}

/// The place in the words that is nearest to a position.
fn spot(seen: &[Seen], at: Pos2) -> Option<Spot> {
    let away = |rect: &Rect| (rect.top() - at.y).max(at.y - rect.bottom()).max(0.0);
    let bubble = seen.iter().min_by(|a, b| away(&a.rect).total_cmp(&away(&b.rect)))?;
    let place = |(piece, passage): (&Piece, &Passage)| {
        Rect::from_min_size(words_at(piece, passage, bubble.inside), piece.size)
    };
    let (piece, passage) = passages(bubble).min_by(|a, b| away(&place(*a)).total_cmp(&away(&place(*b))))?;
    let offset = passage.galley.hit(at - words_at(piece, passage, bubble.inside).to_vec2());
    Some(Spot { row: bubble.key, item: piece.item, offset })
}

fn passages(bubble: &Seen) -> impl Iterator<Item = (&Piece, &Passage)> {
    let pieces = match &bubble.laid.kind {
        LaidKind::Bubble(bubble) => bubble.laid.pieces.as_slice(),
        LaidKind::Pill(_) | LaidKind::Centred(_) | LaidKind::New => &[],
    };
    pieces.iter().filter_map(|piece| match &piece.kind {
        PieceKind::Words(passage) => Some((piece, passage)),
        _ => None,
    })
}

/// The word at a position, or all of its line.
fn word(seen: &[Seen], at: Pos2, whole: bool) -> Option<Selection> {
    let spot = spot(seen, at)?;
    let bubble = seen.iter().find(|bubble| bubble.key == spot.row)?;
    let (_, passage) = passages(bubble).find(|(piece, _)| piece.item == spot.item)?;
    let galley = &passage.galley;
    let range = if whole { galley.paragraph_range(spot.offset) } else { galley.word_at(spot.offset) };
    let at = |offset| Spot { offset, ..spot };
    Some(Selection { anchor: at(range.start), head: at(range.end) })
}

/// Copies the selection where nobody else has anything to copy; with Shift, with names and times.
fn copy(ui: &Ui, view: View<'_>, conversation: &Conversation, reading: &Reading) {
    let Some(selection) = reading.selection.filter(|selection| !selection.is_empty()) else { return };
    let (wanted, named) = ui.input_mut(|input| {
        let copies = input.events.iter().any(|event| matches!(event, Event::Copy));
        input.events.retain(|event| !matches!(event, Event::Copy));
        (copies, input.modifiers.shift)
    });
    let is_taken =
        ui.output(|output| output.commands.iter().any(|it| matches!(it, OutputCommand::CopyText(_))));
    if wanted && !is_taken {
        let script = |message: &Message| Script::shown(view, message, reading.unfolded.contains(&message.id));
        let name = |message: &_| menu::name_and_time(view, conversation, message);
        let name: Option<&dyn Fn(&_) -> _> = if named { Some(&name) } else { None };
        ui.copy_text(reading::copied((view, conversation), &selection, &script, name));
    }
}
