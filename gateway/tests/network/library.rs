//! A file of a response on its way to contacts: WhatsApp gets it once, and it is there as long as anything needs it.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use waxwing_gateway::clock::Clock;
use waxwing_protocol::{
    api,
    id::ResponseId,
    library,
    message::{Body, Media},
    response::StandardResponse,
    upload::{Upload, UploadState},
};

use crate::{
    bench::Bench,
    uploads::{announcement, as_document, document, got, is_sent, push, send},
};

async fn remove(bench: &Bench, response: ResponseId) {
    let url = format!("{}{}", bench.desktop.url, library::response(response));
    let gone = bench.desktop.http.delete(url).bearer_auth(&bench.desktop.token).send().await;
    assert_eq!(gone.expect("answers").status(), StatusCode::NO_CONTENT);
}

/// A response of the agent's own with a file.
async fn with_file(bench: &Bench, owner: &Value, seed: u8, bytes: &[u8]) -> StandardResponse {
    let announced = announcement(bytes, ("document", "offer.pdf"), seed);
    let upload: Upload = bench.desktop.call(Method::POST, library::LIBRARY_UPLOADS, Some(&announced)).await;
    let id = upload.attachment;
    let state = push(bench, upload, bytes).await;
    assert!(matches!(state, UploadState::Ready { .. }), "{state:?}");
    let response = ResponseId::new(Clock::system().now(), [seed; 10]);
    let file = json!({"attachment": id, "kind": "document", "file_name": "offer.pdf", "size_bytes": 0});
    let wanted = json!({"based_on": 0, "name": format!("Offer {seed}"), "body": "", "files": [file], "active": true,
        "owner": owner});
    bench.desktop.call(Method::PUT, &library::response(response), Some(&wanted)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_a_response_goes_to_whatsapp_once_and_stays_as_long_as_it_is_needed() {
    let mut bench = Bench::start().await;
    let snapshot: Value = bench.desktop.call(Method::GET, api::EVENTS, None).await;
    let owner = snapshot["snapshot"]["agent"]["id"].clone();
    let bytes = document(2_000);
    let response = with_file(&bench, &owner, 1, &bytes).await;
    let id = response.content.files[0].attachment;
    assert_eq!(response.content.files[0].size_bytes, 2_000);

    let (mut ids, mut sent_to) = (Vec::new(), Vec::new());
    for (seed, contact) in [(1, "15550100101"), (2, "15550100108")] {
        let to = bench.hear(contact, &format!("the offer please, {seed}")).await.id;
        let message = send(&bench, to, &as_document(id), seed).await.message;
        let Body::Media(Media { attachment: Some(file), .. }) = &message.body else { panic!("{message:?}") };
        sent_to.push((to, file.id));
        is_sent(&mut bench, message.id).await;
        let sent = bench.received(usize::from(seed)).await.pop().expect("it came");
        assert!(got(&bench, &sent.body).await == bytes, "byte for byte");
        ids.push(sent.body["document"]["id"].as_str().expect("an id").to_owned());
    }
    assert_eq!(ids[0], ids[1], "WhatsApp has it already");
    remove(&bench, response.id).await;
    let gone = format!("{}{}", bench.desktop.url, api::attachment(id));
    let gone = bench.desktop.http.get(gone).bearer_auth(&bench.desktop.token).send().await.expect("answers");
    assert_eq!(gone.status(), StatusCode::NOT_FOUND, "nothing of the library needs it");
    let (to, file) = sent_to[0];
    let message = send(&bench, to, &as_document(file), 3).await.message;
    is_sent(&mut bench, message.id).await;
    let sent = bench.received(3).await.pop().expect("it came");
    assert_eq!(sent.body["document"]["id"], json!(ids[0]), "the file of a message goes on");
}
