//! The rules, played on the stage: who gets what, what is pending, what is dropped, what is merged.

use serde_json::json;
use waxwing_protocol::{
    api::{OutgoingBody, SendMessage},
    delivery::Delivery,
    event::{Departure, Event},
    id::{ClientRef, MessageId},
    interaction::Phase,
    message::{Author, Body},
    problem::ProblemCode,
};

use super::{Refusal, delivery, outbound, stage::*, status, wrap_up};
use crate::{
    limits::Limits,
    random,
    store::{
        sending::{self, Attempt},
        workbins,
    },
};

fn code(refused: Result<impl std::fmt::Debug, Refusal>) -> ProblemCode {
    match refused.expect_err("refused") {
        Refusal::Problem(problem) => problem.code,
        Refusal::Store(error) => panic!("{error}"),
    }
}

async fn fail(stage: &Stage, message: MessageId, attempt: u32, seconds: i64) {
    let failure = crate::whatsapp::graph_error::failure_of(None, "lost");
    let failed = Delivery::Failed(waxwing_protocol::delivery::DeliveryFailure { can_retry: true, ..failure });
    let mut change = stage.store.begin().await.expect("begins");
    delivery::set(&mut change, Attempt::of_message(message, attempt), failed, at(seconds))
        .await
        .expect("sets");
    change.commit().await.expect("commits");
}

#[tokio::test]
async fn a_message_goes_to_the_ready_agent_and_the_rest_waits_for_room() {
    let stage = Stage::new().await;
    let masha = stage.agent("masha", 1).await;
    stage.write("15550000001", "wamid.1", "first", 10).await;
    stage.write("15550000002", "wamid.2", "second", 20).await;
    assert!(stage.feed(masha).await.iter().all(|event| matches!(event, Event::StatusChanged { .. })));

    stage.ready(masha, 30).await;
    let owned = stage.owned(masha).await;
    assert_eq!(owned.len(), 1, "one fits");
    assert_eq!(owned[0].phase, Phase::Open);
    assert_eq!(owned[0].pending_since, Some(at(10)), "the longest waiting first");
    assert_eq!(owned[0].assigned_at, Some(at(30)));
    let feed = stage.feed(masha).await;
    let Some(Event::InteractionAdded { interaction, transcript, .. }) = feed.last() else {
        panic!("{feed:?}")
    };
    assert_eq!(**interaction, owned[0]);
    assert_eq!(transcript.iter().map(|message| &*message.fallback).collect::<Vec<_>>(), ["first"]);

    let mut change = stage.store.begin().await.expect("begins");
    wrap_up::done(&mut change, masha, owned[0].id, at(40)).await.expect("done");
    wrap_up::done(&mut change, masha, owned[0].id, at(40)).await.expect("twice is fine");
    change.commit().await.expect("commits");
    let feed = stage.feed(masha).await;
    assert!(feed.contains(&Event::InteractionRemoved { interaction: owned[0].id, why: Departure::Done }));
    assert_eq!(stage.owned(masha).await[0].pending_since, Some(at(20)), "then there is room for the next");
    assert_eq!(code(stage.answer(masha, owned[0].id, "late", 50).await), ProblemCode::Conflict);

    stage.write("15550000001", "wamid.3", "again", 60).await;
    assert_eq!(stage.count("SELECT COUNT(*) FROM sessions").await, 3, "after done, a new session begins");
}

#[tokio::test]
async fn work_goes_to_the_last_agent_first_and_then_to_whoever_has_least() {
    let stage = Stage::new().await;
    let (masha, pasha) = (stage.agent("masha", 5).await, stage.agent("pasha", 5).await);
    stage.ready(masha, 1).await;
    stage.ready(pasha, 1).await;
    for n in 0..4 {
        stage.write(&format!("1555000000{n}"), &format!("wamid.{n}"), "hello", 10 + n).await;
    }
    assert_eq!((stage.owned(masha).await.len(), stage.owned(pasha).await.len()), (2, 2));

    let theirs = stage.owned(masha).await.remove(0);
    let mut change = stage.store.begin().await.expect("begins");
    for interaction in [stage.owned(pasha).await, stage.owned(masha).await].concat() {
        let owner = interaction.owner.expect("an owner");
        wrap_up::done(&mut change, owner, interaction.id, at(20)).await.expect("done");
    }
    change.commit().await.expect("commits");
    stage.write("15559999999", "wamid.a", "hello", 30).await;
    let phone = theirs.contact.whatsapp.phone.expect("a phone");
    stage.write(&phone, "wamid.b", "me again", 31).await;
    assert!(stage.owned(masha).await.iter().any(|owned| owned.contact.id == theirs.contact.id));
}

