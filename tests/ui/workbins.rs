//! Workbins: the tree, the list, what is done with what is chosen.

use chrono::TimeDelta;
use egui::{
    Key, Modifiers,
    accesskit::{Role, Toggled},
};
use egui_kittest::{
    Harness,
    kittest::{NodeT as _, Queryable as _},
};
use waxwing::{
    config::layout::Workplace,
    desk::{
        Desk,
        input::{CallError, Command, Input, Outcome},
        workbins::deeds::{Deed, DeedCall},
    },
    ui::Action,
};
use waxwing_protocol::{
    agent::Colleague,
    api::TranscriptPage,
    event::{Cursor, Event, EventPage, FeedEvent},
    id::{AgentId, InteractionId, WorkbinId},
    interaction::{Phase, Stored},
    problem::{Problem, ProblemCode},
    workbin::{
        Changes, ColleagueState, Colleagues, LastMessage, MoveToWorkbin, Place, PlaceInfo, Places, Right,
        WorkbinItem, WorkbinKind,
    },
};

use crate::fixture::{Window, desk, interaction, interaction_id, now, window, wrote};

/// The workbin of that number.
pub(crate) fn bin(number: u8) -> WorkbinId {
    WorkbinId::new(now(), [number; 10])
}

fn info(number: u8, name: &str, whose: WorkbinKind, right: Right) -> PlaceInfo {
    let place = Place::Workbin { workbin: bin(number) };
    PlaceInfo {
        place,
        name: name.to_owned(),
        whose: Some(whose),
        right,
        limit: None,
        stale_after_hours: None,
    }
}

/// What lies there: its number, its workbin, who, what was said last, for how many hours.
pub(crate) fn item(number: u8, workbin: u8, name: &str, line: &str, hours: i64) -> WorkbinItem {
    let since = now() - TimeDelta::hours(hours);
    let mut interaction = interaction(number, name, None, Vec::new()).interaction;
    interaction.owner = None;
    interaction.phase = Phase::InWorkbin { workbin: bin(workbin) };
    interaction.stored = Some(Stored { since, by: None, comment: None, remind_at: None });
    let last = Some(LastMessage { line: line.to_owned(), by_contact: true, at: since });
    let place = Place::Workbin { workbin: bin(workbin) };
    WorkbinItem { interaction, place, last, unread: 0, last_agent: None }
}

fn changes(items: Vec<WorkbinItem>) -> Changes {
    let mia = Colleague { id: AgentId::new(now(), [3; 10]), display_name: "Mia".to_owned() };
    let theirs = WorkbinKind::Personal { owner: mia, team: Some("Support".to_owned()) };
    let jana = Colleague { id: AgentId::new(now(), [9; 10]), display_name: "Jana Roth".to_owned() };
    let ours = WorkbinKind::Personal { owner: jana, team: Some("Support".to_owned()) };
    let places = vec![
        info(1, "My workbin", ours, Right::Take),
        info(2, "Suppliers", WorkbinKind::Shared, Right::Take),
        info(3, "Mia's workbin", theirs, Right::See),
    ];
    let places = Some(Places { places, own: Some(bin(1)) });
    Changes { view: 1, whole: true, places, items, gone: Vec::new(), next: 1, more: false }
}

/// The gateway says that there is something in the workbins, and tells it.
pub(crate) fn hear(desk: &mut Desk, changes: Changes) {
    let (next, workbins) = (Cursor { epoch: 1, number: 1 }, changes.next);
    desk.step(Input::Clock, now() + TimeDelta::seconds(5));
    let page = EventPage::Events { events: Vec::new(), next, more: false, workbins, now: now() };
    desk.step(Input::Outcome(Outcome::Polled(Ok(page))), now());
    desk.step(Input::Outcome(Outcome::WorkbinsTold(Ok(Box::new(changes)))), now());
}

/// A desk before which these lie.
pub(crate) fn told(items: Vec<WorkbinItem>) -> Desk {
    let mut desk = desk(vec![interaction(9, "Otto Open", None, vec![wrote(9, 72, "hello?")])], Vec::new());
    hear(&mut desk, changes(items));
    desk
}

