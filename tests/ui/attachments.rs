//! Files in bubbles: what is seen of them, what can be done with them, and what never happens.

use std::sync::Arc;

use chrono::TimeDelta;
use egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::{Harness, kittest::Queryable as _};
use waxwing::{
    desk::{
        file::FileState,
        input::Command,
        picture::{Fetched, Frame, Picture, PictureKey},
    },
    ui::{Action, FileAsk, FileDeed},
};
use waxwing_protocol::{
    attachment::{About, Attachment, AttachmentState, Opening},
    delivery::Delivery,
    id::AttachmentId,
    message::{Body, Media, MediaKind, Message, Quote},
};

use crate::{
    fixture::{Window, message, now, wrote},
    hand::{asked, click, many, open, pick, place},
};

/// The attachment of that number.
pub(crate) fn attachment(number: u8) -> AttachmentId {
    AttachmentId::new(now(), [number; 10])
}

pub(crate) fn about(mime: &str) -> About {
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

/// What is known of a picture.
pub(crate) fn photo(size: [u32; 2]) -> About {
    About { size: Some(size), preview: true, ..about("image/jpeg") }
}

/// A file of the contact's, the attachment of that number.
pub(crate) fn media(kind: MediaKind, number: u8, about: About) -> Media {
    let state = AttachmentState::Ready { size_bytes: 3_400_000, about: Some(Box::new(about)) };
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

fn document(name: &str, about: About) -> Media {
    let mime = Some(about.mime.clone());
    Media { file_name: Some(name.to_owned()), mime, ..media(MediaKind::Document, 1, about) }
}

fn warned() -> Opening {
    Opening::Warned { reason: "It holds macros.".to_owned() }
}

/// A message of the contact's with that file.
pub(crate) fn sent(media: Media) -> Message {
    message(1, 60, Body::Media(media), None)
}

/// A picture of one colour.
pub(crate) fn plain() -> Fetched {
    let frame = Frame { rgba: [90; 16].into(), shown_for: TimeDelta::seconds(1) };
    Fetched::Ready(Arc::new(Picture::new([2, 2], vec![frame]).expect("is a picture")))
}

/// What is asked for with the document.
fn ask(name: &str, mime: &str, deed: FileDeed) -> Action {
    let (name, mime) = (Some(name.to_owned()), Some(mime.to_owned()));
    Action::File(FileAsk { attachment: attachment(1), name, mime, deed })
}

fn stands(harness: &mut Harness<'_, Window>, state: FileState) {
    harness.state_mut().shelf.0.insert(attachment(1), state);
    harness.run_steps(2);
}

/// What has been asked for with files.
fn asked_of_files(harness: &mut Harness<'_, Window>) -> Vec<Action> {
    let mut asked = asked(harness);
    asked.retain(|action| matches!(action, Action::File(_)));
    asked
}

const PDF: &str = "PDF \u{2068}offer.pdf\u{2069}, 3.4 MB, 3 pages, from Ada. Click to open";

fn pdf() -> About {
    About { pages: Some(3), ..about("application/pdf") }
}

#[test]
fn a_picture_has_its_room_before_it_is_there() {
    let picture = "Picture, 3.4 MB, from Ada. Click to look at it";
    let mut harness = open(vec![sent(media(MediaKind::Image, 1, photo([4000, 3000]))), wrote(1, 5, "below")]);
    assert!(asked(&mut harness).contains(&Action::WantPicture(PictureKey::Preview(attachment(1)))));
    let before = (place(&harness, picture), place(&harness, "below"));
    assert_eq!(before.0.size(), egui::vec2(320.0, 240.0));
    harness.state_mut().album.0.insert(PictureKey::Preview(attachment(1)), plain());
    harness.run_steps(3);
    assert_eq!((place(&harness, picture), place(&harness, "below")), before, "nothing jumps");
    stands(&mut harness, FileState::Coming { got_bytes: 5 });
    assert_eq!((place(&harness, picture), place(&harness, "below")), before, "nothing jumps");
    assert_eq!(asked(&mut harness), []);
}

#[test]
fn panoramas_and_towers_stay_within_bounds() {
    for (pixels, wanted) in
        [([20_000, 300], [320.0, 90.0]), ([300, 20_000], [120.0, 320.0]), ([200, 150], [200.0, 150.0])]
    {
        let harness = open(vec![sent(media(MediaKind::Image, 1, photo(pixels)))]);
        assert_eq!(place(&harness, "Picture, 3.4 MB, from Ada. Click to look at it").size(), wanted.into());
    }
}

#[test]
fn a_picture_that_can_t_be_shown_says_so_and_is_asked_for_again() {
    let mut harness = open(vec![sent(media(MediaKind::Image, 1, photo([400, 300])))]);
    let failed = Fetched::Failed { why: "its file is damaged".into() };
    harness.state_mut().album.0.insert(PictureKey::Preview(attachment(1)), failed);
    harness.run_steps(2);
    asked(&mut harness);
    click(
        &mut harness,
        "Picture, 3.4 MB, from Ada. It can't be shown: its file is damaged. Click to try again",
    );
    assert_eq!(asked(&mut harness), [Action::WantPicture(PictureKey::Preview(attachment(1)))]);
}

#[test]
fn a_document_opens_at_a_click_by_its_links_and_by_keys() {
    let mut harness = open(vec![sent(document("offer.pdf", pdf()))]);
    place(&harness, "\u{2068}offer.pdf\u{2069}");
    place(&harness, "3 pages · 3.4 MB");
    let ask = |deed| ask("offer.pdf", "application/pdf", deed);
    click(&mut harness, PDF);
    assert_eq!(asked_of_files(&mut harness), [ask(FileDeed::Open)]);
    click(&mut harness, "Open");
    assert_eq!(asked_of_files(&mut harness), [ask(FileDeed::Open)]);
    click(&mut harness, "Save as…");
    assert_eq!(asked_of_files(&mut harness), [ask(FileDeed::SaveAs)]);
    harness.get_by_label(PDF).focus();
    harness.run_steps(2);
    harness.key_press(Key::Enter);
    harness.run_steps(2);
    assert_eq!(asked_of_files(&mut harness), [ask(FileDeed::Open)]);
    harness.key_press_modifiers(Modifiers::SHIFT, Key::F10);
    harness.run_steps(3);
    click(&mut harness, "Copy file");
    assert_eq!(asked_of_files(&mut harness), [ask(FileDeed::Copy)]);
}

#[test]
fn the_menu_of_a_file_is_the_message_s_with_more() {
    for (choice, deed) in [("Open folder", FileDeed::OpenFolder), ("Copy file", FileDeed::Copy)] {
        let mut harness = open(vec![sent(document("offer.pdf", pdf()))]);
        harness.get_by_label(PDF).click_secondary();
        harness.run_steps(3);
        for there in ["Reply", "Forward…", "Details"] {
            place(&harness, there);
        }
        click(&mut harness, choice);
        assert_eq!(asked_of_files(&mut harness), [ask("offer.pdf", "application/pdf", deed)]);
    }
}

#[test]
fn a_file_that_could_not_be_had_is_asked_for_again() {
    let mut media = document("offer.pdf", pdf());
    let reason = "WhatsApp could not be reached.".to_owned();
    media.attachment = Some(Attachment { id: attachment(1), state: AttachmentState::Failed { reason } });
    let message = sent(media);
    let mut harness = open(vec![message.clone()]);
    harness.get_by_label_contains("WhatsApp could not be reached.").click_secondary();
    harness.run_steps(3);
    click(&mut harness, "Get the file again");
    let again = Command::FetchAgain { interaction: message.interaction, message: message.id };
    assert!(asked(&mut harness).contains(&Action::Command(again)));
}

#[test]
fn a_file_with_a_warning_is_opened_only_after_a_question() {
    let name = "XLSM \u{2068}budget.xlsm\u{2069}, 3.4 MB, from Ada. Click to open after a question";
    let mime = "application/vnd.ms-excel.sheet.macroenabled.12";
    let open_it = || open(vec![sent(document("budget.xlsm", About { opening: warned(), ..about(mime) }))]);
    for (choice, wanted) in [
        ("Cancel", vec![]),
        ("Open anyway", vec![ask("budget.xlsm", mime, FileDeed::Open)]),
        ("Save as… instead", vec![ask("budget.xlsm", mime, FileDeed::SaveAs)]),
    ] {
        let mut harness = open_it();
        click(&mut harness, name);
        assert_eq!(asked_of_files(&mut harness), [], "it asks first");
        assert_eq!(
            harness.get_all_by_label("It holds macros.").count(),
            2,
            "in the bubble and in the question"
        );
        click(&mut harness, choice);
        assert_eq!(asked_of_files(&mut harness), wanted);
        assert!(harness.query_by_label("Open anyway").is_none());
    }
    let mut harness = open_it();
    click(&mut harness, "Open");
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    assert!(harness.query_by_label("Open anyway").is_none());
    assert_eq!(asked_of_files(&mut harness), []);
}

#[test]
fn what_can_only_be_saved_is_never_opened() {
    let reason = "It is a program.".to_owned();
    for opening in [Opening::SaveOnly { reason }, Opening::Unknown] {
        for kind in [MediaKind::Document, MediaKind::Image, MediaKind::Video, MediaKind::Audio] {
            let about = About { opening: opening.clone(), ..about("application/octet-stream") };
            let file = Media { file_name: Some("a.exe".to_owned()), ..media(kind, 1, about) };
            let mut harness = open(vec![sent(file)]);
            assert!(harness.query_by_label("Open").is_none(), "{kind:?}");
            harness.get_by_label_contains(", 3.4 MB, from Ada").click();
            harness.run_steps(3);
            harness.get_by_label_contains(", 3.4 MB, from Ada").click_secondary();
            harness.run_steps(3);
            assert!(harness.query_by_label("Open").is_none(), "{kind:?}");
            let opened =
                |action: &Action| matches!(action, Action::File(FileAsk { deed: FileDeed::Open, .. }));
            assert!(!asked(&mut harness).iter().any(opened), "{kind:?}");
            if opening != Opening::Unknown {
                place(&harness, "It is a program.");
            }
        }
    }
}

#[test]
fn a_film_plays_at_a_click_and_a_short_silent_one_is_a_gif() {
    let film = |seconds: u64, has_sound| About {
        duration_ms: Some(seconds * 1000),
        has_sound,
        ..photo([1280, 720])
    };
    let mut harness = open(vec![sent(media(MediaKind::Video, 1, film(42, true)))]);
    let poster = Action::WantPicture(PictureKey::Preview(attachment(1)));
    assert!(asked(&mut harness).contains(&poster));
    click(&mut harness, "Video, 3.4 MB, 0:42, from Ada. Click to play it");
    let ask = FileAsk { attachment: attachment(1), name: None, mime: None, deed: FileDeed::Open };
    assert!(asked(&mut harness).contains(&Action::File(ask)));
    for (seconds, has_sound, name) in [(4, false, "GIF"), (4, true, "Video"), (60, false, "Video")] {
        let harness = open(vec![sent(media(MediaKind::Video, 1, film(seconds, has_sound)))]);
        harness.get_by_label_contains(&format!("{name}, 3.4 MB, "));
    }
}

#[test]
fn a_download_tells_how_far_it_is_and_is_cancelled_and_tried_again() {
    let mut harness = open(vec![sent(document("offer.pdf", pdf()))]);
    let ask = |deed| ask("offer.pdf", "application/pdf", deed);
    stands(&mut harness, FileState::Coming { got_bytes: 1_290_000 });
    place(&harness, "1.2 of 3.4 MB");
    assert!(harness.query_by_label("Save as…").is_none());
    click(&mut harness, "Cancel");
    assert_eq!(asked_of_files(&mut harness), [ask(FileDeed::Cancel)]);
    stands(&mut harness, FileState::Failed { why: "The gateway was not reached.".into() });
    place(&harness, "The gateway was not reached.");
    click(&mut harness, "Try again");
    assert_eq!(asked_of_files(&mut harness), [ask(FileDeed::Open)]);
    stands(&mut harness, FileState::Here);
    place(&harness, "3 pages · 3.4 MB");
}

#[test]
fn what_was_chosen_by_key_keeps_the_focus_while_the_file_comes_and_after_it() {
    for deed in ["Open", "Save as…"] {
        let mut harness = open(vec![sent(document("offer.pdf", pdf()))]);
        harness.get_by_label(deed).focus();
        harness.run_steps(2);
        harness.key_press(Key::Enter);
        harness.run_steps(2);
        for (state, name) in [
            (FileState::Coming { got_bytes: 1_290_000 }, "Cancel"),
            (FileState::Failed { why: "The gateway was not reached.".into() }, "Try again"),
            (FileState::Here, deed),
        ] {
            stands(&mut harness, state);
            harness.run_steps(2);
            assert!(harness.get_by_label(name).is_focused(), "{name} has the focus after {deed}");
        }
    }
}

#[test]
fn a_stranger_s_name_is_seen_as_it_is_and_leads_nowhere() {
    let harness = open(vec![sent(document("www.example.com\u{202e}fdp.exe", pdf()))]);
    place(&harness, "\u{2068}www.example.com<U+202E>fdp.exe\u{2069}");
    assert!(harness.query_by_role(Role::Link).is_none());
}

#[test]
fn words_are_copied_with_the_name_of_the_file() {
    let file = Media { caption: Some("*see* page 2".to_owned()), ..document("offer.pdf", pdf()) };
    let mut harness = open(vec![sent(file)]);
    pick(&mut harness, "see page 2", "Copy");
    assert_eq!(harness.state().copied.last().map(String::as_str), Some("offer.pdf\n*see* page 2"));
}

#[test]
fn ours_are_looked_at_from_what_this_machine_has_until_the_preview_is_there() {
    let mut ours =
        message(1, 60, Body::Media(media(MediaKind::Image, 1, photo([400, 300]))), Some(Delivery::Sent));
    ours.client_ref = Some(waxwing_protocol::id::ClientRef::new(now(), [7; 10]));
    let mut harness = open(vec![ours]);
    place(&harness, "Picture, 3.4 MB, from Jana Roth. Click to look at it");
    assert!(
        asked(&mut harness).iter().all(|it| *it == Action::WantPicture(PictureKey::Preview(attachment(1))))
    );
}

#[test]
fn a_quote_of_a_file_tells_what_it_was() {
    let first = sent(media(MediaKind::Image, 1, photo([400, 300])));
    let mut answer = wrote(1, 5, "That one?");
    let excerpt = "[Picture]".to_owned();
    answer.quote = Some(Quote { message: Some(first.id), excerpt, by_contact: true });
    let harness = open(vec![first, answer]);
    place(&harness, "Answers Ada: Photo");
}

#[test]
fn a_quote_of_a_picture_shows_it_small() {
    let picture = Body::Media(media(MediaKind::Image, 1, photo([400, 300])));
    let first = message(1, 7000, picture, None);
    let mut answer = wrote(9, 5, "That one?");
    answer.interaction = first.interaction;
    answer.quote = Some(Quote { message: Some(first.id), excerpt: "[Picture]".to_owned(), by_contact: true });
    let mut said = vec![first];
    said.extend(many(40));
    said.push(answer);
    let mut harness = open(said);
    place(&harness, "Answers Ada: Photo");
    assert!(
        harness.query_by_label_contains("Click to look at it").is_none(),
        "the picture itself is out of view"
    );
    assert!(asked(&mut harness).contains(&Action::WantPicture(PictureKey::Preview(attachment(1)))));
}
