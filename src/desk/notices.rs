//! Lines shown to the agent until read: what happened and what to do.

use waxwing_protocol::id::InteractionId;

/// How grave a notice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gravity {
    /// Good to know.
    Info,
    /// Something did not work.
    Problem,
}

/// A line shown to the agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// For dismissing it.
    pub number: u64,
    /// How grave.
    pub gravity: Gravity,
    /// The sentence.
    pub text: String,
    /// What lies in a workbin and is to be looked at: it can be opened from here.
    pub about: Option<InteractionId>,
}

/// The notices that have not been read, oldest first.
#[derive(Debug, Clone, Default)]
pub(super) struct Notices {
    unread: Vec<Notice>,
    last_number: u64,
}

impl Notices {
    pub(super) fn unread(&self) -> &[Notice] {
        &self.unread
    }

    /// Adds one, unless the same sentence stands there already.
    pub(super) fn add(&mut self, gravity: Gravity, text: impl Into<String>) {
        self.put(gravity, text.into(), None);
    }

    /// Adds one about something that lies in a workbin.
    pub(super) fn add_about(&mut self, interaction: InteractionId, text: String) {
        self.put(Gravity::Info, text, Some(interaction));
    }

    fn put(&mut self, gravity: Gravity, text: String, about: Option<InteractionId>) {
        if self.unread.iter().all(|notice| notice.text != text) {
            self.last_number += 1;
            self.unread.push(Notice { number: self.last_number, gravity, text, about });
        }
    }

    pub(super) fn dismiss(&mut self, number: u64) {
        self.unread.retain(|notice| notice.number != number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_sentence_stands_there_once_and_can_come_back() {
        let mut notices = Notices::default();
        notices.add(Gravity::Problem, "no");
        notices.add(Gravity::Problem, "no");
        assert_eq!(notices.unread().len(), 1);
        notices.dismiss(1);
        notices.add(Gravity::Problem, "no");
        assert_eq!(notices.unread()[0].number, 2);
    }
}
