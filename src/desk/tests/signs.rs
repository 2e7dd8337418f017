//! Small signs: reactions, how far was read, that the agent is writing, a card for the contact.

use waxwing_protocol::message::Reaction;

use super::{super::conversation::RowKind, *};

/// One conversation with two messages of the contact and one of ours between them; it is active.
fn bench() -> Bench {
    let said = vec![said(1, int(1), 10), answered(2, int(1), 20, 2), said(3, int(1), 30)];
    let mut bench = Bench::with(vec![held(interaction(1), said)]);
    bench.command(Command::Activate(Some(int(1))));
    bench
}

fn react(bench: &mut Bench, emoji: Option<&str>) -> Vec<Effect> {
    let emoji = emoji.map(str::to_owned);
    bench.command(Command::React { interaction: int(1), message: msg(1), emoji })
}

/// The reactions on the first message as they are shown: emoji, and whether they are on their way.
fn shown(bench: &Bench) -> Vec<(String, bool)> {
    let conversation = bench.desk.conversation(int(1)).unwrap();
    let first = conversation.rows().iter().find_map(|row| match &row.kind {
        RowKind::Message { message, .. } => Some(message),
        _ => None,
    });
    let is_under_way = |reaction: &Reaction| reaction.sending == Some(Delivery::Queued);
    first.unwrap().reactions.iter().map(|one| (one.emoji.clone(), is_under_way(one))).collect()
}

fn ours(emoji: &str) -> Reaction {
    let author = Author::Agent { agent: agent().id, name: "Nadia".to_owned() };
    Reaction { author, emoji: emoji.to_owned(), sending: Some(Delivery::Accepted) }
}

fn told(reactions: Vec<Reaction>) -> Box<Message> {
    Box::new(Message { reactions, ..said(1, int(1), 10) })
}

fn reacted(bench: &mut Bench, result: Result<Box<Message>, CallError>) -> Vec<Effect> {
    bench.outcome(Outcome::Reacted { interaction: int(1), message: msg(1), result })
}

fn is_reaction(call: &Call, wanted: Option<&str>) -> bool {
    matches!(call, Call::React { emoji, .. } if emoji.as_deref() == wanted)
}

#[test]
fn a_reaction_is_shown_at_once_until_the_gateway_says_what_stands() {
    let mut bench = bench();
    let before = bench.desk.active().unwrap().rows()[2].revision;
    let effects = react(&mut bench, Some("👍"));
    assert!(is_reaction(calls(&effects)[0], Some("👍")));
    assert_eq!(shown(&bench), [("👍".to_owned(), true)]);
    assert_ne!(bench.desk.active().unwrap().rows()[2].revision, before, "its height may be another");
    reacted(&mut bench, Ok(told(vec![ours("👍")])));
    assert_eq!(shown(&bench), [("👍".to_owned(), false)]);

    react(&mut bench, None);
    assert_eq!(shown(&bench), [], "taken off at once");
    reacted(&mut bench, Ok(told(vec![])));
    assert_eq!(shown(&bench), []);
}

#[test]
fn a_reaction_that_was_refused_or_not_heard_is_taken_back_and_told() {
    for error in [refused(ProblemCode::WindowClosed), unreachable()] {
        let mut bench = bench();
        react(&mut bench, Some("👍"));
        reacted(&mut bench, Err(error));
        assert_eq!(shown(&bench), []);
        assert_eq!(bench.desk.notices().len(), 1);
    }
}

#[test]
fn the_last_of_several_reactions_stands() {
    let mut bench = bench();
    react(&mut bench, Some("👍"));
    assert!(calls(&react(&mut bench, Some("🙏"))).is_empty(), "one call at a time");
    assert_eq!(shown(&bench), [("🙏".to_owned(), true)]);
    let effects = reacted(&mut bench, Ok(told(vec![ours("👍")])));
    assert!(is_reaction(calls(&effects)[0], Some("🙏")));
    assert_eq!(shown(&bench), [("🙏".to_owned(), true)]);
}

#[test]
fn an_answer_does_not_take_back_what_the_feed_told_since() {
    let mut bench = bench();
    react(&mut bench, Some("👍"));
    let theirs = Reaction { author: Author::Contact, emoji: "❤".to_owned(), sending: None };
    let message = Message { reactions: vec![ours("👍"), theirs], ..said(1, int(1), 10) };
    bench.events(vec![Event::MessageChanged { message: Box::new(message) }]);
    reacted(&mut bench, Ok(told(vec![ours("👍")])));
    assert_eq!(shown(&bench).len(), 2);
}

