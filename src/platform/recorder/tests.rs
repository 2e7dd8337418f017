//! Recording from a microphone that is spoken into by hand; what it makes is decoded again.

use std::{
    f32::consts::TAU,
    io::Write as _,
    sync::mpsc::{Receiver, Sender, channel},
};

use waxwing_media::audio::{self, Codec, Speed};

use super::*;

/// A microphone that is opened and let go.
#[derive(Debug)]
enum Seen {
    Opened(Arc<Inbox>),
    LetGo,
}

struct ByHand {
    seen: Sender<Seen>,
    /// How often it can be opened.
    times: Mutex<u32>,
}

struct Open(Sender<Seen>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.send(Seen::LetGo).ok();
    }
}

impl Microphone for ByHand {
    type Open = Open;

    fn open(&self, inbox: Arc<Inbox>) -> Result<Open, String> {
        let mut times = self.times.lock().unwrap();
        *times = times.checked_sub(1).ok_or("it is switched off")?;
        self.seen.send(Seen::Opened(inbox)).unwrap();
        Ok(Open(self.seen.clone()))
    }
}

struct Bench {
    recorder: Recorder<ByHand>,
    seen: Receiver<Seen>,
    woken: Receiver<()>,
}

impl Bench {
    fn new(times: u32) -> Self {
        let (give_seen, seen) = channel();
        let (wake, woken) = channel();
        let microphone = ByHand { seen: give_seen, times: Mutex::new(times) };
        let recorder = Recorder::new(
            microphone,
            Arc::new(move || {
                wake.send(()).ok();
            }),
        );
        Self { recorder, seen, woken }
    }

    fn opened(&self) -> Arc<Inbox> {
        match self.seen.recv().unwrap() {
            Seen::Opened(inbox) => inbox,
            Seen::LetGo => panic!("it is let go"),
        }
    }

    fn let_go(&self) {
        assert!(matches!(self.seen.recv().unwrap(), Seen::LetGo));
    }

    /// Waits until it stands like this.
    fn until(&self, like: impl Fn(&Standing) -> bool) -> Standing {
        loop {
            let standing = self.recorder.standing();
            if like(&standing) {
                return standing;
            }
            std::thread::yield_now();
        }
    }

    fn until_long(&self, millis: u64) -> Standing {
        let long = Duration::from_millis(millis);
        self.until(|standing| matches!(standing, Standing::On { length, .. } if *length >= long))
    }
}

#[expect(clippy::cast_precision_loss, reason = "a few seconds of samples")]
fn angle(frame: u32, rate: u32) -> f32 {
    TAU * 440.0 * frame as f32 / rate as f32
}

/// So many milliseconds of 440 Hz, half as loud as it goes, in all channels.
fn sine(rate: u32, channels: u16, millis: u32) -> Block {
    let frames = rate / 1000 * millis;
    let value = |frame: u32| angle(frame, rate).sin() * 0.5;
    let samples = (0..frames).flat_map(|frame| vec![value(frame); channels.into()]).collect();
    Block { rate, channels, samples }
}

fn decoded(file: &[u8]) -> (audio::SoundAbout, Vec<f32>) {
    let mut on_disk = tempfile::tempfile().unwrap();
    on_disk.write_all(file).unwrap();
    let about = audio::about(on_disk.try_clone().unwrap()).unwrap();
    let mut bytes = Vec::new();
    audio::play(on_disk, 0, Speed::X1, &mut bytes).unwrap();
    let samples = bytes.as_chunks::<2>().0.iter();
    (about, samples.map(|sample| f32::from(i16::from_le_bytes(*sample)) / 32768.0).collect())
}

/// How much of the samples is 440 Hz, 0 to 1.
fn likeness(samples: &[f32]) -> f32 {
    let (mut sine, mut cosine, mut all) = (0.0, 0.0, 0.0);
    let mut count = 0.0;
    for (frame, sample) in (0..48_000).cycle().zip(samples) {
        let angle = angle(frame, 48_000);
        sine += sample * angle.sin();
        cosine += sample * angle.cos();
        all += sample * sample;
        count += 1.0;
    }
    (sine * sine + cosine * cosine) * 2.0 / (all * count)
}

