//! What is done with what lies in workbins: taken, moved, given to somebody, its facts changed, closed. With many at once it is
//! one call for each, a few at a time, and each says for itself what went wrong: at its row, or in a notice where somebody else was
//! quicker and the row is gone with that.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    id::InteractionId,
    interaction::Interaction,
    problem::ProblemCode,
    workbin::{Assign, Changes, MoveToWorkbin, Place},
    wrap_up::PutCaseData,
};

use crate::desk::{Desk, effect::Call, input::CallError, notices::Gravity, turn::Turn};

/// How many calls are under way at once.
const AT_ONCE: usize = 4;

/// Something to be done with an interaction that lies in a place.
#[derive(Debug, Clone, PartialEq)]
pub enum Deed {
    /// Take it, and go on with it.
    Open,
    /// Put it elsewhere.
    Move(MoveToWorkbin),
    /// Give it to somebody.
    Assign(Assign),
    /// Change facts attached to it.
    CaseData(PutCaseData),
    /// Close it for good.
    Done,
}

impl Deed {
    /// What could not be done, in words.
    const fn failed(&self) -> &'static str {
        match self {
            Self::Open => "Not opened",
            Self::Move(_) => "Not moved",
            Self::Assign(_) => "Not assigned",
            Self::CaseData(_) => "Case data not changed",
            Self::Done => "Not marked done",
        }
    }
}

/// The call that does it; the answer is an `Outcome::WorkbinDeed`.
#[derive(Debug, Clone, PartialEq)]
pub struct DeedCall {
    /// With which interaction.
    pub interaction: InteractionId,
    /// What.
    pub deed: Deed,
}

/// What went wrong with something, in words.
#[derive(Debug, Clone)]
enum Trouble {
    /// Somebody else was quicker: its row is about to go.
    Overtaken(String),
    /// Anything else: it lies where it lay.
    Failed(String),
}

impl Trouble {
    fn why(&self) -> &str {
        match self {
            Self::Overtaken(why) | Self::Failed(why) => why,
        }
    }
}

/// A deed that the gateway is asked for.
#[derive(Debug, Clone)]
struct UnderWay {
    /// With whom it is.
    title: String,
    /// Since when.
    since: DateTime<Utc>,
    /// The number of the act that it is part of.
    act: u64,
}

/// What is being done, and what went wrong.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Deeds {
    /// Each with the number of the act that it is part of.
    waiting: VecDeque<(u64, DeedCall)>,
    under_way: BTreeMap<InteractionId, UnderWay>,
    /// The number of the last act.
    acts: u64,
    troubles: BTreeMap<InteractionId, Trouble>,
}

impl Deeds {
    /// What lies elsewhere now, or nowhere, has no trouble any more. Gives what was told of those that somebody else has got: it
    /// has not been read yet.
    fn forget(&mut self, page: &Changes) -> Vec<(InteractionId, String)> {
        let gone = page.gone.iter().filter_map(|gone| match self.troubles.remove(gone)? {
            Trouble::Overtaken(why) => Some((*gone, why)),
            Trouble::Failed(_) => None,
        });
        gone.collect()
    }

    /// What is under way will not be answered.
    pub(super) fn give_up(&mut self) {
        self.waiting.clear();
        for id in std::mem::take(&mut self.under_way).into_keys() {
            let why = "It is not known whether that was done: look again.".to_owned();
            self.troubles.insert(id, Trouble::Failed(why));
        }
    }

    fn is_busy(&self, id: InteractionId) -> bool {
        self.under_way.contains_key(&id) || self.waiting.iter().any(|(_, call)| call.interaction == id)
    }
}

impl Desk {
    /// Whether something is being done with an interaction in a workbin.
    #[must_use]
    pub fn is_busy(&self, id: InteractionId) -> bool {
        self.warden.deeds.is_busy(id)
    }

    /// What went wrong with it, in words.
    #[must_use]
    pub fn deed_trouble(&self, id: InteractionId) -> Option<&str> {
        self.warden.deeds.troubles.get(&id).map(Trouble::why)
    }

