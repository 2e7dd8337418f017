//! Workbins on the desk: how they come, what is done with what lies there, how it is read; by rule, and at random.

use std::collections::BTreeSet;

use proptest::prelude::*;
use waxwing_protocol::{
    agent::Colleague,
    api::TranscriptPage,
    history::InteractionRecord,
    id::WorkbinId,
    interaction::Stored,
    workbin::{
        Changes, ChangesQuery, LastMessage, Place, PlaceInfo, Places, Right, WorkbinItem, WorkbinKind,
    },
};

use super::{memory::Memory, *};
use crate::desk::{
    conversation::{Edge, RowKind},
    effect::Part,
    workbins::{
        deeds::{Deed, DeedCall},
        list::{Column, Order, Way},
        sync::{Freshness, KeptWorkbins},
    },
};

mod quicker;
mod random;

pub(super) fn place(number: u32) -> Place {
    Place::Workbin { workbin: WorkbinId::from_uuid(uuid(9, number)) }
}

pub(super) fn info(number: u32, right: Right) -> PlaceInfo {
    let owner = Colleague { id: agent().id, display_name: "Nadia".to_owned() };
    PlaceInfo {
        place: place(number),
        name: format!("Workbin {number}"),
        whose: Some(WorkbinKind::Personal { owner, team: None }),
        right,
        limit: None,
        stale_after_hours: Some(24),
    }
}

/// Interaction `number` in the workbin of that number; the contact wrote last at that second.
pub(crate) fn lying(number: u32, workbin: u32, second: i64) -> WorkbinItem {
    let Place::Workbin { workbin: id } = place(workbin) else { unreachable!() };
    let stored = Stored { since: at(second), by: None, comment: None, remind_at: None };
    let interaction = Interaction {
        owner: None,
        phase: Phase::InWorkbin { workbin: id },
        stored: Some(stored),
        ..interaction(number)
    };
    WorkbinItem {
        interaction,
        place: place(workbin),
        last: Some(LastMessage { line: format!("line {number}"), by_contact: true, at: at(second) }),
        unread: number % 2,
        last_agent: None,
    }
}

pub(crate) fn changes(next: u64, items: Vec<WorkbinItem>) -> Changes {
    let places = Places { places: vec![info(1, Right::Take), info(2, Right::See)], own: None };
    Changes { view: 1, whole: next == 1, places: Some(places), items, gone: Vec::new(), next, more: false }
}

fn told(changes: Changes) -> Outcome {
    Outcome::WorkbinsTold(Ok(Box::new(changes)))
}

fn asked(effects: &[Effect]) -> Vec<(u64, Option<u64>)> {
    let query = |call: &&Call| match call {
        Call::Workbins(ChangesQuery { after, view }) => Some((*after, *view)),
        _ => None,
    };
    calls(effects).iter().filter_map(query).collect()
}

impl Bench {
    /// A poll says what the newest change of the workbins is.
    fn hear(&mut self, workbins: u64) -> Vec<Effect> {
        let next = cursor(self.number);
        let mut effects = self.wait(1);
        effects.extend(self.polled(Ok(EventPage::Events {
            events: Vec::new(),
            next,
            more: false,
            workbins,
            now: at(100),
        })));
        effects
    }

    /// The next poll gets no answer.
    fn lose_link(&mut self) {
        self.wait(1);
        self.polled(Err(unreachable()));
    }

    /// These lie in their workbins.
    fn with_lying(items: Vec<WorkbinItem>) -> Self {
        let mut bench = Self::quiet();
        bench.hear(1);
        bench.outcome(told(changes(1, items)));
        bench
    }
}

fn ids(bench: &Bench, words: &str, order: Order) -> Vec<u32> {
    let list = bench.desk.workbins().list(&BTreeSet::from([place(1)]), words, order);
    let number = |lying: &std::sync::Arc<crate::desk::workbins::Lying>| {
        u32::try_from(lying.id().uuid().as_u128() & 0xffff).unwrap()
    };
    list.iter().map(number).collect()
}