/// Three in the agent's own workbin, one in a colleague's.
pub(crate) fn three() -> Vec<WorkbinItem> {
    vec![
        item(1, 1, "Elena Petrova", "about the invoice", 2),
        item(2, 1, "Ahmed Hassan", "waits for the warehouse", 5),
        item(3, 1, "Grace Kim", "sends pictures", 7),
        item(4, 3, "Tom Baker", "serial number", 1),
    ]
}

/// A window at its workbins.
pub(crate) fn opened<'a>(desk: Desk) -> Harness<'a, Window> {
    let mut harness = window(desk, 1440.0);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Num2);
    harness.run_steps(4);
    harness.state_mut().actions.clear();
    harness
}

fn top(harness: &Harness<'_, Window>, row: &str) -> f32 {
    harness.get_by_label_contains(row).rect().top()
}

/// Presses a key.
pub(crate) fn press(harness: &mut Harness<'_, Window>, with: Modifiers, key: Key) {
    harness.key_press_modifiers(with, key);
    harness.run_steps(3);
}

/// What the agent wanted done in workbins.
pub(crate) fn wanted(harness: &Harness<'_, Window>) -> Vec<(Vec<InteractionId>, Deed)> {
    let deed = |action: &Action| match action {
        Action::Command(Command::InWorkbins { interactions, deed }) => {
            Some((interactions.clone(), deed.clone()))
        }
        _ => None,
    };
    harness.state().actions.iter().filter_map(deed).collect()
}

/// The interactions of these numbers.
pub(crate) fn ids<const COUNT: usize>(numbers: [u8; COUNT]) -> Vec<InteractionId> {
    numbers.into_iter().map(interaction_id).collect()
}

#[test]
fn right_and_left_go_through_the_places_and_a_folded_team_is_one() {
    let mut harness = opened(told(three()));
    let here =
        |harness: &Harness<'_, Window>, contact: &str| harness.query_by_label_contains(contact).is_some();
    press(&mut harness, Modifiers::NONE, Key::ArrowRight);
    harness.get_by_label("0 interactions");
    for _ in 0..2 {
        press(&mut harness, Modifiers::NONE, Key::ArrowRight);
        assert!(here(&harness, "Tom Baker, "), "the team, then its member");
    }
    press(&mut harness, Modifiers::NONE, Key::ArrowRight);
    assert!(here(&harness, "Tom Baker, "), "there is nothing below it");
    harness.get_by_label("Hide the workbins of Support").click();
    harness.run_steps(2);
    for _ in 0..3 {
        press(&mut harness, Modifiers::NONE, Key::ArrowLeft);
    }
    assert!(here(&harness, "Elena Petrova, "));
}

#[test]
fn the_own_workbin_is_shown_first_in_the_order_in_which_things_came() {
    let harness = opened(told(three()));
    harness.get_by_label("My workbin, 3");
    harness.get_by_label("Mia's workbin, 1");
    harness.get_by_label("3 interactions");
    let tops = ["Elena Petrova, ", "Ahmed Hassan, ", "Grace Kim, "].map(|row| top(&harness, row));
    assert!(tops.is_sorted(), "{tops:?}");
    assert!(harness.query_by_label_contains("Tom Baker, ").is_none());
}

#[test]
fn a_heading_sorts_and_the_order_and_the_columns_are_remembered() {
    let mut harness = opened(told(three()));
    harness.get_by_label("Sort by contact").click();
    harness.run_steps(3);
    let tops = ["Ahmed Hassan, ", "Elena Petrova, ", "Grace Kim, "].map(|row| top(&harness, row));
    assert!(tops.is_sorted(), "{tops:?}");
    harness.get_by_label("More with workbins").click();
    harness.run_steps(3);
    harness.get_by_label("Segment").click();
    harness.run_steps(3);
    assert!(harness.query_by_label("Sort by segment").is_none());
    let layout = harness.state().layout();
    assert_eq!(layout.workbins.order.as_deref(), Some("contact"));
    assert_eq!(layout.workbins.hidden, ["segment"]);
    let desk = told(three());
    harness.state_mut().restart(layout, desk);
    harness.run_steps(4);
    assert!(harness.query_by_label("Sort by segment").is_none());
    assert!(top(&harness, "Ahmed Hassan, ") < top(&harness, "Elena Petrova, "));
}

