//! Looking after the library, rule by rule.

use std::sync::Arc;

use waxwing_protocol::{
    id::{AttachmentId, ResponseId},
    library::{ImportReport, LibraryForm, LibraryPage, PutResponse},
    message::MediaKind,
    response::{ResponseContent, ResponseFile, StandardResponse},
};

use super::*;
use crate::desk::{
    file::FileSource,
    library::manage::{Answer, ImportStep, Manage, ManageCall, Managed, Save},
};

fn response(number: u128) -> ResponseId {
    ResponseId::from_uuid(Uuid::from_u128(number))
}

fn standing(number: u128, version: u32) -> StandardResponse {
    let content = ResponseContent { name: format!("Number {number}"), active: true, ..Default::default() };
    StandardResponse {
        id: response(number),
        content,
        version,
        changed_at: at(0),
        changed_by: "Nadia".to_owned(),
    }
}

fn put(based_on: u32) -> Box<PutResponse> {
    Box::new(PutResponse { based_on, content: standing(1, 1).content })
}

fn bench() -> Bench {
    let mut bench = Bench::with(Vec::new());
    let responses = vec![standing(1, 1), standing(2, 1)];
    Arc::make_mut(&mut bench.desk.library).take(LibraryPage { responses, next: 2, ..LibraryPage::default() });
    bench
}

fn ask(bench: &mut Bench, wanted: Manage) -> Vec<ManageCall> {
    calls(bench.desk.step(Input::Command(Command::Manage(wanted)), at(1)))
}

fn end(bench: &mut Bench, outcome: Managed) -> Vec<ManageCall> {
    calls(bench.desk.step(Input::Outcome(Outcome::Managed(outcome)), at(2)))
}

fn calls(effects: Vec<Effect>) -> Vec<ManageCall> {
    let ours = effects.into_iter().filter_map(|effect| match effect {
        Effect::Call(Call::Manage(call)) => Some(call),
        _ => None,
    });
    ours.collect()
}

fn refused(code: ProblemCode) -> CallError {
    CallError::Refused(Problem::new(code, "No."))
}

#[test]
fn a_favourite_is_shown_at_once_and_taken_back_if_it_is_not_kept() {
    let mut bench = bench();
    let asked = ask(&mut bench, Manage::Favourite { response: response(1), is: true });
    assert_eq!(asked, [ManageCall::Favourites(vec![response(1)])]);
    assert!(bench.desk.library().is_favourite(response(1)));
    end(&mut bench, Managed::Favourites(Err(refused(ProblemCode::Unavailable))));
    assert!(!bench.desk.library().is_favourite(response(1)));
    assert_eq!(bench.desk.notices().len(), 1);
}

#[test]
fn favourites_that_change_while_a_call_is_under_way_go_next() {
    let mut bench = bench();
    ask(&mut bench, Manage::Favourite { response: response(1), is: true });
    assert_eq!(ask(&mut bench, Manage::Favourite { response: response(2), is: true }), []);
    // A page that knows of nothing yet takes nothing back.
    Arc::make_mut(&mut bench.desk.library).take(LibraryPage { next: 3, ..LibraryPage::default() });
    assert!(bench.desk.library().is_favourite(response(2)));
    let next = end(&mut bench, Managed::Favourites(Ok(())));
    assert_eq!(next, [ManageCall::Favourites(vec![response(1), response(2)])]);
    assert_eq!(end(&mut bench, Managed::Favourites(Ok(()))), []);
    assert!(bench.desk.library().is_favourite(response(1)));
}

#[test]
fn what_was_saved_is_in_the_library_before_the_feed_tells_of_it() {
    let mut bench = bench();
    let wanted = Manage::Save { response: response(1), put: put(1) };
    assert_eq!(ask(&mut bench, wanted.clone()).len(), 1);
    assert_eq!(ask(&mut bench, wanted), [], "not twice at once");
    assert_eq!(bench.desk.upkeep().save(response(1)), Some(&Save::UnderWay));
    let told = Box::new(standing(1, 2));
    end(&mut bench, Managed::ResponsePut { response: response(1), result: Ok(told) });
    assert_eq!(bench.desk.upkeep().save(response(1)), Some(&Save::Done(2)));
    assert_eq!(bench.desk.library().response(response(1)).unwrap().version, 2);
    ask(&mut bench, Manage::Forget(response(1)));
    assert_eq!(bench.desk.upkeep().save(response(1)), None);
}

#[test]
fn whoever_saves_reads_why_it_came_to_nothing() {
    let mut bench = bench();
    for (error, save) in [
        (refused(ProblemCode::Conflict), Save::Overtaken("No.".to_owned())),
        (refused(ProblemCode::NotAllowed), Save::Failed("No.".to_owned())),
        (
            CallError::Unreachable("cut off".to_owned()),
            Save::Failed("The gateway does not answer. Try again.".to_owned()),
        ),
    ] {
        ask(&mut bench, Manage::Save { response: response(1), put: put(1) });
        end(&mut bench, Managed::ResponsePut { response: response(1), result: Err(error) });
        assert_eq!(bench.desk.upkeep().save(response(1)), Some(&save));
    }
    assert_eq!(bench.desk.library().response(response(1)).unwrap().version, 1);
}

