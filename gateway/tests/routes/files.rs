//! Files in parts and in pieces.

use bytes::Bytes;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use waxwing_gateway::{
    limits::Limits,
    media::{Files, Looking, Workshop},
};
use waxwing_media::verdict::Policy;
use waxwing_protocol::{
    api,
    file_rule::{FILE_RULES, FileRule, FileRules},
    id::{AttachmentId, ClientRef, InteractionId},
    problem::{Problem, ProblemCode},
    upload::{self, FILE_BYTES_BELOW, PIECE_BYTES, Upload, UploadState},
};

use crate::support::{Desktop, Gateway, envelope, start_of_play, text};

async fn gateway(limits: &str) -> Gateway {
    let limits: Limits = toml::from_str(limits).expect("reads");
    Gateway::start_with(|app| {
        let looking = Looking::new(Workshop::here(), Policy::default());
        app.keep_files(Files::in_memory(), looking, limits);
    })
    .await
}

async fn with_an_interaction(desktop: &Desktop<'_>) -> InteractionId {
    desktop.ready().await;
    let body = envelope(json!({"messages": [text("15550000001", "wamid.1", "hello?")]}));
    assert_eq!(desktop.gateway.webhook(body).await, StatusCode::OK);
    desktop.snapshot().await.0.interactions[0].interaction.id
}

fn announcement(bytes: &[u8], seed: u8) -> Value {
    let hash: Vec<String> = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    json!({"client_ref": ClientRef::new(start_of_play(), [seed; 10]), "kind": "document", "file_name": "notes.txt",
        "size_bytes": bytes.len(), "sha256": hash.concat()})
}

async fn begin(desktop: &Desktop<'_>, to: InteractionId, announced: &Value) -> reqwest::Response {
    desktop.call(Method::POST, &upload::uploads(to)).json(announced).send().await.expect("answers")
}

async fn put(desktop: &Desktop<'_>, id: AttachmentId, piece: u32, bytes: &[u8]) -> reqwest::Response {
    let call = desktop.call(Method::PUT, &upload::piece(id, piece));
    call.body(Bytes::copy_from_slice(bytes)).send().await.expect("answers")
}

async fn refusal(answer: reqwest::Response) -> (StatusCode, ProblemCode) {
    let status = answer.status();
    (status, answer.json::<Problem>().await.expect("a problem").code)
}

/// A text of a piece and a bit, uploaded.
async fn uploaded(desktop: &Desktop<'_>, to: InteractionId, bytes: &[u8]) -> Upload {
    let begun: Upload = begin(desktop, to, &announcement(bytes, 1)).await.json().await.expect("an upload");
    let length = usize::try_from(PIECE_BYTES).expect("fits");
    let mut last = begun;
    for (number, piece) in (0..).zip(bytes.chunks(length)) {
        last = put(desktop, last.attachment, number, piece).await.json().await.expect("an upload");
    }
    last
}

#[tokio::test]
async fn a_file_is_had_whole_and_in_part() {
    let gateway = gateway("").await;
    let masha = gateway.desktop("masha").await;
    let to = with_an_interaction(&masha).await;
    let bytes = "a line of text\n".repeat(100_000).into_bytes();
    let Upload { attachment, state } = uploaded(&masha, to, &bytes).await;
    assert!(matches!(&state, UploadState::Ready { about } if about.mime == "text/plain"), "{state:?}");
    let get = async |range: &[(&str, &str)]| {
        let call = masha.call(Method::GET, &api::attachment(attachment));
        let call = range.iter().fold(call, |call, (name, value)| call.header(*name, *value));
        let answer = call.send().await.expect("answers");
        let told = answer.headers().get("content-range").map(|told| told.to_str().expect("text").to_owned());
        (answer.status(), told, answer.bytes().await.expect("bytes"))
    };
    let (status, told, whole) = get(&[]).await;
    assert_eq!((status, told), (StatusCode::OK, None));
    assert!(whole == bytes);
    for (range, from, to) in [
        ("bytes=0-0", 0, 1),
        ("bytes=1048570-1048580", 1_048_570, 1_048_581),
        ("bytes=1499990-", 1_499_990, 1_500_000),
        ("bytes=-7", 1_499_993, 1_500_000),
        ("bytes=1499999-9999999", 1_499_999, 1_500_000),
    ] {
        let (status, told, part) = get(&[("range", range)]).await;
        assert_eq!(status, StatusCode::PARTIAL_CONTENT, "{range}");
        assert_eq!(told, Some(format!("bytes {from}-{}/1500000", to - 1)));
        assert!(part == bytes[from..to], "{range}");
    }
    for (headers, expected) in [
        (&[("range", "bytes=1500000-")][..], StatusCode::RANGE_NOT_SATISFIABLE),
        (&[("range", "bytes=0-1,3-4")], StatusCode::OK),
        (&[("range", "lines=0-1")], StatusCode::OK),
        (&[("range", "bytes=0-1"), ("if-range", "\"another\"")], StatusCode::OK),
    ] {
        let (status, told, _) = get(headers).await;
        assert_eq!(status, expected, "{headers:?}");
        assert_eq!(told.as_deref(), (status != StatusCode::OK).then_some("bytes */1500000"));
    }
}

