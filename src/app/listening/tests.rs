//! Listening with a loudspeaker that is taken from by hand: files come, are left and found again, follow one another.

use std::{
    cell::RefCell,
    fs::File,
    sync::{
        Mutex,
        mpsc::{Receiver, Sender, channel},
    },
};

use waxwing_media::child::Workshop;
use waxwing_protocol::{
    attachment::{Attachment, AttachmentState},
    id::AttachmentId,
    message::{Body, Media, MediaKind, Message},
};

use super::*;
use crate::{
    desk::{
        chime::Settings,
        input::{Command, Input, Outcome},
        restore::Restored,
        tests::{at, held, int, interaction, said, snapshot},
    },
    platform::player::{Feed, PlayTrouble, Taken},
};

/// Half a second of a rising tone.
const VOICE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/media/tests/fixtures/voice.ogg");

struct ByHand(Mutex<Sender<Arc<Feed>>>);

impl Loudspeaker for ByHand {
    type Open = ();

    fn open(&self, feed: Arc<Feed>) -> Result<(), String> {
        self.0.lock().unwrap().send(feed).map_err(|error| error.to_string())
    }
}

/// Files of which some are here.
#[derive(Default)]
struct Shelf {
    states: RefCell<BTreeMap<SoundKey, FileState>>,
    wanted: RefCell<Vec<SoundKey>>,
}

impl SoundFiles for Shelf {
    fn state(&self, key: SoundKey) -> FileState {
        self.states.borrow().get(&key).cloned().unwrap_or_default()
    }

    fn want(&self, key: SoundKey) {
        self.wanted.borrow_mut().push(key);
        self.states.borrow_mut().insert(key, FileState::Coming { got_bytes: 0 });
    }

    fn open(&self, key: SoundKey) -> Option<OpenFile> {
        (self.state(key) == FileState::Here).then(|| Box::new(|| File::open(VOICE)) as OpenFile)
    }
}

fn file(number: u8) -> AttachmentId {
    AttachmentId::new(at(0), [number; 10])
}

fn key(number: u8) -> SoundKey {
    SoundKey::Attachment(file(number))
}

fn voice(number: u8) -> Message {
    let attachment =
        Some(Attachment { id: file(number), state: AttachmentState::Ready { size_bytes: 1, about: None } });
    let media = Media {
        kind: MediaKind::Audio,
        mime: None,
        caption: None,
        file_name: None,
        voice: true,
        animated: false,
        attachment,
    };
    Message { body: Body::Media(media), ..said(number.into(), int(1), number.into()) }
}

/// A desk with two voice notes in its first conversation, and all that it takes to listen to them.
struct Bench {
    desk: Desk,
    files: Shelf,
    listening: Listening<ByHand>,
    feeds: Receiver<Arc<Feed>>,
    woken: Receiver<()>,
}

impl Bench {
    fn new(here: &[u8]) -> Self {
        let mut desk = Desk::new(Settings::default(), |at| at.date_naive());
        let restored = Restored { has_token: true, ..Restored::default() };
        desk.step(Input::Restored(Box::new(restored)), at(100));
        let page = snapshot(vec![held(interaction(1), vec![voice(1), voice(2)])], 10);
        desk.step(Input::Outcome(Outcome::Polled(Ok(page))), at(100));
        let (give_feed, feeds) = channel();
        let (wake, woken) = channel();
        let waker = Arc::new(move || {
            wake.send(()).ok();
        });
        let player = Player::new(Workshop::here(), ByHand(Mutex::new(give_feed)), waker);
        let files = Shelf::default();
        files.states.borrow_mut().extend(here.iter().map(|number| (key(*number), FileState::Here)));
        Self { desk, files, listening: Listening::new(player, Speed::Normal), feeds, woken }
    }

    fn ask(&mut self, ask: PlayAsk) {
        self.listening.ask(ask, &self.files);
    }

    fn start(&mut self, number: u8) {
        self.ask(PlayAsk::Start { key: key(number), interaction: int(1), voice: true });
    }

    fn turn(&mut self) {
        self.listening.turn(&self.desk, &self.files);
    }

    /// The loudspeaker is opened and takes so many milliseconds.
    fn hear(&self, millis: usize) -> Arc<Feed> {
        let feed = self.feeds.recv().unwrap();
        take(&feed, millis * 48);
        feed
    }

    /// All that is left is heard.
    fn hear_all(&mut self, feed: &Feed) {
        take(feed, usize::MAX);
        feed.all_heard();
        self.woken.recv().unwrap();
        self.turn();
    }

    fn now(&self) -> Option<(SoundKey, i64, PlayState)> {
        let playing = self.listening.playing()?;
        Some((playing.key, playing.position.num_milliseconds(), playing.state))
    }

    fn left_at(&self, number: u8) -> i64 {
        self.listening.left_at(key(number)).num_milliseconds()
    }
}