#[test]
fn what_is_under_way_when_the_session_ends_is_told_and_can_be_asked_again() {
    let mut bench = bench();
    ask(&mut bench, Manage::Save { response: response(1), put: put(1) });
    ask(&mut bench, Manage::Favourite { response: response(1), is: true });
    ask(&mut bench, Manage::CountUses);
    end(
        &mut bench,
        Managed::Versions { response: response(1), result: Err(refused(ProblemCode::SignedOut)) },
    );
    assert!(matches!(bench.desk.upkeep().save(response(1)), Some(Save::Failed(_))));
    assert!(matches!(bench.desk.upkeep().uses(), Answer::Failed(_)));
    assert!(!bench.desk.library().is_favourite(response(1)));
}

#[test]
fn an_import_is_tried_before_it_is_done() {
    let mut bench = bench();
    let form = LibraryForm::Csv;
    let tried = ask(&mut bench, Manage::TryImport { name: "a.csv".to_owned(), form, text: "name".into() });
    assert!(matches!(tried.as_slice(), [ManageCall::Import { step: ImportStep::Try, .. }]));
    assert_eq!(ask(&mut bench, Manage::Import { skip_rejected: true }), [], "one at a time");
    let report = ImportReport { added: 3, ..ImportReport::default() };
    end(&mut bench, Managed::Imported { step: ImportStep::Try, result: Ok(report.clone()) });
    assert_eq!(bench.desk.upkeep().import().unwrap().report, Answer::Here(report));
    let done = ask(&mut bench, Manage::Import { skip_rejected: true });
    assert!(matches!(done.as_slice(), [ManageCall::Import { step: ImportStep::GoodRows, .. }]));
    ask(&mut bench, Manage::EndImport);
    end(&mut bench, Managed::Imported { step: ImportStep::GoodRows, result: Ok(ImportReport::default()) });
    assert_eq!(bench.desk.upkeep().import(), None);
}

#[test]
fn a_file_is_brought_and_let_go() {
    let mut bench = bench();
    let source = FileSource::Bytes { name: "a.pdf".to_owned(), bytes: (*b"pdf").into(), voice: false };
    let bring = |bench: &mut Bench, number| {
        let wanted =
            Manage::Bring { response: response(1), client_ref: client_ref(number), source: source.clone() };
        ask(bench, wanted)
    };
    assert_eq!(bring(&mut bench, 1).len(), 1);
    assert_eq!(bring(&mut bench, 2).len(), 1);
    let lost = CallError::Unreachable("cut off".to_owned());
    end(&mut bench, Managed::FileBrought { client_ref: client_ref(1), result: Err(lost) });
    assert_eq!(ask(&mut bench, Manage::BringAgain(client_ref(1))).len(), 1);
    let file = Box::new(ResponseFile {
        attachment: AttachmentId::from_uuid(Uuid::from_u128(5)),
        kind: MediaKind::Document,
        file_name: "a.pdf".to_owned(),
        size_bytes: 3,
        caption: None,
        about: None,
    });
    end(&mut bench, Managed::FileBrought { client_ref: client_ref(1), result: Ok(Ok(file)) });
    assert_eq!(ask(&mut bench, Manage::LetGo(client_ref(1))), [], "the gateway keeps what is there");
    assert_eq!(ask(&mut bench, Manage::Forget(response(1))), [ManageCall::Drop(client_ref(2))]);
    assert_eq!(bench.desk.upkeep().files_for(response(1)).count(), 0);
}

#[test]
fn what_is_written_of_a_response_is_here_after_a_restart_until_it_is_saved_or_thrown_away() {
    let mut bench = bench();
    let begun = (response(1), put(1));
    let keep = |begun| Input::Command(Command::Manage(Manage::Begin(begun)));
    let effects = bench.desk.step(keep(Some(begun.clone())), at(1));
    assert_eq!(effects, [Effect::Journal(Entry::Begun(Some(begun.clone())))]);
    assert_eq!(bench.desk.step(keep(Some(begun.clone())), at(2)), [], "it is kept already");
    let restored = Restored { begun: Some(begun.clone()), ..Restored::default() };
    let mut again = Bench::with(Vec::new());
    again.desk.step(Input::Restored(Box::new(restored)), at(3));
    assert_eq!(again.desk.upkeep().begun(), Some(&begun));
    let forget = |id| Input::Command(Command::Manage(Manage::Forget(response(id))));
    assert_eq!(bench.desk.step(forget(2), at(4)), [], "that was another one");
    assert_eq!(bench.desk.step(forget(1), at(5)), [Effect::Journal(Entry::Begun(None))]);
    assert_eq!(bench.desk.upkeep().begun(), None);
}
