//! The end of an interaction, as the agent uses it: steps, undo, facts, note, disposition, offers.

use chrono::TimeDelta;
use egui::{Key, Modifiers};
use egui_kittest::{Harness, kittest::Queryable as _};
use waxwing::{
    desk::{
        effect::{Call, Effect},
        input::{CallError, Command, Outcome},
        wrap_up::{Deed, Settle, WrapUp, WrapUpCall, WrapUpDone},
    },
    ui::Action,
};
use waxwing_protocol::{
    agent::Colleague,
    contact::{ContactDetail, DetailKind},
    event::{Event as Told, InteractionSnapshot},
    id::WorkbinId,
    interaction::{CaseDatum, Interaction, Note, Phase},
    problem::{Problem, ProblemCode},
    workbin::{Changes, MoveToWorkbin, Place, PlaceInfo, Places, Right, WorkbinKind},
    wrap_up::{Disposition, Field, FieldKind, PutCaseData, Rules},
};

use crate::{
    fixture::{Window, desk, interaction, interaction_id, now, window, with_active, wrote},
    hand::{asked, calls, click, command, key, outcome, tell, type_in},
};

const SHIFTED: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);

fn rules() -> Rules {
    let disposition = |code: &str, name: &str, parent: Option<&str>| Disposition {
        code: code.to_owned(),
        name: name.to_owned(),
        parent: parent.map(str::to_owned),
    };
    let field =
        |key: &str, name: &str, kind: FieldKind| Field { key: key.to_owned(), name: name.to_owned(), kind };
    Rules {
        dispositions: vec![
            disposition("money", "Money", None),
            disposition("refund", "Refunded", Some("money")),
            disposition("spam", "Spam", None),
        ],
        disposition_required: true,
        case_fields: vec![
            field("Order", "Order number", FieldKind::Number),
            field("Page", "Page", FieldKind::Link),
        ],
        ..Rules::default()
    }
}

fn ada(change: impl FnOnce(&mut Interaction)) -> InteractionSnapshot {
    let mut held = interaction(1, "Ada", Some(38), vec![wrote(1, 38, "Where is it?")]);
    change(&mut held.interaction);
    held
}

/// A window on Ada's conversation.
fn open<'a>(change: impl FnOnce(&mut Interaction)) -> Harness<'a, Window> {
    let others = interaction(2, "Ben", None, vec![]);
    window(with_active(desk(vec![ada(change), others], Vec::new()), 1), 1440.0)
}

fn wraps(harness: &mut Harness<'_, Window>) -> Vec<WrapUp> {
    let wanted = |action: Action| match action {
        Action::Command(Command::WrapUp(wanted)) => Some(wanted),
        _ => None,
    };
    asked(harness).into_iter().filter_map(wanted).collect()
}

/// The desk does what was asked of it.
fn obeyed(harness: &mut Harness<'_, Window>) -> Vec<Call> {
    let mut made = Vec::new();
    for action in asked(harness) {
        if let Action::Command(asked) = action {
            let effects: Vec<Effect> = command(harness, asked);
            made.extend(calls(&effects));
        }
    }
    made
}

fn wrapped(harness: &mut Harness<'_, Window>, done: WrapUpDone) {
    outcome(harness, Outcome::WrapUp(done));
}

fn ruled<'a>(change: impl FnOnce(&mut Interaction)) -> Harness<'a, Window> {
    let mut harness = open(change);
    wrapped(&mut harness, WrapUpDone::Rules(Ok(Box::new(rules()))));
    harness
}

fn bin(number: u8) -> WorkbinId {
    WorkbinId::new(now(), [number; 10])
}

/// The gateway has told of the workbins.
fn placed(harness: &mut Harness<'_, Window>) {
    let changes = Changes { view: 1, whole: true, places: Some(places()), next: 1, ..Changes::default() };
    crate::workbins::hear(&mut harness.state_mut().desk, changes);
    harness.run_steps(2);
}

fn places() -> Places {
    let place = |number: u8, name: &str, whose: WorkbinKind| PlaceInfo {
        place: Place::Workbin { workbin: bin(number) },
        name: name.to_owned(),
        whose: Some(whose),
        right: Right::Put,
        limit: None,
        stale_after_hours: None,
    };
    let owner = Colleague {
        id: waxwing_protocol::id::AgentId::new(now(), [9; 10]),
        display_name: "Jana Roth".to_owned(),
    };
    let own = WorkbinKind::Personal { owner, team: None };
    let places = vec![place(1, "Mine", own), place(2, "Follow-ups", WorkbinKind::Shared)];
    Places { places, own: Some(bin(1)) }
}

