//! What is played after what.

use waxwing_protocol::{
    attachment::{Attachment, AttachmentState},
    id::AttachmentId,
    message::{Media, MediaKind},
};

use super::*;

fn file(number: u32) -> AttachmentId {
    AttachmentId::from_uuid(uuid(9, number))
}

fn sound(number: u32, voice: bool, state: AttachmentState) -> Message {
    let attachment = Some(Attachment { id: file(number), state });
    let media = Media {
        kind: MediaKind::Audio,
        mime: None,
        caption: None,
        file_name: None,
        voice,
        animated: false,
        attachment,
    };
    Message { body: Body::Media(media), ..said(number, int(1), i64::from(number)) }
}

#[test]
fn after_a_voice_note_comes_the_next_one_that_is_ready() {
    let ready = || AttachmentState::Ready { size_bytes: 1, about: None };
    let lost = AttachmentState::Failed { reason: "gone".to_owned() };
    let messages = vec![
        sound(1, true, ready()),
        said(2, int(1), 2),
        sound(3, false, ready()),
        sound(4, true, lost),
        sound(5, true, AttachmentState::Fetching),
        sound(6, true, ready()),
    ];
    let bench = Bench::with(vec![held(interaction(1), messages)]);
    let conversation = bench.desk.conversation(int(1)).unwrap();
    assert_eq!(conversation.voice_note_after(file(1)), Some(file(6)));
    assert_eq!(conversation.voice_note_after(file(3)), Some(file(6)), "after a sound file as well");
    assert_eq!(conversation.voice_note_after(file(6)), None);
    assert_eq!(conversation.voice_note_after(file(9)), None, "it isn't held");
}
