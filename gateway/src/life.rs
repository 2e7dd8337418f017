//! The life of an interaction, as one pure machine: where it stands, what is wanted, and what comes of it.
//!
//! ```text
//!  (begun) ─► Queued ◄──────────────── the contact writes ───────────────┐
//!    │           │ ▲                                                     │
//!    │       offered ▲ rejected, lapsed                                  │
//!    │           ▼ │                                                     │
//!    │        Offered ── accepted ──► Open ◄── taken up, put away ──► InWorkbin
//!    └── given ─────────────────────►  │                                 │
//!                                  ended │ (in a workbin it stays there) │
//!                                      ▼                                 │
//!                                    Ended ◄──────── taken up ───────────┘
//!                                      │
//!                                      ▼   undone, for a few seconds: back to where it was
//!                                     Done
//! ```
//!
//! A [`Step`] can be had from [`decide`] alone, and the store changes phase and owner by nothing else
//! ([`crate::store::life`]). So these hold whatever races: an interaction that is queued or lies in a workbin has no owner,
//! one that is offered, open or ended has exactly one, and none is nowhere.

mod wanted;

use waxwing_protocol::{
    history::LifeReason,
    id::{AgentId, WorkbinId},
    interaction::Phase,
    workbin::Place,
};

pub use self::wanted::{Command, Refused, Session, Standing, Target};

/// A step that may be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    phase: Phase,
    owner: Option<AgentId>,
    session: Session,
    opened_from: Option<Place>,
    by: Option<AgentId>,
    why: LifeReason,
}

impl Step {
    /// Into which phase.
    #[must_use]
    pub const fn phase(&self) -> &Phase {
        &self.phase
    }

    /// Whose it is then.
    #[must_use]
    pub const fn owner(&self) -> Option<AgentId> {
        self.owner
    }

    /// How its session is then.
    #[must_use]
    pub const fn session(&self) -> Session {
        self.session
    }

    /// From where its owner has it, if they took it from somewhere.
    #[must_use]
    pub const fn opened_from(&self) -> Option<Place> {
        self.opened_from
    }

    /// Who takes it; none if it happens by itself.
    #[must_use]
    pub const fn by(&self) -> Option<AgentId> {
        self.by
    }

    /// Why.
    #[must_use]
    pub const fn why(&self) -> LifeReason {
        self.why
    }
}

/// What comes of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decided {
    /// This.
    Step(Step),
    /// It is so already.
    Already,
}

/// Decides what comes of a command, or what is in its way.
pub fn decide(at: &Standing, command: &Command) -> Result<Decided, Refused> {
    match *command {
        Command::Begin { to, by } => {
            let why = if by.is_some() { LifeReason::AgentBegan } else { LifeReason::ContactWrote };
            match at.phase {
                Phase::Queued => Ok(go(at, to, by, why)),
                _ => Err(in_the_way(at)),
            }
        }
        Command::Route { to, why } => match at.phase {
            Phase::Queued if to == Target::Queue => Ok(Decided::Already),
            Phase::Queued | Phase::Offered { .. } | Phase::InWorkbin { .. } => {
                running(at).map(|()| go(at, to, None, why))
            }
            _ => Err(in_the_way(at)),
        },
        Command::Accept { by } => accept(at, by),
        Command::Reject { by, to } => match (&at.phase, at.owner) {
            (Phase::Offered { .. }, Some(owner)) if owner == by => {
                Ok(go(at, to, Some(by), LifeReason::Rejected))
            }
            (Phase::Offered { .. }, Some(owner)) => Err(Refused::OfferedTo(owner)),
            _ => Err(Refused::NotOffered),
        },
        Command::Lapse { to } => match at.phase {
            Phase::Offered { .. } => Ok(go(at, to, None, LifeReason::Lapsed)),
            _ => Err(Refused::NotOffered),
        },
        Command::TakeUp { by } => take_up(at, by),
        Command::PutAway { by, workbin } => put_into(at, by, workbin, LifeReason::PutAway),
        Command::AssignInto { by, workbin } => put_into(at, by, workbin, LifeReason::Assigned),
        Command::PutBack { by, to } => put_back(at, by, to),
        Command::Assign { by, to } => {
            if at.owner == Some(to) && is_held(&at.phase) {
                return Ok(Decided::Already);
            }
            movable(at, by)?;
            Ok(held(at, to, Some(by), LifeReason::Assigned, None))
        }
        Command::LogOff { workbin } => match at.phase {
            Phase::Open | Phase::Ended => Ok(stored(at, workbin, None, LifeReason::LoggedOff)),
            _ => Err(in_the_way(at)),
        },
        Command::End { by } => end(at, by),
        Command::Finish { by } => finish(at, by),
        Command::Undo { by, ref to, owner, session } => match at.phase {
            Phase::Done => Ok(Decided::Step(Step {
                phase: to.clone(),
                owner,
                session,
                opened_from: None,
                by: Some(by),
                why: LifeReason::Undone,
            })),
            _ => Err(Refused::NotDone),
        },
    }
}

const fn is_held(phase: &Phase) -> bool {
    matches!(phase, Phase::Open | Phase::Ended)
}

/// What keeps something that is nobody's business in its phase.
fn in_the_way(at: &Standing) -> Refused {
    match (&at.phase, at.owner) {
        (Phase::Done, _) => Refused::Done,
        (Phase::Offered { .. }, Some(owner)) => Refused::OfferedTo(owner),
        (_, Some(owner)) => Refused::HeldBy(owner),
        (Phase::Queued, None) => Refused::Queued,
        (Phase::InWorkbin { .. }, None) => Refused::Lies,
        _ => Refused::Unknown,
    }
}

