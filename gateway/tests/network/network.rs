//! The network in a box by itself: that it refuses what WhatsApp refuses, in WhatsApp's words.

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use waxwing_gateway::{
    clock::Clock,
    simulator::{Simulator, SimulatorConfig},
};

struct Network {
    simulator: Simulator,
    http: Client,
}

impl Network {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let config = SimulatorConfig::sample("http://127.0.0.1:1/webhooks/whatsapp".to_owned());
        let simulator = Simulator::start(listener, config, Clock::system()).expect("starts");
        Self { simulator, http: Client::builder().no_proxy().build().expect("a client") }
    }

    fn url(&self, path: &str) -> String {
        format!("{}/v26.0/{path}", self.simulator.url())
    }

    async fn send(&self, body: &Value) -> (StatusCode, Value) {
        let config = self.simulator.config();
        let url = self.url(&format!("{}/messages", config.phone_number_id));
        let answer = self.http.post(url).bearer_auth(&config.token).json(body).send().await.expect("answers");
        (answer.status(), answer.json().await.expect("JSON"))
    }

    async fn get(&self, path: &str, token: &str) -> Value {
        let answer = self.http.get(self.url(path)).bearer_auth(token).send().await.expect("answers");
        answer.json().await.expect("JSON")
    }
}

fn text(to: &str, body: &str) -> Value {
    json!({"messaging_product": "whatsapp", "to": to, "type": "text", "text": {"body": body}})
}

#[tokio::test]
async fn it_takes_a_message_and_refuses_what_whatsapp_refuses() {
    let network = Network::start().await;
    let sheena = "+15550100101";
    let (status, accepted) = network.send(&text(sheena, "Hi")).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(accepted["contacts"][0], json!({"input": sheena, "wa_id": "15550100101"}));
    assert!(accepted["messages"][0]["id"].as_str().is_some_and(|id| id.starts_with("wamid.")));
    for (body, code) in [
        (text(sheena, &"a".repeat(4097)), 100),
        (text(sheena, ""), 100),
        (text("+15550109999", "Hi"), 131_047),
        (text("+15550783881", "Hi"), 131_021),
        (json!({"messaging_product": "whatsapp", "type": "text", "text": {"body": "Hi"}}), 131_008),
        (json!({"messaging_product": "whatsapp", "to": sheena, "type": "image"}), 131_008),
        (json!({"to": sheena, "type": "text", "text": {"body": "Hi"}}), 100),
    ] {
        let (status, refused) = network.send(&body).await;
        assert_eq!((status, &refused["error"]["code"]), (StatusCode::BAD_REQUEST, &json!(code)), "{refused}");
        assert!(refused["error"]["error_data"]["details"].is_string());
    }
}

#[tokio::test]
async fn it_knows_its_limits() {
    let network = Network::start().await;
    let mut codes = Vec::new();
    for count in 0..50 {
        let (_, answer) = network.send(&text("+15550100101", &count.to_string())).await;
        codes.push(answer["error"]["code"].as_u64());
    }
    assert_eq!(codes[..45], [None; 45]);
    assert!(codes[45..].iter().all(|code| *code == Some(131_056)), "{codes:?}");
}

#[tokio::test]
async fn it_shows_the_number_and_the_templates_to_whoever_has_the_token() {
    let network = Network::start().await;
    let config = network.simulator.config();
    let refused = network.get(&config.phone_number_id, "wrong").await;
    assert_eq!(refused["error"]["code"], 190);
    let node = network.get(&config.phone_number_id, &config.token).await;
    assert_eq!(node["display_phone_number"], "+15550783881");
    let path = format!("{}/message_templates", config.account_id);
    let refused = network.get(&path, "wrong").await;
    assert_eq!(refused["error"]["code"], 190);
    let (mut names, mut after) = (Vec::new(), String::new());
    loop {
        let fields = "fields=name,status,quality_score";
        let page = network.get(&format!("{path}?limit=5&{fields}{after}"), &config.token).await;
        let data = page["data"].as_array().expect("a list");
        assert!(data.len() <= 5 && data.iter().all(|template| template.get("components").is_none()));
        names.extend(data.iter().map(|template| template["name"].as_str().expect("a name").to_owned()));
        if page["paging"].get("next").is_none() {
            break;
        }
        after = format!("&after={}", page["paging"]["cursors"]["after"].as_str().expect("a cursor"));
    }
    assert!(names.len() >= 12 && names.iter().any(|name| name == "HSM_payment_confirmation"), "{names:?}");
    let lost = network.get(&format!("{path}?after=nowhere"), &config.token).await;
    assert_eq!(lost["error"]["code"], 131_059);
}

#[tokio::test]
async fn it_keeps_files() {
    let network = Network::start().await;
    let config = network.simulator.config();
    let form = "--b\r\nContent-Disposition: form-data; name=\"messaging_product\"\r\n\r\nwhatsapp\r\n\
                --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\
                Content-Type: text/plain\r\n\r\nhello\r\n--b--\r\n";
    let uploaded: Value = network
        .http
        .post(network.url(&format!("{}/media", config.phone_number_id)))
        .bearer_auth(&config.token)
        .header("content-type", "multipart/form-data; boundary=b")
        .body(form)
        .send()
        .await
        .expect("answers")
        .json()
        .await
        .expect("JSON");
    let id = uploaded["id"].as_str().expect("an id");
    let node = network.get(id, &config.token).await;
    assert_eq!(node["mime_type"], "text/plain");
    let address = node["url"].as_str().expect("an address");
    let fetched = network.http.get(address).bearer_auth(&config.token).send().await.expect("answers");
    assert_eq!(fetched.text().await.expect("text"), "hello");
    let deleted = network.http.delete(network.url(id)).bearer_auth(&config.token).send().await;
    assert_eq!(deleted.expect("answers").status(), StatusCode::OK);
    assert_eq!(network.get(id, &config.token).await["error"]["code"], 100);
}
