//! Signs of life, the description of the calls, and everything that is not there.

use reqwest::StatusCode;
use serde_json::Value;
use waxwing_gateway::routes::metrics_router;
use waxwing_protocol::{
    api::{self, Health, PROTOCOL},
    id::{InteractionId, MessageId},
    problem::{Problem, ProblemCode},
};

use crate::support::{Gateway, start_of_play};

async fn get(gateway: &Gateway, path: &str) -> reqwest::Response {
    gateway.client.get(format!("{}{path}", gateway.url)).send().await.expect("answers")
}

#[tokio::test]
async fn it_lives_and_is_ready_while_its_store_can_be_written() {
    let gateway = Gateway::start().await;
    for path in [api::HEALTH, api::READINESS] {
        let health: Health = get(&gateway, path).await.json().await.expect("a sign of life");
        assert_eq!((health.protocol, health.now), (PROTOCOL, start_of_play()));
    }
    gateway.app.store.close().await;
    assert_eq!(get(&gateway, api::HEALTH).await.status(), StatusCode::OK);
    assert_eq!(get(&gateway, api::READINESS).await.status(), StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn every_call_of_the_protocol_is_described_and_the_page_loads_nothing_from_elsewhere() {
    let gateway = Gateway::start().await;
    let described: Value = get(&gateway, "/openapi.json").await.json().await.expect("JSON");
    let (interaction, message) =
        (InteractionId::new(start_of_play(), [0; 10]), MessageId::new(start_of_play(), [0; 10]));
    let paths = [
        (api::SIGN_IN.to_owned(), "post"),
        (api::SIGN_OUT.to_owned(), "post"),
        (api::EVENTS.to_owned(), "get"),
        (api::STATUS.to_owned(), "put"),
        (api::HEALTH.to_owned(), "get"),
        (api::READINESS.to_owned(), "get"),
        (api::messages(interaction), "post"),
        (api::retry(interaction, message), "post"),
        (api::done(interaction), "post"),
    ];
    for (path, method) in paths {
        let path = path
            .replace(&interaction.to_string(), "{interaction}")
            .replace(&message.to_string(), "{message}");
        assert!(described["paths"][&path][method].is_object(), "{method} {path}");
    }
    let page = get(&gateway, "/docs/").await;
    assert_eq!(page.status(), StatusCode::OK);
    let page = page.text().await.expect("a page");
    assert!(!page.contains("//cdn") && !page.contains("https://"), "{page}");
    assert_eq!(get(&gateway, "/docs/swagger-ui-bundle.js").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn what_is_not_there_is_said_not_to_be() {
    let gateway = Gateway::start().await;
    for path in ["/", "/metrics", "/debug", "/v1", "/v1/events/"] {
        let answer = get(&gateway, path).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.json::<Problem>().await.expect("a problem").code, ProblemCode::NotFound);
    }
}

#[tokio::test]
async fn counts_are_served_on_an_address_of_their_own() {
    use tower::ServiceExt as _;
    let gateway = Gateway::start().await;
    let request = axum::extract::Request::get("/metrics").body(axum::body::Body::empty()).expect("a request");
    let answer = metrics_router(gateway.app.clone()).oneshot(request).await.expect("answers");
    let text = axum::body::to_bytes(answer.into_body(), 100_000).await.expect("a body");
    let text = String::from_utf8_lossy(&text);
    assert!(
        text.contains(
            "waxwing_interactions{state=\"queued\"} 0\nwaxwing_interactions{state=\"assigned\"} 0\n"
        ) && text.contains("waxwing_webhooks_taken_total 0"),
        "{text}"
    );
}

#[tokio::test]
async fn connections_that_dawdle_keep_nobody_waiting() {
    use tokio::{io::AsyncWriteExt as _, net::TcpStream};
    let gateway = Gateway::start().await;
    let address = gateway.url.trim_start_matches("http://").to_owned();
    let mut dawdling = Vec::new();
    for _connection in 0..200 {
        let mut stream = TcpStream::connect(&address).await.expect("connects");
        stream.write_all(b"GET /v1/health HTTP/1.1\r\nHost: ").await.expect("writes");
        dawdling.push(stream);
    }
    assert_eq!(get(&gateway, api::HEALTH).await.status(), StatusCode::OK);
}