#[tokio::test]
async fn the_same_message_counts_once_however_often_it_comes() {
    let stage = Stage::new().await;
    let masha = stage.agent("masha", 5).await;
    stage.ready(masha, 1).await;
    for seconds in 10..15 {
        stage.write("15550000001", "wamid.1", "hello", seconds).await;
    }
    let twice = json!({"from": "15550000001", "id": "wamid.2", "timestamp": "1", "type": "text", "text": {"body": "x"}});
    stage.arrive(json!({"messages": [twice, twice]}), 20).await;
    assert_eq!(stage.count("SELECT COUNT(*) FROM messages").await, 2);
    assert_eq!(stage.count("SELECT COUNT(*) FROM sessions").await, 1);
    let interaction = stage.owned(masha).await.remove(0);
    assert_eq!(interaction.pending_since, Some(at(10)));
    assert_eq!(
        interaction.window.last_inbound_at,
        Some(at(10)),
        "an older message does not move the window back"
    );
    stage
        .arrive(json!({"messages": [{"id": "wamid.3", "type": "text", "text": {"body": "who?"}}]}), 30)
        .await;
    assert_eq!(stage.count("SELECT COUNT(*) FROM messages").await, 2, "nobody sent this");
}

#[tokio::test]
async fn an_answer_clears_what_is_pending_and_its_failure_brings_the_old_start_back() {
    let stage = Stage::new().await;
    let masha = stage.agent("masha", 5).await;
    stage.ready(masha, 1).await;
    stage.write("15550000001", "wamid.1", "hello?", 10).await;
    let id = stage.owned(masha).await[0].id;

    let one = stage.answer(masha, id, "one", 20).await.expect("sends");
    assert_eq!(stage.interaction(id).await.pending_since, None);
    let two = stage.answer(masha, id, "two", 21).await.expect("sends");
    fail(&stage, one.id, 1, 30).await;
    assert_eq!(stage.interaction(id).await.pending_since, None, "the second answers");
    fail(&stage, two.id, 1, 31).await;
    assert_eq!(stage.interaction(id).await.pending_since, Some(at(10)), "the old start");

    let mut change = stage.store.begin().await.expect("begins");
    sqlx::query("DELETE FROM outbox").execute(change.db()).await.expect("as the outbox does");
    let again = outbound::retry(&mut change, masha, (id, one.id), at(40)).await.expect("tries again");
    assert_eq!(again.message.delivery.map(|state| state.attempt), Some(2));
    assert_eq!(code(outbound::retry(&mut change, masha, (id, one.id), at(40)).await), ProblemCode::Conflict);
    change.commit().await.expect("commits");
    assert_eq!(stage.interaction(id).await.pending_since, None);
    fail(&stage, one.id, 2, 50).await;
    assert_eq!(stage.interaction(id).await.pending_since, Some(at(10)));

    let mut change = stage.store.begin().await.expect("begins");
    delivery::set(&mut change, Attempt::of_message(one.id, 2), Delivery::Delivered, at(60))
        .await
        .expect("sets");
    change.commit().await.expect("commits");
    assert_eq!(stage.interaction(id).await.pending_since, None, "it arrived after all");
    stage.write("15550000001", "wamid.2", "thanks", 70).await;
    assert_eq!(stage.interaction(id).await.pending_since, Some(at(70)));
}

