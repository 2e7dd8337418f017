//! Where what is held of a transcript ends: older messages on request, sessions, jumps, and what is told when it fails.

use chrono::TimeDelta;
use egui_kittest::{Harness, kittest::Queryable as _};
use waxwing::{
    desk::input::{CallError, Command},
    ui::Action,
};
use waxwing_protocol::{
    api::{SessionMark, TranscriptPage},
    delivery::Delivery,
    id::{InteractionId, SessionId},
    interaction::Origin,
    message::{Message, Quote},
};

use crate::{
    fixture::{Window, answered, desk, interaction, interaction_id, now, window, with_active, wrote},
    hand::{arrives, asked, click, command, laid_out, load, loaded, many, open, page, place, wheel},
};

const SEE_OLDER: &str = "See older messages…";
const GETTING: &str = "Getting older messages…";

/// A window on a conversation of which more is known to the gateway.
fn with_older<'a>(said: Vec<Message>) -> Harness<'a, Window> {
    let mut snapshot = interaction(1, "Ada", None, said);
    snapshot.older = true;
    window(with_active(desk(vec![snapshot], Vec::new()), 1), 1440.0)
}

/// Asks for older messages of so many sessions and lets this come.
fn show_older(harness: &mut Harness<'_, Window>, sessions: u32, result: Result<TranscriptPage, CallError>) {
    let effects = command(harness, Command::ShowOlder { interaction: interaction_id(1), sessions });
    loaded(harness, load(&effects), result);
    asked(harness);
}

/// The same conversation, its session held from its start, with something older.
fn at_the_start_of_the_session<'a>() -> Harness<'a, Window> {
    let mut harness = with_older(vec![wrote(1, 60, "this session")]);
    show_older(&mut harness, 0, Ok(page(Vec::new(), true)));
    harness
}

fn earlier_session(days: i64, text: &str) -> (Message, SessionMark) {
    let began = now() - TimeDelta::days(days);
    let session = SessionId::new(began, [7; 10]);
    let mut message = wrote(1, days * 86_400, text);
    message.session = session;
    message.interaction = InteractionId::new(began, [7; 10]);
    let mark = SessionMark {
        session,
        interaction: message.interaction,
        origin: Origin::Inbound,
        started_at: began,
        ended_at: Some(began + TimeDelta::hours(1)),
        agent: Some("Nadia".to_owned()),
    };
    (message, mark)
}

#[test]
fn the_rest_of_a_session_is_asked_for_by_itself_when_its_place_comes_into_view() {
    let mut harness = with_older(many(100));
    assert!(
        !asked(&mut harness)
            .iter()
            .any(|action| matches!(action, Action::Command(Command::ShowOlder { .. }))),
        "not before"
    );
    wheel(&mut harness, 20_000.0);
    place(&harness, GETTING);
    let rest = Action::Command(Command::ShowOlder { interaction: interaction_id(1), sessions: 0 });
    assert!(asked(&mut harness).contains(&rest));
}

#[test]
fn older_messages_come_in_above_without_moving_the_reader() {
    let mut harness = with_older(many(100));
    wheel(&mut harness, 20_000.0);
    let effects = command(&mut harness, Command::ShowOlder { interaction: interaction_id(1), sessions: 0 });
    place(&harness, GETTING);
    let before = place(&harness, "message 3");
    let older = (0..80).map(|n| wrote(1, 20_000 - n, &format!("older {n}"))).collect();
    loaded(&mut harness, load(&effects), Ok(page(older, true)));
    assert_eq!(place(&harness, "message 3"), before);
    assert_eq!(laid_out(&harness)[0], 0);
    assert!(harness.query_by_label(GETTING).is_none());
    wheel(&mut harness, 400.0);
    place(&harness, "older 79");
}

#[test]
fn earlier_sessions_are_asked_for_by_a_click_and_as_many_as_the_agent_wants() {
    let mut harness = at_the_start_of_the_session();
    harness.state_mut().choices.conversation.sessions_per_click = 3;
    harness.run_steps(3);
    assert!(
        !asked(&mut harness)
            .iter()
            .any(|action| matches!(action, Action::Command(Command::ShowOlder { .. })))
    );
    click(&mut harness, SEE_OLDER);
    let three = Action::Command(Command::ShowOlder { interaction: interaction_id(1), sessions: 3 });
    assert!(asked(&mut harness).contains(&three));
}

#[test]
fn after_the_first_click_it_goes_on_by_itself() {
    let mut harness = at_the_start_of_the_session();
    click(&mut harness, SEE_OLDER);
    let (message, mark) = earlier_session(3, "long ago");
    let page = TranscriptPage { messages: vec![message], sessions: vec![mark], older: true, newer: false };
    show_older(&mut harness, 1, Ok(page));
    harness.run_steps(2);
    let one = Action::Command(Command::ShowOlder { interaction: interaction_id(1), sessions: 1 });
    assert!(asked(&mut harness).contains(&one), "its beginning is in view");
}

