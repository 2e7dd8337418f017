//! Blanks in the composer: `{{time}}` is a place that the agent fills in. Tab walks from one to the next, what is typed takes
//! its place, and nothing is sent while one is left.

use std::ops::Range;

use egui::{EventFilter, Id, Key, Modifiers, Ui};
use waxwing_protocol::field_code;

use super::super::view_state::Composer;
use crate::desk::file::StripFile;

/// While there are blanks, Tab is the field's.
const WALKING: EventFilter =
    EventFilter { tab: true, horizontal_arrows: true, vertical_arrows: true, escape: false };

/// Where the blanks of a text stand.
pub(in super::super) fn ranges(text: &str) -> Vec<Range<usize>> {
    field_code::blanks(text).into_iter().map(|(range, _)| range).collect()
}

/// Takes Tab out of the input while there are blanks, and goes to the next one, or with Shift to the one before.
pub(in super::super) fn walk(ui: &Ui, composer: &mut Composer) {
    let blanks = ranges(composer.text());
    if blanks.is_empty() || composer.editor.is_composing() {
        return;
    }
    let (back, forth) = ui.input_mut(|input| {
        let back = input.consume_key(Modifiers::SHIFT, Key::Tab);
        (back, input.consume_key(Modifiers::NONE, Key::Tab))
    });
    let at = composer.editor.selection();
    let next = match (forth, back) {
        (true, _) => blanks.iter().find(|blank| blank.start >= at.end).or(blanks.first()),
        (false, true) => blanks.iter().rev().find(|blank| blank.end <= at.start).or(blanks.last()),
        (false, false) => None,
    };
    if let Some(next) = next {
        composer.editor.select(next.clone());
    }
}

/// Keeps Tab in the field while there are blanks in it.
pub(in super::super) fn keep_tab(ui: &Ui, field: Id, text: &str) {
    if !field_code::blanks(text).is_empty() && ui.memory(|memory| memory.has_focus(field)) {
        ui.memory_mut(|memory| memory.set_focus_lock_filter(field, WALKING));
    }
}

/// Whether a blank is left in what is to be sent; if so the agent is led there, and told which.
pub(in super::super) fn stop_at(
    ui: &Ui,
    composer: &mut Composer,
    strip: &[StripFile],
    (field, caption): (Id, impl Fn(&StripFile) -> Id),
) -> bool {
    let found =
        field_code::blanks(composer.text()).first().map(|(range, name)| (range.clone(), (*name).to_owned()));
    if let Some((range, name)) = found {
        composer.editor.select(range);
        composer.left_blank = Some(name);
        ui.memory_mut(|memory| memory.request_focus(field));
        return true;
    }
    for file in strip {
        let editor = composer.captions.editor(file);
        let found = field_code::blanks(editor.text())
            .first()
            .map(|(range, name)| (range.clone(), (*name).to_owned()));
        if let Some((range, name)) = found {
            editor.select(range);
            composer.left_blank = Some(name);
            ui.memory_mut(|memory| memory.request_focus(caption(file)));
            return true;
        }
    }
    composer.left_blank = None;
    false
}

/// The sentence that says which blank stopped the sending, while it is there.
pub(in super::super) fn refusal(composer: &Composer) -> Option<String> {
    let name = composer.left_blank.as_ref()?;
    let is_in = |text: &str| field_code::blanks(text).iter().any(|(_, held)| held == name);
    let stands = is_in(composer.text()) || composer.captions.texts().any(is_in);
    stands.then(|| format!("Fill in {{{{{name}}}}} first, or take it out."))
}