#[tokio::test]
async fn only_the_owner_may_write_within_the_window_and_within_reason() {
    let stage = Stage::new().await;
    let (masha, pasha) = (stage.agent("masha", 5).await, stage.agent("pasha", 5).await);
    stage.ready(masha, 1).await;
    stage.write("15550000001", "wamid.1", "hello?", 10).await;
    let id = stage.owned(masha).await[0].id;
    assert_eq!(code(stage.answer(pasha, id, "mine!", 11).await), ProblemCode::NotFound);
    for text in ["", "  \n", &"é".repeat(2049)] {
        assert_eq!(code(stage.answer(masha, id, text, 11).await), ProblemCode::UnacceptableBody);
    }
    assert!(stage.answer(masha, id, &"é".repeat(2048), 11).await.is_ok());
    assert_eq!(code(stage.answer(masha, id, "late", 10 + 86_400).await), ProblemCode::WindowClosed);
    assert!(stage.answer(masha, id, "just in time", 10 + 86_399).await.is_ok());
}

#[tokio::test]
async fn a_client_reference_is_taken_in_once() {
    let stage = Stage::new().await;
    let (masha, pasha) = (stage.agent("masha", 5).await, stage.agent("pasha", 5).await);
    stage.ready(masha, 1).await;
    stage.write("15550000001", "wamid.1", "hello?", 10).await;
    let id = stage.owned(masha).await[0].id;
    let wanted = SendMessage {
        client_ref: ClientRef::new(at(20), random::bytes()),
        body: OutgoingBody::Text { text: "once".to_owned() },
        quote: Some(stage.transcript(id).await[0].id),
        responses: Vec::new(),
    };
    let mut seen = Vec::new();
    for seconds in 20..24 {
        let mut change = stage.store.begin().await.expect("begins");
        seen.push(
            outbound::send(&mut change, masha, (id, &wanted), &Limits::default(), at(seconds))
                .await
                .expect("sends")
                .message,
        );
        change.commit().await.expect("commits");
    }
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(seen[0].quote.as_ref().map(|quote| &*quote.excerpt), Some("hello?"));
    assert_eq!(stage.count("SELECT COUNT(*) FROM outbox").await, 1);
    let mut change = stage.store.begin().await.expect("begins");
    assert_eq!(
        code(outbound::send(&mut change, pasha, (id, &wanted), &Limits::default(), at(30)).await),
        ProblemCode::Conflict
    );
}

#[tokio::test]
async fn a_status_may_come_before_the_answer_and_instead_of_it() {
    let stage = Stage::new().await;
    let masha = stage.agent("masha", 5).await;
    stage.ready(masha, 1).await;
    stage.write("15550000001", "wamid.1", "hello?", 10).await;
    let id = stage.owned(masha).await[0].id;
    let one = stage.answer(masha, id, "one", 20).await.expect("sends");
    let two = stage.answer(masha, id, "two", 21).await.expect("sends");

    stage.status("wamid.out1", "read", None, 30).await;
    stage.status("wamid.out1", "sent", None, 29).await;
    let mut change = stage.store.begin().await.expect("begins");
    sending::name_attempt(change.db(), Attempt::of_message(one.id, 1), "wamid.out1").await.expect("names");
    delivery::set(&mut change, Attempt::of_message(one.id, 1), Delivery::Sent, at(31)).await.expect("sets");
    delivery::apply_waiting_statuses(&mut change, "wamid.out1", at(31)).await.expect("applies");
    delivery::set(&mut change, Attempt::of_message(two.id, 1), Delivery::Uncertain, at(31))
        .await
        .expect("sets");
    change.commit().await.expect("commits");

    stage.status("wamid.out2", "delivered", Some(&format!("{}:1", two.id)), 40).await;
    stage.status("wamid.out2", "delivered", Some(&format!("{}:1", two.id)), 40).await;
    stage.status("wamid.out2", "later", None, 41).await;
    stage.status("wamid.out2", "sent", None, 42).await;
    for nonsense in ["", ":", "msg_:1", "msg_00000000000070008000000000000000:1", "x:y:z"] {
        stage.status("wamid.other", "sent", Some(nonsense), 43).await;
    }
    let states: Vec<_> =
        stage.transcript(id).await.into_iter().filter_map(|message| message.delivery).collect();
    assert_eq!((&states[0].delivery, states[0].at), (&Delivery::Read, at(30)));
    assert_eq!((&states[1].delivery, states[1].at), (&Delivery::Delivered, at(40)));
    assert_eq!(stage.count("SELECT COUNT(*) FROM outbox").await, 0);
    assert_eq!(stage.count("SELECT COUNT(*) FROM statuses WHERE wamid = 'wamid.out2'").await, 3);
}

