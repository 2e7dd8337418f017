//! Many things of a workbin at once: chosen as in any list, done one by one, with what failed said at its row.

use egui::{
    Key, Modifiers,
    accesskit::{Role, Toggled},
};
use egui_kittest::{
    Harness,
    kittest::{NodeT as _, Queryable as _},
};
use waxwing::{
    desk::{
        input::{CallError, Command, Input, Outcome},
        notices::Notice,
        workbins::deeds::{Deed, DeedCall},
    },
    ui::Action,
};
use waxwing_protocol::{
    agent::{AgentStatus, Colleague},
    id::AgentId,
    problem::{Problem, ProblemCode},
    workbin::{Changes, ColleagueState, Colleagues},
};

use crate::{
    fixture::{Window, interaction, interaction_id, now},
    hand::{click, command, outcome, type_in},
    workbins::{hear, ids, opened, press, three, told, wanted},
};

/// Who is chosen.
fn chosen(harness: &Harness<'_, Window>) -> Vec<String> {
    let rows = harness.query_all_by_role(Role::Row);
    let chosen = rows.filter(|row| row.accesskit_node().toggled() == Some(Toggled::True));
    let name = |label: String| label.split(',').next().unwrap_or_default().to_owned();
    chosen.filter_map(|row| row.accesskit_node().label().map(name)).collect()
}

fn click_with(harness: &mut Harness<'_, Window>, row: &str, with: Modifiers) {
    harness.get_by_label_contains(row).click_modifiers(with);
    harness.run_steps(3);
}

const ELENA: &str = "Elena Petrova, ";
const AHMED: &str = "Ahmed Hassan, ";
const GRACE: &str = "Grace Kim, ";

#[test]
fn rows_are_chosen_with_the_mouse_as_in_any_list() {
    let mut harness = opened(told(three()));
    let (ctrl, shift) = (Modifiers::COMMAND, Modifiers::SHIFT);
    click_with(&mut harness, ELENA, Modifiers::NONE);
    click_with(&mut harness, GRACE, ctrl);
    assert_eq!(chosen(&harness), ["Elena Petrova", "Grace Kim"]);
    click_with(&mut harness, ELENA, ctrl);
    assert_eq!(chosen(&harness), ["Grace Kim"]);
    click_with(&mut harness, AHMED, Modifiers::NONE);
    click_with(&mut harness, GRACE, shift);
    assert_eq!(chosen(&harness), ["Ahmed Hassan", "Grace Kim"]);
    click_with(&mut harness, ELENA, shift);
    assert_eq!(chosen(&harness), ["Elena Petrova", "Ahmed Hassan"], "from where it began");
    click_with(&mut harness, GRACE, Modifiers::NONE);
    click_with(&mut harness, ELENA, ctrl);
    click_with(&mut harness, AHMED, ctrl | shift);
    assert_eq!(chosen(&harness), ["Elena Petrova", "Ahmed Hassan", "Grace Kim"], "besides what is chosen");
    click_with(&mut harness, AHMED, Modifiers::NONE);
    assert_eq!(chosen(&harness), ["Ahmed Hassan"]);
    click_with(&mut harness, "Choose Grace Kim", Modifiers::NONE);
    assert_eq!(chosen(&harness), ["Ahmed Hassan", "Grace Kim"], "a box is one more");
}

#[test]
fn rows_are_chosen_with_the_keys_as_in_any_list() {
    let mut harness = opened(told(three()));
    press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    press(&mut harness, Modifiers::COMMAND, Key::ArrowDown);
    press(&mut harness, Modifiers::COMMAND, Key::ArrowDown);
    assert_eq!(chosen(&harness), ["Elena Petrova"], "only the keys went on");
    press(&mut harness, Modifiers::COMMAND, Key::Space);
    assert_eq!(chosen(&harness), ["Elena Petrova", "Grace Kim"]);
    press(&mut harness, Modifiers::SHIFT, Key::ArrowUp);
    assert_eq!(chosen(&harness), ["Ahmed Hassan", "Grace Kim"]);
    press(&mut harness, Modifiers::COMMAND, Key::A);
    assert_eq!(chosen(&harness).len(), 3);
    press(&mut harness, Modifiers::NONE, Key::Escape);
    assert_eq!(chosen(&harness), [""; 0]);
    harness.get_by_label("Filter the list").focus();
    harness.run_steps(2);
    type_in(&mut harness, "ware");
    harness.get_by_label("1 interaction");
    press(&mut harness, Modifiers::NONE, Key::Escape);
    press(&mut harness, Modifiers::NONE, Key::Escape);
    harness.get_by_label("3 interactions");
}

