//! The composer beyond typing and sending: marks, pastes, drafts of other machines, undo, and many conversations at once.

use chrono::TimeDelta;
use egui::{Event, Key, Modifiers, Role, vec2};
use egui_kittest::{Harness, kittest::Queryable as _};
use waxwing::{desk::input::Command, ui::Action};
use waxwing_protocol::{
    draft::{Draft, MAX_DRAFT_BYTES, Written},
    event::Event as Told,
};

use crate::{
    fixture::{Window, desk, interaction, interaction_id, now, window, with_active, wrote},
    hand::{MIDDLE, asked, click, clicks, command, drag, key, open, place, tell, type_in},
};

fn ada<'a>() -> Harness<'a, Window> {
    open(vec![wrote(1, 38, "hi")])
}

fn text(harness: &Harness<'_, Window>) -> String {
    harness.get_by_role(Role::MultilineTextInput).value().unwrap_or_default()
}

/// Time passes until the draft is kept, and the desk keeps it.
fn keep(harness: &mut Harness<'_, Window>) {
    harness.state_mut().now += TimeDelta::milliseconds(450);
    harness.run_steps(2);
    for action in asked(harness) {
        if let Action::Command(kept @ Command::KeepDraft { .. }) = action {
            command(harness, kept);
        }
    }
}

fn written(text: &str, seconds_ago: i64) -> Written {
    let at = now() - TimeDelta::seconds(seconds_ago);
    Written { text: text.to_owned(), quote: None, at, device: "the laptop".to_owned() }
}

/// Another machine of the agent's has written this.
fn elsewhere(harness: &mut Harness<'_, Window>, revision: u64, words: &str, aside: Vec<Written>) {
    let draft = Draft { revision, written: written(words, 1), aside };
    tell(harness, Told::DraftChanged { interaction: interaction_id(1), draft: Box::new(draft) });
}

#[test]
fn keys_put_marks_around_what_is_selected_and_can_be_undone() {
    let shifted = Modifiers::COMMAND.plus(Modifiers::SHIFT);
    let marks = [
        (Modifiers::COMMAND, Key::B, "*word*"),
        (Modifiers::COMMAND, Key::I, "_word_"),
        (shifted, Key::X, "~word~"),
        (Modifiers::COMMAND, Key::E, "`word`"),
        (shifted, Key::E, "```word```"),
    ];
    for (modifiers, wanted, marked) in marks {
        let mut harness = ada();
        type_in(&mut harness, "word");
        key(&mut harness, Modifiers::COMMAND, Key::A);
        key(&mut harness, modifiers, wanted);
        assert_eq!(text(&harness), marked);
        key(&mut harness, Modifiers::COMMAND, Key::Z);
        assert_eq!(text(&harness), "word");
    }
}

#[test]
fn a_paste_that_is_too_much_asks_what_to_do() {
    let pasted = "é".repeat(3000);
    for (choice, left) in [("Paste all", 6001), ("Paste what fits", 4095), ("Don't paste", 1)] {
        let mut harness = ada();
        type_in(&mut harness, "x");
        harness.event(Event::Paste(pasted.clone()));
        harness.run_steps(4);
        place(&harness, "The clipboard holds 6,000 bytes; WhatsApp takes 4,096 in a message.");
        assert_eq!(text(&harness), "x", "nothing is pasted before the choice");
        click(&mut harness, choice);
        assert!(harness.get_by_role(Role::MultilineTextInput).is_focused(), "the agent writes on");
        assert_eq!(text(&harness).len(), left, "{choice}");
        assert!(harness.query_by_label(choice).is_none());
    }
}

