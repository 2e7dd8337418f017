//! Prepared replies in the composer: by their shortcut, with blanks to be filled in, with files on the strip.

use egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::{
    Harness,
    kittest::{NodeT as _, Queryable as _},
};
use waxwing::{
    desk::{
        input::{Command, Outcome, PreparedReply},
        picture::PictureKey,
    },
    ui::Action,
};
use waxwing_protocol::{
    event::Event,
    id::{AttachmentId, ClientRef, ResponseId},
    library::LibraryPage,
    message::MediaKind,
    response::{Prefilled, ResponseContent, ResponseFile, StandardResponse},
    slot::SlotValues,
};

use crate::{
    attachments::photo,
    fixture::{Window, interaction_id, now, wrote},
    hand::{asked, click, command, key, open, outcome, tell, type_in},
};

const FIELD: &str = "Message to Ada";

fn response_id(number: u8) -> ResponseId {
    ResponseId::new(now(), [number; 10])
}

fn response(number: u8, name: &str, shortcut: &str, body: &str) -> StandardResponse {
    StandardResponse {
        id: response_id(number),
        content: ResponseContent {
            name: name.to_owned(),
            shortcut: Some(shortcut.to_owned()),
            body: body.to_owned(),
            active: true,
            ..ResponseContent::default()
        },
        version: 1,
        changed_at: now(),
        changed_by: "Jo Reed".to_owned(),
    }
}

fn file(number: u8, name: &str) -> ResponseFile {
    ResponseFile {
        attachment: AttachmentId::new(now(), [number; 10]),
        kind: MediaKind::Image,
        file_name: name.to_owned(),
        size_bytes: 1_200_000,
        caption: Some("For <$Contact.FirstName$>".to_owned()),
        about: Some(Box::new(photo([1600, 1200]))),
    }
}

/// The gateway gives the desk a library.
pub(crate) fn give_library(harness: &mut Harness<'_, Window>, responses: Vec<StandardResponse>) {
    let next = harness.state().desk.library().held().1 + 1;
    tell(harness, Event::LibraryChanged { revision: next });
    let page = LibraryPage { epoch: 1, whole: true, responses, next, ..LibraryPage::default() };
    outcome(harness, Outcome::LibraryTold(Ok(Box::new(page))));
}

fn started<'a>() -> Harness<'a, Window> {
    let mut harness = open(vec![wrote(1, 38, "hi")]);
    let mut today = response(
        1,
        "Delivery today",
        "dt",
        "Thank you, <$Contact.FirstName$>. The courier for {{what}} comes before {{time}}.",
    );
    today.content.files = vec![file(1, "bouquet.jpg")];
    let delayed = response(
        2,
        "Delivery delayed",
        "dd",
        "Sorry for the delay with <$Interaction.AttachedData(\"Order\")$>.",
    );
    let bye = response(3, "Goodbye", "bye", "Have a nice day!");
    give_library(&mut harness, vec![today, delayed, bye]);
    asked(&mut harness);
    harness
}

#[track_caller]
fn written(harness: &Harness<'_, Window>) -> String {
    harness.get_by_label(FIELD).value().unwrap_or_default()
}

fn press(harness: &mut Harness<'_, Window>, wanted: Key) {
    key(harness, Modifiers::NONE, wanted);
}

fn offered(harness: &Harness<'_, Window>) -> Vec<String> {
    let rows = harness.query_all_by_role(Role::ListItem).filter_map(|node| node.accesskit_node().label());
    rows.filter(|label| label.contains(" /")).collect()
}

fn taken(harness: &mut Harness<'_, Window>) -> Vec<(ResponseId, usize)> {
    let taken = |action| match action {
        Action::TakeResponse { response, files, .. } => Some((response, files.len())),
        _ => None,
    };
    asked(harness).into_iter().filter_map(taken).collect()
}

fn sent(harness: &mut Harness<'_, Window>) -> Vec<String> {
    let sent = |action| match action {
        Action::Send { text, .. } => Some(text),
        _ => None,
    };
    asked(harness).into_iter().filter_map(sent).collect()
}

#[test]
fn a_shortcut_and_tab_insert_what_is_filled_in_for_the_contact() {
    let mut harness = started();
    type_in(&mut harness, "/dt");
    assert_eq!(offered(&harness), ["Delivery today /dt"]);
    press(&mut harness, Key::Tab);
    assert_eq!(written(&harness), "Thank you, Ada. The courier for {{what}} comes before {{time}}.");
    assert_eq!(taken(&mut harness), [(response_id(1), 1)]);
    assert!(harness.get_by_label(FIELD).is_focused());
    key(&mut harness, Modifiers::COMMAND, Key::Z);
    assert_eq!(written(&harness), "/dt", "one step back");
}

#[test]
fn shortcuts_come_before_names_and_arrows_choose() {
    let mut harness = started();
    type_in(&mut harness, "/d");
    assert_eq!(offered(&harness), ["Delivery delayed /dd", "Delivery today /dt"]);
    press(&mut harness, Key::ArrowDown);
    press(&mut harness, Key::ArrowDown);
    press(&mut harness, Key::Enter);
    assert_eq!(written(&harness), "Sorry for the delay with #48213.");
    assert_eq!(sent(&mut harness), Vec::<String>::new(), "Enter was the list's");
    type_in(&mut harness, " /good");
    assert_eq!(offered(&harness), ["Goodbye /bye"], "by its name");
    press(&mut harness, Key::Enter);
    assert_eq!(written(&harness), "Sorry for the delay with #48213. Have a nice day!", "they are stacked");
    press(&mut harness, Key::Enter);
    assert_eq!(sent(&mut harness).len(), 1);
}

