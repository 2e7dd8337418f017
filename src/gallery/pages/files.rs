//! Files: received ones of every kind and in every state, ours on their way, the strip, the viewer, what is dropped.

use std::sync::Arc;

use chrono::TimeDelta;
use waxwing_protocol::{
    attachment::{About, Attachment, AttachmentState, Opening},
    delivery::Delivery,
    message::{Author, Body, Media, MediaKind},
};

use super::{Page, conversation};
use crate::{
    desk::{
        file::{FileState, ReadyFile},
        input::Outcome,
        picture::{Fetched, Frame, Picture, PictureKey},
    },
    gallery::{
        desk::{Table, Thread, agent, attachment, client_ref, end, interaction},
        stage::{Album, Gesture, Shelf},
    },
};

/// A meadow under a sky, as a thumb hash.
const HASH: &str = "3OcRJYB4d3h/iIeHeEh3eIhw+j3A";

pub(super) fn pages() -> Vec<Page> {
    vec![
        pictures(),
        waiting_pictures(),
        films(),
        documents(),
        refused_documents(),
        leaving("file-leaving", [1600, 1200]),
        leaving("file-leaving-small", [96, 64]),
        viewer(),
    ]
}

/// A picture of so many pixels: a sky, hills, and a sun.
pub(super) fn landscape([width, height]: [u32; 2]) -> Fetched {
    #[expect(clippy::cast_precision_loss, reason = "a few hundred pixels")]
    let part = |at: u32, of: u32| at as f32 / of as f32;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a colour")]
    let shade = |from: f32, to: f32, part: f32| (from + (to - from) * part) as u8;
    let pixel = |x: u32, y: u32| {
        let (u, v) = (part(x, width), part(y, height));
        let hill = 0.62 + 0.1 * (u * 7.0).sin() + 0.05 * (u * 17.0).cos();
        let sun = (u - 0.72).hypot((v - 0.28) * part(height, width)) < 0.07;
        match (v > hill, sun) {
            (true, _) => [shade(70.0, 30.0, v), shade(130.0, 80.0, v), 60, 255],
            (false, true) => [255, 236, 170, 255],
            (false, false) => [shade(90.0, 250.0, v), shade(150.0, 210.0, v), shade(220.0, 190.0, v), 255],
        }
    };
    let rgba: Vec<u8> = (0..height).flat_map(|y| (0..width).flat_map(move |x| pixel(x, y))).collect();
    let frame = Frame { rgba: rgba.into(), shown_for: TimeDelta::seconds(1) };
    Picture::new([width, height], vec![frame])
        .map_or_else(Fetched::default, |it| Fetched::Ready(Arc::new(it)))
}

pub(super) fn about(mime: &str) -> About {
    About {
        mime: mime.to_owned(),
        opening: Opening::Allowed,
        size: None,
        duration_ms: None,
        waveform: Vec::new(),
        has_sound: false,
        pages: None,
        thumb_hash: None,
        preview: false,
    }
}

pub(super) fn photo(size: [u32; 2]) -> About {
    About { size: Some(size), preview: true, thumb_hash: Some(HASH.to_owned()), ..about("image/jpeg") }
}

fn film(seconds: u64, has_sound: bool) -> About {
    About { duration_ms: Some(seconds * 1000), has_sound, ..photo([1280, 720]) }
}

pub(super) fn media(kind: MediaKind, number: u8, size_bytes: u64, about: About) -> Media {
    let state = AttachmentState::Ready { size_bytes, about: Some(Box::new(about)) };
    Media {
        kind,
        mime: None,
        caption: None,
        file_name: None,
        voice: false,
        animated: false,
        attachment: Some(Attachment { id: attachment(number), state }),
    }
}

fn named(name: &str, number: u8, size_bytes: u64, about: About) -> Media {
    Media { file_name: Some(name.to_owned()), ..media(MediaKind::Document, number, size_bytes, about) }
}

fn previews(of: &[(u8, [u32; 2])]) -> Album {
    let preview =
        |(number, size): &(u8, [u32; 2])| (PictureKey::Preview(attachment(*number)), landscape(*size));
    Album(of.iter().map(preview).collect())
}

