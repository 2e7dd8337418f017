//! Sound through the real decoder child, from the file to what the loudspeaker is given.

use std::{
    fs::File,
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, Sender, channel},
    },
    time::Duration,
};

use waxwing::platform::player::{Feed, Loudspeaker, Player, Stage, Taken};
use waxwing_media::{
    audio::{self, Speed},
    child::Workshop,
};

/// Hands out what it was opened with.
struct ByHand(Mutex<Sender<Arc<Feed>>>);

impl Loudspeaker for ByHand {
    type Open = ();

    fn open(&self, feed: Arc<Feed>) -> Result<(), String> {
        self.0.lock().expect("nobody panics with it").send(feed).map_err(|error| error.to_string())
    }
}

fn player() -> (Player<ByHand>, Receiver<Arc<Feed>>, Receiver<()>) {
    let (give_feed, feeds) = channel();
    let (wake, woken) = channel();
    let workshop = Workshop::of_program(env!("CARGO_BIN_EXE_waxwing").into());
    let waker = Arc::new(move || {
        wake.send(()).ok();
    });
    (Player::new(workshop, ByHand(Mutex::new(give_feed)), waker), feeds, woken)
}

fn sample(name: &str) -> File {
    File::open(format!("{}/media/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))).expect("a sample")
}

/// All that the loudspeaker gets.
fn heard(feed: &Feed) -> Vec<f32> {
    let mut samples = Vec::new();
    loop {
        match feed.take(&mut samples, 1000) {
            Taken::Samples => {}
            Taken::NotYet => std::thread::yield_now(),
            Taken::End => return samples,
        }
    }
}

#[test]
fn the_loudspeaker_is_given_what_the_child_decodes_to_the_sample() {
    let (mut player, feeds, woken) = player();
    let kinds = ["voice.ogg", "stereo.opus", "stereo_vorbis.ogg", "narrow.mp3", "stereo.aac", "chapters.m4a"];
    for name in kinds {
        for (from_ms, speed) in [(0, Speed::X1), (123, Speed::X1_5)] {
            let mut decoded = Vec::new();
            audio::play(sample(name), from_ms, speed, &mut decoded).unwrap();
            let (samples, _rest) = decoded.as_chunks::<2>();
            let expected: Vec<_> =
                samples.iter().map(|sample| f32::from(i16::from_le_bytes(*sample)) / 32768.0).collect();
            player.play(Box::new(move || Ok(sample(name))), Duration::from_millis(from_ms), speed);
            let feed = feeds.recv().unwrap();
            assert!(heard(&feed) == expected, "{name} from {from_ms} at {speed:?}");
            feed.all_heard();
            woken.recv().unwrap();
            assert!(matches!(player.heard().unwrap().stage, Stage::Ended));
        }
    }
}

#[test]
fn what_nobody_decodes_says_so_and_what_is_stopped_is_silent() {
    let (mut player, feeds, woken) = player();
    player.play(Box::new(|| Ok(sample("still.png"))), Duration::ZERO, Speed::X1);
    woken.recv().unwrap();
    let Stage::Failed(trouble) = player.heard().unwrap().stage else { panic!() };
    let words = "It can't be played: its file is not sound of a kind that Waxwing plays.";
    assert_eq!(trouble.to_string(), words);
    player.play(Box::new(|| Ok(sample("voice.ogg"))), Duration::ZERO, Speed::X1);
    let feed = feeds.recv().unwrap();
    player.stop();
    woken.recv().unwrap();
    assert_eq!(feed.take(&mut Vec::new(), 1), Taken::End);
}
