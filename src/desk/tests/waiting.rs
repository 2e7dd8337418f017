//! Who waits: the order of the bar, unread counts, attention, chimes, rows.

use super::{
    super::{
        chime::{Chime, ChimeSeq},
        conversation::RowKind,
        pending::PendingStage,
    },
    *,
};

fn bar(desk: &Desk) -> (Vec<InteractionId>, Vec<InteractionId>, Vec<InteractionId>) {
    let bar = desk.bar();
    let ids = |list: Vec<&super::super::conversation::Conversation>| {
        list.iter().map(|held| held.interaction().id).collect()
    };
    (ids(bar.waiting_for_you), ids(bar.waiting_for_the_contact), ids(bar.after_work))
}

#[test]
fn the_longest_waiting_stands_first() {
    let elsewhere = Interaction { owner: None, ..pending(9, 1) };
    let queued = Interaction { phase: Phase::Queued, ..pending(8, 1) };
    let bench = Bench::with(vec![
        held(pending(1, 50), vec![]),
        held(pending(3, 20), vec![]),
        held(pending(2, 20), vec![]),
        held(interaction(4), vec![said(1, int(4), 10)]),
        held(Interaction { phase: Phase::Ended, ..interaction(5) }, vec![said(2, int(5), 60)]),
        held(elsewhere, vec![]),
        held(queued, vec![]),
    ]);
    assert_eq!(bar(&bench.desk), (vec![int(2), int(3), int(1)], vec![int(4)], vec![int(5)]));
    let waited = bench.desk.conversation(int(1)).unwrap().pending().at(at(100), Thresholds::default());
    assert_eq!(waited, Some((TimeDelta::seconds(50), PendingStage::Overdue)));
}

#[test]
fn attention_is_wanted_until_the_agent_goes_there() {
    let mut bench = Bench::with(vec![held(pending(1, 50), vec![])]);
    assert!(bench.desk.wants_attention());
    bench.command(Command::Activate(Some(int(1))));
    assert!(!bench.desk.wants_attention());
    bench.command(Command::Focus(false));
    assert!(bench.desk.wants_attention());
    bench.command(Command::Focus(true));
    bench.send(int(1), 1);
    bench.command(Command::Activate(None));
    assert!(!bench.desk.wants_attention(), "it is being answered");
    bench.sent(int(1), 1, Err(refused(ProblemCode::WindowClosed)));
    assert!(bench.desk.wants_attention(), "a lost answer hides nobody");
}

#[test]
fn what_the_agent_has_not_seen_is_counted_and_marked() {
    let mut bench = Bench::quiet();
    bench.events(vec![added(said(1, int(1), 101)), added(said(2, int(2), 101))]);
    assert_eq!(bench.desk.conversation(int(1)).unwrap().unread(), 0, "the agent looks at it");
    let effects = bench.events(vec![added(said(3, int(2), 102))]);
    assert!(entries(&effects).contains(&&Entry::Unread(int(2), 2)));
    assert_eq!(bench.keys(int(2)), ["Day", "Joined", "New", "Message", "Message"]);

    let effects = bench.command(Command::Activate(Some(int(2))));
    assert!(entries(&effects).contains(&&Entry::Unread(int(2), 0)));
    assert_eq!(bench.desk.active().unwrap().unread(), 0);
    assert_eq!(bench.keys(int(2))[2], "New", "the line stays while the agent reads");
    bench.send(int(2), 1);
    assert!(!bench.keys(int(2)).contains(&"New".to_owned()), "until they answer");
}

#[test]
fn leaving_a_conversation_takes_the_line_away() {
    let mut bench = Bench::quiet();
    bench.command(Command::Focus(false));
    bench.events(vec![added(said(1, int(1), 101))]);
    assert_eq!(bench.desk.active().unwrap().unread(), 1, "the window is not in front");
    bench.command(Command::Focus(true));
    assert_eq!((bench.desk.active().unwrap().unread(), bench.keys(int(1)).len()), (0, 4));
    bench.command(Command::Activate(Some(int(2))));
    assert_eq!(bench.keys(int(1)), ["Day", "Joined", "Message"]);
}

#[test]
fn answered_on_another_desktop_is_seen() {
    let mut bench = Bench::quiet();
    bench.events(vec![added(said(1, int(2), 101)), added(answered(2, int(2), 102, 77))]);
    assert_eq!(bench.desk.conversation(int(2)).unwrap().unread(), 0);
    assert_eq!(bench.desk.last_chime(), None);
}

#[test]
fn a_page_rings_once_and_a_new_interaction_loudest() {
    let mut bench = Bench::quiet();
    bench.events(vec![added(said(1, int(1), 101))]);
    assert_eq!(bench.desk.last_chime(), None, "the agent looks at it");
    bench.events(vec![added(said(2, int(2), 102)), added(said(3, int(2), 102))]);
    assert_eq!(bench.desk.last_chime(), Some(ChimeSeq { number: 1, chime: Chime::NewMessage }));
    let interaction = Box::new(pending(3, 103));
    let came = Event::InteractionAdded {
        interaction,
        transcript: vec![said(4, int(3), 103)],
        older: false,
        draft: None,
    };
    bench.events(vec![added(said(5, int(2), 104)), came]);
    assert_eq!(bench.desk.last_chime(), Some(ChimeSeq { number: 2, chime: Chime::NewInteraction }));
    assert_eq!(bench.desk.conversation(int(3)).unwrap().unread(), 1);
}

#[test]
fn a_snapshot_rings_once_if_somebody_new_waits() {
    let bench = Bench::with(vec![held(pending(1, 50), vec![]), held(pending(2, 60), vec![])]);
    assert_eq!(bench.desk.last_chime(), Some(ChimeSeq { number: 1, chime: Chime::NewInteraction }));
    assert_eq!(Bench::quiet().desk.last_chime(), None);
}

#[test]
fn days_and_blocks_part_the_rows() {
    let day = 86_400;
    let mut other = answered(3, int(1), 20, 1);
    other.client_ref = None;
    let bench = Bench::with(vec![held(
        interaction(1),
        vec![
            said(1, int(1), 0),
            said(2, int(1), 10),
            other,
            said(4, int(1), 30),
            said(5, int(1), 400),
            said(6, int(1), day),
        ],
    )]);
    let conversation = bench.desk.conversation(int(1)).unwrap();
    let continues = |row: &super::super::conversation::Row| match row.kind {
        RowKind::Message { continues, .. } | RowKind::Outgoing { continues, .. } => Some(continues),
        RowKind::Day(_) | RowKind::Session { .. } | RowKind::Joined { .. } | RowKind::New => None,
    };
    let told: Vec<_> =
        conversation.rows().iter().filter(|row| !matches!(row.kind, RowKind::New)).map(continues).collect();
    assert_eq!(
        told,
        [None, None, Some(false), Some(true), Some(false), Some(false), Some(false), None, Some(false)]
    );
}
