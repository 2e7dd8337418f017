//! What the agent looks at, and which window is to ask for them.
//!
//! The main window shows the active conversation; a conversation may also be in a window of its own, and then the main
//! window does not show it. Whoever waits is asked for by the window that shows them: by the main window unless their
//! conversation has its own. Going to a conversation in a window of its own is giving that window the focus; going to
//! another one is its card, and the focus of the main window alone is not yet that.

use std::collections::BTreeMap;

use waxwing_protocol::id::InteractionId;

use super::{Desk, conversation::Conversation, effect::Entry, turn::Turn};

impl Desk {
    /// Whether the main window is to ask for attention: somebody waits in a conversation that has no window of its own and
    /// is not the active one of a focused window; or something is offered while that has not got the focus.
    #[must_use]
    pub fn wants_attention(&self) -> bool {
        let is_offered = !self.focused && self.is_signed_in() && !self.offers().is_empty();
        is_offered
            || self.conversations.values().any(|held| {
                !self.own_windows.contains_key(&held.interaction.id) && self.is_waiting_unattended(held)
            })
    }

    /// Whether a conversation's own window is to ask for attention: somebody waits in it, and it has not got the focus.
    #[must_use]
    pub fn wants_attention_of(&self, id: InteractionId) -> bool {
        self.own_windows.contains_key(&id)
            && self.conversation(id).is_some_and(|held| self.is_waiting_unattended(held))
    }

    fn is_waiting_unattended(&self, held: &Conversation) -> bool {
        self.is_signed_in()
            && held.is_in_bar_of(self.agent)
            && held.pending().waiting_since().is_some()
            && !self.is_attended(held.interaction.id)
    }

    /// Whether the agent looks at this conversation.
    pub(super) fn is_attended(&self, id: InteractionId) -> bool {
        let focused = match self.own_windows.get(&id) {
            Some(focused) => *focused,
            None => self.focused && self.active == Some(id),
        };
        focused && self.is_signed_in()
    }

    /// The main window has or has not got the focus.
    pub(super) fn focus(&mut self, focused: bool, turn: &mut Turn) {
        self.focused = focused;
        self.attend(turn);
    }

    /// Other conversations have windows of their own, or another one of these has the focus.
    pub(super) fn arrange_windows(&mut self, own_windows: BTreeMap<InteractionId, bool>, turn: &mut Turn) {
        let before = std::mem::replace(&mut self.own_windows, own_windows);
        for id in before.into_keys() {
            if !self.own_windows.contains_key(&id) && self.active != Some(id) {
                self.leave(id, turn);
            }
        }
        self.attend(turn);
    }

    /// The agent turned away: the line above what was new when they came has done its work.
    pub(super) fn leave(&mut self, id: InteractionId, turn: &mut Turn) {
        let is_marked = |held: &Conversation| held.unread == 0 && held.first_unseen.is_some();
        if self.conversation(id).is_some_and(is_marked)
            && let Some(left) = self.edit(id, turn)
        {
            left.first_unseen = None;
        }
    }

    /// The agent sees what stands in the conversations that they look at.
    pub(super) fn attend(&mut self, turn: &mut Turn) {
        let looked_at = self.own_windows.keys().copied().chain(self.active);
        let news = looked_at
            .filter(|id| self.is_attended(*id) && self.conversation(*id).is_some_and(|held| held.unread > 0));
        for id in news.collect::<Vec<_>>() {
            if let Some(conversation) = self.edit(id, turn) {
                conversation.unread = 0;
                turn.journal(Entry::Unread(id, 0));
            }
        }
    }
}
