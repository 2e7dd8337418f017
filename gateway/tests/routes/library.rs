//! The library from outside: what one desktop changes, others hear of and then hold.

use std::fmt::Write as _;

use bytes::Bytes;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use waxwing_gateway::media::{Files, Looking, Workshop};
use waxwing_media::verdict::Policy;
use waxwing_protocol::{
    api,
    event::{Cursor, Event, EventPage},
    id::{CategoryId, ClientRef, ResponseId},
    library::{self, ImportReport, LibraryPage, MAX_IMPORT_BYTES, Usage},
    problem::{Problem, ProblemCode},
    response::{Category, StandardResponse},
    upload::{self, Upload, UploadState},
};

use crate::support::{Desktop, Gateway, envelope, start_of_play, text};

fn response(seed: u8) -> ResponseId {
    ResponseId::new(start_of_play(), [seed; 10])
}

async fn put<T: serde::de::DeserializeOwned>(desktop: &Desktop<'_>, path: &str, body: &Value) -> T {
    let answer = desktop.call(Method::PUT, path).json(body).send().await.expect("answers");
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    answer.json().await.expect("what was put")
}

async fn page(desktop: &Desktop<'_>, after: u64, epoch: u32) -> LibraryPage {
    let path = format!("{}?after={after}&epoch={epoch}", library::LIBRARY);
    desktop.call(Method::GET, &path).send().await.expect("answers").json().await.expect("a page")
}

/// The number that a poll, which waits for it, tells.
async fn told(desktop: &Desktop<'_>, after: Cursor) -> u64 {
    match desktop.poll(Some(after), 50).await {
        EventPage::Events { events, .. } => match &events[..] {
            [only] => match only.event {
                Event::LibraryChanged { revision } => revision,
                _ => panic!("{only:?}"),
            },
            _ => panic!("{events:?}"),
        },
        page @ EventPage::Snapshot { .. } => panic!("{page:?}"),
    }
}