#[test]
fn enter_alone_moves_to_the_own_workbin_and_what_was_typed_is_kept_first() {
    let mut harness = open(|_| {});
    placed(&mut harness);
    type_in(&mut harness, "half a sentence");
    asked(&mut harness);
    key(&mut harness, SHIFTED, Key::W);
    harness.get_by_label("Mine, yours");
    harness.get_by_label("Look for a workbin");
    key(&mut harness, Modifiers::NONE, Key::Enter);
    let own = MoveToWorkbin { workbin: None, comment: None, remind_at: None };
    let all = asked(&mut harness);
    let draft = all.iter().position(
        |action| matches!(action, Action::Command(Command::KeepDraft { text, .. }) if text == "half a sentence"),
    );
    let step = Action::Command(Command::WrapUp(WrapUp::Take(interaction_id(1), Deed::Move(own))));
    let moved = all.iter().position(|action| *action == step);
    assert!(draft.is_some() && draft < moved, "{all:?}");
    assert!(harness.query_by_label("Look for a workbin").is_none() && moved.is_some());
}

#[test]
fn another_workbin_is_found_by_its_name_with_a_comment_and_a_reminder() {
    let mut harness = open(|_| {});
    placed(&mut harness);
    click(&mut harness, "Move to workbin");
    type_in(&mut harness, "follow");
    assert!(harness.query_by_label("Mine, yours").is_none());
    click(&mut harness, "Tomorrow 9:00");
    harness.get_by_label("Comment").focus();
    harness.run_steps(2);
    type_in(&mut harness, "call back");
    asked(&mut harness);
    key(&mut harness, Modifiers::NONE, Key::Enter);
    let at = "2026-05-14T09:00:00Z".parse().unwrap();
    let wanted =
        MoveToWorkbin { workbin: Some(bin(2)), comment: Some("call back".to_owned()), remind_at: Some(at) };
    assert_eq!(wraps(&mut harness), [WrapUp::Take(interaction_id(1), Deed::Move(wanted))]);
}

#[test]
fn escape_leaves_it_here_and_a_moment_that_is_over_is_refused() {
    let mut harness = open(|_| {});
    click(&mut harness, "Move to workbin");
    click(&mut harness, "Choose…");
    assert!(harness.query_by_label_contains("Write it as").is_none(), "there is a moment to begin with");
    key(&mut harness, Modifiers::COMMAND, Key::A);
    type_in(&mut harness, "2020-01-01 09:00");
    harness.get_by_label("That is over already.");
    key(&mut harness, Modifiers::NONE, Key::Enter);
    key(&mut harness, Modifiers::NONE, Key::Escape);
    assert_eq!(wraps(&mut harness), []);
    click(&mut harness, "Move to workbin");
    harness.get_by_label("Cancel").focus();
    key(&mut harness, Modifiers::NONE, Key::Enter);
    assert_eq!(wraps(&mut harness), [], "Enter does what has the keys");
    assert!(harness.query_by_label("Look for a workbin").is_none());
}

#[test]
fn done_is_a_key_and_can_be_taken_back_by_button_and_key() {
    for (by_key, waits) in [(false, true), (true, false)] {
        let mut harness = open(|ada| ada.pending_since = waits.then(now));
        key(&mut harness, SHIFTED, Key::D);
        let made = obeyed(&mut harness);
        assert!(made.iter().any(|call| matches!(call, Call::MarkDone(_))), "{made:?}");
        outcome(&mut harness, Outcome::MarkedDone { interaction: interaction_id(1), result: Ok(()) });
        harness.get_by_label("Done: Ada");
        assert_eq!(harness.query_by_label("Their last message has no answer.").is_some(), waits);
        harness.state_mut().now += TimeDelta::seconds(3);
        harness.run_steps(2);
        if by_key {
            harness.get_by_label("Undo (7 s)");
            key(&mut harness, Modifiers::COMMAND, Key::Z);
        } else {
            click(&mut harness, "Undo (7 s)");
        }
        let made = obeyed(&mut harness);
        assert_eq!(made, [Call::WrapUp(WrapUpCall::Undo(interaction_id(1)))]);
        harness.get_by_label("Taking it back…");
    }
}

