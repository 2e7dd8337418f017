//! Sending: order, repetition, refusal, restart.

use waxwing_protocol::event::Departure;

use super::{
    super::{
        conversation::{RowKey, RowKind},
        outbox::OutgoingState,
        pending::PendingResponse,
    },
    *,
};

#[test]
fn a_message_is_written_down_before_it_is_sent() {
    let mut bench = Bench::quiet();
    bench.draft(int(1), "answer 1");
    let effects = bench.send(int(1), 1);
    let written = effects.iter().position(|effect| matches!(effect, Effect::Journal(Entry::Outgoing(..))));
    let sent = effects.iter().position(|effect| matches!(effect, Effect::Call(Call::Send { .. })));
    assert!(written.unwrap() < sent.unwrap());
    let emptied = |entry: &&Entry| matches!(entry, Entry::Draft(_, kept) if kept.draft.text.is_empty());
    assert!(entries(&effects).iter().any(emptied), "it stands in one place only");
    assert_eq!(bench.drafted(int(1)), "");
}

#[test]
fn one_is_in_flight_per_conversation_and_the_others_flow() {
    let mut bench = Bench::quiet();
    assert_eq!(sends(&bench.send(int(1), 1)), [client_ref(1)]);
    assert!(sends(&bench.send(int(1), 2)).is_empty());
    assert_eq!(sends(&bench.send(int(2), 3)), [client_ref(3)]);
    assert_eq!(sends(&bench.sent(int(1), 1, Ok(answered(1, int(1), 101, 1)))), [client_ref(2)]);
}

#[test]
fn the_echo_keeps_its_row_whichever_comes_first() {
    for reply_first in [true, false] {
        let mut bench = Bench::quiet();
        bench.send(int(1), 1);
        let keys = || vec!["Day", "Joined", "Ours"];
        assert_eq!(bench.keys(int(1)), keys());
        let message = answered(1, int(1), 101, 1);
        if reply_first {
            bench.sent(int(1), 1, Ok(message.clone()));
            assert_eq!(bench.keys(int(1)), keys());
            bench.events(vec![added(message)]);
        } else {
            let effects = bench.events(vec![added(message.clone())]);
            assert!(entries(&effects).contains(&&Entry::OutgoingGone(client_ref(1))));
            assert_eq!(bench.keys(int(1)), keys());
            bench.sent(int(1), 1, Ok(message));
        }
        assert_eq!(bench.keys(int(1)), keys());
        assert!(matches!(bench.desk.active().unwrap().rows()[2].kind, RowKind::Message { .. }));
    }
}

#[test]
fn no_answer_means_the_same_name_again() {
    let mut bench = Bench::quiet();
    bench.send(int(1), 1);
    assert!(sends(&bench.sent(int(1), 1, Err(unreachable()))).is_empty());
    let due = bench.desk.next_deadline().unwrap();
    assert!(due > bench.now);
    bench.now = due;
    assert_eq!(sends(&bench.step(Input::Clock)), [client_ref(1)]);
}

#[test]
fn a_passing_refusal_waits_as_long_as_asked() {
    let mut bench = Bench::quiet();
    bench.send(int(1), 1);
    let mut problem = Problem::new(ProblemCode::Unavailable, "later");
    problem.retry_after_seconds = Some(7);
    bench.sent(int(1), 1, Err(CallError::Refused(problem)));
    assert!(sends(&bench.wait(6)).is_empty());
    assert_eq!(sends(&bench.wait(1)), [client_ref(1)]);
}

#[test]
fn a_refused_head_holds_up_its_conversation_until_the_agent_decides() {
    let mut bench = Bench::with(vec![held(pending(1, 90), vec![said(1, int(1), 90)])]);
    bench.send(int(1), 1);
    bench.send(int(1), 2);
    let answering = PendingResponse::Answering { since: at(90), client_ref: client_ref(1) };
    assert_eq!(bench.desk.conversation(int(1)).unwrap().pending(), answering);

    let effects = bench.sent(int(1), 1, Err(refused(ProblemCode::WindowClosed)));
    assert!(sends(&effects).is_empty());
    assert!(matches!(entries(&effects)[..], [Entry::Outgoing(_, outgoing)] if outgoing.is_refused()));
    let held = bench.desk.conversation(int(1)).unwrap();
    assert_eq!(held.pending(), PendingResponse::Waiting { since: at(90) }, "with its old start");
    let OutgoingState::Refused(failure) = &held.blocked_by().unwrap().state else { panic!("not refused") };
    assert!(failure.reason.contains("24 hours") && failure.can_retry);
    assert!(sends(&bench.wait(60)).is_empty(), "nothing overtakes it");

    let retry = Command::Retry { interaction: int(1), row: RowKey::Ours(client_ref(1)) };
    assert_eq!(sends(&bench.command(retry)), [client_ref(1)]);
    bench.sent(int(1), 1, Err(refused(ProblemCode::WindowClosed)));
    let effects = bench.command(Command::Discard { interaction: int(1), client_ref: client_ref(1) });
    assert_eq!(sends(&effects), [client_ref(2)]);
    assert!(entries(&effects).contains(&&Entry::OutgoingGone(client_ref(1))));
}

