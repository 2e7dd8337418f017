//! The history: what was handled, what words found, reading it, a contact's history beside a conversation, a new chat from there.

use egui::{Key, Modifiers};
use egui_kittest::{Harness, kittest::Queryable as _};
use waxwing::{
    config::layout::Workplace,
    desk::{
        Desk,
        input::{Command, Input, Outcome},
        past::{PaperForm, PastList, PastTold, PastWish},
    },
    ui::Action,
};
use waxwing_protocol::{
    agent::{AgentStatus, Colleague},
    api::TranscriptPage,
    contact::BusinessNumber,
    event::Event,
    history::{
        ChatBegun, HistoryEntry, HistoryHit, HistoryPage, InteractionRecord, LifeReason, LifeStep, NewChat,
    },
    id::{AgentId, BusinessNumberId, MessageId},
    interaction::{Interaction, Phase, ServiceWindow},
    workbin::{ColleagueState, Colleagues},
};

use crate::{
    fixture::{Window, desk, interaction, interaction_id, now, number_id, window, with_active, wrote},
    hand::{click, command, key, outcome, type_in},
};

fn past(number: u8, name: &str) -> Interaction {
    let held = interaction(number, name, None, Vec::new()).interaction;
    Interaction { phase: Phase::Done, owner: None, ended_at: Some(now()), ..held }
}

/// One that is over.
pub(crate) fn entry(number: u8, name: &str) -> HistoryEntry {
    HistoryEntry {
        interaction: past(number, name),
        agents: Vec::new(),
        messages: 4,
        about: "Invoice question".to_owned(),
        hits: Vec::new(),
    }
}

fn hit_id() -> MessageId {
    MessageId::new(now(), [77; 10])
}

/// The gateway has told of these.
pub(crate) fn listed(desk: &mut Desk, list: PastList, entries: Vec<HistoryEntry>) {
    let look = PastWish::Look { list, wanted: Box::default() };
    desk.step(Input::Command(Command::Past(look)), now());
    let page = HistoryPage { entries, next: None };
    let told = PastTold::Found { list, number: 1, result: Ok(page) };
    desk.step(Input::Outcome(Outcome::Past(told)), now());
}

/// From these of our numbers chats can be begun.
pub(crate) fn numbers(desk: &mut Desk, names: &[(u8, &str)]) {
    let number = |(id, name): &(u8, &str)| BusinessNumber {
        id: BusinessNumberId::new(now(), [*id; 10]),
        display_number: "+1 555 078 3881".to_owned(),
        name: (*name).to_owned(),
    };
    let told = PastTold::Numbers(Ok(names.iter().map(number).collect()));
    desk.step(Input::Outcome(Outcome::Past(told)), now());
}

/// A window on My History, in which one entry has a hit.
fn history<'a>() -> Harness<'a, Window> {
    let mut desk = desk(vec![interaction(1, "Ada", None, vec![wrote(1, 60, "hello")])], Vec::new());
    let mut found = entry(7, "Rita Read");
    let excerpt = "the bouquet was late".to_owned();
    found.hits.push(HistoryHit { message: hit_id(), at: now(), excerpt });
    listed(&mut desk, PastList::Mine, vec![found, entry(8, "Tom Baker")]);
    numbers(&mut desk, &[(1, "Shop")]);
    let mut harness = window(desk, 1440.0);
    key(&mut harness, Modifiers::COMMAND, Key::Num3);
    harness.run_steps(2);
    harness
}

fn commands(harness: &mut Harness<'_, Window>) -> Vec<Command> {
    let asked = std::mem::take(&mut harness.state_mut().actions);
    let ours = asked.into_iter().filter_map(|action| match action {
        Action::Command(
            command @ (Command::Past(_) | Command::Review(_) | Command::GoTo { .. } | Command::NewChat(_)),
        ) => Some(command),
        _ => None,
    });
    ours.collect()
}

/// The gateway tells all of number 7.
pub(crate) fn tell_seven(harness: &mut Harness<'_, Window>) {
    let id = interaction_id(7);
    let step =
        LifeStep { at: now(), phase: "done".to_owned(), owner: None, by: None, why: LifeReason::MarkedDone };
    let record = InteractionRecord { interaction: past(7, "Rita Read"), steps: vec![step] };
    let told = Outcome::RecordTold { interaction: id, result: Ok(Box::new(record)) };
    let effects = harness.state_mut().desk.step(Input::Outcome(told), now());
    for effect in effects {
        if let waxwing::desk::effect::Effect::Load(load) = effect {
            let messages = vec![wrote(7, 90, "the bouquet was late")];
            let page = TranscriptPage { messages, sessions: Vec::new(), older: false, newer: false };
            outcome(harness, Outcome::Loaded { load, kept: false, result: Ok(page) });
        }
    }
    harness.run_steps(2);
}

