//! Contacts who write by themselves: who they are, what they say, when they wait and answer. All of it is data.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

pub use super::network::Identity;
use super::{network::Network, samples, templates, webhooks};

/// Everybody who writes by themselves.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Script {
    /// In no order: all begin at once.
    pub people: Vec<ScriptedPerson>,
}

/// One contact and what they do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScriptedPerson {
    /// Who they are.
    #[serde(flatten)]
    pub identity: Identity,
    /// Whether they look at the chat all the time.
    #[serde(default)]
    pub looks: bool,
    /// What they do, one after the other.
    pub steps: Vec<Step>,
}

/// One thing a contact does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// Lets time pass.
    Wait {
        /// Seconds of life.
        seconds: f64,
    },
    /// Writes.
    Say {
        /// A message of the Cloud API without id, sender and time. `"$last"` as the id of a message stands for the
        /// last one they were sent, `"$said"` for the last one they said.
        payload: Value,
    },
    /// Waits until an agent has answered, or loses patience.
    AwaitAnswer {
        /// Seconds of life.
        at_most_seconds: f64,
    },
    /// Waits for a notification with quick replies, reads it and taps the first of them; or loses patience.
    Tap {
        /// Seconds of life.
        at_most_seconds: f64,
    },
}

/// Starts everybody, once.
pub(super) fn play(network: &Arc<Network>) {
    let mut state = network.state();
    if std::mem::replace(&mut state.playing, true) {
        return;
    }
    for scripted in &network.config.script.people {
        if let Some(person) = state.find(&scripted.identity.user_id) {
            person.looks = scripted.looks;
        }
    }
    drop(state);
    for scripted in &network.config.script.people {
        network.spawn(live(Arc::clone(network), scripted.clone()));
    }
}

async fn live(network: Arc<Network>, scripted: ScriptedPerson) {
    let who = scripted.identity.user_id;
    let mut answers_seen = 0;
    for step in scripted.steps {
        match step {
            Step::Wait { seconds } => sleep(network.scaled(seconds)).await,
            Step::Say { payload } => {
                webhooks::say(&network, &who, &payload);
            }
            Step::AwaitAnswer { at_most_seconds } => {
                let answer = answered(&network, &who, answers_seen);
                // Patience that runs out is part of the script, not an error.
                drop(timeout(network.scaled(at_most_seconds), answer).await);
                answers_seen = inbox(&network, &who).len();
                // Reading takes time.
                sleep(network.scaled(3.0)).await;
            }
            Step::Tap { at_most_seconds } => {
                let notified = tappable(&network, &who, answers_seen);
                if timeout(network.scaled(at_most_seconds), notified).await.is_ok() {
                    sleep(network.scaled(3.0)).await;
                    if let Some(tap) = templates::quick_reply(&network, &who, (None, None)) {
                        webhooks::say(&network, &who, &tap);
                    }
                }
                answers_seen = inbox(&network, &who).len();
            }
        }
    }
}

fn inbox(network: &Network, who: &str) -> Vec<String> {
    network.state().find(who).map(|person| person.inbox.clone()).unwrap_or_default()
}

async fn answered(network: &Network, who: &str, seen: usize) {
    let (_, mut more) = network.received();
    while inbox(network, who).len() <= seen {
        if more.changed().await.is_err() {
            return;
        }
    }
}

/// Waits until somebody has got something new, and a quick reply to tap.
async fn tappable(network: &Network, who: &str, seen: usize) {
    let (_, mut more) = network.received();
    while inbox(network, who).len() <= seen || templates::quick_reply(network, who, (None, None)).is_none() {
        if more.changed().await.is_err() {
            return;
        }
    }
}

fn person(name: &str, phone: Option<&str>, user_id: &str, steps: Vec<Step>) -> ScriptedPerson {
    let identity = Identity {
        name: name.to_owned(),
        phone: phone.map(str::to_owned),
        user_id: user_id.to_owned(),
        user_name: None,
    };
    ScriptedPerson { identity, looks: false, steps }
}

const fn wait(seconds: f64) -> Step {
    Step::Wait { seconds }
}