#[test]
fn they_are_asked_for_page_after_page_and_told_of_by_each_poll() {
    let mut bench = Bench::quiet();
    assert_eq!(bench.desk.workbins_freshness(), Freshness::Nothing);
    assert_eq!(asked(&bench.hear(4)), [(0, None)]);
    assert_eq!(bench.desk.workbins_freshness(), Freshness::Coming);
    assert!(asked(&bench.hear(5)).is_empty(), "a call is under way");
    let page = Changes { more: true, ..changes(1, vec![lying(7, 1, 10)]) };
    assert_eq!(asked(&bench.outcome(told(page))), [(1, Some(1))]);
    let effects = bench.outcome(told(changes(5, vec![lying(8, 1, 20)])));
    assert!(asked(&effects).is_empty());
    assert!(entries(&effects).iter().any(|entry| matches!(entry, Entry::WorkbinsAsOf(_))));
    assert_eq!(bench.desk.workbins_freshness(), Freshness::Fresh);
    assert_eq!(bench.desk.workbins().len(), 2);
    let effects = bench.hear(5);
    assert!(calls(&effects).iter().any(|call| matches!(call, Call::Poll { workbins: 5, .. })));
    let gone = Changes { gone: vec![int(7)], ..changes(6, Vec::new()) };
    bench.hear(6);
    bench.outcome(told(gone));
    assert!(bench.desk.workbins().item(int(7)).is_none());
    assert_eq!(bench.desk.workbins().count(place(1)).items, 1);
}

#[test]
fn another_view_forgets_what_was_held_with_its_transcripts() {
    let mut bench = Bench::with_lying(vec![lying(7, 1, 10)]);
    bench.outcome(fetched(7, 10));
    bench.hear(9);
    let other = Changes { view: 2, whole: true, ..changes(9, vec![lying(8, 2, 10)]) };
    bench.outcome(told(other));
    assert!(bench.desk.workbins().item(int(7)).is_none());
    assert!(!bench.desk.workbins().may_take(int(8)));
    bench.command(Command::Review(int(7)));
    assert!(bench.desk.review().is_none(), "it is asked for, not taken from what was held");
}

#[test]
fn while_the_gateway_is_away_what_is_held_stays_and_its_age_is_told() {
    let mut bench = Bench::with_lying(vec![lying(7, 1, 10)]);
    let fresh_at = bench.now;
    bench.lose_link();
    assert_eq!(bench.desk.workbins_freshness(), Freshness::AsOf(fresh_at));
    assert_eq!(bench.desk.workbins().len(), 1);
    bench.wait(30);
    let effects = bench.hear(1);
    assert_eq!(asked(&effects), [(1, Some(1))], "something may have come meanwhile");
}

#[test]
fn a_gateway_without_workbins_is_not_asked_again() {
    let mut bench = Bench::quiet();
    assert!(asked(&bench.hear(0)).is_empty());
    bench.hear(3);
    bench.outcome(Outcome::WorkbinsTold(Err(refused(ProblemCode::NotFound))));
    assert!(asked(&bench.wait(3600)).is_empty());
}

#[test]
fn a_list_holds_what_is_looked_for_in_the_order_that_is_wanted() {
    let mut items = vec![lying(3, 1, 30), lying(4, 1, 10), lying(5, 1, 20), lying(6, 2, 5)];
    items[0].interaction.contact.name = Some("Élodie Blanc".to_owned());
    items[1].interaction.contact.whatsapp.phone = Some("4477009003".to_owned());
    items[1].interaction.pending_since = Some(at(12));
    items[2].last_agent = Some(Colleague { id: agent().id, display_name: "Jana Roth".to_owned() });
    let bench = Bench::with_lying(items);
    let by = |column, way| ids(&bench, "", Order { column, way });
    assert_eq!(by(Column::InWorkbin, Way::Up), [3, 5, 4]);
    assert_eq!(by(Column::InWorkbin, Way::Down), [4, 5, 3]);
    assert_eq!(by(Column::Pending, Way::Up)[0], 4);
    assert_eq!(by(Column::Pending, Way::Down)[0], 4, "what has none comes last either way");
    assert_eq!(by(Column::Owner, Way::Down)[0], 5);
    assert_eq!(by(Column::LastMessage, Way::Up), [3, 5, 4]);
    let found = |words| ids(&bench, words, Order::default());
    assert_eq!(found("elodie"), [3], "accents can be left out");
    assert_eq!(found("900"), [4]);
    assert_eq!(found("roth line"), [5]);
    assert_eq!(found("nobody"), [0; 0]);
}

