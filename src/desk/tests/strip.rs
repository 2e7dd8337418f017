//! Files: on the strip, behind the words, through the upload, across a restart.

use waxwing_protocol::{
    api::OutgoingBody,
    attachment::{About, Attachment, AttachmentState, Opening},
    event::Departure,
    history::{ChatBegun, NewChat},
    id::AttachmentId,
    message::{Media, MediaKind},
};

use super::{
    super::{
        file::{FileRefused, FileSource, ReadyFile, StripFile, StripState, WayOut},
        outbox::OutgoingState,
        wrap_up::WrapUp,
    },
    *,
};

mod rules;

fn attachment(number: u8) -> AttachmentId {
    AttachmentId::new(at(0), [number; 10])
}

fn about() -> Box<About> {
    Box::new(About {
        mime: "image/png".to_owned(),
        opening: Opening::Allowed,
        size: Some([4, 3]),
        duration_ms: None,
        waveform: Vec::new(),
        has_sound: false,
        pages: None,
        thumb_hash: None,
        preview: true,
    })
}

fn ready(name: &str) -> ReadyFile {
    let name = name.to_owned();
    ReadyFile { name, kind: MediaKind::Image, size_bytes: 1_000, about: about(), voice: false }
}

fn source(name: &str) -> FileSource {
    FileSource::Bytes { name: name.to_owned(), bytes: [1, 2, 3].into(), voice: false }
}

impl Bench {
    /// Files 11, 12 … are put on the strip of conversation 1; those up to `checked` are found good.
    fn attach(&mut self, files: u32, checked: u32) -> Vec<Effect> {
        let attached = (11..11 + files).map(|n| (client_ref(n), source(&format!("{n}.png")))).collect();
        let effects = self.command(Command::Attach { interaction: int(1), files: attached });
        for number in 11..11 + checked {
            self.taken_in(number, Ok(ready(&format!("{number}.png"))));
        }
        effects
    }

    fn taken_in(&mut self, number: u32, result: Result<ReadyFile, FileRefused>) -> Vec<Effect> {
        let (interaction, client_ref) = (int(1), client_ref(number));
        self.outcome(Outcome::TakenIn { interaction, client_ref, result })
    }

    fn uploaded(
        &mut self,
        number: u32,
        result: Result<Result<AttachmentId, String>, CallError>,
    ) -> Vec<Effect> {
        let (interaction, client_ref) = (int(1), client_ref(number));
        self.outcome(Outcome::Uploaded { interaction, client_ref, result })
    }

    /// *Send* with these words.
    fn send_all(&mut self, text: &str) -> Vec<Effect> {
        let text = text.to_owned();
        self.command(Command::Send {
            interaction: int(1),
            client_ref: client_ref(1),
            text,
            quote: Some(msg(1)),
        })
    }

    fn strip(&self) -> &[StripFile] {
        self.desk.conversation(int(1)).unwrap().strip()
    }

    fn names(&self) -> Vec<&str> {
        self.strip().iter().map(|file| file.name.as_str()).collect()
    }
}

/// What a step does with files, and what it sends: `in 11`, `up 11`, `drop 11`, `send 11`.
fn moves(effects: &[Effect]) -> Vec<String> {
    let number = |named: &ClientRef| (11..20).chain(1..9).find(|n| client_ref(*n) == *named).unwrap();
    let tell = |call: &&Call| match call {
        Call::TakeIn { client_ref, .. } => Some(format!("in {}", number(client_ref))),
        Call::Rework { client_ref, .. } => Some(format!("rework {}", number(client_ref))),
        Call::Upload { client_ref, .. } => Some(format!("up {}", number(client_ref))),
        Call::DropFile(client_ref) => Some(format!("drop {}", number(client_ref))),
        Call::Send { message, .. } => Some(format!("send {}", number(&message.client_ref))),
        _ => None,
    };
    calls(effects).iter().filter_map(tell).collect()
}

fn kept_strip(effects: &[Effect]) -> Option<usize> {
    let strip = |entry: &&Entry| matches!(entry, Entry::Strip(..));
    match entries(effects).into_iter().rfind(strip)? {
        Entry::Strip(_, files) => Some(files.len()),
        _ => None,
    }
}