    /// With how many something went wrong.
    #[must_use]
    pub fn deed_troubles(&self) -> usize {
        self.warden.deeds.troubles.len()
    }

    /// The agent wants something done with these.
    pub(in super::super) fn begin_deeds(&mut self, ids: Vec<InteractionId>, deed: &Deed) {
        let deeds = &mut self.warden.deeds;
        deeds.acts += 1;
        for interaction in ids {
            if !deeds.is_busy(interaction) {
                deeds.troubles.remove(&interaction);
                deeds.waiting.push_back((deeds.acts, DeedCall { interaction, deed: deed.clone() }));
            }
        }
    }

    /// The agent has read what went wrong.
    pub(in super::super) fn dismiss_troubles(&mut self) {
        self.warden.deeds.troubles.clear();
    }

    /// Does what waits, a few at a time.
    pub(super) fn do_what_waits(&mut self, turn: &mut Turn) {
        if !self.is_signed_in() {
            return;
        }
        let deeds = &mut self.warden.deeds;
        while deeds.under_way.len() < AT_ONCE
            && let Some((act, call)) = deeds.waiting.pop_front()
        {
            let title = self.workbins.item(call.interaction).map(|lying| lying.title.clone());
            let title = title.unwrap_or_else(|| "A contact".to_owned());
            deeds.under_way.insert(call.interaction, UnderWay { title, since: turn.now, act });
            turn.call(Call::WorkbinDeed(call));
        }
    }

    /// What lies elsewhere now, or nowhere, has no row at which it could be read what went wrong with it.
    pub(super) fn forget_deeds(&mut self, page: &Changes) {
        for (id, why) in self.warden.deeds.forget(page) {
            let title = self.workbins.item(id).map_or("A contact", |lying| &lying.title);
            self.notices.add(Gravity::Problem, format!("{title}. {why}"));
        }
    }

    /// It is done, or why it is not.
    pub(in super::super) fn deed_done(
        &mut self,
        DeedCall { interaction, deed }: DeedCall,
        result: Result<Option<Box<Interaction>>, CallError>,
        turn: &mut Turn,
    ) {
        let begun = self.warden.deeds.under_way.remove(&interaction);
        match result {
            Ok(told) => {
                let item = self.workbins.item(interaction);
                let from = item.map(|lying| lying.item.place);
                let waits = item.is_some_and(|lying| lying.item.interaction.pending_since.is_some());
                if matches!(deed, Deed::Open | Deed::Done) {
                    std::sync::Arc::make_mut(&mut self.workbins).let_go(interaction);
                }
                if deed == Deed::Open {
                    self.opened(interaction, from, turn);
                }
                if let Some(UnderWay { title, since, act }) = begun.filter(|_| deed == Deed::Done) {
                    self.offer_undo(interaction, (title, waits), (act, since), turn);
                }
                if let Some(told) = told.filter(|_| matches!(deed, Deed::CaseData(_))) {
                    self.renew_read(*told, turn);
                }
            }
            Err(error) => {
                let why = format!("{}: {error}", deed.failed());
                let is_overtaken =
                    matches!(&error, CallError::Refused(problem) if problem.code == ProblemCode::Conflict);
                if let Some(UnderWay { title, .. }) =
                    begun.filter(|_| self.workbins.item(interaction).is_none())
                {
                    self.notices.add(Gravity::Problem, format!("{title}. {why}"));
                } else {
                    let trouble = if is_overtaken { Trouble::Overtaken(why) } else { Trouble::Failed(why) };
                    self.warden.deeds.troubles.insert(interaction, trouble);
                }
                self.doubt_result(Some(&error), turn);
            }
        }
    }

    /// An interaction was taken out of where it lay: it comes to the front, and can be put back there.
    fn opened(&mut self, id: InteractionId, from: Option<Place>, turn: &mut Turn) {
        if let Some(from) = from {
            self.wrap_up.opened_from.insert(id, from);
            self.keep_wrap_up(id, turn);
        }
        self.bring_to_front(id, turn);
    }
}
