//! Looking after the library: writing a response, who may, what is wrong with it, an import.

use chrono::TimeDelta;
use egui::{Key, Modifiers};
use egui_kittest::{Harness, kittest::Queryable as _};
use waxwing::{
    desk::{
        input::{CallError, Command, Input, Outcome},
        library::manage::{ImportStep, Manage, Managed},
    },
    ui::{Action, LibraryAsk},
};
use waxwing_protocol::{
    agent::Role,
    event::Event,
    library::{ImportReport, LibraryForm, LibraryPage, RejectedRow},
    problem::{Problem, ProblemCode},
    response::{Prefilled, ResponseContent, StandardResponse},
    slot::{SlotValue, SlotValues},
    template::{TemplateHeader, TemplateOffer},
};

use crate::{
    fixture::{Window, now},
    hand::{asked, click, command, key, outcome, pick, place, tell, type_in},
    responses::{library, managed, opened, response, response_id},
};

pub(crate) fn editing<'a>() -> Harness<'a, Window> {
    let mut harness = opened(library(vec![response(1, "Delivery today", "Thank you")]), Role::TeamLead);
    pick(&mut harness, "Delivery today", "Edit…");
    asked(&mut harness);
    harness
}

/// The field of that name, below the words that say so.
#[track_caller]
fn field<'a>(harness: &'a Harness<'_, Window>, name: &'a str) -> egui_kittest::Node<'a> {
    harness.query_all_by_label(name).last().expect("it is there")
}

/// Writes into a field instead of what stands there.
#[track_caller]
fn write(harness: &mut Harness<'_, Window>, name: &str, text: &str) {
    field(harness, name).focus();
    harness.run_steps(2);
    key(harness, Modifiers::COMMAND, Key::A);
    type_in(harness, text);
}

fn saved(harness: &mut Harness<'_, Window>) -> Option<ResponseContent> {
    managed(harness).into_iter().find_map(|wanted| match wanted {
        Manage::Save { put, .. } => Some(put.content),
        _ => None,
    })
}

fn save_refused(harness: &mut Harness<'_, Window>, error: CallError) {
    let wanted = managed(harness).into_iter().next().expect("it is saved");
    command(harness, Command::Manage(wanted));
    outcome(harness, Outcome::Managed(Managed::ResponsePut { response: response_id(1), result: Err(error) }));
}

#[test]
fn a_plain_agent_sees_no_way_to_change_what_belongs_to_all() {
    let mut harness = opened(library(vec![response(1, "Delivery today", "Thank you")]), Role::Agent);
    click(&mut harness, "More with responses");
    assert!(harness.query_by_label("New response of your own").is_some());
    for name in ["New response for all", "New category", "Import…", "Export", "Most used first"] {
        assert!(harness.query_by_label(name).is_none(), "{name}");
    }
}

#[test]
fn a_team_lead_asks_for_a_new_one() {
    let mut harness = opened(library(Vec::new()), Role::TeamLead);
    click(&mut harness, "More with responses");
    click(&mut harness, "New response for all");
    let asked = asked(&mut harness);
    let new = asked.iter().find_map(|action| match action {
        Action::Library(LibraryAsk::New(content)) => Some(content),
        _ => None,
    });
    assert!(new.is_some_and(|content| content.owner.is_none() && content.active));
}

#[test]
fn what_is_wrong_is_told_beside_its_field_and_nothing_is_saved() {
    let mut harness = editing();
    write(&mut harness, "Shortcut", "d t");
    click(&mut harness, "Save");
    let why = "A shortcut is made of 1 to 32 letters, digits, hyphens, underscores and points.";
    assert!(harness.query_by_label(why).is_some());
    assert_eq!(saved(&mut harness), None);
    write(&mut harness, "Shortcut", "dt");
    assert!(harness.query_by_label(why).is_none());
    click(&mut harness, "Save");
    assert_eq!(saved(&mut harness).and_then(|content| content.shortcut), Some("dt".to_owned()));
}