#[test]
fn what_is_typed_is_looked_for_at_once() {
    let mut harness = opened(told(three()));
    harness.get_by_label("Filter the list").focus();
    harness.run_steps(2);
    harness.event(egui::Event::Text("ware".to_owned()));
    harness.run_steps(3);
    harness.get_by_label("1 interaction");
    harness.get_by_label_contains("Ahmed Hassan, ");
    assert!(harness.query_by_label_contains("Grace Kim, ").is_none());
    harness.event(egui::Event::Text("xyz".to_owned()));
    harness.run_steps(3);
    harness.get_by_label("Nothing found");
}

#[test]
fn what_is_chosen_is_asked_for_to_be_read_and_read_without_a_composer() {
    let mut harness = opened(told(three()));
    harness.get_by_label_contains("Ahmed Hassan, ").click();
    harness.run_steps(3);
    assert!(harness.state().actions.contains(&Action::Command(Command::Review(interaction_id(2)))));
    let effects = harness.state_mut().desk.step(Input::Command(Command::Review(interaction_id(2))), now());
    let load = effects.into_iter().find_map(|effect| match effect {
        waxwing::desk::effect::Effect::Load(load) => Some(load),
        _ => None,
    });
    let page = TranscriptPage {
        messages: vec![wrote(2, 90, "is it there yet?")],
        sessions: Vec::new(),
        older: false,
        newer: false,
    };
    let load = load.expect("its transcript is asked for");
    let loaded = Outcome::Loaded { load, kept: false, result: Ok(page) };
    harness.state_mut().desk.step(Input::Outcome(loaded), now());
    harness.run_steps(3);
    harness.get_by_label("is it there yet?");
    harness.get_by_label("Read only. Open the interaction to answer.");
    assert!(harness.query_by_label_contains("Message to ").is_none());
    harness.get_by_label("is it there yet?").click_secondary();
    harness.run_steps(3);
    harness.get_by_label("Copy");
    assert!(harness.query_by_label("Reply").is_none());
    let seen = |action: &Action| matches!(action, Action::Command(Command::Seen { .. }));
    assert!(!harness.state().actions.iter().any(seen), "the contact must not see that somebody read it");
}

#[test]
fn arrows_go_from_row_to_row_and_enter_opens() {
    let mut harness = opened(told(three()));
    press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    press(&mut harness, Modifiers::NONE, Key::Enter);
    assert_eq!(wanted(&harness), [(ids([2]), Deed::Open)]);
    harness.state_mut().actions.clear();
    press(&mut harness, Modifiers::SHIFT, Key::ArrowDown);
    harness.get_by_label("2 interactions chosen");
    press(&mut harness, Modifiers::COMMAND, Key::A);
    harness.get_by_label("3 interactions chosen");
    harness.get_by_label("Mark done").click();
    harness.run_steps(3);
    assert_eq!(wanted(&harness), [(ids([1, 2, 3]), Deed::Done)]);
    press(&mut harness, Modifiers::NONE, Key::Escape);
    harness.get_by_label("Nothing chosen");
}

#[test]
fn several_are_chosen_with_the_mouse_and_moved_together() {
    let mut harness = opened(told(three()));
    harness.get_by_label_contains("Elena Petrova, ").click();
    harness.run_steps(2);
    harness.get_by_label_contains("Grace Kim, ").click_modifiers(Modifiers::COMMAND);
    harness.run_steps(2);
    harness.get_by_label("Move to…").click();
    harness.run_steps(3);
    harness.get_by_label("2 interactions");
    let own = harness.get_by_label("My workbin, lies there already");
    assert!(own.accesskit_node().is_disabled());
    harness.get_by_label("Suppliers, everybody's").click();
    harness.get_by_label("In an hour").click();
    harness.get_by_label("Comment").focus();
    harness.run_steps(3);
    harness.event(egui::Event::Text("asks again".to_owned()));
    harness.run_steps(2);
    harness.get_by_label("Move").click();
    harness.run_steps(3);
    let (comment, remind_at) = (Some("asks again".to_owned()), Some(now() + TimeDelta::hours(1)));
    let to = MoveToWorkbin { workbin: Some(bin(2)), comment, remind_at };
    assert_eq!(wanted(&harness), [(ids([1, 3]), Deed::Move(to))]);
    assert!(harness.query_by_label("Look for a workbin").is_none());
    harness.get_by_label_contains("Elena Petrova, ").click();
    harness.run_steps(2);
    harness.get_by_label_contains("Grace Kim, ").click_modifiers(Modifiers::SHIFT);
    harness.run_steps(2);
    harness.get_by_label("3 interactions chosen");
}

