//! What the desk asks the service to do.

use waxwing_protocol::{
    agent::{Agent, AgentStatus, StatusSince},
    api::SendMessage,
    event::{Cursor, NumberAlert},
    id::{ClientRef, InteractionId, MessageId},
    interaction::Interaction,
    message::Message,
};

use super::{input::Password, outbox::Outgoing};

/// A call to the gateway.
#[derive(Debug, Clone, PartialEq)]
pub enum Call {
    /// Sign in; the service keeps the token.
    SignIn {
        /// Who.
        user_name: String,
        /// As typed.
        password: Password,
    },
    /// Give the token back and forget it.
    SignOut,
    /// Take a status.
    SetStatus(AgentStatus),
    /// Ask for what comes after the cursor; the answer is an `Outcome::Polled`.
    Poll {
        /// The place up to which everything is held; none asks for a snapshot.
        after: Option<Cursor>,
        /// Whether to wait for something to happen.
        wait: bool,
    },
    /// Send a message.
    Send {
        /// In which conversation.
        interaction: InteractionId,
        /// What.
        message: SendMessage,
    },
    /// *Try again*.
    Retry {
        /// In which conversation.
        interaction: InteractionId,
        /// Which.
        message: MessageId,
    },
    /// *Done*.
    MarkDone(InteractionId),
}

/// Something to remember across a restart, `kill -9` included.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// From here on everything belongs to this agent; what was another's has been wiped before.
    Account(Box<Agent>),
    /// The agent's status.
    Status(StatusSince),
    /// What stops our numbers.
    Alerts(Vec<NumberAlert>),
    /// The conversation in front of the agent.
    Active(Option<InteractionId>),
    /// An interaction as it is now.
    Interaction(Box<Interaction>),
    /// An interaction is gone, with its messages; its draft and its outgoing messages stay until told otherwise.
    InteractionGone(InteractionId),
    /// A message as it is now.
    Message(Box<Message>),
    /// The place up to which everything is held.
    Cursor(Cursor),
    /// A message that the gateway does not have yet.
    Outgoing(InteractionId, Outgoing),
    /// The gateway has it, or the agent gave it up.
    OutgoingGone(ClientRef),
    /// What stands in a composer; empty for none.
    Draft(InteractionId, String),
    /// How many messages of an interaction the agent has not seen.
    Unread(InteractionId, usize),
    /// Forget everything but whose journal this is and what they wrote and did not send.
    ForgetContacts,
    /// Forget everything.
    Wipe,
}

/// What the desk asks the service to do. The entries of one step go to disk together, before its calls are made.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Write this down.
    Journal(Entry),
    /// Call the gateway.
    Call(Call),
}
