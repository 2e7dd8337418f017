//! What goes into the machine: where an interaction stands, what is wanted of it; and what may be in the way.

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    history::LifeReason,
    id::{AgentId, BusinessNumberId, WorkbinId},
    interaction::{Interaction, Phase},
    workbin::Place,
};

/// Whether the contact's next message belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Session {
    /// It does.
    Running,
    /// It begins another session.
    Over,
}

/// Where an interaction stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// In which phase.
    pub phase: Phase,
    /// Whose it is.
    pub owner: Option<AgentId>,
    /// How its session is.
    pub session: Session,
    /// In the queue of which number it would wait.
    pub number: BusinessNumberId,
}

impl Standing {
    /// Where an interaction stands now.
    #[must_use]
    pub fn of(interaction: &Interaction) -> Self {
        Self {
            phase: interaction.phase.clone(),
            owner: interaction.owner,
            session: if interaction.ended_at.is_some() { Session::Over } else { Session::Running },
            number: interaction.business_number.id,
        }
    }

    /// The place in which it lies, if it lies in one.
    #[must_use]
    pub const fn place(&self) -> Option<Place> {
        match self.phase {
            Phase::Queued => Some(Place::Queue { number: self.number }),
            Phase::InWorkbin { workbin } => Some(Place::Workbin { workbin }),
            _ => None,
        }
    }
}

/// Who is to have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// This agent, at once.
    Give(AgentId),
    /// This agent, if they take it in time.
    Offer {
        /// Who.
        to: AgentId,
        /// Until when.
        until: DateTime<Utc>,
    },
    /// Whoever comes.
    Queue,
}

/// What is wanted of an interaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// It has just been begun, by an agent or by the contact.
    Begin {
        /// Who gets it.
        to: Target,
        /// Which agent began it, if one did.
        by: Option<AgentId>,
    },
    /// It goes to somebody because it is its turn, or the contact wants something.
    Route {
        /// Who gets it.
        to: Target,
        /// Why.
        why: LifeReason,
    },
    /// Whoever it is offered to takes it.
    Accept {
        /// Who says so.
        by: AgentId,
    },
    /// Whoever it is offered to lets it go.
    Reject {
        /// Who says so.
        by: AgentId,
        /// Who gets it then.
        to: Target,
    },
    /// Whoever it is offered to has not answered in time.
    Lapse {
        /// Who gets it then.
        to: Target,
    },
    /// An agent takes it from where it lies.
    TakeUp {
        /// Who.
        by: AgentId,
    },
    /// Its owner, or whoever may take it, puts it into a workbin.
    PutAway {
        /// Who.
        by: AgentId,
        /// Into which.
        workbin: WorkbinId,
    },
    /// Its owner puts it back to where they had it from.
    PutBack {
        /// Who.
        by: AgentId,
        /// Where that was.
        to: Option<Place>,
    },
    /// Its owner, or whoever may take it, gives it to an agent who is at work.
    Assign {
        /// Who.
        by: AgentId,
        /// To whom.
        to: AgentId,
    },
    /// The same, for an agent who is not at work.
    AssignInto {
        /// Who.
        by: AgentId,
        /// The workbin of that agent.
        workbin: WorkbinId,
    },
    /// Its owner is gone.
    LogOff {
        /// Their workbin.
        workbin: WorkbinId,
    },
    /// The session is to end.
    End {
        /// Who says so; none if nobody has said anything for too long.
        by: Option<AgentId>,
    },
    /// The work is closed.
    Finish {
        /// Who says so; none if it has become part of another interaction.
        by: Option<AgentId>,
    },
    /// That it was closed was not meant.
    Undo {
        /// Who says so.
        by: AgentId,
        /// Where it stood before.
        to: Phase,
        /// Whose it was.
        owner: Option<AgentId>,
        /// How its session was.
        session: Session,
    },
}

/// What is in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Somebody has it before them.
    HeldBy(AgentId),
    /// It is held out to somebody.
    OfferedTo(AgentId),
    /// It is offered to nobody.
    NotOffered,
    /// It waits in the queue: somebody has to take it first.
    Queued,
    /// It lies in a workbin.
    Lies,
    /// It was not opened from anywhere.
    NotOpened,
    /// Its session is over.
    Over,
    /// It is done.
    Done,
    /// It is not done.
    NotDone,
    /// A newer gateway has left it in a phase that this one does not know.
    Unknown,
}
