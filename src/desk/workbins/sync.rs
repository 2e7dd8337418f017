//! How what lies in the workbins comes to the desk: one call at a time, page after page, until everything is held that the
//! gateway told of.
//!
//! **All goes well.** Each poll tells how far was heard, and ends when there is more → asked for what comes after what is held →
//! each page is taken in and written down, sealed → nothing more: done, and the newest transcripts are fetched to be kept, too.
//!
//! **If not.** No answer: asked again, ever more slowly, and at once when the link is back; meanwhile what is held stays, and
//! its age is told. Another view (a right came or went, another database): what was held is forgotten, here and on disk, and
//! told anew. A gateway that knows no workbins says so once and is not asked again until it speaks of them.

use std::{collections::BTreeSet, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use waxwing_protocol::{
    agent::Colleague,
    id::InteractionId,
    problem::ProblemCode,
    workbin::{Changes, ChangesQuery, ColleagueState, Colleagues},
};

use super::{Workbins, deeds::Deeds, keep::Keeper};
use crate::desk::{
    Desk,
    courier::Courier,
    effect::{Call, Entry},
    input::CallError,
    link::Link,
    turn::Turn,
};

/// How often at most it is written down that everything is still as it is held.
const NOTE_EVERY: TimeDelta = TimeDelta::seconds(60);

/// How it stands with the workbins beside what is held.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Warden {
    pub(in super::super) courier: Courier,
    /// The newest change that the gateway told of.
    heard: u64,
    /// The newest change that was told of when it was asked last.
    asked_for: u64,
    /// When everything was held that there was.
    as_of: Option<DateTime<Utc>>,
    /// When that was written down last.
    noted: Option<DateTime<Utc>>,
    pub(in super::super) keeper: Keeper,
    pub(super) deeds: Deeds,
    colleagues: Arc<Colleagues>,
    /// Of which reminders the agent was told.
    pub(super) reminded: BTreeSet<InteractionId>,
}

/// What was kept of the workbins from the last time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct KeptWorkbins {
    /// All of it, as one page.
    pub changes: Changes,
    /// When that was all there was.
    pub as_of: Option<DateTime<Utc>>,
    /// Whose transcripts are kept, each with the time of its newest message.
    pub transcripts: Vec<(InteractionId, DateTime<Utc>)>,
}

/// How fresh what is held of the workbins is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// Nothing was ever told.
    Nothing,
    /// It is on its way.
    Coming,
    /// As it is at the gateway.
    Fresh,
    /// As it was, since the gateway can't be reached.
    AsOf(DateTime<Utc>),
}

impl Warden {
    /// What waits for its next try goes now.
    pub(in super::super) fn hurry(&mut self, now: DateTime<Utc>) {
        self.courier.hurry(now);
        self.keeper.courier.hurry(now);
    }

    /// What is under way will not be answered.
    pub(in super::super) fn rest(&mut self) {
        self.courier.rest();
        self.keeper.courier.rest();
        self.deeds.give_up();
        self.reminded.clear();
    }
}

impl Desk {
    /// What lies in workbins and queues.
    #[must_use]
    pub fn workbins(&self) -> &Arc<Workbins> {
        &self.workbins
    }

    /// How fresh that is.
    #[must_use]
    pub fn workbins_freshness(&self) -> Freshness {
        let is_held = self.workbins.view.is_some();
        match (&self.link, is_held, self.warden.as_of) {
            (Link::Retrying { .. } | Link::Connecting, true, Some(as_of)) => Freshness::AsOf(as_of),
            (Link::Online, _, _) if self.warden.courier != Courier::Resting => Freshness::Coming,
            (Link::Online, true, _) => Freshness::Fresh,
            (_, true, None) => Freshness::Coming,
            (_, false, _) => Freshness::Nothing,
        }
    }

    /// To whom work can be given, as far as it was asked for.
    #[must_use]
    pub fn colleagues(&self) -> &[ColleagueState] {
        &self.warden.colleagues.colleagues
    }

    /// Everybody who works here or did, by name, as far as that was asked for.
    pub fn everybody(&self) -> impl Iterator<Item = &Colleague> {
        let Colleagues { colleagues, former } = &*self.warden.colleagues;
        colleagues.iter().map(|state| &state.colleague).chain(former)
    }

    /// When something of the workbins is to be asked for next.
    pub(in super::super) fn workbins_due_at(&self) -> Option<DateTime<Utc>> {
        if !self.is_signed_in() {
            return None;
        }
        let is_quiet = self.link == Link::Online && self.warden.courier == Courier::Resting;
        let kept = self.warden.keeper.courier.due_at().filter(|_| is_quiet);
        self.warden.courier.due_at().into_iter().chain(kept).chain(self.reminder_at()).min()
    }

