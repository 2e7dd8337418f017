//! What the agent does in a conversation, as a command for the desk.

use crate::{desk::input::Command, ui::Action};

/// The command; none where the action is no conversation's.
pub(super) fn of(action: Action) -> Option<Command> {
    Some(match action {
        Action::KeepDraft { interaction, text, quote, seq } => {
            Command::KeepDraft { interaction, text, quote, seq }
        }
        Action::TakeUp { interaction, at } => Command::TakeUp { interaction, at },
        Action::DropAside { interaction, at } => Command::Drop { interaction, at },
        Action::Typing { interaction } => Command::Typing { interaction },
        Action::Seen { interaction, up_to } => Command::Seen { interaction, up_to },
        Action::ShowOlder { interaction, sessions } => Command::ShowOlder { interaction, sessions },
        Action::ShowNewer { interaction } => Command::ShowNewer { interaction },
        Action::ShowNewest { interaction } => Command::ShowNewest { interaction },
        Action::GoTo { interaction, message } => Command::GoTo { interaction, message },
        Action::GoToDay { interaction, at } => Command::GoToDay { interaction, at },
        Action::Search { interaction, words } => Command::Search { interaction, words },
        Action::SearchStep { interaction, older } => Command::SearchStep { interaction, older },
        Action::React { interaction, message, emoji } => Command::React { interaction, message, emoji },
        Action::AddCard { interaction, message, card } => Command::AddCard { interaction, message, card },
        _ => return None,
    })
}
