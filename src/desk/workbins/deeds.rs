//! What is done with what lies in workbins: taken, moved, given to somebody, its facts changed, closed. With many at once it is
//! one call for each, a few at a time, and each says for itself what went wrong.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use waxwing_protocol::{
    id::InteractionId,
    interaction::Interaction,
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

/// What is being done, and what went wrong.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Deeds {
    waiting: VecDeque<DeedCall>,
    under_way: BTreeSet<InteractionId>,
    /// What those are called with which something is done: they may be gone when it has failed.
    titles: BTreeMap<InteractionId, String>,
    troubles: BTreeMap<InteractionId, String>,
}

impl Deeds {
    /// What lies nowhere any more has no row at which its trouble could be told: that is handed out.
    pub(super) fn forget(&mut self, page: &Changes) -> Vec<(InteractionId, String)> {
        let gone = page.gone.iter();
        gone.filter_map(|id| self.troubles.remove(id).map(|trouble| (*id, trouble))).collect()
    }

    /// What is under way will not be answered.
    pub(super) fn give_up(&mut self) {
        self.waiting.clear();
        self.titles.clear();
        for id in std::mem::take(&mut self.under_way) {
            self.troubles.insert(id, "It is not known whether that was done: look again.".to_owned());
        }
    }

    fn is_busy(&self, id: InteractionId) -> bool {
        self.under_way.contains(&id) || self.waiting.iter().any(|call| call.interaction == id)
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
        self.warden.deeds.troubles.get(&id).map(String::as_str)
    }

    /// With how many something went wrong.
    #[must_use]
    pub fn deed_troubles(&self) -> usize {
        self.warden.deeds.troubles.len()
    }

    /// The agent wants something done with these.
    pub(in super::super) fn begin_deeds(&mut self, ids: Vec<InteractionId>, deed: &Deed) {
        let deeds = &mut self.warden.deeds;
        for interaction in ids {
            if !deeds.is_busy(interaction) {
                deeds.troubles.remove(&interaction);
                let title = self.workbins.item(interaction).map(|lying| lying.title.clone());
                deeds.titles.insert(interaction, title.unwrap_or_else(|| "An interaction".to_owned()));
                deeds.waiting.push_back(DeedCall { interaction, deed: deed.clone() });
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
            && let Some(call) = deeds.waiting.pop_front()
        {
            deeds.under_way.insert(call.interaction);
            turn.call(Call::WorkbinDeed(call));
        }
    }

    /// It is done, or why it is not.
    pub(in super::super) fn deed_done(
        &mut self,
        DeedCall { interaction, deed }: DeedCall,
        result: Result<Option<Box<Interaction>>, CallError>,
        turn: &mut Turn,
    ) {
        self.warden.deeds.under_way.remove(&interaction);
        let title = self.warden.deeds.titles.remove(&interaction);
        match result {
            Ok(told) => {
                let from = self.workbins.item(interaction).map(|lying| lying.item.place);
                if matches!(deed, Deed::Open | Deed::Done) {
                    std::sync::Arc::make_mut(&mut self.workbins).let_go(interaction);
                }
                if deed == Deed::Open {
                    self.opened(interaction, from, turn);
                }
                if let Some(told) = told.filter(|_| matches!(deed, Deed::CaseData(_))) {
                    self.renew_read(*told, turn);
                }
            }
            Err(error) => {
                let why = format!("{}: {error}", deed.failed());
                match title.filter(|_| self.workbins.item(interaction).is_none()) {
                    // Whoever was quicker has it already, and its row is gone.
                    Some(title) => self.notices.add(Gravity::Problem, format!("{title}: {why}")),
                    None => {
                        self.warden.deeds.troubles.insert(interaction, why);
                    }
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
