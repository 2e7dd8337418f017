//! Chats that this agent begins, or goes on with.
//!
//! **All goes well.** It is asked for → the gateway says which interaction it is, a new one or the one under way → the feed
//! brings that with its transcript → it goes to the front, and the window is told once.
//!
//! **If not.** Somebody else has the interaction that is under way: the agent is told who, nothing else happens. No answer: the
//! agent is told so; to ask again harms nothing, for a chat that was begun after all is joined.

use std::sync::Arc;

use waxwing_protocol::{
    contact::BusinessNumber,
    history::{ChatBegun, NewChat},
    id::InteractionId,
    problem::ProblemCode,
};

use super::super::{Desk, effect::Call, input::CallError, notices::Gravity, phones, turn::Turn};

/// A chat that was begun and stands in front.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begun {
    /// Counts them, so that the window takes each once.
    pub number: u64,
    /// Which interaction it is.
    pub interaction: InteractionId,
    /// The one it follows.
    pub after: Option<InteractionId>,
}

/// How the chats stand that this agent begins.
#[derive(Debug, Clone, Default)]
pub(in crate::desk) struct Chats {
    /// From which of our numbers one can be begun, by name.
    pub(super) numbers: Arc<[BusinessNumber]>,
    /// What is asked for.
    under_way: Option<NewChat>,
    /// What the feed is about to bring, and what that follows.
    expected: Option<(InteractionId, Option<InteractionId>)>,
    begun: Option<Begun>,
}

impl Chats {
    /// What is under way will not be answered any more.
    pub(super) fn give_up(&mut self) {
        (self.under_way, self.expected) = (None, None);
    }
}

impl Desk {
    /// The chat that is asked for just now.
    #[must_use]
    pub const fn new_chat(&self) -> Option<&NewChat> {
        self.past.chats.under_way.as_ref()
    }

    /// The chat that was begun last and has come to the front.
    #[must_use]
    pub const fn begun_chat(&self) -> Option<Begun> {
        self.past.chats.begun
    }

    /// A chat is wanted; one at a time.
    pub(in crate::desk) fn begin_chat(&mut self, chat: NewChat, turn: &mut Turn) {
        if self.past.chats.under_way.is_none() {
            self.past.chats.under_way = Some(chat.clone());
            turn.call(Call::NewChat(chat));
        }
    }

    /// It was begun, or was not.
    pub(in crate::desk) fn chat_begun(
        &mut self,
        chat: &NewChat,
        result: Result<Box<ChatBegun>, CallError>,
        turn: &mut Turn,
    ) {
        if self.past.chats.under_way.as_ref() != Some(chat) {
            return;
        }
        self.past.chats.under_way = None;
        match result {
            Ok(begun) => {
                self.past.chats.expected = Some((begun.interaction.id, chat.after));
                if begun.joined {
                    let title = phones::title(&begun.interaction.contact);
                    let text = format!("A chat with {title} was under way already: you go on with it.");
                    self.notices.add(Gravity::Info, text);
                }
            }
            Err(CallError::Refused(problem)) if problem.code == ProblemCode::Conflict => {
                self.notices.add(Gravity::Problem, problem.detail);
            }
            Err(error) => self.tell("The chat was not begun", &error, turn),
        }
    }

    /// What was expected goes to the front as soon as it is there.
    pub(in crate::desk) fn welcome_chat(&mut self, turn: &mut Turn) {
        let Some((interaction, after)) = self.past.chats.expected else { return };
        if !self.conversations.contains_key(&interaction) {
            return;
        }
        let chats = &mut self.past.chats;
        chats.expected = None;
        let number = chats.begun.map_or(1, |begun| begun.number + 1);
        chats.begun = Some(Begun { number, interaction, after });
        if let Some(after) = after {
            self.carry_files(after, interaction, turn);
        }
        self.activate(Some(interaction), turn);
    }
}