#[test]
fn a_paste_of_one_message_is_just_pasted_and_one_that_no_draft_holds_can_only_be_cut() {
    let mut harness = ada();
    harness.event(Event::Paste("a".repeat(4096)));
    harness.run_steps(2);
    assert_eq!(text(&harness).len(), 4096);
    harness.event(Event::Paste("a".repeat(MAX_DRAFT_BYTES)));
    harness.run_steps(2);
    click(&mut harness, "Paste all");
    assert_eq!(text(&harness).len(), 4096, "it can't be chosen");
    place(&harness, "Paste what fits");
}

#[test]
fn the_field_is_dragged_taller_and_a_double_click_gives_it_back() {
    let mut harness = ada();
    let height =
        |harness: &Harness<'_, Window>| harness.get_by_role(Role::MultilineTextInput).rect().height();
    let before = height(&harness);
    let above = place(&harness, "Reply window closes in");
    let grip = above.left_top() - vec2(-200.0, 5.0);
    drag(&mut harness, grip, grip - vec2(0.0, 200.0));
    harness.run_steps(3);
    let tall = height(&harness);
    assert!(tall > before + 100.0, "{before} {tall}");
    let grip = place(&harness, "Reply window closes in").left_top() - vec2(-200.0, 5.0);
    clicks(&mut harness, grip, 2);
    assert!((height(&harness) - before).abs() < 0.6);
}

#[test]
fn words_of_another_machine_follow_unless_something_was_typed_here() {
    let mut harness = ada();
    elsewhere(&mut harness, 1, "from the laptop", Vec::new());
    assert_eq!(text(&harness), "from the laptop");
    type_in(&mut harness, ", and from here");
    elsewhere(&mut harness, 2, "the laptop again", Vec::new());
    assert_eq!(text(&harness), "from the laptop, and from here", "what is being typed is never taken away");
}

#[test]
fn words_that_were_kept_follow_the_other_machine_again() {
    let mut harness = ada();
    type_in(&mut harness, "from here");
    keep(&mut harness);
    let told = written("from here", 1);
    let draft = Draft { revision: 1, written: told, aside: Vec::new() };
    let put = waxwing::desk::input::Outcome::DraftPut {
        interaction: interaction_id(1),
        result: Ok(Box::new(draft)),
    };
    crate::hand::outcome(&mut harness, put);
    elsewhere(&mut harness, 2, "from here and there", Vec::new());
    assert_eq!(text(&harness), "from here and there");
}

#[test]
fn words_set_aside_are_offered_to_take_or_to_drop() {
    let aside = written("overtaken words", 100);
    let at = aside.at;
    let mut harness = ada();
    elsewhere(&mut harness, 1, "what stands", vec![aside]);
    harness.get_by_label_contains("Also written, on the laptop, Today, ");
    place(&harness, "overtaken words");
    click(&mut harness, "Drop");
    assert!(
        asked(&mut harness).contains(&Action::Command(Command::Drop { interaction: interaction_id(1), at }))
    );
    click(&mut harness, "Use");
    assert!(
        asked(&mut harness)
            .contains(&Action::Command(Command::TakeUp { interaction: interaction_id(1), at }))
    );
    command(&mut harness, Command::TakeUp { interaction: interaction_id(1), at });
    assert_eq!(text(&harness), "what stands\novertaken words");
    assert!(harness.query_by_label("Use").is_none());
}

#[test]
fn what_is_typed_but_not_kept_survives_taking_up() {
    let aside = written("overtaken words", 100);
    let at = aside.at;
    let mut harness = ada();
    elsewhere(&mut harness, 1, "", vec![aside]);
    type_in(&mut harness, "just typed");
    asked(&mut harness);
    click(&mut harness, "Use");
    for action in asked(&mut harness) {
        match action {
            Action::Command(kept @ Command::KeepDraft { .. }) => {
                command(&mut harness, kept);
            }
            Action::Command(Command::TakeUp { interaction, at: wanted }) => {
                assert_eq!(wanted, at);
                command(&mut harness, Command::TakeUp { interaction, at });
            }
            _ => {}
        }
    }
    assert_eq!(text(&harness), "just typed\novertaken words");
}