fn seen(bench: &mut Bench, number: u32) -> Vec<MessageId> {
    marks(&bench.command(Command::Seen { interaction: int(1), up_to: msg(number) }))
}

fn marks(effects: &[Effect]) -> Vec<MessageId> {
    let mark = |call: &&Call| match call {
        Call::MarkRead { up_to, .. } => Some(*up_to),
        _ => None,
    };
    calls(effects).iter().filter_map(mark).collect()
}

fn marked(bench: &mut Bench, result: Result<(), CallError>) -> Vec<MessageId> {
    marks(&bench.outcome(Outcome::MarkedRead { interaction: int(1), result }))
}

#[test]
fn what_was_seen_is_told_once_and_only_forward() {
    let mut bench = bench();
    assert_eq!(seen(&mut bench, 2), [msg(1)], "the contact's newest of what was seen");
    assert_eq!(marked(&mut bench, Ok(())), []);
    assert_eq!(seen(&mut bench, 1), []);
    assert_eq!(seen(&mut bench, 3), [msg(3)]);
    bench.events(vec![added(said(4, int(1), 101)), added(said(5, int(1), 102))]);
    assert_eq!(seen(&mut bench, 4), [], "one is under way");
    assert_eq!(seen(&mut bench, 5), []);
    assert_eq!(marked(&mut bench, Ok(())), [msg(5)], "the newest goes next");
    assert_eq!(seen(&mut bench, 5), []);
}

#[test]
fn what_was_seen_is_told_again_when_the_link_returns() {
    let mut bench = bench();
    assert_eq!(seen(&mut bench, 3), [msg(3)]);
    assert_eq!(marked(&mut bench, Err(unreachable())), []);
    assert_eq!(marks(&bench.events(vec![Event::Unknown])), [], "it was there all the time: no hurry");
    bench.polled(Err(unreachable()));
    bench.now = bench.desk.feed.due_at().expect("it is polled again");
    let told = [marks(&bench.step(Input::Clock)), marks(&bench.events(vec![Event::Unknown]))].concat();
    assert_eq!(told, [msg(3)], "at the latest when the link is back");
    assert_eq!(marked(&mut bench, Err(refused(ProblemCode::NotFound))), []);
    assert_eq!(marks(&bench.wait(60)), [], "a refusal is final");
}

#[test]
fn what_the_contact_is_not_to_see_is_not_told() {
    let mut bench = bench();
    let quiet = Settings { mark_read: false, typing: false, ..Settings::default() };
    bench.command(Command::ApplySettings(quiet));
    assert_eq!(seen(&mut bench, 3), []);
    assert!(bench.command(Command::Typing { interaction: int(1) }).is_empty());
}

#[test]
fn writing_is_told_every_twenty_seconds_and_never_offline() {
    let mut bench = bench();
    let told = |bench: &mut Bench| calls(&bench.command(Command::Typing { interaction: int(1) })).len();
    assert_eq!((told(&mut bench), told(&mut bench)), (1, 0));
    bench.wait(19);
    assert_eq!(told(&mut bench), 0);
    bench.wait(1);
    assert_eq!(told(&mut bench), 1);
    bench.wait(30);
    bench.polled(Err(unreachable()));
    assert_eq!(told(&mut bench), 0);
}

#[test]
fn a_card_is_added_to_the_contact() {
    let mut bench = bench();
    let effects = bench.command(Command::AddCard { interaction: int(1), message: msg(1), card: 0 });
    assert!(matches!(calls(&effects)[..], [Call::AddCard { .. }]));
    let contact = Contact { profile_name: Some("Masha".to_owned()), ..interaction(1).contact };
    bench.outcome(Outcome::CardAdded(Ok(Box::new(contact))));
    assert_eq!(bench.desk.active().unwrap().interaction().contact.title(), "Masha");
    assert_eq!(bench.desk.notices().len(), 1, "the agent hears that it worked");
    bench.outcome(Outcome::CardAdded(Err(refused(ProblemCode::NotFound))));
    assert_eq!(bench.desk.notices().len(), 2);
}
