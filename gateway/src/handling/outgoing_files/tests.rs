//! Which files go, as what, and which of their rows share one.

use proptest::prelude::*;
use serde_json::json;
use waxwing_media::inspect::Found;
use waxwing_protocol::{
    api::{OutgoingBody, SendAccepted, SendMessage},
    attachment::{About, AttachmentState, Opening},
    id::{ClientRef, InteractionId},
    message::Body,
};

use super::*;
use crate::{
    handling::{
        history_files, outbound,
        stage::{Stage, at},
    },
    store::attachments::Looked,
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

fn readable(file_type: FileType) -> Readable {
    Readable {
        file: "0a".to_owned(),
        size_bytes: 1_000,
        looked: Some(looked(file_type)),
        kind: MediaKind::Document,
        origin: Origin::Message,
        file_name: None,
    }
}

fn plain(kind: MediaKind) -> Wanted<'static> {
    Wanted { kind, caption: None, file_name: None, voice: false }
}

fn reason(refused: Refusal) -> String {
    match refused {
        Refusal::Problem(problem) => problem.detail,
        Refusal::Store(error) => panic!("{error}"),
    }
}

#[test]
fn a_file_goes_as_what_it_is_or_as_a_document() {
    let limits = Limits::default();
    for (file_type, kind, goes) in [
        (FileType::Jpeg, MediaKind::Image, true),
        (FileType::Jpeg, MediaKind::Document, true),
        (FileType::Jpeg, MediaKind::Video, false),
        (FileType::Webp, MediaKind::Sticker, true),
        (FileType::Webp, MediaKind::Image, false),
        (FileType::Mp4, MediaKind::Video, true),
        (FileType::OggOpus, MediaKind::Audio, true),
        (FileType::Pdf, MediaKind::Audio, false),
        (FileType::Pdf, MediaKind::Document, true),
        (FileType::Pdf, MediaKind::Unknown, false),
        (FileType::Program, MediaKind::Document, false),
    ] {
        let taken = acceptable(&plain(kind), &readable(file_type), &limits);
        assert_eq!(taken.is_ok(), goes, "{file_type:?} as {kind:?}");
    }
    let unseen = Readable { looked: None, ..readable(FileType::Pdf) };
    assert!(acceptable(&plain(MediaKind::Document), &unseen, &limits).is_err());
    let large = Readable { size_bytes: 6 * 1024 * 1024, ..readable(FileType::Jpeg) };
    assert!(acceptable(&plain(MediaKind::Image), &large, &limits).is_err());
    let none: Limits = toml::from_str("outgoing = [{ type = 'image/*', allow = false }]").expect("reads");
    let refused = acceptable(&plain(MediaKind::Image), &readable(FileType::Jpeg), &none);
    assert!(reason(refused.expect_err("is refused")).contains("administrator"));
}

#[test]
fn text_stands_under_what_can_carry_it_and_voice_is_opus() {
    let limits = Limits::default();
    let (longest, longer) = ("ä".repeat(1_024), "ä".repeat(1_025));
    let take = |file_type, kind, caption, voice| {
        let wanted = Wanted { kind, caption, file_name: None, voice };
        acceptable(&wanted, &readable(file_type), &limits)
    };
    assert!(take(FileType::Jpeg, MediaKind::Image, Some(longest.as_str()), false).is_ok());
    assert!(take(FileType::Jpeg, MediaKind::Image, Some(longer.as_str()), false).is_err());
    assert!(take(FileType::Pdf, MediaKind::Document, Some("x"), false).is_ok());
    assert!(take(FileType::OggOpus, MediaKind::Audio, Some("x"), false).is_err());
    assert!(take(FileType::Webp, MediaKind::Sticker, Some("x"), false).is_err());
    assert!(take(FileType::OggOpus, MediaKind::Audio, None, true).is_ok());
    assert!(take(FileType::Mp3, MediaKind::Audio, None, true).is_err());
    assert!(take(FileType::Pdf, MediaKind::Document, None, true).is_err());
}

#[test]
fn contacts_see_a_name_that_does_not_mislead() {
    for (name, file_type, expected) in [
        ("offer.pdf", FileType::Pdf, "offer.pdf"),
        ("../../etc/offer.pdf", FileType::Pdf, "offer.pdf"),
        ("fdp.\u{202e}exe", FileType::Pdf, "fdp.exe.pdf"),
        ("", FileType::Pdf, "Document.pdf"),
        ("plan.dwg", FileType::Unknown, "plan.dwg"),
        ("plan", FileType::Unknown, "plan.bin"),
    ] {
        assert_eq!(cleaned(name, file_type), expected, "{name}");
    }
    let media = acceptable(&plain(MediaKind::Image), &readable(FileType::Jpeg), &Limits::default());
    assert_eq!(media.expect("goes").file_name, None, "WhatsApp names documents alone");
}

