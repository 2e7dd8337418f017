//! Looking for words in a conversation, and stepping through what was found.

use waxwing_protocol::{
    api::SearchHits,
    id::{InteractionId, MessageId},
};

use super::{Desk, effect::Call, input::CallError, turn::Turn};

/// What is looked for in a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// The words as typed: each must be there.
    pub words: String,
    /// Where they were found, newest first.
    pub hits: Vec<MessageId>,
    /// Which hit the agent is at, from 0.
    pub at: usize,
    /// How the search stands.
    pub state: SearchState,
}

/// How a search stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SearchState {
    /// The gateway looks.
    Looking,
    /// It has looked.
    Done {
        /// Whether there are more hits than were told.
        more: bool,
    },
    /// It could not look.
    Failed {
        /// Why, for people.
        why: String,
    },
}

impl Desk {
    /// Begins a search, or ends it where there are no words.
    pub(super) fn search(&mut self, id: InteractionId, words: &str, turn: &mut Turn) {
        let words = words.trim().to_owned();
        let Some(conversation) = self.edit_shown(id, turn) else { return };
        if words.is_empty() {
            conversation.search = None;
            return;
        }
        let same = conversation.search.as_ref().is_some_and(|search| search.words == words);
        if same
            && conversation
                .search
                .as_ref()
                .is_some_and(|search| !matches!(search.state, SearchState::Failed { .. }))
        {
            return;
        }
        let state = SearchState::Looking;
        conversation.search = Some(Search { words: words.clone(), hits: Vec::new(), at: 0, state });
        turn.call(Call::Search { interaction: id, words });
    }

    /// The gateway has looked; the agent is taken to the newest hit.
    pub(super) fn searched(
        &mut self,
        id: InteractionId,
        words: &str,
        result: Result<SearchHits, CallError>,
        turn: &mut Turn,
    ) {
        let Some(conversation) = self.edit_shown(id, turn) else { return };
        let wanted = |search: &&mut Search| search.words == words && search.state == SearchState::Looking;
        let Some(search) = conversation.search.as_mut().filter(wanted) else { return };
        match result {
            Ok(SearchHits { messages, more }) => {
                search.hits = messages;
                search.state = SearchState::Done { more };
                if let Some(newest) = search.hits.first().copied() {
                    self.go_to(id, newest, turn);
                }
            }
            Err(error) => {
                search.state = SearchState::Failed { why: error.to_string() };
                self.notice_lost_session(&error, turn);
            }
        }
    }

    /// On to the next hit, and there.
    pub(super) fn search_step(&mut self, id: InteractionId, older: bool, turn: &mut Turn) {
        let Some(search) = self.edit_shown(id, turn).and_then(|held| held.search.as_mut()) else { return };
        let at = if older { search.at + 1 } else { search.at.saturating_sub(1) };
        let Some(hit) = search.hits.get(at).copied() else { return };
        search.at = at;
        self.go_to(id, hit, turn);
    }
}