#[test]
fn the_words_go_first_then_one_file_after_another() {
    let mut bench = Bench::with(vec![held(interaction(1), vec![said(1, int(1), 90)])]);
    assert_eq!(moves(&bench.attach(2, 2)), ["in 11", "in 12"]);
    bench.command(Command::Caption {
        interaction: int(1),
        client_ref: client_ref(12),
        caption: "look".to_owned(),
    });
    let effects = bench.send_all("here they are");
    assert_eq!(moves(&effects), ["send 1"]);
    assert_eq!(kept_strip(&effects), Some(0), "they stand in one place only");
    assert!(bench.strip().is_empty());

    assert_eq!(moves(&bench.sent(int(1), 1, Ok(answered(2, int(1), 101, 1)))), ["up 11"]);
    bench.outcome(Outcome::UploadMoved { interaction: int(1), client_ref: client_ref(11), sent_bytes: 400 });
    let rows = bench.desk.conversation(int(1)).unwrap();
    let state = rows.outbox.head().unwrap().state.clone();
    assert_eq!(state, OutgoingState::Uploading { tries: 0, sent_bytes: 400 });
    assert_eq!(moves(&bench.uploaded(11, Ok(Ok(attachment(1))))), ["send 11"]);
    let effects = bench.sent(int(1), 11, Ok(answered(3, int(1), 102, 11)));
    assert_eq!(moves(&effects), ["drop 11", "up 12"], "the copy goes once the gateway has the message");
    let effects = bench.uploaded(12, Ok(Ok(attachment(2))));
    let Some(Call::Send { message, .. }) = calls(&effects).into_iter().last() else { panic!("{effects:?}") };
    let OutgoingBody::Media { attachment: sent, caption, file_name, .. } = &message.body else {
        panic!("{message:?}")
    };
    assert_eq!(
        (*sent, caption.as_deref(), file_name.as_deref()),
        (attachment(2), Some("look"), Some("12.png"))
    );
    assert_eq!(message.quote, None, "the words answered it already");
}

#[test]
fn files_alone_can_be_sent_and_the_first_answers() {
    let mut bench = Bench::with(vec![held(interaction(1), vec![said(1, int(1), 90)])]);
    bench.attach(2, 2);
    assert_eq!(moves(&bench.send_all("")), ["up 11"]);
    let effects = bench.uploaded(11, Ok(Ok(attachment(1))));
    let [Call::Send { message, .. }] = calls(&effects)[..] else { panic!("{effects:?}") };
    assert_eq!(message.quote, Some(msg(1)));
}

#[test]
fn what_is_refused_or_not_looked_at_yet_stays_on_the_strip() {
    let mut bench = Bench::quiet();
    bench.attach(3, 1);
    let refused = FileRefused { reason: "It is too large.".to_owned(), ways_out: vec![WayOut::MakeSmaller] };
    assert_eq!(kept_strip(&bench.taken_in(12, Err(refused))), Some(2), "13 is not among them");
    bench.send_all("words");
    assert_eq!(bench.names(), ["12.png", "13.png"]);
    assert_eq!(bench.desk.unsent(), 2);
    let way = Command::Rework { interaction: int(1), client_ref: client_ref(12), way: WayOut::MakeSmaller };
    assert_eq!(moves(&bench.command(way.clone())), ["rework 12"]);
    assert!(moves(&bench.command(way)).is_empty(), "it is being looked at");
    bench.taken_in(12, Ok(ready("smaller.jpg")));
    assert!(matches!(bench.strip()[0].state, StripState::Ready(_)));
    assert_eq!(bench.names()[0], "smaller.jpg");
}

#[test]
fn what_is_being_made_into_another_file_is_not_forgotten_meanwhile() {
    let mut bench = Bench::quiet();
    bench.attach(2, 1);
    let refused = FileRefused { reason: "It is too large.".to_owned(), ways_out: vec![WayOut::MakeSmaller] };
    bench.taken_in(12, Err(refused.clone()));
    let (interaction, client_ref) = (int(1), client_ref(12));
    bench.command(Command::Rework { interaction, client_ref, way: WayOut::MakeSmaller });
    let caption = "look".to_owned();
    let other = self::client_ref(11);
    let effects = bench.command(Command::Caption { interaction, client_ref: other, caption });
    let [Entry::Strip(_, kept)] = entries(&effects)[..] else { panic!("{effects:?}") };
    let FileRefused { reason, ways_out } = refused;
    assert_eq!(kept[1].state, StripState::Refused { reason, ways_out }, "as it stood before");
    assert_eq!(kept[0].caption, "look");
    assert_eq!(kept_strip(&bench.taken_in(12, Ok(ready("12.jpg")))), Some(2));
    bench.command(Command::Rework { interaction, client_ref, way: WayOut::SendAsDocument });
    assert_eq!(kept_strip(&bench.command(Command::Detach { interaction, client_ref })), Some(1));
}

