//! What is asked anew whenever the gateway is there again, because it may have changed meanwhile: a few small answers, each of
//! which replaces the one of before.
//!
//! **All goes well.** The gateway answers after it was away → each is asked once → each answer replaces what was known.
//!
//! **If not.** No answer: that one is asked again, ever more slowly, whatever the others do. A gateway that does not know it
//! says so and is not asked again before it was away once more. What was known of before goes on being used meanwhile.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{
    Desk, courier::Courier, effect::Call, input::CallError, past::PastCall, turn::Turn, wrap_up::WrapUpCall,
};

/// One of the questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Inquiry {
    /// Which files may be sent.
    FileRules,
    /// By which rules a case is ended.
    WrapUpRules,
    /// The numbers that we write from.
    Numbers,
}

impl Inquiry {
    const ALL: [Self; 3] = [Self::FileRules, Self::WrapUpRules, Self::Numbers];

    const fn call(self) -> Call {
        match self {
            Self::FileRules => Call::FileRules,
            Self::WrapUpRules => Call::WrapUp(WrapUpCall::Rules),
            Self::Numbers => Call::Past(PastCall::Numbers),
        }
    }
}

/// How the asking stands.
#[derive(Debug, Clone, Default)]
pub(super) struct Inquiries(BTreeMap<Inquiry, Courier>);

impl Inquiries {
    /// When one of them goes next.
    pub(super) fn due_at(&self) -> Option<DateTime<Utc>> {
        self.0.values().copied().filter_map(Courier::due_at).min()
    }

    /// What waits for its next try goes now.
    pub(super) fn hurry(&mut self, now: DateTime<Utc>) {
        self.0.values_mut().for_each(|courier| courier.hurry(now));
    }

    /// What is under way will not be answered.
    pub(super) fn give_up(&mut self) {
        self.0.clear();
    }
}

impl Desk {
    /// Everything is to be asked anew.
    pub(super) fn inquire(&mut self, now: DateTime<Utc>) {
        for inquiry in Inquiry::ALL {
            self.inquire_of(inquiry, now);
        }
    }

    /// One of them is to be asked anew.
    pub(super) fn inquire_of(&mut self, inquiry: Inquiry, now: DateTime<Utc>) {
        self.inquiries.0.entry(inquiry).or_default().want(now);
    }

    /// Asks what is due.
    pub(super) fn inquire_if_due(&mut self, turn: &mut Turn) {
        if !self.is_signed_in() {
            return;
        }
        for (inquiry, courier) in &mut self.inquiries.0 {
            if courier.due_at().is_some_and(|at| at <= turn.now) && courier.start() {
                turn.call(inquiry.call());
            }
        }
    }

    /// One of them was answered, or was not. Gives the answer.
    pub(super) fn inquired<T>(
        &mut self,
        inquiry: Inquiry,
        result: Result<T, CallError>,
        turn: &mut Turn,
    ) -> Option<T> {
        let courier = self.inquiries.0.entry(inquiry).or_default();
        match result {
            Ok(answer) => {
                courier.rest();
                Some(answer)
            }
            Err(error) => {
                courier.fail(&error, turn.now, self.seed);
                self.doubt_result(Some(&error), turn);
                None
            }
        }
    }
}
