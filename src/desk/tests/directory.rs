//! The directory of contacts, rule by rule, with a gateway that says what the test wants.

use waxwing_protocol::{
    directory::{
        ContactContent, ContactRecord, DirectoryEntry, DirectoryPage, DirectoryQuery, Merge, Merged,
        PutContact, Shelf,
    },
    id::MergeId,
    library::ImportReport,
};

use super::*;
use crate::desk::{
    directory::{DirectoryCall, DirectoryTold, DirectoryWish, ImportStep, Merging, Save, Wanted},
    library::manage::Answer,
    listing::Further,
    watching::Watched,
};

fn contact(number: u32) -> Contact {
    interaction(number).contact
}

fn id(number: u32) -> ContactId {
    contact(number).id
}

fn entry(number: u32) -> DirectoryEntry {
    DirectoryEntry { contact: contact(number), last_at: None, favourite: false }
}

fn record(contact: Contact) -> Box<ContactRecord> {
    Box::new(ContactRecord { contact, former: Vec::new(), merges: Vec::new(), favourite: false })
}

fn wish(bench: &mut Bench, wish: DirectoryWish) -> Vec<DirectoryCall> {
    ours(bench.command(Command::Directory(wish)))
}

fn told(bench: &mut Bench, told: DirectoryTold) -> Vec<DirectoryCall> {
    ours(bench.outcome(Outcome::Directory(told)))
}

fn ours(effects: Vec<Effect>) -> Vec<DirectoryCall> {
    assert!(entries(&effects).is_empty(), "nothing of the directory is written down: {effects:?}");
    let ours = effects.into_iter().filter_map(|effect| match effect {
        Effect::Call(Call::Directory(call)) => Some(call),
        _ => None,
    });
    ours.collect()
}

fn typed(words: &str) -> DirectoryWish {
    DirectoryWish::Look(Box::new(Wanted { words: words.to_owned(), ..Wanted::default() }))
}

fn asked(calls: &[DirectoryCall]) -> (u64, DirectoryQuery) {
    match calls {
        [DirectoryCall::Look { number, query }] => (*number, (**query).clone()),
        other => panic!("one question is asked: {other:?}"),
    }
}

fn found(bench: &mut Bench, number: u64, entries: &[u32], more: bool) {
    let entries = entries.iter().map(|number| entry(*number)).collect();
    told(bench, DirectoryTold::Found { number, result: Ok(DirectoryPage { entries, more }) });
}

fn shown(bench: &Bench) -> Vec<ContactId> {
    bench.desk.directory().list().items().iter().map(|entry| entry.contact.id).collect()
}

#[test]
fn the_gateway_is_asked_once_typing_pauses_and_an_older_answer_is_dropped() {
    let mut bench = Bench::with(Vec::new());
    let (number, query) = asked(&wish(&mut bench, typed("")));
    assert_eq!((query.words, query.offset), (None, 0));
    found(&mut bench, number, &[1, 2], false);
    for words in ["m", "ma", "mas"] {
        assert_eq!(wish(&mut bench, typed(words)), [], "{words}");
    }
    assert_eq!(bench.desk.next_deadline(), Some(bench.now + TimeDelta::milliseconds(200)));
    let (first, query) = asked(&ours(bench.wait(1)));
    assert_eq!(query.words.as_deref(), Some("mas"));
    wish(&mut bench, typed("masha"));
    let (second, _) = asked(&ours(bench.wait(1)));
    found(&mut bench, second, &[3], false);
    found(&mut bench, first, &[1], false);
    assert_eq!(shown(&bench), [id(3)]);
}

#[test]
fn a_shelf_is_opened_at_once_and_more_of_it_comes_behind_what_is_held() {
    let mut bench = Bench::with(Vec::new());
    wish(&mut bench, typed(""));
    let shelf = Wanted { shelf: Shelf::Recent, ..Wanted::default() };
    let (number, query) = asked(&wish(&mut bench, DirectoryWish::Look(Box::new(shelf))));
    assert_eq!(query.shelf, Shelf::Recent);
    found(&mut bench, number, &[1, 2], true);
    let (number, query) = asked(&wish(&mut bench, DirectoryWish::More));
    assert_eq!(query.offset, 2);
    assert_eq!(wish(&mut bench, DirectoryWish::More), [], "it is under way");
    found(&mut bench, number, &[3], false);
    assert_eq!(shown(&bench), [id(1), id(2), id(3)]);
    assert_eq!(wish(&mut bench, DirectoryWish::More), [], "that was all");
}