#[test]
fn the_end_asks_for_a_disposition_that_is_found_by_typing_and_chosen_with_enter() {
    let mut harness = ruled(|_| {});
    click(&mut harness, "Done");
    let made = obeyed(&mut harness);
    assert!(made.iter().all(|call| !matches!(call, Call::MarkDone(_))), "{made:?}");
    harness.get_by_label("Choose what came of it; then it is done.");
    harness.run_steps(3);
    type_in(&mut harness, "refu");
    assert!(harness.query_by_label("Spam").is_none());
    key(&mut harness, Modifiers::NONE, Key::Enter);
    let wanted = WrapUp::Disposition { interaction: interaction_id(1), code: Some("refund".to_owned()) };
    let all = asked(&mut harness);
    assert!(all.contains(&Action::Command(Command::WrapUp(wanted.clone()))), "{all:?}");
    command(&mut harness, Command::WrapUp(wanted));
    let mut said = ada(|_| {}).interaction;
    (said.disposition, said.revision) = (Some("refund".to_owned()), 5);
    let effects = {
        let done = WrapUpDone::Disposition(interaction_id(1), Ok(Box::new(said)));
        outcome(&mut harness, Outcome::WrapUp(done))
    };
    assert!(calls(&effects).iter().any(|call| matches!(call, Call::MarkDone(_))), "it goes on by itself");
}

#[test]
fn an_ended_session_is_followed_by_a_new_one_or_by_done() {
    let mut harness = open(|interaction| {
        (interaction.phase, interaction.pending_since) = (Phase::Ended, None);
        interaction.ended_at = Some(now() - TimeDelta::seconds(45));
    });
    assert!(harness.query_by_label_contains("Message to ").is_none(), "nothing can be written");
    harness.get_by_label("The session has ended.");
    harness.get_by_label_contains("Ended · 00:04:07 · wrap-up 00:00:45");
    assert!(harness.query_by_label("End").is_none() && harness.query_by_label("Move to workbin").is_none());
    click(&mut harness, "Create new session");
    assert_eq!(wraps(&mut harness), [WrapUp::NewSession(interaction_id(1))]);
    click(&mut harness, "Done with this interaction");
    assert!(asked(&mut harness).contains(&Action::Command(Command::MarkDone(interaction_id(1)))));
}

#[test]
fn a_fact_is_changed_in_place_and_the_field_stays_until_the_gateway_has_it() {
    let mut harness = ruled(|interaction| interaction.case_data[0].value = "48213".to_owned());
    key(&mut harness, SHIFTED, Key::I);
    click(&mut harness, "Edit Order number");
    harness.run_steps(2);
    type_in(&mut harness, "x");
    key(&mut harness, Modifiers::NONE, Key::Enter);
    harness.get_by_label("Write a number, such as 12 or 9.50.");
    assert_eq!(wraps(&mut harness), []);
    key(&mut harness, Modifiers::NONE, Key::Backspace);
    type_in(&mut harness, "7");
    key(&mut harness, Modifiers::NONE, Key::Enter);
    let datum = CaseDatum { key: "Order".to_owned(), value: "482137".to_owned() };
    let put = PutCaseData { put: vec![datum.clone()], remove: Vec::new() };
    let wanted = WrapUp::Facts { interaction: interaction_id(1), put: put.clone() };
    assert_eq!(asked(&mut harness), [Action::Command(Command::WrapUp(wanted.clone()))]);
    command(&mut harness, Command::WrapUp(wanted.clone()));
    let no = CallError::Refused(Problem::new(ProblemCode::NotAllowed, "Not yours."));
    wrapped(&mut harness, WrapUpDone::Facts(interaction_id(1), put.clone(), Err(no)));
    harness.get_by_label("Not yours.");
    command(&mut harness, Command::WrapUp(wanted));
    harness.get_by_label("Keep").click();
    harness.run_steps(2);
    let mut kept = ada(|_| {}).interaction;
    (kept.case_data, kept.revision) = (vec![datum], 7);
    wrapped(&mut harness, WrapUpDone::Facts(interaction_id(1), put, Ok(Box::new(kept))));
    assert!(harness.query_by_label("Keep").is_none());
    assert!(harness.query_all_by_label("482137").next().is_some());
}