#[test]
fn what_is_in_flight_can_t_be_given_up() {
    let mut bench = Bench::quiet();
    bench.send(int(1), 1);
    bench.command(Command::Discard { interaction: int(1), client_ref: client_ref(1) });
    assert!(bench.desk.active().unwrap().last_outgoing().is_some());
    assert_eq!(bench.desk.notices().len(), 1);
}

#[test]
fn the_same_name_and_unsendable_words_are_taken_in_never() {
    let mut bench = Bench::quiet();
    bench.send(int(1), 1);
    assert!(bench.send(int(1), 1).is_empty());
    for text in [" ".to_owned(), "x".repeat(4097)] {
        let command = Command::Send { interaction: int(1), client_ref: client_ref(9), text, quote: None };
        assert!(bench.command(command).is_empty());
    }
    assert_eq!(bench.desk.unsent(), 1);
}

#[test]
fn try_again_on_a_failed_message_calls_once_until_answered() {
    let failed = waxwing_protocol::delivery::DeliveryFailure {
        code: Some(131_026),
        reason: "no".to_owned(),
        advice: "call".to_owned(),
        can_retry: true,
    };
    let mut message = answered(1, int(1), 50, 1);
    message.delivery = Some(DeliveryState::new(1, Delivery::Failed(failed), at(51)));
    let mut bench = Bench::with(vec![held(interaction(1), vec![message.clone()])]);
    let retry = || Command::Retry { interaction: int(1), row: RowKey::Ours(client_ref(1)) };
    assert!(matches!(calls(&bench.command(retry()))[..], [Call::Retry { .. }]));
    assert!(calls(&bench.command(retry())).is_empty());
    message.delivery = Some(DeliveryState::new(2, Delivery::Accepted, at(101)));
    let accepted = SendAccepted { message, interaction: interaction(1) };
    let result = Ok(Box::new(accepted));
    bench.outcome(Outcome::Retried { interaction: int(1), message: msg(1), result });
    let state = bench.desk.conversation(int(1)).unwrap().last_message().unwrap().delivery.clone().unwrap();
    assert_eq!((state.attempt, state.delivery), (2, Delivery::Accepted));
    assert!(calls(&bench.command(retry())).is_empty(), "it is failed no more");
}

#[test]
fn words_for_a_conversation_that_was_taken_away_are_shown_if_refused() {
    let mut bench = Bench::quiet();
    bench.send(int(1), 1);
    bench.events(vec![Event::InteractionRemoved { interaction: int(1), why: Departure::Done }]);
    assert_eq!(bench.desk.unsent(), 1);
    let effects = bench.sent(int(1), 1, Err(refused(ProblemCode::NotFound)));
    assert!(entries(&effects).contains(&&Entry::OutgoingGone(client_ref(1))));
    assert!(bench.desk.notices().last().unwrap().text.contains("answer 1"));
    assert_eq!(bench.desk.unsent(), 0);
}

#[test]
fn done_waits_for_what_is_unsent() {
    let mut bench = Bench::quiet();
    bench.send(int(1), 1);
    assert!(calls(&bench.command(Command::MarkDone(int(1)))).is_empty());
    let effects = bench.sent(int(1), 1, Ok(answered(1, int(1), 101, 1)));
    assert!(matches!(calls(&effects)[..], [Call::MarkDone(_)]), "it goes on by itself");
    assert!(matches!(calls(&bench.command(Command::MarkDone(int(2))))[..], [Call::MarkDone(_)]));
    bench.outcome(Outcome::MarkedDone { interaction: int(2), result: Ok(()) });
    assert!(bench.desk.conversation(int(2)).is_none());
}