#[tokio::test]
async fn pieces_are_checked_and_a_file_that_is_not_wanted_goes() {
    let gateway = gateway("").await;
    let masha = gateway.desktop("masha").await;
    let to = with_an_interaction(&masha).await;
    let bytes = vec![b'a'; usize::try_from(PIECE_BYTES).expect("fits") + 1];
    let begun: Upload = begin(&masha, to, &announcement(&bytes, 1)).await.json().await.expect("an upload");
    let id = begun.attachment;
    let bad = (StatusCode::BAD_REQUEST, ProblemCode::BadRequest);
    assert_eq!(refusal(put(&masha, id, 0, b"short").await).await, bad);
    assert_eq!(refusal(put(&masha, id, 2, b"beyond").await).await, bad);
    let early = (StatusCode::CONFLICT, ProblemCode::Conflict);
    assert_eq!(refusal(put(&masha, id, 1, b"a").await).await, early);
    let large = (StatusCode::PAYLOAD_TOO_LARGE, ProblemCode::TooLarge);
    assert_eq!(refusal(put(&masha, id, 0, &bytes).await).await, large);
    assert!(put(&masha, id, 0, &bytes[1..]).await.status().is_success());
    let gone = masha.call(Method::DELETE, &upload::upload(id)).send().await.expect("answers");
    assert_eq!(gone.status(), StatusCode::NO_CONTENT);
    let missing = (StatusCode::NOT_FOUND, ProblemCode::NotFound);
    assert_eq!(refusal(put(&masha, id, 1, b"a").await).await, missing);
}

#[tokio::test]
async fn files_of_100_mb_and_what_the_administrator_does_not_let_out_are_refused() {
    let gateway = gateway("outgoing = [{ type = 'text/plain', allow = false }]").await;
    let masha = gateway.desktop("masha").await;
    let to = with_an_interaction(&masha).await;
    let mut announced = announcement(b"a", 1);
    announced["size_bytes"] = json!(FILE_BYTES_BELOW);
    let large = (StatusCode::PAYLOAD_TOO_LARGE, ProblemCode::TooLarge);
    assert_eq!(refusal(begin(&masha, to, &announced).await).await, large);
    announced["size_bytes"] = json!(FILE_BYTES_BELOW - 1);
    assert_eq!(begin(&masha, to, &announced).await.status(), StatusCode::OK);
    let begun: Upload =
        begin(&masha, to, &announcement(b"some text", 2)).await.json().await.expect("an upload");
    let ended: Upload = put(&masha, begun.attachment, 0, b"some text").await.json().await.expect("an upload");
    let UploadState::Refused { reason } = ended.state else { panic!("{ended:?}") };
    assert!(reason.contains("administrator") && reason.contains("text/plain"), "{reason}");
}

#[tokio::test]
async fn desktops_are_told_what_the_administrator_limits() {
    let gateway = gateway("outgoing = [{ type = 'image/*, text/plain', max_mb = 2 }]").await;
    let masha = gateway.desktop("masha").await;
    let told: FileRules =
        masha.call(Method::GET, FILE_RULES).send().await.expect("answers").json().await.expect("rules");
    let types = vec!["image/*".to_owned(), "text/plain".to_owned()];
    assert_eq!(told.outgoing, [FileRule { types, allow: true, max_bytes: 2 * 1024 * 1024 }]);
    let nobody = reqwest::get(format!("{}{FILE_RULES}", gateway.url)).await.expect("answers");
    assert_eq!(nobody.status(), StatusCode::UNAUTHORIZED);
}
