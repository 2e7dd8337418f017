//! Sound: voice notes and sound files in every state, and the recorder.

use std::sync::Arc;

use chrono::TimeDelta;
use waxwing_protocol::{
    attachment::{About, Opening, WAVEFORM_BARS},
    delivery::Delivery,
    message::{Author, Body, Media, MediaKind},
};

use super::{
    Page, conversation,
    files::{about, media, ready},
};
use crate::{
    desk::{
        file::{FileState, ReadyFile, StripFile, StripSource, StripState},
        sound::{PlayState, Playing, Recording, SoundKey, Speed},
    },
    gallery::{
        desk::{Table, Thread, agent, attachment, client_ref, interaction},
        stage::{Booth, Gesture, Shelf},
    },
};

pub(super) fn pages() -> Vec<Page> {
    vec![bubbles(), recording(), question(), no_microphone()]
}

/// A few words with pauses between them.
fn spoken(seconds: u64) -> About {
    let loudness = |bar: u16| {
        let word = f32::from(bar * 7 % 23) / 23.0;
        let pause = if bar % 13 > 10 { 0.06 } else { 1.0 };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of 255")]
        let loud = (pause * (0.25 + 0.75 * (word * 3.0).sin().abs()) * 255.0) as u8;
        loud
    };
    let waveform = (0..).take(WAVEFORM_BARS).map(loudness).collect();
    About { duration_ms: Some(seconds * 1000), waveform, has_sound: true, ..about("audio/ogg") }
}

fn voice(number: u8, size_bytes: u64, about: About) -> Body {
    Body::Media(Media { voice: true, ..media(MediaKind::Audio, number, size_bytes, about) })
}

fn bubbles() -> Page {
    let mut thread = Thread::new(1, "Marta Szkoła", 900);
    thread.wrote("It's too long to write, so:");
    thread.told(voice(1, 45_000, spoken(12)));
    thread.told(voice(2, 180_000, spoken(75)));
    thread.told(voice(3, 640_000, spoken(213)));
    thread.told(voice(4, 31_000, About { waveform: Vec::new(), duration_ms: None, ..spoken(9) }));
    let mime = "audio/mpeg";
    let song = media(MediaKind::Audio, 5, 3_400_000, About { mime: mime.to_owned(), ..spoken(187) });
    thread.told(Body::Media(Media { file_name: Some("The bell at the door.mp3".to_owned()), ..song }));
    thread.told(voice(6, 9_000, About { duration_ms: None, ..about("audio/amr") }));
    let reason = "Its bytes are a program, whatever its name says, so it can only be saved.";
    let opening = Opening::SaveOnly { reason: reason.to_owned() };
    thread.told(voice(7, 48_000, About { opening, ..about("application/octet-stream") }));
    let author = Author::Agent { agent: agent().id, name: "Jana Roth".to_owned() };
    thread.say(author, voice(8, 27_000, spoken(8)), Some(Delivery::Read));
    let mut page = conversation("sound", [1000.0, 1130.0], thread);
    page.shelf = Shelf(
        [
            (attachment(3), FileState::Coming { got_bytes: 220_000 }),
            (attachment(5), FileState::Failed { why: "The gateway was not reached.".into() }),
        ]
        .into(),
    );
    let key = |number| SoundKey::Attachment(attachment(number));
    page.booth = Booth {
        playing: Some(Playing {
            key: key(1),
            position: TimeDelta::milliseconds(4_600),
            state: PlayState::Playing,
        }),
        left: [(key(2), TimeDelta::seconds(31))].into(),
        trouble: Some((key(8), "No loudspeaker can be used (no device).")),
        speed: Speed::OneAndAHalf,
        ..Booth::default()
    };
    page
}

fn on(length: i64, level: f32) -> Recording {
    let (length, most) = (TimeDelta::seconds(length), TimeDelta::seconds(164));
    Recording::On { length, level, paused: false, most, trouble: None }
}

fn recorder(name: &'static str, recording: Recording) -> Page {
    let mut thread = Thread::new(1, "Marta Szkoła", 600).waiting(40);
    thread.wrote("Can you tell me how it goes?");
    let file = ReadyFile { voice: true, ..ready("", MediaKind::Audio, 27_000, spoken(8)) };
    let name_of_file = "Voice message 2026-05-13 16.00.00.ogg".to_owned();
    let strip = vec![StripFile {
        client_ref: client_ref(1),
        name: name_of_file,
        caption: String::new(),
        state: StripState::Ready(file),
        source: StripSource::Copy,
    }];
    let mut page = Page::new(name, [1100.0, 520.0], Table::with(vec![thread]).with_strip(strip).laid());
    page.booth.recording = (Some(interaction(1)), recording);
    page
}

fn recording() -> Page {
    recorder("sound-recording", on(42, 0.7))
}

fn question() -> Page {
    recorder("sound-recording-discard", on(190, 0.4)).with([Gesture::Click("Discard")])
}

fn no_microphone() -> Page {
    let why: Arc<str> = "the system knows of none".into();
    recorder("sound-no-microphone", Recording::NoMicrophone { why })
}