const fn answer(at_most_seconds: f64) -> Step {
    Step::AwaitAnswer { at_most_seconds }
}

fn text(body: &str) -> Step {
    Step::Say { payload: json!({"type": "text", "text": {"body": body}}) }
}

const fn say(payload: Value) -> Step {
    Step::Say { payload }
}

fn sticker(media_id: &str, animated: bool) -> Value {
    json!({"type": "sticker", "sticker": {"id": media_id, "animated": animated}})
}

/// Eight people in six languages, with the kinds of message that agents meet.
#[must_use]
pub fn sample() -> Script {
    let mut people = vec![
        person(
            "Sheena Nelson",
            Some("15550100101"),
            "US.1349120865530274101",
            vec![
                wait(2.0),
                text("Hi! Does the rain jacket come in another colour? https://waxwing.example/jacket"),
                answer(120.0),
                text("Great, I'll take the green one then. Thank you 😊"),
                say(json!({"type": "document", "document": {
                    "id": samples::BILL, "filename": "Order 4711.pdf", "caption": "This is my last bill",
                }})),
                wait(2.0),
                say(
                    json!({"type": "video", "video": {"id": samples::FILM, "caption": "Does it do this, too?"}}),
                ),
                wait(2.0),
                say(sticker(samples::STICKER, false)),
                wait(2.0),
                say(sticker(samples::ANIMATED_STICKER, true)),
                say(json!({"type": "reaction", "reaction": {"message_id": "$last", "emoji": "👍"}})),
            ],
        ),
        person(
            "João Pereira",
            Some("5511955501234"),
            "BR.2049120865530274102",
            vec![
                wait(6.0),
                text("Boa tarde, meu pedido 4711 ainda não chegou."),
                wait(5.0),
                text("Vocês conseguem ver onde ele está?"),
                answer(120.0),
                text("Perfeito, muito obrigado pela ajuda!"),
                say(json!({"type": "audio", "audio": {"id": samples::VOICE, "voice": true}})),
                wait(6.0),
                say(json!({"type": "order", "order": {
                    "catalog_id": "194836987003835", "text": "E mais estes, por favor.",
                    "product_items": [
                        {"product_retailer_id": "rain-jacket-m", "quantity": 1, "item_price": 89.9, "currency": "BRL"},
                        {"product_retailer_id": "wool-socks-42", "quantity": 3, "item_price": 19.5, "currency": "BRL"},
                    ],
                }})),
            ],
        ),
        person(
            "أمينة الهاشمي",
            Some("971555010203"),
            "AE.3049120865530274103",
            vec![
                wait(12.0),
                text("السلام عليكم، هل يمكنني تغيير عنوان التوصيل للطلب 4712؟"),
                answer(120.0),
                text("شكراً جزيلاً لكم 🌷"),
                wait(5.0),
                text("هل يصل الطلب قبل الساعة 18:30؟ العنوان الجديد: برج الندى، الطابق 24، شقة B12."),
                answer(120.0),
                say(json!({
                    "type": "text", "text": {"body": "ممتاز، سأكون في المنزل ✅"},
                    "context": {"id": "$last"},
                })),
            ],
        ),
        person(
            "प्रिया शर्मा",
            Some("915550104040"),
            "IN.4049120865530274104",
            vec![
                wait(20.0),
                text("नमस्ते, क्या यह सामान वापस किया जा सकता है?"),
                say(json!({"type": "image", "image": {
                    "caption": "यह टूटा हुआ आया है", "mime_type": "image/jpeg",
                    "sha256": "SfInY0gGKTsJlUWbwxC1k+FAD0FZHvzwfpvO0zX0GUI=", "id": "1003383421387256",
                }})),
                answer(120.0),
                text("धन्यवाद 🙏"),
                wait(5.0),
                text("क्या पैसे 3 दिन में वापस मिलेंगे? ऑर्डर नंबर *WX-4713* है।"),
                answer(120.0),
                say(json!({"type": "reaction", "reaction": {"message_id": "$last", "emoji": "🙏🏽"}})),
                text("ठीक है, कोई जल्दी नहीं।"),
            ],
        ),
    ];
    people.extend(more_people());
    Script { people }
}

