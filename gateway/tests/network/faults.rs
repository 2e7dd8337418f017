//! When WhatsApp refuses, is away, or its answer gets lost.

use chrono::TimeDelta;
use serde_json::json;
use waxwing_gateway::{clock::Clock, store::numbers};
use waxwing_protocol::{delivery::Delivery, event::Event};

use crate::bench::{Bench, number, words};

const ANA: &str = "15550100999";
const BEN: &str = "15550100998";

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_resolved_by_a_status_and_nothing_is_sent_twice() {
    let mut bench = Bench::start().await;
    let interaction = bench.hear(ANA, "Hi").await;
    bench.control("faults", &json!({"fault": "drop_answer"})).await;
    let first = bench.send(interaction.id, "first").await;
    let second = bench.send(interaction.id, "second").await;
    bench
        .delivered(first, |delivery| delivery.rank() >= Delivery::Sent.rank() && !delivery.is_failed())
        .await;
    bench.delivered(second, |delivery| *delivery == Delivery::Read).await;
    assert_eq!(words(&bench.received(2).await), ["first", "second"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_is_never_answered_fails_after_the_wait_and_the_next_one_goes() {
    let mut bench = Bench::start_with(|config| {
        config.outbox_status_wait_seconds = 1;
        config.graph_request_seconds = 1;
    })
    .await;
    let interaction = bench.hear(ANA, "Hi").await;
    bench.control("faults", &json!({"fault": "hang"})).await;
    let first = bench.send(interaction.id, "first").await;
    let second = bench.send(interaction.id, "second").await;
    bench.delivered(first, |delivery| *delivery == Delivery::Uncertain).await;
    let delivery = bench.delivered(first, Delivery::is_failed).await;
    assert!(matches!(delivery, Delivery::Failed(failure) if failure.code.is_none() && failure.can_retry));
    bench.delivered(second, |delivery| *delivery == Delivery::Sent).await;
    assert_eq!(words(&bench.received(2).await), ["second"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_error_without_a_reason_is_uncertain() {
    let mut bench = Bench::start_with(|config| config.outbox_status_wait_seconds = 1).await;
    let interaction = bench.hear(ANA, "Hi").await;
    bench.control("faults", &json!({"fault": "server_error"})).await;
    let message = bench.send(interaction.id, "lost").await;
    bench.delivered(message, |delivery| *delivery == Delivery::Uncertain).await;
    bench.delivered(message, Delivery::is_failed).await;
    assert!(words(&bench.simulator.received().0).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pair_limit_holds_that_recipient_alone() {
    let mut bench = Bench::start().await;
    let ana = bench.hear(ANA, "Hi").await;
    let ben = bench.hear(BEN, "Hello").await;
    bench
        .control(
            "faults",
            &json!({"fault": "fail_with", "code": 131_056, "next": 2, "to": format!("+{ANA}")}),
        )
        .await;
    let held = bench.send(ana.id, "held").await;
    bench.received(1).await;
    let free = bench.send(ben.id, "free").await;
    bench.delivered(free, |delivery| *delivery == Delivery::Sent).await;
    bench.delivered(held, |delivery| *delivery == Delivery::Sent).await;
    let received = bench.received(4).await;
    assert_eq!(words(&received), ["free", "held"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invalid_token_stops_the_number_until_it_has_got_another_one() {
    let mut bench = Bench::start().await;
    let interaction = bench.hear(ANA, "Hi").await;
    bench.control("token", &json!({"token": "renewed"})).await;
    let first = bench.send(interaction.id, "first").await;
    let alert = bench
        .desktop
        .wait(|event| match event {
            Event::NumberAlertRaised { alert } => Some(alert.clone()),
            _ => None,
        })
        .await;
    assert!(alert.text.contains("token"), "{}", alert.text);
    let second = bench.send(interaction.id, "second").await;
    // As `number add` does, from another process.
    let store = bench.store().await;
    let mut change = store.begin().await.expect("begins");
    let renewed = number(bench.simulator.config(), "renewed");
    numbers::add_number(&mut change, &renewed, Clock::system().now()).await.expect("changes");
    change.commit().await.expect("commits");
    store.close().await;
    bench.delivered(first, |delivery| *delivery == Delivery::Sent).await;
    bench.delivered(second, |delivery| *delivery == Delivery::Sent).await;
    bench
        .desktop
        .wait(|event| {
            matches!(event, Event::NumberAlertCleared { number } if *number == alert.number).then_some(())
        })
        .await;
    assert_eq!(words(&bench.received(2).await), ["first", "second"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unpaid_bill_stops_the_number_until_a_message_gets_through_again() {
    let mut bench = Bench::start_with(|config| config.outbox_probe_seconds = 2).await;
    let interaction = bench.hear(ANA, "Hi").await;
    let first = bench.send(interaction.id, "first").await;
    bench.delivered(first, |delivery| *delivery == Delivery::Read).await;
    let wamid = bench.received(1).await[0].wamid.clone();
    let failed = json!({"id": wamid, "status": "failed", "timestamp": Clock::system().now().timestamp().to_string(), "errors": [{"code": 131_042}]});
    let metadata = json!({"phone_number_id": bench.simulator.config().phone_number_id});
    let value = json!({"metadata": metadata, "statuses": [failed]});
    bench.control("webhook", &json!({"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "messages", "value": value}]}]})).await;
    let alert = bench
        .desktop
        .wait(|event| match event {
            Event::NumberAlertRaised { alert } => Some(alert.clone()),
            _ => None,
        })
        .await;
    let second = bench.send(interaction.id, "second").await;
    let third = bench.send(interaction.id, "third").await;
    bench.delivered(third, |delivery| *delivery == Delivery::Sent).await;
    bench.delivered(second, |delivery| *delivery == Delivery::Read).await;
    let received = bench.received(3).await;
    assert_eq!(words(&received), ["first", "second", "third"]);
    assert!(received[1].at - alert.since >= TimeDelta::seconds(2), "it was not tried at once");
    bench.desktop.wait(|event| matches!(event, Event::NumberAlertCleared { .. }).then_some(())).await;
}

/// The pause that WhatsApp asks for counts, though the outbox would have tried again after a second.
#[tokio::test(flavor = "multi_thread")]
async fn retry_after_is_waited_for_by_the_whole_number() {
    let mut bench = Bench::start().await;
    let (ana, ben) = (bench.hear(ANA, "Hi").await, bench.hear(BEN, "Hello").await);
    bench.control("faults", &json!({"fault": "fail_with", "code": 130_429, "retry_after": 3})).await;
    let first = bench.send(ana.id, "first").await;
    bench.received(1).await;
    let other = bench.send(ben.id, "other").await;
    bench.delivered(first, |delivery| *delivery == Delivery::Sent).await;
    bench.delivered(other, |delivery| *delivery == Delivery::Sent).await;
    let received = bench.received(3).await;
    for again in &received[1..] {
        let waited = again.at - received[0].at;
        assert!(waited >= TimeDelta::seconds(3), "{waited}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_window_fails_the_message_with_a_sentence_and_the_next_one_goes() {
    let mut bench = Bench::start().await;
    let interaction = bench.hear(ANA, "Hi").await;
    bench.control("faults", &json!({"fault": "fail_with", "code": 131_047})).await;
    let first = bench.send(interaction.id, "too late").await;
    let second = bench.send(interaction.id, "second").await;
    let delivery = bench.delivered(first, Delivery::is_failed).await;
    let Delivery::Failed(failure) = delivery else { panic!("failed") };
    assert_eq!((failure.code, failure.can_retry), (Some(131_047), false));
    assert!(failure.reason.contains("24 hours") && failure.advice.contains("notification"));
    bench.delivered(second, |delivery| *delivery == Delivery::Sent).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn passing_faults_are_tried_again_until_they_pass() {
    let mut bench = Bench::start().await;
    let interaction = bench.hear(ANA, "Hi").await;
    for code in [131_000, 130_429] {
        bench.control("faults", &json!({"fault": "fail_with", "code": code})).await;
    }
    let message = bench.send(interaction.id, "patience").await;
    bench.delivered(message, |delivery| *delivery == Delivery::Sent).await;
    let received = bench.received(3).await;
    let refused: Vec<Option<u32>> = received.iter().map(|one| one.refused).collect();
    assert_eq!(refused, [Some(131_000), Some(130_429), None]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_number_without_messages_is_looked_up_when_the_gateway_starts() {
    let mut bench = Bench::start().await;
    // From here on the desktop has a cursor, and misses no event.
    bench.hear(ANA, "Hi").await;
    bench.stop_gateway();
    let store = bench.store().await;
    let mut read = store.read().await.expect("reads");
    let stopped = numbers::list(read.db()).await.expect("lists")[0].id;
    drop(read);
    let mut change = store.begin().await.expect("begins");
    let alert = ("Locked.", numbers::AlertSource::Answer);
    numbers::raise_alert(&mut change, stopped, alert, Clock::system().now()).await.expect("raises");
    change.commit().await.expect("commits");
    store.close().await;
    bench.start_gateway();
    bench
        .desktop
        .wait(|event| {
            matches!(event, Event::NumberAlertCleared { number } if *number == stopped).then_some(())
        })
        .await;
}

/// 20 % of requests meet a fault, and the gateway is killed in between: nothing leaves twice, everything ends.
#[tokio::test(flavor = "multi_thread")]
async fn whatever_goes_wrong_nothing_leaves_twice_and_everything_ends() {
    let mut bench = Bench::start_with(|config| {
        config.outbox_status_wait_seconds = 2;
        config.graph_request_seconds = 1;
    })
    .await;
    let mut interactions = Vec::new();
    for contact in 0..6 {
        let hello = format!("Hi from {contact}");
        interactions.push(bench.hear(&format!("1555010010{contact}"), &hello).await);
    }
    let mut messages = Vec::new();
    for round in 0..4 {
        for fault in [
            json!({"fault": "drop_answer", "next": 1}),
            json!({"fault": "fail_with", "code": 131_000, "next": 1}),
            json!({"fault": "server_error", "next": 1}),
            json!({"fault": "fail_with", "code": 131_056, "next": 1}),
            json!({"fault": "hang", "next": 1}),
        ] {
            bench.control("faults", &fault).await;
        }
        for (contact, interaction) in interactions.iter().enumerate() {
            for count in 0..4 {
                messages.push(bench.send(interaction.id, &format!("{contact}:{round}{count}")).await);
            }
        }
        bench.kill_gateway();
        bench.start_gateway();
    }
    for message in messages {
        bench
            .delivered(message, |delivery| delivery.is_failed() || delivery.rank() >= Delivery::Sent.rank())
            .await;
    }
    let received = bench.received(1).await;
    let mut taken = words(&received);
    for contact in 0..6 {
        let of: Vec<_> = taken.iter().filter(|word| word.starts_with(&format!("{contact}:"))).collect();
        assert!(of.is_sorted(), "{of:?}");
    }
    let all = taken.len();
    taken.sort_unstable();
    taken.dedup();
    assert_eq!(taken.len(), all, "something left twice");
    assert!(all >= 80, "most of it arrived: {all}");
}
