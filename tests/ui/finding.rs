//! The search bar and the calendar beside it.

use chrono::TimeDelta;
use egui::{Key, Modifiers, Role};
use egui_kittest::{Harness, kittest::Queryable as _};
use waxwing::{
    desk::{
        effect::Call,
        input::{CallError, Command, Outcome},
    },
    ui::Action,
};
use waxwing_protocol::{api::SearchHits, id::MessageId};

use crate::{
    fixture::{Window, interaction_id},
    hand::{asked, calls, click, command, key, many, open, outcome, place, type_in},
};

const FIELD: &str = "Find in this conversation";

fn searching<'a>() -> Harness<'a, Window> {
    let mut harness = open(many(50));
    key(&mut harness, Modifiers::COMMAND, Key::F);
    asked(&mut harness);
    harness
}

fn searched(words: &str) -> Action {
    Action::Command(Command::Search { interaction: interaction_id(1), words: words.to_owned() })
}

/// The desk looks for these words and the gateway finds them there.
fn found(harness: &mut Harness<'_, Window>, words: &str, result: Result<SearchHits, CallError>) {
    let interaction = interaction_id(1);
    let effects = command(harness, Command::Search { interaction, words: words.to_owned() });
    assert_eq!(calls(&effects), [Call::Search { interaction, words: words.to_owned() }]);
    place(harness, "Looking…");
    outcome(harness, Outcome::Searched { interaction, words: words.to_owned(), result });
}

fn hits(numbers: &[usize], more: bool) -> SearchHits {
    let messages: Vec<MessageId> = numbers.iter().map(|number| many(50)[*number].id).collect();
    SearchHits { messages, more }
}

#[test]
fn words_are_looked_for_once_typing_pauses() {
    let mut harness = searching();
    type_in(&mut harness, "blue");
    type_in(&mut harness, " bell ");
    assert!(
        !asked(&mut harness).iter().any(|action| matches!(action, Action::Command(Command::Search { .. })))
    );
    harness.state_mut().now += TimeDelta::milliseconds(350);
    harness.run_steps(3);
    assert_eq!(asked(&mut harness), [searched("blue bell")]);
    harness.run_steps(3);
    assert_eq!(asked(&mut harness), [], "once");
}

#[test]
fn enter_looks_at_once_and_then_goes_from_hit_to_hit() {
    let mut harness = searching();
    type_in(&mut harness, "message");
    key(&mut harness, Modifiers::NONE, Key::Enter);
    assert_eq!(asked(&mut harness), [searched("message")]);
    found(&mut harness, "message", Ok(hits(&[30, 20], false)));
    let step = |older| Action::Command(Command::SearchStep { interaction: interaction_id(1), older });
    key(&mut harness, Modifiers::NONE, Key::Enter);
    assert!(asked(&mut harness).contains(&step(true)));
    key(&mut harness, Modifiers::SHIFT, Key::Enter);
    assert!(asked(&mut harness).contains(&step(false)));
    click(&mut harness, "Older hit");
    assert!(asked(&mut harness).contains(&step(true)));
    click(&mut harness, "Newer hit");
    assert!(asked(&mut harness).contains(&step(false)));
}

#[test]
fn the_tally_says_where_one_is_and_the_transcript_goes_there() {
    let mut harness = searching();
    found(&mut harness, "message", Ok(hits(&[12, 3], true)));
    place(&harness, "1 of 2+");
    place(&harness, "message 12");
    command(&mut harness, Command::SearchStep { interaction: interaction_id(1), older: true });
    place(&harness, "2 of 2+");
    place(&harness, "message 3");
}

#[test]
fn nothing_found_and_a_failure_are_told() {
    let mut harness = searching();
    found(&mut harness, "nowhere", Ok(hits(&[], false)));
    place(&harness, "Nothing found");
    found(&mut harness, "again", Err(CallError::Unreachable("no route.".to_owned())));
    place(&harness, "The search failed: no route.");
}

#[test]
fn escape_and_the_cross_end_it_and_the_agent_can_write_on() {
    for by_key in [true, false] {
        let mut harness = searching();
        type_in(&mut harness, "blue");
        if by_key {
            key(&mut harness, Modifiers::NONE, Key::Escape);
        } else {
            click(&mut harness, "Close the search");
        }
        assert!(asked(&mut harness).contains(&searched("")));
        assert_eq!(harness.query_all_by_label(FIELD).count(), 1, "only the button in the header is left");
        type_in(&mut harness, "on");
        let written = harness.get_by_role(Role::MultilineTextInput).value();
        assert_eq!(written.as_deref(), Some("on"));
    }
}

#[test]
fn the_button_in_the_header_opens_it() {
    let mut harness = open(many(5));
    click(&mut harness, FIELD);
    type_in(&mut harness, "blue");
    assert_eq!(harness.get_by_role(Role::TextInput).value().as_deref(), Some("blue"));
}

#[test]
fn the_calendar_leads_to_a_day_and_not_to_one_to_come() {
    let mut harness = searching();
    click(&mut harness, "Go to a day");
    place(&harness, "May 2026");
    click(&mut harness, "Month before");
    place(&harness, "April 2026");
    click(&mut harness, "Month after");
    click(&mut harness, "Month after");
    place(&harness, "May 2026");
    click(&mut harness, "Yesterday");
    let went = asked(&mut harness);
    let at = went.iter().find_map(|action| match action {
        Action::Command(Command::GoToDay { at, .. }) => Some(*at),
        _ => None,
    });
    let at = at.expect("somewhere").with_timezone(&chrono::Local).naive_local();
    let yesterday = harness.state().now.with_timezone(&chrono::Local).date_naive() - chrono::Days::new(1);
    assert_eq!(at, yesterday.and_time(chrono::NaiveTime::MIN));
    assert!(harness.query_by_label("Month before").is_none(), "the calendar closes");
}
