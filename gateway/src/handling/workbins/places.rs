//! Which places there are for an agent, and what they may do there.
//!
//! | place | who may take | who may see | who may put |
//! |---|---|---|---|
//! | an agent's own workbin | they, and whoever leads their team or every team | the same | everybody |
//! | a team's | the team, whoever leads every team, and whom the configuration names | likewise | everybody |
//! | a shared one | everybody, or whom the configuration names | likewise | everybody |
//! | the queue of a number | whoever leads a team | the same | nobody: it fills by itself |

use std::collections::BTreeMap;

use waxwing_protocol::{
    agent::{Agent, Role},
    id::AgentId,
    workbin::{Place, PlaceInfo, Places, Right, WorkbinKind},
};

use crate::{
    rules::{SessionRules, workbins::EVERYBODY},
    store::{
        Db, StoreError, accounts, agents, settings,
        workbins::{self, Workbin, WorkbinState},
    },
};

/// What an agent's own workbin is called where they see it themselves.
const OWN: &str = "My WhatsApp workbin";

/// What somebody may do with what lies in a workbin.
#[must_use]
pub fn right(viewer: &Agent, workbin: &Workbin) -> Right {
    let team = viewer.team.as_deref();
    let leads = |of: Option<&str>| viewer.role == Role::TeamLead && (team.is_none() || team == of);
    let is_named = |teams: &[String]| teams.iter().any(|one| one == EVERYBODY || Some(one.as_str()) == team);
    let is_theirs = match &workbin.kind {
        WorkbinKind::Personal { owner, team } => owner.id == viewer.id || leads(team.as_deref()),
        WorkbinKind::Team { team: of } => match &workbin.take {
            Some(teams) => is_named(teams) || leads(Some(of)),
            None => team == Some(of.as_str()) || leads(Some(of)),
        },
        WorkbinKind::Shared => workbin.take.as_deref().is_none_or(is_named) || leads(None),
        WorkbinKind::Unknown => false,
    };
    if is_theirs {
        return Right::Take;
    }
    if workbin.see.as_deref().is_some_and(is_named) { Right::See } else { Right::Put }
}

/// What somebody may do with what lies in a place; none if there is nothing there for them.
pub async fn right_in(db: &mut Db, viewer: &Agent, place: Place) -> Result<Option<Right>, StoreError> {
    match place {
        Place::Workbin { workbin } => {
            let workbin = workbins::get(db, workbin).await?;
            Ok(workbin.map(|workbin| right(viewer, &workbin)))
        }
        Place::Queue { .. } => Ok((viewer.role == Role::TeamLead).then_some(Right::Take)),
    }
}

/// The places an agent may see or put something into: their own first, then shared ones, teams', colleagues', queues.
pub async fn of(db: &mut Db, agent: AgentId) -> Result<Places, StoreError> {
    let viewer =
        agents::get(db, agent).await?.ok_or(StoreError::Unreadable { what: "agent that asks" })?.agent;
    let rules = settings::sessions(db).await?;
    let mut places = Vec::new();
    for workbin in workbins::all(db).await? {
        let right = right(&viewer, &workbin);
        let is_there = match workbin.state {
            WorkbinState::InUse => true,
            WorkbinState::Closing => right >= Right::See,
            WorkbinState::Gone => false,
        };
        if is_there {
            places.push(told(&viewer, workbin, right, &rules));
        }
    }
    let rank = |place: &PlaceInfo| match &place.whose {
        Some(WorkbinKind::Personal { owner, .. }) if owner.id == viewer.id => 0,
        Some(WorkbinKind::Shared) => 1,
        Some(WorkbinKind::Team { .. }) => 2,
        _ => 3,
    };
    places.sort_by_key(rank);
    if viewer.role == Role::TeamLead {
        places.extend(queues(db).await?);
    }
    Ok(Places { places, own: Some(workbins::own(viewer.id)) })
}

fn told(viewer: &Agent, workbin: Workbin, right: Right, rules: &SessionRules) -> PlaceInfo {
    let some = |number: u32| (number > 0).then_some(number);
    let (name, limit, stale_after_hours) = match &workbin.kind {
        WorkbinKind::Personal { owner, .. } => {
            let name = if owner.id == viewer.id { OWN.to_owned() } else { workbin.name };
            (name, some(rules.personal_limit), some(rules.personal_stale_after_hours))
        }
        _ => (workbin.name, workbin.limit, workbin.stale_after_hours),
    };
    PlaceInfo {
        place: Place::Workbin { workbin: workbin.id },
        name,
        whose: Some(workbin.kind),
        right,
        limit,
        stale_after_hours,
    }
}

async fn queues(db: &mut Db) -> Result<Vec<PlaceInfo>, StoreError> {
    let queue = |(number, name)| PlaceInfo {
        place: Place::Queue { number },
        name,
        whose: None,
        right: Right::Take,
        limit: None,
        stale_after_hours: None,
    };
    Ok(accounts::names(db).await?.into_iter().map(queue).collect())
}

/// The places whose content somebody may see, and what they may do there.
#[must_use]
pub fn visible(places: &Places) -> BTreeMap<Place, Right> {
    let seen = places.places.iter().filter(|info| info.right >= Right::See);
    seen.map(|info| (info.place, info.right)).collect()
}