#[test]
fn files_are_put_in_order_and_taken_off() {
    let mut bench = Bench::quiet();
    bench.attach(3, 3);
    let place =
        |number, place| Command::Reorder { interaction: int(1), client_ref: client_ref(number), place };
    bench.command(place(13, 0));
    assert_eq!(bench.names(), ["13.png", "11.png", "12.png"]);
    bench.command(place(13, 99));
    assert_eq!(bench.names(), ["11.png", "12.png", "13.png"]);
    let off = Command::Detach { interaction: int(1), client_ref: client_ref(12) };
    assert_eq!(moves(&bench.command(off.clone())), ["drop 12"]);
    assert!(bench.command(off).is_empty());
    assert_eq!(moves(&bench.taken_in(12, Ok(ready("late.png")))), ["drop 12"], "it came too late");
    assert_eq!(bench.names(), ["11.png", "13.png"]);
}

#[test]
fn only_so_many_stand_on_a_strip() {
    let mut bench = Bench::quiet();
    let files = (100..140).map(|n| (client_ref(n), source("a.png"))).collect();
    bench.command(Command::Attach { interaction: int(1), files });
    assert_eq!(bench.strip().len(), 30);
    assert!(bench.desk.notices().last().unwrap().text.contains("10 were left out"));
}

#[test]
fn an_upload_is_cancelled_and_what_is_behind_it_goes_on() {
    let mut bench = Bench::quiet();
    bench.attach(2, 2);
    bench.send_all("");
    let effects = bench.command(Command::Discard { interaction: int(1), client_ref: client_ref(11) });
    assert_eq!(moves(&effects), ["drop 11", "up 12"]);
    assert!(entries(&effects).contains(&&Entry::OutgoingGone(client_ref(11))));
    assert_eq!(moves(&bench.uploaded(11, Ok(Ok(attachment(1))))), ["drop 11"], "it ended all the same");
}

#[test]
fn a_file_that_the_gateway_does_not_take_loses_neither_the_others_nor_the_words() {
    let mut bench = Bench::quiet();
    bench.attach(2, 2);
    bench.send_all("words");
    bench.sent(int(1), 1, Ok(answered(2, int(1), 101, 1)));
    let effects = bench.uploaded(11, Ok(Err("Files of this type are not sent here.".to_owned())));
    assert!(moves(&effects).is_empty());
    let blocked = bench.desk.conversation(int(1)).unwrap().blocked_by().unwrap();
    let OutgoingState::Refused(failure) = &blocked.state else { panic!("{blocked:?}") };
    assert!(failure.reason.contains("not sent here") && !failure.can_retry);
    let effects = bench.command(Command::Discard { interaction: int(1), client_ref: client_ref(11) });
    assert_eq!(moves(&effects), ["drop 11", "up 12"]);
}

#[test]
fn a_broken_line_means_the_same_upload_again() {
    let mut bench = Bench::quiet();
    bench.attach(1, 1);
    bench.send_all("");
    assert!(moves(&bench.uploaded(11, Err(unreachable()))).is_empty());
    bench.now = bench.desk.next_deadline().unwrap();
    assert_eq!(moves(&bench.step(Input::Clock)), ["up 11"]);
    bench.uploaded(11, Ok(Ok(attachment(1))));
    bench.sent(int(1), 11, Err(refused(ProblemCode::NotFound)));
    let retry =
        Command::Retry { interaction: int(1), row: super::super::conversation::RowKey::Ours(client_ref(11)) };
    assert_eq!(moves(&bench.command(retry)), ["up 11"], "the gateway may have forgotten it");
}

#[test]
fn a_restart_goes_on_where_it_was() {
    let mut memory = memory::Memory::default();
    let mut bench = Bench::quiet();
    let snapshot = bench.polled(Ok(snapshot(vec![held(interaction(1), vec![])], 11)));
    memory.keep(&snapshot);
    memory.keep(&bench.attach(3, 0));
    for number in [11, 12, 13] {
        memory.keep(&bench.taken_in(number, Ok(ready(&format!("{number}.png")))));
    }
    memory.keep(&bench.send_all(""));
    memory.keep(&bench.uploaded(11, Ok(Ok(attachment(1)))));
    memory.keep(&bench.attach(1, 0));
    memory.keep(&bench.taken_in(11, Ok(ready("next.png"))));
    let restored = Restored { has_token: true, ..memory.restored() };
    let mut again =
        Bench { desk: Desk::new(Settings::default(), |at| at.date_naive()), now: at(200), number: 11 };
    let effects = again.step(Input::Restored(Box::new(restored)));
    assert_eq!(moves(&effects), ["send 11"], "it is at the gateway already");
    assert_eq!(again.desk.unsent(), 3);
    assert_eq!(again.names(), ["next.png"]);
}

