//! What is posted to the gateway: messages of contacts and statuses of ours, signed, ASCII only, repeated until taken.

use std::{sync::Arc, time::Duration};

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::{
    sync::mpsc,
    time::{sleep, timeout},
};

use super::{
    faults::Fault,
    network::{Identity, Network},
};

/// The pauses between the repetitions of a webhook begin with the first and end with the last of these.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LAST_PAUSE: Duration = Duration::from_mins(1);
/// How long the gateway may take to answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// Seconds of life from acceptance to each status.
const SENT_AFTER: f64 = 0.2;
const DELIVERED_AFTER: f64 = 0.6;
const READ_AFTER: f64 = 2.0;
/// Seconds of life that a webhook waits at most for one that overtakes it.
const OVERTAKEN_WITHIN: f64 = 10.0;

/// Lets a contact send `payload`; see [`super::Simulator::say`].
pub(super) fn say(network: &Network, contact: &str, payload: &Value) -> String {
    let identity = network.find_or_add(contact);
    let now = network.clock.now();
    let mut state = network.state();
    let wamid = state.draw_wamid();
    let mut message = payload.clone();
    if let Some(person) = state.find(&identity.user_id) {
        person.last_wrote_at = Some(now);
        message = named(message, person.inbox.last(), person.said.last());
        // What is done to a message is no message that something could be done to.
        if !matches!(message["type"].as_str(), Some("reaction" | "edit" | "revoke")) {
            person.said.push(wamid.clone());
        }
    }
    for kind in ["image", "video", "audio", "document", "sticker"] {
        let file = message
            .pointer(&format!("/{kind}/id"))
            .and_then(Value::as_str)
            .and_then(|id| state.files.get(id))
            .cloned();
        if let Some(file) = file {
            file.announce(&mut message[kind]);
        }
    }
    drop(state);
    message["id"] = json!(wamid);
    message["timestamp"] = json!(now.timestamp().to_string());
    message["from_user_id"] = json!(identity.user_id);
    if let Some(phone) = &identity.phone {
        message["from"] = json!(phone);
    }
    network.post(envelope(network, &json!({"contacts": [contact_of(&identity)], "messages": [message]})));
    wamid
}

/// Where a message of the Cloud API names another one.
const NAMES: [&str; 4] =
    ["/reaction/message_id", "/context/id", "/edit/original_message_id", "/revoke/original_message_id"];

/// Puts ids in the place of `"$last"` and `"$said"`. An answer to what is not there is no answer.
fn named(mut message: Value, last: Option<&String>, said: Option<&String>) -> Value {
    for place in NAMES {
        let Some(id) = message.pointer_mut(place) else { continue };
        let meant = match id.as_str() {
            Some("$last") => last,
            Some("$said") => said,
            _ => continue,
        };
        if let Some(meant) = meant {
            *id = json!(meant);
        } else if let Some(fields) = message.as_object_mut() {
            fields.remove("context");
        }
    }
    message
}

/// Sends the statuses of a message that was taken, in their own time.
pub(super) fn deliver(network: &Arc<Network>, recipient: &str, wamid: &str, body: &Value) {
    let identity = network.state().find(recipient).map(|person| (person.identity.clone(), person.looks));
    let correlation = body.get("biz_opaque_callback_data").cloned();
    let is_reaction = body["type"] == "reaction";
    let target = body["reaction"]["message_id"].as_str().unwrap_or_default();
    let is_known = network
        .state()
        .find(recipient)
        .is_some_and(|person| person.inbox.iter().chain(&person.said).any(|id| id == target));
    let (recipient, wamid) = (recipient.trim_start_matches('+').to_owned(), wamid.to_owned());
    let on_its_way = Arc::clone(network);
    network.spawn(async move {
        let network = on_its_way;
        let Some((identity, looks)) = identity else {
            sleep(network.scaled(SENT_AFTER)).await;
            fail(&network, (&wamid, &recipient), (131_026, "Message undeliverable"));
            return;
        };
        if is_reaction && !is_known {
            sleep(network.scaled(SENT_AFTER)).await;
            fail(&network, (&wamid, &recipient), (131_009, "Parameter value is not valid"));
            return;
        }
        let status = |status: &str| {
            let mut status = json!({
                "id": wamid, "status": status, "timestamp": seconds(&network),
                "recipient_user_id": identity.user_id,
            });
            if let Some(phone) = &identity.phone {
                status["recipient_id"] = json!(phone);
            }
            if let Some(correlation) = &correlation {
                status["biz_opaque_callback_data"] = correlation.clone();
            }
            let value = json!({"contacts": [contact_of(&identity)], "statuses": [status]});
            network.post(envelope(&network, &value));
        };
        sleep(network.scaled(SENT_AFTER)).await;
        status("sent");
        if is_reaction {
            return;
        }
        if !looks {
            sleep(network.scaled(DELIVERED_AFTER - SENT_AFTER)).await;
            status("delivered");
        }
        sleep(network.scaled(READ_AFTER - DELIVERED_AFTER)).await;
        if network.state().reads {
            status("read");
        }
    });
}

/// Reports that something was not delivered: without `contacts`, as WhatsApp does.
fn fail(network: &Network, (wamid, recipient): (&str, &str), (code, title): (u32, &str)) {
    let error = json!({
        "code": code, "title": title, "message": title, "error_data": {"details": format!("{title}.")},
    });
    let failed = json!({
        "id": wamid, "status": "failed", "timestamp": seconds(network),
        "recipient_id": recipient, "errors": [error],
    });
    network.post(envelope(network, &json!({"statuses": [failed]})));
}

fn seconds(network: &Network) -> String {
    network.clock.now().timestamp().to_string()
}