#[test]
fn what_was_typed_stays_when_saving_fails() {
    let mut harness = editing();
    write(&mut harness, "Text", "Thank you very much");
    click(&mut harness, "Save");
    save_refused(&mut harness, CallError::Unreachable("cut off".to_owned()));
    assert!(harness.query_by_label_contains("It is not saved.").is_some());
    assert_eq!(field(&harness, "Text").value().as_deref(), Some("Thank you very much"));
    click(&mut harness, "Save");
    assert_eq!(saved(&mut harness).map(|content| content.body), Some("Thank you very much".to_owned()));
}

#[test]
fn cancel_asks_before_anything_typed_is_thrown_away() {
    let mut harness = editing();
    click(&mut harness, "Cancel");
    assert!(harness.query_all_by_label("Text").next().is_none(), "nothing was changed");
    pick(&mut harness, "Delivery today", "Edit…");
    write(&mut harness, "Text", "Thank you very much");
    click(&mut harness, "Cancel");
    click(&mut harness, "Go on writing");
    assert_eq!(field(&harness, "Text").value().as_deref(), Some("Thank you very much"));
}

#[test]
fn what_somebody_else_has_made_of_it_is_shown_before_it_is_overwritten() {
    let mut harness = editing();
    write(&mut harness, "Text", "Mine");
    let theirs = response(1, "Delivery today", "Theirs");
    let theirs = StandardResponse { version: 2, changed_by: "Nadia".to_owned(), ..theirs };
    let page = LibraryPage { responses: vec![theirs], next: 2, ..LibraryPage::default() };
    // After a page without news the desk takes a breath before it asks on.
    harness.state_mut().desk.step(Input::Clock, now() + TimeDelta::seconds(5));
    tell(&mut harness, Event::LibraryChanged { revision: 2 });
    outcome(&mut harness, Outcome::LibraryTold(Ok(Box::new(page))));
    assert!(harness.query_by_label_contains("Nadia changed it while you were writing").is_some());
    click(&mut harness, "Keep mine");
    click(&mut harness, "Save");
    let put = managed(&mut harness).into_iter().find_map(|wanted| match wanted {
        Manage::Save { put, .. } => Some(put),
        _ => None,
    });
    let put = put.expect("it is saved");
    assert_eq!((put.based_on, put.content.body.as_str()), (2, "Mine"));
}

#[test]
fn a_change_from_the_menu_that_comes_to_nothing_is_told() {
    let mut harness = opened(library(vec![response(1, "Delivery today", "Thank you")]), Role::TeamLead);
    pick(&mut harness, "Delivery today", "Deactivate");
    save_refused(&mut harness, Problem::new(ProblemCode::NotAllowed, "Only team leads may.").into());
    let told = asked(&mut harness).into_iter().any(|action| {
        matches!(action, Action::Command(Command::Notify { text, .. }) if text.contains("Only team leads may."))
    });
    assert!(told);
}

#[test]
fn deleting_asks_first() {
    let mut harness = opened(library(vec![response(1, "Delivery today", "Thank you")]), Role::TeamLead);
    pick(&mut harness, "Delivery today", "Delete…");
    assert_eq!(managed(&mut harness), []);
    click(&mut harness, "Delete");
    assert_eq!(managed(&mut harness), [Manage::Remove(response_id(1))]);
}

#[test]
fn an_import_shows_what_would_happen_and_takes_the_good_rows() {
    let mut harness = opened(library(Vec::new()), Role::TeamLead);
    let (name, form) = ("spring.csv".to_owned(), LibraryForm::Csv);
    command(&mut harness, Command::Manage(Manage::TryImport { name, form, text: "name".into() }));
    let rejected =
        vec![RejectedRow { row: 17, name: "Returns".to_owned(), reason: "It has no text.".to_owned() }];
    let report = ImportReport { added: 3, rejected, ..ImportReport::default() };
    let tried = Managed::Imported { step: ImportStep::Try, result: Ok(report) };
    outcome(&mut harness, Outcome::Managed(tried));
    assert!(harness.query_by_label("Row 17").is_some());
    assert!(harness.query_by_label("It has no text.").is_some());
    click(&mut harness, "Import the good rows");
    assert_eq!(managed(&mut harness), [Manage::Import { skip_rejected: true }]);
}

