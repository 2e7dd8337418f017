//! Whatever is wanted in whatever order, an interaction is somewhere, and nowhere twice.

use chrono::DateTime;
use proptest::{collection::vec, prelude::*};
use waxwing_protocol::id::BusinessNumberId;

use super::*;

fn agent(n: u8) -> AgentId {
    AgentId::new(DateTime::UNIX_EPOCH, [n; 10])
}

fn workbin(n: u8) -> WorkbinId {
    WorkbinId::new(DateTime::UNIX_EPOCH, [n; 10])
}

fn begun() -> Standing {
    Standing {
        phase: Phase::Queued,
        owner: None,
        session: Session::Running,
        number: BusinessNumberId::new(DateTime::UNIX_EPOCH, [1; 10]),
    }
}

fn target() -> impl Strategy<Value = Target> {
    prop_oneof![
        (0u8..3).prop_map(|n| Target::Give(agent(n))),
        (0u8..3).prop_map(|n| Target::Offer { to: agent(n), until: DateTime::UNIX_EPOCH }),
        Just(Target::Queue),
    ]
}

fn command() -> impl Strategy<Value = Command> {
    let by = || (0u8..3).prop_map(agent);
    let why = prop_oneof![Just(LifeReason::Routed), Just(LifeReason::ContactResumed)];
    let place = prop_oneof![
        Just(None),
        (0u8..2).prop_map(|n| Some(Place::Workbin { workbin: workbin(n) })),
        Just(Some(Place::Queue { number: begun().number })),
    ];
    prop_oneof![
        target().prop_map(|to| Command::Begin { to, by: None }),
        (target(), why).prop_map(|(to, why)| Command::Route { to, why }),
        by().prop_map(|by| Command::Accept { by }),
        (by(), target()).prop_map(|(by, to)| Command::Reject { by, to }),
        target().prop_map(|to| Command::Lapse { to }),
        by().prop_map(|by| Command::TakeUp { by }),
        (by(), 0u8..2).prop_map(|(by, n)| Command::PutAway { by, workbin: workbin(n) }),
        (by(), place).prop_map(|(by, to)| Command::PutBack { by, to }),
        (by(), by()).prop_map(|(by, to)| Command::Assign { by, to }),
        (by(), 0u8..2).prop_map(|(by, n)| Command::AssignInto { by, workbin: workbin(n) }),
        (0u8..2).prop_map(|n| Command::LogOff { workbin: workbin(n) }),
        by().prop_map(|by| Command::End { by: Some(by) }),
        Just(Command::End { by: None }),
        by().prop_map(|by| Command::Finish { by: Some(by) }),
    ]
}

fn is_sound(at: &Standing) -> bool {
    match at.phase {
        Phase::Queued => at.owner.is_none() && at.session == Session::Running,
        Phase::InWorkbin { .. } => at.owner.is_none(),
        Phase::Offered { .. } | Phase::Open => at.owner.is_some() && at.session == Session::Running,
        Phase::Ended => at.owner.is_some() && at.session == Session::Over,
        Phase::Done => at.session == Session::Over,
        Phase::Unknown => false,
    }
}

fn after(at: &Standing, step: &Step) -> Standing {
    Standing { phase: step.phase().clone(), owner: step.owner(), session: step.session(), number: at.number }
}

proptest! {
    #[test]
    fn it_has_one_owner_or_lies_somewhere_and_is_done_once(commands in vec(command(), 0..60)) {
        let mut at = begun();
        for command in commands {
            let before = at.clone();
            if let Ok(Decided::Step(step)) = decide(&at, &command) {
                prop_assert_ne!(&before.phase, &Phase::Done, "{:?}", command);
                at = after(&before, &step);
            }
            prop_assert!(is_sound(&at), "{:?} made {:?} of {:?}", command, at, before);
            // Whoever is not its owner takes nothing out of another one's hands.
            if let (Phase::Open | Phase::Ended, Some(owner)) = (&before.phase, before.owner) {
                let by = match command {
                    Command::Accept { by } | Command::Reject { by, .. } | Command::TakeUp { by }
                    | Command::PutAway { by, .. } | Command::PutBack { by, .. } | Command::Assign { by, .. }
                    | Command::AssignInto { by, .. } => Some(by),
                    Command::End { by } | Command::Finish { by } => by,
                    _ => None,
                };
                if by.is_some_and(|by| by != owner) {
                    prop_assert_eq!(&at, &before);
                }
            }
        }
    }

    #[test]
    fn saying_the_same_again_changes_nothing(commands in vec(command(), 0..20), last in command()) {
        let mut at = begun();
        for command in commands {
            if let Ok(Decided::Step(step)) = decide(&at, &command) {
                at = after(&at, &step);
            }
        }
        let is_anybodys = matches!(last, Command::Begin { .. } | Command::Route { .. } | Command::Lapse { .. } | Command::Reject { .. });
        if let (false, Ok(Decided::Step(step))) = (is_anybodys, decide(&at, &last)) {
            let once = after(&at, &step);
            if let Ok(Decided::Step(again)) = decide(&once, &last) {
                prop_assert_eq!(after(&once, &again), once);
            }
        }
    }
}

#[test]
fn what_is_in_the_way_is_named() {
    let held = Standing { phase: Phase::Open, owner: Some(agent(1)), ..begun() };
    assert_eq!(decide(&held, &Command::TakeUp { by: agent(2) }), Err(Refused::HeldBy(agent(1))));
    assert_eq!(decide(&held, &Command::TakeUp { by: agent(1) }), Ok(Decided::Already));
    assert_eq!(decide(&held, &Command::PutBack { by: agent(1), to: None }), Err(Refused::NotOpened));
    let offered = Standing { phase: Phase::Offered { until: DateTime::UNIX_EPOCH }, ..held };
    assert_eq!(decide(&offered, &Command::TakeUp { by: agent(2) }), Err(Refused::OfferedTo(agent(1))));
    assert_eq!(decide(&begun(), &Command::End { by: Some(agent(1)) }), Err(Refused::Queued));
    assert_eq!(decide(&begun(), &Command::Accept { by: agent(1) }), Err(Refused::NotOffered));
    let done = Standing { phase: Phase::Done, session: Session::Over, ..begun() };
    assert_eq!(decide(&done, &Command::TakeUp { by: agent(1) }), Err(Refused::Done));
}

#[test]
fn what_has_ended_is_taken_up_for_the_work_after_it() {
    let stored = Phase::InWorkbin { workbin: workbin(1) };
    let at = Standing { phase: stored.clone(), ..begun() };
    let Ok(Decided::Step(step)) = decide(&at, &Command::End { by: Some(agent(1)) }) else { panic!("a step") };
    let ended = after(&at, &step);
    assert_eq!((ended.phase.clone(), ended.session), (stored, Session::Over), "it stays where it lies");
    let Ok(Decided::Step(step)) = decide(&ended, &Command::TakeUp { by: agent(1) }) else { panic!("a step") };
    assert_eq!((step.phase(), step.owner()), (&Phase::Ended, Some(agent(1))));
    let again = Command::Route { to: Target::Queue, why: LifeReason::ContactResumed };
    assert_eq!(decide(&ended, &again), Err(Refused::Over));
}
