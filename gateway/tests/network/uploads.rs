//! Files from the agent's desktop to the contact's phone, with lines that break and a gateway that is killed: each arrives once,
//! byte for byte, or says that it did not.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use waxwing_gateway::{clock::Clock, random::Seeded};
use waxwing_protocol::{
    api::{self, SendAccepted},
    attachment::{Attachment, AttachmentState},
    delivery::Delivery,
    event::Event,
    id::{AttachmentId, ClientRef, InteractionId, MessageId},
    message::{Body, Media},
    upload::{self, PIECE_BYTES, Upload, UploadState},
};

use crate::bench::Bench;

const CONTACT: &str = "15550100101";

/// A PDF of that many bytes, of which most are noise.
pub(crate) fn document(length: usize) -> Vec<u8> {
    let mut chance = Seeded::new(7);
    let mut bytes = include_bytes!("../../assets/media/order.pdf").to_vec();
    let tail = b"\n%%EOF\n";
    while bytes.len() + tail.len() < length {
        // A comment ends with its line.
        bytes.extend_from_slice(b"%");
        let line = chance.next().to_be_bytes().map(|byte| b'a' + byte % 26);
        bytes.extend_from_slice(&line);
        bytes.push(b'\n');
    }
    bytes.truncate(length - tail.len());
    bytes.extend_from_slice(tail);
    bytes
}

fn hash_of(bytes: &[u8]) -> String {
    let hex: Vec<String> = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    hex.concat()
}

pub(crate) fn announcement(bytes: &[u8], (kind, file_name): (&str, &str), seed: u8) -> Value {
    let client_ref = ClientRef::new(Clock::system().now(), [seed; 10]);
    json!({"client_ref": client_ref, "kind": kind, "file_name": file_name, "size_bytes": bytes.len(),
        "sha256": hash_of(bytes)})
}

async fn begin(bench: &Bench, to: InteractionId, announced: &Value) -> Upload {
    bench.desktop.call(Method::POST, &upload::uploads(to), Some(announced)).await
}

/// Sends what is still wanted of a file, and says how that ended.
pub(crate) async fn push(bench: &Bench, mut at: Upload, bytes: &[u8]) -> UploadState {
    while let UploadState::Receiving { next_piece } = at.state {
        at = put(bench, at.attachment, next_piece, bytes).await;
    }
    at.state
}

fn piece(bytes: &[u8], piece: u32) -> Vec<u8> {
    let length = usize::try_from(PIECE_BYTES).expect("fits");
    bytes.chunks(length).nth(piece as usize).expect("there is one").to_vec()
}

async fn put(bench: &Bench, id: AttachmentId, number: u32, bytes: &[u8]) -> Upload {
    let url = format!("{}{}", bench.desktop.url, upload::piece(id, number));
    let call = bench.desktop.http.put(url).bearer_auth(&bench.desktop.token).body(piece(bytes, number));
    let answer = call.send().await.expect("answers");
    assert_eq!(answer.status(), StatusCode::OK);
    answer.json().await.expect("an upload")
}

