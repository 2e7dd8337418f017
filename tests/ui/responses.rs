//! The tab of prepared replies: found, looked at, inserted and sent, by mouse and by keys.

use egui::{Key, Modifiers, accesskit::Role as Widget, vec2};
use egui_kittest::{
    Harness,
    kittest::{NodeT as _, Queryable as _},
};
use waxwing::{
    desk::{
        input::{Command, Input, Outcome},
        library::manage::{Manage, Managed},
    },
    ui::Action,
};
use waxwing_protocol::{
    agent::Role,
    id::{AgentId, CategoryId, ResponseId},
    library::LibraryPage,
    problem::{Problem, ProblemCode},
    response::{Category, ResponseContent, StandardResponse},
};

use crate::{
    fixture::{Window, desk_with_library, interaction, now, window, wrote},
    hand::{asked, click, clicks, command, drag, key, outcome, place, type_in},
};

const SEARCH: &str = "Search responses";
const FIELD: &str = "Message to Ada";

pub(crate) fn response_id(number: u16) -> ResponseId {
    let [high, low] = number.to_be_bytes();
    // Behind the bits in which a UUID says of which kind it is.
    ResponseId::new(now(), [0, 0, 0, 0, 0, 0, 0, high, low, 1])
}

pub(crate) fn category_id(number: u8) -> CategoryId {
    CategoryId::new(now(), [number; 10])
}

pub(crate) fn response(number: u16, name: &str, body: &str) -> StandardResponse {
    StandardResponse {
        id: response_id(number),
        content: ResponseContent {
            category: Some(category_id(1)),
            name: name.to_owned(),
            body: body.to_owned(),
            active: true,
            ..ResponseContent::default()
        },
        version: 1,
        changed_at: now(),
        changed_by: "Jo Reed".to_owned(),
    }
}

pub(crate) fn library(responses: Vec<StandardResponse>) -> LibraryPage {
    let category = Category { id: category_id(1), parent: None, name: "Orders".to_owned() };
    LibraryPage { whole: true, categories: vec![category], responses, next: 1, ..LibraryPage::default() }
}

fn few() -> LibraryPage {
    let today = response(1, "Delivery today", "Thank you, <$Contact.FirstName$>. It comes before {{time}}.");
    let delayed =
        response(2, "Delivery delayed", "Sorry for the delay with <$Interaction.AttachedData(\"Order\")$>.");
    let bye = response(3, "Goodbye", "Have a nice day, <$Contact.FirstName$>!");
    library(vec![today, delayed, bye])
}

/// A window in which the tab is open, its search box with the keys.
pub(crate) fn opened<'a>(library: LibraryPage, role: Role) -> Harness<'a, Window> {
    let ada = interaction(1, "Ada", Some(38), vec![wrote(1, 38, "Good morning")]);
    let mut harness = window(desk_with_library(vec![ada], library, role), 1440.0);
    key(&mut harness, Modifiers::COMMAND, Key::L);
    harness.run_steps(3);
    asked(&mut harness);
    harness
}

/// What the agent has asked the library for since this was asked last.
pub(crate) fn managed(harness: &mut Harness<'_, Window>) -> Vec<Manage> {
    let wanted = |action| match action {
        Action::Command(Command::Manage(wanted)) => Some(wanted),
        _ => None,
    };
    asked(harness).into_iter().filter_map(wanted).collect()
}

/// The cards that are laid out: the names before the first comma.
fn cards(harness: &Harness<'_, Window>) -> Vec<String> {
    let buttons = harness.query_all_by_role(Widget::Button).filter_map(|node| node.accesskit_node().label());
    buttons.filter(|label| label.starts_with("Delivery") || label.starts_with("Goodbye")).collect()
}

fn inserted(harness: &mut Harness<'_, Window>) -> Vec<String> {
    let words = |action| match action {
        Action::TakeResponse { text, .. } => Some(text),
        _ => None,
    };
    asked(harness).into_iter().filter_map(words).collect()
}

fn sent(harness: &mut Harness<'_, Window>) -> Vec<String> {
    let words = |action| match action {
        Action::SendResponse { text, .. } => Some(text),
        _ => None,
    };
    asked(harness).into_iter().filter_map(words).collect()
}

#[test]
fn the_keys_go_to_the_search_box_and_words_narrow_the_list() {
    let mut harness = opened(few(), Role::Agent);
    assert_eq!(cards(&harness), ["Delivery delayed", "Delivery today", "Goodbye"]);
    type_in(&mut harness, "delayed");
    assert_eq!(cards(&harness), ["Delivery delayed"]);
    key(&mut harness, Modifiers::NONE, Key::Escape);
    assert_eq!(cards(&harness).len(), 3, "Escape clears the words first");
    key(&mut harness, Modifiers::NONE, Key::Escape);
    assert!(harness.get_by_label(FIELD).is_focused(), "then it goes back to the message");
    assert!(harness.query_by_label(SEARCH).is_some(), "the tab stays");
}

#[test]
fn enter_inserts_what_fits_best_filled_in() {
    let mut harness = opened(few(), Role::Agent);
    type_in(&mut harness, "delayed");
    key(&mut harness, Modifiers::NONE, Key::Enter);
    assert_eq!(inserted(&mut harness), ["Sorry for the delay with #48213."]);
    harness.run_steps(2);
    assert!(harness.get_by_label(FIELD).is_focused());
}

