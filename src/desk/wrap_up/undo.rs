//! *Done* taken back: for ten seconds by the gateway's clock, counted from when it was first asked, so that the desk never
//! offers what the gateway would refuse. So long the draft and the files of the interaction stay on the shelf.

use chrono::{DateTime, TimeDelta, Utc};
use waxwing_protocol::{id::InteractionId, interaction::Interaction, wrap_up::UNDO_SECONDS};

use super::{
    super::{Desk, effect::Call, input::CallError, turn::Turn},
    WrapUpCall, is_unheard,
};

/// For how long.
pub(super) const UNDO: TimeDelta = TimeDelta::seconds(UNDO_SECONDS as i64);

/// An interaction that was just done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undo {
    /// Whose; not known any more after a restart.
    pub title: Option<String>,
    /// Whether the contact's last message has no answer.
    pub waits: bool,
    /// Until when it can be taken back.
    pub until: DateTime<Utc>,
    /// Whether the gateway is being asked.
    pub is_under_way: bool,
    /// Which act did it, where several were done at once: they are taken back together.
    pub act: Option<u64>,
}

impl Desk {
    /// An interaction was marked done where it lay, which was asked at a moment: that can be taken back, too.
    pub(in crate::desk) fn offer_undo(
        &mut self,
        id: InteractionId,
        (title, waits): (String, bool),
        (act, asked_at): (u64, DateTime<Utc>),
        turn: &mut Turn,
    ) {
        let (title, act, until) = (Some(title), Some(act), asked_at + UNDO);
        let undo = Undo { title, waits, until, is_under_way: false, act };
        self.wrap_up.undos.insert(id, undo);
        self.keep_wrap_up(id, turn);
    }

    /// *Done* was not meant.
    pub(super) fn undo_done(&mut self, id: InteractionId, turn: &mut Turn) {
        if let Some(undo) = self.wrap_up.undos.get_mut(&id).filter(|undo| !undo.is_under_way) {
            undo.is_under_way = true;
            turn.call(Call::WrapUp(WrapUpCall::Undo(id)));
        }
    }

    /// The gateway has taken it back, and the feed brings it; or it has not.
    pub(super) fn done_undone(
        &mut self,
        id: InteractionId,
        result: Result<Box<Interaction>, CallError>,
        turn: &mut Turn,
    ) {
        if let Some(undo) = self.wrap_up.undos.get_mut(&id) {
            undo.is_under_way = false;
        }
        match result {
            // What lay in a workbin lies there again.
            Ok(undone) if undone.owner == self.agent => self.bring_to_front(id, turn),
            Ok(_) => self.forget_undo(id, turn),
            Err(error) => {
                if !is_unheard(&error) {
                    self.forget_undo(id, turn);
                }
                self.tell("It stays done", &error, turn);
            }
        }
    }

    /// What can't be taken back any more: what was written in it goes.
    pub(super) fn end_undos(&mut self, turn: &mut Turn) {
        let is_over = |undo: &Undo| undo.until <= turn.now && !undo.is_under_way;
        let over: Vec<_> =
            self.wrap_up.undos.iter().filter(|(_, undo)| is_over(undo)).map(|(id, _)| *id).collect();
        for id in over {
            self.forget_undo(id, turn);
        }
    }

    /// The same for all: the agent logs off.
    pub(in crate::desk) fn end_all_undos(&mut self, turn: &mut Turn) {
        let all: Vec<_> = self.wrap_up.undos.keys().copied().collect();
        for id in all {
            self.forget_undo(id, turn);
        }
    }

    /// The same for one.
    pub(super) fn forget_undo(&mut self, id: InteractionId, turn: &mut Turn) {
        if self.wrap_up.undos.remove(&id).is_some() {
            // One that the gateway has taken back is on its way here.
            if !self.wrap_up.coming.contains(&id) {
                self.drop_written(id, turn);
            }
            self.keep_wrap_up(id, turn);
        }
    }
}
