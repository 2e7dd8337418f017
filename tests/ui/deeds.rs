//! What can be done with a message: answer it, react to it, pass it on, look at its details, follow its links.

use chrono::TimeDelta;
use egui::{Key, Modifiers, Role};
use egui_kittest::{
    Harness,
    kittest::{NodeT as _, Queryable as _},
};
use waxwing::{desk::input::Command, ui::Action};
use waxwing_protocol::{
    delivery::{Delivery, DeliveryFailure},
    id::AgentId,
    message::{Author, Body, ContactCard, Earlier, Message, Reaction},
};

use crate::{
    fixture::{
        Window, answered, desk, interaction, interaction_id, message, now, window, with_active, wrote,
    },
    hand::{asked, click, command, key, open, pick, place, type_in},
};

#[test]
fn a_reply_carries_the_quote_and_escape_lets_it_go() {
    let said = wrote(1, 60, "is it blue?");
    let mut harness = open(vec![said.clone()]);
    pick(&mut harness, "is it blue?", "Reply");
    harness.get_by_label_contains("Answering");
    type_in(&mut harness, "yes");
    key(&mut harness, Modifiers::NONE, Key::Escape);
    assert!(harness.query_by_label_contains("Answering").is_none());
    assert_eq!(
        harness.get_by_role(Role::MultilineTextInput).value().as_deref(),
        Some("yes"),
        "the words stay"
    );
    pick(&mut harness, "is it blue?", "Reply");
    click(&mut harness, "Answer no message");
    assert!(harness.query_by_label_contains("Answering").is_none());

    pick(&mut harness, "is it blue?", "Reply");
    asked(&mut harness);
    type_in(&mut harness, "!");
    key(&mut harness, Modifiers::NONE, Key::Enter);
    let send = Action::Send { interaction: interaction_id(1), text: "yes!".to_owned(), quote: Some(said.id) };
    assert!(asked(&mut harness).contains(&send));
    assert!(harness.query_by_label_contains("Answering").is_none());
}

#[test]
fn a_reply_says_whom_it_answers() {
    let mut harness = open(vec![wrote(1, 60, "theirs"), answered(1, 50, "ours", Delivery::Sent)]);
    pick(&mut harness, "theirs", "Reply");
    harness.get_by_label("Answering \u{2068}Ada\u{2069}");
    pick(&mut harness, "ours", "Reply");
    harness.get_by_label("Answering \u{2068}yourself\u{2069}");
}

#[test]
fn what_whatsapp_does_not_know_can_be_neither_answered_nor_reacted_to() {
    let failure = DeliveryFailure {
        code: None,
        reason: "It failed.".to_owned(),
        advice: "Try again.".to_owned(),
        can_retry: true,
    };
    for delivery in [Delivery::Accepted, Delivery::Uncertain, Delivery::Failed(failure)] {
        let harness = open(vec![answered(1, 50, "ours", delivery)]);
        harness.get_by_label("ours").click_secondary();
        let mut harness = harness;
        harness.run_steps(3);
        harness.get_by_label("Copy");
        assert!(harness.query_by_label("Reply").is_none() && harness.query_by_label("👍").is_none());
    }
    let mut harness = open(vec![message(1, 50, Body::Deleted, None)]);
    harness.get_by_label("This message was deleted").click_secondary();
    harness.run_steps(3);
    harness.get_by_label("Details");
    assert!(harness.query_by_label("Reply").is_none());
}

#[test]
fn a_reaction_is_put_on_and_taken_off() {
    let said = wrote(1, 60, "thanks!");
    let mut harness = open(vec![said.clone()]);
    pick(&mut harness, "thanks!", "👍");
    let react = |emoji: Option<&str>| {
        Action::Command(Command::React {
            interaction: interaction_id(1),
            message: said.id,
            emoji: emoji.map(str::to_owned),
        })
    };
    assert!(asked(&mut harness).contains(&react(Some("👍"))));
    let on =
        Command::React { interaction: interaction_id(1), message: said.id, emoji: Some("👍".to_owned()) };
    command(&mut harness, on);
    click(&mut harness, "👍 by You; on its way");
    assert!(asked(&mut harness).contains(&react(None)));
    pick(&mut harness, "thanks!", "👍");
    assert!(asked(&mut harness).contains(&react(None)), "the menu takes it off, too");
}

