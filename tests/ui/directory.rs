//! The directory of contacts: looking for somebody, looking at them, changing them, making one of two.

use chrono::TimeDelta;
use egui::{Key, Modifiers};
use egui_kittest::{Harness, kittest::Queryable as _};
use waxwing::{
    desk::{
        Desk,
        directory::{DirectoryTold, DirectoryWish, ImportStep},
        input::{CallError, Command, Input, Outcome},
        past::PastList,
        watching::Watched,
    },
    ui::Action,
};
use waxwing_protocol::{
    agent::Role,
    contact::{Contact, ContactAttribute, ContactDetail, DetailKind},
    directory::{ContactRecord, ContactsFormat, DirectoryEntry, DirectoryPage, Merge, Shelf},
    library::{ImportReport, LibraryPage, RejectedRow},
    problem::{Problem, ProblemCode},
};

use crate::{
    fixture::{Window, desk_with_library, interaction, now, window},
    hand::{click, command, key, outcome, type_in, wheel},
};

/// A contact with an address and a segment.
pub(crate) fn contact(number: u8, name: &str) -> Contact {
    let mut contact = interaction(number, name, None, Vec::new()).interaction.contact;
    contact.details.push(ContactDetail {
        kind: DetailKind::Email,
        value: format!("{number}@example.com"),
        name: None,
    });
    contact.attributes.push(ContactAttribute { key: "Segment".to_owned(), value: "Gold".to_owned() });
    contact
}

/// A window on the directory, before somebody of that role.
pub(crate) fn directory<'a>(names: &[&str], role: Role) -> Harness<'a, Window> {
    let mut desk = desk_with_library(Vec::new(), LibraryPage::default(), role);
    let look = DirectoryWish::Look(Box::default());
    desk.step(Input::Command(Command::Directory(look)), now());
    let page = DirectoryPage { entries: entries(names), more: false };
    told(&mut desk, DirectoryTold::Found { number: 1, result: Ok(page) });
    let mut harness = window(desk, 1440.0);
    key(&mut harness, Modifiers::COMMAND, Key::Num4);
    harness.run_steps(2);
    harness
}

fn entries(names: &[&str]) -> Vec<DirectoryEntry> {
    let entry = |(number, name): (u8, &&str)| DirectoryEntry {
        contact: contact(number, name),
        last_at: Some(now()),
        favourite: false,
    };
    (1..).zip(names).map(entry).collect()
}

fn told(desk: &mut Desk, told: DirectoryTold) {
    desk.step(Input::Outcome(Outcome::Directory(told)), now());
}

/// What was wished of the directory since this was asked last.
pub(crate) fn wishes(harness: &mut Harness<'_, Window>) -> Vec<DirectoryWish> {
    let asked = std::mem::take(&mut harness.state_mut().actions);
    let ours = asked.into_iter().filter_map(|action| match action {
        Action::Command(Command::Directory(wish)) => Some(wish),
        _ => None,
    });
    ours.collect()
}

/// Does what was wished, and lets the gateway tell who the contact is.
pub(crate) fn open(harness: &mut Harness<'_, Window>, contact: Contact) {
    click(harness, &contact.title());
    let id = contact.id;
    assert_eq!(wishes(harness).last(), Some(&DirectoryWish::Open(id)));
    command(harness, Command::Directory(DirectoryWish::Open(id)));
    let record =
        ContactRecord { contact, former: vec!["Mashenka".to_owned()], merges: Vec::new(), favourite: false };
    let result = Ok(Box::new(record));
    outcome(harness, Outcome::Directory(DirectoryTold::Record { contact: id, result }));
}

/// Goes into the field of that name, below the words that say so.
#[track_caller]
fn enter(harness: &mut Harness<'_, Window>, name: &str) {
    harness.query_all_by_label(name).last().expect("it is there").focus();
    harness.run_steps(2);
}