#[test]
fn a_line_tells_of_each_session_and_who_had_it() {
    let mut harness = at_the_start_of_the_session();
    place_containing(&harness, "joined the session");
    let (message, mark) = earlier_session(3, "long ago");
    let page = TranscriptPage { messages: vec![message], sessions: vec![mark], older: false, newer: false };
    show_older(&mut harness, 1, Ok(page));
    let line = place_containing(&harness, "Session · ");
    assert_eq!(line, place_containing(&harness, "\u{2068}Nadia\u{2069}"));
    let joined = place_containing(&harness, "\u{2068}Ada\u{2069} joined the session");
    let said = place(&harness, "long ago");
    assert!(line.bottom() <= said.top() && said.bottom() <= joined.top());
    assert!(harness.query_by_label(SEE_OLDER).is_none(), "there is nothing older");
}

#[track_caller]
fn place_containing(harness: &Harness<'_, Window>, label: &str) -> egui::Rect {
    harness.get_by_label_contains(label).rect()
}

#[test]
fn a_failure_says_why_and_can_be_tried_again() {
    let mut harness = at_the_start_of_the_session();
    show_older(&mut harness, 1, Err(CallError::Unreachable("no route to the gateway.".to_owned())));
    harness.run_steps(3);
    assert!(
        !asked(&mut harness)
            .iter()
            .any(|action| matches!(action, Action::Command(Command::ShowOlder { .. }))),
        "not by itself"
    );
    click(&mut harness, "Older messages can't be had: no route to the gateway. Try again");
    let one = Action::Command(Command::ShowOlder { interaction: interaction_id(1), sessions: 1 });
    assert!(asked(&mut harness).contains(&one));
}

#[test]
fn another_try_for_the_rest_of_a_session_stays_in_it() {
    let mut harness = with_older(vec![wrote(1, 60, "this session")]);
    show_older(&mut harness, 0, Err(CallError::Unreachable("no route.".to_owned())));
    click(&mut harness, "Older messages can't be had: no route. Try again");
    let rest = Action::Command(Command::ShowOlder { interaction: interaction_id(1), sessions: 0 });
    assert!(asked(&mut harness).contains(&rest));
}

/// Ada answers what she or we said earlier.
fn quoting(text: &str, quoted: &Message, excerpt: &str) -> Message {
    let mut message = wrote(1, 5, text);
    let by_contact = quoted.is_by_contact();
    message.quote = Some(Quote { message: Some(quoted.id), excerpt: excerpt.to_owned(), by_contact });
    message
}

#[test]
fn a_click_on_a_quote_leads_to_what_was_quoted_and_lights_it_up() {
    let mut said = many(100);
    let quoted = said[10].id;
    said.push(quoting("that one", &said[10], "message 10 in short"));
    let mut harness = open(said);
    click(&mut harness, "Answers Ada: message 10 in short");
    let go = Action::Command(Command::GoTo { interaction: interaction_id(1), message: quoted });
    assert!(asked(&mut harness).contains(&go));
    command(&mut harness, Command::GoTo { interaction: interaction_id(1), message: quoted });
    let place_of_goal = place(&harness, "message 10");
    assert!((200.0..600.0).contains(&place_of_goal.top()), "{place_of_goal:?}");
    let due = |harness: &Harness<'_, Window>| {
        harness.output().viewport_output[&egui::ViewportId::ROOT].repaint_delay
    };
    assert!(due(&harness) <= std::time::Duration::from_secs(2), "the light goes out by itself");
    command(&mut harness, Command::GoTo { interaction: interaction_id(1), message: quoted });
    assert_eq!(place(&harness, "message 10"), place_of_goal);
}

#[test]
fn a_quote_of_ours_says_you_and_an_unknown_one_leads_nowhere() {
    let ours = answered(1, 90, "ours", Delivery::Read);
    let mut unknown = quoting("this too", &ours, "");
    unknown.quote = Some(Quote { message: None, excerpt: String::new(), by_contact: true });
    unknown.sent_at -= TimeDelta::seconds(1);
    unknown.id = waxwing_protocol::id::MessageId::new(unknown.sent_at, [8; 10]);
    let harness = open(vec![ours.clone(), unknown, quoting("yes", &ours, "ours")]);
    assert_eq!(harness.get_by_label("Answers You: ours").accesskit_role(), egui::Role::Button);
    let nowhere = harness.get_by_label("Answers An earlier message: It is not kept here");
    assert_eq!(nowhere.accesskit_role(), egui::Role::Label);
}

/// The role that a screen reader hears.
trait Heard {
    fn accesskit_role(&self) -> egui::Role;
}

impl Heard for egui_kittest::Node<'_> {
    fn accesskit_role(&self) -> egui::Role {
        egui_kittest::kittest::NodeT::accesskit_node(self).role()
    }
}

#[test]
fn a_jump_far_up_counts_what_comes_meanwhile_and_gets_the_newer_ones_on_the_way_down() {
    let mut harness = with_older(many(30));
    let goal = wrote(1, 50_000, "the goal");
    let there = Command::GoTo { interaction: interaction_id(1), message: goal.id };
    let effects = command(&mut harness, there);
    let around = TranscriptPage { newer: true, ..page(vec![goal], true) };
    loaded(&mut harness, load(&effects), Ok(around));
    place(&harness, "the goal");
    let newer = Action::Command(Command::ShowNewer { interaction: interaction_id(1) });
    assert!(asked(&mut harness).contains(&newer), "its end is in view");
    arrives(&mut harness, wrote(1, 3, "unseen"));
    click(&mut harness, "To the newest message, 1 new");
    assert!(
        asked(&mut harness)
            .contains(&Action::Command(Command::ShowNewest { interaction: interaction_id(1) }))
    );
}
