//! Reading the feed: gaps, repetitions, snapshots, failures.

use waxwing_protocol::event::Departure;

use super::{super::link::Link, *};

#[test]
fn a_page_is_taken_in_and_the_next_one_asked_for() {
    let mut bench = Bench::quiet();
    let effects = bench.events(vec![added(said(1, int(1), 101)), Event::Unknown]);
    assert_eq!(polls(&effects), [(Some(cursor(12)), true)], "unknown events count");
    assert!(entries(&effects).contains(&&Entry::Cursor(cursor(12))));
    assert_eq!(bench.keys(int(1)), ["Day", "Joined", "Message"]);
}

#[test]
fn more_is_fetched_without_waiting() {
    let mut bench = Bench::quiet();
    let EventPage::Events { events, next, now, .. } = page(11, vec![Event::Unknown]) else { unreachable!() };
    let effects = bench.polled(Ok(EventPage::Events { events, next, more: true, workbins: 0, now }));
    assert_eq!(polls(&effects), [(Some(cursor(11)), false)]);
}

#[test]
fn repeated_events_change_nothing() {
    let mut bench = Bench::quiet();
    bench.command(Command::Activate(None));
    bench.events(vec![added(said(1, int(1), 101))]);
    let rows = bench.desk.conversation(int(1)).unwrap().rows().to_vec();
    let chime = bench.desk.last_chime();
    bench.polled(Ok(page(11, vec![added(said(1, int(1), 101))])));
    assert_eq!(bench.desk.conversation(int(1)).unwrap().rows(), rows);
    assert_eq!(bench.desk.conversation(int(1)).unwrap().unread(), 1);
    assert_eq!(bench.desk.last_chime(), chime);
}

#[test]
fn a_gap_is_asked_for_again_then_everything() {
    let mut bench = Bench::quiet();
    let gap = || Ok(page(12, vec![added(said(2, int(1), 102))]));
    assert_eq!(polls(&bench.polled(gap())), [(Some(cursor(10)), false)]);
    assert_eq!(bench.keys(int(1)), ["Day", "Joined"], "nothing behind a gap is taken in");
    assert!(polls(&bench.polled(gap())).is_empty(), "not at once");
    assert_eq!(polls(&bench.wait(30)), [(None, true)], "for everything");
}

#[test]
fn a_feed_of_another_database_is_a_gap() {
    let mut bench = Bench::quiet();
    let event = FeedEvent { cursor: Cursor { epoch: 2, number: 11 }, event: added(said(1, int(1), 101)) };
    let next = event.cursor;
    bench.polled(Ok(EventPage::Events { events: vec![event], next, more: false, workbins: 0, now: at(100) }));
    assert_eq!(bench.keys(int(1)), ["Day", "Joined"]);
}

#[test]
fn a_gateway_that_does_not_wait_is_not_asked_without_a_breath() {
    let mut bench = Bench::quiet();
    let nothing =
        EventPage::Events { events: vec![], next: cursor(10), more: true, workbins: 0, now: at(100) };
    assert!(polls(&bench.polled(Ok(nothing))).is_empty());
    assert!(bench.desk.next_deadline().is_some());
    assert_eq!(polls(&bench.wait(1)).len(), 1);
}

#[test]
fn a_gateway_that_only_sends_snapshots_is_asked_ever_more_slowly() {
    let mut bench = Bench::quiet();
    let polled = |bench: &mut Bench| polls(&bench.polled(Ok(snapshot(vec![], 10)))).len();
    assert_eq!((polled(&mut bench), polled(&mut bench)), (1, 0));
}

#[test]
fn a_snapshot_replaces_what_is_held_but_not_what_the_agent_wrote() {
    let mut bench = Bench::quiet();
    bench.send(int(1), 1);
    bench.draft(int(1), "half");
    bench.draft(int(2), "kept");
    bench.polled(Ok(snapshot(vec![held(pending(1, 90), vec![said(1, int(1), 90)])], 50)));
    let one = bench.desk.active().unwrap();
    assert_eq!((one.draft().text.as_str(), one.unread()), ("half", 0));
    assert_eq!(one.last_outgoing().unwrap().client_ref, client_ref(1));
    assert!(bench.desk.conversation(int(2)).is_none());
    bench.number = 50;
    let interaction = Box::new(interaction(2));
    bench.events(vec![Event::InteractionAdded {
        interaction,
        transcript: vec![],
        older: false,
        draft: None,
    }]);
    assert_eq!(bench.drafted(int(2)), "kept", "it came back");
}