#[tokio::test]
async fn whoever_leaves_hands_over_what_is_pending_and_the_rest_lies_in_their_workbin_until_the_contact_writes()
 {
    let stage = Stage::new().await;
    let (masha, pasha) = (stage.agent("masha", 5).await, stage.agent("pasha", 5).await);
    stage.ready(masha, 1).await;
    stage.write("15550000001", "wamid.1", "answered", 10).await;
    stage.write("15550000002", "wamid.2", "not answered", 11).await;
    let owned = stage.owned(masha).await;
    let [answered, pending] = &*owned else { panic!("{owned:?}") };
    stage.answer(masha, answered.id, "there", 20).await.expect("sends");
    stage.ready(pasha, 21).await;
    let mut change = stage.store.begin().await.expect("begins");
    let token = crate::auth::TokenHash::of("none");
    status::sign_out(&mut change, masha, &token, at(30)).await.expect("signs out");
    change.commit().await.expect("commits");
    assert_eq!(stage.interaction(pending.id).await.owner, Some(pasha));
    let lies = Phase::InWorkbin { workbin: workbins::own(masha) };
    assert_eq!(stage.interaction(answered.id).await.phase, lies);
    let gone = Event::InteractionRemoved { interaction: pending.id, why: Departure::ToWorkbin };
    assert!(stage.feed(masha).await.contains(&gone));

    stage.write("15550000001", "wamid.3", "one more thing", 40).await;
    assert_eq!(stage.interaction(answered.id).await.owner, Some(pasha));
    let mut change = stage.store.begin().await.expect("begins");
    status::disable(&mut change, "PASHA ", at(50)).await.expect("disables").expect("is known");
    change.commit().await.expect("commits");
    assert_eq!(stage.interaction(pending.id).await.phase, Phase::Queued);
    assert_eq!(stage.interaction(pending.id).await.pending_since, Some(at(11)));
}

#[tokio::test]
async fn reactions_edits_and_deletions_find_their_message_even_if_they_come_first() {
    let stage = Stage::new().await;
    let masha = stage.agent("masha", 5).await;
    stage.ready(masha, 1).await;
    let from = |id: &str, seconds: i64, kind: &str, part: serde_json::Value| json!({"messages": [{"from": "15550000001", "id": id, "timestamp": at(seconds).timestamp().to_string(), "type": kind, kind: part}]});
    let react = |id: &str, seconds, emoji: &str| {
        from(id, seconds, "reaction", json!({"message_id": "wamid.1", "emoji": emoji}))
    };
    stage.arrive(react("wamid.r1", 12, "👍"), 9).await;
    assert_eq!(stage.count("SELECT COUNT(*) FROM interactions").await, 0, "a reaction opens nothing");
    stage.write("15550000001", "wamid.1", "helo", 10).await;
    let id = stage.owned(masha).await[0].id;
    assert_eq!(stage.transcript(id).await[0].reactions[0].emoji, "👍");

    stage.arrive(react("wamid.r3", 14, ""), 14).await;
    stage.arrive(react("wamid.r2", 13, "❤️"), 15).await;
    stage.arrive(react("wamid.r1", 12, "👍"), 16).await;
    assert!(stage.transcript(id).await[0].reactions.is_empty(), "what was taken off stays off");

    let edit =
        json!({"original_message_id": "wamid.1", "message": {"type": "text", "text": {"body": "hello"}}});
    stage.arrive(from("wamid.e", 20, "edit", edit), 20).await;
    assert_eq!(stage.transcript(id).await[0].fallback, "hello");
    stage.arrive(from("wamid.d", 30, "revoke", json!({"original_message_id": "wamid.1"})), 30).await;
    assert_eq!(stage.transcript(id).await[0].body, Body::Deleted);
    let feed = stage.feed(masha).await;
    assert!(matches!(feed.last(), Some(Event::MessageChanged { message }) if message.body == Body::Deleted));

    let ours = stage.answer(masha, id, "ours", 40).await.expect("sends");
    let mut change = stage.store.begin().await.expect("begins");
    sending::name_attempt(change.db(), Attempt::of_message(ours.id, 1), "wamid.ours").await.expect("names");
    change.commit().await.expect("commits");
    stage.arrive(from("wamid.x", 50, "revoke", json!({"original_message_id": "wamid.ours"})), 50).await;
    assert_eq!(stage.transcript(id).await[1].fallback, "ours", "nobody takes back what others wrote");
    assert_eq!(stage.interaction(id).await.pending_since, None, "none of this is to be answered");
}