#[test]
fn a_key_moves_what_is_chosen_and_a_full_workbin_takes_nothing() {
    let mut whole = changes(three());
    if let Some(places) = &mut whole.places {
        places.places[1].limit = Some(1);
    }
    whole.items.push(item(5, 2, "Sam Supplier", "the price list", 3));
    let mut desk = desk(Vec::new(), Vec::new());
    hear(&mut desk, whole);
    let mut harness = opened(desk);
    let away = Modifiers::COMMAND.plus(Modifiers::SHIFT);
    press(&mut harness, away, Key::W);
    assert!(harness.query_by_label("Look for a workbin").is_none(), "nothing is chosen");
    press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    press(&mut harness, away, Key::W);
    harness.get_by_label("Suppliers, full");
    press(&mut harness, Modifiers::NONE, Key::Enter);
    let to = MoveToWorkbin { workbin: Some(bin(3)), comment: None, remind_at: None };
    assert_eq!(wanted(&harness), [(ids([1]), Deed::Move(to))], "the first that is free is chosen");
    press(&mut harness, away, Key::W);
    press(&mut harness, Modifiers::NONE, Key::Escape);
    harness.get_by_label_contains("Case data");
    assert_eq!(wanted(&harness).len(), 1, "Escape leaves all where it is, and chosen");
}

#[test]
fn work_is_given_to_colleagues_who_are_asked_for_then() {
    let mut harness = opened(told(three()));
    press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    harness.get_by_label("Assign to…").click();
    harness.run_steps(3);
    assert!(harness.state().actions.contains(&Action::Command(Command::AskColleagues)));
    let colleague = Colleague { id: AgentId::new(now(), [3; 10]), display_name: "Mia Berg".to_owned() };
    let status = waxwing_protocol::agent::AgentStatus::Ready;
    let state = ColleagueState { colleague: colleague.clone(), team: None, status, open: 2 };
    let told = Outcome::ColleaguesTold(Ok(Colleagues { colleagues: vec![state], former: Vec::new() }));
    harness.state_mut().desk.step(Input::Outcome(told), now());
    harness.run_steps(3);
    harness.get_by_label_contains("Mia Berg Ready").click();
    harness.run_steps(3);
    let assign = waxwing_protocol::workbin::Assign { agent: colleague.id };
    assert_eq!(wanted(&harness), [(ids([1]), Deed::Assign(assign))]);
}

#[test]
fn a_fact_is_set_for_all_that_are_chosen() {
    let mut harness = opened(told(three()));
    press(&mut harness, Modifiers::COMMAND, Key::A);
    harness.get_by_label("More with workbins").click();
    harness.run_steps(3);
    harness.get_by_label("Edit case data…").click();
    harness.run_steps(4);
    harness.event(egui::Event::Text("Order".to_owned()));
    harness.run_steps(2);
    harness.get_by_role_and_label(Role::TextInput, "Value").focus();
    harness.run_steps(2);
    harness.event(egui::Event::Text("#77".to_owned()));
    harness.run_steps(2);
    harness.get_by_label("Set").click();
    harness.run_steps(3);
    let wanted = wanted(&harness);
    let [(interactions, Deed::CaseData(put))] = wanted.as_slice() else { panic!("{wanted:?}") };
    assert_eq!((interactions, put.put[0].value.as_str()), (&ids([1, 2, 3]), "#77"));
}