#[test]
fn an_older_snapshot_does_not_take_back_what_a_reply_told() {
    let mut bench = Bench::with(vec![held(pending(1, 90), vec![said(1, int(1), 90)])]);
    bench.send(int(1), 1);
    bench.sent(int(1), 1, Ok(answered(2, int(1), 101, 1)));
    bench.polled(Ok(snapshot(vec![held(pending(1, 90), vec![said(1, int(1), 90)])], 11)));
    assert_eq!(bench.desk.conversation(int(1)).unwrap().last_message().unwrap().id, msg(2));
}

#[test]
fn an_older_picture_of_an_interaction_never_replaces_a_newer() {
    let mut bench = Bench::quiet();
    let newer = Interaction { revision: 9, ..pending(1, 105) };
    bench.events(vec![changed(newer.clone()), changed(interaction(1))]);
    assert_eq!(*bench.desk.conversation(int(1)).unwrap().interaction(), newer);
}

#[test]
fn failures_are_retried_ever_more_slowly_and_told() {
    let mut bench = Bench::quiet();
    let start = bench.now;
    let mut tries = Vec::new();
    for _ in 0..6 {
        bench.polled(Err(unreachable()));
        let Link::Retrying { since, next_at, .. } = bench.desk.link() else { panic!("not retrying") };
        assert_eq!(*since, start);
        bench.now = *next_at;
        tries.push(bench.now - start);
        assert_eq!(polls(&bench.step(Input::Clock)), [(Some(cursor(10)), false)]);
    }
    assert!(tries[0] >= TimeDelta::milliseconds(500));
    assert!(tries.iter().filter(|at| **at < TimeDelta::seconds(5)).count() <= 3);
    assert!(tries[5] - tries[4] <= TimeDelta::seconds(30));
    bench.events(vec![Event::Unknown]);
    assert_eq!(*bench.desk.link(), Link::Online);
}

#[test]
fn reconnecting_now_asks_once() {
    let mut bench = Bench::quiet();
    assert!(polls(&bench.command(Command::ReconnectNow)).is_empty(), "one is under way");
    bench.polled(Err(unreachable()));
    assert_eq!(polls(&bench.command(Command::ReconnectNow)).len(), 1);
    assert!(polls(&bench.command(Command::ReconnectNow)).is_empty());
}

#[test]
fn another_protocol_is_told_in_a_sentence_and_tried_slowly() {
    let mut bench = Bench::quiet();
    bench.polled(Err(CallError::WrongProtocol(9)));
    let Link::Retrying { why, next_at, .. } = bench.desk.link() else { panic!("not retrying") };
    assert!(why.contains("protocol 9"), "{why}");
    assert_eq!(*next_at - bench.now, TimeDelta::seconds(60));
}

#[test]
fn deliveries_never_go_back() {
    let mut bench = Bench::with(vec![held(interaction(1), vec![answered(1, int(1), 50, 1)])]);
    let state = |delivery| Event::DeliveryChanged {
        interaction: int(1),
        message: msg(1),
        state: DeliveryState::new(1, delivery, at(101)),
    };
    bench.events(vec![state(Delivery::Read), state(Delivery::Delivered), added(answered(1, int(1), 50, 1))]);
    let message = bench.desk.conversation(int(1)).unwrap().last_message().unwrap().clone();
    assert_eq!(message.delivery.unwrap().delivery, Delivery::Read);
}

#[test]
fn names_and_alerts_follow_the_feed() {
    let mut bench = Bench::quiet();
    let contact = Contact { profile_name: Some("Masha".to_owned()), ..interaction(2).contact };
    let alert = waxwing_protocol::event::NumberAlert {
        number: interaction(1).business_number.id,
        display_number: "+1".to_owned(),
        text: "stopped".to_owned(),
        since: at(1),
    };
    bench.events(vec![
        Event::ContactChanged { contact: Box::new(contact) },
        Event::NumberAlertRaised { alert: alert.clone() },
        Event::NumberAlertRaised { alert: alert.clone() },
    ]);
    assert_eq!(bench.desk.conversation(int(2)).unwrap().interaction().contact.title(), "Masha");
    assert_eq!(bench.desk.alerts(), std::slice::from_ref(&alert));
    bench.events(vec![Event::NumberAlertCleared { number: alert.number }]);
    assert!(bench.desk.alerts().is_empty());
}

#[test]
fn a_conversation_taken_away_is_told_and_no_longer_active() {
    let mut bench = Bench::quiet();
    bench.events(vec![Event::InteractionRemoved { interaction: int(1), why: Departure::Reassigned }]);
    assert!(bench.desk.active().is_none());
    assert!(bench.desk.notices()[0].text.contains("Contact 1"));
}