fn reacted(reactions: Vec<Reaction>) -> Message {
    let mut message = answered(1, 60, "ours", Delivery::Read);
    message.reactions = reactions;
    message
}

fn by(author: Author, emoji: &str, sending: Option<Delivery>) -> Reaction {
    Reaction { author, emoji: emoji.to_owned(), sending }
}

fn colleague() -> Author {
    Author::Agent { agent: AgentId::new(now(), [3; 10]), name: "Nadia".to_owned() }
}

fn us() -> Author {
    Author::Agent { agent: AgentId::new(now(), [9; 10]), name: "Jana Roth".to_owned() }
}

#[test]
fn reactions_are_told_once_for_each_emoji_with_who_put_them_there() {
    let failure = DeliveryFailure {
        code: Some(131_009),
        reason: "WhatsApp refused it.".to_owned(),
        advice: String::new(),
        can_retry: false,
    };
    let message = reacted(vec![
        by(Author::Contact, "❤", None),
        by(colleague(), "❤\u{fe0f}", Some(Delivery::Sent)),
        by(us(), "🙏", Some(Delivery::Failed(failure))),
    ]);
    let id = message.id;
    let mut harness = open(vec![message]);
    click(&mut harness, "❤ by Ada, Nadia");
    let react = |emoji: &str| {
        Action::Command(Command::React {
            interaction: interaction_id(1),
            message: id,
            emoji: Some(emoji.to_owned()),
        })
    };
    assert!(asked(&mut harness).contains(&react("❤")), "we join in");
    click(&mut harness, "🙏 by You; not sent: WhatsApp refused it.");
    assert!(asked(&mut harness).contains(&react("🙏")), "it is tried again");
}

#[test]
fn a_message_is_forwarded_to_whoever_is_chosen() {
    let two = |number: u8, name: &str| interaction(number, name, None, vec![wrote(number, 50, "hello")]);
    let first = interaction(1, "Ada", None, vec![wrote(1, 60, "the address")]);
    let mut harness = window(
        with_active(desk(vec![first, two(2, "Bob"), two(3, "Bobby"), two(4, "Cléo")], Vec::new()), 1),
        1440.0,
    );
    let forwarded = |to: &[u8]| Action::Forward {
        from: interaction_id(1),
        message: wrote(1, 60, "the address").id,
        to: to.iter().map(|number| interaction_id(*number)).collect(),
    };
    pick(&mut harness, "the address", "Forward…");
    let tick = |harness: &mut Harness<'_, Window>, name: &str| {
        harness.get_by_role_and_label(Role::CheckBox, name).click();
        harness.run_steps(3);
    };
    assert!(harness.query_by_role_and_label(Role::CheckBox, "Ada").is_none(), "it is said there already");
    tick(&mut harness, "Bob");
    tick(&mut harness, "Cléo");
    click(&mut harness, "Forward to 2");
    assert!(asked(&mut harness).contains(&forwarded(&[2, 4])));
    assert!(harness.query_by_role_and_label(Role::CheckBox, "Bob").is_none(), "it is done");

    pick(&mut harness, "the address", "Forward…");
    type_in(&mut harness, "bob");
    assert!(harness.query_by_role_and_label(Role::CheckBox, "Cléo").is_none());
    key(&mut harness, Modifiers::NONE, Key::Enter);
    assert_eq!(asked(&mut harness), [], "two are called so");
    type_in(&mut harness, "by");
    key(&mut harness, Modifiers::NONE, Key::Enter);
    assert!(asked(&mut harness).contains(&forwarded(&[3])));

    pick(&mut harness, "the address", "Forward…");
    key(&mut harness, Modifiers::NONE, Key::Escape);
    assert!(harness.query_by_role_and_label(Role::CheckBox, "Bob").is_none());
    assert_eq!(asked(&mut harness), []);

    pick(&mut harness, "the address", "Forward…");
    type_in(&mut harness, "CLEO");
    harness.get_by_role_and_label(Role::CheckBox, "Cléo");
    assert!(harness.query_by_role_and_label(Role::CheckBox, "Bob").is_none());
}