/// Begins to send a piece and hangs up after so many bytes of it.
async fn hang_up(bench: &Bench, id: AttachmentId, number: u32, (bytes, after): (&[u8], usize)) {
    let host = bench.desktop.url.trim_start_matches("http://");
    let body = piece(bytes, number);
    let head = format!(
        "PUT {} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {}\r\nContent-Length: {}\r\n\r\n",
        upload::piece(id, number),
        bench.desktop.token,
        body.len()
    );
    let mut line = TcpStream::connect(host).await.expect("connects");
    line.write_all(head.as_bytes()).await.expect("writes");
    line.write_all(&body[..after.min(body.len() - 1)]).await.expect("writes");
    line.shutdown().await.expect("hangs up");
    let mut answer = Vec::new();
    // Whatever is answered to half a piece, it is not that the piece is there.
    line.read_to_end(&mut answer).await.unwrap_or_default();
    assert!(!answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
}

async fn uploaded(bench: &Bench, to: InteractionId, bytes: &[u8], seed: u8) -> AttachmentId {
    let at = begin(bench, to, &announcement(bytes, ("document", "offer.pdf"), seed)).await;
    let id = at.attachment;
    let state = push(bench, at, bytes).await;
    assert!(matches!(state, UploadState::Ready { .. }), "{state:?}");
    id
}

pub(crate) async fn send(bench: &Bench, to: InteractionId, body: &Value, seed: u8) -> SendAccepted {
    let client_ref = ClientRef::new(Clock::system().now(), [100 + seed; 10]);
    let call = json!({"client_ref": client_ref, "body": body});
    bench.desktop.call(Method::POST, &api::messages(to), Some(&call)).await
}

pub(crate) fn as_document(id: AttachmentId) -> Value {
    json!({"type": "media", "attachment": id, "kind": "document", "caption": "As agreed", "file_name": "offer.pdf"})
}

/// What the contact got, by the JSON that named it.
pub(crate) async fn got(bench: &Bench, sent: &Value) -> Vec<u8> {
    let kind = sent["type"].as_str().expect("a kind");
    let id = sent[kind]["id"].as_str().expect("an id");
    let url = format!("{}/control/media/{id}", bench.simulator.url());
    let answer = bench.desktop.http.get(url).send().await.expect("answers");
    assert_eq!(answer.status(), StatusCode::OK);
    answer.bytes().await.expect("bytes").to_vec()
}

pub(crate) async fn is_sent(bench: &mut Bench, message: MessageId) {
    bench.desktop.delivered(message, |delivery| *delivery == Delivery::Sent).await;
}

/// Sends a file and waits until it has arrived: as what.
async fn arrives(bench: &mut Bench, message: MessageId, bytes: &[u8]) -> Value {
    is_sent(bench, message).await;
    let received = bench.received(1).await;
    let taken: Vec<&Value> = received.iter().filter(|one| one.wamid.is_some()).map(|one| &one.body).collect();
    assert_eq!(taken.len(), 1, "once");
    assert!(got(bench, taken[0]).await == bytes, "byte for byte");
    taken[0].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_arrives_byte_for_byte_though_lines_break_and_the_gateway_is_killed() {
    let mut bench = Bench::start().await;
    let to = bench.hear(CONTACT, "please send the offer").await.id;
    let bytes = document(3 * 1024 * 1024 + 4_711);
    let announced = announcement(&bytes, ("document", "offer.pdf"), 1);
    let mut chance = Seeded::new(11);
    let mut at = begin(&bench, to, &announced).await;
    let id = at.attachment;
    for number in 0..4 {
        assert_eq!(at.state, UploadState::Receiving { next_piece: number });
        let after = usize::try_from(chance.next() % PIECE_BYTES).expect("fits");
        hang_up(&bench, id, number, (&bytes, after)).await;
        bench.kill_gateway();
        bench.start_gateway();
        let again = begin(&bench, to, &announced).await;
        assert_eq!(again.attachment, id, "the same reference is the same file");
        assert_eq!(again.state, UploadState::Receiving { next_piece: number });
        if let Some(before) = number.checked_sub(1) {
            at = put(&bench, id, before, &bytes).await;
            assert_eq!(at.state, UploadState::Receiving { next_piece: number }, "it is there already");
        }
        let twice = tokio::join!(put(&bench, id, number, &bytes), put(&bench, id, number, &bytes));
        at = twice.0;
    }
    let UploadState::Ready { about } = begin(&bench, to, &announced).await.state else { panic!("is ready") };
    assert_eq!(about.mime, "application/pdf");
    let message = send(&bench, to, &as_document(id), 1).await.message;
    let sent = arrives(&mut bench, message.id, &bytes).await;
    assert_eq!(sent["document"]["caption"], "As agreed");
    assert_eq!(sent["document"]["filename"], "offer.pdf");
    assert_eq!(sent["document"].as_object().map(serde_json::Map::len), Some(3));
    let left = bench.database().with_file_name("media");
    // The pieces go in the background, with the next stroke of the worker.
    bench.stop_gateway();
    bench.start_gateway();
    let url = format!("{}{}", bench.desktop.url, api::attachment(id));
    let whole = bench.desktop.http.get(&url).bearer_auth(&bench.desktop.token).send().await.expect("answers");
    assert!(whole.bytes().await.expect("bytes") == bytes, "and we keep it, too");
    assert!(left.exists());
}

#[tokio::test]
async fn uploads_to_whatsapp_that_break_are_made_again_and_the_message_goes_once() {
    let mut bench = Bench::start().await;
    let to = bench.hear(CONTACT, "please send the offer").await.id;
    let bytes = document(600_000);
    let id = uploaded(&bench, to, &bytes, 1).await;
    for fault in [
        json!({"fault": "cut", "after": 299_999, "to": "media"}),
        json!({"fault": "drop_answer", "to": "media"}),
        json!({"fault": "server_error", "to": "media"}),
    ] {
        bench.control("faults", &fault).await;
    }
    let message = send(&bench, to, &as_document(id), 1).await.message;
    let behind = bench.desktop.send(to, "that is all").await;
    arrives(&mut bench, message.id, &bytes).await;
    is_sent(&mut bench, behind).await;
    let kinds: Vec<Value> = bench.asked("sent").await.iter().map(|one| one["body"]["type"].clone()).collect();
    assert_eq!(kinds, ["document", "text"], "in the order in which they were written");
}

#[tokio::test]
async fn a_gateway_killed_while_it_uploads_uploads_again_and_sends_once() {
    let mut bench = Bench::start().await;
    let to = bench.hear(CONTACT, "please send the offer").await.id;
    let bytes = document(50_000);
    let id = uploaded(&bench, to, &bytes, 1).await;
    bench.control("faults", &json!({"fault": "hang", "to": "media"})).await;
    let message = send(&bench, to, &as_document(id), 1).await.message;
    // What goes to somebody else is not held up by it.
    let other = bench.hear("15550100108", "hello?").await.id;
    let text = bench.desktop.send(other, "one moment").await;
    is_sent(&mut bench, text).await;
    bench.kill_gateway();
    bench.start_gateway();
    is_sent(&mut bench, message.id).await;
    let sent = bench.asked("sent").await;
    let files: Vec<&Value> =
        sent.iter().map(|one| &one["body"]).filter(|body| body["type"] == "document").collect();
    assert_eq!(files.len(), 1);
    assert!(got(&bench, files[0]).await == bytes);
}

#[tokio::test]
async fn a_file_that_goes_on_is_uploaded_once_and_again_when_whatsapp_has_forgotten_it() {
    let mut bench = Bench::start().await;
    let to = bench.hear(CONTACT, "please send the offer").await.id;
    let bytes = document(2_000);
    let id = uploaded(&bench, to, &bytes, 1).await;
    let media_of = |received: &[waxwing_gateway::simulator::Received]| -> Vec<String> {
        let ids = received.iter().filter(|one| one.wamid.is_some());
        ids.filter_map(|one| one.body["document"]["id"].as_str().map(str::to_owned)).collect()
    };
    let first = send(&bench, to, &as_document(id), 1).await.message;
    is_sent(&mut bench, first.id).await;
    let second = send(&bench, to, &as_document(id), 2).await.message;
    is_sent(&mut bench, second.id).await;
    let ids = media_of(&bench.received(2).await);
    assert_eq!(ids[0], ids[1]);

    let forgotten = format!("{}/v26.0/{}", bench.simulator.url(), ids[0]);
    let token = bench.simulator.config().token.clone();
    let removed = bench.desktop.http.delete(forgotten).bearer_auth(token).send().await.expect("answers");
    assert_eq!(removed.status(), StatusCode::OK);
    let store = bench.store().await;
    let mut change = store.begin().await.expect("begins");
    sqlx::query("UPDATE whatsapp_files SET uploaded_at = uploaded_at - 86400000")
        .execute(change.db())
        .await
        .expect("writes");
    change.commit().await.expect("commits");
    store.close().await;
    let third = send(&bench, to, &as_document(id), 3).await.message;
    is_sent(&mut bench, third.id).await;
    let received = bench.received(4).await;
    assert_eq!(received[2].refused, Some(100));
    let ids = media_of(&received);
    assert_ne!(ids[2], ids[0]);
    assert!(got(&bench, &received[3].body).await == bytes);
}

#[tokio::test]
async fn what_a_contact_sent_goes_on_to_another() {
    let mut bench = Bench::start().await;
    let picture = include_bytes!("../../assets/media/picture.jpg");
    let wanted = json!({"mime": "image/jpeg", "base64": STANDARD.encode(picture),
        "send": {"contact": CONTACT, "kind": "image", "caption": "look"}});
    bench.control("media", &wanted).await;
    let (id, about) = bench
        .desktop
        .wait(|event| match event {
            Event::MessageChanged { message } => match &message.body {
                Body::Media(Media {
                    attachment:
                        Some(Attachment { id, state: AttachmentState::Ready { about: Some(about), .. } }),
                    ..
                }) => Some((*id, about.clone())),
                _ => None,
            },
            _ => None,
        })
        .await;
    assert!(about.preview && about.size.is_some(), "a child process looked into it: {about:?}");
    let url = format!("{}{}", bench.desktop.url, api::attachment_preview(id));
    let seen = bench.desktop.http.get(url).bearer_auth(&bench.desktop.token).send().await.expect("answers");
    assert_eq!(seen.status(), StatusCode::OK);
    assert!(seen.bytes().await.expect("bytes").starts_with(&[0xff, 0xd8]));
    let other = bench.hear("15550100108", "can I see it?").await.id;
    let body = json!({"type": "media", "attachment": id, "kind": "image"});
    let message = send(&bench, other, &body, 1).await.message;
    let sent = arrives(&mut bench, message.id, picture).await;
    assert_eq!(sent["image"].as_object().map(serde_json::Map::len), Some(1), "{sent}");
}

#[tokio::test]
async fn what_is_not_what_was_announced_or_not_taken_is_refused_in_words() {
    let bench = &mut Bench::start().await;
    let to = bench.hear(CONTACT, "please send the offer").await.id;
    let bytes = document(2_000);
    let mut announced = announcement(&bytes, ("document", "offer.pdf"), 1);
    announced["sha256"] = json!("0a".repeat(32));
    let at = begin(bench, to, &announced).await;
    let UploadState::Refused { reason } = push(bench, at, &bytes).await else { panic!("is refused") };
    assert!(reason.contains("Attach it again"), "{reason}");
    let program = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0".repeat(16);
    for (bytes, kind, name, seed) in [
        (&bytes[..], "image", "offer.jpg", 2),
        (include_bytes!("../../assets/media/sticker.webp"), "image", "sticker.webp", 3),
        (&program[..], "document", "setup.exe", 4),
    ] {
        let at = begin(bench, to, &announcement(bytes, (kind, name), seed)).await;
        let id = at.attachment;
        let UploadState::Refused { reason } = push(bench, at, bytes).await else { panic!("{name} is taken") };
        assert!(reason.ends_with('.') && reason.len() > 20, "{reason}");
        let client_ref = ClientRef::new(Clock::system().now(), [200 + seed; 10]);
        let call = json!({"client_ref": client_ref, "body": as_document(id)});
        let url = format!("{}{}", bench.desktop.url, api::messages(to));
        let answer = bench.desktop.http.post(url).bearer_auth(&bench.desktop.token).json(&call).send().await;
        assert_eq!(answer.expect("answers").status(), StatusCode::NOT_FOUND, "what was refused is no file");
    }
    assert!(bench.simulator.received().0.is_empty());
}

#[tokio::test]
async fn a_voice_note_goes_as_one() {
    let mut bench = Bench::start().await;
    let to = bench.hear(CONTACT, "call me?").await.id;
    let voice = include_bytes!("../../assets/media/voice.ogg");
    let at = begin(&bench, to, &announcement(voice, ("audio", "voice.ogg"), 1)).await;
    let id = at.attachment;
    let state = push(&bench, at, voice).await;
    assert!(matches!(state, UploadState::Ready { .. }), "{state:?}");
    let body = json!({"type": "media", "attachment": id, "kind": "audio", "voice": true});
    let message = send(&bench, to, &body, 1).await.message;
    let sent = arrives(&mut bench, message.id, voice).await;
    assert_eq!((&sent["audio"]["voice"], sent["audio"].get("filename")), (&json!(true), None));
}

#[tokio::test]
async fn downloads_that_break_anywhere_are_made_again() {
    let mut bench = Bench::start().await;
    let bytes = document(300_000);
    let wanted = json!({"mime": "application/pdf", "base64": STANDARD.encode(&bytes), "cuts": 1, "cut_after": 123_457,
        "send": {"contact": CONTACT, "kind": "document", "file_name": "a.pdf"}});
    bench.control("media", &wanted).await;
    bench.desktop.wait(|event| matches!(event, Event::InteractionAdded { .. }).then_some(())).await;
    bench.kill_gateway();
    // Its next try is due when the clock says so.
    let store = bench.store().await;
    let mut change = store.begin().await.expect("begins");
    sqlx::query("UPDATE attachments SET next_try_at = 0").execute(change.db()).await.expect("writes");
    change.commit().await.expect("commits");
    store.close().await;
    bench.start_gateway();
    let id = bench
        .desktop
        .wait(|event| match event {
            Event::MessageChanged { message } => match &message.body {
                Body::Media(Media {
                    attachment: Some(Attachment { id, state: AttachmentState::Ready { .. } }),
                    ..
                }) => Some(*id),
                _ => None,
            },
            _ => None,
        })
        .await;
    let url = format!("{}{}", bench.desktop.url, api::attachment(id));
    let part =
        bench.desktop.http.get(&url).bearer_auth(&bench.desktop.token).header("range", "bytes=1000-1999");
    let part = part.send().await.expect("answers");
    assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(part.headers()["content-range"], "bytes 1000-1999/300000");
    assert!(part.bytes().await.expect("bytes") == bytes[1_000..2_000]);
}
