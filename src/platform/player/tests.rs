//! Playing into a loudspeaker that is taken from by hand: what is heard, how far it is, and what happens at the end.

use std::sync::mpsc::{Receiver, Sender, channel};

use waxwing_media::audio;

use super::*;

/// 440 Hz in the right channel, and more; a second and a half.
const STEREO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/media/tests/fixtures/stereo.opus");

/// Hands out what it was opened with.
struct ByHand(Sender<Arc<Feed>>);

impl Loudspeaker for ByHand {
    type Open = ();

    fn open(&self, feed: Arc<Feed>) -> Result<(), String> {
        self.0.send(feed).map_err(|error| error.to_string())
    }
}

struct NoLoudspeaker;

impl Loudspeaker for NoLoudspeaker {
    type Open = ();

    fn open(&self, _feed: Arc<Feed>) -> Result<(), String> {
        Err("Could not find any output device".to_owned())
    }
}

fn open() -> OpenFile {
    Box::new(|| File::open(STEREO))
}

/// A player, what its loudspeaker is opened with, and what tells of its ends.
fn player() -> (Player<ByHand>, Receiver<Arc<Feed>>, Receiver<()>) {
    let (give_feed, feeds) = channel();
    let (give_end, ends) = channel();
    let waker = Arc::new(move || {
        give_end.send(()).ok();
    });
    (Player::new(Workshop::here(), ByHand(give_feed), waker), feeds, ends)
}

/// Takes so many samples, or all there are.
fn take(feed: &Feed, count: usize) -> Vec<f32> {
    let mut samples = Vec::new();
    while samples.len() < count {
        let left = count - samples.len();
        match feed.take(&mut samples, left) {
            Taken::Samples => {}
            Taken::NotYet => std::thread::yield_now(),
            Taken::End => break,
        }
    }
    samples
}

/// What the decoder makes of the file.
fn decoded(from_ms: u64, speed: Speed) -> Vec<f32> {
    let mut bytes = Vec::new();
    audio::play(File::open(STEREO).unwrap(), from_ms, speed, &mut bytes).unwrap();
    bytes.as_chunks::<2>().0.iter().map(|sample| from_i16(*sample)).collect()
}

#[test]
fn what_is_decoded_is_heard_sample_by_sample_from_any_place_at_any_speed() {
    let (mut player, feeds, ends) = player();
    for (from_ms, speed) in [(0, Speed::X1), (300, Speed::X1), (0, Speed::X1_5), (250, Speed::X2)] {
        player.play(open(), Duration::from_millis(from_ms), speed);
        let feed = feeds.recv().unwrap();
        assert_eq!((feed.rate().get(), feed.channels().get()), (48_000, 2));
        assert_eq!(take(&feed, usize::MAX), decoded(from_ms, speed), "from {from_ms} at {speed:?}");
        assert!(!matches!(player.heard().unwrap().stage, Stage::Ended), "the last sample is not heard yet");
        feed.all_heard();
        ends.recv().unwrap();
        assert!(matches!(player.heard().unwrap().stage, Stage::Ended));
    }
}

#[test]
fn the_place_is_in_the_time_of_the_file_whatever_the_speed() {
    let (mut player, feeds, _ends) = player();
    for (speed, millis) in [(Speed::X1, 200), (Speed::X1_5, 300), (Speed::X2, 400)] {
        player.play(open(), Duration::from_millis(100), speed);
        let feed = feeds.recv().unwrap();
        assert_eq!(player.heard().unwrap().position, Duration::from_millis(100), "nothing is heard yet");
        // A fifth of a second.
        assert_eq!(take(&feed, 19_200).len(), 19_200);
        assert_eq!(player.heard().unwrap().position, Duration::from_millis(100 + millis));
        assert!(matches!(player.heard().unwrap().stage, Stage::Sounding));
    }
}

#[test]
fn what_is_played_before_falls_silent_and_its_thread_ends() {
    let (mut player, feeds, ends) = player();
    player.play(open(), Duration::ZERO, Speed::X1);
    let first = feeds.recv().unwrap();
    take(&first, 1);
    player.play(open(), Duration::ZERO, Speed::X1);
    assert_eq!(first.take(&mut Vec::new(), 1), Taken::End);
    ends.recv().unwrap();
    let second = feeds.recv().unwrap();
    take(&second, 1);
    player.stop();
    assert_eq!(second.take(&mut Vec::new(), 1), Taken::End);
    ends.recv().unwrap();
    assert!(player.heard().is_none());
}

#[test]
fn the_decoder_waits_for_the_loudspeaker() {
    let feed = Feed::new(Duration::ZERO, Speed::X1);
    let stopper = Workshop::here().play(File::open(STEREO).unwrap(), 0, Speed::X1).unwrap().stopper();
    assert!(feed.begin(48_000, 1, stopper));
    let (pushed, samples) = channel();
    std::thread::scope(|threads| {
        threads.spawn(|| {
            for number in 0..60_u16 {
                assert!(feed.push([f32::from(number); 960].into_iter()));
                pushed.send(number).unwrap();
            }
        });
        let (mut heard, mut given) = (Vec::new(), 25);
        // Half a second has room for 25 of them.
        assert_eq!(samples.iter().take(25).last(), Some(24));
        assert!(samples.try_recv().is_err(), "there is no room");
        while heard.len() < 60 * 960 {
            feed.take(&mut heard, 480);
            given += samples.try_iter().count();
            assert!(given <= heard.len() / 960 + 26, "{given} of {}", heard.len());
        }
        let given: Vec<f32> = (0..60_u16).flat_map(|number| [f32::from(number); 960]).collect();
        assert!(heard == given);
    });
}

#[test]
fn every_trouble_is_told_and_ends_it() {
    let (give_end, ends) = channel();
    let waker: Waker = Arc::new(move || {
        give_end.send(()).ok();
    });
    let told = |heard: Option<Heard>| match heard.map(|heard| heard.stage) {
        Some(Stage::Failed(trouble)) => trouble.to_string(),
        other => panic!("{other:?}"),
    };
    let mut silent = Player::new(Workshop::here(), NoLoudspeaker, Arc::clone(&waker));
    silent.play(open(), Duration::ZERO, Speed::X1);
    ends.recv().unwrap();
    let words = "No loudspeaker can be used (Could not find any output device).";
    assert_eq!(told(silent.heard()), words);
    silent.play(Box::new(|| Err(io::ErrorKind::NotFound.into())), Duration::ZERO, Speed::X1);
    ends.recv().unwrap();
    assert_eq!(told(silent.heard()), "Its file can't be read: entity not found.");
    silent.play(Box::new(|| File::open(file!())), Duration::ZERO, Speed::X1);
    ends.recv().unwrap();
    let words = "It can't be played: its file is not sound of a kind that Waxwing plays.";
    assert_eq!(told(silent.heard()), words);
}

#[test]
fn a_loudspeaker_that_is_pulled_out_ends_it_where_it_was() {
    let (mut player, feeds, ends) = player();
    player.play(open(), Duration::ZERO, Speed::X1);
    let feed = feeds.recv().unwrap();
    take(&feed, 9_600);
    feed.fail(PlayTrouble::LoudspeakerGone("unplugged".to_owned()));
    ends.recv().unwrap();
    let heard = player.heard().unwrap();
    assert_eq!(heard.position, Duration::from_millis(100));
    let Stage::Failed(trouble) = heard.stage else { panic!("{heard:?}") };
    assert_eq!(trouble.to_string(), "The loudspeaker is gone (unplugged). Play it again when it is back.");
}
