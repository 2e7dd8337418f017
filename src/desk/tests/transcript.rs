//! Moving about in a transcript: edges, jumps, search, sessions.

use waxwing_protocol::api::{SearchHits, SessionMark, TranscriptPage};

use super::{
    super::{
        conversation::{Conversation, Edge, RowKey, RowKind, SearchState},
        effect::Part,
    },
    *,
};

fn session(number: u32) -> SessionId {
    SessionId::from_uuid(uuid(5, number))
}

/// A message of the present session.
fn now_said(number: u32) -> Message {
    Message { session: session(9), ..said(number, int(1), i64::from(number) * 10) }
}

/// A message of an earlier one.
fn once_said(number: u32, of: u32) -> Message {
    Message { session: session(of), interaction: int(100 + of), ..now_said(number) }
}

fn mark(of: u32) -> SessionMark {
    SessionMark {
        session: session(of),
        interaction: int(100 + of),
        origin: Origin::Inbound,
        started_at: at(i64::from(of)),
        ended_at: Some(at(1000)),
        agent: Some("Omar".to_owned()),
    }
}

/// Messages 50 to 52 are held; there are older ones.
fn bench() -> Bench {
    let transcript = (50..=52).map(now_said).collect();
    let placed = InteractionSnapshot { older: true, ..held(interaction(1), transcript) };
    let mut bench = Bench::with(vec![placed]);
    bench.command(Command::Activate(Some(int(1))));
    bench.command(Command::Activate(None));
    bench
}

fn one(bench: &Bench) -> &Conversation {
    bench.desk.conversation(int(1)).unwrap()
}

fn page(messages: Vec<Message>, sessions: Vec<SessionMark>, (older, newer): (bool, bool)) -> TranscriptPage {
    TranscriptPage { messages, sessions, older, newer }
}

fn answer(bench: &mut Bench, effects: &[Effect], result: Result<TranscriptPage, CallError>) -> Vec<Effect> {
    let load = loads(effects)[0].clone();
    bench.outcome(Outcome::Loaded { load, kept: false, result })
}

fn older(bench: &mut Bench, sessions: u32) -> Vec<Effect> {
    bench.command(Command::ShowOlder { interaction: int(1), sessions })
}

#[test]
fn sessions_stand_one_above_the_other_with_a_line_each() {
    let mut bench = bench();
    assert_eq!(bench.keys(int(1)), ["Day", "Message", "Message", "Message"], "who joined is not known yet");
    let effects = older(&mut bench, 0);
    assert_eq!(*one(&bench).older(), Edge::Loading);
    assert!(loads(&older(&mut bench, 0)).is_empty(), "one at a time");
    answer(&mut bench, &effects, Ok(page(vec![], vec![], (true, true))));
    assert!(one(&bench).begins_session());
    assert_eq!(bench.keys(int(1))[..2], ["Day", "Joined"], "now it is");
    assert!(loads(&older(&mut bench, 0)).is_empty(), "there is nothing more in this session");

    let effects = older(&mut bench, 1);
    let load = loads(&effects)[0];
    assert_eq!((load.part, load.sessions), (Part::Before(msg(50)), Some(1)));
    let told = page(vec![once_said(40, 2), once_said(41, 2)], vec![mark(2)], (true, true));
    let effects = answer(&mut bench, &effects, Ok(told));
    assert!(matches!(entries(&effects)[..], [Entry::Page { .. }]), "to be kept");
    assert_eq!(bench.keys(int(1))[..4], ["Day", "Session", "Message", "Message"]);
    assert_eq!(one(&bench).rows()[1].key, RowKey::Session(session(2)));
    assert_eq!(bench.keys(int(1))[4..6], ["Joined", "Message"]);
}

#[test]
fn a_session_that_we_began_has_a_line_too() {
    let origin = Origin::Outbound;
    let ours = Interaction { origin, ..interaction(1) };
    let bench = Bench::with(vec![held(ours, vec![said(1, int(1), 10)])]);
    assert_eq!(bench.keys(int(1)), ["Day", "Joined", "New", "Message"]);
    let nobody = RowKind::Joined { name: None, at: one(&bench).began_at() };
    assert_eq!(one(&bench).rows()[1].kind, nobody, "nobody joined");
}