#[test]
fn details_tell_each_step_and_earlier_words_unfold() {
    let mut ours = answered(1, 120, "ours", Delivery::Accepted);
    let state = ours.delivery.as_mut().expect("a delivery");
    let next = waxwing_protocol::delivery::DeliveryState::new(1, Delivery::Read, now());
    state.advance(&next);
    let mut changed = wrote(1, 60, "new words");
    changed.earlier = vec![Earlier { text: "old words".to_owned(), until: now() - TimeDelta::seconds(30) }];
    let mut harness = open(vec![ours, changed]);
    harness.get_by_label_contains("At the gateway · ");
    pick(&mut harness, "ours", "Details");
    place(&harness, "At the gateway");
    place(&harness, "Read");
    place(&harness, "Attempts");
    // The window takes its width from what is in it.
    harness.run_steps(2);
    click(&mut harness, "Close window");
    assert!(harness.query_by_label("Attempts").is_none());

    assert!(harness.query_by_label("old words").is_none());
    pick(&mut harness, "new words", "Earlier words");
    assert!(place(&harness, "old words").top() > place(&harness, "new words").top());
    pick(&mut harness, "new words", "Earlier words");
    assert!(harness.query_by_label("old words").is_none());
}

#[test]
fn a_card_is_added_to_the_contact() {
    let card = |name: &str| ContactCard {
        name: name.to_owned(),
        phones: Vec::new(),
        emails: Vec::new(),
        company: None,
        addresses: Vec::new(),
        urls: Vec::new(),
    };
    let message = message(1, 60, Body::Contacts { cards: vec![card("One"), card("Two")] }, None);
    let id = message.id;
    let mut harness = open(vec![message]);
    harness.get_all_by_label("Add to contact").last().expect("two").click();
    harness.run_steps(2);
    assert!(asked(&mut harness).contains(&Action::Command(Command::AddCard {
        interaction: interaction_id(1),
        message: id,
        card: 1
    })));
}

/// What is offered as a link.
fn links(harness: &Harness<'_, Window>) -> Vec<String> {
    let label = |node: egui_kittest::Node<'_>| node.accesskit_node().label();
    harness.query_all_by_role(Role::Link).filter_map(label).collect()
}

#[test]
fn an_address_is_a_link_that_opens_where_it_says() {
    let mut harness = open(vec![wrote(1, 60, "see www.example.com/a?b=1, please")]);
    assert_eq!(links(&harness), ["www.example.com/a?b=1"]);
    click(&mut harness, "www.example.com/a?b=1");
    let opened: Vec<_> =
        asked(&mut harness).into_iter().filter(|action| matches!(action, Action::OpenLink(_))).collect();
    assert_eq!(opened.len(), 1, "{opened:?}");
    assert!(
        matches!(&opened[0], Action::OpenLink(url) if url.ends_with("://www.example.com/a?b=1")),
        "{opened:?}"
    );
}

#[test]
fn an_address_shows_where_it_leads_before_it_is_clicked() {
    let mut harness = open(vec![wrote(1, 60, "https://bank.example@evil.example/ or http://10.0.0.1/x")]);
    assert_eq!(links(&harness), ["http://10.0.0.1/x"], "credentials before the host are no link");
    harness.get_by_role(Role::Link).hover();
    harness.run_steps(8);
    harness.get_by_label_contains("It names a computer by its number");
}

#[test]
fn what_is_no_link_says_why() {
    let text = "https://bank.example@evil.example/";
    let mut harness = open(vec![wrote(1, 60, text)]);
    assert_eq!(links(&harness), Vec::<String>::new());
    harness.get_by_label(text).hover();
    harness.run_steps(8);
    harness.get_by_label_contains("Not a link: it has a user name in front of the site's name");
    click(&mut harness, text);
    assert!(!asked(&mut harness).iter().any(|action| matches!(action, Action::OpenLink(_))));
}

#[test]
fn mail_and_telephone_ask_first() {
    let mut harness = open(vec![wrote(1, 60, "jo@example.com or +49 30 901820")]);
    assert_eq!(links(&harness), ["jo@example.com", "+49 30 901820"]);
    click(&mut harness, "jo@example.com");
    assert!(!asked(&mut harness).iter().any(|action| matches!(action, Action::OpenLink(_))));
    place(&harness, "Write an e-mail to jo@example.com?");
    click(&mut harness, "Write");
    assert!(asked(&mut harness).contains(&Action::OpenLink("mailto:jo@example.com".to_owned())));
    click(&mut harness, "+49 30 901820");
    harness.get_by_label_contains("Call ");
    click(&mut harness, "Copy");
    assert_eq!(harness.state().copied.len(), 1);
    assert!(!asked(&mut harness).iter().any(|action| matches!(action, Action::OpenLink(_))));
}