/// The desk does what was wanted of three; with the second one somebody was quicker.
fn second_fails(harness: &mut Harness<'_, Window>) -> Deed {
    harness.run_steps(3);
    let wanted = wanted(harness);
    let [(interactions, deed)] = wanted.as_slice() else { panic!("one thing is wanted: {wanted:?}") };
    assert_eq!(*interactions, ids([1, 2, 3]));
    let deed = deed.clone();
    command(harness, Command::InWorkbins { interactions: interactions.clone(), deed: deed.clone() });
    for number in [1, 2, 3] {
        let call = DeedCall { interaction: interaction_id(number), deed: deed.clone() };
        let done = (deed != Deed::Done)
            .then(|| Box::new(interaction(number, "Whoever", None, Vec::new()).interaction));
        let result = match number {
            2 => Err(CallError::Refused(Problem::new(ProblemCode::Conflict, "Mia Berg has it."))),
            _ => Ok(done),
        };
        outcome(harness, Outcome::WorkbinDeed { call, result });
    }
    harness.run_steps(3);
    deed
}

#[test]
fn whatever_is_done_with_several_what_failed_is_said_at_its_row() {
    type Do = fn(&mut Harness<'_, Window>);
    let deeds: [(Do, &str); 5] = [
        (|harness| press(harness, Modifiers::NONE, Key::Enter), "Not opened"),
        (
            |harness| {
                click(harness, "Move to…");
                click(harness, "Suppliers, everybody's");
                click(harness, "Move");
            },
            "Not moved",
        ),
        (
            |harness| {
                let mia = Colleague { id: AgentId::new(now(), [3; 10]), display_name: "Mia Berg".to_owned() };
                let status = AgentStatus::Ready;
                let state = ColleagueState { colleague: mia, team: None, status, open: 2 };
                let told = Colleagues { colleagues: vec![state], former: Vec::new() };
                outcome(harness, Outcome::ColleaguesTold(Ok(told)));
                click(harness, "Assign to…");
                harness.get_by_label_contains("Mia Berg Ready").click();
            },
            "Not assigned",
        ),
        (
            |harness| {
                click(harness, "More with workbins");
                click(harness, "Edit case data…");
                type_in(harness, "Order");
                harness.get_by_role_and_label(Role::TextInput, "Value").focus();
                harness.run_steps(2);
                type_in(harness, "#77");
                click(harness, "Set");
            },
            "Case data not changed",
        ),
        (|harness| click(harness, "Mark done"), "Not marked done"),
    ];
    for (act, failed) in deeds {
        let mut harness = opened(told(three()));
        press(&mut harness, Modifiers::COMMAND, Key::A);
        act(&mut harness);
        let deed = second_fails(&mut harness);
        harness.get_by_label_contains(&format!(
            "{AHMED}+1 650 555 0002, waits for the warehouse. {failed}: Mia Berg has it."
        ));
        harness.get_by_label("With one interaction something went wrong: see its row.");
        assert_eq!(harness.query_all_by_label_contains(failed).count(), 1, "{deed:?}");
        let is_gone = matches!(deed, Deed::Open | Deed::Done);
        for row in [ELENA, GRACE] {
            assert_eq!(harness.query_by_label_contains(row).is_none(), is_gone, "{deed:?}");
        }
        let left = chosen(&harness);
        assert!(left.contains(&"Ahmed Hassan".to_owned()), "it can be tried again: {left:?}");
        assert_eq!(left.len(), if is_gone { 1 } else { 3 });
    }
}

#[test]
fn who_was_quicker_is_told_also_where_the_row_goes_with_them() {
    let mut harness = opened(told(three()));
    press(&mut harness, Modifiers::COMMAND, Key::A);
    press(&mut harness, Modifiers::NONE, Key::Enter);
    second_fails(&mut harness);
    harness.state_mut().actions.clear();
    let gone = Changes { view: 1, gone: ids([2]), next: 2, ..Changes::default() };
    hear(&mut harness.state_mut().desk, gone);
    harness.run_steps(3);
    assert!(harness.query_by_label_contains(AHMED).is_none());
    let told = |harness: &Harness<'_, Window>| -> Vec<String> {
        harness.state().desk.notices().iter().map(|notice: &Notice| notice.text.clone()).collect()
    };
    assert_eq!(told(&harness), ["Ahmed Hassan. Not opened: Mia Berg has it."]);
    assert!(harness.query_by_label_contains("something went wrong").is_none());

    let mut harness = opened(told_then_gone());
    let call = DeedCall { interaction: interaction_id(2), deed: Deed::Done };
    let result = Err(CallError::Refused(Problem::new(ProblemCode::Conflict, "Mia Berg has it.")));
    harness.state_mut().desk.step(Input::Outcome(Outcome::WorkbinDeed { call, result }), now());
    harness.run_steps(3);
    assert_eq!(told(&harness), ["Ahmed Hassan. Not marked done: Mia Berg has it."], "in whichever order");
    let asks = |action: &Action| matches!(action, Action::Command(Command::DismissWorkbinTroubles));
    assert!(!harness.state().actions.iter().any(asks));
}

/// One is to be done, and somebody takes it before there is an answer.
fn told_then_gone() -> waxwing::desk::Desk {
    let mut desk = told(three());
    desk.step(Input::Command(Command::InWorkbins { interactions: ids([2]), deed: Deed::Done }), now());
    hear(&mut desk, Changes { view: 1, gone: ids([2]), next: 2, ..Changes::default() });
    desk
}