proptest! {
    #[test]
    fn no_name_or_text_panics(name: String, caption: String, voice: bool) {
        let wanted = Wanted {
            kind: MediaKind::Document, caption: Some(&caption), file_name: Some(&name), voice,
        };
        if let Ok(media) = acceptable(&wanted, &readable(FileType::Pdf), &Limits::default()) {
            let name = media.file_name.expect("documents have one");
            prop_assert!(extension_of(&name).as_deref() == Some("pdf") && !name.contains('/'));
        }
    }
}

/// A contact has sent a picture, and it is here.
async fn with_a_picture() -> (Stage, AgentId, InteractionId, AttachmentId) {
    let stage = Stage::new().await;
    let masha = stage.agent("masha", 5).await;
    stage.ready(masha, 1).await;
    let message = json!({"from": "15550000001", "id": "wamid.1", "timestamp": at(2).timestamp().to_string(),
        "type": "image", "image": {"id": "7", "mime_type": "image/jpeg"}});
    stage.arrive(json!({"messages": [message]}), 2).await;
    let interaction = stage.owned(masha).await[0].clone();
    let mut change = stage.store.begin().await.expect("begins");
    let due = attachments::due(change.db(), interaction.business_number.id, at(3), 1).await.expect("reads");
    let settled = Ok((1_000, &looked(FileType::Jpeg)));
    assert!(history_files::settle(&mut change, &due[0], settled, at(3)).await.expect("settles"));
    change.commit().await.expect("commits");
    (stage, masha, interaction.id, due[0].announced.id)
}

async fn send(
    stage: &Stage,
    agent: AgentId,
    to: InteractionId,
    (attachment, seed): (AttachmentId, u8),
) -> Result<SendAccepted, Refusal> {
    let body = OutgoingBody::Media {
        attachment,
        kind: MediaKind::Image,
        caption: Some(" As agreed ".to_owned()),
        file_name: None,
        voice: false,
    };
    let wanted = SendMessage {
        client_ref: ClientRef::new(at(0), [seed; 10]),
        body,
        quote: None,
        responses: Vec::new(),
    };
    let mut change = stage.store.begin().await.expect("begins");
    let sent = outbound::send(&mut change, agent, (to, &wanted), &Limits::default(), at(10)).await?;
    change.commit().await.expect("commits");
    Ok(sent)
}

#[tokio::test]
async fn a_picture_goes_on_once_for_each_reference_and_outlives_what_it_came_with() {
    let (stage, masha, interaction, picture) = with_a_picture().await;
    let sent = send(&stage, masha, interaction, (picture, 1)).await.expect("sends");
    let again = send(&stage, masha, interaction, (picture, 1)).await.expect("is known");
    assert_eq!(sent.message, again.message);
    let Body::Media(media) = &sent.message.body else { panic!("{sent:?}") };
    assert_eq!((media.caption.as_deref(), media.mime.as_deref()), (Some("As agreed"), Some("image/jpeg")));
    assert_eq!(sent.message.fallback, "[Picture] As agreed");
    let Some(Attachment { id, state: AttachmentState::Ready { size_bytes: 1_000, about: Some(_) } }) =
        &media.attachment
    else {
        panic!("{media:?}")
    };
    assert_ne!(*id, picture);
    assert_eq!(stage.count("SELECT COUNT(*) FROM attachments").await, 2);
    assert_eq!(stage.count("SELECT COUNT(DISTINCT file) FROM attachments").await, 1);

    let revoke = json!({"from": "15550000001", "id": "wamid.2", "timestamp": at(20).timestamp().to_string(),
        "type": "revoke", "revoke": {"original_message_id": "wamid.1"}});
    stage.arrive(json!({"messages": [revoke]}), 20).await;
    let refused = send(&stage, masha, interaction, (picture, 2)).await.expect_err("it was taken back");
    assert_eq!(reason(refused), "There is no such file.");
    let mut change = stage.store.begin().await.expect("begins");
    let (erased, file) = attachments::erased(change.db()).await.expect("reads").remove(0);
    assert_eq!(erased, picture);
    assert!(attachments::is_shared(change.db(), erased, &file).await.expect("reads"));
    attachments::forget(change.db(), erased).await.expect("forgets");
    assert!(!attachments::is_shared(change.db(), *id, &file).await.expect("reads"));
    change.commit().await.expect("commits");
    send(&stage, masha, interaction, (*id, 3)).await.expect("what we sent goes on, too");
}

#[tokio::test]
async fn what_an_agent_can_not_see_does_not_go_on() {
    let (stage, masha, interaction, picture) = with_a_picture().await;
    let boris = stage.agent("boris", 5).await;
    let mut change = stage.store.begin().await.expect("begins");
    sqlx::query("UPDATE interactions SET owner_id = $1")
        .bind(boris.to_string())
        .execute(change.db())
        .await
        .expect("writes");
    change.commit().await.expect("commits");
    stage.write("15550000002", "wamid.3", "hello", 4).await;
    let other = stage.owned(masha).await[0].id;
    let refused = send(&stage, masha, other, (picture, 1)).await.expect_err("not theirs");
    assert_eq!(reason(refused), "There is no such file.");
    send(&stage, boris, interaction, (picture, 2)).await.expect("theirs");
}
