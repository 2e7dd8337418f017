//! Files and notifications that wait to be sent: on a strip, in the outbox, at the gateway.

use waxwing_protocol::{
    attachment::{About, Opening},
    id::{AttachmentId, TemplateId},
    message::MediaKind,
    notification::Notification,
    slot::SlotValue,
    template::{ParameterFormat, TemplateCategory},
};

use super::*;
use crate::desk::{
    file::{ReadyFile, StripFile, StripSource, StripState, WayOut},
    notification::{OutgoingNotification, SlotFile},
    outbox::FileAt,
};

fn ready() -> ReadyFile {
    let about = About {
        mime: "audio/ogg".to_owned(),
        opening: Opening::Warned { reason: "Who knows.".to_owned() },
        size: None,
        duration_ms: Some(1_200),
        waveform: vec![0, 255],
        has_sound: false,
        pages: None,
        thumb_hash: None,
        preview: false,
    };
    let (name, about) = ("note.ogg".to_owned(), Box::new(about));
    ReadyFile { name, kind: MediaKind::Audio, size_bytes: 7, about, voice: true }
}

fn strip_file(number: u32, state: StripState) -> StripFile {
    let (name, caption) = (format!("{number}.ogg"), format!("caption {number}"));
    StripFile { client_ref: client_ref(number), name, caption, state, source: StripSource::Copy }
}

fn notification() -> OutgoingNotification {
    let slot = |slot: &str| slot.parse().unwrap();
    let shown = Notification {
        template: TemplateId::new(at(0), [1; 10]),
        name: "order_update".to_owned(),
        language: "en_US".to_owned(),
        category: TemplateCategory::Utility,
        parameter_format: ParameterFormat::Named,
        header: None,
        text: "Hello Masha".to_owned(),
        footer: None,
        offer: None,
        buttons: Vec::new(),
        cards: Vec::new(),
        values: [(slot("body.name"), SlotValue::text("Masha"))].into(),
    };
    let file = |number, at| SlotFile {
        slot: slot(&format!("card.{number}.header.media")),
        client_ref: client_ref(number),
        file: ready(),
        at,
    };
    let id = AttachmentId::new(at(0), [1; 10]);
    let files = vec![file(31, FileAt::Uploaded(id)), file(32, FileAt::Here)];
    OutgoingNotification { shown, files }
}

#[tokio::test]
async fn a_notification_is_there_again_with_its_files() {
    let folder = tempfile::tempdir().unwrap();
    let content = OutgoingContent::Notification(Box::new(notification()));
    let outgoing = Outgoing { content, ..outgoing(1) };
    let account = vec![Entry::Account(Box::new(agent())), Entry::Status(status())];
    let entries = [account, vec![Entry::Outgoing(int(1), outgoing.clone())]].concat();
    opened_with(folder.path(), entries).await.close().await;
    assert_eq!(open(folder.path()).await.restored.outgoing, [(int(1), outgoing)]);
}

#[tokio::test]
async fn files_are_there_again_wherever_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let refused = StripState::Refused {
        reason: "It is too large.".to_owned(),
        ways_out: vec![WayOut::MakeSmaller, WayOut::SendAsDocument],
    };
    let strip = vec![strip_file(1, StripState::Ready(ready())), strip_file(2, refused)];
    let id = AttachmentId::new(at(0), [1; 10]);
    let places = [FileAt::Here, FileAt::Uploaded(id), FileAt::Forwarded(id)];
    let sending: Vec<_> = (3..)
        .zip(places)
        .map(|(number, at)| {
            let content = OutgoingContent::File { file: Box::new(ready()), caption: "look".to_owned(), at };
            (int(1), Outgoing { content, ..outgoing(number) })
        })
        .collect();
    let mut entries = vec![Entry::Account(Box::new(agent())), Entry::Status(status())];
    let checking = strip_file(9, StripState::Checking);
    entries.push(Entry::Strip(int(1), strip.iter().cloned().chain([checking]).collect()));
    entries.push(Entry::Strip(int(2), strip.clone()));
    entries.push(Entry::Strip(int(2), Vec::new()));
    entries.extend(sending.iter().map(|(id, outgoing)| Entry::Outgoing(*id, outgoing.clone())));
    let mut journal = opened_with(folder.path(), entries).await;
    journal.commit(vec![Entry::ForgetContacts]).await.unwrap();
    journal.close().await;
    let Opened { mut journal, restored, .. } = open(folder.path()).await;
    assert_eq!(restored.strips, [(int(1), strip)], "what an agent wrote and did not send waits for them");
    assert_eq!(restored.outgoing, sending);
    journal.commit(vec![Entry::Wipe]).await.unwrap();
    journal.close().await;
    assert_eq!(open(folder.path()).await.restored, Restored::default());
}
