//! The words under the files on a strip, as they are typed: kept at a pause, as drafts are, and before they are sent.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use waxwing_protocol::id::{ClientRef, InteractionId};

use super::{text::editor::EditorState, view_state::Changed};
use crate::desk::{file::StripFile, input::Command};

/// The captions of one strip.
#[derive(Debug, Default)]
pub(super) struct Captions(BTreeMap<ClientRef, Caption>);

#[derive(Debug)]
struct Caption {
    editor: EditorState,
    /// When it changed since it was kept; none if it is kept.
    changed: Option<Changed>,
}

impl Captions {
    /// What is written under a file, with what can be undone.
    pub(super) fn editor(&mut self, file: &StripFile) -> &mut EditorState {
        let new = || Caption { editor: EditorState::new(&file.caption), changed: None };
        &mut self.0.entry(file.client_ref).or_insert_with(new).editor
    }

    /// What is written under the files.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.values().map(|caption| caption.editor.text())
    }

    /// Forgets what was written under files that are not on the strip any more.
    pub(super) fn retain(&mut self, strip: &[StripFile]) {
        self.0.retain(|held, _| strip.iter().any(|file| file.client_ref == *held));
    }

    /// Notes that one changed.
    pub(super) fn touch(&mut self, file: ClientRef, now: DateTime<Utc>) {
        if let Some(caption) = self.0.get_mut(&file) {
            caption.changed = Some(Changed::again(caption.changed, now));
        }
    }

    /// Whether all of them are kept.
    pub(super) fn are_kept(&self) -> bool {
        self.0.values().all(|caption| caption.changed.is_none())
    }

    /// When the first of them is to be kept.
    pub(super) fn due_at(&self) -> Option<DateTime<Utc>> {
        self.0.values().filter_map(|caption| caption.changed).map(Changed::due_at).min()
    }

    /// What is to be kept of them, if that is not kept already.
    pub(super) fn keep(&mut self, interaction: InteractionId) -> Vec<Command> {
        let mut kept = Vec::new();
        for (client_ref, caption) in &mut self.0 {
            if caption.changed.take().is_some() {
                let (client_ref, caption) = (*client_ref, caption.editor.text().to_owned());
                kept.push(Command::Caption { interaction, client_ref, caption });
            }
        }
        kept
    }
}