#[test]
fn what_is_typed_is_looked_for_and_a_shelf_is_a_click_away() {
    let mut harness = directory(&["Masha Ivanova", "Tom Baker"], Role::Agent);
    harness.get_by_label("Tom Baker");
    wishes(&mut harness);
    click(&mut harness, "Search contacts");
    type_in(&mut harness, "masha");
    let wished = wishes(&mut harness);
    assert!(
        matches!(&wished[..], [DirectoryWish::Look(wanted)] if wanted.words == "masha"),
        "asked once: {wished:?}"
    );
    click(&mut harness, "Recent");
    let wished = wishes(&mut harness);
    assert!(
        matches!(&wished[..], [DirectoryWish::Look(wanted)] if wanted.shelf == Shelf::Recent),
        "{wished:?}"
    );
}

#[test]
fn only_the_rows_in_view_are_laid_out() {
    let names: Vec<_> = (0..200).map(|number| format!("Contact number {number}")).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let harness = directory(&names, Role::Agent);
    let rows = harness.query_all_by_label_contains("Contact number").count();
    assert!((10..120).contains(&rows), "{rows} widgets tell of contacts");
}

#[test]
fn rows_in_view_stay_where_they_are_while_somebody_comes_in_above_them() {
    let names: Vec<_> = (0..100).map(|number| format!("Contact number {number}")).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let mut harness = directory(&names, Role::Agent);
    wheel(&mut harness, -700.0);
    harness.run_steps(40);
    let place = |harness: &Harness<'_, Window>| harness.get_by_label("Contact number 30").rect();
    let before = place(&harness);
    harness.state_mut().now += TimeDelta::seconds(31);
    command(&mut harness, Command::Watch(Some(Watched::Contacts)));
    let mut page = entries(&names);
    page.insert(0, DirectoryEntry { contact: contact(200, "Anna"), last_at: None, favourite: false });
    let result = Ok(DirectoryPage { entries: page, more: false });
    outcome(&mut harness, Outcome::Directory(DirectoryTold::Found { number: 2, result }));
    harness.run_steps(3);
    assert_eq!(place(&harness), before);
    wheel(&mut harness, 2_000.0);
    harness.run_steps(40);
    harness.get_by_label("Anna");
}

#[test]
fn whoever_is_looked_at_is_shown_with_all_that_is_known() {
    let mut harness = directory(&["Masha Ivanova", "Tom Baker"], Role::Agent);
    open(&mut harness, contact(1, "Masha Ivanova"));
    for known in ["Mashenka", "Was called", "E-mail", "Create new chat", "Edit"] {
        assert!(harness.query_all_by_label_contains(known).next().is_some(), "{known}");
    }
    click(&mut harness, "Make them a favourite");
    let id = contact(1, "").id;
    assert_eq!(wishes(&mut harness), [DirectoryWish::Favourite { contact: id, is: true }]);
}

#[test]
fn what_is_wrong_is_told_beside_its_field_and_nothing_is_saved() {
    let mut harness = directory(&["Masha Ivanova"], Role::Agent);
    click(&mut harness, "New contact");
    enter(&mut harness, "Phone number on WhatsApp");
    type_in(&mut harness, "+1 650");
    click(&mut harness, "Save");
    harness.get_by_label("Digits are missing: no number is as short.");
    assert!(wishes(&mut harness).iter().all(|wish| !matches!(wish, DirectoryWish::Create(_))));
    enter(&mut harness, "Phone number on WhatsApp");
    key(&mut harness, Modifiers::COMMAND, Key::A);
    type_in(&mut harness, "+1 650 555 0147");
    click(&mut harness, "Save");
    let wished = wishes(&mut harness);
    assert!(
        matches!(&wished[..], [DirectoryWish::Create(new)] if new.phone == "+1 650 555 0147"),
        "{wished:?}"
    );
}

