//! Past interactions and the chats that are begun from there, with a gateway that says what the test wants.

use waxwing_protocol::history::{
    ChatBegun, HistoryEntry, HistoryPage, HistoryQuery, InteractionRecord, NewChat,
};

use super::*;
use crate::desk::{
    listing::Further,
    past::{PaperForm, PastCall, PastList, PastTold, PastWish, Whole},
    watching::Watched,
};

fn entry(number: u32) -> HistoryEntry {
    HistoryEntry {
        interaction: interaction(number),
        agents: Vec::new(),
        messages: 3,
        about: String::new(),
        hits: Vec::new(),
    }
}

fn wish(bench: &mut Bench, wish: PastWish) -> Vec<PastCall> {
    ours(bench.command(Command::Past(wish)))
}

fn told(bench: &mut Bench, told: PastTold) -> Vec<PastCall> {
    ours(bench.outcome(Outcome::Past(told)))
}

fn ours(effects: Vec<Effect>) -> Vec<PastCall> {
    assert!(entries(&effects).is_empty(), "nothing of the past is written down: {effects:?}");
    let ours = effects.into_iter().filter_map(|effect| match effect {
        Effect::Call(Call::Past(call)) => Some(call),
        _ => None,
    });
    ours.collect()
}

fn asked(calls: &[PastCall]) -> (PastList, u64, HistoryQuery) {
    match calls {
        [PastCall::Look { list, number, query }] => (*list, *number, (**query).clone()),
        other => panic!("one question is asked: {other:?}"),
    }
}

fn look(list: PastList, words: &str) -> PastWish {
    let words = Some(words.to_owned()).filter(|words| !words.is_empty());
    PastWish::Look { list, wanted: Box::new(HistoryQuery { words, ..HistoryQuery::default() }) }
}

fn chat() -> NewChat {
    let past = interaction(1);
    NewChat { contact: past.contact.id, number: past.business_number.id, after: Some(past.id) }
}

fn begun(bench: &mut Bench, result: Result<ChatBegun, CallError>) {
    bench.outcome(Outcome::ChatBegun { chat: chat(), result: result.map(Box::new) });
}

fn begins(effects: &[Effect]) -> usize {
    calls(effects).iter().filter(|call| matches!(call, Call::NewChat(_))).count()
}

#[test]
fn each_list_asks_for_its_own() {
    let mut bench = Bench::with(Vec::new());
    let (_, _, query) = asked(&wish(&mut bench, look(PastList::Mine, "")));
    assert_eq!((query.agent, query.contact), (Some(agent().id), None));
    let contact = interaction(2).contact.id;
    let (_, _, query) = asked(&wish(&mut bench, look(PastList::Of(contact), "")));
    assert_eq!((query.agent, query.contact), (None, Some(contact)));
    let (_, _, query) = asked(&wish(&mut bench, look(PastList::All, "")));
    assert_eq!((query.agent, query.contact), (None, None));
}

#[test]
fn whoever_comes_back_to_a_list_sees_it_as_it_is_now() {
    let mut bench = Bench::with(Vec::new());
    let (list, number, _) = asked(&wish(&mut bench, look(PastList::Mine, "")));
    let page = HistoryPage { entries: vec![entry(1)], next: None };
    told(&mut bench, PastTold::Found { list, number, result: Ok(page) });
    let (_, again, _) = asked(&wish(&mut bench, look(PastList::Mine, "")));
    assert!(again > number, "it is asked anew");
    assert_eq!(bench.desk.past().list(list).map(|held| held.items().len()), Some(1), "and stays meanwhile");
}