    /// What a poll says of how far was heard.
    pub(in super::super) const fn heard_of_workbins(&self) -> u64 {
        self.warden.heard
    }

    /// The gateway tells of the newest change of the workbins; 0 from one that has none.
    pub(in super::super) fn hear_of_workbins(&mut self, newest: u64, turn: &mut Turn) {
        if newest == 0 {
            return;
        }
        self.warden.heard = newest;
        if self.workbins.view.is_none() || self.workbins.held != newest {
            self.warden.courier.want(turn.now);
        } else {
            self.note_freshness(turn);
        }
    }

    /// Looks for news after the gateway was away, or may have become another one.
    pub(in super::super) fn look_for_workbins(&mut self, turn: &Turn) {
        if self.workbins.view.is_some() {
            self.warden.courier.want(turn.now);
        }
    }

    /// Asks for what comes next if it is time.
    pub(in super::super) fn ask_workbins_if_due(&mut self, turn: &mut Turn) {
        let is_due = |courier: Courier| courier.due_at().is_some_and(|at| at <= turn.now);
        if self.is_signed_in() && is_due(self.warden.courier) && self.warden.courier.start() {
            self.warden.asked_for = self.warden.heard;
            let (view, after) = self.workbins.held();
            turn.call(Call::Workbins(ChangesQuery { after, view }));
        }
        self.keep_transcript_if_due(turn);
        self.do_what_waits(turn);
    }

    /// What came, or why nothing did.
    pub(in super::super) fn workbins_told(
        &mut self,
        result: Result<Box<Changes>, CallError>,
        turn: &mut Turn,
    ) {
        if !matches!(self.warden.courier, Courier::UnderWay { .. }) {
            return;
        }
        match result {
            Ok(page) => {
                self.warden.courier.rest();
                let goes_on = page.more && (page.whole || page.next > self.workbins.held);
                if goes_on || self.warden.heard > self.warden.asked_for {
                    self.warden.courier.want(turn.now);
                }
                self.warden.heard = self.warden.heard.max(page.next);
                self.take_changes(*page, turn);
                if self.warden.courier == Courier::Resting {
                    self.note_freshness(turn);
                    self.choose_transcripts(turn);
                }
            }
            Err(error) => {
                let is_unknown =
                    matches!(&error, CallError::Refused(problem) if problem.code == ProblemCode::NotFound);
                if is_unknown {
                    self.warden.heard = 0;
                }
                self.warden.courier.fail(&error, turn.now, self.seed);
                self.doubt_result(Some(&error), turn);
            }
        }
    }

    fn take_changes(&mut self, page: Changes, turn: &mut Turn) {
        turn.journal(Entry::Workbins(Box::new(page.clone())));
        self.warden.keeper.forget(&page);
        self.forget_deeds(&page);
        let changed: Vec<_> = page.items.iter().map(|item| item.interaction.id).collect();
        self.hear_of_lists();
        Arc::make_mut(&mut self.workbins).take(page);
        let read = self.review.as_ref().map(|review| review.interaction);
        if let Some(read) = read.filter(|read| changed.contains(read)) {
            self.hear_of_read(read, turn);
        }
    }

    /// Everything is held that there is.
    fn note_freshness(&mut self, turn: &mut Turn) {
        if self.warden.courier != Courier::Resting || self.workbins.view.is_none() {
            return;
        }
        self.warden.as_of = Some(turn.now);
        if self.warden.noted.is_none_or(|noted| turn.now - noted >= NOTE_EVERY) {
            self.warden.noted = Some(turn.now);
            turn.journal(Entry::WorkbinsAsOf(turn.now));
        }
    }

    /// Lays out what was kept from the last time, and asks what has come since.
    pub(in super::super) fn restore_workbins(&mut self, kept: KeptWorkbins, turn: &Turn) {
        if self.workbins.view.is_some() {
            return;
        }
        self.warden.heard = kept.changes.next;
        self.warden.as_of = kept.as_of;
        self.warden.keeper = Keeper::restored(kept.transcripts);
        self.warden.courier.want(turn.now);
        Arc::make_mut(&mut self.workbins).take(kept.changes);
    }

    /// To whom can work be given?
    pub(in super::super) fn colleagues_told(
        &mut self,
        result: Result<Colleagues, CallError>,
        turn: &mut Turn,
    ) {
        match result {
            Ok(told) => self.warden.colleagues = Arc::new(told),
            Err(error) => self.tell("Your colleagues could not be asked for", &error, turn),
        }
    }
}