fn deeds(effects: &[Effect]) -> Vec<InteractionId> {
    let deed = |call: &&Call| match call {
        Call::WorkbinDeed(DeedCall { interaction, .. }) => Some(*interaction),
        _ => None,
    };
    calls(effects).iter().filter_map(deed).collect()
}

#[test]
fn what_is_opened_comes_to_the_front_once_the_feed_has_brought_it() {
    let mut bench = Bench::with_lying(vec![lying(7, 1, 10)]);
    let command = Command::InWorkbins { interactions: vec![int(7)], deed: Deed::Open };
    assert_eq!(deeds(&bench.command(command)), [int(7)]);
    assert!(bench.desk.is_busy(int(7)));
    let call = DeedCall { interaction: int(7), deed: Deed::Open };
    let result = Ok(Some(Box::new(interaction(7))));
    bench.outcome(Outcome::WorkbinDeed { call, result });
    assert!(bench.desk.workbins().item(int(7)).is_none());
    assert_eq!(bench.desk.wrap_up().fronts(), 0);
    let added = Event::InteractionAdded {
        interaction: Box::new(interaction(7)),
        transcript: Vec::new(),
        older: false,
        draft: None,
    };
    bench.wait(1);
    bench.events(vec![added]);
    assert_eq!(bench.desk.wrap_up().fronts(), 1);
    assert_eq!(bench.desk.wrap_up().opened_from(int(7)), Some(place(1)), "it can be put back");
    assert_eq!(bench.desk.active().unwrap().interaction().id, int(7));
}

#[test]
fn many_deeds_are_a_call_each_and_a_few_at_a_time() {
    let mut bench = Bench::with_lying((1..=9).map(|number| lying(number + 10, 1, 1)).collect());
    let interactions: Vec<_> = (11..=19).map(int).collect();
    let effects = bench.command(Command::InWorkbins { interactions, deed: Deed::Done });
    let mut done = deeds(&effects);
    assert_eq!(done.len(), 4);
    let mut next = 0;
    while let Some(interaction) = done.get(next).copied() {
        next += 1;
        let call = DeedCall { interaction, deed: Deed::Done };
        let result = if next % 3 == 0 { Err(refused(ProblemCode::DispositionMissing)) } else { Ok(None) };
        done.extend(deeds(&bench.outcome(Outcome::WorkbinDeed { call, result })));
    }
    assert_eq!(done.iter().collect::<BTreeSet<_>>().len(), 9);
    assert_eq!(bench.desk.workbins().len(), 3, "those that failed still lie there");
    let told = (11..=19).filter(|number| bench.desk.deed_trouble(int(*number)).is_some());
    assert_eq!(told.count(), 3);
    let undos = bench.desk.wrap_up().undos();
    assert_eq!(undos.len(), 6, "those that went can be taken back");
    let acts: BTreeSet<_> = undos.iter().map(|(_, undo)| undo.act).collect();
    assert!(acts.len() == 1 && !acts.contains(&None), "together: {acts:?}");
    bench.command(Command::DismissWorkbinTroubles);
    assert!((11..=19).all(|number| bench.desk.deed_trouble(int(number)).is_none()));
}

fn fetched(number: u32, second: i64) -> Outcome {
    let page = said_page(number, second);
    Outcome::TranscriptFetched { interaction: int(number), up_to: at(second), result: Ok(page) }
}

fn said_page(number: u32, second: i64) -> TranscriptPage {
    let messages = vec![said(number, int(number), second)];
    TranscriptPage { messages, sessions: Vec::new(), older: false, newer: false }
}

fn fetches(effects: &[Effect]) -> Vec<InteractionId> {
    let fetch = |call: &&Call| match call {
        Call::FetchTranscript { load, .. } => Some(load.interaction),
        _ => None,
    };
    calls(effects).iter().filter_map(fetch).collect()
}

