//! Looking at pictures: one after the other, nearer and further, with what can be done with them.

use egui::{Key, Modifiers, vec2};
use egui_kittest::{Harness, kittest::Queryable as _};
use waxwing::{
    desk::picture::{Fetched, PictureKey},
    ui::{Action, FileAsk, FileDeed},
};
use waxwing_protocol::{
    attachment::{About, Opening},
    message::{Body, Media, MediaKind, Message},
};

use crate::{
    attachments::{attachment, media, photo, plain},
    fixture::{Window, message, wrote},
    hand::{MIDDLE, asked, click, clicks, drag, key, open, place, wheel},
};

/// Three pictures, each so many pixels wide and high.
fn three() -> Vec<Message> {
    let picture = |number: u8, caption: Option<&str>| {
        let media = media(MediaKind::Image, number, photo([4000, 3000]));
        let caption = caption.map(str::to_owned);
        message(1, 100 - 10 * i64::from(number), Body::Media(Media { caption, ..media }), None)
    };
    let document = media(MediaKind::Document, 9, photo([4000, 3000]));
    vec![
        picture(1, None),
        wrote(1, 85, "between"),
        picture(2, Some("The *lid*")),
        message(1, 75, Body::Media(document), None),
        picture(3, None),
    ]
}

const LOOKED: &str = "Picture, 3.4 MB";

/// The viewer is open on the last picture.
fn opened<'a>() -> Harness<'a, Window> {
    let mut harness = open(three());
    let bubbles = harness.query_all_by_label("Picture, 3.4 MB, from Ada. Click to look at it");
    let places = bubbles.map(|bubble| bubble.rect().center());
    let last = places.max_by(|a, b| a.y.total_cmp(&b.y)).expect("a picture");
    clicks(&mut harness, last, 1);
    harness.run_steps(3);
    harness
}

fn at(harness: &Harness<'_, Window>, words: &str) {
    place(harness, words);
    place(harness, LOOKED);
}

fn press(harness: &mut Harness<'_, Window>, pressed: Key) {
    key(harness, Modifiers::NONE, pressed);
}

fn is_open(harness: &Harness<'_, Window>) -> bool {
    harness.query_by_label("Close").is_some()
}

#[test]
fn a_picture_is_asked_for_in_full_and_takes_its_place_at_once() {
    let mut harness = opened();
    at(&harness, "3 of 3");
    let asked_for = asked(&mut harness);
    assert!(asked_for.contains(&Action::WantPicture(PictureKey::Whole(attachment(3)))));
    assert!(!asked_for.contains(&Action::WantPicture(PictureKey::Whole(attachment(1)))));
    harness.state_mut().album.0.insert(PictureKey::Whole(attachment(3)), plain());
    harness.run_steps(2);
    assert!(
        asked(&mut harness).iter().all(|action| !matches!(action, Action::WantPicture(PictureKey::Whole(_))))
    );
}

#[test]
fn arrows_and_buttons_go_from_picture_to_picture_and_no_further() {
    let mut harness = opened();
    press(&mut harness, Key::ArrowRight);
    at(&harness, "3 of 3");
    assert!(harness.query_by_label("Next picture").is_none());
    press(&mut harness, Key::ArrowLeft);
    at(&harness, "2 of 3");
    place(&harness, "The *lid*");
    click(&mut harness, "Previous picture");
    at(&harness, "1 of 3");
    assert!(harness.query_by_label("Previous picture").is_none());
    click(&mut harness, "Next picture");
    press(&mut harness, Key::PageDown);
    at(&harness, "3 of 3");
}

#[test]
fn keys_bring_it_nearer_and_move_it() {
    let mut harness = opened();
    place(&harness, "Fit");
    press(&mut harness, Key::Num1);
    place(&harness, "100 %");
    press(&mut harness, Key::Plus);
    place(&harness, "125 %");
    press(&mut harness, Key::ArrowLeft);
    at(&harness, "3 of 3");
    press(&mut harness, Key::Minus);
    press(&mut harness, Key::Minus);
    place(&harness, "80 %");
    press(&mut harness, Key::Num0);
    press(&mut harness, Key::ArrowLeft);
    at(&harness, "2 of 3");
    click(&mut harness, "Zoom in");
    assert!(harness.query_by_label_contains(" %").is_some());
    click(&mut harness, "Zoom out");
    assert!(harness.query_by_label_contains(" %").is_none(), "it fits again");
}

#[test]
fn the_mouse_brings_it_nearer_and_moves_it() {
    let mut harness = opened();
    wheel(&mut harness, 200.0);
    assert!(harness.query_by_label_contains(" %").is_some());
    drag(&mut harness, MIDDLE, MIDDLE + vec2(80.0, 0.0));
    at(&harness, "3 of 3");
    clicks(&mut harness, MIDDLE, 2);
    assert!(harness.query_by_label_contains(" %").is_none(), "two clicks let it fit");
    clicks(&mut harness, MIDDLE, 2);
    place(&harness, "100 %");
}

#[test]
fn escape_and_the_cross_close_it_and_nobody_writes_meanwhile() {
    let mut harness = opened();
    harness.event(egui::Event::Text("+".to_owned()));
    harness.run_steps(2);
    press(&mut harness, Key::Escape);
    assert!(!is_open(&harness));
    assert_eq!(harness.get_by_label("Message to Ada").value().as_deref(), Some(""));
    let mut harness = opened();
    click(&mut harness, "Close");
    assert!(!is_open(&harness));
}

#[test]
fn it_is_saved_copied_and_opened() {
    for (name, deed) in [
        ("Save picture as…", FileDeed::SaveAs),
        ("Copy picture", FileDeed::Copy),
        ("Open in another program", FileDeed::Open),
    ] {
        let mut harness = opened();
        asked(&mut harness);
        click(&mut harness, name);
        let ask = FileAsk { attachment: attachment(3), name: None, mime: None, deed };
        assert!(asked(&mut harness).contains(&Action::File(ask)), "{name}");
    }
    let mut harness = opened();
    key(&mut harness, Modifiers::COMMAND, Key::S);
    assert!(asked(&mut harness).iter().any(|action| matches!(action, Action::File(_))));
}

#[test]
fn what_may_not_be_opened_is_looked_at_all_the_same() {
    let opening = Opening::SaveOnly { reason: "Its name says otherwise.".to_owned() };
    let about = About { opening, ..photo([400, 300]) };
    let picture = message(1, 60, Body::Media(media(MediaKind::Image, 1, about)), None);
    let mut harness = open(vec![picture]);
    click(&mut harness, "Picture, 3.4 MB, from Ada. Click to look at it");
    at(&harness, "1 of 1");
    assert!(harness.query_by_label("Open in another program").is_none());
}

#[test]
fn a_picture_that_can_t_be_had_in_full_says_why() {
    let mut harness = opened();
    let failed = Fetched::Failed { why: "the gateway was not reached".into() };
    harness.state_mut().album.0.insert(PictureKey::Whole(attachment(3)), failed);
    harness.run_steps(2);
    place(&harness, "It can't be shown in full: the gateway was not reached.");
    asked(&mut harness);
    click(&mut harness, "Try again");
    assert!(asked(&mut harness).contains(&Action::WantPicture(PictureKey::Whole(attachment(3)))));
}
