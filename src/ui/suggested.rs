//! What may answer the contact's last words: found once for each of them, not in every frame.

use std::collections::BTreeMap;

use waxwing_protocol::id::{InteractionId, MessageId};

use super::{View, ViewState};
use crate::desk::{conversation::Conversation, library::search::Suggestion};

/// What was found for each conversation.
#[derive(Debug, Default)]
pub(super) struct Suggested(BTreeMap<InteractionId, Found>);

#[derive(Debug)]
struct Found {
    /// The contact's newest message, and the library's revision.
    asked: (MessageId, u64),
    suggestions: Vec<Suggestion>,
}

impl Suggested {
    /// Forgets conversations that are gone.
    pub(super) fn retain(&mut self, is_here: impl Fn(&InteractionId) -> bool) {
        self.0.retain(|id, _| is_here(id));
    }

    fn of(&mut self, view: View<'_>, conversation: &Conversation) -> &[Suggestion] {
        let id = conversation.interaction().id;
        let library = view.desk.library();
        let Some((newest, words)) = conversation.last_words() else { return &[] };
        let asked = (newest, library.revision());
        if self.0.get(&id).is_none_or(|found| found.asked != asked) {
            let suggestions = library.suggest(&words, view.now);
            self.0.insert(id, Found { asked, suggestions });
        }
        self.0.get(&id).map_or(&[], |found| &found.suggestions)
    }
}

impl ViewState {
    /// What may answer the contact's last words, best first; nothing where the agent wants none.
    pub(super) fn suggestions(&mut self, view: View<'_>, conversation: &Conversation) -> Vec<Suggestion> {
        if !view.choices.conversation.suggestions {
            return Vec::new();
        }
        let found = self.suggested.of(view, conversation).iter();
        found.filter(|found| found.response.content.is_offered(view.now)).cloned().collect()
    }
}
