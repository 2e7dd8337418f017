//! The library on the desk, and prepared replies on their way to a contact.

use waxwing_protocol::{
    api::OutgoingBody,
    id::{AttachmentId, ResponseId},
    library::{LibraryPage, LibraryQuery},
    message::MediaKind,
    response::{ResponseContent, ResponseFile, StandardResponse},
};

use super::*;
use crate::desk::{
    file::{StripSource, StripState},
    input::PreparedReply,
    library::search::Wanted,
};

fn response(number: u32) -> ResponseId {
    ResponseId::from_uuid(uuid(7, number))
}

fn library_page(next: u64, more: bool) -> Outcome {
    Outcome::LibraryTold(Ok(Box::new(LibraryPage {
        epoch: 1,
        whole: next == 1,
        next,
        more,
        ..LibraryPage::default()
    })))
}

fn asked(effects: &[Effect]) -> Vec<u64> {
    let after = |call: &&Call| match call {
        Call::Library(LibraryQuery { after, .. }) => Some(*after),
        _ => None,
    };
    calls(effects).iter().filter_map(after).collect()
}

#[test]
fn it_is_asked_for_page_after_page_and_one_call_at_a_time() {
    let mut bench = Bench::quiet();
    let news = |revision| vec![Event::LibraryChanged { revision }];
    assert_eq!(asked(&bench.events(news(1))), [0]);
    assert!(asked(&bench.events(news(4))).is_empty(), "a call is under way");
    assert_eq!(asked(&bench.outcome(library_page(1, true))), [1]);
    assert!(asked(&bench.outcome(library_page(4, false))).is_empty());
    assert!(asked(&bench.events(news(4))).is_empty(), "that is held");
    assert_eq!(asked(&bench.events(news(5))), [4]);
    assert!(asked(&bench.events(news(6))).is_empty());
    assert_eq!(asked(&bench.outcome(library_page(5, false))), [5], "something came meanwhile");
}

#[test]
fn without_an_answer_it_is_asked_for_again_and_without_a_library_not() {
    let mut bench = Bench::quiet();
    bench.events(vec![Event::LibraryChanged { revision: 1 }]);
    assert!(asked(&bench.outcome(Outcome::LibraryTold(Err(unreachable())))).is_empty());
    assert_eq!(asked(&bench.wait(30)), [0]);
    let effects = bench.outcome(Outcome::LibraryTold(Err(refused(ProblemCode::NotFound))));
    assert!(asked(&effects).is_empty());
    assert!(asked(&bench.wait(3600)).is_empty());
    assert_eq!(asked(&bench.events(vec![Event::LibraryChanged { revision: 2 }])), [0]);
}

#[test]
fn after_a_restart_it_is_asked_what_is_new() {
    let mut desk = Desk::new(Settings::default(), |at| at.date_naive());
    let page = LibraryPage { epoch: 3, whole: true, next: 8, ..LibraryPage::default() };
    let restored = Restored {
        has_token: true,
        account: Some((agent(), status())),
        cursor: Some(cursor(10)),
        library: Some(Box::new(page)),
        library_news: 8,
        ..Restored::default()
    };
    desk.step(Input::Restored(Box::new(restored)), at(0));
    let effects = desk.step(Input::Outcome(Outcome::Polled(Ok(super::page(11, Vec::new())))), at(1));
    let query = LibraryQuery { after: 8, epoch: Some(3) };
    assert!(calls(&effects).contains(&&Call::Library(query)), "{effects:?}");
}

fn reply(number: u32, text: &str, files: &[u32]) -> PreparedReply {
    let file = |number: &u32| {
        let file = ResponseFile {
            attachment: AttachmentId::from_uuid(uuid(8, *number)),
            kind: MediaKind::Document,
            file_name: format!("file {number}.pdf"),
            size_bytes: 92_000,
            caption: Some("see page 2".to_owned()),
            about: None,
        };
        (client_ref(*number), file)
    };
    PreparedReply {
        response: response(number),
        text: text.to_owned(),
        files: files.iter().map(file).collect(),
    }
}

fn sends(effects: &[Effect]) -> Vec<(Option<String>, Vec<ResponseId>)> {
    let send = |call: &&Call| match call {
        Call::Send { message, .. } => Some(match &message.body {
            OutgoingBody::Text { text } => (Some(text.clone()), message.responses.clone()),
            _ => (None, message.responses.clone()),
        }),
        _ => None,
    };
    calls(effects).iter().filter_map(send).collect()
}

#[test]
fn words_go_first_then_the_files_and_each_reply_counts_once() {
    let mut bench = Bench::quiet();
    let interaction = int(1);
    bench.command(Command::TakeResponse {
        interaction,
        reply: reply(1, "Thank you, Masha. It comes today.", &[11, 12]),
    });
    bench.command(Command::TakeResponse { interaction, reply: reply(2, "This one was deleted again.", &[]) });
    let strip = bench.desk.conversation(interaction).unwrap().strip().to_vec();
    assert_eq!(strip.iter().map(|file| file.caption.as_str()).collect::<Vec<_>>(), ["see page 2"; 2]);
    assert!(strip.iter().all(|file| matches!(file.state, StripState::Ready(_))));
    assert!(matches!(strip[0].source, StripSource::Response { response: of, .. } if of == response(1)));
    let text = "Thank you, Masha. It comes this evening.".to_owned();
    let effects = bench.command(Command::Send {
        interaction,
        client_ref: client_ref(1),
        text: text.clone(),
        quote: None,
    });
    assert_eq!(sends(&effects), [(Some(text), vec![response(1)])]);
    let sent = |number: u32| Message {
        client_ref: Some(client_ref(number)),
        ..answered(number, int(1), 110, number)
    };
    let effects = bench.sent(interaction, 1, Ok(sent(1)));
    assert_eq!(sends(&effects), [(None, Vec::new())], "it was counted with the words; nothing is uploaded");
    let effects = bench.sent(interaction, 11, Ok(sent(11)));
    assert_eq!(sends(&effects), [(None, Vec::new())]);
    bench.sent(interaction, 12, Ok(sent(12)));
    assert_eq!(bench.desk.unsent(), 0);
    let effects = bench.send(interaction, 2);
    assert_eq!(sends(&effects), [(Some("answer 2".to_owned()), Vec::new())], "it is counted once");
}