#[test]
fn a_click_inserts_and_the_field_keeps_the_focus() {
    let mut harness = started();
    type_in(&mut harness, "/b");
    click(&mut harness, "Goodbye /bye");
    assert_eq!(written(&harness), "Have a nice day!");
    assert!(harness.get_by_label(FIELD).is_focused());
}

#[test]
fn escape_wants_none_and_where_nothing_fits_a_slash_is_a_slash() {
    let mut harness = started();
    type_in(&mut harness, "/dt");
    press(&mut harness, Key::Escape);
    assert!(offered(&harness).is_empty());
    press(&mut harness, Key::Enter);
    assert_eq!(sent(&mut harness), ["/dt"]);
    for text in ["/xyzzy", "and/dt", "5/d"] {
        type_in(&mut harness, text);
        assert!(offered(&harness).is_empty(), "{text}");
        press(&mut harness, Key::Enter);
        assert_eq!(sent(&mut harness), [text]);
    }
}

#[test]
fn tab_walks_the_blanks_and_what_is_typed_takes_their_place() {
    let mut harness = started();
    type_in(&mut harness, "/dt");
    press(&mut harness, Key::Tab);
    type_in(&mut harness, "the tulips");
    assert!(written(&harness).contains("courier for the tulips comes"), "the first one is selected at once");
    press(&mut harness, Key::Tab);
    type_in(&mut harness, "18:00");
    assert_eq!(written(&harness), "Thank you, Ada. The courier for the tulips comes before 18:00.");
    assert!(harness.get_by_label(FIELD).is_focused());
    press(&mut harness, Key::Enter);
    assert_eq!(sent(&mut harness).len(), 1);
}

#[test]
fn shift_tab_walks_back() {
    let mut harness = started();
    type_in(&mut harness, "/dt");
    press(&mut harness, Key::Tab);
    press(&mut harness, Key::Tab);
    key(&mut harness, Modifiers::SHIFT, Key::Tab);
    type_in(&mut harness, "it");
    assert!(written(&harness).contains("courier for it comes before {{time}}"));
}

#[test]
fn a_blank_is_never_sent() {
    let mut harness = started();
    type_in(&mut harness, "/dt");
    press(&mut harness, Key::Tab);
    press(&mut harness, Key::Enter);
    assert_eq!(sent(&mut harness), Vec::<String>::new());
    assert!(harness.query_by_label("Fill in {{what}} first, or take it out.").is_some());
    type_in(&mut harness, "it");
    assert!(written(&harness).contains("courier for it comes"), "the agent was led there");
    harness.get_by_label("Send").click();
    harness.run_steps(3);
    assert_eq!(sent(&mut harness), Vec::<String>::new());
    type_in(&mut harness, "noon");
    assert!(harness.query_by_label_contains("Fill in").is_none());
    press(&mut harness, Key::Enter);
    assert_eq!(sent(&mut harness), ["Thank you, Ada. The courier for it comes before noon."]);
}

#[test]
fn its_files_stand_on_the_strip_though_only_the_gateway_has_them() {
    let mut harness = started();
    let files = vec![
        (ClientRef::new(now(), [1; 10]), file(1, "bouquet.jpg")),
        (ClientRef::new(now(), [2; 10]), file(2, "garden.jpg")),
    ];
    let reply = PreparedReply { response: response_id(1), text: "Thank you".to_owned(), files };
    command(&mut harness, Command::TakeResponse { interaction: interaction_id(1), reply });
    let attachment = AttachmentId::new(now(), [1; 10]);
    assert!(asked(&mut harness).contains(&Action::WantPicture(PictureKey::Preview(attachment))));
    assert!(harness.query_by_label_contains("bouquet.jpg\u{2069}, 1.2 MB").is_some());
    click(&mut harness, "Remove \u{2068}bouquet.jpg\u{2069}");
    let client_ref = ClientRef::new(now(), [1; 10]);
    let detach = Action::Command(Command::Detach { interaction: interaction_id(1), client_ref });
    assert!(asked(&mut harness).contains(&detach));
}

#[test]
fn one_that_carries_a_notification_is_filled_in_at_the_side() {
    let mut harness = started();
    let mut paid = response(4, "Paid", "paid", "");
    let (name, language) = ("payment_confirmation".to_owned(), "en".to_owned());
    paid.content.notification = Some(Prefilled { name, language, values: SlotValues::new() });
    give_library(&mut harness, vec![paid]);
    asked(&mut harness);
    type_in(&mut harness, "/paid");
    press(&mut harness, Key::Tab);
    assert_eq!(written(&harness), "", "nothing of it goes into the composer");
    assert!(taken(&mut harness).is_empty());
    assert!(harness.query_by_label("Close the side panel").is_some());
}

#[test]
fn what_the_gateway_changes_is_found_at_once() {
    let mut harness = started();
    tell(&mut harness, Event::LibraryChanged { revision: 2 });
    let changed = response(2, "Delivery delayed", "late", "New words");
    let page = LibraryPage { epoch: 1, responses: vec![changed], next: 2, ..LibraryPage::default() };
    outcome(&mut harness, Outcome::LibraryTold(Ok(Box::new(page))));
    type_in(&mut harness, "/late");
    press(&mut harness, Key::Tab);
    assert_eq!(written(&harness), "New words");
}