#[test]
fn a_value_without_a_key_asks_for_nothing() {
    let wanted = Wanted { attribute_value: "Gold".to_owned(), ..Wanted::default() };
    assert_eq!(wanted.query(0).attribute_value, None);
    assert!(!wanted.is_narrowed());
    let wanted = Wanted { attribute_key: "Segment".to_owned(), ..wanted };
    assert_eq!(wanted.query(0).attribute_value.as_deref(), Some("Gold"));
    assert!(wanted.is_narrowed());
}

#[test]
fn what_somebody_else_changed_is_told_and_theirs_is_fetched() {
    let mut bench = Bench::with(Vec::new());
    assert_eq!(wish(&mut bench, DirectoryWish::Open(id(1))), [DirectoryCall::Record(id(1))]);
    told(&mut bench, DirectoryTold::Record { contact: id(1), result: Ok(record(contact(1))) });
    let put = Box::new(PutContact { based_on: 0, content: ContactContent::default() });
    let save = DirectoryWish::Save { contact: id(1), put: put.clone() };
    assert_eq!(wish(&mut bench, save.clone()), [DirectoryCall::Put { contact: id(1), put }]);
    assert_eq!(wish(&mut bench, save), [], "once at a time");
    let result = Err(refused(ProblemCode::Conflict));
    let calls = told(&mut bench, DirectoryTold::Saved { contact: Some(id(1)), result });
    assert_eq!(calls, [DirectoryCall::Record(id(1))]);
    assert!(matches!(bench.desk.directory().save(Some(id(1))), Some(Save::Overtaken(_))));
    let theirs = Contact { revision: 3, name: Some("Theirs".to_owned()), ..contact(1) };
    told(&mut bench, DirectoryTold::Record { contact: id(1), result: Ok(record(theirs)) });
    assert_eq!(bench.desk.directory().record().unwrap().contact.revision, 3);
    wish(&mut bench, DirectoryWish::ForgetSave(Some(id(1))));
    assert_eq!(bench.desk.directory().save(Some(id(1))), None);
}

#[test]
fn a_contact_that_changes_changes_everywhere() {
    let mut bench = Bench::with(vec![held(interaction(1), Vec::new())]);
    let (number, _) = asked(&wish(&mut bench, typed("")));
    found(&mut bench, number, &[1, 2], false);
    wish(&mut bench, DirectoryWish::Open(id(1)));
    told(&mut bench, DirectoryTold::Record { contact: id(1), result: Ok(record(contact(1))) });
    let renamed = Contact { name: Some("Dr. One".to_owned()), revision: 1, ..contact(1) };
    bench.events(vec![Event::ContactChanged { contact: Box::new(renamed) }]);
    let directory = bench.desk.directory();
    assert_eq!(directory.list().items()[0].contact.title(), "Dr. One");
    assert_eq!(directory.record().unwrap().contact.title(), "Dr. One");
    assert_eq!(bench.desk.conversation(int(1)).unwrap().interaction().contact.title(), "Dr. One");
}

#[test]
fn favourites_are_asked_for_changed_and_put_back() {
    let mut bench = Bench::with(Vec::new());
    let star = |contact, is| DirectoryWish::Favourite { contact, is };
    assert_eq!(wish(&mut bench, star(id(3), true)), [DirectoryCall::Favourites]);
    assert!(bench.desk.directory().is_favourite(id(3), false));
    assert_eq!(wish(&mut bench, star(id(1), false)), [], "it waits for the round under way");
    let calls = told(&mut bench, DirectoryTold::Favourites(Ok(vec![id(1), id(2)])));
    assert_eq!(calls, [DirectoryCall::PutFavourites(vec![id(1), id(2), id(3)])]);
    assert_eq!(told(&mut bench, DirectoryTold::FavouritesPut(Ok(()))), [DirectoryCall::Favourites]);
    let calls = told(&mut bench, DirectoryTold::Favourites(Ok(vec![id(1), id(2), id(3)])));
    assert_eq!(calls, [DirectoryCall::PutFavourites(vec![id(2), id(3)])]);
    told(&mut bench, DirectoryTold::FavouritesPut(Err(refused(ProblemCode::Internal))));
    assert!(bench.desk.directory().is_favourite(id(1), true), "it is as the gateway says");
    assert_eq!(bench.desk.notices().len(), 1);
}