#[test]
fn the_last_page_ends_the_transcript() {
    let mut bench = bench();
    let effects = older(&mut bench, 5);
    answer(&mut bench, &effects, Err(unreachable()));
    assert!(matches!(one(&bench).older(), Edge::Failed { .. }));
    let effects = older(&mut bench, 5);
    answer(&mut bench, &effects, Ok(page(vec![once_said(1, 1)], vec![mark(1)], (false, true))));
    assert_eq!(*one(&bench).older(), Edge::End);
    assert!(loads(&older(&mut bench, 5)).is_empty());
}

#[test]
fn a_page_that_no_longer_fits_is_dropped() {
    let mut bench = bench();
    let late = older(&mut bench, 1);
    let jump = bench.command(Command::GoTo { interaction: int(1), message: msg(20) });
    let around = page(vec![once_said(19, 1), once_said(20, 1)], vec![], (true, true));
    answer(&mut bench, &jump, Ok(around));
    let effects = answer(&mut bench, &late, Ok(page(vec![once_said(49, 1)], vec![], (true, true))));
    assert!(entries(&effects).is_empty());
    let held: Vec<_> = one(&bench).transcript.messages().map(|message| message.id).collect();
    assert_eq!(held, [msg(19), msg(20)]);
}

#[test]
fn a_jump_arrives_once_for_each_number() {
    let mut bench = bench();
    let go = |bench: &mut Bench, number| {
        bench.command(Command::GoTo { interaction: int(1), message: msg(number) })
    };
    assert!(loads(&go(&mut bench, 51)).is_empty(), "it is held");
    assert_eq!(one(&bench).goal().map(|goal| (goal.number, goal.message)), Some((1, msg(51))));
    let effects = go(&mut bench, 20);
    assert!(loads(&go(&mut bench, 20)).is_empty(), "it is under way");
    assert_eq!(one(&bench).goal().unwrap().number, 1, "not there yet");
    answer(&mut bench, &effects, Ok(page(vec![once_said(20, 1)], vec![], (true, true))));
    assert_eq!(one(&bench).goal().map(|goal| (goal.number, goal.message)), Some((2, msg(20))));
    let effects = go(&mut bench, 7);
    answer(&mut bench, &effects, Err(refused(ProblemCode::NotFound)));
    assert_eq!((bench.desk.notices().len(), one(&bench).goal().unwrap().number), (1, 2));
}

#[test]
fn a_day_leads_to_its_first_message() {
    let mut bench = bench();
    let go =
        |bench: &mut Bench, seconds| bench.command(Command::GoToDay { interaction: int(1), at: at(seconds) });
    assert!(loads(&go(&mut bench, 505)).is_empty(), "it is held");
    assert_eq!(one(&bench).goal().unwrap().message, msg(51));
    let effects = go(&mut bench, 195);
    let around = page(vec![once_said(19, 1), once_said(20, 1)], vec![], (true, true));
    answer(&mut bench, &effects, Ok(around));
    assert_eq!(one(&bench).goal().unwrap().message, msg(20));
}

#[test]
fn while_the_agent_reads_elsewhere_new_messages_are_counted_and_kept() {
    let mut bench = bench();
    let effects = bench.command(Command::GoTo { interaction: int(1), message: msg(20) });
    answer(&mut bench, &effects, Ok(page(vec![once_said(20, 1)], vec![], (true, true))));
    let effects = bench.events(vec![added(now_said(53)), added(now_said(54))]);
    let kept = |entry: &&&Entry| matches!(entry, Entry::Message(..));
    assert_eq!(entries(&effects).iter().filter(kept).count(), 2);
    assert_eq!((one(&bench).below(), one(&bench).last_message().unwrap().id), (2, msg(54)));
    assert_eq!(one(&bench).transcript.messages().count(), 1);

    let effects = bench.send(int(1), 7);
    assert_eq!(loads(&effects)[0].part, Part::Newest, "who writes is at the end");
    bench.events(vec![added(now_said(55))]);
    answer(&mut bench, &effects, Ok(page((50..=54).map(now_said).collect(), vec![], (true, false))));
    assert_eq!((one(&bench).below(), one(&bench).newer()), (0, &Edge::End));
    let last: Vec<_> = one(&bench).rows().iter().rev().take(2).map(|row| row.key).collect();
    assert_eq!(last, [RowKey::Ours(client_ref(7)), RowKey::Message(msg(55))]);
}