fn pictures() -> Page {
    let mut thread = Thread::new(1, "Marta Szkoła", 900);
    thread.wrote("This is what arrived:");
    thread.told(Body::Media(media(MediaKind::Image, 1, 1_200_000, photo([4000, 3000]))));
    let caption =
        Some("*The corner* at the left, and the whole of the lid. See https://example.com/x".to_owned());
    thread.told(Body::Media(Media { caption, ..media(MediaKind::Image, 2, 840_000, photo([3000, 4000])) }));
    thread.told(Body::Media(media(MediaKind::Image, 3, 640_000, photo([8000, 900]))));
    thread.told(Body::Media(media(MediaKind::Image, 4, 9_000, photo([64, 64]))));
    let mut page = conversation("file-pictures", [1000.0, 1250.0], thread);
    page.album = previews(&[(1, [320, 240]), (2, [240, 320]), (3, [640, 72]), (4, [64, 64])]);
    page
}

fn waiting_pictures() -> Page {
    let mut thread = Thread::new(1, "Marta Szkoła", 900);
    for number in 1..=4 {
        thread.told(Body::Media(media(MediaKind::Image, number, 3_400_000, photo([1600, 900]))));
    }
    let reason = "Its bytes are a program, whatever its name says, so it can only be saved.";
    let about = About {
        opening: Opening::SaveOnly { reason: reason.to_owned() },
        ..about("application/octet-stream")
    };
    thread.told(Body::Media(media(MediaKind::Image, 5, 48_000, about)));
    let mut page = conversation("file-pictures-waiting", [1000.0, 1220.0], thread);
    let failed = Fetched::Failed { why: "its file is damaged".into() };
    page.album = previews(&[(3, [320, 180]), (4, [320, 180])]);
    page.album.0.insert(PictureKey::Preview(attachment(2)), failed);
    page.shelf = Shelf(
        [
            (attachment(3), FileState::Coming { got_bytes: 1_290_000 }),
            (attachment(4), FileState::Failed { why: "The gateway was not reached.".into() }),
        ]
        .into(),
    );
    page
}

fn films() -> Page {
    let mut thread = Thread::new(1, "Marta Szkoła", 900);
    let caption = Some("It rattles, listen!".to_owned());
    let first = media(MediaKind::Video, 1, 14_900_000, film(42, true));
    thread.told(Body::Media(Media { caption, ..first }));
    thread.told(Body::Media(media(MediaKind::Video, 2, 430_000, film(4, false))));
    thread.told(Body::Media(media(MediaKind::Video, 3, 61_000_000, film(3_723, true))));
    thread.told(Body::Media(media(
        MediaKind::Audio,
        4,
        731_000,
        About { duration_ms: Some(192_000), ..about("audio/mpeg") },
    )));
    let voice = About { duration_ms: Some(12_000), ..about("audio/ogg") };
    thread.told(Body::Media(Media { voice: true, ..media(MediaKind::Audio, 5, 52_000, voice) }));
    let mut page = conversation("file-films", [1000.0, 1220.0], thread);
    page.album = previews(&[(1, [320, 180]), (2, [320, 180]), (3, [320, 180])]);
    page.shelf = Shelf([(attachment(3), FileState::Coming { got_bytes: 22_000_000 })].into());
    page
}

fn documents() -> Page {
    let mut thread = Thread::new(1, "Marta Szkoła", 900);
    let pages = |mime: &str, pages| About { pages: Some(pages), ..about(mime) };
    let caption = Some("The invoice".to_owned());
    thread.told(Body::Media(Media {
        caption,
        ..named("invoice 2026-05.pdf", 1, 184_210, pages("application/pdf", 3))
    }));
    let office = "application/vnd.openxmlformats-officedocument.";
    thread.told(Body::Media(named(
        "Letter.docx",
        2,
        48_100,
        pages(&format!("{office}wordprocessingml.document"), 1),
    )));
    thread.told(Body::Media(named(
        "prices.xlsx",
        3,
        1_412_000,
        pages(&format!("{office}spreadsheetml.sheet"), 4),
    )));
    thread.told(Body::Media(named(
        "deck.pptx",
        4,
        22_480_000,
        pages(&format!("{office}presentationml.presentation"), 31),
    )));
    thread.told(Body::Media(named("notes.txt", 5, 731, about("text/plain"))));
    thread.told(Body::Media(named("فاتورة.pdf", 6, 90_210, pages("application/pdf", 2))));
    let long = "a name that goes on and on ".repeat(6);
    thread.told(Body::Media(named(&format!("{long}.csv"), 7, 12_000, about("text/csv"))));
    let file = named("delivery-48213.pdf", 8, 184_000, pages("application/pdf", 1));
    let author = Author::Agent { agent: agent().id, name: agent().display_name };
    thread.say(author, Body::Media(file), Some(Delivery::Read));
    conversation("file-documents", [1000.0, 1100.0], thread)
}