#[test]
fn the_newest_transcripts_are_fetched_one_after_another_and_kept() {
    let mut bench = Bench::quiet();
    bench.hear(1);
    let effects = bench.outcome(told(changes(1, vec![lying(7, 1, 10), lying(8, 1, 20)])));
    assert_eq!(fetches(&effects), [int(8)], "what was written last comes first");
    let effects = bench.outcome(fetched(8, 20));
    let kept = |effects: &[Effect]| {
        entries(effects).iter().filter(|entry| matches!(entry, Entry::KeptTranscript { .. })).count()
    };
    assert_eq!((kept(&effects), fetches(&effects)), (1, vec![int(7)]));
    let effects = bench.outcome(Outcome::TranscriptFetched {
        interaction: int(7),
        up_to: at(10),
        result: Err(refused(ProblemCode::NotFound)),
    });
    assert_eq!((kept(&effects), fetches(&effects)), (0, Vec::new()));
    bench.hear(2);
    let effects = bench.outcome(told(changes(2, vec![lying(8, 1, 40)])));
    assert_eq!(fetches(&effects), [int(8)], "somebody wrote since; what was refused is tried again then");
    bench.outcome(fetched(8, 40));
    assert_eq!(bench.desk.next_deadline(), None, "nothing is left to fetch");
}

#[test]
fn what_was_put_away_until_some_moment_is_told_of_once_when_it_has_come() {
    let reminding = |number, workbin, second: i64, by: Option<Colleague>| {
        let mut item = lying(number, workbin, 10);
        let stored = item.interaction.stored.as_mut().unwrap();
        (stored.remind_at, stored.by) = (Some(at(second)), by);
        stored.comment = Some("ask again".to_owned());
        item
    };
    let shared = PlaceInfo { whose: Some(WorkbinKind::Shared), ..info(2, Right::Take) };
    let places = Places { places: vec![info(1, Right::Take), shared], own: None };
    let us = Colleague { id: agent().id, display_name: "Nadia".to_owned() };
    let items = vec![
        reminding(7, 1, 500, None),
        reminding(8, 2, 600, Some(us)),
        reminding(9, 2, 550, None),
        reminding(10, 2, 9_000, None),
    ];
    let mut bench = Bench::quiet();
    bench.hear(1);
    bench.outcome(told(Changes { places: Some(places), ..changes(1, items) }));
    let notices = |bench: &Bench| bench.desk.notices().len();
    let before = notices(&bench);
    let until = |bench: &mut Bench, second| {
        bench.now = at(second);
        bench.wait(0);
    };
    until(&mut bench, 499);
    assert_eq!(notices(&bench), before);
    assert!(bench.desk.next_deadline().is_some_and(|due| due <= at(500)));
    until(&mut bench, 500);
    let text = &bench.desk.notices().last().unwrap().text;
    assert!(text.contains("look at") && text.contains("“ask again”"), "{text}");
    until(&mut bench, 599);
    assert_eq!(notices(&bench), before + 1, "once, and not what somebody else is to look at");
    until(&mut bench, 600);
    assert_eq!(notices(&bench), before + 2);
    assert_eq!(bench.desk.workbins().due(agent().id, bench.now).len(), 2);
    bench.hear(2);
    bench.outcome(told(Changes { places: None, gone: vec![int(7)], ..changes(2, vec![lying(8, 2, 10)]) }));
    assert!(bench.desk.workbins().due(agent().id, bench.now).is_empty());
}

/// The rows of what is read that are messages.
fn read(bench: &Bench) -> usize {
    let rows = bench.desk.review().unwrap().rows();
    rows.iter().filter(|row| matches!(row.kind, RowKind::Message { .. })).count()
}

