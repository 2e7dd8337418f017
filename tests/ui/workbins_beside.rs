//! Beside the list of a workbin: the contact of what is chosen, and what was with them before.

use egui::{Key, Modifiers};
use egui_kittest::{Harness, kittest::Queryable as _};
use waxwing::{
    desk::{
        Desk,
        input::Command,
        past::{PastList, PastWish},
    },
    ui::Action,
};

use crate::{
    fixture::{Window, interaction, interaction_id},
    hand::{click, clicks, command},
    history::{entry, listed, numbers, tell_seven},
    workbins::{item, opened, press, three, told},
};

/// A desk on which Elena's interaction lies in the workbin, with another one of hers that is over.
fn with_past() -> Desk {
    let mut desk = told(three());
    let contact = item(1, 1, "Elena Petrova", "", 2).interaction.contact;
    let mut before = entry(7, "Elena Petrova");
    before.interaction.contact = contact.clone();
    let mut here = entry(1, "Elena Petrova");
    "Now in the workbin".clone_into(&mut here.about);
    listed(&mut desk, PastList::Of(contact.id), vec![here, before]);
    numbers(&mut desk, &[(1, "Shop")]);
    desk
}

fn reviews(harness: &mut Harness<'_, Window>) -> Vec<Command> {
    let asked = std::mem::take(&mut harness.state_mut().actions).into_iter();
    let review = |action| match action {
        Action::Command(command @ (Command::Review(_) | Command::CloseReview)) => Some(command),
        _ => None,
    };
    asked.filter_map(review).collect()
}

/// Clicks the card of a past interaction.
fn choose(harness: &mut Harness<'_, Window>, about: &str) {
    let card = harness.query_all_by_label_contains(about).next().expect("a card").rect();
    clicks(harness, card.left_top() + egui::vec2(20.0, 14.0), 1);
    harness.run_steps(2);
}

/// Elena's interaction is chosen and read.
fn beside<'a>() -> Harness<'a, Window> {
    let mut harness = opened(with_past());
    press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    command(&mut harness, Command::Review(interaction_id(1)));
    reviews(&mut harness);
    harness
}

#[test]
fn a_past_interaction_is_read_in_the_place_of_the_one_that_lies_there_and_the_way_leads_back() {
    let mut harness = beside();
    harness.get_by_label("Case data");
    choose(&mut harness, "Invoice question, ");
    assert_eq!(reviews(&mut harness), [Command::Review(interaction_id(7))]);
    command(&mut harness, Command::Review(interaction_id(7)));
    tell_seven(&mut harness);
    harness.get_by_label("What happened");
    harness.get_by_label("the bouquet was late");
    assert!(harness.query_by_label("Case data").is_none());
    assert_eq!(reviews(&mut harness), [], "what is read is not fought over");
    click(&mut harness, "Back to what lies in the workbin");
    assert_eq!(reviews(&mut harness), [Command::Review(interaction_id(1))]);
    harness.get_by_label("Case data");
}

#[test]
fn escape_another_row_and_its_own_card_lead_back_too() {
    let away = |harness: &mut Harness<'_, Window>| {
        choose(harness, "Invoice question, ");
        command(harness, Command::Review(interaction_id(7)));
        tell_seven(harness);
        harness.get_by_label("What happened");
        reviews(harness);
    };
    let mut harness = beside();
    away(&mut harness);
    press(&mut harness, Modifiers::NONE, Key::Escape);
    assert_eq!(reviews(&mut harness), [Command::Review(interaction_id(1))], "the row stays chosen");
    command(&mut harness, Command::Review(interaction_id(1)));
    away(&mut harness);
    choose(&mut harness, "Now in the workbin, ");
    assert_eq!(reviews(&mut harness), [Command::Review(interaction_id(1))]);
    command(&mut harness, Command::Review(interaction_id(1)));
    away(&mut harness);
    press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    assert_eq!(reviews(&mut harness), [Command::Review(interaction_id(2))]);
}

#[test]
fn whose_history_is_not_held_is_asked_for_and_a_chat_can_be_begun() {
    let mut harness = opened(told(three()));
    press(&mut harness, Modifiers::NONE, Key::ArrowDown);
    let contact = interaction(1, "Elena Petrova", None, Vec::new()).interaction.contact.id;
    let look = PastWish::Look { list: PastList::Of(contact), wanted: Box::default() };
    assert!(harness.state().actions.contains(&Action::Command(Command::Past(look))));
    numbers(&mut harness.state_mut().desk, &[(1, "Shop")]);
    harness.run_steps(2);
    harness.state_mut().actions.clear();
    click(&mut harness, "Create new chat");
    let is_chat = |action: &Action| matches!(action, Action::Command(Command::NewChat(chat)) if chat.contact == contact);
    assert!(harness.state().actions.iter().any(is_chat));
}