#[test]
fn what_is_chosen_is_read_beside_the_list() {
    let mut harness = history();
    let card = harness.query_all_by_label_contains("Rita Read, ").next().expect("a card").rect();
    commands(&mut harness);
    crate::hand::clicks(&mut harness, card.left_top() + egui::vec2(40.0, 14.0), 1);
    let asked = commands(&mut harness);
    assert_eq!(asked.first(), Some(&Command::Review(interaction_id(7))), "{asked:?}");
    command(&mut harness, Command::Review(interaction_id(7)));
    tell_seven(&mut harness);
    harness.get_by_label("Read only. This interaction is done; a new chat goes on from it.");
    click(&mut harness, "What happened");
    harness.get_by_label("An agent marked it done.");
    click(&mut harness, "Note and facts");
    harness.get_by_label("#48213");
    for (name, form) in [
        ("Save as a PDF…", PaperForm::Pdf),
        ("Open as a PDF, to print it", PaperForm::Print),
        ("Save as a page (HTML)…", PaperForm::Html),
        ("Save everything (JSON)…", PaperForm::Json),
    ] {
        click(&mut harness, "Save or print");
        click(&mut harness, name);
        let write = PastWish::Write { interaction: interaction_id(7), form };
        assert!(commands(&mut harness).contains(&Command::Past(write)), "{name}");
    }
}

#[test]
fn a_hit_leads_into_the_transcript() {
    let mut harness = history();
    commands(&mut harness);
    click(&mut harness, "Hit: the bouquet was late");
    let id = interaction_id(7);
    let asked = commands(&mut harness);
    let wanted = [Command::Review(id), Command::GoTo { interaction: id, message: hit_id() }];
    assert_eq!(asked[..2], wanted, "{asked:?}");
}

#[test]
fn words_and_filters_are_asked_for() {
    let mut harness = history();
    commands(&mut harness);
    click(&mut harness, "Search messages");
    type_in(&mut harness, "bouquet");
    let asked = commands(&mut harness);
    let [Command::Past(PastWish::Look { list: PastList::Mine, wanted })] = &asked[..] else {
        panic!("asked once: {asked:?}")
    };
    assert_eq!(wanted.words.as_deref(), Some("bouquet"));
    click(&mut harness, "Interaction Search");
    let asked = commands(&mut harness);
    let is_all = |asked: &Command| matches!(asked, Command::Past(PastWish::Look { list: PastList::All, .. }));
    assert!(!asked.is_empty() && asked.iter().all(is_all), "{asked:?}");
    harness.query_all_by_label("Begun from").last().expect("a field").focus();
    harness.run_steps(2);
    type_in(&mut harness, "2026-02-31");
    harness.get_by_label("Write the day as 2026-05-13.");
}

#[test]
fn the_agent_is_chosen_out_of_everybody_by_typing() {
    let mut harness = history();
    assert!(harness.query_by_label("Agent: Any agent").is_none(), "of My History the agent is known");
    click(&mut harness, "Interaction Search");
    click(&mut harness, "Agent: Any agent");
    assert!(harness.state().actions.contains(&Action::Command(Command::AskColleagues)));
    let agent = |number: u8, name: &str| Colleague {
        id: AgentId::new(now(), [number; 10]),
        display_name: name.to_owned(),
    };
    let here = |number, name| ColleagueState {
        colleague: agent(number, name),
        team: None,
        status: AgentStatus::SignedOut,
        open: 0,
    };
    let colleagues = vec![here(21, "Mia Berg"), here(22, "Jana Roth")];
    let told = Colleagues { colleagues, former: vec![agent(23, "Mika Former")] };
    outcome(&mut harness, Outcome::ColleaguesTold(Ok(told)));
    for name in ["Mia Berg", "Jana Roth", "Mika Former"] {
        harness.get_by_label(name);
    }
    commands(&mut harness);
    type_in(&mut harness, "mik");
    assert!(harness.query_by_label("Mia Berg").is_none());
    key(&mut harness, Modifiers::NONE, Key::Enter);
    harness.run_steps(2);
    harness.get_by_label("Agent: Mika Former");
    let asked = commands(&mut harness);
    let Some(Command::Past(PastWish::Look { list: PastList::All, wanted })) = asked.last() else {
        panic!("asked for: {asked:?}")
    };
    assert_eq!(wanted.agent, Some(agent(23, "").id));
    click(&mut harness, "Agent: Mika Former");
    type_in(&mut harness, "nobody");
    harness.get_by_label("Nobody is called that.");
    key(&mut harness, Modifiers::NONE, Key::Escape);
    click(&mut harness, "Agent: Mika Former");
    click(&mut harness, "Any agent");
    harness.get_by_label("Agent: Any agent");
}