fn refused_documents() -> Page {
    let mut thread = Thread::new(1, "Marta Szkoła", 900);
    let warned =
        Opening::Warned { reason: "It holds macros: programs that run when it is opened.".to_owned() };
    let only = |reason: &str| Opening::SaveOnly { reason: reason.to_owned() };
    let macros = "application/vnd.ms-excel.sheet.macroenabled.12";
    thread.told(Body::Media(named("budget.xlsm", 1, 92_000, About { opening: warned, ..about(macros) })));
    let program =
        only("It is a program for Windows, whatever its name says. Programs are never opened here.");
    thread.told(Body::Media(named(
        "Evil\u{202e}fdp.exe",
        2,
        90_210,
        About { opening: program, ..about("application/octet-stream") },
    )));
    let archive = only("It is an archive, and these are not opened here.");
    thread.told(Body::Media(named(
        "pictures.zip",
        3,
        8_100_000,
        About { opening: archive, ..about("application/zip") },
    )));
    thread.told(Body::Media(named("plan.pdf", 4, 3_400_000, about("application/pdf"))));
    thread.told(Body::Media(named("offer.pdf", 5, 3_400_000, about("application/pdf"))));
    let mut page = conversation("file-documents-refused", [1000.0, 900.0], thread);
    page.shelf = Shelf(
        [
            (attachment(4), FileState::Coming { got_bytes: 1_290_000 }),
            (
                attachment(5),
                FileState::Failed { why: "The gateway was not reached: the connection was refused.".into() },
            ),
        ]
        .into(),
    );
    page.with([Gesture::Click("Open")])
}

/// A file of ours.
pub(super) fn ready(name: &str, kind: MediaKind, size_bytes: u64, about: About) -> ReadyFile {
    ReadyFile { name: name.to_owned(), kind, size_bytes, about: Box::new(about), voice: false }
}

/// Files on their way, the first a picture of so many pixels.
fn leaving(name: &'static str, pixels: [u32; 2]) -> Page {
    let mut thread = Thread::new(1, "Marta Szkoła", 600).waiting(75);
    thread.wrote("Do you have a picture of it?");
    let files = vec![
        (ready("box.jpg", MediaKind::Image, 3_400_000, photo(pixels)), "This is it"),
        (
            ready(
                "manual.pdf",
                MediaKind::Document,
                1_840_000,
                About { pages: Some(12), ..about("application/pdf") },
            ),
            "",
        ),
    ];
    let mut desk = Table::with(vec![thread]).with_leaving(files).laid();
    let (interaction, client_ref) = (interaction(1), client_ref(1));
    end(&mut desk, Outcome::UploadMoved { interaction, client_ref, sent_bytes: 1_290_000 });
    let mut page = Page::new(name, [1000.0, 800.0], desk);
    page.album = Album([(PictureKey::Ours(client_ref), landscape([320, 240]))].into());
    page
}

fn viewer() -> Page {
    let mut thread = Thread::new(1, "Marta Szkoła", 900);
    thread.told(Body::Media(media(MediaKind::Image, 1, 1_200_000, photo([4000, 3000]))));
    let caption = Some("The corner at the left, and the whole of the lid.".to_owned());
    thread.told(Body::Media(Media { caption, ..media(MediaKind::Image, 2, 840_000, photo([4000, 3000])) }));
    thread.told(Body::Media(media(MediaKind::Image, 3, 640_000, photo([3000, 4000]))));
    let mut page = conversation("file-viewer", [1000.0, 720.0], thread);
    page.album = previews(&[(1, [320, 240]), (2, [320, 240]), (3, [240, 320])]);
    page.album.0.insert(PictureKey::Whole(attachment(2)), landscape([1200, 900]));
    page.with([Gesture::Wheel("Picture, 640", 200.0), Gesture::Click("Picture, 840 kB")])
}