#[test]
fn each_conversation_has_words_and_undo_of_its_own() {
    let two = vec![
        interaction(1, "Ada", None, vec![wrote(1, 38, "hi")]),
        interaction(2, "Bob", None, vec![wrote(2, 38, "ho")]),
    ];
    let mut harness = window(with_active(desk(two, Vec::new()), 1), 1440.0);
    type_in(&mut harness, "to Ada");
    command(&mut harness, Command::Activate(Some(interaction_id(2))));
    assert_eq!(text(&harness), "");
    type_in(&mut harness, "to Bob");
    key(&mut harness, Modifiers::COMMAND, Key::Z);
    assert_eq!(text(&harness), "");
    key(&mut harness, Modifiers::COMMAND, Key::Z);
    assert_eq!(text(&harness), "", "the words to Ada don't come here");
    key(&mut harness, Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::Z);
    assert_eq!(text(&harness), "to Bob");
    command(&mut harness, Command::Activate(Some(interaction_id(1))));
    assert_eq!(text(&harness), "to Ada");
    key(&mut harness, Modifiers::COMMAND, Key::Z);
    assert_eq!(text(&harness), "");
}

#[test]
fn the_contact_is_told_that_somebody_writes_if_the_agent_wants_it_so() {
    let typing = Action::Command(Command::Typing { interaction: interaction_id(1) });
    let mut harness = ada();
    asked(&mut harness);
    type_in(&mut harness, "x");
    assert!(asked(&mut harness).contains(&typing));
    key(&mut harness, Modifiers::NONE, Key::Backspace);
    assert!(!asked(&mut harness).contains(&typing), "nothing is being written");
    harness.state_mut().choices.conversation.typing = false;
    type_in(&mut harness, "x");
    assert!(!asked(&mut harness).contains(&typing));
}

#[test]
fn arabic_comes_back_in_the_order_it_was_typed() {
    let mut harness = ada();
    for letter in ["م", "ر", "ح", "ب", "ا", " ", "4", "2", "!"] {
        type_in(&mut harness, letter);
    }
    key(&mut harness, Modifiers::NONE, Key::Enter);
    let send =
        Action::Send { interaction: interaction_id(1), text: "مرحبا 42!".to_owned(), quote: None };
    assert!(asked(&mut harness).contains(&send));
}

#[test]
fn words_that_were_refused_are_taken_back_into_the_composer() {
    use waxwing::desk::input::{CallError, Outcome};
    use waxwing_protocol::problem::{Problem, ProblemCode};
    let mut harness = ada();
    let interaction = interaction_id(1);
    let client_ref = waxwing_protocol::id::ClientRef::new(now(), [4; 10]);
    let send = Command::Send { interaction, client_ref, text: "refused words".to_owned(), quote: None };
    command(&mut harness, send);
    let problem = Problem::new(ProblemCode::Conflict, "It was refused.");
    let result = Err(CallError::Refused(problem));
    crate::hand::outcome(&mut harness, Outcome::Sent { interaction, client_ref, result });
    type_in(&mut harness, "typed since");
    click(&mut harness, "Take back");
    let discard = Action::Command(Command::Discard { interaction, client_ref });
    assert!(asked(&mut harness).contains(&discard));
    command(&mut harness, Command::Discard { interaction, client_ref });
    assert_eq!(text(&harness), "refused words\ntyped since");
    assert!(harness.query_by_label("refused words").is_none());
}

#[test]
fn what_is_typed_while_nothing_has_the_focus_goes_to_the_contact_in_front() {
    let mut harness = ada();
    clicks(&mut harness, MIDDLE, 1);
    assert!(harness.ctx.memory(|memory| memory.focused().is_none()), "the click went beside everything");
    harness.event(Event::Text("So".to_owned()));
    harness.run_steps(2);
    assert_eq!(text(&harness), "So");
}