#[tokio::test]
async fn two_contacts_who_prove_to_be_one_become_one() {
    let stage = Stage::new().await;
    let (masha, pasha) = (stage.agent("masha", 1).await, stage.agent("pasha", 1).await);
    stage.ready(masha, 1).await;
    let text = |who: serde_json::Value, id: &str, seconds: i64, words: &str| {
        let mut message = json!({"id": id, "timestamp": at(seconds).timestamp().to_string(), "type": "text", "text": {"body": words}});
        for (key, value) in who.as_object().expect("an object") {
            message[key] = value.clone();
        }
        json!({"messages": [message]})
    };
    stage.arrive(text(json!({"from_user_id": "US.1"}), "wamid.1", 10, "by id"), 10).await;
    stage.arrive(text(json!({"from": "15550000001"}), "wamid.2", 20, "by phone"), 20).await;
    stage.ready(pasha, 25).await;
    let both = json!({"from_user_id": "US.1", "from": "15550000001"});
    stage.arrive(text(both, "wamid.3", 30, "by both"), 30).await;

    assert_eq!(stage.count("SELECT COUNT(*) FROM interactions WHERE is_open = 1").await, 1);
    assert_eq!(stage.count("SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL").await, 1);
    let owned = [stage.owned(masha).await, stage.owned(pasha).await].concat();
    let [interaction] = &*owned else { panic!("{owned:?}") };
    assert_eq!(interaction.pending_since, Some(at(10)));
    assert_eq!(interaction.window.last_inbound_at, Some(at(30)));
    assert_eq!(interaction.contact.whatsapp.user_id.as_deref(), Some("US.1"));
    assert_eq!(interaction.contact.whatsapp.phone.as_deref(), Some("15550000001"));
    let said: Vec<_> =
        stage.transcript(interaction.id).await.into_iter().map(|message| message.fallback).collect();
    assert_eq!(said, ["by id", "by phone", "by both"]);
}

#[tokio::test]
async fn a_contact_who_changes_number_or_user_id_stays_the_same_contact() {
    let stage = Stage::new().await;
    let masha = stage.agent("masha", 5).await;
    stage.ready(masha, 1).await;
    stage.write("15550000001", "wamid.1", "hello", 10).await;
    let system = |id: &str, part: serde_json::Value| json!({"messages": [{"from": "15550000001", "id": id, "timestamp": "1780000020", "type": "system", "system": part}]});
    let moved = json!({"type": "user_changed_number", "wa_id": "15550000002", "body": "User moved"});
    stage.arrive(system("wamid.s", moved.clone()), 20).await;
    stage.arrive(system("wamid.s", moved), 21).await;
    stage.write("15550000002", "wamid.2", "me again", 30).await;
    let owned = stage.owned(masha).await;
    assert_eq!(owned.len(), 1);
    assert_eq!(owned[0].contact.whatsapp.phone.as_deref(), Some("15550000002"));
    let transcript = stage.transcript(owned[0].id).await;
    assert_eq!(transcript.len(), 3);
    assert_eq!(transcript[1].author, Author::System);

    let strangers = json!({"type": "user_changed_number", "new_wa_id": "15550000009", "body": "User moved"});
    let stranger = json!({"messages": [{"from": "15550000008", "id": "wamid.t", "type": "system", "system": strangers}]});
    stage.arrive(stranger, 40).await;
    assert_eq!(
        stage.count("SELECT COUNT(*) FROM contacts").await,
        1,
        "a stranger's new number makes no contact"
    );

    let new_id = json!({"type": "user_changed_user_id", "user_id": "US.2", "wa_id": "15550000002", "body": "User US.1 is US.2 now."});
    stage.arrive(system("wamid.u", new_id), 50).await;
    let contact = stage.owned(masha).await.remove(0).contact;
    assert_eq!(contact.whatsapp.user_id.as_deref(), Some("US.2"));
    assert!(stage.feed(masha).await.iter().any(|event| matches!(event, Event::ContactChanged { .. })));
}
