//! Reminders: what an agent put away until some moment makes itself heard when that has come, wherever the agent is just then.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    id::{AgentId, InteractionId},
    workbin::WorkbinKind,
};

use super::{Lying, Workbins};
use crate::desk::{Desk, courier::Courier, notices::Gravity, turn::Turn};

impl Lying {
    /// When somebody is to look at it again.
    pub(super) fn remind_at(&self) -> Option<DateTime<Utc>> {
        self.item.interaction.stored.as_ref().and_then(|stored| stored.remind_at)
    }
}

impl Workbins {
    /// What an agent is to look at again by now: what they put away themselves, and what lies in a workbin of their own.
    #[must_use]
    pub fn due(&self, agent: AgentId, now: DateTime<Utc>) -> Vec<&Lying> {
        let due = self.reminders.iter().take_while(|(at, _)| *at <= now);
        due.filter_map(|(_, id)| self.reminds(*id, agent)).collect()
    }

    /// When the next of them is to be looked at that is not among those.
    fn next_due(&self, agent: AgentId, told: &BTreeSet<InteractionId>) -> Option<DateTime<Utc>> {
        let mut next = self.reminders.iter().filter(|(_, id)| !told.contains(id));
        next.find(|(_, id)| self.reminds(*id, agent).is_some()).map(|(at, _)| *at)
    }

    /// Something that lies there, if it is to remind this agent.
    fn reminds(&self, id: InteractionId, agent: AgentId) -> Option<&Lying> {
        let lying = self.items.get(&id)?;
        let by = lying.item.interaction.stored.as_ref().and_then(|stored| stored.by.as_ref());
        let whose = self.place(lying.item.place).and_then(|info| info.whose.as_ref());
        let is_own = matches!(whose, Some(WorkbinKind::Personal { owner, .. }) if owner.id == agent);
        (is_own || by.is_some_and(|by| by.id == agent)).then_some(lying)
    }
}

impl Desk {
    /// When the next reminder is to be told; none while it is not known what lies there.
    pub(super) fn reminder_at(&self) -> Option<DateTime<Utc>> {
        let agent = self.agent.filter(|_| self.knows_what_lies_there())?;
        self.workbins.next_due(agent, &self.warden.reminded)
    }

    /// Tells what is to be looked at again since now; each once.
    pub(in super::super) fn remind_if_due(&mut self, turn: &Turn) {
        let Some(agent) = self.agent.filter(|_| self.knows_what_lies_there()) else { return };
        let due = self.workbins.due(agent, turn.now);
        let new: Vec<_> = due.iter().filter(|lying| !self.warden.reminded.contains(&lying.id())).collect();
        let reminded = due.iter().map(|lying| lying.id()).collect();
        match new[..] {
            [] => {}
            [one] => self.notices.add_about(one.id(), reminder(one)),
            _ => {
                let count = new.len();
                let text = format!("You wanted to look at {count} conversations in your workbins again.");
                self.notices.add(Gravity::Info, text);
            }
        }
        self.warden.reminded = reminded;
    }

    fn knows_what_lies_there(&self) -> bool {
        self.is_signed_in() && self.workbins.view.is_some() && self.warden.courier == Courier::Resting
    }
}

fn reminder(lying: &Lying) -> String {
    let comment = lying.item.interaction.stored.as_ref().and_then(|stored| stored.comment.as_deref());
    let comment = comment.map(|comment| format!(" “{comment}”")).unwrap_or_default();
    format!("You wanted to look at {} again: they are in your workbins.{comment}", lying.title)
}
