//! The tab for what was noted of an interaction and what came of it. Words are kept at every pause; where somebody else has
//! written, too, both are shown until the agent says which stand.

use chrono::{DateTime, Utc};
use egui::{Frame, Id, Margin, RichText, ScrollArea, Stroke, Ui};
use waxwing_protocol::{id::InteractionId, interaction::Note, wrap_up::MAX_NOTE_BYTES};

use super::{
    super::{
        Action, View, ViewState,
        text::{
            self, Ink, Style,
            editor::{Editor, EditorState},
        },
        theme,
        view_state::Changed,
        widgets::{button, field, heading},
    },
    disposition, wants,
};
use crate::desk::{
    conversation::Conversation,
    input::Command,
    wrap_up::{NoteView, Settle, WrapUp, note::NoteState},
};

/// What stands in the field of a note.
#[derive(Debug, Default)]
pub(in crate::ui) struct NoteField {
    editor: EditorState,
    /// The change from elsewhere that was taken over last.
    seq: u64,
    /// When it changed last, and first since it was kept; none if it is kept.
    changed: Option<Changed>,
}

impl NoteField {
    fn of(note: NoteView<'_>) -> Self {
        Self { editor: EditorState::new(note.text), seq: note.seq, changed: None }
    }

    /// Takes over what did not come from here, unless something was typed since.
    fn follow(&mut self, note: NoteView<'_>) {
        if self.seq != note.seq && self.changed.is_none() {
            self.editor.set_text(note.text);
            self.seq = note.seq;
        }
    }

    pub(in crate::ui) const fn is_kept(&self) -> bool {
        self.changed.is_none()
    }

    /// When it is to be kept.
    pub(in crate::ui) fn due_at(&self) -> Option<DateTime<Utc>> {
        self.changed.map(Changed::due_at)
    }

    /// What is to be kept of it, if that is not kept already. What does not fit stays to be shortened.
    pub(in crate::ui) fn keep(&mut self, interaction: InteractionId) -> Option<Command> {
        self.changed.take()?;
        let text = self.editor.text();
        let text = text[..text.floor_char_boundary(MAX_NOTE_BYTES.min(text.len()))].to_owned();
        Some(Command::WrapUp(WrapUp::Note { interaction, text }))
    }
}

fn field_id(interaction: InteractionId) -> Id {
    Id::unique(("note field", interaction))
}

/// Draws the tab.
pub(in crate::ui) fn show(
    ui: &mut Ui,
    view: View<'_>,
    conversation: &Conversation,
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    let id = conversation.interaction().id;
    let told = view.desk.note(id);
    let wants_focus = state.side_panel.take_focus(id);
    let for_disposition = state.wrap_up.focus_disposition.take_if(|wanted| *wanted == id).is_some();
    ScrollArea::vertical().id_salt(("note", id)).auto_shrink(false).show(ui, |ui| {
        ui.set_max_width(ui.available_width() - 8.0);
        ui.spacing_mut().item_spacing.y = 4.0;
        heading(ui, view, "Note");
        let note = state.wrap_up.notes.entry(id).or_insert_with(|| NoteField::of(told));
        note.follow(told);
        let field_id = field_id(id);
        field(ui, view, field_id, |ui| {
            let editor = Editor::new(&mut note.editor, field_id, Style::new(14.0), Ink::of(view.theme));
            let output = editor
                .label("Note on this interaction")
                .hint("What whoever opens this next should know")
                .min_rows(5)
                .max_height(240.0)
                .show(ui);
            if wants_focus && !for_disposition {
                output.response.request_focus();
            }
            if output.response.changed() {
                note.changed = Some(Changed::again(note.changed, view.now));
            }
        });
        standing(ui, view, (note, told, conversation.interaction().note.as_ref()));
        if let NoteState::Overtaken(theirs) = told.state {
            overtaken(ui, view, (id, theirs), actions);
        }
        disposition::show(ui, view, conversation, (state, for_disposition), actions);
    });
}

/// Whether it is kept, by whom, and how much fits.
fn standing(ui: &mut Ui, view: View<'_>, (field, told, kept): (&NoteField, NoteView<'_>, Option<&Note>)) {
    let small = |words: String, colour| RichText::new(words).size(12.0).color(colour);
    let length = field.editor.text().len();
    ui.spacing_mut().interact_size.y = 16.0;
    ui.horizontal_wrapped(|ui| {
        if length > MAX_NOTE_BYTES {
            let over = length - MAX_NOTE_BYTES;
            ui.label(small(format!("{over} bytes too long: the end is not kept."), view.theme.overdue));
            return;
        }
        let (words, colour) = match (told.state, field.is_kept()) {
            (NoteState::Refused(why), _) => (format!("Not kept: {why}"), view.theme.overdue),
            (NoteState::Overtaken(_), _) => (String::new(), view.theme.muted),
            (NoteState::Leaving, _) | (_, false) => ("Keeping…".to_owned(), view.theme.faint),
            (NoteState::Kept, true) => {
                let by = |note: &Note| format!("Kept · {}, {}", note.by, view.date_and_time(note.at));
                (kept.map(by).unwrap_or_default(), view.theme.faint)
            }
        };
        if !words.is_empty() {
            ui.label(small(words, colour));
        }
        if length * 10 > MAX_NOTE_BYTES * 9 {
            ui.label(small(format!("{length} / {MAX_NOTE_BYTES}"), view.theme.muted));
        }
    });
}

/// Somebody else has written, too.
fn overtaken(
    ui: &mut Ui,
    view: View<'_>,
    (interaction, theirs): (InteractionId, Option<&Note>),
    actions: &mut Vec<Action>,
) {
    let frame = Frame::new()
        .fill(view.theme.late_soft)
        .stroke(Stroke::new(1.0, view.theme.late))
        .corner_radius(theme::CARD_RADIUS)
        .inner_margin(Margin::same(10));
    frame.show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 6.0;
        let Some(theirs) = theirs else {
            ui.label("Somebody else has changed this note, too. What they wrote is on its way.");
            return;
        };
        let told = format!("{} has changed this note, too ({}):", theirs.by, view.date_and_time(theirs.at));
        ui.label(RichText::new(told).size(13.0).family(theme::medium()));
        ui.add(text::Label::new(&theirs.text, Style::new(14.0), Ink::of(view.theme)).full_width());
        ui.horizontal_wrapped(|ui| {
            for (name, with) in
                [("Keep mine", Settle::Mine), ("Take theirs", Settle::Theirs), ("Keep both", Settle::Both)]
            {
                if button::plain(ui, name).clicked() {
                    actions.push(wants(WrapUp::Settle { interaction, with }));
                }
            }
        });
    });
}
