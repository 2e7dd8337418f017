//! Files of responses: from an upload to the library, into messages, and away once nothing needs them.

use waxwing_media::{inspect::Found, kind::FileType};
use waxwing_protocol::{
    api::{OutgoingBody, SendMessage},
    attachment::{About, Opening},
    id::{AttachmentId, ClientRef},
    message::{Body, MediaKind},
    response::{Prefilled, ResponseFile},
    slot::SlotValue,
    upload::BeginUpload,
};

use super::*;
use crate::{
    handling::{outbound, uploads as rules},
    limits::Limits,
    store::{
        attachments::{self, Looked, Seen},
        uploads,
    },
};

fn looked(file_type: FileType) -> Looked {
    let about = About {
        mime: file_type.mime().to_owned(),
        opening: Opening::Allowed,
        size: None,
        duration_ms: None,
        waveform: Vec::new(),
        has_sound: false,
        pages: None,
        thumb_hash: None,
        preview: false,
    };
    Looked { about, seen: Some(Seen { found: Found::new(file_type), video_ok: None }) }
}

/// A file that somebody has uploaded for the library.
async fn uploaded(stage: &Stage, agent: AgentId, seed: u8) -> AttachmentId {
    let mut change = stage.store.begin().await.expect("begins");
    let wanted = BeginUpload {
        client_ref: ClientRef::new(at(0), [seed; 10]),
        kind: MediaKind::Document,
        file_name: "Prices.pdf".to_owned(),
        size_bytes: 1_000,
        sha256: "0a".repeat(32),
    };
    let coming = rules::begin(&mut change, agent, (None, &wanted), at(5)).await.expect("begins");
    let outcome = Ok(looked(FileType::Pdf));
    assert!(uploads::settle(change.db(), coming.id, &outcome).await.expect("settles"));
    change.commit().await.expect("commits");
    coming.id
}

fn with_file(content: ResponseContent, attachment: AttachmentId) -> ResponseContent {
    let file = ResponseFile {
        attachment,
        kind: MediaKind::Document,
        file_name: String::new(),
        size_bytes: 0,
        caption: Some(" ".to_owned()),
        about: None,
    };
    ResponseContent { files: vec![file], ..content }
}

async fn is_readable(stage: &Stage, agent: AgentId, file: AttachmentId) -> bool {
    let mut read = stage.store.read().await.expect("reads");
    attachments::readable(read.db(), file, agent).await.expect("reads").is_some()
}

async fn send(stage: &Stage, agent: AgentId, attachment: AttachmentId) -> Result<Body, Refusal> {
    let interaction = stage.owned(agent).await[0].id;
    let body = OutgoingBody::Media {
        attachment,
        kind: MediaKind::Document,
        caption: None,
        file_name: None,
        voice: false,
    };
    let client_ref = ClientRef::new(at(0), crate::random::bytes());
    let wanted = SendMessage { client_ref, body, quote: None, responses: Vec::new() };
    let mut change = stage.store.begin().await.expect("begins");
    let sent = outbound::send(&mut change, agent, (interaction, &wanted), &Limits::default(), at(20)).await?;
    change.commit().await.expect("commits");
    Ok(sent.message.body)
}

async fn erased(stage: &Stage) -> Vec<AttachmentId> {
    let mut read = stage.store.read().await.expect("reads");
    attachments::erased(read.db()).await.expect("reads").into_iter().map(|(id, _)| id).collect()
}