#[test]
fn words_wait_for_a_pause_and_pages_go_on_behind_the_last_one() {
    let mut bench = Bench::with(Vec::new());
    let (list, number, _) = asked(&wish(&mut bench, look(PastList::All, "")));
    let page = HistoryPage { entries: vec![entry(1)], next: Some(int(1)) };
    told(&mut bench, PastTold::Found { list, number, result: Ok(page) });
    let (_, number, query) = asked(&wish(&mut bench, PastWish::More(list)));
    assert_eq!(query.after, Some(int(1)));
    let page = HistoryPage { entries: vec![entry(2)], next: None };
    told(&mut bench, PastTold::Found { list, number, result: Ok(page) });
    assert_eq!(bench.desk.past().list(list).unwrap().items().len(), 2);
    assert_eq!(wish(&mut bench, look(list, "bou")), []);
    assert_eq!(wish(&mut bench, look(list, "bouquet")), []);
    let (_, _, query) = asked(&ours(bench.wait(1)));
    assert_eq!((query.words.as_deref(), query.after), (Some("bouquet"), None));
}

#[test]
fn the_history_of_few_contacts_is_held_at_once() {
    let mut bench = Bench::with(Vec::new());
    for number in 1..20 {
        wish(&mut bench, look(PastList::Of(interaction(number).contact.id), ""));
    }
    let held = (1..20)
        .filter(|number| bench.desk.past().list(PastList::Of(interaction(*number).contact.id)).is_some());
    assert_eq!(held.collect::<Vec<_>>(), (12..20).collect::<Vec<_>>());
}

#[test]
fn a_chat_that_is_begun_goes_to_the_front_when_the_feed_brings_it() {
    let mut bench = Bench::quiet();
    assert_eq!(begins(&bench.command(Command::NewChat(chat()))), 1);
    assert_eq!(begins(&bench.command(Command::NewChat(chat()))), 0, "once at a time");
    begun(&mut bench, Ok(ChatBegun { interaction: interaction(5), joined: false }));
    assert_eq!(bench.desk.begun_chat(), None);
    assert_eq!(bench.desk.active().unwrap().interaction().id, int(1));
    bench.events(vec![Event::InteractionAdded {
        interaction: Box::new(interaction(5)),
        transcript: Vec::new(),
        older: false,
        draft: None,
    }]);
    assert_eq!(bench.desk.active().unwrap().interaction().id, int(5));
    let begun = bench.desk.begun_chat().unwrap();
    assert_eq!((begun.number, begun.interaction), (1, int(5)));
    assert!(bench.desk.notices().is_empty());
}

#[test]
fn a_chat_that_is_under_way_is_joined_and_told_so() {
    let mut bench = Bench::quiet();
    bench.command(Command::NewChat(chat()));
    begun(&mut bench, Ok(ChatBegun { interaction: interaction(2), joined: true }));
    assert_eq!(bench.desk.active().unwrap().interaction().id, int(2));
    assert!(bench.desk.notices()[0].text.contains("Contact 2"));
}

#[test]
fn whoever_has_it_is_named_and_nothing_else_happens() {
    let mut bench = Bench::quiet();
    bench.command(Command::NewChat(chat()));
    let problem = Problem::new(ProblemCode::Conflict, "Maria Duarte is talking to them.");
    begun(&mut bench, Err(CallError::Refused(problem)));
    assert_eq!(bench.desk.notices()[0].text, "Maria Duarte is talking to them.");
    assert_eq!(bench.desk.active().unwrap().interaction().id, int(1));
    assert_eq!(begins(&bench.command(Command::NewChat(chat()))), 1, "it can be tried again");
}

#[test]
fn what_is_to_be_written_down_waits_for_the_app_once() {
    let mut bench = Bench::quiet();
    let form = PaperForm::Html;
    let write = PastWish::Write { interaction: int(1), form };
    assert_eq!(wish(&mut bench, write.clone()), [PastCall::Whole { interaction: int(1), form }]);
    assert_eq!(wish(&mut bench, write), []);
    let record = InteractionRecord { interaction: interaction(1), steps: Vec::new() };
    let whole = Whole { record, messages: vec![said(1, int(1), 1)] };
    told(&mut bench, PastTold::Whole { form, result: Ok(Box::new(whole)) });
    assert_eq!(bench.desk.past().paper().unwrap().whole.messages.len(), 1);
    wish(&mut bench, PastWish::PaperTaken);
    assert!(bench.desk.past().paper().is_none());
}