#[test]
fn a_conversation_that_is_done_takes_its_strip_along_and_one_given_away_keeps_it() {
    let mut bench = Bench::quiet();
    bench.attach(1, 1);
    bench.events(vec![Event::InteractionRemoved { interaction: int(1), why: Departure::Reassigned }]);
    let back = held(interaction(1), vec![]);
    bench.polled(Ok(snapshot(vec![back], 12)));
    assert_eq!(bench.names(), ["11.png"]);
    bench.number = 12;
    let done = Event::InteractionRemoved { interaction: int(1), why: Departure::Done };
    let effects = bench.events(vec![done]);
    assert_eq!((moves(&effects), kept_strip(&effects)), (vec!["drop 11".to_owned()], Some(0)));
}

#[test]
fn files_that_were_not_sent_before_the_end_go_along_into_the_session_that_follows() {
    let mut bench = Bench::quiet();
    bench.attach(2, 2);
    let ended = Interaction { phase: Phase::Ended, ended_at: Some(at(90)), revision: 5, ..interaction(1) };
    bench.events(vec![changed(ended)]);
    bench.command(Command::WrapUp(WrapUp::NewSession(int(1))));
    let (contact, number) = (interaction(1).contact.id, interaction(1).business_number.id);
    let chat = NewChat { contact, number, after: Some(int(1)) };
    let begun = ChatBegun { interaction: interaction(3), joined: false };
    bench.outcome(Outcome::ChatBegun { chat, result: Ok(Box::new(begun)) });
    let interaction = Box::new(interaction(3));
    let new = Event::InteractionAdded { interaction, transcript: vec![], older: false, draft: None };
    let effects = bench.events(vec![new]);
    assert!(bench.strip().is_empty() && moves(&effects).is_empty(), "nothing is thrown away: {effects:?}");
    let strip = bench.desk.conversation(int(3)).unwrap().strip();
    assert_eq!(strip.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["11.png", "12.png"]);
    let kept: Vec<_> = entries(&effects)
        .iter()
        .filter_map(|entry| match entry {
            Entry::Strip(id, files) => Some((*id, files.len())),
            _ => None,
        })
        .collect();
    assert_eq!(kept, [(int(3), 2), (int(1), 0)], "the new one is written first");
}

#[test]
fn a_message_is_passed_on_as_what_it_is() {
    let media = Media {
        kind: MediaKind::Image,
        mime: Some("image/png".to_owned()),
        caption: Some("our shop".to_owned()),
        file_name: None,
        voice: false,
        animated: false,
        attachment: Some(Attachment {
            id: attachment(9),
            state: AttachmentState::Ready { size_bytes: 9, about: Some(about()) },
        }),
    };
    let gone = Media { attachment: None, ..media.clone() };
    let mut transcript = [1, 2, 3].map(|n| said(n, int(1), 80 + i64::from(n)));
    transcript[1].body = Body::Media(media);
    transcript[2].body = Body::Media(gone);
    let mut bench =
        Bench::with(vec![held(interaction(1), transcript.to_vec()), held(interaction(2), vec![])]);
    let mut forward = |message, number| {
        let (from, to, client_ref) = (int(1), int(2), client_ref(number));
        bench.command(Command::Forward { from, message: msg(message), to, client_ref })
    };
    let effects = forward(1, 1);
    let [Call::Send { interaction, message }] = calls(&effects)[..] else { panic!("{effects:?}") };
    assert_eq!(*interaction, int(2));
    assert_eq!(message.body, OutgoingBody::Text { text: "text 1".to_owned() });
    assert!(calls(&forward(3, 3)).is_empty(), "its file can't be had");
    forward(2, 2);
    assert_eq!(bench.desk.notices().len(), 1);
    let effects = bench.sent(int(2), 1, Ok(answered(5, int(2), 101, 1)));
    let [Call::Send { message, .. }] = calls(&effects)[..] else { panic!("{effects:?}") };
    let OutgoingBody::Media { attachment: sent, caption, .. } = &message.body else { panic!("{message:?}") };
    assert_eq!((*sent, caption.as_deref()), (attachment(9), Some("our shop")), "without being uploaded");
}