#[test]
fn what_the_microphone_hears_is_in_the_voice_note_through_pauses_and_another_microphone() {
    let mut bench = Bench::new(2);
    bench.recorder.start();
    let first = bench.opened();
    first.hear(sine(44_100, 2, 1000));
    let Standing::On { level, paused: false, trouble: None, .. } = bench.until_long(990) else { panic!() };
    assert!((0.85..0.95).contains(&level), "half as loud as it goes is 6 of 60 decibels less: {level}");
    bench.recorder.pause();
    bench.let_go();
    let at_rest = bench.until(|standing| matches!(standing, Standing::On { paused: true, .. }));
    assert!(matches!(at_rest, Standing::On { level: 0.0, trouble: None, .. }));
    bench.recorder.resume();
    let second = bench.opened();
    second.hear(sine(16_000, 1, 1000));
    bench.recorder.finish();
    bench.let_go();
    bench.woken.recv().unwrap();
    let file = bench.recorder.finished().unwrap();
    assert_eq!(bench.recorder.finished(), None, "once");
    assert_eq!(bench.recorder.standing(), Standing::Off);
    let (about, samples) = decoded(&file);
    assert_eq!((about.codec, about.channels), (Codec::Opus, 1));
    assert!((1_995..=2_005).contains(&about.duration_ms), "{}", about.duration_ms);
    // A tenth of a second in, and not across the seam.
    for part in [4_800..43_200, 52_800..91_200] {
        let likeness = likeness(&samples[part]);
        assert!(likeness > 0.97, "{likeness}");
    }
}

#[test]
fn a_microphone_that_goes_away_loses_nothing() {
    let mut bench = Bench::new(1);
    bench.recorder.start();
    let inbox = bench.opened();
    inbox.hear(sine(48_000, 1, 500));
    inbox.gone("unplugged".to_owned());
    bench.let_go();
    bench.woken.recv().unwrap();
    let Standing::On { length, paused: true, trouble: Some(why), .. } = bench.recorder.standing() else {
        panic!()
    };
    assert_eq!((length, &*why), (Duration::from_millis(500), "unplugged"));
    bench.recorder.resume();
    bench.woken.recv().unwrap();
    let Standing::On { trouble: Some(why), .. } = bench.recorder.standing() else { panic!() };
    assert_eq!(&*why, "it is switched off", "still not there");
    bench.recorder.finish();
    bench.woken.recv().unwrap();
    assert_eq!(decoded(&bench.recorder.finished().unwrap()).0.duration_ms, 500);
}

#[test]
fn without_a_microphone_it_says_so_and_with_one_it_begins_anew() {
    let mut bench = Bench::new(0);
    bench.recorder.start();
    bench.woken.recv().unwrap();
    assert_eq!(bench.recorder.standing(), Standing::Failed("it is switched off".into()));
    *bench.recorder.microphone.times.lock().unwrap() = 1;
    bench.recorder.start();
    bench.opened();
    assert!(matches!(bench.recorder.standing(), Standing::On { .. }));
}

#[test]
fn what_is_discarded_or_silent_leaves_nothing() {
    let mut bench = Bench::new(2);
    bench.recorder.start();
    bench.opened().hear(sine(48_000, 1, 100));
    bench.recorder.discard();
    bench.let_go();
    bench.woken.recv().unwrap();
    assert_eq!((bench.recorder.standing(), bench.recorder.finished()), (Standing::Off, None));
    bench.recorder.start();
    bench.opened();
    bench.recorder.finish();
    bench.woken.recv().unwrap();
    assert_eq!((bench.recorder.standing(), bench.recorder.finished()), (Standing::Off, None));
}

#[test]
fn it_ends_by_itself_before_it_is_too_large_to_be_sent() {
    let mut bench = Bench::new(1);
    bench.recorder.most_bytes = 10_000;
    bench.recorder.start();
    let inbox = bench.opened();
    for _second in 0..60 {
        inbox.hear(sine(48_000, 1, 1000));
    }
    bench.let_go();
    bench.woken.recv().unwrap();
    let file = bench.recorder.finished().unwrap();
    let most = length_within(10_000, BITRATE);
    let long = Duration::from_millis(decoded(&file).0.duration_ms);
    assert!(file.len() >= 10_000 && long >= most, "{} bytes, {long:?}", file.len());
}

#[test]
fn loudness_is_told_as_ears_have_it() {
    let levels = [level(&[]), level(&[0.0; 100]), level(&[f32::NAN; 100]), level(&[1.0; 100])];
    assert_eq!(levels.map(|level| (level * 100.0).to_string()), ["0", "0", "0", "100"]);
    let quiet = level(&sine(48_000, 1, 100).samples.iter().map(|sample| sample / 500.0).collect::<Vec<_>>());
    assert!((0.0..0.05).contains(&quiet), "{quiet}");
}
