//! The long poll: nothing missed, nothing twice, and no waiting for what will not come.

use chrono::TimeDelta;
use reqwest::{Method, StatusCode};
use serde_json::json;
use waxwing_protocol::{
    agent::AgentStatus,
    api,
    event::{Cursor, Event, EventPage},
};

use crate::support::{Gateway, envelope, text};

#[tokio::test]
async fn a_waiting_poll_ends_when_something_happens() {
    let gateway = Gateway::start().await;
    let masha = gateway.desktop("masha").await;
    masha.ready().await;
    let (snapshot, cursor) = masha.snapshot().await;
    assert_eq!(snapshot.status.status, AgentStatus::Ready);
    assert!(snapshot.interactions.is_empty());
    let body = envelope(json!({"messages": [text("15550000001", "wamid.1", "hello")]}));
    let (page, _ok) = tokio::join!(masha.poll(Some(cursor), 50), gateway.webhook(body));
    let EventPage::Events { events, next, more, .. } = page else { panic!("{page:?}") };
    assert!(
        matches!(&events[..], [event] if matches!(event.event, Event::InteractionAdded { .. })),
        "{events:?}"
    );
    assert!(cursor.is_followed_by(next) && !more);
    let EventPage::Events { events, next: same, .. } = masha.poll(Some(next), 0).await else {
        panic!("events")
    };
    assert!(events.is_empty() && same == next, "nothing more, and no waiting for it");
}

#[tokio::test]
async fn a_cursor_that_can_not_be_continued_from_gets_everything() {
    let gateway = Gateway::start().await;
    let masha = gateway.desktop("masha").await;
    masha.ready().await;
    let (_, cursor) = masha.snapshot().await;
    for lost in [
        Cursor { epoch: cursor.epoch ^ 1, number: 0 },
        Cursor { epoch: cursor.epoch, number: cursor.number + 1 },
        Cursor { epoch: cursor.epoch, number: u64::MAX },
    ] {
        assert!(matches!(masha.poll(Some(lost), 50).await, EventPage::Snapshot { .. }), "{lost}");
    }
    for nonsense in ["", "x", "1.2.3", "-1.0"] {
        assert_eq!(masha.poll_raw(Some(nonsense), 0).await.status(), StatusCode::BAD_REQUEST, "{nonsense}");
    }
    gateway.pass(TimeDelta::days(4));
    let mut change = gateway.app.store.begin().await.expect("begins");
    let pruned = waxwing_gateway::store::events::prune(change.db(), gateway.app.clock.now()).await;
    assert_eq!(pruned.expect("prunes"), cursor.number);
    change.commit().await.expect("commits");
    let epoch = cursor.epoch;
    let mut read = gateway.app.store.read().await.expect("reads");
    for (number, lost) in [(0, true), (cursor.number - 1, true), (cursor.number, false)] {
        let at = Cursor { epoch, number };
        let following =
            waxwing_gateway::store::events::after(read.db(), masha.signed_in.agent.id, at, epoch).await;
        assert_eq!(
            following.expect("reads") == waxwing_gateway::store::events::Following::Lost,
            lost,
            "{at}"
        );
    }
}

#[tokio::test]
async fn a_poll_without_a_valid_token_is_refused_and_an_open_one_ends_with_its_token() {
    let gateway = Gateway::start().await;
    let masha = gateway.desktop("masha").await;
    let (_, cursor) = masha.snapshot().await;
    let nobody = gateway.client.get(format!("{}{}", gateway.url, api::EVENTS)).send().await.expect("answers");
    assert_eq!(nobody.status(), StatusCode::UNAUTHORIZED);

    let after = cursor.to_string();
    let sign_out = async { masha.call(Method::POST, api::SIGN_OUT).send().await.expect("answers").status() };
    let (poll, signed_out) = tokio::join!(masha.poll_raw(Some(&after), 50), sign_out);
    assert_eq!(signed_out, StatusCode::NO_CONTENT);
    // Either the poll saw the change of status before its token was looked at, or it was refused.
    assert!([StatusCode::OK, StatusCode::UNAUTHORIZED].contains(&poll.status()));
    assert_eq!(masha.poll_raw(Some(&after), 0).await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn open_polls_end_when_the_gateway_stops() {
    let gateway = Gateway::start().await;
    let masha = gateway.desktop("masha").await;
    let (_, cursor) = masha.snapshot().await;
    let request = masha
        .call(Method::GET, api::EVENTS)
        .query(&[("after", cursor.to_string()), ("wait_seconds", "50".to_owned())]);
    let poll = tokio::spawn(request.send());
    while gateway.app.metrics.render(&[]).contains("waxwing_polls_total 1\n") {
        tokio::task::yield_now().await;
    }
    gateway.stop().await;
    assert_eq!(poll.await.expect("ends").expect("answers").status(), StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_miss_nothing_and_see_nothing_twice_while_others_write() {
    let gateway = Gateway::start().await;
    let masha = gateway.desktop("masha").await;
    masha.ready().await;
    let (_, start) = masha.snapshot().await;
    let write = async |from: u32| {
        for n in 0..60 {
            let wamid = format!("wamid.{from}.{n}");
            let body = envelope(json!({"messages": [text(&format!("1555000{from}"), &wamid, &wamid)]}));
            assert_eq!(gateway.webhook(body).await, StatusCode::OK);
        }
    };
    let read = async || {
        let (mut cursor, mut said) = (start, Vec::new());
        while said.len() < 240 {
            let EventPage::Events { events, next, .. } = masha.poll(Some(cursor), 50).await else {
                panic!("lost")
            };
            assert!(events.len() <= 200);
            for event in events {
                assert!(cursor.is_followed_by(event.cursor), "{cursor} then {}", event.cursor);
                cursor = event.cursor;
                match event.event {
                    Event::InteractionAdded { transcript, .. } => {
                        said.extend(transcript.into_iter().map(|message| message.fallback));
                    }
                    Event::MessageAdded { message } => said.push(message.fallback),
                    _ => {}
                }
            }
            assert_eq!(cursor, next);
        }
        said.sort();
        said
    };
    let (.., one, other, third) =
        tokio::join!(write(1), write(2), write(3), write(4), read(), read(), read());
    let mut expected: Vec<String> =
        (1..=4).flat_map(|from| (0..60).map(move |n| format!("wamid.{from}.{n}"))).collect();
    expected.sort();
    assert_eq!(one, expected);
    assert_eq!((&other, &third), (&one, &one));
}