#[test]
fn a_form_takes_the_keys_and_what_is_written_in_it_goes_only_when_asked() {
    let mut harness = directory(&["Masha Ivanova", "Maria Ivanova"], Role::Agent);
    click(&mut harness, "New contact");
    harness.run_steps(2);
    type_in(&mut harness, "+1 650 555 0147");
    wishes(&mut harness);
    click(&mut harness, "Maria Ivanova");
    assert_eq!(wishes(&mut harness), [], "nobody else comes before that is asked");
    harness.get_by_label("Throw away what you wrote?");
    click(&mut harness, "Go on writing");
    click(&mut harness, "Save");
    let wished = wishes(&mut harness);
    let [DirectoryWish::Create(new)] = &wished[..] else { panic!("the number was typed: {wished:?}") };
    assert_eq!(new.phone, "+1 650 555 0147");
    click(&mut harness, "Maria Ivanova");
    click(&mut harness, "Throw away");
    let maria = contact(2, "").id;
    assert_eq!(wishes(&mut harness), [DirectoryWish::ForgetSave(None), DirectoryWish::Open(maria)]);
}

#[test]
fn what_somebody_else_changed_is_shown_before_anything_is_saved() {
    let mut harness = directory(&["Masha Ivanova"], Role::Agent);
    let masha = contact(1, "Masha Ivanova");
    open(&mut harness, masha.clone());
    click(&mut harness, "Edit");
    enter(&mut harness, "Name");
    type_in(&mut harness, "Dr. Ivanova");
    click(&mut harness, "Save");
    let wished = wishes(&mut harness).pop().expect("it is saved");
    command(&mut harness, Command::Directory(wished));
    let refused = CallError::Refused(Problem::new(ProblemCode::Conflict, "Somebody was faster."));
    let saved = DirectoryTold::Saved { contact: Some(masha.id), result: Err(refused) };
    outcome(&mut harness, Outcome::Directory(saved));
    let theirs = Contact { name: Some("Mrs. Ivanova".to_owned()), revision: 4, ..masha.clone() };
    let record = ContactRecord { contact: theirs, former: Vec::new(), merges: Vec::new(), favourite: false };
    let told = DirectoryTold::Record { contact: masha.id, result: Ok(Box::new(record)) };
    outcome(&mut harness, Outcome::Directory(told));
    harness.get_by_label("Somebody else has changed them meanwhile.");
    click(&mut harness, "See theirs");
    harness.get_by_label("Name: Mrs. Ivanova");
    click(&mut harness, "Keep mine");
    click(&mut harness, "Save");
    let wished = wishes(&mut harness);
    let [DirectoryWish::Save { put, .. }] = &wished[..] else { panic!("it is saved: {wished:?}") };
    assert_eq!((put.based_on, put.content.name.as_deref()), (4, Some("Dr. Ivanova")));
}

#[test]
fn two_are_made_one_by_choosing_the_other_in_the_list() {
    let mut harness = directory(&["Masha Ivanova", "Maria Ivanova"], Role::Agent);
    open(&mut harness, contact(1, "Masha Ivanova"));
    click(&mut harness, "More with this contact");
    click(&mut harness, "Merge with…");
    wishes(&mut harness);
    click(&mut harness, "Maria Ivanova");
    assert_eq!(wishes(&mut harness), [], "nothing happens before it is confirmed");
    click(&mut harness, "The other way round");
    click(&mut harness, "Make them one");
    harness.get_by_label("Make one of two");
    let [one, other] = [contact(1, "").id, contact(2, "").id];
    assert_eq!(wishes(&mut harness), [DirectoryWish::Merge(Merge { from: other, into: one })]);
}

#[test]
fn only_a_team_lead_imports_and_exports() {
    let harness = directory(&["Masha Ivanova"], Role::Agent);
    assert!(harness.query_by_label("Import and export ⌄").is_none());
    let mut harness = directory(&["Masha Ivanova"], Role::TeamLead);
    click(&mut harness, "Import and export ⌄");
    click(&mut harness, "Export as vCard…");
    let wished = wishes(&mut harness);
    assert!(matches!(wished.last(), Some(DirectoryWish::Export(_))), "{wished:?}");
}