#[test]
fn two_are_made_one_and_two_again() {
    let mut bench = Bench::with(Vec::new());
    let (number, _) = asked(&wish(&mut bench, typed("")));
    found(&mut bench, number, &[1, 2], false);
    let merge = Merge { from: id(2), into: id(1) };
    assert_eq!(wish(&mut bench, DirectoryWish::Merge(merge)), [DirectoryCall::Merge(merge)]);
    assert_eq!(bench.desk.directory().merging(), Some(&Merging::UnderWay(merge)));
    let undo = MergeId::from_uuid(uuid(9, 1));
    let merged = Box::new(Merged { id: undo, contact: contact(1) });
    let calls = told(&mut bench, DirectoryTold::Merged { merge, result: Ok(merged) });
    assert_eq!(calls, [DirectoryCall::Record(id(1))]);
    assert_eq!(bench.desk.directory().merging(), Some(&Merging::Done(undo)));
    assert_eq!(shown(&bench), [id(1)]);
    assert_eq!(wish(&mut bench, DirectoryWish::Unmerge(undo)), [DirectoryCall::Unmerge(undo)]);
    let calls = told(&mut bench, DirectoryTold::Unmerged { merge: undo, result: Ok(()) });
    assert!(matches!(calls[..], [DirectoryCall::Look { .. }]), "{calls:?}");
    assert_eq!(bench.desk.directory().merging(), None);
}

#[test]
fn an_import_is_tried_first_and_the_list_is_asked_for_anew_behind_it() {
    let mut bench = Bench::with(Vec::new());
    wish(&mut bench, typed(""));
    let name = "contacts.csv".to_owned();
    let form = waxwing_protocol::directory::ContactsFormat::Csv;
    let calls = wish(&mut bench, DirectoryWish::TryImport { name, form, text: "a".into() });
    assert_eq!(calls, [DirectoryCall::Import { form, text: "a".into(), step: ImportStep::Try }]);
    let report = ImportReport { added: 2, ..ImportReport::default() };
    told(&mut bench, DirectoryTold::Imported { step: ImportStep::Try, result: Ok(report) });
    let step = ImportStep::Import;
    assert_eq!(
        wish(&mut bench, DirectoryWish::Import),
        [DirectoryCall::Import { form, text: "a".into(), step }]
    );
    let done = ImportReport { done: true, added: 2, ..ImportReport::default() };
    let calls = told(&mut bench, DirectoryTold::Imported { step, result: Ok(done.clone()) });
    asked(&calls);
    assert_eq!(bench.desk.directory().import().unwrap().report, Answer::Here(done));
}

#[test]
fn the_open_list_hears_of_new_contacts_though_nobody_tells_of_them() {
    let mut bench = Bench::with(Vec::new());
    let (number, _) = asked(&wish(&mut bench, typed("")));
    found(&mut bench, number, &[1, 3], false);
    wish(&mut bench, DirectoryWish::Open(id(3)));
    bench.command(Command::Watch(Some(Watched::Contacts)));
    assert_eq!(ours(bench.wait(29)), []);
    let (number, query) = asked(&ours(bench.wait(1)));
    assert_eq!((query.offset, query.limit), (0, 100));
    assert!(!bench.desk.directory().list().is_behind());
    found(&mut bench, number, &[1, 2, 3], false);
    assert_eq!(shown(&bench), [id(1), id(2), id(3)]);
    assert_eq!(bench.desk.directory().open().map(|(contact, _)| contact), Some(id(3)));
    bench.events(vec![Event::ContactChanged { contact: Box::new(contact(1)) }]);
    asked(&ours(bench.wait(5)));
}

#[test]
fn what_is_under_way_when_the_session_ends_is_told_and_logging_off_forgets_all() {
    let mut bench = Bench::with(Vec::new());
    wish(&mut bench, typed(""));
    wish(&mut bench, DirectoryWish::Open(id(1)));
    bench.polled(Err(refused(ProblemCode::SignedOut)));
    assert!(matches!(bench.desk.directory().list().further(), Further::Failed(_)));
    assert!(matches!(bench.desk.directory().open(), Some((_, Answer::Failed(_)))));
    let mut bench = Bench::with(Vec::new());
    let (number, _) = asked(&wish(&mut bench, typed("")));
    found(&mut bench, number, &[1], false);
    bench.command(Command::SignOut);
    assert!(bench.desk.directory().list().items().is_empty());
}