#[tokio::test]
async fn a_file_stays_as_long_as_a_response_or_a_message_needs_it() {
    let stage = Stage::new().await;
    let (lead, masha) = (stage.lead("lead").await, stage.agent("masha", 5).await);
    stage.ready(masha, 1).await;
    stage.write("15550000001", "wamid.1", "hello", 2).await;
    let file = uploaded(&stage, lead, 1).await;
    assert!(is_readable(&stage, lead, file).await && !is_readable(&stage, masha, file).await);
    let written = stage.writes(lead, 1, (0, with_file(shared("Prices"), file))).await.expect("writes");
    let told = &written.content.files[0];
    assert_eq!((&*told.file_name, told.size_bytes, &told.caption), ("Prices.pdf", 1_000, &None));
    assert_eq!(told.about.as_deref(), Some(&looked(FileType::Pdf).about));
    let again = stage.writes(lead, 1, (0, with_file(shared("Prices"), file))).await.expect("is so already");
    assert_eq!(again, written);
    assert!(is_readable(&stage, masha, file).await);

    let mut change = stage.store.begin().await.expect("begins");
    rules::remove(&mut change, lead, file).await.expect("what is the library's stays");
    rules::expire(&mut change, at(0) + chrono::TimeDelta::days(30)).await.expect("expires");
    change.commit().await.expect("commits");
    assert!(is_readable(&stage, masha, file).await);
    let Body::Media(sent) = send(&stage, masha, file).await.expect("sends") else { panic!("no file") };
    let sent = sent.attachment.expect("a file").id;
    assert_ne!(sent, file);

    stage.writes(lead, 1, (1, shared("Prices"))).await.expect("takes the file out");
    assert!(is_readable(&stage, masha, file).await, "an earlier version has it still");
    assert_eq!(erased(&stage).await, []);
    stage.removes(lead, 1).await.expect("removes");
    assert!(!is_readable(&stage, masha, file).await && is_readable(&stage, masha, sent).await);
    assert_eq!(erased(&stage).await, [file]);
    let mut change = stage.store.begin().await.expect("begins");
    let (_, name) = attachments::erased(change.db()).await.expect("reads").remove(0);
    assert!(attachments::is_shared(change.db(), file, &name).await.expect("reads"), "a message has it");
    attachments::forget(change.db(), file).await.expect("forgets");
    change.commit().await.expect("commits");
    assert_eq!(stage.count("SELECT COUNT(*) FROM library_files").await, 0);
    let refused = send(&stage, masha, file).await.expect_err("it is gone");
    assert_eq!(code(refused), ProblemCode::NotFound);
    send(&stage, masha, sent).await.expect("what was sent goes on");
}

#[tokio::test]
async fn only_files_of_the_library_or_of_the_agent_can_stand_in_a_response() {
    let stage = Stage::new().await;
    let (lead, masha) = (stage.lead("lead").await, stage.agent("masha", 5).await);
    let hers = uploaded(&stage, masha, 1).await;
    for attachment in [hers, AttachmentId::new(at(0), [99; 10])] {
        let refused = stage.writes(lead, 1, (0, with_file(shared("x"), attachment))).await;
        assert_eq!(code(refused.expect_err("not there for her")), ProblemCode::UnacceptableBody);
    }
    let mut wrong = with_file(own("x", masha), hers);
    wrong.files[0].kind = MediaKind::Image;
    let refused = stage.writes(masha, 1, (0, wrong)).await.expect_err("it is no picture");
    assert_eq!(code(refused), ProblemCode::UnacceptableBody);
    stage.writes(masha, 1, (0, with_file(own("x", masha), hers))).await.expect("writes");
    assert!(!is_readable(&stage, lead, hers).await, "it is another's own");
    let refused = stage.writes(lead, 2, (0, with_file(shared("x"), hers))).await;
    assert_eq!(code(refused.expect_err("not hers")), ProblemCode::UnacceptableBody);
}

#[tokio::test]
async fn the_file_of_a_notification_is_kept_with_its_response() {
    let stage = Stage::new().await;
    let lead = stage.lead("lead").await;
    let file = uploaded(&stage, lead, 1).await;
    let value = SlotValue::Media { attachment: file, file_name: None };
    let prefilled = Prefilled {
        name: "prices".to_owned(),
        language: "en".to_owned(),
        values: [("header.media".parse().expect("a slot"), value)].into(),
    };
    let content = ResponseContent { notification: Some(prefilled), ..shared("Prices") };
    stage.writes(lead, 1, (0, content)).await.expect("writes");
    assert_eq!(stage.count("SELECT COUNT(*) FROM library_files WHERE state = 'ready'").await, 1);
    stage.removes(lead, 1).await.expect("removes");
    assert_eq!(erased(&stage).await, [file]);
}

#[tokio::test]
async fn a_file_goes_with_the_last_version_that_needs_it() {
    let stage = Stage::new().await;
    let lead = stage.lead("lead").await;
    let file = uploaded(&stage, lead, 1).await;
    stage.writes(lead, 1, (0, with_file(shared("Prices"), file))).await.expect("writes");
    for version in 1..=51 {
        assert_eq!(erased(&stage).await, []);
        stage.writes(lead, 1, (version, shared(&version.to_string()))).await.expect("changes");
    }
    assert_eq!(erased(&stage).await, [file]);
    let mut read = stage.store.read().await.expect("reads");
    assert_eq!(versions(&mut read, lead, response(1)).await.expect("reads").versions.len(), 51);
}