#[test]
fn the_history_of_the_contact_is_read_beside_the_conversation() {
    let mut desk = desk(vec![interaction(1, "Ada", None, vec![wrote(1, 60, "hello")])], Vec::new());
    let contact = interaction(1, "Ada", None, Vec::new()).interaction.contact.id;
    let mut of_ada = entry(7, "Ada");
    of_ada.interaction.contact.id = contact;
    listed(&mut desk, PastList::Of(contact), vec![of_ada]);
    let mut harness = window(with_active(desk, 1), 1440.0);
    type_in(&mut harness, "I am writing");
    key(&mut harness, Modifiers::COMMAND, Key::L);
    click(&mut harness, "History");
    let card = harness.query_all_by_label_contains("Invoice question, ").next().expect("a card").rect();
    commands(&mut harness);
    crate::hand::clicks(&mut harness, card.center(), 1);
    assert!(commands(&mut harness).contains(&Command::Review(interaction_id(7))));
    command(&mut harness, Command::Review(interaction_id(7)));
    tell_seven(&mut harness);
    harness.get_by_label("Read only. This interaction is done; a new chat goes on from it.");
    harness.get_by_label("Message to Ada");
    click(&mut harness, "Back to all interactions");
    assert!(harness.query_all_by_label_contains("Invoice question, ").next().is_some());
}

#[test]
fn a_new_chat_asks_for_the_number_where_there_are_several() {
    let mut harness = history();
    numbers(&mut harness.state_mut().desk, &[(1, "Shop"), (2, "Returns")]);
    click(&mut harness, "Hit: the bouquet was late");
    command(&mut harness, Command::Review(interaction_id(7)));
    tell_seven(&mut harness);
    commands(&mut harness);
    click(&mut harness, "Create new chat");
    assert_eq!(commands(&mut harness), []);
    click(&mut harness, "Returns · +1 555 078 3881");
    let past = past(7, "Rita Read");
    let number = BusinessNumberId::new(now(), [2; 10]);
    let chat = NewChat { contact: past.contact.id, number, after: Some(past.id) };
    assert_eq!(commands(&mut harness), [Command::NewChat(chat)]);
}

#[test]
fn what_came_by_one_queue_is_found() {
    let mut harness = history();
    numbers(&mut harness.state_mut().desk, &[(1, "Shop"), (2, "Returns")]);
    harness.run_steps(2);
    harness.query_all_by_label("Queue (our number)").last().expect("the choice").click();
    harness.run_steps(2);
    commands(&mut harness);
    click(&mut harness, "Returns");
    let asked = commands(&mut harness);
    let queue = Some(BusinessNumberId::new(now(), [2; 10]));
    assert!(
        matches!(&asked[..], [Command::Past(PastWish::Look { wanted, .. })] if wanted.number == queue),
        "{asked:?}"
    );
}

#[test]
fn a_chat_that_was_begun_comes_to_the_front_and_asks_for_a_notification_where_the_window_is_closed() {
    for (last_inbound_at, is_open) in [(Some(now()), true), (None, false)] {
        let mut harness = history();
        let begun = Interaction {
            window: ServiceWindow { last_inbound_at },
            ..interaction(5, "Nina New", None, Vec::new()).interaction
        };
        let chat = NewChat { contact: begun.contact.id, number: number_id(), after: None };
        command(&mut harness, Command::NewChat(chat.clone()));
        let result = Ok(Box::new(ChatBegun { interaction: begun.clone(), joined: false }));
        outcome(&mut harness, Outcome::ChatBegun { chat, result });
        let added = Event::InteractionAdded {
            interaction: Box::new(begun),
            transcript: Vec::new(),
            older: false,
            draft: None,
        };
        crate::hand::tell(&mut harness, added);
        harness.run_steps(4);
        assert_eq!(harness.state().layout().workplace, Workplace::Active);
        let is_shown = harness.query_by_label("Close the side panel").is_some();
        assert_eq!(is_shown, !is_open, "the notifications are open where nothing else may be sent");
    }
}