#[test]
fn a_file_alone_counts_its_reply_once() {
    let mut bench = Bench::quiet();
    let interaction = int(1);
    bench.command(Command::TakeResponse { interaction, reply: reply(1, "", &[11, 12]) });
    let effects = bench.command(Command::Send {
        interaction,
        client_ref: client_ref(1),
        text: String::new(),
        quote: None,
    });
    assert_eq!(sends(&effects), [(None, vec![response(1)])]);
    let message = Message { client_ref: Some(client_ref(11)), ..answered(11, int(1), 110, 11) };
    assert_eq!(sends(&bench.sent(interaction, 11, Ok(message))), [(None, Vec::new())]);
}

#[test]
fn a_reply_that_is_sent_at_once_leaves_the_draft_alone() {
    let mut bench = Bench::quiet();
    let interaction = int(1);
    bench.draft(interaction, "half a thought");
    let effects = bench.command(Command::SendResponse {
        interaction,
        client_ref: client_ref(1),
        reply: reply(1, "Thank you", &[11]),
    });
    assert_eq!(sends(&effects), [(Some("Thank you".to_owned()), vec![response(1)])]);
    assert_eq!(bench.drafted(interaction), "half a thought");
    assert_eq!(bench.desk.unsent(), 2);
}

#[test]
fn killed_half_way_it_finishes_once() {
    let mut memory = memory::Memory::default();
    let mut bench = Bench::quiet();
    let interaction = int(1);
    memory.keep(&bench.polled(Ok(snapshot(vec![held(self::interaction(1), vec![])], 11))));
    let taken = Command::TakeResponse { interaction, reply: reply(1, "Thank you, Masha.", &[11, 12]) };
    memory.keep(&bench.command(taken));
    memory.keep(&bench.draft(interaction, "Thank you, Masha."));
    let restart = |memory: &memory::Memory| {
        let restored = Restored { has_token: true, ..memory.restored() };
        let mut again =
            Bench { desk: Desk::new(Settings::default(), |at| at.date_naive()), now: at(200), number: 11 };
        let effects = again.step(Input::Restored(Box::new(restored)));
        (again, effects)
    };
    let (mut bench, _) = restart(&memory);
    let files = bench.desk.conversation(interaction).map(|held| held.strip().len());
    assert_eq!(files, Some(2), "the draft has its files");
    let text = bench.drafted(interaction).to_owned();
    let send = Command::Send { interaction, client_ref: client_ref(1), text: text.clone(), quote: None };
    let effects = bench.command(send);
    memory.keep(&effects);
    assert_eq!(sends(&effects), [(Some(text), vec![response(1)])], "and is still known to be of the reply");
    let said = Message { client_ref: Some(client_ref(1)), ..answered(1, interaction, 110, 1) };
    memory.keep(&bench.sent(interaction, 1, Ok(said)));
    let (bench, effects) = restart(&memory);
    assert_eq!(sends(&effects), [(None, Vec::new())], "the words are there, the first file goes");
    assert_eq!(bench.desk.unsent(), 2);
    assert!(bench.desk.conversation(interaction).is_some_and(|held| held.strip().is_empty()));
}

#[test]
fn a_large_library_of_the_last_time_is_put_into_the_index_bit_by_bit() {
    let one = |number: u32| StandardResponse {
        id: response(number),
        content: ResponseContent {
            name: format!("Reply {number}"),
            active: true,
            ..ResponseContent::default()
        },
        version: 1,
        changed_at: at(0),
        changed_by: "Jo Reed".to_owned(),
    };
    let page = LibraryPage {
        epoch: 1,
        whole: true,
        next: 9,
        responses: (1..=1200).map(one).collect(),
        ..LibraryPage::default()
    };
    let restored = Restored { library: Some(Box::new(page)), library_news: 9, ..Restored::default() };
    let mut desk = Desk::new(Settings::default(), |at| at.date_naive());
    desk.step(Input::Restored(Box::new(restored)), at(0));
    assert_eq!(desk.library().responses().count(), 1200, "all of it is to be seen at once");
    let mut steps = 0;
    while desk.next_deadline().is_some_and(|due| due <= at(0)) {
        desk.step(Input::Clock, at(0));
        steps += 1;
    }
    assert_eq!(steps, 3);
    for number in [1, 600, 1200] {
        let words = format!("Reply {number}");
        let hits = desk.library().search(&Wanted { words: words.clone(), ..Wanted::default() }, at(0));
        assert_eq!(hits.first().map(|hit| hit.response.content.name.clone()), Some(words));
    }
}