#[test]
fn what_lies_in_a_workbin_is_read_at_once_from_what_is_kept_and_then_as_it_is() {
    let mut bench = Bench::with_lying(vec![lying(7, 1, 10)]);
    bench.outcome(fetched(7, 10));
    let effects = bench.command(Command::Review(int(7)));
    assert!(effects.contains(&Effect::Unseal(int(7))));
    let load = loads(&effects)[0].clone();
    assert_eq!((load.interaction, load.part), (int(7), Part::Newest));
    bench.outcome(Outcome::Unsealed { interaction: int(7), kept: Some((said_page(7, 10), at(50))) });
    assert_eq!((read(&bench), bench.desk.review_state().unwrap().as_of), (1, Some(at(50))));
    let page = TranscriptPage { messages: vec![said(6, int(7), 5), said(7, int(7), 10)], ..said_page(7, 10) };
    let effects = bench.outcome(Outcome::Loaded { load, kept: false, result: Ok(page) });
    assert_eq!((read(&bench), bench.desk.review_state().unwrap().as_of), (2, None));
    assert!(entries(&effects).is_empty(), "nothing of it is journalled: {effects:?}");
    bench.hear(2);
    bench.outcome(told(changes(2, vec![lying(7, 1, 60)])));
    assert_eq!(*bench.desk.review().unwrap().newer(), Edge::More, "there is something newer");
    bench.command(Command::CloseReview);
    assert!(bench.desk.review().is_none());
}

#[test]
fn without_an_answer_what_was_kept_stays_and_is_read_anew_when_there_is_one() {
    let mut bench = Bench::with_lying(vec![lying(7, 1, 10)]);
    bench.outcome(fetched(7, 10));
    bench.lose_link();
    let effects = bench.command(Command::Review(int(7)));
    let load = loads(&effects)[0].clone();
    bench.outcome(Outcome::Unsealed { interaction: int(7), kept: Some((said_page(7, 10), at(50))) });
    bench.outcome(Outcome::Loaded { load, kept: false, result: Err(unreachable()) });
    assert_eq!((read(&bench), bench.desk.review_state().unwrap().as_of), (1, Some(at(50))));
    bench.wait(30);
    assert_eq!(loads(&bench.hear(1)).len(), 1);
}

#[test]
fn what_lies_nowhere_is_asked_for_and_what_is_ours_is_shown_as_it_goes_on() {
    let mut bench = Bench::quiet();
    let effects = bench.command(Command::Review(int(9)));
    assert!(calls(&effects).contains(&&Call::Record(int(9))));
    bench.command(Command::GoTo { interaction: int(9), message: msg(3) });
    let interaction_ = Interaction { owner: None, phase: Phase::Done, ..interaction(9) };
    let record = Box::new(InteractionRecord { interaction: interaction_, steps: Vec::new() });
    let effects = bench.outcome(Outcome::RecordTold { interaction: int(9), result: Ok(record) });
    let load = loads(&effects)[0].clone();
    assert_eq!(load.part, Part::Around(msg(3)), "the hit is to be in view");
    let page = TranscriptPage { newer: true, ..said_page(3, 5) };
    bench.outcome(Outcome::Loaded { load, kept: false, result: Ok(page) });
    assert_eq!(bench.desk.review().unwrap().goal().unwrap().message, msg(3));
    bench.command(Command::Review(int(8)));
    bench.outcome(Outcome::RecordTold { interaction: int(8), result: Err(refused(ProblemCode::NotFound)) });
    assert!(bench.desk.review_state().unwrap().trouble.is_some());
    bench.command(Command::Review(int(2)));
    assert_eq!(bench.desk.review(), bench.desk.conversation(int(2)));
}

#[test]
fn after_a_restart_what_was_kept_lies_there_and_only_what_is_new_is_asked_for() {
    let mut bench = Bench::quiet();
    let kept = KeptWorkbins {
        changes: changes(1, vec![lying(7, 1, 10)]),
        as_of: Some(at(40)),
        transcripts: vec![(int(7), at(10))],
    };
    let effects = bench.outcome(Outcome::WorkbinsKept(Box::new(kept)));
    assert_eq!(bench.desk.workbins().len(), 1);
    assert_eq!(asked(&effects), [(1, Some(1))]);
    let effects = bench.outcome(told(changes(4, Vec::new())));
    assert!(fetches(&effects).is_empty(), "its transcript is kept already");
}

#[test]
fn nothing_lies_there_after_logging_off() {
    let mut bench = Bench::with_lying(vec![lying(7, 1, 10)]);
    bench.command(Command::Review(int(7)));
    bench.command(Command::SignOut);
    assert!(bench.desk.workbins().is_empty() && bench.desk.review().is_none());
}