#[test]
fn a_snapshot_leaves_the_reader_where_they_are() {
    let mut bench = bench();
    let effects = older(&mut bench, 1);
    answer(&mut bench, &effects, Ok(page((45..50).map(now_said).collect(), vec![], (true, true))));
    let newest = |range: std::ops::RangeInclusive<u32>| InteractionSnapshot {
        older: true,
        ..held(interaction(1), range.map(now_said).collect())
    };
    bench.polled(Ok(snapshot(vec![newest(51..=54)], 30)));
    assert_eq!(one(&bench).transcript.messages().count(), 10, "it joins");
    bench.polled(Ok(snapshot(vec![newest(70..=72)], 50)));
    assert_eq!(one(&bench).transcript.messages().count(), 3, "it does not");
    assert_eq!(*one(&bench).older(), Edge::More);
}

fn search(bench: &mut Bench, words: &str) -> Vec<Effect> {
    bench.command(Command::Search { interaction: int(1), words: words.to_owned() })
}

fn searched(bench: &mut Bench, words: &str, result: Result<Vec<u32>, CallError>) -> Vec<Effect> {
    let hits =
        |numbers: Vec<u32>| SearchHits { messages: numbers.into_iter().map(msg).collect(), more: true };
    let (words, result) = (words.to_owned(), result.map(hits));
    bench.outcome(Outcome::Searched { interaction: int(1), words, result })
}

#[test]
fn a_search_leads_from_hit_to_hit() {
    let mut bench = bench();
    assert!(matches!(calls(&search(&mut bench, " price "))[..], [Call::Search { .. }]));
    assert_eq!(one(&bench).search().unwrap().state, SearchState::Looking);
    searched(&mut bench, "other", Ok(vec![50]));
    assert_eq!(one(&bench).search().unwrap().state, SearchState::Looking, "that was an earlier one");
    searched(&mut bench, "price", Ok(vec![52, 50, 20]));
    assert_eq!(one(&bench).search().unwrap().state, SearchState::Done { more: true });
    let step = |bench: &mut Bench, older| {
        bench.command(Command::SearchStep { interaction: int(1), older });
        (one(bench).search().unwrap().at, one(bench).goal().unwrap().message)
    };
    assert_eq!(one(&bench).goal().unwrap().message, msg(52));
    assert_eq!(step(&mut bench, true), (1, msg(50)));
    assert_eq!(step(&mut bench, false), (0, msg(52)));
    step(&mut bench, true);
    assert_eq!(step(&mut bench, true), (2, msg(50)), "the third has to be loaded first");
    assert_eq!(step(&mut bench, true).0, 2, "there is none behind it");
    search(&mut bench, "  ");
    assert!(one(&bench).search().is_none());
}

#[test]
fn a_search_without_an_answer_says_so_and_can_be_repeated() {
    let mut bench = bench();
    search(&mut bench, "price");
    searched(&mut bench, "price", Err(unreachable()));
    assert!(matches!(one(&bench).search().unwrap().state, SearchState::Failed { .. }));
    assert_eq!(calls(&search(&mut bench, "price")).len(), 1);
}

#[test]
fn what_is_changed_in_an_earlier_session_changes_where_it_is_shown() {
    let mut bench = bench();
    let effects = older(&mut bench, 1);
    answer(&mut bench, &effects, Ok(page(vec![once_said(40, 2)], vec![mark(2)], (false, true))));
    let changed = Message { fallback: "changed".to_owned(), ..once_said(40, 2) };
    let effects = bench.events(vec![Event::MessageChanged { message: Box::new(changed) }]);
    assert!(entries(&effects).iter().any(|entry| matches!(entry, Entry::Changed(_))));
    assert_eq!(one(&bench).message(msg(40)).unwrap().fallback, "changed");
}

#[test]
fn where_a_contact_is_made_one_with_another_what_was_said_earlier_is_asked_for_anew() {
    let mut bench = bench();
    let effects = older(&mut bench, 1);
    answer(&mut bench, &effects, Ok(page(vec![once_said(40, 2)], vec![mark(2)], (false, true))));
    assert_eq!(*one(&bench).older(), Edge::End);

    let mut now_with = interaction(1);
    (now_with.contact.id, now_with.revision) = (interaction(7).contact.id, now_with.revision + 1);
    let transcript = (50..=52).map(now_said).collect();
    let told =
        Event::InteractionAdded { interaction: Box::new(now_with), transcript, older: true, draft: None };
    bench.wait(1);
    bench.events(vec![told]);
    let held: Vec<_> = one(&bench).transcript.messages().map(|message| message.id).collect();
    assert_eq!(held, [msg(50), msg(51), msg(52)]);
    assert_eq!((one(&bench).older(), one(&bench).unread), (&Edge::More, 0));
}