fn contact_of(identity: &Identity) -> Value {
    let mut contact = json!({"profile": {"name": identity.name}, "user_id": identity.user_id});
    if let Some(user_name) = &identity.user_name {
        contact["profile"]["username"] = json!(user_name);
    }
    if let Some(phone) = &identity.phone {
        contact["wa_id"] = json!(phone);
    }
    contact
}

/// Has a webhook of another field posted, about the account itself.
pub(super) fn post_management(network: &Network, field: &str, value: &Value) {
    let time = network.clock.now().timestamp();
    network.post(json!({
        "object": "whatsapp_business_account",
        "entry": [{"id": network.config.account_id, "time": time, "changes": [{"field": field, "value": value}]}],
    }));
}

/// Puts a value of the field `messages` into its envelope.
fn envelope(network: &Network, value: &Value) -> Value {
    let config = &network.config;
    let mut value = value.clone();
    value["messaging_product"] = json!("whatsapp");
    value["metadata"] = json!({
        "display_phone_number": config.display_number,
        "phone_number_id": config.phone_number_id,
    });
    json!({
        "object": "whatsapp_business_account",
        "entry": [{"id": config.account_id, "changes": [{"field": "messages", "value": value}]}],
    })
}

/// Posts what comes in, one after the other. What the gateway does not take goes its own way until it does.
pub(super) async fn post_all(network: Arc<Network>, mut queue: mpsc::Receiver<Value>) {
    let Ok(http) = reqwest::Client::builder().no_proxy().timeout(ANSWER_WITHIN).build() else {
        tracing::error!("the simulator can't post webhooks");
        return;
    };
    let mut overtaken: Option<String> = None;
    loop {
        let next = match &overtaken {
            // What waits to be overtaken goes anyway when nothing follows.
            Some(_) => timeout(network.scaled(OVERTAKEN_WITHIN), queue.recv()).await.ok(),
            None => Some(queue.recv().await),
        };
        let mut bodies = Vec::new();
        if let Some(object) = next {
            let Some(object) = object else { return };
            let body = to_ascii(&object.to_string());
            let fault = network.state().faults.for_webhook();
            if fault == Some(Fault::Reorder) && overtaken.is_none() {
                overtaken = Some(body);
                continue;
            }
            if fault == Some(Fault::Duplicate) {
                bodies.push(body.clone());
            }
            bodies.push(body);
        }
        bodies.extend(overtaken.take());
        for body in bodies {
            if !post(&http, &network, &body).await {
                network.spawn(post_again(http.clone(), Arc::clone(&network), body));
            }
        }
    }
}

/// Posts a body that was not taken until it is, at growing intervals.
async fn post_again(http: reqwest::Client, network: Arc<Network>, body: String) {
    let mut pause = FIRST_PAUSE;
    loop {
        sleep(pause).await;
        if post(&http, &network, &body).await {
            return;
        }
        pause = (pause * 2).min(LAST_PAUSE);
    }
}

/// Posts one body; says whether it was answered with 200.
async fn post(http: &reqwest::Client, network: &Network, body: &str) -> bool {
    let answer = http
        .post(&network.config.webhook_url)
        .header("content-type", "application/json")
        .header("x-hub-signature-256", format!("sha256={}", sign(&network.config.app_secret, body)))
        .body(body.to_owned())
        .send()
        .await;
    answer.is_ok_and(|answer| answer.status() == reqwest::StatusCode::OK)
}

/// HMAC-SHA256 of the bytes on the wire, in lower-case hexadecimal.
fn sign(app_secret: &str, body: &str) -> String {
    Hmac::<Sha256>::new_from_slice(app_secret.as_bytes()).map_or_else(
        |_no_key_is_too_long| String::new(),
        |mut mac| {
            mac.update(body.as_bytes());
            hex(&mac.finalize().into_bytes())
        },
    )
}

pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string can't fail.
        write!(text, "{byte:02x}").unwrap_or_default();
        text
    })
}

/// Escapes everything above U+007F, as Meta does before signing.
fn to_ascii(json: &str) -> String {
    use std::fmt::Write as _;
    let mut ascii = String::with_capacity(json.len());
    for character in json.chars() {
        if character.is_ascii() {
            ascii.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            write!(ascii, "\\u{unit:04x}").unwrap_or_default();
        }
    }
    ascii
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_about_another_message_names_it() {
        let (last, said) = ("wamid.2".to_owned(), "wamid.7".to_owned());
        let reaction = json!({"type": "reaction", "reaction": {"message_id": "$last", "emoji": "👍"}});
        assert_eq!(named(reaction, Some(&last), None)["reaction"]["message_id"], "wamid.2");
        let edit = json!({"type": "edit", "edit": {"original_message_id": "$said"}});
        assert_eq!(named(edit, Some(&last), Some(&said))["edit"]["original_message_id"], "wamid.7");
        let reply = json!({"type": "text", "context": {"id": "$last"}});
        assert_eq!(named(reply, None, Some(&said)), json!({"type": "text"}));
        let known = json!({"type": "text", "context": {"id": "wamid.1"}});
        assert_eq!(named(known.clone(), None, None), known);
    }

    #[test]
    fn bodies_are_ascii_and_signed_over_the_bytes_on_the_wire() {
        // Vectors computed outside of this program.
        let body = to_ascii(r#"{"body":"hé 👋"}"#);
        assert_eq!(body, r#"{"body":"h\u00e9 \ud83d\udc4b"}"#);
        assert_eq!(sign("s3cret", &body), "aa97f079b962e411cde862d53cd4354b3621192f65383e7be2ba63c996700016");
        assert_eq!(
            sign("s3cret", r#"{"object":"whatsapp_business_account","entry":[]}"#),
            "76d7cf0d41b1c62907ab63a2ffb509a14ebd4bfe05b33a2e8c6960459868a174"
        );
    }
}