#[tokio::test]
async fn what_one_desktop_changes_another_hears_of_at_once_and_holds() {
    let gateway = Gateway::start().await;
    let lead = gateway.lead("lead").await;
    let masha = gateway.desktop("masha").await;
    let (snapshot, cursor) = masha.snapshot().await;
    assert_eq!(snapshot.library, 0);
    let category = CategoryId::new(start_of_play(), [1; 10]);
    let make = async {
        let made: Category = put(&lead, &library::category(category), &json!({"name": "Orders"})).await;
        assert_eq!((made.id, &*made.name), (category, "Orders"));
    };
    let (revision, ()) = tokio::join!(told(&masha, cursor), make);
    let first = page(&masha, snapshot.library, 0).await;
    assert!(first.whole && !first.more);
    assert_eq!((first.categories.len(), first.next), (1, revision));

    let (_, cursor) = masha.snapshot().await;
    let wanted = json!({"based_on": 0, "name": "Late", "shortcut": "late", "language": "en",
        "body": "It comes at {{time}}.", "active": true, "category": category});
    let write = async {
        let written: StandardResponse = put(&lead, &library::response(response(1)), &wanted).await;
        assert_eq!((written.version, &*written.changed_by), (1, "lead"));
    };
    let (revision, ()) = tokio::join!(told(&masha, cursor), write);
    let second = page(&masha, first.next, first.epoch).await;
    assert!(!second.whole && second.categories.is_empty());
    assert_eq!((&*second.responses[0].content.name, second.next), ("Late", revision));

    let (_, cursor) = masha.snapshot().await;
    let remove = async {
        let gone = lead.call(Method::DELETE, &library::response(response(1))).send().await.expect("answers");
        assert_eq!(gone.status(), StatusCode::NO_CONTENT);
    };
    tokio::join!(told(&masha, cursor), remove);
    assert_eq!(page(&masha, second.next, second.epoch).await.responses_removed, [response(1)]);
    let after = masha.call(Method::GET, &format!("{}?after=-1", library::LIBRARY)).send().await;
    assert_eq!(after.expect("answers").status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_was_sent_is_counted_and_shown_to_leads() {
    let gateway = Gateway::start().await;
    let lead = gateway.lead("lead").await;
    let masha = gateway.desktop("masha").await;
    masha.ready().await;
    let body = envelope(json!({"messages": [text("15550000001", "wamid.1", "hello?")]}));
    assert_eq!(gateway.webhook(body).await, StatusCode::OK);
    let to = masha.snapshot().await.0.interactions[0].interaction.id;
    let wanted = json!({"based_on": 0, "name": "Thanks", "body": "Thank you", "active": true});
    let _: StandardResponse = put(&lead, &library::response(response(1)), &wanted).await;
    let message = json!({"client_ref": ClientRef::new(start_of_play(), [1; 10]),
        "body": {"type": "text", "text": "Thank you"}, "responses": [response(1)]});
    for _ in 0..2 {
        let sent = masha.call(Method::POST, &api::messages(to)).json(&message).send().await.expect("answers");
        assert_eq!(sent.status(), StatusCode::ACCEPTED);
    }
    let usage = lead.call(Method::GET, library::USAGE).send().await.expect("answers");
    let usage: Usage = usage.json().await.expect("the usage");
    assert_eq!(
        usage.responses.iter().map(|one| (one.response, one.uses)).collect::<Vec<_>>(),
        [(response(1), 1)]
    );
    let favourites = json!({"responses": [response(1)]});
    let kept = masha.call(Method::PUT, library::FAVOURITES).json(&favourites).send().await.expect("answers");
    assert_eq!(kept.status(), StatusCode::NO_CONTENT);
    let page = page(&masha, 0, 0).await;
    assert_eq!((page.recent, page.favourites), (vec![response(1)], vec![response(1)]));
}

#[tokio::test]
async fn a_file_is_uploaded_for_a_response_and_had_by_everybody() {
    let gateway = Gateway::start_with(|app| {
        let looking = Looking::new(Workshop::here(), Policy::default());
        app.keep_files(Files::in_memory(), looking, toml::from_str("").expect("reads"));
    })
    .await;
    let lead = gateway.lead("lead").await;
    let masha = gateway.desktop("masha").await;
    let bytes = b"Mondays to Fridays, 9 to 5";
    let hash: Vec<String> = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let announced = json!({"client_ref": ClientRef::new(start_of_play(), [1; 10]), "kind": "document",
        "file_name": "hours.txt", "size_bytes": bytes.len(), "sha256": hash.concat()});
    let begun =
        lead.call(Method::POST, library::LIBRARY_UPLOADS).json(&announced).send().await.expect("answers");
    let begun: Upload = begun.json().await.expect("an upload");
    let piece = lead.call(Method::PUT, &upload::piece(begun.attachment, 0)).body(Bytes::from_static(bytes));
    let ended: Upload = piece.send().await.expect("answers").json().await.expect("an upload");
    assert!(matches!(ended.state, UploadState::Ready { .. }), "{ended:?}");
    let get = async |desktop: &Desktop<'_>| {
        let answer = desktop.call(Method::GET, &api::attachment(begun.attachment)).send().await;
        answer.expect("answers")
    };
    assert_eq!(get(&masha).await.status(), StatusCode::NOT_FOUND, "it is the lead's own still");
    let file = json!({"attachment": begun.attachment, "kind": "document", "file_name": "hours.txt", "size_bytes": 0});
    let wanted = json!({"based_on": 0, "name": "Opening hours", "body": "", "files": [file], "active": true});
    let written: StandardResponse = put(&lead, &library::response(response(1)), &wanted).await;
    assert_eq!(written.content.files[0].size_bytes, bytes.len() as u64);
    let had = get(&masha).await;
    assert_eq!(had.status(), StatusCode::OK);
    assert_eq!(&had.bytes().await.expect("bytes")[..], bytes);

    let answer = lead.call(Method::PUT, &library::response(response(1))).json(&wanted);
    assert_eq!(answer.send().await.expect("answers").status(), StatusCode::OK, "asked twice it is done once");
    let mut other = wanted.clone();
    other["body"] = json!("We are open:");
    let refused = lead.call(Method::PUT, &library::response(response(1))).json(&other);
    let refused = refused.send().await.expect("answers");
    assert_eq!(refused.status(), StatusCode::CONFLICT);
    assert_eq!(refused.json::<Problem>().await.expect("a problem").code, ProblemCode::Conflict);
}

#[tokio::test]
async fn a_library_goes_out_and_in_and_only_that_call_takes_so_much() {
    let gateway = Gateway::start().await;
    let lead = gateway.lead("lead").await;
    let import = async |form: &str, body: Vec<u8>| {
        let path = format!("{}?form={form}", library::IMPORT);
        lead.call(Method::POST, &path).body(body).send().await.expect("answers")
    };
    let mut file = "name,body\n".to_owned();
    for number in 0..400 {
        writeln!(file, "Response {number},\"{}\"", "words, ".repeat(300)).expect("a string takes it");
    }
    assert!(file.len() > 800_000);
    let report: ImportReport = import("csv", file.into_bytes()).await.json().await.expect("a report");
    assert_eq!((report.done, report.added, report.rejected.len()), (true, 400, 0));
    for form in ["csv", "json", "toml"] {
        let path = format!("{}?form={form}", library::EXPORT);
        let exported = lead.call(Method::GET, &path).send().await.expect("answers");
        assert_eq!(exported.status(), StatusCode::OK);
        let told = exported.headers()["content-disposition"].to_str().expect("text").to_owned();
        assert_eq!(told, format!("attachment; filename=\"responses.{form}\""));
        let exported = exported.bytes().await.expect("bytes").to_vec();
        let report: ImportReport = import(form, exported).await.json().await.expect("a report");
        assert_eq!((report.done, report.unchanged), (true, 400), "{form}");
    }
    let report: ImportReport = import("json", b"\xff{".to_vec()).await.json().await.expect("a report");
    assert_eq!((report.done, report.rejected[0].row), (false, 0));
    assert_eq!(import("xml", Vec::new()).await.status(), StatusCode::BAD_REQUEST);
    assert_eq!(import("csv", vec![b'x'; MAX_IMPORT_BYTES + 1]).await.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let long = json!({"based_on": 0, "name": "x", "body": "x".repeat(300_000), "active": true});
    let refused = lead.call(Method::PUT, &library::response(response(1))).json(&long).send().await;
    assert_eq!(refused.expect("answers").status(), StatusCode::PAYLOAD_TOO_LARGE);
}
