//! What agents do in a conversation, as it goes over the wire: reactions, replies, what was read, who is writing.

use reqwest::Method;
use serde_json::{Value, json};
use waxwing_protocol::{
    api,
    delivery::{Delivery, Step},
    event::Event,
    id::{InteractionId, MessageId},
    message::{Body, Message},
};

use crate::bench::Bench;

const ANA: &str = "15550100999";

/// A conversation in which the contact has said one thing.
async fn begin() -> (Bench, InteractionId, MessageId) {
    let mut bench = Bench::start().await;
    let interaction = bench.hear(ANA, "Hi").await.id;
    let message = bench.said("Hi").await.id;
    (bench, interaction, message)
}

async fn react(bench: &Bench, path: &str, emoji: Option<&str>) -> Message {
    bench.desktop.call(Method::PUT, path, Some(&json!({"emoji": emoji}))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reaction_reaches_the_contact_and_can_be_taken_off() {
    let (mut bench, interaction, message) = begin().await;
    let path = api::reaction(interaction, message);
    let accepted = react(&bench, &path, Some("❤")).await;
    assert_eq!(accepted.reactions[0].emoji, "❤️", "as Unicode writes it in full");
    bench.reacted(message, |own| own.is_some_and(|(_, sending)| *sending == Delivery::Sent)).await;
    react(&bench, &path, None).await;
    let received = bench.received(2).await;
    let target = received[0].body["reaction"]["message_id"].clone();
    assert!(target.as_str().is_some_and(|id| id.starts_with("wamid.")));
    assert_eq!(received[0].body["reaction"]["emoji"], "❤️");
    assert_eq!(received[1].body["reaction"], json!({"message_id": target, "emoji": ""}));
    assert_eq!(received[1].body["biz_opaque_callback_data"], format!("{message}:r2"));
    assert_eq!(received[1].body["to"], format!("+{ANA}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn reactions_and_messages_to_one_contact_keep_their_order() {
    let (mut bench, interaction, message) = begin().await;
    bench.control("faults", &json!({"fault": "fail_with", "code": 131_056})).await;
    let first = bench.send(interaction, "first").await;
    react(&bench, &api::reaction(interaction, message), Some("👍")).await;
    let second = bench.send(interaction, "second").await;
    bench.delivered(second, |delivery| *delivery == Delivery::Sent).await;
    bench.delivered(first, |delivery| *delivery == Delivery::Sent).await;
    let received = bench.received(4).await;
    let kinds: Vec<&Value> =
        received.iter().filter(|one| one.wamid.is_some()).map(|one| &one.body["type"]).collect();
    assert_eq!(kinds, ["text", "reaction", "text"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reaction_whose_answer_got_lost_is_settled_by_its_status_and_not_sent_again() {
    let (mut bench, interaction, message) = begin().await;
    bench.control("faults", &json!({"fault": "drop_answer"})).await;
    react(&bench, &api::reaction(interaction, message), Some("👍")).await;
    bench.reacted(message, |own| own.is_some_and(|(_, sending)| *sending == Delivery::Sent)).await;
    assert_eq!(bench.received(1).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reaction_that_whatsapp_refuses_stays_with_its_reason() {
    let (mut bench, interaction, message) = begin().await;
    bench.control("faults", &json!({"fault": "fail_with", "code": 131_009})).await;
    react(&bench, &api::reaction(interaction, message), Some("👍")).await;
    let (emoji, sending) = bench
        .reacted(message, |own| own.is_some_and(|(_, sending)| sending.is_failed()))
        .await
        .expect("is shown");
    let Delivery::Failed(failure) = sending else { panic!("failed") };
    assert_eq!(emoji, "👍");
    assert!(failure.reason.contains("too old"), "{failure:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_is_told_once_for_the_newest_message_and_again_after_a_fault() {
    let (mut bench, interaction, _first) = begin().await;
    let wamid = bench.simulator.say(ANA, &json!({"type": "text", "text": {"body": "and?"}}));
    let newest = bench.said("and?").await.id;
    bench.control("faults", &json!({"fault": "fail_with", "code": 131_000, "to": "read"})).await;
    let () = bench.desktop.call(Method::PUT, &api::read(interaction), Some(&json!({"up_to": newest}))).await;
    let message = bench.send(interaction, "Hello").await;
    bench.delivered(message, |delivery| *delivery == Delivery::Sent).await;
    bench.received(3).await;
    let reads = bench.asked("reads").await;
    assert_eq!(reads.len(), 2, "refused once, then taken");
    for read in reads {
        assert_eq!(
            read["body"],
            json!({"messaging_product": "whatsapp", "status": "read", "message_id": wamid})
        );
    }
    let sent = bench.asked("sent").await;
    assert_eq!(sent.len(), 1, "what is sent does not wait for it");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_while_whatsapp_could_not_be_told_is_told_after_a_restart() {
    let (mut bench, interaction, message) = begin().await;
    bench.control("faults", &json!({"fault": "fail_with", "code": 131_000, "to": "read"})).await;
    let () = bench.desktop.call(Method::PUT, &api::read(interaction), Some(&json!({"up_to": message}))).await;
    bench.received(1).await;
    bench.kill_gateway();
    bench.start_gateway();
    bench.received(2).await;
    assert_eq!(bench.asked("reads").await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn writing_is_shown_once_in_twenty_seconds() {
    let (bench, interaction, _message) = begin().await;
    for _often in 0..3 {
        let () = bench.desktop.call(Method::POST, &api::typing(interaction), None).await;
    }
    bench.received(1).await;
    let shown = bench.asked("typing").await;
    assert_eq!(shown.len(), 1);
    assert_eq!(shown[0]["body"]["typing_indicator"], json!({"type": "text"}));
    assert_eq!(shown[0]["body"]["status"], "read");
    assert!(bench.asked("reads").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn replies_name_what_they_answer_both_ways() {
    let (mut bench, interaction, theirs) = begin().await;
    let ours = bench.reply(interaction, "Hello", theirs).await;
    bench.delivered(ours, |delivery| *delivery == Delivery::Sent).await;
    let again = bench.reply(interaction, "and more", ours).await;
    bench.delivered(again, |delivery| *delivery == Delivery::Sent).await;
    let received = bench.received(2).await;
    let quoted = |at: usize| received[at].body["context"]["message_id"].as_str().map(str::to_owned);
    assert!(quoted(0).is_some_and(|id| id.starts_with("wamid.")));
    assert_eq!(quoted(1), received[0].wamid, "our own message can be answered, too");

    let reply = |marker: &str, said: &str| {
        let payload = json!({"type": "text", "text": {"body": said}, "context": {"id": marker}});
        bench.simulator.say(ANA, &payload);
    };
    reply("$said", "to mine");
    reply("$last", "to yours");
    let quote = bench.said("to mine").await.quote.expect("a quote");
    assert_eq!((quote.message, &*quote.excerpt, quote.by_contact), (Some(theirs), "Hi", true));
    let quote = bench.said("to yours").await.quote.expect("a quote");
    assert_eq!((quote.message, &*quote.excerpt, quote.by_contact), (Some(again), "and more", false));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_tells_when_it_reached_each_step() {
    let (mut bench, interaction, _theirs) = begin().await;
    let message = bench.send(interaction, "Hello").await;
    bench.delivered(message, |delivery| *delivery == Delivery::Read).await;
    let reached = bench
        .desktop
        .wait(|event| match event {
            Event::DeliveryChanged { message: of, state, .. }
                if *of == message && state.reached.len() == 4 =>
            {
                Some(state.reached.clone())
            }
            _ => None,
        })
        .await;
    let steps: Vec<Step> = reached.iter().map(|one| one.step).collect();
    assert_eq!(steps, [Step::Accepted, Step::Sent, Step::Delivered, Step::Read]);
    assert!(reached[2..].iter().all(|one| one.at.timestamp_subsec_millis() == 0), "{reached:?}");
}
#[tokio::test(flavor = "multi_thread")]
async fn contacts_react_change_and_take_back_what_they_said() {
    let (mut bench, interaction, _theirs) = begin().await;
    let ours = bench.send(interaction, "Hello").await;
    bench.delivered(ours, |delivery| *delivery == Delivery::Sent).await;
    let say = |payload: Value| bench.simulator.say(ANA, &payload);
    say(json!({"type": "reaction", "reaction": {"message_id": "$last", "emoji": "🙏"}}));
    let wamid = say(json!({"type": "text", "text": {"body": "tomorow"}}));
    say(json!({"type": "edit", "edit": {"original_message_id": wamid,
        "message": {"type": "text", "text": {"body": "tomorrow"}}}}));
    let changed = bench.changed(|message| message.fallback == "tomorrow").await;
    assert_eq!(changed.earlier.iter().map(|one| &*one.text).collect::<Vec<_>>(), ["tomorow"]);
    bench.changed(|message| message.id == ours && message.reactions.len() == 1).await;
    bench.simulator.say(ANA, &json!({"type": "revoke", "revoke": {"original_message_id": wamid}}));
    let gone = bench.changed(|message| message.body == Body::Deleted).await;
    assert!(gone.earlier.is_empty());
}