fn more_people() -> Vec<ScriptedPerson> {
    let mut withheld = person(
        "Mateo",
        None,
        "ES.5049120865530274105",
        vec![
            wait(28.0),
            text("Hola, estoy en la dirección pero no encuentro la tienda."),
            say(json!({"type": "location", "location": {
                "latitude": 40.416_775, "longitude": -3.703_79, "name": "Puerta del Sol",
                "address": "Puerta del Sol, Madrid",
            }})),
            answer(120.0),
            text("¡Ya la veo, gracias!"),
        ],
    );
    withheld.identity.user_name = Some("mateo.camina".to_owned());
    let mut looking = person(
        "Claire Fontaine",
        Some("33655501060"),
        "FR.6049120865530274106",
        vec![
            wait(36.0),
            text("Bonjour, pouvez-vous rappeler ma collègue ?"),
            say(json!({"type": "contacts", "contacts": [{
                "name": {"first_name": "Léa", "last_name": "Martin", "formatted_name": "Léa Martin"},
                "org": {"company": "Atelier Martin"},
                "phones": [{"phone": "+33 6 55 50 10 61", "type": "CELL"}],
                "emails": [{"email": "lea@atelier-martin.example", "type": "WORK"}],
                "addresses": [{"street": "12 rue des Tanneurs", "city": "Lyon", "zip": "69001", "country": "France"}],
                "urls": [{"url": "https://atelier-martin.example", "type": "WORK"}],
            }]})),
            answer(120.0),
            text("Merci beaucoup, bonne journée."),
            wait(4.0),
            say(json!({"type": "edit", "edit": {
                "original_message_id": "$said",
                "message": {"type": "text", "text": {"body": "Merci beaucoup, bonne soirée !"}},
            }})),
        ],
    );
    looking.looks = true;
    vec![
        withheld,
        looking,
        person(
            "Tom Becker",
            Some("4915550107070"),
            "DE.7049120865530274107",
            vec![
                wait(45.0),
                say(json!({
                    "type": "button",
                    "button": {"payload": "reschedule", "text": "Reschedule"},
                })),
                text("Geht auch Donnerstag nach 17 Uhr?"),
                answer(120.0),
                say(json!({
                    "type": "text", "text": {"body": "Das passt, danke!"},
                    "context": {"id": "$last"},
                })),
                Step::Tap { at_most_seconds: 3600.0 },
            ],
        ),
        person(
            "Grace Okafor",
            Some("15550100108"),
            "US.8049120865530274108",
            vec![
                wait(55.0),
                say(json!({
                    "type": "unsupported", "unsupported": {"type": "poll_creation"},
                    "errors": [{"code": 131_051, "title": "Message type unknown", "message": "Message type unknown",
                        "error_data": {"details": "Message type is currently not supported."}}],
                })),
                text("Sorry, can you see my poll? I'd like to know which size fits best."),
                answer(120.0),
                text("Medium it is. You've been very kind!"),
                wait(4.0),
                text("Can you send it to my old address?"),
                wait(3.0),
                say(json!({"type": "revoke", "revoke": {"original_message_id": "$said"}})),
            ],
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_has_eight_different_people_with_all_kinds_of_messages_and_reads_back() {
        let script = sample();
        let mut ids: Vec<&str> = script.people.iter().map(|p| p.identity.user_id.as_str()).collect();
        ids.dedup();
        assert_eq!(ids.len(), 8);
        let payloads = || {
            let steps = script.people.iter().flat_map(|person| &person.steps);
            steps.filter_map(|step| if let Step::Say { payload } = step { Some(payload) } else { None })
        };
        let kinds: std::collections::BTreeSet<&str> =
            payloads().filter_map(|payload| payload["type"].as_str()).collect();
        for kind in ["button", "contacts", "edit", "location", "order", "reaction", "revoke", "unsupported"] {
            assert!(kinds.contains(kind), "{kind}");
        }
        assert!(payloads().any(|payload| payload["context"].is_object()), "a reply to a message");
        let json = serde_json::to_string(&script).expect("writes");
        assert_eq!(serde_json::from_str::<Script>(&json).expect("reads"), script);
    }
}
