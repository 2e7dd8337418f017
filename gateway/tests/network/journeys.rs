//! When all goes well, and when the gateway comes back.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::json;
use waxwing_gateway::{
    clock::Clock,
    handling::status,
    store::{Store, agents, interactions, webhooks},
};
use waxwing_protocol::{
    delivery::Delivery,
    event::Event,
    library::{self, LibraryPage},
    response::Category,
};

use crate::bench::{Bench, Desktop, words};

const ANA: &str = "15550100999";

#[tokio::test(flavor = "multi_thread")]
async fn what_a_contact_says_reaches_the_agent_and_the_answer_reaches_the_contact_once() {
    let mut bench = Bench::start().await;
    let interaction = bench.hear(ANA, "Guten Tag, صباح الخير 👋").await;
    let message = bench.send(interaction.id, "Olá! नमस्ते 🙂").await;
    bench.delivered(message, |delivery| *delivery == Delivery::Sent).await;
    bench.delivered(message, |delivery| *delivery == Delivery::Read).await;
    let received = bench.received(1).await;
    assert_eq!(words(&received), ["Olá! नमस्ते 🙂"]);
    assert_eq!(received[0].body["to"], format!("+{ANA}"));
    assert_eq!(received[0].body["biz_opaque_callback_data"], format!("{message}:1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_without_a_phone_number_is_written_to_by_user_id() {
    let mut bench = Bench::start().await;
    let interaction = bench.hear("mateo", "Hola").await;
    let message = bench.send(interaction.id, "Hola Mateo").await;
    bench.delivered(message, |delivery| *delivery == Delivery::Sent).await;
    let received = bench.received(1).await;
    assert_eq!(received[0].body.get("to"), None);
    assert!(received[0].body["recipient"].as_str().is_some_and(|id| id.starts_with("US.")));
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_to_one_contact_arrive_in_the_order_in_which_they_were_written() {
    let mut bench = Bench::start().await;
    let first = bench.hear(ANA, "Hi").await;
    let second = bench.hear("15550100998", "Hello").await;
    let mut last = None;
    for count in 0..20 {
        bench.send(first.id, &format!("a{count:02}")).await;
        last = Some(bench.send(second.id, &format!("b{count:02}")).await);
    }
    bench.delivered(last.expect("a message"), |delivery| *delivery == Delivery::Sent).await;
    let received = bench.received(40).await;
    let words = words(&received);
    for letter in ["a", "b"] {
        let of: Vec<&str> = words.iter().copied().filter(|word| word.starts_with(letter)).collect();
        assert_eq!(of.len(), 20);
        assert!(of.is_sorted(), "{of:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_that_come_twice_or_in_another_order_change_nothing() {
    let mut bench = Bench::start().await;
    bench.control("faults", &json!({"fault": "duplicate", "next": 3})).await;
    bench.control("faults", &json!({"fault": "reorder", "next": 2})).await;
    let interaction = bench.hear(ANA, "once").await;
    let message = bench.send(interaction.id, "and once").await;
    bench.delivered(message, |delivery| *delivery == Delivery::Read).await;
    let heard = |event: &&Event| match event {
        Event::MessageAdded { message } => message.fallback == "once",
        Event::InteractionAdded { transcript, .. } => transcript.iter().any(|m| m.fallback == "once"),
        _ => false,
    };
    assert_eq!(bench.desktop.events.iter().filter(heard).count(), 1);
    assert_eq!(words(&bench.received(1).await), ["and once"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waited_when_the_gateway_stopped_leaves_when_it_is_back() {
    let mut bench = Bench::start().await;
    let interaction = bench.hear(ANA, "Hi").await;
    bench.control("faults", &json!({"fault": "fail_with", "code": 131_056, "next": 2})).await;
    let first = bench.send(interaction.id, "first").await;
    let second = bench.send(interaction.id, "second").await;
    bench.received(1).await;
    bench.stop_gateway();
    bench.start_gateway();
    bench.delivered(second, |delivery| *delivery == Delivery::Sent).await;
    bench.delivered(first, |delivery| *delivery == Delivery::Sent).await;
    let received = bench.received(4).await;
    assert_eq!(words(&received), ["first", "second"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_in_flight_when_the_gateway_was_killed_is_not_sent_again() {
    let mut bench = Bench::start_with(|config| config.outbox_status_wait_seconds = 2).await;
    let interaction = bench.hear(ANA, "Hi").await;
    bench.control("faults", &json!({"fault": "hang"})).await;
    let first = bench.send(interaction.id, "in flight").await;
    let second = bench.send(interaction.id, "behind it").await;
    bench.received(1).await;
    bench.kill_gateway();
    bench.start_gateway();
    bench.delivered(first, |delivery| *delivery == Delivery::Uncertain).await;
    let delivery = bench.delivered(first, Delivery::is_failed).await;
    let Delivery::Failed(failure) = delivery else { panic!("failed") };
    assert!(failure.can_retry && failure.reason.contains("may have arrived"));
    bench.delivered(second, |delivery| *delivery == Delivery::Sent).await;
    let received = bench.received(2).await;
    assert_eq!(received.len(), 2);
    assert_eq!(words(&received), ["behind it"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_plays_once_its_agent_is_ready() {
    let folder = tempfile::tempdir().expect("a folder");
    let options = waxwing_gateway::embedded::Options {
        data_folder: folder.path().to_owned(),
        decoder: env!("CARGO_BIN_EXE_waxwing-gateway").into(),
        speed: 100.0,
    };
    let demo = waxwing_gateway::embedded::start(&options).await.expect("starts");
    let mut desktop = Desktop::sign_in(&demo.gateway_url, &demo.user_name, &demo.password).await;
    let interaction = desktop
        .wait(|event| match event {
            Event::InteractionAdded { interaction, .. } => Some((**interaction).clone()),
            _ => None,
        })
        .await;
    let message = desktop.send(interaction.id, "Hello from the demo").await;
    desktop.delivered(message, |delivery| *delivery == Delivery::Sent).await;
    let library: LibraryPage = desktop.call(Method::GET, library::LIBRARY, None).await;
    assert!(library.responses.len() >= 15 && library.categories.len() >= 4, "it begins with the sample");
    let first = library.categories[0].id;
    let renamed = json!({"name": "Shelf", "parent": library.categories[0].parent});
    let _: Category = desktop.call(Method::PUT, &library::category(first), Some(&renamed)).await;
    demo.stop().await;
    let again = waxwing_gateway::embedded::start(&options).await.expect("starts on the same folder");
    again.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_contact_says_while_the_gateway_is_away_comes_when_it_is_back() {
    let mut bench = Bench::start().await;
    bench.stop_gateway();
    bench.simulator.say(ANA, &json!({"type": "text", "text": {"body": "anybody there?"}}));
    bench.start_gateway();
    let phone = bench
        .desktop
        .wait(|event| match event {
            Event::InteractionAdded { interaction, .. } => interaction.contact.whatsapp.phone.clone(),
            _ => None,
        })
        .await;
    assert_eq!(phone, ANA);
}

/// The business number's next webhook: a text by whoever `message` and `contacts` say.
fn recycled(bench: &Bench, from: &serde_json::Value) -> serde_json::Value {
    let mut message = json!({"id": "wamid.recycled", "timestamp": Clock::system().now().timestamp().to_string(), "type": "text", "text": {"body": "Who is this?"}});
    for (key, value) in from.as_object().expect("an object") {
        message[key] = value.clone();
    }
    let metadata = json!({"phone_number_id": bench.simulator.config().phone_number_id});
    let value = json!({"messaging_product": "whatsapp", "metadata": metadata, "messages": [message]});
    json!({"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "messages", "value": value}]}]})
}

#[tokio::test(flavor = "multi_thread")]
async fn the_new_owner_of_a_phone_number_does_not_get_the_former_owners_answers() {
    let mut bench = Bench::start().await;
    let former = bench.hear(ANA, "Please send me my bill").await;
    assert!(former.contact.whatsapp.user_id.is_some());
    let webhook = recycled(&bench, &json!({"from": ANA, "from_user_id": "US.999"}));
    bench.control("webhook", &webhook).await;
    bench
        .desktop
        .wait(|event| {
            matches!(event, Event::InteractionAdded { interaction, .. } if interaction.contact.whatsapp.user_id.as_deref() == Some("US.999")).then_some(())
        })
        .await;
    bench.send(former.id, "Here is your bill").await;
    let received = bench.received(1).await;
    assert_eq!(received[0].body.get("to"), None, "{}", received[0].body);
    assert_eq!(received[0].body["recipient"].as_str(), former.contact.whatsapp.user_id.as_deref());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_handled_is_handled_at_the_next_start() {
    let mut bench = Bench::start().await;
    bench.stop_gateway();
    let body = recycled(&bench, &json!({"from": "15550100777"})).to_string();
    let store = bench.store().await;
    let mut change = store.begin().await.expect("begins");
    let failed = webhooks::Outcome::Failed("a fault of ours".to_owned());
    webhooks::keep(change.db(), body.as_bytes(), &failed, Clock::system().now()).await.expect("keeps");
    change.commit().await.expect("commits");
    store.close().await;
    bench.start_gateway();
    bench
        .desktop
        .wait(|event| {
            matches!(event, Event::InteractionAdded { transcript, .. } if transcript[0].fallback == "Who is this?").then_some(())
        })
        .await;
}

/// As `agent disable` and `agent password` do, from another process.
#[tokio::test(flavor = "multi_thread")]
async fn an_open_poll_ends_within_seconds_when_its_agent_is_disabled_or_gets_another_password() {
    for disable in [true, false] {
        let mut bench = Bench::start().await;
        let pending = bench.hear(ANA, "Anybody there?").await;
        let (began, database) = (Clock::system().now(), bench.database());
        let poll = bench.desktop.poll_until_refused();
        let elsewhere = async {
            let store = Store::open(&database).await.expect("opens");
            let mut change = store.begin().await.expect("begins");
            if disable {
                status::disable(&mut change, "ana", Clock::system().now()).await.expect("disables");
            } else {
                agents::set_password(&mut change, "ana", "no hash").await.expect("changes");
            }
            change.commit().await.expect("commits");
            store
        };
        let ((), store) = tokio::join!(poll, elsewhere);
        let took = Clock::system().now() - began;
        assert!(took < TimeDelta::seconds(5), "{took}");
        if disable {
            let mut read = store.read().await.expect("reads");
            let left = interactions::known(read.db(), pending.id).await.expect("reads");
            assert_eq!(left.owner, None, "what waits for an answer goes back to the queue");
        }
    }
}