#[test]
fn only_https_leads_out_and_everything_can_be_copied() {
    let mut harness = ruled(|interaction| {
        let detail = |kind, value: &str| ContactDetail { kind, value: value.to_owned(), name: None };
        interaction.contact.details = vec![
            detail(DetailKind::Url, "https://good.example.com/a"),
            detail(DetailKind::Url, "http://plain.example.com/"),
            detail(DetailKind::Url, "javascript:alert(1)"),
        ];
    });
    key(&mut harness, SHIFTED, Key::I);
    for address in ["https://good.example.com/a", "http://plain.example.com/", "javascript:alert(1)"] {
        let spot = harness.get_by_label(address).rect().left_center() + egui::vec2(8.0, 0.0);
        crate::hand::clicks(&mut harness, spot, 1);
    }
    let opened: Vec<_> =
        asked(&mut harness).into_iter().filter(|action| matches!(action, Action::OpenLink(_))).collect();
    assert_eq!(opened, [Action::OpenLink("https://good.example.com/a".to_owned())]);
    click(&mut harness, "Copy Order number");
    assert_eq!(harness.state().copied.last().map(String::as_str), Some("#48213"));
}

#[test]
fn a_note_is_kept_at_a_pause_and_two_peoples_words_are_settled() {
    let mut harness = open(|_| {});
    key(&mut harness, SHIFTED, Key::T);
    harness.run_steps(2);
    type_in(&mut harness, "wants a refund");
    assert_eq!(wraps(&mut harness), []);
    harness.state_mut().now += TimeDelta::seconds(1);
    harness.run_steps(2);
    let wanted = WrapUp::Note { interaction: interaction_id(1), text: "wants a refund".to_owned() };
    assert_eq!(wraps(&mut harness), std::slice::from_ref(&wanted));
    command(&mut harness, Command::WrapUp(wanted));
    let note = Note { text: "is angry".to_owned(), revision: 4, by: "Omar".to_owned(), at: now() };
    let mut theirs = ada(|_| {}).interaction;
    (theirs.note, theirs.revision) = (Some(note), 9);
    tell(&mut harness, Told::InteractionChanged { interaction: Box::new(theirs) });
    harness.get_by_label("is angry");
    harness.get_by_label_contains("Omar has changed this note, too");
    click(&mut harness, "Keep both");
    let both = WrapUp::Settle { interaction: interaction_id(1), with: Settle::Both };
    assert_eq!(wraps(&mut harness), std::slice::from_ref(&both));
    command(&mut harness, Command::WrapUp(both));
    let field = harness.get_by_label("Note on this interaction").value().unwrap_or_default();
    assert_eq!(field, "is angry\nwants a refund");
}

#[test]
fn an_offer_stands_in_front_counts_down_and_is_answered_by_key_or_button() {
    let offered = |seconds: i64| {
        let mut offer = interaction(3, "Cleo", Some(4), vec![wrote(3, 4, "Hello?")]);
        offer.interaction.phase = Phase::Offered { until: now() + TimeDelta::seconds(seconds) };
        window(with_active(desk(vec![ada(|_| {}), offer], Vec::new()), 1), 1440.0)
    };
    let mut harness = offered(20);
    assert_eq!(harness.query_all_by_label("20 s left").count(), 2, "on its card and in the pop-up");
    key(&mut harness, SHIFTED, Key::Y);
    assert_eq!(wraps(&mut harness), [WrapUp::Accept(interaction_id(3))]);
    click(&mut harness, "Reject");
    assert_eq!(wraps(&mut harness), [WrapUp::Reject(interaction_id(3))]);
    click(&mut harness, "Accept Cleo");
    assert_eq!(wraps(&mut harness), [WrapUp::Accept(interaction_id(3))]);
    harness.state_mut().now += TimeDelta::seconds(20);
    harness.run_steps(2);
    assert!(harness.query_by_label("Accept").is_none(), "it has lapsed");
}

#[test]
fn whoever_accepts_from_another_workplace_writes_on_at_once() {
    let offer = || {
        let mut offer = interaction(3, "Cleo", Some(4), vec![wrote(3, 4, "Hello?")]);
        offer.interaction.phase = Phase::Offered { until: now() + TimeDelta::seconds(20) };
        offer
    };
    let mut harness = window(with_active(desk(vec![ada(|_| {}), offer()], Vec::new()), 1), 1440.0);
    key(&mut harness, Modifiers::COMMAND, Key::Num3);
    key(&mut harness, SHIFTED, Key::Y);
    obeyed(&mut harness);
    let mut ours = offer().interaction;
    (ours.phase, ours.revision) = (Phase::Open, ours.revision + 1);
    wrapped(&mut harness, WrapUpDone::Accepted(interaction_id(3), Ok(Box::new(ours))));
    type_in(&mut harness, "Good morning");
    let field = harness.get_by_label("Message to Cleo").value().unwrap_or_default();
    assert_eq!(field, "Good morning");
}