#[test]
fn whoever_was_quicker_is_told_at_the_row() {
    let mut desk = told(three());
    let interactions = ids([1]);
    desk.step(Input::Command(Command::InWorkbins { interactions, deed: Deed::Open }), now());
    let call = DeedCall { interaction: interaction_id(1), deed: Deed::Open };
    let problem = Problem::new(ProblemCode::Conflict, "Mia Berg has it.");
    let result = Err(CallError::Refused(problem));
    desk.step(Input::Outcome(Outcome::WorkbinDeed { call, result }), now());
    let mut harness = opened(desk);
    harness.get_by_label_contains("Not opened: Mia Berg has it.");
    harness.get_by_label("I have read it").click();
    harness.run_steps(2);
    assert!(harness.state().actions.contains(&Action::Command(Command::DismissWorkbinTroubles)));
}

#[test]
fn what_may_only_be_read_can_not_be_taken() {
    let mut harness = opened(told(three()));
    harness.get_by_label("Mia's workbin, 1").click();
    harness.run_steps(3);
    harness.get_by_label_contains("Tom Baker, ").click();
    harness.run_steps(3);
    press(&mut harness, Modifiers::NONE, Key::Enter);
    assert!(wanted(&harness).is_empty());
    assert!(harness.get_by_label("Open").accesskit_node().is_disabled());
}

#[test]
fn while_the_gateway_is_away_the_list_stays_and_its_age_is_told() {
    let mut desk = told(three());
    desk.step(Input::Clock, now() + TimeDelta::seconds(5));
    let error = CallError::Unreachable("no answer".to_owned());
    desk.step(Input::Outcome(Outcome::Polled(Err(error))), now());
    let harness = opened(desk);
    harness.get_by_label_contains("the gateway can't be reached");
    harness.get_by_label_contains("Elena Petrova, ");
}

#[test]
fn an_interaction_that_was_taken_up_leads_to_where_it_is_answered() {
    let mut harness = opened(told(three()));
    let id = interaction_id(1);
    let desk = &mut harness.state_mut().desk;
    desk.step(Input::Command(Command::InWorkbins { interactions: vec![id], deed: Deed::Open }), now());
    let call = DeedCall { interaction: id, deed: Deed::Open };
    let ours = interaction(1, "Elena Petrova", None, Vec::new()).interaction;
    let result = Ok(Some(Box::new(ours.clone())));
    desk.step(Input::Outcome(Outcome::WorkbinDeed { call, result }), now());
    desk.step(Input::Clock, now() + TimeDelta::seconds(9));
    let cursor = Cursor { epoch: 1, number: 2 };
    let event = Event::InteractionAdded {
        interaction: Box::new(ours),
        transcript: vec![wrote(1, 90, "about the invoice")],
        older: false,
        draft: None,
    };
    let events = vec![FeedEvent { cursor, event }];
    let page = EventPage::Events { events, next: cursor, more: false, workbins: 1, now: now() };
    desk.step(Input::Outcome(Outcome::Polled(Ok(page))), now());
    harness.run_steps(4);
    assert_eq!(harness.state().layout().workplace, Workplace::Active);
    harness.get_by_label("Message to Elena Petrova");
}

#[test]
fn only_the_rows_in_view_are_laid_out_however_many_there_are() {
    let many = |count: u32| {
        (0..count)
            .map(|number| {
                let mut item = item(1, 1, &format!("Contact {number}"), "hello", 1);
                item.interaction.id = InteractionId::from_uuid(uuid::Uuid::from_u128(u128::from(number)));
                item
            })
            .collect::<Vec<_>>()
    };
    let rows = |harness: &Harness<'_, Window>| harness.query_all_by_role(Role::Row).count();
    let few = rows(&opened(told(many(50))));
    let mut harness = opened(told(many(5_000)));
    assert_eq!(rows(&harness), few);
    assert!((5..=20).contains(&few), "{few}");
    press(&mut harness, Modifiers::NONE, Key::End);
    assert!(rows(&harness).abs_diff(few) <= 1);
    let chosen = harness
        .query_all_by_role(Role::Row)
        .filter(|row| row.accesskit_node().toggled() == Some(Toggled::True));
    assert_eq!(chosen.count(), 1, "the last row was brought into view");
}