#[test]
fn the_numbers_are_asked_for_when_the_gateway_answers() {
    let mut bench =
        Bench { desk: Desk::new(Settings::default(), |at| at.date_naive()), now: at(100), number: 10 };
    bench.step(Input::Restored(Box::new(Restored { has_token: true, ..Restored::default() })));
    let effects = bench.polled(Ok(snapshot(Vec::new(), 10)));
    assert!(calls(&effects).contains(&&Call::Past(PastCall::Numbers)));
    let number = interaction(1).business_number;
    told(&mut bench, PastTold::Numbers(Ok(vec![number.clone()])));
    assert_eq!(bench.desk.past().numbers(), [number]);
}

#[test]
fn a_list_that_is_looked_at_is_renewed_and_no_other() {
    let mut bench = Bench::with(vec![held(interaction(7), Vec::new())]);
    let list = PastList::Mine;
    let (_, number, _) = asked(&wish(&mut bench, look(list, "")));
    told(
        &mut bench,
        PastTold::Found { list, number, result: Ok(HistoryPage { entries: vec![entry(1)], next: None }) },
    );
    let heard = |bench: &mut Bench| {
        let effects = bench.events(vec![changed(interaction(7))]);
        calls(&effects).into_iter().filter(|call| matches!(call, Call::Past(_))).count()
    };
    bench.wait(60);
    assert_eq!(heard(&mut bench), 0, "nobody looks");
    let (_, number, query) = asked(&ours(bench.command(Command::Watch(Some(Watched::Past(list))))));
    assert_eq!((query.after, query.limit), (None, 50));
    let entries = vec![entry(2), entry(1)];
    told(&mut bench, PastTold::Found { list, number, result: Ok(HistoryPage { entries, next: None }) });
    assert_eq!(bench.desk.past().list(list).unwrap().items().len(), 2);
    assert_eq!(heard(&mut bench), 0, "not at every event");
    let due = bench.desk.next_deadline().unwrap();
    assert!(due - bench.now <= TimeDelta::seconds(5), "{due}");
    let (_, number, _) = asked(&ours(bench.wait(5)));
    assert_eq!(ours(bench.wait(20)), [], "its answer is waited for");
    told(&mut bench, PastTold::Found { list, number, result: Err(refused(ProblemCode::Internal)) });
    asked(&ours(bench.wait(10)));
    assert_eq!(bench.desk.past().list(list).unwrap().items().len(), 2, "what is held stays");
    bench.command(Command::Watch(None));
    assert_eq!(ours(bench.wait(60)), []);
}

#[test]
fn what_could_not_be_had_is_asked_for_when_the_gateway_is_there_again() {
    let mut bench = Bench::with(Vec::new());
    let list = PastList::All;
    let (_, number, _) = asked(&wish(&mut bench, look(list, "")));
    bench.wait(1);
    bench.polled(Err(unreachable()));
    told(&mut bench, PastTold::Found { list, number, result: Err(unreachable()) });
    let Further::Failed(why) = bench.desk.past().list(list).unwrap().further() else { panic!("it failed") };
    assert_eq!(why, "The gateway does not answer. Try again.");
    bench.wait(60);
    let (again, _, _) = asked(&ours(bench.events(Vec::new())));
    assert_eq!(again, list);
}

#[test]
fn a_list_goes_on_where_it_went_on_before_it_was_renewed() {
    let mut bench = Bench::with(Vec::new());
    let list = PastList::All;
    let (_, number, _) = asked(&wish(&mut bench, look(list, "")));
    let page = |entries: &[u32], next| HistoryPage {
        entries: entries.iter().map(|number| entry(*number)).collect(),
        next: Some(int(next)),
    };
    told(&mut bench, PastTold::Found { list, number, result: Ok(page(&[1, 2, 3], 3)) });
    bench.command(Command::Watch(Some(Watched::Past(list))));
    let (_, number, _) = asked(&ours(bench.wait(30)));
    told(&mut bench, PastTold::Found { list, number, result: Ok(page(&[9, 1], 1)) });
    let (_, _, query) = asked(&wish(&mut bench, PastWish::More(list)));
    assert_eq!(query.after, Some(int(3)));
}