const fn running(at: &Standing) -> Result<(), Refused> {
    match at.session {
        Session::Running => Ok(()),
        Session::Over => Err(Refused::Over),
    }
}

/// Whether an agent may move it on: it is theirs, or it lies somewhere. Whether they may take it from there, the caller knows.
fn movable(at: &Standing, by: AgentId) -> Result<(), Refused> {
    match (&at.phase, at.owner) {
        (Phase::Open | Phase::Ended, Some(owner)) if owner == by => Ok(()),
        (Phase::Queued | Phase::InWorkbin { .. }, None) => Ok(()),
        _ => Err(in_the_way(at)),
    }
}

fn go(at: &Standing, to: Target, by: Option<AgentId>, why: LifeReason) -> Decided {
    match to {
        Target::Give(agent) => held(at, agent, by, why, None),
        Target::Offer { to, until } => step(at, Phase::Offered { until }, Some(to), by, why),
        Target::Queue => step(at, Phase::Queued, None, by, why),
    }
}

fn step(
    at: &Standing,
    phase: Phase,
    owner: Option<AgentId>,
    by: Option<AgentId>,
    why: LifeReason,
) -> Decided {
    Decided::Step(Step { phase, owner, session: at.session, opened_from: None, by, why })
}

/// In an agent's hands, for talking or for the work after it.
fn held(
    at: &Standing,
    agent: AgentId,
    by: Option<AgentId>,
    why: LifeReason,
    opened_from: Option<Place>,
) -> Decided {
    let phase = match at.session {
        Session::Running => Phase::Open,
        Session::Over => Phase::Ended,
    };
    Decided::Step(Step { phase, owner: Some(agent), session: at.session, opened_from, by, why })
}

fn stored(at: &Standing, workbin: WorkbinId, by: Option<AgentId>, why: LifeReason) -> Decided {
    step(at, Phase::InWorkbin { workbin }, None, by, why)
}

fn accept(at: &Standing, by: AgentId) -> Result<Decided, Refused> {
    match (&at.phase, at.owner) {
        (Phase::Offered { .. }, Some(owner)) if owner == by => {
            Ok(held(at, by, Some(by), LifeReason::Accepted, None))
        }
        (Phase::Open, Some(owner)) if owner == by => Ok(Decided::Already),
        (Phase::Queued | Phase::InWorkbin { .. }, _) => Err(Refused::NotOffered),
        _ => Err(in_the_way(at)),
    }
}

fn take_up(at: &Standing, by: AgentId) -> Result<Decided, Refused> {
    match (&at.phase, at.owner) {
        (Phase::Queued | Phase::InWorkbin { .. }, _) => {
            Ok(held(at, by, Some(by), LifeReason::TakenUp, at.place()))
        }
        (Phase::Open | Phase::Ended, Some(owner)) if owner == by => Ok(Decided::Already),
        (Phase::Offered { .. }, Some(owner)) if owner == by => accept(at, by),
        _ => Err(in_the_way(at)),
    }
}

fn put_into(at: &Standing, by: AgentId, workbin: WorkbinId, why: LifeReason) -> Result<Decided, Refused> {
    if at.phase == (Phase::InWorkbin { workbin }) {
        return Ok(Decided::Already);
    }
    movable(at, by)?;
    Ok(stored(at, workbin, Some(by), why))
}

fn put_back(at: &Standing, by: AgentId, to: Option<Place>) -> Result<Decided, Refused> {
    match (&at.phase, at.owner, to) {
        (Phase::Queued | Phase::InWorkbin { .. }, None, _) => Ok(Decided::Already),
        (Phase::Open | Phase::Ended, Some(owner), Some(Place::Workbin { workbin })) if owner == by => {
            Ok(stored(at, workbin, Some(by), LifeReason::PutBack))
        }
        (Phase::Open, Some(owner), Some(Place::Queue { .. })) if owner == by => {
            Ok(step(at, Phase::Queued, None, Some(by), LifeReason::PutBack))
        }
        (Phase::Ended, Some(owner), Some(Place::Queue { .. })) if owner == by => Err(Refused::Over),
        (Phase::Open | Phase::Ended, Some(owner), None) if owner == by => Err(Refused::NotOpened),
        _ => Err(in_the_way(at)),
    }
}

fn end(at: &Standing, by: Option<AgentId>) -> Result<Decided, Refused> {
    let why = if by.is_some() { LifeReason::AgentEnded } else { LifeReason::WentQuiet };
    let phase = match (&at.phase, at.session) {
        (Phase::Ended | Phase::InWorkbin { .. }, Session::Over) => return Ok(Decided::Already),
        (Phase::Open, _) => Phase::Ended,
        (Phase::InWorkbin { .. }, _) => at.phase.clone(),
        _ => return Err(in_the_way(at)),
    };
    if let (Some(by), Some(owner)) = (by, at.owner)
        && by != owner
    {
        return Err(Refused::HeldBy(owner));
    }
    let (owner, session) = (at.owner, Session::Over);
    Ok(Decided::Step(Step { phase, owner, session, opened_from: None, by, why }))
}

fn finish(at: &Standing, by: Option<AgentId>) -> Result<Decided, Refused> {
    match (&at.phase, at.owner, by) {
        (Phase::Done, ..) => return Ok(Decided::Already),
        (Phase::Offered { .. } | Phase::Unknown, _, Some(_)) => return Err(in_the_way(at)),
        (_, Some(owner), Some(by)) if owner != by => return Err(Refused::HeldBy(owner)),
        _ => {}
    }
    let (owner, session, why) = (at.owner, Session::Over, LifeReason::MarkedDone);
    Ok(Decided::Step(Step { phase: Phase::Done, owner, session, opened_from: None, by, why }))
}

#[cfg(test)]
mod tests;