#[test]
fn why_a_file_is_refused_is_told_whole_and_escape_puts_it_away() {
    let mut harness = directory(&["Masha Ivanova"], Role::TeamLead);
    let (name, form, text) = ("all.csv".to_owned(), ContactsFormat::Csv, "colour".into());
    command(&mut harness, Command::Directory(DirectoryWish::TryImport { name, form, text }));
    harness.run_steps(2);
    wishes(&mut harness);
    key(&mut harness, Modifiers::NONE, Key::Escape);
    assert!(!wishes(&mut harness).contains(&DirectoryWish::EndImport), "it is not over");
    let reason = "There is no column “colour”. ".repeat(8);
    let rejected = vec![RejectedRow { row: 0, name: String::new(), reason: reason.clone() }];
    let result = Ok(ImportReport { rejected, ..ImportReport::default() });
    outcome(&mut harness, Outcome::Directory(DirectoryTold::Imported { step: ImportStep::Try, result }));
    harness.run_steps(2);
    let line = harness.get_by_label("Import contacts").rect().height();
    assert!(harness.get_by_label(&reason).rect().height() > 2.0 * line, "in as many lines as it takes");
    key(&mut harness, Modifiers::NONE, Key::Escape);
    assert!(wishes(&mut harness).contains(&DirectoryWish::EndImport));
}

#[test]
fn chosen_columns_are_kept() {
    let mut harness = directory(&["Masha Ivanova"], Role::Agent);
    assert!(harness.state().layout().contact_columns.is_empty());
    click(&mut harness, "Choose columns");
    click(&mut harness, "Company");
    assert!(harness.state().layout().contact_columns.contains(&"company".to_owned()));
}

#[test]
fn the_desk_is_told_which_list_is_on_screen_and_when_it_no_longer_is() {
    let mut harness = directory(&["Masha Ivanova"], Role::Agent);
    let watched = |harness: &mut Harness<'_, Window>| {
        let asked = std::mem::take(&mut harness.state_mut().actions).into_iter();
        let told = asked.filter_map(|action| match action {
            Action::Command(Command::Watch(watched)) => Some(watched),
            _ => None,
        });
        told.collect::<Vec<_>>()
    };
    assert_eq!(watched(&mut harness), [Some(Watched::Contacts)], "once");
    harness.input_mut().focused = false;
    harness.run_steps(2);
    assert_eq!(watched(&mut harness), [None]);
    harness.input_mut().focused = true;
    key(&mut harness, Modifiers::COMMAND, Key::Num3);
    harness.run_steps(2);
    assert_eq!(watched(&mut harness).last(), Some(&Some(Watched::Past(PastList::Mine))));
    key(&mut harness, Modifiers::COMMAND, Key::Num1);
    harness.run_steps(2);
    assert_eq!(watched(&mut harness), [None]);
}

#[test]
fn what_is_typed_behind_a_new_row_stands_in_it() {
    let mut harness = directory(&["Masha Ivanova"], Role::Agent);
    click(&mut harness, "New contact");
    enter(&mut harness, "Phone number on WhatsApp");
    type_in(&mut harness, "+1 650 555 0147");
    click(&mut harness, "+ Add a phone, e-mail, address …");
    type_in(&mut harness, "+1 650 555 0148");
    click(&mut harness, "+ Add an attribute");
    type_in(&mut harness, "Shoe size");
    enter(&mut harness, "Shoe size");
    type_in(&mut harness, "38");
    click(&mut harness, "Save");
    let wished = wishes(&mut harness);
    let Some(DirectoryWish::Create(new)) = wished.last() else { panic!("it is saved: {wished:?}") };
    assert_eq!(new.phone, "+1 650 555 0147");
    assert_eq!(new.content.details[0].value, "+1 650 555 0148");
    let attribute = ContactAttribute { key: "Shoe size".to_owned(), value: "38".to_owned() };
    assert_eq!(new.content.attributes, [attribute]);
}

#[test]
fn a_field_of_the_advanced_search_says_what_it_finds() {
    let mut harness = directory(&["Masha Ivanova"], Role::Agent);
    click(&mut harness, "Advanced search");
    enter(&mut harness, "A name begins with");
    type_in(&mut harness, "ivan");
    let wished = wishes(&mut harness);
    assert!(
        matches!(wished.last(), Some(DirectoryWish::Look(wanted)) if wanted.name == "ivan"),
        "{wished:?}"
    );
}