fn take(feed: &Feed, samples: usize) {
    let mut taken = Vec::new();
    while taken.len() < samples {
        let left = samples - taken.len();
        if feed.take(&mut taken, left) == Taken::End {
            break;
        }
        std::thread::yield_now();
    }
}

#[test]
fn the_next_voice_note_follows_also_when_it_has_to_come_first() {
    let mut bench = Bench::new(&[1]);
    bench.start(1);
    let feed = bench.hear(100);
    bench.turn();
    assert_eq!(bench.now(), Some((key(1), 100, PlayState::Playing)));
    bench.hear_all(&feed);
    assert_eq!(bench.now(), Some((key(2), 0, PlayState::Coming)));
    assert_eq!(*bench.files.wanted.borrow(), [key(2)]);
    bench.turn();
    assert_eq!(bench.now(), Some((key(2), 0, PlayState::Coming)), "it is still coming");
    bench.files.states.borrow_mut().insert(key(2), FileState::Here);
    bench.turn();
    let feed = bench.hear(50);
    assert_eq!(bench.now(), Some((key(2), 50, PlayState::Playing)));
    bench.hear_all(&feed);
    assert_eq!(bench.now(), None, "nothing follows");
    assert_eq!((bench.left_at(1), bench.left_at(2)), (0, 0), "what was heard to its end begins anew");
}

#[test]
fn each_is_left_where_it_was_and_found_there() {
    let mut bench = Bench::new(&[1, 2]);
    bench.start(1);
    bench.hear(200);
    bench.start(2);
    assert_eq!(bench.left_at(1), 200);
    bench.hear(70);
    bench.ask(PlayAsk::Pause);
    assert_eq!(bench.now(), Some((key(2), 70, PlayState::Paused)));
    bench.start(1);
    bench.hear(30);
    assert_eq!(bench.now(), Some((key(1), 230, PlayState::Playing)));
    assert_eq!(bench.left_at(2), 70);
}

#[test]
fn it_goes_to_a_place_and_changes_its_speed_on_the_way() {
    let mut bench = Bench::new(&[1]);
    bench.start(1);
    bench.hear(50);
    bench.ask(PlayAsk::Seek { key: key(1), position: TimeDelta::milliseconds(300) });
    bench.hear(20);
    assert_eq!(bench.now(), Some((key(1), 320, PlayState::Playing)));
    bench.ask(PlayAsk::Speed(Speed::Double));
    bench.hear(20);
    assert_eq!(bench.now(), Some((key(1), 360, PlayState::Playing)));
    bench.ask(PlayAsk::Pause);
    bench.ask(PlayAsk::Seek { key: key(1), position: TimeDelta::milliseconds(-5) });
    assert_eq!(bench.now(), Some((key(1), 0, PlayState::Paused)), "what stands stays standing");
    bench.ask(PlayAsk::Seek { key: key(2), position: TimeDelta::milliseconds(90) });
    assert_eq!(
        (bench.left_at(2), bench.now().unwrap().0),
        (90, key(1)),
        "one that is not played begins there"
    );
}

#[test]
fn what_can_t_come_or_be_heard_ends_with_its_reason() {
    let mut bench = Bench::new(&[]);
    bench.start(1);
    bench.files.states.borrow_mut().insert(key(1), FileState::Failed { why: "no line".into() });
    bench.turn();
    assert_eq!(bench.now(), None, "the file says why");
    bench.files.states.borrow_mut().insert(key(1), FileState::Here);
    bench.start(1);
    let feed = bench.hear(40);
    feed.fail(PlayTrouble::LoudspeakerGone("unplugged".to_owned()));
    bench.woken.recv().unwrap();
    bench.turn();
    assert_eq!((bench.now(), bench.left_at(1)), (None, 40));
    let why = bench.listening.trouble(key(1)).unwrap();
    assert_eq!(&*why, "The loudspeaker is gone (unplugged). Play it again when it is back.");
    bench.start(1);
    bench.hear(10);
    assert_eq!(
        (bench.now(), bench.listening.trouble(key(1))),
        (Some((key(1), 50, PlayState::Playing)), None)
    );
}

#[test]
fn it_goes_on_in_another_conversation_and_ends_at_the_log_off() {
    let mut bench = Bench::new(&[1]);
    bench.start(1);
    let feed = bench.hear(40);
    bench.desk.step(Input::Command(Command::Activate(None)), at(100));
    bench.turn();
    assert_eq!(bench.now(), Some((key(1), 40, PlayState::Playing)));
    bench.desk.step(Input::Command(Command::SignOut), at(100));
    bench.turn();
    assert_eq!((bench.now(), bench.left_at(1)), (None, 0));
    assert_eq!(feed.take(&mut Vec::new(), 1), Taken::End, "silence");
}