#[test]
fn arrows_go_through_the_cards_and_control_enter_sends() {
    let mut harness = opened(few(), Role::Agent);
    for _ in 0..2 {
        key(&mut harness, Modifiers::NONE, Key::ArrowDown);
    }
    key(&mut harness, Modifiers::COMMAND, Key::Enter);
    assert_eq!(sent(&mut harness), ["Have a nice day, Ada!"]);
    key(&mut harness, Modifiers::NONE, Key::ArrowUp);
    key(&mut harness, Modifiers::COMMAND, Key::Enter);
    let words = inserted(&mut harness);
    assert_eq!(words, ["Thank you, Ada. It comes before {{time}}."], "a blank holds it up: it is inserted");
}

#[test]
fn a_click_selects_and_a_double_click_inserts() {
    let mut harness = opened(few(), Role::Agent);
    click(&mut harness, "Goodbye");
    assert_eq!(inserted(&mut harness), Vec::<String>::new());
    click(&mut harness, "Insert");
    assert_eq!(inserted(&mut harness), ["Have a nice day, Ada!"]);
    let at = place(&harness, "Delivery delayed").center();
    clicks(&mut harness, at, 2);
    assert_eq!(inserted(&mut harness), ["Sorry for the delay with #48213."]);
}

#[test]
fn a_part_of_what_it_says_can_be_inserted() {
    let mut harness = opened(few(), Role::Agent);
    click(&mut harness, "Delivery today");
    let said = place(&harness, "Thank you, Ada. It comes before [time].");
    drag(&mut harness, said.left_center() + vec2(1.0, 0.0), said.right_center() + vec2(200.0, 0.0));
    harness.run_steps(2);
    click(&mut harness, "Insert selection");
    assert_eq!(inserted(&mut harness), ["Thank you, Ada. It comes before {{time}}."]);
}

#[test]
fn a_star_makes_a_favourite_and_is_taken_back_if_it_is_not_kept() {
    let mut harness = opened(few(), Role::Agent);
    key(&mut harness, Modifiers::COMMAND, Key::D);
    let wanted = Manage::Favourite { response: response_id(2), is: true };
    assert_eq!(managed(&mut harness), std::slice::from_ref(&wanted));
    command(&mut harness, Command::Manage(wanted));
    assert_eq!(
        harness.query_all_by_label("Delivery delayed, favourite").count(),
        2,
        "in its own section, too"
    );
    click(&mut harness, "Favourites ★");
    assert_eq!(cards(&harness).len(), 1);
    let refused = Problem::new(ProblemCode::Unavailable, "Not now.").into();
    outcome(&mut harness, Outcome::Managed(Managed::Favourites(Err(refused))));
    assert_eq!(cards(&harness).len(), 0);
}

#[test]
fn categories_fold_and_say_how_much_is_in_them() {
    let mut harness = opened(few(), Role::Agent);
    click(&mut harness, "Orders, 3");
    assert_eq!(cards(&harness).len(), 0);
    click(&mut harness, "Orders, 3, folded");
    assert_eq!(cards(&harness).len(), 3);
}

#[test]
fn what_is_not_offered_vanishes_when_its_time_comes() {
    let mut library = few();
    library.responses[2].content.expires_at = Some(now() + chrono::TimeDelta::seconds(60));
    library.responses[0].content.active = false;
    let mut harness = opened(library, Role::Agent);
    assert_eq!(cards(&harness), ["Delivery delayed", "Goodbye"]);
    harness.state_mut().now = now() + chrono::TimeDelta::seconds(61);
    harness.run_steps(2);
    assert_eq!(cards(&harness), ["Delivery delayed"]);
}

#[test]
fn of_ten_thousand_only_what_is_seen_is_laid_out() {
    let many = (0..10_000).map(|number| response(number, &format!("Delivery {number}"), "Thank you"));
    let mut harness = opened(library(many.collect()), Role::Agent);
    assert_eq!(cards(&harness).len(), 0, "so many begin folded");
    for _ in 0..25 {
        // They are put into the index bit by bit.
        harness.state_mut().desk.step(Input::Clock, now());
    }
    click(&mut harness, "Orders, 10000, folded");
    let seen = cards(&harness).len();
    assert!((5..30).contains(&seen), "{seen} cards in 900 points");
    type_in(&mut harness, "delivery 9876");
    assert!(cards(&harness).contains(&"Delivery 9876".to_owned()));
}

#[test]
fn ones_own_are_shown_as_such_and_may_be_changed_by_everybody() {
    let mut own = response(4, "Delivery of mine", "Bye");
    own.content.owner = Some(AgentId::new(now(), [9; 10]));
    let mut library = few();
    library.responses.push(own);
    let mut harness = opened(library, Role::Agent);
    harness.get_by_label("Delivery of mine").click_secondary();
    harness.run_steps(3);
    assert!(harness.query_by_label("Edit…").is_some());
    key(&mut harness, Modifiers::NONE, Key::Escape);
    harness.run_steps(3);
    harness.get_by_label("Delivery today").click_secondary();
    harness.run_steps(3);
    assert!(harness.query_by_label("Copy as your own…").is_some());
    assert!(harness.query_by_label("Edit…").is_none(), "what belongs to all is for team leads");
}
