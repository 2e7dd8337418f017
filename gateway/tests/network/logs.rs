//! What the log must not hold: whom somebody wrote to, what they wrote, and what opens doors.

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use waxwing_gateway::{clock::Clock, config::LogLevel};
use waxwing_protocol::{api, delivery::Delivery, event::Event, id::InteractionId};

use crate::bench::Bench;

const PHONE: &str = "15550177331";
const OTHER_PHONE: &str = "15550177332";
const USER_ID: &str = "US.77133177";
const NAME: &str = "Zwetschgenknoedel";
const HEARD: &str = "bluefinch";
const SAID: &str = "greenfinch";
const PASSWORD: &str = "redfinch";

fn webhook(phone_number_id: &str, field: &str, message: &Value) -> Value {
    let contact = json!({"wa_id": PHONE, "user_id": USER_ID, "profile": {"name": NAME}});
    let value = json!({"metadata": {"phone_number_id": phone_number_id}, "contacts": [contact], "messages": [message]});
    json!({"object": "whatsapp_business_account", "entry": [{"changes": [{"field": field, "value": value}]}]})
}

/// What WhatsApp says: a message, one of no known kind, one for somebody else, and names that would forge lines of the log.
async fn hear(bench: &Bench) {
    let ours = bench.simulator.config().phone_number_id.clone();
    let text = |wamid: &str| json!({"from": PHONE, "id": wamid, "type": "text", "text": {"body": HEARD}});
    bench.control("webhook", &webhook(&ours, "messages", &text("wamid.1"))).await;
    let odd = json!({"from": OTHER_PHONE, "id": "wamid.2", "type": HEARD, "errors": [{"code": 1, "details": HEARD}]});
    bench.control("webhook", &webhook(&ours, "messages", &odd)).await;
    bench.control("webhook", &webhook("777", "messages", &text("wamid.3"))).await;
    bench.control("webhook", &webhook(&ours, "\u{1b}[31m\r\nforged \u{202e}line", &text("wamid.4"))).await;
    let update = json!({"id": "wamid.none", "status": "failed", "recipient_id": PHONE, "errors": [{"code": 190, "title": HEARD}]});
    let value =
        json!({"metadata": {"phone_number_id": ours}, "statuses": [update], "errors": [{"code": HEARD}]});
    bench.control("webhook", &json!({"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "messages", "value": value}]}]})).await;
}

/// What an agent does beside writing: each touches something private.
async fn act(bench: &mut Bench, interaction: InteractionId) {
    let ours = bench.simulator.config().phone_number_id.clone();
    let moved = format!("{NAME} changed from {PHONE} to {PHONE}");
    let system = json!({"from": PHONE, "id": "wamid.system", "type": "system",
        "system": {"body": moved, "wa_id": PHONE, "user_id": USER_ID, "type": "user_changed_user_id"}});
    bench.control("webhook", &webhook(&ours, "messages", &system)).await;
    let card = json!({"from": PHONE, "id": "wamid.card", "type": "contacts",
        "contacts": [{"name": {"formatted_name": NAME}, "phones": [{"phone": OTHER_PHONE}]}]});
    bench.control("webhook", &webhook(&ours, "messages", &card)).await;
    let message = bench.said(&format!("[Contact card] {NAME}")).await.id;
    let now = Clock::system().now();
    for (method, path, body) in [
        (
            Method::PUT,
            api::draft(interaction),
            json!({"text": SAID, "device": NAME, "at": now, "based_on": 0}),
        ),
        (Method::POST, api::contact_details(interaction), json!({"message": message, "card": 0})),
        (Method::PUT, api::read(interaction), json!({"up_to": message})),
        (Method::POST, api::typing(interaction), json!(null)),
        (Method::PUT, api::reaction(interaction, message), json!({"emoji": "👍"})),
    ] {
        let _: Value = bench.desktop.call(method, &path, Some(&body)).await;
    }
    bench.reacted(message, |own| own.is_some_and(|(_, sending)| sending.is_failed())).await;
}

/// Calls that are refused; gives how.
async fn knock(bench: &Bench) -> Vec<StatusCode> {
    let url = &bench.desktop.url;
    // A call that is refused unread ends its connection: each call has one of its own.
    let http = Client::builder().pool_max_idle_per_host(0).build().expect("a client");
    let webhooks = format!("{url}/webhooks/whatsapp");
    let mut refused = Vec::new();
    for request in [
        http.post(&webhooks).body(HEARD),
        http.post(&webhooks).header("x-hub-signature-256", format!("sha256={HEARD}")).body(HEARD),
        http.post(&webhooks).header("content-encoding", "gzip").body(HEARD),
        http.post(&webhooks).body(HEARD.repeat(1_000_000)),
        http.get(format!("{webhooks}?hub.mode=subscribe&hub.challenge=1&hub.verify_token={PASSWORD}")),
        http.delete(&webhooks),
        http.post(format!("{url}{}", api::SIGN_IN))
            .json(&json!({"user_name": NAME, "password": PASSWORD, "device": "x"})),
        http.post(format!("{url}{}", api::SIGN_IN)).json(&json!({"user_name": PASSWORD})),
        http.get(format!("{url}{}", api::EVENTS)).bearer_auth(PASSWORD),
        http.get(format!("{url}/{HEARD}")),
    ] {
        refused.push(request.send().await.expect("answers").status());
    }
    refused
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_holds_nothing_private_and_no_forged_line() {
    let mut bench = Bench::start_with(|config| {
        config.log_level = LogLevel::Debug;
        config.outbox_status_wait_seconds = 1;
        config.graph_request_seconds = 1;
    })
    .await;
    hear(&bench).await;
    let heard = |event: &Event| match event {
        Event::InteractionAdded { interaction, transcript, .. } if transcript[0].fallback == HEARD => {
            Some(interaction.id)
        }
        _ => None,
    };
    let interaction = bench.desktop.wait(heard).await;
    act(&mut bench, interaction).await;
    let ours = bench.simulator.config().phone_number_id.clone();
    for (round, fault) in (1..).zip([
        json!({"fault": "fail_with", "code": 131_000}),
        json!({"fault": "drop_answer"}),
        json!({"fault": "server_error"}),
        json!({"fault": "hang"}),
        json!({"fault": "fail_with", "code": 131_047}),
    ]) {
        // The network does not know this contact, and refuses what is sent to them: they have to write again each time.
        let words = format!("{HEARD} {round}");
        let again = json!({"from": PHONE, "id": format!("wamid.again{round}"), "type": "text", "text": {"body": words}});
        bench.control("webhook", &webhook(&ours, "messages", &again)).await;
        bench.said(&words).await;
        bench.control("faults", &fault).await;
        let message = bench.send(interaction, SAID).await;
        bench
            .delivered(message, |delivery| delivery.is_failed() || delivery.rank() >= Delivery::Sent.rank())
            .await;
    }
    let refused = knock(&bench).await;
    assert!(refused.iter().all(StatusCode::is_client_error), "{refused:?}");
    bench.stop_gateway();
    let log = bench.log();
    let network = bench.simulator.config();
    let secrets = [&network.token, &network.app_secret, &bench.desktop.token];
    let marked = [PHONE, OTHER_PHONE, USER_ID, NAME, HEARD, SAID, PASSWORD];
    for private in marked.into_iter().chain(secrets.map(String::as_str)) {
        let line = log.lines().find(|line| line.contains(private));
        assert_eq!(line, None, "{private}");
    }
    assert!(log.contains("DEBUG") && log.lines().all(|line| line.starts_with("20")), "{log}");
    assert!(!log.contains(['\u{1b}', '\r', '\u{202e}']) && log.contains("forged"), "{log}");
    for reason in [
        "signature is missing",
        "not compressed",
        "more than the call takes",
        "verify token",
        "does not take that method",
    ] {
        let told = |line: &&str| line.contains("a webhook call was refused") && line.contains(reason);
        assert!(log.lines().any(|line| told(&line)), "{reason}: {log}");
    }
}
