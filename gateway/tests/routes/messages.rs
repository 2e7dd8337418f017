//! What agents send: once, theirs alone, and refused with a code to act upon.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use waxwing_protocol::{
    api::{self, SendAccepted},
    delivery::Delivery,
    id::{ClientRef, InteractionId},
    message::Author,
    problem::{Problem, ProblemCode},
};

use crate::support::{Desktop, Gateway, envelope, start_of_play, text};

fn wanted(seed: u8, words: &str) -> Value {
    let client_ref = ClientRef::new(start_of_play(), [seed; 10]);
    json!({"client_ref": client_ref, "body": {"type": "text", "text": words}})
}

async fn with_an_interaction(masha: &Desktop<'_>) -> InteractionId {
    masha.ready().await;
    let body = envelope(json!({"messages": [text("15550000001", "wamid.1", "hello?")]}));
    assert_eq!(masha.gateway.webhook(body).await, StatusCode::OK);
    masha.snapshot().await.0.interactions[0].interaction.id
}

async fn send(desktop: &Desktop<'_>, interaction: InteractionId, wanted: &Value) -> reqwest::Response {
    desktop.call(Method::POST, &api::messages(interaction)).json(wanted).send().await.expect("answers")
}

async fn refusal(answer: reqwest::Response) -> (StatusCode, ProblemCode) {
    let status = answer.status();
    (status, answer.json::<Problem>().await.expect("a problem").code)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_sent_eight_times_at_once_is_one_message() {
    let gateway = Gateway::start().await;
    let masha = gateway.desktop("masha").await;
    let id = with_an_interaction(&masha).await;
    let wanted = wanted(1, "once");
    let copies = (0..8).map(|_copy| masha.call(Method::POST, &api::messages(id)).json(&wanted));
    let mut seen = Vec::new();
    for answer in Gateway::at_once(copies).await {
        assert_eq!(answer.status(), StatusCode::ACCEPTED);
        seen.push(answer.json::<SendAccepted>().await.expect("accepted"));
    }
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]));
    let SendAccepted { message, interaction } = &seen[0];
    assert_eq!(message.delivery.as_ref().map(|state| &state.delivery), Some(&Delivery::Accepted));
    assert_eq!(message.author, Author::Agent { agent: masha.signed_in.agent.id, name: "masha".to_owned() });
    assert_eq!(interaction.pending_since, None);
    assert_eq!(gateway.count("SELECT COUNT(*) FROM outbox").await, 1);
    assert_eq!(gateway.count("SELECT COUNT(*) FROM messages").await, 2);
}

#[tokio::test]
async fn nobody_else_may_write_or_look() {
    let gateway = Gateway::start().await;
    let masha = gateway.desktop("masha").await;
    let pasha = gateway.desktop("pasha").await;
    let id = with_an_interaction(&masha).await;
    let not_found = (StatusCode::NOT_FOUND, ProblemCode::NotFound);
    assert_eq!(refusal(send(&pasha, id, &wanted(1, "mine!")).await).await, not_found);
    let done = pasha.call(Method::POST, &api::done(id)).send().await.expect("answers");
    assert_eq!(refusal(done).await, not_found);
    let nonsense = masha.call(Method::POST, "/v1/interactions/int_x/done").send().await.expect("answers");
    assert_eq!(refusal(nonsense).await, not_found);
    let nobody =
        gateway.client.post(format!("{}{}", gateway.url, api::messages(id))).json(&wanted(1, "x")).send();
    assert_eq!(
        refusal(nobody.await.expect("answers")).await,
        (StatusCode::UNAUTHORIZED, ProblemCode::SignedOut)
    );
    assert!(pasha.transcripts().await.is_empty());
}

#[tokio::test]
async fn refusals_say_what_is_wrong() {
    let gateway = Gateway::start().await;
    let masha = gateway.desktop("masha").await;
    let id = with_an_interaction(&masha).await;
    let unacceptable = (StatusCode::UNPROCESSABLE_ENTITY, ProblemCode::UnacceptableBody);
    assert_eq!(refusal(send(&masha, id, &wanted(1, " ")).await).await, unacceptable);
    assert_eq!(refusal(send(&masha, id, &wanted(1, &"x".repeat(4097))).await).await, unacceptable);
    let huge = wanted(1, &"x".repeat(300 * 1024));
    assert_eq!(
        refusal(send(&masha, id, &huge).await).await,
        (StatusCode::PAYLOAD_TOO_LARGE, ProblemCode::TooLarge)
    );
    let bad = (StatusCode::BAD_REQUEST, ProblemCode::BadRequest);
    assert_eq!(refusal(send(&masha, id, &json!({"body": 7})).await).await, bad);
    let status = masha.call(Method::PUT, api::STATUS).json(&json!({"status": "signed_out"})).send().await;
    assert_eq!(refusal(status.expect("answers")).await, bad);

    let accepted = send(&masha, id, &wanted(2, "fine")).await.json::<SendAccepted>().await.expect("accepted");
    let retry = masha.call(Method::POST, &api::retry(id, accepted.message.id)).send().await.expect("answers");
    assert_eq!(refusal(retry).await, (StatusCode::CONFLICT, ProblemCode::Conflict));
    let done = masha.call(Method::POST, &api::done(id)).send().await.expect("answers");
    assert_eq!(done.status(), StatusCode::NO_CONTENT);
    assert_eq!(
        refusal(send(&masha, id, &wanted(3, "late")).await).await,
        (StatusCode::CONFLICT, ProblemCode::Conflict)
    );
}

#[tokio::test]
async fn the_reply_window_is_enforced() {
    let gateway = Gateway::start().await;
    let masha = gateway.desktop("masha").await;
    let id = with_an_interaction(&masha).await;
    let mut change = gateway.app.store.begin().await.expect("begins");
    sqlx::query("UPDATE interactions SET last_inbound_at = last_inbound_at - 86400000")
        .execute(change.db())
        .await
        .expect("changes");
    change.commit().await.expect("commits");
    let closed = (StatusCode::CONFLICT, ProblemCode::WindowClosed);
    assert_eq!(refusal(send(&masha, id, &wanted(1, "hello")).await).await, closed);
}