#[test]
fn a_failed_save_is_told_until_somebody_writes_on() {
    let mut harness = editing();
    write(&mut harness, "Text", "Thank you very much");
    click(&mut harness, "Save");
    save_refused(&mut harness, CallError::Unreachable("cut off".to_owned()));
    assert!(harness.query_by_label_contains("It is not saved.").is_some());
    write(&mut harness, "Text", "Thank you so much");
    assert!(harness.query_by_label_contains("It is not saved.").is_none());
}

#[test]
fn what_is_written_is_kept_at_a_pause_and_offered_after_a_restart() {
    let mut harness = editing();
    write(&mut harness, "Text", "Thank you ve");
    let begun = |wanted: Vec<Manage>| {
        wanted.into_iter().find_map(|wanted| match wanted {
            Manage::Begin(begun) => begun,
            _ => None,
        })
    };
    assert_eq!(begun(managed(&mut harness)), None, "nobody has paused yet");
    harness.state_mut().now += TimeDelta::seconds(1);
    harness.run_steps(2);
    let kept = begun(managed(&mut harness)).expect("it is kept");
    assert_eq!((kept.0, kept.1.based_on, kept.1.content.body.as_str()), (response_id(1), 1, "Thank you ve"));

    let mut again = opened(library(vec![response(1, "Delivery today", "Thank you")]), Role::TeamLead);
    command(&mut again, Command::Manage(Manage::Begin(Some(kept))));
    again.run_steps(2);
    place(&again, "“Delivery today” is not finished yet.");
    click(&mut again, "Go on writing");
    assert_eq!(field(&again, "Text").value().as_deref(), Some("Thank you ve"));
    assert!(again.query_by_label("“Delivery today” is not finished yet.").is_none());
    asked(&mut again);
    click(&mut again, "Cancel");
    click(&mut again, "Throw away");
    assert!(managed(&mut again).contains(&Manage::Forget(response_id(1))));
}

#[test]
fn every_place_of_a_notification_but_a_file_can_be_filled_in_beforehand() {
    let mut template = crate::notification::template(1, "pick_up", "Until {{1}}.");
    template.header = Some(TemplateHeader::Location);
    template.offer = Some(TemplateOffer { text: "25% off".to_owned(), expires: true });
    let mut carrying = response(1, "Pick up", "");
    let (name, language) = (template.name.clone(), template.language.clone());
    carrying.content.notification = Some(Prefilled { name, language, values: SlotValues::new() });
    let page = LibraryPage { templates: vec![template], ..library(vec![carrying]) };
    let mut harness = opened(page, Role::TeamLead);
    harness.set_size(egui::vec2(1440.0, 1400.0));
    pick(&mut harness, "Pick up", "Edit…");
    write(&mut harness, "Value of Place, name", "The shop");
    write(&mut harness, "Value of Place, address", "Dam 1");
    write(&mut harness, "Value of Place, latitude", "52.37, 4.89");
    write(&mut harness, "Value of End of the offer", "tomorrow");
    place(&harness, "This can't stand here");
    write(&mut harness, "Value of End of the offer", "2030-05-20 18:00");
    write(&mut harness, "Value of 1", "<$Interaction.Date$>");
    asked(&mut harness);
    click(&mut harness, "Save");
    let values = saved(&mut harness).and_then(|content| content.notification).expect("carries it").values;
    let (name, address) = ("The shop".to_owned(), "Dam 1".to_owned());
    let location = SlotValue::Location { latitude: 52.37, longitude: 4.89, name, address };
    let at = "2030-05-20T18:00:00Z".parse().unwrap();
    let slot = crate::notification::slot;
    let expected = [
        (slot("header.location"), location),
        (slot("offer.expires"), SlotValue::Expires { at }),
        (slot("body.1"), SlotValue::text("<$Interaction.Date$>")),
    ];
    assert_eq!(values, SlotValues::from(expected));
}
