//! Files from the contact's phone to the agent's desktop, over the wire all the way.

use reqwest::{Response, StatusCode, header::HeaderMap};
use serde_json::{Value, json};
use waxwing_gateway::{
    auth,
    clock::Clock,
    simulator::samples,
    store::agents::{self, NewAgent},
};
use waxwing_protocol::{
    agent::Role,
    api,
    attachment::AttachmentState,
    event::Event,
    id::{AttachmentId, InteractionId},
    message::{Body, Message},
};

use crate::bench::{Bench, Desktop};

const PASSWORD: &str = "another grey beach";

/// Has a contact send a file and waits until it is there: which, and in which interaction.
async fn sent(bench: &mut Bench, contact: &str, payload: &Value) -> (AttachmentId, InteractionId, String) {
    let wamid = bench.simulator.say(contact, payload);
    let (id, interaction) = ready(bench).await;
    (id, interaction, wamid)
}

async fn ready(bench: &mut Bench) -> (AttachmentId, InteractionId) {
    bench
        .desktop
        .wait(|event| match event {
            Event::MessageChanged { message } => {
                ready_file(message).map(|attachment| (attachment, message.interaction))
            }
            _ => None,
        })
        .await
}

fn ready_file(message: &Message) -> Option<AttachmentId> {
    let Body::Media(media) = &message.body else { return None };
    let attachment = media.attachment.as_ref()?;
    matches!(attachment.state, AttachmentState::Ready { .. }).then_some(attachment.id)
}

async fn get(desktop: &Desktop, attachment: AttachmentId) -> Response {
    let url = format!("{}{}", desktop.url, api::attachment(attachment));
    desktop.http.get(url).bearer_auth(&desktop.token).send().await.expect("answers")
}

async fn add_agent(bench: &Bench, user_name: &str) -> Desktop {
    let store = bench.store().await;
    let mut change = store.begin().await.expect("begins");
    let new = NewAgent {
        user_name: user_name.to_owned(),
        display_name: user_name.to_owned(),
        role: Role::Agent,
        capacity: 1,
        team: None,
        password_hash: auth::hash_password(PASSWORD),
    };
    agents::add_agent(&mut change, &new, Clock::system().now()).await.expect("adds").expect("is new");
    change.commit().await.expect("commits");
    store.close().await;
    Desktop::sign_in(&bench.desktop.url, user_name, PASSWORD).await
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[tokio::test]
async fn a_sticker_comes_as_the_bytes_it_was_sent_as_and_to_nobody_from_elsewhere() {
    let mut bench = Bench::start().await;
    let sticker = json!({"type": "sticker", "sticker": {"id": samples::ANIMATED_STICKER, "animated": true}});
    let (attachment, interaction, wamid) = sent(&mut bench, "15550100101", &sticker).await;
    let answer = get(&bench.desktop, attachment).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let headers = answer.headers().clone();
    for (name, value) in [
        ("content-type", "application/octet-stream"),
        ("content-disposition", "attachment"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "private, no-store"),
        ("content-length", "36444"),
    ] {
        assert_eq!(header(&headers, name), value);
    }
    let bytes = answer.bytes().await.expect("bytes");
    assert_eq!(&bytes[..], include_bytes!("../../assets/media/sticker_animated.webp"));

    let boris = add_agent(&bench, "boris").await;
    let missing = "att_00000000000000000000000000000000".parse().expect("an id");
    let (read, unknown) = (get(&boris, attachment).await, get(&boris, missing).await);
    assert_eq!((read.status(), unknown.status()), (StatusCode::OK, StatusCode::NOT_FOUND));
    let url = format!("{}{}", bench.desktop.url, api::attachment(attachment));
    let answer = bench.desktop.http.get(url).send().await.expect("answers");
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);

    let revoke = json!({"type": "revoke", "revoke": {"original_message_id": wamid}});
    bench.simulator.say("15550100101", &revoke);
    let deleted = |event: &Event| match event {
        Event::MessageChanged { message } if message.body == Body::Deleted => Some(()),
        _ => None,
    };
    bench.desktop.wait(deleted).await;
    assert_eq!(get(&bench.desktop, attachment).await.status(), StatusCode::NOT_FOUND);
    let url = format!("{}{}", bench.desktop.url, api::done(interaction));
    let done = bench.desktop.http.post(url).bearer_auth(&bench.desktop.token).send().await;
    assert_eq!(done.expect("answers").status(), StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_file_can_still_be_read_when_the_interaction_is_done() {
    let mut bench = Bench::start().await;
    let voice = json!({"type": "audio", "audio": {"id": samples::VOICE, "voice": true}});
    let (attachment, interaction, _) = sent(&mut bench, "15550100101", &voice).await;
    assert_eq!(get(&bench.desktop, attachment).await.status(), StatusCode::OK);
    let url = format!("{}{}", bench.desktop.url, api::done(interaction));
    let done = bench.desktop.http.post(url).bearer_auth(&bench.desktop.token).send().await;
    assert_eq!(done.expect("answers").status(), StatusCode::NO_CONTENT);
    assert_eq!(get(&bench.desktop, attachment).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_file_under_way_when_the_gateway_is_killed_comes_after_the_next_start() {
    let mut bench = Bench::start().await;
    let file = json!({"mime": "application/pdf", "base64": "bGFyZ2U=", "stale": 2});
    let url = format!("{}/control/media", bench.simulator.url());
    let added = bench.desktop.http.post(url).json(&file).send().await.expect("answers");
    let added: Value = added.json().await.expect("JSON");
    let document = json!({"type": "document", "document": {"id": added["id"], "filename": "a.pdf"}});
    bench.simulator.say("15550100101", &document);
    bench.desktop.wait(|event| matches!(event, Event::InteractionAdded { .. }).then_some(())).await;
    bench.kill_gateway();
    let half = bench.database().with_file_name("media").join("0a");
    std::fs::create_dir_all(&half).expect("makes");
    std::fs::write(half.join("0a1b#1"), b"half").expect("writes");
    // It was asked for twice at most; whichever way that went, the next try is due when the clock says so.
    let store = bench.store().await;
    let mut change = store.begin().await.expect("begins");
    sqlx::query("UPDATE attachments SET next_try_at = 0").execute(change.db()).await.expect("writes");
    change.commit().await.expect("commits");
    store.close().await;
    bench.start_gateway();
    let (attachment, _) = ready(&mut bench).await;
    let bytes = get(&bench.desktop, attachment).await.bytes().await.expect("bytes");
    assert_eq!(&bytes[..], b"large");
    assert!(!half.join("0a1b#1").exists(), "what a crash left is gone");
}
