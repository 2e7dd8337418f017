//! The transcripts of what was written to last are fetched and kept, sealed, so that they can be read at once and while the
//! gateway is away: one call at a time, when nothing else is to be had.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, Utc};
use waxwing_protocol::{api::TranscriptPage, id::InteractionId, workbin::Changes};

use crate::desk::{
    Desk,
    courier::Courier,
    effect::{Call, Entry, Load, Part},
    input::CallError,
    link::Link,
    turn::Turn,
};

/// The transcripts of so many interactions are kept.
pub(super) const KEPT: usize = 500;
/// How much of each.
const MESSAGES: u32 = 50;

/// Whose transcripts are kept, and whose are still to be fetched.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Keeper {
    pub(in super::super) courier: Courier,
    /// The time of the newest message of each that is kept.
    kept: BTreeMap<InteractionId, DateTime<Utc>>,
    wanted: VecDeque<(InteractionId, DateTime<Utc>)>,
}

impl Keeper {
    pub(super) fn restored(kept: Vec<(InteractionId, DateTime<Utc>)>) -> Self {
        Self { kept: kept.into_iter().collect(), ..Self::default() }
    }

    /// Forgets what is gone; the journal does so with the same page.
    pub(super) fn forget(&mut self, page: &Changes) {
        if page.whole {
            self.kept.clear();
            self.wanted.clear();
        }
        for gone in &page.gone {
            self.kept.remove(gone);
        }
    }

    pub(in super::super) fn holds(&self, id: InteractionId) -> bool {
        self.kept.contains_key(&id)
    }
}

impl Desk {
    /// Whether a transcript is kept.
    #[cfg(test)]
    pub(crate) fn keeps_transcript_of(&self, id: InteractionId) -> bool {
        self.warden.keeper.holds(id)
    }

    /// Finds out whose transcripts are to be kept now, and lets go of the others.
    pub(super) fn choose_transcripts(&mut self, turn: &mut Turn) {
        let said = |lying: &std::sync::Arc<super::Lying>| {
            lying.item.last.as_ref().map(|last| (std::cmp::Reverse(last.at), lying.id()))
        };
        let mut newest: Vec<_> = self.workbins.items.values().filter_map(said).collect();
        if newest.len() > KEPT {
            newest.select_nth_unstable(KEPT);
            newest.truncate(KEPT);
        }
        newest.sort_unstable();
        let keeper = &mut self.warden.keeper;
        let is_chosen: std::collections::BTreeSet<_> = newest.iter().map(|(_, id)| *id).collect();
        let let_go: Vec<_> = keeper.kept.keys().filter(|id| !is_chosen.contains(id)).copied().collect();
        for id in &let_go {
            keeper.kept.remove(id);
        }
        if !let_go.is_empty() {
            turn.journal(Entry::TranscriptsLetGo(let_go));
        }
        let is_new = |(at, id): &(std::cmp::Reverse<DateTime<Utc>>, InteractionId)| {
            keeper.kept.get(id).is_none_or(|kept| *kept < at.0)
        };
        let wanted = newest.into_iter().filter(is_new).map(|(at, id)| (id, at.0));
        let wanted: VecDeque<_> = wanted.collect();
        keeper.wanted = wanted;
        if !keeper.wanted.is_empty() {
            keeper.courier.want(turn.now);
        }
    }

    /// Fetches the next transcript that is to be kept.
    pub(super) fn keep_transcript_if_due(&mut self, turn: &mut Turn) {
        let is_quiet = self.link == Link::Online && self.warden.courier == Courier::Resting;
        let keeper = &mut self.warden.keeper;
        let is_due = keeper.courier.due_at().is_some_and(|at| at <= turn.now);
        if !is_quiet || !is_due {
            return;
        }
        let Some((interaction, up_to)) = keeper.wanted.front().copied() else {
            keeper.courier.rest();
            return;
        };
        if keeper.courier.start() {
            let load = Load { interaction, part: Part::Newest, limit: MESSAGES, sessions: None };
            turn.call(Call::FetchTranscript { load, up_to });
        }
    }

    /// A transcript came that is to be kept, or did not.
    pub(in super::super) fn transcript_fetched(
        &mut self,
        (interaction, up_to): (InteractionId, DateTime<Utc>),
        result: Result<TranscriptPage, CallError>,
        turn: &mut Turn,
    ) {
        let seed = self.seed;
        let keeper = &mut self.warden.keeper;
        if !matches!(keeper.courier, Courier::UnderWay { .. }) {
            return;
        }
        match result {
            Ok(page) => {
                keeper.wanted.retain(|(wanted, at)| *wanted != interaction || *at > up_to);
                if self.workbins.items.contains_key(&interaction) {
                    keeper.kept.insert(interaction, up_to);
                    let page = Box::new(page);
                    turn.journal(Entry::KeptTranscript { interaction, up_to, as_of: turn.now, page });
                }
                keeper.courier.rest();
            }
            Err(error @ CallError::Refused(_)) => {
                keeper.wanted.retain(|(wanted, _)| *wanted != interaction);
                keeper.courier.rest();
                self.doubt_result(Some(&error), turn);
            }
            Err(error) => {
                keeper.courier.fail(&error, turn.now, seed);
                self.doubt_result(Some(&error), turn);
            }
        }
        let keeper = &mut self.warden.keeper;
        if !keeper.wanted.is_empty() {
            keeper.courier.want(turn.now);
        }
    }
}
